"""What is asked of every write, whoever wrote the service: the right, the municipality, the category, what may change, and the reach of the
writer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import inspect

from wijkwerk.access.actor import Actor
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.register import ALLE_ORGANISATIES
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.records.declare import KaderRecord, OpenRecord, PersonRecord, Record, subject_of
from wijkwerk.records.gegevens import gekeurd
from wijkwerk.records.read import Reader

if TYPE_CHECKING:
    from wijkwerk.records.session import Work


class GezondheidNietToegestaan(WijkwerkError):
    """No purpose of the writer rests on a ground on which special data may be kept (Wmo 2015 art. 5.1.2 lid 2; AVG art. 9)."""

    code = "GEZONDHEID_NIET_TOEGESTAAN"
    standaard = (
        "Een algemene voorziening mag geen gegevens over gezondheid of andere bijzondere gegevens vastleggen. Er is niets opgeslagen."
        " Verwijs de inwoner naar het wijkteam, als de inwoner dat goed vindt."
    )


def changed_columns(record: Record) -> frozenset[str]:
    """The columns of a record that are about to be written."""
    state = inspect(record)
    return frozenset(name for name in record.velden if state.attrs[name].history.has_changes() and name != "versie")


def check(actor: Actor, catalogue: Catalogue, record: Record, seen: frozenset[str] | None) -> None:
    """Before a write. `seen`: the columns of an existing record that the actor sees; None for a new one. Values are normalised.

    Raises GeenRecht, GezondheidNietToegestaan, NietGevonden for a row of another municipality or organisation, OngeldigeInvoer.
    """
    if not actor.may(record.schrijven.naam):
        raise GeenRecht
    if record.gemeente_id != actor.gemeente or not _may_write_for(actor, record):
        raise NietGevonden
    changed = changed_columns(record)
    if isinstance(record, PersonRecord) and (seen is None or changed):
        _check_category(actor, catalogue, record, changed)
    if seen is not None:
        _check_change(record, changed, seen)
    for name in changed:
        if record.velden[name].check is not None:
            setattr(record, name, gekeurd(type(record), name, getattr(record, name)))


def check_reach(
    work: Work, written: Mapping[type[Record], Sequence[Record]], granted: Collection[UUID], eerder: Collection[UUID] = ()
) -> set[UUID]:
    """After a write: the writer must be able to see each row it wrote, and every other person named in it. Raises NietGevonden.

    What a core service grants (to a partner, of the partner's own records; at a level above the writer's own) goes with a row about the
    same person that was written in the same unit (`eerder`: persons of rows before this flush) and is seen; so does what it grants to a
    colleague and is about no person. A record that is itself a reason to be let in (`maakt_bereik`) needs no other. Returns the persons
    of the rows that are seen.
    """
    own = {kind: [r for r in records if not (isinstance(r, KaderRecord) and r.id in granted)] for kind, records in written.items()}
    seen = {kind: _seen(work, kind, records) for kind, records in own.items()}
    reached = {person for kind, records in own.items() for record in records if record.id in seen[kind] and (person := _person(record))}
    made = [record for kind, records in own.items() if kind.maakt_bereik for record in records if record.id in granted]
    reached |= {person for record in made if (person := _person(record))} | set(eerder)
    for kind, records in own.items():
        for record in records:
            row = seen[kind].get(record.id)
            if row is None and record.id in granted and _person(record) in reached:
                continue
            if row is None or any(getattr(record, name) is not None and getattr(row, name) is None for name in _related(kind)):
                raise NietGevonden
    return reached


def _seen(work: Work, kind: type[Record], records: Sequence[Record]) -> dict[UUID, Any]:
    """Which of these rows the writer sees, with the other persons in them. Nothing of it is noted as shown."""
    writer = replace(work.actor, rechten=work.actor.rechten & {ALLE_ORGANISATIES.naam} | {kind.lezen.naam})
    reader = Reader(work.core_connection, writer, work.keyring, schrijvend=True)
    return {row.id: row for row in reader.by_key(kind, _related(kind), "id", [record.id for record in records])}


def _related(kind: type[Record]) -> tuple[str, ...]:
    return tuple(name for name, veld in kind.velden.items() if veld.kind == "related")


def _person(record: Record) -> UUID | None:
    """Whom a row is about, if it is about a person."""
    found: UUID | None = getattr(record, subject_of(type(record))) if isinstance(record, PersonRecord) else None
    return found


def _may_write_for(actor: Actor, record: Record) -> bool:
    """A row without persons is written by the organisation it belongs to, or by who may reach those of every organisation."""
    own = not isinstance(record, OpenRecord) or record.verantwoordelijke_id == actor.organisatie
    return own or actor.may(ALLE_ORGANISATIES.naam)


def _check_category(actor: Actor, catalogue: Catalogue, record: PersonRecord, changed: Collection[str]) -> None:
    """What the row is about and what is filled in: special data only on a ground that allows them, and no field of a category that the
    actor's purposes don't open. That they open the category of the row itself is for `check_reach` to say, as for all out of reach.
    """
    velden = {veld.code for name in changed if getattr(record, name) is not None and (veld := record.velden[name].categorie) is not None}
    rij: str = record.categorie.code if record.categorie_kolom is None else getattr(record, record.categorie_kolom)
    bijzonder = {code for code in (rij, *velden) if code in catalogue.categorieen and catalogue.categorieen[code].bijzonder}
    if bijzonder and not catalogue.mag_bijzonder(actor.doelen):
        raise GezondheidNietToegestaan
    if velden - {rij, record.categorie.code} - catalogue.geopend(actor.doelen):
        raise GeenRecht


def _check_change(record: Record, changed: frozenset[str], seen: frozenset[str]) -> None:
    """What identifies a row never changes; what the actor may not read, the actor may not overwrite."""
    fixed = {"id", "gemeente_id", "verantwoordelijke_id"} | {n for n, v in record.velden.items() if v.kind in ("subject", "kader")}
    if changed & fixed:
        raise OngeldigeInvoer("Van wie of wat dit is, kan niet worden gewijzigd. Maak een nieuw gegeven aan.")
    if changed - seen:
        raise GeenRecht
