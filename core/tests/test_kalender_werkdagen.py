"""Working days: the holidays of the Algemene termijnenwet (art. 3), days of the municipality, and where a term of a law ends (art. 1)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.kalender.vrijedag import Vrijedag
from wijkwerk.kalender.vrijedagen import leg_vast, verwijder
from wijkwerk.kalender.werkdagen import (
    EERSTE_JAAR,
    LAATSTE_JAAR,
    MEESTE,
    Werkkalender,
    einde_van_wetstermijn,
    feestdagen,
    is_werkdag,
    na_werkdagen,
    werkdag_van_de_wet,
)
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

PASEN = {
    2024: date(2024, 3, 31), 2025: date(2025, 4, 20), 2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16),
    2029: date(2029, 4, 1), 2030: date(2030, 4, 21), 2031: date(2031, 4, 13), 2032: date(2032, 3, 28),
}  # fmt: skip
"""Easter Sunday, from the tables that the churches publish."""
DAGEN = st.dates(date(EERSTE_JAAR, 1, 1), date(LAATSTE_JAAR - 10, 12, 31))


def van_de_wet(jaar: int) -> set[date]:
    """Art. 3 lid 1 and 2, written down on its own: the King's birthday is kept on Saturday 26 April when the 27th is a Sunday."""
    koning = date(jaar, 4, 27)
    beweeglijk = {PASEN[jaar] + timedelta(days=n) for n in (-2, 1, 39, 50)}
    vast = {date(jaar, 1, 1), date(jaar, 5, 5), date(jaar, 12, 25), date(jaar, 12, 26)}
    return beweeglijk | vast | {koning - timedelta(days=koning.weekday() == 6)}


@pytest.mark.parametrize("jaar", sorted(PASEN))
def test_free_on_weekdays_is_what_the_law_lists_and_nothing_else(jaar: int) -> None:
    weekdagen = [dag for n in range(366) if (dag := date(jaar, 1, 1) + timedelta(days=n)).year == jaar and dag.weekday() < 5]
    assert {dag for dag in weekdagen if not werkdag_van_de_wet(dag)} == {dag for dag in van_de_wet(jaar) if dag.weekday() < 5}
    assert feestdagen(jaar) >= van_de_wet(jaar)


@pytest.mark.parametrize(
    ("laatste", "einde"),
    [
        pytest.param(date(2027, 3, 26), date(2027, 3, 30), id="Goede Vrijdag, the weekend and tweede Paasdag"),
        pytest.param(date(2027, 5, 5), date(2027, 5, 7), id="5 mei in any year, and then Hemelvaartsdag"),
        pytest.param(date(2027, 12, 25), date(2027, 12, 27), id="Christmas in a weekend"),
        pytest.param(date(2028, 2, 29), date(2028, 2, 29), id="29 February is an ordinary day"),
        pytest.param(date(2027, 12, 31), date(2027, 12, 31), id="the last day of a year"),
        pytest.param(date(2032, 1, 1), date(2032, 1, 2), id="Nieuwjaarsdag on a Thursday"),
    ],
)
def test_a_term_of_a_law_does_not_end_on_a_free_day(laatste: date, einde: date) -> None:
    assert einde_van_wetstermijn(laatste) == einde


@given(DAGEN, st.integers(0, 40), st.integers(0, 40), st.dictionaries(DAGEN, st.booleans(), max_size=5))
@settings(max_examples=150, deadline=None)
def test_counting_is_adding_and_lands_on_a_working_day(begin: date, een: int, twee: int, eigen: dict[date, bool]) -> None:
    kalender = Werkkalender(eigen)
    einde = kalender.na(begin, een + twee)
    assert kalender.na(kalender.na(begin, een), twee) == einde
    between = [begin + timedelta(days=n) for n in range(1, (einde - begin).days + 1)]
    assert sum(map(kalender.is_werkdag, between)) == een + twee
    assert einde == begin or kalender.is_werkdag(einde)
    assert (wet := einde_van_wetstermijn(begin)) >= begin
    assert werkdag_van_de_wet(wet)


@pytest.mark.parametrize("aantal", [-1, MEESTE + 1])
def test_a_number_or_a_year_that_can_not_be_is_refused(aantal: int) -> None:
    with pytest.raises(OngeldigeInvoer):
        Werkkalender({}).na(date(2027, 3, 1), aantal)
    for dag in (date.min, date(EERSTE_JAAR - 1, 12, 31), date(LAATSTE_JAAR, 12, 31), date.max):
        with pytest.raises(OngeldigeInvoer):
            Werkkalender({}).na(dag, 1)


@pytest.mark.anyio
async def test_the_municipality_s_own_days_count_and_a_neighbour_s_do_not(wijk_vlug: Wijk) -> None:
    wijk, brug, zaterdag = wijk_vlug, date(2027, 5, 7), date(2027, 5, 8)
    await wijk.schrijf("BEHEER", lambda work: leg_vast(work, brug, "Brugdag"))
    await wijk.schrijf("BEHEER", lambda work: leg_vast(work, zaterdag, "Open dag", vrij=False))
    elders = {"gemeente_id": wijk.buurgemeente, "openbaar": True}
    await wijk.wijkwerk.database.transact(lambda c: _buur(wijk, c, elders))

    def tel(reader: Any) -> tuple[date, date, bool, bool]:
        c = reader.connection
        return (
            na_werkdagen(c, wijk.gemeente, date(2027, 5, 4), 1), na_werkdagen(c, wijk.buurgemeente, date(2027, 5, 4), 1),
            is_werkdag(c, wijk.gemeente, brug), is_werkdag(c, wijk.buurgemeente, brug),
        )  # fmt: skip

    assert await wijk.lees("WIJKTEAM", tel) == (zaterdag, brug, False, True)
    with count_statements(wijk.wijkwerk.database) as seen:
        await wijk.lees("WIJKTEAM", lambda r: na_werkdagen(r.connection, wijk.gemeente, date(2027, 5, 4), 500))
    assert len([text for text in seen if "FROM vrijedag" in text]) == 1


def _buur(wijk: Wijk, connection: Any, elders: dict[str, Any]) -> None:
    wijk.put(
        connection, Organisatie, id=wijk.buurstad, naam="buurstad", soort=Organisatiesoort.GEMEENTE, verantwoordelijke_id=wijk.buurstad,
        gemeente_id=wijk.buurgemeente,
    )  # fmt: skip
    wijk.put(connection, Vrijedag, dag=date(2027, 5, 4), vrij=True, naam="Feest", verantwoordelijke_id=wijk.buurstad, **elders)


@pytest.mark.anyio
async def test_only_beheer_records_days_once_and_none_that_is_over_or_so_already(wijk_vlug: Wijk) -> None:
    wijk, vandaag = wijk_vlug, date(2027, 3, 1)
    id = await wijk.schrijf("BEHEER", lambda work: leg_vast(work, vandaag, "Storm"))
    for rol in wijk.wijkwerk.catalogue.rollen:
        if rol != "BEHEER":
            await refused(wijk, rol, GeenRecht, lambda work: leg_vast(work, date(2027, 3, 2), "Vrij"), records=[Vrijedag])
    fout: list[tuple[date, str, bool, str]] = [
        (date(2027, 2, 26), "Gisteren", True, "dag"), (date(2033, 3, 1), "Ver", True, "dag"), (vandaag, "Nog eens", True, "dag"),
        (date(2027, 3, 6), "Zaterdag", True, "dag"), (date(2027, 5, 5), "Bevrijdingsdag", True, "dag"),
        (date(2027, 3, 3), "Werkdag", False, "dag"), (date(2027, 3, 3), " ", True, "naam"), (date(2027, 3, 3), "x" * 101, True, "naam"),
        (date.max, "Nooit", True, "dag"), (date.min, "Ooit", True, "dag"),
    ]  # fmt: skip
    for dag, naam, vrij, veld in fout:
        error = await refused(wijk, "BEHEER", OngeldigeInvoer, partial(leg_vast, dag=dag, naam=naam, vrij=vrij), records=[Vrijedag])
        assert error.veld == veld
    await refused(wijk, "TEAMLEIDER", GeenRecht, lambda work: verwijder(work, id, 1), records=[Vrijedag])
    await refused(wijk, "BEHEER", VersieVerouderd, lambda work: verwijder(work, id, 2), records=[Vrijedag])
    await refused(wijk, "BEHEER", NietGevonden, lambda work: verwijder(work, nieuw_id(), 1), records=[Vrijedag])
    wijk.klok.moment += timedelta(days=1)
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: verwijder(work, id, 1), records=[Vrijedag])
    wijk.klok.moment -= timedelta(days=1)
    assert await wijk.schrijf("BEHEER", lambda work: verwijder(work, id, 1)) == vandaag
    assert await wijk.lees("BEHEER", lambda reader: reader.count(Vrijedag)) == 0


@pytest.mark.anyio
async def test_two_who_record_the_same_day_at_once_record_it_once(wijk: Wijk) -> None:
    uitslag: list[str] = []

    async def one() -> None:
        try:
            await wijk.schrijf("BEHEER", lambda work: leg_vast(work, date(2027, 3, 2), "Vrij"))
            uitslag.append("goed")
        except (OngeldigeInvoer, VersieVerouderd):
            uitslag.append("geweigerd")

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(one)
    assert sorted(uitslag) == ["geweigerd"] * 3 + ["goed"]
    assert await wijk.lees("BEHEER", lambda reader: reader.count(Vrijedag)) == 1
