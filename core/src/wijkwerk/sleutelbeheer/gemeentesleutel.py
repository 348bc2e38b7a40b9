"""A new key-encryption key for a municipality: every data key is wrapped anew, and the old one is destroyed when none names it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Connection

from wijkwerk.crypto.keystore import Dienstsleutel
from wijkwerk.crypto.rewrapping import Batch
from wijkwerk.crypto.rotation import names_kek
from wijkwerk.crypto.service_keys import KEK
from wijkwerk.sleutelbeheer.rotatie import Rotatiesoort
from wijkwerk.sleutelbeheer.voortgang import PER_STAP, Begin, Loop, Melden, Rapport, begin, kijk

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk


SLEUTELS_PER_STAP: Final = {"sqlite": 5 * PER_STAP, "postgresql": PER_STAP}
"""On SQLite there is a pause after each step, for who writes: as long as wrapping these takes (measurements.md II.2)."""


async def vernieuw_gemeentesleutel(wijkwerk: Wijkwerk, gemeente: UUID, meld: Melden, *, per_stap: int | None = None) -> Rapport:
    """Make the next key-encryption key unless there is one already, and wrap all data keys with it; that goes on where it stopped.

    Others write meanwhile. The state is in the rows: each says which key-encryption key wraps it. Raises RotatieStaatStil.
    """
    rotation = wijkwerk.keyring.rotation

    def tel(connection: Connection) -> int:
        return sum(rotation.data_under(connection, each) for each in rotation.generations(connection, gemeente, KEK))

    voor = await kijk(wijkwerk, tel)
    maak = partial(rotation.renew_service, gemeente=gemeente, use=KEK)
    loop = await begin(wijkwerk, Begin(Rotatiesoort.GEMEENTESLEUTEL, gemeente, voor, maak), meld)
    *oude, nieuw = await kijk(wijkwerk, lambda connection: rotation.generations(connection, gemeente, KEK))
    loop.rapport.voor = voor
    for oud in oude:
        await _leeg(loop, oud, nieuw, per_stap or SLEUTELS_PER_STAP[wijkwerk.database.dialect])
    loop.rapport.na = await kijk(wijkwerk, lambda connection: rotation.data_under(connection, nieuw))
    return await loop.eindig()


async def _leeg(loop: Loop, oud: Dienstsleutel, nieuw: Dienstsleutel, per_stap: int) -> None:
    """Rounds over what is left, until nothing names the old key; a key of which something does not open stays."""
    rotation = loop.wijkwerk.keyring.rotation

    async def klaar() -> bool:
        er_zijn = await kijk(loop.wijkwerk, lambda connection: rotation.generations(connection, loop.gemeente, KEK))
        if oud.id not in {each.id for each in er_zijn}:
            return True  # somebody else who renews it was first
        dicht = await _ronde(loop, oud, nieuw, per_stap)
        if dicht:
            loop.rapport.dicht += dicht
            return True
        weg = await loop.stap(lambda connection: rotation.destroy_service(connection, oud, names_kek(oud)))
        loop.rapport.vernietigd += weg
        return weg

    await loop.tot(klaar)


async def _ronde(loop: Loop, oud: Dienstsleutel, nieuw: Dienstsleutel, per_stap: int) -> int:
    """All data keys of the old key once, in order of id. How many did not open."""

    def unit(connection: Connection) -> Batch:
        batch = loop.wijkwerk.keyring.rotation.rewrap_data(connection, oud, nieuw, loop.verder_na, per_stap)
        loop.noteer(connection, batch.gedaan, batch.verder_na)
        return batch

    dicht = 0
    while True:
        batch = await loop.stap(unit)
        dicht += batch.dicht
        if batch.verder_na is None:
            return dicht
