"""Reading counted against need (peers.md D 23): who opens many files without a reason that shows, beside colleagues in the same role.

A file is opened when a reading shows so few residents that it is no list. There is need for it when the user came through a case or team
and did something in the file or came back on another day. What is left over is compared with the share of colleagues: who does
much work has many such files too, and is not found by that. It is a reason to ask, never proof.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from statistics import median
from typing import Any, Final
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.klok import dag
from wijkwerk.log.entry import Actie, Gebeurtenis, Resultaat
from wijkwerk.toezicht.controles.controle import Blik, Regel
from wijkwerk.toezicht.controles.lopen import gebruikers, regels_van
from wijkwerk.toezicht.controles.toegang import CASUSLOAD, deuren

DOSSIER_HOOGSTENS: Final = 8
"""Residents that one reading shows at most when it opens a file: a household. What shows more is a list."""


@dataclass(slots=True)
class Gezien:
    """What a user did with one resident: on which days the file was opened and how often, through what kind of doors, and what was done."""

    dagen: set[date] = field(default_factory=set)
    keren: int = 0
    deuren: set[str] = field(default_factory=set)
    gevolg: bool = False

    @property
    def eigen(self) -> bool:
        """Through a case or the team."""
        return not CASUSLOAD.isdisjoint(self.deuren)

    @property
    def los(self) -> bool:
        """Looked at on one day, and nothing came of it."""
        return len(self.dagen) == 1 and not self.gevolg

    @property
    def onverklaard(self) -> bool:
        """Nothing in the log shows what it was for."""
        return self.los or not self.eigen


@dataclass(frozen=True, slots=True, kw_only=True)
class Leesgedrag:
    """One user in numbers. `verwacht`: how many files would be unexplained with the share of colleagues; `meer`: how many more there are.

    `collegas`: with how many it was compared; 0 when nobody has this role as well, and it was compared with everybody.
    """

    gebruiker: UUID
    rollen: tuple[str, ...]
    geopend: int
    eigen: int
    andere_deuren: int
    noodtoegang: int
    los: int
    onverklaard: int
    verwacht: float = 0.0
    collegas: int = 0

    @property
    def aandeel(self) -> float:
        """Which part of what was opened is unexplained."""
        return self.onverklaard / self.geopend

    @property
    def meer(self) -> float:
        """How many files more than expected; below zero for fewer."""
        return self.onverklaard - self.verwacht


def leesgedrag(blik: Blik) -> list[Leesgedrag]:
    """Everybody who opened a file in the period, at work; who stands out most comes first. Kept in memory are a few numbers of each."""
    eigen = [_cijfers(gebruiker, *dossiers_van(blik, gebruiker)) for gebruiker in gebruikers(blik)]
    found = [each for each in eigen if each.geopend]
    return sorted((_vergeleken(each, found) for each in found), key=lambda each: (-each.meer, each.gebruiker))


def dossiers_van(blik: Blik, gebruiker: UUID) -> tuple[Mapping[UUID, Gezien], Counter[str]]:
    """What a user did with each resident whose file was opened, and how often in which role."""
    geopend: dict[UUID, Gezien] = defaultdict(Gezien)
    gedaan, rollen = set[UUID](), Counter[str]()
    for regel in chain.from_iterable(regels_van(blik, gebruiker)):
        if regel.inhoud["resultaat"] != Resultaat.GESLAAGD or not blik.aan_het_werk(regel):
            continue
        if regel.inhoud["actie"] in (Actie.CREATE, Actie.UPDATE, Actie.DELETE):
            gedaan.update(regel.pseudoniemen)
        elif opent(regel):
            rollen.update(regel.inhoud.get("rollen", ()))
            for betrokkene in regel.inhoud["betrokkenen"]:
                _kijk(geopend[UUID(hex=betrokkene["ref"])], regel, betrokkene)
    for wie in gedaan & geopend.keys():
        geopend[wie].gevolg = True
    return geopend, rollen


def opent(regel: Regel) -> bool:
    """Whether this opens files: no search, and no list."""
    return regel.inzage and regel.inhoud["gebeurtenis"] == Gebeurtenis.LEZEN and len(regel.inhoud["betrokkenen"]) <= DOSSIER_HOOGSTENS


def _kijk(gezien: Gezien, regel: Regel, betrokkene: dict[str, Any]) -> None:
    gezien.dagen.add(dag(regel.plek.tijdstip))
    gezien.keren += 1
    gezien.deuren |= deuren(regel, betrokkene)


def _cijfers(gebruiker: UUID, geopend: Mapping[UUID, Gezien], rollen: Counter[str]) -> Leesgedrag:
    alle = geopend.values()
    return Leesgedrag(
        gebruiker=gebruiker, rollen=tuple(sorted(rollen)), geopend=len(alle),
        eigen=sum(each.eigen for each in alle),
        andere_deuren=sum(not each.eigen and Bron.NOODTOEGANG not in each.deuren for each in alle),
        noodtoegang=sum(not each.eigen and Bron.NOODTOEGANG in each.deuren for each in alle),
        los=sum(each.los for each in alle), onverklaard=sum(each.onverklaard for each in alle),
    )  # fmt: skip


def _vergeleken(een: Leesgedrag, alle: Sequence[Leesgedrag]) -> Leesgedrag:
    """Beside the median share of the others with a role in common; without any beside everybody else; alone beside nobody."""
    anderen = [each for each in alle if each.gebruiker != een.gebruiker]
    collegas = [each for each in anderen if not set(een.rollen).isdisjoint(each.rollen)]
    aandelen = [each.aandeel for each in collegas or anderen]
    verwacht = een.geopend * median(aandelen) if aandelen else float(een.onverklaard)
    return replace(een, collegas=len(collegas), verwacht=verwacht)


def onverklaarde(blik: Blik, gebruiker: UUID) -> Iterator[tuple[UUID, Gezien]]:
    """The residents behind `onverklaard`, in the order of their pseudonyms."""
    geopend, _ = dossiers_van(blik, gebruiker)
    yield from sorted(((wie, gezien) for wie, gezien in geopend.items() if gezien.onverklaard), key=lambda each: each[0])
