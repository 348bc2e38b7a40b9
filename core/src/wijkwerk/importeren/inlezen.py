"""A file with persons from its first row to its last: read, check, do, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from wijkwerk.importeren.bestand import personenbestand
from wijkwerk.importeren.controle import controleer
from wijkwerk.importeren.dubbel import MEESTE_LEDEN, GezieneBsns, GezieneHuishoudens
from wijkwerk.importeren.fouten import Foutenverslag, foutenverslag
from wijkwerk.importeren.inschrijving import Inschrijving
from wijkwerk.importeren.invoer import Invoer
from wijkwerk.importeren.meegekomen import Meegekomen
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.importeren.schrijven import Gecontroleerd
from wijkwerk.importeren.verslag import Uitkomst
from wijkwerk.importeren.verwerker import Verwerker

PER_TRANSACTIE = 200
"""Rows in one transaction: a killed import does at most so many again, and other writers never wait long."""

_DUBBEL = "Dit BSN staat al op een eerdere regel van dit bestand. Verwijder een van de twee regels."
_VOL = f"Dit huishouden heeft al {MEESTE_LEDEN} leden in dit bestand. Controleer wat er in deze kolom staat."


@dataclass(frozen=True, slots=True)
class Uitslag:
    """How an import ended. `telling` is about the whole file, of which `eerder` rows were done before this time;
    `fouten` is the report of refused rows, None when none was written. `zonder_bsn` counts good rows that nothing will be known by
    again. `was_klaar`: the file was finished before, so nothing was looked at or done. `meegekomen`: what the residents brought along."""

    telling: Counter[Uitkomst]
    eerder: int
    fouten: Path | None
    zonder_bsn: int = 0
    was_klaar: bool = False
    meegekomen: Meegekomen = field(default_factory=Meegekomen)

    @property
    def geweigerd(self) -> int:
        """How many rows were refused."""
        return self.telling[Uitkomst.GEWEIGERD]


async def lees_in(
    invoer: Invoer, verwerker: Verwerker, fouten: Path, vandaag: date, voortgang: Callable[[int], None] = lambda _: None
) -> Uitslag:
    """Do what is left of the file. `voortgang` is told after each transaction how many rows that were.

    Whatever stops it half-way, the same call goes on where it stopped. Raises OngeldigeInvoer when the report can't be written,
    or the file is changed while it is read.
    """
    with personenbestand(invoer.pad) as bestand, foutenverslag(fouten, bestand.kop) as verslag:
        te_doen = await verwerker.begin()
        eerder = (await verwerker.telling()).total()
        if not te_doen:
            return Uitslag(await verwerker.telling(), eerder, None, was_klaar=True)
        keuring = _Keuring(vandaag, verslag)
        for regels in _porties(bestand.regels):
            gekeurd = [keuring.keur(regel) for regel in regels]
            invoer.controleer_ongewijzigd()
            await verwerker.verwerk(gekeurd)
            voortgang(len(gekeurd))
        verslag.bewaar()
        await verwerker.einde()
        gemeld = verslag.pad if verslag.aantal else None
        return Uitslag(await verwerker.telling(), eerder, gemeld, keuring.zonder_bsn, meegekomen=verwerker.meegekomen)


def _porties(regels: Iterator[Regel]) -> Iterator[list[Regel]]:
    while portie := list(islice(regels, PER_TRANSACTIE)):
        yield portie


class _Keuring:
    """Checks rows one after another; what is refused goes into the report. The outcome follows from the file alone."""

    def __init__(self, vandaag: date, verslag: Foutenverslag) -> None:
        self._vandaag, self._verslag, self._bsns, self._huizen = vandaag, verslag, GezieneBsns(), GezieneHuishoudens()
        self.zonder_bsn = 0

    def keur(self, regel: Regel) -> Gecontroleerd:
        """The row with what it holds, or without when it is refused."""
        gevonden = self._controleer(regel)
        if not isinstance(gevonden, list):
            self.zonder_bsn += "bsn" not in gevonden.persoon
            return Gecontroleerd(regel.nummer, gevonden)
        self._verslag.meld(regel, gevonden)
        return Gecontroleerd(regel.nummer, None)

    def _controleer(self, regel: Regel) -> Inschrijving | list[RegelFout]:
        gevonden = controleer(regel, self._vandaag)
        if isinstance(gevonden, list):
            return gevonden
        if "bsn" in gevonden.persoon and self._bsns.nog_eens(gevonden.persoon["bsn"]):
            return [RegelFout(regel.nummer, "bsn", _DUBBEL)]
        if gevonden.huis is not None and self._huizen.is_vol(gevonden.huis.sleutel):
            return [RegelFout(regel.nummer, "huishouden", _VOL)]
        return gevonden
