"""Who works where, and who takes over: users, employment, replacement."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from wijkwerk.aanstellingen import Plaats, beeindig, hernoem, neem_in_dienst, stel_aan
from wijkwerk.gebruikers import AANSTELLING_LEZEN, GEBRUIKERS_BEHEREN, Aanstelling, Gebruiker, wijzig, wijzig_email
from wijkwerk.records.session import Work
from wijkwerk.waarnemingen import Waarneming, neem_waar
from wijkwerk.waarnemingen import beeindig as beeindig_waarneming
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row

_WAARNEMEN = (
    "Laat een collega het werk waarnemen van wie er niet is. De vervanger ziet erbij waar de afwezige zelf bij betrokken is, "
    "niet waar alleen het team van de afwezige bij betrokken is"
)


@invoer(Aanstelling, velden=("organisatie_id", "team_id", "rol", "van", "tot"), verplicht=("organisatie_id", "rol", "van"))
class AanstellingInvoer(Invoer):
    """Welke rol iemand krijgt, waar, en van wanneer tot en met wanneer."""

    def plaats(self) -> Plaats:
        """As the service takes it."""
        given = self.gegevens()
        return Plaats(given["organisatie_id"], given["rol"], given["van"], given.get("tot"), given.get("team_id"))


@extend(Query)
class Personeelsvragen:
    """Looking around in one's own organisation."""

    gebruikers = connection(Gebruiker, uitleg="De gebruikers van uw organisatie, op naam", order=("naam",))
    aanstellingen = connection(Aanstelling, uitleg="Wie er bij uw organisatie werkt of heeft gewerkt, op naam", order=("naam",))
    waarnemingen = connection(Waarneming, uitleg="Wie in uw organisatie het werk van een collega waarneemt", order=("-van",))


@extend(Gebruiker)
class Gebruikervelden:
    """What somebody is."""

    aanstellingen = related(Aanstelling, by="gebruiker_id", uitleg="De rollen van deze gebruiker, nieuwste eerst", order=("-van",))


@extend(Aanstelling)
class Aanstellingvelden:
    """Whose it is, for who may not see users."""

    @batch(
        UUID,
        requires=AANSTELLING_LEZEN,
        uitleg="Het nummer van de medewerker, om een rol of een waarneming te regelen",
        nodig=("gebruiker_id",),
    )
    @staticmethod
    def medewerker(aanstellingen: list[Row], lezer: Lezing) -> list[UUID]:
        """The id alone."""
        return [aanstelling.gebruiker_id for aanstelling in aanstellingen]


@extend(Mutation)
class Gebruikerswijzigingen:
    """Who works where, and who takes over."""

    @mutation(
        Aanstelling, requires=GEBRUIKERS_BEHEREN, uitleg="Geef iemand die zich zo aanmeldt een rol. Een nieuwe gebruiker ontstaat vanzelf"
    )
    @staticmethod
    def medewerker_aanstellen(
        werk: Work,
        issuer: str,
        onderwerp: str,
        naam: str,
        aanstelling: AanstellingInvoer,
        email: Annotated[str | None, "Het e-mailadres van het werk, voor wie er nog niet was"] = None,
    ) -> UUID:
        """`issuer` and `onderwerp` are iss and sub of the token. Whether the user was known is not told."""
        return neem_in_dienst(werk, issuer, onderwerp, naam, aanstelling.plaats(), email)

    @mutation(Aanstelling, requires=GEBRUIKERS_BEHEREN, uitleg="Geef een medewerker er een rol bij")
    @staticmethod
    def aanstelling_toevoegen(werk: Work, medewerker: UUID, aanstelling: AanstellingInvoer) -> UUID:
        """Another employment of a user whom the actor manages."""
        return stel_aan(werk, medewerker, aanstelling.plaats())

    @mutation(Aanstelling, requires=GEBRUIKERS_BEHEREN, uitleg="Wijzig hoe een medewerker bij de organisatie heet")
    @staticmethod
    def aanstelling_hernoemen(werk: Work, id: UUID, versie: int, naam: str) -> UUID:
        """The name at this organisation."""
        return hernoem(werk, id, versie, naam)

    @mutation(Aanstelling, requires=GEBRUIKERS_BEHEREN, uitleg="Beëindig een aanstelling na deze dag; zonder dag meteen")
    @staticmethod
    def aanstelling_beeindigen(werk: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
        """The next request is refused."""
        return beeindig(werk, id, versie, tot)

    @mutation(Gebruiker, requires=Gebruiker.lezen, uitleg="Wijzig de naam van een gebruiker. Stuur de versie mee die u las")
    @staticmethod
    def gebruiker_wijzigen(werk: Work, id: UUID, versie: int, naam: str) -> UUID:
        """The session asks the permission to write as well."""
        return wijzig(werk, id, versie, naam)

    @mutation(
        Gebruiker,
        requires=Gebruiker.lezen,
        uitleg="Wijzig het e-mailadres van het werk. Leeg: deze gebruiker krijgt geen e-mail. Stuur de versie mee",
    )
    @staticmethod
    def gebruiker_email_wijzigen(werk: Work, id: UUID, versie: int, email: str | None = None) -> UUID:
        """The session asks the permission to write as well."""
        return wijzig_email(werk, id, versie, email)

    @mutation(Waarneming, requires=Waarneming.schrijven, uitleg=_WAARNEMEN)
    @staticmethod
    def waarneming_regelen(werk: Work, afwezige: UUID, vervanger: UUID, organisatie: UUID, van: date, tot: date) -> UUID:
        """It ends by itself."""
        return neem_waar(werk, afwezige, vervanger, organisatie, van, tot)

    @mutation(Waarneming, requires=Waarneming.schrijven, uitleg="Beëindig een waarneming na deze dag; zonder dag meteen")
    @staticmethod
    def waarneming_beeindigen(werk: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
        """Earlier than agreed."""
        return beeindig_waarneming(werk, id, versie, tot)


PARTS = (Personeelsvragen, Gebruikervelden, Aanstellingvelden, Gebruikerswijzigingen)
