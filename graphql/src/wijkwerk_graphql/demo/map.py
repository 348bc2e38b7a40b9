"""The folder of a demo: built beside its place and moved there when it is whole, so that a build that was killed is never used."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wijkwerk.app import Wijkwerk
from wijkwerk.demo.buurt import DOSSIERS, HUIZEN, Voortgang, bouw
from wijkwerk.errors import OpstartFout
from wijkwerk.settings import Settings
from wijkwerk_graphql.demo.instellingen import demo_settings
from wijkwerk_graphql.identity.issuer import LokaleUitgever

KENMERK = "demo.txt"
"""The file that says that a folder is a demo, whole or (beside its place) being built; its content is for people."""
UITLEG = "Dit is de demo van Wijkwerk, met verzonnen mensen. U kunt deze map weggooien.\n"


def uitgever(settings: Settings) -> LokaleUitgever:
    """Who signs the tokens of this demo."""
    return LokaleUitgever.open(settings.map / "uitgever.json", settings.identity)


async def maak_demo(folder: Path, meld: Voortgang, *, huizen: int = HUIZEN, dossiers: int = DOSSIERS) -> bool:
    """Build the demo in this folder unless it is there; whether it was built. `meld` hears how far it is.

    Raises OpstartFout for a folder with something else in it, and while another process builds here.
    """
    if (folder / KENMERK).exists():
        return False
    _is_vrij(folder)
    with _bouwplaats(folder, meld) as bouwplaats:
        settings = demo_settings(bouwplaats)
        uitgever(settings)
        async with Wijkwerk(settings) as wijkwerk:
            await bouw(wijkwerk, huizen=huizen, dossiers=dossiers, meld=meld)
        _zet_neer(bouwplaats, folder)
    return True


@contextmanager
def _bouwplaats(folder: Path, meld: Voortgang) -> Iterator[Path]:
    """An empty folder beside `folder`, held by this process; what a killed build left there is thrown away first."""
    plek = folder.parent / f"{folder.name}.in-aanbouw"
    _maak_map(plek)
    with alleen_wij(plek, "Een ander proces bouwt deze demo al. Wacht even en probeer het opnieuw."):
        if any(plek.iterdir()):
            _maak_leeg(plek)
            meld("Een eerdere bouw is afgebroken. We beginnen opnieuw.")
        try:
            (plek / KENMERK).write_text(UITLEG, encoding="utf-8")
            yield plek
        except BaseException:
            shutil.rmtree(plek, ignore_errors=True)
            raise


def _maak_map(plek: Path) -> None:
    try:
        plek.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise OpstartFout("De demo kan hier niet worden gebouwd. Kies met --map een map waarin u mag schrijven.") from None


@contextmanager
def alleen_wij(plek: Path, anders: str) -> Iterator[None]:
    """Hold a folder; the kernel lets go of it when the process ends, however it ends. Raises OpstartFout with the text `anders`."""
    handle = os.open(plek, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if not _vergrendeld(handle):
            raise OpstartFout(anders)
        yield
    finally:
        os.close(handle)


def _vergrendeld(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _maak_leeg(plek: Path) -> None:
    """Throw away what a build left, its mark last; a folder without that mark is somebody else's. Raises OpstartFout then."""
    if not (plek / KENMERK).is_file():
        raise OpstartFout(f"De map {plek.name} naast de demo is niet van de demo. Hernoem die map, of kies met --map een andere plek.")
    for rest in sorted(plek.iterdir(), key=lambda path: path.name == KENMERK):
        rest.unlink()


def _is_vrij(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise OpstartFout("In deze map staat al iets anders. Kies met --map een nieuwe map voor de demo.")


def _zet_neer(bouwplaats: Path, folder: Path) -> None:
    try:
        bouwplaats.rename(folder)
    except OSError:
        raise OpstartFout("De demo kan niet in deze map worden gezet. Kies met --map een andere map.") from None
