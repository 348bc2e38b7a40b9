"""Bad input through HTTP gets a clear Dutch error with a code, changes nothing, and leaves the server at work."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst

from wijkwerk.notities.inhoud import MAX_TEKENS
from wijkwerk.notities.notitie import Notitie, Notitieversie

MEER = 1_048_576
Vraag = Callable[[Dienst, Client], Antwoord]


def levend(dienst: Dienst) -> None:
    assert dienst.process.poll() is None
    assert dienst.als("wijkteam").data(vragen.IK)["ik"]["rollen"] == ["WIJKTEAM"]


def duidelijk(antwoord: Antwoord) -> None:
    """Dutch sentences with a code, and nothing of the inside."""
    for error in antwoord.inhoud["errors"]:
        assert error["message"].endswith((".", "’"))
        assert error["extensions"]["code"].isupper()
        assert error["extensions"]["code"] != "INTERNE_FOUT"
    for inside in (b"Traceback", b".py", b"sqlalchemy", b"asyncpg", b"graphql.error", b"SELECT", b"Expected", b"Unknown", b"Cannot"):
        assert inside not in antwoord.body


def tekst(body: str) -> Vraag:
    return lambda _dienst, client: client.stuur(body.encode("utf-8", "surrogatepass"))


def vraag(query: str, **variables: Any) -> Vraag:
    return lambda _dienst, client: client.vraag(query, **variables)


def persoon(contactgegevens: Sequence[dict[str, str]] = (), **velden: Any) -> Vraag:
    return vraag(vragen.AANMELDEN, persoon={"geslachtsnaam": "Invoer", **velden}, contactgegevens=contactgegevens)


def telefoon(waarde: str) -> dict[str, str]:
    return {"soort": "TELEFOON", "waarde": waarde}


def notitie(inhoud: Any) -> Vraag:
    def ask(dienst: Dienst, client: Client) -> Antwoord:
        inwoner, dossier = dienst.plek.buurt.eerste("noord")
        return client.vraag(vragen.SCHRIJVEN, dossier=dossier, persoon=inwoner, tekst=inhoud)

    return ask


def ander_zegel(dienst: Dienst, client: Client) -> Antwoord:
    """A cursor that was sealed for somebody else."""
    theirs = dienst.als("regisseur").data(vragen.LIJST, first=1)["personen"]["pageInfo"]["endCursor"]
    return client.vraag(vragen.LIJST, first=1, after=theirs)


def andere_lijst(_dienst: Dienst, client: Client) -> Antwoord:
    """A cursor of another list of the same user."""
    theirs = client.data("{ dossiers(first: 1) { pageInfo { endCursor } } }")["dossiers"]["pageInfo"]["endCursor"]
    return client.vraag(vragen.LIJST, first=1, after=theirs)


FOUT: dict[str, tuple[Vraag, int, str]] = {
    "not JSON": (tekst("{niet"), 400, "ONGELDIG_VERZOEK"),
    "an empty body": (tekst(""), 400, "ONGELDIG_VERZOEK"),
    "a list": (tekst("[]"), 400, "ONGELDIG_VERZOEK"),
    "no query": (tekst("{}"), 400, "ONGELDIG_VERZOEK"),
    "a key twice": (tekst('{"query": "{ik{rollen}}", "query": "{ik{rollen}}"}'), 400, "ONGELDIG_VERZOEK"),
    "a lone surrogate": (tekst('{"query": "{ik{rollen}}", "variables": {"x": "\\ud800"}}'), 400, "ONGELDIG_VERZOEK"),
    "not UTF-8": (lambda dienst, client: client.stuur(b'{"query": "\xff"}'), 400, "ONGELDIG_VERZOEK"),
    "JSON a thousand deep": (tekst("[" * 1000 + "]" * 1000), 400, "ONGELDIG_VERZOEK"),
    "NaN": (tekst('{"query": "{ik{rollen}}", "variables": {"x": NaN}}'), 400, "ONGELDIG_VERZOEK"),
    "2 MB": (tekst(json.dumps({"query": "{ik{rollen}}", "variables": {"x": "x" * 2 * MEER}})), 413, "TE_GROOT"),
    "a note of 5 MB": (notitie("x" * 5 * MEER), 413, "TE_GROOT"),
    "another media type": (lambda dienst, client: client.stuur(b"{}", Content_Type="text/plain"), 415, "MEDIATYPE_ONBEKEND"),
    "a compressed body": (lambda dienst, client: client.stuur(b"{}", Content_Encoding="gzip"), 415, "MEDIATYPE_ONBEKEND"),
    "an unknown field": (vraag("{ ik { wachtwoord } }"), 400, "DOCUMENT_ONGELDIG"),
    "not GraphQL": (vraag("geef mij alles"), 400, "DOCUMENT_ONGELDIG"),
    "an unknown argument": (vraag("{ personen(limit: 5) { totalCount } }"), 400, "DOCUMENT_ONGELDIG"),
    "a wrong type": (vraag("{ personen(first: true) { totalCount } }"), 400, "DOCUMENT_ONGELDIG"),
    "a wrong type of a variable": (vraag(vragen.LIJST, first="veel"), 400, "ONGELDIGE_INVOER"),
    "an Int that is too large": (vraag(vragen.LIJST, first=2**31), 400, "ONGELDIGE_INVOER"),
    "an Int far too large": (vraag(vragen.LIJST, first=10**400), 400, "ONGELDIG_VERZOEK"),
    "a negative first": (vraag(vragen.LIJST, first=-1), 200, "ONGELDIGE_INVOER"),
    "a first of 100000": (vraag(vragen.LIJST, first=100_000), 400, "DOCUMENT_TE_ZWAAR"),
    "a first above the page": (vraag(vragen.LIJST, first=201), 200, "ONGELDIGE_INVOER"),
    "a broken cursor": (vraag(vragen.LIJST, first=1, after="kapot"), 200, "CURSOR_ONGELDIG"),
    "an empty cursor": (vraag(vragen.LIJST, first=1, after=""), 200, "CURSOR_ONGELDIG"),
    "somebody else's cursor": (ander_zegel, 200, "CURSOR_ONGELDIG"),
    "a cursor of another list": (andere_lijst, 200, "CURSOR_ONGELDIG"),
    "an id that is none": (vraag(vragen.PERSOON, id="1 OR 1=1"), 200, "ONGELDIGE_INVOER"),
    "10,000 aliases": (
        vraag("{" + " ".join(f"a{at}: ik {{ rollen }}" for at in range(10_000)) + "}"), 400, "DOCUMENT_TE_ZWAAR",
    ),
    "60 aliases": (vraag("{" + "".join(f" a{at}:ik{{rollen}}" for at in range(60)) + "}"), 400, "DOCUMENT_TE_ZWAAR"),
    "a house number that is no Int": (persoon(straat="Kade", huisnummer=2**31), 400, "ONGELDIGE_INVOER"),
    "a document 100 deep": (vraag("{" + "personen{edges{node{dossiers{leden{" * 20 + "id" + "}" * 101), 400, "DOCUMENT_ONGELDIG"),
    "an invalid BSN": (persoon(bsn="123456789"), 400, "BSN_ONGELDIG"),
    "a birth date in 1800": (persoon(geboortedatum="1800-01-01"), 400, "DATUM_ONGELDIG"),
    "a birth date that is none": (persoon(geboortedatum="2023-02-30"), 400, "DATUM_ONGELDIG"),
    "a wrong enum": (persoon(geslacht="ONZIJDIG"), 400, "ONGELDIGE_INVOER"),
    "an unknown input field": (persoon(salaris=3), 400, "ONGELDIGE_INVOER"),
    "no surname": (vraag(vragen.AANMELDEN, persoon={"roepnaam": "Wie"}), 400, "ONGELDIGE_INVOER"),
    "an empty surname": (persoon(geslachtsnaam=""), 200, "ONGELDIGE_INVOER"),
    "a surname with a NUL": (persoon(geslachtsnaam="Nul\x00"), 200, "ONGELDIGE_INVOER"),
    "a surname of 10,000": (persoon(geslachtsnaam="x" * 10_000), 200, "ONGELDIGE_INVOER"),
    "a telephone number that is none": (persoon([telefoon("bel maar")]), 200, "ONGELDIGE_INVOER"),
    "a kind of contact that is none": (persoon([telefoon("0612345678") | {"soort": "FAX"}]), 400, "ONGELDIGE_INVOER"),
    "the same telephone number twice": (persoon([telefoon("0612345678"), telefoon("06 12345678")]), 200, "ONGELDIGE_INVOER"),
    "21 telephone numbers": (persoon([telefoon(f"06123456{at}") for at in range(20, 41)]), 200, "ONGELDIGE_INVOER"),
    "a house number of 2^31-1": (persoon(straat="Kade", huisnummer=2**31 - 1), 200, "ONGELDIGE_INVOER"),
    "an empty note": (notitie(""), 200, "ONGELDIGE_INVOER"),
    "a note of spaces": (notitie(" \n\t "), 200, "ONGELDIGE_INVOER"),
    "a note with a NUL": (notitie("a\x00b"), 200, "ONGELDIGE_INVOER"),
    "a note that is a list": (notitie(["a", "b"]), 400, "ONGELDIGE_INVOER"),
    "a note one over the limit": (notitie("x" * (MAX_TEKENS + 1)), 200, "TEKST_TE_LANG"),
    "a case about nobody": (vraag(vragen.OPENEN, personen=[]), 200, "ONGELDIGE_INVOER"),
    "a case about who is not there": (vraag(vragen.OPENEN, personen=[str(uuid4())]), 200, "NIET_GEVONDEN"),
}  # fmt: skip


@pytest.mark.parametrize("soort", FOUT)
def test_bad_input_is_refused_clearly_and_changes_nothing(dienst: Dienst, soort: str) -> None:
    ask, status, code = FOUT[soort]
    before = dienst.plek.opslag.stand()
    answer = ask(dienst, dienst.als("wijkteam"))
    assert set(answer.codes) == {code}
    assert answer.status == status
    assert not any(answer.data.values())
    duidelijk(answer)
    assert dienst.plek.opslag.stand() == before
    levend(dienst)


def test_a_note_of_exactly_the_limit_is_kept_whole(dienst: Dienst) -> None:
    """With letters that take four bytes and a place outside the basic plane."""
    client, (inwoner, dossier) = dienst.als("wijkteam"), dienst.plek.buurt.eerste("noord")
    text = "é😀" * (MAX_TEKENS // 2)
    new = client.stuur(
        json.dumps(
            {"query": vragen.SCHRIJVEN, "variables": {"dossier": dossier, "persoon": inwoner, "tekst": text}}, ensure_ascii=False
        ).encode()
    )
    assert new.codes == []
    assert client.data(vragen.NOTITIE, id=new.data["notitieSchrijven"]["id"])["notitie"]["versies"][0]["tekst"] == text


def test_the_same_field_twice_in_a_mutation_runs_once_and_under_aliases_twice(dienst: Dienst) -> None:
    client, (inwoner, dossier) = dienst.als("wijkteam"), dienst.plek.buurt.eerste("noord")
    one = f'notitieSchrijven(dossier: "{dossier}", persoon: "{inwoner}", soort: CONTACTVERSLAG, tekst: "Dubbel.", bron: INWONER) {{ id }}'
    before = dienst.plek.opslag.stand()["notitie"]
    client.data(f"mutation {{ {one} {one} }}")
    assert dienst.plek.opslag.stand()["notitie"] == before + 1
    both = client.data(f"mutation {{ a: {one} b: {one} }}")
    assert both["a"]["id"] != both["b"]["id"]
    assert dienst.plek.opslag.stand()["notitie"] == before + 3


def test_the_same_field_with_other_arguments_is_refused(dienst: Dienst) -> None:
    inwoner, dossier = dienst.plek.buurt.eerste("noord")
    wat = f'dossier: "{dossier}", persoon: "{inwoner}", soort: BESLUIT, bron: INWONER'
    fields = [f'notitieSchrijven({wat}, tekst: "{at}") {{ id }}' for at in (1, 2)]
    before = dienst.plek.opslag.stand()
    answer = dienst.als("wijkteam").vraag(f"mutation {{ {' '.join(fields)} }}")
    assert (answer.status, set(answer.codes)) == (400, {"DOCUMENT_ONGELDIG"})
    assert dienst.plek.opslag.stand() == before


def test_a_nul_in_a_search_breaks_nothing(dienst: Dienst) -> None:
    query = "query ($n: String) { personen(filter: {naam: $n}) { totalCount } }"
    assert dienst.als("wijkteam").data(query, n="Zz\x00")["personen"]["totalCount"] == 0


def test_of_corrections_of_the_same_version_sent_at_once_one_wins(dienst: Dienst) -> None:
    client, (inwoner, dossier) = dienst.als("wijkteam"), dienst.plek.buurt.eerste("noord")
    new = client.data(vragen.SCHRIJVEN, dossier=dossier, persoon=inwoner, tekst="Eerst.")["notitieSchrijven"]
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda at: client.vraag(vragen.CORRIGEREN, notitie=new["id"], versie=new["versie"], tekst=f"Dan {at}."), range(6))
        )
    assert sorted(answer.codes for answer in answers) == [[], *[["VERSIE_VEROUDERD"]] * 5]
    [won] = [at for at, answer in enumerate(answers) if not answer.codes]
    found = client.data(vragen.NOTITIE, id=new["id"])["notitie"]
    assert [versie["tekst"] for versie in found["versies"]] == [f"Dan {won}.", "Eerst."]


def test_the_same_bsn_reported_twice_at_once_is_one_resident(dienst: Dienst) -> None:
    client, before = dienst.als("wijkteam"), dienst.plek.opslag.stand()["persoon"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: client.vraag(vragen.AANMELDEN, persoon={"geslachtsnaam": "Tweeling", "bsn": "999994347"}), range(4))
        )
    assert {code for answer in answers for code in answer.codes} <= {"VERSIE_VEROUDERD"}
    assert len({answer.data["aanmelden"]["id"] for answer in answers if not answer.codes}) == 1
    assert dienst.plek.opslag.stand()["persoon"] == before + 1


def test_a_client_that_hangs_up_leaves_nothing_half_written(dienst: Dienst) -> None:
    client, (inwoner, dossier) = dienst.als("wijkteam"), dienst.plek.buurt.eerste("noord")
    before = dienst.plek.opslag.stand()
    variables = {"dossier": dossier, "persoon": inwoner, "tekst": "Opgehangen. " * 1000}
    body = json.dumps({"query": vragen.SCHRIJVEN, "variables": variables}).encode()
    for part in (0, 1, len(body) // 2, len(body) - 1):
        client.breek_af(body, part)
    levend(dienst)
    assert dienst.plek.opslag.stand() == before
    client.breek_af(body, len(body))
    end = time.monotonic() + 1
    while dienst.plek.opslag.stand()["notitie"] == before["notitie"] and time.monotonic() < end:
        time.sleep(0.05)
    rows = dienst.plek.opslag.alles("notitie", "notitieversie")
    assert len(rows["notitie"]) - before["notitie"] == len(rows["notitieversie"]) - before["notitieversie"] <= 1
    levend(dienst)


def test_after_all_this_each_note_is_whole(dienst: Dienst) -> None:
    rows = dienst.plek.opslag.rows(select(Notitie.tabel().c.id, Notitie.tabel().c.laatste))
    versies = [row["notitie_id"] for row in dienst.plek.opslag.rows(select(Notitieversie.tabel().c.notitie_id))]
    assert [row["id"] for row in rows if versies.count(row["id"]) != row["laatste"]] == []
    assert dienst.plek.opslag.verifieer(dienst.plek.buurt.sleutel).goed
