"""The tables of wrapped keys: service keys and data keys.

Revision ID: sleutels_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.storage import columns

revision = "sleutels_0001"
down_revision = None
branch_labels = None
depends_on = None

IN_DOSSIER, OUTSIDE = sa.text("dossier_id IS NOT NULL"), sa.text("dossier_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "dienstsleutel",
        sa.Column("id", columns.Uuid16, nullable=False),
        sa.Column("gemeente_id", columns.Uuid16, nullable=False),
        sa.Column("doel", sa.Text, nullable=False),
        sa.Column("generatie", sa.Integer, nullable=False),
        sa.Column("provider_sleutel", sa.Text, nullable=False),
        sa.Column("ingepakt", sa.LargeBinary, nullable=False),
        sa.Column("gemaakt", columns.Tijdstip, nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name="pk_dienstsleutel"),
        sa.UniqueConstraint("gemeente_id", "doel", "generatie", name="uq_dienstsleutel_gemeente_id_doel_generatie"),
    )
    op.create_table(
        "gegevenssleutel",
        sa.Column("id", columns.Uuid16, nullable=False),
        sa.Column("gemeente_id", columns.Uuid16, nullable=False),
        sa.Column("persoon_id", columns.Uuid16, nullable=False),
        sa.Column("dossier_id", columns.Uuid16),
        sa.Column("generatie", sa.Integer, nullable=False),
        sa.Column("kek_id", columns.Uuid16, nullable=False),
        sa.Column("ingepakt", sa.LargeBinary, nullable=False),
        sa.Column("gemaakt", columns.Tijdstip, nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name="pk_gegevenssleutel"),
    )
    op.create_index(
        "uq_gegevenssleutel_dossier",
        "gegevenssleutel",
        ["gemeente_id", "persoon_id", "dossier_id", "generatie"],
        unique=True,
        sqlite_where=IN_DOSSIER,
        postgresql_where=IN_DOSSIER,
    )
    op.create_index(
        "uq_gegevenssleutel_persoon",
        "gegevenssleutel",
        ["gemeente_id", "persoon_id", "generatie"],
        unique=True,
        sqlite_where=OUTSIDE,
        postgresql_where=OUTSIDE,
    )


def downgrade() -> None:
    op.drop_table("gegevenssleutel")
    op.drop_table("dienstsleutel")
