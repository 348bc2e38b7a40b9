"""Why a colleague may see something of a resident, or may not (issue 5, point 6)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from strawberry.utils.str_converters import to_snake_case

from wijkwerk.access.uitleg_rij import Reden
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.uitleggen import TOEGANG_UITLEGGEN, soort_van, waarom_collega
from wijkwerk_graphql.schema.fields import Query, extend, field
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=TOEGANG_UITLEGGEN)
class ToegangUitleg:
    """Of een collega een gegeven van een inwoner mag zien, en waarom. Dit gaat uit van wat u zelf mag zien."""

    mag: Annotated[bool, "Of de collega dit mag zien"]
    reden: Annotated[Reden, "Waarom wel of niet"]
    zinnen: Annotated[list[str], "De uitleg, zin voor zin"]


@extend(Query)
class Uitlegvragen:
    """What who directs a case, or leads a team, may ask about colleagues."""

    @field(
        requires=TOEGANG_UITLEGGEN,
        uitleg="Waarom een collega een gegeven van een inwoner wel of niet mag zien. U moet de inwoner zelf ook mogen zien",
        gebeurtenis=Gebeurtenis.UITLEG,
    )
    @staticmethod
    def waarom(
        lezer: Lezing,
        gebruiker: Annotated[UUID, "Welke collega"],
        persoon: Annotated[UUID, "Welke inwoner"],
        soort: Annotated[str, "Welke soort gegevens, zoals in dit schema: Persoon, Dossier, Notitie"],
        veld: Annotated[str, "Welk veld daarvan, zoals in dit schema"],
    ) -> ToegangUitleg:
        """The answer, by what the asker sees."""
        record = soort_van(lezer.reader.catalogue, soort)
        gevonden = waarom_collega(lezer.reader, gebruiker, persoon, record, to_snake_case(veld))
        return ToegangUitleg(mag=gevonden.mag, reden=gevonden.reden, zinnen=list(gevonden.zinnen))


PARTS = (Uitlegvragen,)
