"""What a visitor of the demo gets: a token for every user, and three questions to try."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import datetime, timedelta

from wijkwerk.demo.instellingen import MEDEWERKERS, ORGANISATIES, Medewerker
from wijkwerk.klok import Klok
from wijkwerk_graphql.identity.issuer import LokaleUitgever

GELDIG = timedelta(hours=24)


def tokens(uitgever: LokaleUitgever, klok: Klok) -> dict[str, str]:
    """A token for each user of the demo, valid for a day."""
    return {medewerker.onderwerp: uitgever.token(medewerker.onderwerp, klok, GELDIG) for medewerker in MEDEWERKERS}


def tabel(gegeven: dict[str, str]) -> Iterator[str]:
    """User, role and token, a line each."""
    yield f"{'GEBRUIKER':15}{'ROL':16}TOKEN (geldig tot morgen)"
    for medewerker in MEDEWERKERS:
        yield f"{medewerker.onderwerp:15}{medewerker.rol:16}{gegeven[medewerker.onderwerp]}"


def voorbeelden(adres: str, gegeven: dict[str, str], nu: datetime) -> Iterator[str]:
    """The questions as commands to copy and paste. `nu`: the log is asked for from a day before to a day after."""
    dagen = {"van": (nu - GELDIG).isoformat(timespec="seconds"), "tot": (nu + GELDIG).isoformat(timespec="seconds")}
    for onderwerp, uitleg, query, met_dagen in VRAGEN:
        medewerker = next(one for one in MEDEWERKERS if one.onderwerp == onderwerp)
        yield f"# {_naam(medewerker)}: {uitleg}"
        yield curl(adres, gegeven[onderwerp], query, dagen if met_dagen else {})
        yield ""


def curl(adres: str, token: str, query: str, variables: dict[str, str]) -> str:
    """The command that sends this document."""
    headers = ["Content-Type: application/json", f"Authorization: Bearer {token}"]
    body = json.dumps({"query": query, "variables": variables})
    return shlex.join(["curl", "-sS", adres, *(part for header in headers for part in ("-H", header)), "-d", body])


def _naam(medewerker: Medewerker) -> str:
    return f"{medewerker.naam} ({ORGANISATIES[medewerker.organisatie][0]})"


VRAGEN: tuple[tuple[str, str, str, bool], ...] = (
    (
        "wijkteam",
        "de eerste drie inwoners, met hun dossiers",
        "{ personen(first: 3) { totalCount edges { node { aanschrijfwijze geboortedatum adresregel1 dossiers { status } } } } }",
        False,
    ),
    (
        "zorg",
        "alleen wie toestemming gaf, en alleen wat mag",
        "{ personen(first: 3) { totalCount edges { node { aanschrijfwijze adresregel1 beperkt notities { versies { tekst } } } } } }",
        False,
    ),
    (
        "fg",
        "wie er keek, zonder namen van inwoners",
        "query ($van: DateTime!, $tot: DateTime!) { inzagelog(van: $van, tot: $tot, first: 5) "
        "{ regels { tijdstip rollen onderdeel resultaat betrokkenen { pseudoniem } } } }",
        True,
    ),
)
"""Who asks, what it shows, the document, and whether it asks for the days."""
