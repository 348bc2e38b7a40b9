"""The folder of a backup: nobody else can look in it, and it is there whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from wijkwerk.errors import WijkwerkError
from wijkwerk.storage.durable import new_on_disk, on_disk

BEZIG: Final = ".bezig-"
VOL: Final = "De schijf is vol. Er is niets gemaakt of teruggezet. Maak ruimte en begin opnieuw."
MERK: Final = "wijkwerk_terugzetten"
"""A table that is there as long as what was put back was not looked through: nothing starts beside it (cli_database.py)."""
_SLOT: Final = ".wijkwerk-reservekopie"
_BLOK: Final = 1 << 20
_VOL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ReservekopieFout(WijkwerkError):
    """A backup can't be made or put back; the message says what to do. What was there before is as it was."""

    code = "RESERVEKOPIE_FOUT"
    standaard = "De reservekopie kan niet worden gemaakt of teruggezet. Controleer de mappen, de rechten en de ruimte op de schijf."


@contextmanager
def schijffouten() -> Iterator[None]:
    """What the disk refuses, as a sentence. Raises ReservekopieFout."""
    try:
        yield
    except OSError as error:
        if error.errno in _VOL:
            raise ReservekopieFout(VOL) from None
        raise ReservekopieFout from None


def keur_apart(gegevens: Path, sleutels: Path) -> None:
    """Raises ReservekopieFout when the two are one place: who has both, has all but the root key, and destroys nothing for good."""
    een, ander = gegevens.resolve(), sleutels.resolve()
    if een == ander or een in ander.parents or ander in een.parents:
        raise ReservekopieFout(
            "Gegevens en sleutels moeten in twee aparte mappen komen, en niet de ene in de andere. Kies liever ook twee schijven."
        )


@contextmanager
def alleen(map: Path) -> Iterator[None]:
    """Nobody else makes a backup in this folder (made when absent); what an earlier one left half is removed. Raises ReservekopieFout."""
    with schijffouten():
        map.mkdir(mode=0o700, parents=True, exist_ok=True)
        slot = os.open(map / _SLOT, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for half in map.glob(f"{BEZIG}*"):
            shutil.rmtree(half, ignore_errors=True)
        yield
    except BlockingIOError:
        raise ReservekopieFout("Er wordt al een reservekopie in deze map gemaakt. Wacht tot die klaar is.") from None
    finally:
        os.close(slot)


@contextmanager
def tijdelijk(map: Path, naam: str) -> Iterator[Path]:
    """A new folder (0700) that is gone afterwards, unless it was given its own name (`geef_naam`)."""
    made = map / f"{BEZIG}{naam}"
    with schijffouten():
        made.mkdir(mode=0o700)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def geef_naam(made: Path, naam: str) -> Path:
    """Let the folder be seen: everything in it is durable first. Raises ReservekopieFout."""
    with schijffouten():
        for folder, _, _ in os.walk(made, topdown=False):
            on_disk(Path(folder))
        final = made.with_name(naam)
        made.rename(final)
        on_disk(final.parent)
    return final


def nieuw_bestand(pad: Path) -> IO[bytes]:
    """A file that was not there, for its owner's eyes only."""
    return os.fdopen(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb")


def schrijf(pad: Path, inhoud: bytes) -> None:
    """A new private file, durable. Raises ReservekopieFout."""
    with schijffouten():
        new_on_disk(pad, inhoud)


def kopieer(van: Path, naar: Path) -> str:
    """Copy a file to a new private one, durable; the SHA-256 of what was copied. Raises FileNotFoundError when it is not there."""
    digest = hashlib.sha256()
    with van.open("rb") as bron, nieuw_bestand(naar) as file:
        while blok := bron.read(_BLOK):
            digest.update(blok)
            file.write(blok)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def sha256(pad: Path) -> str:
    """The SHA-256 of a file."""
    with pad.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
