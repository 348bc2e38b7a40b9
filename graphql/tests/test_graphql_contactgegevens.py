"""Contact details through GraphQL: at registration, added, changed and taken away; each input guarded wherever it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Wijziging
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import OP_SQLITE, Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
AANMELDEN = """mutation($p:PersoonInvoer!,$c:[ContactgegevenInvoer!]){
    aanmelden(persoon:$p,contactgegevens:$c){id contactgegevens{id versie soort waarde voorkeur veiligTeGebruiken beperkt}}}"""
TOEVOEGEN = "mutation($p:ID!,$c:ContactgegevenInvoer!){contactgegevenToevoegen(persoon:$p,contactgegeven:$c){id versie waarde}}"
WIJZIGEN = """mutation($id:ID!,$v:Int!,$c:ContactgegevenWijziging!){
    contactgegevenWijzigen(id:$id,versie:$v,contactgegeven:$c){versie waarde voorkeur veiligTeGebruiken persoon{id}}}"""
VAN_MIJ = """mutation($p:ID!,$c:ContactgegevenInvoer!,$b:Gegevensbron){
    contactgegevenToevoegen(persoon:$p,contactgegeven:$c,bron:$b){id}}"""
VERWIJDEREN = "mutation($id:ID!,$v:Int!){contactgegevenVerwijderen(id:$id,versie:$v){id contactgegevens{waarde}}}"
MOBIEL, MAIL = {"soort": "TELEFOON", "waarde": "0612345678"}, {"soort": "EMAIL", "waarde": "suus@voorbeeld.nl"}
MOULIN = {"geslachtsnaam": "Moulin"}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def stored(wijk: Wijk) -> list[list[Any]]:
    return [list(await wijk.rows(record.tabel().select())) for record in (Persoon, Contactgegeven)]


async def test_from_registration_to_taken_away(vraag: Vrager) -> None:
    made = (await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN, c=[MAIL, MOBIEL | {"voorkeur": True}]))["aanmelden"]
    mobiel, mail = made["contactgegevens"]
    assert (mobiel["waarde"], mobiel["voorkeur"], mobiel["veiligTeGebruiken"], mobiel["beperkt"]) == ("+31612345678", True, True, False)
    added = await vraag.data("WIJKTEAM", TOEVOEGEN, p=made["id"], c={"soort": "TELEFOON", "waarde": "010 2671111", "voorkeur": True})
    assert added["contactgegevenToevoegen"]["waarde"] == "+31102671111"
    given = {"id": mail["id"], "v": 1, "c": {"waarde": "saar@voorbeeld.nl", "veiligTeGebruiken": False}}
    changed = (await vraag.data("WIJKTEAM", WIJZIGEN, **given))["contactgegevenWijzigen"]
    assert changed == {
        "versie": 2, "waarde": "saar@voorbeeld.nl", "voorkeur": False, "veiligTeGebruiken": False, "persoon": {"id": made["id"]},
    }  # fmt: skip
    assert codes(await vraag("WIJKTEAM", VERWIJDEREN, id=mobiel["id"], v=1)) == ["VERSIE_VEROUDERD"]
    left = (await vraag.data("WIJKTEAM", VERWIJDEREN, id=mobiel["id"], v=2))["contactgegevenVerwijderen"]
    assert left == {"id": made["id"], "contactgegevens": [{"waarde": "+31102671111"}, {"waarde": "saar@voorbeeld.nl"}]}


async def test_who_it_came_from_is_kept(wijk: Wijk, vraag: Vrager) -> None:
    persoon = (await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN))["aanmelden"]["id"]
    await vraag.data("WIJKTEAM", VAN_MIJ, p=persoon, c=MOBIEL, b="BETROKKENE")
    await vraag.data("WIJKTEAM", VAN_MIJ, p=persoon, c=MAIL)
    w = Wijziging.tabel()
    rows = await wijk.rows(w.select().where(w.c.tabelnaam == "contactgegeven").order_by(w.c.op))
    assert [row.bron for row in rows] == ["BETROKKENE", "PROFESSIONAL"]


FOUT: dict[str, tuple[Any, str, str | None]] = {
    "a wrong value": ([MOBIEL | {"waarde": "bel"}], "ONGELDIGE_INVOER", "waarde"),
    "twice": ([MOBIEL, MOBIEL], "ONGELDIGE_INVOER", "waarde"),
    "null": ([MOBIEL | {"voorkeur": None}], "ONGELDIGE_INVOER", "voorkeur"),
    "another kind": ([MOBIEL | {"soort": "FAX"}], "ONGELDIGE_INVOER", "soort"),
    "no value": ([{"soort": "EMAIL"}], "ONGELDIGE_INVOER", None),
    "a null item": ([None], "ONGELDIGE_INVOER", None),
    "another type": ([MOBIEL | {"waarde": 612345678}], "ONGELDIGE_INVOER", "waarde"),
    "21 of them": ([MOBIEL | {"waarde": f"06123456{at}"} for at in range(10, 31)], "ONGELDIGE_INVOER", "contactgegevens"),
    "501 of them": ([MOBIEL] * 501, "ONGELDIGE_INVOER", "contactgegevens"),
}


@OP_SQLITE
@pytest.mark.parametrize("soort", FOUT)
async def test_a_wrong_one_at_registration_is_named_and_nothing_is_made(wijk: Wijk, vraag: Vrager, soort: str) -> None:
    given, code, veld = FOUT[soort]
    [error] = (await vraag("WIJKTEAM", AANMELDEN, p=MOULIN, c=given)).errors
    assert (error["extensions"]["code"], error["extensions"].get("veld")) == (code, veld)
    assert await stored(wijk) == [[], []]


@pytest.mark.parametrize("c", [None, [], "left out"], ids=["null", "empty", "left out"])
async def test_a_registration_needs_none(vraag: Vrager, c: Any) -> None:
    made = await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN, **({} if c == "left out" else {"c": c}))
    assert made["aanmelden"]["contactgegevens"] == []


async def test_in_a_list_each_input_field_asks_its_own_right_in_every_shape(wijk: Wijk, vraag: Vrager) -> None:
    """Who may register but not write contact details gives none: as literal, as variable, inside, as default, and as one without a list."""
    actor = wijk.actor("WIJKTEAM")
    actor = replace(actor, rechten=actor.rechten - {Contactgegeven.schrijven.naam})
    literal = '[{soort:TELEFOON,waarde:"0612345678"}]'
    documents: tuple[tuple[str, dict[str, Any]], ...] = (
        (f'mutation{{aanmelden(persoon:{{geslachtsnaam:"Moulin"}},contactgegevens:{literal}){{id}}}}', {}),
        (AANMELDEN, {"p": MOULIN, "c": [MOBIEL]}),
        (AANMELDEN, {"p": MOULIN, "c": MOBIEL}),
        ("mutation($w:String!){aanmelden(persoon:{geslachtsnaam:\"M\"},contactgegevens:[{soort:EMAIL,waarde:$w}]){id}}", {"w": "a@b.nl"}),
        (f'mutation($c:[ContactgegevenInvoer!]={literal}){{aanmelden(persoon:{{geslachtsnaam:"M"}},contactgegevens:$c){{id}}}}', {}),
    )  # fmt: skip
    for text, given in documents:
        assert codes(await vraag(actor, text, **given)) == ["GEEN_RECHT"]
        assert codes(await vraag("WIJKTEAM", text, **given)) == []
    assert codes(await vraag(actor, AANMELDEN, p=MOULIN)) == []
    assert [len(rows) for rows in await stored(wijk)] == [6, 5]


async def test_who_may_not_reach_or_may_not_write_changes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    made = (await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN, c=[MOBIEL]))["aanmelden"]
    contact, before = made["contactgegevens"][0]["id"], await stored(wijk)
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        (TOEVOEGEN, {"p": made["id"], "c": MAIL}), (WIJZIGEN, {"id": contact, "v": 1, "c": {"voorkeur": True}}),
        (VERWIJDEREN, {"id": contact, "v": 1}),
    )  # fmt: skip
    for actor, code in (
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), "NIET_GEVONDEN"),
        ("TEAMLEIDER", "GEEN_RECHT"),
        ("DOCK", "GEEN_RECHT"),
    ):
        for text, given in asked:
            assert codes(await vraag(actor, text, **given)) == [code]
    assert await stored(wijk) == before


async def test_it_takes_as_many_statements_for_many_residents_as_for_one(wijk: Wijk, vraag: Vrager) -> None:
    text, counts = "{personen(first:50){edges{node{id contactgegevens{waarde}}}}}", []
    for number in (1, 6):
        for at in range(number):
            await vraag.data("WIJKTEAM", AANMELDEN, p=MOULIN, c=[MAIL, MOBIEL | {"waarde": f"061234567{at}"}])
        await vraag.data("WIJKTEAM", text)
        with count_statements(wijk.wijkwerk.database) as seen:
            edges = (await vraag.data("WIJKTEAM", text))["personen"]["edges"]
        counts.append((sum(len(edge["node"]["contactgegevens"]) for edge in edges), len(seen)))
    assert [found for found, _ in counts] == [2, 14]
    assert counts[0][1] == counts[1][1]
