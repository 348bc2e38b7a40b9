"""What ended is closed on the next request, also on the next page of a list (design.md 11, invariant 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from tests.systeem import vragen
from tests.systeem.client import Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.klok import AMSTERDAM
from wijkwerk.toestemmingen.toestemming import Toestemming

TOESTEMMEN = """mutation ($dossier: ID!, $persoon: ID!, $ontvanger: ID!, $tot: Date!) {
  toestemmingVastleggen(dossier: $dossier, persoon: $persoon, ontvangers: [{ organisatieId: $ontvanger }], tekstVersie: "demo-2026-1",
    toestemming: { doel: "ZORG_UITWISSELING", categorieen: ["IDENTITEIT", "CONTACTVERSLAGEN"], wijze: SCHRIFTELIJK, geldigTot: $tot }
  ) { id }
}"""


def bladen(client: Client, after: str | None, first: int = 2) -> dict[str, Any]:
    """A page of the list."""
    page: dict[str, Any] = client.data(vragen.LIJST, first=first, after=after)["personen"]
    return page


def ids(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


def toestemming(dienst: Dienst, persoon: str) -> str:
    """The consent of this resident for the care organisation."""
    zorg = str(dienst.plek.buurt.instellingen.organisaties["zorg"])
    rows = dienst.als("wijkteam").data(vragen.TOESTEMMINGEN, id=persoon)["persoon"]["toestemmingen"]
    return next(str(row["id"]) for row in rows if zorg in [each["organisatie"]["id"] for each in row["ontvangers"]])


def trek_in(dienst: Dienst, persoon: str) -> None:
    dienst.als("wijkteam").data(vragen.INTREKKEN, id=toestemming(dienst, persoon))


def laat_verlopen(dienst: Dienst, persoon: str) -> None:
    """As if the last day of the consent were past."""
    rows, past = Betrokkenheid.tabel(), datetime.now(UTC) - timedelta(seconds=1)
    dienst.plek.opslag.change(update(rows).where(rows.c.bron_id == UUID(toestemming(dienst, persoon))).values(tot=past))


@pytest.mark.parametrize("einde", [trek_in, laat_verlopen])
def test_what_ends_between_two_pages_is_not_on_the_second(plek: Plek, einde: Any) -> None:
    with plek.dienst() as dienst:
        zorg = dienst.als("zorg")
        whole = ids(bladen(zorg, None, 100))
        first = bladen(zorg, None)
        victim = whole[2]
        assert ids(first) == whole[:2]
        einde(dienst, victim)
        second = bladen(zorg, first["pageInfo"]["endCursor"], 100)
        assert ids(second) == whole[3:]
        assert second["totalCount"] == len(whole) - 1
        gone = zorg.vraag(vragen.PERSOON_RUIM.replace("dossiers { id vraag }", "").replace("adresregel1", ""), id=victim)
        assert gone.data == {"persoon": None}
        [regel] = plek.opslag.log(gone.trace)
        assert regel["resultaat"] == "GEEN_RESULTAAT"
        pseudoniem = plek.opslag.pseudoniemen()[victim]
        assert pseudoniem not in {one["ref"] for one in regel.get("betrokkenen", ())}


def test_the_cursor_of_a_row_that_is_gone_still_tells_where_to_go_on(plek_sqlite: Plek) -> None:
    with plek_sqlite.dienst() as dienst:
        zorg = dienst.als("zorg")
        whole, first = ids(bladen(zorg, None, 100)), bladen(zorg, None)
        trek_in(dienst, whole[1])
        assert ids(bladen(zorg, first["pageInfo"]["endCursor"], 100)) == whole[2:]


def test_ended_employment_is_refused_on_the_next_request(plek: Plek) -> None:
    with plek.dienst() as dienst:
        client, gebruiker = dienst.als("wijkteam"), plek.buurt.instellingen.gebruikers["wijkteam"]
        assert bladen(client, None)["totalCount"] > 0
        rows, yesterday = Aanstelling.tabel(), datetime.now(AMSTERDAM).date() - timedelta(days=1)
        plek.opslag.change(update(rows).where(rows.c.gebruiker_id == gebruiker).values(tot=yesterday))
        refused = client.vraag(vragen.LIJST, first=2)
        assert (refused.status, refused.codes, refused.data) == (403, ["GEEN_RECHT"], {})
        [regel] = plek.opslag.log(refused.trace)
        assert (regel["gebeurtenis"], regel["gebruiker"]) == ("VERZOEK_GEWEIGERD", gebruiker.hex)


def test_consent_for_one_case_does_not_open_another_case_of_the_same_resident(plek: Plek) -> None:
    with plek.dienst() as dienst:
        wijkteam, zorg, (persoon, _) = dienst.als("wijkteam"), dienst.als("zorg"), plek.buurt.eerste("noord", 3)
        assert zorg.data(vragen.PERSOON, id=persoon) == {"persoon": None}
        cases = [wijkteam.data(vragen.OPENEN, personen=[persoon])["dossierOpenen"]["id"] for _ in range(2)]
        notes = [
            wijkteam.data(vragen.SCHRIJVEN, dossier=case, persoon=persoon, tekst=f"Verslag {at}", deelbaar=True)["notitieSchrijven"]["id"]
            for at, case in enumerate(cases)
        ]
        tot = (datetime.now(AMSTERDAM).date() + timedelta(days=30)).isoformat()
        ontvanger = str(plek.buurt.instellingen.organisaties["zorg"])
        wijkteam.data(TOESTEMMEN, dossier=cases[0], persoon=persoon, ontvanger=ontvanger, tot=tot)
        found = zorg.data("query ($id: ID!) { persoon(id: $id) { notities { id } } }", id=persoon)["persoon"]["notities"]
        assert [one["id"] for one in found] == [notes[0]]
        assert zorg.data(vragen.NOTITIE, id=notes[0])["notitie"]["versies"][0]["tekst"] == "Verslag 0"
        assert zorg.data(vragen.NOTITIE, id=notes[1]) == {"notitie": None}


def test_withdrawing_twice_does_no_harm_and_keeps_the_first_moment(plek_sqlite: Plek) -> None:
    with plek_sqlite.dienst() as dienst:
        persoon, _ = plek_sqlite.buurt.eerste("noord")
        trek_in(dienst, persoon)
        moments = [row["ingetrokken_op"] for row in plek_sqlite.opslag.rows(Toestemming.tabel().select())]
        trek_in(dienst, persoon)
        assert [row["ingetrokken_op"] for row in plek_sqlite.opslag.rows(Toestemming.tabel().select())] == moments
        assert sum(moment is not None for moment in moments) == 1
