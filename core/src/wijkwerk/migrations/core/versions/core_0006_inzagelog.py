"""The log, complete: kinds of streams, what is searched on, a part for each month on PostgreSQL, witnesses, where it is passed on to.

And what oversight and residents ask: unmasking, holding entries longer, names of who looked. What happens to entries that are there
stands in migrations/core/rows_0006.py.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.log.tables import drop_triggers, make_rest, make_triggers
from wijkwerk.migrations.core import logtriggers_0001, rows_0006
from wijkwerk.storage import columns

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

_RARE_EVENT = sa.text("gebeurtenis != 'LEZEN'")
_RARE_RESULT = sa.text("resultaat != 'GESLAAGD'")
_INDEXES = {"tijd": None, "gebruiker": None, "organisatie": None, "activiteit": None, "gebeurtenis": _RARE_EVENT, "resultaat": _RARE_RESULT}


def upgrade() -> None:
    logtriggers_0001.drop()
    with op.batch_alter_table("log_stroom", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "soort", sa.String(length=20), server_default="INZAGE", nullable=False,
                comment="welke gebeurtenissen erin gaan, met een eigen termijn",
            )
        )  # fmt: skip
    _make_expired(
        sa.Column("soort", sa.String(length=20), server_default="INZAGE", nullable=False),
        comment="van alle maanden tot en met deze mogen regels van deze soort weg",
    )
    _index_of_months("periode", "blad")
    _upgrade_entries()
    make_triggers(op.get_bind())
    op.create_table(
        "log_getuige",
        sa.Column("getuige", sa.String(length=100), nullable=False, comment="wie het checkpoint bewaart"),
        sa.Column("omvang", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bevestiging", sa.Text(), nullable=False, comment="wat de getuige teruggaf: een handtekening, een tijdstempel of niets"),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("getuige", "omvang", name=op.f("pk_log_getuige")),
        info={"owner": "core"},
    )
    op.create_table(
        "log_doorgegeven",
        sa.Column("ontvanger", sa.String(length=100), nullable=False, comment="waaraan het log wordt doorgegeven"),
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="tot en met welke regel van deze stroom"),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("ontvanger", "stroom", name=op.f("pk_log_doorgegeven")),
        info={"owner": "core"},
    )

    _tables_of_oversight()


def _tables_of_oversight() -> None:
    op.create_table(
        "logbewaring",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column(
            "reden",
            sa.Enum(
                "INZAGEVERZOEK", "BEZWAAR", "BEROEP", "KLACHT", "CALAMITEIT", "DATALEK", name="bewaarreden", native_enum=False, length=60
            ),
            nullable=False,
        ),
        sa.Column("kenmerk", sa.String(), nullable=True),
        sa.Column("eerste_maand", sa.String(length=7), nullable=False),
        sa.Column("laatste_maand", sa.String(length=7), nullable=False),
        sa.Column("door_id", columns.Uuid16(), nullable=False),
        sa.Column("van", columns.Tijdstip(), nullable=False),
        sa.Column("tot", columns.Tijdstip(), nullable=True),
        sa.Column("beeindigd_door_id", columns.Uuid16(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_logbewaring")),
        info={"owner": "core"},
    )
    op.create_table(
        "naamverzoek",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("pseudoniem", columns.Uuid16(), nullable=False),
        sa.Column(
            "reden",
            sa.Enum(
                "VERMOEDEN_VAN_MISBRUIK",
                "EIGEN_VEILIGHEID",
                "KLACHT_OF_PROCEDURE",
                "ANDERE_REDEN",
                name="naamreden",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("van", sa.Date(), nullable=False),
        sa.Column("tot", sa.Date(), nullable=False),
        sa.Column("gevraagd_op", columns.Tijdstip(), nullable=False),
        sa.Column("besluit", sa.Enum("TONEN", "NIET_TONEN", name="naambesluit", native_enum=False, length=60), nullable=True),
        sa.Column("besloten_door_id", columns.Uuid16(), nullable=True),
        sa.Column("besloten_op", columns.Tijdstip(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_naamverzoek")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("naamverzoek", schema=None) as batch_op:
        batch_op.create_index("ix_naamverzoek_pseudoniem", ["gemeente_id", "pseudoniem"], unique=False)

    op.create_table(
        "ontmaskering",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("pseudoniem", columns.Uuid16(), nullable=False),
        sa.Column(
            "aanleiding",
            sa.Enum(
                "MOGELIJK_DATALEK",
                "MOGELIJK_MISBRUIK",
                "KLACHT",
                "VERZOEK_VAN_INWONER",
                "CALAMITEIT",
                "GERECHTELIJK_BEVEL",
                name="aanleiding",
                native_enum=False,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("kenmerk", sa.String(), nullable=True),
        sa.Column("gevraagd_door_id", columns.Uuid16(), nullable=False),
        sa.Column("gevraagd_op", columns.Tijdstip(), nullable=False),
        sa.Column("besloten_door_id", columns.Uuid16(), nullable=True),
        sa.Column("besloten_op", columns.Tijdstip(), nullable=True),
        sa.Column("toegestaan", sa.Boolean(), nullable=True),
        sa.Column("geldig_tot", columns.Tijdstip(), nullable=True),
        sa.Column("getoond_op", columns.Tijdstip(), nullable=True),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_ontmaskering")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("ontmaskering", schema=None) as batch_op:
        batch_op.create_index("ix_ontmaskering_open", ["gemeente_id", "besloten_op"], unique=False)


def _make_expired(*more: sa.Column[str], comment: str, where: str = "1 = 1") -> None:
    rows = rows_0006.expired(where)
    op.drop_table("log_vervallen")
    op.create_table(
        "log_vervallen",
        *more,
        sa.Column("tot_en_met", sa.String(length=7), nullable=False, comment=comment),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint(*(column.name for column in more), "tot_en_met", name=op.f("pk_log_vervallen")),
        info={"owner": "core"},
    )
    rows_0006.put_back(rows)


def _upgrade_entries() -> None:
    _out_of_the_way("log_regel", "gebruiker", "tijd")
    op.create_table(
        "log_regel",
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.Column("periode", sa.String(length=7), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=True),
        sa.Column("gebruiker", columns.Uuid16(), nullable=True),
        sa.Column("organisatie", columns.Uuid16(), nullable=True),
        sa.Column("activiteit", sa.String(length=60), nullable=True),
        sa.Column("doelen", sa.Text(), server_default="", nullable=False, comment="de codes, elk tussen spaties"),
        sa.Column("gebeurtenis", sa.String(length=40), nullable=False),
        sa.Column("resultaat", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("stroom", "seq", "tijdstip", name=op.f("pk_log_regel")),
        info={"owner": "core"},
        postgresql_partition_by="RANGE (tijdstip)",
    )
    make_rest(op.get_bind(), "log_regel")
    rows_0006.make_months("log_regel_oud", "log_regel")
    rows_0006.move_entries("log_regel_oud", "log_regel", derive=True)
    op.drop_table("log_regel_oud")
    for name, where in _INDEXES.items():
        first = [] if name == "tijd" else [name]
        op.create_index(
            f"ix_log_regel_{name}", "log_regel", ["gemeente_id", *first, "tijdstip", "stroom", "seq"],
            unique=False, sqlite_where=where, postgresql_where=where,
        )  # fmt: skip
    _subjects(partitioned=True)


def _subjects(*, partitioned: bool) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _out_of_the_way("log_betrokkene", "regel")
    op.create_table(
        "log_betrokkene",
        sa.Column("pseudoniem", columns.Uuid16(), nullable=False),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("pseudoniem", "tijdstip", "stroom", "seq", name=op.f("pk_log_betrokkene")),
        info={"owner": "core"},
        postgresql_partition_by="RANGE (tijdstip)" if partitioned else None,
    )
    if partitioned:
        make_rest(op.get_bind(), "log_betrokkene")
        rows_0006.make_months("log_betrokkene_oud", "log_betrokkene")
    rows_0006.move_subjects("log_betrokkene_oud", "log_betrokkene")
    op.drop_table("log_betrokkene_oud")
    op.create_index("ix_log_betrokkene_regel", "log_betrokkene", ["stroom", "seq"], unique=False)


def _index_of_months(*columns: str) -> None:
    op.drop_index("ix_log_segment_periode", table_name="log_segment")
    op.create_index("ix_log_segment_periode", "log_segment", list(columns), unique=False)


def _out_of_the_way(table: str, *indexes: str) -> None:
    """The table that there is gets another name, and gives up the names of its indexes and its key."""
    for index in indexes:
        op.drop_index(f"ix_{table}_{index}", table_name=table)
    op.rename_table(table, f"{table}_oud")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX pk_{table} RENAME TO pk_{table}_oud")


def downgrade() -> None:
    with op.batch_alter_table("ontmaskering", schema=None) as batch_op:
        batch_op.drop_index("ix_ontmaskering_open")

    op.drop_table("ontmaskering")
    with op.batch_alter_table("naamverzoek", schema=None) as batch_op:
        batch_op.drop_index("ix_naamverzoek_pseudoniem")

    op.drop_table("naamverzoek")
    op.drop_table("logbewaring")
    op.drop_table("log_doorgegeven")
    op.drop_table("log_getuige")
    drop_triggers(op.get_bind())
    _index_of_months("periode")
    _downgrade_entries()
    _make_expired(comment="van alle maanden tot en met deze mogen regels weg", where="soort = 'INZAGE'")
    with op.batch_alter_table("log_stroom", schema=None) as batch_op:
        batch_op.drop_column("soort")
    logtriggers_0001.make()


def _downgrade_entries() -> None:
    _out_of_the_way("log_regel", *_INDEXES)
    op.create_table(
        "log_regel",
        sa.Column("stroom", columns.Uuid16(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("periode", sa.String(length=7), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("tijdstip", columns.Tijdstip(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=True),
        sa.Column("gebruiker", columns.Uuid16(), nullable=True),
        sa.Column("gebeurtenis", sa.String(length=40), nullable=False),
        sa.Column("resultaat", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("stroom", "seq", name=op.f("pk_log_regel")),
        info={"owner": "core"},
    )
    rows_0006.move_entries("log_regel_oud", "log_regel", derive=False)
    op.drop_table("log_regel_oud")
    op.create_index("ix_log_regel_gebruiker", "log_regel", ["gemeente_id", "gebruiker", "tijdstip", "stroom", "seq"], unique=False)
    op.create_index("ix_log_regel_tijd", "log_regel", ["gemeente_id", "tijdstip", "stroom", "seq"], unique=False)
    _subjects(partitioned=False)
