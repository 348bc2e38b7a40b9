"""Break-glass: whether it is possible and what runs, opening and ending one, the crisis note, and judging (domain.md 3.6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from wijkwerk.access.permissions import PUBLIC
from wijkwerk.noodtoegang.beoordelen import beoordeel
from wijkwerk.noodtoegang.crisisnotitie import schrijf_crisisnotitie
from wijkwerk.noodtoegang.eigen import eigen_lopende, sluit
from wijkwerk.noodtoegang.noodtoegang import NOODTOEGANG_BEOORDELEN, Noodoordeel, Noodpoging, Noodreden, Noodtoegang
from wijkwerk.noodtoegang.openen import GEOPEND, NietMogelijk, mag_openen, open_noodtoegang
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.zoeken.kenmerken import Kenmerken
from wijkwerk_graphql.kern.kenmerken import los_gevraagd
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import gelezen, uitkomst


class Nooduitkomst(StrEnum):
    """What is answered. LIEP_AL: it was open, and does not last longer."""

    GEOPEND = "GEOPEND"
    LIEP_AL = "LIEP_AL"
    NIET_MOGELIJK = "NIET_MOGELIJK"
    TE_VAAK_GEVRAAGD = "TE_VAAK_GEVRAAGD"


@uitkomst(requires=Noodpoging.schrijven)
class NoodtoegangAntwoord:
    """Of u een inwoner in nood mag bekijken, en tot wanneer."""

    uitkomst: Annotated[Nooduitkomst, "Of de noodtoegang open is"]
    melding: Annotated[str, "Wat u nu kunt doen"]
    nummer: Annotated[UUID | None, "Het nummer van de noodtoegang"]
    persoon: Annotated[Persoon | None, "De inwoner"]
    tot: Annotated[datetime | None, "Tot wanneer u de inwoner kunt bekijken"]
    opnieuw: Annotated[datetime | None, "Vanaf wanneer u dit weer mag vragen, als u het te vaak vroeg"]


@uitkomst(requires=PUBLIC)
class LopendeNoodtoegang:
    """Een noodtoegang die u nu hebt."""

    nummer: Annotated[UUID, "Het nummer van de noodtoegang"]
    versie: Annotated[int, "Stuur dit mee als u de noodtoegang eerder beëindigt"]
    persoon: Annotated[UUID, "Het nummer van de inwoner"]
    tot: Annotated[datetime, "Tot wanneer u de inwoner kunt bekijken"]


@uitkomst(requires=PUBLIC)
class Noodmogelijkheden:
    """Of u noodtoegang kunt vragen, en welke u nu hebt."""

    mogelijk: Annotated[bool, "Of u met deze rol en voor deze activiteit noodtoegang kunt vragen"]
    redenen: Annotated[list[Noodreden], "Waaruit u een reden kiest"]
    minuten: Annotated[int, "Hoeveel minuten een noodtoegang duurt"]
    lopend: Annotated[list[LopendeNoodtoegang], "Wat u nu open hebt"]


@filterinvoer(Noodtoegang)
class NoodtoegangenFilter(Invoer):
    """Welke noodtoegangen u wilt zien."""

    beoordeeld = Zoekveld("beoordeeld")
    reden = Zoekveld("reden")


@extend(Query)
class Noodvragen:
    """For who may open one, and for who judges."""

    noodtoegangen = connection(
        Noodtoegang, uitleg="Noodtoegangen bij inwoners van uw team of die uw team beoordeelt; wat nog beoordeeld moet worden staat voorop",
        order=("beoordeeld", "beoordelen_voor"), filters=NoodtoegangenFilter, requires=NOODTOEGANG_BEOORDELEN,
    )  # fmt: skip

    @field(Noodtoegang | None, requires=Noodtoegang.lezen, uitleg="Een noodtoegang bij een inwoner bij wie u betrokken bent")
    @staticmethod
    def noodtoegang(lezer: Lezing, id: UUID) -> Row | None:
        """One, or nothing."""
        return lezer.een(Noodtoegang, id)

    @field(requires=PUBLIC, uitleg="Of u noodtoegang kunt vragen, waarvoor en hoe lang, en welke u nu hebt")
    @staticmethod
    def noodtoegang_mogelijkheden(lezer: Lezing) -> Noodmogelijkheden:
        """What a client has to know beforehand, and until when one lasts."""
        actor, reader = lezer.actor, lezer.reader
        mogelijk = actor.may(Noodpoging.schrijven.naam) and mag_openen(actor.rollen, actor.doelen)
        lopend = eigen_lopende(reader) if mogelijk else []
        return Noodmogelijkheden(
            mogelijk=mogelijk, redenen=list(Noodreden) if mogelijk else [], minuten=reader.grenzen.nood_minuten,
            lopend=[LopendeNoodtoegang(nummer=rij.id, versie=rij.versie, persoon=rij.persoon_id, tot=rij.tot) for rij in lopend],
        )  # fmt: skip


@extend(Persoon)
class Persoonsnoodtoegangen:
    """Who looked at a resident; for the resident as well."""

    noodtoegangen = related(
        Noodtoegang, by="persoon_id", uitleg="Wanneer iemand deze inwoner in nood bekeek en waarom, nieuwste eerst", order=("-van",)
    )


@extend(Noodtoegang)
class Noodtoegangvelden:
    """In words for the resident."""

    @batch(str, requires=Noodtoegang.lezen, uitleg="De functie van de medewerker", nodig=("rol",))
    @staticmethod
    def functie(noodtoegangen: list[Row], lezer: Lezing) -> list[str]:
        """The name of the role."""
        rollen = lezer.reader.catalogue.rollen
        return [rollen[rij.rol].naam if rij.rol in rollen else rij.rol for rij in noodtoegangen]


@extend(Mutation)
class Noodwijzigingen:
    """By who looks."""

    @mutation(
        NoodtoegangAntwoord,
        requires=Noodpoging.schrijven,
        uitleg="Bekijk in nood één inwoner bij wie u niet betrokken bent. Anderen horen dit direct, en een ander beoordeelt het. "
        "Geef de achternaam met de geboortedatum, of twee van adres, telefoon of e-mail, en BSN",
    )
    @staticmethod
    @los_gevraagd
    def noodtoegang_openen(
        werk: Work,
        reden: Noodreden,
        toelichting: Annotated[str, "Waarom het niet kan wachten, in ten minste 20 tekens"],
        kenmerken: Kenmerken,
        dossier: Annotated[UUID | None, "Om welk dossier het gaat, als u dat weet"] = None,
    ) -> NoodtoegangAntwoord:
        """All that is given has to fit one and the same resident."""
        found = open_noodtoegang(werk, kenmerken, reden, toelichting, dossier=dossier)
        if isinstance(found, NietMogelijk):
            code = Nooduitkomst.TE_VAAK_GEVRAAGD if found.opnieuw else Nooduitkomst.NIET_MOGELIJK
            return NoodtoegangAntwoord(uitkomst=code, melding=found.melding, nummer=None, persoon=None, tot=None, opnieuw=found.opnieuw)
        return NoodtoegangAntwoord(
            uitkomst=Nooduitkomst.LIEP_AL if found.liep_al else Nooduitkomst.GEOPEND, melding=GEOPEND, nummer=found.noodtoegang,
            persoon=gelezen(found.persoon), tot=found.tot, opnieuw=None,
        )  # fmt: skip

    @mutation(UUID, requires=Noodpoging.schrijven, uitleg="Beëindig uw noodtoegang eerder. Stuur de versie mee die u las")
    @staticmethod
    def noodtoegang_sluiten(werk: Work, noodtoegang: UUID, versie: int) -> UUID:
        """Its number: who ends it sees nothing of it any more."""
        return sluit(werk, noodtoegang, versie)

    @mutation(
        UUID,
        requires=Noodpoging.schrijven,
        uitleg="Schrijf een notitie in het open dossier van de inwoner, zolang uw noodtoegang loopt. U ziet de notitie daarna niet meer",
    )
    @staticmethod
    def crisisnotitie_schrijven(werk: Work, noodtoegang: UUID, tekst: str) -> UUID:
        """Its number."""
        return schrijf_crisisnotitie(werk, noodtoegang, tekst)

    @mutation(
        UUID,
        requires=NOODTOEGANG_BEOORDELEN,
        uitleg="Zeg of een noodtoegang van een ander terecht was, en waarom. Dat kan één keer. Stuur de versie mee die u las",
    )
    @staticmethod
    def noodtoegang_beoordelen(
        werk: Work, noodtoegang: UUID, versie: int, oordeel: Noodoordeel, omdat: Annotated[str, "Waarom u dit vindt"]
    ) -> UUID:
        """Its number: who judged for another team does not see it any more."""
        return beoordeel(werk, noodtoegang, versie, oordeel, omdat)


PARTS = (Noodvragen, Persoonsnoodtoegangen, Noodtoegangvelden, Noodwijzigingen)
