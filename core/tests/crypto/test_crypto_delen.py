"""A file in parts: what was sealed opens, and nothing can be cut, left out, swapped, flipped or moved to another file."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wijkwerk.crypto.delen import PART_BYTES, SEALED_BYTES, Opener, Place, Sealer, new_key, parts_of
from wijkwerk.crypto.errors import Vervalst

KEY = bytes(range(32)).hex()
PLACE = Place(UUID(int=1), UUID(int=2))
QUICK = settings(deadline=None, max_examples=60)
sizes = st.one_of(
    st.integers(0, 300), st.integers(0, 4 * PART_BYTES), st.sampled_from([n * PART_BYTES + d for n in (1, 2, 3) for d in (-1, 0, 1)])
)


def content(size: int) -> bytes:
    """Bytes of which no two parts are the same."""
    return b"".join(n.to_bytes(4, "big") for n in range(size // 4 + 1))[:size]


def seal(plain: bytes, *, key: str = KEY, place: Place = PLACE, piece: int = PART_BYTES) -> list[bytes]:
    sealer = Sealer(key, place)
    pieces = [plain[at : at + piece] for at in range(0, len(plain), piece)]
    return [*(part for given in pieces for part in sealer.feed(given)), sealer.finish()]


def opened(parts: list[bytes], size: int, *, key: str = KEY, place: Place = PLACE) -> bytes:
    """The file, as who reads it opens it: as many parts as its size asks for."""
    opener = Opener(key, place, size)
    assert len(parts) >= parts_of(size), "a part that is absent is seen before it is opened"
    return b"".join(opener.open(number, parts[number]) for number in range(parts_of(size)))


@QUICK
@given(sizes, st.integers(1, 3 * PART_BYTES))
def test_what_is_sealed_in_any_pieces_opens_to_the_same_bytes(size: int, piece: int) -> None:
    plain = content(size)
    parts = seal(plain, piece=max(piece, size // 50 + 1))
    assert len(parts) == parts_of(size)
    assert all(len(part) == SEALED_BYTES for part in parts[:-1])
    assert opened(parts, size) == plain


@QUICK
@given(sizes, st.data())
def test_a_bit_that_flipped_anywhere_does_not_open_its_part(size: int, data: st.DataObject) -> None:
    parts = seal(content(size))
    number = data.draw(st.integers(0, len(parts) - 1))
    at = data.draw(st.integers(0, len(parts[number]) * 8 - 1))
    flipped = bytearray(parts[number])
    flipped[at // 8] ^= 1 << at % 8
    with pytest.raises(Vervalst):
        Opener(KEY, PLACE, size).open(number, bytes(flipped))


def test_every_single_byte_of_a_file_counts() -> None:
    size = 2 * PART_BYTES + 20
    parts, opener = seal(content(size)), Opener(KEY, PLACE, size)
    for number, part in enumerate(parts):
        changed = bytearray(part)
        # each byte of the ends, where the tag is, and one in each few hundred of the long middle
        for at in {*range(40), *range(0, len(part), 251), *range(len(part) - 40, len(part))} & set(range(len(part))):
            changed[at] ^= 0x80
            with pytest.raises(Vervalst):
                opener.open(number, bytes(changed))
            changed[at] ^= 0x80
        assert opener.open(number, bytes(changed)) == content(size)[number * PART_BYTES : (number + 1) * PART_BYTES]


@QUICK
@given(st.integers(2, 5), st.data())
def test_parts_can_not_be_swapped_nor_one_left_out(count: int, data: st.DataObject) -> None:
    size = count * PART_BYTES  # all parts of one length: only their number tells them apart
    parts = seal(content(size))
    one, other = data.draw(st.permutations(range(count)))[:2]
    opener = Opener(KEY, PLACE, size)
    with pytest.raises(Vervalst):
        opener.open(one, parts[other])
    left_out = parts[:one] + parts[one + 1 :]
    with pytest.raises(Vervalst):
        opened(left_out, size - PART_BYTES)


@QUICK
@given(sizes, st.data())
def test_a_part_that_is_cut_or_longer_does_not_open(size: int, data: st.DataObject) -> None:
    parts = seal(content(size))
    number = data.draw(st.integers(0, len(parts) - 1))
    length = data.draw(st.integers(0, len(parts[number]) - 1))
    for changed in (parts[number][:length], parts[number] + b"\x00"):
        with pytest.raises(Vervalst):
            Opener(KEY, PLACE, size).open(number, changed)


@QUICK
@given(sizes, sizes)
def test_a_file_opens_at_its_own_size_only(size: int, said: int) -> None:
    assume(size != said)
    parts = seal(content(size))
    parts += [parts[-1]] * (parts_of(said) - len(parts))  # who says more, must put something there
    with pytest.raises(Vervalst):
        opened(parts, said)


def test_the_last_part_is_marked_also_when_it_is_full_and_when_the_file_is_empty() -> None:
    assert opened(seal(b""), 0) == b""
    whole = seal(content(2 * PART_BYTES))
    longer = seal(content(2 * PART_BYTES + 1))
    for size, number, part in ((PART_BYTES, 0, whole[0]), (2 * PART_BYTES, 1, longer[1]), (3 * PART_BYTES, 1, whole[1])):
        with pytest.raises(Vervalst):
            Opener(KEY, PLACE, size).open(number, part)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (bytes(32).hex(), PLACE),
        (KEY, Place(UUID(int=9), PLACE.file)),
        (KEY, Place(PLACE.gemeente, UUID(int=9))),
        (KEY, Place(PLACE.file, PLACE.gemeente)),
    ],
    ids=["another key", "another municipality", "another file", "the two swapped"],
)
def test_a_part_does_not_open_in_another_file(key: str, place: Place) -> None:
    with pytest.raises(Vervalst):
        opened(seal(content(100)), 100, key=key, place=place)


@pytest.mark.parametrize(
    "key", ["", "geheim", KEY[:-2], KEY + "00", KEY[:-1], "é" * 64], ids=["leeg", "tekst", "kort", "lang", "half", "é"]
)
def test_a_key_that_is_none_is_forged(key: str) -> None:
    for made in (lambda: Sealer(key, PLACE), lambda: Opener(key, PLACE, 1)):
        with pytest.raises(Vervalst):
            made()


def test_a_key_is_random_and_whole() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(bytes.fromhex(key)) for key in keys} == {32}


def test_what_is_finished_seals_nothing_more() -> None:
    """A second part under the same number would give both away: one nonce, one key."""
    sealer = Sealer(KEY, PLACE)
    sealer.finish()
    with pytest.raises(ValueError, match=r"^a nonce would be used twice: the file is finished"):
        sealer.finish()
    with pytest.raises(ValueError, match="finished"):
        list(sealer.feed(content(PART_BYTES + 1)))


def test_a_part_is_what_any_aes_gcm_opens() -> None:
    """Known answer: nonce = number in 12 bytes, associated data = a CBOR array of gemeente, file, number and whether it is the last."""
    plain = content(PART_BYTES + 3)
    first, last = seal(plain)
    bound = b"\x84\x50" + UUID(int=1).bytes + b"\x50" + UUID(int=2).bytes
    aead = AESGCM(bytes.fromhex(KEY))
    assert aead.decrypt(bytes(12), first, bound + b"\x00\xf4") == plain[:PART_BYTES]
    assert aead.decrypt(bytes(11) + b"\x01", last, bound + b"\x01\xf5") == plain[PART_BYTES:]


def test_sealing_a_file_holds_less_than_two_parts() -> None:
    sealer = Sealer(KEY, PLACE)
    for _ in range(200):
        list(sealer.feed(bytes(5000)))
        assert len(sealer._held) <= PART_BYTES


@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 25 * 2**20])
def test_how_many_parts_a_file_has(size: int) -> None:
    count = parts_of(size)
    assert count >= 1
    assert (count - 1) * PART_BYTES < max(size, 1) <= count * PART_BYTES
    assert all(parts_of(a) <= parts_of(b) for a, b in pairwise([size, size + 1]))
