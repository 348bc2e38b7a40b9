"""What can be changed: each a thin call to the service of the core, in one transaction with its log entry."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.personen import WIJZIGBAAR, Persoon, wijzig
from wijkwerk.records.session import Work
from wijkwerk_graphql.kern.bron import VanWie, of_professional
from wijkwerk_graphql.schema.fields import Mutation, extend, mutation
from wijkwerk_graphql.schema.inputs import Invoer, invoer


@invoer(Persoon, velden=WIJZIGBAAR)
class PersoonWijziging(Invoer):
    """Wat er aan de gegevens van een inwoner verandert. Wat u weglaat, blijft zoals het is."""


@extend(Mutation)
class Persoonswijzigingen:
    """Residents."""

    @mutation(Persoon, requires=Persoon.schrijven, uitleg="Wijzig gegevens van een inwoner. Stuur de versie mee die u las")
    @staticmethod
    def persoon_wijzigen(werk: Work, id: UUID, versie: int, persoon: PersoonWijziging, bron: VanWie = None) -> UUID:
        """Changes the fields that were given."""
        return wijzig(werk, id, versie, persoon.gegevens(), bron=of_professional(bron))
