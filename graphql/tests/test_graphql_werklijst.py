"""`mijnWerk`: everything that waits for who asks, in one list, in as many statements for one line as for two hundred."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.records.session import Work
from wijkwerk.taken.maken import maak_algemene_taak, maak_taak
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ALLES = """query($n:Int=50,$na:String,$f:WerkFilter){mijnWerk(first:$n,after:$na,filter:$f){totalCount
    pageInfo{hasNextPage endCursor} edges{cursor node{id soort omschrijving wanneer moment teLaat
    persoon{geslachtsnaam} dossier{status} taak{versie soort}
    algemeneTaak{versie} aanmelding{urgentie} afspraak{soort}}}}}"""
KORT = "query($n:Int=50,$na:String){mijnWerk(first:$n,after:$na){pageInfo{hasNextPage endCursor} edges{node{id soort}}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def dag_vol(wijk: Wijk) -> tuple[UUID, UUID]:
    """A resident with a case and a report, a task, a task about nobody and an appointment, all for the user of the team."""
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    mij = Voor(wijk.WIJKTEAM, Partijsoort.GEBRUIKER)

    def work(work: Work) -> None:
        maak_taak(work, persoon, mij, kader=dossier, tekst="Bel de huisarts", uiterlijk=date(2027, 3, 4))
        maak_algemene_taak(work, Voor(wijk.team, Partijsoort.TEAM), tekst="Bestel folders")
        begin = datetime(2027, 3, 3, 13, 30, tzinfo=UTC)
        work.add(Afspraak(
            persoon_id=persoon, kader_id=dossier, met_id=wijk.WIJKTEAM, soort=Afspraaksoort.HUISBEZOEK, begin=begin,
            einde=begin + timedelta(hours=1), status=Afspraakstatus.GEPLAND,
        ))  # fmt: skip

    await wijk.schrijf("WIJKTEAM", work)
    return persoon, dossier


async def test_a_day_of_all_kinds_of_work_in_one_list(wijk: Wijk, vraag: Vrager) -> None:
    _, dossier = await dag_vol(wijk)
    wijk.klok.moment = datetime(2027, 3, 5, 9, 0, tzinfo=UTC)
    found = (await vraag.data("WIJKTEAM", ALLES))["mijnWerk"]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (4, False)
    lines = [edge["node"] for edge in found["edges"]]
    wie, open_ = {"geslachtsnaam": "Moulin"}, {"status": "OPEN"}
    niets = {"persoon": wie, "dossier": open_, "moment": None, "taak": None, "algemeneTaak": None, "aanmelding": None, "afspraak": None}
    assert [{name: value for name, value in line.items() if name != "id"} for line in lines] == [
        niets | {"soort": "NIEUWE_AANMELDING", "omschrijving": "Nieuwe aanmelding bekijken", "wanneer": "2027-03-01", "teLaat": False,
                 "moment": lines[0]["moment"], "dossier": None, "aanmelding": {"urgentie": "NORMAAL"}},
        niets | {"soort": "AFSPRAAK", "omschrijving": "Huisbezoek", "wanneer": "2027-03-03", "moment": lines[1]["moment"], "teLaat": True,
                 "afspraak": {"soort": "HUISBEZOEK"}},
        niets | {"soort": "TAAK", "omschrijving": "Bel de huisarts", "wanneer": "2027-03-04", "teLaat": True,
                 "taak": {"versie": 1, "soort": "TAAK"}},
        niets | {"soort": "ALGEMENE_TAAK", "omschrijving": "Bestel folders", "wanneer": None, "teLaat": False, "persoon": None,
                 "dossier": None, "algemeneTaak": {"versie": 1}},
    ]  # fmt: skip
    assert lines[1]["moment"].startswith("2027-03-03T13:30")
    few = await vraag.data("WIJKTEAM", ALLES, f={"bronnen": ["TAAK", "AFSPRAAK"], "voor": "2027-03-03", "kader": str(dossier)})
    assert [edge["node"]["soort"] for edge in few["mijnWerk"]["edges"]] == ["AFSPRAAK"]


async def test_pages_follow_each_other_and_a_cursor_is_of_who_got_it(wijk: Wijk, vraag: Vrager) -> None:
    await dag_vol(wijk)
    whole = [edge["node"] for edge in (await vraag.data("WIJKTEAM", KORT))["mijnWerk"]["edges"]]
    found: list[Any] = []
    na, meer = None, True
    while meer:
        page = (await vraag.data("WIJKTEAM", KORT, n=1, na=na))["mijnWerk"]
        found += [edge["node"] for edge in page["edges"]]
        na, meer = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert found == whole
    assert codes(await vraag("REGISSEUR", KORT, na=na)) == codes(await vraag("WIJKTEAM", KORT, na="x")) == ["CURSOR_ONGELDIG"]
    for bad in ({"bronnen": ["NIETS"]}, {"bronnen": None}, {"voor": "9999-01-01"}):
        assert codes(await vraag("WIJKTEAM", ALLES, f=bad)) == ["ONGELDIGE_INVOER"], bad
    for size in (0, 201):
        assert codes(await vraag("WIJKTEAM", KORT, n=size)) == ["ONGELDIGE_INVOER"]
    assert set(codes(await vraag("BEHEER", KORT))) == {"GEEN_RECHT"}


async def test_as_many_statements_for_one_line_as_for_two_hundred(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await dag_vol(wijk)
    few = await statements(wijk, vraag, ALLES.replace("totalCount", ""), 4)
    kort = await statements(wijk, vraag, KORT, 4)
    bronnen = len(wijk.wijkwerk.catalogue.werkbronnen)

    def fill(connection: Connection) -> None:
        for number in range(210):
            wijk.put(
                connection, Taak, persoon_id=persoon, kader_id=dossier, soort="TAAK", categorie_code=PLAN_EN_DOELEN.code, niveau_vanaf=4,
                voor_id=wijk.team, voor_soort=Partijsoort.TEAM, voor_rol="", status=Taakstatus.OPEN, gemaakt_op=BEGIN,
                uiterlijk=date(2027, 3, 1 + number % 7) if number % 2 else None,
            )  # fmt: skip

    await wijk.wijkwerk.database.transact(fill)
    assert await statements(wijk, vraag, ALLES.replace("totalCount", ""), 200) == few
    assert await statements(wijk, vraag, KORT, 200) == kort
    # persons, cases, and the records of the four kinds of lines; the key of what is sealed was in the cache
    assert few - kort == 6
    onlyone = "query($n:Int){mijnWerk(first:$n,filter:{bronnen:[TAAK]}){pageInfo{hasNextPage endCursor} edges{node{id soort}}}}".replace(
        "[TAAK]", '["TAAK"]'
    )
    assert kort - await statements(wijk, vraag, onlyone, 200) == bronnen - 1


async def statements(wijk: Wijk, vraag: Vrager, text: str, lines: int) -> int:
    """How many it takes, once what can be remembered is."""
    actor = wijk.actor("WIJKTEAM")
    await vraag.data(actor, text, n=200)
    with count_statements(wijk.wijkwerk.database) as seen:
        found = await vraag.data(actor, text, n=200)
    assert len(found["mijnWerk"]["edges"]) == lines
    return len(seen)


async def test_only_what_was_asked_is_in_the_log(wijk: Wijk, vraag: Vrager) -> None:
    await dag_vol(wijk)
    await vraag.data("WIJKTEAM", KORT)
    [kort] = [entry for entry in await wijk.log() if entry["onderdeel"] == "mijnWerk"]
    assert {shown[0] for shown in kort["betrokkenen"][0]["getoond"]} == {"Taak", "Aanmelding", "Afspraak"}
    assert "tekst" not in str(kort)
    await vraag.data("WIJKTEAM", ALLES)
    alles = [entry for entry in await wijk.log() if entry["onderdeel"] == "mijnWerk"][-1]
    assert {shown[0] for shown in alles["betrokkenen"][0]["getoond"]} >= {"Taak", "Persoon", "Dossier"}
    assert "huisarts" not in str(alles)
    assert len(await wijk.rows(select(Dossier.tabel()))) == 1
