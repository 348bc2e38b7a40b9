"""Relations: recorded once, read from both sides, nobody own family, no contradictions, hidden with who is out of reach (domain.md 1.9)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import insert, select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import OMGEKEERD, Relatie, Relatiesoort, banden, beeindig, leg_vast, wijzig
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
OUDER, KIND = Relatiesoort.OUDER, Relatiesoort.KIND
VANDAAG = date(2027, 3, 1)


async def rijen(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(Relatie.tabel()).order_by(Relatie.tabel().c.id)))


async def relatie(wijk: Wijk, persoon: UUID, ander: UUID, soort: Relatiesoort = OUDER, *, rol: Any = "WIJKTEAM", **rest: Any) -> UUID:
    return await wijk.schrijf(rol, lambda w: leg_vast(w, persoon, ander, soort, **rest))


async def gezien(wijk: Wijk, persoon: UUID, rol: Any = "WIJKTEAM") -> list[tuple[UUID | None, str]]:
    [found] = await wijk.lees(rol, lambda r: banden(r, [persoon]))
    return [(band.ander, band.soort.value) for band in found]


def test_the_inverse_of_the_inverse_is_the_relation_itself() -> None:
    assert set(OMGEKEERD) == set(Relatiesoort)
    assert all(OMGEKEERD[OMGEKEERD[soort]] is soort for soort in Relatiesoort)
    same = {soort.value for soort in Relatiesoort if OMGEKEERD[soort] is soort}
    assert same == {"BROER_OF_ZUS", "OVERIG_FAMILIELID", "BEKENDE"}


@pytest.mark.parametrize("soort", Relatiesoort)
async def test_every_relation_is_stored_once_and_read_from_both_sides(wijk_vlug: Wijk, soort: Relatiesoort) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    await relatie(wijk, een, twee, soort)
    assert await gezien(wijk, een) == [(twee, soort.value)]
    assert await gezien(wijk, twee) == [(een, OMGEKEERD[soort].value)]
    assert len(await rijen(wijk)) == 1
    for persoon, ander, again in ((een, twee, soort), (twee, een, OMGEKEERD[soort])):
        with pytest.raises(OngeldigeInvoer):
            await relatie(wijk, persoon, ander, again)
    assert len(await rijen(wijk)) == 1


async def test_nobody_is_own_family(wijk_vlug: Wijk) -> None:
    persoon = await wijk_vlug.inwoner()
    with pytest.raises(OngeldigeInvoer):
        await relatie(wijk_vlug, persoon, persoon, Relatiesoort.BROER_OF_ZUS)
    assert await rijen(wijk_vlug) == []


BOVEN = (OUDER, Relatiesoort.GROOTOUDER, Relatiesoort.VOOGD, Relatiesoort.PLEEGOUDER)


@OP_SQLITE
@pytest.mark.parametrize(("eerst", "dan"), list(product(BOVEN, BOVEN)), ids=[f"{a}-{b}" for a, b in product(BOVEN, BOVEN)])
async def test_a_contradiction_is_refused_from_either_side(wijk_vlug: Wijk, eerst: Relatiesoort, dan: Relatiesoort) -> None:
    wijk = wijk_vlug
    kind, ouder = await wijk.inwoner(), await wijk.inwoner("Vogel")
    await relatie(wijk, kind, ouder, eerst)
    for persoon, ander, soort in ((ouder, kind, dan), (kind, ouder, OMGEKEERD[dan])):
        with pytest.raises(OngeldigeInvoer):
            await relatie(wijk, persoon, ander, soort)
    assert len(await rijen(wijk)) == 1


async def test_what_was_ended_contradicts_nothing_and_what_is_wrong_can_be_turned(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    id = await relatie(wijk, een, twee, Relatiesoort.PLEEGOUDER, van=date(2000, 1, 1))
    await wijk.schrijf("WIJKTEAM", lambda w: beeindig(w, id, 1, date(2010, 1, 1)))
    other = await relatie(wijk, twee, een, Relatiesoort.VOOGD, van=date(2026, 1, 1))
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, other, 1, {"soort": Relatiesoort.PUPIL}))
    assert sorted(soort for _, soort in await gezien(wijk, een)) == ["PLEEGOUDER", "VOOGD"]
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, id, 2, {"soort": KIND, "tot": None}))
    assert [(row.soort, row.versie) for row in await rijen(wijk)] == [("PLEEGOUDER", 2), ("PUPIL", 2)]


@OP_SQLITE
@pytest.mark.parametrize(
    ("kind", "ouder", "mag"),
    [
        (Datum(2000, 1, 1), Datum(2000, 1, 1), False), (Datum(2000, 1, 1), Datum(2000, 1, 2), False), (Datum(1999), Datum(2000), False),
        (Datum(2000, 1), Datum(2000, 2), False), (Datum(2000), Datum(2000), True), (Datum(2000, 5), Datum(2000), True),
        (Datum(), Datum(2000), True), (Datum(2000), Datum(), True), (Datum(2000, 1, 2), Datum(2000, 1, 1), True),
    ],
    ids=["zelfde dag", "dag later", "jaar later", "maand later", "zelfde jaar", "jaar onzeker", "kind onbekend", "ouder onbekend", "ouder"],
)  # fmt: skip
async def test_a_parent_who_is_surely_younger_is_refused(wijk_vlug: Wijk, kind: Datum, ouder: Datum, mag: bool) -> None:
    wijk = wijk_vlug
    klein, groot = await wijk.inwoner(geboortedatum=kind), await wijk.inwoner("Vogel", geboortedatum=ouder)
    tries = [(klein, groot, OUDER), (groot, klein, KIND), (klein, groot, Relatiesoort.GROOTOUDER)]
    for persoon, ander, soort in tries:
        if mag:
            id = await relatie(wijk, persoon, ander, soort)
            await wijk.change(Relatie.tabel().delete().where(Relatie.tabel().c.id == id))
        else:
            with pytest.raises(OngeldigeInvoer):
                await relatie(wijk, persoon, ander, soort)
    assert await rijen(wijk) == []


async def test_gezag_is_recorded_at_the_child(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, ouder = await wijk.inwoner(), await wijk.inwoner("Vogel")
    for soort in (KIND, Relatiesoort.PUPIL, Relatiesoort.PLEEGKIND, Relatiesoort.KLEINKIND):
        with pytest.raises(OngeldigeInvoer):
            await relatie(wijk, ouder, kind, soort, gezag=True)
    assert await rijen(wijk) == []
    await relatie(wijk, kind, ouder, gezag=True)
    assert [row.gezag for row in await rijen(wijk)] == [True]


async def test_who_may_not_or_can_not_reach_both_records_nothing(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    elders = await wijk.inwoner("Djibet", rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    tries: list[tuple[Any, UUID, UUID, type[WijkwerkError]]] = [
        ("TEAMLEIDER", een, twee, GeenRecht), ("DOCK", een, twee, GeenRecht), ("WIJKTEAM", een, elders, NietGevonden),
        ("WIJKTEAM", elders, een, NietGevonden), ("WIJKTEAM", een, nieuw_id(), NietGevonden), ("WIJKTEAM", nieuw_id(), een, NietGevonden),
    ]  # fmt: skip
    for rol, persoon, ander, error in tries:
        with pytest.raises(error):
            await relatie(wijk, persoon, ander, rol=rol)
    assert await rijen(wijk) == []


async def test_the_other_who_is_out_of_reach_is_not_named_and_the_relation_is_not_changed(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    id = await relatie(wijk, een, twee)
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.persoon_id == twee).values(tot=wijk.klok.moment))
    assert await gezien(wijk, een) == [(None, "OUDER")]
    assert await gezien(wijk, twee) == []
    for change in (lambda w: beeindig(w, id, 1, VANDAAG), lambda w: wijzig(w, id, 1, {"gezag": True})):
        with pytest.raises(NietGevonden):
            await wijk.schrijf("WIJKTEAM", change)
    [row] = await rijen(wijk)
    assert (row.versie, row.tot, row.gezag) == (1, None, False)


async def test_bad_days_old_versions_and_unknown_fields_change_nothing(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    with pytest.raises(OngeldigeInvoer):
        await relatie(wijk, een, twee, van=VANDAAG, tot=VANDAAG - timedelta(days=1))
    id = await relatie(wijk, een, twee, van=date(2020, 1, 1))
    tries: list[tuple[int, dict[str, Any], type[WijkwerkError]]] = [
        (2, {"tot": VANDAAG}, VersieVerouderd), (1, {"tot": date(2019, 12, 31)}, OngeldigeInvoer),
        (1, {"van": date(1, 1, 1)}, OngeldigeInvoer), (1, {"ander_id": een}, OngeldigeInvoer),
        (1, {"tot": date(9999, 12, 31)}, OngeldigeInvoer), (1, {"soort": "BAAS"}, OngeldigeInvoer),
    ]  # fmt: skip
    for versie, gegevens, error in tries:
        with pytest.raises(error):
            await wijk.schrijf("WIJKTEAM", lambda w, v=versie, g=gegevens: wijzig(w, id, v, g))  # type: ignore[misc] # bound per turn
    [row] = await rijen(wijk)
    assert (row.versie, row.van, row.tot, row.soort) == (1, date(2020, 1, 1), None, "OUDER")


async def test_what_a_merge_leaves_twice_is_shown_once_and_nobody_becomes_own_family(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    await relatie(wijk, een, twee)
    [row] = await rijen(wijk)
    first = dict(row._mapping)
    await wijk.change(insert(Relatie.tabel()).values(first | {"id": nieuw_id(), "persoon_id": twee, "ander_id": een, "soort": "KIND"}))
    await wijk.change(insert(Relatie.tabel()).values(first | {"id": nieuw_id(), "ander_id": een, "soort": "BEKENDE"}))
    assert await gezien(wijk, een) == [(twee, "OUDER")]
    assert await gezien(wijk, twee) == [(een, "KIND")]


async def test_of_those_who_record_the_same_pair_at_once_one_succeeds(wijk: Wijk) -> None:
    een, twee = await wijk.inwoner(), await wijk.inwoner("Vogel")
    ended: list[str] = []

    async def record(persoon: UUID, ander: UUID, soort: Relatiesoort) -> None:
        try:
            await relatie(wijk, persoon, ander, soort)
            ended.append("GESLAAGD")
        except WijkwerkError as error:
            ended.append(error.code)

    async with anyio.create_task_group() as group:
        group.start_soon(record, een, twee, OUDER)
        group.start_soon(record, twee, een, KIND)
        group.start_soon(record, twee, een, OUDER)
    assert sorted(ended) == ["GESLAAGD", "ONGELDIGE_INVOER", "ONGELDIGE_INVOER"]
    assert len(await rijen(wijk)) == 1
