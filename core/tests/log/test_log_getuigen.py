"""What goes to witnesses: a folder and another organisation; catching up, and a log that was put back or rewritten being found."""

from __future__ import annotations

import logging
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Logregel
from wijkwerk.log.getuigen.bewaking import Bewaking
from wijkwerk.log.getuigen.bezorgen import Getuigen, Getuigestand
from wijkwerk.log.getuigen.bron import Bewaarder
from wijkwerk.log.getuigen.eindpunt import Eindpunt
from wijkwerk.log.getuigen.map import Map
from wijkwerk.log.getuigen.sleutel import maak_sleutel, vkey
from wijkwerk.log.journal import Journal
from wijkwerk.log.note import COSIGNATUUR, ONDERTEKENING, Checkpoint, Handtekening, Sleutel, cosigneer, lees_vkey, sign_note
from wijkwerk.log.tables import TABLES, log_checkpoint, log_getuige
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.luisteraar import Gezegd, luisteraar
from wijkwerk.testing.wijk import OP_SQLITE

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
ORIGIN = "wijkwerk/log"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
SLEUTEL = Sleutel("getuige.nl", COSIGNATUUR, KEY.public_key())


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


Groei = Callable[[int], Awaitable[None]]


@pytest.fixture
def groei(journal: Journal, regel: Maak) -> Groei:
    """Makes the log so many segments longer."""

    async def langer(segmenten: int) -> None:
        for _ in range(segmenten):
            await journal.record(regel(1))
            await journal.checkpoint()

    return langer


async def een(logboek: Database, klok: StaandeKlok, bewaarder: Bewaarder) -> Getuigestand:
    """How the one witness stands after a try."""
    [stand] = await Getuigen(logboek, klok, [bewaarder]).stand()
    return stand


async def bevestigd(logboek: Database) -> dict[int, str]:
    async with logboek.snapshot() as snapshot:
        rows = await snapshot.run(lambda c: c.execute(select(log_getuige).order_by(log_getuige.c.omvang)).all())
    return {row.omvang: row.bevestiging for row in rows}


async def teruggezet(logboek: Database, omvang: int) -> None:
    """As if the database came from a backup of when the log had this size: the tree is longer, but no checkpoint says so."""

    def work(connection: object) -> None:
        for tabel in (log_checkpoint, log_getuige):
            connection.execute(delete(tabel).where(tabel.c.omvang > omvang))  # type: ignore[attr-defined]

    await logboek.transact(work)


def notes(folder: Path) -> dict[int, str]:
    own = folder / sha256(ORIGIN.encode()).hexdigest()
    return {int(path.stem): path.read_text() for path in own.iterdir()}


@pytest.fixture
def map_(tmp_path: Path) -> Path:
    folder = tmp_path / "map"
    folder.mkdir()
    return folder


@OP_SQLITE
async def test_a_folder_gets_a_file_for_each_checkpoint_and_keeps_what_it_has(
    logboek: Database, klok: StaandeKlok, groei: Groei, map_: Path
) -> None:
    getuige = Map("archief", map_)
    assert await een(logboek, klok, getuige) == Getuigestand("archief", "map", 0, None, 0, None)
    for _ in range(2):
        await groei(1)
        await een(logboek, klok, getuige)
    assert await een(logboek, klok, getuige) == Getuigestand("archief", "map", 2, klok.nu(), 2, None)
    assert {omvang: Checkpoint.lees(note).omvang for omvang, note in notes(map_).items()} == {1: 1, 2: 2}
    await teruggezet(logboek, 1)  # it does not know any more that 2 was confirmed, nor that there was a 2
    stand = await een(logboek, klok, getuige)
    assert (stand.bevestigd, stand.mislukt) == (1, None)
    assert await bevestigd(logboek) == {1: ""}


@OP_SQLITE
@pytest.mark.parametrize(
    ("wat", "melding"),
    [
        ("langer", "omvang 9"),
        ("anders", "niet van dit log"),
        ("eerder anders", "niet van dit log"),
        ("onleesbaar", "geen"),
        ("hernoemd", "omvang"),
    ],
    ids=["longer", "same-size", "earlier", "unreadable", "renamed"],
)
async def test_a_folder_that_holds_something_else_than_our_log_is_found(
    logboek: Database, klok: StaandeKlok, groei: Groei, map_: Path, identity: Ed25519PrivateKey, caplog: pytest.LogCaptureFixture,
    wat: str, melding: str,
) -> None:  # fmt: skip
    await groei(3)
    omvang = {"langer": 9, "anders": 3, "eerder anders": 2, "onleesbaar": 1, "hernoemd": 2}[wat]
    own = map_ / sha256(ORIGIN.encode()).hexdigest()
    own.mkdir()
    andere = sign_note(f"{ORIGIN}\n{5 if wat == 'hernoemd' else omvang}\n{b64encode(bytes(32)).decode()}\n", ORIGIN, identity)
    (own / f"{omvang}.note").write_text("weg" if wat == "onleesbaar" else andere)
    before = notes(map_)
    stand = await een(logboek, klok, Map("archief", map_))
    assert melding in (stand.mislukt or "")
    assert (stand.bevestigd, notes(map_), await bevestigd(logboek)) == (0, before, {})
    [record] = caplog.records
    assert (record.levelno, "archief" in record.getMessage()) == (logging.CRITICAL, True)


@OP_SQLITE
async def test_a_file_that_comes_in_between_is_never_overwritten(
    logboek: Database, klok: StaandeKlok, groei: Groei, map_: Path, monkeypatch: pytest.MonkeyPatch, identity: Ed25519PrivateKey
) -> None:
    """By another process, after we looked what is there."""
    await groei(1)
    monkeypatch.setattr("wijkwerk.log.getuigen.map._grootste", lambda _map, folder: folder.mkdir(exist_ok=True))
    getuige = Map("archief", map_)
    assert (await een(logboek, klok, getuige)).bevestigd == 1
    await teruggezet(logboek, 1)
    await logboek.transact(lambda c: c.execute(delete(log_getuige)))
    assert (await een(logboek, klok, getuige)).bevestigd == 1  # the same one: that is as good
    await logboek.transact(lambda c: c.execute(delete(log_getuige)))
    andere = sign_note(f"{ORIGIN}\n1\n{b64encode(bytes(32)).decode()}\n", ORIGIN, identity)
    (map_ / sha256(ORIGIN.encode()).hexdigest() / "1.note").write_text(andere)
    stand = await een(logboek, klok, getuige)
    assert ("ander checkpoint" in (stand.mislukt or ""), notes(map_)) == (True, {1: andere})


@OP_SQLITE
async def test_a_folder_that_is_not_there_is_not_made(
    logboek: Database, klok: StaandeKlok, groei: Groei, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await groei(1)
    stand = await een(logboek, klok, Map("archief", tmp_path / "niet aangekoppeld"))
    assert "FileNotFoundError" in (stand.mislukt or "")
    assert ("niet aangekoppeld" in os.listdir(tmp_path), [record.levelno for record in caplog.records]) == (False, [logging.ERROR])


@OP_SQLITE
async def test_a_witness_that_confirmed_more_than_our_log_has_is_reported_without_asking(
    logboek: Database, klok: StaandeKlok, groei: Groei, map_: Path
) -> None:
    await groei(2)
    assert (await een(logboek, klok, Map("archief", map_))).bevestigd == 2
    await logboek.transact(lambda c: c.execute(delete(log_checkpoint).where(log_checkpoint.c.omvang == 2)))
    assert "bevestigd was omvang 2, maar ons log heeft omvang 1" in str((await een(logboek, klok, Map("archief", map_))).mislukt)


@pytest.fixture
async def bewaking(tmp_path: Path, klok: StaandeKlok, identity: Ed25519PrivateKey) -> AsyncIterator[Bewaking]:
    maak_sleutel(tmp_path / "getuige", "getuige.nl")
    log = Sleutel(ORIGIN, ONDERTEKENING, identity.public_key())
    (tmp_path / "getuige" / "logs").write_text(f"{ORIGIN} {log.vkey()}\n")
    with Bewaking(tmp_path / "getuige", klok) as opened:
        yield opened


@pytest.fixture
def eigen(tmp_path: Path, bewaking: Bewaking) -> Sleutel:
    """The key of that witness."""
    return lees_vkey(vkey(tmp_path / "getuige"), COSIGNATUUR)


def http(bewaking: Bewaking, paden: list[str]) -> Callable[[str, bytes], Gezegd]:
    def antwoord(path: str, body: bytes) -> Gezegd:
        paden.append(f"{path} {body.partition(b'%c' % 10)[0].decode()}")
        status, tekst, media_type = bewaking.voeg_toe(body)
        return Gezegd(status, tekst.encode(), media_type)

    return antwoord


async def test_another_organisation_confirms_each_checkpoint_and_a_witness_that_was_away_catches_up(
    logboek: Database, klok: StaandeKlok, groei: Groei, bewaking: Bewaking, eigen: Sleutel, caplog: pytest.LogCaptureFixture
) -> None:
    paden: list[str] = []
    async with luisteraar(http(bewaking, paden)) as url:
        getuige = Eindpunt("buur", f"{url}/wacht/", eigen)
        for segmenten, omvang in ((1, 1), (2, 3), (4, 7)):
            await groei(segmenten)
            assert await een(logboek, klok, getuige) == Getuigestand("buur", "eindpunt", omvang, klok.nu(), omvang, None)
    assert paden == [f"/wacht/add-checkpoint old {oud}" for oud in (0, 1, 3)]
    await groei(1)
    stand = await een(logboek, klok, getuige)
    assert (stand.bevestigd, stand.nieuwste, "geen verbinding" in str(stand.mislukt)) == (7, 8, True)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    async with luisteraar(http(bewaking, paden)) as url:
        await een(logboek, klok, Eindpunt("buur", url, eigen))
    async with logboek.snapshot() as snapshot:
        found = await snapshot.run(lambda c: dict(c.execute(select(log_checkpoint.c.omvang, log_checkpoint.c.note)).all()))
    for omvang, regel in (await bevestigd(logboek)).items():
        assert Checkpoint.lees(found[omvang] + regel).ondertekend(eigen)
    assert list(await bevestigd(logboek)) == [1, 3, 7, 8]


@OP_SQLITE
async def test_what_we_forgot_the_witness_tells_and_what_it_forgot_is_said(
    logboek: Database, klok: StaandeKlok, groei: Groei, bewaking: Bewaking, eigen: Sleutel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with luisteraar(http(bewaking, [])) as url:
        getuige = Eindpunt("buur", url, eigen)
        await groei(2)
        await een(logboek, klok, getuige)
        await logboek.transact(lambda c: c.execute(delete(log_getuige)))
        assert (await een(logboek, klok, getuige)).bevestigd == 2
        assert caplog.records == []
        await groei(1)
        next((tmp_path / "getuige" / "stand").glob("*.note")).unlink()
        assert (await een(logboek, klok, getuige)).bevestigd == 3
    assert ["kwijt" in record.getMessage() for record in caplog.records] == [True]


@OP_SQLITE
async def test_a_log_that_was_put_back_is_found_at_once_and_also_when_it_grew_again(
    logboek: Database, klok: StaandeKlok, groei: Groei, bewaking: Bewaking, eigen: Sleutel, identity: Ed25519PrivateKey,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def gezien(oud: int, omvang: int) -> None:
        """What the witness saw of the log before it was put back."""
        note = sign_note(f"{ORIGIN}\n{omvang}\n{b64encode(bytes([omvang]) * 32).decode()}\n", ORIGIN, identity)
        assert bewaking.voeg_toe(f"old {oud}\n\n{note}".encode()).status == 200

    async with luisteraar(http(bewaking, [])) as url:
        getuige = Eindpunt("buur", url, eigen)
        await groei(2)
        gezien(0, 4)
        meldingen = [str((await een(logboek, klok, getuige)).mislukt)]
        for _ in range(2):
            await groei(2)
            meldingen.append(str((await een(logboek, klok, getuige)).mislukt))
    assert meldingen == [
        "de getuige heeft omvang 4, maar ons log heeft omvang 2",
        "de getuige heeft een ander checkpoint met omvang 4",
        "wat de getuige als eerste 4 segmenten heeft, is niet van ons log",
    ]
    assert [record.levelno for record in caplog.records if record.name.endswith("bezorgen")] == [logging.CRITICAL] * 3
    assert await bevestigd(logboek) == {}


def _mede(body: bytes, naam: str = "getuige.nl", key: Ed25519PrivateKey = KEY, omvang: bytes = b"") -> bytes:
    tekst = Checkpoint.lees(body.replace(b"\n1\n", omvang or b"\n1\n").decode().partition("\n\n")[2]).tekst
    return cosigneer(tekst, naam, key, _KLOK.nu()).encode()


_KLOK = StaandeKlok(datetime(2027, 3, 15, tzinfo=UTC))
ANTWOORDEN: dict[str, tuple[Callable[[bytes], Gezegd], str]] = {
    "empty": (lambda _: Gezegd(200), "onleesbaar"),
    "not-utf8": (lambda _: Gezegd(200, b"\xff\n"), "onleesbaar"),
    "text": (lambda _: Gezegd(200, b"goed\n"), "onleesbaar"),
    "other-witness": (lambda body: Gezegd(200, _mede(body, "ander.nl")), "sleutel"),
    "other-key": (lambda body: Gezegd(200, _mede(body, key=Ed25519PrivateKey.generate())), "sleutel"),
    "other-text": (lambda body: Gezegd(200, _mede(body, omvang=b"\n2\n")), "handtekening"),
    "nothing-signed": (lambda _: Gezegd(200, Handtekening("getuige.nl", SLEUTEL.id, bytes(72)).regel().encode()), "handtekening"),
    "unknown-log": (lambda _: Gezegd(404), "origin"),
    "unknown-key": (lambda _: Gezegd(403), "vkey"),
    "broken": (lambda _: Gezegd(500), "code 500"),
    "redirect": (lambda _: Gezegd(302), "code 302"),
    "conflict-without-size": (lambda _: Gezegd(409, b"1\n"), "onleesbaar"),
    "conflict-no-number": (lambda _: Gezegd(409, b"een\n", "text/x.tlog.size"), "onleesbaar"),
    "conflict-for-ever": (lambda _: Gezegd(409, b"0\n", "text/x.tlog.size"), "steeds"),
    "conflict-at-our-size": (lambda _: Gezegd(409, b"1\n", "text/x.tlog.size"), "ander checkpoint"),
    "silence": (lambda _: Gezegd(0), "binnen de tijd"),
}


@OP_SQLITE
@pytest.mark.parametrize("wat", ANTWOORDEN)
async def test_an_answer_that_is_no_confirmation_is_not_kept(logboek: Database, klok: StaandeKlok, groei: Groei, wat: str) -> None:
    antwoord, melding = ANTWOORDEN[wat]
    await groei(1)
    async with luisteraar(lambda _, body: antwoord(body)) as url:
        stand = await een(logboek, klok, Eindpunt("buur", url, SLEUTEL, wachttijd=0.1 if wat == "silence" else 20))
    assert (melding in str(stand.mislukt), stand.bevestigd, await bevestigd(logboek)) == (True, 0, {})


@OP_SQLITE
async def test_lines_of_other_witnesses_are_left_out(logboek: Database, klok: StaandeKlok, groei: Groei) -> None:
    await groei(1)
    async with luisteraar(lambda _, body: Gezegd(200, _mede(body, "ander.nl") + _mede(body))) as url:
        assert (await een(logboek, klok, Eindpunt("buur", url, SLEUTEL))).bevestigd == 1
    [regel] = (await bevestigd(logboek)).values()
    assert regel.startswith("— getuige.nl ")
    assert regel.count("\n") == 1
