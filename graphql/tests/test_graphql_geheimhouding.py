"""Secrecy on every path of the schema, for every role outside the municipality; the warning for who works with the resident."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.register import CATEGORIEEN, ROLLEN
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
BUITEN = tuple(rol for rol in ROLLEN if not rol.gemeentelijk)
MET_NAAM = tuple(rol.code for rol in BUITEN if rol.plafond >= 2)
SCHERM = {
    "geheim": "mutation($id:ID!,$v:Int!,$aan:Boolean!,$r:String){geheimhoudingWijzigen(id:$id,versie:$v,aan:$aan,reden:$r)"
    "{versie geheim waarschuwing}}",
    "gevaar": "mutation($id:ID!,$v:Int!,$aan:Boolean!,$r:String!){veiligheidsvlagWijzigen(id:$id,versie:$v,aan:$aan,reden:$r)"
    "{versie veiligheidsvlag waarschuwing}}",
}
ADRES = "straat huisnummer postcode woonplaats gebied{naam} adresregel1"
BEVINDING = f"""query($id:ID!,$d:ID!,$toen:DateTime!){{
    persoon(id:$id){{id roepnaam geheim veiligheidsvlag beperkt {ADRES} waarschuwing contactgegevens{{waarde}} lidmaatschappen{{rol}}
        afschermingen{{reden}} huisgenoten{{id}} herkomst{{veld}} geschiedenis{{velden{{veld}}}}}}
    toen:persoon(id:$id,bekendOp:$toen){{roepnaam {ADRES}}}
    dossier(id:$d){{leden{{id roepnaam}}}}
    personen(first:10){{totalCount edges{{node{{id {ADRES}}}}}}}
    gezocht:personen(filter:{{naam:"Ge"}}){{totalCount edges{{node{{id}}}}}}
    opAdres:personen(filter:{{postcode:"3043TD",huisnummer:7}}){{totalCount edges{{node{{id}}}}}}
    opDatum:personen(filter:{{geboortedatum:"1956"}}){{totalCount edges{{node{{id}}}}}}}}"""
BEKEND = 'mutation{isBekend(geslachtsnaam:"Geheim",geboortedatum:"1956-11-15"){uitkomst team}}'


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def actor(wijk: Wijk, rol: str) -> Actor:
    """With every right there is: what is hidden here, no policy can open."""
    return replace(wijk.actor(rol), rechten=frozenset(wijk.wijkwerk.catalogue.permissions))


async def buurt(wijk: Wijk, rol: str) -> tuple[UUID, UUID, UUID]:
    """Two residents in one household and one case, the first with what can be secret; for this role every door. And the case."""
    geheim = await wijk.inwoner(
        "Geheim", roepnaam="Gea", straat="Dorpsstraat", huisnummer=7, postcode=Postcode.lees("3043TD"), contact=["0612345678"],
        woonplaats="Rotterdam", geboortedatum=Datum.lees("1956-11-15"),
    )  # fmt: skip
    gewoon = await wijk.inwoner("Gewoon", roepnaam="Gon", contact=["0612345679"])
    dossier = await wijk.dossier(gewoon, geheim)
    asker, huis = wijk.actor(rol), nieuw_id()

    def fill(connection: Connection) -> None:
        for persoon in (geheim, gewoon):
            wijk.put(connection, Huishoudlid, persoon_id=persoon, huishouden_id=huis, rol=Huishoudrol.HOOFD, van=BEGIN.date())
            for categorie in CATEGORIEEN if asker.doelen else ():
                wijk.put(
                    connection, Betrokkenheid, persoon_id=persoon, partij_id=asker.gebruiker, partijsoort=Partijsoort.GEBRUIKER,
                    doel=asker.doelen[0], categorie_code=categorie.code, niveau_tot=7, grondslag="x", bron=Bron.KOPPELING, bron_id=huis,
                    van=BEGIN,
                )  # fmt: skip
        wijk.put(connection, Relatie, persoon_id=gewoon, ander_id=geheim, soort=Relatiesoort.BEKENDE)

    await wijk.wijkwerk.database.transact(fill)
    return geheim, gewoon, dossier


async def scherm(vraag: Vrager, soort: str, id: UUID, versie: int, aan: bool = True, reden: str | None = "Daarom") -> Any:
    return await vraag("WIJKTEAM", SCHERM[soort], id=str(id), v=versie, aan=aan, r=reden)


def ids(page: Any) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


@pytest.mark.parametrize("soort", list(SCHERM))
@pytest.mark.parametrize("rol", MET_NAAM)
async def test_outside_the_municipality_only_a_name_is_left_by_number_and_nothing_in_lists(
    wijk: Wijk, vraag: Vrager, rol: str, soort: str
) -> None:
    geheim, gewoon, dossier = await buurt(wijk, rol)
    gevraagd = {"id": str(geheim), "d": str(dossier), "toen": wijk.klok.moment.isoformat()}
    before = await vraag.data(actor(wijk, rol), BEVINDING, **gevraagd)
    assert sorted(ids(before["personen"])) == sorted([str(geheim), str(gewoon)])
    assert before["persoon"]["contactgegevens"] == [{"waarde": "+31612345678"}]
    if wijk.actor(rol).plafond >= 4:
        assert (before["persoon"]["straat"], before["toen"]["straat"]) == ("Dorpsstraat", "Dorpsstraat")
        assert before["persoon"]["huisgenoten"] == [{"id": str(gewoon)}]
        assert "straat" in {each["veld"] for each in before["persoon"]["herkomst"]}
        assert len(before["dossier"]["leden"]) == 2
        assert [ids(before[name]) for name in ("opAdres", "opDatum")] == [[str(geheim)], [str(geheim)]]
    assert (await scherm(vraag, soort, geheim, 1)).errors == []
    after = await vraag.data(actor(wijk, rol), BEVINDING, **gevraagd)
    assert (ids(after["personen"]), after["personen"]["totalCount"]) == ([str(gewoon)], 1)
    assert (ids(after["gezocht"]), after["gezocht"]["totalCount"]) == ([str(gewoon)], 1)
    assert [(ids(after[name]), after[name]["totalCount"]) for name in ("opAdres", "opDatum")] == [([], 0), ([], 0)]
    persoon, toen = after["persoon"], after["toen"]
    assert (persoon["roepnaam"], persoon["beperkt"], toen["roepnaam"]) == ("Gea", True, "Gea")
    hidden = ("straat", "huisnummer", "postcode", "woonplaats", "gebied", "adresregel1")
    assert {str(row[name]) for row in (persoon, toen) for name in hidden} == {"None"}
    assert (persoon["veiligheidsvlag"], persoon["contactgegevens"], persoon["lidmaatschappen"], persoon["huisgenoten"]) == (
        None,
        [],
        [],
        [],
    )
    assert persoon["afschermingen"] == []
    told = {each["veld"] for each in persoon["herkomst"]} | {v["veld"] for each in persoon["geschiedenis"] for v in each["velden"]}
    assert not told & {*hidden, "veiligheidsvlag"}
    assert "veiligheid" not in (persoon["waarschuwing"] or "").lower()
    if wijk.actor(rol).plafond >= 4:
        assert after["dossier"]["leden"] == [{"id": str(gewoon), "roepnaam": "Gon"}]


@pytest.mark.parametrize("soort", list(SCHERM))
@pytest.mark.parametrize("rol", [rol.code for rol in BUITEN if rol.plafond < 2])
async def test_who_sees_no_surname_sees_no_more_after_it(wijk: Wijk, vraag: Vrager, rol: str, soort: str) -> None:
    geheim, _, _ = await buurt(wijk, rol)
    text = "query($id:ID!){persoon(id:$id){roepnaam straat waarschuwing contactgegevens{waarde}} personen{totalCount}}"
    await scherm(vraag, soort, geheim, 1)
    after = await vraag.data(actor(wijk, rol), text, id=str(geheim))
    if wijk.actor(rol).plafond == 0:
        assert after == {"persoon": None, "personen": {"totalCount": 0}}
    else:
        assert (after["persoon"]["roepnaam"], after["persoon"]["straat"], after["persoon"]["contactgegevens"]) == ("Gea", None, [])
    assert after["personen"]["totalCount"] == 0


@pytest.mark.parametrize("soort", list(SCHERM))
async def test_from_the_other_side_the_household_and_the_relation_show_no_more_than_a_name(wijk: Wijk, vraag: Vrager, soort: str) -> None:
    geheim, gewoon, _ = await buurt(wijk, "MZ_CONSULENT")
    text = f"query($id:ID!){{persoon(id:$id){{huisgenoten{{id}} relaties{{ander{{id roepnaam {ADRES} contactgegevens{{waarde}}}}}}}}}}"
    before = (await vraag.data(actor(wijk, "MZ_CONSULENT"), text, id=str(gewoon)))["persoon"]
    assert before["huisgenoten"] == [{"id": str(geheim)}]
    assert before["relaties"][0]["ander"]["straat"] == "Dorpsstraat"
    await scherm(vraag, soort, geheim, 1)
    after = (await vraag.data(actor(wijk, "MZ_CONSULENT"), text, id=str(gewoon)))["persoon"]
    assert after["huisgenoten"] == []
    for relatie in after["relaties"]:
        ander = relatie["ander"] or {}
        assert not {name: value for name, value in ander.items() if name not in ("id", "roepnaam") and value not in (None, [])}


@pytest.mark.parametrize("soort", list(SCHERM))
async def test_outside_the_municipality_who_has_secrecy_is_not_known_to_who_asks(wijk: Wijk, vraag: Vrager, soort: str) -> None:
    geheim, _, _ = await buurt(wijk, "DOCK")
    assert (await vraag.data("DOCK", BEKEND))["isBekend"]["uitkomst"] == "BEKEND"
    await scherm(vraag, soort, geheim, 1)
    assert (await vraag.data("DOCK", BEKEND))["isBekend"] == {"uitkomst": "NIET_BEKEND", "team": None}


@pytest.mark.parametrize("soort", list(SCHERM))
async def test_the_next_page_with_a_cursor_of_before_leaves_the_resident_out(wijk: Wijk, vraag: Vrager, soort: str) -> None:
    geheim, gewoon, _ = await buurt(wijk, "DOCK")
    text = "query($a:String){personen(first:1,after:$a){edges{node{id}} pageInfo{endCursor hasNextPage} totalCount}}"
    first = (await vraag.data(actor(wijk, "DOCK"), text))["personen"]
    assert (ids(first), first["totalCount"]) == ([str(geheim)], 2)
    await scherm(vraag, soort, gewoon, 1)
    rest = (await vraag.data(actor(wijk, "DOCK"), text, a=first["pageInfo"]["endCursor"]))["personen"]
    assert (ids(rest), rest["pageInfo"]["hasNextPage"], rest["totalCount"]) == ([], False, 1)


@pytest.mark.parametrize("rol", ["WIJKTEAM", "REGISSEUR", "TEAMLEIDER"])
async def test_the_municipality_sees_all_with_a_warning_at_its_level(wijk: Wijk, vraag: Vrager, rol: str) -> None:
    geheim, _, _ = await buurt(wijk, rol)
    text = "query($id:ID!){persoon(id:$id){straat waarschuwing leeftijd aanhef} personen{totalCount}}"
    assert (await vraag.data(rol, text, id=str(geheim)))["persoon"]["waarschuwing"] is None
    await scherm(vraag, "geheim", geheim, 1)
    await scherm(vraag, "gevaar", geheim, 2)
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, geheim, 3, {"overlijdensdatum": Datum.lees("2026")}))
    seen = await vraag.data(rol, text, id=str(geheim))
    assert (seen["persoon"]["straat"], seen["personen"]["totalCount"], seen["persoon"]["aanhef"]) == ("Dorpsstraat", 2, None)
    for word in ("Veiligheid:", "Geheimhouding:", "Overleden:"):
        assert word in seen["persoon"]["waarschuwing"]


async def test_the_warning_has_only_what_the_level_shows(wijk: Wijk, vraag: Vrager) -> None:
    geheim, _, _ = await buurt(wijk, "WIJKTEAM")
    await scherm(vraag, "gevaar", geheim, 1)
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, geheim, 2, {"overlijdensdatum": Datum.lees("2026")}))
    low = replace(wijk.actor("WIJKTEAM"), plafond=2)  # type: ignore[arg-type] # a level is a number
    seen = await vraag.data(low, "query($id:ID!){persoon(id:$id){waarschuwing}}", id=str(geheim))
    assert seen["persoon"]["waarschuwing"] == "Overleden: stuur deze inwoner geen post."


async def test_it_is_set_and_lifted_and_the_two_stand_on_their_own(wijk: Wijk, vraag: Vrager) -> None:
    geheim, _, _ = await buurt(wijk, "WIJKTEAM")
    first = (await scherm(vraag, "geheim", geheim, 1, reden=None)).data["geheimhoudingWijzigen"]
    assert (first["versie"], first["geheim"], first["waarschuwing"].split(":")[0]) == (2, True, "Geheimhouding")
    second = (await scherm(vraag, "gevaar", geheim, 2)).data["veiligheidsvlagWijzigen"]
    assert (second["versie"], second["veiligheidsvlag"]) == (3, True)
    third = (await scherm(vraag, "geheim", geheim, 3, aan=False)).data["geheimhoudingWijzigen"]
    assert (third["geheim"], third["waarschuwing"].split(":")[0]) == (False, "Veiligheid")
    a = Afscherming.tabel()
    assert [row.soort.value for row in await wijk.rows(select(a.c.soort).where(a.c.tot.is_(None)))] == ["VEILIGHEID"]


@pytest.mark.parametrize(
    ("soort", "versie", "reden", "code"),
    [("geheim", 1, None, "ONGELDIGE_INVOER"), ("gevaar", 1, " ", "ONGELDIGE_INVOER"), ("gevaar", 9, "Daarom", "VERSIE_VEROUDERD")],
    ids=["lifting what is not on", "no reason", "an old version"],
)
async def test_what_is_refused_changes_nothing(wijk: Wijk, vraag: Vrager, soort: str, versie: int, reden: str | None, code: str) -> None:
    geheim, _, _ = await buurt(wijk, "WIJKTEAM")
    assert codes(await scherm(vraag, soort, geheim, versie, aan=soort == "gevaar", reden=reden)) == [code]
    for rol in ("TEAMLEIDER", "DOCK", "KLANTMANAGER"):
        refused = await vraag(rol, SCHERM["geheim"], id=str(geheim), v=1, aan=True)
        assert codes(refused) == ["GEEN_RECHT"]
    assert await wijk.rows(select(Afscherming.tabel())) == []
    p = Persoon.tabel()
    [row] = await wijk.rows(select(p.c.geheim, p.c.veiligheidsvlag, p.c.versie).where(p.c.id == geheim))
    assert tuple(row) == (False, False, 1)


async def test_why_somebody_is_shielded_can_be_read_back_by_who_works_with_the_resident(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    await scherm(vraag, "gevaar", persoon, 1, reden="Dreiging")
    await scherm(vraag, "gevaar", persoon, 2, aan=False, reden="Voorbij")
    await scherm(vraag, "geheim", persoon, 3, reden=None)
    text = "query($id:ID!){persoon(id:$id){afschermingen{soort reden redenOpheffing tot door{id} opgehevenDoor{id}}}}"
    geheim, gevaar = (await vraag.data("WIJKTEAM", text, id=str(persoon)))["persoon"]["afschermingen"]
    wie = {"id": str(wijk.WIJKTEAM)}
    assert (geheim["soort"], geheim["reden"], geheim["tot"], geheim["door"]) == ("GEHEIM", None, None, wie)
    assert (gevaar["soort"], gevaar["reden"], gevaar["redenOpheffing"], gevaar["opgehevenDoor"]) == (
        "VEILIGHEID",
        "Dreiging",
        "Voorbij",
        wie,
    )
    assert codes(await vraag("TEAMLEIDER", text, id=str(persoon))) == ["GEEN_RECHT"]
