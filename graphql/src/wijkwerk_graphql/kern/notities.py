"""Notes in a case: finding them, what they say, and writing them (domain.md 9.4)."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, TypeAlias
from uuid import UUID

from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.notities.aanvullen import vul_aan
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.lezers import laat_lezen, laat_niet_meer_lezen
from wijkwerk.notities.notitie import Aanvulling, Informatiebron, Notitie, Notitielezer, Notitiesoort, Notitieversie
from wijkwerk.notities.redigeren import redigeer
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.notities.verklaring import VERKLAREN, EigenVerklaring, verklaar_zelf
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.schema.lezing import Lezing, Row

Feiten: TypeAlias = Annotated[str, "De feiten: wat er is gezien, gehoord of afgesproken"]
Oordeel: TypeAlias = Annotated[str | None, "Wat u ervan vindt, los van de feiten"]
Bron: TypeAlias = Annotated[Informatiebron, "Waar dit vandaan komt; ONBEKEND staat alleen bij notities van vroeger"]
BronNaam: TypeAlias = Annotated[str | None, "Wie het vertelde. Bij ANDERS is dit verplicht"]
OokOver: TypeAlias = Annotated[list[UUID] | None, "Over welke andere inwoners van het dossier de notitie ook gaat"]
Deelbaar: TypeAlias = Annotated[bool, "Of een zorgpartner haar met toestemming mag lezen"]


@extend(Query)
class Notitievragen:
    """Finding notes."""

    @field(Notitie | None, requires=Notitie.lezen, uitleg="Een notitie uit een dossier waar u bij betrokken bent")
    @staticmethod
    def notitie(lezer: Lezing, id: UUID) -> Row | None:
        """One note, or nothing."""
        return lezer.een(Notitie, id)


@extend(Query)
class Verklaringvragen:
    """By residents."""

    mijn_verklaringen = connection(EigenVerklaring, uitleg="Wat u zelf hebt verklaard, nieuwste eerst", order=("-geschreven",))


@extend(Dossier)
class Dossiernotities:
    """The notes of a case."""

    notities = related(
        Notitie, by="dossier_id", order=("-geschreven",),
        uitleg="De notities in dit dossier, nieuwste eerst. Een notitie over meer inwoners staat er bij elk van hen, met dezelfde groepId",
    )  # fmt: skip


@extend(Notitie)
class Notitievelden:
    """A note's text is in its versions and additions."""

    versies = related(Notitieversie, by="notitie_id", uitleg="De versies van deze notitie, nieuwste eerst", order=("-nummer",))
    aanvullingen = related(
        Aanvulling, by="notitie_id", uitleg="Wat later bij deze notitie is geschreven, oudste eerst", order=("geschreven",)
    )
    lezers = related(
        Notitielezer, by="notitie_id", uitleg="Wie een strikte notitie mag lezen, naast de casusregisseur", order=("geschreven",)
    )
    redacties = related(
        Notitie, by="redactie_van_id", order=("-geschreven",),
        uitleg="Wat van deze notitie alleen over deze inwoner gaat, voor wie de anderen niet mag zien",
    )  # fmt: skip

    @batch(list[Persoon], requires=Persoon.lezen, uitleg="Alle inwoners over wie deze notitie gaat", nodig=("groep_id",))
    @staticmethod
    def gaat_over(notities: list[Row], lezer: Lezing) -> list[list[Row]]:
        """Who sees the note sees each of them."""
        samen = lezer.reader.by_key(Notitie, ("persoon_id",), "groep_id", {notitie.groep_id for notitie in notities})
        personen = lezer.bij_id(Persoon, [rij.persoon_id for rij in samen], roster=True)
        per_groep: dict[UUID, dict[UUID, Row]] = defaultdict(dict)
        for rij, persoon in zip(samen, personen, strict=True):
            if persoon is not None:  # who was merged out of two of them is one
                per_groep[rij.groep_id][persoon.id] = persoon
        return [list(per_groep[notitie.groep_id].values()) for notitie in notities]


@extend(Mutation)
class Notitiewijzigingen:
    """Writing notes."""

    @mutation(
        Notitie,
        requires=Notitie.schrijven,
        herhaalbaar=True,
        uitleg="Schrijf een notitie over een inwoner in een dossier, of over meer inwoners",
    )
    @staticmethod
    def notitie_schrijven(
        werk: Work,
        dossier: UUID,
        persoon: UUID,
        soort: Annotated[Notitiesoort, "Wat voor notitie. EIGEN_VERKLARING: wat de inwoner u laat opschrijven, zonder oordeel"],
        tekst: Feiten,
        bron: Bron,
        oordeel: Oordeel = None,
        bron_naam: BronNaam = None,
        ook_over: OokOver = None,
        deelbaar: Deelbaar = False,
    ) -> UUID:
        """A new note; the row of the resident named first."""
        inhoud = Inhoud(tekst, bron, oordeel, bron_naam)
        return schrijf(werk, dossier, persoon, soort, inhoud, ook_over=ook_over or (), deelbaar=deelbaar)

    @mutation(
        Notitie,
        requires=Notitie.schrijven,
        herhaalbaar=True,
        uitleg="Verbeter een notitie met een nieuwe versie. Stuur de versie mee die u las",
    )
    @staticmethod
    def notitie_corrigeren(
        werk: Work, notitie: UUID, versie: int, tekst: Feiten, bron: Bron, oordeel: Oordeel = None, bron_naam: BronNaam = None
    ) -> UUID:
        """A new version; the old one stays."""
        return corrigeer(werk, notitie, versie, Inhoud(tekst, bron, oordeel, bron_naam))

    @mutation(Notitie, requires=Notitie.schrijven, herhaalbaar=True, uitleg="Schrijf iets bij een notitie. Wat er stond, blijft staan")
    @staticmethod
    def notitie_aanvullen(
        werk: Work, notitie: UUID, tekst: Feiten, bron: Bron, oordeel: Oordeel = None, bron_naam: BronNaam = None
    ) -> UUID:
        """An addition."""
        return vul_aan(werk, notitie, Inhoud(tekst, bron, oordeel, bron_naam))

    @mutation(
        Notitie,
        requires=Notitie.schrijven,
        herhaalbaar=True,
        uitleg="Schrijf wat van een notitie over meer inwoners alleen over deze inwoner gaat, voor wie de anderen niet mag zien",
    )
    @staticmethod
    def notitie_redigeren(
        werk: Work,
        notitie: Annotated[UUID, "De notitie, zoals ze bij deze inwoner staat"],
        tekst: Feiten,
        bron: Bron,
        oordeel: Oordeel = None,
        bron_naam: BronNaam = None,
    ) -> UUID:
        """A note of its own."""
        return redigeer(werk, notitie, Inhoud(tekst, bron, oordeel, bron_naam))


@extend(Mutation)
class Lezerwijzigingen:
    """By the casusregisseur."""

    @mutation(
        Notitie,
        requires=Notitielezer.schrijven,
        uitleg="Laat een collega een strikte notitie lezen. Die collega moet zelf bij het dossier betrokken zijn",
        herhaalbaar=True,
    )
    @staticmethod
    def notitie_lezer_toevoegen(werk: Work, notitie: UUID, gebruiker: UUID) -> UUID:
        """Named."""
        return laat_lezen(werk, notitie, gebruiker)

    @mutation(Notitie, requires=Notitielezer.schrijven, uitleg="Laat een collega een strikte notitie niet meer lezen", herhaalbaar=True)
    @staticmethod
    def notitie_lezer_verwijderen(werk: Work, notitie: UUID, gebruiker: UUID) -> UUID:
        """No longer named."""
        return laat_niet_meer_lezen(werk, notitie, gebruiker)


@extend(Mutation)
class Verklaringwijzigingen:
    """By residents."""

    @mutation(
        EigenVerklaring,
        requires=VERKLAREN,
        uitleg="Laat uw eigen verklaring in uw dossier zetten, zoals u haar schrijft. Het wijkteam leest haar",
        herhaalbaar=True,
    )
    @staticmethod
    def mijn_verklaring_toevoegen(werk: Work, dossier: UUID, tekst: Annotated[str, "Wat u wilt verklaren, in uw eigen woorden"]) -> UUID:
        """What the resident reads of it: the note itself is not in the own view."""
        return verklaar_zelf(werk, dossier, tekst)


PARTS = (Notitievragen, Verklaringvragen, Dossiernotities, Notitievelden, Notitiewijzigingen, Lezerwijzigingen, Verklaringwijzigingen)
