"""The tombstones of a backup of keys, in a file of their own: what was destroyed is destroyed again in whatever is put back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson

from wijkwerk.crypto.tombstones import Grafsteen
from wijkwerk.reservekopie.manifest import Deel, Manifest, keur, lees
from wijkwerk.reservekopie.map import ReservekopieFout, schrijf

NAAM: Final = "vernietigd.json"
_SOORT: Final = "wijkwerk-vernietigd"


def leg_stenen_vast(map: Path, stenen: Sequence[Grafsteen]) -> None:
    """Write them into the folder of a backup. Raises ReservekopieFout."""
    regels = [[steen.id.hex, steen.gemeente_id.hex, steen.plek.hex(), steen.vernietigd.isoformat()] for steen in stenen]
    schrijf(map / NAAM, orjson.dumps({"soort": _SOORT, "aantal": len(regels), "regels": regels}))


def lees_stenen(bestand: Path) -> list[Grafsteen]:
    """Those in a file. Raises ReservekopieFout when it is no such file, or not whole."""
    try:
        gelezen = orjson.loads(bestand.read_bytes())
        regels = gelezen["regels"]
        if gelezen["soort"] != _SOORT or gelezen["aantal"] != len(regels):
            raise ValueError
        return [Grafsteen(UUID(id), UUID(gemeente), bytes.fromhex(plek), datetime.fromisoformat(op)) for id, gemeente, plek, op in regels]
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        zin = f"In {bestand} staat niet wat er is vernietigd. Kies {NAAM} uit de nieuwste kopie van de sleutels."
        raise ReservekopieFout(zin) from None


def nieuwere(sleutels: Path, manifest: Manifest) -> list[Path]:
    """The backups of keys in the same place that were made after this one, the newest last."""
    return sorted(map for map in sleutels.resolve().parent.glob(f"{Deel.SLEUTELS.value}-*") if map.name > manifest.map)


def nieuwste(sleutels: Path, manifest: Manifest) -> list[Grafsteen]:
    """Those of the newest backup of keys in the same place: a newer one knows what was destroyed since. Raises ReservekopieFout when that
    one is damaged: then a person has to say which file is the newest.
    """
    anderen = nieuwere(sleutels, manifest)
    if not anderen:
        return lees_stenen(sleutels / NAAM)
    try:
        keur(anderen[-1], lees(anderen[-1], Deel.SLEUTELS))
    except ReservekopieFout as error:
        te_doen = f"Noem met --vernietigd zelf het nieuwste bestand {NAAM}."
        raise ReservekopieFout(f"Een nieuwere kopie van de sleutels is niet te lezen. {te_doen} ({error.melding})") from None
    return lees_stenen(anderen[-1] / NAAM)
