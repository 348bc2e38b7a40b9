"""Unmasking by two: asking who stands behind a pseudonym, deciding on what another asked, and looking (domain.md 3.7)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.toezicht.ontmaskeren import beslis, toon, vraag
from wijkwerk.toezicht.ontmaskering import ONTMASKEREN_BESLISSEN, Aanleiding, Ontmaskering
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Ontmaskering.schrijven)
class Ontmaskerd:
    """Wie er achter een pseudoniem zit. Ook dit kijken wordt vastgelegd, en de inwoner kan het zien."""

    herleidbaar: Annotated[bool, "Of er iemand bij dit pseudoniem is; van wie is gewist, is niet meer te herleiden wie het was"]
    nummer: Annotated[UUID | None, "Het nummer van de inwoner"]
    naam: Annotated[str | None, "De naam"]
    geboortedatum: Annotated[Datum | None, "De geboortedatum"]


@extend(Query)
class Ontmaskeringvragen:
    """What was asked and decided: for all who oversee, so that each can hold the other to it."""

    ontmaskeringen = connection(Ontmaskering, uitleg="Wie vroeg om te ontmaskeren en wie besliste, nieuwste eerst", order=("-gevraagd_op",))

    @field(Ontmaskering | None, requires=Ontmaskering.lezen, uitleg="Een verzoek om te ontmaskeren")
    @staticmethod
    def ontmaskering(lezer: Lezing, id: UUID) -> Row | None:
        """One, or nothing."""
        return lezer.een(Ontmaskering, id)


@extend(Mutation)
class Ontmaskeringwijzigingen:
    """By two who oversee."""

    @mutation(
        Ontmaskering, requires=Ontmaskering.schrijven, herhaalbaar=True,
        uitleg="Vraag wie er achter een pseudoniem zit. Een ander beslist. Zet in het kenmerk geen naam of BSN",
    )  # fmt: skip
    @staticmethod
    def ontmaskering_vragen(
        werk: Work,
        pseudoniem: Annotated[UUID, "Het pseudoniem uit het inzagelog"],
        aanleiding: Annotated[Aanleiding, "Waarom u dit moet weten"],
        kenmerk: Annotated[str | None, "Het nummer van de melding of zaak"] = None,
    ) -> UUID:
        """What was asked."""
        return vraag(werk, pseudoniem, aanleiding, kenmerk)

    @mutation(
        Ontmaskering, requires=ONTMASKEREN_BESLISSEN,
        uitleg="Beslis over een verzoek van een collega. Mag het, dan kan wie het vroeg 24 uur kijken. Stuur de versie mee die u las",
    )  # fmt: skip
    @staticmethod
    def ontmaskering_beslissen(werk: Work, id: UUID, versie: int, toegestaan: bool) -> UUID:
        """What was decided."""
        return beslis(werk, id, versie, toegestaan)

    @mutation(Ontmaskerd, requires=Ontmaskering.schrijven, uitleg="Zie wie het is, als een collega besliste dat het mag en u het vroeg")
    @staticmethod
    def ontmaskering_bekijken(werk: Work, id: UUID) -> Ontmaskerd:
        """A mutation: that it was shown is kept with the question, and in the log in the same transaction."""
        found = toon(werk, id)
        return Ontmaskerd(
            herleidbaar=found.nummer is not None, nummer=found.nummer, naam=found.naam, geboortedatum=found.geboortedatum
        )  # fmt: skip


PARTS = (Ontmaskeringvragen, Ontmaskeringwijzigingen)
