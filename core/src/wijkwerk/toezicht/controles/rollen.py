"""Check 5: looking after the employment ended, accounts that nobody uses, and roles that don't go together (domain.md 9.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from wijkwerk.access.actor import gaat_samen
from wijkwerk.gebruikers import SYSTEEM, Aanstelling, Gebruiker
from wijkwerk.klok import dag
from wijkwerk.log.entry import Resultaat
from wijkwerk.log.tables import log_regel
from wijkwerk.records.geldigheid import geldig, overlapt, waar_geldig
from wijkwerk.toezicht.controles.controle import Blik, Controle, Kijker, Onderdeel, Regel, Treffer, per_rij

NA_EINDE, ONGEBRUIKT, ROLLEN = "NA_EINDE", "ONGEBRUIKT", "ROLLEN_SAMEN"
DAGEN: Final = 90
"""An account that was not used for longer than this is one to look at (domain.md 3.7, check 5)."""


class _Kijker(Kijker):
    def __init__(self, blik: Blik, gebruiker: UUID) -> None:
        a = Aanstelling.tabel().c
        eigen = select(a.rol, a.organisatie_id, a.van, a.tot).where(a.gemeente_id == blik.gemeente, a.gebruiker_id == gebruiker)
        self._werk = {code for code, rol in blik.catalogue.rollen.items() if not (rol.eigen or rol.systeem)}
        self._aanstellingen = blik.connection.execute(eigen).all()

    def regel(self, regel: Regel) -> Iterator[Treffer]:
        """In a role that the user did not have on that day. A role that is known no more counts as one of employment."""
        if regel.inhoud["resultaat"] != Resultaat.GESLAAGD or "betrokkenen" not in regel.inhoud:
            return
        op, organisatie = dag(regel.plek.tijdstip), regel.inhoud.get("organisatie")
        had = {a.rol for a in self._aanstellingen if a.organisatie_id.hex == organisatie and geldig(a, op)}
        if mist := sorted((set(regel.inhoud.get("rollen", ())) & self._werk) - had):
            yield regel.treffer(NA_EINDE, None, *mist)


def _kijker(blik: Blik) -> Callable[[UUID], _Kijker]:
    return lambda gebruiker: _Kijker(blik, gebruiker)


def _ongebruikt(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Who has been employed for longer than the term at the end of the period, and did nothing in it."""
    tabel, r, einde = Gebruiker.tabel(), log_regel.c, min(blik.tot, blik.nu)
    g, a, sinds = tabel.c, Aanstelling.tabel(), einde - timedelta(days=DAGEN)
    eigen = and_(a.c.gemeente_id == g.gemeente_id, a.c.gebruiker_id == g.id)
    werkt = exists().where(eigen, waar_geldig(a, dag(einde)), a.c.van <= dag(sinds))
    deed = exists().where(r.gemeente_id == g.gemeente_id, r.gebruiker == g.id, r.tijdstip >= sinds, r.tijdstip < einde)
    statement = select(g.id).where(g.gemeente_id == blik.gemeente, g.issuer != SYSTEEM, werkt, ~deed)

    def treffers(rij: Any) -> Iterator[Treffer]:
        yield Treffer(onderdeel=ONGEBRUIKT, gebruiker=rij.id, soort="Gebruiker", nummer=rij.id)

    return per_rij(blik, tabel, statement, na, treffers)


def _rollen_samen(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Two employments that run on the same day of the period, in roles that nobody holds together."""
    tabel, a, begin, einde = Gebruiker.tabel(), Aanstelling.tabel(), dag(blik.van), dag(blik.tot)
    in_periode = and_(a.c.gemeente_id == blik.gemeente, a.c.van <= einde, or_(a.c.tot.is_(None), a.c.tot >= begin))
    meer = select(a.c.gebruiker_id).where(in_periode).group_by(a.c.gebruiker_id).having(func.count(a.c.rol.distinct()) > 1)
    statement = select(tabel.c.id).where(tabel.c.gemeente_id == blik.gemeente, tabel.c.id.in_(meer))
    velden = select(a.c.rol, a.c.van, a.c.tot)

    def treffers(rij: Any) -> Iterator[Treffer]:
        eigen = blik.connection.execute(velden.where(in_periode, a.c.gebruiker_id == rij.id).order_by(a.c.rol, a.c.id)).all()
        paren = {(een.rol, ander.rol) for een, ander in combinations(eigen, 2) if _samen_in(een, ander, begin, einde)}
        for een, ander in sorted(paren):
            if not gaat_samen(blik.catalogue, een, [ander]):
                yield Treffer(onderdeel=ROLLEN, gebruiker=rij.id, soort="Gebruiker", nummer=rij.id, kenmerken=(een, ander))

    return per_rij(blik, tabel, statement, na, treffers)


def _samen_in(een: Any, ander: Any, begin: date, einde: date) -> bool:
    return overlapt(een, ander) and max(een.van, ander.van, begin) <= min(een.tot or einde, ander.tot or einde, einde)


CONTROLE: Final = Controle(
    nummer=5,
    code="ROLLEN",
    vraag="Wie deed iets nadat de aanstelling was geëindigd, welke accounts gebruikt niemand, en welke rollen gaan niet samen?",
    uitleg="Het systeem laat niemand toe zonder aanstelling. Deze controle zoekt na wat er toch gebeurde.",
    onderdelen=(
        Onderdeel(NA_EINDE, "Iets gezien of gewijzigd in een rol die de medewerker die dag niet had"),
        Onderdeel(ONGEBRUIKT, f"Al meer dan {DAGEN} dagen in dienst, en in die dagen niets gedaan"),
        Onderdeel(ROLLEN, "Twee rollen tegelijk die niet samengaan"),
    ),
    bronnen=(_ongebruikt, _rollen_samen),
    kijker=_kijker,
)
