"""The tables of the log. Entries are only ever added: triggers refuse every UPDATE, and every DELETE outside retention.

A stream is one life of one writer, so no key here holds a gemeente. The columns of `log_regel` next to `body` are derived from
the body, for the auditor's indexed query; the export compares them with it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, LargeBinary, String, Table, Text, cast, event, text

from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.storage.metadata import metadata

_CORE: Final = {"owner": "core"}

log_stroom: Final = Table(
    "log_stroom",
    metadata,
    Column("id", Uuid16, primary_key=True),
    Column("sleutel", LargeBinary(32), nullable=False, comment="Ed25519-sleutel van deze stroom; de geheime helft staat nergens"),
    Column("certificaat", LargeBinary(64), nullable=False, comment="handtekening van het log onder de sleutel"),
    Column("geopend", Tijdstip, nullable=False),
    Column("gesloten", Boolean, nullable=False),
    Column("soort", String(20), nullable=False, server_default="INZAGE", comment="welke gebeurtenissen erin gaan, met een eigen termijn"),
    info=_CORE,
)

log_regel: Final = Table(
    "log_regel",
    metadata,
    Column("stroom", Uuid16, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("tijdstip", Tijdstip, primary_key=True),
    Column("periode", String(7), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("gemeente_id", Uuid16),
    Column("gebruiker", Uuid16),
    Column("organisatie", Uuid16),
    Column("activiteit", String(60)),
    Column("doelen", Text, nullable=False, server_default="", comment="de codes, elk tussen spaties"),
    Column("gebeurtenis", String(40), nullable=False),
    Column("resultaat", String(20), nullable=False),
    info=_CORE,
    postgresql_partition_by="RANGE (tijdstip)",
)

_REGEL: Final = log_regel.c
_NEWEST_FIRST: Final = (_REGEL.tijdstip, _REGEL.stroom, _REGEL.seq)
_RARE_EVENT: Final = _REGEL.gebeurtenis != "LEZEN"
_RARE_RESULT: Final = _REGEL.resultaat != "GESLAAGD"
Index("ix_log_regel_tijd", _REGEL.gemeente_id, *_NEWEST_FIRST)
Index("ix_log_regel_gebruiker", _REGEL.gemeente_id, _REGEL.gebruiker, *_NEWEST_FIRST)
Index("ix_log_regel_organisatie", _REGEL.gemeente_id, _REGEL.organisatie, *_NEWEST_FIRST)
Index("ix_log_regel_activiteit", _REGEL.gemeente_id, _REGEL.activiteit, *_NEWEST_FIRST)
Index(
    "ix_log_regel_gebeurtenis", _REGEL.gemeente_id, _REGEL.gebeurtenis, *_NEWEST_FIRST,
    sqlite_where=_RARE_EVENT, postgresql_where=_RARE_EVENT,
)  # fmt: skip
Index(
    "ix_log_regel_resultaat", _REGEL.gemeente_id, _REGEL.resultaat, *_NEWEST_FIRST,
    sqlite_where=_RARE_RESULT, postgresql_where=_RARE_RESULT,
)  # fmt: skip

regel_body: Final = cast(log_regel.c.body, LargeBinary).label("body")
"""The body as bytes, whatever it was overwritten with: SQLite keeps the type it is given, and tampering must stay readable."""

log_kop: Final = Table(
    "log_kop",
    metadata,
    Column("stroom", Uuid16, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("handtekening", LargeBinary(64), nullable=False),
    info=_CORE,
)

log_betrokkene: Final = Table(
    "log_betrokkene",
    metadata,
    Column("pseudoniem", Uuid16, primary_key=True),
    Column("tijdstip", Tijdstip, primary_key=True),
    Column("stroom", Uuid16, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_log_betrokkene_regel", "stroom", "seq"),
    info=_CORE,
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (tijdstip)",
)

log_segment: Final = Table(
    "log_segment",
    metadata,
    Column("blad", BigInteger, primary_key=True, autoincrement=False, comment="nummer van het blad in de boom"),
    Column("stroom", Uuid16, nullable=False),
    Column("eerste", BigInteger, nullable=False),
    Column("laatste", BigInteger, nullable=False),
    Column("vorige", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("wortel", LargeBinary(32), nullable=False),
    Column("periode", String(7), nullable=False),
    Index("ix_log_segment_stroom", "stroom", "laatste"),
    Index("ix_log_segment_periode", "periode", "blad"),
    info=_CORE,
)

log_boom: Final = Table(
    "log_boom",
    metadata,
    Column("niveau", BigInteger, primary_key=True, autoincrement=False),
    Column("nummer", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    info=_CORE,
)

log_checkpoint: Final = Table(
    "log_checkpoint",
    metadata,
    Column("omvang", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("tijdstip", Tijdstip, nullable=False),
    info=_CORE,
)

log_vervallen: Final = Table(
    "log_vervallen",
    metadata,
    Column("soort", String(20), primary_key=True, server_default="INZAGE"),
    Column("tot_en_met", String(7), primary_key=True, comment="van alle maanden tot en met deze mogen regels van deze soort weg"),
    Column("tijdstip", Tijdstip, nullable=False),
    info=_CORE,
)

log_getuige: Final = Table(
    "log_getuige",
    metadata,
    Column("getuige", String(100), primary_key=True, comment="wie het checkpoint bewaart"),
    Column("omvang", BigInteger, primary_key=True, autoincrement=False),
    Column("bevestiging", Text, nullable=False, comment="wat de getuige teruggaf: een handtekening, een tijdstempel of niets"),
    Column("tijdstip", Tijdstip, nullable=False),
    info=_CORE,
)

log_doorgegeven: Final = Table(
    "log_doorgegeven",
    metadata,
    Column("ontvanger", String(100), primary_key=True, comment="waaraan het log wordt doorgegeven"),
    Column("stroom", Uuid16, primary_key=True),
    Column("seq", BigInteger, nullable=False, comment="tot en met welke regel van deze stroom"),
    Column("tijdstip", Tijdstip, nullable=False),
    info=_CORE,
)

log_pseudoniem: Final = Table(
    "log_pseudoniem",
    metadata,
    Column("persoon_id", Uuid16, primary_key=True),
    Column("gemeente_id", Uuid16, primary_key=True),
    Column("pseudoniem", Uuid16, nullable=False),
    Index("ix_log_pseudoniem_terug", "gemeente_id", "pseudoniem", unique=True),
    info=_CORE,
)

TABLES: Final = (
    log_stroom, log_regel, log_kop, log_betrokkene, log_segment, log_boom, log_checkpoint, log_vervallen, log_getuige, log_doorgegeven,
    log_pseudoniem,
)  # fmt: skip

_REFUSAL: Final = "log_regel: regels kunnen alleen worden toegevoegd"
_EXPIRED: Final = (
    "SELECT 1 FROM log_vervallen JOIN log_stroom ON log_stroom.soort = log_vervallen.soort "
    "WHERE log_stroom.id = OLD.stroom AND OLD.periode <= log_vervallen.tot_en_met"
)
_NO_TRUNCATE: Final = "CREATE TRIGGER log_regel_blijft BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION log_regel_weigert()"

TRIGGERS: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        f"CREATE TRIGGER log_regel_vast BEFORE UPDATE ON log_regel BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "CREATE TRIGGER log_regel_blijft BEFORE DELETE ON log_regel "
        f"WHEN NOT EXISTS ({_EXPIRED}) BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION log_regel_weigert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF EXISTS ({_EXPIRED}) THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER log_regel_vast BEFORE UPDATE OR DELETE ON log_regel FOR EACH ROW EXECUTE FUNCTION log_regel_weigert()",
        _NO_TRUNCATE.format(table="log_regel"),
    ),
}
"""Per engine what a migration runs after it made `log_regel` and `log_vervallen` (`make_triggers`)."""

PARTITIONED: Final = (log_regel.name, log_betrokkene.name)
"""Tables that PostgreSQL keeps in a part for each month. What belongs to no part that there is, is kept in `..._rest`."""


def make_triggers(connection: Connection) -> None:
    """Make `log_regel` append-only. For a migration (`make_triggers(op.get_bind())`); `metadata.create_all` does it by itself.

    What a released migration made stands in a copy of its own beside it (migrations/core/logtriggers_0001.py).
    """
    for statement in TRIGGERS[connection.dialect.name]:
        connection.execute(text(statement))
    if connection.dialect.name == "postgresql":
        parts = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'log_regel'::regclass"
        for part in connection.execute(text(parts)).scalars().all():
            guard_part(connection, part)


def guard_part(connection: Connection, part: str) -> None:
    """On PostgreSQL a part has the triggers on rows by itself, but not that on TRUNCATE. The index of persons has none."""
    if part.startswith(log_regel.name):
        connection.execute(text(_NO_TRUNCATE.format(table=part)))


def drop_triggers(connection: Connection) -> None:
    """Take that away, for who changes the tables. On PostgreSQL the triggers go with their function."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS log_regel_weigert() CASCADE"))
        return
    for name in ("log_regel_vast", "log_regel_blijft"):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def make_rest(connection: Connection, table: str) -> None:
    """On PostgreSQL the part for what belongs to no month that there is: an entry is never refused for want of a part."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT"))


@event.listens_for(log_regel, "after_create")
def _after_create(_table: Table, connection: Connection, **_kw: Any) -> None:
    make_rest(connection, log_regel.name)
    make_triggers(connection)


@event.listens_for(log_betrokkene, "after_create")
def _after_create_subjects(_table: Table, connection: Connection, **_kw: Any) -> None:
    make_rest(connection, log_betrokkene.name)


@event.listens_for(log_regel, "after_drop")
def _after_drop(_table: Table, connection: Connection, **_kw: Any) -> None:
    drop_triggers(connection)
