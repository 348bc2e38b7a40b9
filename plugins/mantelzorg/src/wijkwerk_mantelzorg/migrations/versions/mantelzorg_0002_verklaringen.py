"""The table of statements that somebody gives care."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.records.types.datum import DatumType
from wijkwerk.storage import columns

revision = "mantelzorg_0002"
down_revision = "mantelzorg_0001"
branch_labels = None
depends_on = None

TABLE = "mantelzorg_mantelzorgverklaring"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("categorie_code", sa.String(length=60), nullable=False),
        sa.Column("uren_per_week", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("sinds", DatumType(length=8), nullable=False),
        sa.Column("geldig_tot", sa.Date(), nullable=False),
        sa.Column("geverifieerd_op", columns.Tijdstip(), nullable=True),
        sa.Column("geverifieerd_door_id", columns.Uuid16(), nullable=True),
        sa.Column("geverifieerd_bij_id", columns.Uuid16(), nullable=True),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        # without names: the naming convention cuts one that is too long for PostgreSQL
        sa.ForeignKeyConstraint(["geverifieerd_bij_id", "gemeente_id"], ["organisatie.id", "organisatie.gemeente_id"]),
        sa.ForeignKeyConstraint(["geverifieerd_door_id", "gemeente_id"], ["gebruiker.id", "gebruiker.gemeente_id"]),
        sa.ForeignKeyConstraint(["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"]),
        sa.ForeignKeyConstraint(["verantwoordelijke_id", "gemeente_id"], ["organisatie.id", "organisatie.gemeente_id"]),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_mantelzorg_mantelzorgverklaring")),
        info={"owner": "mantelzorg"},
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mantelzorg_mantelzorgverklaring_persoon_id"), ["persoon_id"], unique=False)


def downgrade() -> None:
    op.drop_table(TABLE)
