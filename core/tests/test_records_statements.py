"""The number of SQL statements depends on what is asked, not on the number of rows, roles or teams (design.md 11.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.contactgegevens import Contactgegeven, Contactsoort
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.log.subjects import maak_pseudoniem
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
VELDEN = ("aanschrijfwijze", "leeftijd", "woonplaats", "adresregel1", "bsn")


def fill(wijk: Wijk, connection: Connection, number: int) -> None:
    """So many residents whom the team sees, each in a household of its own."""
    for n in range(number):
        persoon = wijk.put(
            connection, Persoon, geslachtsnaam=f"N{n}", sorteernaam=f"n{n:03d}", aanduiding_naamgebruik=Naamgebruik.EIGEN,
            geslacht=Geslacht.ONBEKEND, geboortedatum=Datum.lees("1980"), geheim=False,
        )  # fmt: skip
        maak_pseudoniem(connection, wijk.gemeente, persoon)
        for code in ("IDENTITEIT", "CONTACT", "ADRES", "HUISHOUDEN"):
            wijk.put(
                connection, Betrokkenheid, persoon_id=persoon, partij_id=wijk.team, partijsoort=Partijsoort.TEAM, doel="WMO_ONDERZOEK",
                categorie_code=code, niveau_tot=6, grondslag="x", bron=Bron.DOSSIER, bron_id=persoon, van=BEGIN,
            )  # fmt: skip
        wijk.put(connection, Huishoudlid, persoon_id=persoon, huishouden_id=nieuw_id(), rol=Huishoudrol.HOOFD, van=date(2027, 1, 1))
        wijk.put(connection, Contactgegeven, persoon_id=persoon, soort=Contactsoort.TELEFOON, waarde="+31612345678")


def ask(reader: Reader) -> tuple[int, int]:
    """A page of residents with their households and contact details, as a document would ask it."""
    page = reader.page(Persoon, VELDEN, order=("sorteernaam",), first=100)
    leden = reader.by_key(Huishoudlid, ("persoon_id", "rol"), "persoon_id", [row.id for row in page.rows], limit=5)
    contact = reader.by_key(Contactgegeven, ("persoon_id", "waarde"), "persoon_id", [row.id for row in page.rows], limit=5)
    assert len(contact) == len(leden)
    return len(page.rows), len(leden)


async def test_a_page_with_relations_takes_as_many_statements_for_1_resident_as_for_100(wijk_vlug: Wijk) -> None:
    wijk, counts = wijk_vlug, []
    for number in (1, 99):
        await wijk.wijkwerk.database.transact(lambda connection, number=number: fill(wijk, connection, number))  # type: ignore[misc]
        await wijk.lees("WIJKTEAM", ask)
        with count_statements(wijk.wijkwerk.database) as seen:
            rows, leden = await wijk.lees("WIJKTEAM", ask)
        assert rows == leden
        counts.append((rows, len(seen)))
    assert [rows for rows, _ in counts] == [1, 100]
    assert counts[0][1] == counts[1][1]


async def test_it_takes_as_many_for_somebody_with_20_roles_and_teams(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await wijk.wijkwerk.database.transact(lambda connection: fill(wijk, connection, 5))
    one: Actor = wijk.actor("WIJKTEAM")
    many = replace(one, teams=(*one.teams, *(nieuw_id() for _ in range(19))), rollen=tuple(f"ROL{n}" for n in range(20)))
    counts: list[tuple[Any, int]] = []
    for actor in (one, many):
        await wijk.lees(actor, ask)
        with count_statements(wijk.wijkwerk.database) as seen:
            counts.append((await wijk.lees(actor, ask), len(seen)))
    assert counts[0] == counts[1]
    assert counts[0][0] == (5, 5)
