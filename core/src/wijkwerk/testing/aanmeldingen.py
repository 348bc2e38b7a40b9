"""Reports in tests."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from ..aanmeldingen.aanmelding import Aanmelding
from .wijk import Wijk


async def aanmelding_van(wijk: Wijk, persoon: UUID) -> UUID:
    """The newest report about a resident, past every check."""
    a = Aanmelding.tabel()
    rows = await wijk.rows(select(a.c.id).where(a.c.persoon_id == persoon).order_by(a.c.ontvangen.desc()))
    return UUID(str(rows[0].id))
