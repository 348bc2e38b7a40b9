"""One's own break-glass: the ones that run, ended early by who opened it; no door to the row is asked for, it is one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.betrokkenheden import herzie_deuren
from wijkwerk.errors import GeenRecht, NietGevonden, VersieVerouderd
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.noodtoegang.deuren import deuren_van
from wijkwerk.noodtoegang.noodtoegang import Noodtoegang
from wijkwerk.noodtoegang.zetten import als_rij, zet
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work

VOORBIJ = "Deze noodtoegang is er niet of is voorbij. Vraag zo nodig opnieuw noodtoegang."


def eigen_lopende(reader: Reader) -> Sequence[Row[Any]]:
    """What the actor has open now, and so is shown of whom. One statement."""
    found = reader.connection.execute(_lopend(reader.actor).order_by(Noodtoegang.tabel().c.tot)).all()
    for row in found:
        reader.shown.add(row.persoon_id, Noodtoegang.__name__, (row.categorie_code,), ("tot",), ())
    return found


def lopende(work: Work, persoon: UUID) -> Row[Any] | None:
    """What the actor has open of this resident now."""
    return work.core_connection.execute(_lopend(work.actor).where(Noodtoegang.tabel().c.persoon_id == persoon).limit(1)).first()


def eigen(work: Work, id: UUID) -> Row[Any]:
    """A break-glass of the actor that runs. Raises GeenRecht, and NietGevonden for another, and for one that is over."""
    if not work.actor.may(Noodtoegang.schrijven.naam):
        raise GeenRecht
    work.flush()
    found = work.core_connection.execute(_lopend(work.actor).where(Noodtoegang.tabel().c.id == id)).first()
    if found is None:
        work.reader.shown.miss(id)
        raise NietGevonden(VOORBIJ)
    return found


def sluit(work: Work, id: UUID, versie: int) -> UUID:
    """End one's own before its time: the next request sees nothing any more. Raises as `eigen`, and VersieVerouderd."""
    found = eigen(work, id)
    if found.versie != versie:
        raise VersieVerouderd
    zet(work, id, versie, tot=work.actor.moment)
    herzie_deuren(work, Bron.NOODTOEGANG, id, deuren_van(work, als_rij(work, id)))
    work.gebeurtenis, work.bijzonderheden = Gebeurtenis.NOODTOEGANG_GESLOTEN, {"noodtoegang": id.hex}
    return id


def _lopend(actor: Actor) -> Select[Any]:
    n = Noodtoegang.tabel()
    eigen = (n.c.gemeente_id == actor.gemeente, n.c.gebruiker_id == actor.gebruiker)
    # not `van <= moment`: of two requests at once, the one that waited may have begun before the one that opened it
    return select(n).where(*eigen, n.c.tot > actor.moment)
