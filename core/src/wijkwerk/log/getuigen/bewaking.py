"""Being a witness to logs of others (c2sp.org/tlog-witness): a folder with a key, the logs watched, and the last checkpoint of each.

    <map>/sleutel             our own key, readable for its owner alone
    <map>/logs                a line for each log: its origin, a space, its verifier key (`wijkwerk log key --vkey`)
    <map>/stand/<hash>.note   the last checkpoint that we cosigned of the log with this SHA-256 of its origin
    <map>/stand/<hash>.geweigerd   the last one with a good signature of that log that can't be along with it: another tree of one size
    <map>/stand/<hash>.onbewezen   the last one with a good signature of that log of which nobody showed that it goes on from it

It needs no installation of Wijkwerk. What it signed it never goes back on: a state that is lost or put back from a copy would make it
do so, so then it must get a new key (docs/log/getuigen.md).
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Self

from wijkwerk.errors import OpstartFout
from wijkwerk.klok import Klok
from wijkwerk.log.getuigen.sleutel import lees_sleutel
from wijkwerk.log.note import OMVANG, ONDERTEKENING, Checkpoint, Sleutel, cosigneer, lees_base64, lees_getal, lees_vkey
from wijkwerk.log.tree import EMPTY_ROOT, verify_consistency
from wijkwerk.storage.durable import new_on_disk, on_disk

GROOTSTE_VERZOEK: Final = 65_536
"""Bytes of a request: 63 lines of proof and a note with many signatures."""

GROOTSTE_LOGS: Final = 1_048_576
_MEESTE_BEWIJS: Final = 63
_TEKST: Final = "text/plain; charset=utf-8"
_LOGGER: Final = logging.getLogger(__name__)


class Antwoord(NamedTuple):
    """What is answered to a request, as HTTP."""

    status: int
    tekst: str
    media_type: str = _TEKST


class Geweigerd(Exception):
    """The request is refused; `antwoord` says how."""

    def __init__(self, status: int, tekst: str, media_type: str = _TEKST) -> None:
        self.antwoord = Antwoord(status, tekst, media_type)
        super().__init__(tekst)


class AndereGeschiedenis(Geweigerd):
    """A checkpoint with the log's own signature that can't be along with one that it signed before: that proves what the log did.

    It is kept, as is one without a good proof (`Onbewezen`), each in a place of its own: notes are public, so anybody can send a true one
    with a bad proof, and that must not take the place of what does prove something.
    """

    achtervoegsel, melding = ".geweigerd", "log %s laat een andere geschiedenis zien bij omvang %d; zijn checkpoint is bewaard"


class Onbewezen(AndereGeschiedenis):
    """A checkpoint with the log's own signature, and a proof that is none. The log may be written anew, or somebody else sends nonsense."""

    achtervoegsel, melding = (
        ".onbewezen",
        "van log %s is niet te zien dat het bij omvang %d alleen maar langer werd; het checkpoint is bewaard",
    )


class Verzoek(NamedTuple):
    """A request to add a checkpoint, with the proof that it goes on from the one of size `oud`."""

    oud: int
    bewijs: list[bytes]
    nieuw: Checkpoint


class Bewaking:
    """One witness; of one folder there is one at a time. `with` holds the folder. Safe for threads."""

    def __init__(self, map_: Path, klok: Klok) -> None:
        self._map, self._klok = map_, klok
        self._naam, self._key = lees_sleutel(map_)
        self._alleen = threading.Lock()
        self._slot = -1

    def __enter__(self) -> Self:
        """Raises OpstartFout when another process is this witness, or when what is in the folder can't be read."""
        self._slot = _slot(self._map)
        try:
            self._maak_klaar()
        except BaseException:
            os.close(self._slot)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._slot)

    def _maak_klaar(self) -> None:
        try:
            self._logs()
            (self._map / "stand").mkdir(mode=0o700, exist_ok=True)
            on_disk(self._map)
        except OSError as error:
            raise OpstartFout(f"De map {self._map} kan niet worden gelezen of beschreven ({type(error).__name__}).") from None

    def voeg_toe(self, body: bytes) -> Antwoord:
        """Answer an `add-checkpoint`, with the checks in the order of the specification. Raises OpstartFout or OSError: our fault."""
        try:
            verzoek = _ontleed(body)
            self._ondertekend(verzoek.nieuw)
            with self._alleen:
                return Antwoord(200, self._cosigneer(verzoek))
        except Geweigerd as error:
            return error.antwoord

    def _ondertekend(self, nieuw: Checkpoint) -> None:
        sleutels = self._logs().get(nieuw.origin)
        if sleutels is None:
            raise Geweigerd(404, "Deze getuige kent dit log niet.\n")
        if not any(nieuw.ondertekend(each) for each in sleutels):
            raise Geweigerd(403, "Dit checkpoint is niet ondertekend met een sleutel die deze getuige van dit log kent.\n")

    def _cosigneer(self, verzoek: Verzoek) -> str:
        """On the disk before it is signed: after a crash we may have signed nothing else than what we hold."""
        nieuw = verzoek.nieuw
        path = self._map / "stand" / f"{sha256(nieuw.origin.encode()).hexdigest()}.note"
        try:
            _controleer(verzoek, _laatste(path))
        except AndereGeschiedenis as error:
            _LOGGER.critical(error.melding, nieuw.origin, nieuw.omvang)
            _zet_neer(path.with_suffix(error.achtervoegsel), nieuw)
            raise
        _zet_neer(path, nieuw)  # also what lies there already: whether it was on the disk before a crash, nobody knows
        return cosigneer(nieuw.tekst, self._naam, self._key, self._klok.nu())

    def _logs(self) -> dict[str, list[Sleutel]]:
        """Read each time: a log that is added counts at once. A log may have two keys, when it gets another one."""
        path, found = self._map / "logs", dict[str, list[Sleutel]]()
        try:
            with path.open("rb") as file:
                lines = file.read(GROOTSTE_LOGS).decode().splitlines()
        except FileNotFoundError:
            return found
        except ValueError:
            raise OpstartFout(f"Het bestand {path} is geen tekst in UTF-8.") from None
        for nummer, line in enumerate(lines, start=1):
            if line.strip() and not line.startswith("#"):
                origin, sleutel = _log(line, f"Regel {nummer} van {path}")
                found.setdefault(origin, []).append(sleutel)
        return found


def _slot(map_: Path) -> int:
    """The folder is held as long as this is open, also when we are killed."""
    try:
        slot = os.open(map_, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise OpstartFout(f"De map {map_} kan niet worden gelezen ({type(error).__name__}).") from None
    try:
        fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(slot)
        raise OpstartFout(f"Er draait al een getuige op {map_}.") from None
    return slot


def _log(line: str, waar: str) -> tuple[str, Sleutel]:
    try:
        origin, sleutel = line.split()
        return origin, lees_vkey(sleutel, ONDERTEKENING)
    except ValueError:
        raise OpstartFout(f"{waar} klopt niet. Schrijf: de origin, een spatie, en wat `wijkwerk log key --vkey` daar toont.") from None


def _ontleed(body: bytes) -> Verzoek:
    try:
        kop, gescheiden, note = body.decode().partition("\n\n")
        eerste, *bewijs = kop.split("\n")
        woord, oud = eerste.split(" ")
        if woord != "old" or not gescheiden or len(bewijs) > _MEESTE_BEWIJS:
            raise ValueError("not a request to add a checkpoint")
        verzoek = Verzoek(lees_getal(oud), [lees_base64(line, 32) for line in bewijs], Checkpoint.lees(note))
    except ValueError:
        raise Geweigerd(400, "Dit is geen verzoek volgens c2sp.org/tlog-witness.\n") from None
    return verzoek


def _controleer(verzoek: Verzoek, laatste: Checkpoint | None) -> None:
    oud, bewijs, nieuw = verzoek
    omvang = laatste.omvang if laatste else 0
    if oud > nieuw.omvang:
        raise Geweigerd(400, "De oude omvang is groter dan die van het checkpoint.\n")
    if oud != omvang:
        raise Geweigerd(409, f"{omvang}\n", OMVANG)
    wortel = laatste.wortel if laatste else EMPTY_ROOT
    if oud == nieuw.omvang and wortel != nieuw.wortel:
        raise AndereGeschiedenis(409, f"{omvang}\n", OMVANG)
    if bewijs if oud == 0 else not verify_consistency(oud, nieuw.omvang, wortel, nieuw.wortel, bewijs):
        raise Onbewezen(422, "Het bewijs klopt niet: niet is te zien dat dit log alleen maar langer werd.\n")


def _laatste(path: Path) -> Checkpoint | None:
    """Raises OpstartFout for what we did not write so: that must never count as nothing."""
    try:
        return Checkpoint.lees(path.read_bytes().decode())
    except FileNotFoundError:
        return None
    except ValueError:
        raise OpstartFout(f"Het bestand {path.name} in de map stand is beschadigd. Deze getuige tekent niets meer van dat log.") from None


@contextmanager
def _ernaast(path: Path) -> Iterator[Path]:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _zet_neer(path: Path, nieuw: Checkpoint) -> None:
    with _ernaast(path) as beside:
        new_on_disk(beside, nieuw.note.encode())
        beside.replace(path)
    on_disk(path.parent)
