"""The stage of the story: who can be asked as, what came out of earlier steps, and the two ways an answer can be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wijkwerk.demo.instellingen import MEDEWERKERS
from wijkwerk.sleutelbeheer.voortgang import Rapport
from wijkwerk_graphql.demo.client import Antwoord, Client
from wijkwerk_graphql.demo.verhaal import verwacht

BSN = "999993653"
"""Of the public test set; the neighbourhood leaves it free."""
NAAM, VOORNAMEN, GEBOREN = "Zilvermeer", "Saar Wilhelmina", "1985"
STRAAT, TELEFOON = "Lisdoddekade", "+31612345678"
DEELBAAR = "Afgesproken: de wijkverpleging komt op dinsdag."
VERBETERD = "Afgesproken: de wijkverpleging komt op woensdag."
INTERN = "De bewoner maakt zich zorgen over haar schulden."
WIE_ER_WERKEN = tuple(each.naam for each in MEDEWERKERS)
BESTAAT_NIET = "01a2005d-09ac-72c0-82b8-000000000000"

Export = tuple[bytes, Ed25519PublicKey]


@dataclass(slots=True)
class Toneel:
    """One server, and what the story knows so far. `ids` holds what earlier steps made, by a word."""

    host: str
    port: int
    tokens: Mapping[str, str]
    folder: Path
    plugins: frozenset[str]
    begin: datetime
    exporteer: Callable[[], Export]
    vernieuw: Callable[[], Rapport]
    """Renew the key of the municipality, as `wijkwerk keys rotate gemeente` does."""
    ids: dict[str, str] = field(default_factory=dict)
    geexporteerd: Export | None = None

    def als(self, onderwerp: str | None, activiteit: str | None = None) -> Client:
        """A client for this user; None for somebody without a token."""
        return Client(self.host, self.port, None if onderwerp is None else self.tokens[onderwerp], activiteit)

    def vraag(self, onderwerp: str, query: str, **variables: object) -> dict[str, Any]:
        """Ask what must succeed: the data. Raises Afwijking for any error."""
        return gelukt(self.als(onderwerp).vraag(query, **variables))


def gelukt(antwoord: Antwoord) -> dict[str, Any]:
    """The data of an answer that must have no errors."""
    verwacht(antwoord.status == 200 and not antwoord.codes, f"er kwam een fout terug ({', '.join(antwoord.codes) or antwoord.status})")
    return antwoord.data


def geweigerd(antwoord: Antwoord, code: str) -> None:
    """An answer that must be this refusal, and hold nothing at all."""
    verwacht(set(antwoord.codes) == {code}, f"dit moest worden geweigerd met {code}")
    verwacht(not any(antwoord.data.values()), "een weigering mag niets laten zien")


def zwijgt(antwoord: Antwoord, *waarden: str) -> None:
    """None of these is anywhere in the answer, not in an error either."""
    verwacht(not any(waarde in antwoord.tekst for waarde in waarden), "er staat iets in het antwoord dat er niet in mag staan")


def nummer(id_: str) -> str:
    """An id in the form the log uses."""
    return UUID(id_).hex
