"""Check 10: what residents asked by right, and whether they had an answer within a month (AVG art. 12(3))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from wijkwerk.inzage.naamverzoek import Naamverzoek
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.klok import dag
from wijkwerk.records.declare import Record
from wijkwerk.toezicht.controles.controle import Blik, Controle, Onderdeel, Treffer, na_elkaar, per_rij

OP_TIJD, TE_LAAT, OPEN, OPEN_TE_LAAT = "OP_TIJD", "TE_LAAT", "OPEN", "OPEN_TE_LAAT"
TERMIJN: Final = "P1M"
"""AVG art. 12(3). That it was made longer, by two months at most, is kept nowhere yet."""


@dataclass(frozen=True, slots=True)
class Verzoeksoort:
    """A record that is a request of a resident: the columns that say when it came, when it was answered, and under which pseudonym."""

    record: type[Record]
    gevraagd: str
    beantwoord: str
    pseudoniem: str


VERZOEKSOORTEN: tuple[Verzoeksoort, ...] = (Verzoeksoort(Naamverzoek, "gevraagd_op", "besloten_op", "pseudoniem"),)
"""Whoever makes another kind of request adds it here. A request of a partner to be let in is none: no resident asked it."""


def _bron(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    return na_elkaar([partial(_van, blik, each) for each in VERZOEKSOORTEN], na)


def _van(blik: Blik, soort: Verzoeksoort, na: str) -> Iterator[tuple[str, Treffer]]:
    tabel = soort.record.tabel()
    gevraagd, beantwoord = tabel.c[soort.gevraagd], tabel.c[soort.beantwoord]
    statement = select(
        tabel.c.id, gevraagd.label("gevraagd"), beantwoord.label("beantwoord"), tabel.c[soort.pseudoniem].label("pseudoniem")
    ).where(tabel.c.gemeente_id == blik.gemeente, gevraagd >= blik.van, gevraagd < blik.tot)
    return per_rij(blik, tabel, statement, na, partial(_treffers, soort, dag(blik.nu)))


def _treffers(soort: Verzoeksoort, vandaag: date, rij: Any) -> Iterator[Treffer]:
    uiterlijk, klaar = na_termijn(dag(rij.gevraagd), TERMIJN), None if rij.beantwoord is None else dag(rij.beantwoord)
    goed, laat = (OPEN, OPEN_TE_LAAT) if klaar is None else (OP_TIJD, TE_LAAT)
    yield Treffer(
        onderdeel=goed if (klaar or vandaag) <= uiterlijk else laat, tijdstip=rij.gevraagd, pseudoniemen=(rij.pseudoniem,),
        soort=soort.record.__name__, nummer=rij.id, kenmerken=(f"uiterlijk {uiterlijk}",),
    )  # fmt: skip


CONTROLE: Final = Controle(
    nummer=10,
    code="VERZOEKEN_VAN_INWONERS",
    vraag="Kregen inwoners die iets vroegen over hun gegevens binnen een maand antwoord?",
    uitleg="Verzoeken die in de periode binnenkwamen. Een verlenging van de termijn is hier niet bekend.",
    onderdelen=(
        Onderdeel(OP_TIJD, "Binnen een maand beantwoord", afwijking=False),
        Onderdeel(TE_LAAT, "Later dan een maand beantwoord"),
        Onderdeel(OPEN, "Nog niet beantwoord, en het is nog op tijd", afwijking=False),
        Onderdeel(OPEN_TE_LAAT, "Nog niet beantwoord, en de maand is voorbij"),
    ),
    bronnen=(_bron,),
)
