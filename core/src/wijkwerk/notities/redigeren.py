"""A note about several residents as who may see only one of them may read it: a note of its own, about that one (docs/decisions/0021)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.notities.groep import rijen_van
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Notitie
from wijkwerk.notities.schrijven import leg_versies_vast
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def redigeer(work: Work, notitie: UUID, inhoud: Inhoud) -> UUID:
    """Write what of a note is about one of its residents (the one of this row) alone, for who may not see the others; the id.

    A person does this, who sees all of it: what can be told of one without telling of another is not for a rule to say. It is as strict and
    as shareable as the note itself. Raises NietGevonden, OngeldigeInvoer for a note about one resident, TekstTeLang.
    """
    rij, *anderen = rijen_van(work, notitie)
    if not {ander.persoon_id for ander in anderen} - {rij.persoon_id}:
        raise OngeldigeInvoer("Deze notitie gaat over één inwoner. Verbeter de notitie zelf, of vul haar aan.", veld="notitie")
    id = nieuw_id()
    gemaakt = work.add(
        Notitie(
            id=id, groep_id=id, redactie_van_id=rij.id, dossier_id=rij.dossier_id, persoon_id=rij.persoon_id, soort=rij.soort,
            categorie_code=rij.categorie_code, niveau_vanaf=rij.niveau_vanaf, auteur_id=work.actor.gebruiker,
            geschreven=work.actor.moment, laatste=1,
        )
    )  # fmt: skip
    leg_versies_vast(work, [gemaakt], inhoud, work.actor.gebruiker)
    return id
