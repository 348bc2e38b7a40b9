"""May this mail still go out? Asked when it is put in the outbox, and again at the moment of sending: much can happen in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, FromClause, Select, and_, bindparam, select

from wijkwerk.contactgegevens import Contactgegeven, Contactsoort
from wijkwerk.personen import Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.records.history import Wijziging
from wijkwerk.storage.columns import Uuid16, among


class WaaromNiet(StrEnum):
    """Why a resident was not mailed. That is no error: then the professional calls, writes or visits. GEEN_POST: nobody gets mail here."""

    GEEN_EMAILADRES = "GEEN_EMAILADRES"
    NIET_VEILIG = "NIET_VEILIG"
    VEILIGHEIDSVLAG = "VEILIGHEIDSVLAG"
    OVERLEDEN = "OVERLEDEN"
    KOMT_NIET_AAN = "KOMT_NIET_AAN"
    INGETROKKEN = "INGETROKKEN"
    GEEN_POST = "GEEN_POST"


def bezwaren(connection: Connection, gemeente: UUID, verzendingen: Collection[UUID]) -> dict[UUID, WaaromNiet]:
    """Which of these may not be sent (any more), and why. Two statements at most, and none of them opens anything sealed.

    Mail to a user has no objection but that it was withdrawn: it says nothing of anybody.
    """
    rows = connection.execute(_STAND, {"gemeente": gemeente, "ids": list(verzendingen)}).all()
    verouderd = {row.contactgegeven for row in rows if row.contactversie != row.nu_versie}
    gewijzigd = nieuwste_waarde(connection, gemeente, {id for id in verouderd if id is not None})
    found = {row.id: _bezwaar(row, gewijzigd.get(row.contactgegeven, 1)) for row in rows}
    weg = {id: WaaromNiet.INGETROKKEN for id in verzendingen if id not in found}
    return {id: waarom for id, waarom in found.items() if waarom is not None} | weg


def nieuwste_waarde(connection: Connection, gemeente: UUID, contactgegevens: Iterable[UUID]) -> dict[UUID, int]:
    """With which version each of these contact details got the value that it has, as far as the history tells a change."""
    if not (asked := list(contactgegevens)):
        return {}
    found: dict[UUID, int] = {}
    for row in connection.execute(_WIJZIGINGEN, {"gemeente": gemeente, "ids": asked}):
        if "waarde" in row.veldnamen:
            found[row.rij_id] = max(row.nummer, found.get(row.rij_id, 1))
    return found


def _bezwaar(row: Any, waarde_sinds: int) -> WaaromNiet | None:
    if row.status is Verzendstatus.INGETROKKEN:
        return WaaromNiet.INGETROKKEN
    if row.bericht is None:
        return None
    if row.overlijdensdatum is not None:
        return WaaromNiet.OVERLEDEN
    if row.veiligheidsvlag is not False:
        return WaaromNiet.VEILIGHEIDSVLAG
    if row.nu_versie is None or waarde_sinds > row.contactversie:
        return WaaromNiet.GEEN_EMAILADRES
    return None if row.veilig_te_gebruiken else WaaromNiet.NIET_VEILIG


def _stand() -> Select[Any]:
    """What each sending is about, as it is now: the contact detail still of this resident, and the resident."""
    v, b, c, p = (record.tabel() for record in (Verzending, Bericht, Contactgegeven, Persoon))
    joined: FromClause = v.outerjoin(b, and_(b.c.gemeente_id == v.c.gemeente_id, b.c.verzending_id == v.c.id))
    joined = joined.outerjoin(
        c,
        and_(
            c.c.gemeente_id == v.c.gemeente_id, c.c.id == b.c.contactgegeven_id, c.c.persoon_id == b.c.persoon_id,
            c.c.soort == Contactsoort.EMAIL,
        ),
    ).outerjoin(p, and_(p.c.gemeente_id == v.c.gemeente_id, p.c.id == b.c.persoon_id))  # fmt: skip
    columns = (
        v.c.id, v.c.status, b.c.id.label("bericht"), b.c.contactgegeven_id.label("contactgegeven"),
        b.c.contactgegeven_versie.label("contactversie"), c.c.versie.label("nu_versie"), c.c.veilig_te_gebruiken, p.c.overlijdensdatum,
        p.c.veiligheidsvlag,
    )  # fmt: skip
    return select(*columns).select_from(joined).where(v.c.gemeente_id == bindparam("gemeente", type_=Uuid16()), among(v.c.id, "ids"))


def _wijzigingen() -> Select[Any]:
    w = Wijziging.tabel()
    own = (w.c.gemeente_id == bindparam("gemeente", type_=Uuid16()), w.c.tabelnaam == Contactgegeven.__tablename__)
    return select(w.c.rij_id, w.c.nummer, w.c.veldnamen).where(*own, among(w.c.rij_id, "ids"))


_STAND, _WIJZIGINGEN = _stand(), _wijzigingen()
