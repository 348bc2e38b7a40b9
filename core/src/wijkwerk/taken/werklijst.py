"""The work list: what somebody has to do, of all sources in one order, a page at a time; one statement for each source."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Date

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_jaar
from wijkwerk.kalender.termijnen import begin_van, einde_van
from wijkwerk.klok import dag
from wijkwerk.records.conditions import Filter
from wijkwerk.records.declare import PersonRecord, kader_of, subject_of
from wijkwerk.records.merged import Lijst, merged
from wijkwerk.records.read import Reader
from wijkwerk.taken.bron import Werkbron

Plaats: TypeAlias = tuple[datetime | None, UUID, str]
"""Where a line stands: when it is due, its id, and the code of its source. A day counts as its begin in Europe/Amsterdam."""

_EERSTE_DAG, _EERSTE_MOMENT = date.min, datetime.min.replace(tzinfo=UTC)
_HOOGSTE = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class Vraag:
    """What the work list is narrowed by: some sources, what is due up to and including a day, one case or report."""

    bronnen: Collection[str] | None = None
    voor: date | None = None
    kader: UUID | None = None


@dataclass(frozen=True, slots=True)
class Regel:
    """A line of the work list. `wanneer` is a day or a moment; fields that were not asked for are None."""

    bron: Werkbron
    id: UUID
    wanneer: date | datetime | None
    te_laat: bool
    omschrijving: str | None
    persoon: UUID | None
    kader: UUID | None

    @property
    def plaats(self) -> Plaats:
        """Where the next page goes on."""
        return _moment(self.wanneer), self.id, self.bron.code


@dataclass(frozen=True, slots=True)
class Werklijst:
    """A page of it, and whether more follows."""

    regels: list[Regel]
    meer: bool


VELDEN = frozenset({"omschrijving", "persoon", "kader"})


def werklijst(
    reader: Reader, first: int, *, na: Plaats | None = None, vraag: Vraag | None = None, velden: Collection[str] = VELDEN
) -> Werklijst:
    """The first so many lines after the place `na`, the most urgent first; without a day or moment last.

    Who may not read a source has nothing of it. Of a line only `velden` is read (and logged). Raises OngeldigeInvoer for an unknown source.
    """
    vraag = vraag or Vraag()
    bronnen = bronnen_van(reader, vraag)
    lijsten = [
        Lijst(bron.record, _kolommen(bron, velden), (bron.wanneer,), filters, None if na is None else _verder(bron, na))
        for bron, filters in bronnen
    ]

    def plaats(at: int, row: Any) -> tuple[bool, datetime, UUID, str]:
        moment = _moment(getattr(row, bronnen[at][0].wanneer))
        return moment is None, moment or _EERSTE_MOMENT, row.id, bronnen[at][0].code

    rows, meer = merged(reader, lijsten, first, plaats)
    if vraag.kader is not None and not rows and na is None:
        reader.shown.miss(vraag.kader)
    return Werklijst([_regel(reader, bronnen[at][0], row, velden) for at, row in rows], meer)


def aantal(reader: Reader, vraag: Vraag | None = None) -> int:
    """How many lines there are in all. One statement for each source. Raises as `werklijst`."""
    return sum(reader.count(bron.record, filters, order=(bron.wanneer,)) for bron, filters in bronnen_van(reader, vraag or Vraag()))


def bronnen_van(reader: Reader, vraag: Vraag) -> list[tuple[Werkbron, Mapping[Filter, Any]]]:
    """The sources that the actor may read and that are asked for, each with what chooses its rows. Raises OngeldigeInvoer."""
    bekend = reader.catalogue.werkbronnen
    if unknown := set(vraag.bronnen or ()) - bekend.keys():
        raise OngeldigeInvoer(f"De bron {min(unknown)!r} kennen we niet. Kies uit: {', '.join(sorted(bekend))}.", veld="bronnen")
    found = []
    for code in sorted(bekend.keys() if vraag.bronnen is None else set(vraag.bronnen)):
        bron = bekend[code]
        filters = _filters(reader, bron, vraag)
        if filters is not None and reader.actor.may(bron.record.lezen.naam):
            found.append((bron, filters))
    return found


def _filters(reader: Reader, bron: Werkbron, vraag: Vraag) -> Mapping[Filter, Any] | None:
    """What chooses the rows; None when no row can be asked for."""
    filters = dict(bron.filters(reader.actor))
    if vraag.voor is not None:
        keur_jaar(vraag.voor, "voor")
        laatste = vraag.voor if _is_dag(bron) else einde_van(vraag.voor) - timedelta(microseconds=1)
        filters[Filter(bron.wanneer, "tussen")] = (_EERSTE_DAG if _is_dag(bron) else _EERSTE_MOMENT, laatste)
    if vraag.kader is not None:
        kader = kader_of(bron.record)
        if kader is None:
            return None
        filters[Filter(kader)] = vraag.kader
    return filters


def _kolommen(bron: Werkbron, velden: Collection[str]) -> tuple[str, ...]:
    names = [bron.wanneer]
    if "omschrijving" in velden:
        names += bron.velden
    if "persoon" in velden and issubclass(bron.record, PersonRecord):
        names.append(subject_of(bron.record))
    if "kader" in velden and (kader := kader_of(bron.record)) is not None:
        names.append(kader)
    return tuple(dict.fromkeys(names))


def _verder(bron: Werkbron, na: Plaats) -> Sequence[Any]:
    """The place in the order of one source from which what comes after `na` in the list goes on.

    Of rows with the same moment and id (one record in two sources) those of a later source still come: then the id itself is not passed.
    """
    moment, id, code = na
    past = id if bron.code <= code else UUID(int=max(id.int - 1, 0))
    if moment is None or not _is_dag(bron):
        return moment, past
    begonnen = dag(moment)
    return begonnen, past if begin_van(begonnen) == moment else _HOOGSTE


def _regel(reader: Reader, bron: Werkbron, row: Any, velden: Collection[str]) -> Regel:
    wanneer = getattr(row, bron.wanneer)
    nu = reader.actor.vandaag if _is_dag(bron) else reader.actor.moment
    kader, persoon = kader_of(bron.record), subject_of(bron.record) if issubclass(bron.record, PersonRecord) else None
    return Regel(
        bron, row.id, wanneer, bron.termijn and wanneer is not None and wanneer < nu,
        bron.omschrijving(row, reader.catalogue) if "omschrijving" in velden else None,
        getattr(row, persoon) if persoon is not None and "persoon" in velden else None,
        getattr(row, kader) if kader is not None and "kader" in velden else None,
    )  # fmt: skip


def _is_dag(bron: Werkbron) -> bool:
    return isinstance(bron.record.tabel().c[bron.wanneer].type, Date)


def _moment(wanneer: date | datetime | None) -> datetime | None:
    return wanneer if wanneer is None or isinstance(wanneer, datetime) else begin_van(wanneer)
