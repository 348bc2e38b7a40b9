"""Check 11: whether the register knows each activity in the log, and whether each of its entries has the DPIA that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import literal, select, tuple_

from wijkwerk.log.query import Cursor
from wijkwerk.log.tables import log_regel
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.toezicht.controles.controle import BLADZIJ, Blik, Controle, Onderdeel, Treffer, op_volgorde
from wijkwerk.verwerkingen import Registersoort, Registerversie

ONBEKEND, DPIA, DPIA_ONBEKEND = "ACTIVITEIT_ONBEKEND", "DPIA_ONTBREEKT", "DPIA_NIET_BEOORDEELD"
R: Final = log_regel.c


def _onbekend(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Entries of activities that the register does not have and never had."""
    v = Registerversie.tabel().c
    bewaard = select(v.code).where(v.gemeente_id == blik.gemeente, v.soort == Registersoort.ACTIVITEIT).distinct()
    bekend = {*blik.catalogue.activiteiten, *blik.connection.execute(bewaard).scalars()}
    return op_volgorde((each for code in _genoemd(blik) if code not in bekend for each in _regels(blik, code)), na)


def _genoemd(blik: Blik) -> Iterator[str]:
    """The activities in the log, one step in the index for each."""
    volgende = select(R.activiteit).where(R.gemeente_id == blik.gemeente).order_by(R.activiteit).limit(1)
    waar = R.activiteit.is_not(None)
    while (code := blik.connection.execute(volgende.where(waar)).scalar()) is not None:
        yield code
        waar = R.activiteit > code


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
        na = (literal(plek.tijdstip, Tijdstip), literal(plek.stroom, Uuid16), literal(plek.seq))
        rijen = blik.connection.execute(statement.where(tuple_(*plaats) > tuple_(*na)).order_by(*plaats).limit(BLADZIJ)).all()


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
