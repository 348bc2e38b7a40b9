"""A folder as a witness: a file for each checkpoint, never overwritten, in a folder that somebody else looks after.

`<SHA-256 of the origin>/<size>.note`. What lies there is looked at each time, so that a log that was put back or rewritten is found.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from wijkwerk.log.getuigen.bron import Bevestiging, Bron, NietBezorgd, Tegenspraak
from wijkwerk.log.note import Checkpoint
from wijkwerk.log.tree import verify_consistency
from wijkwerk.storage.durable import new_on_disk, on_disk

_BESTAND: Final = re.compile(r"([1-9][0-9]{0,18})\.note")
_GROOTSTE: Final = 65_536
"""Bytes of a note that we would have written."""


class Map:
    """A folder that is there already: one that is missing may be a disk that is not mounted."""

    soort = "map"

    def __init__(self, naam: str, map_: Path) -> None:
        self.naam, self._map = naam, map_

    async def geef(self, bron: Bron, nieuw: Checkpoint, bevestigd: int) -> Bevestiging:
        """Raises Tegenspraak when what lies there can't be of this log, NietBezorgd when the folder can't be read or written."""
        folder = self._map / sha256(nieuw.origin.encode()).hexdigest()
        eerder = await asyncio.to_thread(_grootste, self._map, folder)
        if eerder is not None:
            await _vergelijk(bron, eerder, nieuw)
        await asyncio.to_thread(_leg_neer, folder, nieuw)
        return Bevestiging(nieuw.omvang, "")


async def _vergelijk(bron: Bron, eerder: Checkpoint, nieuw: Checkpoint) -> None:
    if eerder.omvang > nieuw.omvang:
        raise Tegenspraak(f"in de map ligt een checkpoint met omvang {eerder.omvang}, maar ons log heeft omvang {nieuw.omvang}")
    bewijs = await bron.bewijs(eerder.omvang, nieuw.omvang)
    if not verify_consistency(eerder.omvang, nieuw.omvang, eerder.wortel, nieuw.wortel, bewijs):
        raise Tegenspraak(f"het checkpoint met omvang {eerder.omvang} in de map is niet van dit log")


@contextmanager
def _mapfouten() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NietBezorgd(f"de map is er niet, of kan niet worden gelezen of beschreven ({type(error).__name__})") from None


def _grootste(map_: Path, folder: Path) -> Checkpoint | None:
    with _mapfouten():
        if not map_.is_dir():
            raise FileNotFoundError
        folder.mkdir(mode=0o755, exist_ok=True)
        omvang = max((int(found[1]) for name in os.listdir(folder) if (found := _BESTAND.fullmatch(name))), default=None)
        return None if omvang is None else _lees(folder / f"{omvang}.note", omvang)


def _lees(path: Path, omvang: int) -> Checkpoint:
    with path.open("rb") as file:
        content = file.read(_GROOTSTE)
    try:
        found = Checkpoint.lees(content.decode())
    except ValueError:
        raise Tegenspraak(f"het bestand {path.name} in de map is veranderd: het is geen checkpoint") from None
    if found.omvang != omvang:
        raise Tegenspraak(f"het bestand {path.name} in de map is veranderd: er staat een andere omvang in")
    return found


def _leg_neer(folder: Path, nieuw: Checkpoint) -> None:
    """Whole and on the disk before it has its name; a name that is taken keeps what it has."""
    final = folder / f"{nieuw.omvang}.note"
    beside = folder / f".{nieuw.omvang}.{secrets.token_hex(8)}"
    with _mapfouten():
        try:
            new_on_disk(beside, nieuw.note.encode(), mode=0o644)
            os.link(beside, final)
        except FileExistsError:
            if _lees(final, nieuw.omvang).tekst != nieuw.tekst:
                raise Tegenspraak(f"in de map ligt een ander checkpoint met omvang {nieuw.omvang}") from None
        finally:
            with suppress(OSError):  # in a folder where nothing may be taken away it stays
                beside.unlink()
        on_disk(folder)
        on_disk(folder.parent)
