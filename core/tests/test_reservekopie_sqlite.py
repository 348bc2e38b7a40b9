"""A backup of keys on SQLite has what the data that was copied meanwhile is sealed with, and nothing that was destroyed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Table, create_engine, insert, select

from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel, vernietigde_sleutel
from wijkwerk.reservekopie.sqlite import vul_aan
from wijkwerk.storage.metadata import metadata

GEMEENTE, OUD, NIEUW, WEG = UUID(int=1), UUID(int=11), UUID(int=12), UUID(int=13)
NU = datetime(2026, 3, 2, tzinfo=UTC)
SLEUTELS = (dienstsleutel, gegevenssleutel)


def _rij(tabel: Table, id: UUID, ingepakt: bytes) -> dict[str, Any]:
    rij = {"id": id, "gemeente_id": GEMEENTE, "generatie": id.int, "ingepakt": ingepakt, "gemaakt": NU}
    if tabel is dienstsleutel:
        return rij | {"doel": "KEK", "provider_sleutel": "hoofd"}
    return rij | {"persoon_id": UUID(int=21), "dossier_id": None, "kek_id": NIEUW}


def _kopie(pad: Path, ingepakt: dict[UUID, bytes], vernietigd: tuple[UUID, ...] = ()) -> None:
    engine = create_engine(f"sqlite:///{pad}")
    with engine.begin() as connection:
        metadata.create_all(connection, tables=[*SLEUTELS, vernietigde_sleutel])
        for tabel in SLEUTELS:
            connection.execute(insert(tabel), [_rij(tabel, id, blob) for id, blob in ingepakt.items()])
        for id in vernietigd:
            connection.execute(insert(vernietigde_sleutel).values(id=id, gemeente_id=GEMEENTE, plek=b"p", vernietigd=NU))
    engine.dispose()


def test_keys_of_an_earlier_copy_are_put_in_unless_they_are_there_or_were_destroyed(tmp_path: Path) -> None:
    nu, eerder = tmp_path / "nu.db", tmp_path / "eerder.db"
    _kopie(nu, {NIEUW: b"anders ingepakt"}, vernietigd=(WEG,))
    _kopie(eerder, {OUD: b"oud", NIEUW: b"nieuw", WEG: b"weg"})
    for _ in range(2):
        vul_aan(nu, eerder)
    engine = create_engine(f"sqlite:///{nu}")
    with engine.begin() as connection:
        for tabel in SLEUTELS:
            found = [dict(row._mapping) for row in connection.execute(select(tabel).order_by(tabel.c.id))]
            assert found == [_rij(tabel, OUD, b"oud"), _rij(tabel, NIEUW, b"anders ingepakt")]
    engine.dispose()
