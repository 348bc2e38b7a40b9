"""Changing the file with root keys: a new generation in, an old one out. Always whole, and by one process at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wijkwerk.crypto.rootfile import RootKeys, left_behind, new_key, open_root_file, written_beside
from wijkwerk.errors import OpstartFout
from wijkwerk.storage.durable import on_disk


def add_generation(path: Path) -> RootKeys:
    """Put a new root key in the file, the current one from now on. Raises `OpstartFout` when that can't be done: then nothing changed."""
    with _alone(path) as root:
        key_id, key = new_key()
        new = RootKeys(key_id, {**root.keys, key_id: key})
        _replace(path, new)
    return new


def remove_generation(path: Path, key_id: str) -> RootKeys:
    """Take an old root key out of the file. Raises `OpstartFout` when that can't be done, and ValueError for the current one."""
    with _alone(path) as root:
        if key_id == root.current:
            raise ValueError("the current root key stays")
        left = RootKeys(root.current, {known: key for known, key in root.keys.items() if known != key_id})
        _replace(path, left)
    return left


@contextmanager
def _alone(path: Path) -> Iterator[RootKeys]:
    """The root keys, while no other process changes the file: of two changes at once neither is lost."""
    try:
        with _held(path):
            yield open_root_file(path)
            on_disk(path.parent)
    except OSError:
        raise OpstartFout(
            "Het sleutelbestand kan niet worden gewijzigd. Controleer de map, de rechten en de ruimte op de schijf."
        ) from None


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """The file itself is held, and not its folder: a server may hold that for as long as it runs (the demo does)."""
    while True:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):  # else it was replaced while we waited
                yield
                return


def _replace(path: Path, root: RootKeys) -> None:
    """A kill leaves the old file or the new one. What an earlier kill left beside it goes first: that may hold a key that is taken out."""
    for left in left_behind(path):
        left.unlink()
    with written_beside(path, root) as whole:
        whole.replace(path)
