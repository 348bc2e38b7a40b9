"""What a backup says of itself: when and by which version it was made, how many rows, and the SHA-256 of each of its files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import orjson

from wijkwerk.reservekopie.map import ReservekopieFout, schijffouten, schrijf, sha256

NAAM: Final = "manifest.json"
VORM: Final = 1
_MEEST: Final = 1 << 28
_DEEL_VAN_PAD = re.compile(r"[a-z0-9][a-z0-9.-]*")


class Deel(StrEnum):
    """The two halves, in two places."""

    GEGEVENS = "gegevens"
    SLEUTELS = "sleutels"


@dataclass(frozen=True, slots=True)
class Bestand:
    """A file in a backup, by its path within it."""

    naam: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`kopie` is the same in the two halves that were made together. `aantallen`: rows by table."""

    kopie: str
    deel: Deel
    gemaakt: datetime
    versie: str
    database: str
    migraties: Mapping[str, str]
    aantallen: Mapping[str, int]
    bestanden: tuple[Bestand, ...]
    vorm: int = VORM

    @property
    def map(self) -> str:
        """The name of the folder: sorts by time."""
        return f"{self.deel.value}-{self.gemaakt:%Y%m%dT%H%M%S.%fZ}-{self.kopie[:8]}"


def leg_vast(map: Path, manifest: Manifest) -> None:
    """Write it into the folder of the backup, last. Raises ReservekopieFout."""
    inhoud = orjson.loads(orjson.dumps(asdict(manifest)))
    schrijf(map / NAAM, orjson.dumps({"inhoud": inhoud, "sha256": _controle(inhoud)}, option=orjson.OPT_INDENT_2))


def lees(map: Path, deel: Deel) -> Manifest:
    """The manifest of a backup of this half. Raises ReservekopieFout when it is none, was damaged, or is the other half."""
    try:
        with (map / NAAM).open("rb") as file:
            gelezen = orjson.loads(file.read(_MEEST))
        inhoud: dict[str, Any] = gelezen["inhoud"]
        if gelezen["sha256"] != _controle(inhoud):
            raise ValueError
        manifest = _manifest(inhoud)
    except FileNotFoundError:
        raise ReservekopieFout(f"In {map} staat geen reservekopie. Kies de map met {NAAM} erin.") from None
    except (OSError, ValueError, TypeError, LookupError):
        raise ReservekopieFout(f"De reservekopie in {map} is beschadigd: {NAAM} klopt niet. Gebruik een andere kopie.") from None
    if manifest.deel is not deel:
        raise ReservekopieFout(f"In {map} staan {manifest.deel.value}, geen {deel.value}. Verwissel de twee mappen.")
    return manifest


def keur(map: Path, manifest: Manifest) -> None:
    """Raises ReservekopieFout unless the folder holds exactly these files, each unchanged."""
    with schijffouten():
        if set(_namen(map)) != {NAAM, *(bestand.naam for bestand in manifest.bestanden)}:
            raise ReservekopieFout(f"De reservekopie in {map} is niet compleet, of er staat iets bij. Gebruik een andere kopie.")
        for bestand in manifest.bestanden:
            pad = map / bestand.naam
            if pad.stat().st_size != bestand.bytes or sha256(pad) != bestand.sha256:
                raise ReservekopieFout(f"De reservekopie in {map} is beschadigd: {bestand.naam} klopt niet. Gebruik een andere kopie.")


def opgenomen(map: Path, naam: str, digest: str | None = None) -> Bestand:
    """A file that was put into the folder of a backup."""
    pad = map / naam
    return Bestand(naam, pad.stat().st_size, digest or sha256(pad))


def _namen(map: Path) -> Iterator[str]:
    for folder, _, names in os.walk(map):
        for name in names:
            pad = Path(folder) / name
            yield str(pad.relative_to(map)) if stat.S_ISREG(pad.lstat().st_mode) else f"{pad} is no file"


def _manifest(inhoud: dict[str, Any]) -> Manifest:
    bestanden = tuple(Bestand(**each) for each in inhoud.pop("bestanden"))
    if inhoud["vorm"] != VORM or not all(_DEEL_VAN_PAD.fullmatch(deel) for one in bestanden for deel in one.naam.split("/")):
        raise ValueError
    moment = datetime.fromisoformat(inhoud.pop("gemaakt"))
    return Manifest(bestanden=bestanden, gemaakt=moment, deel=Deel(inhoud.pop("deel")), **inhoud)


def _controle(inhoud: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(inhoud, option=orjson.OPT_SORT_KEYS)).hexdigest()
