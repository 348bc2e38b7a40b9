"""Partnerships: which of several partners gives the name, and that the residents' names follow (domain.md 1.1)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.partnerschappen import Naamgeving, Partnerband, leg_vast, naamgevend, ontbind, partnerbanden, wijzig
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum
from wijkwerk.records.types.naam import Naamgebruik
from wijkwerk.relaties import Partnerschap, Verbintenis
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
HUWELIJK: dict[str, Any] = {"soort_verbintenis": Verbintenis.HUWELIJK, "geslachtsnaam": "Djibet"}


def band(aangaan: Datum | None, ontbinding: Datum | None = None) -> Partnerband:
    return Partnerband(SimpleNamespace(datum_aangaan=aangaan, datum_ontbinding=ontbinding), None, omgekeerd=False)


@pytest.mark.parametrize(
    ("data", "zekerheid", "welke"),
    [
        ([], "GEEN_PARTNER", None), ([(None, None)], "ZEKER", 0), ([(Datum(2001), Datum(2010))], "GEEN_PARTNER", None),
        ([(Datum(2001), DATUM_ONBEKEND)], "GEEN_PARTNER", None), ([(Datum(2005), None), (Datum(2001), None)], "ZEKER", 1),
        ([(Datum(2001, 5), None), (Datum(2001, 6, 1), None)], "ZEKER", 0),
        ([(Datum(2001), None), (Datum(2001, 6), None)], "VOLGORDE_ONBEKEND", None),
        ([(Datum(2001), None), (None, None)], "VOLGORDE_ONBEKEND", None), ([(Datum(2001, 1, 1), None)] * 2, "VOLGORDE_ONBEKEND", None),
        ([(Datum(1990), Datum(2000)), (Datum(2005), None), (Datum(2003), None)], "ZEKER", 2),
        ([(Datum(1990), None), (DATUM_ONBEKEND, Datum(2000)), (Datum(2003), None)], "ZEKER", 0),
    ],
    ids=["geen", "een", "ontbonden", "ontbonden, niet bekend wanneer", "eerste gesloten", "maand", "zelfde jaar", "zonder datum",
         "zelfde dag", "ontbonden telt niet", "onbekend en ontbonden"],
)  # fmt: skip
def test_the_first_concluded_of_those_that_are_not_dissolved_gives_the_name(data: list[Any], zekerheid: str, welke: int | None) -> None:
    banden = [band(*pair) for pair in data]
    found = naamgevend(banden)
    assert found.zekerheid is Naamgeving(zekerheid)
    assert found.band is (None if welke is None else banden[welke])


DATUMS = st.one_of(
    st.none(), st.just(DATUM_ONBEKEND), st.integers(1950, 2020).map(Datum), st.builds(Datum, st.integers(1999, 2001), st.integers(1, 12))
)


@given(st.lists(st.tuples(DATUMS, st.one_of(st.none(), st.just(Datum(2021)))), max_size=4), st.randoms())
def test_the_order_in_which_they_were_recorded_makes_no_difference(data: list[Any], toeval: Any) -> None:
    banden = [band(*pair) for pair in data]
    shuffled = toeval.sample(banden, len(banden))
    assert naamgevend(shuffled) == naamgevend(banden)


async def rijen(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(Partnerschap.tabel()).order_by(Partnerschap.tabel().c.id)))


async def namen(wijk: Wijk, persoon: UUID) -> tuple[str | None, str | None, str]:
    p = Persoon.tabel()
    [row] = await wijk.rows(select(p.c.partner_voorvoegsel, p.c.partner_geslachtsnaam, p.c.aanduiding_naamgebruik).where(p.c.id == persoon))
    voorvoegsel, naam, gebruik = tuple(row)
    return voorvoegsel, naam, gebruik.value


async def gehuwd(wijk: Wijk, persoon: UUID, *, partner: UUID | None = None, rol: Any = "WIJKTEAM", **gegevens: Any) -> UUID:
    given = HUWELIJK | gegevens if partner is None else {"soort_verbintenis": Verbintenis.HUWELIJK} | gegevens
    return await wijk.schrijf(rol, lambda w: leg_vast(w, persoon, given, partner=partner))


async def test_the_name_follows_what_is_recorded_changed_and_dissolved(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(aanduiding_naamgebruik=Naamgebruik.PARTNER_NA_EIGEN)
    first = await gehuwd(wijk, persoon, voorvoegsel="van", geslachtsnaam="Velzen", datum_aangaan=Datum(2010))
    assert await namen(wijk, persoon) == ("van", "Velzen", "N")
    earlier = await gehuwd(wijk, persoon, geslachtsnaam="Molenaar", datum_aangaan=Datum(2005))
    assert await namen(wijk, persoon) == (None, "Molenaar", "N")
    await wijk.schrijf("WIJKTEAM", lambda w: ontbind(w, earlier, 1, Datum(2026)))
    assert await namen(wijk, persoon) == ("van", "Velzen", "N")
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, first, 1, {"voorvoegsel": None, "geslachtsnaam": "Vogel"}))
    assert await namen(wijk, persoon) == (None, "Vogel", "N")
    await wijk.schrijf("WIJKTEAM", lambda w: ontbind(w, first, 2, DATUM_ONBEKEND))
    assert await namen(wijk, persoon) == (None, "Vogel", "N")


async def test_a_name_that_is_not_sure_stays_as_it_is(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    await gehuwd(wijk, persoon, geslachtsnaam="Velzen", datum_aangaan=Datum(2005))
    await gehuwd(wijk, persoon, geslachtsnaam="Molenaar", datum_aangaan=Datum(2005, 3))
    await gehuwd(wijk, persoon, geslachtsnaam="Vogel")
    assert (await namen(wijk, persoon))[1] == "Velzen"


async def test_an_unknown_name_of_the_partner_leaves_only_the_own_name(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(aanduiding_naamgebruik=Naamgebruik.PARTNER)
    await gehuwd(wijk, persoon, geslachtsnaam=".")
    assert await namen(wijk, persoon) == (None, ".", "E")


async def test_partners_who_are_residents_get_each_others_names(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner("Moulin"), await wijk.inwoner("Berg", voorvoegsel="van den")
    await gehuwd(wijk, een, partner=twee)
    assert (await namen(wijk, een))[:2] == ("van den", "Berg")
    assert (await namen(wijk, twee))[:2] == (None, "Moulin")
    [found] = await wijk.lees("WIJKTEAM", lambda r: partnerbanden(r, [twee]))
    assert [(each.partner, each.omgekeerd) for each in found] == [(een, True)]
    for persoon, ander in ((een, twee), (twee, een)):
        with pytest.raises(OngeldigeInvoer):
            await gehuwd(wijk, persoon, partner=ander)
    assert len(await rijen(wijk)) == 1


async def test_a_partner_out_of_reach_is_not_named_and_the_partnership_is_not_changed(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner("Moulin"), await wijk.inwoner("Vogel")
    id = await gehuwd(wijk, een, partner=twee)
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.persoon_id == twee).values(tot=wijk.klok.moment))
    [[found]] = await wijk.lees("WIJKTEAM", lambda r: partnerbanden(r, [een]))
    assert found.partner is None
    with pytest.raises(NietGevonden):
        await wijk.schrijf("WIJKTEAM", lambda w: ontbind(w, id, 1, Datum(2026)))
    assert [(row.versie, row.datum_ontbinding) for row in await rijen(wijk)] == [(1, None)]


async def test_what_can_not_be_is_refused_and_nothing_changes(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Vogel")
    elders = await wijk.inwoner("Jansen", rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    tries: list[tuple[Any, dict[str, Any], type[WijkwerkError]]] = [
        ("WIJKTEAM", {"partner": persoon}, OngeldigeInvoer), ("WIJKTEAM", {"geslachtsnaam": None}, OngeldigeInvoer),
        ("WIJKTEAM", {"geslachtsnaam": ""}, OngeldigeInvoer), ("WIJKTEAM", {"geslachtsnaam": "x" * 201}, OngeldigeInvoer),
        ("WIJKTEAM", {"datum_aangaan": Datum(2028)}, OngeldigeInvoer), ("WIJKTEAM", {"soort_verbintenis": None}, OngeldigeInvoer),
        ("WIJKTEAM", {"datum_aangaan": Datum(2010), "datum_ontbinding": Datum(2009)}, OngeldigeInvoer),
        ("WIJKTEAM", {"persoon_id": ander}, OngeldigeInvoer), ("WIJKTEAM", {"partner": elders}, NietGevonden),
        ("WIJKTEAM", {"partner": nieuw_id()}, NietGevonden), ("TEAMLEIDER", {}, GeenRecht), ("KLANTMANAGER", {}, GeenRecht),
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), {"partner": elders}, NietGevonden),
    ]  # fmt: skip
    for rol, gegevens, error in tries:
        with pytest.raises(error):
            await gehuwd(wijk, persoon, rol=rol, **gegevens)
    assert await rijen(wijk) == []
    assert (await namen(wijk, persoon))[1] is None
    id = await gehuwd(wijk, persoon, datum_aangaan=Datum(2010))
    for versie, datum, refused in ((2, Datum(2020), VersieVerouderd), (1, Datum(2009), OngeldigeInvoer), (1, Datum(2028), OngeldigeInvoer)):
        with pytest.raises(refused):
            await wijk.schrijf("WIJKTEAM", lambda w, v=versie, d=datum: ontbind(w, id, v, d))  # type: ignore[misc] # bound per turn
    assert [(row.versie, row.datum_ontbinding) for row in await rijen(wijk)] == [(1, None)]


async def test_of_two_who_record_the_same_marriage_at_once_one_succeeds(wijk: Wijk) -> None:
    een, twee = await wijk.inwoner("Moulin"), await wijk.inwoner("Vogel")
    ended: list[str] = []

    async def record(persoon: UUID, partner: UUID) -> None:
        try:
            await gehuwd(wijk, persoon, partner=partner, datum_aangaan=Datum.van(date(2020, 2, 2)))
            ended.append("GESLAAGD")
        except WijkwerkError as error:
            ended.append(error.code)

    async with anyio.create_task_group() as group:
        group.start_soon(record, een, twee)
        group.start_soon(record, twee, een)
    assert sorted(ended) == ["GESLAAGD", "ONGELDIGE_INVOER"]
    assert ((await namen(wijk, een))[1], (await namen(wijk, twee))[1]) == ("Vogel", "Moulin")
