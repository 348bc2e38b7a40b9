"""Being a witness: what is refused in which words of HTTP, what is signed, and that it never goes back on it (c2sp.org/tlog-witness)."""

from __future__ import annotations

import stat
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.errors import OngeldigeInvoer, OpstartFout
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.getuigen.bewaking import Bewaking
from wijkwerk.log.getuigen.sleutel import maak_sleutel, vkey
from wijkwerk.log.note import COSIGNATUUR, ONDERTEKENING, Checkpoint, Sleutel, lees_vkey, sign_note
from wijkwerk.log.tree import Tree

ORIGIN = "voorbeeld.nl/log"
SIZE = "text/x.tlog.size"
MET, ZONDER = "aan deze kant", "aan die kant"


def boom(omvang: int, kant: str = MET) -> Tree:
    tree = Tree()
    for nummer in range(omvang):
        tree.append(f"{kant} {nummer}".encode())
    return tree


@pytest.fixture
def map_(tmp_path: Path, identity: Ed25519PrivateKey) -> Path:
    """The folder of a witness that watches one log."""
    maak_sleutel(tmp_path / "getuige", "getuige.nl")
    vkey_log = Sleutel(ORIGIN, ONDERTEKENING, identity.public_key()).vkey()
    (tmp_path / "getuige" / "logs").write_text(f"# wat wij bewaken\n\n{ORIGIN} {vkey_log}\n")
    return tmp_path / "getuige"


@pytest.fixture
def bewaking(map_: Path, klok: StaandeKlok) -> Iterator[Bewaking]:
    with Bewaking(map_, klok) as opened:
        yield opened


Vraag = Callable[..., bytes]


@pytest.fixture
def vraag(identity: Ed25519PrivateKey) -> Vraag:
    """The body of a request for a tree of this size."""

    def maak(oud: int, nieuw: int, kant: str = MET, *, bewijs: Sequence[bytes] | None = None, origin: str = ORIGIN) -> bytes:
        tree = boom(nieuw, kant)
        note = sign_note(f"{origin}\n{nieuw}\n{b64encode(tree.root()).decode()}\n", origin, identity)
        if bewijs is None:
            bewijs = tree.consistency(oud) if 0 < oud <= nieuw else []
        return "\n".join([f"old {oud}", *(b64encode(each).decode() for each in bewijs), "", note]).encode()

    return maak


def stand(map_: Path) -> dict[str, bytes]:
    return {path.suffix: path.read_bytes() for path in (map_ / "stand").iterdir()}


def test_a_log_that_grows_is_cosigned_and_its_last_checkpoint_is_kept(
    bewaking: Bewaking, map_: Path, vraag: Vraag, klok: StaandeKlok
) -> None:
    sleutel = lees_vkey(vkey(map_), COSIGNATUUR)
    for oud, nieuw in ((0, 0), (0, 3), (3, 3), (3, 8), (8, 8), (8, 21)):
        body = vraag(oud, nieuw)
        status, tekst, _ = bewaking.voeg_toe(body)
        note = body.decode().partition("\n\n")[2]
        checkpoint = Checkpoint.lees(note + tekst)
        assert (status, checkpoint.ondertekend(sleutel)) == (200, True)
        assert checkpoint.handtekeningen[1].waarde[:8] == int(klok.nu().timestamp()).to_bytes(8, "big")
        assert stand(map_) == {".note": note.encode()}
    assert [path.name for path in (map_ / "stand").iterdir()] == [f"{sha256(ORIGIN.encode()).hexdigest()}.note"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (map_, map_ / "stand")} == {0o700}


@pytest.mark.parametrize(
    ("oud", "nieuw", "anders", "antwoord"),
    [
        (0, 8, {"origin": "ander.nl/log"}, 404),
        (9, 8, {}, 400),
        (0, 8, {}, 409),
        (4, 8, {}, 409),
        (3, 3, {}, 409),
        (5, 5, {"kant": ZONDER}, 409),
        (5, 8, {"kant": ZONDER}, 422),
        (5, 8, {"bewijs": []}, 422),
        (5, 8, {"bewijs": [bytes(32)] * 63}, 422),
        (5, 8, {"bewijs": [bytes(32)] * 64}, 400),
        (5, 5, {"bewijs": [bytes(32)]}, 422),
    ],
    ids=[
        "origin",
        "larger-old",
        "begin",
        "earlier",
        "back",
        "fork-same-size",
        "fork",
        "no-proof",
        "wrong-proof",
        "long-proof",
        "more-proof",
    ],
)
def test_what_does_not_go_on_from_what_was_signed_is_refused(
    bewaking: Bewaking, map_: Path, vraag: Vraag, oud: int, nieuw: int, anders: dict[str, str], antwoord: int
) -> None:
    assert bewaking.voeg_toe(vraag(0, 5)).status == 200
    before = stand(map_)[".note"]
    status, tekst, media_type = bewaking.voeg_toe(vraag(oud, nieuw, **anders))
    assert (status, "—" in tekst, stand(map_)[".note"]) == (antwoord, False, before)
    assert (tekst, media_type) == ("5\n", SIZE) if status == 409 else media_type != SIZE
    # with the log's own signature under it: that is kept, and only another tree of one size proves what the log did
    assert stand(map_).keys() - {".note"} == ({".onbewezen"} if status == 422 else {".geweigerd"} if "kant" in anders else set())
    assert bewaking.voeg_toe(vraag(5, 9)).status == 200


def test_what_proves_that_a_log_was_rewritten_is_not_lost_when_somebody_sends_a_true_note_with_a_bad_proof(
    bewaking: Bewaking, map_: Path, vraag: Vraag
) -> None:
    bewaking.voeg_toe(vraag(0, 5))
    bewaking.voeg_toe(vraag(5, 5, kant=ZONDER))
    proof = stand(map_)[".geweigerd"]
    assert bewaking.voeg_toe(vraag(5, 8, bewijs=[])).status == 422
    assert stand(map_)[".geweigerd"] == proof


def test_a_first_checkpoint_with_a_proof_or_an_empty_one_with_a_root_is_refused(
    bewaking: Bewaking, vraag: Vraag, map_: Path, identity: Ed25519PrivateKey
) -> None:
    assert bewaking.voeg_toe(vraag(0, 5, bewijs=[bytes(32)])).status == 422
    leeg = sign_note(f"{ORIGIN}\n0\n{b64encode(bytes(32)).decode()}\n", ORIGIN, identity)
    assert bewaking.voeg_toe(f"old 0\n\n{leeg}".encode()).status == 409
    assert ".note" not in stand(map_)


def test_only_who_signs_with_a_key_that_is_known_is_heard(bewaking: Bewaking, vraag: Vraag, map_: Path) -> None:
    body = vraag(0, 5)
    tekst = Checkpoint.lees(body.decode().partition("\n\n")[2]).tekst
    vervalst = f"old 0\n\n{sign_note(tekst, ORIGIN, Ed25519PrivateKey.generate())}".encode()
    veranderd = body.replace(b"\n5\n", b"\n6\n")
    for wrong in (vervalst, veranderd):
        assert bewaking.voeg_toe(wrong).status == 403
    assert stand(map_) == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"\n\n", b"old\n\n", b"old 05\n\n", b"old 0\n", b"new 0\n\nx", b"\xff", b"old 0\nAAAA\n\n",
     b"old 0\n\nzomaar tekst\n\n", b"old 0\n" * 9],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_request_is_refused(bewaking: Bewaking, map_: Path, body: bytes) -> None:
    assert (bewaking.voeg_toe(body).status, stand(map_)) == (400, {})


def test_a_witness_that_starts_again_goes_on_from_what_it_signed(map_: Path, vraag: Vraag, klok: StaandeKlok) -> None:
    with Bewaking(map_, klok) as first:
        assert first.voeg_toe(vraag(0, 5)).status == 200
        with pytest.raises(OpstartFout, match="al een getuige"), Bewaking(map_, klok):
            pass
    with Bewaking(map_, klok) as second:
        assert second.voeg_toe(vraag(0, 4, ZONDER)) == (409, "5\n", SIZE)
        assert second.voeg_toe(vraag(5, 5)).status == 200
    with Bewaking(map_, klok) as damaged:
        [path] = (map_ / "stand").glob("*.note")
        path.write_text("weg")
        with pytest.raises(OpstartFout, match="beschadigd"):
            damaged.voeg_toe(vraag(0, 5, ZONDER))


def test_of_many_forks_at_once_one_is_signed(bewaking: Bewaking, map_: Path, vraag: Vraag) -> None:
    vragen = [vraag(0, 5, f"kant {nummer % 8}") for nummer in range(40)]
    with ThreadPoolExecutor(8) as threads:
        signed = {body for body, antwoord in zip(vragen, threads.map(bewaking.voeg_toe, vragen), strict=True) if antwoord.status == 200}
    [body] = signed
    assert stand(map_)[".note"] == body.partition(b"\n\n")[2]


@pytest.mark.parametrize("logs", [b"zonder sleutel\n", b"a b c\n", b"voorbeeld.nl/log\n", b"\xff\xfe\n"], ids=range(4))
def test_a_list_of_logs_that_cant_be_read_stops_everything(map_: Path, klok: StaandeKlok, vraag: Vraag, logs: bytes) -> None:
    with Bewaking(map_, klok) as bewaking:
        (map_ / "logs").write_bytes(logs)
        with pytest.raises(OpstartFout, match="logs"):
            bewaking.voeg_toe(vraag(0, 5))
    with pytest.raises(OpstartFout, match="logs"), Bewaking(map_, klok):
        pass
    (map_ / "logs").unlink()
    with Bewaking(map_, klok) as bewaking:
        assert bewaking.voeg_toe(vraag(0, 5)).status == 404


def test_a_folder_that_cant_be_used_is_refused(map_: Path, klok: StaandeKlok, tmp_path: Path) -> None:
    (map_ / "stand").write_text("geen map")
    with pytest.raises(OpstartFout, match="gelezen of beschreven"), Bewaking(map_, klok):
        pass
    bewaking = Bewaking(map_, klok)
    map_.rename(tmp_path / "weg")
    with pytest.raises(OpstartFout, match="kan niet worden gelezen"), bewaking:
        pass


def test_a_witness_has_one_key_and_keeps_it(tmp_path: Path) -> None:
    with pytest.raises(OpstartFout, match="geen sleutel"):
        vkey(tmp_path)
    for naam in ("", "met spatie", "met+plus"):
        with pytest.raises(OngeldigeInvoer, match="zonder spaties"):
            maak_sleutel(tmp_path, naam)
    maak_sleutel(tmp_path, "getuige.nl")
    first = vkey(tmp_path)
    with pytest.raises(OpstartFout, match=r"al een sleutel.*Laat --naam weg"):
        maak_sleutel(tmp_path, "getuige.nl")
    assert vkey(tmp_path) == first
    assert first.startswith("getuige.nl+")
    (tmp_path / "sleutel").write_text("getuige.nl AAAA\n")
    with pytest.raises(OpstartFout, match="beschadigd"):
        vkey(tmp_path)
    with pytest.raises(OpstartFout, match="kan geen sleutel"):
        maak_sleutel(tmp_path / "sleutel" / "map", "getuige.nl")
