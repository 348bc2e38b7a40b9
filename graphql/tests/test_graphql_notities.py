"""Notes over GraphQL: about several, added to, about one alone, for named readers, and the resident's own statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.notities.notitie import Aanvulling, Notitie, Notitielezer, Notitieversie
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
RECORDS = (Notitie, Notitieversie, Aanvulling, Notitielezer)
STAND = """id versie groepId gaatOver{id} versies{nummer tekst oordeel bron bronNaam} aanvullingen{tekst bron}
    redacties{id redactieVan{id} versies{tekst}} lezers{gebruiker{id} tot}"""
SCHRIJVEN = f"""mutation($d:ID!,$p:ID!,$o:[ID!],$s:Notitiesoort!,$n:ID){{notitieSchrijven(dossier:$d,persoon:$p,ookOver:$o,soort:$s,
    tekst:"Ruzie",bron:NAASTE,bronNaam:"De buurvrouw",oordeel:"Zorgelijk",inzending:$n){{{STAND}}}}}"""
AANVULLEN = f'mutation($n:ID!){{notitieAanvullen(notitie:$n,tekst:"Opgelost",bron:PROFESSIONAL){{{STAND}}}}}'
REDIGEREN = 'mutation($n:ID!){notitieRedigeren(notitie:$n,tekst:"Alleen dit",bron:INWONER){id gaatOver{id} redactieVan{id}}}'
LEZER = f"mutation($n:ID!,$g:ID!){{notitieLezerToevoegen(notitie:$n,gebruiker:$g){{{STAND}}}}}"
GEEN_LEZER = f"mutation($n:ID!,$g:ID!){{notitieLezerVerwijderen(notitie:$n,gebruiker:$g){{{STAND}}}}}"
VERKLAREN = """mutation($d:ID!,$n:ID){mijnVerklaringToevoegen(dossier:$d,tekst:"Zo was het niet",inzending:$n){
    id tekst geschreven dossier{id}}}"""
TERUG = "{mijnVerklaringen{totalCount edges{node{id tekst geschreven dossier{id}}}}}"
NOTITIE = f"query($n:ID!){{notitie(id:$n){{{STAND}}}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zaak(wijk: Wijk) -> tuple[str, str, str]:
    een, ander = await wijk.inwoner(geboortedatum=Datum(1956, 11, 2)), await wijk.inwoner("Boer")
    return str(een), str(ander), str(await wijk.dossier(een, ander))


async def test_a_note_about_two_is_one_note_with_what_was_added_and_what_is_about_one_alone(wijk: Wijk, vraag: Vrager) -> None:
    een, ander, dossier = await zaak(wijk)
    given: dict[str, Any] = {"d": dossier, "p": een, "o": [ander], "s": "CONTACTVERSLAG", "n": str(uuid4())}
    made = (await vraag.data("WIJKTEAM", SCHRIJVEN, **given))["notitieSchrijven"]
    assert (await vraag.data("WIJKTEAM", SCHRIJVEN, **given))["notitieSchrijven"]["id"] == made["id"]
    assert made["versies"] == [{"nummer": 1, "tekst": "Ruzie", "oordeel": "Zorgelijk", "bron": "NAASTE", "bronNaam": "De buurvrouw"}]
    assert {persoon["id"] for persoon in made["gaatOver"]} == {een, ander}
    found = (await vraag.data("WIJKTEAM", "query($d:ID!){dossier(id:$d){notities{id groepId persoon{id}}}}", d=dossier))["dossier"][
        "notities"
    ]
    assert {(row["groepId"], row["persoon"]["id"]) for row in found} == {(made["groepId"], een), (made["groepId"], ander)}
    await vraag.data("WIJKTEAM", AANVULLEN, n=made["id"])
    bij_ander = next(row["id"] for row in found if row["persoon"]["id"] == ander)
    alleen = (await vraag.data("WIJKTEAM", REDIGEREN, n=bij_ander))["notitieRedigeren"]
    assert (alleen["gaatOver"], alleen["redactieVan"]) == ([{"id": ander}], {"id": bij_ander})
    whole = (await vraag.data("WIJKTEAM", NOTITIE, n=bij_ander))["notitie"]
    assert whole["aanvullingen"] == [{"tekst": "Opgelost", "bron": "PROFESSIONAL"}]
    assert [row["id"] for row in whole["redacties"]] == [alleen["id"]]
    before = await rows_of(wijk, RECORDS)
    for rol, text, nummer, code in (
        ("WIJKTEAM", REDIGEREN, alleen["id"], "ONGELDIGE_INVOER"), ("DOCK", AANVULLEN, made["id"], "GEEN_RECHT"),
        ("WIJKTEAM", AANVULLEN, een, "NIET_GEVONDEN"), ("FG", REDIGEREN, bij_ander, "GEEN_RECHT"),
    ):  # fmt: skip
        assert set(codes(await vraag(rol, text, n=nummer))) == {code}
    assert await rows_of(wijk, RECORDS) == before


async def test_the_casusregisseur_names_who_reads_a_strict_note(wijk: Wijk, vraag: Vrager) -> None:
    een, _, dossier = await zaak(wijk)
    made = (await vraag.data("REGISSEUR", SCHRIJVEN, d=dossier, p=een, s="STRIKT"))["notitieSchrijven"]
    wie = {"n": made["id"], "g": str(wijk.WIJKTEAM)}
    assert (await vraag.data("WIJKTEAM", NOTITIE, n=made["id"]))["notitie"] is None
    assert codes(await vraag("WIJKTEAM", LEZER, **wie)) == ["GEEN_RECHT"]
    named = (await vraag.data("REGISSEUR", LEZER, **wie))["notitieLezerToevoegen"]
    assert named["lezers"] == [{"gebruiker": {"id": str(wijk.WIJKTEAM)}, "tot": None}]
    seen = (await vraag.data("WIJKTEAM", NOTITIE, n=made["id"]))["notitie"]
    assert (seen["versies"][0]["tekst"], seen["lezers"]) == ("Ruzie", [])
    await vraag.data("REGISSEUR", GEEN_LEZER, **wie)
    assert (await vraag.data("WIJKTEAM", NOTITIE, n=made["id"]))["notitie"] is None
    assert codes(await vraag("REGISSEUR", GEEN_LEZER, **wie)) == ["NIET_GEVONDEN"]


async def test_a_resident_states_once_however_often_it_is_sent_and_reads_it_back(wijk: Wijk, vraag: Vrager) -> None:
    een, _, dossier = await zaak(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, UUID(een), wijk.INWONER, Vaststelling.DIGID))
    nummer = str(uuid4())
    first, again = [(await vraag.data("INWONER", VERKLAREN, d=dossier, n=nummer))["mijnVerklaringToevoegen"] for _ in range(2)]
    [notitie] = await rows_of(wijk, [Notitie])
    assert first == again
    assert (await vraag.data("WIJKTEAM", NOTITIE, n=str(notitie.id)))["notitie"]["versies"][0]["tekst"] == "Zo was het niet"
    await vraag.data("WIJKTEAM", AANVULLEN, n=str(notitie.id))
    assert (first["tekst"], first["dossier"]) == ("Zo was het niet", {"id": dossier})
    assert (await vraag.data("INWONER", TERUG))["mijnVerklaringen"] == {"totalCount": 1, "edges": [{"node": first}]}
    for rol in ("WIJKTEAM", "VERTEGENWOORDIGER"):
        assert set(codes(await vraag(rol, VERKLAREN, d=dossier))) == {"GEEN_RECHT"}
        assert set(codes(await vraag(rol, TERUG))) == {"GEEN_RECHT"}
    for text in (NOTITIE, "query($n:ID!){dossiers{edges{node{notities{id}}}} notitie(id:$n){id}}"):
        assert set(codes(await vraag("INWONER", text, n=str(notitie.id)))) == {"GEEN_RECHT"}
    assert len(await rows_of(wijk, [Notitie])) == 1
