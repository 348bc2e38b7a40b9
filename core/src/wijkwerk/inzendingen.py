"""What a client sent under a number of its own making: sent twice, it is done once and answered the same.

For a client that got no answer (a broken connection, a server that was killed), and for one that kept its work while it was offline. What
is kept of it is no content: a keyed digest, and the id of what came of it, for `BEWAAR_DAGEN`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, String, Table, and_, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht, InzendingAnders, InzendingGedaan
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.declare import Record
from wijkwerk.records.session import Change, Work
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.storage.insert import insert_absent
from wijkwerk.storage.metadata import metadata

BEWAAR_DAGEN: Final = 30
STAP: Final = 1_000
OPRUIMEN: Final = Permission("inzending:opruimen", "Nummers van inzendingen weggooien die niet meer nodig zijn.", ("JOBS",))
_AFDRUK_BYTES: Final = 16

inzending = Table(
    "inzending",
    metadata,
    Column("gemeente_id", Uuid16, nullable=False),
    Column("gebruiker_id", Uuid16, nullable=False),
    Column("nummer", Uuid16, nullable=False),
    Column("wijziging", String(80), nullable=False),
    Column("afdruk", LargeBinary(_AFDRUK_BYTES), nullable=False),
    Column("gevolg_id", Uuid16),
    Column("op", Tijdstip, nullable=False),
    PrimaryKeyConstraint("nummer", "gebruiker_id", "gemeente_id"),
    Index(None, "gemeente_id", "op"),
    info={"owner": "core"},
)
"""Per user and number: which mutation it was, a keyed digest of what was given with it, and the id of what came of it."""

_I: Final = inzending.c


def eenmalig(
    work: Work, nummer: UUID | None, wijziging: str, gegeven: bytes, doe: Callable[[], UUID], *, leest: type[Record] | None = None
) -> UUID:
    """Do something once under `nummer`, a number that the client made; the id of what came of it, also when it is sent again.

    `wijziging` names what is done, `gegeven` is everything that was given with it, in one form for one meaning. Numbers are of one user:
    somebody else's are never met. Without a number it is done each time. Of what is sent again nothing is done or written: the log calls
    it a read. `leest` is the record of which the id is: what came of it must still be in reach, as for any read. Leave it out where
    nothing is read back, such as the id of what was removed.

    Of two at the same time one is done, and the other waits for it; when it fails, nothing of it is kept, and the other is done.
    Raises InzendingAnders when the number was used for anything else, and InzendingGedaan when the actor may not see any more what came
    of it, or it is gone; besides what `doe` raises.
    """
    if nummer is None:
        return doe()
    afdruk = _afdruk(work, nummer, wijziging, gegeven)
    eigen = {"gemeente_id": work.actor.gemeente, "gebruiker_id": work.actor.gebruiker, "nummer": nummer}
    if not insert_absent(work.core_connection, inzending, eigen | {"wijziging": wijziging, "afdruk": afdruk, "op": work.actor.moment}):
        return _herhaal(work, nummer, afdruk, leest)
    gevolg = doe()
    work.core_connection.execute(update(inzending).where(_van(work, nummer)).values(gevolg_id=gevolg))
    return gevolg


def _herhaal(work: Work, nummer: UUID, afdruk: bytes, leest: type[Record] | None) -> UUID:
    row: Any = work.core_connection.execute(select(_I.afdruk, _I.gevolg_id).where(_van(work, nummer))).one()
    if not compare_digest(row.afdruk, afdruk):
        raise InzendingAnders(veld="inzending")
    work.gebeurtenis = Gebeurtenis.LEZEN
    work.bijzonderheden["inzending"] = "herhaald"
    gevolg: UUID = row.gevolg_id
    if leest is not None and work.kijker.one(leest, (), gevolg) is None:
        raise InzendingGedaan
    return gevolg


def _van(work: Work, nummer: UUID) -> ColumnElement[bool]:
    return and_(_I.nummer == nummer, _I.gebruiker_id == work.actor.gebruiker, _I.gemeente_id == work.actor.gemeente)


def _afdruk(work: Work, nummer: UUID, wijziging: str, gegeven: bytes) -> bytes:
    """Keyed, because who has the database and not the keys could else guess a short text. User and number are in it, so that the same
    text sent under two numbers can't be seen to be the same."""
    key = work.keyring.mac_key(work.core_connection, "inzending")
    who = work.actor.gemeente.bytes + work.actor.gebruiker.bytes + nummer.bytes
    return digest(key, who + sha256(wijziging.encode()).digest() + gegeven, "sha256")[:_AFDRUK_BYTES]


def ruim_op(work: Work, periode: str, plek: str | None) -> Stand:
    """One step: forget the next numbers that are older than `BEWAAR_DAGEN`. Sent again after that, it is done again. Raises GeenRecht."""
    if not work.actor.may(OPRUIMEN.naam):
        raise GeenRecht
    oud = and_(_I.gemeente_id == work.actor.gemeente, _I.op < work.actor.moment - timedelta(days=BEWAAR_DAGEN))
    # a number that two users happened to use is old for both of them, or stays for the one
    nummers = select(_I.nummer).where(oud).order_by(_I.op).limit(STAP)
    gedaan = work.core_connection.execute(delete(inzending).where(oud, _I.nummer.in_(nummers))).rowcount
    if gedaan:
        work.changes.add(Change.DELETED)
    return Stand("verder" if gedaan >= STAP else None, gedaan=gedaan)


OPRUIMJOB: Final = Job("inzendingen-opruimen", f"Nummers van inzendingen weggooien na {BEWAAR_DAGEN} dagen", Per.DAG, ruim_op)
