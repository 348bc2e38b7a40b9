"""Partners over GraphQL: coupled and let go, referred to, and what each side sees of it before and after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.verwijzing import Verwijzing
from wijkwerk.testing.verwijzingen import over, zaak
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
ZIEN = "query($id:ID!){persoon(id:$id){geslachtsnaam geboortedatum contactgegevens{waarde}}}"
KOPPELEN = """mutation($d:ID!,$p:ID!,$dock:ID!,$n:Int=3,$s:Partijsoort=ORGANISATIE,$o:ID,$r:String){partnerKoppelen(dossier:$d,persoon:$p,
    partij:$dock,niveau:$n,soort:$s,organisatie:$o,rol:$r,doel:"WMO_ALG_VOORZIENING",categorieen:["IDENTITEIT"]){
    id versie partijsoort rol tot organisatie{naam} door{naam}}}"""
ONTKOPPELEN = "mutation($k:ID!,$v:Int!){koppelingBeeindigen(koppeling:$k,versie:$v){tot beeindigdDoor{naam}}}"
VERWIJZEN = """mutation($d:ID!,$p:ID!,$o:ID!,$tot:Date!,$n:Int=4,$doel:String="WMO_ALG_VOORZIENING",$t:ID,$r:String){
    inwonerVerwijzen(dossier:$d,persoon:$p,organisatie:$o,vraag:"Koffie?",doel:$doel,categorieen:["CONTACT"],niveau:$n,tot:$tot,toestemming:$t,rol:$r){
    id versie status categorieen}}"""
LIJST = """query($na:String){verwijzingen(first:1,after:$na,filter:{status:[AANGEBODEN]}){totalCount pageInfo{hasNextPage endCursor}
    edges{node{id versie vraag status niveauTot persoon{roepnaam geboortedatum} ontvangstbewijs{tot}}}}}"""
AANNEMEN = "mutation($v:ID!,$n:Int!){verwijzingAannemen(verwijzing:$v,versie:$n){status ontvangstbewijs{grondslag uitleg door tot niveau}}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def stand(wijk: Wijk) -> list[Any]:
    return await rows_of(wijk, (Koppeling, Verwijzing, Betrokkenheid))


async def test_a_partner_is_coupled_and_let_go(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk)
    args = {"d": str(dossier), "p": str(persoon), "dock": str(wijk.dock)}
    for rol, anders, code in (
        ("WIJKTEAM", {}, "GEEN_RECHT"), ("REGISSEUR", {"n": 0}, "ONGELDIGE_INVOER"), ("REGISSEUR", {"n": 9}, "ONGELDIGE_INVOER"),
        ("REGISSEUR", {"p": str(dossier)}, "NIET_GEVONDEN"), ("REGISSEUR", {"s": "TEAM"}, "NIET_GEVONDEN"),
        ("REGISSEUR", {"r": "ZORG"}, "ONGELDIGE_INVOER"),
    ):  # fmt: skip
        before = await stand(wijk)
        assert codes(await vraag(rol, KOPPELEN, **args | anders)) == [code]
        assert await stand(wijk) == before
    made = (await vraag.data("REGISSEUR", KOPPELEN, **args))["partnerKoppelen"]
    assert (made["partijsoort"], made["organisatie"], made["door"], made["tot"]) == (
        "ORGANISATIE", {"naam": "dock"}, {"naam": "regisseur"}, None,
    )  # fmt: skip
    assert (await vraag.data("DOCK", ZIEN, id=str(persoon)))["persoon"]["geslachtsnaam"] == "Moulin"
    found = await vraag.data("WIJKTEAM", "query($d:ID!){dossier(id:$d){koppelingen{id doel}}}", d=str(dossier))
    assert found["dossier"]["koppelingen"] == [{"id": made["id"], "doel": "WMO_ALG_VOORZIENING"}]
    assert codes(await vraag("REGISSEUR", ONTKOPPELEN, k=made["id"], v=7)) == ["VERSIE_VEROUDERD"]
    assert set(codes(await vraag("DOCK", ONTKOPPELEN, k=made["id"], v=1))) == {"GEEN_RECHT"}
    ended = (await vraag.data("REGISSEUR", ONTKOPPELEN, k=made["id"], v=1))["koppelingBeeindigen"]
    assert (ended["tot"] is not None, ended["beeindigdDoor"]) == (True, {"naam": "regisseur"})
    assert (await vraag.data("DOCK", ZIEN, id=str(persoon)))["persoon"] is None
    eigen = {"dock": str(wijk.BUURTCOACH), "s": "GEBRUIKER", "o": str(wijk.dock)}
    assert (await vraag.data("REGISSEUR", KOPPELEN, **args | eigen))["partnerKoppelen"]["partijsoort"] == "GEBRUIKER"
    assert (await vraag.data("DOCK", ZIEN, id=str(persoon)))["persoon"] is None
    assert (await vraag.data("BUURTCOACH", ZIEN, id=str(persoon)))["persoon"] is not None


async def verwijs(wijk: Wijk, vraag: Vrager) -> tuple[UUID, UUID, dict[str, Any]]:
    persoon, dossier = await zaak(wijk)
    args = {"d": str(dossier), "p": str(persoon), "o": str(wijk.dock), "tot": over(wijk, 30).isoformat()}
    return persoon, dossier, (await vraag.data("REGISSEUR", VERWIJZEN, **args))["inwonerVerwijzen"]


async def test_a_partner_reads_its_own_list_and_accepts_and_both_sides_have_a_receipt(wijk: Wijk, vraag: Vrager) -> None:
    persoon, _, eerste = await verwijs(wijk, vraag)
    _, _, tweede = await verwijs(wijk, vraag)
    page = (await vraag.data("DOCK", LIJST))["verwijzingen"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    [node] = [edge["node"] for edge in page["edges"]]
    assert node == {"id": tweede["id"], "versie": 1, "vraag": "Koffie?", "status": "AANGEBODEN", "niveauTot": 4,
                    "persoon": {"roepnaam": "Suus", "geboortedatum": None}, "ontvangstbewijs": None}  # fmt: skip
    rest = (await vraag.data("DOCK", LIJST, na=page["pageInfo"]["endCursor"]))["verwijzingen"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [eerste["id"]]
    assert (await vraag.data("ZORG", LIJST))["verwijzingen"]["totalCount"] == 0
    for rol, code in (("ZORG", "NIET_GEVONDEN"), ("REGISSEUR", "GEEN_RECHT"), ("KLANTMANAGER", "GEEN_RECHT")):
        before = await stand(wijk)
        assert set(codes(await vraag(rol, AANNEMEN, v=eerste["id"], n=1))) == {code}
        assert await stand(wijk) == before
    taken = (await vraag.data("DOCK", AANNEMEN, v=eerste["id"], n=1))["verwijzingAannemen"]
    assert (taken["status"], taken["ontvangstbewijs"]["grondslag"]) == ("AANGENOMEN", "WMO_ALG_VOORZIENING/1")
    assert (taken["ontvangstbewijs"]["door"], taken["ontvangstbewijs"]["tot"]) == (str(wijk.DOCK), over(wijk, 30).isoformat())
    text = "query($id:ID!){persoon(id:$id){verwijzingen{ontvangstbewijs{grondslag uitleg door tot niveau}}}}"
    assert (await vraag.data("WIJKTEAM", text, id=str(persoon)))["persoon"]["verwijzingen"] == [
        {"ontvangstbewijs": taken["ontvangstbewijs"]}
    ]
    assert (await vraag.data("DOCK", ZIEN, id=str(persoon)))["persoon"]["contactgegevens"] == [{"waarde": "+31612345678"}]
    assert codes(await vraag("DOCK", AANNEMEN, v=eerste["id"], n=1)) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("DOCK", AANNEMEN, v=eerste["id"], n=2)) == ["VERWIJZING_AFGEHANDELD"]


async def test_a_referral_is_narrowed_taken_back_declined_and_finished(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier, made = await verwijs(wijk, vraag)
    beperken = "mutation($v:ID!,$n:Int!,$l:Int){verwijzingBeperken(verwijzing:$v,versie:$n,niveau:$l){niveauTot versie}}"
    await vraag.data("DOCK", AANNEMEN, v=made["id"], n=1)
    assert codes(await vraag("REGISSEUR", beperken, v=made["id"], n=2, l=5)) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("DOCK", beperken, v=made["id"], n=2, l=1)) == ["GEEN_RECHT"]
    assert (await vraag.data("REGISSEUR", beperken, v=made["id"], n=2, l=1))["verwijzingBeperken"] == {"niveauTot": 1, "versie": 3}
    assert (await vraag.data("DOCK", ZIEN, id=str(persoon)))["persoon"]["geboortedatum"] is None
    intrekken = "mutation($v:ID!,$n:Int!){verwijzingIntrekken(verwijzing:$v,versie:$n,reden:INWONER_WIL_NIET){status eindreden}}"
    assert (await vraag.data("REGISSEUR", intrekken, v=made["id"], n=3))["verwijzingIntrekken"] == {
        "status": "INGETROKKEN", "eindreden": "INWONER_WIL_NIET",
    }  # fmt: skip
    assert (await vraag.data("DOCK", ZIEN, id=str(persoon)))["persoon"] is None
    for muteren, keer in (
        ('verwijzingWeigeren(verwijzing:$v,versie:1,antwoord:"Vol")', 0),
        ("verwijzingAfronden(verwijzing:$v,versie:2)", 1),
    ):
        _, _, nieuw = await verwijs(wijk, vraag)
        if keer:
            await vraag.data("DOCK", AANNEMEN, v=nieuw["id"], n=1)
        assert list((await vraag.data("DOCK", f"mutation($v:ID!){{{muteren}}}", v=nieuw["id"])).values()) == [nieuw["id"]]
        assert (await vraag.data("DOCK", "query($v:ID!){verwijzing(id:$v){id}}", v=nieuw["id"]))["verwijzing"] is None
    meldingen = "query{mijnNotificaties(first:9){edges{node{soort}}}}"
    soorten = [edge["node"]["soort"] for edge in (await vraag.data("REGISSEUR", meldingen))["mijnNotificaties"]["edges"]]
    assert set(soorten) == {"VERWIJZING_BESLOTEN"}
    regels = await vraag.data("REGISSEUR", "query($d:ID!){dossier(id:$d){verwijzingen{status}}}", d=str(dossier))
    assert regels["dossier"]["verwijzingen"] == [{"status": "INGETROKKEN"}]


async def test_a_bad_referral_is_refused_and_nothing_happens(wijk: Wijk, vraag: Vrager) -> None:
    persoon, dossier = await zaak(wijk)
    args = {"d": str(dossier), "p": str(persoon), "o": str(wijk.dock), "tot": over(wijk, 30).isoformat()}
    before = await stand(wijk)
    for rol, anders, code in (
        ("WIJKTEAM", {}, "GEEN_RECHT"), ("REGISSEUR", {"n": 7}, "ONGELDIGE_INVOER"), ("REGISSEUR", {"n": -1}, "ONGELDIGE_INVOER"),
        ("REGISSEUR", {"tot": "2040-01-01"}, "ONGELDIGE_INVOER"), ("REGISSEUR", {"o": str(persoon)}, "NIET_GEVONDEN"),
        ("REGISSEUR", {"doel": "ZORG_UITWISSELING", "o": str(wijk.zorg)}, "ONGELDIGE_INVOER"),
        ("REGISSEUR", {"t": str(persoon)}, "ONGELDIGE_INVOER"), ("REGISSEUR", {"r": "KABOUTER"}, "ONGELDIGE_INVOER"),
        ("REGISSEUR", {"d": str(persoon)}, "NIET_GEVONDEN"),
    ):  # fmt: skip
        assert codes(await vraag(rol, VERWIJZEN, **args | anders)) == [code], anders
    assert await stand(wijk) == before
