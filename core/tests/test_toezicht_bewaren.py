"""What is held of the log, by whom; and the planned work that destroys what may go, for the whole installation."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.log import retention
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Logsoort, Resultaat
from wijkwerk.log.export import export
from wijkwerk.log.tables import log_regel, log_vervallen
from wijkwerk.log.verify import verifieer
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.samenvoegingen import wacht_op_een_ander
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toezicht.bewaren import VERVALLEN, _om_de_beurt, houd_vast, laat_los, stap, termijnen, vast_vanaf
from wijkwerk.toezicht.logbewaring import Bewaarreden, Logbewaring

pytestmark = pytest.mark.anyio
OVER_VIJF_JAAR = datetime(2032, 4, 2, 9, tzinfo=UTC)


def vast(eerste: str = "2027-03", laatste: str = "2027-04", **more: Any) -> Any:
    """A unit: hold these months."""
    return lambda work: houd_vast(work, more.pop("reden", Bewaarreden.INZAGEVERZOEK), eerste, laatste, **more)


async def gevuld(wijk: Wijk) -> None:
    """Something in the log, of both kinds, under a checkpoint."""
    await wijk.inwoner()
    login = Gebeurtenis.AANMELDING_GESLAAGD
    await wijk.wijkwerk.journal.record(
        Logregel(gebeurtenis=login, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=wijk.klok.nu())
    )
    await wijk.wijkwerk.journal.checkpoint()


async def maanden(wijk: Wijk) -> dict[str, int]:
    rows = await wijk.rows(select(log_regel.c.periode))
    return {maand: sum(row.periode == maand for row in rows) for maand in {row.periode for row in rows}}


async def klopt(wijk: Wijk) -> None:
    file = io.StringIO()
    await export(wijk.wijkwerk.database, file)
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        identity = await snapshot.run(lambda connection: wijk.wijkwerk.keyring.signing_key(connection, "log"))
    assert verifieer(file.getvalue().encode().splitlines(), identity.public_key()).bevindingen == []


async def test_whichever_municipality_comes_first_destroys_what_may_go_and_the_next_finds_nothing(wijk: Wijk) -> None:
    await gevuld(wijk)
    await wijk.change(
        Organisatie.tabel().insert().values(
            id=wijk.buurstad, gemeente_id=wijk.buurgemeente, versie=1, naam="buur", soort=Organisatiesoort.GEMEENTE,
            verantwoordelijke_id=wijk.buurstad, openbaar=True,
        )
    )  # fmt: skip
    aantal = (await maanden(wijk))["2027-03"]
    wijk.klok.moment = OVER_VIJF_JAAR
    told: list[int] = []
    uitslag = await draai(wijk.wijkwerk, VERVALLEN, wijk.buurgemeente, "2032-04", lambda gedaan, _: told.append(gedaan))
    assert (uitslag.afloop, uitslag.gedaan, told[-1]) == (Afloop.KLAAR, aantal, aantal)
    assert set(await maanden(wijk)) == {"2032-04"}
    assert (await draai(wijk.wijkwerk, VERVALLEN, wijk.gemeente, "2032-04")).gedaan == 0
    gezegd = sorted(
        (each for each in await wijk.log() if each["gebeurtenis"] == "LOG_VERVALLEN"), key=lambda each: each["details"]["soort"]
    )
    assert [(each["details"]["soort"], each["details"]["totEnMet"], each["details"]["maanden"]) for each in gezegd] == [
        ("AANMELDING", "2027-03", 6), ("INZAGE", "2027-03", 60),
    ]  # fmt: skip
    assert {(each["actie"], each["rollen"][0], each["gemeente"]) for each in gezegd} == {("D", "JOBS", wijk.buurgemeente.hex)}
    assert sum(each["details"]["regels"] for each in gezegd) == aantal
    await klopt(wijk)
    with pytest.raises(GeenRecht):
        await wijk.schrijf("PRIVACY_OFFICER", lambda work: stap(work, "2032-04", None))


async def test_a_hold_from_long_before_there_was_any_log_stops_the_job_and_does_not_break_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await gevuld(wijk)
    for eerste in ("0000-01", "1874-12"):
        await refused(wijk, "PRIVACY_OFFICER", OngeldigeInvoer, vast(eerste), records=[Logbewaring])
    await wijk.schrijf("PRIVACY_OFFICER", vast("1875-01"))
    wijk.klok.moment = OVER_VIJF_JAAR
    uitslag = await draai(wijk.wijkwerk, VERVALLEN, wijk.gemeente, "2032-04")
    assert (uitslag.afloop, uitslag.gedaan) == (Afloop.KLAAR, 0)


async def test_what_is_held_stays_also_when_that_is_said_half_way(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MEESTE_REGELS", 1)
    for day in range(3):
        wijk.klok.moment = datetime(2027, 3 + day, 2, tzinfo=UTC)
        await gevuld(wijk)
    wijk.klok.moment = datetime(2032, 7, 2, tzinfo=UTC)
    plek: str | None = None
    while not (plek or "").startswith("INZAGE 2027-03"):  # a step of the job each time
        plek = (await wijk.schrijf(_jobs(wijk), partial(_stap, plek=plek))).plek
    id = await wijk.schrijf("PRIVACY_OFFICER", vast("2027-04", "2027-04", reden=Bewaarreden.KLACHT, kenmerk="Z-2032/0815"))
    left = await maanden(wijk)
    assert left["2027-04"] > 0
    while plek is not None:
        plek = (await wijk.schrijf(_jobs(wijk), partial(_stap, plek=plek))).plek
    after = await maanden(wijk)
    assert {each: after[each] for each in ("2027-04", "2027-05")} == {each: left[each] for each in ("2027-04", "2027-05")}
    assert "2027-03" not in after
    assert (await wijk.log())[-1]["details"]["tegengehoudenVanaf"] == "2027-04"
    wijk.klok.moment = datetime(2032, 8, 2, tzinfo=UTC)
    [[inzage, aanmelding]] = [await wijk.lees("FG", termijnen)]
    assert (inzage.soort, inzage.vervallen_tot_en_met, inzage.tegengehouden_vanaf) == (Logsoort.INZAGE, "2027-03", "2027-04")
    assert aanmelding.vervallen_tot_en_met == "2027-05"
    assert (await draai(wijk.wijkwerk, VERVALLEN, wijk.gemeente, "2032-07")).gedaan == 0
    await wijk.schrijf("PRIVACY_OFFICER", lambda work: laat_los(work, id, 1))
    assert (await draai(wijk.wijkwerk, VERVALLEN, wijk.gemeente, "2032-08")).gedaan > 0
    assert {"2027-04", "2027-05"}.isdisjoint(await maanden(wijk))
    await klopt(wijk)


def _stap(work: Work, plek: str | None) -> Any:
    return stap(work, "2032-07", plek)


def _jobs(wijk: Wijk) -> Any:
    return wijk.actor("JOBS")


async def test_who_holds_waits_for_a_step_that_is_under_way(wijk: Wijk) -> None:
    def step(connection: Connection) -> str | None:
        _om_de_beurt(connection)
        wacht_op_een_ander(connection)
        return vast_vanaf(connection, wijk.klok.nu())

    async def hold() -> None:
        await wijk.schrijf("PRIVACY_OFFICER", vast())

    found, _ = await asyncio.gather(wijk.wijkwerk.database.transact(step), hold())
    assert found is None
    assert [row.eerste_maand for row in await wijk.rows(select(Logbewaring.tabel()))] == ["2027-03"]


async def test_only_the_privacy_officer_holds_and_ends_it_once(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    for rol in ("FG", "BEHEER", "WIJKTEAM", "JOBS"):
        await refused(wijk, rol, GeenRecht, vast(), records=(Logbewaring,))
    for eerste, laatste in (("2027-04", "2027-03"), ("2027-4", "2027-05"), ("2027-04", ""), ("", ""), ("2027-13", "2028-01")):
        await refused(wijk, "PRIVACY_OFFICER", OngeldigeInvoer, vast(eerste, laatste), records=(Logbewaring,))
    for kenmerk in ("Mevrouw Moulin", "999990019", "x" * 41):
        await refused(wijk, "PRIVACY_OFFICER", OngeldigeInvoer, vast(kenmerk=kenmerk), records=(Logbewaring,))
    id = await wijk.schrijf("PRIVACY_OFFICER", vast(kenmerk="Z-1"))
    said = (await wijk.log())[-1]
    assert (said["gebeurtenis"], said["details"]["maanden"]) == ("LOG_VASTGEHOUDEN", "2027-03/2027-04")
    for rol, error, which, versie in (
        ("FG", GeenRecht, id, 1), ("PRIVACY_OFFICER", VersieVerouderd, id, 2), ("PRIVACY_OFFICER", NietGevonden, nieuw_id(), 1),
    ):  # fmt: skip
        await refused(wijk, rol, error, partial(_los, id=which, versie=versie), records=(Logbewaring,))
    await wijk.schrijf("PRIVACY_OFFICER", partial(_los, id=id, versie=1))
    await refused(wijk, "PRIVACY_OFFICER", OngeldigeInvoer, partial(_los, id=id, versie=2), records=(Logbewaring,))
    assert (await wijk.log())[-2]["details"] == {"bewaring": id.hex, "beeindigd": "ja"}
    assert await wijk.lees("ARCHIVARIS", lambda reader: [each.tegengehouden_vanaf for each in termijnen(reader)]) == [None, None]
    with pytest.raises(GeenRecht):
        await wijk.lees("WIJKTEAM", _termijnen)
    assert await wijk.rows(select(log_vervallen)) == []


def _los(work: Work, id: Any, versie: int) -> Any:
    return laat_los(work, id, versie)


def _termijnen(reader: Reader) -> Any:
    return termijnen(reader)
