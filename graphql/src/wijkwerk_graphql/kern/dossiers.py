"""Cases, their residents and their notes."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from wijkwerk.dossiers.dossier import Dossier, Dossierlid
from wijkwerk.notities import Notitie, Notitieversie
from wijkwerk.personen import Persoon
from wijkwerk.toestemmingen import Toestemming
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Query, batch, extend, field, related
from wijkwerk_graphql.schema.lezing import Lezing, Row


@extend(Query)
class Dossiervragen:
    """Finding cases."""

    dossiers = connection(Dossier, uitleg="Dossiers waar u bij betrokken bent, nieuwste eerst", order=("-geopend",))

    @field(Dossier | None, requires=Dossier.lezen, uitleg="Een dossier waar u bij betrokken bent")
    @staticmethod
    def dossier(lezer: Lezing, id: UUID) -> Row | None:
        """One case, or nothing."""
        return lezer.een(Dossier, id)

    @field(Notitie | None, requires=Notitie.lezen, uitleg="Een notitie uit een dossier waar u bij betrokken bent")
    @staticmethod
    def notitie(lezer: Lezing, id: UUID) -> Row | None:
        """One note, or nothing."""
        return lezer.een(Notitie, id)


@extend(Dossier)
class Dossiervelden:
    """What is in a case."""

    notities = related(Notitie, by="dossier_id", uitleg="De notities in dit dossier, nieuwste eerst", order=("-geschreven",))
    toestemmingen = related(Toestemming, by="dossier_id", uitleg="De toestemmingen in dit dossier", order=("-gegeven_op",))

    @batch(list[Persoon], requires=Persoon.lezen, uitleg="De inwoners over wie dit dossier gaat")
    @staticmethod
    def leden(dossiers: list[Row], lezer: Lezing) -> list[list[Row]]:
        """Through membership. It is a roster: who asked for secrecy is not in it for outsiders."""
        leden = lezer.reader.by_key(Dossierlid, ("persoon_id",), "dossier_id", [dossier.id for dossier in dossiers])
        per_dossier: dict[UUID, list[Row]] = defaultdict(list)
        for lid, persoon in zip(leden, lezer.bij_id(Persoon, [lid.persoon_id for lid in leden], roster=True), strict=True):
            if persoon is not None and persoon not in per_dossier[lid.dossier_id]:  # who was merged out of two members is one
                per_dossier[lid.dossier_id].append(persoon)
        return [per_dossier[dossier.id] for dossier in dossiers]


@extend(Notitie)
class Notitievelden:
    """A note's text is in its versions."""

    versies = related(Notitieversie, by="notitie_id", uitleg="De versies van deze notitie, nieuwste eerst", order=("-nummer",))
