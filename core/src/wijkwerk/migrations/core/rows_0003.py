"""What the third revision of the core does with rows, down. History: not to be changed."""

from __future__ import annotations

from alembic import op


def statuses_become_open_or_closed() -> None:
    """The second revision knows no case on hold and no case opened again, and nobody who was let in to look at one beforehand."""
    op.execute("UPDATE dossier SET status = 'OPEN' WHERE status IN ('AANGEHOUDEN', 'HEROPEND')")
    op.execute("DELETE FROM betrokkenheid WHERE bron = 'OVERDRACHT'")
