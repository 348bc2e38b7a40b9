"""Working days: on which days the municipality works otherwise than the law says."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wijkwerk.kalender.vrijedag import Vrijedag
from wijkwerk.kalender.vrijedagen import leg_vast, verwijder
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, mutation


@extend(Query)
class Kalendervragen:
    """What the municipality recorded."""

    vrijedagen = connection(
        Vrijedag, uitleg="Dagen waarop de gemeente vrij is of juist werkt, anders dan de wet zegt, nieuwste eerst", order=("-dag",)
    )


@extend(Mutation)
class Kalenderwijzigingen:
    """Keeping the days of the municipality."""

    @mutation(
        Vrijedag,
        requires=Vrijedag.schrijven,
        uitleg="Leg vast dat de gemeente op een werkdag vrij is, of op een vrije dag werkt. Termijnen tellen daarna zo",
    )
    @staticmethod
    def vrijedag_vastleggen(werk: Work, dag: date, naam: str, vrij: bool = True) -> UUID:
        """For terms that are counted from now on."""
        return leg_vast(werk, dag, naam, vrij=vrij)

    @mutation(
        date, requires=Vrijedag.schrijven, uitleg="Verwijder een vastgelegde dag. Stuur de versie mee die u las. U krijgt de dag terug"
    )
    @staticmethod
    def vrijedag_verwijderen(werk: Work, id: UUID, versie: int) -> date:
        """It is again what the law says."""
        return verwijder(werk, id, versie)


PARTS = (Kalendervragen, Kalenderwijzigingen)
