"""Several processes on one PostgreSQL: no lost update, each sees what the other wrote, one log that verifies (design.md 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import select
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.log.tables import log_regel
from wijkwerk.personen import Persoon

POGINGEN = 150


@pytest.fixture
def twee(plek_postgresql: Plek) -> Iterator[tuple[Dienst, Dienst]]:
    """Two servers on one database."""
    with ExitStack() as stack:
        yield stack.enter_context(plek_postgresql.dienst()), stack.enter_context(plek_postgresql.dienst())


def _versie(client: Client, persoon: str) -> int:
    return int(client.data(vragen.PERSOON, id=persoon)["persoon"]["versie"])


def _wijzig(client: Client, persoon: str, huisnummer: int) -> Antwoord:
    """Each attempt writes another value, so that none is no change."""
    return client.vraag(vragen.WIJZIGEN, id=persoon, versie=_versie(client, persoon), persoon={"huisnummer": huisnummer})


def test_changes_through_both_processes_never_overwrite_each_other(twee: tuple[Dienst, Dienst]) -> None:
    plek, clients = twee[0].plek, [one.als("wijkteam") for one in twee]
    persoon, _ = plek.buurt.eerste("noord", 1)
    start = _versie(clients[0], persoon)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda at: _wijzig(clients[at % 2], persoon, 1000 + at), range(POGINGEN)))
    won = [answer for answer in answers if not answer.codes]
    assert {code for answer in answers for code in answer.codes} <= {"VERSIE_VEROUDERD"}
    assert [_versie(client, persoon) for client in clients] == [start + len(won)] * 2
    [row] = [row for row in plek.opslag.rows(select(Persoon.tabel())) if str(row["id"]) == persoon]
    assert row["huisnummer"] >= 1000
    assert len(won) >= 2
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed


def test_each_process_sees_at_once_what_the_other_wrote_and_both_are_in_the_log(twee: tuple[Dienst, Dienst]) -> None:
    plek, clients = twee[0].plek, [one.als("wijkteam") for one in twee]
    persoon, dossier = plek.buurt.eerste("noord")
    traces = []
    for at in range(6):
        writer, reader = clients[at % 2], clients[1 - at % 2]
        wrote = writer.vraag(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst=f"Verslag {at}")
        read = reader.vraag(vragen.NOTITIE, id=wrote.data["notitieSchrijven"]["id"])
        assert read.data["notitie"]["versies"][0]["tekst"] == f"Verslag {at}"
        traces += [wrote.trace, read.trace]
    pseudoniem = plek.opslag.pseudoniemen()[persoon]
    regels = [regel for regel in plek.opslag.log() if regel.get("trace") in traces]
    named = {regel["trace"] for regel in regels if pseudoniem in {one["ref"] for one in regel.get("betrokkenen", ())}}
    assert named == set(traces)
    assert len({regel["stream"] for regel in regels}) >= 4


def test_consent_withdrawn_through_one_process_is_refused_by_the_other(twee: tuple[Dienst, Dienst]) -> None:
    plek, (een, ander) = twee[0].plek, twee
    persoon, _ = plek.buurt.eerste("noord")
    assert ander.als("zorg").data(vragen.PERSOON, id=persoon)["persoon"]
    rows = een.als("wijkteam").data(vragen.TOESTEMMINGEN, id=persoon)["persoon"]["toestemmingen"]
    een.als("wijkteam").data(vragen.INTREKKEN, id=rows[0]["id"])
    assert ander.als("zorg").data(vragen.PERSOON, id=persoon) == {"persoon": None}


def test_one_process_that_is_killed_leaves_the_other_at_work(twee: tuple[Dienst, Dienst]) -> None:
    plek, (een, ander) = twee[0].plek, twee
    persoon, dossier = plek.buurt.eerste("noord", 2)
    for dienst in twee:
        dienst.als("wijkteam").data(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst="Voor de klap.")
    een.kill()
    ander.als("wijkteam").data(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst="Na de klap.")
    streams = Counter(row["stroom"] for row in plek.opslag.rows(select(log_regel.c.stroom)))
    assert len(streams) > 4
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed
