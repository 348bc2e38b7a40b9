"""A note about several residents: a row in the file of each, with one number for all (docs/decisions/0021)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from wijkwerk.dossiers.dossier import leden_van
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.notities.notitie import Notitie
from wijkwerk.records.session import Work


class NogNotities(OngeldigeInvoer):
    """Notes about who leaves a case and who stays would be seen by nobody who works in it; the message says how many."""

    code = "NOG_NOTITIES"


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


def keur_vertrek(work: Work, dossier: UUID, persoon: UUID, blijvers: Collection[UUID]) -> None:
    """Raises NogNotities while the actor sees notes of this case about this resident and somebody who stays, without a version about
    that one alone.

    What the actor does not see neither counts nor holds back: a refusal would tell that there is a strict note (docs/decisions/0021).
    """
    if not work.actor.may(Notitie.lezen.naam):
        return
    gezien = work.kijker.by_key(Notitie, ("groep_id", "persoon_id", "redactie_van_id"), "dossier_id", [dossier])
    over_vertrekker = {row.groep_id for row in gezien if row.persoon_id == persoon}
    samen = {row.id: (row.groep_id, row.persoon_id) for row in gezien if row.groep_id in over_vertrekker and row.persoon_id in blijvers}
    # by resident, not by row: who was merged out of two has two rows
    apart = {samen[row.redactie_van_id] for row in gezien if row.redactie_van_id in samen}
    if aantal := len({groep for groep, wie in samen.values() if (groep, wie) not in apart}):
        wat = "Er is 1 notitie" if aantal == 1 else f"Er zijn {aantal} notities"
        raise NogNotities(f"{wat} over deze inwoner samen met wie blijft. {_NOG_NOTITIES}", veld="persoon")


_NOG_NOTITIES = (
    "Het team ziet die daarna niet meer. Schrijf eerst voor ieder die blijft een versie over die inwoner alleen, of geef aan dat deze "
    "notities uit beeld mogen."
)


def hoort_bij(notitie: Notitie) -> dict[str, Any]:
    """What is the same in whatever hangs on a row of a note: about whom, in which case, how far it may be shown."""
    return {
        "notitie_id": notitie.id, "groep_id": notitie.groep_id, "persoon_id": notitie.persoon_id, "dossier_id": notitie.dossier_id,
        "soort": notitie.soort, "categorie_code": notitie.categorie_code, "niveau_vanaf": notitie.niveau_vanaf,
    }  # fmt: skip
