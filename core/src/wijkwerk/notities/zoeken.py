"""Searching in notes: those that the actor may open are opened, newest first, and looked through; so many for one question (design.md 6).

There is no index: nothing of a note stands in the clear to search by, and nothing of a search is kept afterwards. Of whom notes were opened
is in the log, and how many, also of those in which nothing was found.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.notities.notitie import Aanvulling, Notitie, Notitieversie
from wijkwerk.records.conditions import Filter
from wijkwerk.records.read import Candidates, Reader
from wijkwerk.records.types.sorteren import gevouwen, zoekwoorden

MEESTE_NOTITIES: Final = 2_000
MEESTE_SECONDEN: Final = 2.0
PORTIE: Final = 50
"""Notes that are open at the same time."""
MEESTE_TEKENS, MEESTE_WOORDEN = 200, 6
VELDEN: Final = ("tekst", "oordeel")
"""What is searched of a version and of an addition. Not who told it."""


class Plaats(NamedTuple):
    """Where a note stands in the order of the search."""

    geschreven: datetime
    notitie: UUID


@dataclass(frozen=True, slots=True)
class Gevonden:
    """The notes in which all words stand, how many were looked at for that, and after which note to go on; None when all were."""

    notities: list[UUID]
    bekeken: int
    verder: Plaats | None


def zoek_in_notities(
    reader: Reader,
    tekst: str,
    *,
    dossier: UUID | None = None,
    first: int,
    na: Plaats | None = None,
    klok: Callable[[], float] = time.monotonic,
) -> Gevonden:
    """The first so many notes that the actor may open and in which each word of `tekst` begins a word: in the facts or the opinion of the
    newest version, or in what was added. Without regard to capitals and accents; newest first; in one case when `dossier` is given.

    Looks at `MEESTE_NOTITIES` for at most `MEESTE_SECONDEN`, of which `klok` gives the seconds. Raises OngeldigeInvoer for a question that
    is empty or too long, and Vervalst when a note was changed from outside.
    """
    einde = klok() + MEESTE_SECONDEN
    woorden = _woorden(tekst)
    kandidaten = _te_bekijken(reader, dossier, na)
    gevonden: list[UUID] = []
    bekeken = 0
    for notitie, inhoud in _geopend(reader, kandidaten.rows):
        bekeken += 1
        if all(f" {woord}" in inhoud for woord in woorden):
            gevonden.append(notitie)
        if len(gevonden) >= first or klok() >= einde:
            break
    return Gevonden(gevonden, bekeken, _verder(kandidaten, bekeken))


def _woorden(tekst: str) -> list[str]:
    if len(tekst) > MEESTE_TEKENS:
        raise OngeldigeInvoer(f"Zoek met hoogstens {MEESTE_TEKENS} tekens.", veld="tekst")
    woorden = zoekwoorden(tekst)
    if not any(len(woord) > 1 or not woord.isascii() for woord in woorden):
        raise OngeldigeInvoer("Vul een woord in van ten minste twee letters of cijfers.", veld="tekst")
    if len(woorden) > MEESTE_WOORDEN:
        raise OngeldigeInvoer(f"Zoek op hoogstens {MEESTE_WOORDEN} woorden tegelijk.", veld="tekst")
    return woorden


def _te_bekijken(reader: Reader, dossier: UUID | None, na: Plaats | None) -> Candidates:
    """The notes in scope, unopened. A case without notes and a case out of reach look the same, and are noted as a miss."""
    filters = {} if dossier is None else {Filter("dossier_id"): dossier}
    found = reader.candidates(
        Notitie, (), order=("-geschreven",), filters=filters, first=MEESTE_NOTITIES, after=na, narrow=dossier is not None
    )  # fmt: skip
    reader.shown.search(VELDEN)
    if dossier is not None and na is None and not found.rows:
        reader.shown.miss(dossier)
    return found


def _geopend(reader: Reader, notities: Sequence[Any]) -> Iterator[tuple[UUID, str]]:
    """Each note with its words, folded. No more than a portion is open at a time."""
    for at in range(0, len(notities), PORTIE):
        ids = [notitie.id for notitie in notities[at : at + PORTIE]]
        delen = _delen(reader, ids)
        for id in ids:
            yield id, f" {gevouwen(' '.join(delen[id]))}"


def _delen(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The texts of these notes: two statements, and a few for keys that were not open yet."""
    versies = reader.by_key(Notitieversie, VELDEN, "notitie_id", ids, order=("-nummer",), limit=1)
    aanvullingen = reader.by_key(Aanvulling, VELDEN, "notitie_id", ids)
    delen: dict[UUID, list[str]] = defaultdict(list)
    for row in (*versies, *aanvullingen):
        delen[row.notitie_id] += [deel for deel in (row.tekst, row.oordeel) if deel is not None]
    reader.shown.scan(len(ids))
    return delen


def _verder(kandidaten: Candidates, bekeken: int) -> Plaats | None:
    if bekeken == len(kandidaten.rows) and not kandidaten.more:
        return None
    laatste = kandidaten.rows[bekeken - 1]
    return Plaats(laatste.geschreven, laatste.id)
