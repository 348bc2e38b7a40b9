"""Areas: the tree of municipality, wijken and buurten, and in which of them a resident lives."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from wijkwerk.access.permissions import PUBLIC
from wijkwerk.gebieden import Gebied, Gebiedsoort
from wijkwerk.gebiedsbeheer import INVOER, VERPLICHT, WIJZIGBAAR, beeindig, maak, wijzig
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import geldig
from wijkwerk.records.plan import Filter
from wijkwerk.records.session import Work
from wijkwerk.woonbuurt import kies
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation
from wijkwerk_graphql.schema.inputs import Invoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row

_MEESTE = 10_000
"""More than the areas of any municipality, over all times."""


@invoer(Gebied, velden=INVOER, verplicht=VERPLICHT)
class GebiedInvoer(Invoer):
    """Een nieuw gebied."""


@invoer(Gebied, velden=WIJZIGBAAR)
class GebiedWijziging(Invoer):
    """Wat er aan een gebied verandert. Wat u weglaat, blijft zoals het is."""


@extend(Query)
class Gebiedsvragen:
    """The areas of the municipality."""

    @field(list[Gebied], requires=PUBLIC, uitleg="De gebieden van de gemeente op een dag (vandaag als u geen dag geeft), op code")
    @staticmethod
    def gebieden(lezer: Lezing, soort: Gebiedsoort | None = None, op: date | None = None) -> list[Row]:
        """The whole tree in one statement; `bovenliggend` and `onderliggend` are one more each."""
        page = lezer.reader.page(Gebied, _velden(lezer), order=("code",), first=_MEESTE)
        return [row for row in _geldig(page.rows, op or lezer.actor.vandaag) if soort is None or row.soort is soort]

    @field(Gebied | None, requires=PUBLIC, uitleg="Het gebied dat nu deze code heeft")
    @staticmethod
    def gebied(lezer: Lezing, code: str) -> Row | None:
        """One area, or nothing."""
        page = lezer.reader.page(Gebied, _velden(lezer), filters={Filter("code"): code}, first=_MEESTE)
        return next(iter(_geldig(page.rows, lezer.actor.vandaag)), None)


@extend(Gebied)
class Gebiedsvelden:
    """What lies in an area."""

    @batch(list[Gebied], requires=PUBLIC, uitleg="De gebieden die nu in dit gebied liggen, op code")
    @staticmethod
    def onderliggend(gebieden: list[Row], lezer: Lezing) -> list[list[Row]]:
        """A level down."""
        velden = (*_velden(lezer), "bovenliggend_id")
        rows = lezer.reader.by_key(Gebied, velden, "bovenliggend_id", [gebied.id for gebied in gebieden], order=("code",))
        found: dict[UUID, list[Row]] = defaultdict(list)
        for row in _geldig(rows, lezer.actor.vandaag):
            found[row.bovenliggend_id].append(row)
        return [found[gebied.id] for gebied in gebieden]


def _velden(lezer: Lezing) -> tuple[str, ...]:
    """What was asked, and what decides whether an area is there."""
    return tuple(dict.fromkeys((*lezer.velden(Gebied), "code", "soort", "van", "tot")))


def _geldig(rows: list[Row], op: date) -> list[Row]:
    return [row for row in rows if geldig(row, op)]


@extend(Mutation)
class Gebiedswijzigingen:
    """Keeping the areas."""

    @mutation(Gebied, requires=Gebied.schrijven, uitleg="Maak een gebied")
    @staticmethod
    def gebied_maken(werk: Work, gebied: GebiedInvoer) -> UUID:
        """Checked against the whole tree."""
        return maak(werk, gebied.gegevens())

    @mutation(Gebied, requires=Gebied.schrijven, uitleg="Wijzig een gebied. Stuur de versie mee die u las")
    @staticmethod
    def gebied_wijzigen(werk: Work, id: UUID, versie: int, gebied: GebiedWijziging) -> UUID:
        """Another code is another area."""
        return wijzig(werk, id, versie, gebied.gegevens())

    @mutation(Gebied, requires=Gebied.schrijven, uitleg="Sluit een gebied af, met de laatste dag. Stuur de versie mee die u las")
    @staticmethod
    def gebied_beeindigen(werk: Work, id: UUID, versie: int, tot: date) -> UUID:
        """Smaller areas in it go first."""
        return beeindig(werk, id, versie, tot)

    @mutation(
        Persoon,
        requires=Persoon.schrijven,
        uitleg="Kies zelf in welke buurt een inwoner woont. Zonder gebied volgt de buurt weer uit de postcode",
    )
    @staticmethod
    def gebied_kiezen(werk: Work, persoon: UUID, versie: int, gebied: UUID | None = None) -> UUID:
        """By hand, until it is undone."""
        return kies(werk, persoon, versie, gebied)
