"""A new data key for a resident, or a resident in a dossier: every value is sealed again, and the old key is destroyed after that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Connection, inspect

from wijkwerk.crypto.rotation import NIETS
from wijkwerk.crypto.tombstones import plek_van
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.sleutelbeheer.rotatie import Rotatiesoort
from wijkwerk.sleutelbeheer.verzegeld import Telling, Vak, is_ergens, tel, vakken, verzegel_anders, zoek_rijen
from wijkwerk.sleutelbeheer.voortgang import Begin, Loop, Melden, Rapport, begin, kijk
from wijkwerk.storage.revisions import VERSION_PREFIX

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

PER_KEER: Final = 100
"""Rows in one transaction: a note can be a megabyte."""
_GEEN_SLEUTEL: Final = (
    "Van deze inwoner is hier geen sleutel. Controleer de nummers. "
    "Notities en bestanden hebben een sleutel per dossier: noem dat met --dossier."
)


async def vernieuw_gegevenssleutel(
    wijkwerk: Wijkwerk, gemeente: UUID, persoon: UUID, dossier: UUID | None, meld: Melden, *, per_stap: int = PER_KEER
) -> Rapport:
    """Make the next data key of this resident (in a dossier) unless that was broken off, and seal with it all that the old ones sealed.

    Others write meanwhile: with the newest key. Raises NietGevonden when there is no key, OngeldigeInvoer while a plugin is away whose
    data may be sealed with it, and RotatieStaatStil.
    """
    rotation = wijkwerk.keyring.rotation
    await kijk(wijkwerk, partial(_keur, wijkwerk))
    sleutels = await kijk(wijkwerk, lambda connection: rotation.data_generations(connection, gemeente, persoon, dossier))
    if not sleutels:
        raise NietGevonden(_GEEN_SLEUTEL)
    alle = vakken(list(wijkwerk.catalogue.records))
    voor = await _tel(wijkwerk, alle, gemeente, [id for id, _ in sleutels], per_stap)
    welke = UUID(bytes=plek_van(gemeente, persoon, dossier))

    def maak(connection: Connection) -> None:
        rotation.make_data(connection, gemeente, persoon, dossier, sleutels[-1][1] + 1)

    loop = await begin(wijkwerk, Begin(Rotatiesoort.GEGEVENSSLEUTEL, gemeente, voor.open, maak, welke), meld)
    loop.rapport.voor = voor.open
    *oude, (nieuw, _) = await kijk(wijkwerk, lambda connection: rotation.data_generations(connection, gemeente, persoon, dossier))
    for oud, _ in oude:
        await _leeg(loop, alle, oud, nieuw, per_stap)
    loop.rapport.na = (await _tel(wijkwerk, alle, gemeente, [nieuw], per_stap)).open
    return await loop.eindig()


def _keur(wijkwerk: Wijkwerk, connection: Connection) -> None:
    """Raises OngeldigeInvoer for tables of a plugin that is not installed now: what is sealed in them would be lost."""
    tables = {name for name in inspect(connection).get_table_names() if name.startswith(VERSION_PREFIX)}
    if tables - {f"{VERSION_PREFIX}{each.owner}" for each in wijkwerk.plugins.migraties()}:
        raise OngeldigeInvoer("Een onderdeel met gegevens van inwoners is nu niet geïnstalleerd. Installeer het en probeer het opnieuw.")


async def _leeg(loop: Loop, alle: Sequence[Vak], oud: UUID, nieuw: UUID, per_stap: int) -> None:
    """Rounds over what the old key sealed, until nothing is left of it; a key of which something does not open stays."""
    wijkwerk = loop.wijkwerk

    def nog_in_gebruik(connection: Connection) -> bool:
        # On SQLite the snapshot just before says enough, and looking here would hold up all writers: the new key was made in a
        # transaction of its own, so whoever writes since then seals with that one.
        return wijkwerk.database.dialect == "postgresql" and is_ergens(connection, alle, loop.gemeente, oud)

    async def klaar() -> bool:
        dicht = await _ronde(loop, alle, oud, nieuw, per_stap)
        if dicht:
            loop.rapport.dicht += dicht
            return True
        if await kijk(wijkwerk, lambda connection: is_ergens(connection, alle, loop.gemeente, oud)):
            return False
        if not await kijk(wijkwerk, lambda connection: wijkwerk.keyring.rotation.has_data(connection, oud)):
            return True  # somebody else who renews it was first, or it was destroyed
        weg = await loop.stap(lambda connection: wijkwerk.keyring.rotation.destroy_data(connection, oud, nog_in_gebruik))
        if weg:
            wijkwerk.keyring.forget(oud)
            loop.rapport.vernietigd += 1
        return weg

    await loop.tot(klaar)


async def _ronde(loop: Loop, alle: Sequence[Vak], oud: UUID, nieuw: UUID, per_stap: int) -> int:
    """All that the old key sealed, once. How many values did not open."""
    dicht = 0
    for vak in alle:
        async for ids in _bladzijden(loop.wijkwerk, vak, loop.gemeente, oud, per_stap):
            dicht += (await loop.stap(partial(_stap, loop, vak, ids, oud, nieuw))).dicht
    return dicht


def _stap(loop: Loop, vak: Vak, ids: Sequence[UUID], oud: UUID, nieuw: UUID, connection: Connection) -> Telling:
    done = verzegel_anders(connection, loop.wijkwerk.keyring, vak, loop.gemeente, ids, oud, nieuw)
    loop.noteer(connection, done.open)
    return done


async def _bladzijden(wijkwerk: Wijkwerk, vak: Vak, gemeente: UUID, sleutel: UUID, aantal: int) -> AsyncIterator[list[UUID]]:
    na = NIETS
    while ids := await kijk(wijkwerk, partial(zoek_rijen, vak=vak, gemeente=gemeente, sleutel=sleutel, na=na, aantal=aantal)):
        yield ids
        na = ids[-1]


async def _tel(wijkwerk: Wijkwerk, alle: Sequence[Vak], gemeente: UUID, sleutels: Sequence[UUID], aantal: int) -> Telling:
    """How many values under these keys open."""
    counted = Telling(0, 0)
    for sleutel in sleutels:
        for vak in alle:
            async for ids in _bladzijden(wijkwerk, vak, gemeente, sleutel, aantal):
                found = await kijk(wijkwerk, partial(tel, keyring=wijkwerk.keyring, vak=vak, gemeente=gemeente, ids=ids, sleutel=sleutel))
                counted = Telling(counted.open + found.open, counted.dicht + found.dicht)
    return counted
