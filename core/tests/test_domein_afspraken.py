"""Appointments: who makes one with whom, who sees what of it, when it can be, and what may become of it (domain.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.afspraken.afloop import gehouden, niet_verschenen
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus, Afzegger
from wijkwerk.afspraken.plannen import LANGST, VERST, Vastgelegd, maak, wijzig, zeg_af
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.klok import AMSTERDAM
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.history import Wijziging
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing import weigering
from wijkwerk.testing.wijk import BEGIN, OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
refused = partial(weigering.refused, records=(Afspraak, Wijziging))
UUR = timedelta(hours=1)
MORGEN = BEGIN + timedelta(days=1)
GEGEVENS: dict[str, Any] = {"soort": Afspraaksoort.HUISBEZOEK, "begin": MORGEN, "einde": MORGEN + UUR}
GEHEIM: dict[str, Any] = {"plaats": "Buurthuis De Kom", "onderwerp": "Schulden"}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def plan(wijk: Wijk, persoon: UUID, rol: Any = "WIJKTEAM", kader: UUID | None = None, **rest: Any) -> Vastgelegd:
    return await wijk.schrijf(rol, lambda work: maak(work, persoon, GEGEVENS | rest, kader=kader))


async def rij(wijk: Wijk, id: UUID) -> Any:
    a = Afspraak.tabel()
    [found] = await wijk.rows(select(a).where(a.c.id == id))
    return found


async def gezien(wijk: Wijk, rol: Any, id: UUID) -> Any:
    velden = ("begin", "soort", "met_id", "kader_id", "status", "plaats", "onderwerp", "uitkomst")
    return await wijk.lees(rol, lambda reader: reader.one(Afspraak, velden, id))


async def test_an_appointment_is_with_who_makes_it_in_the_case_that_shows_the_resident(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    melding = await plan(wijk, persoon)
    dossier = await wijk.dossier(persoon)
    van_regisseur = await plan(wijk, persoon, "REGISSEUR", begin=MORGEN + 2 * UUR, einde=MORGEN + 3 * UUR)
    in_dossier = await plan(wijk, persoon, kader=dossier, met_id=wijk.REGISSEUR, **GEHEIM)
    rijen = [await rij(wijk, een.id) for een in (melding, van_regisseur, in_dossier)]
    assert [row.met_id for row in rijen] == [wijk.WIJKTEAM, wijk.REGISSEUR, wijk.REGISSEUR]
    assert [row.kader_id == dossier for row in rijen] == [False, True, True]
    assert {(row.status, row.status_op, row.verantwoordelijke_id) for row in rijen} == {(Afspraakstatus.GEPLAND, None, wijk.stad)}
    assert b"Schulden" not in rijen[2].onderwerp
    assert b"De Kom" not in rijen[2].plaats
    seen = await gezien(wijk, "WIJKTEAM", in_dossier.id)
    assert (seen.plaats, seen.onderwerp, seen.begin) == ("Buurthuis De Kom", "Schulden", MORGEN)


async def test_who_is_let_in_to_the_planning_sees_when_and_not_where_or_what_about(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    id = (await plan(wijk, persoon, kader=dossier, **GEHEIM)).id
    elders = (await plan(wijk, persoon)).id
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda work: koppel(work, dossier, persoon, dock, "WMO_ALG_VOORZIENING", ["PLANNING"]))
    with pytest.raises(GeenRecht):
        await gezien(wijk, "DOCK", id)
    anders = wijk.actor("DOCK")
    anders = replace(anders, rechten=anders.rechten | {Afspraak.lezen.naam})  # a municipality that gives partners this right
    seen = await gezien(wijk, anders, id)
    assert (seen.begin, seen.soort, seen.plaats, seen.onderwerp, seen.uitkomst) == (MORGEN, Afspraaksoort.HUISBEZOEK, None, None, None)
    assert await gezien(wijk, anders, elders) is None
    leider = await gezien(wijk, "TEAMLEIDER", id)
    assert (leider.plaats, leider.onderwerp) == ("Buurthuis De Kom", None)
    ander = wijk.actor("WIJKTEAM", gebruiker=wijk.CRISISDIENST, team=wijk.ander_team)
    assert await gezien(wijk, ander, id) is None


def zonder(*namen: str) -> dict[str, Any]:
    return {name: value for name, value in GEGEVENS.items() if name not in namen}


FOUT: dict[str, tuple[str, dict[str, Any]]] = {
    "no kind": ("soort", zonder("soort")),
    "no beginning": ("begin", zonder("begin")),
    "an end that is null": ("einde", GEGEVENS | {"einde": None}),
    "yesterday": ("begin", GEGEVENS | {"begin": BEGIN - timedelta(days=1), "einde": BEGIN - timedelta(hours=23)}),
    "a moment before today in Amsterdam": (
        "begin", GEGEVENS | {"begin": datetime(2027, 2, 28, 22, 59, tzinfo=UTC), "einde": datetime(2027, 3, 1, tzinfo=UTC)},
    ),
    "too far ahead": ("begin", GEGEVENS | {"begin": BEGIN + VERST, "einde": BEGIN + VERST + UUR}),
    "the end of time": ("begin", GEGEVENS | {"begin": datetime.max.replace(tzinfo=UTC)}),
    "ends when it begins": ("einde", GEGEVENS | {"einde": MORGEN}),
    "ends before it begins": ("einde", GEGEVENS | {"einde": MORGEN - UUR}),
    "longer than a day": ("einde", GEGEVENS | {"einde": MORGEN + LANGST + timedelta(microseconds=1)}),
    "a place without words": ("plaats", GEGEVENS | {"plaats": " "}),
    "a huge subject": ("onderwerp", GEGEVENS | {"onderwerp": "x" * 1_000_000}),
    "a field that nobody gives": ("status", GEGEVENS | {"status": Afspraakstatus.GEHOUDEN}),
    "somebody who is no user": ("met_id", GEGEVENS | {"met_id": nieuw_id()}),
}  # fmt: skip


@OP_SQLITE
@pytest.mark.parametrize("fout", sorted(FOUT))
async def test_what_can_not_be_an_appointment_is_refused_and_nothing_happened(wijk: Wijk, fout: str) -> None:
    persoon = await wijk.inwoner()
    veld, gegevens = FOUT[fout]
    error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: maak(work, persoon, gegevens))
    assert error.veld == veld
    assert "x" * 100 not in error.melding


async def test_nobody_makes_one_for_whom_the_resident_or_the_case_is_out_of_reach(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    elders = await wijk.dossier(ander)
    vreemde = wijk.actor("WIJKTEAM", gebruiker=wijk.CRISISDIENST, team=wijk.ander_team)
    wie: list[tuple[Any, type[Any], Callable[[Work], Any]]] = [
        (vreemde, NietGevonden, lambda work: maak(work, persoon, GEGEVENS)),
        ("WIJKTEAM", NietGevonden, lambda work: maak(work, nieuw_id(), GEGEVENS)),
        ("WIJKTEAM", NietGevonden, lambda work: maak(work, persoon, GEGEVENS, kader=elders)),
        ("WIJKTEAM", NietGevonden, lambda work: maak(work, persoon, GEGEVENS, kader=nieuw_id())),
    ]
    mag = {"WIJKTEAM", "REGISSEUR"}
    wie += [(rol, GeenRecht, lambda work: maak(work, persoon, GEGEVENS)) for rol in wijk.wijkwerk.catalogue.rollen if rol not in mag]
    for rol, kind, unit in wie:
        await refused(wijk, rol, kind, unit)


async def test_a_colleague_must_work_here_today_and_see_the_resident_in_that_case(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    assert (await plan(wijk, persoon, kader=dossier, met_id=wijk.REGISSEUR)).overlapt == ()
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.TEAMLEIDER).values(team_id=wijk.ander_team))
    for met in (wijk.TEAMLEIDER, wijk.BEHEER, wijk.DOCK, wijk.CRISISDIENST, nieuw_id()):
        gegevens = GEGEVENS | {"met_id": met}
        error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work, g=gegevens: maak(work, persoon, g, kader=dossier))  # type: ignore[misc]
        assert error.veld == "met_id"
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.REGISSEUR).values(tot=BEGIN.date() - timedelta(days=1)))
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: maak(work, persoon, GEGEVENS | {"met_id": wijk.REGISSEUR}))


GEBEURTENISSEN: dict[str, Callable[[Work, UUID, int], Any]] = {
    "wijzig": lambda work, id, versie: wijzig(work, id, versie, {"soort": Afspraaksoort.TELEFOON}),
    "zeg_af": lambda work, id, versie: zeg_af(work, id, versie, Afzegger.INWONER, "Ziek"),
    "gehouden": lambda work, id, versie: gehouden(work, id, versie, "Plan gemaakt"),
    "niet_verschenen": lambda work, id, versie: niet_verschenen(work, id, versie),
}
STATUS = {"zeg_af": Afspraakstatus.AFGEZEGD, "gehouden": Afspraakstatus.GEHOUDEN, "niet_verschenen": Afspraakstatus.NIET_VERSCHENEN}


@pytest.mark.parametrize(("eerst", "begonnen"), sorted(product(GEBEURTENISSEN, (False, True))))
async def test_only_what_is_planned_changes_and_an_outcome_comes_after_the_beginning(wijk: Wijk, eerst: str, begonnen: bool) -> None:
    persoon = await wijk.inwoner()
    id = (await plan(wijk, persoon)).id
    if begonnen:
        wijk.klok.moment = MORGEN
    mag = {"wijzig": not begonnen, "zeg_af": True}.get(eerst, begonnen)
    unit = GEBEURTENISSEN[eerst]
    for rol, kind in (("TEAMLEIDER", GeenRecht), (wijk.actor("WIJKTEAM", gebruiker=nieuw_id(), team=wijk.ander_team), NietGevonden)):
        if mag:
            await refused(wijk, rol, kind, lambda work: unit(work, id, 1))
    if not mag:
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: unit(work, id, 1))
        return
    await refused(wijk, "WIJKTEAM", VersieVerouderd, lambda work: unit(work, id, 2))
    await wijk.schrijf("WIJKTEAM", lambda work: unit(work, id, 1))
    row = await rij(wijk, id)
    assert (row.status, row.versie) == (STATUS.get(eerst, Afspraakstatus.GEPLAND), 2)
    assert (row.status_op is None) is (eerst == "wijzig")
    assert (row.afgezegd_door is Afzegger.INWONER) is (eerst == "zeg_af")
    for volgende in GEBEURTENISSEN.values() if eerst != "wijzig" else ():
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work, v=volgende: v(work, id, 2))  # type: ignore[misc]


async def test_calling_off_needs_a_reason_and_a_change_keeps_to_the_rules_of_making(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    id = (await plan(wijk, persoon, **GEHEIM)).id
    for reden in ("", " ", "x" * 5000, "nul\x00"):
        error = await refused(
            wijk,
            "WIJKTEAM",
            OngeldigeInvoer,
            lambda work, r=reden: zeg_af(work, id, 1, Afzegger.ANDERS, r),  # type: ignore[misc]
        )
        assert error.veld == "reden"
    fout: list[tuple[str, dict[str, Any]]] = [
        ("einde", {"begin": MORGEN + 2 * UUR}), ("begin", {"begin": BEGIN - timedelta(days=1)}), ("soort", {"soort": None}),
        ("met_id", {"met_id": wijk.BEHEER}), ("met_id", {"met_id": None}), ("kader_id", {"kader_id": nieuw_id()}),
    ]  # fmt: skip
    for veld, gegevens in fout:
        error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work, g=gegevens: wijzig(work, id, 1, g))  # type: ignore[misc]
        assert error.veld == veld
    nieuw = {"begin": MORGEN + UUR, "einde": MORGEN + 2 * UUR, "plaats": None, "onderwerp": "Post"}
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, id, 1, nieuw))
    seen = await gezien(wijk, "WIJKTEAM", id)
    assert (seen.begin, seen.plaats, seen.onderwerp) == (MORGEN + UUR, None, "Post")


async def test_another_appointment_at_that_time_is_told_and_not_refused(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    eerste = (await plan(wijk, persoon)).id
    tijden: dict[str, Any] = {"begin": MORGEN + UUR / 2, "einde": MORGEN + 2 * UUR}
    assert (await plan(wijk, ander, **tijden)).overlapt == (eerste,)
    assert (await plan(wijk, ander, begin=MORGEN - UUR, einde=MORGEN)).overlapt == ()
    later = await plan(wijk, ander, begin=MORGEN + 5 * UUR, einde=MORGEN + 6 * UUR)
    assert later.overlapt == ()
    verzet = await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, later.id, 1, {"begin": MORGEN, "einde": MORGEN + UUR / 4}))
    assert verzet.overlapt == (eerste,)
    await wijk.schrijf("WIJKTEAM", lambda work: zeg_af(work, eerste, 1, Afzegger.MEDEWERKER, "Ziek"))
    nachtdienst = await plan(wijk, persoon, begin=MORGEN + LANGST, einde=MORGEN + LANGST + UUR)
    assert nachtdienst.overlapt == ()


async def test_when_the_clocks_change_an_appointment_lasts_as_long_as_time_passes(wijk: Wijk) -> None:
    """On 31 October 2027 it is half past two twice; on 28 March it never is."""
    persoon = await wijk.inwoner()
    toen = datetime(2027, 10, 31, 2, 30, tzinfo=AMSTERDAM)
    dubbel = await plan(wijk, persoon, begin=toen, einde=toen.replace(fold=1))
    row = await rij(wijk, dubbel.id)
    assert row.einde - row.begin == UUR
    assert row.begin == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    etmaal = {"begin": datetime(2027, 10, 31, tzinfo=AMSTERDAM), "einde": datetime(2027, 11, 1, tzinfo=AMSTERDAM)}
    error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: maak(work, persoon, GEGEVENS | etmaal))
    assert error.veld == "einde"  # that day has 25 hours
    lente: dict[str, Any] = {"begin": datetime(2027, 3, 28, tzinfo=AMSTERDAM), "einde": datetime(2027, 3, 29, 1, 0, tzinfo=AMSTERDAM)}
    korter = await rij(wijk, (await plan(wijk, persoon, **lente)).id)
    assert korter.einde - korter.begin == LANGST
