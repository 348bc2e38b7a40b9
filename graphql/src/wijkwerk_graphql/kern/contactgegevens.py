"""How to reach a resident: shown with the resident, and changed one by one."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.contactgegevens import INVOER, WIJZIGBAAR, Contactgegeven, verwijder, voeg_toe, wijzig
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql.kern.bron import VanWie, of_professional
from wijkwerk_graphql.schema.fields import Mutation, extend, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, invoer


@invoer(Contactgegeven, velden=INVOER, verplicht=("soort", "waarde"))
class ContactgegevenInvoer(Invoer):
    """Een telefoonnummer of e-mailadres van een inwoner."""


@invoer(Contactgegeven, velden=WIJZIGBAAR)
class ContactgegevenWijziging(Invoer):
    """Wat er aan een telefoonnummer of e-mailadres verandert. Wat u weglaat, blijft zoals het is."""


@extend(Persoon)
class Contactvelden:
    """How to reach a resident."""

    contactgegevens = related(
        Contactgegeven, by="persoon_id", uitleg="Hoe deze inwoner te bereiken is, liefst eerst", order=("-voorkeur", "soort")
    )


@extend(Mutation)
class Contactwijzigingen:
    """Contact details."""

    @mutation(Contactgegeven, requires=Contactgegeven.schrijven, uitleg="Voeg een telefoonnummer of e-mailadres van een inwoner toe")
    @staticmethod
    def contactgegeven_toevoegen(werk: Work, persoon: UUID, contactgegeven: ContactgegevenInvoer, bron: VanWie = None) -> UUID:
        """A preferred one takes the place of another of its kind."""
        return voeg_toe(werk, persoon, contactgegeven.gegevens(), bron=of_professional(bron))

    @mutation(Contactgegeven, requires=Contactgegeven.schrijven, uitleg="Wijzig een contactgegeven. Stuur de versie mee die u las")
    @staticmethod
    def contactgegeven_wijzigen(werk: Work, id: UUID, versie: int, contactgegeven: ContactgegevenWijziging, bron: VanWie = None) -> UUID:
        """Changes the fields that were given."""
        return wijzig(werk, id, versie, contactgegeven.gegevens(), bron=of_professional(bron))

    @mutation(
        Persoon,
        requires=Contactgegeven.schrijven,
        uitleg="Verwijder een contactgegeven. Stuur de versie mee die u las. U krijgt de inwoner terug",
    )
    @staticmethod
    def contactgegeven_verwijderen(werk: Work, id: UUID, versie: int) -> UUID:
        """What it was stays in the history."""
        return verwijder(werk, id, versie)
