"""Unmasking by two: one who oversees asks who stands behind a pseudonym, another decides, and for a day the asker alone may look
(domain.md 3.7). That the two accounts are of two people nobody can know here: who hands out accounts sees to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from wijkwerk.access.register import IDENTITEIT
from wijkwerk.belangenconflict import weggehouden
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import met_rol
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.subjects import persoon_van
from wijkwerk.noodtoegang.kring import is_eigen
from wijkwerk.personen import Persoon
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import ONTMASKERING_BESLOTEN, ONTMASKERING_GEVRAAGD
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Naam
from wijkwerk.rights.opgegaan import blijvers
from wijkwerk.toezicht.ontmaskering import ONTMASKEREN_BESLISSEN, Aanleiding, Ontmaskering

GELDIG: Final = timedelta(hours=24)
GETOOND: Final = ("volledige_naam", "geboortedatum")
"""What is shown of a resident, beside the number of the file. Never a BSN, an address or anything else that secrecy hides."""

_NAAM: Final = ("voornamen", "voorvoegsel", "geslachtsnaam", "geslacht", "adellijke_titel_predicaat")


@dataclass(frozen=True, slots=True)
class Ontmaskerd:
    """Who it is. All of it is None when nobody can be found behind the pseudonym (any more)."""

    nummer: UUID | None = None
    naam: str | None = None
    geboortedatum: Datum | None = None


def vraag(work: Work, pseudoniem: UUID, aanleiding: Aanleiding, kenmerk: str | None = None) -> UUID:
    """Ask who stands behind a pseudonym; the id of the question. Who may decide is told.

    Whether there is anybody behind it is not looked at: that is for the answer. Raises GeenRecht, and OngeldigeInvoer for a kenmerk that
    could be about a person, and for what the actor asked before and nobody decided yet.
    """
    work.gebeurtenis = Gebeurtenis.ONTMASKERING_GEVRAAGD
    if not work.actor.may(Ontmaskering.schrijven.naam):
        raise GeenRecht
    if work.find_any(Ontmaskering, pseudoniem=pseudoniem, gevraagd_door_id=work.actor.gebruiker, besloten_op=None) is not None:
        raise OngeldigeInvoer("U vroeg dit al. Wacht tot een collega erover beslist.", veld="pseudoniem")
    gevraagd = work.grant(
        Ontmaskering(
            pseudoniem=pseudoniem, aanleiding=aanleiding, kenmerk=kenmerk, gevraagd_door_id=work.actor.gebruiker,
            gevraagd_op=work.actor.moment,
        )
    )  # fmt: skip
    work.bijzonderheden |= {"ontmaskering": gevraagd.id.hex, "aanleiding": aanleiding.value}
    for rij in met_rol(work.core_connection, work.actor.gemeente, ONTMASKEREN_BESLISSEN.rollen, work.actor.vandaag):
        if rij.gebruiker_id != work.actor.gebruiker:
            _vertel(work, rij.gebruiker_id, rij.organisatie_id, ONTMASKERING_GEVRAAGD.code, gevraagd.id)
    return gevraagd.id


def beslis(work: Work, id: UUID, versie: int, toegestaan: bool) -> UUID:
    """Decide on what another asked, once; its id. When it may be, the asker can look for 24 hours from now.

    Raises GeenRecht also for what the actor asked, NietGevonden, VersieVerouderd (also for who decides a moment later than another),
    OngeldigeInvoer for what was decided before.
    """
    work.gebeurtenis = Gebeurtenis.ONTMASKERING_BESLOTEN
    if not work.actor.may(ONTMASKEREN_BESLISSEN.naam):
        raise GeenRecht
    gevraagd = work.get(Ontmaskering, id, versie)
    if gevraagd.gevraagd_door_id == work.actor.gebruiker:
        raise GeenRecht("U vroeg dit zelf. Laat een collega erover beslissen.")
    if gevraagd.besloten_op is not None:
        raise OngeldigeInvoer("Hierover is al beslist. Vraag het opnieuw als het weer nodig is.", veld="id")
    gevraagd.besloten_door_id, gevraagd.besloten_op, gevraagd.toegestaan = work.actor.gebruiker, work.actor.moment, toegestaan
    gevraagd.geldig_tot = work.actor.moment + GELDIG if toegestaan else None
    work.bijzonderheden |= {"ontmaskering": id.hex, "besluit": "TOEGESTAAN" if toegestaan else "GEWEIGERD"}
    _vertel(work, gevraagd.gevraagd_door_id, work.actor.organisatie, ONTMASKERING_BESLOTEN.code, id)
    return id


def toon(work: Work, id: UUID) -> Ontmaskerd:
    """Who it is, for who asked and until it expires; each look is in the log as ONTMASKERD, with the resident in it, so that the resident's
    own insight shows it too.

    The asker sees no residents (N0) and is let in to none, so this read goes past the scope; it is no hole because it is this narrow:
    one resident, of whom another said yes to this asker for these 24 hours, no more than a name, a date of birth and a number, and
    the entry is in the same transaction. What is held back from the asker by name stays so, and so does who the asker is or represents.
    Raises NietGevonden alike for what is not there, somebody else's, undecided, refused, expired or held back; GeenRecht.
    """
    work.gebeurtenis = Gebeurtenis.ONTMASKERD
    if not work.actor.may(Ontmaskering.schrijven.naam):
        raise GeenRecht
    o, actor = Ontmaskering.tabel(), work.actor
    mag = (o.c.gemeente_id == actor.gemeente, o.c.id == id, o.c.gevraagd_door_id == actor.gebruiker, o.c.toegestaan.is_(True))
    pseudoniem = work.core_connection.execute(select(o.c.pseudoniem).where(*mag, o.c.geldig_tot > actor.moment)).scalar_one_or_none()
    if pseudoniem is None:
        work.reader.shown.miss(id)
        raise NietGevonden
    work.bijzonderheden["ontmaskering"] = id.hex
    found = _wie(work, pseudoniem)
    eerste = update(o).where(*mag, o.c.getoond_op.is_(None)).values(getoond_op=actor.moment)
    work.core_connection.execute(eerste)
    return found


def _wie(work: Work, pseudoniem: UUID) -> Ontmaskerd:
    """The resident in whose file who had this pseudonym is now. Of who is erased there is none."""
    connection, gemeente = work.core_connection, work.actor.gemeente
    persoon = persoon_van(connection, gemeente, pseudoniem)
    if persoon is None:
        return Ontmaskerd()
    persoon = blijvers(connection, gemeente, [persoon]).get(persoon, persoon)
    if weggehouden(work, persoon) or is_eigen(work, persoon):
        raise NietGevonden
    p = Persoon.tabel().c
    rij = connection.execute(
        select(*(p[naam] for naam in _NAAM), p.geboortedatum).where(p.gemeente_id == gemeente, p.id == persoon)
    ).first()
    if rij is None:
        return Ontmaskerd()
    work.touched.add(persoon, Persoon.__name__, (IDENTITEIT.code,), GETOOND, ())
    naam = Naam(**{veld: rij._mapping[veld] for veld in _NAAM}).volledige_naam
    return Ontmaskerd(persoon, naam, rij.geboortedatum)


def _vertel(work: Work, gebruiker: UUID, organisatie: UUID, soort: str, id: UUID) -> None:
    notificeer(work, gebruiker, organisatie, soort, over_soort=Ontmaskering.__name__, over_id=id, bron_id=id)
