"""Residents, and what hangs on them. Finding them is in zoeken.py."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.dossiers.dossier import Dossier, Dossierlid
from wijkwerk.notities.notitie import Notitie
from wijkwerk.personen import Persoon
from wijkwerk.records.versions import known_at
from wijkwerk.toestemmingen.toestemming import Toestemming
from wijkwerk_graphql.schema.fields import Query, batch, extend, field, related
from wijkwerk_graphql.schema.lezing import Lezing, Row

BEKEND_OP = "Toon de eigen velden zoals ze op dit moment bekend waren. Wat eraan hangt, zoals dossiers, is van nu"


@extend(Query)
class Persoonsvragen:
    """One resident."""

    @field(Persoon | None, requires=Persoon.lezen, uitleg="Een inwoner bij wie u betrokken bent")
    @staticmethod
    def persoon(lezer: Lezing, id: UUID, bekend_op: Annotated[datetime | None, BEKEND_OP] = None) -> Row | None:
        """One resident, or nothing: absent and refused look the same."""
        if bekend_op is None:
            return lezer.een(Persoon, id)
        [persoon] = known_at(lezer.reader, Persoon, lezer.velden(Persoon), [id], bekend_op)
        if persoon is None:
            lezer.reader.shown.miss(id)
        return persoon


@extend(Persoon)
class Persoonsvelden:
    """What hangs on a resident."""

    notities = related(Notitie, by="persoon_id", uitleg="Notities over deze inwoner, nieuwste eerst", order=("-geschreven",))
    betrokkenheden = related(Betrokkenheid, by="persoon_id", uitleg="Wie bij deze inwoner betrokken is", order=("-van",))
    toestemmingen = related(Toestemming, by="persoon_id", uitleg="Waarvoor deze inwoner toestemming gaf", order=("-gegeven_op",))

    @batch(list[Dossier], requires=Dossier.lezen, uitleg="De dossiers waar deze inwoner in staat")
    @staticmethod
    def dossiers(personen: list[Row], lezer: Lezing) -> list[list[Row]]:
        """Through membership: a case is about one or more residents."""
        leden = lezer.reader.by_key(Dossierlid, ("dossier_id",), "persoon_id", [persoon.id for persoon in personen])
        found = dict(zip((lid.id for lid in leden), lezer.bij_id(Dossier, [lid.dossier_id for lid in leden]), strict=True))
        per_persoon: dict[UUID, list[Row]] = defaultdict(list)
        for lid in leden:
            if found[lid.id] is not None and found[lid.id] not in per_persoon[lid.persoon_id]:  # of two members merged into one
                per_persoon[lid.persoon_id].append(found[lid.id])
        return [per_persoon[persoon.id] for persoon in personen]
