"""Coupling: a casusregisseur lets a partner in to residents of a case (domain.md 9.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.betrokkenheden import Partij, herzie_deuren, mag_maken, open_deuren
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.partners.deuren import van_koppeling
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.partij import keur_partij
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def koppel(
    work: Work,
    dossier: UUID,
    persoon: UUID,
    partij: Partij,
    doel: str,
    categorieen: Sequence[str],
    tot: datetime | None = None,
    *,
    organisatie: UUID | None = None,
    rol: str | None = None,
) -> UUID:
    """Couple a partner to a resident of a case, for one purpose and these categories; the id of the coupling.

    `organisatie`: of which the party is a team or somebody; left out, the party is the organisation itself. `rol`: only who holds it there.
    The partner's own records about this resident are opened with it: each is the controller of its own part (domain.md 4.6).
    Raises GeenRecht for who may not couple and for the case of another team, NietGevonden for a person, case or party out of reach,
    DossierGesloten, and OngeldigeInvoer for the rest.
    """
    mag_maken(work, Bron.KOPPELING)
    declared, van_wie = work.catalogue.doel(doel), organisatie or partij.id
    if not declared.koppelbaar:
        raise OngeldigeInvoer("Voor dit doel kunt u geen partner koppelen. Kies een doel van de partner zelf.", veld="doel")
    if tot is not None and tot <= work.actor.moment:
        raise OngeldigeInvoer("Dit moment is al geweest. Kies een later moment.", veld="tot")
    if persoon not in neem_in_handen(work, dossier).leden:
        raise NietGevonden
    keur_partij(work, van_wie, partij, rol, declared)
    koppeling = work.grant(
        Koppeling(
            id=nieuw_id(), persoon_id=persoon, dossier_id=dossier, organisatie_id=van_wie, partij_id=partij.id, partijsoort=partij.soort,
            rol=rol, doel=doel, categorieen=sorted(work.catalogue.opens(declared, categorieen)), niveau_tot=int(partij.niveau),
            van=work.actor.moment, tot=tot, door_id=work.actor.gebruiker,
        )
    )  # fmt: skip
    open_deuren(work, Bron.KOPPELING, koppeling.id, van_koppeling(work, koppeling))
    return koppeling.id


def beeindig(work: Work, id: UUID, versie: int) -> UUID:
    """End a coupling in a case that the actor holds: the partner's next request is refused. One that is over stays as it ended.

    Raises NietGevonden for a coupling or a case out of reach, VersieVerouderd, GeenRecht.
    """
    mag_maken(work, Bron.KOPPELING)
    dossier = work.reader.one(Koppeling, ("dossier_id",), id)
    if dossier is None:
        raise NietGevonden
    neem_in_handen(work, dossier.dossier_id, lopend=False)
    koppeling = work.get(Koppeling, id, versie)
    if open_op(koppeling, work.actor.moment):
        koppeling.tot, koppeling.beeindigd_door_id = work.actor.moment, work.actor.gebruiker
        herzie_deuren(work, Bron.KOPPELING, id, van_koppeling(work, koppeling))
    return id
