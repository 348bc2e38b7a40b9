"""The one cared for asks for secrecy: the care relation shows a name to the consultant, and nothing of where that person is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import wijkwerk_mantelzorg
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.geheimhouding import zet_geheimhouding, zet_veiligheidsvlag
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing import Vrager
from wijkwerk_mantelzorg.relaties import Mantelzorgrelatie, Zorgrelatie, leg_vast

pytestmark = pytest.mark.anyio
LEZEN = """query ($id: ID!) { persoon(id: $id) { mantelzorgrelaties { relatie
  zorgvrager { id roepnaam straat postcode gebied { naam } contactgegevens { waarde } veiligheidsvlag } } } }"""


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, wijkwerk_mantelzorg]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.mark.parametrize("soort", ["geheim", "gevaar"])
async def test_the_one_cared_for_is_a_name_without_a_place(wijk: Wijk, soort: str) -> None:
    vraag, zorger = Vrager(wijk), await wijk.inwoner("Moulin", roepnaam="Suus")
    vrager = await wijk.inwoner("Jansen", roepnaam="Jo", straat="Dorpsstraat", contact=["0612345678"])
    dossier = await wijk.dossier(zorger, vrager)
    partij, soorten = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4), ["IDENTITEIT", "CONTACT", "MANTELZORG"]
    await wijk.schrijf("REGISSEUR", lambda w: [koppel(w, dossier, lid, partij, "WMO_ALG_VOORZIENING", soorten) for lid in (zorger, vrager)])
    relatie = {"zorgvrager_id": vrager, "relatie": Zorgrelatie.OUDER, "uren_per_week": Decimal(8), "sinds": Datum.lees("2025")}
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, relatie))

    async def gezien(rol: str = "MZ_CONSULENT") -> Any:
        [found] = (await vraag.data(rol, LEZEN, id=str(zorger)))["persoon"]["mantelzorgrelaties"]
        return found["zorgvrager"]

    assert (await gezien())["contactgegevens"] == [{"waarde": "+31612345678"}]
    zet = zet_geheimhouding if soort == "geheim" else zet_veiligheidsvlag
    await wijk.schrijf("WIJKTEAM", lambda w: zet(w, vrager, 1, True, "Loopt gevaar"))
    after = await gezien()
    assert (after.pop("id"), after.pop("roepnaam")) == (str(vrager), "Jo")
    assert {str(value) for value in after.values()} == {"None", "[]"}
    assert (await gezien("WIJKTEAM"))["straat"] == "Dorpsstraat"
    lijst = await wijk.lees("MZ_CONSULENT", lambda r: r.page(Mantelzorgrelatie, ("zorgvrager_id",), first=5))
    assert [row.zorgvrager_id for row in lijst.rows] == [vrager]


@pytest.mark.parametrize("soort", ["geheim", "gevaar"])
async def test_a_carer_with_secrecy_is_in_no_list_of_carers(wijk: Wijk, soort: str) -> None:
    zorger = await wijk.inwoner("Moulin")
    dossier = await wijk.dossier(zorger)
    partij, soorten = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4), ["IDENTITEIT", "MANTELZORG"]
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, zorger, partij, "WMO_ALG_VOORZIENING", soorten))
    relatie = {"zorgvrager_id": None, "relatie": Zorgrelatie.OUDER, "uren_per_week": Decimal(8), "sinds": Datum.lees("2025")}
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, relatie))
    assert await wijk.lees("MZ_CONSULENT", lambda r: r.count(Mantelzorgrelatie)) == 1
    zet = zet_geheimhouding if soort == "geheim" else zet_veiligheidsvlag
    await wijk.schrijf("WIJKTEAM", lambda w: zet(w, zorger, 1, True, "Loopt gevaar"))
    assert await wijk.lees("MZ_CONSULENT", lambda r: (r.count(Mantelzorgrelatie), r.page(Mantelzorgrelatie, (), first=5).rows)) == (0, [])
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Mantelzorgrelatie)) == 1
