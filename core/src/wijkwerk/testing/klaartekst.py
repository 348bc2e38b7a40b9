"""What was sealed is looked for in all that the system left behind: plain text nowhere, over the whole test run (design.md 6).

Watches, and replaces nothing: what goes through `Keyring.seal` and `delen.Sealer` is noted (a few texts of each column), and what the
system says: lines of its log as production writes them, the messages of its errors, stdout and stderr. After each test these texts are
looked for in what was said and in each file of the test's folders, the databases with their logs among them; at the end of the session
also in the cluster of PostgreSQL (`doorzoek`). A test that itself writes such a text into a file says so: `@pytest.mark.zelf_geschreven`.

Add `"wijkwerk.testing.klaartekst"` to `pytest_plugins`, before the others, which import it.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from functools import wraps
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from ..crypto.delen import Sealer
from ..crypto.keyring import Keyring
from ..errors import WijkwerkError
from ..quiet_logging import ZonderWaarden

NAAM: Final = "wijkwerk-klaartekst"
MINST, MEEST, PER_KOLOM = 12, 48, 3
"""How long a text is at least to be looked for, how much of it is, and how many of a column."""
_STUK = re.compile(rb"[ !#-\[\]-~]{%d,%d}" % (MINST, MEEST))
"""What JSON, CBOR, SQL and both databases write as it is."""
_VERSCHILLEND: Final = 6

ELDERS_LEESBAAR: Final = frozenset({"bericht.adres", "signaalmelder.naam"})
"""Sealed copies of what other rows hold in the clear by design (contactgegeven.waarde; gebruiker.naam, when a partner's worker tells of a
worry): that these are in a database says nothing."""

Kanaries = dict[str, list[bytes]]


class KlareTekst(AssertionError):
    """Something that is sealed is readable somewhere. Says of which column, never the text."""


def kanarie(plain: bytes) -> bytes | None:
    """The part of a text that is looked for; None for what is too short or too much alike to be nowhere else, or is no text."""
    found = None if plain[:1] in (b"{", b"[") else _STUK.search(plain)
    return found[0] if found is not None and len(set(found[0])) >= _VERSCHILLEND else None


class Klaartekst:
    """The plugin: what this test sealed and what was said meanwhile; of the session, the last texts of each column."""

    def __init__(self) -> None:
        self.test: Kanaries = {}
        self.sessie: Kanaries = {}
        self.gezegd: dict[tuple[str, bytes], None] = {}
        self._oor = _Oor(self)
        self._terug: list[Callable[[], None]] = []

    def noteer(self, kolom: str, plain: bytes) -> None:
        """This was sealed."""
        held = self.test.setdefault(kolom, [])
        if len(held) < PER_KOLOM and (text := kanarie(plain[:4096])) is not None and text not in held:
            held.append(text)

    def hoor(self, waar: str, wat: str) -> None:
        """This was said to somebody."""
        self.gezegd[waar, wat.encode(errors="replace")] = None

    def begin(self) -> None:
        """A new test: what the one before sealed is kept for the session only."""
        for kolom, teksten in self.test.items():
            kept = [text for text in self.sessie.get(kolom, []) if text not in teksten]
            self.sessie[kolom] = [*kept, *teksten][-PER_KOLOM:]
        self.test, self.gezegd = {}, {}
        if self._oor not in logging.getLogger().handlers:  # `quiet_logging.configure` takes away all others
            logging.getLogger().addHandler(self._oor)

    def zoek(self, waar: str, heap: bytes, behalve: frozenset[str] = frozenset()) -> list[str]:
        """Where it is and of which column, for each text that can be read; not of the columns `behalve`."""
        asked = {kolom: teksten for kolom, teksten in self.test.items() if kolom not in behalve}
        return [f"{waar}: {kolom}" for kolom, teksten in asked.items() if any(text in heap for text in teksten)]

    def lekken(self, folders: Iterable[Path], zelf: Iterable[str] = ()) -> list[str]:
        """All that can be read, in what was said and in files; `zelf`: names of files that the test wrote."""
        if not any(self.test.values()):
            return []
        own = tuple(zelf)
        found = [lek for waar, wat in self.gezegd for lek in self.zoek(waar, wat)]
        for path in _bestanden(folders):
            if not any(fnmatch(path.name, each) for each in own):
                found += self.zoek(str(path), _gelezen(path), ELDERS_LEESBAAR if ".db" in path.name else frozenset())
        return found

    def doorzoek(self, folder: Path) -> None:
        """Look in all files of a folder, however many, for what the whole session sealed. Raises KlareTekst."""
        self.begin()
        teksten = {text: kolom for kolom, found in self.sessie.items() for text in found if kolom not in ELDERS_LEESBAAR}
        if not teksten:
            return
        # one pass for all texts; where a PostgreSQL runs, grep is
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["grep", "-raohF", "-f", "-", str(folder)],  # noqa: S607 - found on the PATH
            input=b"\n".join(teksten), capture_output=True, env={"LC_ALL": "C", "PATH": os.defpath},
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        _meld([f"{folder}: {teksten[line]}" for line in sorted(set(done.stdout.splitlines()))])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A fixture can seal too."""
        self.begin()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """After the test, while what it opened is still open. Raises KlareTekst."""
        result = yield
        for _when, kind, text in item._report_sections:
            if kind != "log":  # there with all values, as only a test sees them; `_Oor` hears what production writes
                self.hoor(kind, text)
        zelf = [str(name) for mark in item.iter_markers("zelf_geschreven") for name in mark.args]
        _meld(self.lekken(_mappen(getattr(item, "funcargs", {})), zelf))
        return result

    def kijk(self) -> None:
        """Begin to watch."""
        self.om(Keyring, "seal", lambda args, _: self.noteer(f"{args[4].table}.{args[4].column}", args[3]))
        self.om(Sealer, "feed", lambda args, _: self.noteer("bestand", args[1]))
        self.om(WijkwerkError, "__init__", lambda args, _: self.hoor(type(args[0]).__name__, args[0].melding))
        self.om(CliRunner, "invoke", lambda _, result: self.hoor("opdracht", result.output))
        self.om(pytest.CaptureFixture, "readouterr", lambda _, result: self.hoor("uitvoer", str(result.out) + str(result.err)))

    def stop(self) -> None:
        """As if it had never watched."""
        while self._terug:
            self._terug.pop()()
        logging.getLogger().removeHandler(self._oor)

    def om(self, owner: type[Any], name: str, note: Callable[[tuple[Any, ...], Any], None]) -> None:
        """Give `note` the arguments and the result of each call of a method, until `stop`."""
        real = getattr(owner, name)

        @wraps(real)
        def watched(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            note(args, result)
            return result

        setattr(owner, name, watched)
        self._terug.append(lambda: setattr(owner, name, real))


class _Oor(logging.Handler):
    """Hears each line of the log, as the handler of production would write it."""

    def __init__(self, klaartekst: Klaartekst) -> None:
        super().__init__()
        self._klaartekst = klaartekst
        self.setFormatter(ZonderWaarden())

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # as in production
            self._klaartekst.hoor("log", self.format(record))


def pytest_configure(config: pytest.Config) -> None:
    """Watch from the start of the session."""
    config.addinivalue_line("markers", "zelf_geschreven(*namen): files with these names were written by the test, not by the system")
    plugin = Klaartekst()
    plugin.kijk()
    config.add_cleanup(plugin.stop)
    config.pluginmanager.register(plugin, NAAM)


@pytest.fixture(scope="session")
def klaartekst(request: pytest.FixtureRequest) -> Klaartekst:
    """What was sealed in this session, for who wants to look elsewhere too."""
    found = request.config.pluginmanager.get_plugin(NAAM)
    assert isinstance(found, Klaartekst)
    return found


def _meld(lekken: list[str]) -> None:
    if lekken:
        raise KlareTekst("\n".join(["sealed, and readable all the same:", *lekken]))


def _mappen(gebruikt: Mapping[str, Any]) -> set[Path]:
    """The folders that a test used: its own, and that of a server or an installation."""
    found = {getattr(value, "folder", value) for value in gebruikt.values() if isinstance(getattr(value, "folder", value), Path)}
    return {folder for folder in found if not any(folder != other and folder.is_relative_to(other) for other in found)}


def _bestanden(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _gelezen(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # gone meanwhile, or a test took away the right
        return b""
