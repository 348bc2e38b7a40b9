"""Destroying keys over GraphQL: looked at first, said back, done once, with a receipt; for one role alone, which sees no content."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
RECORDS = (Vernietiging, Notitie, Notitieversie)
WIE = "PRIVACY_OFFICER"
BIJ_ANDEREN = "bijAnderen{notitie dossier}"
BEKIJKEN = f"""query($i:ID,$d:ID){{vernietigingBekijken(inwoner:$i,dossier:$d){{
    inwoners sleutels bevestiging onderdelen{{soort uitleg aantal}} {BIJ_ANDEREN}}}}}"""
BEWIJS = "id versie pseudoniem vernietigd sleutels bijAnderen reservekopieTot"
VERNIETIGEN = f"""mutation($b:String!,$i:ID,$d:ID){{sleutelsVernietigen(bevestiging:$b,inwoner:$i,dossier:$d){{
    sleutels reservekopieTot {BIJ_ANDEREN} bewijzen{{{BEWIJS}}}}}}}"""
BEWIJZEN = f"query($n:Int!=20,$a:String){{vernietigingen(first:$n,after:$a){{totalCount pageInfo{{endCursor}} edges{{node{{{BEWIJS}}}}}}}}}"
TEKSTEN = "query($d:ID!){dossier(id:$d){notities{persoon{id} versies{tekst}}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zaak(wijk: Wijk) -> tuple[str, str, str]:
    """Two residents, their case, and a note about both."""
    een, ander = await wijk.inwoner(), await wijk.inwoner("Boer")
    dossier = await wijk.dossier(een, ander)
    await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, een, Notitiesoort.CONTACTVERSLAG, verteld("Ruzie"), ook_over=[ander]))
    return str(een), str(ander), str(dossier)


async def bekeken(vraag: Vrager, **waarvan: str) -> Any:
    return (await vraag.data(WIE, BEKIJKEN, **waarvan))["vernietigingBekijken"]


async def teksten(vraag: Vrager, dossier: str) -> dict[str, str | None]:
    notities = (await vraag.data("WIJKTEAM", TEKSTEN, d=dossier))["dossier"]["notities"]
    return {notitie["persoon"]["id"]: notitie["versies"][0]["tekst"] for notitie in notities}


async def test_what_was_looked_at_is_destroyed_and_the_receipt_says_so_to_who_oversees(wijk: Wijk, vraag: Vrager) -> None:
    een, ander, dossier = await zaak(wijk)
    seen = await bekeken(vraag, i=een, d=dossier)
    assert await teksten(vraag, dossier) == {een: "Ruzie", ander: "Ruzie"}
    assert (seen["inwoners"], seen["sleutels"], len(seen["bijAnderen"])) == (1, 1, 1)
    [versies] = [deel for deel in seen["onderdelen"] if deel["soort"] == "Notitieversie"]
    assert (versies["aantal"], versies["uitleg"]) == (1, Notitieversie.uitleg)
    gone = (await vraag.data(WIE, VERNIETIGEN, b=seen["bevestiging"], i=een, d=dossier))["sleutelsVernietigen"]
    assert await teksten(vraag, dossier) == {een: None, ander: "Ruzie"}
    p = log_pseudoniem.c
    [[pseudoniem]] = await wijk.rows(select(p.pseudoniem).where(p.persoon_id == UUID(een)))
    [bewijs] = gone.pop("bewijzen")
    assert gone == {"sleutels": 1, "reservekopieTot": "2027-03-31", "bijAnderen": seen["bijAnderen"]}
    assert seen["bijAnderen"][0]["dossier"] == dossier
    assert bewijs == {
        "id": bewijs["id"], "versie": 1, "pseudoniem": str(pseudoniem), "vernietigd": bewijs["vernietigd"], "sleutels": 1,
        "bijAnderen": 1, "reservekopieTot": "2027-03-31",
    }  # fmt: skip
    assert bewijs["vernietigd"].startswith("2027-03-01T09:00")
    for rol in ("FG", WIE, "ARCHIVARIS"):
        assert (await vraag.data(rol, BEWIJZEN))["vernietigingen"]["edges"] == [{"node": bewijs}]


async def test_looking_and_destroying_are_in_the_log_with_about_whom_and_no_number_of_a_resident(wijk: Wijk, vraag: Vrager) -> None:
    een, _, dossier = await zaak(wijk)
    before = len(await wijk.log())
    code = (await bekeken(vraag, i=een))["bevestiging"]
    await vraag.data(WIE, VERNIETIGEN, b=code, i=een)
    [[pseudoniem]] = await wijk.rows(select(log_pseudoniem.c.pseudoniem).where(log_pseudoniem.c.persoon_id == UUID(een)))
    regels = (await wijk.log())[before:]
    assert {(regel["gebruiker"], regel["resultaat"]) for regel in regels} == {(wijk.PRIVACY_OFFICER.hex, "GESLAAGD")}
    about = {(regel["onderdeel"], regel["gebeurtenis"]): [each["ref"] for each in regel.get("betrokkenen", [])] for regel in regels}
    assert about == {
        ("vernietigingBekijken", "LEZEN"): [pseudoniem.hex], ("sleutelsVernietigen", "VERNIETIGD"): [pseudoniem.hex],
        ("sleutelsVernietigen", "LEZEN"): [],
    }  # fmt: skip
    assert "Ruzie" not in str(regels)
    assert UUID(een).hex not in str(regels).replace("-", "")
    assert codes(await vraag(WIE, BEKIJKEN, i=str(uuid4()), d=dossier)) == ["NIET_GEVONDEN"]
    assert (await wijk.log())[-1]["resultaat"] != "GESLAAGD"


async def test_nobody_else_looks_or_destroys_and_every_refusal_leaves_all_readable(wijk: Wijk, vraag: Vrager) -> None:
    een, ander, dossier = await zaak(wijk)
    code, before = (await bekeken(vraag, i=een))["bevestiging"], await rows_of(wijk, RECORDS)
    for rol in ("FG", "ARCHIVARIS", "BEHEER", "REGISSEUR", "WIJKTEAM", "TEAMLEIDER", "INWONER", "ZORG"):
        assert set(codes(await vraag(rol, BEKIJKEN, i=een))) == {"GEEN_RECHT"}
        assert set(codes(await vraag(rol, VERNIETIGEN, b=code, i=een))) == {"GEEN_RECHT"}
    for rol in ("BEHEER", "REGISSEUR", "WIJKTEAM", "INWONER"):
        assert set(codes(await vraag(rol, BEWIJZEN))) == {"GEEN_RECHT"}
    given: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "ONGELDIGE_INVOER"), ({"i": "x"}, "ONGELDIGE_INVOER"), ({"i": str(uuid4())}, "NIET_GEVONDEN"),
        ({"d": str(uuid4())}, "NIET_GEVONDEN"), ({"i": dossier, "d": een}, "NIET_GEVONDEN"),
    )  # fmt: skip
    for waarvan, fout in given:
        assert codes(await vraag(WIE, BEKIJKEN, **waarvan)) == [fout]
        assert codes(await vraag(WIE, VERNIETIGEN, b=code, **waarvan)) == [fout]
    assert (await vraag(WIE, BEKIJKEN)).errors[0]["extensions"]["veld"] == "inwoner"  # an argument that there is
    assert codes(await vraag(WIE, "{dossiers{totalCount}}")) == ["GEEN_RECHT"]  # who destroys reads no file
    assert await rows_of(wijk, RECORDS) == before
    assert await teksten(vraag, dossier) == {een: "Ruzie", ander: "Ruzie"}


async def test_what_changed_since_the_look_is_looked_at_again_and_a_code_is_good_once(wijk: Wijk, vraag: Vrager) -> None:
    een, _, dossier = await zaak(wijk)
    code = (await bekeken(vraag, i=een, d=dossier))["bevestiging"]
    schrijven = """mutation($d:ID!,$p:ID!){notitieSchrijven(dossier:$d,persoon:$p,soort:CONTACTVERSLAG,tekst:"Nieuw",bron:INWONER){id}}"""
    await vraag.data("WIJKTEAM", schrijven, d=dossier, p=een)
    before = await rows_of(wijk, RECORDS)
    for wrong in (code, "", (await bekeken(vraag, d=dossier))["bevestiging"]):
        assert codes(await vraag(WIE, VERNIETIGEN, b=wrong, i=een, d=dossier)) == ["VERSIE_VEROUDERD"]
    assert await rows_of(wijk, RECORDS) == before
    code = (await bekeken(vraag, i=een, d=dossier))["bevestiging"]
    await vraag.data(WIE, VERNIETIGEN, b=code, i=een, d=dossier)
    assert codes(await vraag(WIE, VERNIETIGEN, b=code, i=een, d=dossier)) == ["VERSIE_VEROUDERD"]
    assert len(await rows_of(wijk, [Vernietiging])) == 1


async def test_of_a_dossier_there_is_a_receipt_for_each_resident_page_by_page(wijk: Wijk, vraag: Vrager) -> None:
    een, ander, dossier = await zaak(wijk)
    seen = await bekeken(vraag, d=dossier)
    assert (seen["inwoners"], seen["sleutels"], seen["bijAnderen"]) == (2, 2, [])
    gone = (await vraag.data(WIE, VERNIETIGEN, b=seen["bevestiging"], d=dossier))["sleutelsVernietigen"]
    assert await teksten(vraag, dossier) == {een: None, ander: None}
    first = (await vraag.data("FG", BEWIJZEN, n=1))["vernietigingen"]
    rest = (await vraag.data("FG", BEWIJZEN, n=1, a=first["pageInfo"]["endCursor"]))["vernietigingen"]
    made = {edge["node"]["id"] for page in (first, rest) for edge in page["edges"]}
    assert (made, first["totalCount"], gone["sleutels"]) == ({bewijs["id"] for bewijs in gone["bewijzen"]}, 2, 2)
    assert {bewijs["sleutels"] for bewijs in gone["bewijzen"]} == {1}
