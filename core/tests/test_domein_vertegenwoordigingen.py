"""Gezag, representatives, judgements and blocks; and who may decide, as far as who asks may know (domain.md 1.9, 2.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import insert, select, update

from wijkwerk import gezag as gezagen
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid
from wijkwerk.access.levels import N3
from wijkwerk.beslisfeiten import wie_mag_beslissen
from wijkwerk.beslissen import Beslissing, Uitkomst
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.gezag import SOORT_VAN_CODE, Gezag, Gezagsoort
from wijkwerk.records.gegevens import MAX_TEKST
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Relatiesoort
from wijkwerk.relaties import leg_vast as leg_relatie_vast
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import OP_SQLITE, Wijk
from wijkwerk.vertegenwoordigingen import (
    Handeling,
    Hoedanigheid,
    Ouderblokkade,
    Vertegenwoordiging,
    Wilsoordeel,
    beeindig,
    blokkeer,
    hef_op,
    leg_vast,
    oordeel,
)  # fmt: skip

pytestmark = pytest.mark.anyio
VAN, VANDAAG = date(2020, 1, 1), date(2027, 3, 1)
GEBOREN = Datum(2020, 1, 20)
RECORDS = (Gezag, Vertegenwoordiging, Wilsoordeel, Ouderblokkade)


async def rijen(wijk: Wijk, record: type[Any]) -> list[Any]:
    return list(await wijk.rows(select(record.tabel()).order_by(record.tabel().c.id)))


async def gezag(wijk: Wijk, kind: UUID, **rest: Any) -> UUID:
    given = {"brp_code": "12"} | rest
    return await wijk.schrijf("WIJKTEAM", lambda w: gezagen.leg_vast(w, kind, **given))


async def ouder(wijk: Wijk, kind: UUID, naam: str = "Haverkamp") -> UUID:
    """A parent with gezag."""
    found = await wijk.inwoner(naam)
    await wijk.schrijf("WIJKTEAM", lambda w: leg_relatie_vast(w, kind, found, Relatiesoort.OUDER, gezag=True))
    return found


async def mag(
    wijk: Wijk, persoon: UUID, handeling: Handeling = Handeling.INZAGE, op: date | None = None, rol: Any = "WIJKTEAM"
) -> Beslissing:
    found = await wijk.lees(rol, lambda r: wie_mag_beslissen(r, handeling, persoon, op))
    assert found is not None
    return found


@OP_SQLITE
@pytest.mark.parametrize(
    ("code", "soort"),
    [("1", "EENHOOFDIG_OUDERLIJK_GEZAG"), ("2", "EENHOOFDIG_OUDERLIJK_GEZAG"), ("12", "GEZAMENLIJK_OUDERLIJK_GEZAG"),
     ("1D", "GEZAMENLIJK_GEZAG"), ("2D", "GEZAMENLIJK_GEZAG"), ("D", "VOOGDIJ"), ("3D", "ONBEKEND"), ("1C", "ONBEKEND"), ("2C", "ONBEKEND"),
     ("3C", "ONBEKEND"), ("C", "ONBEKEND"), ("CD", "ONBEKEND"), ("iets anders", "ONBEKEND"), ("1d", "ONBEKEND")],
)  # fmt: skip
async def test_the_kind_of_gezag_follows_the_code_and_an_unknown_code_is_kept(wijk_vlug: Wijk, code: str, soort: str) -> None:
    wijk = wijk_vlug
    kind = await wijk.inwoner(geboortedatum=GEBOREN)
    await gezag(wijk, kind, brp_code=code)
    [row] = await rijen(wijk, Gezag)
    assert (row.brp_code, row.soort) == (code, soort)
    assert ((await mag(wijk, kind)).uitkomst is Uitkomst.ONBEKEND) is (code not in SOORT_VAN_CODE)


async def test_who_is_surely_of_age_gets_no_gezag_and_nothing_happened(wijk_vlug: Wijk) -> None:
    wijk, dag = wijk_vlug, date(2026, 1, 20)
    volwassen, misschien, vroeger = [
        await wijk.inwoner(geboortedatum=geboren) for geboren in (Datum(2008, 1, 20), Datum(2008), Datum(1990))
    ]
    with pytest.raises(OngeldigeInvoer, match="18 jaar of ouder"):
        await gezag(wijk, volwassen, van=dag)
    assert await rijen(wijk, Gezag) == []
    await gezag(wijk, misschien, van=dag)
    await gezag(wijk, vroeger, van=date(2000, 1, 1), tot=date(2008, 1, 1))
    assert len(await rijen(wijk, Gezag)) == 2


async def test_one_gezag_at_a_time(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind = await wijk.inwoner(geboortedatum=GEBOREN)
    first = await gezag(wijk, kind)
    for rest in ({}, {"van": date(2026, 1, 1)}, {"tot": date(2021, 1, 1)}):
        with pytest.raises(OngeldigeInvoer):
            await gezag(wijk, kind, **rest)
    await wijk.schrijf("WIJKTEAM", lambda w: gezagen.beeindig(w, first, 1, date(2025, 12, 31)))
    with pytest.raises(OngeldigeInvoer):
        await gezag(wijk, kind, van=date(2025, 12, 31))
    later = await gezag(wijk, kind, brp_code=None, soort=Gezagsoort.VOOGDIJ, van=date(2026, 1, 1))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: gezagen.wijzig(w, later, 1, {"van": None}))
    assert [(row.soort, row.versie, row.van) for row in await rijen(wijk, Gezag)] == [
        ("GEZAMENLIJK_OUDERLIJK_GEZAG", 2, None), ("VOOGDIJ", 1, date(2026, 1, 1)),
    ]  # fmt: skip
    assert [(await mag(wijk, kind, op=op)).beide_ouders for op in (date(2025, 12, 31), date(2026, 1, 1))] == [True, False]


async def test_of_two_who_record_gezag_at_once_one_succeeds(wijk: Wijk) -> None:
    kind = await wijk.inwoner(geboortedatum=GEBOREN)
    ended: list[str] = []

    async def record(code: str) -> None:
        try:
            await gezag(wijk, kind, brp_code=code)
            ended.append("GESLAAGD")
        except WijkwerkError as error:
            ended.append(error.code)

    async with anyio.create_task_group() as group:
        for code in ("1", "2"):
            group.start_soon(record, code)
    assert sorted(ended) == ["GESLAAGD", "ONGELDIGE_INVOER"]
    assert len(await rijen(wijk, Gezag)) == 1


GESCHREVEN: dict[str, Callable[[Work, UUID], UUID]] = {
    "gezag": lambda w, p: gezagen.leg_vast(w, p, soort=Gezagsoort.VOOGDIJ),
    "vertegenwoordiging": lambda w, p: leg_vast(w, p, Hoedanigheid.MENTOR, "Beschikking", VAN, naam="Jansen"),
    "oordeel": lambda w, p: oordeel(w, p, Handeling.INZAGE, True, "Begrijpt het"),
    "blokkade": lambda w, p: blokkeer(w, p, "Reden", VAN, naam="Jansen"),
}


@pytest.mark.parametrize("wat", GESCHREVEN)
async def test_who_may_not_or_can_not_reach_records_nothing(wijk_vlug: Wijk, wat: str) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geboortedatum=GEBOREN)
    tries: list[tuple[Any, UUID, type[WijkwerkError]]] = [
        ("TEAMLEIDER", persoon, GeenRecht), ("KLANTMANAGER", persoon, GeenRecht), ("ZORG", persoon, GeenRecht),
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), persoon, NietGevonden), ("WIJKTEAM", nieuw_id(), NietGevonden),
    ]  # fmt: skip
    for rol, wie, error in tries:
        with pytest.raises(error):
            await wijk.schrijf(rol, lambda w, p=wie: GESCHREVEN[wat](w, p))  # type: ignore[misc] # bound per turn
    assert [len(await rijen(wijk, record)) for record in RECORDS] == [0, 0, 0, 0]
    await wijk.schrijf("WIJKTEAM", lambda w: GESCHREVEN[wat](w, persoon))
    assert sum([len(await rijen(wijk, record)) for record in RECORDS]) == 1


async def test_what_is_missing_or_wrong_is_refused_and_nothing_is_written(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, ander = await wijk.inwoner(geboortedatum=GEBOREN), await wijk.inwoner("Vogel")
    curator: dict[str, Any] = {"hoedanigheid": Hoedanigheid.CURATOR, "bewijs": "B", "van": VAN}
    wrong: list[Callable[[Work], Any]] = [
        lambda w: leg_vast(w, persoon, **curator), lambda w: leg_vast(w, persoon, **curator, vertegenwoordiger=ander, naam="Jansen"),
        lambda w: leg_vast(w, persoon, **curator, vertegenwoordiger=persoon), lambda w: leg_vast(w, persoon, **curator, naam=""),
        lambda w: leg_vast(w, persoon, **(curator | {"bewijs": " "}), naam="Jansen"),
        lambda w: leg_vast(w, persoon, **(curator | {"bewijs": "x" * (MAX_TEKST + 1)}), naam="Jansen"),
        lambda w: leg_vast(w, persoon, **(curator | {"bewijs": "\x00"}), naam="Jansen"),
        lambda w: leg_vast(w, persoon, **curator, naam="Jansen", tot=VAN - timedelta(days=1)),
        lambda w: leg_vast(w, persoon, **(curator | {"van": date(1, 1, 1)}), naam="Jansen"),
        lambda w: oordeel(w, persoon, Handeling.INZAGE, True, ""), lambda w: blokkeer(w, persoon, "R", VAN),
        lambda w: oordeel(w, persoon, Handeling.INZAGE, True, "M", VANDAAG + timedelta(days=1)),
        lambda w: blokkeer(w, persoon, " ", VAN, ouder=ander), lambda w: blokkeer(w, persoon, "R", VAN, ouder=persoon),
        lambda w: gezagen.leg_vast(w, persoon), lambda w: gezagen.leg_vast(w, persoon, brp_code=""),
        lambda w: gezagen.leg_vast(w, persoon, brp_code="x" * 21),
        lambda w: gezagen.leg_vast(w, persoon, brp_code="1", soort=Gezagsoort.VOOGDIJ),
        lambda w: gezagen.leg_vast(w, persoon, brp_code="1", van=VAN, tot=VAN - timedelta(days=1)),
    ]  # fmt: skip
    for write in wrong:
        with pytest.raises(OngeldigeInvoer):
            await wijk.schrijf("WIJKTEAM", write)
    assert [len(await rijen(wijk, record)) for record in RECORDS] == [0, 0, 0, 0]


async def test_the_evidence_is_sealed_and_says_who_saw_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geboortedatum=Datum(1941, 3, 4))
    id = await wijk.schrijf("WIJKTEAM", lambda w: GESCHREVEN["vertegenwoordiging"](w, persoon))
    [row] = await rijen(wijk, Vertegenwoordiging)
    assert (b"Beschikking" in row.bewijs, row.gezien_door_id) == (False, wijk.WIJKTEAM)
    seen: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Vertegenwoordiging, ("bewijs",), id))
    assert seen.bewijs == "Beschikking"
    with pytest.raises(VersieVerouderd):
        await wijk.schrijf("WIJKTEAM", lambda w: beeindig(w, id, 2, VANDAAG))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: beeindig(w, id, 1, VAN - timedelta(days=1)))
    assert (await rijen(wijk, Vertegenwoordiging))[0].tot is None
    await wijk.schrijf("WIJKTEAM", lambda w: beeindig(w, id, 1, VANDAAG))
    assert [(await mag(wijk, persoon, op=VANDAAG + timedelta(days=day))).uitkomst for day in (0, 1)] == [
        Uitkomst.VERTEGENWOORDIGER, Uitkomst.BETROKKENE,
    ]  # fmt: skip


async def test_the_newest_judgement_up_to_the_day_counts_and_only_for_its_act(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geboortedatum=Datum(2013, 1, 1))
    for in_staat, op in ((True, date(2026, 1, 1)), (False, date(2026, 6, 1)), (True, date(2026, 6, 1))):
        await wijk.schrijf("WIJKTEAM", lambda w, s=in_staat, o=op: oordeel(w, persoon, Handeling.VERNIETIGING, s, "M", o))  # type: ignore[misc]
    found = [
        (await mag(wijk, persoon, Handeling.VERNIETIGING, op)).uitkomst.value for op in (date(2025, 12, 31), date(2026, 5, 31), VANDAAG)
    ]
    assert found == ["ONBEKEND", "BETROKKENE", "BETROKKENE"]
    assert (await mag(wijk, persoon, Handeling.WMO_VERSTREKKING)).uitkomst is Uitkomst.ONBEKEND


async def test_a_block_is_bounded_in_time_and_lifted_with_a_reason(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind = await wijk.inwoner(geboortedatum=GEBOREN)
    moeder, vader = await ouder(wijk, kind), await ouder(wijk, kind, "Esselink")
    await gezag(wijk, kind)
    id = await wijk.schrijf("WIJKTEAM", lambda w: blokkeer(w, kind, "Verzonnen reden", date(2027, 1, 1), ouder=vader))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: blokkeer(w, kind, "Nog eens", VANDAAG, ouder=vader))
    [row] = await rijen(wijk, Ouderblokkade)
    assert (b"Verzonnen" in row.reden, row.door_id) == (False, wijk.WIJKTEAM)
    found = await mag(wijk, kind)
    assert ([wie.persoon for wie in found.vertegenwoordigers], found.ouder_weggelaten, found.beide_ouders) == ([moeder], True, False)
    assert [(await mag(wijk, kind, op=op)).ouder_weggelaten for op in (date(2026, 12, 31), date(2027, 1, 1))] == [False, True]
    assert (await mag(wijk, kind, Handeling.HULPVERLENING_JEUGD)).beide_ouders is True
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: hef_op(w, id, 1, VANDAAG, ""))
    with pytest.raises(NietGevonden):
        await wijk.schrijf(wijk.actor("WIJKTEAM", team=wijk.ander_team), lambda w: hef_op(w, id, 1, VANDAAG, "Veilig"))
    assert (await rijen(wijk, Ouderblokkade))[0].versie == 1
    await wijk.schrijf("WIJKTEAM", lambda w: hef_op(w, id, 1, VANDAAG, "Veilig"))
    assert [(await mag(wijk, kind, op=op)).ouder_weggelaten for op in (VANDAAG, VANDAAG + timedelta(days=1))] == [True, False]


async def test_who_holds_gezag_but_is_out_of_sight_is_counted_and_not_told(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind = await wijk.inwoner(geboortedatum=GEBOREN)
    moeder, vader = await ouder(wijk, kind), await ouder(wijk, kind, "Esselink")
    await gezag(wijk, kind)
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.persoon_id == vader).values(tot=wijk.klok.moment))
    found = await mag(wijk, kind)
    assert (found.uitkomst, [wie.persoon for wie in found.vertegenwoordigers], found.verborgen) == (
        Uitkomst.VERTEGENWOORDIGER, [moeder], 1,
    )  # fmt: skip
    assert str(vader) not in str(found)
    assert str(vader) not in str((await wijk.log())[-1])


async def test_what_the_actor_may_not_see_gives_no_certainty(wijk_vlug: Wijk) -> None:
    """An adult under curatele: for who may not see the curator, the resident does not seem to decide alone."""
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geboortedatum=Datum(1941, 3, 4))
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, persoon, Hoedanigheid.CURATOR, "Beschikking", VAN, naam="Jansen"))
    assert (await mag(wijk, persoon)).uitkomst is Uitkomst.VERTEGENWOORDIGER
    b = Betrokkenheid.tabel()
    familie = update(b).where(b.c.persoon_id == persoon, b.c.categorie_code == "FAMILIE")
    identiteit = update(b).where(b.c.persoon_id == persoon, b.c.categorie_code == "IDENTITEIT")
    for hide, back in (
        (familie.values(niveau_tot=3), familie.values(niveau_tot=6)),
        (identiteit.values(niveau_tot=3), identiteit.values(niveau_tot=6)),
        (familie.values(tot=wijk.klok.moment), familie.values(tot=None)),
    ):
        await wijk.change(hide)
        assert (await mag(wijk, persoon)).uitkomst is Uitkomst.ONBEKEND
        await wijk.change(back)
    assert (await mag(wijk, persoon, rol=replace(wijk.actor("WIJKTEAM"), plafond=N3))).uitkomst is Uitkomst.ONBEKEND
    cap = {"id": nieuw_id(), "gemeente_id": wijk.gemeente, "versie": 1, "verantwoordelijke_id": wijk.stad, "persoon_id": persoon,
           "soort": Afschermsoort.VEILIGHEID, "partij_id": wijk.team, "niveau_tot": 7, "verbergt": True,
           "van": wijk.klok.moment}  # fmt: skip
    await wijk.change(insert(Afscherming.tabel()).values(cap))
    assert (await mag(wijk, persoon)).uitkomst is Uitkomst.ONBEKEND


async def test_absent_and_out_of_reach_look_the_same_and_a_right_is_needed(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geboortedatum=GEBOREN)
    vreemd = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    for wie in (persoon, nieuw_id()):
        assert await wijk.lees(vreemd, lambda r, p=wie: wie_mag_beslissen(r, Handeling.INZAGE, p)) is None  # type: ignore[misc] # bound per turn
    await wijk.dossier(persoon)
    with pytest.raises(GeenRecht):
        await wijk.lees("CRISISDIENST", lambda r: wie_mag_beslissen(r, Handeling.INZAGE, persoon))
    for dag in (date(2019, 12, 31), date(9999, 12, 31)):
        with pytest.raises(OngeldigeInvoer):
            await wijk.lees("WIJKTEAM", lambda r, d=dag: wie_mag_beslissen(r, Handeling.INZAGE, persoon, d))  # type: ignore[misc] # bound per turn


async def test_it_takes_as_many_statements_for_a_large_family_as_for_none(wijk_vlug: Wijk) -> None:
    wijk, counts = wijk_vlug, []
    kind = await wijk.inwoner(geboortedatum=GEBOREN)
    await gezag(wijk, kind)
    for _ in range(3):
        await mag(wijk, kind)
        with count_statements(wijk.wijkwerk.database) as seen:
            await mag(wijk, kind)
        counts.append(len(seen))
        parent = await ouder(wijk, kind)
        await wijk.schrijf("WIJKTEAM", lambda w, p=parent: blokkeer(w, kind, "R", VAN, ouder=p))  # type: ignore[misc] # bound per turn
    assert len(set(counts)) == 1
