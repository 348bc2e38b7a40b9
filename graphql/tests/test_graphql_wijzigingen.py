"""Mutations: each root field one transaction with its log entry; what it answers is read again, under scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from wijkwerk.access.actor import Aanroep
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.notities.notitie import Notitie
from wijkwerk.personen import Persoon
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
AANMELDEN = (
    "mutation($p:PersoonInvoer!){aanmelden(persoon:$p,melding:{clientOpDeHoogte:true}){id versie geslachtsnaam roepnaam geboortedatum}}"
)
OPENEN = 'mutation($p:[ID!]!){dossierOpenen(personen:$p,vraag:"Hulp in huis"){id status vraag leden{id}}}'
SCHRIJVEN = """mutation($d:ID!,$p:ID!,$t:String!){
    notitieSchrijven(dossier:$d,persoon:$p,soort:CONTACTVERSLAG,tekst:$t,bron:INWONER){id versie versies{nummer tekst}}}"""
CORRIGEREN = (
    "mutation($n:ID!,$v:Int!,$t:String!){notitieCorrigeren(notitie:$n,versie:$v,tekst:$t,bron:INWONER){laatste versies{nummer tekst}}}"
)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def opened(vraag: Vrager) -> tuple[str, str]:
    """A resident and a case."""
    persoon = (await vraag.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Moulin"}))["aanmelden"]["id"]
    return persoon, (await vraag.data("WIJKTEAM", OPENEN, p=[persoon]))["dossierOpenen"]["id"]


async def test_from_report_to_corrected_note(wijk: Wijk, vraag: Vrager) -> None:
    made = (await vraag.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Moulin", "geboortedatum": "1956-11", "bsn": "999993653"}))[
        "aanmelden"
    ]
    assert (made["geslachtsnaam"], made["geboortedatum"], made["versie"]) == ("Moulin", "1956-11", 1)
    dossier = (await vraag.data("WIJKTEAM", OPENEN, p=[made["id"]]))["dossierOpenen"]
    assert (dossier["status"], dossier["vraag"], dossier["leden"]) == ("OPEN", "Hulp in huis", [{"id": made["id"]}])
    notitie = (await vraag.data("WIJKTEAM", SCHRIJVEN, d=dossier["id"], p=made["id"], t="Eerste gesprek"))["notitieSchrijven"]
    assert notitie["versies"] == [{"nummer": 1, "tekst": "Eerste gesprek"}]
    better = (await vraag.data("WIJKTEAM", CORRIGEREN, n=notitie["id"], v=notitie["versie"], t="Tweede lezing"))["notitieCorrigeren"]
    assert better == {"laatste": 2, "versies": [{"nummer": 2, "tekst": "Tweede lezing"}, {"nummer": 1, "tekst": "Eerste gesprek"}]}
    log = [(regel["onderdeel"], regel["gebeurtenis"]) for regel in await wijk.log()]
    for name, event in (
        ("aanmelden", "AANMAKEN"),
        ("dossierOpenen", "AANMAKEN"),
        ("notitieSchrijven", "AANMAKEN"),
        ("notitieCorrigeren", "WIJZIGEN"),
    ):
        assert sorted(found for onderdeel, found in log if onderdeel == name) == sorted([event, "LEZEN"])
    assert "gesprek" not in str(await wijk.log())


async def test_what_a_mutation_answers_is_logged_as_shown_under_the_same_trace(wijk: Wijk, vraag: Vrager) -> None:
    actor = replace(wijk.actor("WIJKTEAM"), aanroep=Aanroep(trace="a" * 32))
    await vraag.data(actor, AANMELDEN, p={"geslachtsnaam": "Moulin"})
    log = await wijk.log()
    assert {regel["trace"] for regel in log} == {"a" * 32}
    [read] = [regel for regel in log if regel["gebeurtenis"] == "LEZEN"]
    assert set(read["betrokkenen"][0]["getoond"][0][2]) == {"versie", "geslachtsnaam", "roepnaam", "geboortedatum"}


async def test_one_that_fails_is_null_and_the_next_still_runs(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await opened(vraag)
    text = """mutation($d:ID!,$p:ID!,$x:ID!){
        __typename
        a:notitieSchrijven(dossier:$d,persoon:$p,soort:BESLUIT,tekst:"Goed",bron:INWONER){laatste}
        b:notitieSchrijven(dossier:$x,persoon:$p,soort:BESLUIT,tekst:"Fout",bron:INWONER){laatste}
        c:notitieCorrigeren(notitie:$x,versie:1,tekst:"Fout",bron:INWONER){laatste}
        d:notitieSchrijven(dossier:$d,persoon:$p,soort:BESLUIT,tekst:"Ook goed",bron:INWONER){laatste versies{tekst}}}"""
    answer = await vraag("WIJKTEAM", text, d=dossier, p=persoon, x="01890000-0000-7000-8000-000000000000")
    assert answer.data == {"__typename": "Mutation", "a": {"laatste": 1}, "b": None, "c": None,
                           "d": {"laatste": 1, "versies": [{"tekst": "Ook goed"}]}}  # fmt: skip
    assert [(error["extensions"]["code"], error["path"]) for error in answer.errors] == [("NIET_GEVONDEN", ["b"]), ("NIET_GEVONDEN", ["c"])]
    assert all(error["locations"] for error in answer.errors)
    assert len(await wijk.rows(Notitie.tabel().select())) == 2
    failed = [regel for regel in await wijk.log() if regel["resultaat"] == "GEWEIGERD"]
    assert sorted((regel["onderdeel"], regel["code"]) for regel in failed) == [
        ("notitieCorrigeren", "NIET_GEVONDEN"),
        ("notitieSchrijven", "NIET_GEVONDEN"),
    ]


async def test_an_old_version_is_refused_and_nothing_changes(wijk: Wijk, vraag: Vrager) -> None:
    persoon, _ = await opened(vraag)
    text = "mutation($id:ID!,$v:Int!,$p:PersoonWijziging!){persoonWijzigen(id:$id,versie:$v,persoon:$p){versie roepnaam}}"
    changed = await vraag.data("WIJKTEAM", text, id=persoon, v=1, p={"roepnaam": "Jo"})
    assert changed["persoonWijzigen"] == {"versie": 2, "roepnaam": "Jo"}
    assert codes(await vraag("WIJKTEAM", text, id=persoon, v=1, p={"roepnaam": "Bo"})) == ["VERSIE_VEROUDERD"]
    emptied = await vraag.data("WIJKTEAM", text, id=persoon, v=2, p={"roepnaam": None})
    assert emptied["persoonWijzigen"] == {"versie": 3, "roepnaam": None}


BAD: tuple[tuple[dict[str, Any], str, str | None], ...] = (
    ({}, "ONGELDIGE_INVOER", None),
    ({"geslachtsnaam": None}, "ONGELDIGE_INVOER", "geslachtsnaam"),
    ({"geslachtsnaam": ""}, "ONGELDIGE_INVOER", "geslachtsnaam"),
    ({"geslachtsnaam": "x" * 5_000}, "ONGELDIGE_INVOER", "geslachtsnaam"),
    ({"geslachtsnaam": 5}, "ONGELDIGE_INVOER", "geslachtsnaam"),
    ({"geslachtsnaam": "Jansen", "bsn": "999993654"}, "BSN_ONGELDIG", "bsn"),
    ({"geslachtsnaam": "Jansen", "geboortedatum": "1956-13"}, "DATUM_ONGELDIG", "geboortedatum"),
    ({"geslachtsnaam": "Jansen", "geboortedatum": None}, "ONGELDIGE_INVOER", "geboortedatum"),
    ({"geslachtsnaam": "Jansen", "postcode": "0000AA"}, "POSTCODE_ONGELDIG", "postcode"),
    ({"geslachtsnaam": "Jansen", "geslacht": "ANDERS"}, "ONGELDIGE_INVOER", "geslacht"),
    ({"geslachtsnaam": "Jansen", "onbekend": 1}, "ONGELDIGE_INVOER", None),
)


async def test_bad_input_is_refused_without_repeating_it_and_nothing_is_stored(wijk: Wijk, vraag: Vrager) -> None:
    for persoon, code, veld in BAD:
        answer = await vraag("WIJKTEAM", AANMELDEN, p=persoon)
        assert codes(answer) == [code], persoon
        assert answer.errors[0]["extensions"].get("veld") == veld, persoon
        assert "999993654" not in str(answer.as_dict())
    assert await wijk.rows(Persoon.tabel().select()) == []


async def test_a_bad_id_is_refused_naming_its_argument(vraag: Vrager) -> None:
    texts = {"id": "query($id:ID!){persoon(id:$id){id}}", "toestemming": "mutation($id:ID!){toestemmingIntrekken(toestemming:$id){id}}",
             "personen": "mutation($id:ID!){dossierOpenen(personen:[$id]){id}}"}  # fmt: skip
    for bad in ("", "x", "999993653", "01890000-0000-7000-8000-00000000000"):
        for veld, text in texts.items():
            answer = await vraag("WIJKTEAM", text, id=bad)
            assert [(error["extensions"]["code"], error["extensions"]["veld"]) for error in answer.errors] == [("ONGELDIGE_INVOER", veld)]
            assert "999993653" not in str(answer.as_dict())


async def test_counts_hide_small_numbers(wijk: Wijk, vraag: Vrager) -> None:
    await opened(vraag)
    data = await vraag.data("GEBIED", "{tellingen{naam uitleg cellen{waarde aantal}}}")
    assert data["tellingen"][0]["cellen"] == [{"waarde": "WK0", "aantal": None}]


class Lopend:
    """A clock that is a second later each time it is looked at: when a change begins and is done, and its answer is read and is there."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def nu(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


async def test_access_that_ends_halfway_a_document_has_ended_for_the_rest_of_it(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await opened(vraag)
    actor, rows = wijk.actor("WIJKTEAM"), Betrokkenheid.tabel()
    await wijk.change(update(rows).values(tot=actor.moment + timedelta(seconds=4.5)))
    wijk.wijkwerk.klok = Lopend(actor.moment)
    a, b = (f'{key}:notitieSchrijven(dossier:$d,persoon:$p,soort:BESLUIT,tekst:"Goed",bron:INWONER){{laatste}}' for key in "ab")
    answer = await vraag(actor, f"mutation($d:ID!,$p:ID!){{{a} {b}}}", d=dossier, p=persoon)
    assert (answer.data, codes(answer)) == ({"a": {"laatste": 1}, "b": None}, ["NIET_GEVONDEN"])
    assert len(await wijk.rows(Notitie.tabel().select())) == 1


async def test_what_a_mutation_answers_is_read_under_the_access_of_that_moment(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await opened(vraag)
    actor, rows = wijk.actor("WIJKTEAM"), Betrokkenheid.tabel()
    await wijk.change(update(rows).values(tot=actor.moment + timedelta(seconds=1.5)))
    wijk.wijkwerk.klok = Lopend(actor.moment)
    answer = await vraag(actor, SCHRIJVEN, d=dossier, p=persoon, t="Eerste gesprek")
    assert answer.data == {"notitieSchrijven": None}
    assert len(await wijk.rows(Notitie.tabel().select())) == 1
