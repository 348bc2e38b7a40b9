"""The outbox is delivered: every mail ends in exactly one state, at least once with the same Message-ID, and never unlogged."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, LogNietBeschikbaar
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.personen import Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.claim import Oordeel, Teken, bekijk, claim, eind, later
from wijkwerk.post.namens import Namens
from wijkwerk.post.smtp_verbinding import Onbereikbaar
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.taak import Taak
from wijkwerk.testing.mailserver import VERBREEK, Proefserver, Stap
from wijkwerk.testing.postkamer import RETOUR, adres, bezorger, reis, rijen, rondes, zet_klaar
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
WACHT, VERZONDEN, GEWEIGERD = Verzendstatus.WACHT, Verzendstatus.VERZONDEN, Verzendstatus.GEWEIGERD


async def taken(wijk: Wijk) -> list[Any]:
    """The tasks that were made of mail that did not arrive."""
    t = Taak.tabel()
    return list(await wijk.rows(select(t).where(t.c.soort == "BERICHT_MISLUKT").order_by(t.c.id)))


async def test_each_mail_is_sent_once_named_in_the_log_and_gone_from_the_outbox(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 3)
    with Proefserver(tmp_path).draai() as server:
        one = bezorger(wijk, server)
        assert (await rondes(one), await rondes(one)) == (3, 0)
    rows = await rijen(wijk, ids)
    assert [(row.status, row.pogingen, row.antwoord, row.inhoud, row.eigenaar) for row in rows] == [
        (VERZONDEN, 1, "250/2.0.0", None, None)
    ] * 3
    assert [(got.message_id, got.aan, RETOUR.lees(got.van)) for got in server.ontvangen] == [
        (row.message_id, adres(nummer), row.id) for nummer, row in enumerate(rows)
    ]
    assert len(server.sessies) == 1
    [entry] = [regel for regel in await wijk.log() if regel["gebeurtenis"] == "VERZENDEN"]
    personen = [row[0] for row in await wijk.rows(select(Bericht.tabel().c.persoon_id))]
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        known = await snapshot.run(lambda connection: pseudoniemen(connection, wijk.gemeente, personen))
    assert {one["ref"] for one in entry["betrokkenen"]} == {known[persoon].hex for persoon in personen}
    assert (entry["activiteit"], entry["rollen"], entry["onderdeel"]) == ("GEPLAND_WERK", ["JOBS"], "post:bezorgen")


async def test_without_a_log_nothing_leaves_and_everything_waits(wijk_vlug: Wijk, tmp_path: Path) -> None:
    ids = await zet_klaar(wijk_vlug, 2)
    with Proefserver(tmp_path).draai() as server:
        one = bezorger(wijk_vlug, server)
        await Namens.in_gemeente(wijk_vlug.wijkwerk, wijk_vlug.gemeente)
        before = await rijen(wijk_vlug, ids)
        await wijk_vlug.wijkwerk.journal.close()
        with pytest.raises(LogNietBeschikbaar):
            await one.ronde()
        assert (server.sessies, await rijen(wijk_vlug, ids)) == (set(), before)
        await wijk_vlug.wijkwerk.journal.open()
        assert await rondes(one) == 2


async def test_later_means_later_twice_as_long_each_time_and_never_too_late(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, [id] = wijk_vlug, await zet_klaar(wijk_vlug)
    with Proefserver(tmp_path, gedrag=lambda stap: "450 4.2.0 Straks" if stap.wat == "RCPT" else None).draai() as server:
        one, waits = bezorger(wijk, server), []
        while (row := (await rijen(wijk, [id]))[0]).status is WACHT:
            reis(wijk, seconds=max(0.0, (row.volgende_poging_op - wijk.klok.moment).total_seconds()))
            moment = wijk.klok.moment
            assert await one.ronde() == 1
            assert await one.ronde() == 0
            [after] = await rijen(wijk, [id])
            if after.status is WACHT:
                assert (after.pogingen, after.antwoord, after.eigenaar) == (row.pogingen + 1, "450/4.2.0", None)
                waits.append((after.volgende_poging_op - moment) / timedelta(minutes=1))
        await one.sluit()
    assert all(0.79 <= wait / min(2**number, 240) <= 1.21 for number, wait in enumerate(waits))
    assert len(waits) > 15
    assert (row.status, row.inhoud) == (Verzendstatus.VERLOPEN, None)
    assert wijk.klok.moment < row.verloopt_op < wijk.klok.moment + timedelta(hours=5)
    assert len(await taken(wijk)) == 1


async def test_greylisted_and_then_taken(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 2)
    grey = lambda stap: "451 4.7.1 Grijs" if stap.wat == "RCPT" and stap.aan == adres(0) and stap.keer == 0 else None  # noqa: E731
    with Proefserver(tmp_path, gedrag=grey).draai() as server:
        one = bezorger(wijk, server)
        assert await rondes(one) == 2
        assert [row.status for row in await rijen(wijk, ids)] == [WACHT, VERZONDEN]
        reis(wijk, seconds=90)
        assert await rondes(one) == 1
    assert [(row.status, row.pogingen) for row in await rijen(wijk, ids)] == [(VERZONDEN, 2), (VERZONDEN, 1)]
    assert set(server.keren.values()) == {1}


@pytest.mark.parametrize("stap", ["RCPT", "DATA"])
async def test_one_refused_among_many_is_a_task_for_who_directs_the_case(wijk_vlug: Wijk, tmp_path: Path, stap: str) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 4)
    no = lambda said: "550 5.1.1 bewoner2@post.example bestaat niet" if (said.wat, said.aan) == (stap, adres(2)) else None  # noqa: E731
    with Proefserver(tmp_path, gedrag=no).draai() as server:
        one = bezorger(wijk, server)
        assert await rondes(one) == 4
    rows = await rijen(wijk, ids)
    assert [row.status for row in rows] == [VERZONDEN, VERZONDEN, GEWEIGERD, VERZONDEN]
    assert (rows[2].antwoord, rows[2].inhoud, rows[2].pogingen) == ("550/5.1.1", None, 1)
    [taak] = await taken(wijk)
    [bericht] = await wijk.rows(select(Bericht.tabel()).where(Bericht.tabel().c.verzending_id == ids[2]))
    assert (taak.persoon_id, taak.kader_id, taak.voor_id, taak.bron_id) == (bericht.persoon_id, bericht.kader_id, wijk.REGISSEUR, ids[2])
    assert one.geteld == {"VERZONDEN": 3, "GEWEIGERD": 1}


async def test_without_a_director_at_work_the_task_is_the_teams_and_without_a_case_the_row_says_so(
    wijk_vlug: Wijk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 2)
    a, b = Aanstelling.tabel(), Bericht.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.REGISSEUR).values(tot=wijk.klok.moment.date() - timedelta(days=1)))
    await wijk.change(update(b).where(b.c.verzending_id == ids[1]).values(kader_id=nieuw_id()))
    with Proefserver(tmp_path, gedrag=lambda stap: "550 5.1.1 Weg" if stap.wat == "RCPT" else None).draai() as server:
        assert await rondes(bezorger(wijk, server)) == 2
    assert [row.status for row in await rijen(wijk, ids)] == [GEWEIGERD, GEWEIGERD]
    assert [(taak.voor_id, taak.bron_id) for taak in await taken(wijk)] == [(wijk.team, ids[0])]
    assert "post.example" not in caplog.text


async def test_a_lost_answer_sends_the_same_message_again_and_only_that_one(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 3)
    lost = lambda stap: VERBREEK if (stap.wat, stap.aan, stap.keer) == ("DATA", adres(1), 0) else None  # noqa: E731
    with Proefserver(tmp_path, gedrag=lost).draai() as server:
        one = bezorger(wijk, server)
        assert await rondes(one) == 3
        assert [row.status for row in await rijen(wijk, ids)] == [VERZONDEN, WACHT, VERZONDEN]
        reis(wijk, minutes=2)
        assert await rondes(one) == 1
    rows = await rijen(wijk, ids)
    assert {row.status for row in rows} == {VERZONDEN}
    assert [server.keren[row.message_id] for row in rows] == [1, 2, 1]
    first, second = [got.inhoud for got in server.ontvangen if got.aan == adres(1)]
    assert first == second


@pytest.mark.parametrize(
    ("server", "smtp"),
    [({}, {"ca_file": None}), ({"gedrag": lambda stap: "421 4.3.2 Dicht" if stap.wat == "RCPT" else None}, {})],
    ids=["not to be trusted", "closing"],
)
async def test_a_server_that_takes_nothing_costs_no_mail_an_attempt(wijk_vlug: Wijk, tmp_path: Path, server: Any, smtp: Any) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 3)
    with Proefserver(tmp_path, **server).draai() as closed:
        for _ in range(2):
            with pytest.raises(Onbereikbaar):
                await bezorger(wijk, closed, **smtp).ronde()
        rows = await rijen(wijk, ids)
        assert {(row.status, row.pogingen, row.eigenaar) for row in rows} == {(WACHT, 0, None)}
        assert [row.volgende_poging_op > wijk.klok.moment for row in rows] == [True, True, False]  # who was first goes last
        assert not closed.ontvangen
    reis(wijk, minutes=2)
    with Proefserver(tmp_path).draai() as good:
        assert await rondes(bezorger(wijk, good)) == 3
        assert set(good.keren.values()) == {1}


async def test_what_changed_since_stops_a_mail_that_waits(wijk_vlug: Wijk, tmp_path: Path) -> None:
    """A safety flag, an address that is not safe any more, an erased key, a row that was exchanged."""
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 5)
    b, p, c, v = (record.tabel() for record in (Bericht, Persoon, Contactgegeven, Verzending))
    of = {row.verzending_id: row for row in await wijk.rows(select(b))}
    await wijk.change(update(p).where(p.c.id == of[ids[0]].persoon_id).values(veiligheidsvlag=True))
    await wijk.change(update(c).where(c.c.id == of[ids[1]].contactgegeven_id).values(veilig_te_gebruiken=False))
    await wijk.wijkwerk.database.transact(
        lambda connection: wijk.wijkwerk.keyring.destroy(connection, wijk.gemeente, of[ids[2]].persoon_id) and None
    )
    [other] = await rijen(wijk, [ids[4]])
    await wijk.change(update(v).where(v.c.id == ids[3]).values(inhoud=other.inhoud))
    with Proefserver(tmp_path).draai() as server:
        assert await rondes(bezorger(wijk, server)) == 5
        assert [got.aan for got in server.ontvangen] == [adres(4)]
    rows = await rijen(wijk, ids)
    gone = Verzendstatus.INGETROKKEN
    assert [(row.status, row.inhoud is None) for row in rows] == [(gone, True)] * 3 + [(WACHT, False), (VERZONDEN, True)]
    assert rows[3].antwoord == "VERVALST"


async def test_who_lost_the_claim_neither_sends_nor_writes_over_a_successor(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, [id] = wijk_vlug, await zet_klaar(wijk_vlug)
    namens = await Namens.in_gemeente(wijk.wijkwerk, wijk.gemeente)
    assert namens is not None
    paused, database = Teken(wijk.gemeente, id, nieuw_id()), wijk.wijkwerk.database
    take = partial(claim, eigenaar=paused.eigenaar, duur=timedelta(minutes=5), aantal=10)
    assert await wijk.wijkwerk.write(namens.actor(), take, onderdeel="test") == [id]
    with Proefserver(tmp_path).draai() as server:
        one = bezorger(wijk, server)
        assert await rondes(one) == 0
        reis(wijk, minutes=5)
        assert await rondes(one) == 1
    [before] = await rijen(wijk, [id])
    look = partial(bekijk, keyring=wijk.wijkwerk.keyring, teken=paused, nu=wijk.klok.moment - timedelta(minutes=5), nodig=timedelta(0))
    assert await database.transact(look) is Oordeel.NIET_ONS
    await database.transact(partial(later, teken=paused, op=wijk.klok.moment, antwoord="450", telt=True))
    assert not await database.transact(partial(eind, teken=paused, status=GEWEIGERD))
    assert await rijen(wijk, [id]) == [before]


async def test_a_claim_that_would_end_while_sending_is_not_used(wijk_vlug: Wijk, tmp_path: Path) -> None:
    """A server that takes long for each: what is left of the batch is claimed anew."""
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 6)

    def slow(stap: Stap) -> None:
        if stap.wat == "DATA":
            reis(wijk, seconds=29)

    with Proefserver(tmp_path, gedrag=slow).draai() as server:
        one = bezorger(wijk, server)  # at most 30 s for one mail, so a claim of 90 s
        assert await one.ronde() == 6
        assert len(server.ontvangen) == 3
        assert await rondes(one) == 3
    assert set(server.keren.values()) == {1}
    assert {row.status for row in await rijen(wijk, ids)} == {VERZONDEN}


async def test_several_workers_at_once_send_no_mail_twice(wijk: Wijk, tmp_path: Path) -> None:
    ids = await zet_klaar(wijk, 16)
    with Proefserver(tmp_path).draai() as server:
        await asyncio.gather(*(rondes(bezorger(wijk, server)) for _ in range(3)))
    assert {row.status for row in await rijen(wijk, ids)} == {VERZONDEN}
    assert sorted(server.keren.values()) == [1] * 16


async def test_told_to_stop_it_ends_after_the_mail_in_hand_and_lets_go_of_the_rest(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, ids, stop = wijk_vlug, await zet_klaar(wijk_vlug, 3), asyncio.Event()
    loop = asyncio.get_running_loop()

    def says_stop(_: Stap) -> None:
        loop.call_soon_threadsafe(stop.set)

    with Proefserver(tmp_path, gedrag=says_stop).draai() as server:
        assert await rondes(bezorger(wijk, server, stop=stop)) == 3
    assert [(row.status, row.eigenaar) for row in await rijen(wijk, ids)] == [(VERZONDEN, None), (WACHT, None), (WACHT, None)]


@pytest.mark.parametrize("rol", ["WIJKTEAM", "BEHEER", "FG"])
async def test_nobody_but_planned_work_claims_mail(wijk_vlug: Wijk, rol: str) -> None:
    await zet_klaar(wijk_vlug)
    take = partial(claim, eigenaar=nieuw_id(), duur=timedelta(minutes=5), aantal=10)
    await refused(wijk_vlug, rol, GeenRecht, take, records=[Verzending])


ANTWOORDEN = (None, None, None, "450 4.2.0 Straks", "421 4.3.2 Dicht", "550 5.1.1 Weg", "554 5.7.1 Nee", VERBREEK)


def grillig(stap: Stap) -> str | None:
    """A server that does anything, the same whatever the order of mails, until it has said enough."""
    return None if stap.keer > 5 or stap.wat == "MAIL" else random.Random(f"{stap}").choice(ANTWOORDEN)


def verloren(nummer: int, keren: int) -> bool:
    """Whether it ever kept its answer to itself about this mail, of which it said so much."""
    return any(grillig(Stap("DATA", adres(nummer), keer)) == VERBREEK for keer in range(keren))


async def test_whatever_the_server_does_every_mail_has_one_end_and_none_is_doubled_without_reason(wijk_vlug: Wijk, tmp_path: Path) -> None:
    wijk, ids, lost = wijk_vlug, await zet_klaar(wijk_vlug, 12), 0
    ended: dict[UUID, Verzendstatus] = {}
    with Proefserver(tmp_path, gedrag=grillig).draai() as server:
        one = bezorger(wijk, server)
        while len(ended) < len(ids):
            try:
                await one.ronde()
            except Onbereikbaar:
                reis(wijk, minutes=1)
            reis(wijk, minutes=30)
            for row in await rijen(wijk, ids):
                if row.status is not WACHT:
                    assert ended.setdefault(row.id, row.status) is row.status
        await one.sluit()
    for nummer, row in enumerate(await rijen(wijk, ids)):
        got, was_lost = server.keren[row.message_id], verloren(nummer, server.gezegd["DATA", adres(nummer)])
        assert row.inhoud is None
        assert got >= 1 if row.status is VERZONDEN else row.status in (GEWEIGERD, Verzendstatus.VERLOPEN)
        assert was_lost or got == (row.status is VERZONDEN)
        lost += was_lost
    assert lost
    assert set(ended.values()) > {VERZONDEN}
