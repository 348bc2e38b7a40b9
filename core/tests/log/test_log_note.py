"""Signed notes, verifier keys and cosignatures as C2SP writes them; examples of others, and what must not pass."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.log.note import (
    COSIGNATUUR,
    ONDERTEKENING,
    Checkpoint,
    Handtekening,
    Sleutel,
    cosigneer,
    lees_base64,
    lees_getal,
    lees_handtekeningen,
    lees_vkey,
    sign_note,
)

LOG, GETUIGE = (Ed25519PrivateKey.from_private_bytes(bytes([each]) * 32) for each in (1, 2))
WORTEL = b64encode(bytes(32)).decode()
TEKST = f"voorbeeld.nl/log\n7\n{WORTEL}\n"
NOTE = sign_note(TEKST, "voorbeeld.nl/log", LOG)
SLEUTEL = Sleutel("voorbeeld.nl/log", ONDERTEKENING, LOG.public_key())
MEDE = Sleutel("getuige.nl", COSIGNATUUR, GETUIGE.public_key())


def test_a_verifier_key_is_that_of_the_known_example() -> None:
    """golang.org/x/mod/sumdb/note, whose form the specification describes."""
    raw = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    publiek = Ed25519PrivateKey.from_private_bytes(raw[1:]).public_key()
    assert Sleutel("PeterNeumann", ONDERTEKENING, publiek).vkey() == vkey
    assert lees_vkey(f"{vkey}\n", ONDERTEKENING).vkey() == vkey


def test_a_cosignature_holds_for_its_text_its_moment_and_its_key_alone() -> None:
    moment = datetime(2023, 3, 20, 12, 25, 47, tzinfo=UTC)
    checkpoint = Checkpoint.lees(NOTE + cosigneer(TEKST, "getuige.nl", GETUIGE, moment))
    assert (checkpoint.origin, checkpoint.omvang, checkpoint.wortel, checkpoint.tekst) == ("voorbeeld.nl/log", 7, bytes(32), TEKST)
    assert checkpoint.ondertekend(SLEUTEL)
    assert checkpoint.ondertekend(MEDE)
    mede = checkpoint.handtekeningen[1]
    assert mede.waarde[:8] == (1679315147).to_bytes(8, "big")
    GETUIGE.public_key().verify(mede.waarde[8:], f"cosignature/v1\ntime 1679315147\n{TEKST}".encode())
    later = (1679315148).to_bytes(8, "big") + mede.waarde[8:]
    assert [MEDE.klopt(TEKST, waarde) for waarde in (later, b"", bytes(8), bytes(72))] == [False] * 4
    assert not MEDE.klopt(TEKST.replace("7", "8"), mede.waarde)
    nooit = bytes(8) + GETUIGE.sign(f"cosignature/v1\ntime 0\n{TEKST}".encode())
    assert not MEDE.klopt(TEKST, nooit)


def test_a_signature_of_another_or_a_false_one_beside_a_good_one_is_no_signature() -> None:
    false = Handtekening("voorbeeld.nl/log", SLEUTEL.id, bytes(64)).regel()
    assert not Checkpoint.lees(f"{TEKST}\n{false}").ondertekend(SLEUTEL)
    assert not Checkpoint.lees(NOTE + false).ondertekend(SLEUTEL)
    assert not Checkpoint.lees(NOTE).ondertekend(MEDE)
    assert not Checkpoint.lees(NOTE).ondertekend(Sleutel("ander.nl/log", ONDERTEKENING, LOG.public_key()))


@pytest.mark.parametrize(
    "note",
    [
        "", TEKST, f"{TEKST}\n", NOTE[:-1], NOTE + "rest\n", NOTE.replace("\n7\n", "\n07\n"), NOTE.replace("\n7\n", "\n-7\n"),
        NOTE.replace("\n7\n", f"\n{10**20}\n"), NOTE.replace(WORTEL, WORTEL[:-4]), NOTE.replace("log\n7", "log\r\n7"),
        NOTE.replace("\n7\n", "\n"),
        f"\n7\n{WORTEL}\n\n" + NOTE.rpartition("\n\n")[2], NOTE.replace("— ", "- "), NOTE.replace(WORTEL, f"{WORTEL}\n\nextra"),
        f"{TEKST}\n— voorbeeld.nl/log AAAA\n", f"{TEKST}\n— a+b AAAAAAAA\n", f"{TEKST}\n— a  AAAAAAAA\n",
    ],
    ids=range(17),
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Checkpoint.lees(note)


def test_lines_that_an_extension_adds_are_signed_along() -> None:
    note = Checkpoint.lees(sign_note(f"{TEKST}extra\n", "voorbeeld.nl/log", LOG))
    assert note.tekst == f"{TEKST}extra\n"
    assert note.ondertekend(SLEUTEL)


@pytest.mark.parametrize(
    "vkey",
    [
        "", "a+b", "a b+00000000+AAAA", MEDE.vkey(), SLEUTEL.vkey().replace("log+", "logs+"), SLEUTEL.vkey()[:-4], SLEUTEL.vkey() + "+",
        "+" + SLEUTEL.vkey(),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_verifier_key_of_a_log_is_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        lees_vkey(vkey, ONDERTEKENING)


def test_numbers_and_bytes_are_read_in_one_spelling_alone() -> None:
    assert (lees_getal("0"), lees_getal("90"), lees_base64("AAE=")) == (0, 90, b"\x00\x01")
    for wrong in ("AAF=", "AAE", "AA E=", "é"):
        with pytest.raises(ValueError, match=r".*"):
            lees_base64(wrong)
    for wrong in ("", "00", "+1", "1 ", "１"):
        with pytest.raises(ValueError, match=r".*"):
            lees_getal(wrong)
    with pytest.raises(ValueError, match="end"):
        list(lees_handtekeningen(""))
