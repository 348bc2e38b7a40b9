"""What a visitor of the demo gets: a token for every user, and three questions to try."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from wijkwerk.demo.instellingen import INWONER, MEDEWERKERS, ORGANISATIES, Medewerker
from wijkwerk.klok import Klok
from wijkwerk_graphql.identity.issuer import LokaleUitgever

GELDIG = timedelta(hours=24)

_WIJK = "inwoners van het eigen gebied en van eigen dossiers"
_BETROKKEN = "wie bij hen bekend is, en van die inwoner alleen wat voor het werk nodig is"
TE_ZIEN: Mapping[str, str] = MappingProxyType(
    {
        "WIJKTEAM": _WIJK,
        "REGISSEUR": f"{_WIJK}, en de regie daarvan",
        "TEAMLEIDER": f"{_WIJK}, zonder notities",
        "CRISISDIENST": "wie bij de crisisdienst bekend is",
        "KLANTMANAGER": "inwoners met een traject naar werk",
        "ZORG": "wie daarvoor toestemming gaf, en alleen waarvoor",
        **dict.fromkeys(("PEERCOACH", "BUURTCOACH", "DOCK", "VRIJW_COORD", "MZ_CONSULENT", "GROEPSHOST"), _BETROKKEN),
        "GEBIED": "aantallen, geen personen",
        **dict.fromkeys(("BEHEER", "PARTNER_BEHEER"), "organisaties, teams en gebruikers, geen inwoners"),
        **dict.fromkeys(("FG", "PRIVACY_OFFICER", "ARCHIVARIS"), "toezicht, geen inwoners"),
        "INZAGELOKET": "niets, alleen de brief over wie er keek",
        "IMPORT": "niets: dit is het inlezen zelf",
        "INWONER": "de eigen gegevens, met mijnGegevens, en wie ze zag, met mijnInzage",
    }
)
"""What a visitor may expect, in short; what decides is the table of `access/register.py` and what a user is involved in."""


def tokens(uitgever: LokaleUitgever, klok: Klok) -> dict[str, str]:
    """A token for each user of the demo, valid for a day."""
    return {onderwerp: uitgever.token(onderwerp, klok, GELDIG) for onderwerp in (*(one.onderwerp for one in MEDEWERKERS), INWONER)}


def tokenregels(gegeven: dict[str, str]) -> Iterator[str]:
    """User and token, a line each."""
    return (f"{onderwerp} {token}" for onderwerp, token in gegeven.items())


def bewaar_tokens(bestand: Path, gegeven: dict[str, str]) -> None:
    """Write the tokens where only the owner can read them; those of an earlier start are no longer needed."""
    bestand.unlink(missing_ok=True)
    with open(bestand, "x", encoding="ascii", opener=lambda pad, vlaggen: os.open(pad, vlaggen, 0o600)) as doel:
        doel.write("\n".join([*tokenregels(gegeven), ""]))


def tabel() -> Iterator[str]:
    """Who there is, with which role, and what that shows at most, a line each."""
    yield f"{'GEBRUIKER':16}{'ROL':16}WAT DEZE ROL TE ZIEN KRIJGT"
    for medewerker in MEDEWERKERS:
        yield f"{medewerker.onderwerp:16}{medewerker.rol:16}{TE_ZIEN[medewerker.rol]}"
    yield f"{INWONER:16}{'INWONER':16}{TE_ZIEN['INWONER']}"


def voorbeelden(adres: str, bestand: Path, nu: datetime) -> Iterator[str]:
    """The questions as commands to copy and paste. `bestand`: where the tokens are. `nu`: the log is asked for a day around it."""
    dagen = {"van": (nu - GELDIG).isoformat(timespec="seconds"), "tot": (nu + GELDIG).isoformat(timespec="seconds")}
    for onderwerp, uitleg, query, met_dagen in VRAGEN:
        medewerker = next(one for one in MEDEWERKERS if one.onderwerp == onderwerp)
        yield f"# {_naam(medewerker)}: {uitleg}"
        yield token_van(onderwerp, bestand)
        yield curl(adres, query, dagen if met_dagen else {})
        yield ""


def token_van(onderwerp: str, bestand: Path) -> str:
    """The shell command that reads the token of this user."""
    programma = f'$1 == "{onderwerp}" {{print $2}}'
    return f"TOKEN=$({shlex.join(['awk', programma, str(bestand)])})"


def curl(adres: str, query: str, variables: dict[str, str]) -> str:
    """The shell command that sends this document with the token in `$TOKEN`."""
    body = json.dumps({"query": query, "variables": variables})
    inhoud = shlex.join(["-H", "Content-Type: application/json", "-d", body])
    return f'curl -sS {adres} -H "Authorization: Bearer $TOKEN" {inhoud}'


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
        "wie er keek en waarom, zonder namen van inwoners",
        "query ($van: DateTime!, $tot: DateTime!) { inzagelog(van: $van, tot: $tot, first: 5) "
        "{ regels { tijdstip gebruiker rollen activiteit doelen onderdeel resultaat betrokkenen { pseudoniem } } } }",
        True,
    ),
)
"""Who asks, what it shows, the document, and whether it asks for the days."""
