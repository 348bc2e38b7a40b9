"""Every answer that reached a client is in the log, and no change that was answered is lost, whenever the process is killed.

design.md 11, invariant 2.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from threading import Event, Thread

import pytest
from sqlalchemy import select
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.log.tables import log_stroom
from wijkwerk.notities.notitie import Notitie, Notitieversie

KLANTEN, GEDULD = 4, 60
RONDES = {"sqlite": 10, "postgresql": 4}


@dataclass
class Klant:
    """A client that reads and writes until the server is gone, and remembers each answer that it got whole."""

    client: Client
    persoon: str
    dossier: str
    nummers: Iterator[int]
    gelezen: list[str] = field(default_factory=list)
    geschreven: dict[str, list[str]] = field(default_factory=dict)
    gewijzigd: list[str] = field(default_factory=list)

    def werk(self, gestopt: Event) -> None:
        """Ask one thing after another."""
        with suppress(OSError, HTTPException):
            while not gestopt.is_set():
                self._lees()
                self._schrijf()
                self._wijzig()

    def _goed(self, antwoord: Antwoord) -> Antwoord:
        assert (antwoord.status, antwoord.codes) == (200, [])
        self.gelezen.append(antwoord.trace)
        return antwoord

    def _lees(self) -> None:
        antwoord = self._goed(self.client.vraag(vragen.PERSOON, id=self.persoon))
        assert antwoord.data["persoon"]["id"] == self.persoon

    def _schrijf(self) -> None:
        tekst = f"Verslag {next(self.nummers)}"
        new = self._goed(self.client.vraag(vragen.SCHRIJVEN, dossier=self.dossier, persoon=self.persoon, tekst=tekst)).data
        made = new["notitieSchrijven"]
        self.geschreven[made["id"]] = [tekst]
        self._goed(self.client.vraag(vragen.CORRIGEREN, notitie=made["id"], versie=made["versie"], tekst=f"{tekst} beter"))
        self.geschreven[made["id"]].append(f"{tekst} beter")

    def _wijzig(self) -> None:
        versie = self._goed(self.client.vraag(vragen.PERSOON, id=self.persoon)).data["persoon"]["versie"]
        naam = f"Naam{'abcdefghij'[versie % 10]}"
        self._goed(self.client.vraag(vragen.WIJZIGEN, id=self.persoon, versie=versie, persoon={"roepnaam": naam}))
        self.gewijzigd.append(naam)


def klanten(dienst: Dienst, nummers: Iterator[int]) -> list[Klant]:
    """Each works on a resident of its own."""
    return [Klant(dienst.als("wijkteam"), *dienst.plek.buurt.eerste("noord", at), nummers) for at in range(KLANTEN)]


def ronde(dienst: Dienst, allen: list[Klant], antwoorden: int, seconden: float) -> None:
    """Let the clients work until so many answers came, and kill the server a moment later, under their hands."""
    gestopt = Event()
    threads = [Thread(target=klant.werk, args=(gestopt,)) for klant in allen]
    for thread in threads:
        thread.start()
    end = time.monotonic() + GEDULD
    while sum(len(klant.gelezen) for klant in allen) < antwoorden and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(seconden)
    dienst.kill()
    gestopt.set()
    for thread in threads:
        thread.join()


def heel(plek: Plek) -> None:
    """No note without all of its versions, and one entry of the log for each change."""
    opslag = plek.opslag
    versies = Counter(row["notitie_id"] for row in opslag.rows(select(Notitieversie.tabel())))
    laatste = {row["id"]: row["laatste"] for row in opslag.rows(select(Notitie.tabel()))}
    assert versies == laatste
    gelukt = Counter(regel["onderdeel"] for regel in opslag.log() if regel["resultaat"] == "GESLAAGD" and regel["actie"] in "CU")
    demo = len(laatste) - gelukt["notitieSchrijven"]
    assert sum(versies.values()) - len(laatste) == gelukt["notitieCorrigeren"]
    assert demo == len(opslag.rows(select(Notitie.tabel()).where(Notitie.tabel().c.geschreven < plek.begin)))


def in_log(plek: Plek, allen: list[Klant]) -> None:
    """Each answer names its person in the log, by pseudonym, under the trace of the answer."""
    pseudoniemen = plek.opslag.pseudoniemen()
    gezien: dict[str, set[str]] = {}
    for regel in plek.opslag.log():
        gezien.setdefault(regel.get("trace", ""), set()).update(one["ref"] for one in regel.get("betrokkenen", ()))
    for klant in allen:
        missing = [trace for trace in klant.gelezen if pseudoniemen[klant.persoon] not in gezien.get(trace, set())]
        assert missing == []


def bewaard(dienst: Dienst, allen: list[Klant]) -> None:
    """What was answered is there, whole, for who reads it now. A correction may be there of which the answer was lost."""
    client = dienst.als("wijkteam")
    for klant in allen:
        for id, teksten in klant.geschreven.items():
            notitie = client.data(vragen.NOTITIE, id=id)["notitie"]
            gevonden = [versie["tekst"] for versie in reversed(notitie["versies"])]
            assert gevonden[: len(teksten)] == teksten
            assert len(gevonden) == notitie["laatste"] <= 2


@pytest.mark.parametrize("engine", RONDES)
def test_killed_at_any_moment_no_answer_is_unlogged_and_no_change_is_lost(engine: str, request: pytest.FixtureRequest) -> None:
    plek: Plek = request.getfixturevalue(f"plek_{engine}")
    sleutel, kans, nummers = plek.buurt.sleutel, random.Random(7), count()
    allen: list[Klant] = []
    for number in range(1, RONDES[engine] + 1):
        dienst = plek.start()
        nu = klanten(dienst, nummers)
        ronde(dienst, nu, kans.randint(4, 40), kans.uniform(0, 0.02))
        allen += nu
        assert plek.opslag.verifieer(sleutel).goed
        assert len(plek.opslag.rows(select(log_stroom.c.id).where(~log_stroom.c.gesloten))) >= number
        in_log(plek, allen)
        heel(plek)
    with plek.dienst() as again:
        bewaard(again, allen)
        again.als("wijkteam").data(vragen.LIJST, first=5)
    assert sum(len(klant.gelezen) for klant in allen) >= 4 * RONDES[engine]
    assert sum(len(klant.geschreven) for klant in allen) >= RONDES[engine]
    assert plek.opslag.verifieer(sleutel).goed
