"""Who may see what, worked out a second time: in plain Python over plain rows, knowing nothing of the predicate in SQL.

A test compares the two. It reads the declarations of a record (levels, categories) and domain.md 1.10 and 2.6, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ..access.actor import Actor
from ..records.declare import PersonRecord, kader_of, subject_of

Rij = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wereld:
    """All rows of one municipality: residents by id, who is involved, what is held back, and the rows of each record."""

    personen: Mapping[UUID, Rij]
    betrokkenheden: Sequence[Rij]
    afschermingen: Sequence[Rij]
    rijen: Mapping[type[PersonRecord], Sequence[Rij]]


@dataclass(frozen=True, slots=True)
class Gezien:
    """What an actor sees of one row: a value or None per field, whether something is held back, and what let the actor in.

    `deuren`: the winning betrokkenheid per category that was shown; `anderen`: the same for each related person that was shown.
    """

    rij: Rij
    waarden: Mapping[str, Any]
    beperkt: bool
    velden: tuple[str, ...]
    deuren: Mapping[str, UUID]
    anderen: Mapping[UUID, UUID]


class Orakel:
    """Answers for one actor in one world."""

    def __init__(self, wereld: Wereld, actor: Actor) -> None:
        self.wereld, self.actor = wereld, actor
        self._partijen = {actor.gebruiker, actor.organisatie, *actor.teams}
        self._deuren: dict[UUID, list[Rij]] = defaultdict(list)
        self._afgeschermd: dict[UUID, list[Rij]] = defaultdict(list)
        for b in wereld.betrokkenheden:
            if b["partij_id"] in self._partijen and b["doel"] in actor.doelen and self._now(b):
                self._deuren[b["persoon_id"]].append(b)
        for a in wereld.afschermingen:
            for_me = actor.buiten_gemeente if a["partij_id"] is None else a["partij_id"] in self._partijen
            if for_me and self._now(a):
                self._afgeschermd[a["persoon_id"]].append(a)

    def _now(self, row: Rij) -> bool:
        return bool(row["van"] <= self.actor.moment and (row["tot"] is None or row["tot"] > self.actor.moment))

    def winnaar(self, persoon: UUID, controller: UUID, categorie: str, kader: UUID | None) -> Rij | None:
        """The betrokkenheid that lets the actor in: the highest level, then the lowest id. `kader` None: the row belongs to no kader."""
        fit = [
            b for b in self._deuren[persoon]
            if b["verantwoordelijke_id"] == controller and b["categorie_code"] == categorie
            and (kader is None or b["kader_id"] is None or b["kader_id"] == kader)
        ]  # fmt: skip
        return min(fit, key=lambda b: (-b["niveau_tot"], b["id"])) if fit else None

    def niveau(self, persoon: UUID, deur: Rij | None) -> int:
        """What is left of a door's level under the role's ceiling and every afscherming; -1 without a door."""
        if deur is None:
            return -1
        return min(int(deur["niveau_tot"]), int(self.actor.plafond), *(int(a["niveau_tot"]) for a in self._afgeschermd[persoon]))

    def ziet_persoon(self, persoon: UUID | None) -> Rij | None:
        """The betrokkenheid by which the actor sees a resident at all (N1 of IDENTITEIT), or None."""
        if persoon is None:
            return None
        deur = self.winnaar(persoon, self.wereld.personen[persoon]["verantwoordelijke_id"], "IDENTITEIT", None)
        return deur if self.niveau(persoon, deur) >= 1 else None

    def lijst(
        self,
        record: type[PersonRecord],
        velden: Sequence[str],
        *,
        order: Sequence[str] = (),
        filters: Mapping[str, Any] | None = None,
        roster: bool = True,
    ) -> list[Gezien]:
        """Every row that a list may show, in its order: empty values last, equal ones by id.

        A field that is filtered or sorted on has to be seen. `roster` False: rows that are looked up, not listed.
        """
        used = {*(filters or {}), *(name.removeprefix("-") for name in order)}
        rows = [
            row for row in self.wereld.rijen[record]
            if self.bestaat(record, row) and not (roster and self.verborgen(row[subject_of(record)]))
            and all(self.ziet(record, row, name) for name in used)
            and all(row[name] == value for name, value in (filters or {}).items())
        ]  # fmt: skip
        return [self._gezien(record, row, velden, used) for row in sorteer(rows, order)]

    def bestaat(self, record: type[PersonRecord], row: Rij) -> bool:
        """Whether the row is there at all for this actor."""
        code = self._code(record, row, record.categorie.code)
        needed = row[record.niveau_kolom] if record.niveau_kolom else int(record.niveau)
        if record.rij_afschermbaar and self.verborgen(row[subject_of(record)]):
            return False
        return self.niveau(row[subject_of(record)], self._deur(record, row, code)) >= needed

    def verborgen(self, persoon: UUID) -> bool:
        """Whether secrecy hides what is afschermbaar of this person, and keeps the person out of every list (domain.md 1.10)."""
        return any(a["verbergt"] for a in self._afgeschermd[persoon])

    def ziet(self, record: type[PersonRecord], row: Rij, naam: str) -> bool:
        """Whether the actor sees this field of a row that is there."""
        veld, persoon = record.velden[naam], row[subject_of(record)]
        if veld.level is None:
            return True
        assert veld.categorie is not None
        deur = self._deur(record, row, self._code(record, row, veld.categorie.code))
        weg = veld.afschermbaar and self.verborgen(persoon)
        ander = veld.kind != "related" or row[naam] is None or self.ziet_persoon(row[naam]) is not None
        return ander and not weg and self.niveau(persoon, deur) >= int(veld.level)

    def _gezien(self, record: type[PersonRecord], row: Rij, velden: Sequence[str], used: set[str]) -> Gezien:
        namen = {*velden, *used}
        zicht = {naam for naam in namen if self.ziet(record, row, naam)}
        getoond = tuple(naam for naam in velden if naam in zicht)
        codes = {record.categorie.code, *(k.code for naam in getoond if (k := record.velden[naam].categorie) is not None)}
        deuren = {code: d["id"] for code in codes if (d := self._deur(record, row, self._code(record, row, code))) is not None}
        paren = [(row[n], self.ziet_persoon(row[n])) for n in getoond if record.velden[n].kind == "related"]
        return Gezien(
            row, {naam: row[naam] if naam in zicht else None for naam in namen}, zicht != namen, getoond, deuren,
            {persoon: deur["id"] for persoon, deur in paren if deur is not None},
        )  # fmt: skip

    def _code(self, record: type[PersonRecord], row: Rij, code: str) -> str:
        return str(row[record.categorie_kolom]) if record.categorie_kolom and code == record.categorie.code else code

    def _deur(self, record: type[PersonRecord], row: Rij, code: str) -> Rij | None:
        kader = kader_of(record)
        return self.winnaar(row[subject_of(record)], row["verantwoordelijke_id"], code, row[kader] if kader else None)


def sorteer(rows: Sequence[Rij], order: Sequence[str]) -> list[Rij]:
    """In this order (`-` for descending), empty values last, equal ones by id."""
    made = sorted(rows, key=lambda row: row["id"])
    for name in reversed(order):
        plain = name.removeprefix("-")
        filled = sorted((row for row in made if row[plain] is not None), key=lambda row: row[plain], reverse=name.startswith("-"))
        made = [*filled, *(row for row in made if row[plain] is None)]
    return made
