"""What can be changed: each a thin call to the service of the core, in one transaction with its log entry."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.notities.notitie import Notitie, Notitiesoort
from wijkwerk.notities.schrijven import corrigeer, schrijf
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


@extend(Mutation)
class Notitiewijzigingen:
    """Notes in a case."""

    @mutation(Notitie, requires=Notitie.schrijven, uitleg="Schrijf een notitie over een inwoner in een dossier")
    @staticmethod
    def notitie_schrijven(werk: Work, dossier: UUID, persoon: UUID, soort: Notitiesoort, tekst: str, deelbaar: bool = False) -> UUID:
        """A new note."""
        return schrijf(werk, dossier, persoon, soort, tekst, deelbaar=deelbaar)

    @mutation(Notitie, requires=Notitie.schrijven, uitleg="Verbeter een notitie met een nieuwe versie. Stuur de versie mee die u las")
    @staticmethod
    def notitie_corrigeren(werk: Work, notitie: UUID, versie: int, tekst: str) -> UUID:
        """A new version; the old one stays."""
        return corrigeer(werk, notitie, versie, tekst)
