"""A new root key: every key of the service is wrapped anew, and the old root key goes when that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from wijkwerk.crypto.keystore import SYSTEEM
from wijkwerk.crypto.provider import RenewableProvider
from wijkwerk.crypto.rewrapping import Batch
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.sleutelbeheer.rotatie import Rotatiesoort
from wijkwerk.sleutelbeheer.voortgang import Begin, Loop, Melden, Rapport, begin, kijk

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk


async def vernieuw_hoofdsleutel(wijkwerk: Wijkwerk, meld: Melden, *, vernietig_oude: bool = False) -> Rapport:
    """Make a new root key unless a rotation was broken off, and wrap all service keys with it; that goes on where it stopped.

    `vernietig_oude`: the old root keys go, unless a key is wrapped by one that does not open. A backup of keys from before can't be opened
    any more then. Other processes go on: they read the new root key from the file. Raises OngeldigeInvoer for a provider whose root key is
    renewed elsewhere, OpstartFout when the file can't be changed.
    """
    provider = wijkwerk.keyring.rotation.provider
    if not isinstance(provider, RenewableProvider):
        raise OngeldigeInvoer("Deze hoofdsleutel vernieuwt u in het token zelf. Lees docs/beheer/sleutels.md.")
    voor = await kijk(wijkwerk, lambda connection: _tel(wijkwerk, connection))
    loop = await begin(wijkwerk, Begin(Rotatiesoort.HOOFDSLEUTEL, SYSTEEM, voor, lambda _: provider.renew()), meld)
    loop.rapport.voor = voor
    for oud in [each for each in provider.ids() if each != provider.current_id()]:
        await _pak_opnieuw_in(loop, oud)
        if vernietig_oude:
            await _vernietig(loop, provider, oud)
    loop.rapport.na = await kijk(wijkwerk, lambda connection: _tel(wijkwerk, connection))
    return await loop.eindig()


async def _pak_opnieuw_in(loop: Loop, oud: str) -> Batch:
    def unit(connection: Connection) -> Batch:
        batch = loop.wijkwerk.keyring.rotation.rewrap_service(connection, oud)
        loop.noteer(connection, batch.gedaan)
        return batch

    return await loop.stap(unit)


async def _vernietig(loop: Loop, provider: RenewableProvider, oud: str) -> None:
    """First nothing can be stored under it any more; then what was stored meanwhile; then it goes from its place."""
    rotation = loop.wijkwerk.keyring.rotation
    await loop.stap(lambda connection: rotation.bar_root(connection, oud))
    rest = await _pak_opnieuw_in(loop, oud)
    if rest.dicht:
        loop.rapport.dicht += rest.dicht
    elif not await loop.stap(lambda connection: rotation.service_under(connection, oud)):
        provider.destroy(oud)
        loop.rapport.vernietigd += 1


def _tel(wijkwerk: Wijkwerk, connection: Connection) -> int:
    """How many service keys open."""
    return wijkwerk.keyring.rotation.readable_service(connection)
