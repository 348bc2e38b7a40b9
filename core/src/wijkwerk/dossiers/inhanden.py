"""Taking a case in hand to change it: of the own team, as it was read, locked, with whom it is about and where it came from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstatus, leden_van
from wijkwerk.errors import GeenRecht, NietGevonden, VersieVerouderd
from wijkwerk.familie import vergrendel
from wijkwerk.meewerken import DossierGesloten
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.session import Work


@dataclass(frozen=True, slots=True)
class InHanden:
    """A case with its residents now and the reports it came from: all that says whom it lets in to whom (`deuren.py`)."""

    dossier: Dossier
    leden: tuple[UUID, ...]
    aanmeldingen: tuple[UUID, ...] = ()

    @property
    def kaders(self) -> tuple[UUID, ...]:
        """The case itself and its reports: where what belongs to it was written."""
        return (self.dossier.id, *self.aanmeldingen)


def neem_in_handen(work: Work, dossier: UUID, versie: int | None = None, *, lopend: bool = True, ook: Collection[UUID] = ()) -> InHanden:
    """A case of a team of the actor, or that the actor directs, for a change of it. `lopend`: only while it is not closed.

    Until this unit is over nobody else changes it, nor merges its residents or those of `ook`. Raises as `pak`, GeenRecht for who sees the
    case because it is offered to them, and DossierGesloten.
    """
    found = pak(work, dossier, versie, ook=ook)
    if found.dossier.team_id not in work.actor.teams and found.dossier.regisseur_id != work.actor.gebruiker:
        raise GeenRecht("Dit dossier is van een ander team. Neem het eerst over, of vraag dat team dit te doen.")
    if lopend and found.dossier.status is Dossierstatus.GESLOTEN:
        raise DossierGesloten
    return found


def pak(work: Work, dossier: UUID, versie: int | None = None, *, ook: Collection[UUID] = ()) -> InHanden:
    """A case in reach, locked, whoever's it is. First its residents, as a merge does, then the case: in another order two would wait for
    each other.

    Raises NietGevonden when it, or one of its residents, is absent or held back from the actor: who does not see all of them can't say what
    the case lets in. A resident whom it lets nobody in to comes back with this change: that is so after a merge was undone that the case
    changed hands in. Raises VersieVerouderd when somebody else changed it.
    """
    work.flush()
    leden = _vergrendelde_leden(work, dossier, ook)
    d, a = Dossier.tabel(), Aanmelding.tabel()
    mine = (d.c.gemeente_id == work.actor.gemeente, d.c.id == dossier)
    work.core_connection.execute(select(d.c.id).where(*mine).with_for_update(key_share=True)).all()
    found = work.get(Dossier, dossier, versie)
    if _leden(work, dossier) != leden:
        raise VersieVerouderd
    if _binnen(work, dossier) & set(leden) - set(leden_van(work, dossier)):
        raise NietGevonden
    van = select(a.c.id).where(a.c.gemeente_id == work.actor.gemeente, a.c.dossier_id == dossier).order_by(a.c.id)
    return InHanden(found, tuple(leden), tuple(work.core_connection.execute(van).scalars()))


def _binnen(work: Work, dossier: UUID) -> set[UUID]:
    """To whom this case lets anybody in now."""
    b = Betrokkenheid.tabel()
    van = select(b.c.persoon_id).where(b.c.gemeente_id == work.actor.gemeente, b.c.bron_id == dossier, waar_open(b, work.actor.moment))
    return set(work.core_connection.execute(van.distinct()).scalars())


def nieuwe_versie(dossier: Dossier) -> None:
    """What changes beside the row changes the case: who read it before must read again."""
    flag_modified(dossier, "status")


def _vergrendelde_leden(work: Work, dossier: UUID, ook: Collection[UUID]) -> list[UUID]:
    """Locked until nobody is merged away any more: a merge that was waited for may have put another resident in."""
    vorige: list[UUID] | None = None
    while vorige != (leden := _leden(work, dossier)):
        vorige = leden
        vergrendel(work, {*leden, *ook})
    return leden


def _leden(work: Work, dossier: UUID) -> list[UUID]:
    """The residents of a case now, whoever sees them; who was merged out of two members is one."""
    d = Dossierlid.tabel()
    van = select(d.c.persoon_id).where(d.c.gemeente_id == work.actor.gemeente, d.c.dossier_id == dossier, waar_open(d, work.actor.moment))
    return list(work.core_connection.execute(van.distinct().order_by(d.c.persoon_id)).scalars())
