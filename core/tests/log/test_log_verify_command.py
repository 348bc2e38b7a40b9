"""Verifying with a copy of one file, as anybody can, and what the exit code tells."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wijkwerk.log import verify
from wijkwerk.testing.logverificatie import IDENTITY, VKEY, Log


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


def test_one_thing_is_verified_at_a_time(log: Log, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export, *key = written(tmp_path, log)
    for wrong in ([*key], [export, "--bewijs", export, *key], [export, *key, "--maanden", "X=1"], [export, *key, "--getuige", "x"]):
        with pytest.raises(SystemExit) as ended:
            verify.main(wrong)
        assert ended.value.code == 2
    told = capsys.readouterr().err
    assert all(zin in told for zin in ("Geef een export of --bewijs", "Schrijf --maanden als", "naam+nummer+sleutel"))
    for months in ("INZAGE=0", "INZAGE=1201", "INZAGE=x"):
        with pytest.raises(SystemExit):
            verify.main([export, *key, "--maanden", months])
    assert verify.main([export, *key, "--maanden", "AANMELDING=7"]) == 1
    assert verify.main([export, *key, "--getuige", VKEY, "--maanden", "INZAGE=70"]) == 0


def test_what_can_not_be_read_is_named(log: Log, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export, _, key, *_ = written(tmp_path, log)
    (tmp_path / "ruis").write_bytes(bytes(range(256)))
    for wrong, word in (
        ([str(tmp_path / "weg"), "--key", key], "weg kan niet worden gelezen"), ([str(tmp_path), "--key", key], "kan niet worden gelezen"),
        ([export, "--key", str(tmp_path / "weg")], "weg kan niet worden gelezen"),
        ([export, "--key", str(tmp_path / "ruis")], "ruis is niet de sleutel van een log"),
        ([export, "--key", key, "--checkpoint", str(tmp_path / "ruis")], "ruis is geen checkpoint"),
        ([export, "--key", key, "--checkpoint", str(tmp_path / "weg")], "weg kan niet worden gelezen"),
    ):  # fmt: skip
        assert verify.main(wrong) == 2, wrong
        assert word in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        verify.main([export])
    assert ended.value.code == 2
    assert "--key sleutel.pem" in capsys.readouterr().err


def test_who_finds_something_is_told_what_to_do(log: Log, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export, *key = written(tmp_path, log)
    assert verify.main([export, *key]) == 0
    assert verify.WAT_NU not in capsys.readouterr().out
    assert verify.main([export, *key, "--origin", "een/ander"]) == 1
    told = capsys.readouterr().out
    assert verify.WAT_NU in told
    assert "het checkpoint noemt het log wijkwerk/log: is de naam van het log (origin) gewijzigd?" in told
