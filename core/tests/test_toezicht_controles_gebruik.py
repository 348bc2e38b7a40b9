"""Checks 3, 5 and 7: when and how much somebody looked, in which roles, and across two acts; what is usual is not found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel
from wijkwerk.testing.controles import Toezicht, deur
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.queryplannen import opgenomen, stappen
from wijkwerk.testing.wijk import BEGIN, OP_SQLITE, Wijk
from wijkwerk.toezicht.controles import lopen
from wijkwerk.toezicht.controles.lijst import CONTROLES, tel
from wijkwerk.toezicht.leesgedrag import leesgedrag

pytestmark = pytest.mark.anyio
DOSSIER = deur(Bron.DOSSIER)
MINUUT, DAG = timedelta(minutes=1), timedelta(days=1)
MAANDAG = datetime(2027, 3, 8, 9, tzinfo=UTC)


@pytest.fixture
async def log(wijk_vlug: Wijk) -> Toezicht:
    wijk_vlug.klok.moment = BEGIN + 39 * DAG
    return Toezicht(wijk_vlug)


async def schrijf(log: Toezicht, regels: list[Logregel]) -> None:
    await log.wijk.wijkwerk.journal.record(*regels)


async def test_looks_at_night_in_the_weekend_and_on_a_holiday_are_found_by_the_clock_of_amsterdam(log: Toezicht) -> None:
    persoon = await log.wijk.inwoner()
    stil = MAANDAG - DAG
    kijk: dict[datetime, bool] = {
        datetime(2027, 3, 26, 5, 59, tzinfo=UTC): True,  # Good Friday, and before seven in winter time
        datetime(2027, 3, 29, 10, tzinfo=UTC): True,  # Easter Monday
        datetime(2027, 3, 30, 4, 59, tzinfo=UTC): True,  # summer time: one minute to seven
        datetime(2027, 3, 30, 5, 0, tzinfo=UTC): False,
        datetime(2027, 3, 30, 16, 59, tzinfo=UTC): False,
        datetime(2027, 3, 30, 17, 0, tzinfo=UTC): True,
        datetime(2027, 3, 27, 10, tzinfo=UTC): True,  # Saturday
        datetime(2027, 3, 24, 17, 30, tzinfo=UTC): False,  # half past six in winter time
    }
    await schrijf(log, [await log.regel("WIJKTEAM", persoon, op=op, deuren=[DOSSIER]) for op in kijk])
    await schrijf(log, [await log.regel("INWONER", persoon, op=min(kijk) + MINUUT, deuren=[deur(Bron.EIGEN)])])
    found = await log.vind(3, "BUITEN_WERKTIJD", van=stil)
    assert [each.tijdstip for each in found] == sorted(op for op, buiten in kijk.items() if buiten)
    assert {(each.gebruiker, each.kenmerken) for each in found} == {(log.wijk.WIJKTEAM, ("WIJKTEAM",))}


async def test_a_peak_beside_ones_own_days_and_those_of_colleagues_and_searches_that_open_nobody_or_find_many(log: Toezicht) -> None:
    wijk = log.wijk
    personen = [await wijk.inwoner(f"Jansen{n}") for n in range(24)]
    regels = []
    for dag in range(3):
        for rol in ("WIJKTEAM", "REGISSEUR"):
            op = MAANDAG + dag * DAG
            regels += [await log.regel(rol, *personen[:2], op=op + n * MINUUT, deuren=[DOSSIER]) for n in range(3)]
    druk = MAANDAG + 3 * DAG
    regels += [await log.regel("WIJKTEAM", each, op=druk + n * MINUUT, deuren=[DOSSIER]) for n, each in enumerate(personen)]
    await schrijf(log, regels)
    [piek] = await log.vind(3, "PIEK", van=MAANDAG)
    assert (piek.gebruiker, piek.tijdstip) == (wijk.WIJKTEAM, datetime(2027, 3, 10, 23, tzinfo=UTC))
    assert piek.kenmerken == ("inwoners 24", "gewoon 2")
    collega = [await log.regel("WIJKTEAM", *personen, op=druk + n * DAG, deuren=[DOSSIER], gebruiker=wijk.ZORG) for n in range(3)]
    await schrijf(log, collega)
    assert await log.vind(3, "PIEK", van=MAANDAG) == []  # so it goes in this role
    zoek: dict[str, Any] = {"gebeurtenis": Gebeurtenis.ZOEKEN, "deuren": [DOSSIER]}
    begin = MAANDAG + 14 * DAG
    zoektochten = [
        await log.regel("REGISSEUR", *personen[:5], op=begin, **zoek),
        await log.regel("REGISSEUR", personen[4], op=begin + 14 * MINUUT, deuren=[DOSSIER]),
        await log.regel("REGISSEUR", *personen[:5], op=begin + 20 * MINUUT, **zoek),
        await log.regel("REGISSEUR", personen[9], op=begin + 21 * MINUUT, deuren=[DOSSIER]),
        await log.regel("REGISSEUR", personen[1], op=begin + 36 * MINUUT, deuren=[DOSSIER]),
        await log.regel("REGISSEUR", op=begin + 40 * MINUUT, **zoek),
        await log.regel("REGISSEUR", personen[1], op=begin + 50 * MINUUT, details={"doorzocht": 500}, **zoek),
        await log.regel("REGISSEUR", personen[2], op=begin + 90 * MINUUT, **zoek),
    ]
    await schrijf(log, zoektochten)
    tijd = [each.tijdstip for each in await log.vind(3, "ZOEKEN_ZONDER_OPENEN", van=begin)]
    assert tijd == [begin + 20 * MINUUT, begin + 50 * MINUUT, begin + 90 * MINUUT]
    assert len(await log.vind(3, "ZOEKEN_ZONDER_OPENEN", van=begin, tot=begin + 95 * MINUUT)) == 2  # it may still be opened
    assert [each.kenmerken for each in await log.vind(3, "BREED_ZOEKEN", van=begin)] == [("gevonden 1", "doorzocht 500")]


async def test_who_acts_after_the_end_of_employment_unused_accounts_and_roles_that_exclude_each_other_are_found(log: Toezicht) -> None:
    wijk = log.wijk
    persoon = await wijk.inwoner()
    a, laatste = Aanstelling.tabel(), date(2027, 3, 10)
    await wijk.change(a.update().where(a.c.gebruiker_id == wijk.DOCK).values(tot=laatste))
    for dag in (10, 11):
        for rol in ("DOCK", "WIJKTEAM"):
            await log.kijkt(rol, persoon, op=datetime(2027, 3, dag, 10, tzinfo=UTC), deuren=[DOSSIER])
    await log.kijkt("DOCK", persoon, op=datetime(2027, 3, 12, 10, tzinfo=UTC), actie=Actie.UPDATE, gebeurtenis=Gebeurtenis.WIJZIGEN)
    found = await log.vind(5, "NA_EINDE")
    assert [(each.gebruiker, each.kenmerken, (each.tijdstip or BEGIN).day) for each in found] == [
        (wijk.DOCK, ("DOCK",), 11), (wijk.DOCK, ("DOCK",), 12),
    ]  # fmt: skip
    stil = {each.gebruiker for each in await log.vind(5, "ONGEBRUIKT")}
    assert {wijk.REGISSEUR, wijk.FG, wijk.KLANTMANAGER} <= stil
    assert stil.isdisjoint({wijk.WIJKTEAM, wijk.DOCK})
    assert await log.vind(5, "ROLLEN_SAMEN") == []

    def erbij(c: Any) -> None:
        for rol, van, tot in (
            ("MZ_CONSULENT", date(2027, 3, 1), None), ("WIJKTEAM", date(2027, 1, 1), None), ("FG", date(2026, 1, 1), date(2027, 2, 1)),
        ):  # fmt: skip
            wijk.put(c, Aanstelling, gebruiker_id=wijk.KLANTMANAGER, organisatie_id=wijk.dock, naam="x", rol=rol, van=van, tot=tot)

    await wijk.wijkwerk.database.transact(erbij)
    samen = await log.vind(5, "ROLLEN_SAMEN")
    assert [(each.gebruiker, each.kenmerken) for each in samen] == [(wijk.KLANTMANAGER, ("KLANTMANAGER", "MZ_CONSULENT"))]


async def test_one_user_who_sees_a_resident_for_both_acts_is_found_where_the_second_comes_in(log: Toezicht) -> None:
    wijk = log.wijk
    een, twee = await wijk.inwoner(), await wijk.inwoner()
    uur = timedelta(hours=1)
    beide: dict[str, Any] = {"gebruiker": wijk.KLANTMANAGER, "deuren": [DOSSIER]}
    await log.kijkt("KLANTMANAGER", een, twee, op=MAANDAG, **beide)
    await log.kijkt("WIJKTEAM", een, op=MAANDAG + uur, deuren=[DOSSIER])
    await log.kijkt("DOCK", een, op=MAANDAG + 2 * uur, deuren=[DOSSIER])
    assert await log.vind(7) == []
    await log.kijkt("VRIJW_COORD", twee, op=MAANDAG + 3 * uur, **beide)
    await log.kijkt("WIJKTEAM", een, op=MAANDAG + 4 * uur, **beide)
    await log.kijkt("WIJKTEAM", een, twee, op=MAANDAG + 5 * uur, **beide)
    await log.kijkt("KLANTMANAGER", een, op=MAANDAG + 6 * uur, **beide)
    een_naam, twee_naam = log.namen[een], log.namen[twee]
    found = await log.vind(7)
    assert [(each.tijdstip, each.pseudoniemen) for each in found] == [(MAANDAG + 4 * uur, (een_naam,)), (MAANDAG + 5 * uur, (twee_naam,))]
    await log.kijkt("WIJKTEAM", op=MAANDAG + 7 * uur, doelen=("WMO_ONDERZOEK", "PW_UITVOERING"))
    [gemengd] = await log.vind(7, "DOELEN_GEMENGD")
    assert gemengd.kenmerken == ("PW", "WMO")


async def test_counting_all_checks_walks_the_log_in_pages_and_asks_no_more_for_more_residents(
    log: Toezicht, monkeypatch: pytest.MonkeyPatch
) -> None:
    wijk = log.wijk
    personen: list[UUID] = [await wijk.inwoner(f"Jansen{n}") for n in range(3)]
    van_gebruikers = [each for each in CONTROLES if each.nummer != 9]  # of which part a checkpoint may take away meanwhile

    async def aantal(regels: int, wie: list[UUID]) -> int:
        begin = MAANDAG + regels * DAG
        await schrijf(
            log, [await log.regel("WIJKTEAM", *wie, op=begin + n * MINUUT, deuren=[DOSSIER.betrokkenheid]) for n in range(regels)]
        )
        with count_statements(wijk.wijkwerk.database) as statements:
            await log.zie(lambda blik: tel(blik, van_gebruikers), van=begin, tot=begin + DAG)
        return len([each for each in statements if each.startswith("SELECT")])

    await aantal(2, personen[:1])  # the keys are known from here on
    weinig = await aantal(1, personen[:1])
    assert await aantal(3, personen) == weinig
    monkeypatch.setattr(lopen, "BLADZIJ", 2)
    assert weinig < await aantal(4, personen) <= weinig + 2 * 4 * 6


@OP_SQLITE  # on PostgreSQL the parts of the log are tables of their own, which `stappen` does not know
async def test_no_check_walks_the_log_whole(log: Toezicht) -> None:
    database, persoon = log.wijk.wijkwerk.database, await log.wijk.inwoner()
    await log.kijkt("WIJKTEAM", persoon, op=MAANDAG, deuren=[DOSSIER.betrokkenheid])
    with opgenomen(database) as vragen:
        await log.zie(lambda blik: (tel(blik), leesgedrag(blik)))
    plannen = [stap for vraag in {each.statement: each for each in vragen}.values() for stap in await stappen(database, vraag)]
    assert {"log_regel", "noodtoegang", "persoon"} <= {stap.tabel for stap in plannen}
    assert not [stap.tekst for stap in plannen if stap.heel and stap.tabel in ("log_regel", "log_betrokkene")]
