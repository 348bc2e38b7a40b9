"""A field that the policy refuses a role (`weiger`) is nowhere: no value, filter, order, search, count, history, and no write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.policy import default_lines, load
from wijkwerk.access.policybestand import Weigering
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.noodtoegang.beoordelen import beoordeel
from wijkwerk.noodtoegang.noodtoegang import Noodoordeel, Noodreden, Noodtoegang
from wijkwerk.noodtoegang.openen import Geopend, open_noodtoegang
from wijkwerk.partners.besluiten import neem_aan
from wijkwerk.partners.instemming import ToestemmingDektNiet
from wijkwerk.partners.ontvangstbewijs import ontvangstbewijzen
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Filter
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.versions import herkomst, history, known_at
from wijkwerk.testing import weigering
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.noodtoegang import UITLEG
from wijkwerk.testing.verwijzingen import RECORDS, aanbieden, aanbod, besluit, toestemming, verwezen, zaak
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.bekendheid import is_bekend
from wijkwerk.zoeken.kenmerken import Kenmerken
from wijkwerk.zoeken.zoek import Zoekvraag, tel, zoek

pytestmark = pytest.mark.anyio
DAG = Datum.lees("1980-05-01")
VRIJ = Zoekvraag(geboortedatum=Datum(1980))


def weiger(wijk: Wijk, *velden: str, rol: str = "REGISSEUR") -> None:
    """From now on this role never sees these fields."""
    core = wijk.wijkwerk
    lines = default_lines(core.catalogue.permissions.values())
    core.toewijzer.policy = load([*lines, *[Weigering(rol, veld) for veld in velden]], core.catalogue)


@pytest.fixture
async def wie(wijk_vlug: Wijk) -> UUID:
    wie = await wijk_vlug.inwoner(geboortedatum=DAG, roepnaam="Kees", woonplaats="Overschie", contact=["0101234567"])
    await wijk_vlug.dossier(wie)
    return wie


async def test_its_value_is_held_back_and_what_follows_from_it_and_nothing_else(wijk_vlug: Wijk, wie: UUID) -> None:
    velden = ("geboortedatum", "leeftijd", "roepnaam")
    [before] = await wijk_vlug.lees("REGISSEUR", lambda r: r.by_key(Persoon, velden, "id", [wie]))
    assert (before.geboortedatum, before.roepnaam, before.beperkt) == (DAG, "Kees", False)
    assert before.leeftijd is not None
    weiger(wijk_vlug, "Persoon.geboortedatum")
    ways: list[Callable[[Reader], Any]] = [
        lambda r: r.one(Persoon, velden, wie),
        lambda r: r.page(Persoon, velden, first=9).rows[0],
        lambda r: known_at(r, Persoon, velden, [wie], wijk_vlug.klok.nu())[0],
    ]
    for way in ways:
        row = await wijk_vlug.lees("REGISSEUR", way)
        assert (row.geboortedatum, row.leeftijd, row.roepnaam, row.beperkt) == (None, None, "Kees", True)
    shown = [g for regel in (await wijk_vlug.log())[-3:] for b in regel["betrokkenen"] for g in b["getoond"]]
    assert shown
    assert not any({"geboortedatum", "leeftijd"} & set(velden) for _, _, velden, _ in shown)
    row = await wijk_vlug.lees("WIJKTEAM", lambda r: r.one(Persoon, velden, wie))
    assert (row.geboortedatum, row.beperkt) == (DAG, False)


WEGEN: dict[str, tuple[str, Callable[[Reader], Any]]] = {
    "filter": ("Persoon.geboortedatum", lambda r: r.page(Persoon, (), filters={Filter("geboortedatum"): DAG}, first=9).rows),
    "order": ("Persoon.geboortedatum", lambda r: r.page(Persoon, (), order=("-geboortedatum",), first=9).rows),
    "count": ("Persoon.geboortedatum", lambda r: r.count(Persoon, {Filter("geboortedatum"): DAG})),
    "count in an order": ("Persoon.geboortedatum", lambda r: r.count(Persoon, order=("geboortedatum",))),
    "key": ("Contactgegeven.waarde", lambda r: r.by_key(Contactgegeven, (), "waarde", ["+31101234567"])),
    "search by date": ("Persoon.geboortedatum", lambda r: zoek(r, VRIJ, (), first=9).rows),
    "search counted": ("Persoon.geboortedatum", lambda r: tel(r, VRIJ)),
    "search by a name": ("Persoon.roepnaam", lambda r: zoek(r, Zoekvraag(naam="Kees"), (), first=9).rows),
    "the order of a surname by its key": ("Persoon.geslachtsnaam", lambda r: r.page(Persoon, (), order=("sorteernaam",), first=9).rows),
    "search by BSN": ("Persoon.bsn", lambda r: zoek(r, Zoekvraag(bsn=Bsn.lees("999993653")), (), first=9).rows or True),
}


@pytest.mark.parametrize(("veld", "weg"), WEGEN.values(), ids=WEGEN.keys())
async def test_nothing_is_found_put_in_order_or_counted_by_it(wijk_vlug: Wijk, wie: UUID, veld: str, weg: Callable[[Reader], Any]) -> None:
    assert await wijk_vlug.lees("REGISSEUR", weg)
    weiger(wijk_vlug, veld)
    with pytest.raises(GeenRecht):
        await wijk_vlug.lees("REGISSEUR", weg)
    if "bsn" not in veld:
        assert await wijk_vlug.lees("WIJKTEAM", weg)


async def test_its_history_is_not_told_either(wijk_vlug: Wijk, wie: UUID) -> None:
    await wijk_vlug.schrijf("REGISSEUR", lambda work: setattr(work.get(Persoon, wie), "geboortedatum", Datum(1981)))

    def told(reader: Reader) -> set[str]:
        changes = {veld.veld for versie in history(reader, Persoon, [wie])[wie] for veld in versie.velden}
        return changes | herkomst(reader, Persoon, [wie])[wie].keys()

    assert {"geboortedatum", "roepnaam"} <= await wijk_vlug.lees("REGISSEUR", told)
    weiger(wijk_vlug, "Persoon.geboortedatum")
    after = await wijk_vlug.lees("REGISSEUR", told)
    assert "geboortedatum" not in after
    assert "roepnaam" in after


async def test_it_is_not_written_over_unseen_and_nobody_is_asked_about_by_it(wijk_vlug: Wijk, wie: UUID) -> None:
    weiger(wijk_vlug, "Persoon.geboortedatum")

    def change(work: Work) -> None:
        work.get(Persoon, wie).geboortedatum = Datum(1981)

    await weigering.refused(wijk_vlug, "REGISSEUR", GeenRecht, change, records=(Persoon,))
    vraag = Kenmerken(geslachtsnaam="Moulin", geboortedatum=DAG)
    assert await wijk_vlug.schrijf("DOCK", partial(is_bekend, kenmerken=vraag))
    for veld in ("Persoon.geboortedatum", "Persoon.geslachtsnaam"):
        weiger(wijk_vlug, veld, rol="DOCK")
        with pytest.raises(GeenRecht):
            await wijk_vlug.schrijf("DOCK", partial(is_bekend, kenmerken=vraag))
    weiger(wijk_vlug, "Contactgegeven.waarde", rol="DOCK")
    assert await wijk_vlug.schrijf("DOCK", partial(is_bekend, kenmerken=vraag))
    with pytest.raises(GeenRecht):
        await wijk_vlug.schrijf("DOCK", partial(is_bekend, kenmerken=Kenmerken(telefoonnummer="0101234567")))


async def test_nobody_is_looked_for_by_it_in_an_emergency_either(wijk_vlug: Wijk, wie: UUID) -> None:
    vraag = Kenmerken(geslachtsnaam="Moulin", geboortedatum=DAG)

    def nood(work: Work) -> Any:
        return open_noodtoegang(work, vraag, Noodreden.ACUUT_GEVAAR, UITLEG)

    weiger(wijk_vlug, "Persoon.geboortedatum", rol="CRISISDIENST")
    await weigering.refused(wijk_vlug, "CRISISDIENST", GeenRecht, nood, records=(Noodtoegang, Betrokkenheid))
    weiger(wijk_vlug, "Persoon.geboortedatum", rol="WIJKTEAM")
    assert isinstance(await wijk_vlug.schrijf("CRISISDIENST", nood), Geopend)


async def test_who_sees_not_whose_break_glass_it_is_still_judges_no_own_and_none_twice(wijk_vlug: Wijk, wie: UUID) -> None:
    vraag = Kenmerken(geslachtsnaam="Moulin", geboortedatum=DAG)
    nood = await wijk_vlug.schrijf("REGISSEUR", lambda work: open_noodtoegang(work, vraag, Noodreden.ACUUT_GEVAAR, UITLEG))
    assert isinstance(nood, Geopend)
    weiger(wijk_vlug, "Noodtoegang.gebruiker_id", "Noodtoegang.beoordeeld")
    oordeel = partial(beoordeel, id=nood.noodtoegang, oordeel=Noodoordeel.TERECHT, omdat="Het was nodig")
    records = (Noodtoegang, Betrokkenheid)
    await weigering.refused(wijk_vlug, "REGISSEUR", GeenRecht, partial(oordeel, versie=1), records=records)
    await wijk_vlug.schrijf("TEAMLEIDER", partial(oordeel, versie=1))
    ander = wijk_vlug.actor("REGISSEUR", gebruiker=await collega(wijk_vlug, "REGISSEUR", wijk_vlug.team))
    await weigering.refused(wijk_vlug, ander, OngeldigeInvoer, partial(oordeel, versie=2), records=records)


async def test_a_consent_for_one_role_is_for_no_other_also_when_the_role_is_hidden(wijk_vlug: Wijk) -> None:
    persoon, dossier = await zaak(wijk_vlug)
    geeft = await toestemming(wijk_vlug, dossier, persoon, rol="ZORG")
    naar = {"organisatie": wijk_vlug.zorg, "doel": "ZORG_UITWISSELING", "toestemming": geeft}
    weiger(wijk_vlug, "Toestemmingsontvanger.rol")
    alle = aanbieden(dossier, persoon, aanbod(wijk_vlug, **naar))
    await weigering.refused(wijk_vlug, "REGISSEUR", ToestemmingDektNiet, alle, records=RECORDS)
    assert await wijk_vlug.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk_vlug, **naar, rol="ZORG")))


async def test_of_a_referral_that_is_hidden_in_part_there_is_no_receipt(wijk_vlug: Wijk) -> None:
    _, _, id = await verwezen(wijk_vlug)
    await besluit(wijk_vlug, "DOCK", neem_aan, id)
    for veld in ("organisatie_id", "doel", "categorieen", "niveau_tot", "tot"):
        weiger(wijk_vlug, f"Verwijzing.{veld}", rol="DOCK")
        assert await wijk_vlug.lees("DOCK", lambda r: ontvangstbewijzen(r, [id])) == [None]
    assert await wijk_vlug.lees("REGISSEUR", lambda r: ontvangstbewijzen(r, [id])) != [None]
