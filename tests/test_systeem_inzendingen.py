"""A client that got no answer sends it again under the same number: whatever broke in between, it is done once (inzendingen.py)."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Thread
from uuid import uuid4

from sqlalchemy import select
from tests.systeem import vragen
from tests.systeem.client import Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.inzendingen import inzending
from wijkwerk.notities.notitie import Notitie, Notitieversie

SCHRIJVEN = """mutation ($dossier: ID!, $persoon: ID!, $tekst: String!, $inzending: ID) {
  notitieSchrijven(dossier: $dossier, persoon: $persoon, soort: CONTACTVERSLAG, tekst: $tekst, bron: INWONER, inzending: $inzending) {
    id
  }
}"""
GEDULD, RONDES = 20, 3


@dataclass
class Wachtrij:
    """What an offline client has to send, and the answers that it got. It sends the same under the same number until it is told."""

    plek: Plek
    aantal: int
    at: int = 0
    antwoorden: dict[str, str] = field(default_factory=dict)
    inhoud: list[dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        persoon, dossier = self.plek.buurt.eerste("noord", self.at)
        case = {"persoon": persoon, "dossier": dossier}
        self.inhoud = [{**case, "tekst": f"Bezoek {self.at}.{at}", "inzending": str(uuid4())} for at in range(self.aantal)]

    def stuur(self, client: Client, kans: random.Random | None = None) -> None:
        """Send all of it, also what was answered before, until nobody answers."""
        order = list(self.inhoud)
        if kans is not None:
            kans.shuffle(order)
        with suppress(OSError, HTTPException):
            for inhoud in order:
                found = client.data(SCHRIJVEN, **inhoud)["notitieSchrijven"]["id"]
                assert self.antwoorden.setdefault(inhoud["inzending"], found) == found

    def gedaan(self) -> dict[str, str]:
        """What the database says came of it."""
        rows = self.plek.opslag.rows(select(inzending.c.nummer, inzending.c.gevolg_id))
        mine = {inhoud["inzending"] for inhoud in self.inhoud}
        return {str(row["nummer"]): str(row["gevolg_id"]) for row in rows if str(row["nummer"]) in mine}


def body(inhoud: dict[str, str]) -> bytes:
    return json.dumps({"query": SCHRIJVEN, "variables": inhoud}).encode()


def wacht(tel: Callable[[], int], aantal: int) -> None:
    """Until there are so many."""
    end = time.monotonic() + GEDULD
    while tel() < aantal:
        assert time.monotonic() < end, "there are not so many"


def precies(plek: Plek, voor: dict[str, int], rijen: list[Wachtrij]) -> None:
    """One note for each number, with one version, and each client was told the right one; the log has as many notes."""
    stand, aantal = plek.opslag.stand(), sum(len(rij.inhoud) for rij in rijen)
    assert [stand[name] - voor[name] for name in ("notitie", "notitieversie", "inzending")] == [aantal] * 3
    for rij in rijen:
        assert rij.antwoorden == rij.gedaan()
        assert len(set(rij.antwoorden.values())) == len(rij.inhoud)
    regels = [regel for regel in plek.opslag.log() if regel["onderdeel"] == "notitieSchrijven" and regel["resultaat"] == "GESLAAGD"]
    soorten = Counter((regel["actie"], regel.get("details", {}).get("inzending")) for regel in regels)
    assert soorten["C", None] == aantal
    assert set(soorten) <= {("C", None), ("R", None), ("R", "herhaald")}
    versies = {row["notitie_id"] for row in plek.opslag.rows(select(Notitieversie.tabel().c.notitie_id))}
    assert {row["id"] for row in plek.opslag.rows(select(Notitie.tabel().c.id))} <= versies
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed


def test_a_connection_that_broke_and_the_same_sent_again_is_one(plek: Plek) -> None:
    voor, rij = plek.opslag.stand(), Wachtrij(plek, 6)
    with plek.dienst() as dienst:
        client = dienst.als("wijkteam")
        for inhoud in rij.inhoud:
            client.breek_af(body(inhoud), len(body(inhoud)) // 2)
            client.breek_af(body(inhoud), len(body(inhoud)))
        rij.stuur(client)
    precies(plek, voor, [rij])


def test_a_server_that_is_killed_between_the_commit_and_the_answer_has_done_it_once(plek: Plek) -> None:
    voor, rij = plek.opslag.stand(), Wachtrij(plek, RONDES)
    for at, inhoud in enumerate(rij.inhoud):
        dienst = plek.start()
        dienst.als("wijkteam").breek_af(body(inhoud), len(body(inhoud)))  # nobody is there any more to be answered
        wacht(lambda: len(rij.gedaan()), at + 1)
        dienst.kill()
    done = rij.gedaan()
    with plek.dienst() as again:
        client = again.als("wijkteam")
        rij.stuur(client, random.Random(1))
        assert rij.antwoorden == done
        for inhoud in rij.inhoud:
            notitie = client.data(vragen.NOTITIE, id=done[inhoud["inzending"]])["notitie"]
            assert [versie["tekst"] for versie in notitie["versies"]] == [inhoud["tekst"]]
    precies(plek, voor, [rij])


def test_queues_of_offline_clients_sent_again_in_any_order_after_each_kill_leave_no_duplicates(plek: Plek) -> None:
    kans, voor, rijen = random.Random(6), plek.opslag.stand(), [Wachtrij(plek, 12, at) for at in range(3)]
    for number in range(1, RONDES + 1):
        dienst = plek.start()
        threads = [Thread(target=rij.stuur, args=(dienst.als("wijkteam"), random.Random(number))) for rij in rijen]
        for thread in threads:
            thread.start()
        wacht(lambda: sum(len(rij.antwoorden) for rij in rijen), 4 * number)
        dienst.kill()
        for thread in threads:
            thread.join()
    assert sum(len(rij.antwoorden) for rij in rijen) < sum(len(rij.inhoud) for rij in rijen)
    with plek.dienst() as again:
        for rij in (*rijen, *rijen):
            rij.stuur(again.als("wijkteam"), kans)
    precies(plek, voor, rijen)


def test_the_same_at_once_by_many_and_through_two_processes_is_one(plek: Plek) -> None:
    voor, rij = plek.opslag.stand(), Wachtrij(plek, 4)
    with ExitStack() as stack:
        first: Dienst = stack.enter_context(plek.dienst())
        diensten = [first, stack.enter_context(plek.dienst()) if plek.url.startswith("postgresql") else first]
        clients = [dienst.als("wijkteam") for dienst in diensten]
        with ThreadPoolExecutor(6) as pool:
            for inhoud in rij.inhoud:
                found = list(pool.map(lambda at, inhoud=inhoud: clients[at % 2].data(SCHRIJVEN, **inhoud), range(12)))
                [rij.antwoorden[inhoud["inzending"]]] = {one["notitieSchrijven"]["id"] for one in found}
    precies(plek, voor, [rij])
