"""The access log for oversight, by pseudonym (domain.md 3.7). To look at it is itself in it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from wijkwerk.log.entry import Actie, Gebeurtenis, Resultaat
from wijkwerk.log.query import MEESTE, Cursor, LogRij
from wijkwerk.toezicht.inzagelog import LOG_LEZEN, Inzagefilter, bekijk, hoeveel
from wijkwerk.toezicht.missers import Bestond, Misser, missers
from wijkwerk_graphql.schema.connection import PAGE
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.fields import Query, extend, field, page_size
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

MAX_REGELS = 100
"""An entry names everybody it showed: a page of entries weighs more than one of residents."""
CURSOR = ("-tijdstip", "-stroom", "-seq")
"""The order of the log, for the seal of its cursors."""


@uitkomst(requires=LOG_LEZEN)
class InzageGetoond:
    """Wat er van een inwoner is getoond of gewijzigd, en wat dat toestond."""

    soort: Annotated[str, "Het soort gegeven"]
    categorieen: Annotated[list[str], "De soorten persoonsgegevens"]
    velden: Annotated[list[str], "De namen van de velden, nooit de inhoud"]
    betrokkenheden: Annotated[list[UUID], "De betrokkenheden die het toestonden"]


@uitkomst(requires=LOG_LEZEN)
class InzageBetrokkene:
    """Een inwoner in het log, onder pseudoniem."""

    pseudoniem: Annotated[UUID, "Het pseudoniem van de inwoner"]
    getoond: Annotated[list[InzageGetoond], "Wat er is getoond of gewijzigd"]


@uitkomst(requires=LOG_LEZEN)
class InzageDeur:
    """Waardoor iemand bij gegevens kon: een betrokkenheid, zoals die toen was."""

    betrokkenheid: Annotated[UUID, "Het nummer van de betrokkenheid"]
    bron: Annotated[str, "Wat de betrokkenheid maakte, zoals een dossier of een noodtoegang"]
    bronnummer: Annotated[UUID, "Het nummer van dat dossier, die noodtoegang of zo"]
    grondslag: Annotated[str, "De grondslag, met de versie"]
    toestemming: Annotated[UUID | None, "Het nummer van de toestemming, als die nodig was"]


@uitkomst(requires=LOG_LEZEN)
class InzageBijzonderheid:
    """Wat er verder in een regel staat, zoals waarop is gezocht."""

    naam: Annotated[str, "Waar het over gaat"]
    waarde: Annotated[str, "Wat er staat"]


@uitkomst(requires=LOG_LEZEN)
class InzageRegel:
    """Een regel uit het inzagelog: wie, wanneer, waarvoor en over wie."""

    stroom: Annotated[UUID, "In welke stroom van het log de regel staat"]
    nummer: Annotated[int, "De hoeveelste regel van die stroom het is"]
    tijdstip: Annotated[datetime, "Wanneer het gebeurde"]
    einde: Annotated[datetime | None, "Wanneer het klaar was"]
    gebeurtenis: Annotated[Gebeurtenis, "Wat er gebeurde"]
    actie: Annotated[Actie, "Wat voor handeling het was, met de letter van NEN 7513"]
    resultaat: Annotated[Resultaat, "Hoe het afliep"]
    code: Annotated[str | None, "De foutcode, als het niet lukte"]
    gebruiker: Annotated[UUID | None, "Wie het deed"]
    organisatie: Annotated[UUID | None, "Voor welke organisatie"]
    rollen: Annotated[list[str], "In welke rollen"]
    vervangt: Annotated[list[UUID], "Voor welke afwezige collega's het werk werd waargenomen"]
    netwerkadres: Annotated[str | None, "Vanaf welk netwerkadres"]
    activiteit: Annotated[str | None, "Voor welke verwerkingsactiviteit"]
    doelen: Annotated[list[str], "Voor welke doelen"]
    beleid: Annotated[str | None, "Het kenmerk van het beleid dat toen gold"]
    onderdeel: Annotated[str, "Welke vraag of wijziging het was"]
    trace: Annotated[str, "Het kenmerk van het verzoek"]
    span: Annotated[str, "Het kenmerk van deze handeling in dat verzoek"]
    ouder: Annotated[str | None, "Het kenmerk van de handeling van wie ons aanriep"]
    betrokkenen: Annotated[list[InzageBetrokkene], "Over welke inwoners het ging"]
    toegang: Annotated[list[InzageDeur], "Waardoor iemand bij deze gegevens kon"]
    gevraagd: Annotated[list[str], "Waarnaar is gevraagd zonder antwoord, versleuteld; `missers` zoekt uit of het bestond"]
    bijzonderheden: Annotated[list[InzageBijzonderheid], "Wat er verder in staat"]


@uitkomst(requires=LOG_LEZEN)
class InzagePagina:
    """Een pagina van het inzagelog, nieuwste eerst."""

    regels: Annotated[list[InzageRegel], "De regels"]
    volgende: Annotated[str | None, "De cursor voor de volgende pagina; leeg als er niet meer is"]
    aantal: Annotated[int | None, f"Hoeveel regels er in totaal zijn; er wordt niet verder geteld dan {MEESTE}"]
    meer_dan_aantal: Annotated[bool | None, f"Of het er meer zijn dan {MEESTE}"]


@uitkomst(requires=LOG_LEZEN)
class InzageMisser:
    """Een regel waarin naar iets is gevraagd zonder antwoord, en of het er toen was. Wat sindsdien is vernietigd, telt als niet."""

    regel: Annotated[InzageRegel, "De regel"]
    bestond: Annotated[int, "Hoeveel ervan er was, maar niet mocht worden gezien"]
    bestond_niet: Annotated[int, "Hoeveel ervan er niet was"]
    niet_te_zeggen: Annotated[int, "Hoeveel zich niet laat uitzoeken, zoals een gezochte naam"]


@uitkomst(requires=LOG_LEZEN)
class MisserPagina:
    """Een pagina met missers, nieuwste eerst."""

    missers: Annotated[list[InzageMisser], "De missers"]
    volgende: Annotated[str | None, "De cursor voor de volgende pagina; leeg als er niet meer is"]


@extend(Query)
class Inzagelogvragen:
    """What oversight may ask."""

    @field(requires=LOG_LEZEN, uitleg="Het inzagelog van uw gemeente. Ook dit kijken wordt vastgelegd", gebeurtenis=Gebeurtenis.LOG_BEKEKEN)
    @staticmethod
    def inzagelog(
        lezer: Lezing,
        van: Annotated[datetime, "Vanaf welk moment"],
        tot: Annotated[datetime, "Tot welk moment, dat zelf niet meetelt"],
        persoon_pseudoniem: Annotated[UUID | None, "Over welke inwoner; ook onder de pseudoniemen van wie is samengevoegd"] = None,
        gebruiker: Annotated[UUID | None, "Wie het deed"] = None,
        organisatie: Annotated[UUID | None, "Voor welke organisatie"] = None,
        gebeurtenis: Annotated[Gebeurtenis | None, "Wat er gebeurde"] = None,
        resultaat: Annotated[Resultaat | None, "Hoe het afliep"] = None,
        doel: Annotated[str | None, "Voor welk doel: een code uit `doelen`, ook een van vroeger"] = None,
        activiteit: Annotated[str | None, "Voor welke activiteit: een code uit `verwerkingsactiviteiten`, ook een van vroeger"] = None,
        van_het_systeem: Annotated[
            bool, "Regels die van geen gemeente zijn: beheer van het log, reservekopieën, aanmelden van onbekenden"
        ] = False,
        first: int = PAGE,
        after: str | None = None,
    ) -> InzagePagina:
        """A page of the log. One more than asked tells whether there is a next one; counting is done when it is asked."""
        gezocht = Inzagefilter(
            van=van, tot=tot, pseudoniem=persoon_pseudoniem, gebruiker=gebruiker, organisatie=organisatie, gebeurtenis=gebeurtenis,
            resultaat=resultaat, doel=doel, activiteit=activiteit, van_het_systeem=van_het_systeem,
        )  # fmt: skip
        zegel, size = Zegel.of(lezer.reader, LogRij.__name__, CURSOR), page_size(first, MAX_REGELS)
        found = bekijk(lezer.reader, gezocht, after=None if after is None else Cursor(*zegel.open(after)), first=size + 1)
        geteld = hoeveel(lezer.reader, gezocht) if {"aantal", "meer_dan_aantal"} & lezer.gekozen.velden else None
        return InzagePagina(
            regels=[regel_van(rij) for rij in found[:size]],
            volgende=zegel.seal(found[size - 1].cursor) if len(found) > size else None,
            aantal=None if geteld is None else min(geteld, MEESTE),
            meer_dan_aantal=None if geteld is None else geteld > MEESTE,
        )

    @field(
        requires=LOG_LEZEN, gebeurtenis=Gebeurtenis.LOG_BEKEKEN,
        uitleg="Zoek uit of er was waar iemand zonder antwoord naar vroeg. Dit vergelijkt met alle inwoners en duurt daarom langer",
    )  # fmt: skip
    @staticmethod
    def missers(
        lezer: Lezing,
        van: Annotated[datetime, "Vanaf welk moment"],
        tot: Annotated[datetime, "Tot welk moment, dat zelf niet meetelt"],
        gebruiker: Annotated[UUID | None, "Wie het vroeg"] = None,
        organisatie: Annotated[UUID | None, "Voor welke organisatie"] = None,
        resultaat: Annotated[Resultaat, "Hoe het afliep; bij een geweigerde wijziging GEWEIGERD"] = Resultaat.GEEN_RESULTAAT,
        first: int = PAGE,
        after: str | None = None,
    ) -> MisserPagina:
        """Counts alone: which resident it was is not told."""
        gezocht = Inzagefilter(van=van, tot=tot, gebruiker=gebruiker, organisatie=organisatie, resultaat=resultaat)
        zegel, size = Zegel.of(lezer.reader, LogRij.__name__, CURSOR), page_size(first, MAX_REGELS)
        found = missers(lezer.reader, gezocht, after=None if after is None else Cursor(*zegel.open(after)), first=size + 1)
        volgende = zegel.seal(found[size - 1].rij.cursor) if len(found) > size else None
        return MisserPagina(missers=[_misser(each) for each in found[:size]], volgende=volgende)


def _misser(misser: Misser) -> InzageMisser:
    telling = Counter(misser.gevraagd)
    return InzageMisser(
        regel=regel_van(misser.rij), bestond=telling[Bestond.BESTOND], bestond_niet=telling[Bestond.BESTOND_NIET],
        niet_te_zeggen=telling[Bestond.NIET_TE_ZEGGEN],
    )  # fmt: skip


def regel_van(rij: LogRij) -> InzageRegel:
    """An entry as an auditor sees it: all that is in it."""
    inhoud = rij.inhoud
    einde = inhoud.get("einde")
    return InzageRegel(
        stroom=rij.cursor.stroom,
        nummer=rij.cursor.seq,
        tijdstip=rij.cursor.tijdstip,
        einde=None if einde is None else datetime.fromisoformat(einde),
        gebeurtenis=Gebeurtenis(inhoud["gebeurtenis"]),
        actie=Actie(inhoud["actie"]),
        resultaat=Resultaat(inhoud["resultaat"]),
        gebruiker=_id(inhoud.get("gebruiker")),
        organisatie=_id(inhoud.get("organisatie")),
        vervangt=[UUID(hex=id) for id in inhoud.get("vervangt", [])],
        betrokkenen=[_betrokkene(each) for each in inhoud.get("betrokkenen", [])],
        toegang=[_deur(*each) for each in inhoud.get("toegang", [])],
        bijzonderheden=[InzageBijzonderheid(naam=naam, waarde=_tekst(waarde)) for naam, waarde in inhoud.get("details", {}).items()],
        **_zoals_het_staat(inhoud),
    )


def _zoals_het_staat(inhoud: dict[str, Any]) -> dict[str, Any]:
    """What needs no other form: an entry leaves out what is empty."""
    teksten = {naam: inhoud.get(naam, "") for naam in ("onderdeel", "trace", "span")}
    lijsten = {naam: inhoud.get(naam, []) for naam in ("rollen", "doelen", "gevraagd")}
    return {**{naam: inhoud.get(naam) for naam in ("code", "netwerkadres", "activiteit", "beleid", "ouder")}, **teksten, **lijsten}


def _betrokkene(inhoud: dict[str, Any]) -> InzageBetrokkene:
    getoond = [
        InzageGetoond(soort=soort, categorieen=categorieen, velden=velden, betrokkenheden=[UUID(hex=each) for each in deuren])
        for soort, categorieen, velden, deuren in inhoud["getoond"]
    ]
    return InzageBetrokkene(pseudoniem=UUID(hex=inhoud["ref"]), getoond=getoond)


def _deur(betrokkenheid: str, bron: str, bron_id: str, grondslag: str, toestemming: str | None) -> InzageDeur:
    return InzageDeur(
        betrokkenheid=UUID(hex=betrokkenheid), bron=bron, bronnummer=UUID(hex=bron_id), grondslag=grondslag, toestemming=_id(toestemming)
    )  # fmt: skip


def _tekst(waarde: object) -> str:
    return ", ".join(map(str, waarde)) if isinstance(waarde, list) else str(waarde)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(hex=text)


PARTS = (Inzagelogvragen,)
