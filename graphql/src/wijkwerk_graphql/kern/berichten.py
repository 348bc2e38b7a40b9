"""Messages: what residents were sent and what became of it, the outbox without persons, and one's own notices."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.personen import Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.notificeren import alles_gelezen, gelezen
from wijkwerk.post.overzicht import bezorging
from wijkwerk.post.sturen import trek_in
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing, Row

_ONBEKENDE_SOORT = "Er is iets gemeld."
"""For a notice of a plugin that is not there any more."""


@filterinvoer(Verzending)
class VerzendingenFilter(Invoer):
    """Welke e-mails u wilt zien of tellen."""

    status = Zoekveld("status")
    soort = Zoekveld("soort")


@filterinvoer(Notificatie)
class NotificatiesFilter(Invoer):
    """Welke meldingen u wilt zien of tellen."""

    ongelezen = Zoekveld("gelezen_op", "leeg", soort=bool, uitleg="Alleen ongelezen (ja) of alleen gelezen (nee)")


@extend(Persoon)
class Berichtenvelden:
    """What a resident was sent."""

    berichten = related(Bericht, by="persoon_id", uitleg="De berichten aan deze inwoner, nieuwste eerst", order=("-gemaakt_op",))


@extend(Bericht)
class Berichtvelden:
    """What became of a message."""

    @batch(Verzendstatus | None, requires=Bericht.lezen, uitleg="Wat er van de e-mail werd: of die wacht, verzonden is of terugkwam")
    @staticmethod
    def bezorging(berichten: list[Row], lezer: Lezing) -> list[Verzendstatus | None]:
        """All in one statement."""
        found = bezorging(lezer.reader, [bericht.id for bericht in berichten])
        return [found.get(bericht.id) for bericht in berichten]


@extend(Query)
class Berichtvragen:
    """The outbox and one's own notices."""

    verzendingen = connection(
        Verzending, uitleg="De e-mails van het systeem, zonder wie en zonder inhoud, nieuwste eerst", order=("-gemaakt_op",),
        filters=VerzendingenFilter,
    )  # fmt: skip
    mijn_notificaties = connection(
        Notificatie, uitleg="Uw meldingen, en die van wie u vervangt, nieuwste eerst", order=("-gemaakt_op",), filters=NotificatiesFilter
    )


@extend(Notificatie)
class Notificatievelden:
    """What a notice says, and whose it is."""

    @batch(str, requires=Notificatie.lezen, uitleg="Wat er gemeld wordt. Er staat nooit in over welke inwoner", nodig=("soort",))
    @staticmethod
    def tekst(notificaties: list[Row], lezer: Lezing) -> list[str]:
        """As its kind was declared."""
        soorten = lezer.reader.catalogue.berichtsoorten
        return [soorten[rij.soort].uitleg if rij.soort in soorten else _ONBEKENDE_SOORT for rij in notificaties]

    @batch(bool, requires=Notificatie.lezen, uitleg="Of deze melding voor een collega is die u vervangt", nodig=("partij_id",))
    @staticmethod
    def voor_collega(notificaties: list[Row], lezer: Lezing) -> list[bool]:
        """Only the actor's own and those of absent colleagues are seen."""
        return [rij.partij_id != lezer.actor.gebruiker for rij in notificaties]


@extend(Mutation)
class Berichtwijzigingen:
    """Withdrawing a message, and ticking notices off."""

    @mutation(Bericht, requires=Bericht.schrijven, uitleg="Trek een bericht in dat nog wacht. De bezorging zegt daarna of dat is gelukt")
    @staticmethod
    def bericht_intrekken(werk: Work, bericht: UUID) -> UUID:
        """What was sent stays sent."""
        trek_in(werk, bericht)
        return bericht

    @mutation(Notificatie, requires=Notificatie.lezen, uitleg="Vink een melding af als gelezen. Stuur de versie mee die u las")
    @staticmethod
    def notificatie_gelezen(werk: Work, id: UUID, versie: int) -> UUID:
        """One's own, or one of an absent colleague."""
        return gelezen(werk, id, versie)

    @mutation(
        int, requires=Notificatie.lezen, uitleg="Vink uw eigen meldingen af, hoogstens 500 tegelijk. U krijgt terug hoeveel het er waren"
    )
    @staticmethod
    def alles_gelezen(werk: Work) -> int:
        """Not those of who the actor stands in for."""
        return alles_gelezen(werk)


PARTS = (Berichtenvelden, Berichtvelden, Berichtvragen, Notificatievelden, Berichtwijzigingen)
