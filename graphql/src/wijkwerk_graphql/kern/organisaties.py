"""Who works in the neighbourhood, and what there is to go to: organisations, teams, the social map."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wijkwerk import aanbod as kaart
from wijkwerk.aanbod import Aanbod
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.gebieden import in_en_om
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.organisaties import (
    ORGANISATIE_VELDEN,
    TEAM_VELDEN,
    Organisatie,
    Team,
    beeindig_organisatie,
    beeindig_team,
    maak_organisatie,
    maak_team,
    wijzig_organisatie,
    wijzig_team,
)
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row


@invoer(Organisatie, velden=ORGANISATIE_VELDEN, verplicht=("naam", "soort"))
class OrganisatieInvoer(Invoer):
    """Een nieuwe organisatie."""


@invoer(Organisatie, velden=ORGANISATIE_VELDEN)
class OrganisatieWijziging(Invoer):
    """Wat er aan een organisatie verandert. Wat u weglaat, blijft zoals het is."""


@invoer(Team, velden=TEAM_VELDEN, verplicht=("naam",))
class TeamInvoer(Invoer):
    """Een nieuw team."""


@invoer(Team, velden=TEAM_VELDEN)
class TeamWijziging(Invoer):
    """Wat er aan een team verandert. Wat u weglaat, blijft zoals het is."""


@invoer(Aanbod, velden=kaart.VELDEN, verplicht=("soort", "naam"))
class AanbodInvoer(Invoer):
    """Wat een organisatie te bieden heeft."""


@invoer(Aanbod, velden=kaart.VELDEN)
class AanbodWijziging(Invoer):
    """Wat er aan het aanbod verandert. Wat u weglaat, blijft zoals het is."""


@filterinvoer(Aanbod)
class AanbodFilter(Invoer):
    """Waarop u op de sociale kaart zoekt. Wat u invult, moet allemaal kloppen."""

    gebied = Zoekveld(
        "gebied_id", "een_van", uitleg="In dit gebied, in een deel ervan, of in het grotere gebied waar het in ligt",
        waarde=lambda lezer, gebied: in_en_om(lezer.reader, gebied),
    )  # fmt: skip
    soort = Zoekveld("soort")
    organisatie = Zoekveld("organisatie_id")


@extend(Query)
class Organisatievragen:
    """Looking around."""

    teams = connection(Team, uitleg="De teams die u mag zien, op naam", order=("naam",))
    sociale_kaart = connection(
        Aanbod,
        uitleg="Waar inwoners nu terechtkunnen: diensten, groepen en activiteiten",
        order=("naam",),
        filters=AanbodFilter,
        geldig=True,
    )

    @field(Organisatie | None, requires=Organisatie.lezen, uitleg="Een organisatie die in de buurt werkt")
    @staticmethod
    def organisatie(lezer: Lezing, id: UUID) -> Row | None:
        """One organisation, or nothing."""
        return lezer.een(Organisatie, id)


@extend(Organisatie)
class Organisatievelden:
    """What an organisation has."""

    teams = related(Team, by="organisatie_id", uitleg="De teams van deze organisatie die u mag zien, op naam", order=("naam",))
    aanstellingen = related(Aanstelling, by="organisatie_id", uitleg="Wie hier werkt of heeft gewerkt, op naam", order=("naam",))
    aanbod = related(Aanbod, by="organisatie_id", uitleg="Wat deze organisatie biedt of bood, op naam", order=("naam",), requires=PUBLIC)


@extend(Team)
class Teamvelden:
    """Who is in a team."""

    aanstellingen = related(Aanstelling, by="team_id", uitleg="Wie in dit team werkt of heeft gewerkt, op naam", order=("naam",))


@extend(Mutation)
class Organisatiewijzigingen:
    """Organisations and their teams."""

    @mutation(Organisatie, requires=Organisatie.schrijven, uitleg="Maak een organisatie")
    @staticmethod
    def organisatie_maken(werk: Work, organisatie: OrganisatieInvoer) -> UUID:
        """A new organisation."""
        return maak_organisatie(werk, organisatie.gegevens())

    @mutation(Organisatie, requires=Organisatie.schrijven, uitleg="Wijzig een organisatie. Stuur de versie mee die u las")
    @staticmethod
    def organisatie_wijzigen(werk: Work, id: UUID, versie: int, organisatie: OrganisatieWijziging) -> UUID:
        """Changes the fields that were given."""
        return wijzig_organisatie(werk, id, versie, organisatie.gegevens())

    @mutation(Organisatie, requires=Organisatie.schrijven, uitleg="Beëindig de samenwerking na deze dag; zonder dag meteen")
    @staticmethod
    def organisatie_beeindigen(werk: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
        """Nobody of it gets in after that."""
        return beeindig_organisatie(werk, id, versie, tot)

    @mutation(Team, requires=Team.schrijven, uitleg="Maak een team van een organisatie")
    @staticmethod
    def team_maken(werk: Work, organisatie: UUID, team: TeamInvoer) -> UUID:
        """A new team."""
        return maak_team(werk, organisatie, team.gegevens())

    @mutation(Team, requires=Team.schrijven, uitleg="Wijzig een team. Stuur de versie mee die u las")
    @staticmethod
    def team_wijzigen(werk: Work, id: UUID, versie: int, team: TeamWijziging) -> UUID:
        """Changes the fields that were given."""
        return wijzig_team(werk, id, versie, team.gegevens())

    @mutation(Team, requires=Team.schrijven, uitleg="Beëindig een team na deze dag; zonder dag meteen")
    @staticmethod
    def team_beeindigen(werk: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
        """Employment in it gives nothing after that."""
        return beeindig_team(werk, id, versie, tot)


@extend(Mutation)
class Aanbodwijzigingen:
    """The social map."""

    @mutation(Aanbod, requires=Aanbod.schrijven, uitleg="Zet iets op de sociale kaart dat uw organisatie biedt")
    @staticmethod
    def aanbod_toevoegen(werk: Work, organisatie: UUID, aanbod: AanbodInvoer) -> UUID:
        """A new offer."""
        return kaart.bied_aan(werk, organisatie, aanbod.gegevens())

    @mutation(Aanbod, requires=Aanbod.schrijven, uitleg="Wijzig wat op de sociale kaart staat. Stuur de versie mee die u las")
    @staticmethod
    def aanbod_wijzigen(werk: Work, id: UUID, versie: int, aanbod: AanbodWijziging) -> UUID:
        """Changes the fields that were given."""
        return kaart.wijzig(werk, id, versie, aanbod.gegevens())

    @mutation(Aanbod, requires=Aanbod.schrijven, uitleg="Haal iets van de sociale kaart na deze dag; zonder dag meteen")
    @staticmethod
    def aanbod_beeindigen(werk: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
        """Off the map."""
        return kaart.beeindig(werk, id, versie, tot)


PARTS = (Organisatievragen, Organisatievelden, Teamvelden, Organisatiewijzigingen, Aanbodwijzigingen)
