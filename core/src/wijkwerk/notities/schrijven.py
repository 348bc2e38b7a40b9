"""Writing notes: a new one, and a better version of one. Nothing is ever edited (design.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

from wijkwerk.access.levels import N5, N6, N7, Niveau
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.notities.groep import hoort_bij, keur_over_wie, rijen_van
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import CATEGORIE_VAN, Notitie, Notitiesoort, Notitieversie
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

DEELBAAR: Final = frozenset({Notitiesoort.CONTACTVERSLAG, Notitiesoort.BESLUIT, Notitiesoort.EIGEN_VERKLARING})
"""What may be marked for a partner at N5. Who reported a worry, and what is about safety, is not (domain.md 2.6, 9.4)."""


def schrijf(
    work: Work,
    dossier: UUID,
    persoon: UUID,
    soort: Notitiesoort,
    inhoud: Inhoud,
    *,
    ook_over: Sequence[UUID] = (),
    deelbaar: bool = False,
    auteur: UUID | None = None,
) -> UUID:
    """Write a note about a resident of a case, and about others of it (`ook_over`); the id of the row of the first.

    `deelbaar` notes can be shown to a partner at N5; strict ones are for the casusregisseur at N7, and break-glass ends below that.
    `auteur`: for whom it is written, when not for the actor (core services). Raises NietGevonden for a case or resident out of reach,
    TekstTeLang and OngeldigeInvoer.
    """
    keur_over_wie(work, dossier, (persoon, *ook_over))
    niveau, groep = _niveau(soort, deelbaar), nieuw_id()
    rijen = [
        work.add(
            Notitie(
                id=groep if wie == persoon else nieuw_id(), groep_id=groep, dossier_id=dossier, persoon_id=wie, soort=soort,
                categorie_code=CATEGORIE_VAN[soort].code, niveau_vanaf=int(niveau), auteur_id=auteur or work.actor.gebruiker,
                geschreven=work.actor.moment, laatste=1,
            )
        )
        for wie in (persoon, *ook_over)
    ]  # fmt: skip
    leg_versies_vast(work, rijen, inhoud, auteur or work.actor.gebruiker)
    return groep


def corrigeer(work: Work, notitie: UUID, versie: int, inhoud: Inhoud) -> UUID:
    """Add a better version to a note, in the file of each whom it is about. `versie` is the one the writer had read.

    What a resident stated is only for who wrote it down to put right. Raises VersieVerouderd when somebody was first, NietGevonden,
    GeenRecht, TekstTeLang and OngeldigeInvoer.
    """
    rijen = rijen_van(work, notitie, versie)
    if rijen[0].soort is Notitiesoort.EIGEN_VERKLARING and rijen[0].auteur_id != work.actor.gebruiker:
        raise GeenRecht("Dit is een verklaring van de inwoner. Zet wat u erover wilt zeggen in een aanvulling.")
    for rij in rijen:
        rij.laatste += 1
    leg_versies_vast(work, rijen, inhoud, work.actor.gebruiker)
    return notitie


def leg_versies_vast(work: Work, rijen: Iterable[Notitie], inhoud: Inhoud, auteur: UUID) -> None:
    """The newest version of these rows, as the row counts it."""
    work.flush()
    for rij in rijen:
        gekeurd = asdict(inhoud.gekeurd(rij.soort))
        work.add(Notitieversie(nummer=rij.laatste, auteur_id=auteur, geschreven=work.actor.moment, **hoort_bij(rij), **gekeurd))


def _niveau(soort: Notitiesoort, deelbaar: bool) -> Niveau:
    if deelbaar and soort not in DEELBAAR:
        raise OngeldigeInvoer("Deze soort notitie deelt u niet. Schrijf wat u wilt delen in een contactverslag.", veld="deelbaar")
    if soort is Notitiesoort.STRIKT:
        return N7
    return N5 if deelbaar else N6
