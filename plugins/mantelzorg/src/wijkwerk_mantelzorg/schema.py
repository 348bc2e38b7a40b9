"""What mantelzorg adds to the schema: a field on Persoon, and one mutation."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql import Invoer, Mutation, extend, invoer, mutation, related
from wijkwerk_mantelzorg.relaties import INVOER, Mantelzorgrelatie, leg_vast


@extend(Persoon)
class Persoonsvelden:
    """What a resident's file shows of the care that the resident gives."""

    mantelzorgrelaties = related(Mantelzorgrelatie, by="persoon_id", uitleg="Voor wie deze inwoner mantelzorger is")


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
