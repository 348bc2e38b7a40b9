"""Check 1: through which kind of door somebody was let in to look, when it was neither the case, the team nor a break-glass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.toezicht.controles.controle import Blik, Controle, Kijker, Onderdeel, Regel, Treffer

RELATIE: Final = frozenset({Bron.DOSSIER, Bron.AANMELDING, Bron.OVERDRACHT, Bron.NOODTOEGANG})
"""The relation of a case or of a team (a report goes to a team), and break-glass, which check 4 is about."""
CASUSLOAD: Final = RELATIE - {Bron.NOODTOEGANG}
GEEN, ONBEKEND = "GEEN_DEUR", "DEUR_ONBEKEND"
_UITLEG: Final = {
    Bron.KOPPELING: "Een partner die meewerkt in het dossier",
    Bron.VERWIJZING: "Een partner na een verwijzing",
    Bron.TOESTEMMING: "Een ontvanger die de inwoner in een toestemming noemde",
    Bron.GROEP: "De trekker van een groep waar de inwoner aan meedoet",
    Bron.EIGEN: "De inwoner zelf",
    Bron.VERTEGENWOORDIGING: "Wie de inwoner vertegenwoordigt",
    Bron.IMPORT: "De eigen organisatie, na het inlezen van een bestand",
}


def deuren(regel: Regel, betrokkene: dict[str, Any]) -> set[str]:
    """Through what kind of doors a resident of an entry was seen: sources, or that there was none, or that it is not known any more."""
    genoemd = {deur for getoond in betrokkene["getoond"] for deur in getoond[3]}
    return {regel.bronnen.get(deur, ONBEKEND) for deur in genoemd} or {GEEN}


class _Kijker(Kijker):
    def regel(self, regel: Regel) -> Iterator[Treffer]:
        per_bron: dict[str, set[UUID]] = defaultdict(set)
        for betrokkene in regel.inhoud["betrokkenen"] if regel.inzage else ():
            if RELATIE.isdisjoint(found := deuren(regel, betrokkene)):
                for bron in found - {ONBEKEND} or {ONBEKEND}:
                    per_bron[bron].add(UUID(hex=betrokkene["ref"]))
        for bron, wie in sorted(per_bron.items()):
            yield regel.treffer(bron, wie, *regel.inhoud.get("rollen", ()))


def _kijker(_: Blik) -> Callable[[UUID], _Kijker]:
    return lambda _: _Kijker()


CONTROLE: Final = Controle(
    nummer=1,
    code="ZONDER_RELATIE",
    vraag="Wie keek zonder dat er een dossier, een melding bij het team of noodtoegang was?",
    uitleg="Telt per regel van het log waardoor iemand erbij mocht. Een andere wettige weg telt apart en is geen afwijking.",
    onderdelen=(
        Onderdeel(GEEN, "Er was geen betrokkenheid"),
        Onderdeel(ONBEKEND, "De betrokkenheid die in het log staat, bestaat niet meer. Kijk in een reservekopie"),
        *(Onderdeel(bron.value, _UITLEG[bron], afwijking=False) for bron in Bron if bron not in RELATIE),
    ),
    kijker=_kijker,
)
