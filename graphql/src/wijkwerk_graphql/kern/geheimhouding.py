"""Secrecy and the safety flag: set, lifted, and told to who works with the resident (domain.md 1.10)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.access.betrokkenheid import Afscherming
from wijkwerk.geheimhouding import waarschuwing, zet_geheimhouding, zet_veiligheidsvlag
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.fields import Mutation, batch, extend, mutation, related
from wijkwerk_graphql.schema.lezing import Lezing, Row


@extend(Persoon)
class Geheimhoudingsvelden:
    """What to know before using what is shown, and why that is so."""

    afschermingen = related(
        Afscherming, by="persoon_id", uitleg="Waarom gegevens van deze inwoner zijn of waren afgeschermd, nieuwste eerst", order=("-van",)
    )

    @batch(
        str | None,
        requires=Persoon.lezen,
        uitleg="Waar u op moet letten: gevaar, geheimhouding, overlijden. Leeg als er niets is, of niets dat u mag weten",
        nodig=("geheim", "veiligheidsvlag", "overlijdensdatum"),
    )
    @staticmethod
    def waarschuwing(personen: list[Row], lezer: Lezing) -> list[str | None]:
        """Each part at the level of the field it is made of."""
        return [waarschuwing(persoon.geheim, persoon.veiligheidsvlag, persoon.overlijdensdatum) for persoon in personen]


@extend(Mutation)
class Geheimhoudingswijzigingen:
    """Secrecy and the safety flag."""

    @mutation(
        Persoon,
        requires=Afscherming.schrijven,
        uitleg="Zet geheimhouding aan of uit. Stuur de versie mee die u las. Voor uitzetten is een reden nodig",
    )
    @staticmethod
    def geheimhouding_wijzigen(werk: Work, id: UUID, versie: int, aan: bool, reden: str | None = None) -> UUID:
        """What a resident asked for."""
        return zet_geheimhouding(werk, id, versie, aan, reden)

    @mutation(
        Persoon,
        requires=Afscherming.schrijven,
        uitleg="Zet de veiligheidsvlag aan of uit, voor een inwoner die gevaar loopt. Stuur de versie mee die u las",
    )
    @staticmethod
    def veiligheidsvlag_wijzigen(werk: Work, id: UUID, versie: int, aan: bool, reden: str) -> UUID:
        """What a resident in danger needs."""
        return zet_veiligheidsvlag(werk, id, versie, aan, reden)
