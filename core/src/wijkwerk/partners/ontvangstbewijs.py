"""The receipt of a referral that was accepted: who accepted what, for what, on which ground, until when (peers.md D 13).

It is told from the row, for who sees the row, and kept nowhere: after a narrowing it says what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.partners.verwijzing import Verwijzing, Verwijzingstatus
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import among

_VELDEN = ("organisatie_id", "rol", "doel", "categorieen", "niveau_tot", "status", "tot", "besloten_op", "besloten_door_id", "beeindigd_op")
_AANGENOMEN = (Verwijzingstatus.AANGENOMEN, Verwijzingstatus.BEEINDIGD, Verwijzingstatus.INGETROKKEN, Verwijzingstatus.VERLOPEN)


@dataclass(frozen=True, slots=True)
class Ontvangstbewijs:
    """What was accepted. `door` is hidden from who sees too little of the resident. `grondslag`: which version of which legal ground."""

    verwijzing: UUID
    organisatie: UUID
    rol: str | None
    doel: str
    categorieen: tuple[str, ...]
    niveau: int
    grondslag: str
    uitleg: str
    aangenomen_op: datetime
    door: UUID | None
    tot: date
    geeindigd_op: datetime | None


def ontvangstbewijzen(reader: Reader, verwijzingen: Sequence[UUID]) -> list[Ontvangstbewijs | None]:
    """Of each referral its receipt; None for one that was not accepted, is absent or out of reach. Two statements. Raises GeenRecht."""
    rows = {row.id: row for row in reader.by_key(Verwijzing, _VELDEN, "id", list(verwijzingen)) if _is_aangenomen(row)}
    gronden = _grondslagen(reader, list(rows))
    return [_bewijs(reader, rows[id], gronden.get(id, "")) if id in rows else None for id in verwijzingen]


def _is_aangenomen(row: Any) -> bool:
    """One that was declined has a decision too; one that was withdrawn before it was accepted has none. Of what a policy hides from the
    actor there is no receipt: half of one would say something else.
    """
    heel = None not in (row.organisatie_id, row.doel, row.categorieen, row.niveau_tot, row.tot)
    return heel and row.status in _AANGENOMEN and row.besloten_op is not None


def _bewijs(reader: Reader, row: Any, grondslag: str) -> Ontvangstbewijs:
    bekend = reader.catalogue.grondslagen.get(grondslag.partition("/")[0])
    return Ontvangstbewijs(
        verwijzing=row.id, organisatie=row.organisatie_id, rol=row.rol, doel=row.doel, categorieen=tuple(row.categorieen),
        niveau=row.niveau_tot, grondslag=grondslag, uitleg="" if bekend is None else bekend.uitleg, aangenomen_op=row.besloten_op,
        door=row.besloten_door_id, tot=row.tot, geeindigd_op=row.beeindigd_op,
    )  # fmt: skip


def _grondslagen(reader: Reader, verwijzingen: Sequence[UUID]) -> Mapping[UUID, str]:
    """On which ground each let the partner in when it did: of referrals that the actor was shown, and nothing else of their doors."""
    b = Betrokkenheid.tabel()
    van = select(b.c.bron_id, b.c.grondslag).where(b.c.gemeente_id == reader.actor.gemeente, among(b.c.bron_id, "bronnen")).distinct()
    found = reader.connection.execute(van, {"bronnen": list(verwijzingen)}).all() if verwijzingen else []
    return {row.bron_id: row.grondslag for row in found}
