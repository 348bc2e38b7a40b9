"""Check 11: whether the register knows each activity in the log, and whether each of its entries has the DPIA that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select, tuple_

from wijkwerk.log.query import Cursor
from wijkwerk.log.tables import log_regel
from wijkwerk.toezicht.controles.controle import BLADZIJ, Blik, Controle, Onderdeel, Treffer, op_volgorde
from wijkwerk.toezicht.controles.lopen import genoemd
from wijkwerk.verwerkingen import Registersoort, Registerversie

ONBEKEND, DPIA, DPIA_ONBEKEND = "ACTIVITEIT_ONBEKEND", "DPIA_ONTBREEKT", "DPIA_NIET_BEOORDEELD"
R: Final = log_regel.c


def _onbekend(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Entries of activities that the register does not have and never had."""
    v = Registerversie.tabel().c
    bewaard = select(v.code).where(v.gemeente_id == blik.gemeente, v.soort == Registersoort.ACTIVITEIT).distinct()
    bekend = {*blik.catalogue.activiteiten, *blik.connection.execute(bewaard).scalars()}
    return op_volgorde((each for code in genoemd(blik, R.activiteit) if code not in bekend for each in _regels(blik, code)), na)


def _regels(blik: Blik, code: str) -> Iterator[Treffer]:
    plaats = (R.tijdstip, R.stroom, R.seq)
    statement = select(*plaats, R.gebruiker, R.organisatie).where(
        R.gemeente_id == blik.gemeente, R.activiteit == code, R.tijdstip >= blik.van, R.tijdstip < blik.tot
    )
    rijen: Any = blik.connection.execute(statement.order_by(*plaats).limit(BLADZIJ)).all()
    while rijen:
        for rij in rijen:
            plek = Cursor(rij.tijdstip, rij.stroom, rij.seq)
            yield Treffer(
                onderdeel=ONBEKEND,
                tijdstip=rij.tijdstip,
                gebruiker=rij.gebruiker,
                organisatie=rij.organisatie,
                plek=plek,
                kenmerken=(code,),
            )
        rijen = blik.connection.execute(statement.where(tuple_(*plaats) > plek.sql()).order_by(*plaats).limit(BLADZIJ)).all()


def _dpia(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Entries of the register as they hold now. Who answers for the processing says whether it needs a DPIA (AVG art. 35)."""
    treffers = []
    for code, activiteit in sorted(blik.catalogue.activiteiten.items()):
        if activiteit.dpia_nodig is None:
            treffers.append(Treffer(onderdeel=DPIA_ONBEKEND, soort="Activiteit", kenmerken=(code,)))
        elif activiteit.dpia_nodig and not activiteit.dpia:
            treffers.append(Treffer(onderdeel=DPIA, soort="Activiteit", kenmerken=(code,)))
    return op_volgorde(treffers, na)


CONTROLE: Final = Controle(
    nummer=11,
    code="REGISTER",
    vraag="Staat elke activiteit uit het log in het register, en heeft elke activiteit de DPIA die nodig is?",
    uitleg="Wat eerder in het register stond, telt als bekend. Of een DPIA nodig is, zegt de gemeente in het registerbestand.",
    onderdelen=(
        Onderdeel(ONBEKEND, "Een regel met een activiteit die nooit in het register stond"),
        Onderdeel(DPIA, "Een activiteit die een DPIA nodig heeft, zonder verwijzing daarnaar"),
        Onderdeel(DPIA_ONBEKEND, "Een activiteit waarvan het register niet zegt of een DPIA nodig is"),
    ),
    bronnen=(_onbekend, _dpia),
)
