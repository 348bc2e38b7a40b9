"""A message to a resident: whether it may go, to which address, and that it was sent. Closed by default (domain.md 1.10, 1.11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from wijkwerk.access.register import CONTACT
from wijkwerk.contactgegevens import Contactgegeven, Contactsoort
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.personen import Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.keuring import WaaromNiet, nieuwste_waarde
from wijkwerk.post.klaarzetten import ascii_adres, zet_klaar
from wijkwerk.post.soorten import Berichtsoort, Ontvanger
from wijkwerk.post.verzending import VRIJ, Verzending, Verzendstatus, is_vrij
from wijkwerk.records.session import Work

_UITSLAG = (Verzendstatus.VERZONDEN, Verzendstatus.GEWEIGERD, Verzendstatus.TERUGGEKOMEN)
"""What says something of an address: a mail that waits, expired or was withdrawn does not."""


@dataclass(frozen=True, slots=True)
class Verstuurd:
    """The message that was put in the outbox, or why there is none: one of the two."""

    bericht: UUID | None = None
    waarom_niet: WaaromNiet | None = None


def stuur(work: Work, persoon: UUID, soort: Berichtsoort, waarden: Mapping[str, str], *, kader: UUID | None) -> Verstuurd:
    """Mail a resident, in the transaction of what the mail is about, or say why not; the professional then calls, writes or visits.

    `kader`: the case or report it belongs to. `geheim` is no reason not to write to a resident's own address; the flag of a resident in
    danger always is: somebody else may read along. Raises GeenRecht, NietGevonden for a resident out of reach, and Sjabloonfout.
    """
    if soort.voor is not Ontvanger.INWONER:
        raise ValueError(f"{soort.code} is no message for residents")
    if not work.actor.may(Bericht.schrijven.naam):
        raise GeenRecht
    work.flush()
    if (waarom_niet := _bezwaar(work, persoon)) is not None:
        return Verstuurd(waarom_niet=waarom_niet)
    contact = _kies(work, persoon)
    if isinstance(contact, WaaromNiet):
        return Verstuurd(waarom_niet=contact)
    verzending = zet_klaar(work, soort, aan=contact.waarde, van_wie=persoon, waarden=waarden)
    bericht = Bericht(
        persoon_id=persoon, kader_id=kader, soort=soort.code, adres=contact.waarde, contactgegeven_id=contact.id,
        contactgegeven_versie=contact.versie, gemaakt_op=work.actor.moment, door_id=work.actor.gebruiker, verzending_id=verzending,
    )  # fmt: skip
    return Verstuurd(bericht=work.grant(bericht).id)


def trek_in(work: Work, bericht: UUID) -> bool:
    """Withdraw a message that still waits: it is not sent, and its text is gone. False when it was sent or is being sent at this moment.

    Raises GeenRecht, and NietGevonden for a message out of reach.
    """
    if not work.actor.may(Bericht.schrijven.naam):
        raise GeenRecht
    work.flush()
    if not work.reader.by_key(Bericht, (), "id", [bericht]):
        raise NietGevonden
    return haal_terug(work, bericht)


def haal_terug(work: Work, bericht: UUID) -> bool:
    """For core services that change what a message is about, whoever sees the message itself: as `trek_in`. Raises GeenRecht."""
    if not work.actor.may(Bericht.schrijven.naam):
        raise GeenRecht
    work.flush()
    b, v = Bericht.tabel(), Verzending.tabel()
    own = (b.c.gemeente_id == work.actor.gemeente, b.c.id == bericht)
    verzending = select(b.c.verzending_id).where(*own).scalar_subquery()
    wacht = (v.c.status == Verzendstatus.WACHT, is_vrij(work.actor.moment))
    done = work.core_connection.execute(
        update(v)
        .where(v.c.gemeente_id == work.actor.gemeente, v.c.id == verzending, *wacht)
        .values(status=Verzendstatus.INGETROKKEN, inhoud=None, versie=v.c.versie + 1, **VRIJ)
        .returning(v.c.id)
    )
    if done.first() is None:
        return False
    persoon = work.core_connection.execute(select(b.c.persoon_id).where(*own)).scalar_one()
    work.changed(persoon, Bericht.__name__, CONTACT.code, ("status",))
    return True


def _bezwaar(work: Work, persoon: UUID) -> WaaromNiet | None:
    """What is against any mail to this resident. Raises NietGevonden."""
    rows = work.reader.by_key(Persoon, ("overlijdensdatum", "veiligheidsvlag"), "id", [persoon])
    if not rows:
        raise NietGevonden
    if not work.post.aan:
        return WaaromNiet.GEEN_POST
    if rows[0].overlijdensdatum is not None:
        return WaaromNiet.OVERLEDEN
    if rows[0].veiligheidsvlag is None:  # the flag is held back from this actor: nobody says that mail is safe
        return WaaromNiet.NIET_VEILIG
    return WaaromNiet.VEILIGHEIDSVLAG if rows[0].veiligheidsvlag else None


def _kies(work: Work, persoon: UUID) -> Any | WaaromNiet:
    """The contact detail to write to: safe, the preferred one first, and not one whose last mail came back."""
    velden = ("soort", "waarde", "voorkeur", "veilig_te_gebruiken", "versie")
    rows = work.reader.by_key(Contactgegeven, velden, "persoon_id", [persoon], order=("-voorkeur",))
    email = [row for row in rows if row.soort is Contactsoort.EMAIL and row.waarde is not None]
    if not email:
        return WaaromNiet.GEEN_EMAILADRES
    veilig = [row for row in email if row.veilig_te_gebruiken]
    if not veilig:
        return WaaromNiet.NIET_VEILIG
    stuk = _teruggekomen(work, persoon, [row.id for row in veilig])
    return next((row for row in veilig if row.id not in stuk and ascii_adres(row.waarde) is not None), WaaromNiet.KOMT_NIET_AAN)


def _teruggekomen(work: Work, persoon: UUID, contactgegevens: Collection[UUID]) -> frozenset[UUID]:
    """Which of these addresses the last mail did not reach. Asked past the scope: whoever wrote, and in which case, the address is dead."""
    b, v = Bericht.tabel(), Verzending.tabel()
    rows = work.core_connection.execute(
        select(b.c.contactgegeven_id, b.c.contactgegeven_versie, v.c.status)
        .join_from(b, v, (v.c.gemeente_id == b.c.gemeente_id) & (v.c.id == b.c.verzending_id))
        .where(b.c.gemeente_id == work.actor.gemeente, b.c.persoon_id == persoon, b.c.contactgegeven_id.in_(contactgegevens))
        .where(v.c.status.in_(_UITSLAG))
        .order_by(v.c.gemaakt_op, v.c.id)
    ).all()
    laatste = {row.contactgegeven_id: row for row in rows if row.contactgegeven_id}
    stuk = {id: row.contactgegeven_versie for id, row in laatste.items() if row.status is not Verzendstatus.VERZONDEN}
    sinds = nieuwste_waarde(work.core_connection, work.actor.gemeente, stuk)
    return frozenset(id for id, versie in stuk.items() if sinds.get(id, 1) <= versie)
