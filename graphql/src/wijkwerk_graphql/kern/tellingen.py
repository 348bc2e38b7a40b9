"""Counts for policy, without persons (domain.md 2.5)."""

from __future__ import annotations

from typing import Annotated

from wijkwerk.tellingen import TELLINGEN, TELLINGEN_LEZEN, tel
from wijkwerk_graphql.schema.fields import Query, extend, field
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=TELLINGEN_LEZEN)
class TellingCel:
    """Een aantal. Aantallen onder de vijf worden niet getoond."""

    waarde: Annotated[str, "Waarvan dit het aantal is, zoals een gebied"]
    aantal: Annotated[int | None, "Het aantal; leeg als het te klein is om te tonen"]


@uitkomst(requires=TELLINGEN_LEZEN)
class TellingUitkomst:
    """Een telling voor beleid, zonder personen."""

    naam: Annotated[str, "De naam van de telling"]
    uitleg: Annotated[str, "Wat er is geteld"]
    cellen: Annotated[list[TellingCel], "De aantallen"]


@extend(Query)
class Tellingvragen:
    """What policy may ask."""

    @field(requires=TELLINGEN_LEZEN, uitleg="Tellingen voor beleid, zonder personen")
    @staticmethod
    def tellingen(lezer: Lezing) -> list[TellingUitkomst]:
        """Every declared count."""
        return [
            TellingUitkomst(
                naam=telling.naam,
                uitleg=telling.uitleg,
                cellen=[TellingCel(waarde=cel.waarde, aantal=cel.aantal) for cel in tel(lezer.reader, telling)],
            )
            for telling in TELLINGEN.values()
        ]


PARTS = (Tellingvragen,)
