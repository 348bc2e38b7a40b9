"""Writing notes: a new one, and a better version of one. Nothing is ever edited (design.md 6)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.access.levels import N5, N6, N7, Niveau
from wijkwerk.dossiers.dossier import leden_van
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.notities.notitie import CATEGORIE_VAN, Informatiebron, Notitie, Notitiesoort, Notitieversie
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

MAX_TEKENS = 200_000


class TekstTeLang(OngeldigeInvoer):
    """A note above the limit."""

    code = "TEKST_TE_LANG"
    standaard = f"De tekst is te lang. Gebruik hoogstens {MAX_TEKENS} tekens, of verdeel de tekst over meer notities."


def schrijf(
    work: Work, dossier: UUID, persoon: UUID, soort: Notitiesoort, tekst: str, *, deelbaar: bool = False, auteur: UUID | None = None
) -> UUID:
    """Write a note about a resident of a case; the id of the note.

    `deelbaar` notes can be shown to a partner at N5; strict ones at N7 only. `auteur`: for whom it is written, when not for the actor
    (core services). Raises NietGevonden for a case or resident out of reach,
    TekstTeLang and OngeldigeInvoer for the text.
    """
    _in_dossier(work, dossier, persoon)
    id = nieuw_id()
    notitie = work.add(
        Notitie(
            id=id, groep_id=id, dossier_id=dossier, persoon_id=persoon, soort=soort, categorie_code=CATEGORIE_VAN[soort].code,
            niveau_vanaf=int(_niveau(soort, deelbaar)), auteur_id=auteur or work.actor.gebruiker, geschreven=work.actor.moment, laatste=1,
        )
    )  # fmt: skip
    _versie(work, notitie, tekst, notitie.auteur_id)
    return notitie.id


def corrigeer(work: Work, notitie_id: UUID, versie: int, tekst: str) -> UUID:
    """Add a corrected version to a note. `versie` is the one the writer had read. Raises VersieVerouderd when somebody was first."""
    notitie = work.get(Notitie, notitie_id, versie)
    notitie.laatste += 1
    _versie(work, notitie, tekst, work.actor.gebruiker)
    return notitie.id


def _in_dossier(work: Work, dossier: UUID, persoon: UUID) -> None:
    if persoon not in leden_van(work, dossier):
        raise NietGevonden


def _niveau(soort: Notitiesoort, deelbaar: bool) -> Niveau:
    if soort is Notitiesoort.STRIKT:
        return N7
    return N5 if deelbaar else N6


def _versie(work: Work, notitie: Notitie, tekst: str, auteur: UUID) -> None:
    work.flush()
    work.add(
        Notitieversie(
            notitie_id=notitie.id, groep_id=notitie.groep_id, nummer=notitie.laatste, tekst=_gecontroleerd(tekst),
            bron=Informatiebron.ONBEKEND, persoon_id=notitie.persoon_id, dossier_id=notitie.dossier_id, soort=notitie.soort,
            categorie_code=notitie.categorie_code, niveau_vanaf=notitie.niveau_vanaf, auteur_id=auteur, geschreven=work.actor.moment,
        )
    )  # fmt: skip


def _gecontroleerd(tekst: str) -> str:
    if len(tekst) > MAX_TEKENS:
        raise TekstTeLang
    if not tekst.strip() or "\x00" in tekst:
        raise OngeldigeInvoer("Schrijf een tekst. Een lege notitie bewaren we niet.", veld="tekst")
    return tekst
