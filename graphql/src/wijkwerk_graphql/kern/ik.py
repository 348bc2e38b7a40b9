"""Who am I: what a client may show a user about the user's own rights."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.access.permissions import PUBLIC
from wijkwerk.organisaties import Organisatie
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Query, extend, field
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=PUBLIC)
class Ik:
    """Wie u bent, en wat u nu mag."""

    gebruiker: Annotated[UUID, "Uw nummer"]
    organisatie: Annotated[UUID, "De organisatie waarvoor u nu werkt"]
    teams: Annotated[list[UUID], "De teams waar u bij hoort"]
    rollen: Annotated[list[str], "Uw rollen voor deze activiteit"]
    rechten: Annotated[list[str], "Wat u met deze rollen mag doen"]
    activiteit: Annotated[str, "De verwerkingsactiviteit waarvoor u nu werkt"]
    doelen: Annotated[list[str], "Waarvoor u nu gegevens mag gebruiken"]


@extend(Query)
class Ikvragen:
    """What everybody who is logged in may ask."""

    organisaties = connection(Organisatie, uitleg="De organisaties die in de buurt werken", order=("naam",))

    @field(requires=PUBLIC, uitleg="Wie u bent, en wat u nu mag")
    @staticmethod
    def ik(lezer: Lezing) -> Ik:
        """The actor, as the actor may see it."""
        actor = lezer.actor
        return Ik(
            gebruiker=actor.gebruiker,
            organisatie=actor.organisatie,
            teams=list(actor.teams),
            rollen=list(actor.rollen),
            rechten=sorted(actor.rechten),
            activiteit=actor.activiteit,
            doelen=list(actor.doelen),
        )
