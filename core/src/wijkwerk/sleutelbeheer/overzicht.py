"""What keys there are, for `wijkwerk keys show`: generations, dates and numbers; never a key, and no person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from wijkwerk.crypto.keystore import SYSTEEM, dienstsleutel, gegevenssleutel
from wijkwerk.klok import AMSTERDAM
from wijkwerk.organisaties import gemeente
from wijkwerk.sleutelbeheer.rotatie import Rotatie

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk


def overzicht(wijkwerk: Wijkwerk, connection: Connection) -> list[str]:
    """The lines."""
    namen = {row.id: row.naam for row in connection.execute(select(gemeente.c.id, gemeente.c.naam))} | {SYSTEEM: "Hele installatie"}
    d, g = dienstsleutel.c, gegevenssleutel.c
    with wijkwerk.database.keys(connection) as keys:
        wraps = {row[0]: int(row[1]) for row in keys.execute(select(g.kek_id, func.count()).group_by(g.kek_id))}
        rows = keys.execute(select(d.id, d.gemeente_id, d.doel, d.generatie, d.provider_sleutel, d.gemaakt)).all()
    provider = wijkwerk.keyring.rotation.provider
    lines = [f"Hoofdsleutel in gebruik: {provider.current_id()}"]
    for row in sorted(rows, key=lambda row: (row.gemeente_id != SYSTEEM, namen.get(row.gemeente_id, ""), row.doel, row.generatie)):
        lines.append(_regel(namen.get(row.gemeente_id, str(row.gemeente_id)), row, wraps.get(row.id)))
    r = Rotatie.tabel().c
    for open_ in connection.execute(select(r.gemeente_id, r.soort, r.gedaan, r.te_doen).where(r.klaar.is_(None)).order_by(r.begonnen)):
        naam = namen.get(open_.gemeente_id, str(open_.gemeente_id))
        lines.append(f"{naam}: vernieuwen van {open_.soort.value.lower()} is niet af, {open_.gedaan} van {open_.te_doen} gedaan.")
    return lines


def _regel(naam: str, row: Any, pakt_in: int | None) -> str:
    rest = "" if pakt_in is None else f", pakt {pakt_in} gegevenssleutels in"
    gemaakt = row.gemaakt.astimezone(AMSTERDAM)
    return f"{naam}: {row.doel}, generatie {row.generatie}, gemaakt op {gemaakt:%d-%m-%Y}, onder hoofdsleutel {row.provider_sleutel}{rest}"
