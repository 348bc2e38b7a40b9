"""Mantelzorg through the API: the care relation is recorded and read, the one cared for only by who may see that person too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import wijkwerk_mantelzorg
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.partners.koppelen import koppel
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing import Vrager, codes
from wijkwerk_mantelzorg.relaties import Mantelzorgrelatie

pytestmark = pytest.mark.anyio
VASTLEGGEN = """mutation ($persoon: ID!, $relatie: MantelzorgrelatieInvoer!) {
  mantelzorgrelatieVastleggen(mantelzorger: $persoon, relatie: $relatie) { id relatie urenPerWeek sinds zorgvrager { id } }
}"""
LEZEN = "query ($id: ID!) { persoon(id: $id) { mantelzorgrelaties { relatie urenPerWeek zorgvrager { id geslachtsnaam } } } }"


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, wijkwerk_mantelzorg]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture
def vraag(wijk: Wijk) -> Vrager:
    return Vrager(wijk)


async def case(wijk: Wijk) -> tuple[UUID, UUID]:
    """A carer and the one cared for, in one case; only the carer is coupled to the consultant's organisation."""
    zorger, vrager = await wijk.inwoner("Moulin"), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(zorger, vrager)
    partij = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    soorten = ["IDENTITEIT", "MANTELZORG"]
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, zorger, partij, "WMO_ALG_VOORZIENING", soorten))
    return zorger, vrager


def invoer(zorgvrager: UUID | None, **changes: Any) -> dict[str, Any]:
    return {"zorgvragerId": zorgvrager and str(zorgvrager), "relatie": "OUDER", "urenPerWeek": "12.5", "sinds": "2025-09"} | changes


async def betrokkenen(wijk: Wijk) -> set[str]:
    """Of whom the last entry of the log says something, by pseudonym."""
    return {one["ref"] for one in (await wijk.log())[-1].get("betrokkenen", ())}


async def refs(wijk: Wijk, *personen: UUID) -> set[str]:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: pseudoniemen(connection, wijk.gemeente, personen))
    return {one.hex for one in found.values()}


async def test_a_relation_is_recorded_and_read_by_who_may_see_both(wijk: Wijk, vraag: Vrager) -> None:
    zorger, vrager = await case(wijk)
    made = await vraag.data("WIJKTEAM", VASTLEGGEN, persoon=str(zorger), relatie=invoer(vrager))
    relatie = {"relatie": "OUDER", "urenPerWeek": "12.50", "sinds": "2025-09"}
    answered = made["mantelzorgrelatieVastleggen"]
    assert (answered["zorgvrager"], {key: answered[key] for key in relatie}) == ({"id": str(vrager)}, relatie)
    [read] = (await vraag.data("WIJKTEAM", LEZEN, id=str(zorger)))["persoon"]["mantelzorgrelaties"]
    assert read == {"relatie": "OUDER", "urenPerWeek": "12.50", "zorgvrager": {"id": str(vrager), "geslachtsnaam": "Jansen"}}
    assert await betrokkenen(wijk) == await refs(wijk, zorger, vrager)


async def test_the_one_cared_for_is_null_and_not_in_the_log_for_who_may_not_see_that_person(wijk: Wijk, vraag: Vrager) -> None:
    zorger, vrager = await case(wijk)
    await vraag.data("WIJKTEAM", VASTLEGGEN, persoon=str(zorger), relatie=invoer(vrager))
    answer = await vraag("MZ_CONSULENT", LEZEN, id=str(zorger))
    assert answer.as_dict() == {
        "data": {"persoon": {"mantelzorgrelaties": [{"relatie": "OUDER", "urenPerWeek": "12.50", "zorgvrager": None}]}}
    }
    assert await betrokkenen(wijk) == await refs(wijk, zorger)


async def test_a_relation_with_somebody_out_of_reach_or_with_oneself_is_not_recorded(wijk: Wijk, vraag: Vrager) -> None:
    zorger, vrager = await case(wijk)
    for rol, zorgvrager, code in (("MZ_CONSULENT", vrager, "NIET_GEVONDEN"), ("WIJKTEAM", zorger, "ONGELDIGE_INVOER")):
        answer = await vraag(rol, VASTLEGGEN, persoon=str(zorger), relatie=invoer(zorgvrager))
        assert (codes(answer), answer.data) == ([code], {"mantelzorgrelatieVastleggen": None})
    assert codes(await vraag("WIJKTEAM", VASTLEGGEN, persoon=str(zorger), relatie=invoer(vrager, urenPerWeek="169"))) == [
        "ONGELDIGE_INVOER"
    ]
    assert set(codes(await vraag("DOCK", VASTLEGGEN, persoon=str(zorger), relatie=invoer(vrager)))) == {"GEEN_RECHT"}
    assert await wijk.rows(select(Mantelzorgrelatie.tabel())) == []
