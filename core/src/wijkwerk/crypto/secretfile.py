"""A file with a secret: read only when nobody but this user can have read or written it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from wijkwerk.errors import OpstartFout


def read_secret(path: Path, wat: str, limit: int) -> bytes:
    """What is in the file. `wat` says in a message what it is, such as "Het sleutelbestand".

    Raises `OpstartFout` when it is a link, not a file, someone else's, readable or writable by others, or of more than `limit` bytes;
    OSError when it can't be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise OpstartFout(f"{wat} {path} is een link. Zet het bestand zelf op deze plek en start opnieuw.") from None
    try:
        _check(os.fstat(descriptor), f"{wat} {path}", path, limit)
        return os.read(descriptor, limit)
    finally:
        os.close(descriptor)


def _check(status: os.stat_result, naam: str, path: Path, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OpstartFout(f"{naam} is geen gewoon bestand. Controleer het pad en start opnieuw.")
    if status.st_uid != os.geteuid():
        raise OpstartFout(f"{naam} is van een andere gebruiker. Geef het aan de gebruiker van deze dienst (chown) en start opnieuw.")
    if status.st_mode & 0o077:
        raise OpstartFout(f"{naam} is ook voor anderen te lezen of te wijzigen. Zet de rechten op 600 (chmod 600 {path}) en start opnieuw.")
    if status.st_size > limit:
        raise OpstartFout(f"{naam} is te groot. Controleer het pad en start opnieuw.")
