"""The table of care relations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.records.types.datum import DatumType
from wijkwerk.storage import columns

revision = "mantelzorg_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLE = "mantelzorg_mantelzorgrelatie"
RELATIES = ("PARTNER", "OUDER", "KIND", "FAMILIE", "BUUR", "VRIEND", "ANDERS")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("persoon_id", columns.Uuid16(), nullable=False),
        sa.Column("zorgvrager_id", columns.Uuid16(), nullable=True),
        sa.Column("relatie", sa.Enum(*RELATIES, name="zorgrelatie", native_enum=False, length=60), nullable=False),
        sa.Column("uren_per_week", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("sinds", DatumType(length=8), nullable=False),
        sa.Column("verantwoordelijke_id", columns.Uuid16(), nullable=False),
        # without names: the naming convention cuts one that is too long for PostgreSQL
        sa.ForeignKeyConstraint(["persoon_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"]),
        sa.ForeignKeyConstraint(["verantwoordelijke_id", "gemeente_id"], ["organisatie.id", "organisatie.gemeente_id"]),
        sa.ForeignKeyConstraint(["zorgvrager_id", "gemeente_id"], ["persoon.id", "persoon.gemeente_id"]),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_mantelzorg_mantelzorgrelatie")),
        info={"owner": "mantelzorg"},
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mantelzorg_mantelzorgrelatie_persoon_id"), ["persoon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mantelzorg_mantelzorgrelatie_zorgvrager_id"), ["zorgvrager_id"], unique=False)


def downgrade() -> None:
    op.drop_table(TABLE)
