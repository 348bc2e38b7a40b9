"""Writing: every new, changed and deleted record is checked at flush, by the same predicate that reads use (design.md 2, 9)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, UOWTransaction, load_only
from sqlalchemy.orm.exc import StaleDataError

from wijkwerk.access.actor import Actor, Toewijzer
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.errors import NietGevonden, VersieVerouderd
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records import history, woorden
from wijkwerk.records.allowed import changed_columns, check, check_reach
from wijkwerk.records.conflict import translated
from wijkwerk.records.declare import OpenRecord, PersonRecord, Record, subject_of
from wijkwerk.records.guard import GuardedSession, OmzeilingGeweigerd
from wijkwerk.records.history import Gegevensbron, Wijzigingssoort
from wijkwerk.records.read import Reader
from wijkwerk.records.sealing import seal
from wijkwerk.records.shown import Shown
from wijkwerk.records.woordgeheugen import Woordgeheugen
from wijkwerk.settings import Bijlageinstellingen, Grenzen, Loginstellingen, Postinstellingen, Sleutelinstellingen
from wijkwerk.storage.columns import nieuw_id

R = TypeVar("R", bound=Record)


class Change(Enum):
    """What happened to a record."""

    NEW = "new"
    CHANGED = "changed"
    DELETED = "deleted"


_SOORT = {
    Change.NEW: Wijzigingssoort.AANGEMAAKT, Change.CHANGED: Wijzigingssoort.GEWIJZIGD, Change.DELETED: Wijzigingssoort.VERWIJDERD,
}  # fmt: skip


@dataclass(slots=True)
class Work:
    """One unit of work: what a mutation does, in one transaction, for one actor.

    `reader` reads under the actor's scope, but through no door that is only for looking (`kijker` does); `add`, `get` and `delete` are
    the only ways to write. `touched` holds what was written, for the log. `bron` is who the values come from, `gebeurtenis` what the log
    calls it, `geweigerd` the code of a refusal that is kept, `bijzonderheden` what else its entry says (never anything about a person);
    a service may say so before it writes.
    `core_connection`, `kijker`, `find_any`, `get_whole`, `grant`, `changed` and `als` are for core services; a house test refuses a
    plugin that names one. `vervolgd`: what was done in this unit as somebody else (`als`).
    """

    core_connection: Connection
    actor: Actor
    keyring: Keyring
    catalogue: Catalogue
    reader: Reader = field(init=False)
    touched: Shown = field(default_factory=Shown)
    changes: set[Change] = field(default_factory=set)
    bron: Gegevensbron = Gegevensbron.PROFESSIONAL
    gebeurtenis: Gebeurtenis | None = None
    geweigerd: str | None = None
    bijzonderheden: dict[str, str | int] = field(default_factory=dict)
    grenzen: Grenzen = field(default_factory=Grenzen)
    post: Postinstellingen = field(default_factory=Postinstellingen)
    bijlagen: Bijlageinstellingen = field(default_factory=Bijlageinstellingen)
    sleutels: Sleutelinstellingen = field(default_factory=Sleutelinstellingen)
    log: Loginstellingen = field(default_factory=Loginstellingen)
    woorden: Woordgeheugen = field(default_factory=Woordgeheugen)
    toewijzer: Toewijzer | None = None
    vervolgd: list[Work] = field(default_factory=list)
    _session: GuardedSession = field(init=False)
    _granted: set[UUID] = field(default_factory=set)
    _reached: set[UUID] = field(default_factory=set)
    _pending: list[Record] = field(default_factory=list)
    _written: dict[type[Record], list[Record]] = field(default_factory=dict)
    _visible: dict[UUID, frozenset[str]] = field(default_factory=dict)
    _remembered: list[dict[str, Any]] = field(default_factory=list)
    _renamed: dict[type[Record], set[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.catalogue = self.catalogue.op(self.actor.vandaag)
        self.reader = Reader(self.core_connection, self.actor, self.keyring, woorden=self.woorden, schrijvend=True)
        self._session = GuardedSession(self.core_connection)
        event.listen(self._session, "before_flush", self._before_flush)
        event.listen(self._session, "after_flush", self._after_flush)

    @property
    def kijker(self) -> Reader:
        """For core services that let somebody do something about what they may only look at: reads through every door."""
        return replace(self.reader, schrijvend=False)

    def add(self, record: R) -> R:
        """Put a new record in, written at the next flush. Municipality and controller are the actor's."""
        record.id = record.id or nieuw_id()
        if record.core_only and record.id not in self._granted:
            raise OmzeilingGeweigerd
        record.gemeente_id = self.actor.gemeente
        given = getattr(record, "verantwoordelijke_id", self)
        if given is None or (given is not self and record.id not in self._granted and not isinstance(record, OpenRecord)):
            record.verantwoordelijke_id = self.actor.organisatie  # type: ignore[attr-defined] # the kinds that have a controller
        self._pending.append(record)
        return record

    def grant(self, record: R) -> R:
        """Put in a record that only core services may make (betrokkenheid, afscherming); plugins have no reason to call this."""
        record.id = record.id or nieuw_id()
        self._granted.add(record.id)
        return self.add(record)

    def get(self, record: type[R], id: UUID, versie: int | None = None) -> R:
        """The record, to be changed; what the actor may not see of it can't be read nor set.

        Raises NietGevonden (absent or out of reach) and VersieVerouderd (`versie` is an older one).
        """
        return self._get(record, id, versie, whole=False)

    def get_whole(self, record: type[R], id: UUID, versie: int | None = None) -> R:
        """For core services that carry values from row to row: as `get`, with what the actor may not see of a row that is in reach."""
        return self._get(record, id, versie, whole=True)

    def _get(self, record: type[R], id: UUID, versie: int | None, *, whole: bool) -> R:
        row = self.reader.editable(record, id)
        if row is None:
            raise NietGevonden
        current, seen = row
        self._visible[id] = frozenset(record.velden) if whole else seen
        if versie is not None and current != versie:
            raise VersieVerouderd
        known = [getattr(record, name) for name, veld in record.velden.items() if name in self._visible[id] or veld.kind == "sealed"]
        with self._session.loading():
            found = self._session.get(record, (id, self.actor.gemeente), options=[load_only(*known, raiseload=True)])
        if found is None:
            raise NietGevonden
        # on PostgreSQL somebody else can commit between the two statements above
        if versie is not None and found.versie != versie:
            raise VersieVerouderd
        return found

    def delete(self, record: Record) -> None:
        """Take a record out that `get` gave."""
        with self._session.loading():
            self._session.delete(record)

    def flush(self) -> None:
        """Write what was added and changed, and check it. Called at the end of every unit; earlier when a later step reads it."""
        pending, self._pending = sorted(self._pending, key=lambda record: _rank(record.__tablename__)), []
        try:
            for _, records in groupby(pending, key=type):
                self._session.add_all(records)
                self._session.flush()
            self._session.flush()
        except StaleDataError as stale:
            raise VersieVerouderd from stale
        except StatementError as refused:
            if (error := translated(refused)) is None:
                raise
            raise error from None
        remembered, self._remembered = self._remembered, []
        history.write(self, remembered)
        renamed, self._renamed = self._renamed, {}
        for kind, ids in renamed.items():
            new = woorden.bijwerken(self.core_connection, kind, self.actor.gemeente, ids)
            self.woorden.learn(woorden.register_of(kind), self.actor.gemeente, new)
        written, self._written = self._written, {}
        self._reached |= check_reach(self, written, self._granted, self._reached)
        for other in self.vervolgd:
            other.flush()

    def als(self, actor: Actor) -> Work:
        """For core services: go on in this transaction as somebody else, where a rule has the system do what the actor may not.

        What is read and written there is asked of `actor`'s rights and reach, is written at the flush of this unit, and is in a log
        entry of its own: nothing of it is said to have been shown to who asked.
        """
        other = Work(
            self.core_connection, actor, self.keyring, self.catalogue, grenzen=self.grenzen, post=self.post, woorden=self.woorden,
            sleutels=self.sleutels, bijlagen=self.bijlagen, log=self.log, toewijzer=self.toewijzer,
        )  # fmt: skip
        self.vervolgd.append(other)
        return other

    def find_any(self, record: type[Record], **columns: Any) -> UUID | None:
        """For core services: the id of a row anywhere in the municipality, out of scope or not; that it is there, and nothing of it."""
        table = record.tabel()
        where = [table.c[name] == value for name, value in columns.items()]
        found = self.core_connection.execute(select(table.c.id).where(table.c.gemeente_id == self.actor.gemeente, *where).limit(1)).first()
        return None if found is None else found[0]

    def changed(self, persoon: UUID, soort: str, categorie: str, velden: tuple[str, ...], *, hoe: Change = Change.CHANGED) -> None:
        """For core services that change (or delete) many rows in one statement: what the log entry must say of it."""
        self.changes.add(hoe)
        self.touched.add(persoon, soort, (categorie,), velden, ())

    def _before_flush(self, session: Session, context: UOWTransaction, instances: object) -> None:
        new, deleted = session.new, session.deleted  # each is made anew at every look
        for record in [*new, *session.dirty, *deleted]:
            history.leave_equal(self, record)
            if isinstance(record, Record) and (record in new or record in deleted or session.is_modified(record)):
                check(self.actor, self.catalogue, record, None if record in new else self._visible.get(record.id, frozenset()))
                self._remember(record, Change.NEW if record in new else Change.DELETED if record in deleted else Change.CHANGED)
                seal(self, record, record in new)

    def _remember(self, record: Record, change: Change) -> None:
        if not isinstance(record, PersonRecord) or not record.versioned:
            return
        names = changed_columns(record) if change is not Change.DELETED else frozenset(record.velden) - inspect(record).unloaded
        about = sorted(name for name in names if record.velden[name].kind not in ("machinery", "subject", "kader"))
        if about or change is not Change.CHANGED:
            self._remembered.append(history.remember(self, record, _SOORT[change], about))

    def _after_flush(self, session: Session, context: UOWTransaction) -> None:
        for change, records in ((Change.NEW, session.new), (Change.CHANGED, session.dirty), (Change.DELETED, session.deleted)):
            for record in records:
                if isinstance(record, Record) and (change is not Change.CHANGED or changed_columns(record)):
                    self._wrote(record, change)

    def _wrote(self, record: Record, change: Change) -> None:
        self.changes.add(change)
        self._note(record)
        register = record.woordregister
        if register is not None and (change is not Change.CHANGED or changed_columns(record) & set(register.velden)):
            self._renamed.setdefault(type(record), set()).add(record.id)
        if change is Change.NEW:
            self._visible[record.id] = frozenset(record.velden)
        if change is not Change.DELETED:
            self._written.setdefault(type(record), []).append(record)

    def _note(self, record: Record) -> None:
        if isinstance(record, PersonRecord):
            changed = tuple(sorted(name for name in changed_columns(record) if record.velden[name].level is not None))
            kinds = {veld.code for name in changed if (veld := record.velden[name].categorie)} or {record.categorie.code}
            self.touched.add(getattr(record, subject_of(type(record))), type(record).__name__, tuple(sorted(kinds)), changed, ())


@lru_cache(maxsize=1024)
def _rank(table: str) -> int:
    """Where a table comes in the order of foreign keys: rows that others point to are written first."""
    return [known.name for known in Record.metadata.sorted_tables].index(table)
