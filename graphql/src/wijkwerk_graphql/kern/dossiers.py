"""Cases and their residents."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstap, Dossierstapsoort, Dossierstatus
from wijkwerk.dossiers.overdracht import Overdracht
from wijkwerk.dossiers.status import mogelijk
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import open_op
from wijkwerk.toestemmingen.toestemming import Toestemming
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Query, batch, extend, field, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing, Row


@filterinvoer(Dossier)
class DossiersFilter(Invoer):
    """Welke dossiers u wilt zien. Wat u invult, moet allemaal kloppen."""

    status = Zoekveld("status", "een_van", uitleg="Waar het dossier staat: een of meer", soort=list[Dossierstatus])
    team = Zoekveld("team_id")
    regisseur = Zoekveld("regisseur_id")


@extend(Query)
class Dossiervragen:
    """Finding cases."""

    dossiers = connection(Dossier, uitleg="Dossiers waar u bij betrokken bent, nieuwste eerst", order=("-geopend",), filters=DossiersFilter)

    @field(Dossier | None, requires=Dossier.lezen, uitleg="Een dossier waar u bij betrokken bent")
    @staticmethod
    def dossier(lezer: Lezing, id: UUID) -> Row | None:
        """One case, or nothing."""
        return lezer.een(Dossier, id)


@extend(Dossier)
class Dossiervelden:
    """What is in a case."""

    toestemmingen = related(Toestemming, by="dossier_id", uitleg="De toestemmingen in dit dossier", order=("-gegeven_op",))
    stappen = related(Dossierstap, by="dossier_id", uitleg="Wat er met dit dossier gebeurde, het laatste eerst", order=("-op",))
    overdrachten = related(
        Overdracht, by="dossier_id", uitleg="Aan welke teams dit dossier is aangeboden, het laatste eerst", order=("-aangeboden_op",)
    )

    @batch(list[Dossierstapsoort], requires=Dossier.lezen, uitleg="Wat er nu met de status van dit dossier kan", nodig=("status",))
    @staticmethod
    def mogelijke_stappen(dossiers: list[Row], lezer: Lezing) -> list[list[Dossierstapsoort]]:
        """By its status alone; whether the actor may is asked when they do."""
        return [[] if dossier.status is None else mogelijk(dossier.status) for dossier in dossiers]

    @batch(list[Persoon], requires=Persoon.lezen, uitleg="De inwoners over wie dit dossier gaat")
    @staticmethod
    def leden(dossiers: list[Row], lezer: Lezing) -> list[list[Row]]:
        """Through membership of now. It is a roster: who asked for secrecy is not in it for outsiders."""
        ooit = lezer.reader.by_key(Dossierlid, ("persoon_id", "tot"), "dossier_id", [dossier.id for dossier in dossiers])
        leden = [lid for lid in ooit if open_op(lid, lezer.actor.moment)]
        per_dossier: dict[UUID, list[Row]] = defaultdict(list)
        for lid, persoon in zip(leden, lezer.bij_id(Persoon, [lid.persoon_id for lid in leden], roster=True), strict=True):
            if persoon is not None and persoon not in per_dossier[lid.dossier_id]:  # who was merged out of two members is one
                per_dossier[lid.dossier_id].append(persoon)
        return [per_dossier[dossier.id] for dossier in dossiers]
