"""A note about several residents: a row in the file of each, with one number for all (docs/decisions/0021)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wijkwerk.dossiers.dossier import leden_van
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.notities.notitie import Notitie
from wijkwerk.records.session import Work


def rijen_van(work: Work, notitie: UUID, versie: int | None = None) -> list[Notitie]:
    """The rows of a note, to be changed together; the one that was named first. `versie` is of that one.

    Who sees one row of it sees all of them (`groep_kolom`). Raises NietGevonden, VersieVerouderd.
    """
    eerste = work.get(Notitie, notitie, versie)
    samen = {row.id for row in work.reader.by_key(Notitie, (), "groep_id", [eerste.groep_id])}
    return [eerste, *(work.get(Notitie, id) for id in sorted(samen - {notitie}))]


def keur_over_wie(work: Work, dossier: UUID, personen: Sequence[UUID]) -> None:
    """Whom a note can be about: residents of the case now, each once. Raises NietGevonden and OngeldigeInvoer."""
    if len(set(personen)) != len(personen):
        raise OngeldigeInvoer("U noemt een inwoner twee keer. Noem iedere inwoner een keer.", veld="ook_over")
    if not set(personen) <= set(leden_van(work, dossier)):
        raise NietGevonden


def hoort_bij(notitie: Notitie) -> dict[str, Any]:
    """What is the same in whatever hangs on a row of a note: about whom, in which case, how far it may be shown."""
    return {
        "notitie_id": notitie.id, "groep_id": notitie.groep_id, "persoon_id": notitie.persoon_id, "dossier_id": notitie.dossier_id,
        "soort": notitie.soort, "categorie_code": notitie.categorie_code, "niveau_vanaf": notitie.niveau_vanaf,
    }  # fmt: skip
