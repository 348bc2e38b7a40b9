"""What is on the disk stays, also when the power goes."""

from __future__ import annotations

import os
from pathlib import Path


def on_disk(path: Path) -> None:
    """Wait until a file is on the disk, or a folder with the names of what was put in it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def new_on_disk(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Make a file, on the disk when this returns; its name is so after `on_disk` of the folder. Raises OSError, also for one that is
    there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
