"""Writing: every new, changed and deleted record is checked at flush, by the same predicate that reads use (design.md 2, 9)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, load_only
from sqlalchemy.orm.exc import StaleDataError

from wijkwerk.access.actor import Actor
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.register import ALLE_ORGANISATIES
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError, bij_veld
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records import history, woorden
from wijkwerk.records.conflict import translated
from wijkwerk.records.declare import OpenRecord, PersonRecord, Record, kader_of, subject_of
from wijkwerk.records.history import Gegevensbron, Wijzigingssoort
from wijkwerk.records.opening import binding, to_plain
from wijkwerk.records.read import Reader
from wijkwerk.records.shown import Shown
from wijkwerk.records.woordgeheugen import Woordgeheugen
from wijkwerk.settings import Grenzen
from wijkwerk.storage.columns import nieuw_id

R = TypeVar("R", bound=Record)


class OmzeilingGeweigerd(WijkwerkError):
    """Code tried to go past the planner or the checks: raw SQL, a bulk statement, a direct load."""

    code = "OMZEILING_GEWEIGERD"
    standaard = "Deze bewerking gaat buiten de controles om en is geweigerd. Meld dit bij de maker van de plugin."


class _GuardedSession(Session):
    """A session that only flushes: it refuses to be asked for rows, statements or its connection."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise OmzeilingGeweigerd

    connection = query = bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = merge = _refuse


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

    `reader` reads under the actor's scope; `add`, `get` and `delete` are the only ways to write. `touched` holds what was written,
    for the log. `bron` is who the values come from, `gebeurtenis` what the log calls it, `geweigerd` the code of a refusal that is kept;
    a service may say so before it writes.
    `core_connection`, `find_any`, `get_whole`, `grant` and `changed` are for core services; a house test refuses a plugin that names one.
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
    grenzen: Grenzen = field(default_factory=Grenzen)
    woorden: Woordgeheugen = field(default_factory=Woordgeheugen)
    _session: _GuardedSession = field(init=False)
    _loading: bool = False
    _granted: set[UUID] = field(default_factory=set)
    _pending: list[Record] = field(default_factory=list)
    _written: dict[type[Record], list[Record]] = field(default_factory=dict)
    _visible: dict[UUID, frozenset[str]] = field(default_factory=dict)
    _remembered: list[dict[str, Any]] = field(default_factory=list)
    _renamed: dict[type[Record], set[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = Reader(self.core_connection, self.actor, self.keyring, woorden=self.woorden)
        self._session = _GuardedSession(
            self.core_connection, autoflush=False, expire_on_commit=False, join_transaction_mode="rollback_only"
        )
        event.listen(self._session, "do_orm_execute", self._guard_execute)
        event.listen(self._session, "before_flush", self._before_flush)
        event.listen(self._session, "after_flush", self._after_flush)

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
        with self._load():
            found = self._session.get(record, (id, self.actor.gemeente), options=[load_only(*known, raiseload=True)])
        if found is None:
            raise NietGevonden
        # on PostgreSQL somebody else can commit between the two statements above
        if versie is not None and found.versie != versie:
            raise VersieVerouderd
        return found

    def delete(self, record: Record) -> None:
        """Take a record out that `get` gave."""
        with self._load():
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
            self.woorden.learn(kind, self.actor.gemeente, new)
        written, self._written = self._written, {}
        for kind, records_of in written.items():
            self._within_reach(kind, records_of)

    def find_any(self, record: type[Record], **columns: Any) -> UUID | None:
        """For core services: the id of a row anywhere in the municipality, out of scope or not; that it is there, and nothing of it."""
        table = record.tabel()
        where = [table.c[name] == value for name, value in columns.items()]
        found = self.core_connection.execute(select(table.c.id).where(table.c.gemeente_id == self.actor.gemeente, *where).limit(1)).first()
        return None if found is None else found[0]

    def changed(self, persoon: UUID, soort: str, categorie: str, velden: tuple[str, ...]) -> None:
        """For core services that change many rows in one statement: what the log entry must say of it."""
        self.changes.add(Change.CHANGED)
        self.touched.add(persoon, soort, (categorie,), velden, ())

    @contextmanager
    def _load(self) -> Iterator[None]:
        self._loading = True
        try:
            yield
        finally:
            self._loading = False

    def _guard_execute(self, state: ORMExecuteState) -> None:
        if not (self._loading and state.is_select):
            raise OmzeilingGeweigerd

    def _before_flush(self, session: Session, context: UOWTransaction, instances: object) -> None:
        new, deleted = session.new, session.deleted  # each is made anew at every look
        for record in [*new, *session.dirty, *deleted]:
            history.leave_equal(self, record)
            if isinstance(record, Record) and (record in new or record in deleted or session.is_modified(record)):
                self._check(record, record in new)
                self._remember(record, Change.NEW if record in new else Change.DELETED if record in deleted else Change.CHANGED)
                _seal(self, record, record in new)

    def _check(self, record: Record, new: bool) -> None:
        if not self.actor.may(record.schrijven.naam):
            raise GeenRecht
        if record.gemeente_id != self.actor.gemeente or not self._may_write_for(record):
            raise NietGevonden
        changed = _changed(record)
        if not new:
            self._check_change(record, changed)
        for name in changed:
            self._check_value(record, name)

    def _remember(self, record: Record, change: Change) -> None:
        if not isinstance(record, PersonRecord) or not record.versioned:
            return
        names = _changed(record) if change is not Change.DELETED else frozenset(record.velden) - inspect(record).unloaded
        about = sorted(name for name in names if record.velden[name].kind not in ("machinery", "subject", "kader"))
        if about or change is not Change.CHANGED:
            self._remembered.append(history.remember(self, record, _SOORT[change], about))

    def _may_write_for(self, record: Record) -> bool:
        """A row without persons is written by the organisation it belongs to, or by who may reach those of every organisation."""
        own = not isinstance(record, OpenRecord) or record.verantwoordelijke_id == self.actor.organisatie
        return own or self.actor.may(ALLE_ORGANISATIES.naam)

    def _check_change(self, record: Record, changed: frozenset[str]) -> None:
        """What identifies a row never changes; what the actor may not read, the actor may not overwrite."""
        fixed = {"id", "gemeente_id", "verantwoordelijke_id"} | {n for n, v in record.velden.items() if v.kind in ("subject", "kader")}
        if changed & fixed:
            raise OngeldigeInvoer("Van wie of wat dit is, kan niet worden gewijzigd. Maak een nieuw gegeven aan.")
        if changed - self._visible.get(record.id, frozenset()):
            raise GeenRecht

    def _check_value(self, record: Record, name: str) -> None:
        veld, value = record.velden[name], getattr(record, name)
        if veld.check is not None and value is not None:
            with bij_veld(name):
                setattr(record, name, veld.check(value))

    def _after_flush(self, session: Session, context: UOWTransaction) -> None:
        for change, records in ((Change.NEW, session.new), (Change.CHANGED, session.dirty), (Change.DELETED, session.deleted)):
            for record in records:
                if isinstance(record, Record) and (change is not Change.CHANGED or _changed(record)):
                    self.changes.add(change)
                    self._note(record)
                    if (register := record.woordregister) and (change is not Change.CHANGED or _changed(record) & set(register.velden)):
                        self._renamed.setdefault(type(record), set()).add(record.id)
                    if change is Change.NEW:
                        self._visible[record.id] = frozenset(record.velden)
                    if change is not Change.DELETED:
                        self._written.setdefault(type(record), []).append(record)

    def _note(self, record: Record) -> None:
        if isinstance(record, PersonRecord):
            changed = tuple(sorted(name for name in _changed(record) if record.velden[name].level is not None))
            kinds = {veld.code for name in changed if (veld := record.velden[name].categorie)} or {record.categorie.code}
            self.touched.add(getattr(record, subject_of(type(record))), type(record).__name__, tuple(sorted(kinds)), changed, ())

    def _within_reach(self, kind: type[Record], written: list[Record]) -> None:
        """The check on every write: the writer must be able to see each row it wrote, and every other person named in it.

        What a core service grants to a partner, of the partner's own records, goes with a row about the same person that is seen.
        """
        related = tuple(name for name, veld in kind.velden.items() if veld.kind == "related")
        writer = replace(self.actor, rechten=self.actor.rechten & {ALLE_ORGANISATIES.naam} | {kind.lezen.naam})
        reader = Reader(self.core_connection, writer, self.keyring)
        seen = {row.id: row for row in reader.by_key(kind, related, "id", [record.id for record in written])}
        subject = subject_of(kind) if issubclass(kind, PersonRecord) else "id"
        reached = {getattr(record, subject) for record in written if record.id in seen}
        for record in written:
            row = seen.get(record.id)
            if row is None and record.id in self._granted and getattr(record, subject) in reached:
                continue
            if row is None or any(getattr(record, name) is not None and getattr(row, name) is None for name in related):
                raise NietGevonden


@lru_cache(maxsize=1024)
def _rank(table: str) -> int:
    """Where a table comes in the order of foreign keys: rows that others point to are written first."""
    return [known.name for known in Record.metadata.sorted_tables].index(table)


def _changed(record: Record) -> frozenset[str]:
    state = inspect(record)
    return frozenset(name for name in record.velden if state.attrs[name].history.has_changes() and name != "versie")


def _seal(work: Work, record: Record, new: bool) -> None:
    """Encrypt sealed columns for the version that is about to be written, so that an older value can't be put back."""
    names = [name for name, veld in record.velden.items() if veld.kind == "sealed" and getattr(record, name) is not None]
    if not names or not isinstance(record, PersonRecord):
        return
    dossier = kader_of(type(record))
    persoon = getattr(record, subject_of(type(record)))
    key = work.keyring.data_key(work.core_connection, record.gemeente_id, persoon, getattr(record, dossier) if dossier else None)
    version = 1 if new else record.versie + 1
    for name in names:
        plain = _plain(work, record, name)
        setattr(
            record,
            name,
            work.keyring.seal(
                work.core_connection, key, plain, binding(record.__tablename__, record.gemeente_id, record.id, name, version)
            ),
        )


def _plain(work: Work, record: Record, name: str) -> bytes:
    value = getattr(record, name)
    if not isinstance(value, bytes):
        return to_plain(value)
    old = binding(record.__tablename__, record.gemeente_id, record.id, name, record.versie)
    [plain] = work.keyring.open(work.core_connection, [(value, old)])
    if plain is None:
        raise NietGevonden
    return plain
