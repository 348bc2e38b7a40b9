"""Finding a resident: by name, birth date, address or BSN, always under the same predicate as every list (design.md 10).

A statement starts at the actor's own betrokkenheden: how many others carry the same name changes neither what is found nor how long it
takes. What is searched on adds its level and afscherming; who asked for secrecy is never found by who is outside the municipality
(domain.md 1.10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from wijkwerk.bsnindex import OP_BSN, bsn_index
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.personen import BSN_ZOEKEN, Persoon
from wijkwerk.records.conditions import RANG, Filter, Woord
from wijkwerk.records.read import Page, Reader
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import LENGTE_NAAM
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.records.types.sorteren import zoekwoorden
from wijkwerk.zoeken.tabellen import NAMEN

MEESTE_WOORDEN = 6
VOORVOEGSELS = frozenset(
    {
        "a", "aan", "af", "al", "bij", "d", "da", "de", "degli", "dei", "del", "della", "den", "der", "des", "di", "die", "dos", "du", "el",
        "het", "i", "im", "in", "l", "la", "las", "le", "les", "lo", "los", "of", "onder", "op", "s", "t", "te", "ten", "ter", "tot", "uit",
        "und", "v", "van", "vd", "vom", "von", "voor", "zu", "zum", "zur",
    }
)  # fmt: skip
"""The words of voorvoegsels (BRP table 36), folded. They don't narrow a search: people leave them out or shorten them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoekvraag:
    """What is asked for; all of it has to fit. `geboortedatum` may be a year or a month: then whoever was born in it is found."""

    naam: str | None = None
    geboortedatum: Datum | None = None
    postcode: Postcode | None = None
    huisnummer: int | None = None
    bsn: Bsn | None = None


@dataclass(frozen=True, slots=True)
class Opdracht:
    """A question as the planner reads it: conditions, and the order (best fit, then name, then id)."""

    filters: dict[Filter, Any]
    order: tuple[str, ...]


def zoek(reader: Reader, vraag: Zoekvraag, velden: Sequence[str], *, first: int, after: Sequence[Any] | None = None) -> Page:
    """The residents that fit, whom the actor may see: best first. `after` is (rank when there is a name, sorteernaam, id) of a row.

    Raises OngeldigeInvoer for a question that is empty, too short or too long, and GeenRecht for a BSN without the right to search on it.
    """
    gevraagd = opdracht(reader, vraag)
    return reader.page(Persoon, velden, order=gevraagd.order, filters=gevraagd.filters, first=first, after=after)


def tel(reader: Reader, vraag: Zoekvraag) -> int:
    """How many `zoek` finds in all. Raises as `zoek`."""
    gevraagd = opdracht(reader, vraag)
    return reader.count(Persoon, gevraagd.filters, order=gevraagd.order)


def opdracht(reader: Reader, vraag: Zoekvraag) -> Opdracht:
    """The conditions and the order of a question. Raises as `zoek`."""
    if all(getattr(vraag, item.name) is None for item in fields(vraag)):
        raise OngeldigeInvoer("Vul in waarop u zoekt: een naam, een geboortedatum, een adres of een BSN.")
    filters = _woorden(reader, vraag.naam) | _adres(vraag)
    if vraag.geboortedatum is not None:
        filters[Filter("geboortedatum", "tussen")] = _periode(vraag.geboortedatum)
    if vraag.bsn is not None:
        if not reader.actor.may(BSN_ZOEKEN.naam):
            raise GeenRecht
        filters[OP_BSN] = bsn_index(reader.keyring, reader.connection, reader.actor.gemeente, vraag.bsn)
    return Opdracht(filters, ("sorteernaam",) if vraag.naam is None else (RANG, "sorteernaam"))


def naamwoorden(naam: str) -> list[str]:
    """The words of a typed name that a resident is found by, without voorvoegsels. Raises OngeldigeInvoer (field `naam`)."""
    if len(naam) > LENGTE_NAAM:
        raise OngeldigeInvoer(f"Een naam heeft hier niet meer dan {LENGTE_NAAM} tekens.", veld="naam")
    woorden = [woord for woord in zoekwoorden(naam) if woord not in VOORVOEGSELS]
    if not any(len(woord) > 1 or not woord.isascii() for woord in woorden):
        raise OngeldigeInvoer("Vul een naam in van ten minste twee letters. Alleen een voorvoegsel is niet genoeg.", veld="naam")
    if len(woorden) > MEESTE_WOORDEN:
        raise OngeldigeInvoer(f"Zoek op niet meer dan {MEESTE_WOORDEN} namen tegelijk.", veld="naam")
    return woorden


def _woorden(reader: Reader, naam: str | None) -> dict[Filter, Any]:
    if naam is None:
        return {}
    gemeente = reader.actor.gemeente
    return {
        Filter(NAMEN.guard, "woord", n): Woord(woord, reader.woorden.gelijkend(reader.connection, NAMEN, gemeente, woord))
        for n, woord in enumerate(naamwoorden(naam))
    }


def _adres(vraag: Zoekvraag) -> dict[Filter, Any]:
    if vraag.huisnummer is not None and vraag.postcode is None:
        raise OngeldigeInvoer("Vul bij een huisnummer ook de postcode in.", veld="postcode")
    given = {"postcode": vraag.postcode, "huisnummer": vraag.huisnummer}
    return {Filter(name): value for name, value in given.items() if value is not None}


def _periode(datum: Datum) -> tuple[Datum, Datum]:
    """From the date as it is known to the last day that it can be: in the order of the stored digits. Raises OngeldigeInvoer."""
    if datum.jaar == 0:
        raise OngeldigeInvoer("Vul ten minste het jaar van de geboorte in.", veld="geboortedatum")
    return datum, Datum.van(datum.laatste())
