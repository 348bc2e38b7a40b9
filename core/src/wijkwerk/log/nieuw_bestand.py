"""A file that a command writes: new, for its owner's eyes only, and gone again when writing it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from wijkwerk.errors import OngeldigeInvoer


@contextmanager
def compleet(file: Path) -> Iterator[TextIO]:
    """A new file, that does not stay behind when writing it fails."""
    with _nieuw(file) as target:
        try:
            yield target
        except BaseException:
            file.unlink()
            raise


def _nieuw(file: Path) -> TextIO:
    """A file that was not there yet, for its owner's eyes only. Raises `OngeldigeInvoer` when it can't be made."""
    try:
        return open(file, "x", encoding="utf-8", newline="\n", opener=lambda path, flags: os.open(path, flags, 0o600))
    except OSError:
        raise OngeldigeInvoer("Dit bestand kan niet worden gemaakt. Kies een nieuwe naam in een map waarin u mag schrijven.") from None
