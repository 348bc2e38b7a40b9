"""What secrecy and the safety flag hide, on every path that reads: lists, counts, searches, relations, versions (domain.md 1.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, update

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.register import CATEGORIEEN, ROLLEN
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.gebieden import Gebied
from wijkwerk.geheimhouding import zet_geheimhouding, zet_veiligheidsvlag
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.plan import Filter
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.records.versions import herkomst, history, known_at
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.zoeken.zoek import Zoekvraag, tel, zoek

pytestmark = pytest.mark.anyio
BUITEN = tuple(rol.code for rol in ROLLEN if not rol.gemeentelijk)
BINNEN = ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "CRISISDIENST", "KLANTMANAGER")
ADRES = ("straat", "huisnummer", "huisletter", "huisnummertoevoeging", "postcode", "woonplaats", "gebied_id", "adresregel1", "adresregel2")
REDEN = "Vlucht voor Zwaluwenstein"
Zet = Callable[..., UUID]


@pytest.fixture
def snel(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def test_the_roles_outside_the_municipality_are_the_ones_these_tests_mean() -> None:
    assert set(BUITEN) == {
        "PEERCOACH", "BUURTCOACH", "VRIJW_COORD", "MZ_CONSULENT", "DOCK", "ZORG", "GROEPSHOST", "PARTNER_BEHEER", "VERTEGENWOORDIGER",
    }  # fmt: skip


async def zet(wijk: Wijk, wat: Zet, persoon: UUID, versie: int, aan: bool, reden: str = REDEN) -> UUID:
    return await wijk.schrijf("WIJKTEAM", lambda w: wat(w, persoon, versie, aan, reden))


@dataclass
class Buurt:
    """Three residents in one household, one street and one area: with nothing held back, with secrecy, and with the safety flag."""

    gewoon: UUID
    geheim: UUID
    gevaar: UUID
    gebied: UUID
    huis: UUID
    relatie: UUID

    @property
    def allen(self) -> list[UUID]:
        return [self.gewoon, self.geheim, self.gevaar]


def actor(wijk: Wijk, rol: str) -> Actor:
    """With every right there is: what is hidden here, no policy can open."""
    alle = frozenset(wijk.wijkwerk.catalogue.permissions)
    return replace(wijk.actor(rol), rechten=alle)


async def buurt(wijk: Wijk, rol: str) -> Buurt:
    """The residents, and for this role a door to each of them, for every category, as wide as its ceiling."""
    ids = []
    for naam in ("Gewoon", "Geheim", "Gevaar"):
        ids.append(
            await wijk.inwoner(
                naam, roepnaam=naam, straat="Dorpsstraat", huisnummer=7, postcode=Postcode.lees("3043TD"), woonplaats="Rotterdam",
                geboortedatum=Datum.lees("1956-11-15"), contact=["0612345678", "a@voorbeeld.nl"],
            )
        )  # fmt: skip
    asker, huis = wijk.actor(rol), nieuw_id()

    def fill(connection: Connection) -> tuple[UUID, UUID]:
        for persoon in ids:
            wijk.put(connection, Huishoudlid, persoon_id=persoon, huishouden_id=huis, rol=Huishoudrol.HOOFD, van=date(2027, 1, 1))
            for categorie in CATEGORIEEN if asker.doelen else ():
                wijk.put(
                    connection, Betrokkenheid, persoon_id=persoon, partij_id=asker.gebruiker, partijsoort=Partijsoort.GEBRUIKER,
                    doel=asker.doelen[0], categorie_code=categorie.code, niveau_tot=7, grondslag="x", bron=Bron.KOPPELING, bron_id=huis,
                    van=BEGIN,
                )  # fmt: skip
        relatie = wijk.put(connection, Relatie, persoon_id=ids[1], ander_id=ids[0], soort=Relatiesoort.BEKENDE)
        gebied = connection.execute(select(Gebied.tabel().c.id).limit(1)).scalar_one()
        connection.execute(update(Persoon.tabel()).values(gebied_id=gebied))
        return gebied, relatie

    gebied, relatie = await wijk.wijkwerk.database.transact(fill)
    return Buurt(ids[0], ids[1], ids[2], gebied, huis, relatie)


async def schermd(wijk: Wijk, wie: Buurt) -> None:
    await zet(wijk, zet_geheimhouding, wie.geheim, 1, True)
    await zet(wijk, zet_veiligheidsvlag, wie.gevaar, 1, True)


def lijsten(reader: Reader, wie: Buurt) -> dict[str, set[UUID]]:
    """Every way to get a list of residents, and who is in it."""
    plafond = int(reader.actor.plafond)
    found = {
        "list": reader.page(Persoon, ("roepnaam",), order=("roepnaam",), first=10).rows,
        "list, last first": reader.page(Persoon, ("roepnaam",), order=("-roepnaam",), first=10).rows,
        "list without order": reader.page(Persoon, (), first=10).rows,
        "second page": reader.page(Persoon, ("roepnaam",), order=("roepnaam",), first=10, after=["Aaa", nieuw_id()]).rows,
        "filter on a name": reader.page(Persoon, (), filters={Filter("roepnaam", "begint_met"): "Ge"}, first=10).rows,
        "roster": reader.by_key(Persoon, ("roepnaam",), "id", wie.allen, roster=True),
        "roster, first of each": reader.by_key(Persoon, ("roepnaam",), "id", wie.allen, roster=True, limit=1),
    }
    if plafond >= 2:
        found |= {
            "by area": reader.by_key(Persoon, (), "gebied_id", [wie.gebied]),
            "filter on the area": reader.page(Persoon, (), filters={Filter("gebied_id"): wie.gebied}, first=10).rows,
            "search by name": zoek(reader, Zoekvraag(naam="Ge"), ("roepnaam",), first=10).rows,
        }
    if plafond >= 4:
        adres = Zoekvraag(postcode=Postcode.lees("3043TD"), huisnummer=7)
        found |= {
            "by house number": reader.by_key(Persoon, (), "huisnummer", [7]),
            "filter on the postcode": reader.page(Persoon, (), filters={Filter("postcode"): Postcode.lees("3043TD")}, first=10).rows,
            "sort by the postcode": reader.page(Persoon, (), order=("postcode",), first=10).rows,
            "search by address": zoek(reader, adres, ("roepnaam",), first=10).rows,
            "search by birth date": zoek(reader, Zoekvraag(geboortedatum=Datum.lees("1956")), ("roepnaam",), first=10).rows,
        }
    return {name: {row.id for row in rows} for name, rows in found.items()}


def tellingen(reader: Reader) -> dict[str, int]:
    """Every way to count residents."""
    plafond = int(reader.actor.plafond)
    found = {"all": reader.count(Persoon), "on a name": reader.count(Persoon, {Filter("roepnaam", "begint_met"): "Ge"})}
    if plafond >= 2:
        found |= {"search by name": tel(reader, Zoekvraag(naam="Ge"))}
    if plafond >= 4:
        found |= {
            "search by address": tel(reader, Zoekvraag(postcode=Postcode.lees("3043TD"), huisnummer=7)),
            "on the postcode": reader.count(Persoon, {Filter("postcode"): Postcode.lees("3043TD")}),
        }
    return found


def hangt_eraan(reader: Reader, wie: Buurt) -> dict[str, set[UUID]]:
    """What hangs on residents and is secret with them, found through the resident, the row's own id or the household; and in all."""
    found: dict[str, list[Any]] = {}
    for record in (Contactgegeven, Huishoudlid):
        found[f"{record.__name__} of a resident"] = reader.by_key(record, ("persoon_id",), "persoon_id", wie.allen)
        found[f"{record.__name__} of a resident, first"] = reader.by_key(record, ("persoon_id",), "persoon_id", wie.allen, limit=5)
        found[f"{record.__name__} in all"] = reader.page(record, ("persoon_id",), first=50).rows
        every = [row[0] for row in reader.connection.execute(select(record.tabel().c.id))]
        found[f"{record.__name__} by id"] = reader.by_key(record, ("persoon_id",), "id", every)
    if int(reader.actor.plafond) >= 4:
        found["the household"] = reader.by_key(Huishoudlid, ("persoon_id",), "huishouden_id", [wie.huis])
    return {name: {row.persoon_id for row in rows} for name, rows in found.items()}


@pytest.mark.parametrize("rol", BUITEN)
async def test_outside_the_municipality_nobody_with_secrecy_is_in_any_list_count_or_search(snel: Wijk, rol: str) -> None:
    wie = await buurt(snel, rol)
    niveau = int(actor(snel, rol).plafond)
    before = await snel.lees(actor(snel, rol), lambda r: lijsten(r, wie))
    assert before == {name: set(wie.allen) if niveau else set() for name in before}
    counted = await snel.lees(actor(snel, rol), tellingen)
    assert counted == dict.fromkeys(counted, 3 if niveau else 0)
    await schermd(snel, wie)
    after = await snel.lees(actor(snel, rol), lambda r: lijsten(r, wie))
    assert after == {name: {wie.gewoon} if niveau else set() for name in before}
    assert await snel.lees(actor(snel, rol), tellingen) == dict.fromkeys(counted, 1 if niveau else 0)


@pytest.mark.parametrize("rol", BUITEN)
async def test_outside_the_municipality_a_name_by_number_comes_without_address_contact_and_household(snel: Wijk, rol: str) -> None:
    wie, moment = await buurt(snel, rol), snel.klok.moment
    await snel.schrijf("WIJKTEAM", lambda w: [wijzig(w, id, 1, {"straat": "Kerkstraat"}) for id in wie.allen])
    niveau = int(actor(snel, rol).plafond)
    before = await snel.lees(actor(snel, rol), lambda r: hangt_eraan(r, wie))
    contact = set(wie.allen) if niveau >= 2 else set()
    assert all(found == contact for name, found in before.items() if name.startswith("Contact"))
    assert all(found == (set(wie.allen) if niveau >= 4 else set()) for name, found in before.items() if name.startswith("Huis"))
    await zet(snel, zet_geheimhouding, wie.geheim, 2, True)
    await zet(snel, zet_veiligheidsvlag, wie.gevaar, 2, True)
    after = await snel.lees(actor(snel, rol), lambda r: hangt_eraan(r, wie))
    assert not [name for name, found in after.items() if found & {wie.geheim, wie.gevaar}]
    assert all(wie.gewoon in found for name, found in after.items() if before[name])
    velden = ("roepnaam", "geheim", "veiligheidsvlag", *ADRES)
    seen = {row.id: row for row in await snel.lees(actor(snel, rol), lambda r: r.by_key(Persoon, velden, "id", wie.allen))}
    toen: list[Any] = await snel.lees(actor(snel, rol), lambda r: known_at(r, Persoon, velden, wie.allen, moment))
    for row in (*(seen.get(id) for id in (wie.geheim, wie.gevaar)), *toen[1:]):
        assert (row is None) == (niveau == 0)
        assert row is None or (row.roepnaam in ("Geheim", "Gevaar") and row.beperkt)
        assert row is None or {getattr(row, name) for name in (*ADRES, "veiligheidsvlag")} == {None}
    if niveau >= 4:
        assert (seen[wie.gewoon].straat, toen[0].straat) == ("Kerkstraat", "Dorpsstraat")
    told = await snel.lees(actor(snel, rol), lambda r: (history(r, Persoon, wie.allen), herkomst(r, Persoon, wie.allen)))
    for id in (wie.geheim, wie.gevaar):
        assert not {each.veld for versie in told[0].get(id, ()) for each in versie.velden} & set(ADRES)
        assert not set(told[1].get(id, ())) & set(ADRES)


@pytest.mark.parametrize("rol", BUITEN)
async def test_outside_the_municipality_family_and_what_hangs_on_it_is_hidden_with_the_resident(snel: Wijk, rol: str) -> None:
    wie = await buurt(snel, rol)
    niveau = int(actor(snel, rol).plafond)

    def lees(reader: Reader) -> list[UUID]:
        return [row.id for row in reader.by_key(Relatie, ("ander_id",), "id", [wie.relatie])]

    assert await snel.lees(actor(snel, rol), lees) == ([wie.relatie] if niveau >= 4 else [])
    await schermd(snel, wie)
    assert await snel.lees(actor(snel, rol), lees) == []


@pytest.mark.parametrize("rol", BINNEN)
async def test_inside_the_municipality_nothing_of_it_is_hidden(snel: Wijk, rol: str) -> None:
    wie = await buurt(snel, rol)
    await schermd(snel, wie)
    found = await snel.lees(actor(snel, rol), lambda r: lijsten(r, wie) | hangt_eraan(r, wie))
    assert found == {name: set(wie.allen) for name in found}
    row = await snel.lees(actor(snel, rol), lambda r: r.one(Persoon, ("straat", "veiligheidsvlag", "adresregel1"), wie.gevaar))
    assert row is not None
    assert (row.straat, row.veiligheidsvlag, row.adresregel1) == ("Dorpsstraat", True, "Dorpsstraat 7")


@pytest.mark.parametrize("eerst", ["geheim", "veiligheid"])
async def test_with_one_lifted_the_other_still_hides_and_with_both_lifted_all_is_back(snel: Wijk, eerst: str) -> None:
    wie = await buurt(snel, "DOCK")
    soorten = (zet_geheimhouding, zet_veiligheidsvlag) if eerst == "geheim" else (zet_veiligheidsvlag, zet_geheimhouding)

    async def gezien() -> tuple[set[UUID], Any]:
        lijst = await snel.lees(actor(snel, "DOCK"), lambda r: lijsten(r, wie)["list"])
        row = await snel.lees(actor(snel, "DOCK"), lambda r: r.one(Persoon, ("straat",), wie.geheim))
        return lijst, row and row.straat

    for versie, wat in enumerate(soorten, 1):
        await zet(snel, wat, wie.geheim, versie, True)
        assert await gezien() == ({wie.gewoon, wie.gevaar}, None)
    await zet(snel, soorten[0], wie.geheim, 3, False)
    assert await gezien() == ({wie.gewoon, wie.gevaar}, None)
    await zet(snel, soorten[1], wie.geheim, 4, False)
    assert await gezien() == (set(wie.allen), "Dorpsstraat")


async def test_it_works_on_the_next_page_of_a_list_that_was_begun_before(snel: Wijk) -> None:
    wie = await buurt(snel, "DOCK")
    page = await snel.lees(actor(snel, "DOCK"), lambda r: r.page(Persoon, ("roepnaam",), order=("roepnaam",), first=1))
    assert ([row.roepnaam for row in page.rows], page.more) == (["Geheim"], True)
    await zet(snel, zet_veiligheidsvlag, wie.gevaar, 1, True)
    after = [page.rows[0].roepnaam, page.rows[0].id]
    rest = await snel.lees(actor(snel, "DOCK"), lambda r: r.page(Persoon, ("roepnaam",), order=("roepnaam",), first=5, after=after))
    assert ([row.roepnaam for row in rest.rows], rest.more) == (["Gewoon"], False)
