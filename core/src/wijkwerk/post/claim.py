"""The rows of the outbox as a worker takes them: claimed, looked at once more right before sending, and what became of them written down.

A claim carries its owner and an end: who was killed loses it by itself, and who was paused can't write over a successor.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.errors import GeenRecht
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.envelop import Envelop, ontzegel
from wijkwerk.post.keuring import bezwaren
from wijkwerk.post.verzending import VRIJ, Verzending, Verzendstatus, is_vrij
from wijkwerk.records.session import Work

_V: Final = Verzending.tabel().c


@dataclass(frozen=True, slots=True)
class Teken:
    """One claimed mail: where it stands and whose claim it is."""

    gemeente: UUID
    id: UUID
    eigenaar: UUID


@dataclass(frozen=True, slots=True)
class Klaar:
    """A mail that is to be sent now. `pogingen`: how often it was tried before."""

    envelop: Envelop
    pogingen: int
    verloopt_op: datetime


class Oordeel(Enum):
    """Why a claimed mail is not sent now."""

    NIET_ONS = "NIET_ONS"
    """The claim is not ours any more, or ends before sending surely has."""
    VERLOPEN = "VERLOPEN"
    INGETROKKEN = "INGETROKKEN"
    """Somebody objects since, or the key of whom it is for was destroyed."""
    VERVALST = "VERVALST"
    """What is sealed was tampered with: an operator must look."""


def met_werk(connection: Connection, nu: datetime) -> list[UUID]:
    """In which municipalities a mail waits that may be claimed now: only there something is written."""
    return list(connection.execute(select(_V.gemeente_id).where(_aan_de_beurt(nu)).distinct().order_by(_V.gemeente_id)).scalars())


def nog_te_doen(connection: Connection) -> int:
    """How many mails wait, in all municipalities, claimed or not."""
    return connection.execute(select(func.count()).where(_V.status == Verzendstatus.WACHT)).scalar_one()


def claim(work: Work, eigenaar: UUID, duur: timedelta, aantal: int) -> list[UUID]:
    """Take mails of this municipality, who waits longest first, and name their residents in the log entry: what is sent is shown.

    What has expired is taken too, to be ended; it is not sent and so not named. Raises GeenRecht.
    """
    mag_versturen(work)
    moment, gemeente = work.actor.moment, work.actor.gemeente
    rows = work.core_connection.execute(
        select(_V.id, _V.verloopt_op)
        .where(_V.gemeente_id == gemeente, _aan_de_beurt(moment))
        .order_by(_V.volgende_poging_op, _V.id)
        .limit(aantal)
        .with_for_update(skip_locked=True)
    ).all()
    values = _nieuw({"eigenaar": eigenaar, "geclaimd_tot": moment + duur})
    ids = [row.id for row in rows]
    work.core_connection.execute(update(Verzending.tabel()).where(_V.gemeente_id == gemeente, _V.id.in_(ids)).values(**values))
    for persoon in _personen(work.core_connection, gemeente, [row.id for row in rows if row.verloopt_op > moment]):
        work.changed(persoon, Bericht.__name__, Bericht.categorie.code, ("adres",))
    work.gebeurtenis = Gebeurtenis.VERZENDEN
    return ids


def mag_versturen(work: Work) -> None:
    """Raises GeenRecht for who is not the system's planned work."""
    if not work.actor.may(Verzending.schrijven.naam):
        raise GeenRecht


def bekijk(connection: Connection, keyring: Keyring, teken: Teken, nu: datetime, nodig: timedelta) -> Klaar | Oordeel:
    """A claimed mail, asked right before it is sent. `nodig`: how long sending can take; so long the claim must hold."""
    row = connection.execute(
        select(_V.inhoud, _V.pogingen, _V.verloopt_op).where(*_van(teken), _V.eigenaar == teken.eigenaar, _V.geclaimd_tot >= nu + nodig)
    ).one_or_none()
    if row is None:
        return Oordeel.NIET_ONS
    if row.verloopt_op <= nu:
        return Oordeel.VERLOPEN
    if row.inhoud is None or bezwaren(connection, teken.gemeente, [teken.id]):
        return Oordeel.INGETROKKEN
    try:
        envelop = ontzegel(keyring, connection, teken.gemeente, {teken.id: row.inhoud})[teken.id]
    except Vervalst:
        return Oordeel.VERVALST
    return Oordeel.INGETROKKEN if envelop is None else Klaar(envelop, row.pogingen, row.verloopt_op)


def later(connection: Connection, teken: Teken, op: datetime, antwoord: str, *, telt: bool) -> None:
    """It waits until `op`. `telt`: this was an attempt; without it the mail only lets others go first."""
    values = {"volgende_poging_op": op, "antwoord": antwoord, **VRIJ} | ({"pogingen": _V.pogingen + 1} if telt else {})
    connection.execute(update(Verzending.tabel()).where(*_van(teken), _V.eigenaar == teken.eigenaar).values(**_nieuw(values)))


def eind(
    connection: Connection, teken: Teken, status: Verzendstatus, antwoord: str | None = None, verzonden_op: datetime | None = None
) -> bool:
    """An end state: what was sealed is erased. Whether it still waited; what has an end keeps it.

    Whoever has the claim meanwhile: a server that took a mail has it, and nobody must send it again.
    """
    values: dict[str, Any] = {"status": status, "antwoord": antwoord, "inhoud": None, "verzonden_op": verzonden_op, **VRIJ}
    if antwoord is not None:
        values["pogingen"] = _V.pogingen + 1
    return connection.execute(update(Verzending.tabel()).where(*_van(teken)).values(**_nieuw(values))).rowcount == 1


def teruggekomen(connection: Connection, gemeente: UUID, id: UUID, code: str) -> bool:
    """Another server gave it back. Also one of which the answer was lost and that still waits: it is not sent again."""
    there = (_V.gemeente_id == gemeente, _V.id == id, _V.status.in_((Verzendstatus.WACHT, Verzendstatus.VERZONDEN)))
    values: dict[str, Any] = {"status": Verzendstatus.TERUGGEKOMEN, "antwoord": code, "inhoud": None, **VRIJ}
    return connection.execute(update(Verzending.tabel()).where(*there).values(**_nieuw(values))).rowcount == 1


def geef_vrij(connection: Connection, eigenaar: UUID) -> None:
    """Let go of all that this worker claimed and did not send."""
    ours = (_V.status == Verzendstatus.WACHT, _V.eigenaar == eigenaar)
    connection.execute(update(Verzending.tabel()).where(*ours).values(**_nieuw(VRIJ)))


def _personen(connection: Connection, gemeente: UUID, ids: Collection[UUID]) -> list[UUID]:
    """The residents whom these mails are for; mail to a user is for none."""
    b = Bericht.tabel().c
    return list(connection.execute(select(b.persoon_id).where(b.gemeente_id == gemeente, b.verzending_id.in_(ids)).distinct()).scalars())


def _aan_de_beurt(nu: datetime) -> ColumnElement[bool]:
    """It waits, it is time, and nobody who lives has it."""
    return and_(_V.status == Verzendstatus.WACHT, or_(_V.volgende_poging_op <= nu, _V.verloopt_op <= nu), is_vrij(nu))


def _van(teken: Teken) -> tuple[ColumnElement[bool], ...]:
    return _V.gemeente_id == teken.gemeente, _V.id == teken.id, _V.status == Verzendstatus.WACHT


def _nieuw(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "versie": _V.versie + 1}
