"""Residents, and who represents them, looking at their own data; who lets them, and from whom a resident is hidden."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.access.betrokkenheid import Afscherming, Partijsoort
from wijkwerk.belangenconflict import VASTLEGGEN, hef_op, scherm_af_voor
from wijkwerk.inwoners.eigen import eigen_personen
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.inwoners.toelaten import beeindig, gebruiker_voor, laat_toe
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, related
from wijkwerk_graphql.schema.lezing import Lezing, Row


@extend(Query)
class Inwonervragen:
    """What somebody sees of oneself, or of who they represent."""

    @field(
        list[Persoon],
        requires=Persoon.lezen,
        uitleg="Uw eigen gegevens; of de gegevens van wie u vertegenwoordigt, als u dat in de header 'Verwerkingsactiviteit' kiest",
    )
    @staticmethod
    def mijn_gegevens(lezer: Lezing) -> list[Row]:
        """The residents whom this user was let in to, in the role of this request; nobody for who works here."""
        return [row for row in lezer.bij_id(Persoon, eigen_personen(lezer.reader)) if row is not None]


@extend(Persoon)
class Inwonervelden:
    """Who looks at the own file."""

    inwonertoegangen = related(
        Inwonertoegang, by="persoon_id", uitleg="Wie als inwoner of vertegenwoordiger zelf meekijkt of meekeek", order=("-van",)
    )


@extend(Mutation)
class Inwonerwijzigingen:
    """Letting a resident look, and ending it."""

    @mutation(
        Inwonertoegang,
        requires=Inwonertoegang.schrijven,
        uitleg="Laat een inwoner, of wie de inwoner vertegenwoordigt, zelf meekijken. Stel eerst vast wie het is",
    )
    @staticmethod
    def inwonertoegang_verlenen(
        werk: Work,
        persoon: UUID,
        issuer: Annotated[str, "Wie de tokens van dit account uitgeeft (iss), zoals ingesteld bij deze installatie"],
        onderwerp: Annotated[str, "Hoe de uitgever dit account noemt in de tokens (sub)"],
        vaststelling: Annotated[Vaststelling, "Hoe u vaststelde wie het is"],
        vertegenwoordiging: Annotated[UUID | None, "Waarop de vertegenwoordiger meekijkt; leeg voor de inwoner zelf"] = None,
    ) -> UUID:
        """`issuer` and `onderwerp`: whose tokens these are."""
        return laat_toe(werk, persoon, gebruiker_voor(werk, issuer, onderwerp), vaststelling, vertegenwoordiging=vertegenwoordiging)

    @mutation(
        Inwonertoegang,
        requires=Inwonertoegang.schrijven,
        uitleg="Een inwoner of vertegenwoordiger kijkt niet meer mee",
    )
    @staticmethod
    def inwonertoegang_beeindigen(werk: Work, id: UUID, versie: int) -> UUID:
        """From the next request on."""
        return beeindig(werk, id, versie)


@extend(Mutation)
class Belangenconflictwijzigingen:
    """Hiding a resident from a colleague or a team."""

    @mutation(
        Afscherming,
        requires=VASTLEGGEN,
        uitleg="Scherm een inwoner af voor een medewerker of een team, met een reden. Die ziet dan niets meer van de inwoner",
    )
    @staticmethod
    def belangenconflict_vastleggen(
        werk: Work,
        persoon: UUID,
        partij: Annotated[UUID, "Voor welke medewerker of welk team"],
        partijsoort: Annotated[Partijsoort, "GEBRUIKER of TEAM"],
        reden: Annotated[str, "Waarom; alleen wie dit mag lezen ziet het"],
    ) -> UUID:
        """From the next request on."""
        return scherm_af_voor(werk, persoon, partij, partijsoort, reden)

    @mutation(Afscherming, requires=VASTLEGGEN, uitleg="Hef een afscherming voor een medewerker of een team op, met een reden")
    @staticmethod
    def belangenconflict_opheffen(werk: Work, id: UUID, reden: str) -> UUID:
        """From the next request on."""
        return hef_op(werk, id, reden)


PARTS = (Inwonervragen, Inwonervelden, Inwonerwijzigingen, Belangenconflictwijzigingen)
