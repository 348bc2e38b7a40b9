"""The wall between mantelzorg and the Participatiewet (domain.md 2.5, 6.7): the statement crosses by consent, nothing else does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

import wijkwerk_mantelzorg
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N6
from wijkwerk.access.policy import default_lines, load
from wijkwerk.access.policybestand import Regel
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Instemming
from wijkwerk.access.register import PW_UITVOERING, WMO_ONDERZOEK
from wijkwerk.app import Wijkwerk
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import OngeldigeInvoer, OpstartFout
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.versions import history
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast as leg_toestemming_vast
from wijkwerk.toestemmingen.intrekken import trek_in
from wijkwerk.toestemmingen.toestemming import Toestemming, Wijze
from wijkwerk_graphql import kern
from wijkwerk_graphql.testing import Vrager, codes
from wijkwerk_mantelzorg.relaties import MANTELZORG, Mantelzorgrelatie, Zorgrelatie, leg_vast
from wijkwerk_mantelzorg.verklaringen import Mantelzorgverklaring, maak, verifieer

pytestmark = pytest.mark.anyio
VELDEN = ("uren_per_week", "sinds", "geverifieerd_op", "geverifieerd_door_id", "geldig_tot")
LIJST = """{mantelzorgverklaringen{totalCount edges{node{
    urenPerWeek sinds geverifieerdOp geldigTot geverifieerdBij{naam} persoon{id geslachtsnaam}}}}}"""
GENEST = "query($id:ID!){persoon(id:$id){geslachtsnaam mantelzorgverklaringen{urenPerWeek geldigTot}}}"
RELATIES = "query($id:ID!){persoon(id:$id){geslachtsnaam mantelzorgrelaties{relatie zorgvrager{id}}}}"
SOORTEN = ["IDENTITEIT", "MANTELZORG", "MANTELZORGVERKLARING"]


@pytest.fixture
def plugins() -> list[Any]:
    return [kern, wijkwerk_mantelzorg]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def fatima(wijk: Wijk) -> tuple[UUID, UUID, UUID]:
    """A carer and her father in one case, she with a statement that the consultant verified: both, and the case."""
    zorger, vader = await wijk.inwoner("Djibet", geboortedatum=Datum.lees("1980-01-02")), await wijk.inwoner("Rachid")
    dossier = await wijk.dossier(zorger, vader)
    consulent = Partij(wijk.dock, Partijsoort.ORGANISATIE, N6)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, zorger, consulent, "WMO_ALG_VOORZIENING", SOORTEN))
    relatie = {"zorgvrager_id": vader, "relatie": Zorgrelatie.OUDER, "uren_per_week": Decimal(14), "sinds": Datum.lees("2025")}
    await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, zorger, relatie))
    return zorger, vader, dossier


async def verklaring(wijk: Wijk, zorger: UUID) -> UUID:
    made = await wijk.schrijf("WIJKTEAM", lambda w: maak(w, zorger, Decimal(14), Datum.lees("2025")))
    return await wijk.schrijf("MZ_CONSULENT", lambda w: verifieer(w, made, 1))


async def geen_bezwaar(wijk: Wijk, zorger: UUID, dossier: UUID) -> UUID:
    """The carer declares in writing to have no objection that the klantmanager gets the statement."""
    naar, soorten = [Ontvanger(wijk.stad, "KLANTMANAGER")], ["MANTELZORGVERKLARING"]
    return await wijk.schrijf(
        "REGISSEUR",
        lambda w: leg_toestemming_vast(
            w, dossier, zorger, naar, "PW_UITVOERING", soorten, Wijze.SCHRIFTELIJK, "v1", date(2027, 9, 1)
        ),
    )  # fmt: skip


async def in_de_pw(wijk: Wijk, *personen: UUID) -> None:
    """The klantmanager has a file of these residents, opened by the Participatiewet's own door."""
    rows = [
        {
            "id": nieuw_id(), "gemeente_id": wijk.gemeente, "versie": 1, "persoon_id": persoon, "partij_id": wijk.KLANTMANAGER,
            "partijsoort": Partijsoort.GEBRUIKER, "doel": "PW_UITVOERING", "categorie_code": soort, "niveau_tot": 7, "grondslag": "x",
            "bron": Bron.DOSSIER, "bron_id": persoon, "kader_id": persoon, "van": BEGIN, "verantwoordelijke_id": wijk.stad,
        }
        for persoon in personen for soort in ("IDENTITEIT", "UITKERING")
    ]  # fmt: skip
    await wijk.change(insert(Betrokkenheid.tabel()).values(rows))


async def mag_alles_lezen(wijk: Wijk) -> None:
    """A policy that gives the klantmanager every right to read, as a mistake might: what is left are the doors."""
    core = wijk.wijkwerk
    lines = default_lines(core.catalogue.permissions.values())
    for record in (Mantelzorgrelatie, Mantelzorgverklaring):
        lines.append(Regel("KLANTMANAGER", record.lezen.naam, 0))
    lines.append(Regel("KLANTMANAGER", "geschiedenis:lezen", 0))
    core.toewijzer.policy = load(list(dict.fromkeys(lines)), core.catalogue)


async def paden(wijk: Wijk, record: type[Any], zorger: UUID, rij: UUID | None, velden: tuple[str, ...]) -> list[Any]:
    """How many rows of a record the klantmanager gets, along each path that there is for a reader."""
    order = tuple(f"-{naam}" for naam in velden[:1])
    found: list[Any] = []
    for ask in (
        lambda r: len(r.page(record, velden, first=10).rows),
        lambda r: len(r.page(record, (), order=order, first=10).rows),
        lambda r: r.count(record),
        lambda r: len(r.by_key(record, velden, "persoon_id", [zorger])),
        lambda r: len(r.by_key(record, velden, "persoon_id", [zorger], roster=True)),
        lambda r: int(rij is not None and r.one(record, velden, rij) is not None),
        lambda r: len(history(r, record, [rij] if rij is not None else [])),
    ):
        found.append(await wijk.lees("KLANTMANAGER", ask))
    return found


async def test_the_klantmanager_sees_the_statement_after_the_non_objection_and_not_before_nor_after(wijk: Wijk) -> None:
    zorger, _, dossier = await fatima(wijk)
    vraag, rij = Vrager(wijk), await verklaring(wijk, zorger)
    await mag_alles_lezen(wijk)

    async def gezien() -> tuple[set[int], int]:
        lijst = (await vraag.data("KLANTMANAGER", LIJST))["mantelzorgverklaringen"]
        assert lijst["totalCount"] == len(lijst["edges"])
        return set(await paden(wijk, Mantelzorgverklaring, zorger, rij, VELDEN)), lijst["totalCount"]

    assert await gezien() == ({0}, 0)
    toestemming = await geen_bezwaar(wijk, zorger, dossier)
    assert await gezien() == ({1}, 1)
    [edge] = (await vraag.data("KLANTMANAGER", LIJST))["mantelzorgverklaringen"]["edges"]
    assert edge["node"] == {
        "urenPerWeek": "14.00", "sinds": "2025", "geverifieerdOp": edge["node"]["geverifieerdOp"], "geldigTot": "2028-02-29",
        "geverifieerdBij": {"naam": "dock"}, "persoon": None,
    }  # fmt: skip
    assert (await vraag("KLANTMANAGER", GENEST, id=str(zorger))).data == {"persoon": None}
    await in_de_pw(wijk, zorger)
    [edge] = (await vraag.data("KLANTMANAGER", LIJST))["mantelzorgverklaringen"]["edges"]
    assert edge["node"]["persoon"] == {"id": str(zorger), "geslachtsnaam": "Djibet"}
    genest = (await vraag.data("KLANTMANAGER", GENEST, id=str(zorger)))["persoon"]
    assert genest["mantelzorgverklaringen"] == [{"urenPerWeek": "14.00", "geldigTot": "2028-02-29"}]
    await wijk.schrijf("REGISSEUR", lambda w: trek_in(w, toestemming))
    assert await gezien() == ({0}, 0)
    genest = (await vraag.data("KLANTMANAGER", GENEST, id=str(zorger)))["persoon"]
    assert genest == {"geslachtsnaam": "Djibet", "mantelzorgverklaringen": []}


async def test_of_the_care_itself_nothing_crosses_whatever_the_policy_says(wijk: Wijk) -> None:
    zorger, vader, dossier = await fatima(wijk)
    vraag = Vrager(wijk)
    [relatie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Mantelzorgrelatie, (), "persoon_id", [zorger]))
    await verklaring(wijk, zorger)
    await geen_bezwaar(wijk, zorger, dossier)
    await in_de_pw(wijk, zorger)
    assert codes(await vraag("KLANTMANAGER", RELATIES, id=str(zorger))) == ["GEEN_RECHT"]
    await mag_alles_lezen(wijk)
    assert set(await paden(wijk, Mantelzorgrelatie, zorger, relatie.id, ("uren_per_week", "relatie"))) == {0}
    gezien = (await vraag.data("KLANTMANAGER", RELATIES, id=str(zorger)))["persoon"]
    assert gezien == {"geslachtsnaam": "Djibet", "mantelzorgrelaties": []}
    assert (await vraag("KLANTMANAGER", GENEST, id=str(vader))).data == {"persoon": None}
    assert await wijk.lees("KLANTMANAGER", lambda r: r.by_key(Mantelzorgrelatie, (), "zorgvrager_id", [vader])) == []
    assert (await vraag.data("KLANTMANAGER", "{personen{totalCount}}"))["personen"]["totalCount"] == 1


async def test_what_is_not_verified_does_not_cross_and_neither_does_what_was_said_before(wijk: Wijk) -> None:
    zorger, _, dossier = await fatima(wijk)
    await mag_alles_lezen(wijk)
    await geen_bezwaar(wijk, zorger, dossier)
    rij = await wijk.schrijf("WIJKTEAM", lambda w: maak(w, zorger, Decimal(14), Datum.lees("2025")))
    assert set(await paden(wijk, Mantelzorgverklaring, zorger, rij, VELDEN)) == {0}
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Mantelzorgverklaring)) == 1
    await wijk.schrijf("MZ_CONSULENT", lambda w: verifieer(w, rij, 1))
    assert set(await paden(wijk, Mantelzorgverklaring, zorger, rij, VELDEN)) == {1}


async def test_no_consent_lets_the_care_itself_in_to_the_participatiewet(wijk: Wijk) -> None:
    zorger, _, dossier = await fatima(wijk)
    naar = [Ontvanger(wijk.stad, "KLANTMANAGER")]
    for soorten, wijze in ((["MANTELZORG"], Wijze.SCHRIFTELIJK), (["MANTELZORGVERKLARING"], Wijze.MONDELING)):
        with pytest.raises(OngeldigeInvoer):
            await wijk.schrijf(
                "REGISSEUR",
                partial(
                    leg_toestemming_vast, dossier=dossier, persoon=zorger, ontvangers=naar, doel="PW_UITVOERING", categorieen=soorten,
                    wijze=wijze, tekst_versie="v1", geldig_tot=date(2027, 9, 1), bewijs="x",
                ),
            )  # fmt: skip
    assert await wijk.rows(Toestemming.tabel().select()) == []


def plugin(**declared: Any) -> ModuleType:
    """A plugin that somebody might write."""
    module = ModuleType("gluurder")

    @hookimpl
    def plugin_info() -> PluginInfo:
        return PluginInfo("gluurder", "Wil meer zien dan mag.", "1.0")

    @hookimpl
    def declaraties() -> Declaraties:
        return Declaraties(**declared)

    vars(module).update(plugin_info=plugin_info, declaraties=declaraties)
    return module


GLUURDERS = {
    "own purpose": {"doelen": [Doel("PW_ZORG", "Zorg bekijken", Domein.PW, PW_UITVOERING.grondslag, (MANTELZORG,))]},
    "category again": {"categorieen": [Categorie(MANTELZORG.code, MANTELZORG.uitleg, doelen=("PW_UITVOERING",))]},
    "purpose again": {"doelen": [Doel(PW_UITVOERING.code, PW_UITVOERING.uitleg, Domein.PW, PW_UITVOERING.grondslag, (MANTELZORG,))]},
    "statement without consent": {
        "doelen": [Doel("PW_ZORG", "x", Domein.PW, PW_UITVOERING.grondslag, (Categorie("MANTELZORGVERKLARING", "x", domein=Domein.WMO),))]
    },
    "other act, with consent": {
        "categorieen": [
            Categorie(MANTELZORG.code, MANTELZORG.uitleg, met_instemming=(("PW_UITVOERING", Instemming.SCHRIFTELIJK_GEEN_BEZWAAR),))
        ]
    },
}


@pytest.mark.parametrize("declared", GLUURDERS.values(), ids=GLUURDERS.keys())
def test_a_plugin_that_opens_the_care_for_the_participatiewet_does_not_start(tmp_path: Any, declared: dict[str, Any]) -> None:
    with pytest.raises(OpstartFout):
        Wijkwerk(Settings(map=tmp_path), [wijkwerk_mantelzorg, plugin(**declared)])
    assert Wijkwerk(Settings(map=tmp_path), [wijkwerk_mantelzorg, plugin()]).catalogue.categorieen[MANTELZORG.code] == MANTELZORG


def test_no_activity_does_both(tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="different acts"):
        Activiteit("ALLEBEI", "Wmo en Participatiewet", (WMO_ONDERZOEK, PW_UITVOERING))
