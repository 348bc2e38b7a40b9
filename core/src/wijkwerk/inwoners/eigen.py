"""Whom a resident's own account is about, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wijkwerk.inwoners.inwonertoegang import INWONER, VERTEGENWOORDIGER, Inwonertoegang
from wijkwerk.records.geldigheid import waar_nu
from wijkwerk.records.read import Reader


def eigen_personen(reader: Reader) -> list[UUID]:
    """The residents whom this user is, or represents, in the role of this request; what is shown of them is still asked of the doors."""
    return [rij.persoon_id for rij in _eigen(reader)]


def eigen_vertegenwoordigingen(reader: Reader, persoon: UUID) -> list[UUID]:
    """On which representations of this resident this user looks, in the role of this request; none for the resident."""
    return [rij.vertegenwoordiging_id for rij in _eigen(reader) if rij.persoon_id == persoon and rij.vertegenwoordiging_id is not None]


def _eigen(reader: Reader) -> Sequence[Any]:
    actor, i = reader.actor, Inwonertoegang.tabel()
    zelf = i.c.vertegenwoordiging_id.is_(None)
    rol = zelf if INWONER in actor.rollen else ~zelf
    if not {INWONER, VERTEGENWOORDIGER} & set(actor.rollen):
        return []
    own = (i.c.gemeente_id == actor.gemeente, i.c.gebruiker_id == actor.gebruiker, waar_nu(i, actor.moment), rol)
    return reader.connection.execute(select(i.c.persoon_id, i.c.vertegenwoordiging_id).where(*own).order_by(i.c.van, i.c.id)).all()
