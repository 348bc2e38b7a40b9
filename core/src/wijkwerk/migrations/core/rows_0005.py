"""What the fifth revision of the core does with notes that are there already. History: not to be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wijkwerk.storage import columns

_NOTITIE = sa.table("notitie", sa.column("id", columns.Uuid16()), sa.column("groep_id", columns.Uuid16()))
_VERSIE = sa.table(
    "notitieversie", sa.column("notitie_id", columns.Uuid16()), sa.column("groep_id", columns.Uuid16()), sa.column("bron", sa.String())
)


def fill() -> None:
    """Each note was about one resident: a group of its own. Where its text came from was not asked then."""
    op.execute(_NOTITIE.update().values(groep_id=_NOTITIE.c.id))
    op.execute(_VERSIE.update().values(groep_id=_VERSIE.c.notitie_id, bron="ONBEKEND"))
