"""Who leads a group of residents sees the first name of who takes part, and nothing else: for plugins that have groups (domain.md 2.6 N1).

The group itself is the plugin's; its number is the kader of what is opened here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N1
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.betrokkenheden import Deur, Partij, herzie_deuren, open_deuren
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.groepstoegang import Groepstoegang
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import open_op, waar_open
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

_PARTIJEN = {Partijsoort.GEBRUIKER: Gebruiker, Partijsoort.TEAM: Team, Partijsoort.ORGANISATIE: Organisatie}

_ALLEEN_VOORNAAM = "U ziet van deze inwoner alleen de voornaam. Vraag wie met de inwoner werkt om dit te doen."


def laat_meedoen(work: Work, groep: UUID, persoon: UUID, partij: Partij, doel: str, tot: datetime | None = None) -> UUID:
    """Let who leads a group see that this resident takes part; the id. `partij` is who leads it, at N1: more is no group's to see.

    Raises GeenRecht for who may not, NietGevonden for a resident or party out of reach, and OngeldigeInvoer for another level, a purpose
    that is no group's, an end that is over, who takes part already, and of whom the actor sees no more than a first name: what was only
    offered, or opened by another group, is not passed on.
    """
    if not work.actor.may(Groepstoegang.schrijven.naam):
        raise GeenRecht
    _keur(work, partij, doel, tot)
    gezien = work.reader.one(Persoon, ("geslachtsnaam",), persoon)
    if gezien is None or work.find_any(_PARTIJEN[partij.soort], id=partij.id) is None:
        raise NietGevonden
    if gezien.beperkt:
        raise OngeldigeInvoer(_ALLEEN_VOORNAAM, veld="persoon")
    vergrendel(work, [persoon])
    if _doet_mee(work, groep, persoon, partij.id):
        raise OngeldigeInvoer("Deze inwoner doet al mee aan deze groep.", veld="persoon")
    toegang = work.grant(
        Groepstoegang(
            id=nieuw_id(), persoon_id=persoon, groep_id=groep, partij_id=partij.id, partijsoort=partij.soort, doel=doel,
            van=work.actor.moment, tot=tot, verantwoordelijke_id=work.actor.organisatie,
        )
    )  # fmt: skip
    open_deuren(work, Bron.GROEP, toegang.id, deuren_van(work, toegang))
    return toegang.id


def stop(work: Work, id: UUID) -> None:
    """The resident no longer takes part: the next request of who leads the group is refused. Twice does no harm.

    By the organisation that let them take part, whether or not it still sees the resident. Raises GeenRecht, and NietGevonden.
    """
    if not work.actor.may(Groepstoegang.schrijven.naam):
        raise GeenRecht
    work.flush()
    g, actor = Groepstoegang.tabel(), work.actor
    if work.find_any(Groepstoegang, id=id, verantwoordelijke_id=actor.organisatie) is None:
        raise NietGevonden
    if change_many(work, Groepstoegang, (g.c.id == id, waar_open(g, actor.moment)), {"tot": actor.moment}):
        herzie_deuren(work, Bron.GROEP, id, set())


def deuren_van(work: Work, toegang: Any) -> set[Deur]:
    """All that this row opens: the resident at N1 within the group, of who holds the resident and of who has the group."""
    if not open_op(toegang, work.actor.moment):
        return set()
    p = Persoon.tabel()
    houder = select(p.c.verantwoordelijke_id).where(p.c.gemeente_id == work.actor.gemeente, p.c.id == toegang.persoon_id)
    partij = Partij(toegang.partij_id, toegang.partijsoort, N1)
    return {
        Deur(toegang.persoon_id, partij, toegang.doel, IDENTITEIT.code, toegang.groep_id, controller, toegang.tot)
        for controller in (work.core_connection.execute(houder).scalar_one(), toegang.verantwoordelijke_id)
    }


def _keur(work: Work, partij: Partij, doel: str, tot: datetime | None) -> None:
    declared = work.catalogue.doel(doel)
    if not declared.koppelbaar:
        raise OngeldigeInvoer("Voor dit doel is er geen groep. Kies een doel waarvoor inwoners meedoen.", veld="doel")
    if partij.niveau is not N1:
        raise OngeldigeInvoer("Wie een groep begeleidt ziet alleen voornamen. Kies niveau 1.", veld="niveau")
    if tot is not None and tot <= work.actor.moment:
        raise OngeldigeInvoer("Dit moment is al geweest. Kies een later einde.", veld="tot")


def _doet_mee(work: Work, groep: UUID, persoon: UUID, partij: UUID) -> bool:
    g = Groepstoegang.tabel()
    same = (g.c.gemeente_id == work.actor.gemeente, g.c.groep_id == groep, g.c.persoon_id == persoon, g.c.partij_id == partij)
    return work.core_connection.execute(select(g.c.id).where(*same, waar_open(g, work.actor.moment)).limit(1)).first() is not None
