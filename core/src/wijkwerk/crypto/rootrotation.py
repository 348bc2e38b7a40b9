"""Changing the file with root keys: a new generation in, an old one out. Always whole, and by one process at a time."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wijkwerk.crypto.rootfile import KEY_BYTES, RootKeys, fingerprint, open_root_file
from wijkwerk.errors import OpstartFout

_RANDOM_BYTES = 8


def add_generation(path: Path) -> RootKeys:
    """Put a new root key in the file, the current one from now on. Raises `OpstartFout` when that can't be done: then nothing changed."""
    with _alone(path) as root:
        key = secrets.token_bytes(KEY_BYTES)
        new = RootKeys(fingerprint(key), {**root.keys, fingerprint(key): key})
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
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield open_root_file(path, make=False)
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError:
        raise OpstartFout(
            "Het sleutelbestand kan niet worden gewijzigd. Controleer de map, de rechten en de ruimte op de schijf."
        ) from None


def _replace(path: Path, root: RootKeys) -> None:
    """Complete and durable under a name of its own, then in the place of the old one: a kill leaves the old file or the new one.

    What a kill left behind under such a name goes first: it may hold a key that is taken out now.
    """
    for left in path.parent.glob(f".{path.name}.{'[0-9a-f]' * 2 * _RANDOM_BYTES}"):
        left.unlink()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(_RANDOM_BYTES)}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(root.text().encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
