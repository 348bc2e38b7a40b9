"""Keeping a part of the log longer than its term, for something that is not settled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.log.entry import Logsoort
from wijkwerk.records.session import Work
from wijkwerk.toezicht.bewaren import houd_vast, laat_los, termijnen
from wijkwerk.toezicht.logbewaring import Bewaarreden, Logbewaring
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Logbewaring.lezen)
class LogTermijn:
    """Hoe het staat met het vernietigen van één soort regels uit het log."""

    soort: Annotated[Logsoort, "Welke regels"]
    vervallen_tot_en_met: Annotated[
        str | None, "Tot en met welke maand regels van deze soort zijn vernietigd; leeg als dat nog niet is gebeurd"
    ]
    tegengehouden_vanaf: Annotated[str | None, "Vanaf welke maand niets wordt vernietigd, omdat het langer bewaard wordt"]


@extend(Query)
class Logbewaringvragen:
    """What is held, and what is gone."""

    logbewaringen = connection(
        Logbewaring, uitleg="Welke delen van het log langer bewaard worden en waarom, nieuwste eerst", order=("-van",)
    )  # fmt: skip

    @field(requires=Logbewaring.lezen, uitleg="Tot en met welke maand het log is vernietigd, en vanaf welke maand dat wordt tegengehouden")
    @staticmethod
    def logtermijnen(lezer: Lezing) -> list[LogTermijn]:
        """Of the whole installation: the log is one."""
        return [LogTermijn(**each._asdict()) for each in termijnen(lezer.reader)]


@extend(Mutation)
class Logbewaringwijzigingen:
    """Holding, and ending that."""

    @mutation(
        Logbewaring,
        requires=Logbewaring.schrijven,
        uitleg="Bewaar een deel van het log langer, omdat er nog iets loopt. Vanaf de eerste maand wordt dan niets vernietigd. "
        "Bekijk met `logtermijnen` wat er al weg is",
    )
    @staticmethod
    def log_langer_bewaren(
        werk: Work,
        reden: Annotated[Bewaarreden, "Wat er nog loopt"],
        eerste_maand: Annotated[str, "De eerste maand die blijft, als jjjj-mm"],
        laatste_maand: Annotated[str, "De laatste maand die blijft, als jjjj-mm"],
        kenmerk: Annotated[str | None, "Het nummer van de zaak, zonder gegevens van een inwoner"] = None,
    ) -> UUID:
        """Until it is ended."""
        return houd_vast(werk, reden, eerste_maand, laatste_maand, kenmerk)

    @mutation(
        Logbewaring,
        requires=Logbewaring.schrijven,
        uitleg="Beëindig dat een deel van het log langer bewaard wordt. Wat zijn termijn voorbij is, wordt daarna vernietigd",
    )
    @staticmethod
    def log_langer_bewaren_beeindigen(werk: Work, id: UUID, versie: int) -> UUID:
        """It stays on record that it was held."""
        return laat_los(werk, id, versie)


PARTS = (Logbewaringvragen, Logbewaringwijzigingen)
