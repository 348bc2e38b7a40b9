"""The statement: the municipality makes it, the consultant verifies it, for twelve months at most."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

import wijkwerk_mantelzorg
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N6
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing import Vrager, codes
from wijkwerk_mantelzorg.verklaringen import Mantelzorgverklaring, beeindig, maak, verifieer

pytestmark = pytest.mark.anyio
MAKEN = """mutation($p:ID!,$tot:Date){mantelzorgverklaringMaken(mantelzorger:$p,urenPerWeek:"14",sinds:"2025",geldigTot:$tot){
    id versie urenPerWeek sinds geldigTot geverifieerdOp}}"""
VERIFIEREN = """mutation($v:ID!,$n:Int!){mantelzorgverklaringVerifieren(verklaring:$v,versie:$n){
    versie geverifieerdOp persoon{id}}}"""
LEZEN = "query($p:ID!){persoon(id:$p){mantelzorgverklaringen{geverifieerdDoor{naam} geverifieerdBij{naam}}}}"
BEEINDIGEN = "mutation($v:ID!,$n:Int!){mantelzorgverklaringBeeindigen(verklaring:$v,versie:$n){versie geldigTot}}"
GOED: dict[str, Any] = {"uren_per_week": Decimal(14), "sinds": Datum.lees("2025")}


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, wijkwerk_mantelzorg]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zorger_bij(wijk: Wijk, *soorten: str) -> UUID:
    """A carer in a case, to whom the consultant's organisation is coupled for these categories."""
    zorger = await wijk.inwoner("Djibet")
    dossier = await wijk.dossier(zorger)
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N6)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, zorger, dock, "WMO_ALG_VOORZIENING", ("IDENTITEIT", *soorten)))
    return zorger


async def test_it_is_made_verified_and_ended(wijk: Wijk) -> None:
    vraag, zorger = Vrager(wijk), await zorger_bij(wijk, "MANTELZORG", "MANTELZORGVERKLARING")
    made = (await vraag.data("WIJKTEAM", MAKEN, p=str(zorger)))["mantelzorgverklaringMaken"]
    assert {name: made[name] for name in ("versie", "urenPerWeek", "sinds", "geldigTot", "geverifieerdOp")} == {
        "versie": 1, "urenPerWeek": "14.00", "sinds": "2025", "geldigTot": "2028-02-29", "geverifieerdOp": None,
    }  # fmt: skip
    done = (await vraag.data("MZ_CONSULENT", VERIFIEREN, v=made["id"], n=1))["mantelzorgverklaringVerifieren"]
    assert (done["versie"], done["persoon"]) == (2, {"id": str(zorger)})
    seen = (await vraag.data("WIJKTEAM", LEZEN, p=str(zorger)))["persoon"]["mantelzorgverklaringen"]
    assert seen == [{"geverifieerdDoor": None, "geverifieerdBij": {"naam": "dock"}}]
    assert codes(await vraag("MZ_CONSULENT", VERIFIEREN, v=made["id"], n=2)) == ["ONGELDIGE_INVOER"]
    ended = (await vraag.data("WIJKTEAM", BEEINDIGEN, v=made["id"], n=2))["mantelzorgverklaringBeeindigen"]
    assert ended == {"versie": 3, "geldigTot": "2027-02-28"}


async def test_what_can_not_be_stated_is_refused_and_nothing_is_kept(wijk: Wijk) -> None:
    zorger, ander = (
        await zorger_bij(wijk, "MANTELZORG", "MANTELZORGVERKLARING"),
        await wijk.inwoner(rol=wijk.actor("WIJKTEAM", team=wijk.ander_team)),
    )
    wrong: list[tuple[str, type[WijkwerkError], dict[str, Any]]] = [
        *((rol, GeenRecht, {}) for rol in ("MZ_CONSULENT", "KLANTMANAGER", "DOCK", "TEAMLEIDER", "FG")),
        ("WIJKTEAM", NietGevonden, {"mantelzorger": ander}),
        ("WIJKTEAM", OngeldigeInvoer, {"uren_per_week": Decimal(0)}), ("WIJKTEAM", OngeldigeInvoer, {"uren_per_week": Decimal("NaN")}),
        ("WIJKTEAM", OngeldigeInvoer, {"sinds": Datum(2027, 4)}), ("WIJKTEAM", OngeldigeInvoer, {"geldig_tot": date(2027, 2, 28)}),
        ("WIJKTEAM", OngeldigeInvoer, {"geldig_tot": date(2028, 3, 1)}),
    ]  # fmt: skip
    for rol, error, meer in wrong:
        await refused(wijk, rol, error, partial(maak, **{"mantelzorger": zorger} | GOED | meer), records=[Mantelzorgverklaring])
    made = await wijk.schrijf("WIJKTEAM", partial(maak, mantelzorger=zorger, geldig_tot=date(2028, 2, 29), **GOED))
    for rol, error, versie in (("WIJKTEAM", GeenRecht, 1), ("KLANTMANAGER", GeenRecht, 1), ("MZ_CONSULENT", VersieVerouderd, 2)):
        await refused(wijk, rol, error, partial(verifieer, id=made, versie=versie), records=[Mantelzorgverklaring])
    await refused(wijk, "KLANTMANAGER", NietGevonden, partial(beeindig, id=made, versie=1), records=[Mantelzorgverklaring])


async def test_a_consultant_who_may_not_see_statements_verifies_none(wijk: Wijk) -> None:
    for soorten in ((), ("MANTELZORG",), ("MANTELZORGVERKLARING",)):
        zorger = await zorger_bij(wijk, *soorten)
        made = await wijk.schrijf("WIJKTEAM", partial(maak, mantelzorger=zorger, **GOED))
        await refused(wijk, "MZ_CONSULENT", NietGevonden, partial(verifieer, id=made, versie=1), records=[Mantelzorgverklaring])


def test_for_whom_the_care_is_and_how_heavy_has_no_place_in_it() -> None:
    assert set(Mantelzorgverklaring.velden) == {
        "id", "gemeente_id", "versie", "verantwoordelijke_id", "persoon_id", "categorie_code", "uren_per_week", "sinds", "geldig_tot",
        "geverifieerd_op", "geverifieerd_door_id", "geverifieerd_bij_id",
    }  # fmt: skip
