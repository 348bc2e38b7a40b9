"""Secrecy and the safety flag: who sets and lifts them, and what they do on every path that reads (domain.md 1.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import Connection, LargeBinary, cast, select, update

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.register import CATEGORIEEN, ROLLEN
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebieden import Gebied
from wijkwerk.geheimhouding import waarschuwing, zet_geheimhouding, zet_veiligheidsvlag
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
A = Afscherming.tabel()
Zet = Callable[..., UUID]


@pytest.fixture
def snel(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def test_the_roles_outside_the_municipality_are_the_ones_these_tests_mean() -> None:
    assert set(BUITEN) == {"PEERCOACH", "BUURTCOACH", "VRIJW_COORD", "MZ_CONSULENT", "DOCK", "ZORG", "GROEPSHOST", "PARTNER_BEHEER"}


async def zet(wijk: Wijk, wat: Zet, persoon: UUID, versie: int, aan: bool, reden: str | None = REDEN, rol: Any = "WIJKTEAM") -> UUID:
    return await wijk.schrijf(rol, lambda w: wat(w, persoon, versie, aan, reden))


async def afschermingen(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(A).order_by(A.c.van, A.c.id)))


async def open_(wijk: Wijk) -> list[str]:
    return sorted(row.soort.value for row in await afschermingen(wijk) if row.tot is None)


async def vlaggen(wijk: Wijk, persoon: UUID) -> tuple[bool, bool, int]:
    row = await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("geheim", "veiligheidsvlag", "versie"), persoon))
    assert row is not None
    return row.geheim, row.veiligheidsvlag, row.versie


# setting and lifting


async def test_secrecy_is_set_and_lifted_with_who_when_and_why(snel: Wijk) -> None:
    persoon = await snel.inwoner()
    await snel.dossier(persoon)
    await zet(snel, zet_geheimhouding, persoon, 1, True, None)
    [row] = await afschermingen(snel)
    assert (row.soort.value, row.partij_id, row.door_id, row.van, row.tot) == ("GEHEIM", None, snel.WIJKTEAM, snel.klok.moment, None)
    assert await vlaggen(snel, persoon) == (True, False, 2)
    await zet(snel, zet_geheimhouding, persoon, 2, False, "Op eigen verzoek", rol="REGISSEUR")
    moment = snel.klok.moment
    [row] = await snel.lees(
        "WIJKTEAM", lambda r: r.by_key(Afscherming, ("tot", "opgeheven_door_id", "reden_opheffing", "reden"), "persoon_id", [persoon])
    )
    assert (row.tot, row.opgeheven_door_id, row.reden_opheffing, row.reden) == (moment, snel.REGISSEUR, "Op eigen verzoek", None)
    assert await vlaggen(snel, persoon) == (False, False, 3)
    versies = (await snel.lees("WIJKTEAM", lambda r: history(r, Persoon, [persoon])))[persoon]
    assert [[(v.veld, v.oud, v.nieuw) for v in versie.velden] for versie in versies[:2]] == [
        [("geheim", True, False)],
        [("geheim", False, True)],
    ]
    assert [versie.door for versie in versies[:2]] == [snel.REGISSEUR, snel.WIJKTEAM]


async def test_the_reason_is_sealed_and_in_no_log(snel: Wijk) -> None:
    persoon = await snel.inwoner()
    await zet(snel, zet_veiligheidsvlag, persoon, 1, True)
    await zet(snel, zet_veiligheidsvlag, persoon, 2, False)
    raw = await snel.rows(select(cast(A.c.reden, LargeBinary), cast(A.c.reden_opheffing, LargeBinary)))
    assert all(value is not None and b"Zwaluwenstein" not in bytes(value) for row in raw for value in row)
    [row] = await snel.lees("WIJKTEAM", lambda r: r.by_key(Afscherming, ("reden", "reden_opheffing", "door_id"), "persoon_id", [persoon]))
    assert (row.reden, row.reden_opheffing, row.door_id) == (REDEN, REDEN, snel.WIJKTEAM)
    log = await snel.log()
    assert "Zwaluwenstein" not in str(log)
    written = [entry for entry in log if entry["gebeurtenis"] == "WIJZIGEN"]
    shown = {soort: set(velden) for entry in written for who in entry["betrokkenen"] for soort, _, velden, _ in who["getoond"]}
    assert "veiligheidsvlag" in shown["Persoon"]
    assert {"tot", "reden_opheffing", "opgeheven_door_id"} <= shown["Afscherming"]


async def test_each_of_the_two_stands_on_its_own(snel: Wijk) -> None:
    persoon = await snel.inwoner()
    await zet(snel, zet_geheimhouding, persoon, 1, True)
    await zet(snel, zet_veiligheidsvlag, persoon, 2, True)
    assert await open_(snel) == ["GEHEIM", "VEILIGHEID"]
    await zet(snel, zet_geheimhouding, persoon, 3, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == (["VEILIGHEID"], (False, True, 4))
    await zet(snel, zet_geheimhouding, persoon, 4, True)
    await zet(snel, zet_veiligheidsvlag, persoon, 5, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == (["GEHEIM"], (True, False, 6))
    await zet(snel, zet_geheimhouding, persoon, 6, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == ([], (False, False, 7))


async def test_who_is_registered_with_secrecy_has_it_through_the_same_code_and_it_can_be_lifted(snel: Wijk) -> None:
    persoon = await snel.inwoner(geheim=True)
    [row] = await afschermingen(snel)
    assert (row.soort.value, row.door_id, row.reden) == ("GEHEIM", snel.WIJKTEAM, None)
    await zet(snel, zet_geheimhouding, persoon, 1, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == ([], (False, False, 2))


BAD = {
    "secrecy lifted without a reason": (zet_geheimhouding, 2, False, None, "reden"),
    "secrecy lifted with an empty reason": (zet_geheimhouding, 2, False, "  ", "reden"),
    "secrecy that is on already": (zet_geheimhouding, 2, True, REDEN, "aan"),
    "a flag without a reason": (zet_veiligheidsvlag, 2, True, None, "reden"),
    "a flag with an empty reason": (zet_veiligheidsvlag, 2, True, "", "reden"),
    "a flag with a huge reason": (zet_veiligheidsvlag, 2, True, "x" * 5_000_000, "reden"),
    "a flag with a null byte": (zet_veiligheidsvlag, 2, True, "a\x00b", "reden"),
    "a flag that is not on": (zet_veiligheidsvlag, 2, False, REDEN, "aan"),
}


@pytest.mark.parametrize(("wat", "versie", "aan", "reden", "veld"), BAD.values(), ids=list(BAD))
async def test_what_can_not_be_is_refused_and_nothing_happened(
    snel: Wijk, wat: Zet, versie: int, aan: bool, reden: str | None, veld: str
) -> None:
    persoon = await snel.inwoner()
    await zet(snel, zet_geheimhouding, persoon, 1, True)
    before = await afschermingen(snel)
    with pytest.raises(OngeldigeInvoer) as refused:
        await zet(snel, wat, persoon, versie, aan, reden)
    assert refused.value.veld == veld
    assert (await afschermingen(snel), await vlaggen(snel, persoon)) == (before, (True, False, 2))


@pytest.mark.parametrize("wat", [zet_geheimhouding, zet_veiligheidsvlag], ids=["geheim", "veiligheid"])
async def test_who_may_not_or_is_not_involved_is_refused_and_nothing_happened(snel: Wijk, wat: Zet) -> None:
    persoon = await snel.inwoner()
    elders = snel.actor("WIJKTEAM", gebruiker=nieuw_id(), team=snel.ander_team)
    tries = [*((rol, GeenRecht) for rol in (*BUITEN, "TEAMLEIDER", "KLANTMANAGER", "CRISISDIENST", "GEBIED", "FG")), (elders, NietGevonden)]
    for rol, error in tries:
        with pytest.raises(error):
            await zet(snel, wat, persoon, 1, True, rol=rol)
    with pytest.raises(NietGevonden):
        await zet(snel, wat, nieuw_id(), 1, True)
    with pytest.raises(VersieVerouderd):
        await zet(snel, wat, persoon, 2, True)
    assert (await afschermingen(snel), await vlaggen(snel, persoon)) == ([], (False, False, 1))


async def test_what_can_not_be_ended_keeps_the_flag(snel: Wijk) -> None:
    """An afscherming of another organisation, out of reach of who lifts it."""
    persoon = await snel.inwoner(geheim=True)
    await snel.change(update(A).values(verantwoordelijke_id=snel.dock))
    with pytest.raises(NietGevonden):
        await zet(snel, zet_geheimhouding, persoon, 1, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == (["GEHEIM"], (True, False, 1))


async def test_secrecy_is_no_ordinary_change(snel: Wijk) -> None:
    persoon = await snel.inwoner(geheim=True)
    for veld in ("geheim", "veiligheidsvlag"):
        with pytest.raises(OngeldigeInvoer):
            await snel.schrijf("WIJKTEAM", lambda w, veld=veld: wijzig(w, persoon, 1, {veld: False}))  # type: ignore[misc]
    assert await vlaggen(snel, persoon) == (True, False, 1)


@pytest.mark.parametrize("wat", [zet_geheimhouding, zet_veiligheidsvlag], ids=["geheim", "veiligheid"])
async def test_of_several_at_once_one_is_first_and_the_others_are_told(wijk: Wijk, wat: Zet) -> None:
    persoon, ended = await wijk.inwoner(), []

    async def once(versie: int, aan: bool) -> None:
        try:
            await zet(wijk, wat, persoon, versie, aan)
            ended.append("GESLAAGD")
        except VersieVerouderd as error:
            ended.append(error.code)

    for versie, aan, left in ((1, True, 1), (2, False, 0)):
        ended.clear()
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(once, versie, aan)
        assert sorted(ended) == ["GESLAAGD", "VERSIE_VEROUDERD", "VERSIE_VEROUDERD"]
        assert len(await open_(wijk)) == left


# what it does


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


# what a professional is told


TEKSTEN = {
    "nothing": ((False, False, None), None),
    "nothing is seen": ((None, None, None), None),
    "secrecy": (
        (True, False, None),
        "Geheimhouding: geef adres, telefoonnummer, e-mailadres, buurt en huisgenoten niet aan anderen buiten de gemeente.",
    ),
    "danger": (
        (False, True, None),
        "Veiligheid: deze inwoner loopt gevaar. Overleg met de casusregisseur voordat u iets deelt of een brief stuurt.",
    ),
    "died": ((False, None, Datum.lees("2026")), "Overleden: stuur deze inwoner geen post."),
    "died on a day that is not known": ((None, None, Datum()), "Overleden: stuur deze inwoner geen post."),
}


@pytest.mark.parametrize(("van", "tekst"), TEKSTEN.values(), ids=list(TEKSTEN))
def test_the_warning_says_what_is_seen(van: tuple[Any, Any, Any], tekst: str | None) -> None:
    assert waarschuwing(*van) == tekst


def test_the_warning_says_everything_that_is_seen_danger_first() -> None:
    tekst = waarschuwing(True, True, Datum.lees("2026-01-01")) or ""
    assert [word.split()[-1] for word in tekst.split(":")[:-1]] == ["Veiligheid", "Geheimhouding", "Overleden"]


@pytest.mark.parametrize("overleden", ["2026-01-01", "2026", "onbekend"])
async def test_who_has_died_has_no_age_and_gets_no_letter(snel: Wijk, overleden: str) -> None:
    persoon = await snel.inwoner("Moulin", voornamen="Suzanne", geboortedatum=Datum.lees("1956-11-15"), adellijke_titel_predicaat="BS")
    velden = ("leeftijd", "aanschrijfwijze", "aanhef", "aanspreekvorm", "volledige_naam", "gebruik_in_lopende_tekst")

    async def gelezen() -> tuple[Any, ...]:
        row = await snel.lees("WIJKTEAM", lambda r: r.one(Persoon, velden, persoon))
        return tuple(getattr(row, name) for name in velden)

    namen = ("Suzanne barones Moulin", "S. Moulin")
    assert await gelezen() == (70, "S. Moulin", "Geachte S. Moulin", "De hoogwelgeboren vrouwe", *namen)
    await snel.schrijf("WIJKTEAM", lambda w: wijzig(w, persoon, 1, {"overlijdensdatum": Datum.lees(overleden)}))
    assert await gelezen() == (None, None, None, None, *namen)
