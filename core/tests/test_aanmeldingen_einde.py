"""A report without follow-up ends by itself after 42 days, to the second, in Dutch time (domain.md 4.1 no. 3.3.1, 4.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Afhandelreden
from wijkwerk.aanmeldingen.deuren import deuren_van
from wijkwerk.aanmeldingen.triage import breek_af, heropen, neem_in_behandeling, verwijs, wijs_af
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.betrokkenheden import staande_deuren
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import NietGevonden
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing.aanmeldingen import aanmelding_van
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.zoek import Zoekvraag, zoek

pytestmark = pytest.mark.anyio
REDEN = Afhandelreden.GEEN_CONTACT
SECONDE = timedelta(seconds=1)
BSN = Bsn.lees("999993653")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def zicht(persoon: UUID, melding: UUID) -> Callable[[Reader], tuple[int, ...]]:
    """How often a resident and the report are found: in a list, a count, by id, and by searching the name."""

    def look(r: Reader) -> tuple[int, ...]:
        return (
            len(r.page(Persoon, (), first=9).rows), r.count(Persoon), int(r.one(Persoon, (), persoon) is not None),
            len(zoek(r, Zoekvraag(naam="Moulin"), (), first=9).rows), r.count(Aanmelding), int(r.one(Aanmelding, (), melding) is not None),
        )  # fmt: skip

    return look


async def op(wijk: Wijk, moment: datetime, work: Callable[[Reader], Any]) -> Any:
    """What the team reads at this very moment."""
    return await wijk.lees(replace(wijk.actor("WIJKTEAM"), moment=moment), work)


def test_the_term_is_counted_in_days_as_the_law_writes_it() -> None:
    assert na_termijn(date(2026, 1, 31), Aanmelding.retention.termijn) == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("besloten", "vervalt", "einde"),
    [
        (datetime(2027, 3, 1, 9, tzinfo=UTC), date(2027, 4, 12), datetime(2027, 4, 12, 22, tzinfo=UTC)),
        (datetime(2028, 1, 20, 23, 30, tzinfo=UTC), date(2028, 3, 3), datetime(2028, 3, 3, 23, tzinfo=UTC)),
        (datetime(2027, 9, 19, 21, 59, tzinfo=UTC), date(2027, 10, 31), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
    ids=["over the beginning of summer time", "over a leap day, decided after midnight in Amsterdam", "on the day summer time ends"],
)
async def test_the_team_reaches_the_resident_until_the_last_day_is_over_and_not_a_second_longer(
    wijk: Wijk, besloten: datetime, vervalt: date, einde: datetime
) -> None:
    wijk.klok.moment = besloten
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    melding = await aanmelding_van(wijk, persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: breek_af(w, melding, 1, REDEN))
    row: Any = await op(wijk, besloten + SECONDE, lambda r: r.one(Aanmelding, ("vervalt_op",), melding))
    assert row.vervalt_op == vervalt
    kijk = zicht(persoon, melding)
    assert await op(wijk, einde - SECONDE, kijk) == (1,) * 6
    assert await op(wijk, einde, kijk) == (0,) * 6
    laat = replace(wijk.actor("WIJKTEAM"), moment=einde)
    await refused(wijk, laat, NietGevonden, lambda w: heropen(w, melding, 2), records=[Aanmelding, Betrokkenheid])
    await wijk.schrijf(replace(laat, moment=einde - SECONDE), lambda w: heropen(w, melding, 2))
    assert await op(wijk, einde + 50 * 24 * 3600 * SECONDE, kijk) == (1,) * 6


async def test_a_new_report_has_a_door_of_its_own_and_a_case_stands_on_its_own(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    eerste = await aanmelding_van(wijk, persoon)
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon]))
    await wijk.schrijf("WIJKTEAM", lambda w: wijs_af(w, eerste, 1, REDEN))
    opnieuw = await wijk.schrijf("WIJKTEAM", lambda w: aanmelden(w, {"geslachtsnaam": "Moulin", "bsn": BSN}))
    tweede = await aanmelding_van(wijk, persoon)
    assert (opnieuw, tweede == eerste) == (persoon, False)
    later = wijk.klok.moment + timedelta(days=43)

    def reach(r: Reader) -> tuple[bool, ...]:
        ids = ((Persoon, persoon), (Dossier, dossier), (Aanmelding, eerste), (Aanmelding, tweede))
        return tuple(r.one(record, (), id) is not None for record, id in ids)

    assert await op(wijk, wijk.klok.moment, reach) == (True, True, True, True)
    assert await op(wijk, later, reach) == (True, True, False, True)
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.bron_id == dossier).values(tot=wijk.klok.moment))
    assert await op(wijk, later, reach) == (True, False, False, True)


async def test_what_a_report_opens_can_be_worked_out_again_from_the_report_alone(wijk: Wijk) -> None:
    def gelijk(work: Work, id: UUID) -> tuple[int, bool]:
        staand = staande_deuren(work.core_connection, work.actor.gemeente, id, work.actor.moment)
        return len(staand), set(staand) == deuren_van(work, work.get(Aanmelding, id))

    async def klopt(id: UUID, aantal: int) -> None:
        assert await wijk.schrijf("WIJKTEAM", lambda w: gelijk(w, id)) == (aantal, True)

    alles = len(wijk.wijkwerk.catalogue.matrix["WMO_ONDERZOEK"])
    persoon = await wijk.inwoner()
    id = await aanmelding_van(wijk, persoon)
    await klopt(id, alles)
    steps: list[Any] = [
        lambda w: neem_in_behandeling(w, id, 1), lambda w: wijs_af(w, id, 2, REDEN), lambda w: heropen(w, id, 3),
        lambda w: verwijs(w, id, 4, REDEN, "Elders"), lambda w: heropen(w, id, 5),
    ]  # fmt: skip
    for step in steps:
        await wijk.schrijf("WIJKTEAM", step)
        await klopt(id, alles)
    b = Betrokkenheid.tabel()
    assert len(await wijk.rows(select(b.c.id).where(b.c.bron_id == id))) == 5 * alles
    await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon], aanmeldingen=[id]))
    await klopt(id, 0)
