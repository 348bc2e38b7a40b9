"""Who cares for whom: written and read by who sees both, never for a benefit (domain.md 2.5, 6.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N4, N6
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.plan import Filter
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk_mantelzorg.relaties import Mantelzorgrelatie, Zorgrelatie, leg_vast, uren

pytestmark = pytest.mark.anyio
VELDEN = ("persoon_id", "zorgvrager_id", "relatie", "uren_per_week", "sinds")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def gegevens(zorgvrager: UUID | None, **changes: Any) -> dict[str, Any]:
    return {
        "zorgvrager_id": zorgvrager,
        "relatie": Zorgrelatie.OUDER,
        "uren_per_week": Decimal("12.5"),
        "sinds": Datum.lees("2025-09"),
    } | changes


async def case(wijk: Wijk, *, coupled: int = 2) -> tuple[UUID, UUID]:
    """A carer and the one cared for, in one case; the first so many are coupled to the consultant's organisation."""
    personen = [await wijk.inwoner("Moulin"), await wijk.inwoner("Jansen")]
    dossier = await wijk.dossier(*personen)
    partij = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    soorten = ["IDENTITEIT", "MANTELZORG"]
    await wijk.schrijf("REGISSEUR", lambda w: [koppel(w, dossier, p, partij, "WMO_ALG_VOORZIENING", soorten) for p in personen[:coupled]])
    return personen[0], personen[1]


async def relaties(wijk: Wijk, rol: Any, mantelzorger: UUID) -> list[Any]:
    return await wijk.lees(rol, lambda r: r.by_key(Mantelzorgrelatie, VELDEN, "persoon_id", [mantelzorger]))


async def stored(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(Mantelzorgrelatie.tabel())))


async def test_the_team_writes_and_reads_a_relation(wijk: Wijk) -> None:
    zorger, vrager = await case(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, gegevens(vrager)))
    [row] = await relaties(wijk, "WIJKTEAM", zorger)
    assert (row.zorgvrager_id, row.relatie, row.uren_per_week) == (vrager, Zorgrelatie.OUDER, Decimal("12.50"))
    assert (str(row.sinds), row.beperkt) == (str(Datum.lees("2025-09")), False)
    assert (await stored(wijk))[0].verantwoordelijke_id == wijk.stad


async def test_a_consultant_who_is_coupled_to_both_writes_and_reads_one_of_its_own_organisation(wijk: Wijk) -> None:
    zorger, vrager = await case(wijk)
    await wijk.schrijf("MZ_CONSULENT", lambda w: leg_vast(w, zorger, gegevens(vrager)))
    assert (await stored(wijk))[0].verantwoordelijke_id == wijk.dock
    assert [row.zorgvrager_id for row in await relaties(wijk, "MZ_CONSULENT", zorger)] == [vrager]


async def test_the_one_cared_for_is_hidden_from_who_can_not_see_that_person(wijk: Wijk) -> None:
    """The value, and what a key, a filter or an order on it would tell."""
    zorger, vrager = await case(wijk, coupled=1)
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, gegevens(vrager)))
    [row] = await relaties(wijk, "MZ_CONSULENT", zorger)
    assert (row.zorgvrager_id, row.uren_per_week, row.beperkt) == (None, Decimal("12.50"), True)
    shown = [b["ref"] for b in (await wijk.log())[-1]["betrokkenen"]]
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        names = await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, [zorger, vrager]))
    assert shown == [names[zorger].hex]
    by_key = await wijk.lees("MZ_CONSULENT", lambda r: r.by_key(Mantelzorgrelatie, (), "zorgvrager_id", [vrager]))
    filtered = await wijk.lees("MZ_CONSULENT", lambda r: r.count(Mantelzorgrelatie, {Filter("zorgvrager_id"): vrager}))
    ordered = await wijk.lees("MZ_CONSULENT", lambda r: r.page(Mantelzorgrelatie, (), order=("zorgvrager_id",), first=5))
    assert (by_key, filtered, ordered.rows) == ([], 0, [])


async def test_showing_the_one_cared_for_is_logged_for_that_person_too(wijk: Wijk) -> None:
    zorger, vrager = await case(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, gegevens(vrager)))
    await relaties(wijk, "WIJKTEAM", zorger)
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        names = await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, [zorger, vrager]))
    entry = {b["ref"]: b["getoond"] for b in (await wijk.log())[-1]["betrokkenen"]}
    assert entry.keys() == {names[zorger].hex, names[vrager].hex}
    [[soort, categorieen, velden, deuren]] = entry[names[vrager].hex]
    assert (soort, categorieen, velden, len(deuren)) == ("Mantelzorgrelatie", ["IDENTITEIT"], ["zorgvrager_id"], 1)


async def test_nobody_names_a_person_out_of_reach_nor_writes_about_one(wijk: Wijk) -> None:
    zorger, vrager = await case(wijk, coupled=1)
    tries: list[tuple[Any, UUID, UUID | None, type[WijkwerkError]]] = [
        ("MZ_CONSULENT", zorger, vrager, NietGevonden),
        ("MZ_CONSULENT", zorger, nieuw_id(), NietGevonden),
        ("MZ_CONSULENT", vrager, None, NietGevonden),
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), zorger, vrager, NietGevonden),
        ("DOCK", zorger, None, GeenRecht),
        ("KLANTMANAGER", zorger, None, GeenRecht),
        ("WIJKTEAM", zorger, zorger, OngeldigeInvoer),
    ]
    for rol, wie, voor, error in tries:
        with pytest.raises(error):
            await wijk.schrijf(rol, lambda w, wie=wie, voor=voor: leg_vast(w, wie, gegevens(voor)))  # type: ignore[misc]
    assert await stored(wijk) == []
    await wijk.schrijf("MZ_CONSULENT", lambda w: leg_vast(w, zorger, gegevens(None)))
    assert len(await stored(wijk)) == 1


async def test_it_is_never_readable_for_a_benefit(wijk: Wijk) -> None:
    """Not by right, and not when somebody let the klantmanager in to everything (domain.md 2.5)."""
    zorger, vrager = await case(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, gegevens(vrager)))
    rows = [
        {
            "id": nieuw_id(), "gemeente_id": wijk.gemeente, "versie": 1, "persoon_id": zorger, "partij_id": wijk.KLANTMANAGER,
            "partijsoort": Partijsoort.GEBRUIKER, "doel": "PW_UITVOERING", "categorie_code": soort, "niveau_tot": 7, "grondslag": "x",
            "bron": Bron.DOSSIER, "bron_id": zorger, "van": BEGIN, "verantwoordelijke_id": wijk.stad,
        }
        for soort in ("IDENTITEIT", "UITKERING")
    ]  # fmt: skip
    await wijk.change(insert(Betrokkenheid.tabel()).values(rows))
    with pytest.raises(GeenRecht):
        await relaties(wijk, "KLANTMANAGER", zorger)
    assert "MANTELZORG" not in wijk.wijkwerk.catalogue.matrix["PW_UITVOERING"]
    assert {doel for doel, codes in wijk.wijkwerk.catalogue.matrix.items() if "MANTELZORG" in codes} == {
        "WMO_ONDERZOEK",
        "WMO_ALG_VOORZIENING",
    }


async def test_each_role_has_or_has_not_the_permissions_of_the_plugin(wijk: Wijk) -> None:
    holders = {"WIJKTEAM", "REGISSEUR", "MZ_CONSULENT"}
    for rol in wijk.wijkwerk.catalogue.rollen:
        has = wijk.wijkwerk.toewijzer.policy.of([rol])
        assert ({"mantelzorg:relatie:lezen", "mantelzorg:relatie:schrijven"} <= has) == (rol in holders)
        assert bool({"mantelzorg:relatie:lezen", "mantelzorg:relatie:schrijven"} & has) == (rol in holders)


@pytest.mark.parametrize("value", ["0", "-1", "168.25", "0.1", "1e9", "NaN", "Infinity"])
async def test_hours_are_quarters_of_the_hours_in_a_week(wijk: Wijk, value: str) -> None:
    zorger, vrager = await case(wijk)
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, gegevens(vrager, uren_per_week=Decimal(value))))
    assert await stored(wijk) == []


@given(st.decimals(min_value="0.25", max_value=168, places=2))
def test_hours_are_kept_as_they_are_or_refused(value: Decimal) -> None:
    whole = value * 4 == int(value * 4)
    if whole:
        assert uren(value) == value
    else:
        with pytest.raises(OngeldigeInvoer):
            uren(value)


def test_a_consultant_never_sees_more_than_the_role_allows() -> None:
    assert Mantelzorgrelatie.niveau <= N6
