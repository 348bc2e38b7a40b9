"""Notes in a case: finding them, their versions, and writing them (domain.md 9.4)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, related
from wijkwerk_graphql.schema.lezing import Lezing, Row


@extend(Query)
class Notitievragen:
    """Finding notes."""

    @field(Notitie | None, requires=Notitie.lezen, uitleg="Een notitie uit een dossier waar u bij betrokken bent")
    @staticmethod
    def notitie(lezer: Lezing, id: UUID) -> Row | None:
        """One note, or nothing."""
        return lezer.een(Notitie, id)


@extend(Dossier)
class Dossiernotities:
    """The notes of a case."""

    notities = related(Notitie, by="dossier_id", uitleg="De notities in dit dossier, nieuwste eerst", order=("-geschreven",))


@extend(Notitie)
class Notitievelden:
    """A note's text is in its versions."""

    versies = related(Notitieversie, by="notitie_id", uitleg="De versies van deze notitie, nieuwste eerst", order=("-nummer",))


@extend(Mutation)
class Notitiewijzigingen:
    """Notes in a case."""

    @mutation(Notitie, requires=Notitie.schrijven, uitleg="Schrijf een notitie over een inwoner in een dossier")
    @staticmethod
    def notitie_schrijven(werk: Work, dossier: UUID, persoon: UUID, soort: Notitiesoort, tekst: str, deelbaar: bool = False) -> UUID:
        """A new note."""
        return schrijf(werk, dossier, persoon, soort, tekst, deelbaar=deelbaar)

    @mutation(Notitie, requires=Notitie.schrijven, uitleg="Verbeter een notitie met een nieuwe versie. Stuur de versie mee die u las")
    @staticmethod
    def notitie_corrigeren(werk: Work, notitie: UUID, versie: int, tekst: str) -> UUID:
        """A new version; the old one stays."""
        return corrigeer(werk, notitie, versie, tekst)


PARTS = (Notitievragen, Dossiernotities, Notitievelden, Notitiewijzigingen)
