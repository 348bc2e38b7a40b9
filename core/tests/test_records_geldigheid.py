"""When a row holds: a row in hand and a statement say the same, at every border."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from itertools import product

import pytest
from sqlalchemy import Connection, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebieden import Gebied, Gebiedsbron, Gebiedsoort
from wijkwerk.records.geldigheid import Periode, geldig, keur_volgorde, loopt, overlapt, waar_geldig, waar_loopt
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
DAGEN = [date(2027, 3, dag) for dag in (1, 2, 3)]
PERIODEN = [Periode(van, tot) for van, tot in product(DAGEN, [*DAGEN, None]) if tot is None or tot >= van]
G = Gebied.tabel()


async def test_a_row_in_hand_and_a_statement_say_the_same_on_every_day(wijk_vlug: Wijk) -> None:
    def fill(connection: Connection) -> None:
        for n, (van, tot) in enumerate(PERIODEN):
            soort = {"soort": Gebiedsoort.BUURT, "herkomst": Gebiedsbron.GEMEENTE}
            wijk_vlug.put(connection, Gebied, code=f"proef{n}", naam="Proef", van=van, tot=tot, **soort)

    await wijk_vlug.wijkwerk.database.transact(fill)
    own = select(G.c.code, G.c.van, G.c.tot).where(G.c.naam == "Proef")
    rows = await wijk_vlug.rows(own)
    assert len(rows) == len(PERIODEN)
    for op in [date(2027, 2, 28), *DAGEN, date(2027, 3, 4)]:
        for in_hand, statement in ((geldig, waar_geldig), (loopt, waar_loopt)):
            found = {row.code for row in await wijk_vlug.rows(own.where(statement(G, op)))}
            assert found == {row.code for row in rows if in_hand(row, op)}, (op, in_hand)


@pytest.mark.parametrize(("een", "ander"), list(product(PERIODEN, PERIODEN)), ids=lambda periode: f"{periode.van}-{periode.tot}")
def test_two_overlap_when_there_is_a_day_on_which_both_hold(een: Periode, ander: Periode) -> None:
    both = any(geldig(een, dag) and geldig(ander, dag) for dag in DAGEN)
    assert overlapt(een, ander) is overlapt(ander, een) is both


@pytest.mark.parametrize("van", [None, *DAGEN], ids=str)
@pytest.mark.parametrize("tot", [None, *DAGEN], ids=str)
def test_only_a_last_day_before_the_first_is_refused(van: date | None, tot: date | None) -> None:
    wrong = van is not None and tot is not None and tot < van
    with pytest.raises(OngeldigeInvoer) if wrong else nullcontext() as found:
        keur_volgorde(van, tot)
    assert (found.value.veld if found else None) == ("tot" if wrong else None)
