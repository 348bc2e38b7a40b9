"""Witnesses beside a log that runs: nothing waits for them, the last checkpoint goes out too; time stamps; settings; what operators see."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from wijkwerk.errors import OpstartFout
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.commands import log
from wijkwerk.log.entry import Logregel
from wijkwerk.log.getuigen import tijdstempel
from wijkwerk.log.getuigen.bezorgen import LANGSTE_PAUZE, Getuigen, pauze
from wijkwerk.log.getuigen.bron import Bevestiging, Bron, NietBezorgd, Onbereikbaar
from wijkwerk.log.getuigen.eindpunt import Eindpunt
from wijkwerk.log.getuigen.instellen import bewaarders
from wijkwerk.log.getuigen.map import Map
from wijkwerk.log.getuigen.tijdstempel import Tijdstempel
from wijkwerk.log.instelling import leg_vast
from wijkwerk.log.journal import Journal
from wijkwerk.log.note import COSIGNATUUR, ONDERTEKENING, Checkpoint, Sleutel, lees_vkey
from wijkwerk.log.tables import TABLES, log_checkpoint, log_getuige, log_regel
from wijkwerk.settings import Getuige, Loginstellingen
from wijkwerk.storage.base import Database
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.logopdracht import geopend, logomgeving
from wijkwerk.testing.luisteraar import Gezegd, luisteraar
from wijkwerk.testing.wijk import OP_SQLITE

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
PUBLIEK = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32).public_key()
SLEUTEL = Sleutel("getuige.nl", COSIGNATUUR, PUBLIEK)


@pytest.fixture
async def logboek(database_savepoint: Database) -> Database:
    """One connection will do here, and is quicker."""
    await make_tables(database_savepoint, TABLES)
    return database_savepoint


class Onwillig:
    """A witness that fails as often as it is told, and then confirms."""

    naam, soort = "onwillig", "map"

    def __init__(self, *fouten: Exception) -> None:
        self._fouten = list(fouten)
        self.gevraagd: asyncio.Queue[int] = asyncio.Queue()

    async def geef(self, bron: Bron, nieuw: Checkpoint, bevestigd: int) -> Bevestiging:
        self.gevraagd.put_nowait(nieuw.omvang)
        if self._fouten:
            raise self._fouten.pop(0)
        return Bevestiging(nieuw.omvang, "")


class Stil(Onwillig):
    """A witness that never answers."""

    async def geef(self, bron: Bron, nieuw: Checkpoint, bevestigd: int) -> Bevestiging:
        self.gevraagd.put_nowait(nieuw.omvang)
        await asyncio.Event().wait()
        raise AssertionError


async def bevestigd(logboek: Database) -> list[int]:
    async with logboek.snapshot() as snapshot:
        return list(await snapshot.run(lambda c: c.execute(select(log_getuige.c.omvang).order_by(log_getuige.c.omvang)).scalars()))


async def test_each_checkpoint_goes_out_while_the_log_runs_and_the_last_one_when_it_closes(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak
) -> None:
    getuige = Onwillig()
    getuigen = Getuigen(logboek, klok, [getuige])
    async with Journal(logboek, identity, klok, interval=0.01, gezet=getuigen.wek) as journal:
        getuigen.open()
        getuigen.open()
        await journal.record(regel(1))
        assert await asyncio.wait_for(getuige.gevraagd.get(), 30) == 1
        await journal.record(regel(2))
        assert await asyncio.wait_for(getuige.gevraagd.get(), 30) == 2
    await getuigen.close()
    await getuigen.close()
    async with logboek.snapshot() as snapshot:
        last = await snapshot.run(lambda c: c.execute(select(func.max(log_checkpoint.c.omvang))).scalar_one())
    assert (await bevestigd(logboek))[-1] == last


@OP_SQLITE
async def test_a_silent_witness_holds_up_nothing_not_even_the_end(
    logboek: Database, identity: Ed25519PrivateKey, klok: StaandeKlok, regel: Maak
) -> None:
    stil, ander = Stil(), Onwillig()
    ander.naam = "ander"
    getuigen = Getuigen(logboek, klok, [stil, ander], sluiten=0.05)
    async with Journal(logboek, identity, klok, gezet=getuigen.wek) as journal:
        getuigen.open()
        for _ in range(3):
            await journal.record(regel(1))
            await journal.checkpoint()
        # each is given the newest there is when its turn comes
        assert await asyncio.wait_for(stil.gevraagd.get(), 30) in (1, 2, 3)
        assert await asyncio.wait_for(ander.gevraagd.get(), 30) in (1, 2, 3)
    await getuigen.close()
    assert stil.gevraagd.empty()  # one try, without an end
    assert await bevestigd(logboek)


@OP_SQLITE
async def test_who_failed_is_tried_again_after_a_pause_and_at_the_end(
    journal: Journal, logboek: Database, klok: StaandeKlok, regel: Maak, caplog: pytest.LogCaptureFixture
) -> None:
    await journal.record(regel(1))
    await journal.checkpoint()
    getuige = Onwillig(Onbereikbaar("weg"), NietBezorgd("nee"), RuntimeError("persoonlijk"))
    getuigen = Getuigen(logboek, klok, [getuige], pauze=0.001)
    getuigen.open()
    for _ in range(4):
        await asyncio.wait_for(getuige.gevraagd.get(), 30)
    await getuigen.close()
    assert (await bevestigd(logboek), getuige.gevraagd.empty()) == ([1], True)
    assert [(record.levelname, record.getMessage().partition(": ")[2]) for record in caplog.records] == [
        ("WARNING", "weg"), ("ERROR", "nee"), ("ERROR", "RuntimeError"),
    ]  # fmt: skip
    await journal.record(regel(1))
    await journal.checkpoint()
    haastig = Onwillig(Onbereikbaar("weg"))
    haastig.naam = "haastig"
    rustig = Getuigen(logboek, klok, [haastig], pauze=3_000)
    rustig.open()
    assert await asyncio.wait_for(haastig.gevraagd.get(), 30) == 2
    rustig.wek()  # not before its pause is over, but at the end it is tried once more
    await rustig.close()
    assert (haastig.gevraagd.qsize(), await bevestigd(logboek)) == (1, [1, 2])


def test_pauses_grow_to_an_hour() -> None:
    assert [pauze(60, mislukt) for mislukt in (1, 2, 3, 6, 7, 10_000)] == [60, 120, 240, 1_920, LANGSTE_PAUZE, LANGSTE_PAUZE]


# ---- a time stamp authority: OpenSSL, with a root of its own

_CNF = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {naam}
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[dienst]
dir = {map}
serial = {map}/serial
signer_cert = {map}/tsa.pem
signer_key = {map}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def _openssl(*arguments: str, folder: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder: one certificate goes along with a stamp, that of the service itself."""
    if shutil.which("openssl") is None:
        pytest.skip("this machine has no openssl")
    folder = tmp_path_factory.mktemp("tsa")
    for naam in ("wortel", "tsa"):
        (folder / f"{naam}.cnf").write_text(_CNF.format(naam=naam, map=folder))
    (folder / "serial").write_text("01\n")
    new = ["req", "-newkey", "rsa:2048", "-nodes", "-sha256"]
    _openssl(
        *new, "-x509", "-days", "3650", "-config", "wortel.cnf", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem", folder=folder
    )
    _openssl(*new, "-config", "tsa.cnf", "-keyout", "tsa.key", "-out", "tsa.csr", folder=folder)
    signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "tsa"]
    _openssl("x509", "-req", "-sha256", "-in", "tsa.csr", *signing, "-out", "tsa.pem", folder=folder)
    return folder


def stempelt(folder: Path, body: bytes) -> Gezegd:
    (folder / "vraag.tsq").write_bytes(body)
    _openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "dienst", "-queryfile", "vraag.tsq", "-out", "antwoord.tsr", folder=folder)
    return Gezegd(200, (folder / "antwoord.tsr").read_bytes(), "application/timestamp-reply")


@OP_SQLITE
async def test_a_time_stamp_is_asked_checked_and_kept(
    journal: Journal, logboek: Database, klok: StaandeKlok, regel: Maak, tsa: Path, tmp_path: Path
) -> None:
    await journal.record(regel(1))
    note = await journal.checkpoint()
    eerder: list[Gezegd] = []
    antwoorden: dict[str, Callable[[bytes], Gezegd]] = {
        "": lambda _: Gezegd(500),
        "met een tijdstempel": lambda body: stempelt(tsa, body)._replace(media_type="text/html"),
        "klopt niet": lambda _: Gezegd(200, b"zomaar", "application/timestamp-reply"),
        "goed": lambda body: eerder.append(stempelt(tsa, body)) or eerder[-1],  # type: ignore[func-returns-value]
        "van dit moment": lambda _: eerder[0],
    }
    wat = ""
    async with luisteraar(lambda _, body: antwoorden[wat](body)) as url:
        getuige = Tijdstempel(f"{url}/tsa", tsa / "ca.pem")
        getuigen = Getuigen(logboek, klok, [getuige])
        for wat in ("", "met een tijdstempel", "klopt niet"):
            [stand] = await getuigen.stand()
            assert (wat in str(stand.mislukt), stand.bevestigd) == (True, 0)
        _openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", "a", "-out", str(tmp_path / "ca"), folder=tmp_path
        )
        wat = "goed"
        [stand] = await Getuigen(logboek, klok, [Tijdstempel(url, tmp_path / "ca")]).stand()
        assert ("niet kent" in str(stand.mislukt), stand.bevestigd) == (True, 0)
        [stand] = await getuigen.stand()
        assert (stand.naam, stand.bevestigd, stand.mislukt) == ("tijdstempel:127.0.0.1", 1, None)
        await journal.record(regel(1))
        await journal.checkpoint()
        wat = "van dit moment"  # a stamp of something else, given again
        [stand] = await getuigen.stand()
        assert ("klopt niet" in str(stand.mislukt), stand.bevestigd) == (True, 1)
    [stand] = await getuigen.stand()
    assert "geen verbinding" in str(stand.mislukt)
    async with logboek.snapshot() as snapshot:
        stempel = await snapshot.run(lambda c: c.execute(select(log_getuige.c.bevestiging)).scalar_one())
    (tmp_path / "note").write_text(note, newline="")
    (tmp_path / "stempel.tsr").write_bytes(b64decode(stempel))
    _openssl("ts", "-verify", "-data", "note", "-in", "stempel.tsr", "-CAfile", str(tsa / "ca.pem"), folder=tmp_path)


def test_witnesses_come_from_the_settings(tmp_path: Path, tsa: Path) -> None:
    vkey = SLEUTEL.vkey()
    goed = Loginstellingen(
        getuigen=(Getuige(naam="archief", map=tmp_path), Getuige(naam="buur", url="https://buur.voorbeeld.nl/w", sleutel=vkey)),
        tijdstempel_url="https://tsa.voorbeeld.nl", tijdstempel_ca=tsa / "ca.pem",
    )  # fmt: skip
    found = [(type(each), each.naam, each.soort) for each in bewaarders(goed)]
    assert found == [
        (Map, "archief", "map"), (Eindpunt, "buur", "eindpunt"), (Tijdstempel, "tijdstempel:tsa.voorbeeld.nl", "tijdstempel"),
    ]  # fmt: skip
    assert bewaarders(Loginstellingen()) == []


def _fouten(tmp_path: Path) -> dict[str, dict[str, Any]]:
    url, leeg = "https://voorbeeld.nl", tmp_path / "leeg"
    leeg.write_text("")
    log_sleutel = Sleutel("getuige.nl", ONDERTEKENING, PUBLIEK).vkey()
    return {
        "Twee getuigen": {"getuigen": [{"naam": "a", "map": "x"}, {"naam": "a", "map": "y"}]},
        "De sleutel van getuige a": {"getuigen": [{"naam": "a", "url": url, "sleutel": log_sleutel}]},
        "moet met https beginnen": {"getuigen": [{"naam": "a", "url": "http://voorbeeld.nl", "sleutel": SLEUTEL.vkey()}]},
        "log.tijdstempel_url": {"tijdstempel_url": "http://voorbeeld.nl", "tijdstempel_ca": leeg},
        "ook log.tijdstempel_ca": {"tijdstempel_url": url},
        "geen certificaat": {"tijdstempel_url": url, "tijdstempel_ca": leeg},
        "kan niet worden gelezen": {"tijdstempel_url": url, "tijdstempel_ca": tmp_path / "weg"},
    }


def test_settings_that_cant_be_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tsa: Path) -> None:
    for melding, instellingen in _fouten(tmp_path).items():
        with pytest.raises(OpstartFout, match=melding):
            bewaarders(Loginstellingen.model_validate(instellingen))
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(OpstartFout, match=r"wijkwerk\[tijdstempel\]"):
        tijdstempel.Tijdstempel("https://voorbeeld.nl", tsa / "ca.pem")


async def ingesteld(logboek: Database) -> list[Any]:
    r = log_regel.c
    async with logboek.snapshot() as snapshot:
        asked = select(r.body).where(r.gebeurtenis == "LOG_INGESTELD").order_by(r.seq)
        return [orjson.loads(body)["details"] for body in await snapshot.run(lambda c: c.execute(asked).scalars().all())]


async def test_how_the_log_is_set_is_an_entry_when_it_is_set_otherwise(journal: Journal, logboek: Database) -> None:
    gewoon = Loginstellingen()
    anders = Loginstellingen(
        inzage_maanden=72, getuigen=(Getuige(naam="a", map=Path("geheime/plek")),), otlp_url="https://iemand:wachtwoord@voorbeeld.nl"
    )
    for each in (gewoon, gewoon, anders, anders, gewoon):
        await leg_vast(logboek, journal, each)
    eerst, toen, weer = await ingesteld(logboek)
    assert eerst == weer == {
        "origin": "wijkwerk/log", "maanden": {"INZAGE": 60, "AANMELDING": 6}, "getuigen": [], "tijdstempel": False, "doorgegeven": False,
    }  # fmt: skip
    assert toen == {**eerst, "maanden": {"INZAGE": 72, "AANMELDING": 6}, "getuigen": ["a map"], "doorgegeven": True}


def test_an_operator_sees_how_each_witness_stands(tmp_path: Path, identity: Ed25519PrivateKey, klok: StaandeKlok) -> None:
    fout = [Onwillig(Onbereikbaar("geen verbinding"))]

    async def tabellen() -> None:
        async with geopend(tmp_path / "log.db") as database:
            await make_tables(database, TABLES)

    omgeving = partial(logomgeving, tmp_path / "log.db", identity, klok, bewaarders=fout)
    asyncio.run(tabellen())
    runner = CliRunner()
    done = runner.invoke(log, ["getuigen"], obj=omgeving)
    assert done.output == "onwillig (map): bevestigde nog niets; het log heeft omvang 1. LET OP: geen verbinding.\n"
    assert done.exit_code == 1
    done = runner.invoke(log, ["getuigen"], obj=omgeving)
    bij = "onwillig (map): bevestigde omvang 3 op maandag 15 maart 2027 om 10.30 uur. Dat is het hele log.\n"
    assert (done.output, done.exit_code) == (bij, 0)
    fout.clear()
    done = runner.invoke(log, ["getuigen"], obj=omgeving)
    assert ("geen getuigen" in done.output, done.exit_code) == (True, 0)
    done = runner.invoke(log, ["key", "--vkey"], obj=omgeving)
    assert lees_vkey(done.output, ONDERTEKENING) == Sleutel("wijkwerk/log", ONDERTEKENING, identity.public_key())
