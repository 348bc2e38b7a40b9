"""Messages and notices through the whole engine: what became of mail, the outbox without persons, and one's own notices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.gebruikers import Gebruiker
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import AFSPRAAK_AFGEZEGD, TAKEN_HERINNERING
from wijkwerk.post.sturen import stuur
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.weigering import rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
WAARDEN = {"dag": "maandag", "tijd": "10.00 uur", "team": "Wijkteam Noord"}
BERICHTEN = "query($id:ID!){persoon(id:$id){berichten{id soort adres gemaaktOp bezorging door{naam}}}}"
MELDINGEN = """query($o:Boolean,$f:Int,$a:String){mijnNotificaties(first:$f,after:$a,filter:{ongelezen:$o}){totalCount
    edges{cursor node{id versie soort tekst overSoort overId gelezenOp voorCollega}} pageInfo{hasNextPage endCursor}}}"""
GELEZEN = "mutation($id:ID!,$v:Int!){notificatieGelezen(id:$id,versie:$v){id versie gelezenOp}}"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gestuurd(wijk: Wijk, keer: int = 1) -> UUID:
    """A resident to whom so many mails wait; the id of the resident."""
    persoon = await wijk.inwoner("Canarie", contact=["canarie@voorbeeld.nl"])
    dossier = await wijk.dossier(persoon)
    for _ in range(keer):
        await wijk.schrijf("WIJKTEAM", lambda work: stuur(work, persoon, AFSPRAAK_AFGEZEGD, WAARDEN, kader=dossier))
    return persoon


async def gemeld(wijk: Wijk, rol: str = "REGISSEUR", organisatie: str = "stad") -> UUID:
    return await wijk.schrijf("WIJKTEAM", lambda work: notificeer(work, wijk.ids[rol], wijk.ids[organisatie], TAKEN_HERINNERING.code))


async def test_the_messages_of_a_resident_with_what_became_of_them_for_who_works_with_the_resident(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await gestuurd(wijk, 2)
    v = Verzending.tabel()
    oudste = (await wijk.rows(select(v.c.id).order_by(v.c.gemaakt_op)))[0].id
    await wijk.change(update(v).where(v.c.id == oudste).values(status=Verzendstatus.TERUGGEKOMEN, inhoud=None))
    berichten = (await vraag.data("WIJKTEAM", BERICHTEN, id=str(persoon)))["persoon"]["berichten"]
    assert [(b["soort"], b["adres"], b["bezorging"], b["door"]) for b in berichten] == [
        ("AFSPRAAK_AFGEZEGD", "canarie@voorbeeld.nl", "WACHT", {"naam": "wijkteam"}),
        ("AFSPRAAK_AFGEZEGD", "canarie@voorbeeld.nl", "TERUGGEKOMEN", {"naam": "wijkteam"}),
    ]
    [betrokkene] = (await wijk.log())[-1]["betrokkenen"]
    assert ["Bericht", ["CONTACT"], ["bezorging"], []] in betrokkene["getoond"]
    assert set(codes(await vraag("DOCK", BERICHTEN, id=str(persoon)))) == {"GEEN_RECHT"}
    elders = wijk.actor("WIJKTEAM", gebruiker=wijk.TEAMLEIDER, team=wijk.ander_team)
    assert (await vraag.data(elders, BERICHTEN, id=str(persoon)))["persoon"] is None


async def test_what_became_of_them_is_one_statement_however_many(wijk: Wijk, vraag: Vrager) -> None:
    counts = []
    for keer in (1, 5):
        persoon = await gestuurd(wijk, keer)
        with count_statements(wijk.wijkwerk.database) as seen:
            await vraag.data("WIJKTEAM", BERICHTEN, id=str(persoon))
        counts.append(sum("verzending" in statement for statement in seen))
    assert counts == [1, 1]


async def test_a_message_is_withdrawn_by_who_may_send_and_sees_it(wijk: Wijk, vraag: Vrager) -> None:
    await gestuurd(wijk)
    [bericht] = await rows_of(wijk, (Bericht,))
    text = "mutation($id:ID!){berichtIntrekken(bericht:$id){id bezorging}}"
    before = await rows_of(wijk, (Bericht, Verzending))
    elders = wijk.actor("WIJKTEAM", gebruiker=wijk.TEAMLEIDER, team=wijk.ander_team)
    assert codes(await vraag("TEAMLEIDER", text, id=str(bericht.id))) == ["GEEN_RECHT"]
    assert codes(await vraag(elders, text, id=str(bericht.id))) == ["NIET_GEVONDEN"]
    assert await rows_of(wijk, (Bericht, Verzending)) == before
    assert (await vraag.data("REGISSEUR", text, id=str(bericht.id)))["berichtIntrekken"]["bezorging"] == "INGETROKKEN"


async def test_who_looks_after_the_mail_sees_and_counts_the_outbox_and_no_person(wijk: Wijk, vraag: Vrager) -> None:
    await gestuurd(wijk, 3)
    v = Verzending.tabel()
    een = (await wijk.rows(select(v.c.id)))[0].id
    await wijk.change(update(v).where(v.c.id == een).values(status=Verzendstatus.GEWEIGERD, antwoord="550/5.1.1"))
    data = await vraag.data(
        "BEHEER",
        """{alles:verzendingen{totalCount} wacht:verzendingen(first:1,filter:{status:WACHT}){totalCount edges{node{soort status pogingen}}}
            stuk:verzendingen(filter:{status:GEWEIGERD}){edges{node{id antwoord}}}}""",
    )
    assert (data["alles"]["totalCount"], data["wacht"]["totalCount"], len(data["wacht"]["edges"])) == (3, 2, 1)
    assert data["stuk"]["edges"] == [{"node": {"id": str(een), "antwoord": "550/5.1.1"}}]
    assert "betrokkenen" not in (await wijk.log())[-1]
    assert codes(await vraag("WIJKTEAM", "{verzendingen{totalCount}}")) == ["GEEN_RECHT"]
    refused = await vraag("BEHEER", "{verzendingen{edges{node{inhoud messageId}}}}")
    assert refused.data is None


async def test_ones_own_notices_newest_first_by_page_and_how_many_are_unread(wijk: Wijk, vraag: Vrager) -> None:
    ids = [str(await gemeld(wijk)) for _ in range(3)]
    await gemeld(wijk, "WIJKTEAM")
    await gemeld(wijk, organisatie="dock")
    page = (await vraag.data("REGISSEUR", MELDINGEN, f=2))["mijnNotificaties"]
    assert ([edge["node"]["id"] for edge in page["edges"]], page["totalCount"]) == (ids[:0:-1], 3)
    assert {(n["tekst"], n["voorCollega"], n["gelezenOp"]) for n in (e["node"] for e in page["edges"])} == {
        (TAKEN_HERINNERING.uitleg, False, None)
    }
    after = (await vraag.data("REGISSEUR", MELDINGEN, f=2, a=page["pageInfo"]["endCursor"]))["mijnNotificaties"]
    assert [edge["node"]["id"] for edge in after["edges"]] == ids[:1]
    await vraag.data("REGISSEUR", GELEZEN, id=ids[1], v=1)
    by_state = {o: (await vraag.data("REGISSEUR", MELDINGEN, o=o, f=5))["mijnNotificaties"] for o in (True, False)}
    assert [edge["node"]["id"] for edge in by_state[True]["edges"]] == [ids[2], ids[0]]
    assert [edge["node"]["id"] for edge in by_state[False]["edges"]] == [ids[1]]
    assert (by_state[True]["totalCount"], by_state[False]["totalCount"]) == (2, 1)


WEIGERINGEN: dict[str, tuple[str, str, int, str]] = {
    "another user's": ("WIJKTEAM", "REGISSEUR", 1, "NIET_GEVONDEN"),
    "of another organisation": ("DOCK", "REGISSEUR", 1, "NIET_GEVONDEN"),
    "not a worker": ("GEBIED", "REGISSEUR", 1, "GEEN_RECHT"),
    "an older version": ("REGISSEUR", "REGISSEUR", 7, "VERSIE_VEROUDERD"),
}


@pytest.mark.parametrize("wat", WEIGERINGEN)
async def test_a_notice_that_is_not_yours_is_not_found_and_stays_unread(wijk: Wijk, vraag: Vrager, wat: str) -> None:
    wie, van, versie, code = WEIGERINGEN[wat]
    id = await gemeld(wijk, van)
    before = await rows_of(wijk, (Notificatie,))
    assert codes(await vraag(wie, GELEZEN, id=str(id), v=versie)) == [code]
    assert await rows_of(wijk, (Notificatie,)) == before


async def test_all_are_ticked_off_at_once_and_nobody_elses(wijk: Wijk, vraag: Vrager) -> None:
    for rol in ("REGISSEUR", "REGISSEUR", "TEAMLEIDER"):
        await gemeld(wijk, rol)
    assert [(await vraag.data("REGISSEUR", "mutation{allesGelezen}"))["allesGelezen"] for _ in range(2)] == [2, 0]
    unread = (await vraag.data("TEAMLEIDER", MELDINGEN, o=True))["mijnNotificaties"]
    assert unread["totalCount"] == 1


async def test_the_work_address_of_a_user_is_set_by_who_manages_users(wijk: Wijk, vraag: Vrager) -> None:
    text = """mutation($u:ID!,$v:Int!,$e:String){gebruikerEmailWijzigen(id:$u,versie:$v,email:$e){versie email}}"""

    async def zet(rol: str, versie: int, email: str | None) -> Any:
        return await vraag(rol, text, u=str(wijk.REGISSEUR), v=versie, e=email)

    made = await zet("BEHEER", 1, "regisseur@VOORBEELD.nl")
    assert made.data["gebruikerEmailWijzigen"] == {"versie": 2, "email": "regisseur@voorbeeld.nl"}
    before = await rows_of(wijk, (Gebruiker,))
    wrong = await zet("BEHEER", 2, "geen adres")
    assert [error["extensions"] for error in wrong.errors] == [{"code": "ONGELDIGE_INVOER", "veld": "email"}]
    refused = {rol: codes(await zet(rol, 2, "x@voorbeeld.nl")) for rol in ("WIJKTEAM", "PARTNER_BEHEER")}
    assert refused == {"WIJKTEAM": ["GEEN_RECHT"], "PARTNER_BEHEER": ["GEEN_RECHT"]}
    assert codes(await zet("BEHEER", 1, "x@voorbeeld.nl")) == ["VERSIE_VEROUDERD"]
    assert await rows_of(wijk, (Gebruiker,)) == before
    assert (await zet("BEHEER", 2, None)).data["gebruikerEmailWijzigen"]["email"] is None


async def test_a_new_user_gets_an_address_and_one_who_was_known_keeps_the_own(wijk: Wijk, vraag: Vrager) -> None:
    text = """mutation($w:String!,$a:AanstellingInvoer!,$e:String){
        medewerkerAanstellen(issuer:"test",onderwerp:$w,naam:"Nel",aanstelling:$a,email:$e){medewerker}}"""
    plek = {"organisatieId": str(wijk.dock), "rol": "DOCK", "van": date(2027, 3, 1).isoformat()}
    for wie in ("nel", "REGISSEUR"):
        await vraag.data("PARTNER_BEHEER", text, w=wie, a=plek, e=f"{wie}@voorbeeld.nl")
        # whether somebody is known can't be told from what is refused
        assert codes(await vraag("PARTNER_BEHEER", text, w=wie, a=plek | {"van": "2029-01-01"}, e="geen adres")) == ["ONGELDIGE_INVOER"]
    g = Gebruiker.tabel()
    rows = await wijk.rows(select(g.c.onderwerp, g.c.email).where(g.c.onderwerp.in_(("nel", "REGISSEUR"))))
    assert dict(map(tuple, rows)) == {"nel": "nel@voorbeeld.nl", "REGISSEUR": None}
