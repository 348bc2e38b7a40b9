"""A witness of another organisation, as a real process beside a real installation: away and back, killed, and shown an older log."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from base64 import b64encode
from http.client import HTTPException
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.systeem import vragen
from tests.systeem.dienst import Plek
from tests.systeem.getuige import Getuigeproces

from wijkwerk.log import verify
from wijkwerk.log.note import ONDERTEKENING, Sleutel, sign_note
from wijkwerk.log.tree import Tree

ORIGIN, KANTEN, RONDES = "voorbeeld.nl/log", 4, 8
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def getuige(tmp_path: Path) -> Getuigeproces:
    made = Getuigeproces(tmp_path / "getuige")
    assert made.sleutel("--naam", "getuige.nl").startswith("getuige.nl+")
    return made


def stel_in(plek: Plek, getuige: Getuigeproces, archief: Path) -> None:
    """They know of each other; and there is a folder, too."""
    archief.mkdir()
    key = plek.opdracht("log", "key", "--vkey").stdout.decode().strip()
    (getuige.map / "logs").write_text(f"wijkwerk/log {key}\n")
    (plek.folder / "wijkwerk.toml").write_text(
        f'[[log.getuigen]]\nnaam = "buurgemeente"\nurl = "http://127.0.0.1:{getuige.port}"\nsleutel = "{getuige.sleutel()}"\n'
        f'[[log.getuigen]]\nnaam = "archief"\nmap = "{archief}"\n'
    )


def stand(plek: Plek) -> tuple[int, list[str], bytes]:
    done = plek.opdracht("log", "getuigen")
    return done.returncode, done.stdout.decode().splitlines(), done.stderr


def bevestigd(regel: str) -> int:
    return int(regel.partition("bevestigde omvang ")[2].split(" ")[0])


def test_two_organisations_keep_each_others_checkpoints(plek: Plek, getuige: Getuigeproces, tmp_path: Path) -> None:
    with getuige.draait():
        pass  # now it has a port
    stel_in(plek, getuige, tmp_path / "archief")
    with getuige.draait():
        with plek.dienst() as dienst:
            assert dienst.als("wijkteam").data(vragen.LIJST, first=3)
        # what was done up to the end was given out at the end
        [last] = [path.read_text() for path in getuige.map.glob("stand/*.note")]
        code, regels, _ = stand(plek)
        assert (code, [regel.endswith("Dat is het hele log.") for regel in regels]) == (0, [True, True])
        assert 0 < int(last.split("\n")[1]) < bevestigd(regels[0])
    with plek.dienst() as dienst:
        assert dienst.als("wijkteam").data(vragen.LIJST, first=3)  # nobody waits for a witness that is away
        code, [buur, archief], _ = stand(plek)
        assert (code, "geen verbinding" in buur, archief.endswith("Dat is het hele log.")) == (1, True, True)
    with getuige.draait() as process:
        process.kill()
        process.wait()
    with getuige.draait():
        code, regels, _ = stand(plek)
        assert (code, bevestigd(regels[0]) > bevestigd(buur)) == (0, True)
    _controleer_elders(plek, getuige, tmp_path)


def _controleer_elders(plek: Plek, getuige: Getuigeproces, folder: Path) -> None:
    """An auditor with the export, the public keys and verify.py sees what the witness confirmed."""
    (folder / "log.pem").write_bytes(plek.opdracht("log", "key").stdout)
    assert plek.opdracht("log", "export", str(folder / "log.jsonl")).returncode == 0
    command = [sys.executable, verify.__file__, "log.jsonl", "--key", "log.pem", "--getuige", getuige.sleutel()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "getuige.nl" in done.stdout


def test_a_log_that_was_put_back_from_an_old_copy_is_found_and_said_loudly(
    plek_sqlite: Plek, getuige: Getuigeproces, tmp_path: Path
) -> None:
    plek = plek_sqlite
    with getuige.draait():
        stel_in(plek, getuige, tmp_path / "archief")
        assert stand(plek)[0] == 0
        shutil.copytree(plek.folder, tmp_path / "kopie")
        assert stand(plek)[0] == 0
        voor = {path: path.read_bytes() for path in [*getuige.map.glob("stand/*"), *(tmp_path / "archief").glob("*/*")]}
        for path in plek.folder.glob("*.db*"):
            path.unlink()
        for path in (tmp_path / "kopie").glob("*.db*"):
            shutil.copy(path, plek.folder)
        code, regels, fouten = stand(plek)
        assert (code, ["LET OP" in regel for regel in regels], b"CRITICAL" in fouten) == (1, [True, True], True)
        for _ in range(2):  # it grows again, past what they have: it stays found
            code, regels, _ = stand(plek)
            assert (code, ["LET OP" in regel for regel in regels]) == (1, [True, True])
        na = {path: path.read_bytes() for path in [*getuige.map.glob("stand/*.note"), *(tmp_path / "archief").glob("*/*")]}
    assert na == voor


def _vraag(tree: Tree, oud: int, nieuw: int) -> bytes:
    bewijs = [b64encode(each).decode() for each in (tree.consistency(oud, nieuw) if 0 < oud <= nieuw else [])]
    note = sign_note(f"{ORIGIN}\n{nieuw}\n{b64encode(tree.root(nieuw)).decode()}\n", ORIGIN, KEY)
    return "\n".join([f"old {oud}", *bewijs, "", note]).encode()


def _dring_aan(getuige: Getuigeproces, tree: Tree, kant: int, weg: threading.Event, getekend: list[tuple[int, int]]) -> None:
    """Have it sign one side of a forked log, from whatever size it has, until it is gone."""
    oud, kies = 0, random.Random(kant)
    while not weg.is_set():
        nieuw = min(oud + kies.randint(0, 3), tree.size)
        try:
            status, body = getuige.vraag(_vraag(tree, oud, nieuw))
        except (OSError, HTTPException):
            return
        if status == 200:
            getekend.append((nieuw, kant))
            oud = nieuw
        elif status == 409:
            oud = int(body)
            if oud == nieuw:
                return
        elif status == 422:
            return


def test_a_witness_that_is_killed_while_it_signs_never_signs_two_histories(getuige: Getuigeproces) -> None:
    (getuige.map / "logs").write_text(f"{ORIGIN} {Sleutel(ORIGIN, ONDERTEKENING, KEY.public_key()).vkey()}\n")
    bomen = [Tree() for _ in range(KANTEN)]
    for kant, tree in enumerate(bomen):
        for nummer in range(2_000):
            tree.append(f"{kant} {nummer}".encode())
    getekend: list[tuple[int, int]] = []
    for ronde in range(RONDES):
        weg, genoeg = threading.Event(), len(getekend) + 5 + ronde
        with getuige.draait() as process:
            threads = [threading.Thread(target=_dring_aan, args=(getuige, tree, kant, weg, getekend)) for kant, tree in enumerate(bomen)]
            for thread in threads:
                thread.start()
            while len(getekend) < genoeg and any(thread.is_alive() for thread in threads):
                weg.wait(0.001)
            process.kill()
            weg.set()
            for thread in threads:
                thread.join(30)
        assert len(getekend) >= genoeg
    assert len({kant for omvang, kant in getekend if omvang}) == 1
    with getuige.draait():
        laatste = max(omvang for omvang, _ in getekend)
        status, body = getuige.vraag(_vraag(bomen[0], 0, 1))
        assert (status, int(body) >= laatste) == (409, True)
