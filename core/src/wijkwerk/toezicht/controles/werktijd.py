"""Check 3: looking outside working hours, far more than usual, searching without opening anything, and searching wide."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain
from statistics import median
from typing import Final
from uuid import UUID

from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.kalender.werkdagen import Werkkalender, werkkalender
from wijkwerk.klok import AMSTERDAM, dag
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.toezicht.controles.controle import Blik, Controle, Kijker, Onderdeel, Regel, Treffer
from wijkwerk.toezicht.controles.lopen import gebruikers, regels_van

BUITEN, PIEK, NIET_GEOPEND, BREED = "BUITEN_WERKTIJD", "PIEK", "ZOEKEN_ZONDER_OPENEN", "BREED_ZOEKEN"


@dataclass(frozen=True, slots=True)
class Maten:
    """What counts as unusual. No rule of law: an installation that works other hours has others."""

    begin: time = time(7)
    einde: time = time(19)
    piek_keer: float = 3.0
    piek_minstens: int = 20
    openen_binnen: timedelta = timedelta(minutes=15)
    breed: int = 50
    breed_doorzocht: int = 500


MATEN: Final = Maten()


@dataclass(slots=True)
class Dagen:
    """How many residents a user saw on each day, and in which roles this user worked."""

    per_dag: dict[date, int] = field(default_factory=dict)
    rollen: set[str] = field(default_factory=set)


def dagcijfers(blik: Blik) -> Mapping[UUID, Dagen]:
    """Of everybody: numbers alone, so that it stays small."""
    return {gebruiker: _dagen(blik, gebruiker) for gebruiker in gebruikers(blik)}


def _dagen(blik: Blik, gebruiker: UUID) -> Dagen:
    found, wie, vandaag = Dagen(), set[UUID](), date.min
    for regel in chain.from_iterable(regels_van(blik, gebruiker)):
        if not (regel.inzage and blik.aan_het_werk(regel)):
            continue
        if (op := dag(regel.plek.tijdstip)) != vandaag:
            wie, vandaag = set(), op
        wie.update(regel.pseudoniemen)
        found.per_dag[op] = len(wie)
        found.rollen.update(regel.inhoud.get("rollen", ()))
    return found


@dataclass(slots=True)
class _Zoektocht:
    """A search that found somebody, of whom nobody was opened yet."""

    regel: Regel
    gevonden: frozenset[UUID]


class _Kijker(Kijker):
    def __init__(self, blik: Blik, kalender: Werkkalender, cijfers: Mapping[UUID, Dagen], gebruiker: UUID) -> None:
        self._blik, self._kalender, self._cijfers, self._gebruiker = blik, kalender, cijfers, gebruiker
        self._open: deque[_Zoektocht] = deque()

    def regel(self, regel: Regel) -> Iterator[Treffer]:
        yield from self._verlopen(regel.plek.tijdstip)
        if not (regel.inzage and self._blik.aan_het_werk(regel)):
            return
        if not self._werktijd(regel.plek.tijdstip):
            yield regel.treffer(BUITEN, None, *regel.inhoud.get("rollen", ()))
        if regel.inhoud["gebeurtenis"] == Gebeurtenis.ZOEKEN:
            yield from self._zoek(regel)
        else:
            geopend = set(regel.pseudoniemen)
            self._open = deque(each for each in self._open if each.gevonden.isdisjoint(geopend))

    def klaar(self) -> Iterator[Treffer]:
        yield from self._verlopen(self._blik.tot)
        yield from self._pieken()

    def _werktijd(self, moment: datetime) -> bool:
        hier = moment.astimezone(AMSTERDAM)
        return self._kalender.is_werkdag(hier.date()) and MATEN.begin <= hier.time() < MATEN.einde

    def _zoek(self, regel: Regel) -> Iterator[Treffer]:
        gevonden, doorzocht = frozenset(regel.pseudoniemen), int(regel.inhoud.get("details", {}).get("doorzocht", 0))
        if len(gevonden) >= MATEN.breed or doorzocht >= MATEN.breed_doorzocht:
            yield regel.treffer(BREED, None, f"gevonden {len(gevonden)}", f"doorzocht {doorzocht}")
        self._open.append(_Zoektocht(regel, gevonden))

    def _verlopen(self, nu: datetime) -> Iterator[Treffer]:
        while self._open and self._open[0].regel.plek.tijdstip + MATEN.openen_binnen <= nu:
            yield self._open.popleft().regel.treffer(NIET_GEOPEND)

    def _pieken(self) -> Iterator[Treffer]:
        eigen = self._cijfers.get(self._gebruiker, Dagen())
        if not eigen.per_dag:
            return
        gewoon = max(median(eigen.per_dag.values()), self._van_collegas(eigen))
        for op, aantal in eigen.per_dag.items():
            if aantal >= max(MATEN.piek_minstens, MATEN.piek_keer * gewoon):
                kenmerken = (f"inwoners {aantal}", f"gewoon {gewoon:g}")
                yield Treffer(onderdeel=PIEK, tijdstip=begin_van(op), gebruiker=self._gebruiker, kenmerken=kenmerken)

    def _van_collegas(self, eigen: Dagen) -> float:
        """The median day of the others with a role in common; 0 for who has none."""
        anderen = [
            aantal for wie, dagen in self._cijfers.items() if wie != self._gebruiker and dagen.rollen & eigen.rollen
            for aantal in dagen.per_dag.values()
        ]  # fmt: skip
        return median(anderen) if anderen else 0.0


def _kijker(blik: Blik) -> Callable[[UUID], _Kijker]:
    kalender, cijfers = werkkalender(blik.connection, blik.gemeente, dag(blik.van)), dagcijfers(blik)
    return lambda gebruiker: _Kijker(blik, kalender, cijfers, gebruiker)


CONTROLE: Final = Controle(
    nummer=3,
    code="ONGEWOON",
    vraag="Wie keek buiten werktijd, veel meer dan anders, of zocht zonder iets te openen?",
    uitleg=f"Werktijd is hier op werkdagen van {MATEN.begin:%H:%M} tot {MATEN.einde:%H:%M}. Diensten op andere uren staan er ook tussen.",
    onderdelen=(
        Onderdeel(BUITEN, "Er is gekeken buiten werktijd"),
        Onderdeel(
            PIEK,
            f"Iemand zag op een dag minstens {MATEN.piek_minstens} inwoners, en {MATEN.piek_keer:g} keer zoveel als op een gewone dag van "
            "zichzelf en van collega's",
        ),
        Onderdeel(NIET_GEOPEND, "Er is gezocht en gevonden, en een kwartier lang niemand van hen geopend"),
        Onderdeel(BREED, f"Een zoekvraag toonde {MATEN.breed} inwoners of meer, of doorzocht {MATEN.breed_doorzocht} notities of meer"),
    ),
    kijker=_kijker,
)
