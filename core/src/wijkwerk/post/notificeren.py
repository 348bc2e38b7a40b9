"""Notices inside the product, and mail to users. Both say that something waits, never about whom: who opens it is asked who they are."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import exists, select, update

from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.gebruikers import Aanstelling, Gebruiker, telt
from wijkwerk.post.klaarzetten import ascii_adres, zet_klaar
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.soorten import Berichtsoort, Ontvanger
from wijkwerk.records.session import Work

MEESTE = 500
"""Notices that are ticked off at once."""


def notificeer(
    work: Work, gebruiker: UUID, organisatie: UUID, soort: str, *, over_soort: str | None = None, over_id: UUID | None = None,
    bron_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Tell a user of this organisation something, inside the product; the id of the notice. `soort` is a declared Berichtsoort for users.

    `over_soort` and `over_id` say what to open (a record and its id): who opens it sees it under the own scope. `bron_id`: what made it.
    Raises GeenRecht, NietGevonden for a user that is not there, and ValueError for a kind that nobody declared.
    """
    declared = work.catalogue.berichtsoorten.get(soort)
    if declared is None or declared.voor is not Ontvanger.GEBRUIKER:
        raise ValueError(f"{soort} is no declared kind of message for users")
    if work.find_any(Gebruiker, id=gebruiker) is None:
        raise NietGevonden
    return work.grant(
        Notificatie(
            verantwoordelijke_id=organisatie, partij_id=gebruiker, soort=soort, over_soort=over_soort, over_id=over_id, bron_id=bron_id,
            gemaakt_op=work.actor.moment,
        )
    ).id  # fmt: skip


def mail_gebruiker(work: Work, gebruiker: UUID, soort: Berichtsoort, waarden: Mapping[str, str]) -> UUID | None:
    """Mail a user at the address of work; the id of its Verzending. None without an address, for who works nowhere (any more), and in an
    installation that sends no mail.

    Raises GeenRecht, and Sjabloonfout for values that do not fit.
    """
    adres = _werkadres(work, gebruiker)
    if not work.post.aan or adres is None or ascii_adres(adres) is None:
        return None
    return zet_klaar(work, soort, aan=adres, van_wie=gebruiker, waarden=waarden)


def gelezen(work: Work, id: UUID, versie: int) -> UUID:
    """Tick a notice off. Who stands in for an absent colleague sees that one's notices, and may tick them off one by one.

    One that was read stays read at the first moment. Raises NietGevonden, VersieVerouderd, GeenRecht.
    """
    notificatie = work.get(Notificatie, id, versie)
    if notificatie.gelezen_op is None:
        notificatie.gelezen_op = work.actor.moment
    return id


def alles_gelezen(work: Work) -> int:
    """Tick off the actor's own notices, newest first and at most `MEESTE` at once; how many. Not those of who the actor stands in for.

    Raises GeenRecht.
    """
    if not work.actor.may(Notificatie.schrijven.naam):
        raise GeenRecht
    work.flush()
    n = Notificatie.tabel()
    eigen = (n.c.gemeente_id == work.actor.gemeente, n.c.verantwoordelijke_id == work.actor.organisatie)
    nieuwste = (
        select(n.c.id)
        .where(*eigen, n.c.partij_id == work.actor.gebruiker, n.c.gelezen_op.is_(None))
        .order_by(n.c.gemaakt_op.desc(), n.c.id)
        .limit(MEESTE)
    )
    done = work.core_connection.execute(
        update(n)
        .where(*eigen, n.c.id.in_(nieuwste), n.c.gelezen_op.is_(None))
        .values(gelezen_op=work.actor.moment, versie=n.c.versie + 1)
        .returning(n.c.id)
    )
    return len(done.all())


def _werkadres(work: Work, gebruiker: UUID) -> str | None:
    """Read past the scope: who is told something may work for an organisation whose users the actor does not see."""
    g, a = Gebruiker.tabel(), Aanstelling.tabel()
    werkt = exists(
        select(a.c.id).where(a.c.gemeente_id == g.c.gemeente_id, a.c.gebruiker_id == g.c.id, telt(a, work.actor.vandaag)).correlate(g)
    )
    found = select(g.c.email).where(g.c.gemeente_id == work.actor.gemeente, g.c.id == gebruiker, werkt)
    return work.core_connection.execute(found).scalar_one_or_none()
