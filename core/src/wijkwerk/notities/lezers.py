"""Who may read a strict note beside the casusregisseur: persons who are named, one by one (domain.md 9.4)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.notities.groep import hoort_bij, rijen_van
from wijkwerk.notities.notitie import Notitie, Notitielezer, Notitiesoort
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work


def laat_lezen(work: Work, notitie: UUID, gebruiker: UUID) -> UUID:
    """Name a user as a reader of a strict note; the id of the note. Twice does no harm.

    It opens nothing by itself: who is named must be let in to the case at N6, so that it is over when they leave the team or the case
    goes, and whoever looks by break-glass (N5 at most) sees nothing of it. Only the casusregisseur can do this. Raises NietGevonden for a
    note or user out of reach, GeenRecht, and OngeldigeInvoer for another kind of note.
    """
    rijen = _strikte(work, notitie)
    if work.reader.one(Gebruiker, (), gebruiker) is None:
        raise NietGevonden
    genoemd = {lezer.notitie_id for lezer in _lopend(work, rijen, gebruiker)}
    for rij in rijen:
        if rij.id not in genoemd:
            work.add(Notitielezer(gebruiker_id=gebruiker, auteur_id=work.actor.gebruiker, geschreven=work.actor.moment, **hoort_bij(rij)))
    return notitie


def laat_niet_meer_lezen(work: Work, notitie: UUID, gebruiker: UUID) -> UUID:
    """Who was named no longer reads a strict note, from the next request on; the id of the note. Raises as `laat_lezen`."""
    lopend = _lopend(work, _strikte(work, notitie), gebruiker)
    if not lopend:
        raise NietGevonden
    for lezer in lopend:
        lezer.tot = work.actor.moment
    return notitie


def _strikte(work: Work, notitie: UUID) -> list[Notitie]:
    rijen = rijen_van(work, notitie)
    if rijen[0].soort is not Notitiesoort.STRIKT:
        raise OngeldigeInvoer("Alleen bij een strikte notitie kiest u wie haar leest. Deze leest iedereen in het team.", veld="notitie")
    return rijen


def _lopend(work: Work, rijen: list[Notitie], gebruiker: UUID) -> list[Notitielezer]:
    """The rows by which this user reads these rows now."""
    found = work.reader.by_key(Notitielezer, ("gebruiker_id", "tot"), "notitie_id", [rij.id for rij in rijen])
    return [work.get(Notitielezer, row.id) for row in found if row.gebruiker_id == gebruiker and open_op(row, work.actor.moment)]
