"""Whom a resident's own account is about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from wijkwerk.inwoners.inwonertoegang import INWONER, VERTEGENWOORDIGER, Inwonertoegang
from wijkwerk.records.geldigheid import waar_nu
from wijkwerk.records.read import Reader


def eigen_personen(reader: Reader) -> list[UUID]:
    """The residents whom this user is, or represents, in the role of this request; what is shown of them is still asked of the doors."""
    actor, i = reader.actor, Inwonertoegang.tabel()
    zelf = i.c.vertegenwoordiging_id.is_(None)
    rol = zelf if INWONER in actor.rollen else ~zelf
    if not {INWONER, VERTEGENWOORDIGER} & set(actor.rollen):
        return []
    own = (i.c.gemeente_id == actor.gemeente, i.c.gebruiker_id == actor.gebruiker, waar_nu(i, actor.moment), rol)
    return list(reader.connection.execute(select(i.c.persoon_id).where(*own).order_by(i.c.van, i.c.id)).scalars())
