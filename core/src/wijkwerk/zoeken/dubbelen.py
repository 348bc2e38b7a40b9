"""Who may be the resident that somebody is about to register: hints, among the residents whom the actor may see; a person decides.

Hard keys first (BSN, e-mail, telephone, address with birth date), then names that are alike with a birth date that can be the same
(libraries.md, duplicates). The number of statements does not depend on what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from rapidfuzz.fuzz import WRatio

from wijkwerk.bsnindex import OP_BSN, bsn_index
from wijkwerk.contactgegevens import Contactgegeven, Contactsoort
from wijkwerk.dubbelen import Dubbelreden
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.personen import BSN_ZOEKEN, Persoon
from wijkwerk.records.conditions import Filter
from wijkwerk.records.read import Reader
from wijkwerk.records.shown import Shown
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum
from wijkwerk.records.types.sorteren import zoekwoorden
from wijkwerk.zoeken.zoek import VOORVOEGSELS, Zoekvraag, opdracht

HOOGSTENS = 10
GELIJK_GENOEG = 88
"""WRatio of names that are worth a look, their prefixes left out (libraries.md)."""

_KANDIDATEN = 100
_NAMEN = ("geslachtsnaam", "voornamen", "roepnaam", "geboortedatum")
_SCORE = {
    Dubbelreden.BSN: 100, Dubbelreden.EMAIL: 95, Dubbelreden.ADRES_EN_GEBOORTEDATUM: 95, Dubbelreden.TELEFOON: 90,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dubbelhint:
    """A resident who may be the same, why, and how strongly (0 to 100)."""

    persoon: UUID
    reden: Dubbelreden
    score: int


def mogelijke_dubbelen(reader: Reader, gegevens: Mapping[str, Any], contactgegevens: Sequence[Mapping[str, Any]] = ()) -> list[Dubbelhint]:
    """The residents in reach who may be the one with these (checked) fields of `personen.INVOER` and contact details; best first.

    What was looked through is no disclosure; who is found is noted as shown by who reads the resident of a hint.
    """
    if not reader.actor.may(Persoon.lezen.naam):
        return []
    zoeker = replace(reader, shown=Shown())
    found = [
        *_op_bsn(zoeker, gegevens),
        *_op_contact(zoeker, contactgegevens),
        *_op_adres(zoeker, gegevens),
        *_op_naam(zoeker, gegevens),
    ]
    reader.shown.search(zoeker.shown.searched)
    reader.shown.missed |= zoeker.shown.missed
    best: dict[UUID, Dubbelhint] = {}
    for hint in sorted(found, key=lambda hint: -hint.score):
        best.setdefault(hint.persoon, hint)
    return list(best.values())[:HOOGSTENS]


def naamgelijkenis(een: tuple[str | None, str | None], ander: tuple[str | None, str | None]) -> float:
    """How alike two names (first names, surname) are, from 0 to 100: without prefixes, and initials compared with initials.

    "J. van der Berg" and "Jan v.d. Berg" are the same. Without a surname nothing is alike.
    """
    (voor, achter), (voor2, achter2) = [(zoekwoorden(names or ""), _zonder_voorvoegsel(surname or "")) for names, surname in (een, ander)]
    if not achter or not achter2:
        return 0.0
    if _letters(voor) or _letters(voor2):
        voor, voor2 = [word[:1] for word in voor], [word[:1] for word in voor2]
    if not voor or not voor2:
        voor = voor2 = []
    kort = min(len(voor), len(voor2))  # who gives one of three first names means the same person
    return float(WRatio(" ".join([*voor[:kort], *achter]), " ".join([*voor2[:kort], *achter2])))


def kan_gelijk(een: Datum, ander: Datum) -> bool:
    """Whether two dates can be the same, as far as they are known."""
    return een.eerste() <= ander.laatste() and ander.eerste() <= een.laatste()


def _op_bsn(reader: Reader, gegevens: Mapping[str, Any]) -> list[Dubbelhint]:
    bsn = gegevens.get("bsn")
    if bsn is None or not reader.actor.may(BSN_ZOEKEN.naam):
        return []
    index = bsn_index(reader.keyring, reader.connection, reader.actor.gemeente, bsn)
    return _hints(Dubbelreden.BSN, reader.page(Persoon, (), filters={OP_BSN: index}, first=1).rows)


def _op_contact(reader: Reader, contactgegevens: Sequence[Mapping[str, Any]]) -> list[Dubbelhint]:
    if not reader.actor.may(Contactgegeven.lezen.naam):
        return []
    waarden = [gegevens["waarde"] for gegevens in contactgegevens]
    rows = reader.by_key(Contactgegeven, ("persoon_id", "soort"), "waarde", waarden, roster=True)[:_KANDIDATEN]
    reden = {Contactsoort.EMAIL: Dubbelreden.EMAIL, Contactsoort.TELEFOON: Dubbelreden.TELEFOON}
    return [Dubbelhint(row.persoon_id, reden[row.soort], _SCORE[reden[row.soort]]) for row in rows if row.soort is not None]


def _op_adres(reader: Reader, gegevens: Mapping[str, Any]) -> list[Dubbelhint]:
    filters = {Filter(name): gegevens.get(name) for name in ("postcode", "huisnummer", "geboortedatum")}
    if any(value in (None, DATUM_ONBEKEND) for value in filters.values()):
        return []
    return _hints(Dubbelreden.ADRES_EN_GEBOORTEDATUM, reader.page(Persoon, (), filters=filters, first=HOOGSTENS).rows)


def _op_naam(reader: Reader, gegevens: Mapping[str, Any]) -> list[Dubbelhint]:
    """Those with nearly this surname who were born in the same year, or of whom that is not known."""
    try:
        vraag = opdracht(reader, Zoekvraag(naam=gegevens["geslachtsnaam"]))
    except OngeldigeInvoer:  # a name that nobody is found by: a point, one letter, a prefix alone
        return []
    geboren = gegevens.get("geboortedatum") or DATUM_ONBEKEND
    when: list[dict[Filter, Any]] = [{}]
    if geboren.jaar:
        jaar = (Datum(geboren.jaar), Datum(geboren.jaar, 12, 31))
        when = [{Filter("geboortedatum"): DATUM_ONBEKEND}, {Filter("geboortedatum", "tussen"): jaar}]
    rows = [
        row
        for born in when
        for row in reader.page(Persoon, _NAMEN, order=vraag.order, filters=vraag.filters | born, first=_KANDIDATEN).rows
    ]
    scores = ((row.id, _naamscore(gegevens, geboren, row)) for row in rows)
    return [Dubbelhint(id, Dubbelreden.NAAM_EN_GEBOORTEDATUM, int(score)) for id, score in scores if score >= GELIJK_GENOEG]


def _naamscore(gegevens: Mapping[str, Any], geboren: Datum, row: Any) -> float:
    if row.geslachtsnaam is None or row.geboortedatum is None or not kan_gelijk(geboren, row.geboortedatum):
        return 0.0
    eigen, anders = _voornamen(gegevens.get), _voornamen(lambda name: getattr(row, name))
    zeker = geboren.jaar != 0 and row.geboortedatum.jaar != 0
    if not zeker and not (any(eigen) and any(anders)):
        return 0.0  # a surname alone says nothing: half the street would be a hint
    pairs = [((a, gegevens["geslachtsnaam"]), (b, row.geslachtsnaam)) for a in eigen for b in anders]
    return max(naamgelijkenis(een, ander) for een, ander in pairs)


def _voornamen(value: Callable[[str], Any]) -> list[str | None]:
    """What somebody may be called: by all first names, or by the one that is used."""
    return [value(name) for name in ("voornamen", "roepnaam") if value(name)] or [None]


def _zonder_voorvoegsel(naam: str) -> list[str]:
    woorden = zoekwoorden(naam)
    return [woord for woord in woorden if woord not in VOORVOEGSELS] or woorden


def _letters(woorden: Iterable[str]) -> bool:
    """Whether these are initials."""
    return any(len(woord) == 1 for woord in woorden)


def _hints(reden: Dubbelreden, rows: Iterable[Any]) -> list[Dubbelhint]:
    return [Dubbelhint(row.id, reden, _SCORE[reden]) for row in rows]
