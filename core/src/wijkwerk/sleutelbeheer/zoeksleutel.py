"""A new key for the blind index of BSNs: a second column is filled, then it takes the place of the first, then the old key is destroyed.

1. The new key is made. From then on who writes fills both columns, and who looks looks in both (`bsnindex.py`).
2. Every row gets the second column. Who began before the key was made and filled one column only is waited for, and done after that.
3. The first column gets what is in the second: nothing is left that the old key made. A resident is found throughout, and a BSN is of one.
4. When that is so of every row, and nobody is writing who knows the old key, it is destroyed. The second column is emptied.

The pseudonyms in the log are made with another key: they stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from wijkwerk.bsnindex import LEEG, merk_tekst
from wijkwerk.crypto.envelope import Binding
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import Dienstsleutel
from wijkwerk.crypto.rotation import NIETS
from wijkwerk.crypto.service_keys import BSN_INDEX
from wijkwerk.personen import Persoon
from wijkwerk.records.opening import binding
from wijkwerk.sleutelbeheer.rotatie import Rotatiesoort
from wijkwerk.sleutelbeheer.voortgang import PER_STAP, Begin, Loop, Melden, Rapport, begin, kijk
from wijkwerk.systeem import laat_voorgaan

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

_P: Final = Persoon.tabel().c
_LEEG_NIEUW: Final = (_P.bsn_index.is_not(None), _P.bsn_index_nieuw.is_(None))
_ANDERS: Final = (_P.bsn_index.is_not(None), _P.bsn_index.is_distinct_from(_P.bsn_index_nieuw))
_OVER: Final = (_P.bsn_index_nieuw.is_not(None), _P.bsn_index == _P.bsn_index_nieuw)
Stap = Callable[[Connection, Sequence[Any]], tuple[int, int]]
"""Does these rows: how many were done, and how many can't be."""


async def vernieuw_zoeksleutel(wijkwerk: Wijkwerk, gemeente: UUID, meld: Melden, *, per_stap: int = PER_STAP) -> Rapport:
    """Make the next key of the blind index unless that was broken off, and give every resident with a BSN an index under it.

    Others write meanwhile. Which step it is at follows from the rows and the keys. Raises RotatieStaatStil.
    """
    if len(await _sleutels(wijkwerk, gemeente)) == 1:
        await _ruim_op(wijkwerk, gemeente, per_stap)
    voor = await kijk(wijkwerk, partial(_tel, gemeente=gemeente))
    loop = await begin(wijkwerk, Begin(Rotatiesoort.ZOEKSLEUTEL, gemeente, voor, partial(_maak, wijkwerk, gemeente)), meld)
    loop.rapport.voor = voor
    sleutels = await _sleutels(wijkwerk, gemeente)
    if len(sleutels) > 1:
        await loop.tot(partial(_probeer, loop, sleutels[0], per_stap))
    if not loop.rapport.dicht:
        await _ruim_op(wijkwerk, gemeente, per_stap)
    loop.rapport.na = await kijk(wijkwerk, partial(_tel, gemeente=gemeente))
    return await loop.eindig()


async def _sleutels(wijkwerk: Wijkwerk, gemeente: UUID) -> list[Dienstsleutel]:
    return await kijk(wijkwerk, lambda connection: wijkwerk.keyring.rotation.generations(connection, gemeente, BSN_INDEX))


def _maak(wijkwerk: Wijkwerk, gemeente: UUID, connection: Connection) -> None:
    """Two are enough: what was left by one that was broken off while it began is the new one."""
    rotation = wijkwerk.keyring.rotation
    if len(rotation.generations(connection, gemeente, BSN_INDEX)) == 1:
        rotation.renew_service(connection, gemeente, BSN_INDEX)


async def _probeer(loop: Loop, oud: Dienstsleutel, per_stap: int) -> bool:
    """Steps 2 to 4 once: whether the old key is gone, or has to stay for what does not open."""
    wijkwerk, rotation = loop.wijkwerk, loop.wijkwerk.keyring.rotation
    if oud.id not in {each.id for each in await _sleutels(wijkwerk, loop.gemeente)}:
        return True  # somebody else who renews it was first
    if not await loop.stap(lambda connection: rotation.is_alone(connection, oud)):
        return False  # somebody is writing who began before the new key was made, perhaps
    dicht = await _rijen(loop, _LEEG_NIEUW, partial(_vul, wijkwerk, loop.gemeente), per_stap)
    await _merken(loop, per_stap)
    if dicht:
        loop.rapport.dicht += dicht
        return True
    await _rijen(loop, _ANDERS, partial(_zet_om, loop.gemeente), per_stap)
    weg = await loop.stap(
        lambda connection: rotation.destroy_service(connection, oud, lambda _: _is_er(connection, loop.gemeente, _ANDERS))
    )
    loop.rapport.vernietigd += weg
    return weg


async def _rijen(loop: Loop, where: Sequence[ColumnElement[bool]], stap: Stap, aantal: int) -> int:
    """All rows that are so, in order of id, a number in each transaction. How many can't be done."""
    na, dicht = NIETS, 0

    def unit(connection: Connection) -> tuple[UUID | None, int]:
        rows = connection.execute(_volgende(loop.gemeente, where, na, aantal)).all()
        gedaan, niet = stap(connection, rows)
        loop.noteer(connection, gedaan)
        return (rows[-1].id if len(rows) == aantal else None), niet

    while True:
        verder, niet = await loop.stap(unit)
        dicht += niet
        if verder is None:
            return dicht
        na = verder


def _volgende(gemeente: UUID, where: Sequence[ColumnElement[bool]], na: UUID, aantal: int) -> Any:
    own = select(_P.id, _P.versie, _P.bsn, _P.bsn_index, _P.bsn_index_nieuw).where(_P.gemeente_id == gemeente, _P.id > na, *where)
    return own.order_by(_P.id).limit(aantal).with_for_update(key_share=True, skip_locked=True)


def _vul(wijkwerk: Wijkwerk, gemeente: UUID, connection: Connection, rows: Sequence[Any]) -> tuple[int, int]:
    """The second column of who has a BSN. Who was made unreadable is not found on BSN any more either."""
    blind = wijkwerk.keyring.blind_indexer(connection, gemeente)
    sealed = {row.id: (row.bsn, binding("persoon", gemeente, row.id, "bsn", row.versie)) for row in rows if row.bsn is not None}
    opened = dict(zip(sealed, _open(wijkwerk.keyring, connection, list(sealed.values())), strict=True))
    gevonden = [{"wie": id, "bsn_index_nieuw": blind(bsn.decode())[-1]} for id, bsn in opened.items() if isinstance(bsn, bytes)]
    _zet(connection, gemeente, gevonden)
    _zet(connection, gemeente, [{"wie": id, **LEEG} for id, bsn in opened.items() if bsn is None])
    return len(gevonden), sum(isinstance(bsn, Vervalst) for bsn in opened.values())


def _open(keyring: Keyring, connection: Connection, blobs: Sequence[tuple[bytes, Binding]]) -> list[bytes | Vervalst | None]:
    """All at once; one at a time to know which does not open."""
    try:
        return [*keyring.open(connection, blobs)]
    except Vervalst as error:
        return [error] if len(blobs) == 1 else [one for blob in blobs for one in _open(keyring, connection, [blob])]


def _zet_om(gemeente: UUID, connection: Connection, rows: Sequence[Any]) -> tuple[int, int]:
    _zet(connection, gemeente, [{"wie": row.id, "bsn_index": row.bsn_index_nieuw} for row in rows if row.bsn_index_nieuw is not None])
    return 0, 0


async def _merken(loop: Loop, aantal: int) -> None:
    """Files without a BSN that are found by what stands for that of another resident (docs/decisions/0018): of whom is worked out."""
    zonder = (*_LEEG_NIEUW, _P.bsn.is_(None))
    wijkwerk, gemeente = loop.wijkwerk, loop.gemeente
    asked = select(_P.bsn_index, _P.id).where(_P.gemeente_id == gemeente, *zonder)
    gezocht = {bytes(row[0]): row[1] for row in await kijk(wijkwerk, lambda connection: connection.execute(asked).all())}
    na: UUID | None = NIETS
    while gezocht and na is not None:
        na = await loop.stap(partial(_merk_stap, loop, gezocht, na, aantal))
    for merk, persoon in gezocht.items():  # of nobody who is there: nothing would find it
        await loop.stap(partial(_zet, gemeente=gemeente, rijen=[{"wie": persoon, **LEEG}], was=merk))


def _merk_stap(loop: Loop, gezocht: dict[bytes, UUID], na: UUID, aantal: int, connection: Connection) -> UUID | None:
    blind = loop.wijkwerk.keyring.blind_indexer(connection, loop.gemeente)
    ids = connection.execute(select(_P.id).where(_P.gemeente_id == loop.gemeente, _P.id > na).order_by(_P.id).limit(aantal)).scalars().all()
    for id in ids:
        oud, nieuw = blind(merk_tekst(id))[:2]
        if (persoon := gezocht.pop(oud, None)) is not None:
            _zet(connection, loop.gemeente, [{"wie": persoon, "bsn_index_nieuw": nieuw}], was=oud)
            loop.noteer(connection, 1)
    return ids[-1] if len(ids) == aantal else None


async def _ruim_op(wijkwerk: Wijkwerk, gemeente: UUID, aantal: int) -> None:
    """The second column is empty again."""

    def unit(connection: Connection) -> bool:
        ids = [row.id for row in connection.execute(_volgende(gemeente, _OVER, NIETS, aantal))]
        _zet(connection, gemeente, [{"wie": id, "bsn_index_nieuw": None} for id in ids])
        return len(ids) == aantal

    while await wijkwerk.database.transact(unit):
        await laat_voorgaan(wijkwerk)


def _zet(connection: Connection, gemeente: UUID, rijen: Sequence[Mapping[str, Any]], was: bytes | None = None) -> None:
    """Rows with the same columns; `wie`: whose. The version stays: who changes the resident at the same time is not in the way of this, nor
    this of them. `was`: only while this stands in the first column."""
    if rijen:
        own = [_P.gemeente_id == gemeente, _P.id == bindparam("wie"), *([] if was is None else [_P.bsn_index == was])]
        connection.execute(update(Persoon.tabel()).where(*own), [*map(dict, rijen)])


def _is_er(connection: Connection, gemeente: UUID, where: Sequence[ColumnElement[bool]]) -> bool:
    return connection.execute(select(_P.id).where(_P.gemeente_id == gemeente, *where).limit(1)).first() is not None


def _tel(connection: Connection, gemeente: UUID) -> int:
    """How many residents are found on a BSN."""
    return int(connection.execute(select(func.count()).where(_P.gemeente_id == gemeente, _P.bsn_index.is_not(None))).scalar_one())
