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
    info=_CORE,
)

log_regel: Final = Table(
    "log_regel",
    metadata,
    Column("stroom", Uuid16, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("periode", String(7), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("tijdstip", Tijdstip, nullable=False),
    Column("gemeente_id", Uuid16),
    Column("gebruiker", Uuid16),
    Column("gebeurtenis", String(40), nullable=False),
    Column("resultaat", String(20), nullable=False),
    Index("ix_log_regel_tijd", "gemeente_id", "tijdstip", "stroom", "seq"),
    Index("ix_log_regel_gebruiker", "gemeente_id", "gebruiker", "tijdstip", "stroom", "seq"),
    info=_CORE,
)

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
    Index("ix_log_segment_periode", "periode"),
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
    Column("tot_en_met", String(7), primary_key=True, comment="van alle maanden tot en met deze mogen regels weg"),
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
    log_stroom,
    log_regel,
    log_kop,
    log_betrokkene,
    log_segment,
    log_boom,
    log_checkpoint,
    log_vervallen,
    log_pseudoniem,
)

_REFUSAL: Final = "log_regel: regels kunnen alleen worden toegevoegd"
_EXPIRED: Final = "SELECT 1 FROM log_vervallen WHERE OLD.periode <= tot_en_met"

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
        "CREATE TRIGGER log_regel_blijft BEFORE TRUNCATE ON log_regel FOR EACH STATEMENT EXECUTE FUNCTION log_regel_weigert()",
    ),
}
"""Per engine what a migration runs after it made `log_regel` and `log_vervallen` (`make_triggers`)."""

_DROP_FUNCTION: Final = "DROP FUNCTION IF EXISTS log_regel_weigert()"


def make_triggers(connection: Connection) -> None:
    """Make `log_regel` append-only. For the migration (`make_triggers(op.get_bind())`); `metadata.create_all` does it by itself."""
    for statement in TRIGGERS[connection.dialect.name]:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Take away what outlives the table: on PostgreSQL the function. For a downgrade, after the table is dropped."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_DROP_FUNCTION))


@event.listens_for(log_regel, "after_create")
def _after_create(_table: Table, connection: Connection, **_kw: Any) -> None:
    make_triggers(connection)


@event.listens_for(log_regel, "after_drop")
def _after_drop(_table: Table, connection: Connection, **_kw: Any) -> None:
    drop_triggers(connection)
