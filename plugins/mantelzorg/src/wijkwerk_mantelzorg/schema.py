"""What mantelzorg adds to the schema: care relations, and the statement that may cross to another act."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk_graphql import Invoer, Mutation, Query, connection, extend, invoer, mutation, related
from wijkwerk_mantelzorg.relaties import INVOER, Mantelzorgrelatie, leg_vast
from wijkwerk_mantelzorg.verklaringen import MAKEN, VERIFIEREN, Mantelzorgverklaring, beeindig, maak, verifieer


@extend(Persoon)
class Persoonsvelden:
    """What a resident's file shows of the care that the resident gives."""

    mantelzorgrelaties = related(Mantelzorgrelatie, by="persoon_id", uitleg="Voor wie deze inwoner mantelzorger is")
    mantelzorgverklaringen = related(
        Mantelzorgverklaring, by="persoon_id", uitleg="De verklaringen dat deze inwoner mantelzorger is", order=("-geldig_tot",)
    )


@extend(Query)
class Verklaringvragen:
    """For who sees the statement of a resident and, it may be, nothing else."""

    mantelzorgverklaringen = connection(
        Mantelzorgverklaring,
        uitleg="De mantelzorgverklaringen die u mag zien; wie het langst geldt, staat bovenaan",
        order=("-geldig_tot",),
    )


@invoer(Mantelzorgrelatie, velden=INVOER, verplicht=("relatie", "uren_per_week", "sinds"))
class MantelzorgrelatieInvoer(Invoer):
    """Wie voor wie zorgt, en hoeveel."""


@extend(Mutation)
class Opdrachten:
    """What can be recorded."""

    @mutation(Mantelzorgrelatie, requires=Mantelzorgrelatie.schrijven, uitleg="Leg vast voor wie een inwoner mantelzorger is")
    def mantelzorgrelatie_vastleggen(werk: Work, mantelzorger: UUID, relatie: MantelzorgrelatieInvoer) -> UUID:
        """The id of the new care relation."""
        return leg_vast(werk, mantelzorger, relatie.gegevens())


@extend(Mutation)
class Verklaringopdrachten:
    """The statement of a carer: made, verified, ended."""

    @mutation(
        Mantelzorgverklaring, requires=MAKEN, uitleg="Maak een mantelzorgverklaring; daarna moet een mantelzorgconsulent haar nakijken"
    )
    def mantelzorgverklaring_maken(
        werk: Work, mantelzorger: UUID, uren_per_week: Decimal, sinds: Datum, geldig_tot: date | None = None
    ) -> UUID:
        """The id of the new statement. Without `geldig_tot` it holds for twelve months."""
        return maak(werk, mantelzorger, uren_per_week, sinds, geldig_tot)

    @mutation(Mantelzorgverklaring, requires=VERIFIEREN, uitleg="Bevestig dat een mantelzorgverklaring klopt")
    def mantelzorgverklaring_verifieren(werk: Work, verklaring: UUID, versie: int) -> UUID:
        """The id of the statement."""
        return verifieer(werk, verklaring, versie)

    @mutation(
        Mantelzorgverklaring, requires=Mantelzorgverklaring.schrijven, uitleg="Laat een mantelzorgverklaring per vandaag niet meer gelden"
    )
    def mantelzorgverklaring_beeindigen(werk: Work, verklaring: UUID, versie: int) -> UUID:
        """The id of the statement."""
        return beeindig(werk, verklaring, versie)
