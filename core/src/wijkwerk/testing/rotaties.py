"""Renewing keys in tests: who is told of the steps, a kill between two of them, and what another process has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from ..crypto.keyring import Keyring
from ..crypto.provider import FileProvider
from ..sleutelbeheer import voortgang
from .wijk import Wijk

T = TypeVar("T")


class Gestopt(BaseException):
    """Stands for a kill: nothing after it runs."""


def stil(gedaan: int, totaal: int | None) -> None:
    """Nobody is told."""


def stop_na(stappen: int) -> voortgang.Melden:
    """Told of steps: lets so many go by, and raises Gestopt at the next."""
    over = iter(range(stappen))

    def stop(gedaan: int, totaal: int | None) -> None:
        if next(over, None) is None:
            raise Gestopt

    return stop


def ander_proces(wijk: Wijk) -> Keyring:
    """A key ring as another process has: with caches of its own."""
    return Keyring(FileProvider(wijk.wijkwerk.settings.root_key_file), wijk.wijkwerk.database, wijk.klok)


async def kijk(wijk: Wijk, work: Callable[[Connection], T]) -> T:
    """Look in a snapshot, past every check."""
    return await voortgang.kijk(wijk.wijkwerk, work)
