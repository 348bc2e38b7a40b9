"""Must-show refusals, through HTTP: each is refused, nothing happens, and it is in the log (design.md 5, 7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.klok import SysteemKlok
from wijkwerk.settings import IdentitySettings
from wijkwerk_graphql.identity.issuer import LokaleUitgever

BSN = "999993653"
NIEUW = {"persoon": {"geslachtsnaam": "Weigermans", "bsn": BSN}}


def geweigerd(dienst: Dienst, vraag: Callable[[], Antwoord], status: int, code: str) -> dict[str, Any]:
    """The one log entry of a request that must be refused and change no row."""
    before = dienst.plek.opslag.stand()
    answer = vraag()
    assert (answer.status, set(answer.codes)) == (status, {code})
    assert not any(answer.data.values())
    assert dienst.plek.opslag.stand() == before
    [regel] = dienst.plek.opslag.log(answer.trace)
    return regel


def ander(plek: Plek, folder: Path, **claims: str) -> str:
    """A token signed with the right key, but with other claims."""
    settings = IdentitySettings(jwks=folder / "elders.json", **claims)
    return LokaleUitgever.open(plek.folder / "uitgever.json", settings).token("wijkteam", SysteemKlok())


def zonder_handtekening(token: str) -> str:
    """The same claims under `alg: none`."""
    head, claims, _ = token.split(".")
    header = {**json.loads(base64.urlsafe_b64decode(head + "==")), "alg": "none"}
    return f"{base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip('=')}.{claims}.AA"


TOKENS: dict[str, tuple[Callable[[Plek, Path], str | None], str]] = {
    "none": (lambda plek, folder: None, "TOKEN_ONTBREEKT"),
    "expired": (lambda plek, folder: plek.token("wijkteam", timedelta(minutes=-2)), "TOKEN_VERLOPEN"),
    "for another audience": (lambda plek, folder: ander(plek, folder, audience="iets-anders"), "AUDIENCE_ONJUIST"),
    "of another issuer": (lambda plek, folder: ander(plek, folder, issuer="https://elders.example"), "ISSUER_ONJUIST"),
    "with alg none": (lambda plek, folder: zonder_handtekening(plek.token("wijkteam")), "ALGORITME_GEWEIGERD"),
    "with another's claims": (
        lambda plek, folder: ".".join(plek.token(name).split(".")[at] for at, name in enumerate(("wijkteam", "regisseur", "wijkteam"))),
        "HANDTEKENING_ONJUIST",
    ),
    "of who is not known": (lambda plek, folder: plek.token("niemand"), "GEBRUIKER_ONBEKEND"),
}


@pytest.mark.parametrize("soort", TOKENS)
def test_a_token_that_is_not_valid_is_refused_and_the_reason_is_only_in_the_log(dienst: Dienst, tmp_path: Path, soort: str) -> None:
    make, reason = TOKENS[soort]
    client = Client(dienst.port, make(dienst.plek, tmp_path))
    regel = geweigerd(dienst, lambda: client.vraag(vragen.AANMELDEN, **NIEUW), 401, "NIET_AANGEMELD")
    assert (regel["gebeurtenis"], regel["resultaat"], regel["code"]) == ("AANMELDING_GEWEIGERD", "GEWEIGERD", reason)
    assert "gebruiker" not in regel
    assert "betrokkenen" not in regel


def test_all_tokens_that_are_not_valid_get_the_same_answer(dienst: Dienst, tmp_path: Path) -> None:
    answers = [Client(dienst.port, make(dienst.plek, tmp_path)).vraag(vragen.IK) for make, _ in TOKENS.values()]
    assert len({(answer.status, answer.body) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("onderwerp", "activiteit"),
    [("wijkteam", "PARTICIPATIE"), ("klantmanager", "WMO_ONDERSTEUNING"), ("zorg", "ONBEKEND"), ("teamleider", "TOEZICHT")],
)
def test_an_activity_that_the_role_lacks_is_refused(dienst: Dienst, onderwerp: str, activiteit: str) -> None:
    client = dienst.als(onderwerp, activiteit)
    regel = geweigerd(dienst, lambda: client.vraag(vragen.AANMELDEN, **NIEUW), 403, "GEEN_RECHT")
    assert (regel["gebeurtenis"], regel["resultaat"]) == ("VERZOEK_GEWEIGERD", "GEWEIGERD")
    assert regel["gebruiker"] == dienst.plek.buurt.instellingen.gebruikers[onderwerp].hex


def test_who_has_two_activities_must_name_one(dienst: Dienst) -> None:
    client = replace(dienst.als("teamleider"), extra={})
    assert geweigerd(dienst, lambda: client.vraag(vragen.LIJST, first=5), 403, "GEEN_RECHT")["gebeurtenis"] == "VERZOEK_GEWEIGERD"


@pytest.mark.parametrize("onderwerp", ["vrijwilligers", "peercoach", "groepshost", "wijkteam", "zorg", "fg", "beheer"])
def test_a_bsn_is_neither_read_nor_searched_without_a_statutory_ground(dienst: Dienst, onderwerp: str) -> None:
    client, persoon = dienst.als(onderwerp), dienst.plek.buurt.eerste("noord")[0]
    for query, variables in (
        (vragen.BSN, {"id": persoon}),
        (vragen.BSN_ZOEKEN, {"bsn": BSN}),
        ("{ personen { edges { node { bsn } } } }", {}),
    ):
        regel = geweigerd(dienst, lambda query=query, variables=variables: client.vraag(query, **variables), 403, "GEEN_RECHT")  # type: ignore[misc]
        assert (regel["gebeurtenis"], regel["resultaat"]) == ("VERZOEK_GEWEIGERD", "GEWEIGERD")
        assert "betrokkenen" not in regel


def test_the_casusregisseur_reads_and_finds_the_bsn(dienst: Dienst) -> None:
    client = dienst.als("regisseur")
    found = [client.data(vragen.BSN, id=dienst.plek.buurt.eerste("noord", at)[0])["persoon"]["bsn"] for at in range(8)]
    bsn = next(one for one in found if one)
    assert client.data(vragen.BSN_ZOEKEN, bsn=bsn)["personen"]["totalCount"] == 1


def test_a_person_out_of_scope_is_not_found_and_not_changed(dienst: Dienst) -> None:
    opslag, (persoon, dossier) = dienst.plek.opslag, dienst.plek.buurt.eerste("zuid")
    before = opslag.alles("persoon", "notitie", "dossier", "betrokkenheid")
    wijkteam = dienst.als("wijkteam")
    assert wijkteam.data(vragen.PERSOON, id=persoon) == {"persoon": None}
    for query, variables in (
        (vragen.WIJZIGEN, {"id": persoon, "versie": 1, "persoon": {"roepnaam": "Ander"}}),
        (vragen.SCHRIJVEN, {"dossier": dossier, "persoon": persoon, "tekst": "Niet van u."}),
        (vragen.OPENEN, {"personen": [persoon]}),
    ):
        answer = wijkteam.vraag(query, **variables)
        assert set(answer.codes) == {"NIET_GEVONDEN"}
        [regel] = opslag.log(answer.trace)
        assert regel["resultaat"] == "GEWEIGERD"
        assert "betrokkenen" not in regel
    assert opslag.alles("persoon", "notitie", "dossier", "betrokkenheid") == before


@pytest.mark.parametrize("onderwerp", ["zorg", "vrijwilligers", "peercoach", "fg", "klantmanager", "teamleider"])
def test_a_role_that_may_not_write_notes_writes_none(dienst: Dienst, onderwerp: str) -> None:
    persoon, dossier = dienst.plek.buurt.eerste("noord")
    client = dienst.als(onderwerp)
    geweigerd(dienst, lambda: client.vraag(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst="Geen recht."), 403, "GEEN_RECHT")
