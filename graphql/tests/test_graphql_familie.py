"""Households, family, gezag and who may decide, through the whole engine: both sides, on a date, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from wijkwerk.gezag import Gezag
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Partnerschap, Relatie
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk.vertegenwoordigingen import Ouderblokkade, Vertegenwoordiging, Wilsoordeel
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
LID = """mutation($p:ID!,$h:ID,$van:Date="2020-01-01"){huishoudlidToevoegen(persoon:$p,huishouden:$h,rol:HOOFD,van:$van){
    id versie huishoudenId rol soort}}"""
RELATIE = """mutation($p:ID!,$a:ID!,$s:Relatiesoort!,$g:Boolean=false){relatieVastleggen(persoon:$p,ander:$a,soort:$s,gezag:$g){
    id versie soort gezag}}"""
GEZAG = "mutation($p:ID!,$g:GezagInvoer!){gezagVastleggen(kind:$p,gezag:$g){id versie soort brpCode inOnderzoek}}"
MAG = """query($p:ID!,$h:Handeling!,$d:Date){wieMagBeslissen(persoon:$p,handeling:$h,datum:$d){uitkomst uitleg samen beideOuders verborgen
    ouderWeggelaten vertegenwoordigers{hoedanigheid naam persoon{geslachtsnaam}}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gezin(wijk: Wijk, vraag: Vrager) -> tuple[str, str, str]:
    """A mother, a father and a child of seven; both have gezag."""
    moeder, vader = str(await wijk.inwoner("Haverkamp")), str(await wijk.inwoner("Esselink"))
    kind = str(await wijk.inwoner("Esselink", roepnaam="Jip", geboortedatum=Datum(2020, 1, 20)))
    for ouder in (moeder, vader):
        await vraag.data("WIJKTEAM", RELATIE, p=kind, a=ouder, s="OUDER", g=True)
    await vraag.data("WIJKTEAM", GEZAG, p=kind, g={"brpCode": "12"})
    return moeder, vader, kind


async def test_a_household_is_read_on_a_date_and_nobody_else_is_in_it(wijk: Wijk, vraag: Vrager) -> None:
    een, twee, los = [str(await wijk.inwoner(naam)) for naam in ("Moulin", "Vogel", "Djibet")]
    first = (await vraag.data("WIJKTEAM", LID, p=een))["huishoudlidToevoegen"]
    assert (first["versie"], first["rol"], first["soort"]) == (1, "HOOFD", "PARTICULIER")
    second = (await vraag.data("WIJKTEAM", LID, p=twee, h=first["huishoudenId"], van="2021-01-01"))["huishoudlidToevoegen"]
    await vraag.data("WIJKTEAM", LID, p=los)
    text = """query($id:ID!,$op:Date){persoon(id:$id){huisgenoten(op:$op){geslachtsnaam}
        huishoudleden(op:$op){rol persoon{geslachtsnaam}} lidmaatschappen{van tot huishoudenId}}}"""
    now = (await vraag.data("WIJKTEAM", text, id=een))["persoon"]
    assert now["huisgenoten"] == [{"geslachtsnaam": "Vogel"}]
    assert [lid["persoon"]["geslachtsnaam"] for lid in now["huishoudleden"]] == ["Moulin", "Vogel"]
    assert now["lidmaatschappen"] == [{"van": "2020-01-01", "tot": None, "huishoudenId": first["huishoudenId"]}]
    before = (await vraag.data("WIJKTEAM", text, id=een, op="2020-12-31"))["persoon"]
    assert (before["huisgenoten"], len(before["huishoudleden"])) == ([], 1)
    gone = 'mutation($id:ID!,$v:Int!){huishoudlidVertrekt(id:$id,versie:$v,tot:"2026-12-31"){versie tot}}'
    assert (await vraag.data("WIJKTEAM", gone, id=second["id"], v=1))["huishoudlidVertrekt"] == {"versie": 2, "tot": "2026-12-31"}
    assert codes(await vraag("WIJKTEAM", gone, id=second["id"], v=1)) == ["VERSIE_VEROUDERD"]
    assert (await vraag.data("WIJKTEAM", text, id=een))["persoon"]["huisgenoten"] == []
    edit = "mutation($id:ID!,$l:HuishoudlidWijziging!){huishoudlidWijzigen(id:$id,versie:2,lid:$l){rol tot}}"
    edited = await vraag.data("WIJKTEAM", edit, id=second["id"], l={"tot": None, "rol": "MEDEBEWONER"})
    assert edited["huishoudlidWijzigen"] == {"rol": "MEDEBEWONER", "tot": None}


async def test_a_relation_is_recorded_once_and_read_from_both_sides(wijk: Wijk, vraag: Vrager) -> None:
    moeder, _, kind = await gezin(wijk, vraag)
    text = """query($id:ID!,$op:Date){persoon(id:$id){
        relaties(op:$op){soort omgekeerd ander{id geslachtsnaam} vastgelegd{id versie soort gezag}}}}"""
    [band] = (await vraag.data("WIJKTEAM", text, id=moeder))["persoon"]["relaties"]
    assert (band["soort"], band["omgekeerd"], band["ander"]["id"]) == ("KIND", True, kind)
    assert (band["vastgelegd"]["soort"], band["vastgelegd"]["gezag"]) == ("OUDER", True)
    own = (await vraag.data("WIJKTEAM", text, id=kind))["persoon"]["relaties"]
    assert [(each["soort"], each["omgekeerd"]) for each in own] == [("OUDER", False)] * 2
    end = 'mutation($id:ID!){relatieBeeindigen(id:$id,versie:1,tot:"2026-12-31"){versie tot}}'
    assert (await vraag.data("WIJKTEAM", end, id=band["vastgelegd"]["id"]))["relatieBeeindigen"]["versie"] == 2
    assert (await vraag.data("WIJKTEAM", text, id=moeder, op="2027-01-01"))["persoon"]["relaties"] == []
    assert len((await vraag.data("WIJKTEAM", text, id=moeder, op="2026-12-31"))["persoon"]["relaties"]) == 1
    edit = "mutation($id:ID!,$r:RelatieWijziging!){relatieWijzigen(id:$id,versie:2,relatie:$r){soort gezag tot}}"
    edited = await vraag.data("WIJKTEAM", edit, id=band["vastgelegd"]["id"], r={"soort": "PLEEGOUDER", "gezag": False, "tot": None})
    assert edited["relatieWijzigen"] == {"soort": "PLEEGOUDER", "gezag": False, "tot": None}
    [band] = (await vraag.data("WIJKTEAM", text, id=moeder))["persoon"]["relaties"]
    assert band["soort"] == "PLEEGKIND"


async def test_partners_names_follow_and_what_is_not_sure_is_said(wijk: Wijk, vraag: Vrager) -> None:
    een = str(await wijk.inwoner("Moulin", aanduiding_naamgebruik="V"))
    twee = str(await wijk.inwoner("Vogel", voorvoegsel="de"))
    make = """mutation($p:ID!,$q:ID,$i:PartnerschapInvoer!){partnerschapVastleggen(persoon:$p,partner:$q,partnerschap:$i){
        id versie geslachtsnaam datumAangaan}}"""
    see = """query($id:ID!){persoon(id:$id){partnerGeslachtsnaam aanschrijfwijze naamgevendePartner{zekerheid uitleg vastgelegd{id}}
        partnerschappen{omgekeerd partner{geslachtsnaam} vastgelegd{datumOntbinding}}}}"""
    made = await vraag.data("WIJKTEAM", make, p=een, q=twee, i={"soortVerbintenis": "HUWELIJK", "datumAangaan": "2001"})
    first = made["partnerschapVastleggen"]
    assert (first["geslachtsnaam"], first["datumAangaan"]) == ("Vogel", "2001")
    seen = (await vraag.data("WIJKTEAM", see, id=een))["persoon"]
    assert (seen["partnerGeslachtsnaam"], seen["aanschrijfwijze"]) == ("Vogel", "De Vogel-Moulin")
    assert seen["naamgevendePartner"]["zekerheid"] == "ZEKER"
    other = (await vraag.data("WIJKTEAM", see, id=twee))["persoon"]
    assert other["partnerschappen"] == [
        {"omgekeerd": True, "partner": {"geslachtsnaam": "Moulin"}, "vastgelegd": {"datumOntbinding": None}}
    ]
    assert other["partnerGeslachtsnaam"] == "Moulin"
    named = {"soortVerbintenis": "GEREGISTREERD_PARTNERSCHAP", "geslachtsnaam": "Djibet", "datumAangaan": "2001-05"}
    await vraag.data("WIJKTEAM", make, p=een, i=named)
    seen = (await vraag.data("WIJKTEAM", see, id=een))["persoon"]
    assert (seen["partnerGeslachtsnaam"], seen["naamgevendePartner"]["zekerheid"]) == ("Vogel", "VOLGORDE_ONBEKEND")
    assert "Vraag de inwoner" in seen["naamgevendePartner"]["uitleg"]
    end = 'mutation($id:ID!){partnerschapOntbinden(id:$id,versie:1,datum:"2010"){versie datumOntbinding}}'
    assert (await vraag.data("WIJKTEAM", end, id=first["id"]))["partnerschapOntbinden"] == {"versie": 2, "datumOntbinding": "2010"}
    seen = (await vraag.data("WIJKTEAM", see, id=een))["persoon"]
    assert (seen["partnerGeslachtsnaam"], seen["naamgevendePartner"]["zekerheid"]) == ("Djibet", "ZEKER")
    edit = "mutation($id:ID!){partnerschapWijzigen(id:$id,versie:2,partnerschap:{datumOntbinding:null}){datumOntbinding}}"
    assert (await vraag.data("WIJKTEAM", edit, id=first["id"]))["partnerschapWijzigen"] == {"datumOntbinding": None}
    assert codes(await vraag("WIJKTEAM", make, p=een, i={"soortVerbintenis": "HUWELIJK"})) == ["ONGELDIGE_INVOER"]


async def test_who_may_decide_for_a_child_and_what_a_block_does(wijk: Wijk, vraag: Vrager) -> None:
    moeder, _, kind = await gezin(wijk, vraag)
    mag = (await vraag.data("WIJKTEAM", MAG, p=kind, h="INZAGE"))["wieMagBeslissen"]
    assert (mag["uitkomst"], mag["beideOuders"], mag["ouderWeggelaten"]) == ("VERTEGENWOORDIGER", True, False)
    assert [each["persoon"]["geslachtsnaam"] for each in mag["vertegenwoordigers"]] == ["Haverkamp", "Esselink"]
    block = 'mutation($k:ID!,$o:ID!){ouderBlokkeren(kind:$k,ouder:$o,van:"2027-01-01",reden:"Verzonnen reden"){id versie reden}}'
    made = (await vraag.data("WIJKTEAM", block, k=kind, o=moeder))["ouderBlokkeren"]
    assert made["reden"] == "Verzonnen reden"
    mag = (await vraag.data("WIJKTEAM", MAG, p=kind, h="INZAGE"))["wieMagBeslissen"]
    assert [each["persoon"]["geslachtsnaam"] for each in mag["vertegenwoordigers"]] == ["Esselink"]
    assert (mag["uitkomst"], mag["ouderWeggelaten"]) == ("VERTEGENWOORDIGER", True)
    low = (await vraag.data("TEAMLEIDER", "query($id:ID!){persoon(id:$id){ouderblokkades{reden van beperkt}}}", id=kind))["persoon"]
    assert low == {"ouderblokkades": [{"reden": None, "van": "2027-01-01", "beperkt": True}]}
    lift = 'mutation($id:ID!){ouderblokkadeOpheffen(id:$id,versie:1,tot:"2027-02-28",reden:"Veilig"){redenOpheffing tot}}'
    assert (await vraag.data("WIJKTEAM", lift, id=made["id"]))["ouderblokkadeOpheffen"]["redenOpheffing"] == "Veilig"
    mag = (await vraag.data("WIJKTEAM", MAG, p=kind, h="INZAGE"))["wieMagBeslissen"]
    assert (len(mag["vertegenwoordigers"]), mag["ouderWeggelaten"]) == (2, False)
    assert (await vraag.data("WIJKTEAM", MAG, p=kind, h="INZAGE", d="2027-02-28"))["wieMagBeslissen"]["ouderWeggelaten"] is True


async def test_a_judgement_and_a_representative_are_recorded_and_count(wijk: Wijk, vraag: Vrager) -> None:
    persoon = str(await wijk.inwoner("Vogel", geboortedatum=Datum(2014, 1, 1)))
    volwassen = str(await wijk.inwoner("Molenaar", geboortedatum=Datum(1941, 3, 4)))
    assert (await vraag.data("WIJKTEAM", MAG, p=persoon, h="WMO_VERSTREKKING"))["wieMagBeslissen"]["uitkomst"] == "ONBEKEND"
    judge = """mutation($p:ID!){wilsoordeelVastleggen(persoon:$p,handeling:WMO_VERSTREKKING,inStaat:true,motivering:"Begrijpt het"){
        op inStaat motivering door{naam}}}"""
    made = (await vraag.data("WIJKTEAM", judge, p=persoon))["wilsoordeelVastleggen"]
    assert made == {"op": "2027-03-01", "inStaat": True, "motivering": "Begrijpt het", "door": {"naam": "wijkteam"}}
    assert (await vraag.data("WIJKTEAM", MAG, p=persoon, h="WMO_VERSTREKKING"))["wieMagBeslissen"]["uitkomst"] == "BETROKKENE"
    represent = """mutation($p:ID!){vertegenwoordigingVastleggen(persoon:$p,hoedanigheid:CURATOR,naam:"Curator Jansen",
        bewijs:"Beschikking 1",van:"2020-01-01"){id versie naam bewijs gezienDoor{naam}}}"""
    made = (await vraag.data("WIJKTEAM", represent, p=volwassen))["vertegenwoordigingVastleggen"]
    assert (made["naam"], made["bewijs"], made["gezienDoor"]["naam"]) == ("Curator Jansen", "Beschikking 1", "wijkteam")
    mag = (await vraag.data("WIJKTEAM", MAG, p=volwassen, h="AVG_TOESTEMMING"))["wieMagBeslissen"]
    assert (mag["uitkomst"], mag["vertegenwoordigers"]) == (
        "VERTEGENWOORDIGER", [{"hoedanigheid": "CURATOR", "naam": "Curator Jansen", "persoon": None}],
    )  # fmt: skip
    end = 'mutation($id:ID!){vertegenwoordigingBeeindigen(id:$id,versie:1,tot:"2027-02-01"){tot}}'
    await vraag.data("WIJKTEAM", end, id=made["id"])
    assert (await vraag.data("WIJKTEAM", MAG, p=volwassen, h="AVG_TOESTEMMING"))["wieMagBeslissen"]["uitkomst"] == "BETROKKENE"
    see = "query($id:ID!){persoon(id:$id){vertegenwoordigers{hoedanigheid tot} wilsoordelen{handeling}}}"
    assert (await vraag.data("WIJKTEAM", see, id=volwassen))["persoon"]["vertegenwoordigers"] == [
        {"hoedanigheid": "CURATOR", "tot": "2027-02-01"}
    ]
    assert (await vraag.data("WIJKTEAM", see, id=persoon))["persoon"]["wilsoordelen"] == [{"handeling": "WMO_VERSTREKKING"}]


async def test_gezag_keeps_an_unknown_code_and_is_changed_and_ended(wijk: Wijk, vraag: Vrager) -> None:
    kind = str(await wijk.inwoner(geboortedatum=Datum(2020, 1, 20)))
    made = (await vraag.data("WIJKTEAM", GEZAG, p=kind, g={"brpCode": "3C"}))["gezagVastleggen"]
    assert (made["soort"], made["brpCode"]) == ("ONBEKEND", "3C")
    assert codes(await vraag("WIJKTEAM", GEZAG, p=kind, g={"soort": "VOOGDIJ"})) == ["ONGELDIGE_INVOER"]
    assert codes(await vraag("WIJKTEAM", GEZAG, p=kind, g={"soort": None})) == ["ONGELDIGE_INVOER"]
    edit = "mutation($id:ID!,$v:Int!,$g:GezagInvoer!){gezagWijzigen(id:$id,versie:$v,gezag:$g){soort brpCode inOnderzoek}}"
    edited = await vraag.data("WIJKTEAM", edit, id=made["id"], v=1, g={"soort": "VOOGDIJ", "inOnderzoek": True})
    assert edited["gezagWijzigen"] == {"soort": "VOOGDIJ", "brpCode": None, "inOnderzoek": True}
    end = 'mutation($id:ID!){gezagBeeindigen(id:$id,versie:2,tot:"2027-01-01"){tot}}'
    assert (await vraag.data("WIJKTEAM", end, id=made["id"]))["gezagBeeindigen"] == {"tot": "2027-01-01"}
    later = (await vraag.data("WIJKTEAM", GEZAG, p=kind, g={"soort": "VOOGDIJ", "van": "2027-01-02"}))["gezagVastleggen"]
    seen = await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){gezag{id}}}", id=kind)
    assert [row["id"] for row in seen["persoon"]["gezag"]] == [later["id"], made["id"]]


RECORDS = (Huishoudlid, Relatie, Partnerschap, Gezag, Vertegenwoordiging, Wilsoordeel, Ouderblokkade)
WRITES = (
    'huishoudlidToevoegen(persoon:$p,rol:KIND,van:"2020-01-01"){id}', "relatieVastleggen(persoon:$p,ander:$q,soort:BEKENDE){id}",
    'partnerschapVastleggen(persoon:$p,partnerschap:{soortVerbintenis:HUWELIJK,geslachtsnaam:"Vogel"}){id}',
    "gezagVastleggen(kind:$p,gezag:{soort:VOOGDIJ}){id}",
    'vertegenwoordigingVastleggen(persoon:$p,hoedanigheid:MENTOR,naam:"Jansen",bewijs:"B",van:"2020-01-01"){id}',
    'wilsoordeelVastleggen(persoon:$p,handeling:INZAGE,inStaat:true,motivering:"M"){id}',
    'ouderBlokkeren(kind:$p,naam:"Jansen",van:"2020-01-01",reden:"R"){id}',
)  # fmt: skip


async def test_who_may_not_or_can_not_reach_changes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    persoon, ander = str(await wijk.inwoner()), str(await wijk.inwoner("Vogel"))
    for write in WRITES:
        text = f"mutation($p:ID!{',$q:ID!' if '$q' in write else ''}){{{write}}}"
        given = {"p": persoon} | ({"q": ander} if "$q" in write else {})
        for rol, code in (("TEAMLEIDER", "GEEN_RECHT"), ("ZORG", "GEEN_RECHT"), ("KLANTMANAGER", "GEEN_RECHT")):
            assert set(codes(await vraag(rol, text, **given))) == {code}, write
        assert codes(await vraag(wijk.actor("WIJKTEAM", team=wijk.ander_team), text, **given)) == ["NIET_GEVONDEN"], write
        assert codes(await vraag("WIJKTEAM", text, **(given | {"p": str(nieuw_id())}))) == ["NIET_GEVONDEN"], write
    for record in RECORDS:
        assert await wijk.rows(select(record.tabel())) == []


async def test_who_is_out_of_reach_is_not_shown_as_family_and_decides_nothing(wijk: Wijk, vraag: Vrager) -> None:
    _, _, kind = await gezin(wijk, vraag)
    for rol in (wijk.actor("WIJKTEAM", team=wijk.ander_team), wijk.actor("WIJKTEAM", team=wijk.ander_team)):
        assert (await vraag.data(rol, MAG, p=kind, h="INZAGE"))["wieMagBeslissen"] is None
    assert codes(await vraag("ZORG", MAG, p=kind, h="INZAGE")) == ["GEEN_RECHT"]
    assert codes(await vraag("WIJKTEAM", MAG, p=kind, h="INZAGE", d="2019-01-01")) == ["ONGELDIGE_INVOER"]


async def test_who_asked_for_secrecy_is_no_housemate_nor_family_for_outsiders(wijk: Wijk, vraag: Vrager) -> None:
    een, geheim = str(await wijk.inwoner()), str(await wijk.inwoner("Vogel", geheim=True))
    first = (await vraag.data("WIJKTEAM", LID, p=een))["huishoudlidToevoegen"]
    await vraag.data("WIJKTEAM", LID, p=geheim, h=first["huishoudenId"])
    await vraag.data("WIJKTEAM", RELATIE, p=een, a=geheim, s="BROER_OF_ZUS")
    text = "query($id:ID!){persoon(id:$id){huisgenoten{id} huishoudleden{persoon{id}} relaties{ander{id}}}}"
    inside = (await vraag.data("WIJKTEAM", text, id=een))["persoon"]
    assert (len(inside["huisgenoten"]), len(inside["huishoudleden"]), inside["relaties"]) == (1, 2, [{"ander": {"id": geheim}}])
    outside = (await vraag.data(replace(wijk.actor("WIJKTEAM"), buiten_gemeente=True), text, id=een))["persoon"]
    assert outside == {"huisgenoten": [], "huishoudleden": [{"persoon": {"id": een}}], "relaties": [{"ander": None}]}


async def test_the_number_of_statements_is_the_same_for_1_resident_and_for_12(wijk: Wijk, vraag: Vrager) -> None:
    text = """{personen(first:100){edges{node{huisgenoten{geslachtsnaam} huishoudleden{rol persoon{roepnaam}} lidmaatschappen{van}
        relaties{soort ander{geslachtsnaam} vastgelegd{soort}} partnerschappen{partner{geslachtsnaam} vastgelegd{datumAangaan}}
        naamgevendePartner{zekerheid} gezag{soort} vertegenwoordigers{naam} wilsoordelen{op} ouderblokkades{van}}}}}"""
    counts = []
    partner = {"soortVerbintenis": "HUWELIJK"}
    make = "mutation($p:ID!,$q:ID!,$i:PartnerschapInvoer!){partnerschapVastleggen(persoon:$p,partner:$q,partnerschap:$i){id}}"
    for number in (1, 5):
        for _ in range(number):
            een, twee = str(await wijk.inwoner("Moulin")), str(await wijk.inwoner("Vogel"))
            first = (await vraag.data("WIJKTEAM", LID, p=een))["huishoudlidToevoegen"]
            await vraag.data("WIJKTEAM", LID, p=twee, h=first["huishoudenId"])
            await vraag.data("WIJKTEAM", RELATIE, p=een, a=twee, s="OUDER", g=True)
            await vraag.data("WIJKTEAM", make, p=een, q=twee, i=partner)
            await vraag.data("WIJKTEAM", GEZAG, p=een, g={"brpCode": "12"})
        await vraag.data("WIJKTEAM", text)
        with count_statements(wijk.wijkwerk.database) as statements:
            data = await vraag.data("WIJKTEAM", text)
        counts.append(len(statements))
    nodes = [edge["node"] for edge in data["personen"]["edges"]]
    assert (len(nodes), all(node["huisgenoten"] and node["relaties"] for node in nodes)) == (12, True)
    assert counts[0] == counts[1]
    kind = str(await wijk.inwoner(geboortedatum=Datum(2020, 1, 20)))
    asked = []
    for _ in range(2):
        await vraag.data("WIJKTEAM", MAG, p=kind, h="INZAGE")
        with count_statements(wijk.wijkwerk.database) as statements:
            await vraag.data("WIJKTEAM", MAG, p=kind, h="INZAGE")
        asked.append(len(statements))
        ouder = str(await wijk.inwoner("Vogel"))
        await vraag.data("WIJKTEAM", RELATIE, p=kind, a=ouder, s="OUDER", g=True)
    assert asked[0] == asked[1]
