"""The log by month on PostgreSQL: parts are made ahead and dropped whole, nobody waits long for that, and nothing depends on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, select, table, text
from sqlalchemy.exc import DBAPIError

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Logregel, Logsoort
from wijkwerk.log.journal import Journal
from wijkwerk.log.lekonderzoek import Lekregel, Vraag, onderzoek
from wijkwerk.log.partities import grenzen, maak, maak_vooruit, maand_van, plus, zorg_vooruit
from wijkwerk.log.query import Onder, Zoekvraag, zoek
from wijkwerk.log.retention import Opdracht, verval
from wijkwerk.log.tables import log_regel
from wijkwerk.storage.base import Database
from wijkwerk.testing.queryplannen import opgenomen

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]

OP_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
OVER_VIJF_JAAR = datetime(2032, 4, 1, tzinfo=UTC)


@pytest.fixture
def ver(klok: StaandeKlok) -> StaandeKlok:
    """The clock in a month that nobody made a part for."""
    klok.moment = datetime(2027, 11, 30, 23, 30, tzinfo=UTC)
    return klok


def aantal(naam: str) -> Callable[[Connection], int]:
    return lambda connection: int(connection.execute(select(func.count()).select_from(table(naam))).scalar_one())


async def in_deel(database: Database, naam: str) -> int:
    async with database.snapshot() as snapshot:
        return await snapshot.run(aantal(naam))


def test_months_are_counted_over_the_end_of_a_year() -> None:
    assert [plus("2027-11", number) for number in (-11, -1, 0, 1, 2, 14)] == [
        "2026-12", "2027-10", "2027-11", "2027-12", "2028-01", "2029-01",
    ]  # fmt: skip
    assert grenzen("2027-12") == (datetime(2027, 12, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    assert maand_van(datetime.fromisoformat("2027-04-01T01:30+02:00")) == "2027-03"


@OP_POSTGRESQL
async def test_months_to_come_have_a_part_and_an_entry_without_one_is_kept_all_the_same(
    journal: Journal, logboek: Database, regel: Maak, ver: StaandeKlok
) -> None:
    await journal.record(regel(1))  # before anything was made
    made = await logboek.transact(partial(maak_vooruit, nu=ver.nu()))
    tabellen = ("log_regel", "log_betrokkene")
    assert made == [f"{tabel}_{maand}" for tabel in tabellen for maand in ("2027_12", "2028_01")]
    assert await logboek.transact(partial(maak_vooruit, nu=ver.nu())) == []
    await journal.record(regel(2))
    ver.moment = datetime(2028, 1, 1, tzinfo=UTC)
    await journal.record(regel(3))
    ver.moment = datetime(2029, 6, 1, tzinfo=UTC)  # the clock goes far ahead
    await journal.record(regel(4))
    assert [await in_deel(logboek, f"{tabel}_{part}") for tabel in tabellen for part in ("rest", "2027_12", "2028_01")] == [
        *(3 + 3, 0, 3), *(3, 0, 1),
    ]  # fmt: skip
    assert (await logboek.transact(partial(maak_vooruit, nu=ver.nu())))[0] == "log_regel_2029_07"


@OP_POSTGRESQL
async def test_no_part_can_be_changed_or_emptied(journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok) -> None:
    await zorg_vooruit(logboek, klok)
    await journal.record(regel(1))
    klok.moment = datetime(2040, 1, 1, tzinfo=UTC)
    await journal.record(regel(2))
    for part in ("log_regel_2027_03", "log_regel_rest", "log_regel"):
        assert await in_deel(logboek, part) > 0
        for statement in (f"TRUNCATE {part}", f"DELETE FROM {part}", f"UPDATE {part} SET resultaat = 'FOUT'"):
            with pytest.raises(DBAPIError):
                await logboek.transact(lambda c: c.execute(text(statement)) and None)  # noqa: B023 - called at once
    moved = log_regel.update().values(tijdstip=datetime(2041, 1, 1, tzinfo=UTC))
    with pytest.raises(DBAPIError):
        await logboek.transact(lambda c: c.execute(moved) and None)
    assert await in_deel(logboek, "log_regel") == await in_deel(logboek, "log_regel_rest") + 2


@OP_POSTGRESQL
async def test_who_reads_is_not_kept_waiting_for_a_part_and_keeps_what_it_reads(
    journal: Journal, logboek: Database, regel: Maak, klok: StaandeKlok, identity: Ed25519PrivateKey
) -> None:
    await zorg_vooruit(logboek, klok)
    await journal.record(*(regel(number) for number in range(5)))
    await journal.checkpoint()
    opdracht = Opdracht(soort=Logsoort.INZAGE, tot_en_met="2027-03", maanden=60)
    async with logboek.snapshot() as reader:
        assert [await reader.run(aantal(tabel)) for tabel in ("log_regel", "log_betrokkene")] == [6, 5]
        assert await logboek.transact(partial(maak_vooruit, nu=OVER_VIJF_JAAR)) == []
        step = await logboek.transact(partial(verval, opdracht=opdracht, nu=OVER_VIJF_JAAR))
        assert step.regels == 6
        assert await reader.run(aantal("log_regel")) == 6
    assert (await in_deel(logboek, "log_regel_2027_03"), await in_deel(logboek, "log_betrokkene_2027_03")) == (0, 0)
    assert (await logboek.transact(partial(verval, opdracht=opdracht, nu=OVER_VIJF_JAAR))).regels == 0
    with pytest.raises(DBAPIError):
        await in_deel(logboek, "log_regel_2027_03")  # empty by now, and gone with the next run
    assert len(await logboek.transact(partial(maak_vooruit, nu=OVER_VIJF_JAAR))) == 6


@OP_POSTGRESQL
async def test_a_question_about_a_month_looks_into_the_parts_of_that_month_only(logboek: Database, klok: StaandeKlok) -> None:
    await zorg_vooruit(logboek, klok)
    van, tot = grenzen("2027-04")
    who: dict[str, Any] = {"gemeente": UUID(int=3), "van": van, "tot": tot}
    questions: list[Callable[[Connection], object]] = [
        lambda c: zoek(c, Zoekvraag(**who, personen=(Onder(UUID(int=7)),))),
        lambda c: zoek(c, Zoekvraag(**who, gebruiker=UUID(int=5))),
        lambda c: onderzoek(c, Vraag(**who, regel=Lekregel(rol="REGISSEUR")), lambda deuren: ()),
    ]
    for ask in questions:
        async with logboek.snapshot() as snapshot:
            with opgenomen(logboek) as seen:
                await snapshot.run(ask)
            [one] = seen
            plan = await snapshot.run(lambda c: c.exec_driver_sql(f"EXPLAIN {one.statement}", one.parameters).scalars().all())  # noqa: B023 - called at once
        assert set(re.findall(r" on (log_\w+_(?:\d{4}_\d{2}|rest))\b", "\n".join(plan))) <= {"log_regel_2027_04", "log_betrokkene_2027_04"}
        assert "log_regel_2027_04" in str(plan)


@OP_POSTGRESQL
async def test_what_goes_wrong_for_another_reason_is_said(logboek: Database) -> None:
    def unknown(connection: Connection) -> Any:
        return maak(connection, "log_onbekend", "2027-03")

    with pytest.raises(DBAPIError):
        await logboek.transact(unknown)
