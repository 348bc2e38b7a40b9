"""A professional lets a resident, or who represents one, look at the resident's own data (AVG art. 15; Wmo 2015 art. 5.3.2).

Nobody lets oneself in, and nobody who works here looks with the account of the work: a colleague who is a resident has another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, case, insert, or_, select

from wijkwerk.betrokkenheden import herzie_deuren, open_deuren
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, bij_veld
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import SYSTEEM, Aanstelling, Gebruiker
from wijkwerk.inwoners.deuren import bron_van, deuren_van
from wijkwerk.inwoners.grond import bezwaar, einde, lees_vertegenwoordiging
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.organisaties import Organisatie
from wijkwerk.records.checks import short
from wijkwerk.records.geldigheid import open_op, waar_open
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.vertegenwoordigingen import Vertegenwoordiging

NAAM = "Inwoner"
"""What every user is called who only looks at the own data: colleagues see users, and need not see who that is."""

_ACCOUNT = "Dit account kan hier niet voor worden gebruikt. Vraag om een account dat alleen van deze persoon zelf is."
"""The same for every reason: whose it is, or where its owner works, is not told."""
_AL = "Hier is al toegang voor. Beëindig die eerst, als het een ander account wordt."


def gebruiker_voor(work: Work, issuer: str, onderwerp: str) -> UUID:
    """The user whom tokens of this issuer call `onderwerp`, made when not known, without a name. Says nobody which of the two it was.

    Raises GeenRecht, and OngeldigeInvoer for what can't be an issuer or a subject.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    _mag(work)
    given = {"issuer": issuer, "onderwerp": onderwerp}
    for name, value in given.items():
        with bij_veld(name):
            given[name] = short(value)
    if given["issuer"] == SYSTEEM:
        raise OngeldigeInvoer("Deze uitgever is van het systeem zelf. Vul de uitgever van de tokens in.", veld="issuer")
    return work.find_any(Gebruiker, **given) or _maak_gebruiker(work, given)


def laat_toe(work: Work, persoon: UUID, gebruiker: UUID, vaststelling: Vaststelling, *, vertegenwoordiging: UUID | None = None) -> UUID:
    """Let this user look at the data of a resident: their own, or (with the representation it rests on) as who represents them; the id.

    Raises GeenRecht, NietGevonden for a resident, user or representation out of reach, and OngeldigeInvoer for who may not look or of
    whom that is not known (what to ask first is in it), for an account that is of somebody else, and for what is there already.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    _mag(work)
    vergrendel(work, [persoon])  # before the ground is read: who ends it at the same time looks after what this one made
    vert = None if vertegenwoordiging is None else lees_vertegenwoordiging(work.reader, vertegenwoordiging, persoon)
    if (waarom := bezwaar(work.reader, persoon, vert, work.actor.vandaag)) is not None:
        raise OngeldigeInvoer(waarom, veld="persoon" if vert is None else "vertegenwoordiging")
    _keur_account(work, persoon, gebruiker, vert)
    toegang = work.grant(
        Inwonertoegang(
            id=nieuw_id(), persoon_id=persoon, gebruiker_id=gebruiker, vertegenwoordiging_id=vertegenwoordiging, vaststelling=vaststelling,
            van=work.actor.moment, tot=einde(work.reader, persoon, vert, work.actor.vandaag), door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
    open_deuren(work, bron_van(toegang), toegang.id, deuren_van(work, toegang))
    return toegang.id


def beeindig(work: Work, id: UUID, versie: int) -> UUID:
    """End this access: the next request is refused. Twice does no harm. Raises NietGevonden, VersieVerouderd, GeenRecht."""
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    toegang = work.get(Inwonertoegang, id, versie)
    if open_op(toegang, work.actor.moment):
        toegang.tot, toegang.beeindigd_door_id = work.actor.moment, work.actor.gebruiker
        herzie_deuren(work, bron_van(toegang), id, deuren_van(work, toegang))
    return id


def _mag(work: Work) -> None:
    if not work.actor.may(Inwonertoegang.schrijven.naam):
        raise GeenRecht


def _maak_gebruiker(work: Work, given: Mapping[str, str]) -> UUID:
    """One at a time for the municipality: who waited finds what the other made."""
    connection, actor, o = work.core_connection, work.actor, Organisatie.tabel()
    own = select(o.c.id).where(o.c.gemeente_id == actor.gemeente, o.c.id == actor.organisatie)
    connection.execute(own.with_for_update(key_share=True)).one()
    if (found := work.find_any(Gebruiker, **given)) is not None:
        return found
    made = uuid4()
    machinery = {"gemeente_id": actor.gemeente, "versie": 1, "verantwoordelijke_id": actor.organisatie, "openbaar": False}
    connection.execute(insert(Gebruiker.tabel()).values(id=made, naam=NAAM, **machinery, **given))
    return made


def _keur_account(work: Work, persoon: UUID, gebruiker: UUID, vert: Any | None) -> None:
    """One account is of one person: never of somebody who works or worked here, nor of two residents."""
    g = Gebruiker.tabel()
    zelf = select(g.c.issuer).where(g.c.gemeente_id == work.actor.gemeente, g.c.id == gebruiker).with_for_update(key_share=True)
    if (issuer := work.core_connection.execute(zelf).scalar()) is None:
        raise NietGevonden
    if issuer == SYSTEEM or gebruiker == work.actor.gebruiker or work.find_any(Aanstelling, gebruiker_id=gebruiker):
        raise OngeldigeInvoer(_ACCOUNT, veld="gebruiker")
    lopend = _lopend(work, persoon, gebruiker)
    if any(rij.persoon_id == persoon and _zelfde(rij, gebruiker, vert) for rij in lopend):
        raise OngeldigeInvoer(_AL, veld="persoon")
    wie = {rij.wie for rij in lopend if rij.gebruiker_id == gebruiker} - {None}
    if wie and wie != {persoon if vert is None else vert.vertegenwoordiger_id}:
        raise OngeldigeInvoer(_ACCOUNT, veld="gebruiker")


def _zelfde(rij: Any, gebruiker: UUID, vert: Any | None) -> bool:
    """Whether this access to the resident is what is asked: a resident has one account, and so has a representation."""
    return rij.vertegenwoordiging_id == (None if vert is None else vert.id) or (vert is not None and rij.gebruiker_id == gebruiker)


def _lopend(work: Work, persoon: UUID, gebruiker: UUID) -> Sequence[Any]:
    """What runs now for this user and for this resident; `wie` is the resident who has the account, where that is known."""
    i, v = Inwonertoegang.tabel(), Vertegenwoordiging.tabel()
    van = i.outerjoin(v, and_(v.c.gemeente_id == i.c.gemeente_id, v.c.id == i.c.vertegenwoordiging_id))
    wie = case((i.c.vertegenwoordiging_id.is_(None), i.c.persoon_id), else_=v.c.vertegenwoordiger_id).label("wie")
    rows = select(i.c.persoon_id, i.c.gebruiker_id, i.c.vertegenwoordiging_id, wie).select_from(van)
    ours = or_(i.c.gebruiker_id == gebruiker, i.c.persoon_id == persoon)
    return work.core_connection.execute(rows.where(i.c.gemeente_id == work.actor.gemeente, ours, waar_open(i, work.actor.moment))).all()
