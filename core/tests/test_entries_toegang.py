"""An entry says what let somebody in, from when until when, and by which way (domain.md 3.3): looked up once, or there is no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.dossiers.dossier import Dossier, Statusreden
from wijkwerk.dossiers.status import sluit
from wijkwerk.entries import toegang
from wijkwerk.errors import LogNietBeschikbaar, NietGevonden, OngeldigeInvoer
from wijkwerk.jobs.draaien import draai
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.dossiers import doe
from wijkwerk.testing.verwijzingen import toestemming
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.verlopen import VERLOPEN

pytestmark = pytest.mark.anyio
EERDER = timedelta(seconds=2)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def genoemd(regel: dict[str, Any]) -> list[str]:
    """The doors that stand with what was shown, each once."""
    return sorted({deur for each in regel.get("betrokkenen", []) for _, _, _, deuren in each["getoond"] for deur in deuren})


async def als_in_de_tabel(wijk: Wijk) -> dict[str, list[str | None]]:
    """Each betrokkenheid as an entry would have it."""
    b = Betrokkenheid.tabel().c
    rows = await wijk.rows(select(b.id, b.bron, b.bron_id, b.grondslag, b.toestemming_id))
    return {r.id.hex: [r.id.hex, r.bron, r.bron_id.hex, r.grondslag, r.toestemming_id and r.toestemming_id.hex] for r in rows}


async def test_every_entry_says_of_each_door_that_it_names_what_made_it_on_which_ground_and_with_which_consent(wijk: Wijk) -> None:
    """From a report to a closed case: also what a unit of work itself makes or ends."""
    personen = [await wijk.inwoner(f"Jansen{letter}", geboortedatum=Datum(1956, 11, 2)) for letter in "ab"]
    dossier = await wijk.dossier(*personen)
    gegeven = await toestemming(wijk, dossier, personen[0])
    for rol in ("WIJKTEAM", "REGISSEUR", "ZORG"):
        await wijk.lees(rol, lambda r: r.page(Persoon, ("geslachtsnaam", "straat"), order=("sorteernaam",), first=5))
    await doe(wijk, "REGISSEUR", sluit, dossier, Statusreden.AFGEROND)
    bekend, log = await als_in_de_tabel(wijk), await wijk.log()
    for regel in log:
        assert regel.get("toegang", []) == [bekend[deur] for deur in genoemd(regel)]
    van_zorg = [regel for regel in log if regel["rollen"] == ["ZORG"] and regel["gebeurtenis"] == "LEZEN"]
    assert {(bron, consent) for regel in van_zorg for _, bron, _, _, consent in regel["toegang"]} == {("TOESTEMMING", gegeven.hex)}
    assert any(regel["toegang"] for regel in log if regel["gebeurtenis"] == "WIJZIGEN")


async def test_it_is_one_statement_for_any_number_and_none_when_nobody_was_shown(wijk: Wijk) -> None:
    counts = []
    for aantal in (1, 30):
        for _ in range(aantal):
            await wijk.inwoner()
        with count_statements(wijk.wijkwerk.database) as statements:
            await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, ("geslachtsnaam", "straat"), first=50))
        counts.append((len(statements), sum("FROM betrokkenheid" in each and "grondslag" in each for each in statements)))
    assert counts[0] == counts[1]
    assert counts[0][1] == 1
    assert len((await wijk.log())[-1]["toegang"]) == 31 * 2
    with count_statements(wijk.wijkwerk.database) as statements:
        await wijk.lees("WIJKTEAM", lambda r: (r.count(Persoon), r.one(Persoon, (), nieuw_id())))
    assert not [each for each in statements if "grondslag" in each]
    assert "toegang" not in (await wijk.log())[-1]


async def test_a_door_that_is_not_there_is_no_answer_and_no_change(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin")
    before = await rows_of(wijk, (Persoon, Betrokkenheid)), len(await wijk.log())

    def lees(reader: Reader) -> Any:
        reader.shown.add(persoon, "Persoon", ("IDENTITEIT",), ("roepnaam",), (nieuw_id(),))
        return reader.one(Persoon, ("geslachtsnaam",), persoon)

    def schrijf(work: Work) -> None:
        lees(work.reader)
        work.get(Persoon, persoon).geslachtsnaam = "Jansen"

    with pytest.raises(LogNietBeschikbaar):
        await wijk.lees("WIJKTEAM", lees)
    with pytest.raises(LogNietBeschikbaar):
        await wijk.schrijf("WIJKTEAM", schrijf)
    assert (await rows_of(wijk, (Persoon, Betrokkenheid)), len(await wijk.log()) - 2) == before
    assert [regel["resultaat"] for regel in (await wijk.log())[-2:]] == ["FOUT", "FOUT"]


async def test_a_door_of_another_municipality_is_not_there(wijk: Wijk) -> None:
    await wijk.inwoner()
    deuren = [UUID(hex=id) for id in await als_in_de_tabel(wijk)]
    actor = wijk.actor("WIJKTEAM")
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        assert len(await snapshot.run(lambda c: toegang(c, actor, deuren))) == len(deuren) > 0
        with pytest.raises(LogNietBeschikbaar):
            await snapshot.run(lambda c: toegang(c, replace(actor, gemeente=wijk.buurgemeente), deuren))


async def test_an_entry_says_until_when_it_took(wijk: Wijk) -> None:
    """Of what went well, what was refused and what failed."""
    persoon = await wijk.inwoner()

    def later(of_it: Reader | Work) -> None:
        wijk.klok.moment += EERDER

    def weigert(of_it: Reader | Work) -> None:
        later(of_it)
        raise OngeldigeInvoer("Kies een ander veld.")

    def breekt(work: Work) -> None:
        later(work)
        work.get(Dossier, persoon)

    await wijk.lees("WIJKTEAM", later)
    await wijk.schrijf("WIJKTEAM", later)
    with pytest.raises(OngeldigeInvoer):
        await wijk.lees("WIJKTEAM", weigert)
    with pytest.raises(NietGevonden):
        await wijk.schrijf("WIJKTEAM", breekt)
    regels = (await wijk.log())[-4:]
    assert [regel["resultaat"] for regel in regels] == ["GESLAAGD", "GESLAAGD", "GEWEIGERD", "GEWEIGERD"]
    assert {datetime.fromisoformat(regel["einde"]) - datetime.fromisoformat(regel["tijdstip"]) for regel in regels} == {EERDER}


async def test_what_a_command_does_is_said_to_come_from_the_command_line_under_a_trace_of_its_own(wijk: Wijk) -> None:
    await draai(wijk.wijkwerk, VERLOPEN, wijk.gemeente, "2027-02-28")
    regels = [regel for regel in await wijk.log() if regel.get("rollen") == ["JOBS"] or regel["onderdeel"] == "systeemgebruiker"]
    assert len(regels) > 2
    assert {regel["details"]["kanaal"] for regel in regels} == {"opdrachtregel"}
    traces = [(len(regel["trace"]), len(regel["span"])) for regel in regels if "activiteit" in regel and "trace" in regel]
    assert set(traces) == {(32, 16)}
    await wijk.inwoner()
    assert "kanaal" not in (await wijk.log())[-1].get("details", {})
