"""What a client sends twice under one number is done once and answered the same (design.md 8)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.errors import GeenRecht, InzendingAnders, InzendingGedaan, OngeldigeInvoer
from wijkwerk.inzendingen import BEWAAR_DAGEN, OPRUIMJOB, STAP, eenmalig, inzending, ruim_op
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.samenvoegingen import wacht_op_een_ander
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
TEKST = "Mevrouw wil hulp bij de was"


class Kast:
    """A resident and a case, and notes that are sent about them."""

    def __init__(self, wijk: Wijk, persoon: UUID, dossier: UUID) -> None:
        self.wijk, self.persoon, self.dossier = wijk, persoon, dossier
        self.gedaan = 0

    @classmethod
    async def in_wijk(cls, wijk: Wijk) -> Kast:
        persoon = await wijk.inwoner()
        return cls(wijk, persoon, await wijk.dossier(persoon))

    def unit(self, nummer: UUID | None, tekst: str = TEKST, *, wijziging: str = "schrijven") -> Callable[[Work], UUID]:
        """Write a note, once."""

        def doe(work: Work) -> UUID:
            self.gedaan += 1
            return schrijf(work, self.dossier, self.persoon, Notitiesoort.CONTACTVERSLAG, verteld(tekst))

        return lambda work: eenmalig(work, nummer, wijziging, tekst.encode(), lambda: doe(work), leest=Notitie)

    async def stuur(self, rol: str | Actor, *args: Any, **rest: Any) -> UUID:
        return await self.wijk.schrijf(rol, self.unit(*args, **rest))

    async def geteld(self) -> tuple[int, ...]:
        """How many notes, versions of them and numbers there are."""
        return tuple([len(await self.wijk.rows(select(table))) for table in (Notitie.tabel(), Notitieversie.tabel(), inzending)])


@pytest.fixture
async def kast(wijk_vlug: Wijk) -> Kast:
    return await Kast.in_wijk(wijk_vlug)


async def test_sent_again_it_is_not_done_again_and_gives_the_same(kast: Kast) -> None:
    nummer = nieuw_id()
    first = await kast.stuur("WIJKTEAM", nummer)
    kast.wijk.klok.moment += timedelta(days=BEWAAR_DAGEN)
    assert [await kast.stuur("WIJKTEAM", nummer) for _ in range(3)] == [first] * 3
    assert (kast.gedaan, await kast.geteld()) == (1, (1, 1, 1))
    assert await kast.stuur("WIJKTEAM", nieuw_id()) != first
    assert (kast.gedaan, await kast.geteld()) == (2, (2, 2, 2))


async def test_without_a_number_it_is_done_each_time_and_nothing_is_kept(kast: Kast) -> None:
    assert await kast.stuur("WIJKTEAM", None) != await kast.stuur("WIJKTEAM", None)
    assert await kast.geteld() == (2, 2, 0)


async def test_a_number_that_was_used_for_anything_else_is_refused_and_nothing_happens(kast: Kast) -> None:
    nummer = nieuw_id()
    await kast.stuur("WIJKTEAM", nummer)
    kept = await kast.wijk.rows(select(inzending))
    for unit in (kast.unit(nummer, TEKST + " "), kast.unit(nummer, wijziging="verbeteren")):
        error = await refused(kast.wijk, "WIJKTEAM", InzendingAnders, unit, records=(Notitie, Notitieversie))
        assert (error.code, error.veld) == ("INZENDING_ANDERS", "inzending")
        assert TEKST not in error.melding
        assert str(nummer) not in error.melding
    assert (kast.gedaan, await kast.wijk.rows(select(inzending))) == (1, kept)
    assert [regel["code"] for regel in await kast.wijk.log() if regel["resultaat"] == "GEWEIGERD"] == ["INZENDING_ANDERS"] * 2


async def test_numbers_are_of_one_user_and_somebody_elses_are_never_met(kast: Kast) -> None:
    nummer = nieuw_id()
    first = await kast.stuur("WIJKTEAM", nummer)
    assert await kast.stuur("REGISSEUR", nummer, "Heel iets anders") != first
    assert await kast.geteld() == (2, 2, 2)


async def test_what_failed_is_not_kept_so_the_same_number_can_be_sent_again(kast: Kast) -> None:
    nummer = nieuw_id()
    for tekst in ("", "x\x00y"):
        with pytest.raises(OngeldigeInvoer):
            await kast.stuur("WIJKTEAM", nummer, tekst)
    assert await kast.geteld() == (0, 0, 0)
    await kast.stuur("WIJKTEAM", nummer)
    assert await kast.geteld() == (1, 1, 1)


async def test_who_may_not_see_any_more_what_came_of_it_is_told_that_it_was_done(kast: Kast) -> None:
    nummer = nieuw_id()
    first, wijk = await kast.stuur("WIJKTEAM", nummer), kast.wijk
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.gemeente_id == wijk.gemeente).values(tot=wijk.klok.moment))
    await refused(wijk, "WIJKTEAM", InzendingGedaan, kast.unit(nummer), records=(Notitie, Notitieversie))
    assert (kast.gedaan, await kast.geteld()) == (1, (1, 1, 1))
    failed = (await wijk.log())[-1]
    assert (failed["resultaat"], failed["code"], len(failed["gevraagd"])) == ("GEWEIGERD", "INZENDING_GEDAAN", 1)
    assert first.hex not in str(failed)
    no_right = replace(wijk.actor("WIJKTEAM"), rechten=frozenset())
    await refused(wijk, no_right, GeenRecht, kast.unit(nummer), records=(Notitie,))


async def test_of_a_repeat_the_log_says_that_it_was_a_read_and_by_whom_of_whom(kast: Kast) -> None:
    nummer = nieuw_id()
    await kast.stuur("WIJKTEAM", nummer)
    before = len(await kast.wijk.log())
    await kast.stuur("WIJKTEAM", nummer)
    [regel] = (await kast.wijk.log())[before:]
    assert (regel["gebeurtenis"], regel["actie"], regel["resultaat"]) == ("LEZEN", "R", "GESLAAGD")
    assert regel["details"] == {"inzending": "herhaald"}
    assert [part[0] for one in regel["betrokkenen"] for part in one["getoond"]] == ["Notitie"]
    assert [part[2] for one in regel["betrokkenen"] for part in one["getoond"]] == [[]]
    written = (await kast.wijk.log())[before - 1]
    assert (written["gebeurtenis"], written["actie"], "inzending" in written.get("details", {})) == ("AANMAKEN", "C", False)


async def test_what_is_kept_holds_nothing_of_what_was_sent_and_the_same_text_does_not_look_the_same(kast: Kast) -> None:
    for _ in range(2):
        await kast.stuur("WIJKTEAM", nieuw_id())
    rows = await kast.wijk.rows(select(inzending))
    assert len({row.afdruk for row in rows}) == 2
    assert {len(row.afdruk) for row in rows} == {16}
    assert TEKST not in str(rows)
    assert {row.wijziging for row in rows} == {"schrijven"}


async def test_where_nothing_is_read_back_the_id_is_given_as_it_was(kast: Kast) -> None:
    nummer, gone = nieuw_id(), nieuw_id()
    for _ in range(2):
        assert await kast.wijk.schrijf("WIJKTEAM", lambda work: eenmalig(work, nummer, "weg", b"", lambda: gone)) == gone
    assert await kast.geteld() == (0, 0, 1)


@pytest.mark.parametrize("fout", [None, OngeldigeInvoer()], ids=["gaat goed", "gaat mis"])
async def test_of_many_at_once_one_is_done_and_the_others_wait_for_it(wijk: Wijk, fout: Exception | None) -> None:
    kast, nummer = await Kast.in_wijk(wijk), nieuw_id()
    loop, begonnen = asyncio.get_running_loop(), asyncio.Event()

    def first(work: Work) -> UUID:
        def doe() -> UUID:
            made = kast.unit(None)(work)
            work.flush()
            loop.call_soon_threadsafe(begonnen.set)
            wacht_op_een_ander(work.core_connection)
            if fout is not None:
                raise fout
            return made

        return eenmalig(work, nummer, "schrijven", TEKST.encode(), doe, leest=Notitie)

    begun = asyncio.ensure_future(wijk.schrijf("WIJKTEAM", first))
    await begonnen.wait()
    one, *others = await asyncio.gather(begun, *[kast.stuur("WIJKTEAM", nummer) for _ in range(8)], return_exceptions=True)
    assert len(set(others)) == 1
    assert one is fout if fout else one == others[0]
    # the others wait for the first; when that one failed the next of them is done, and only that one
    assert (kast.gedaan, await kast.geteld()) == (2 if fout else 1, (1, 1, 1))


async def test_after_thirty_days_the_job_forgets_the_numbers_step_by_step(kast: Kast, monkeypatch: pytest.MonkeyPatch) -> None:
    wijk, old = kast.wijk, [nieuw_id() for _ in range(5)]
    for nummer in old:
        await kast.stuur("WIJKTEAM", nummer)
    wijk.klok.moment += timedelta(days=BEWAAR_DAGEN)
    await kast.stuur("WIJKTEAM", young := nieuw_id())
    monkeypatch.setattr("wijkwerk.inzendingen.STAP", 2)
    assert (await draai(wijk.wijkwerk, OPRUIMJOB, wijk.gemeente, "2027-03-31")).afloop is Afloop.KLAAR
    assert {row.nummer for row in await wijk.rows(select(inzending))} == {young}
    assert STAP >= 1_000
    with pytest.raises(GeenRecht):
        await wijk.schrijf("BEHEER", lambda work: ruim_op(work, "2027-04-01", None))
    assert await kast.geteld() == (6, 6, 1)
