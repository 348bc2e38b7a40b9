"""Planned work runs once for each period, goes on where it stopped, and leaves nothing of a step that failed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Date, Table, delete, insert, select, update
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.errors import OngeldigeInvoer, OpstartFout, WijkwerkError
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.jobs import draaien
from wijkwerk.jobs.draaien import Afloop, Uitslag, draai
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.loop import Jobloop, Loopstatus
from wijkwerk.jobs.overzicht import te_doen
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.organisaties import Organisatie
from wijkwerk.plugins import Plugins
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.declare import OpenRecord, Retention
from wijkwerk.records.fields import field
from wijkwerk.records.session import Work
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
DAG, L = "2027-03-01", Jobloop.tabel()
PER_STAP, AANTAL = 2, 7


class Folder(OpenRecord):
    """Een folder die een plugin bewaart, en na een jaar weggooit."""

    owner = "folders"
    lezen = Permission("folders:lezen", "Folders zien.", ("WIJKTEAM", "JOBS"))
    schrijven = Permission("folders:schrijven", "Folders opruimen.", ("JOBS",))
    retention = Retention("eigen", "P1Y", "van")
    van: Mapped[date] = field("Wanneer de folder kwam", level=N1, type_=Date)


def ruim_op(work: Work, periode: str, plek: str | None) -> Stand:
    """As `jobs/job.py` shows it: a bounded part, and where to go on."""
    rows = work.reader.page(Folder, ("van",), order=("van",), first=PER_STAP).rows
    oud = [row.id for row in rows if row.van < eerste_dag(periode)]
    for id in oud:
        work.delete(work.get(Folder, id))
    return Stand("verder" if len(oud) == PER_STAP else None, gedaan=len(oud))


OPRUIMEN = Job("folders-opruimen", "Oude folders weggooien", Per.DAG, ruim_op)


def plugin(*jobs: Job) -> Any:
    info = PluginInfo("folders", "Folders.", "1.0")
    declared = Declaraties(records=(Folder,), jobs=jobs)
    return SimpleNamespace(__name__="wijkwerk_folders", plugin_info=hookimpl(lambda: info), declaraties=hookimpl(lambda: declared))


class Teller:
    """A job of `AANTAL` steps, each of which puts a folder in. `fouten`: what a step raises, once."""

    def __init__(self, per: Per = Per.DAG) -> None:
        self.stappen: list[int] = []
        self.fouten: dict[int, Exception] = {}
        self.tussendoor: Callable[[Work, int], None] = lambda work, at: None
        self.job = Job("tellen", "Tellen", per, self.stap)

    def stap(self, work: Work, periode: str, plek: str | None) -> Stand:
        at = int(plek or 0)
        self.stappen.append(at)
        work.add(Folder(van=date(2020, 1, 1) + timedelta(days=at), openbaar=True))
        work.flush()
        self.tussendoor(work, at)
        if at in self.fouten:
            raise self.fouten.pop(at)
        return Stand(None if at + 1 == AANTAL else str(at + 1), gedaan=1, totaal=AANTAL)


@pytest.fixture
def plugins() -> list[Any]:
    return [plugin(OPRUIMEN)]


@pytest.fixture
async def stad(wijk_vlug: Wijk) -> Wijk:
    return await met_folders(wijk_vlug)


async def met_folders(wijk: Wijk) -> Wijk:
    table: Table = Folder.tabel()
    await wijk.wijkwerk.database.administer(lambda connection: table.create(connection))
    return wijk


@pytest.fixture
async def tegelijk(wijk: Wijk) -> Wijk:
    """With real commits, on both engines."""
    return await met_folders(wijk)


async def start(wijk: Wijk, job: Job, periode: str = DAG, **more: Any) -> Uitslag:
    return await draai(wijk.wijkwerk, job, wijk.gemeente, periode, **more)


async def folders(wijk: Wijk) -> list[int]:
    """Which steps left something, each as often as it did."""
    f = Folder.tabel()
    return [(row.van - date(2020, 1, 1)).days for row in await wijk.rows(select(f.c.van).order_by(f.c.van))]


async def loop(wijk: Wijk) -> Any:
    [row] = await wijk.rows(select(L))
    return row


async def test_a_plugin_declares_a_job_that_runs_as_the_system_once_per_period(stad: Wijk) -> None:
    for days in (400, 300, 200, -5):
        await stad.change(
            insert(Folder.tabel()).values(
                id=UUID(int=days + 10), gemeente_id=stad.gemeente, versie=1, verantwoordelijke_id=stad.stad, openbaar=True,
                van=date(2027, 3, 1) - timedelta(days=days),
            )
        )  # fmt: skip
    job = stad.wijkwerk.catalogue.jobs["folders-opruimen"]
    told: list[tuple[int, int | None]] = []
    assert await start(stad, job, voortgang=lambda gedaan, totaal: told.append((gedaan, totaal))) == Uitslag(Afloop.KLAAR, 3)
    assert told == [(2, None), (3, None)]
    assert len(await stad.rows(select(Folder.tabel()))) == 1
    assert await start(stad, job) == Uitslag(Afloop.WAS_KLAAR, 3)
    row = await loop(stad)
    assert (row.status, row.pogingen, row.gedaan, row.plek, row.eigenaar) == (Loopstatus.KLAAR, 1, 3, None, None)
    regels = [regel for regel in await stad.log() if regel["onderdeel"] == "job:folders-opruimen"]
    assert [(regel["activiteit"], regel["rollen"]) for regel in regels] == [("GEPLAND_WERK", ["JOBS"])] * 3
    [wie] = await stad.rows(select(Gebruiker.tabel().c.naam).where(Gebruiker.tabel().c.id == UUID(regels[0]["gebruiker"])))
    assert wie.naam == "Gepland werk (systeem)"


@pytest.mark.parametrize("stap", [0, 1, AANTAL - 1])
async def test_a_step_that_fails_leaves_nothing_and_the_next_run_goes_on_there(stad: Wijk, stap: int) -> None:
    teller = Teller()
    teller.fouten = {stap: RuntimeError("Suzanne Moulin")}
    assert await start(stad, teller.job) == Uitslag(Afloop.MISLUKT, stap, AANTAL if stap else None, "INTERNE_FOUT")
    assert await folders(stad) == list(range(stap))
    row = await loop(stad)
    assert (row.status, row.foutcode, row.eigenaar, row.gedaan) == (Loopstatus.MISLUKT, "INTERNE_FOUT", None, stap)
    assert "Suzanne" not in repr(row) + repr(await stad.log())
    async with stad.wijkwerk.database.snapshot() as snapshot:
        assert await snapshot.run(lambda connection: te_doen(connection, stad.gemeente, teller.job, date(2027, 3, 2))) == [
            DAG,
            "2027-03-02",
        ]
    assert await start(stad, teller.job) == Uitslag(Afloop.KLAAR, AANTAL, AANTAL)
    assert await folders(stad) == list(range(AANTAL))
    assert teller.stappen == [*range(stap + 1), *range(stap, AANTAL)]
    row = await loop(stad)
    assert (row.status, row.foutcode, row.pogingen) == (Loopstatus.KLAAR, None, 2)


async def test_administrators_are_told_of_a_failure_once_until_it_fails_otherwise(stad: Wijk) -> None:
    n, teller = Notificatie.tabel(), Teller()
    for fout, told in ((RuntimeError("Moulin"), 1), (RuntimeError(), 1), (OngeldigeInvoer("Moulin"), 2)):
        teller.fouten = {1: fout}
        assert (await start(stad, teller.job)).afloop is Afloop.MISLUKT
        found = await stad.rows(select(n.c.partij_id, n.c.soort, n.c.over_soort, n.c.over_id))
        assert [tuple(row) for row in found] == [(stad.BEHEER, "JOB_MISLUKT", "Jobloop", (await loop(stad)).id)] * told
    assert (await start(stad, teller.job)).afloop is Afloop.KLAAR
    assert len(await stad.rows(select(n.c.id))) == 2


async def test_each_period_and_each_municipality_has_its_own_run(stad: Wijk) -> None:
    teller = Teller()
    for periode in (DAG, "2027-02-28", DAG):
        await start(stad, teller.job, periode)
    assert await folders(stad) == sorted([*range(AANTAL)] * 2)
    await stad.change(
        insert(Organisatie.tabel()).values(
            id=stad.buurstad, gemeente_id=stad.buurgemeente, versie=1, verantwoordelijke_id=stad.buurstad, openbaar=True, naam="buren",
            soort="GEMEENTE",
        )
    )  # fmt: skip
    assert (await draai(stad.wijkwerk, teller.job, stad.buurgemeente, DAG)).afloop is Afloop.KLAAR
    assert len(await stad.rows(select(L))) == 3


async def test_a_period_to_come_and_a_municipality_without_an_organisation_are_refused_and_nothing_is_begun(stad: Wijk) -> None:
    teller = Teller()
    for periode in ("2027-03-02", "2027-03", "nu"):
        with pytest.raises(OngeldigeInvoer):
            await start(stad, teller.job, periode)
    with pytest.raises(OngeldigeInvoer, match="geen eigen organisatie"):
        await draai(stad.wijkwerk, teller.job, stad.buurgemeente, DAG)
    assert (teller.stappen, await stad.rows(select(L)), await folders(stad)) == ([], [], [])


async def test_a_conflict_with_somebody_at_work_is_tried_again_within_the_run(stad: Wijk) -> None:
    from wijkwerk.errors import VersieVerouderd

    teller = Teller()
    teller.fouten = {2: VersieVerouderd()}
    assert (await start(stad, teller.job)).afloop is Afloop.KLAAR
    assert await folders(stad) == list(range(AANTAL))
    assert (await loop(stad)).pogingen == 1


async def test_a_job_that_stands_still_is_stopped_and_one_that_works_at_one_place_is_not(stad: Wijk) -> None:
    rest = [25]

    def telkens(work: Work, periode: str, plek: str | None) -> Stand:
        rest[0] -= 1
        return Stand("hier" if rest[0] else None, gedaan=1)

    assert await start(stad, Job("werkt", "Werkt", Per.DAG, telkens)) == Uitslag(Afloop.KLAAR, 25)

    beurten: list[str | None] = []

    def heen_en_weer(work: Work, periode: str, plek: str | None) -> Stand:
        beurten.append(plek)
        return Stand("a" if plek == "b" else "b")

    assert (await start(stad, Job("stil", "Stil", Per.DAG, heen_en_weer))).code == "JOB_STAAT_STIL"
    assert len(beurten) <= 2 * draaien.MEESTE_STILSTAND + 1


@pytest.mark.parametrize("antwoord", [None, "klaar", lambda: Stand("x" * 201), lambda: Stand("x", gedaan=-1)], ids=range(4))
async def test_a_step_with_a_wrong_answer_fails_and_leaves_nothing(stad: Wijk, antwoord: Any) -> None:
    def stap(work: Work, periode: str, plek: str | None) -> Stand:
        work.add(Folder(van=date(2020, 1, 1), openbaar=True))
        found: Stand = antwoord() if callable(antwoord) else antwoord
        return found

    assert (await start(stad, Job("fout", "Fout", Per.DAG, stap))).afloop is Afloop.MISLUKT
    assert await folders(stad) == []


async def test_what_the_role_may_not_write_no_job_writes(stad: Wijk) -> None:
    def stap(work: Work, periode: str, plek: str | None) -> Stand:
        work.add(Folder(van=date(2020, 1, 1), openbaar=True))
        work.add(Organisatie(naam="Van het werk", soort="OVERIG"))
        return Stand(None)

    before = await stad.rows(select(Organisatie.tabel()))
    assert (await start(stad, Job("teveel", "Te veel", Per.DAG, stap))).code == "GEEN_RECHT"
    assert (await folders(stad), await stad.rows(select(Organisatie.tabel()))) == ([], before)


async def test_without_the_log_nothing_is_done(stad: Wijk) -> None:
    teller = Teller()

    def breek(work: Work, at: int) -> None:
        if at == 2:
            work.core_connection.exec_driver_sql("ALTER TABLE log_regel RENAME TO weg")

    teller.tussendoor = breek
    before = len(await stad.log())
    uitslag = await start(stad, teller.job)
    assert (uitslag.afloop, uitslag.code) == (Afloop.MISLUKT, "LOG_NIET_BESCHIKBAAR")
    assert await folders(stad) == [0, 1]
    assert len(await stad.log()) > before


async def test_two_processes_at_once_do_each_step_once(tegelijk: Wijk) -> None:
    teller = Teller()
    uitslagen = await asyncio.gather(*(start(tegelijk, teller.job) for _ in range(4)))
    assert sorted({uitslag.afloop for uitslag in uitslagen}) == [Afloop.KLAAR, Afloop.LOOPT_AL]
    assert [uitslag.afloop for uitslag in uitslagen].count(Afloop.KLAAR) == 1
    assert (await folders(tegelijk), teller.stappen) == ([*range(AANTAL)], [*range(AANTAL)])
    assert (await loop(tegelijk)).pogingen == 1


@pytest.fixture
def na_twee(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Awaitable[object]]], None]:
    """Let something happen between the second and the third step."""

    def plan(wat: Callable[[], Awaitable[object]]) -> None:
        turns = iter([None, wat])

        async def tussen(_: Any) -> None:
            if (happens := next(turns, None)) is not None:
                await happens()

        monkeypatch.setattr(draaien, "laat_voorgaan", tussen)

    return plan


async def test_who_lost_the_lease_commits_nothing_and_says_so(tegelijk: Wijk, na_twee: Any) -> None:
    """The first process hangs between two steps, until the other one has finished all of it."""
    teller, anderen = Teller(), []

    async def ander() -> None:
        tegelijk.klok.moment += timedelta(seconds=tegelijk.wijkwerk.settings.jobs.lease)
        anderen.append(await start(tegelijk, teller.job))

    na_twee(ander)
    assert await start(tegelijk, teller.job) == Uitslag(Afloop.OVERGENOMEN)
    assert anderen == [Uitslag(Afloop.KLAAR, AANTAL, AANTAL)]
    assert (await folders(tegelijk), teller.stappen) == ([*range(AANTAL)], [*range(AANTAL)])
    assert (await loop(tegelijk)).pogingen == 2


async def test_a_run_is_taken_over_when_its_lease_is_over_and_not_a_moment_before(stad: Wijk) -> None:
    teller = Teller()
    teller.fouten = {3: RuntimeError()}
    await start(stad, teller.job)
    nu = stad.klok.nu()
    killed = {"status": Loopstatus.BEZIG, "eigenaar": UUID(int=1), "geldig_tot": nu + timedelta(seconds=300)}
    await stad.change(update(L).values(**killed))
    stad.klok.moment = nu + timedelta(seconds=299)
    assert await start(stad, teller.job) == Uitslag(Afloop.LOOPT_AL, 3, AANTAL)
    assert await folders(stad) == [0, 1, 2]
    stad.klok.moment = nu + timedelta(seconds=300)
    assert (await start(stad, teller.job)).afloop is Afloop.KLAAR
    assert await folders(stad) == list(range(AANTAL))


@pytest.mark.parametrize("lost", [{"eigenaar": UUID(int=1)}, {"status": Loopstatus.KLAAR}, None], ids=["taken", "done", "gone"])
async def test_a_step_of_a_run_that_is_no_longer_ours_is_rolled_back(stad: Wijk, na_twee: Any, lost: dict[str, Any] | None) -> None:
    """Taken over between two steps, by who did not wait for the lease: clocks need not agree for nothing to be done twice."""
    teller = Teller()
    na_twee(lambda: stad.change(delete(L) if lost is None else update(L).values(**lost)))
    assert (await start(stad, teller.job)).afloop is Afloop.OVERGENOMEN
    assert (await folders(stad), teller.stappen) == ([0, 1], [0, 1])
    codes = Counter(regel.get("code") for regel in await stad.log() if regel["onderdeel"] == "job:tellen")
    assert codes == {None: 3, "BEURT_KWIJT": 1}


async def test_who_is_cancelled_gives_the_run_back_at_once(tegelijk: Wijk) -> None:
    teller = Teller()
    task: asyncio.Task[Uitslag]

    def stop(gedaan: int, totaal: int | None) -> None:
        if gedaan == 3:
            task.cancel()

    task = asyncio.get_running_loop().create_task(start(tegelijk, teller.job, voortgang=stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    row = await loop(tegelijk)
    assert (row.status, row.eigenaar, row.plek) == (Loopstatus.BEZIG, None, str(row.gedaan))
    assert (await start(tegelijk, teller.job)).afloop is Afloop.KLAAR
    assert await folders(tegelijk) == list(range(AANTAL))


def test_two_plugins_with_one_name_of_a_job_stop_the_start_and_so_does_a_bad_name(tmp_path: Any) -> None:
    from wijkwerk.app import Wijkwerk
    from wijkwerk.settings import Settings

    ander = Job("folders-opruimen", "Iets anders", Per.WEEK, ruim_op)
    with pytest.raises(OpstartFout, match=r"job 'folders-opruimen' is twee keer aangegeven"):
        Wijkwerk(Settings(map=tmp_path), [plugin(OPRUIMEN, ander)])
    for naam in ("", "Hoofdletter", "met spatie", "x" * 61, "1eerst"):
        with pytest.raises(ValueError, match="name of a job"):
            Job(naam, "Werk", Per.DAG, ruim_op)
    assert Plugins([plugin(OPRUIMEN)]).infos["folders"]
    assert issubclass(draaien.StaatStil, WijkwerkError)
