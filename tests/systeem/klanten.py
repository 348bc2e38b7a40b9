"""Clients that work while a server is killed under their hands, and what must be true of their answers afterwards.

Used by the loops of test_kill.py, test_systeem_kill.py and `make soak`.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from threading import Event, Thread
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.log.tables import log_stroom
from wijkwerk.log.verify import verifieer
from wijkwerk.notities.notitie import Notitie, Notitieversie

GEDULD = 60


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
    fouten: list[Exception] = field(default_factory=list)

    def werk(self, gestopt: Event) -> None:
        """Ask one thing after another."""
        try:
            while not gestopt.is_set():
                self.alles()
        except (OSError, HTTPException):
            return  # the server is gone
        except Exception as error:
            self.fouten.append(error)

    def alles(self) -> None:
        """Each thing once."""
        self._lees()
        self._schrijf()
        self._wijzig()

    def _goed(self, antwoord: Antwoord) -> Antwoord:
        assert (antwoord.status, antwoord.codes) == (200, []), (antwoord.status, antwoord.codes)
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


def klanten(dienst: Dienst, nummers: Iterator[int], hoeveel: int) -> list[Klant]:
    """Each works on a resident of its own."""
    return [Klant(dienst.als("wijkteam"), *dienst.plek.buurt.eerste("noord", at), nummers) for at in range(hoeveel)]


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


class Telling(NamedTuple):
    """What a block of rounds came to."""

    antwoorden: int
    geschreven: int
    regels: int


def blok(plek: Plek, start: Callable[[], Dienst], seed: int, rondes: int, hoeveel: int, antwoorden: tuple[int, int]) -> Telling:
    """So many times: a server, clients, kill -9, and a look at what is left. Then what was answered is read back from a new server."""
    kans, nummers, allen = random.Random(seed), count(), list[Klant]()
    pseudoniemen, regels = plek.opslag.pseudoniemen(), 0
    for number in range(1, rondes + 1):
        dienst = start()
        nu = klanten(dienst, nummers, hoeveel)
        ronde(dienst, nu, kans.randint(*antwoorden), kans.uniform(0, 0.02))
        assert (fouten := [klant.fouten for klant in nu if klant.fouten]) == [], fouten
        allen += nu
        log = _log(plek)
        regels = len(log)
        _in_log(log, pseudoniemen, nu)
        _heel(plek, log)
        assert len(plek.opslag.rows(select(log_stroom.c.id).where(~log_stroom.c.gesloten))) >= number
    again = start()
    _bewaard(again, allen)
    again.kill()
    return Telling(sum(len(klant.gelezen) for klant in allen), sum(len(klant.geschreven) for klant in allen), regels)


def _log(plek: Plek) -> list[dict[str, Any]]:
    """The entries of the log, which verifies."""
    lines = plek.opslag.export().splitlines()
    assert verifieer(lines, plek.buurt.sleutel).bevindingen == []
    return [orjson.loads(line["body"]) for line in map(orjson.loads, lines) if line["soort"] == "regel"]


def _in_log(log: list[dict[str, Any]], pseudoniemen: dict[str, str], allen: list[Klant]) -> None:
    """Each answer names its person in the log, by pseudonym, under the trace of the answer."""
    gezien: dict[str, set[str]] = {}
    for regel in log:
        gezien.setdefault(regel.get("trace", ""), set()).update(one["ref"] for one in regel.get("betrokkenen", ()))
    for klant in allen:
        missing = [trace for trace in klant.gelezen if pseudoniemen[klant.persoon] not in gezien.get(trace, set())]
        assert missing == []


def _heel(plek: Plek, log: list[dict[str, Any]]) -> None:
    """No note without all of its versions, and one entry of the log for each change."""
    versie, notitie = Notitieversie.tabel().c, Notitie.tabel().c
    versies = Counter(row["notitie_id"] for row in plek.opslag.rows(select(versie.notitie_id)))
    rows = plek.opslag.rows(select(notitie.id, notitie.laatste, notitie.geschreven))
    assert versies == {row["id"]: row["laatste"] for row in rows}
    gelukt = Counter(regel["onderdeel"] for regel in log if regel["resultaat"] == "GESLAAGD" and regel["actie"] in "CU")
    assert sum(versies.values()) - len(rows) == gelukt["notitieCorrigeren"]
    assert len(rows) - gelukt["notitieSchrijven"] == sum(row["geschreven"] < plek.begin for row in rows)


def _bewaard(dienst: Dienst, allen: list[Klant]) -> None:
    """What was answered is there, whole, for who reads it now. A correction may be there of which the answer was lost."""
    client = dienst.als("wijkteam")
    for klant in allen:
        for id, teksten in klant.geschreven.items():
            notitie = client.data(vragen.NOTITIE, id=id)["notitie"]
            gevonden = [versie["tekst"] for versie in reversed(notitie["versies"])]
            assert gevonden[: len(teksten)] == teksten
            assert len(gevonden) == notitie["laatste"] <= 2
