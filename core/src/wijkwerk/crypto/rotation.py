"""Renewing keys, a step at a time: what `sleutelbeheer/` puts together. Each step is safe to do again, and while others write.

Nothing is destroyed that is named: on PostgreSQL who stores something under a key holds the key's row, and a key is destroyed only by who
has the row alone and has looked since. On SQLite one process writes at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, exists, func, select, text, update

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keystore import (
    Dienstsleutel,
    Gegevenssleutel,
    add_data,
    all_service,
    can_hold,
    data_by_id,
    data_context,
    dienstsleutel,
    gegevenssleutel,
    held,
    newest_data,
    service_context,
    service_rows,
    vernietigde_hoofdsleutel,
)
from wijkwerk.crypto.provider import KeyProvider
from wijkwerk.crypto.rewrapping import Batch, rewrap_batch
from wijkwerk.crypto.service_keys import KEK, KeyUse, ServiceKeys, existing, unit_of
from wijkwerk.crypto.wrapping import wrap_new
from wijkwerk.klok import Klok
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.storage.insert import insert_absent

NIETS = UUID(int=0)
"""Before every id."""
_D, _G = dienstsleutel.c, gegevenssleutel.c


class KeyRotation:
    """The steps, for one key ring."""

    def __init__(self, service: ServiceKeys, provider: KeyProvider, database: Database, klok: Klok) -> None:
        self.provider = provider
        self._service, self._database, self._klok = service, database, klok

    def make_data(self, connection: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None, generatie: int = 1) -> Gegevenssleutel:
        """The newest data key, after making this generation if it was not there. Raises `SleutelOntbreekt` in a snapshot.

        Again when the key-encryption key that this process knew was destroyed by another one meanwhile.
        """
        unit_of(connection)
        whose = gemeente, persoon, dossier, generatie
        return existing(self._try_data(connection, *whose) or self._try_again(connection, *whose))

    def _try_again(
        self, connection: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None, generatie: int
    ) -> Gegevenssleutel | None:
        self._service.forget(gemeente, KEK)
        return self._try_data(connection, gemeente, persoon, dossier, generatie)

    def _try_data(
        self, connection: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None, generatie: int
    ) -> Gegevenssleutel | None:
        kek_row, kek = self._service.current(connection, gemeente, KEK)
        key_id = nieuw_id()
        wrapped = wrap_new(kek, data_context(key_id, gemeente, persoon, dossier))
        with self._database.keys(connection) as keys:
            add_data(keys, Gegevenssleutel(key_id, gemeente, persoon, dossier, wrapped, kek_row), generatie, self._klok.nu())
            return newest_data(keys, gemeente, persoon, dossier)

    def generations(self, connection: Connection, gemeente: UUID, use: KeyUse[Any]) -> list[Dienstsleutel]:
        """All generations of a service key, oldest first."""
        with self._database.keys(connection) as keys:
            return service_rows(keys, gemeente, use.name)

    def held_generations(self, connection: Connection, gemeente: UUID, use: KeyUse[Any]) -> list[Dienstsleutel]:
        """All generations, oldest first; none goes before this transaction ends, and none comes that a rotation does not wait for."""
        if can_hold(connection):  # a statement of its own: who had to wait here sees in the next one what was waited for
            own = select(_D.id).where(_D.gemeente_id == gemeente, _D.doel == use.name)  # pragma: no mutate - PostgreSQL alone
            connection.execute(held(connection, own, dienstsleutel)).all()  # pragma: no mutate - PostgreSQL alone
        return self.generations(connection, gemeente, use) or [self._service.current(connection, gemeente, use)[0]]

    def is_first(self, connection: Connection, gemeente: UUID, use: KeyUse[Any]) -> bool:
        """Whether a service key was never renewed."""
        return [row.generatie for row in self.generations(connection, gemeente, use)] == [1]

    def renew_service(self, connection: Connection, gemeente: UUID, use: KeyUse[Any]) -> None:
        """Make the next generation of a service key. On SQLite it is there at once, also when the unit fails later."""
        there = self.generations(connection, gemeente, use)
        self._service.make(connection, gemeente, use.name, there[-1].generatie + 1 if there else 1)
        self._service.forget(gemeente, use)

    def destroy_service(self, connection: Connection, old: Dienstsleutel, named: Callable[[Connection], bool]) -> bool:
        """Destroy a service key that nothing names: whether it is gone. `named` looks when nobody can store anything under it any more."""
        if not self._alone(connection, dienstsleutel, old.id):
            return False
        with self._database.keys(connection) as keys:
            if named(keys):
                return False
            keys.execute(delete(dienstsleutel).where(_D.id == old.id, _D.gemeente_id == old.gemeente_id))
        return True

    def is_alone(self, connection: Connection, row: Dienstsleutel) -> bool:
        """Whether nobody is storing anything under this service key: who began before its successor was made is done."""
        return self._alone(connection, dienstsleutel, row.id)

    def rewrap_data(self, connection: Connection, old: Dienstsleutel, new: Dienstsleutel, na: UUID, size: int) -> Batch:
        """The next data keys of a key-encryption key, wrapped by the new one. What does not open stays as it is."""
        pair = [(row, self._service.opened(row, KEK)) for row in (old, new)]
        # when the old key is destroyed, all is wiped
        with self._database.keys(connection, wipe=False) as keys:  # pragma: no mutate - None is no as well
            return rewrap_batch(keys, pair[0], pair[1], na, size)

    def data_under(self, connection: Connection, kek: Dienstsleutel) -> int:
        """How many data keys a key-encryption key wraps."""
        with self._database.keys(connection) as keys:
            return int(keys.execute(select(func.count()).where(_G.gemeente_id == kek.gemeente_id, _G.kek_id == kek.id)).scalar_one())

    def data_generations(self, connection: Connection, gemeente: UUID, persoon: UUID, dossier: UUID | None) -> list[tuple[UUID, int]]:
        """The id and number of each generation of a data key, oldest first."""
        same = (_G.gemeente_id == gemeente, _G.persoon_id == persoon, _G.dossier_id.is_not_distinct_from(dossier))
        with self._database.keys(connection) as keys:
            wanted = select(_G.id, _G.generatie).where(*same)
            wanted = wanted.order_by(_G.generatie)  # pragma: no mutate - the index through which SQLite finds them is in this order
            found = keys.execute(wanted).all()
        return [(row.id, row.generatie) for row in found]

    def has_data(self, connection: Connection, key_id: UUID) -> bool:
        """Whether this data key is there."""
        with self._database.keys(connection) as keys:
            return bool(data_by_id(keys, {key_id}))

    def destroy_data(self, connection: Connection, key_id: UUID, named: Callable[[Connection], bool]) -> bool:
        """Destroy one data key under which nothing is sealed: whether it is gone. `named` looks in the rows, when nobody seals with it."""
        if not self._alone(connection, gegevenssleutel, key_id) or named(connection):
            return False
        with self._database.keys(connection) as keys:
            keys.execute(delete(gegevenssleutel).where(_G.id == key_id))
        return True

    def service_under(self, connection: Connection, hoofdsleutel: str) -> list[Dienstsleutel]:
        """The service keys that a root key wraps."""
        with self._database.keys(connection) as keys:
            return [row for row in all_service(keys) if row.provider_sleutel == hoofdsleutel]

    def readable_service(self, connection: Connection) -> int:
        """How many service keys of the whole system open."""
        with self._database.keys(connection) as keys:
            return sum(self._plain(row) is not None for row in all_service(keys))

    def rewrap_service(self, connection: Connection, hoofdsleutel: str) -> Batch:
        """All service keys of a root key, wrapped by the current one. What does not open stays as it is."""
        rows, done = self.service_under(connection, hoofdsleutel), 0
        for row in rows:
            if (plain := self._plain(row)) is None:
                continue
            provider_sleutel, ingepakt = self.provider.wrap(plain, service_context(*row[:4]))
            same = (_D.id == row.id, _D.gemeente_id == row.gemeente_id, _D.ingepakt == row.ingepakt)
            with self._database.keys(connection) as keys:
                keys.execute(update(dienstsleutel).where(*same).values(provider_sleutel=provider_sleutel, ingepakt=ingepakt))
            done += 1
        return Batch(done, len(rows) - done, None)

    def _plain(self, row: Dienstsleutel) -> bytes | None:
        try:
            return self.provider.unwrap(row.provider_sleutel, row.ingepakt, service_context(*row[:4]))
        except (SleutelOntbreekt, Vervalst):
            return None

    def bar_root(self, connection: Connection, hoofdsleutel: str) -> None:
        """From when this is committed nothing is stored any more that this root key wrapped."""
        with self._database.keys(connection) as keys:
            if can_hold(keys):
                # who is storing something finishes first
                keys.execute(text("LOCK TABLE dienstsleutel IN SHARE ROW EXCLUSIVE MODE"))  # pragma: no mutate - PostgreSQL alone
            insert_absent(keys, vernietigde_hoofdsleutel, {"id": hoofdsleutel, "vernietigd": self._klok.nu()})

    def _alone(self, connection: Connection, table: Table, key_id: UUID) -> bool:
        """Whether nobody stores anything under this key before this transaction ends. Does not wait: who is storing goes first."""
        own = select(table.c.id).where(table.c.id == key_id)
        own = own.with_for_update(skip_locked=True)  # pragma: no mutate - a lock of PostgreSQL
        with self._database.keys(connection) as keys:
            return keys.execute(own).scalar() is not None


def names_kek(old: Dienstsleutel) -> Callable[[Connection], bool]:
    """Whether a data key is wrapped by this key-encryption key."""
    asked = select(exists().where(_G.gemeente_id == old.gemeente_id, _G.kek_id == old.id))
    return lambda keys: bool(keys.execute(asked).scalar())
