"""Plain rows: what the oracle looks at, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from ...access.betrokkenheid import Afscherming, Betrokkenheid
from ...gebruikers import Aanstelling
from ...personen import Persoon
from ...records.declare import Record

Rij = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wereld:
    """All rows of one municipality: residents by id, who is involved, what is held back, and the rows of each record."""

    personen: Mapping[UUID, Rij]
    betrokkenheden: Sequence[Rij]
    afschermingen: Sequence[Rij]
    rijen: Mapping[type[Any], Sequence[Rij]]
    aanstellingen: Sequence[Rij] = ()
    _waar: dict[tuple[type[Any], str], Mapping[Any, Sequence[Rij]]] = field(default_factory=dict)

    @classmethod
    def van(cls, rijen: Mapping[type[Record], Sequence[Rij]], gemeente: UUID) -> Self:
        """The rows of this municipality among those of several."""
        eigen = {record: [row for row in rows if row["gemeente_id"] == gemeente] for record, rows in rijen.items()}
        personen = {row["id"]: row for row in eigen[Persoon]}
        return cls(personen, eigen[Betrokkenheid], eigen[Afscherming], eigen, eigen[Aanstelling])

    def rij(self, record: type[Any], id: UUID | None) -> Rij | None:
        """The row with this id, if there is one."""
        found = () if id is None else self.waar(record, "id", id)
        return found[0] if found else None

    def waar(self, record: type[Any], kolom: str, waarde: Any) -> Sequence[Rij]:
        """The rows whose column has this value."""
        if (record, kolom) not in self._waar:
            found: dict[Any, list[Rij]] = defaultdict(list)
            for row in self.rijen.get(record, ()):
                found[row[kolom]].append(row)
            self._waar[record, kolom] = dict(found)
        return self._waar[record, kolom].get(waarde, ())


def sorteer(rows: Sequence[Rij], order: Sequence[str]) -> list[Rij]:
    """In this order (`-` for descending), empty values last, equal ones by id."""
    made = sorted(rows, key=lambda row: row["id"])
    for name in reversed(order):
        plain = name.removeprefix("-")
        filled = sorted((row for row in made if row[plain] is not None), key=lambda row: row[plain], reverse=name.startswith("-"))
        made = [*filled, *(row for row in made if row[plain] is None)]
    return made
