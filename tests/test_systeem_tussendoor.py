"""A change that commits between two statements of another unit is never overwritten (optimistic locking on PostgreSQL)."""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, update
from tests.systeem.dienst import Plek

from wijkwerk.access.actor import Actor
from wijkwerk.app import Wijkwerk
from wijkwerk.demo.instellingen import MEDEWERKERS
from wijkwerk.errors import VersieVerouderd
from wijkwerk.organisaties import gemeente
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.settings import Settings


def _actor(wijkwerk: Wijkwerk, plek: Plek) -> Actor:
    medewerker, nu = next(one for one in MEDEWERKERS if one.onderwerp == "wijkteam"), wijkwerk.klok.nu()
    [row] = plek.opslag.rows(select(gemeente.c.id))
    instellingen = plek.buurt.instellingen
    return wijkwerk.toewijzer.actor(instellingen.gebruikers["wijkteam"], row["id"], [instellingen.functie(medewerker)], None, nu)


def _zonder_bsn(plek: Plek) -> UUID:
    """A resident of whom nothing is sealed, so that the row can be changed past the application."""
    persoon = Persoon.tabel()
    noord = [lid.id for one in plek.buurt.huishoudens if one.huis.gebied == "noord" for lid in one.leden]
    [row, *_] = plek.opslag.rows(select(persoon.c.id).where(persoon.c.bsn.is_(None), persoon.c.id.in_(noord)))
    return UUID(str(row["id"]))


def test_a_change_that_comes_between_reading_and_loading_is_not_overwritten(plek_postgresql: Plek) -> None:
    plek, persoon, rows = plek_postgresql, _zonder_bsn(plek_postgresql), Persoon.tabel()
    first = update(rows).where(rows.c.id == persoon).values(roepnaam="Eerste", versie=rows.c.versie + 1)
    done: list[str] = []

    def someone_else(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "persoon" in statement and statement.startswith(("SELECT", "WITH")) and not done:
            done.append(statement)
            thread = Thread(target=plek.opslag.change, args=(first,))
            thread.start()
            thread.join()

    def second(work: Work) -> None:
        work.get(Persoon, persoon, 1).roepnaam = "Tweede"

    async def run() -> None:
        async with Wijkwerk(Settings(map=plek.folder, database=plek.url)) as wijkwerk:
            actor = _actor_in(wijkwerk)
            event.listen(wijkwerk.database.engines[0], "after_cursor_execute", someone_else)
            with pytest.raises(VersieVerouderd):
                await wijkwerk.write(actor, second, onderdeel="test")

    def _actor_in(wijkwerk: Wijkwerk) -> Actor:
        found: list[Actor] = []
        thread = Thread(target=lambda: found.append(_actor(wijkwerk, plek)))
        thread.start()
        thread.join()
        return found[0]

    asyncio.run(run())
    assert done
    [row] = [row for row in plek.opslag.rows(select(rows)) if row["id"] == persoon]
    assert (row["roepnaam"], row["versie"]) == ("Eerste", 2)
