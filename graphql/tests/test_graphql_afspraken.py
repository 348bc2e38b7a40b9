"""Appointments through the API: the lists, the answer that says what came of it, times with an offset, and safe ways of contact."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.afspraken.afspraak import Afspraak
from wijkwerk.contactgegevens import voeg_toe
from wijkwerk.post.bericht import Bericht
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VELDEN = "id versie begin einde soort status statusOp plaats onderwerp uitkomst afgezegdDoor"
ANTWOORD = f"{{afspraak{{{VELDEN} met{{id}}}} overlapt{{id begin}} berichtKlaargezet waaromGeenBericht}}"
MAKEN = f"""mutation($p:ID!,$a:AfspraakInvoer!,$k:ID,$b:Boolean!){{
    afspraakMaken(persoon:$p,afspraak:$a,kader:$k,bericht:$b){ANTWOORD}}}"""
WIJZIGEN = f"mutation($i:ID!,$v:Int!,$a:AfspraakWijziging!){{afspraakWijzigen(id:$i,versie:$v,afspraak:$a){ANTWOORD}}}"
AFZEGGEN = f"""mutation($i:ID!,$v:Int!,$d:Afzegger!,$r:String!,$b:Boolean!){{
    afspraakAfzeggen(id:$i,versie:$v,door:$d,reden:$r,bericht:$b){ANTWOORD}}}"""
NIET_VERSCHENEN = f'mutation($i:ID!,$v:Int!){{afspraakNietVerschenen(id:$i,versie:$v,uitkomst:"Niemand thuis"){{{VELDEN}}}}}'
LIJST = "query($f:AfsprakenFilter){afspraken(filter:$f){totalCount edges{node{begin}}}}"
RONDOM = """query($p:ID!,$d:ID!){persoon(id:$p){afspraken{id} veiligeContactgegevens{soort waarde} waarschuwing}
    dossier(id:$d){afspraken{begin persoon{veiligeContactgegevens{waarde}}}}}"""
HUISBEZOEK = {"soort": "HUISBEZOEK", "begin": "2027-04-05T14:30:00+02:00", "einde": "2027-04-05T15:30:00+02:00"}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def stand(wijk: Wijk) -> list[Any]:
    return [row for record in (Afspraak, Bericht) for row in await wijk.rows(select(record.tabel()).order_by("id"))]


async def maken(vraag: Vrager, persoon: UUID, rol: str = "WIJKTEAM", bericht: bool = False, **rest: Any) -> Any:
    kader = rest.pop("kader", None)
    made = await vraag.data(rol, MAKEN, p=str(persoon), a=HUISBEZOEK | rest, k=kader and str(kader), b=bericht)
    return made["afspraakMaken"]


async def test_from_planning_to_calling_off_with_what_came_of_each(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"])
    eerste = await maken(vraag, persoon, bericht=True, plaats="Kanariesingel", onderwerp="Schuld")
    assert (eerste["berichtKlaargezet"], eerste["waaromGeenBericht"], eerste["overlapt"]) == (True, None, [])
    afspraak = eerste["afspraak"]
    assert (afspraak["begin"], afspraak["plaats"], afspraak["status"]) == ("2027-04-05T12:30:00Z", "Kanariesingel", "GEPLAND")
    assert afspraak["met"] == {"id": str(wijk.WIJKTEAM)}
    tweede = await maken(vraag, persoon)
    assert tweede["overlapt"] == [{"id": afspraak["id"], "begin": "2027-04-05T12:30:00Z"}]
    later = {"begin": "2027-04-06T14:30:00+02:00", "einde": "2027-04-06T15:00:00+02:00"}
    verzet = (await vraag.data("WIJKTEAM", WIJZIGEN, i=afspraak["id"], v=1, a=later))["afspraakWijzigen"]
    assert (verzet["afspraak"]["versie"], verzet["overlapt"], verzet["berichtKlaargezet"]) == (2, [], False)
    af = await vraag.data("WIJKTEAM", AFZEGGEN, i=afspraak["id"], v=2, d="INWONER", r="Ziek", b=True)
    af = af["afspraakAfzeggen"]
    assert (af["afspraak"]["status"], af["afspraak"]["uitkomst"], af["afspraak"]["afgezegdDoor"]) == ("AFGEZEGD", "Ziek", "INWONER")
    assert af["berichtKlaargezet"] is True


async def test_a_no_show_is_a_status_with_a_time_and_the_answer_says_why_there_is_no_mail(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(contact=["0612345678"])
    gemaakt = await maken(vraag, persoon, bericht=True)
    assert (gemaakt["berichtKlaargezet"], gemaakt["waaromGeenBericht"]) == (False, "GEEN_EMAILADRES")
    id = gemaakt["afspraak"]["id"]
    assert codes(await vraag("WIJKTEAM", NIET_VERSCHENEN, i=id, v=1)) == ["ONGELDIGE_INVOER"]
    wijk.klok.moment = datetime(2027, 4, 5, 13, 0, tzinfo=UTC)
    found = (await vraag.data("WIJKTEAM", NIET_VERSCHENEN, i=id, v=1))["afspraakNietVerschenen"]
    assert (found["status"], found["statusOp"][:16], found["uitkomst"]) == ("NIET_VERSCHENEN", "2027-04-05T13:00", "Niemand thuis")
    assert codes(await vraag("WIJKTEAM", NIET_VERSCHENEN, i=id, v=2)) == ["ONGELDIGE_INVOER"]


async def test_the_lists_by_resident_case_period_and_whose_it_is(wijk: Wijk, vraag: Vrager) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(een)
    nacht: dict[str, Any] = {"begin": "2027-10-31T23:30:00+01:00", "einde": "2027-11-01T00:30:00+01:00"}
    await maken(vraag, een, kader=dossier)
    await maken(vraag, een, "REGISSEUR", **nacht)
    await maken(vraag, ander, begin="2027-03-28T00:00:00+01:00", einde="2027-03-28T03:30:00+02:00")
    lente, voorjaar, herfst = "2027-03-27T23:00:00Z", "2027-04-05T12:30:00Z", "2027-10-31T22:30:00Z"
    vragen: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [lente, voorjaar, herfst]), ({"mijn": True}, [lente, voorjaar]), ({"mijn": False}, [lente, voorjaar, herfst]),
        ({"met": str(wijk.REGISSEUR)}, [herfst]), ({"persoon": str(een)}, [voorjaar, herfst]),
        ({"kader": str(dossier)}, [voorjaar, herfst]),
        ({"van": "2027-03-28", "tot": "2027-03-28"}, [lente]), ({"van": "2027-03-29"}, [voorjaar, herfst]),
        ({"tot": "2027-10-31"}, [lente, voorjaar, herfst]), ({"tot": "2027-10-30"}, [lente, voorjaar]), ({"status": "GEHOUDEN"}, []),
    ]  # fmt: skip
    for filter_, begin in vragen:
        found = (await vraag.data("WIJKTEAM", LIJST, f=filter_))["afspraken"]
        assert ([edge["node"]["begin"] for edge in found["edges"]], found["totalCount"]) == (begin, len(begin)), filter_
    for fout in ({"van": "0001-01-01"}, {"tot": "9999-12-31"}, {"van": "2027-04-02", "tot": "2027-04-01"}, {"status": None}):
        assert "ONGELDIGE_INVOER" in codes(await vraag("WIJKTEAM", LIJST, f=fout))
    vreemde = wijk.actor("WIJKTEAM", gebruiker=wijk.CRISISDIENST, team=wijk.ander_team)
    assert (await vraag.data(vreemde, LIJST))["afspraken"]["totalCount"] == 0


async def test_only_safe_ways_of_contact_are_listed_and_in_one_statement_for_all(wijk: Wijk, vraag: Vrager) -> None:
    persoon, ander = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"]), await wijk.inwoner("Jansen", contact=["0612345678"])
    gevaar = {"soort": "TELEFOON", "waarde": "0687654321", "veilig_te_gebruiken": False, "voorkeur": True}
    await wijk.schrijf("WIJKTEAM", lambda work: voeg_toe(work, persoon, gevaar))
    dossier = await wijk.dossier(persoon, ander)
    for wie in (persoon, ander):
        await maken(vraag, wie, kader=dossier)
    with count_statements(wijk.wijkwerk.database) as seen:
        found = await vraag.data("WIJKTEAM", RONDOM, p=str(persoon), d=str(dossier))
    assert found["persoon"]["veiligeContactgegevens"] == [{"soort": "EMAIL", "waarde": "kwetter@voorbeeld.nl"}]
    assert len(found["persoon"]["afspraken"]) == 1
    waarden = [row["persoon"]["veiligeContactgegevens"] for row in found["dossier"]["afspraken"]]
    assert sorted(row["waarde"] for rows in waarden for row in rows) == ["+31612345678", "kwetter@voorbeeld.nl"]
    assert len([text for text in seen if "FROM contactgegeven" in text]) == 2  # one for each place in the document


async def test_what_can_not_be_is_refused_with_a_code_and_nothing_happened(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"])
    id = (await maken(vraag, persoon, bericht=True))["afspraak"]["id"]
    before = await stand(wijk)
    fout: list[tuple[dict[str, Any], str]] = [
        ({"begin": "2027-04-05T14:30:00"}, "ONGELDIGE_INVOER"), ({"begin": "2027-03-28"}, "ONGELDIGE_INVOER"),
        ({"begin": "9999-12-31T23:59:59Z"}, "ONGELDIGE_INVOER"), ({"begin": "0001-01-01T00:00:00+14:00"}, "ONGELDIGE_INVOER"),
        ({"einde": "2027-04-05T14:30:00+02:00"}, "ONGELDIGE_INVOER"), ({"plaats": "x" * 100_000}, "ONGELDIGE_INVOER"),
        ({"metId": str(nieuw_id())}, "ONGELDIGE_INVOER"), ({"metId": "niets"}, "ONGELDIGE_INVOER"), ({"onderwerp": ""}, "ONGELDIGE_INVOER"),
    ]  # fmt: skip
    for invoer, code in fout:
        assert codes(await vraag("WIJKTEAM", MAKEN, p=str(persoon), a=HUISBEZOEK | invoer, b=True)) == [code], invoer
        assert codes(await vraag("WIJKTEAM", WIJZIGEN, i=id, v=1, a=invoer)) == [code], invoer
    assert codes(await vraag("WIJKTEAM", MAKEN, p=str(nieuw_id()), a=HUISBEZOEK, b=True)) == ["NIET_GEVONDEN"]
    assert codes(await vraag("WIJKTEAM", WIJZIGEN, i=id, v=5, a={"onderwerp": "Post"})) == ["VERSIE_VEROUDERD"]
    assert codes(await vraag("WIJKTEAM", AFZEGGEN, i=id, v=1, d="INWONER", r=" ", b=True)) == ["ONGELDIGE_INVOER"]
    for rol in ("TEAMLEIDER", "DOCK", "BEHEER", "FG"):
        assert set(codes(await vraag(rol, AFZEGGEN, i=id, v=1, d="INWONER", r="Ziek", b=True))) == {"GEEN_RECHT"}
    assert await stand(wijk) == before
