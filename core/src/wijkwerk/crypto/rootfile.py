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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wijkwerk.crypto.secretfile import read_secret
from wijkwerk.errors import OpstartFout
from wijkwerk.storage.durable import on_disk

NAAM = "Het sleutelbestand"
KEY_BYTES = 32
RANDOM_BYTES = 8
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


def new_key() -> tuple[str, bytes]:
    """A new root key with its id."""
    key = os.urandom(KEY_BYTES)
    return fingerprint(key), key


def open_root_file(path: Path, *, make: bool = False) -> RootKeys:
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


def parse(content: bytes, path: Path) -> RootKeys:
    """The keys in the text of a root file. Raises `OpstartFout` when it is not exactly such a text; it names `path`."""
    found = _FORMAT.fullmatch(content.decode(errors="replace"))
    if found is None:
        raise _damaged(path)
    pairs = (line.split()[1:] for line in found[2].splitlines())
    root = RootKeys(found[1], {key_id: base64.b64decode(text) for key_id, text in pairs})
    authentic = all(fingerprint(key) == key_id for key_id, key in root.keys.items())
    # base64 can spell the same bytes in more ways, and a line may be there twice: what we did not write so is damaged
    if root.current not in root.keys or not authentic or root.text().encode() != content:
        raise _damaged(path)
    return root


def _damaged(path: Path) -> OpstartFout:
    return OpstartFout(f"{NAAM} {path} is leeg, beschadigd of niet compleet. Zet het terug vanuit uw reservekopie en start opnieuw.")


def _create(path: Path) -> None:
    """The file is visible at once, and whole: of two first starts at once one makes it."""
    key_id, key = new_key()
    try:
        with written_beside(path, RootKeys(key_id, {key_id: key})) as whole:
            os.link(whole, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    on_disk(path.parent)


@contextmanager
def written_beside(path: Path, root: RootKeys) -> Iterator[Path]:
    """Complete and durable under a name of its own, as long as the block runs: a kill leaves no half file under `path`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(RANDOM_BYTES)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(root.text().encode())
            file.flush()
            os.fsync(descriptor)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def left_behind(path: Path) -> Iterator[Path]:
    """What a kill left beside `path` under such a name."""
    return path.parent.glob(f".{path.name}.{'[0-9a-f]' * 2 * RANDOM_BYTES}")
