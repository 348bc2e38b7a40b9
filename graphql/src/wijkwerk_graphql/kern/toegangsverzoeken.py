"""Asking to be let in to a resident, without learning whether there is one; and for oversight, how often that is done."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from wijkwerk.partners.toegangsverzoek import Toegangsverzoek
from wijkwerk.partners.verzoeken import Verzoekuitkomst, vraag_toegang
from wijkwerk.records.session import Work
from wijkwerk.zoeken.kenmerken import Kenmerken
from wijkwerk_graphql.kern.kenmerken import los_gevraagd
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, mutation
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Toegangsverzoek.schrijven)
class VerzoekOmToegang:
    """Of uw verzoek is ontvangen. U leest hier niet of deze inwoner bekend is."""

    uitkomst: Annotated[Verzoekuitkomst, "Dat het verzoek is ontvangen, of dat u dit te vaak vroeg"]
    melding: Annotated[str, "Wat er nu gebeurt"]
    opnieuw: Annotated[datetime | None, "Vanaf wanneer u dit weer mag vragen, als u het te vaak vroeg"]


@extend(Query)
class Toegangsverzoekvragen:
    """Who counts them sees that somebody asked, never about whom."""

    toegangsverzoeken = connection(
        Toegangsverzoek,
        uitleg="Hoe vaak en in welke rol partners om toegang vroegen, nieuwste eerst. Om wie het ging, staat er niet bij",
        order=("-ontvangen_op",),
    )


@extend(Mutation)
class Toegangsverzoekwijzigingen:
    """A partner's request."""

    @mutation(
        VerzoekOmToegang,
        requires=Toegangsverzoek.schrijven,
        uitleg="Vraag om toegang tot een inwoner. Geef de achternaam met de geboortedatum, of twee van adres, telefoon of e-mail, en BSN. "
        "Het antwoord is voor bekende en onbekende inwoners hetzelfde",
    )
    @staticmethod
    @los_gevraagd
    def verzoek_om_toegang(
        werk: Work,
        toelichting: Annotated[str, "Waarom u deze inwoner wilt helpen. De casusregisseur leest dit"],
        rol: Annotated[str | None, "In welke rol u dit vraagt; alleen nodig als u er meer hebt"] = None,
        *,
        kenmerken: Kenmerken,
    ) -> VerzoekOmToegang:
        """`rol`: in which role the partner asks; needed for who has more than one."""
        found = vraag_toegang(werk, kenmerken, toelichting, rol)
        return VerzoekOmToegang(uitkomst=found.uitkomst, melding=found.melding, opnieuw=found.opnieuw)


PARTS = (Toegangsverzoekvragen, Toegangsverzoekwijzigingen)
