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
