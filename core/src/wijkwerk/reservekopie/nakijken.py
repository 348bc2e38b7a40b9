"""What was put back is looked through before anybody works with it: the keys open the notes, and the log is whole."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.envelope import key_id_of
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.keystore import Dienstsleutel, all_service, gegevenssleutel
from wijkwerk.crypto.service_keys import KEK
from wijkwerk.crypto.tombstones import Grafsteen, replay
from wijkwerk.log.export import export
from wijkwerk.log.verify import Rapport, verifieer
from wijkwerk.notities.notitie import Notitieversie
from wijkwerk.records.opening import binding
from wijkwerk.reservekopie.map import ReservekopieFout
from wijkwerk.storage.migrate import check

PROBEER: Final = 200
"""Data keys of one key of a municipality that are tried for a note: most residents have one."""


async def keur_tabellen(wijkwerk: Wijkwerk) -> None:
    """Raises ReservekopieFout when the tables are not those of this version, or of parts that are not installed."""
    if anders := await check(wijkwerk.database, wijkwerk.plugins.migraties()):
        raise ReservekopieFout(f"De tabellen van deze kopie passen niet bij deze versie: {' '.join(anders)}")


async def vernietig_opnieuw(wijkwerk: Wijkwerk, stenen: Sequence[Grafsteen]) -> int:
    """Destroy again what was destroyed after the backup was made; how many keys went."""

    def unit(connection: Connection) -> int:
        with wijkwerk.database.keys(connection) as keys:
            return replay(keys, stenen)

    return await wijkwerk.database.transact(unit)


async def open_notities(wijkwerk: Wijkwerk) -> tuple[int, int]:
    """Open a note of each key of a municipality that sealed any; how many keys there are, and of how many a note was opened.

    Raises ReservekopieFout when the data and the keys don't belong together.
    """
    async with wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(partial(_notities, wijkwerk))
        blobs = [each for each in found if each is not None]
        try:
            plain = await snapshot.run(lambda connection: wijkwerk.keyring.open(connection, blobs))
        except Vervalst:
            raise ReservekopieFout("Een notitie gaat niet open: gegevens en sleutels horen niet bij elkaar, of zijn veranderd.") from None
    if None in plain:
        raise ReservekopieFout("Van een notitie ontbreekt de sleutel: de kopie van de sleutels hoort niet bij die van de gegevens.")
    return len(found), len(blobs)


async def keur_log(wijkwerk: Wijkwerk, bewaard: Sequence[str]) -> Rapport:
    """Verify the log as it was put back. Raises ReservekopieFout for the first thing that is not right."""
    async with wijkwerk.database.snapshot() as snapshot:
        identity = await snapshot.run(lambda connection: wijkwerk.keyring.signing_key(connection, "log"))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "log.jsonl"
        with copy.open("x", encoding="utf-8", newline="\n") as target:
            await export(wijkwerk.database, target)
        with copy.open("rb") as lines:
            rapport = verifieer(lines, identity.public_key(), bewaard, origin=wijkwerk.journal.origin)
    if not rapport.goed:
        raise ReservekopieFout(f"Het inzagelog in deze kopie klopt niet. {rapport.tekst()}")
    return rapport


def _notities(wijkwerk: Wijkwerk, connection: Connection) -> list[Any]:
    """For each key of a municipality a sealed note and its place; None for one that sealed none."""
    with wijkwerk.database.keys(connection) as keys:
        keks = [row for row in all_service(keys) if row.doel == KEK.name]
        plekken = {row.id: _plekken(keys, row) for row in keks}
    return [_notitie(connection, row, plekken[row.id]) for row in keks]


def _plekken(keys: Connection, kek: Dienstsleutel) -> list[tuple[UUID, UUID, UUID]]:
    g = gegevenssleutel.c
    own = select(g.id, g.persoon_id, g.dossier_id).where(g.gemeente_id == kek.gemeente_id, g.kek_id == kek.id, g.dossier_id.is_not(None))
    return [(row[0], row[1], row[2]) for row in keys.execute(own.order_by(g.id.desc()).limit(PROBEER))]


def _notitie(connection: Connection, kek: Dienstsleutel, plekken: Sequence[tuple[UUID, UUID, UUID]]) -> Any:
    n = Notitieversie.tabel().c
    for sleutel, persoon, dossier in plekken:
        own = select(n.id, n.versie, n.tekst).where(n.gemeente_id == kek.gemeente_id, n.persoon_id == persoon, n.dossier_id == dossier)
        for row in connection.execute(own.order_by(n.id.desc()).limit(PROBEER)):
            if key_id_of(row.tekst) == sleutel:
                return row.tekst, binding(Notitieversie.__tablename__, kek.gemeente_id, row.id, "tekst", row.versie)
    return None
