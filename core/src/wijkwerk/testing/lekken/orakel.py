"""Who may see what, worked out a second time: in plain Python over plain rows, knowing nothing of the predicate in SQL.

A test compares the two. It reads the declarations of a record (levels, categories) and domain.md 1.10 and 2.6, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ...access.actor import Actor
from ...notities.notitie import Notitielezer
from ...records.declare import KaderRecord, OpenRecord, PersonRecord, Record, kader_of, subject_of
from .deuren import Deuren
from .rijen import Rij, Wereld, sorteer

ALLE_ORGANISATIES = "organisatie:alle"


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
    """Answers for one actor in one world. `schrijvend`: for what is about to be written."""

    def __init__(self, wereld: Wereld, actor: Actor, *, schrijvend: bool = False) -> None:
        self.wereld, self.actor = wereld, actor
        self.deuren = Deuren(wereld, actor, schrijvend=schrijvend)

    def lijst(
        self,
        record: type[Any],
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
        rows = self.rijen(record, order=order, used=used, roster=roster)
        fit = [row for row in rows if all(row[name] == value for name, value in (filters or {}).items())]
        return [self._gezien(record, row, velden, used) for row in fit]

    def rijen(
        self,
        record: type[Any],
        *,
        order: Sequence[str] = (),
        used: set[str] | None = None,
        roster: bool = True,
        uit: Sequence[Rij] | None = None,
    ) -> list[Rij]:
        """The rows of a list in its order (`uit`: of these); `used` are the columns that decide which rows come."""
        names = {*(used or ()), *(name.removeprefix("-") for name in order)}
        rows = [
            row for row in (self.wereld.rijen[record] if uit is None else uit)
            if self.bestaat(record, row) and not (roster and self._niet_op_lijsten(record, row))
            and all(self.ziet(record, row, name) for name in names)
        ]  # fmt: skip
        return sorteer(rows, order)

    def bestaat(self, record: type[Any], row: Rij) -> bool:
        """Whether the row is there at all for this actor, and with it every row that tells the same about another resident."""
        if not issubclass(record, PersonRecord):
            return self._bestaat_zonder_persoon(record, row)
        return all(self._bestaat_op_zich(record, each) for each in self._samen(record, row))

    def _samen(self, record: type[PersonRecord], row: Rij) -> Sequence[Rij]:
        return [row] if record.groep_kolom is None else self.wereld.waar(record, record.groep_kolom, row[record.groep_kolom])

    def _bestaat_op_zich(self, record: type[PersonRecord], row: Rij) -> bool:
        persoon = row[subject_of(record)]
        code = self._code(record, row, record.categorie.code)
        needed = row[record.niveau_kolom] if record.niveau_kolom else int(record.niveau)
        if record.lezers_niveau is not None and self._mag_lezen(row[str(record.groep_kolom)]):
            needed = min(needed, int(record.lezers_niveau))
        if record.rij_afschermbaar and self.deuren.verborgen(persoon):
            return False
        if record.voor_kolom is not None and not self.deuren.voor_eigen_mensen(row[record.voor_kolom]):
            return False
        if record.eigen_kolom is not None and row[record.eigen_kolom] != self.actor.gebruiker:
            return False
        if record.verloopt_kolom is not None and row[record.verloopt_kolom] <= self.actor.moment:
            return False
        rol = row[record.rol_kolom] if record.rol_kolom is not None else None
        if self.actor.buiten_gemeente and rol is not None and rol not in self.actor.rollen:
            return False
        return self.deuren.niveau(persoon, self._deur(record, row, code)) >= needed

    def kent(self, record: type[Any], row: Rij) -> bool:
        """Whether anything at all lets the actor in to whom the row is about: without that, the row looks absent everywhere."""
        if issubclass(record, PersonRecord):
            return self.deuren.kent(row[subject_of(record)])
        return self.bestaat(record, row)

    def ziet(self, record: type[Any], row: Rij, naam: str) -> bool:
        """Whether the actor sees this column of a row that is there."""
        veld = record.velden[naam]
        if (veld.requires is not None and not self.actor.may(veld.requires.naam)) or f"{record.__name__}.{naam}" in self.actor.geweigerd:
            return False
        if veld.level is None:
            return True
        if not issubclass(record, PersonRecord):
            return not record.has_levels or int(veld.level) <= int(self.actor.plafond)
        persoon, categorie = row[subject_of(record)], veld.categorie or record.categorie
        deur = self._deur(record, row, self._code(record, row, categorie.code))
        weg = veld.afschermbaar and self.deuren.verborgen(persoon)
        ander = veld.kind != "related" or row[naam] is None or self.deuren.ziet_persoon(row[naam]) is not None
        return ander and not weg and self.deuren.niveau(persoon, deur) >= int(veld.level)

    def waarde(self, record: type[Any], row: Rij, naam: str) -> Any:
        """What the actor gets of a field, derived ones too: the value, or None."""
        afgeleid = record.afgeleid.get(naam)
        if afgeleid is None:
            return row[naam] if self.ziet(record, row, naam) else None
        if not all(self.ziet(record, row, need) for need in afgeleid.needs):
            return None
        values = [row[need] for need in afgeleid.needs]
        return afgeleid.compute(*values, self.actor.vandaag) if afgeleid.vandaag else afgeleid.compute(*values)

    def verwezen(self, record: type[Any], row: Rij, kolom: str, naar: type[Record]) -> Rij | None:
        """The row that a column points to, if the actor sees the column and the row."""
        found = self.wereld.rij(naar, row[kolom]) if self.ziet(record, row, kolom) else None
        return found if found is not None and self.bestaat(naar, found) else None

    def _bestaat_zonder_persoon(self, record: type[Any], row: Rij) -> bool:
        actor = self.actor
        if issubclass(record, KaderRecord):
            return row["verantwoordelijke_id"] == actor.organisatie and row["partij_id"] in self.deuren.partijen
        if issubclass(record, OpenRecord):
            eigen = row["verantwoordelijke_id"] == actor.organisatie
            return bool(row["openbaar"]) or eigen or actor.may(ALLE_ORGANISATIES)
        return True  # for oversight: facts about processing, never a person

    def _mag_lezen(self, groep: UUID) -> bool:
        """Whether the actor is named as a reader of the rows with this number."""
        rows = (row for row in self.wereld.waar(Notitielezer, "groep_id", groep) if row["tot"] is None or row["tot"] > self.actor.moment)
        return any(row["gebruiker_id"] == self.actor.gebruiker for row in rows)

    def _niet_op_lijsten(self, record: type[Any], row: Rij) -> bool:
        if not issubclass(record, PersonRecord):
            return False
        return any(self.deuren.verborgen(each[subject_of(record)]) for each in self._samen(record, row))

    def _gezien(self, record: type[Any], row: Rij, velden: Sequence[str], used: set[str]) -> Gezien:
        namen = {*velden, *used}
        zicht = {naam for naam in namen if self.ziet(record, row, naam)}
        getoond = tuple(naam for naam in velden if naam in zicht)
        codes = {record.categorie.code, *(k.code for naam in getoond if (k := record.velden[naam].categorie) is not None)}
        deuren = {code: d["id"] for code in codes if (d := self._deur(record, row, self._code(record, row, code))) is not None}
        paren = [(row[n], self.deuren.ziet_persoon(row[n])) for n in getoond if record.velden[n].kind == "related"]
        return Gezien(
            row, {naam: row[naam] if naam in zicht else None for naam in namen}, zicht != namen, getoond, deuren,
            {persoon: deur["id"] for persoon, deur in paren if deur is not None},
        )  # fmt: skip

    def _code(self, record: type[PersonRecord], row: Rij, code: str) -> str:
        return str(row[record.categorie_kolom]) if record.categorie_kolom and code == record.categorie.code else code

    def _deur(self, record: type[PersonRecord], row: Rij, code: str) -> Rij | None:
        persoon, controller, kader = row[subject_of(record)], row["verantwoordelijke_id"], kader_of(record)
        if kader is None:
            return self.deuren.los(persoon, controller, code)
        return self.deuren.winnaar(persoon, controller, code, row[kader])
