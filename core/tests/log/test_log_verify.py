"""The verifier: an untouched export verifies; whatever is changed, removed, inserted, reordered, cut or forked is found, with its place."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import random
import runpy
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wijkwerk.klok import StaandeKlok
from wijkwerk.log import verify
from wijkwerk.log.checkpoint import sign_note
from wijkwerk.log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.export import export
from wijkwerk.log.journal import Journal
from wijkwerk.log.tables import TABLES
from wijkwerk.log.verify import Rapport, verifieer
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.databases import make_tables

Lines = list[dict[str, Any]]
IDENTITY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


class Log(NamedTuple):
    lines: Lines
    notes: list[str]

    def __repr__(self) -> str:
        return f"Log({len(self.lines)} lines)"


async def build(path: Path, identity: Ed25519PrivateKey, skip: int = -1) -> Log:
    """Two lives of a journal over two months, some checkpoints kept, and a tail that no checkpoint covers."""
    klok, notes = StaandeKlok(datetime(2027, 1, 31, 22, tzinfo=UTC)), []
    database = SqliteDatabase(path / "log.db")
    await database.open()
    await make_tables(database, TABLES)
    journal = Journal(database, identity, klok, writers=1)
    for life in range(2):
        await journal.open()
        for number in range(30 * life, 30 * life + 30):
            klok.moment += timedelta(minutes=10)
            if number != skip:
                await journal.record(entry(number, klok))
            await journal.transact(lambda _, n=number: (None, [entry(n + 1000, klok)]))  # type: ignore[misc]
            if number % 10 == 5:
                notes.append(await journal.checkpoint())
        if life == 0:
            await journal.close()
    file = io.StringIO()
    await export(database, file)
    await journal.close()
    await database.close()
    return Log([json.loads(line) for line in file.getvalue().splitlines()], notes)


def entry(number: int, klok: StaandeKlok) -> Logregel:
    return Logregel(
        gebeurtenis=Gebeurtenis.LEZEN,
        actie=Actie.READ,
        resultaat=Resultaat.GESLAAGD,
        tijdstip=klok.nu(),
        gemeente=UUID(int=1),
        trace=f"spoor-{number}",
        onderdeel="één loket",
        betrokkenen=(Betrokkene(UUID(int=number), ()),),
    )


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return asyncio.run(build(tmp_path_factory.mktemp("log"), IDENTITY))


def check(lines: Lines, notes: list[str] | None = None, key: Ed25519PrivateKey = IDENTITY) -> Rapport:
    return verifieer([json.dumps(line).encode() for line in lines], key.public_key(), notes or [])


def named(rapport: Rapport, place: str) -> bool:
    return any(place in finding.plaats for finding in rapport.bevindingen)


def streams(lines: Lines) -> list[tuple[int, int]]:
    """Of each stream, where its lines begin and end."""
    starts = [at for at, line in enumerate(lines) if line["soort"] == "stroom"]
    end = next(at for at, line in enumerate(lines) if line["soort"] == "checkpoint")
    return list(zip(starts, [*starts[1:], end], strict=True))


def recount(lines: Lines) -> None:
    """The attacker also mends the counts in the last line."""
    kinds = [line["soort"] for line in lines]
    lines[-1].update({f"{soort}{en}": kinds.count(soort) for soort, en in (("segment", "en"), ("checkpoint", "s"))})
    lines[-1].update(stromen=kinds.count("stroom"), regels=kinds.count("regel"))


def rechain(lines: Lines, start: int, end: int, *, renumber: bool) -> None:
    """The attacker computes the numbers and hashes of a stream anew, as far as no key is needed."""
    stream = lines[start]
    named = stream["id"].encode() + b"\n" + b64decode(stream["sleutel"])
    hash_ = sha256(b"wijkwerk-log-stroom/1\n" + named).digest()
    for number, line in enumerate([line for line in lines[start:end] if line["soort"] == "regel"]):
        if renumber:
            line["seq"] = number
            line["body"] = json.dumps(
                {**json.loads(line["body"]), "seq": number}, separators=(",", ":"), sort_keys=True, ensure_ascii=False
            )
        hash_ = sha256(b"\0" + hash_ + line["body"].encode()).digest()
        line["hash"] = hash_.hex()
    head = next((line for line in lines[start:end] if line["soort"] == "kop"), None)
    if head is not None and renumber:
        last = [line for line in lines[start:end] if line["soort"] == "regel"][-1]
        head.update(seq=last["seq"], hash=last["hash"])


def test_an_untouched_export_verifies_and_is_counted(log: Log) -> None:
    rapport = check(log.lines, log.notes)
    assert rapport.bevindingen == []
    assert (rapport.stromen, rapport.regels) == (4, 126)
    assert rapport.segmenten == sum(line["soort"] == "segment" for line in log.lines) > 10
    assert rapport.checkpoints == 7
    assert rapport.bewaard == int(log.notes[-1].splitlines()[1])
    assert "Het log klopt." in rapport.tekst()
    assert "kan niet" in rapport.tekst() or "niet kan zien" in rapport.tekst()


def test_no_segment_spans_two_months(log: Log) -> None:
    months = {line["periode"] for line in log.lines if line["soort"] == "segment"}
    assert months == {"2027-01", "2027-02"}


ATTACKS: dict[str, Callable[[Lines, int, int, random.Random], str | None]] = {}


def attack(function: Callable[[Lines, int, int, random.Random], str | None]) -> Callable[[Lines, int, int, random.Random], str | None]:
    """An attack on the stream between two lines; gives the place that must be named."""
    ATTACKS[function.__name__] = function
    return function


def some_entry(lines: Lines, start: int, end: int, rnd: random.Random) -> int:
    return rnd.choice([at for at in range(start, end) if lines[at]["soort"] == "regel"])


@attack
def change(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = lines[some_entry(lines, start, end, rnd)]
    at = rnd.randrange(len(line["body"]))
    line["body"] = line["body"][:at] + chr(ord(line["body"][at]) ^ 1) + line["body"][at + 1 :]
    return f"regel {line['seq']}"


@attack
def change_and_rehash(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = lines[some_entry(lines, start, end, rnd)]
    line["body"] = line["body"].replace('"actie":"', '"actie":"X')
    rechain(lines, start, end, renumber=False)
    return str(lines[start]["id"])


@attack
def remove(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[some_entry(lines, start, end, rnd)]
    return str(lines[start]["id"])


@attack
def remove_and_renumber(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    remove(lines, start, end, rnd)
    rechain(lines, start, end - 1, renumber=True)
    return str(lines[start]["id"])


@attack
def insert_copy(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    at = some_entry(lines, start, end, rnd)
    lines.insert(at, copy.deepcopy(lines[at]))
    return f"regel {lines[at]['seq']}"


@attack
def insert_and_renumber(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    insert_copy(lines, start, end, rnd)
    rechain(lines, start, end + 1, renumber=True)
    return str(lines[start]["id"])


@attack
def swap(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    entries = [at for at in range(start, end) if lines[at]["soort"] == "regel"]
    a, b = rnd.sample(entries, 2)
    lines[a], lines[b] = lines[b], lines[a]
    return f"regel {lines[min(a, b)]['seq']}"


@attack
def swap_and_rechain(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    swap(lines, start, end, rnd)
    rechain(lines, start, end, renumber=True)
    return str(lines[start]["id"])


@attack
def move_to_another_stream(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    place, line = str(lines[start]["id"]), lines.pop(some_entry(lines, start, end, rnd))
    lines.insert(rnd.choice([at for at in range(len(lines)) if lines[at]["soort"] == "regel" and not start <= at < end]), line)
    return place


@attack
def cut_tail(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    entries = [at for at in range(start, end) if lines[at]["soort"] == "regel"]
    for at in reversed(entries[-rnd.randrange(1, len(entries)) :]):
        del lines[at]
    rechain(lines, start, end, renumber=True)
    return str(lines[start]["id"])


@attack
def drop_entries_of_a_segment(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    """As retention would do, but no entry says so."""
    segments = [line for line in lines[start:end] if line["soort"] == "segment"]
    gone = rnd.choice(segments)
    lines[:] = [
        x
        for at, x in enumerate(lines)
        if not (start <= at < end and gone["eerste"] <= x.get("seq", -1) <= gone["laatste"]) or x["soort"] == "kop"
    ]
    return f"segment {gone['blad']}"


@attack
def change_segment(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = rnd.choice([line for line in lines[start:end] if line["soort"] == "segment"])
    name = rnd.choice(["eerste", "laatste", "blad", "vorige", "hash", "wortel", "periode", "stroom"])
    wrong = {"eerste": 99, "laatste": 99, "blad": rnd.choice([-1, 2**60, "0"]), "periode": "2020-01"}.get(name, "00" * 32)
    assert line[name] != wrong
    line[name] = wrong
    return ""


@attack
def remove_segment(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[rnd.choice([at for at in range(start, end) if lines[at]["soort"] == "segment"])]
    return ""


@attack
def remove_stream(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[start:end]
    return ""


@attack
def remove_stream_and_number_segments_anew(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[start:end]
    segments = sorted((line for line in lines if line["soort"] == "segment"), key=lambda line: line["blad"])
    for number, line in enumerate(segments):
        line["blad"] = number
    return ""


@attack
def show_stream_twice(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines[end:end] = copy.deepcopy(lines[start:end])
    return str(lines[start]["id"])


@attack
def sign_with_a_key_of_ones_own(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    """A fork: the stream anew, under a key that the log did not certify."""
    key, stream = Ed25519PrivateKey.generate(), lines[start]
    raw = key.public_key().public_bytes_raw()
    stream["sleutel"] = b64encode(raw).decode()
    stream["certificaat"] = b64encode(STRANGER.sign(b"wijkwerk-log-certificaat/1\n" + stream["id"].encode() + b"\n" + raw)).decode()
    rechain(lines, start, end, renumber=True)
    head = next(line for line in lines[start:end] if line["soort"] == "kop")
    message = b"wijkwerk-log-kop/1\n" + stream["id"].encode() + b"\n" + head["seq"].to_bytes(8, "big") + bytes.fromhex(head["hash"])
    head["handtekening"] = b64encode(key.sign(message)).decode()
    return str(stream["id"])


@attack
def remove_head(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[next(at for at in range(start, end) if lines[at]["soort"] == "kop")]
    return str(lines[start]["id"])


@attack
def remove_stream_row(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines[start] = {"soort": "stroom", "id": lines[start]["id"]}
    return str(lines[start]["id"])


@attack
def garble_a_line(lines: Lines, start: int, end: int, rnd: random.Random) -> None:
    at = rnd.choice([at for at in range(start, end) if lines[at]["soort"] != "stroom"])
    name = rnd.choice([name for name in lines[at] if name != "soort"])
    lines[at][name] = rnd.choice([None, -1, 2**80, "", "é", [], {}, True, "\ud800"])


@attack
def cut_the_file(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    del lines[rnd.randrange(start, len(lines)) :]
    lines.append({"soort": "log", "versie": 1})
    return "einde van het bestand"


@attack
def write_past_the_end(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines.append(lines[start])
    return f"regel {len(lines)} van het bestand"


@attack
def remove_newest_checkpoints(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    for _ in range(rnd.randrange(1, 7)):
        del lines[-2]
    return "checkpoint"


@attack
def reorder_checkpoints(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    lines[-2], lines[-3] = lines[-3], lines[-2]
    return "checkpoint"


@attack
def change_checkpoint(lines: Lines, start: int, end: int, rnd: random.Random) -> str:
    line = rnd.choice([line for line in lines if line["soort"] == "checkpoint"])
    line["note"] = line["note"].replace("\n", f"\n{rnd.randrange(10)}", 1)
    return "checkpoint"


@pytest.mark.parametrize("name", sorted(ATTACKS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(seed=st.integers(0, 2**32), which=st.integers(0, 3))
def test_every_tampering_is_found_and_its_place_named(log: Log, name: str, seed: int, which: int) -> None:
    lines = copy.deepcopy(log.lines)
    place = ATTACKS[name](lines, *streams(lines)[which], random.Random(seed))
    if lines[-1]["soort"] == "einde":
        recount(lines)
    rapport = check(lines)
    assert not rapport.goed
    assert named(rapport, place or "")


@pytest.mark.parametrize("kind", ["stroom", "regel", "segment", "kop", "checkpoint", "einde"])
def test_counts_that_dont_add_up_are_found(log: Log, kind: str) -> None:
    lines = copy.deepcopy(log.lines)
    at = next(at for at, line in enumerate(lines) if line["soort"] == kind)
    del lines[at]
    assert named(check(lines), "einde van het bestand") or kind == "kop"
    assert not check(lines).goed


def test_an_export_of_another_log_is_refused(log: Log) -> None:
    rapport = check(log.lines, key=STRANGER)
    assert all(named(rapport, log.lines[start]["id"]) for start, _ in streams(log.lines))


def test_a_stolen_identity_key_rewrites_nothing_that_a_witness_saw(log: Log, tmp_path: Path) -> None:
    """The thief makes a whole new log, correctly signed, with one read left out. Only who kept a checkpoint can tell."""
    forged = asyncio.run(build(tmp_path, IDENTITY, skip=3))
    assert check(forged.lines).goed
    rapport = check(forged.lines, log.notes)
    assert [finding.plaats for finding in rapport.bevindingen] == [f"bewaard checkpoint {number}" for number in range(1, 7)]


def test_a_log_that_is_shorter_than_what_a_witness_saw_is_found(log: Log, tmp_path: Path) -> None:
    empty = [log.lines[0], {"soort": "einde", "stromen": 0, "regels": 0, "segmenten": 0, "checkpoints": 0}]
    assert check(empty).goed
    assert named(check(empty, log.notes[:1]), "bewaard checkpoint 1")


def test_a_kept_checkpoint_of_another_log_or_no_checkpoint_at_all_is_a_finding(log: Log) -> None:
    other = log.notes[0].replace("wijkwerk/log", "ander/log")
    for note in (other, "", "geen checkpoint", "\n\n— wijkwerk/log AAAA", log.notes[0].replace("— ", "- ")):
        assert named(check(log.lines, [note]), "bewaard checkpoint 1")


def test_signatures_of_witnesses_are_left_alone(log: Log) -> None:
    cosigned = log.notes[0] + "— getuige.example " + b64encode(bytes(68)).decode() + "\n"
    reordered = log.notes[0].replace("\n\n", "\n\n— getuige.example " + b64encode(bytes(68)).decode() + "\n")
    assert check(log.lines, [cosigned, reordered]).goed


def test_a_clock_that_was_set_back_is_found() -> None:
    klok = StaandeKlok(datetime(2027, 3, 1, 12, tzinfo=UTC))
    for minutes, fine in ((4, True), (6, False)):
        body = {"stream": "a", "gebeurtenis": "STROOM_GEOPEND", "seq": 0, "tijdstip": klok.nu().isoformat()}
        late = {**body, "seq": 1, "gebeurtenis": "LEZEN", "tijdstip": (klok.nu() - timedelta(minutes=minutes)).isoformat()}
        rapport = check(signed_stream([body, late]))
        assert rapport.goed is fine
        assert named(rapport, "stroom a, regel 1") is not fine


@pytest.mark.parametrize(
    ("bodies", "place"),
    [
        ([{"gebeurtenis": "LEZEN"}], "stroom a, regel 0"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "STROOM_GESLOTEN"}, {"gebeurtenis": "LEZEN"}], "stroom a, regel 2"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "STROOM_GEOPEND"}], "stroom a, regel 1"),
        ([{"gebeurtenis": "STROOM_GEOPEND", "details": {"checkpoint": "x"}}], "stroom a, regel 0"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "LOG_VERVALLEN", "details": {"totEnMet": "2027-03"}}], "stroom a, regel 1"),
        ([{"gebeurtenis": "STROOM_GEOPEND"}, {"gebeurtenis": "LOG_VERVALLEN"}], "regel 4 van het bestand"),
        ([{"gebeurtenis": "STROOM_GEOPEND", "stream": "b"}], "stroom a, regel 0"),
    ],
)
def test_a_writer_that_breaks_the_rules_of_a_stream_is_found(bodies: list[dict[str, Any]], place: str) -> None:
    full = [{"stream": "a", "seq": seq, "tijdstip": "2027-03-01T00:00:00+00:00", **body} for seq, body in enumerate(bodies)]
    assert named(check(signed_stream(full)), place)


def test_a_stream_that_is_called_closed_must_say_so_itself() -> None:
    lines = signed_stream([{"stream": "a", "seq": 0, "gebeurtenis": "STROOM_GEOPEND", "tijdstip": "2027-03-01T00:00:00+00:00"}])
    lines[1]["gesloten"] = True
    assert named(check(lines), "stroom a")


def signed_stream(bodies: list[dict[str, Any]]) -> Lines:
    """A correctly signed stream 'a' of these bodies, not yet under a checkpoint."""
    raw = STRANGER.public_key().public_bytes_raw()
    certificate = IDENTITY.sign(b"wijkwerk-log-certificaat/1\na\n" + raw)
    stream = {"soort": "stroom", "id": "a", "sleutel": b64encode(raw).decode(), "certificaat": b64encode(certificate).decode()}
    entries = [{"soort": "regel", "seq": seq, "body": json.dumps(body), "hash": ""} for seq, body in enumerate(bodies)]
    lines: Lines = [{"soort": "log", "versie": 1}, stream, *entries]
    rechain(lines, 1, len(lines), renumber=False)
    message = b"wijkwerk-log-kop/1\na\n" + (len(bodies) - 1).to_bytes(8, "big") + bytes.fromhex(lines[-1]["hash"])
    lines.append(
        {"soort": "kop", "seq": len(bodies) - 1, "hash": lines[-1]["hash"], "handtekening": b64encode(STRANGER.sign(message)).decode()}
    )
    return [*lines, {"soort": "einde", "stromen": 1, "regels": len(bodies), "segmenten": 0, "checkpoints": 0}]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_whatever_the_file_holds_the_verifier_answers(raw: list[bytes]) -> None:
    assert not verifieer(raw, IDENTITY.public_key()).goed


def test_a_hash_of_another_length_is_unreadable(log: Log) -> None:
    lines = copy.deepcopy(log.lines)
    lines[2]["hash"] = "00"
    assert named(check(lines), "regel 3 van het bestand")


def test_a_checkpoint_of_nothing_belongs_to_a_log_with_nothing() -> None:
    note = sign_note(f"wijkwerk/log\n0\n{b64encode(sha256(b'').digest()).decode()}\n", "wijkwerk/log", IDENTITY)
    lines: Lines = [{"soort": "checkpoint", "note": note}, {"soort": "einde", "stromen": 0, "regels": 0, "segmenten": 0, "checkpoints": 1}]
    assert check(lines, [note]).goed
    odd = sign_note("wijkwerk/log\n01\nAAAA\n", "wijkwerk/log", IDENTITY)
    assert named(check(lines, [odd]), "bewaard checkpoint 1")


def test_many_findings_are_counted_and_not_all_kept() -> None:
    rapport = verifieer([b"x"] * 1000, IDENTITY.public_key())
    assert (rapport.aantal, len(rapport.bevindingen)) == (1001, 200)
    assert "nog 801 bevindingen" in rapport.tekst()


def written(folder: Path, log: Log) -> list[str]:
    """The export, the key and two checkpoints as files, and the arguments to verify them."""
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in log.lines))
    (folder / "key.pem").write_bytes(IDENTITY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / "note.txt").write_text(log.notes[1], "utf-8")
    return [str(folder / "log.jsonl"), "--key", str(folder / "key.pem"), "--checkpoint", str(folder / "note.txt")]


def test_a_copy_of_the_file_alone_verifies_an_export(log: Log, tmp_path: Path) -> None:
    script = tmp_path / "los" / "verify.py"
    script.parent.mkdir()
    shutil.copy(verify.__file__, script)
    start = f"import runpy, sys; sys.modules['wijkwerk'] = None; sys.argv[1:] = {written(tmp_path, log)!r}"
    program = f"{start}; runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Het log klopt." in done.stdout


def test_the_exit_code_tells_how_it_ended(
    log: Log, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = written(tmp_path, log)
    monkeypatch.setattr(sys, "argv", ["verify.py", *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(verify.__file__, run_name="__main__")
    assert ended.value.code == 0
    assert verify.main(arguments) == 0
    lines = (tmp_path / "log.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "log.jsonl").write_text("".join(lines[:5] + lines[6:]))
    assert verify.main(arguments) == 1
    assert "klopt NIET" in capsys.readouterr().out
    assert verify.main([str(tmp_path / "niets"), *arguments[1:]]) == 2
    (tmp_path / "key.pem").write_text("geen sleutel")
    assert verify.main(arguments) == 2


def test_a_key_of_another_kind_is_refused(log: Log, tmp_path: Path) -> None:
    arguments, other = written(tmp_path, log), X25519PrivateKey.generate().public_key()
    (tmp_path / "key.pem").write_bytes(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert verify.main(arguments) == 2
