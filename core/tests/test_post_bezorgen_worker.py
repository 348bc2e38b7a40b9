"""The worker that stays, the one for cron, every municipality, and a database that is gone for a moment."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert

from wijkwerk.errors import DatabaseNietBeschikbaar
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.post.envelop import Envelop, verzegel
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.post.worker import werk
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.mailserver import Proefserver, Stap
from wijkwerk.testing.postkamer import bezorger, reis, rijen, rondes, zet_klaar
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
REGEL = "{} wachten, {} verstuurd, 0 later opnieuw, 0 geweigerd, 0 verlopen, 0 ingetrokken."
GEDULD = 60


class Gehoor:
    """Hears what a worker says."""

    def __init__(self) -> None:
        self.regels: list[str] = []
        self._nieuw = asyncio.Event()

    def __call__(self, regel: str) -> None:
        self.regels.append(regel)
        self._nieuw.set()

    async def tot(self, patroon: str) -> None:
        """Until it says this. Raises TimeoutError when it never does."""
        async with asyncio.timeout(GEDULD):
            while not (self.regels and re.search(patroon, self.regels[-1])):
                self._nieuw.clear()
                await self._nieuw.wait()


async def tikt(wijk: Wijk) -> None:
    """Time passes, quickly: whatever a worker was about to do when the mail server came back, it does again later."""
    while True:
        reis(wijk, minutes=1)
        await asyncio.sleep(0.05)


async def bij_de_buren(wijk: Wijk, *, organisatie: bool) -> UUID:
    """A mail to somebody of the other municipality in this installation, which has an organisation of its own or none."""
    id, nu, keyring = nieuw_id(), wijk.klok.moment, wijk.wijkwerk.keyring

    def fill(connection: Connection) -> None:
        if organisatie:
            own = {"gemeente_id": wijk.buurgemeente, "verantwoordelijke_id": wijk.buurstad, "id": wijk.buurstad}
            wijk.put(connection, Organisatie, naam="buurstad", soort=Organisatiesoort.GEMEENTE, **own)
        envelop = Envelop("buur@post.example", "Message-ID: <buur@wijk.example>\n\nHallo\n")
        inhoud = verzegel(keyring, connection, wijk.buurgemeente, nieuw_id(), id, envelop)
        connection.execute(
            insert(Verzending.tabel()).values(
                id=id, gemeente_id=wijk.buurgemeente, versie=1, soort="TAKEN_HERINNERING", status=Verzendstatus.WACHT, pogingen=0,
                gemaakt_op=nu, verloopt_op=nu + timedelta(days=1), volgende_poging_op=nu, message_id="<buur@wijk.example>", inhoud=inhoud,
            )
        )  # fmt: skip

    await wijk.wijkwerk.database.transact(fill)
    return id


@pytest.mark.parametrize("organisatie", [True, False])
async def test_every_municipality_is_served_and_one_that_is_not_set_up_stops_no_other(
    wijk_vlug: Wijk, tmp_path: Path, organisatie: bool
) -> None:
    other, ids, said = await bij_de_buren(wijk_vlug, organisatie=organisatie), await zet_klaar(wijk_vlug, 2), list[str]()
    with Proefserver(tmp_path).draai() as server:
        assert await werk(wijk_vlug.wijkwerk, bezorger(wijk_vlug, server), eenmalig=True, meld=said.append)
        assert len(server.sessies) == 1
    rows = await rijen(wijk_vlug, [other, *ids])
    theirs = Verzendstatus.VERZONDEN if organisatie else Verzendstatus.WACHT
    assert [row.status for row in rows] == [theirs, Verzendstatus.VERZONDEN, Verzendstatus.VERZONDEN]
    assert said == [REGEL.format(int(not organisatie), 2 + organisatie)]


async def test_a_worker_for_cron_says_so_when_the_mail_server_takes_nothing(wijk_vlug: Wijk, tmp_path: Path) -> None:
    await zet_klaar(wijk_vlug)
    said = list[str]()
    with Proefserver(tmp_path, security="geen").draai() as server:
        assert not await werk(wijk_vlug.wijkwerk, bezorger(wijk_vlug, server), eenmalig=True, meld=said.append)
    assert said == [REGEL.format(1, 0).replace("0 later", "1 later")]


async def test_a_worker_that_stays_waits_for_the_mail_server_and_stops_when_told(
    wijk: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("wijkwerk.post.worker.RUST", 0.01)
    monkeypatch.setattr("wijkwerk.post.worker.MINUUT", 0.05)
    await zet_klaar(wijk, 2)
    stop, said, server = asyncio.Event(), Gehoor(), Proefserver(tmp_path, security="geen")
    with server.draai():
        running = asyncio.create_task(werk(wijk.wijkwerk, bezorger(wijk, server, stop=stop), eenmalig=False, meld=said))
        await said.tot("^2 wachten, 0 verstuurd, [1-9]")
    server.security = "starttls"  # the server is mended, at the same port
    with server.draai():
        klok = asyncio.create_task(tikt(wijk))
        await said.tot("^0 wachten, 2 verstuurd")
        klok.cancel()
        stop.set()
        assert await running
    assert set(server.keren.values()) == {1}
    assert "GEEN_STARTTLS" in caplog.text
    assert "post.example" not in caplog.text + str(said.regels)


async def test_a_result_that_can_not_be_written_down_sends_the_same_message_again(
    wijk: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wijkwerk.post.bezorgen._NOG_EENS", (0.0, 0.0))
    [id], database, loop = await zet_klaar(wijk), wijk.wijkwerk.database, asyncio.get_running_loop()

    def gone(stap: Stap) -> None:
        if (stap.wat, stap.keer) == ("DATA", 0):
            asyncio.run_coroutine_threadsafe(database.close(), loop).result(10)

    with Proefserver(tmp_path, gedrag=gone).draai() as server:
        one = bezorger(wijk, server)
        with pytest.raises(DatabaseNietBeschikbaar):
            await one.ronde()
        await database.open()
        [row] = await rijen(wijk, [id])
        assert (row.status, len(server.ontvangen)) == (Verzendstatus.WACHT, 1)
        assert await rondes(one) == 0  # still claimed: perhaps somebody is sending it
        reis(wijk, minutes=2)
        assert await rondes(one) == 1
    [row] = await rijen(wijk, [id])
    assert (row.status, server.keren) == (Verzendstatus.VERZONDEN, {row.message_id: 2})
    assert len({got.inhoud for got in server.ontvangen}) == 1
