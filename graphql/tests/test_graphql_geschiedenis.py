"""History through the schema: versions, where values came from, and a resident as known at a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
AANMELDEN = "mutation($p:PersoonInvoer!,$b:Gegevensbron){aanmelden(persoon:$p,bron:$b){id versie}}"
WIJZIGEN = "mutation($id:ID!,$v:Int!,$p:PersoonWijziging!,$b:Gegevensbron){persoonWijzigen(id:$id,versie:$v,persoon:$p,bron:$b){versie}}"
VERSIES = """query($id:ID!){persoon(id:$id){
    geschiedenis{nummer soort op bron gebruiker organisatie velden{veld oud nieuw}} herkomst{veld bron op}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def nieuw(vraag: Vrager, bron: str | None = None, **gegevens: Any) -> str:
    made = await vraag.data("WIJKTEAM", AANMELDEN, p={"geslachtsnaam": "Moulin"} | gegevens, b=bron)
    return str(made["aanmelden"]["id"])


async def wijzig(vraag: Vrager, id: str, versie: int, bron: str | None = None, **gegevens: Any) -> None:
    await vraag.data("WIJKTEAM", WIJZIGEN, id=id, v=versie, p=gegevens, b=bron)


async def test_versions_tell_who_when_from_whom_and_what(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await nieuw(vraag, "BRP", roepnaam="Suus", geboortedatum="1956-11", geslacht="VROUW", tolkNodig=True)
    await wijzig(vraag, persoon, 1, "BETROKKENE", roepnaam=None, geboortedatum="1956-11-15", geslacht="MAN", tolkNodig=False)
    found = (await vraag.data("WIJKTEAM", VERSIES, id=persoon))["persoon"]
    tweede, eerste = found["geschiedenis"]
    assert (tweede["nummer"], tweede["soort"], tweede["bron"], tweede["gebruiker"], tweede["organisatie"]) == (
        2, "GEWIJZIGD", "BETROKKENE", str(wijk.WIJKTEAM), str(wijk.stad),
    )  # fmt: skip
    assert tweede["velden"] == [
        {"veld": "geboortedatum", "oud": "1956-11", "nieuw": "1956-11-15"},
        {"veld": "geslacht", "oud": "VROUW", "nieuw": "MAN"},
        {"veld": "roepnaam", "oud": "Suus", "nieuw": None},
        {"veld": "tolkNodig", "oud": "ja", "nieuw": "nee"},
    ]
    assert (eerste["nummer"], eerste["soort"], eerste["bron"]) == (1, "AANGEMAAKT", "BRP")
    assert {"veld": "geslachtsnaam", "oud": None, "nieuw": "Moulin"} in eerste["velden"]
    assert [each for each in eerste["velden"] if each["nieuw"] is None] == []
    van = {each["veld"]: (each["bron"], each["op"]) for each in found["herkomst"]}
    assert van["geslachtsnaam"] == ("BRP", eerste["op"])
    assert van["roepnaam"] == ("BETROKKENE", tweede["op"])


async def test_who_gives_no_source_is_the_professional(vraag: Vrager) -> None:
    persoon = await nieuw(vraag)
    await wijzig(vraag, persoon, 1, roepnaam="Jo")
    found = (await vraag.data("WIJKTEAM", VERSIES, id=persoon))["persoon"]["geschiedenis"]
    assert [each["bron"] for each in found] == ["PROFESSIONAL", "PROFESSIONAL"]


async def test_a_resident_as_known_at_a_moment(wijk: Wijk, vraag: Vrager) -> None:
    before = wijk.klok.moment
    wijk.klok.moment += timedelta(days=1)
    persoon = await nieuw(vraag, roepnaam="Suus", geslacht="VROUW")
    then = wijk.klok.moment
    wijk.klok.moment += timedelta(days=1)
    await wijzig(vraag, persoon, 1, geslachtsnaam="Jansen", roepnaam="Suze")
    text = "query($id:ID!,$m:DateTime){persoon(id:$id,bekendOp:$m){roepnaam aanhef versie}}"

    async def at(moment: Any) -> Any:
        return (await vraag.data("WIJKTEAM", text, id=persoon, m=moment and moment.isoformat()))["persoon"]

    assert await at(before) is None
    derived = (
        "query($id:ID!,$m:DateTime){persoon(id:$id,bekendOp:$m){leeftijd volledigeNaam gebruikInLopendeTekst adresregel1 waarschuwing}}"
    )
    assert await vraag.data("WIJKTEAM", derived, id=persoon, m=before.isoformat()) == {"persoon": None}
    assert await at(then) == {"roepnaam": "Suus", "aanhef": "Geachte mevrouw Moulin", "versie": 1}
    now = {"roepnaam": "Suze", "aanhef": "Geachte mevrouw Jansen", "versie": 2}
    assert [await at(None), await at(wijk.klok.moment + timedelta(days=9))] == [now, now]
    for bad in ("gisteren", "2027-01-01", "2027-01-01T10:00:00", "9" * 10_000):
        answer = await vraag("WIJKTEAM", text, id=persoon, m=bad)
        assert codes(answer) == ["ONGELDIGE_INVOER"]
    log = (await wijk.log())[-1]
    assert "Moulin" not in str(log)


async def test_the_name_of_who_made_a_change_comes_along(vraag: Vrager) -> None:
    persoon = await nieuw(vraag, roepnaam="Suus")
    await vraag.data("REGISSEUR", WIJZIGEN, id=persoon, v=1, p={"roepnaam": "Suze"}, b=None)
    text = "query($id:ID!){persoon(id:$id){geschiedenis{gebruiker door{id naam}}}}"
    versies = (await vraag.data("WIJKTEAM", text, id=persoon))["persoon"]["geschiedenis"]
    assert [versie["door"]["id"] for versie in versies] == [versie["gebruiker"] for versie in versies]
    assert len({versie["door"]["naam"] for versie in versies}) == 2


async def test_a_neighbourhood_is_told_by_its_name(wijk: Wijk, vraag: Vrager) -> None:
    maken = "mutation($g:GebiedInvoer!){gebiedMaken(gebied:$g){id}}"
    gebied = {"code": "HOEK", "naam": "De Hoek", "soort": "BUURT", "herkomst": "GEMEENTE", "van": "2020-01-01"}
    buurt = (await vraag.data("BEHEER", maken, g=gebied))["gebiedMaken"]["id"]
    persoon = await nieuw(vraag)
    kies = (
        "mutation($p:ID!,$g:ID){gebiedKiezen(persoon:$p,versie:1,gebied:$g){herkomst{veld} geschiedenis(first:1){velden{veld oud nieuw}}}}"
    )
    chosen = (await vraag.data("WIJKTEAM", kies, p=persoon, g=buurt))["gebiedKiezen"]
    assert {"veld": "gebied", "oud": None, "nieuw": "De Hoek"} in chosen["geschiedenis"][0]["velden"]
    assert "gebied" in {each["veld"] for each in chosen["herkomst"]}


@pytest.mark.parametrize("veld", ["geschiedenis{nummer}", "herkomst{veld}"], ids=["geschiedenis", "herkomst"])
async def test_who_lacks_the_right_is_refused(wijk: Wijk, vraag: Vrager, veld: str) -> None:
    persoon = await nieuw(vraag, roepnaam="Suus")
    answer = await vraag("TEAMLEIDER", f"query($id:ID!){{persoon(id:$id){{id {veld}}}}}", id=persoon)
    assert set(codes(answer)) == {"GEEN_RECHT"}
    moment = await vraag(
        "TEAMLEIDER", "query($id:ID!,$m:DateTime){persoon(id:$id,bekendOp:$m){roepnaam}}", id=persoon, m=wijk.klok.moment.isoformat()
    )
    assert codes(moment) == ["GEEN_RECHT"]
    assert "Suus" not in str(moment.data)


@pytest.mark.parametrize("first", [0, 201, -1])
async def test_a_number_of_versions_that_can_not_be_is_refused(vraag: Vrager, first: int) -> None:
    persoon = await nieuw(vraag)
    answer = await vraag("WIJKTEAM", "query($id:ID!,$f:Int!){persoon(id:$id){geschiedenis(first:$f){nummer}}}", id=persoon, f=first)
    assert codes(answer) == ["ONGELDIGE_INVOER"]


async def test_as_many_versions_come_as_are_asked(vraag: Vrager) -> None:
    persoon = await nieuw(vraag, roepnaam="N0")
    for versie in range(1, 6):
        await wijzig(vraag, persoon, versie, roepnaam=f"N{versie}")
    found = await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){geschiedenis(first:2){nummer velden{veld nieuw}}}}", id=persoon)
    assert found["persoon"]["geschiedenis"] == [
        {"nummer": 6, "velden": [{"veld": "roepnaam", "nieuw": "N5"}]},
        {"nummer": 5, "velden": [{"veld": "roepnaam", "nieuw": "N4"}]},
    ]


async def test_a_contact_detail_and_a_case_have_their_history(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(contact=["0612345678"])
    await wijk.dossier(persoon, vraag="Hulp")
    text = """query($id:ID!){persoon(id:$id){contactgegevens{id versie geschiedenis{velden{veld nieuw}}}
        dossiers{geschiedenis{velden{veld nieuw}}}}}"""
    found = (await vraag.data("WIJKTEAM", text, id=str(persoon)))["persoon"]
    assert {"veld": "waarde", "nieuw": "+31612345678"} in found["contactgegevens"][0]["geschiedenis"][0]["velden"]
    assert {"veld": "vraag", "nieuw": "Hulp"} in found["dossiers"][0]["geschiedenis"][0]["velden"]


async def test_a_page_takes_as_many_statements_for_1_resident_as_for_20(wijk: Wijk, vraag: Vrager) -> None:
    text = "{personen(first:50){edges{node{geschiedenis(first:5){nummer velden{veld}} herkomst{veld}}}}}"
    counts = []
    for number in (1, 19):
        for _ in range(number):
            await wijk.inwoner(roepnaam="Suus")
        await vraag.data("WIJKTEAM", text)
        with count_statements(wijk.wijkwerk.database) as seen:
            edges = (await vraag.data("WIJKTEAM", text))["personen"]["edges"]
        counts.append((len(edges), len(seen)))
    assert [number for number, _ in counts] == [1, 20]
    assert counts[0][1] == counts[1][1]
