"""Who is let in to whom, worked out a second time from the rows of what lets in: reports, cases, offers, consents.

Knows nothing of `dossiers/deuren.py` and its like; a test compares the two. A coupling has no row of its own: it is in its betrokkenheid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select

from ..aanmeldingen.aanmelding import Aanmelding
from ..access.betrokkenheid import Betrokkenheid, Bron
from ..dossiers.dossier import Dossier, Dossierlid, Dossierstap
from ..dossiers.overdracht import Overdracht
from ..klok import AMSTERDAM
from ..records.declare import Record
from ..toestemmingen.toestemming import Toestemming
from .wijk import Wijk

Deurrij = tuple[str, UUID, UUID, UUID, str, str, UUID, int, datetime | None]
"""Source, its id, resident, party, purpose, category, kader, level, end."""

GESLOTEN = ("IDENTITEIT", "PLAN_EN_DOELEN", "BETROKKENEN")


class Deuren:
    """All rows of one moment."""

    def __init__(self, connection: Connection, alles: frozenset[str], nu: datetime) -> None:
        self.alles, self.nu = alles, nu
        self.rijen = {record: connection.execute(select(record.tabel())).all() for record in RECORDS}
        b = Betrokkenheid.tabel()
        lopend = select(b).where(b.c.van <= nu, or_(b.c.tot.is_(None), b.c.tot > nu), b.c.bron != Bron.KOPPELING)
        self.deuren = connection.execute(lopend).all()

    def staand(self) -> list[Deurrij]:
        """As the table has them, but couplings; twice what is in it twice."""
        return sorted(
            (str(b.bron), b.bron_id, b.persoon_id, b.partij_id, b.doel, b.categorie_code, b.kader_id, b.niveau_tot, b.tot)
            for b in self.deuren
        )  # fmt: skip

    def herbouwd(self) -> list[Deurrij]:
        """As the sources say."""
        found = [*self._meldingen(), *self._dossiers(), *self._aanbod(), *self._toestemmingen()]
        return sorted(found)

    def _wmo(self, bron: str, id: UUID, persoon: UUID, partij: UUID, code: str, kader: UUID, niveau: int) -> Deurrij:
        return (bron, id, persoon, partij, "WMO_ONDERZOEK", code, kader, niveau, None)

    def _leden(self, dossier: UUID) -> set[UUID]:
        return {lid.persoon_id for lid in self.rijen[Dossierlid] if lid.dossier_id == dossier and lid.tot is None}

    def _meldingen(self) -> Iterator[Deurrij]:
        for m in self.rijen[Aanmelding]:
            if m.status in ("NIEUW", "IN_BEHANDELING"):
                yield from (self._wmo("AANMELDING", m.id, m.persoon_id, m.team_id, code, m.id, 6) for code in self.alles)

    def _dossiers(self) -> Iterator[Deurrij]:
        for d in self.rijen[Dossier]:
            dicht = d.status == "GESLOTEN"
            kaders = [d.id, *(m.id for m in self.rijen[Aanmelding] if m.dossier_id == d.id)]
            for persoon in self._leden(d.id):
                for kader in kaders:
                    for code in GESLOTEN if dicht else self.alles:
                        yield self._wmo("DOSSIER", d.id, persoon, d.team_id, code, kader, 4 if dicht else 6)
                        if d.regisseur_id is not None and not dicht:
                            yield self._wmo("DOSSIER", d.id, persoon, d.regisseur_id, code, kader, 7)

    def _aanbod(self) -> Iterator[Deurrij]:
        for o in self.rijen[Overdracht]:
            if o.status == "AANGEBODEN":
                for persoon in self._leden(o.dossier_id):
                    yield from (self._wmo("OVERDRACHT", o.id, persoon, o.naar_team_id, code, o.dossier_id, 4) for code in o.categorieen)

    def _toestemmingen(self) -> Iterator[Deurrij]:
        for t in self.rijen[Toestemming]:
            tot = datetime.combine(t.geldig_tot + timedelta(days=1), time.min, AMSTERDAM)
            if t.status == "GEGEVEN" and tot > self.nu and not self._afgebroken(t):
                for code in t.categorieen:
                    yield ("TOESTEMMING", t.id, t.persoon_id, t.ontvanger_id, t.doel, code, t.dossier_id, 5, tot)

    def _afgebroken(self, toestemming: Any) -> bool:
        """Whether the case was closed, or the resident left it, since the consent was given."""
        return any(
            stap.op >= toestemming.gegeven_op
            and (stap.soort == "GESLOTEN" or (stap.soort == "LID_VERTROKKEN" and stap.persoon_id == toestemming.persoon_id))
            for stap in self.rijen[Dossierstap] if stap.dossier_id == toestemming.dossier_id
        )  # fmt: skip


RECORDS: tuple[type[Record], ...] = (Aanmelding, Dossier, Dossierlid, Dossierstap, Overdracht, Toestemming)


async def deuren(wijk: Wijk) -> Deuren:
    """All doors of a municipality now."""
    alles = wijk.wijkwerk.catalogue.matrix["WMO_ONDERZOEK"]
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: Deuren(connection, alles, wijk.klok.nu()))
