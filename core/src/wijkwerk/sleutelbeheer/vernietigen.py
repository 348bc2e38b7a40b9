"""Destroying keys: what they sealed is unreadable from then on, in the database and in every copy that has no keys from before
(design.md 6; domain.md 4.4, step 3). Whether it may be destroyed is decided before: no rule about that is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from wijkwerk.bsnindex import LEEG, zet_bsn_index
from wijkwerk.errors import VersieVerouderd
from wijkwerk.familie import vergrendel
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.sleutelbeheer.voornemen import BijAnder, Voornemen, Waarvan, voornemen


@dataclass(frozen=True, slots=True)
class Vernietigd:
    """What was destroyed, and what is left: notes held for others, and backups until a day. `bewijzen`: a receipt per resident."""

    bewijzen: tuple[UUID, ...]
    sleutels: int
    bij_anderen: tuple[BijAnder, ...]
    reservekopie_tot: date


def vernietig(work: Work, waarvan: Waarvan, bevestiging: str) -> Vernietigd:
    """Destroy keys, for good. `bevestiging` is that of `bekijk`: what was looked at is what goes.

    The keys go last, because on SQLite that can't be undone when the unit fails after it. Who is cut off in between does it again: the
    receipt then says 0 keys. Raises GeenRecht, NietGevonden, and VersieVerouderd when something changed since it was looked at.
    """
    found = voornemen(work.core_connection, work.keyring, work.catalogue, work.actor, waarvan)
    vergrendel(work, {*found.van, *found.personen})
    # who wrote in the meantime was waited for: what it wrote must have been looked at as well
    found = voornemen(work.core_connection, work.keyring, work.catalogue, work.actor, waarvan)
    if bevestiging != found.bevestiging:
        raise VersieVerouderd
    work.gebeurtenis = Gebeurtenis.VERNIETIGD
    tot = work.actor.vandaag + timedelta(days=work.sleutels.reservekopie_dagen)
    bewijzen = _bewijzen(work, waarvan, found, tot)
    work.flush()
    if waarvan.dossier is None:  # there are few enough BSNs to try them all: by what it is found it can be read, too
        for persoon in sorted(found.van):
            zet_bsn_index(work, persoon, LEEG)
    gemeente = work.actor.gemeente
    sleutels = sum(work.keyring.destroy(work.core_connection, gemeente, persoon, waarvan.dossier) for persoon in sorted(found.van))
    return Vernietigd(bewijzen, sleutels, found.bij_anderen, tot)


def _bewijzen(work: Work, waarvan: Waarvan, found: Voornemen, tot: date) -> tuple[UUID, ...]:
    """A receipt for each resident, by the pseudonym that the log has as well."""
    namen = pseudoniemen(work.core_connection, work.actor.gemeente, found.personen)
    made = []
    for persoon in found.personen:
        bewijs = work.grant(
            Vernietiging(
                pseudoniem=namen[persoon], dossier_id=waarvan.dossier, vernietigd=work.actor.moment, door_id=work.actor.gebruiker,
                sleutels=found.sleutels_van(persoon), bij_anderen=len(found.bij_anderen), reservekopie_tot=tot,
            )
        )  # fmt: skip
        made.append(bewijs.id)
        work.changed(persoon, Vernietiging.__name__, Persoon.categorie.code, ("sleutels",))
    return tuple(made)
