"""Which keys were destroyed, beside the keys themselves: a backup that is put back is made to forget them again.

And an index by which a rotation finds the next keys to wrap anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.storage import columns

revision = "sleutels_0002"
down_revision = "sleutels_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_gegevenssleutel_kek_id", "gegevenssleutel", ["gemeente_id", "kek_id", "id"])
    op.create_table(
        "vernietigde_sleutel",
        sa.Column("id", columns.Uuid16(), nullable=False),
        sa.Column("gemeente_id", columns.Uuid16(), nullable=False),
        sa.Column("plek", sa.LargeBinary(), nullable=False),
        sa.Column("vernietigd", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("id", "gemeente_id", name=op.f("pk_vernietigde_sleutel")),
        info={"owner": "sleutels"},
    )
    op.create_table(
        "vernietigde_hoofdsleutel",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("vernietigd", columns.Tijdstip(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vernietigde_hoofdsleutel")),
        info={"owner": "sleutels"},
    )


def downgrade() -> None:
    op.drop_index("ix_gegevenssleutel_kek_id", "gegevenssleutel")
    op.drop_table("vernietigde_hoofdsleutel")
    op.drop_table("vernietigde_sleutel")
