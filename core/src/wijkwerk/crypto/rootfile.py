"""The file with root keys: versioned text, one line per generation.

    wijkwerk-hoofdsleutel 1
    huidig 3f0c9a51b2d47e68
    sleutel 3f0c9a51b2d47e68 <base64 of 32 bytes>
    einde

The id is a fingerprint of the key, so that a damaged key is seen at the start and not at the first note.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from wijkwerk.crypto.secretfile import read_secret
from wijkwerk.errors import OpstartFout

NAAM = "Het sleutelbestand"
KEY_BYTES = 32
MAX_FILE_BYTES = 64 * 1024
HEADER, CURRENT, KEY, END = "wijkwerk-hoofdsleutel 1", "huidig", "sleutel", "einde"
_FORMAT = re.compile(rf"{HEADER}\n{CURRENT} ([0-9a-f]{{16}})\n((?:{KEY} [0-9a-f]{{16}} [A-Za-z0-9+/]{{43}}=\n)+){END}\n")


@dataclass(frozen=True, slots=True, repr=False)
class RootKeys:
    """The generations of the root key by id, and which one wraps now."""

    current: str
    keys: dict[str, bytes]

    def text(self) -> str:
        lines = [f"{KEY} {key_id} {base64.b64encode(key).decode()}" for key_id, key in self.keys.items()]
        return "\n".join([HEADER, f"{CURRENT} {self.current}", *lines, END]) + "\n"


def fingerprint(key: bytes) -> str:
    """The id of a root key: the first 8 bytes of a hash, in hex. It says nothing about 32 random bytes."""
    return hashlib.sha256(b"wijkwerk-hoofdsleutel" + key).hexdigest()[:16]


def open_root_file(path: Path, *, make: bool = True) -> RootKeys:
    """Read the root keys; with `make`, make the file when there is none. Two first starts at once end with one file.

    Raises `OpstartFout` when the file is a link, not a file, readable or writable by others, someone else's, cut off or damaged,
    and when it can't be read or made.
    """
    try:
        if make and not os.path.lexists(path):
            _create(path)
        return parse(read_secret(path, NAAM, MAX_FILE_BYTES), path)
    except OSError:
        te_doen = "Controleer het pad, de map en de rechten, of zet het terug vanuit uw reservekopie."
        raise OpstartFout(f"{NAAM} {path} kan niet worden gelezen of gemaakt. {te_doen}") from None


def parse(content: bytes, path: Path | None = None) -> RootKeys:
    """The keys in the text of a root file. Raises `OpstartFout` when it is not exactly such a text; it names `path`."""
    found = _FORMAT.fullmatch(content.decode("ascii", "replace"))
    if found is None:
        raise _damaged(path)
    pairs = (line.split()[1:] for line in found[2].splitlines())
    root = RootKeys(found[1], {key_id: base64.b64decode(text) for key_id, text in pairs})
    authentic = all(fingerprint(key) == key_id for key_id, key in root.keys.items())
    # base64 can spell the same bytes in more ways, and a line may be there twice: what we did not write so is damaged
    if root.current not in root.keys or not authentic or root.text().encode() != content:
        raise _damaged(path)
    return root


def _damaged(path: Path | None) -> OpstartFout:
    te_doen = "Zet het terug vanuit uw reservekopie en start opnieuw."
    return OpstartFout(f"{NAAM} {path or ''} is leeg, beschadigd of niet compleet. {te_doen}")


def _create(path: Path) -> None:
    """Complete and durable under a name of its own, then visible at once: a kill leaves no half file under `path`."""
    key = secrets.token_bytes(KEY_BYTES)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write(temporary, RootKeys(fingerprint(key), {fingerprint(key): key}).text().encode())
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
