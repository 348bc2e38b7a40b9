"""Consent over GraphQL: whether to ask, asked and given, withdrawn while a list is paged, by the resident too, and its texts."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.tekst import Toestemmingstekst
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemminggever, Toestemmingsontvanger
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, leg_vast, oordeel
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
RECORDS = (Toestemming, Toestemmingsontvanger, Toestemminggever)
ZORG = {"doel": "ZORG_UITWISSELING", "categorieen": ["IDENTITEIT", "CONTACTVERSLAGEN"], "wijze": "SCHRIFTELIJK"}
ARGS = "$d:ID!,$p:ID!,$o:[ToestemmingsontvangerInvoer!]!,$t:ToestemmingInvoer!"
STAND = "id versie status geldigTot gegevenOp tekst{aanduiding} ontvangers{organisatie{naam} rol} gevers{hoedanigheid gever{id}}"
VRAGEN = f'mutation({ARGS}){{toestemmingVragen(dossier:$d,persoon:$p,ontvangers:$o,toestemming:$t,tekstVersie:"v1"){{{STAND}}}}}'
VASTLEGGEN = f'mutation({ARGS}){{toestemmingVastleggen(dossier:$d,persoon:$p,ontvangers:$o,toestemming:$t,tekstVersie:"v1"){{{STAND}}}}}'
GEVEN = f"mutation($t:ID!,$v:Int!){{toestemmingGeven(toestemming:$t,versie:$v){{{STAND}}}}}"
INTREKKEN = "mutation($t:ID!){toestemmingIntrekken(toestemming:$t,wijze:MONDELING){status ingetrokkenWijze}}"
ZELF = "mutation($t:ID!){mijnToestemmingIntrekken(toestemming:$t){status ingetrokkenWijze}}"
PAGINA = """query($after:String){personen(first:1,after:$after){totalCount pageInfo{hasNextPage endCursor}
    edges{node{id geslachtsnaam notities{versies{tekst}}}}}}"""
NODIG = """query($p:ID!,$doel:String!,$c:[String!]!){toestemmingNodig(persoon:$p,doel:$doel,categorieen:$c){
    nodig soort categorieen uitleg wieUitleg gevers{hoedanigheid} inPlaats{naam}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zaak(wijk: Wijk, naam: str = "Moulin") -> tuple[str, str]:
    """An adult with a case in which one note may be shared."""
    persoon = await wijk.inwoner(naam, geboortedatum=Datum(1956, 11, 2))
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf(
        "WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld(f"Over {naam}"), deelbaar=True)
    )
    return str(persoon), str(dossier)


async def gegeven(wijk: Wijk, vraag: Vrager, persoon: str, dossier: str, text: str = VASTLEGGEN, **anders: Any) -> dict[str, Any]:
    given = {"d": dossier, "p": persoon, "o": [{"organisatieId": str(wijk.zorg)}], "t": ZORG | anders}
    [made] = (await vraag.data("WIJKTEAM", text, **given)).values()
    return dict(made)


async def test_what_is_asked_opens_nothing_until_it_is_given(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk)
    made = await gegeven(wijk, vraag, persoon, dossier, VRAGEN)
    assert (made["status"], made["geldigTot"], made["gegevenOp"], made["gevers"]) == ("CONCEPT", "2028-03-01", None, [])
    assert (made["tekst"], made["ontvangers"]) == ({"aanduiding": "v1"}, [{"organisatie": {"naam": "zorg"}, "rol": None}])
    assert (await vraag.data("ZORG", PAGINA))["personen"]["totalCount"] == 0
    done = (await vraag.data("WIJKTEAM", GEVEN, t=made["id"], v=made["versie"]))["toestemmingGeven"]
    assert (done["status"], done["gevers"]) == ("GEGEVEN", [{"hoedanigheid": "BETROKKENE", "gever": None}])
    assert (await vraag.data("ZORG", PAGINA))["personen"]["totalCount"] == 1
    assert codes(await vraag("WIJKTEAM", GEVEN, t=made["id"], v=done["versie"])) == ["TOESTEMMING_AFGEHANDELD"]
    weiger = "mutation($t:ID!,$v:Int!){toestemmingWeigeren(toestemming:$t,versie:$v){status geweigerdOp}}"
    ander = await gegeven(wijk, vraag, persoon, dossier, VRAGEN)
    refused = (await vraag.data("WIJKTEAM", weiger, t=ander["id"], v=1))["toestemmingWeigeren"]
    assert (refused["status"], refused["geweigerdOp"] is None) == ("GEWEIGERD", False)


async def test_withdrawal_while_a_list_is_paged_takes_the_next_page_its_total_and_what_is_nested(wijk: Wijk, vraag: Vrager) -> None:
    zaken = [await zaak(wijk, f"Jansen{letter}") for letter in "abc"]
    given = [await gegeven(wijk, vraag, *each) for each in zaken]
    first = (await vraag.data("ZORG", PAGINA))["personen"]
    assert (first["totalCount"], first["edges"][0]["node"]["id"]) == (3, zaken[0][0])
    cursor = first["pageInfo"]["endCursor"]
    ended = [(await vraag.data("WIJKTEAM", INTREKKEN, t=given[at]["id"]))["toestemmingIntrekken"] for at in (1, 1)]
    assert ended == [{"status": "INGETROKKEN", "ingetrokkenWijze": "MONDELING"}] * 2
    second = (await vraag.data("ZORG", PAGINA, after=cursor))["personen"]
    assert (second["totalCount"], second["pageInfo"]["hasNextPage"]) == (2, False)
    assert [edge["node"]["geslachtsnaam"] for edge in second["edges"]] == ["Jansenc"]
    for at in (0, 2):
        await vraag.data("WIJKTEAM", INTREKKEN, t=given[at]["id"])
    last = (await vraag.data("ZORG", PAGINA, after=cursor))["personen"]
    assert last == {"totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": []}
    assert (await vraag.data("ZORG", "query($p:ID!){persoon(id:$p){id}}", p=zaken[0][0]))["persoon"] is None


async def test_the_recipient_is_told_without_a_name_and_what_the_notice_points_to_does_not_open(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk, "Zilvermeer")
    made = await gegeven(wijk, vraag, persoon, dossier)
    await vraag.data("WIJKTEAM", INTREKKEN, t=made["id"])
    answer = await vraag("ZORG", "{mijnNotificaties(first:5){edges{node{soort tekst overSoort overId}}}}")
    [edge] = answer.as_dict()["data"]["mijnNotificaties"]["edges"]
    assert (edge["node"]["soort"], edge["node"]["overSoort"], edge["node"]["overId"]) == (
        "TOESTEMMING_INGETROKKEN", "Toestemming", made["id"],
    )  # fmt: skip
    assert not [word for word in ("Zilvermeer", persoon, dossier) if word in str(answer.as_dict())]
    for rol in ("DOCK", "WIJKTEAM", "PEERCOACH"):
        assert (await vraag.data(rol, "{mijnNotificaties(first:5){totalCount}}"))["mijnNotificaties"]["totalCount"] == 0


async def test_a_resident_withdraws_alone_and_only_the_own_consent(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk)
    ander = await gegeven(wijk, vraag, *(await zaak(wijk, "Jansen")))
    made = await gegeven(wijk, vraag, persoon, dossier)
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, UUID(persoon), wijk.INWONER, Vaststelling.DIGID))
    before = await rows_of(wijk, RECORDS)
    wrong = [("INWONER", ander["id"], "NIET_GEVONDEN"), ("INWONER", persoon, "NIET_GEVONDEN")]
    wrong += [("VERTEGENWOORDIGER", made["id"], "NIET_GEVONDEN")]
    wrong += [(rol, made["id"], "GEEN_RECHT") for rol in ("WIJKTEAM", "ZORG")]
    for rol, id, code in wrong:
        assert set(codes(await vraag(rol, ZELF, t=id))) == {code}, rol
    assert await rows_of(wijk, RECORDS) == before
    for _ in range(2):
        ended = (await vraag.data("INWONER", ZELF, t=made["id"]))["mijnToestemmingIntrekken"]
        assert ended == {"status": "INGETROKKEN", "ingetrokkenWijze": "DIGITAAL"}
    assert (await vraag.data("ZORG", PAGINA))["personen"]["totalCount"] == 1


async def test_a_representative_withdraws_alone_what_they_may_give_that_day(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk)
    made = await gegeven(wijk, vraag, persoon, dossier)
    mentor = partial(
        leg_vast, persoon=UUID(persoon), hoedanigheid=Hoedanigheid.MENTOR, bewijs="Beschikking 1", van=date(2020, 1, 1), naam="M."
    )
    vert, zien = await wijk.schrijf("WIJKTEAM", mentor), "{mijnGegevens{toestemmingen{id status}}}"
    let = partial(laat_toe, persoon=UUID(persoon), gebruiker=wijk.VERTEGENWOORDIGER, vaststelling=Vaststelling.DIGID)
    await wijk.schrijf("WIJKTEAM", partial(let, vertegenwoordiging=vert))
    able = partial(oordeel, persoon=UUID(persoon), handeling=Handeling.WMO_VERSTREKKING, in_staat=True, motivering="Gesproken")
    await wijk.schrijf("WIJKTEAM", able)
    before = await rows_of(wijk, RECORDS)
    assert codes(await vraag("VERTEGENWOORDIGER", ZELF, t=made["id"])) == ["GEVER_MAG_NIET"]
    assert await rows_of(wijk, RECORDS) == before
    await wijk.schrijf("WIJKTEAM", partial(able, in_staat=False))
    ended = (await vraag.data("VERTEGENWOORDIGER", ZELF, t=made["id"]))["mijnToestemmingIntrekken"]
    assert ended == {"status": "INGETROKKEN", "ingetrokkenWijze": "DIGITAAL"}
    shown = (await vraag.data("VERTEGENWOORDIGER", zien))["mijnGegevens"]
    assert shown == [{"toestemmingen": [{"id": made["id"], "status": "INGETROKKEN"}]}]
    assert (await vraag.data("ZORG", PAGINA))["personen"]["totalCount"] == 0


async def test_a_client_knows_beforehand_whether_to_ask_or_to_inform_and_whom(wijk: Wijk, vraag: Vrager) -> None:
    persoon, _ = await zaak(wijk)
    onbekend = str(await wijk.inwoner("Jansen"))
    [zorg] = (await vraag.data("WIJKTEAM", NODIG, p=persoon, doel="ZORG_UITWISSELING", c=["IDENTITEIT", "ADL"]))["toestemmingNodig"]
    assert (zorg["nodig"], zorg["soort"], zorg["categorieen"]) == (True, "UITDRUKKELIJKE_TOESTEMMING", ["IDENTITEIT", "ADL"])
    assert (zorg["gevers"], "uitdrukkelijk" in zorg["uitleg"]) == ([{"hoedanigheid": "BETROKKENE"}], True)
    [wmo] = (await vraag.data("WIJKTEAM", NODIG, p=persoon, doel="WMO_ONDERZOEK", c=["IDENTITEIT"]))["toestemmingNodig"]
    assert (wmo["nodig"], wmo["soort"], wmo["gevers"], wmo["wieUitleg"]) == (False, "NIET_NODIG", [], None)
    assert "vraag geen toestemming" in wmo["uitleg"]
    [vaag] = (await vraag.data("WIJKTEAM", NODIG, p=onbekend, doel="PW_DERDEN", c=["CONTACT"]))["toestemmingNodig"]
    assert (vaag["soort"], vaag["gevers"], "geboortedatum" in vaag["wieUitleg"]) == ("SCHRIFTELIJK_GEEN_BEZWAAR", [], True)
    for rol, p, doel, c, code in (
        ("WIJKTEAM", persoon, "NIETS", ["IDENTITEIT"], "ONGELDIGE_INVOER"),
        ("ZORG", persoon, "PW_DERDEN", ["CONTACT"], "GEEN_RECHT"),
        ("WIJKTEAM", str(wijk.stad), "PW_DERDEN", ["CONTACT"], "NIET_GEVONDEN"),
        ("WIJKTEAM", persoon, "PW_DERDEN", [], "ONGELDIGE_INVOER"),
    ):
        assert codes(await vraag(rol, NODIG, p=p, doel=doel, c=c)) == [code]


async def test_bad_input_and_who_may_not_change_nothing(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk)
    naar = [{"organisatieId": str(wijk.zorg)}]
    before = await rows_of(wijk, RECORDS)
    wrong: list[tuple[str, list[Any], dict[str, Any], str, str | None]] = [
        ("WIJKTEAM", naar, {"doel": "WMO_ONDERZOEK"}, "TOESTEMMING_NIET_NODIG", "doel"), ("ZORG", naar, {}, "GEEN_RECHT", None),
        ("WIJKTEAM", [], {}, "ONGELDIGE_INVOER", "ontvangers"), ("WIJKTEAM", naar, {"wijze": "MONDELING"}, "ONGELDIGE_INVOER", "bewijs"),
        ("WIJKTEAM", naar, {"geldigTot": "2020-01-01"}, "ONGELDIGE_INVOER", "geldigTot"),
        ("WIJKTEAM", naar, {"wijze": "MONDELING", "bewijs": "x" * 100_000}, "ONGELDIGE_INVOER", "bewijs"),
        ("WIJKTEAM", [naar[0] | {"rol": "DOCK"}], {}, "ONGELDIGE_INVOER", "ontvangers"),
        ("WIJKTEAM", [{"organisatieId": "x"}], {}, "ONGELDIGE_INVOER", "organisatieId"),
        ("WIJKTEAM", [{"organisatieId": persoon}], {}, "NIET_GEVONDEN", None),
    ]  # fmt: skip
    for rol, ontvangers, anders, code, veld in wrong:
        answer = await vraag(rol, VASTLEGGEN, d=dossier, p=persoon, o=ontvangers, t=ZORG | anders)
        assert set(codes(answer)) == {code}, anders
        assert answer.errors[0]["extensions"].get("veld") == veld, anders
    assert await rows_of(wijk, RECORDS) == before


async def test_texts_are_made_by_the_privacy_officer_and_read_by_all(wijk: Wijk, vraag: Vrager) -> None:
    maak = """mutation($d:String!,$v:ID){toestemmingstekstVaststellen(doel:$d,aanduiding:"v2",tekst:"Mag dat?",vervangt:$v){
        id taal leesniveau van tot tekst}}"""
    lijst = '{toestemmingsteksten(filter:{doel:"PW_DERDEN"}){edges{node{id aanduiding tot}}}}'
    [oud] = (await vraag.data("WIJKTEAM", lijst))["toestemmingsteksten"]["edges"]
    wijk.klok.moment = wijk.klok.moment.replace(day=5)
    before = await rows_of(wijk, [Toestemmingstekst])
    for rol, doel, code in (("WIJKTEAM", "PW_DERDEN", "GEEN_RECHT"), ("PRIVACY_OFFICER", "WMO_ONDERZOEK", "ONGELDIGE_INVOER")):
        assert codes(await vraag(rol, maak, d=doel)) == [code]
    assert await rows_of(wijk, [Toestemmingstekst]) == before
    made = (await vraag.data("PRIVACY_OFFICER", maak, d="PW_DERDEN", v=oud["node"]["id"]))["toestemmingstekstVaststellen"]
    assert made.pop("id")
    assert made == {"taal": "nl", "leesniveau": "B1", "van": "2027-03-05", "tot": None, "tekst": "Mag dat?"}
    shown = [edge["node"] for edge in (await vraag.data("INWONER", lijst))["toestemmingsteksten"]["edges"]]
    assert [(each["aanduiding"], each["tot"]) for each in shown] == [("v2", None), ("v1", "2027-03-04")]
