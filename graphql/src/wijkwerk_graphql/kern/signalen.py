"""Worries about residents: of the team itself, of partners (who learn nothing), and the steps of the meldcode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Urgentie
from wijkwerk.contactgegevens import Contactsoort
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.signalen.afgeven import INVOER, Ontvangst, geef_af
from wijkwerk.signalen.afhandelen import leg_informeren_vast, onderzoek, rond_af
from wijkwerk.signalen.meldcode import Stapstand, doe_stap, stand
from wijkwerk.signalen.melden import Wie, meld
from wijkwerk.signalen.signaal import SIGNAAL_AFGEVEN, Meldcodestap, Meldcodestapsoort, Melder, Signaal, Signaalmelder, Signaalstatus
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst

_VERSIE = "Stuur de versie mee die u las"


@uitkomst(requires=Meldcodestap.lezen)
class Meldcodestand:
    """Of een stap van de meldcode is gedaan, en wanneer. De volgorde mag anders zijn."""

    stap: Annotated[Meldcodestapsoort, "Welke stap"]
    gedaan: Annotated[bool, "Of de stap is gedaan"]
    gedaan_op: Annotated[list[date], "Op welke dagen; een stap kan vaker worden gedaan"]


@uitkomst(requires=SIGNAAL_AFGEVEN)
class SignaalOntvangst:
    """Dat een signaal is ontvangen. Of de inwoner bekend is, krijgt u niet te zien."""

    uitkomst: Annotated[Ontvangst, "Of het signaal is ontvangen, of dat u er te vaak een afgaf"]
    melding: Annotated[str, "Wat u nu kunt doen"]
    opnieuw: Annotated[datetime | None, "Vanaf wanneer u weer een signaal mag afgeven, als u dat te vaak deed"]


@invoer(Persoon, velden=INVOER, verplicht=("geslachtsnaam",), requires=SIGNAAL_AFGEVEN)
class SignaalOverInvoer(Invoer):
    """Over wie u zich zorgen maakt, zoals u diegene kent. Vul bij een onbekende achternaam een punt in."""


@filterinvoer(Signaal)
class SignalenFilter(Invoer):
    """Welke signalen u wilt zien."""

    status = Zoekveld("status", "een_van", uitleg="Waar het signaal staat: een of meer", soort=list[Signaalstatus])


@extend(Query)
class Signaalvragen:
    """Finding signals."""

    signalen = connection(
        Signaal, uitleg="Signalen over inwoners bij wie u betrokken bent, nieuwste eerst", order=("-ontvangen",), filters=SignalenFilter
    )

    @field(Signaal | None, requires=Signaal.lezen, uitleg="Een signaal over een inwoner bij wie u betrokken bent")
    @staticmethod
    def signaal(lezer: Lezing, id: UUID) -> Row | None:
        """One signal, or nothing."""
        return lezer.een(Signaal, id)


@extend(Persoon)
class Persoonssignalen:
    """Worries about a resident."""

    signalen = related(Signaal, by="persoon_id", uitleg="De signalen over deze inwoner, nieuwste eerst", order=("-ontvangen",))


@extend(Dossier)
class Dossiersignalen:
    """Worries in a case."""

    signalen = related(Signaal, by="kader_id", uitleg="De signalen in dit dossier, nieuwste eerst", order=("-ontvangen",))


@extend(Aanmelding)
class Aanmeldingsignalen:
    """Worries in a report."""

    signalen = related(Signaal, by="kader_id", uitleg="De signalen bij deze melding, nieuwste eerst", order=("-ontvangen",))


@extend(Signaal)
class Signaalvelden:
    """Who reported it, as far as may be seen, and the meldcode."""

    stappen = related(Meldcodestap, by="signaal_id", uitleg="De gedane stappen van de meldcode, oudste eerst", order=("gedaan_op",))

    @batch(
        Signaalmelder | None,
        requires=Signaalmelder.lezen,
        uitleg="Wie het signaal gaf; leeg als diegene niet bekend wil worden en u niet de casusregisseur bent",
    )
    @staticmethod
    def gemeld_door(signalen: list[Row], lezer: Lezing) -> list[Row | None]:
        """Of each signal its reporter."""
        return [found[0] if found else None for found in lezer.per_ouder(Signaalmelder, "signaal_id", [signaal.id for signaal in signalen])]

    @batch(list[Meldcodestand], requires=Meldcodestap.lezen, uitleg="De vijf stappen van de meldcode: welke zijn gedaan en wanneer")
    @staticmethod
    def meldcode(signalen: list[Row], lezer: Lezing) -> list[list[Meldcodestand]]:
        """A checklist."""
        found = stand(lezer.reader, [signaal.id for signaal in signalen])
        return [_standen(found[signaal.id]) for signaal in signalen]


@extend(Mutation)
class Signaalwijzigingen:
    """By professionals of the team."""

    @mutation(Signaal, requires=Signaal.schrijven, uitleg="Leg een zorg over een inwoner vast, in een dossier of bij een open melding")
    @staticmethod
    def signaal_melden(
        werk: Work,
        kader: Annotated[UUID, "Het dossier of de melding"],
        persoon: UUID,
        inhoud: Annotated[str, "Wat de zorg is: feiten, en waar die vandaan komen"],
        melder: Annotated[Melder, "Wie het signaal gaf; PROFESSIONAL zonder naam bent u zelf"],
        naam: Annotated[str | None, "De naam van de melder"] = None,
        bereikbaar: Annotated[str | None, "Hoe de melder te bereiken is"] = None,
        blijft_onbekend: Annotated[bool, "Of de melder niet bekend wil worden: dan ziet alleen de casusregisseur wie het is"] = False,
    ) -> UUID:
        """The casusregisseur or the team gets a task."""
        return meld(werk, kader, persoon, inhoud, Wie(soort=melder, naam=naam, bereikbaar=bereikbaar, blijft_onbekend=blijft_onbekend))

    @mutation(Signaal, requires=Signaal.schrijven, uitleg=f"Neem een signaal in onderzoek. {_VERSIE}")
    @staticmethod
    def signaal_onderzoeken(werk: Work, signaal: UUID, versie: int) -> UUID:
        """Somebody looks into it."""
        return onderzoek(werk, signaal, versie)

    @mutation(
        Signaal, requires=Signaal.schrijven, uitleg=f"Leg vast wanneer de inwoner van het signaal hoorde, of waarom nog niet. {_VERSIE}"
    )
    @staticmethod
    def signaal_informeren(
        werk: Work,
        signaal: UUID,
        versie: int,
        op: Annotated[date | None, "Op welke dag de inwoner het hoorde"] = None,
        omdat: Annotated[str | None, "Waarom de inwoner het nog niet weet, bijvoorbeeld de veiligheid"] = None,
    ) -> UUID:
        """One of the two."""
        return leg_informeren_vast(werk, signaal, versie, op=op, omdat=omdat)

    @mutation(
        Signaal,
        requires=Signaal.schrijven,
        uitleg=f"Handel een signaal af: GEEN_ZORG of OPGEPAKT. Leg eerst vast of de inwoner het weet. {_VERSIE}",
    )
    @staticmethod
    def signaal_afronden(werk: Work, signaal: UUID, versie: int, status: Signaalstatus, uitkomst: str) -> UUID:
        """With what came of it."""
        return rond_af(werk, signaal, versie, status, uitkomst)

    @mutation(
        list[Meldcodestand],
        requires=Meldcodestap.schrijven,
        uitleg="Leg vast dat u een stap van de meldcode deed. De volgorde is vrij. U krijgt alle stappen terug. Er gaat niets naar anderen",
    )
    @staticmethod
    def meldcodestap_vastleggen(
        werk: Work,
        signaal: UUID,
        stap: Meldcodestapsoort,
        gedaan_op: date,
        toelichting: Annotated[str | None, "Wat eruit kwam"] = None,
        veilig_thuis_gemeld: Annotated[bool | None, "Alleen bij BESLISSEN: of er bij Veilig Thuis is gemeld"] = None,
        hulp_georganiseerd: Annotated[bool | None, "Alleen bij BESLISSEN: of er zelf hulp is georganiseerd"] = None,
    ) -> list[Meldcodestand]:
        """The checklist after it."""
        doe_stap(
            werk, signaal, stap, gedaan_op, toelichting=toelichting, veilig_thuis_gemeld=veilig_thuis_gemeld,
            hulp_georganiseerd=hulp_georganiseerd,
        )  # fmt: skip
        werk.flush()
        return _standen(stand(werk.reader, [signaal])[signaal])


@extend(Mutation)
class Signaalafgifte:
    """By partners."""

    @mutation(
        SignaalOntvangst,
        requires=SIGNAAL_AFGEVEN,
        uitleg="Geef een zorg over een inwoner door aan een wijkteam. Het antwoord is altijd hetzelfde, of de inwoner bekend is of niet",
    )
    @staticmethod
    def signaal_afgeven(
        werk: Work,
        team: Annotated[UUID, "Welk wijkteam"],
        over: SignaalOverInvoer,
        inhoud: Annotated[str, "Wat de zorg is: feiten, en waar die vandaan komen"],
        telefoonnummer: Annotated[str | None, "Van de inwoner"] = None,
        emailadres: Annotated[str | None, "Van de inwoner"] = None,
        inwoner_weet_ervan: Annotated[bool | None, "Of de inwoner weet dat u dit doorgeeft; leeg als dat niet is gevraagd"] = None,
        urgentie: Annotated[Urgentie, "Hoe snel iemand moet kijken; bel bij gevaar 112"] = Urgentie.NORMAAL,
        bereikbaar: Annotated[str | None, "Hoe het wijkteam u kan bereiken"] = None,
        blijft_onbekend: Annotated[bool, "Of u niet bekend wilt worden: dan ziet alleen de casusregisseur wie u bent"] = False,
    ) -> SignaalOntvangst:
        """Whoever it is about, the same."""
        given = ((Contactsoort.TELEFOON, telefoonnummer), (Contactsoort.EMAIL, emailadres))
        found = geef_af(
            werk, team, over.gegevens(), inhoud, bereikbaar=bereikbaar, blijft_onbekend=blijft_onbekend,
            contactgegevens=[{"soort": soort, "waarde": waarde} for soort, waarde in given if waarde is not None],
            melding={"client_op_de_hoogte": inwoner_weet_ervan, "urgentie": urgentie},
        )  # fmt: skip
        return SignaalOntvangst(uitkomst=found.uitkomst, melding=found.melding, opnieuw=found.opnieuw)


def _standen(stappen: Sequence[Stapstand]) -> list[Meldcodestand]:
    return [Meldcodestand(stap=each.stap, gedaan=bool(each.gedaan_op), gedaan_op=list(each.gedaan_op)) for each in stappen]


PARTS = (
    Signaalvragen, Persoonssignalen, Dossiersignalen, Aanmeldingsignalen, Signaalvelden, Signaalwijzigingen, Signaalafgifte,
)  # fmt: skip
