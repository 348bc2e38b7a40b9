"""How searches are run: through indexes, from the actor's own betrokkenheden inward, on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from wijkwerk.records.read import Reader
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.base import Database
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.kenmerken import Kenmerken, keur, vind, vind_team
from wijkwerk.zoeken.zoek import Zoekvraag, tel, zoek

pytestmark = pytest.mark.anyio
VRAGEN = {
    "name": Zoekvraag(naam="Visser Bakker"),
    "birth date": Zoekvraag(geboortedatum=Datum(1956)),
    "address": Zoekvraag(postcode=Postcode("3043TD"), huisnummer=12),
    "bsn": Zoekvraag(bsn=Bsn("999993653")),
    "all": Zoekvraag(naam="Visser", geboortedatum=Datum(1956, 11), postcode=Postcode("3043TD"), bsn=Bsn("999993653")),
}
KENMERKEN = {
    "name": Kenmerken(geslachtsnaam="Visser", geboortedatum=Datum(1956, 11, 15)),
    "address": Kenmerken(postcode=Postcode("3043TD"), huisnummer=12, telefoonnummer="0612345678"),
    "bsn": Kenmerken(bsn=Bsn("999993653"), emailadres="piet@voorbeeld.nl"),
}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@contextmanager
def seen(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run meanwhile, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)


def plans(connection: Connection, statements: list[tuple[str, Any]], table: str) -> list[str]:
    """How the database runs those that read this table. PostgreSQL reads a small table whole, unless it is told not to."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return [
        "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", tuple(parameters)))
        for statement, parameters in statements
        if re.search(rf"\bFROM {table}\b|\bJOIN {table}\b", statement)
    ]


def assert_by_index(plan: str) -> None:
    assert "Seq Scan" not in plan, plan
    assert not re.search(r"SCAN (persoon|zoekterm|zoekwoord|betrokkenheid|afscherming|contactgegeven|team)", plan), plan


@pytest.mark.parametrize("vraag", VRAGEN.values(), ids=VRAGEN.keys())
async def test_a_search_reads_through_indexes_from_the_scope_inward(wijk: Wijk, vraag: Zoekvraag) -> None:
    await wijk.inwoner("Visser")

    def ask(reader: Reader) -> list[str]:
        with seen(wijk.wijkwerk.database) as statements:
            page = zoek(reader, vraag, ("roepnaam",), first=20)
            zoek(reader, vraag, ("roepnaam",), first=20, after=[*([0] if vraag.naam else []), "v", wijk.team])
            tel(reader, vraag)
        assert page.rows == []
        return plans(reader.connection, statements, "persoon")

    found = await wijk.lees("REGISSEUR", ask)
    assert len(found) == 3
    for plan in found:
        assert_by_index(plan)
        assert "ix_betrokkenheid" in plan
        assert ("zoekterm" in plan) == (vraag.naam is not None)


@pytest.mark.parametrize("kenmerken", KENMERKEN.values(), ids=KENMERKEN.keys())
async def test_whether_somebody_is_known_is_read_through_indexes(wijk: Wijk, kenmerken: Kenmerken) -> None:
    persoon = await wijk.inwoner("Visser")

    def ask(work: Any) -> list[str]:
        with seen(wijk.wijkwerk.database) as statements:
            vind(work, keur(kenmerken))
            vind_team(work, [persoon])
        connection = work.core_connection
        return [*plans(connection, statements, "persoon"), *plans(connection, statements, "betrokkenheid")]

    found = await wijk.schrijf("REGISSEUR", ask)
    assert len(found) == 2
    for plan in found:
        assert_by_index(plan)
