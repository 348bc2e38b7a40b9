"""Check 7: one user who saw the same resident for the Participatiewet and for the Wmo or the Jeugdwet (domain.md 2.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

from wijkwerk.access.purposes import Domein
from wijkwerk.toezicht.controles.controle import Blik, Controle, Kijker, Onderdeel, Regel, Treffer

ZORGZIJDE: Final = frozenset({Domein.WMO, Domein.JEUGD})
BEIDE, GEMENGD = "BEIDE_DOMEINEN", "DOELEN_GEMENGD"


class _Kijker(Kijker):
    """Of each resident, on which sides this user saw them: a hit at the entry where the second side comes in."""

    def __init__(self, domein: dict[str, Domein]) -> None:
        self._domein = domein
        self._gezien: dict[UUID, frozenset[bool]] = defaultdict(frozenset)

    def regel(self, regel: Regel) -> Iterator[Treffer]:
        domeinen = {self._domein[doel] for doel in regel.inhoud.get("doelen", ()) if doel in self._domein}
        kanten = frozenset(each in ZORGZIJDE for each in domeinen if each in ZORGZIJDE or each is Domein.PW)
        if len(kanten) > 1:
            yield regel.treffer(GEMENGD, None, *sorted(domeinen))
        if not regel.inzage or not kanten:
            return
        wie = regel.pseudoniemen
        if nieuw := [each for each in wie if len(self._gezien[each]) < 2 <= len(self._gezien[each] | kanten)]:
            yield regel.treffer(BEIDE, nieuw, *regel.inhoud.get("rollen", ()))
        for each in wie:
            self._gezien[each] |= kanten


def _kijker(blik: Blik) -> Callable[[UUID], _Kijker]:
    """Of every version of a purpose: which act it belongs to does not change (`registerbestand`)."""
    register = (*blik.catalogue.register.doelen, *blik.catalogue.doelen.values())
    domein = {doel.code: doel.domein for doel in register}
    return lambda _: _Kijker(domein)


CONTROLE: Final = Controle(
    nummer=7,
    code="OVER_DOMEINEN_HEEN",
    vraag="Wie zag dezelfde inwoner voor de Participatiewet én voor de Wmo of de Jeugdwet?",
    uitleg="Telt de regel waarbij het tweede domein erbij kwam, en regels die zelf doelen van beide domeinen noemen.",
    onderdelen=(
        Onderdeel(BEIDE, "Een medewerker zag dezelfde inwoner in beide domeinen"),
        Onderdeel(GEMENGD, "Een verzoek had doelen van beide domeinen. Dit hoort niet te kunnen: meld het"),
    ),
    kijker=_kijker,
)
