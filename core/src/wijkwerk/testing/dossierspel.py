"""Who plays with cases at random, what the model says is so, and what an attempt is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from ..records.declare import Record
from ..records.session import Work
from .dossiermodel import Model, Wie, Zaak
from .wijk import Wijk

T = TypeVar("T")


@dataclass
class Poging:
    """Something that somebody tries: whether the model allows it, the work, and what then is so."""

    wie: Wie
    mag: bool
    werk: Callable[[Work], Any]
    dan: Callable[[Any], Any]


class Spel:
    """Who plays, what the model says is so, and chance."""

    def __init__(self, wijk: Wijk, zaad: int) -> None:
        self.wijk, self.model = wijk, Model(wijk.dock, wijk.zorg)
        self.kans = Random(zaad)
        self.team: list[Wie] = []
        self.partners = [Wie("dock", wijk.DOCK, "DOCK", None, wijk.dock), Wie("zorg", wijk.ZORG, "ZORG", None, wijk.zorg)]

    def kies(self, uit: Sequence[T]) -> T:
        return self.kans.choice(uit)

    def zaak(self) -> Zaak:
        return self.kies(list(self.model.zaken.values()))

    def lid(self, zaak: Zaak) -> UUID:
        """Mostly a member, and of those more often one who can leave."""
        rest = zaak.leden - {zaak.begin} if self.kans.random() < 0.6 else zaak.leden
        return self.kies(sorted(rest or zaak.leden, key=self.model.personen.index) if self.kans.random() < 0.9 else self.model.personen)


def nieuwste(work: Work, record: type[Record], id: UUID) -> int:
    t = record.tabel()
    return int(work.core_connection.execute(select(t.c.versie).where(t.c.id == id)).scalar_one())
