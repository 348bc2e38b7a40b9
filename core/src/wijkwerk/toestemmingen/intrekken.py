"""Withdrawing a consent: as easy as giving it, with effect from the next request on (AVG art. 7(3); domain.md 2.4).

The recipients are told, and what rests on it ends. Nothing else is written: no task, no signal, no status elsewhere. A withdrawal is no
reason for anything (domain.md 2.4).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.access.purposes import Instemming
from wijkwerk.access.register import FAMILIE
from wijkwerk.betrokkenheden import herzie_deuren
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.gebruikers import Aanstelling, telt
from wijkwerk.inwoners.eigen import eigen_vertegenwoordigingen
from wijkwerk.inwoners.inwonertoegang import INWONER
from wijkwerk.inwoners.nagaan import systeem_bij
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.partners.einde import eindig_bij_toestemming
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import TOESTEMMING_INGETROKKEN
from wijkwerk.records.gegevens import tekst_of_niets
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Change, Work
from wijkwerk.systeem import TOEGANG, vervolg_als
from wijkwerk.toestemmingen.inhanden import neem_toestemming, vergrendel_toestemming
from wijkwerk.toestemmingen.toestemming import INTREKKEN, Richting, Toestemming, Toestemmingsontvanger, Toestemmingstatus, Wijze
from wijkwerk.toestemmingen.vragen import rollen_voor
from wijkwerk.toestemmingen.wie import GeverMagNiet, mag_geven

LOPEND = (Toestemmingstatus.CONCEPT, Toestemmingstatus.GEGEVEN)
"""What can be withdrawn: also what somebody gave while another still has to."""

_NIET_ZELF = "U kunt deze toestemming niet zelf intrekken. Vraag het aan het wijkteam."


def trek_in(work: Work, toestemming: UUID, *, wijze: Wijze | None = None, reden: str | None = None) -> UUID:
    """Withdraw a consent for a resident who says so: the recipients' next request is refused. Twice does no harm.

    Other consents for the same purpose that name one of these recipients are withdrawn with it: from this moment on all that they read
    under that purpose fails (domain.md 2.4, 1), not only what this paper opened. A reason is never asked; an empty one is none (AVG
    art. 7(3)). Raises NietGevonden, GeenRecht, and OngeldigeInvoer for a reason that is too long.
    """
    work.gebeurtenis = Gebeurtenis.TOESTEMMING_INGETROKKEN
    found = neem_toestemming(work, toestemming)
    if found.status in LOPEND:
        was = found.status
        for naam, waarde in _ingetrokken(work, wijze).items():
            setattr(found, naam, waarde)
        found.intrekreden = tekst_of_niets((reden or "").strip() or None, "reden")
        work.flush()
        _gevolgen(work, _systeem(work, found), found, was)
        for each in _andere(work, found):
            _trek_in_als_systeem(work, each, wijze)
    else:
        work.gebeurtenis = Gebeurtenis.LEZEN
    return toestemming


def trek_zelf_in(work: Work, toestemming: UUID) -> UUID:
    """Withdraw one's own consent, or as a representative one that they may give today, with the same effect and without anybody's help.

    They see it through the own door, which lets nobody write: the system writes it down. Twice does no harm. Raises GeenRecht,
    NietGevonden, and GeverMagNiet for a representative who may not give it or of whom that is not known: which of the two is not told.
    """
    work.gebeurtenis = Gebeurtenis.TOESTEMMING_INGETROKKEN
    if not work.actor.may(INTREKKEN.naam):
        raise GeenRecht
    if not work.kijker.by_key(Toestemming, (), "id", [toestemming]):
        raise NietGevonden
    vergrendel_toestemming(work, toestemming)
    found = _rij(work, toestemming)
    samen = [found, *_andere(work, found)]
    mag = _van_henzelf(work, found, {each.soort for each in samen})
    if found.soort not in mag:
        raise GeverMagNiet(_NIET_ZELF)
    if found.status in LOPEND:
        for each in samen:
            if each.soort in mag:
                _trek_in_als_systeem(work, each, Wijze.DIGITAAL)
        work.changes.add(Change.CHANGED)
    else:
        work.gebeurtenis = Gebeurtenis.LEZEN
    return toestemming


def _van_henzelf(work: Work, toestemming: Any, soorten: Collection[Instemming]) -> Collection[Instemming]:
    """Which of these kinds of consent are for this actor to withdraw: of the resident all, of a representative what they may give today.

    Where more than one must agree, one of them is enough, as for refusing (`geven.weiger`). Not known is no (domain.md 2.7).
    """
    if INWONER in work.actor.rollen:
        return soorten
    systeem = systeem_bij(work, toestemming.persoon_id, FAMILIE, toestemming.verantwoordelijke_id)
    if systeem is None:
        return ()
    namens = eigen_vertegenwoordigingen(work.reader, toestemming.persoon_id)
    return [soort for soort in soorten if mag_geven(systeem.reader, soort, toestemming.persoon_id, namens)]


def _andere(work: Work, toestemming: Any) -> Collection[Any]:
    """The other running consents for this purpose that name one of the same recipients, in whichever case."""
    t, o, mine = Toestemming.tabel(), Toestemmingsontvanger.tabel(), Toestemmingsontvanger.tabel().alias()
    ontvangers = select(mine.c.organisatie_id).where(mine.c.gemeente_id == work.actor.gemeente, mine.c.toestemming_id == toestemming.id)
    andere = (
        select(t)
        .join(o, (o.c.gemeente_id == t.c.gemeente_id) & (o.c.toestemming_id == t.c.id))
        .where(
            t.c.gemeente_id == work.actor.gemeente, t.c.persoon_id == toestemming.persoon_id, t.c.doel == toestemming.doel,
            t.c.id != toestemming.id, t.c.status.in_(LOPEND), o.c.organisatie_id.in_(ontvangers),
        )
        .order_by(t.c.id)
    )  # fmt: skip
    return {row.id: row for row in work.core_connection.execute(andere)}.values()


def _trek_in_als_systeem(work: Work, toestemming: Any, wijze: Wijze | None) -> None:
    systeem, t = _systeem(work, toestemming), Toestemming.tabel()
    systeem.gebeurtenis = Gebeurtenis.TOESTEMMING_INGETROKKEN
    change_many(systeem, Toestemming, [t.c.id == toestemming.id], _ingetrokken(work, wijze))
    _gevolgen(systeem, systeem, toestemming, toestemming.status)


def _ingetrokken(work: Work, wijze: Wijze | None) -> dict[str, Any]:
    return {
        "status": Toestemmingstatus.INGETROKKEN, "ingetrokken_op": work.actor.moment, "ingetrokken_wijze": wijze,
        "ingetrokken_door_id": work.actor.gebruiker,
    }  # fmt: skip


def _rij(work: Work, toestemming: UUID) -> Any:
    t = Toestemming.tabel()
    return work.core_connection.execute(select(t).where(t.c.gemeente_id == work.actor.gemeente, t.c.id == toestemming)).one()


def _systeem(work: Work, toestemming: Any) -> Work:
    """The system, in the team of the case: what follows is not the right of who withdraws, and happens whoever does."""
    d = Dossier.tabel()
    team: UUID = work.core_connection.execute(
        select(d.c.team_id).where(d.c.gemeente_id == work.actor.gemeente, d.c.id == toestemming.dossier_id)
    ).scalar_one()
    return vervolg_als(work, TOEGANG, toestemming.verantwoordelijke_id, team)


def _gevolgen(work: Work, systeem: Work, toestemming: Any, was: Toestemmingstatus) -> None:
    """The doors close, referrals that rest on it end, and who got data by it is told (domain.md 2.4, 1 and 2)."""
    herzie_deuren(work, Bron.TOESTEMMING, toestemming.id, set())
    eindig_bij_toestemming(systeem, toestemming.id)
    if was is Toestemmingstatus.GEGEVEN and toestemming.richting is not Richting.ONTVANGEN:
        for gebruiker, organisatie in _wie_het_zagen(systeem, toestemming):
            notificeer(
                systeem, gebruiker, organisatie, TOESTEMMING_INGETROKKEN.code, over_soort=Toestemming.__name__, over_id=toestemming.id
            )  # fmt: skip


def _wie_het_zagen(work: Work, toestemming: Any) -> list[tuple[UUID, UUID]]:
    """Who works today at a recipient in a role that saw the data, and where."""
    a, o = Aanstelling.tabel(), Toestemmingsontvanger.tabel()
    rows = work.core_connection.execute(
        select(a.c.gebruiker_id, a.c.organisatie_id)
        .join(o, (o.c.gemeente_id == a.c.gemeente_id) & (o.c.organisatie_id == a.c.organisatie_id))
        .where(
            a.c.gemeente_id == work.actor.gemeente, o.c.toestemming_id == toestemming.id, telt(a, work.actor.vandaag),
            a.c.rol.in_(rollen_voor(work, toestemming.doel)), or_(o.c.rol.is_(None), o.c.rol == a.c.rol),
        )
        .distinct()
        .order_by(a.c.gebruiker_id, a.c.organisatie_id)
    )  # fmt: skip
    return [(row.gebruiker_id, row.organisatie_id) for row in rows]
