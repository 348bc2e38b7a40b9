"""For oversight: the access log by pseudonym, and counts without persons (domain.md 2.5, 3.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from wijkwerk.toezicht.inzagelog import LOG_LEZEN, bekijk
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.query import Cursor, LogRij
from wijkwerk.tellingen import TELLINGEN, TELLINGEN_LEZEN, tel
from wijkwerk_graphql.schema.connection import PAGE
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.fields import Query, extend, field, page_size
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

MAX_REGELS = 100
"""An entry names everybody it showed: a page of entries weighs more than one of residents."""


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
class InzageRegel:
    """Een regel uit het inzagelog: wie, wanneer, waarvoor en over wie."""

    tijdstip: Annotated[datetime, "Wanneer het gebeurde"]
    gebeurtenis: Annotated[Gebeurtenis, "Wat er gebeurde"]
    resultaat: Annotated[Resultaat, "Hoe het afliep"]
    gebruiker: Annotated[UUID | None, "Wie het deed"]
    organisatie: Annotated[UUID | None, "Voor welke organisatie"]
    rollen: Annotated[list[str], "In welke rollen"]
    vervangt: Annotated[list[UUID], "Voor welke afwezige collega's het werk werd waargenomen"]
    activiteit: Annotated[str | None, "Voor welke verwerkingsactiviteit"]
    doelen: Annotated[list[str], "Voor welke doelen"]
    onderdeel: Annotated[str, "Welke vraag of wijziging het was"]
    code: Annotated[str | None, "De foutcode, als het niet lukte"]
    trace: Annotated[str, "Het kenmerk van het verzoek"]
    betrokkenen: Annotated[list[InzageBetrokkene], "Over welke inwoners het ging"]


@uitkomst(requires=LOG_LEZEN)
class InzagePagina:
    """Een pagina van het inzagelog, nieuwste eerst."""

    regels: Annotated[list[InzageRegel], "De regels"]
    volgende: Annotated[str | None, "De cursor voor de volgende pagina; leeg als er niet meer is"]


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
class Toezichtvragen:
    """What oversight and policy may ask."""

    @field(requires=LOG_LEZEN, uitleg="Het inzagelog van uw gemeente. Ook dit kijken wordt vastgelegd", gebeurtenis=Gebeurtenis.LOG_BEKEKEN)
    @staticmethod
    def inzagelog(
        lezer: Lezing,
        van: datetime,
        tot: datetime,
        persoon_pseudoniem: UUID | None = None,
        gebruiker: UUID | None = None,
        gebeurtenis: Gebeurtenis | None = None,
        resultaat: Resultaat | None = None,
        first: int = PAGE,
        after: str | None = None,
    ) -> InzagePagina:
        """A page of the log. One more than asked tells whether there is a next one."""
        zegel = Zegel.of(lezer.reader, LogRij.__name__, ("-tijdstip", "-stroom", "-seq"))
        size = page_size(first, MAX_REGELS)
        found = bekijk(
            lezer.reader, van, tot, pseudoniem=persoon_pseudoniem, gebruiker=gebruiker, gebeurtenis=gebeurtenis, resultaat=resultaat,
            after=None if after is None else Cursor(*zegel.open(after)), first=size + 1,
        )  # fmt: skip
        volgende = zegel.seal(found[size - 1].cursor) if len(found) > size else None
        return InzagePagina(regels=[_regel(rij.inhoud) for rij in found[:size]], volgende=volgende)

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


def _regel(inhoud: dict[str, Any]) -> InzageRegel:
    return InzageRegel(
        tijdstip=datetime.fromisoformat(inhoud["tijdstip"]),
        gebeurtenis=Gebeurtenis(inhoud["gebeurtenis"]),
        resultaat=Resultaat(inhoud["resultaat"]),
        gebruiker=_id(inhoud.get("gebruiker")),
        organisatie=_id(inhoud.get("organisatie")),
        rollen=inhoud.get("rollen", []),
        vervangt=[UUID(hex=id) for id in inhoud.get("vervangt", [])],
        activiteit=inhoud.get("activiteit"),
        doelen=inhoud.get("doelen", []),
        onderdeel=inhoud.get("onderdeel", ""),
        code=inhoud.get("code"),
        trace=inhoud.get("trace", ""),
        betrokkenen=[_betrokkene(each) for each in inhoud.get("betrokkenen", [])],
    )


def _betrokkene(inhoud: dict[str, Any]) -> InzageBetrokkene:
    getoond = [
        InzageGetoond(soort=soort, categorieen=categorieen, velden=velden, betrokkenheden=[UUID(hex=each) for each in deuren])
        for soort, categorieen, velden, deuren in inhoud["getoond"]
    ]
    return InzageBetrokkene(pseudoniem=UUID(hex=inhoud["ref"]), getoond=getoond)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(hex=text)
