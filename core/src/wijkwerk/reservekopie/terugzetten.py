"""Putting a backup back, or trying whether that would go well: what was destroyed since stays destroyed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.tombstones import Grafsteen
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.reservekopie.doel import Bron, gevuld
from wijkwerk.reservekopie.manifest import Deel, keur, lees
from wijkwerk.reservekopie.map import keur_apart
from wijkwerk.reservekopie.nakijken import keur_log, keur_tabellen, open_notities, vernietig_opnieuw
from wijkwerk.reservekopie.stenen import lees_stenen, nieuwere, nieuwste
from wijkwerk.settings import Settings

_NIET_BEKEND: Final = (
    "Let op: er is geen nieuwere kopie van deze sleutels. Is er na deze kopie iets vernietigd, dan weet het systeem dat niet. "
    "Kijk in de bewijzen van vernietiging, of noem het nieuwste bestand met --vernietigd."
)


@dataclass(frozen=True, slots=True)
class Opdracht:
    """What is asked. `vernietigd`: a file that says what was destroyed; else that of the newest backup of keys in the same place.
    `bewaard`: checkpoints of the log that were kept elsewhere.
    """

    gegevens: Path
    sleutels: Path
    vernietigd: Path | None = None
    bewaard: Sequence[str] = ()
    proef: bool = False


class _Stappen:
    """Says each step and how long it took."""

    def __init__(self, zeg: Callable[[str], None]) -> None:
        self._zeg, self._sinds, self._begin = zeg, time.monotonic(), time.monotonic()

    def klaar(self, wat: str) -> None:
        nu = time.monotonic()
        self._zeg(f"{wat} ({_seconden(nu - self._sinds)})")
        self._sinds = nu

    def totaal(self) -> str:
        return _seconden(time.monotonic() - self._begin)


async def zet_terug(
    settings: Settings, opdracht: Opdracht, zeg: Callable[[str], None], maak: Callable[[Settings], Wijkwerk] = Wijkwerk
) -> str:
    """Put a backup back into an empty place, or on trial into one that is thrown away; how long it took in all.

    Raises ReservekopieFout, and OpstartFout when the root key does not open the keys: then the place is empty as before.
    """
    stappen = _Stappen(zeg)
    bron, stenen = _gekeurd(opdracht)
    stappen.klaar(f"De bestanden van {bron.manifest.gemaakt:%Y-%m-%d %H:%M} UTC zijn onveranderd.")
    async with gevuld(settings, bron, proef=opdracht.proef) as within:
        stappen.klaar(f"De gegevens en de sleutels zijn geplaatst. Aantal rijen: {_rijen(bron)}.")
        wijkwerk = maak(within)
        try:
            await wijkwerk.open()
            stappen.klaar("De hoofdsleutel past en de tabellen zijn van deze versie.")
            await _kijk_na(wijkwerk, opdracht, stenen, stappen)
            if opdracht.vernietigd is None and not nieuwere(bron.sleutels, bron.sleutelmanifest):
                zeg(_NIET_BEKEND)
            if not opdracht.proef:
                await wijkwerk.journal.record(_regel(wijkwerk))
        finally:
            await wijkwerk.close()
    return stappen.totaal()


def _gekeurd(opdracht: Opdracht) -> tuple[Bron, list[Grafsteen]]:
    """The backup, with each of its files unchanged, and what was destroyed since."""
    keur_apart(opdracht.gegevens, opdracht.sleutels)
    gegevens, sleutels = lees(opdracht.gegevens, Deel.GEGEVENS), lees(opdracht.sleutels, Deel.SLEUTELS)
    keur(opdracht.gegevens, gegevens)
    keur(opdracht.sleutels, sleutels)
    stenen = nieuwste(opdracht.sleutels, sleutels) if opdracht.vernietigd is None else lees_stenen(opdracht.vernietigd)
    return Bron(opdracht.gegevens, opdracht.sleutels, gegevens, sleutels), stenen


async def _kijk_na(wijkwerk: Wijkwerk, opdracht: Opdracht, stenen: Sequence[Grafsteen], stappen: _Stappen) -> None:
    await keur_tabellen(wijkwerk)
    weg = await vernietig_opnieuw(wijkwerk, stenen)
    stappen.klaar(f"Sleutels die na deze kopie zijn vernietigd, en nu weer: {weg}.")
    sleutels, geopend = await open_notities(wijkwerk)
    stappen.klaar(f"Gemeentesleutels: {sleutels}. Van {geopend} is een notitie geopend; een andere heeft er geen.")
    rapport = await keur_log(wijkwerk, opdracht.bewaard)
    stappen.klaar(f"Het inzagelog klopt. Aantal regels: {rapport.regels}.")


def _rijen(bron: Bron) -> int:
    return sum(sum(manifest.aantallen.values()) for manifest in (bron.manifest, bron.sleutelmanifest))


def _regel(wijkwerk: Wijkwerk) -> Logregel:
    """In the log that was put back: from here on there may be a gap before it."""
    return Logregel(
        gebeurtenis=Gebeurtenis.TERUGGEZET, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(),
        onderdeel="wijkwerk restore", details={"kanaal": "opdrachtregel"},
    )  # fmt: skip


def _seconden(verlopen: float) -> str:
    return f"{verlopen:.1f} s".replace(".", ",")
