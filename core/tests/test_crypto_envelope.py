"""One sealed value: the standard, the place it is bound to, and everything that must not open."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID, uuid4

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wijkwerk.crypto.envelope import MAX_BYTES, Binding, beginning, key_id_of, open_, parse, seal
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.errors import OngeldigeInvoer

SECRET = bytes(range(32))
KEY = AESGCM(SECRET)
KEY_ID = UUID(int=7)
PLACE = Binding("notitie", UUID(int=1), UUID(int=2), "tekst", 3)

QUICK = settings(deadline=None)
names = st.text(max_size=20)
bindings = st.builds(Binding, names, st.uuids(), st.uuids(), names, st.integers(min_value=-(2**70), max_value=2**70))


@QUICK
@given(st.binary(max_size=2000), bindings, st.uuids())
def test_what_is_sealed_opens_to_the_same_bytes(plain: bytes, binding: Binding, key_id: UUID) -> None:
    blob = seal(KEY, key_id, plain, binding)
    assert key_id_of(blob) == key_id
    assert blob.startswith(beginning(key_id))
    assert open_(KEY, blob, binding) == plain


@QUICK
@given(st.binary(max_size=60), bindings, st.data())
def test_any_single_bit_that_flipped_does_not_open(plain: bytes, binding: Binding, data: st.DataObject) -> None:
    blob = bytearray(seal(KEY, KEY_ID, plain, binding))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Vervalst):
        open_(KEY, bytes(blob), binding)


def test_every_single_bit_of_one_value_counts() -> None:
    blob = seal(KEY, KEY_ID, b"gesprek", PLACE)
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Vervalst):
            open_(KEY, bytes(flipped), PLACE)


@QUICK
@given(bindings, bindings)
def test_a_value_does_not_open_in_any_other_place(here: Binding, there: Binding) -> None:
    assume(here != there)
    with pytest.raises(Vervalst):
        open_(KEY, seal(KEY, KEY_ID, b"geheim", here), there)


@pytest.mark.parametrize(
    "change",
    [{"table": "brief"}, {"gemeente": UUID(int=9)}, {"row": UUID(int=9)}, {"column": "titel"}, {"version": 4}],
    ids=lambda change: next(iter(change)),
)
def test_moving_to_another(change: dict[str, Any]) -> None:
    with pytest.raises(Vervalst):
        open_(KEY, seal(KEY, KEY_ID, b"geheim", PLACE), dataclasses.replace(PLACE, **change))


def test_names_that_run_together_are_different_places() -> None:
    one, other = dataclasses.replace(PLACE, table="ab", column="c"), dataclasses.replace(PLACE, table="a", column="bc")
    assert one.data() != other.data()


@QUICK
@given(st.binary(min_size=8, max_size=500))
def test_no_part_of_the_plain_text_is_in_the_blob(plain: bytes) -> None:
    assume(len(set(plain)) > 4)
    blob = seal(KEY, KEY_ID, plain, PLACE)
    assert not any(plain[at : at + 8] in blob for at in range(len(plain) - 7))


def test_sealing_twice_gives_different_bytes() -> None:
    assert seal(KEY, KEY_ID, b"geheim", PLACE) != seal(KEY, KEY_ID, b"geheim", PLACE)


def test_any_other_reader_of_rfc_9052_opens_it() -> None:
    item = cbor2.loads(seal(KEY, KEY_ID, b"geheim", PLACE))
    protected, unprotected, ciphertext = item.value
    external_aad = cbor2.dumps(["notitie", UUID(int=1).bytes, UUID(int=2).bytes, "tekst", 3])
    enc_structure = cbor2.dumps(["Encrypt0", protected, external_aad])
    assert item.tag == 16
    assert cbor2.loads(protected) == {1: 3, 4: KEY_ID.bytes}
    assert list(unprotected) == [5]
    assert AESGCM(SECRET).decrypt(unprotected[5], ciphertext, enc_structure) == b"geheim"


def test_another_key_does_not_open() -> None:
    with pytest.raises(Vervalst):
        open_(AESGCM(bytes(32)), seal(KEY, KEY_ID, b"geheim", PLACE), PLACE)


def changed(**change: Any) -> bytes:
    """A blob with one part of the standard's structure replaced."""
    sealed = parse(seal(KEY, KEY_ID, b"geheim", PLACE))
    parts: dict[str, Any] = {"protected": sealed.protected, "unprotected": {5: sealed.nonce}, "ciphertext": sealed.ciphertext, "tag": 16}
    parts |= change
    return cbor2.dumps(cbor2.CBORTag(parts["tag"], [parts["protected"], parts["unprotected"], parts["ciphertext"]]))


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x00",
        b"geen cbor",
        b"\x81" * 1000,
        cbor2.dumps([1, 2, 3]),
        cbor2.dumps(cbor2.CBORTag(16, [])),
        changed(tag=17),
        changed(protected={1: 3, 4: KEY_ID.bytes}),
        changed(protected=b""),
        changed(protected=cbor2.dumps({1: 1, 4: KEY_ID.bytes})),
        changed(protected=cbor2.dumps({1: 3, 4: b"kort"})),
        changed(protected=cbor2.dumps({1: 3})),
        changed(protected=cbor2.dumps({1: 3, 4: KEY_ID.bytes, 2: [1]})),
        changed(unprotected={}),
        changed(unprotected={5: b"kort"}),
        changed(unprotected={5: bytes(12), 4: b"x"}),
        changed(unprotected={5.0: bytes(12)}),
        changed(ciphertext=b"kort"),
        changed(ciphertext="tekst"),
        changed() + b"\x00",
        b"\xd8\x10" + changed()[1:],
    ],
    ids=lambda _: "vervalst",
)
def test_what_we_did_not_write_so_is_forged(blob: bytes) -> None:
    with pytest.raises(Vervalst):
        key_id_of(blob)
    with pytest.raises(Vervalst):
        open_(KEY, blob, PLACE)


@QUICK
@given(st.binary(max_size=200))
def test_random_bytes_are_forged_never_another_error(blob: bytes) -> None:
    with pytest.raises(Vervalst):
        open_(KEY, blob, PLACE)


@pytest.mark.parametrize("wrong", [None, 5, "tekst", uuid4()])
def test_something_else_than_bytes_is_forged(wrong: Any) -> None:
    with pytest.raises(Vervalst):
        open_(KEY, wrong, PLACE)


@QUICK
@given(st.data())
def test_a_value_that_is_cut_off_does_not_open(data: st.DataObject) -> None:
    blob = seal(KEY, KEY_ID, b"geheim gesprek", PLACE)
    with pytest.raises(Vervalst):
        open_(KEY, blob[: data.draw(st.integers(0, len(blob) - 1))], PLACE)


def test_a_value_that_is_too_big_is_refused_by_size_not_by_content() -> None:
    assert len(open_(KEY, seal(KEY, KEY_ID, bytes(MAX_BYTES), PLACE), PLACE)) == MAX_BYTES
    with pytest.raises(OngeldigeInvoer) as refused:
        seal(KEY, KEY_ID, bytes(MAX_BYTES + 1), PLACE)
    assert str(refused.value) == "Deze tekst of dit bestand is te groot. Verdeel het over meer delen."


def test_an_error_holds_nothing_of_the_value() -> None:
    blob = seal(KEY, KEY_ID, b"999990019", PLACE)
    with pytest.raises(Vervalst) as refused:
        open_(KEY, blob[:-1], PLACE)
    assert refused.value.code == "GEGEVENS_VERVALST"
    assert refused.value.__cause__ is None
    assert KEY_ID.hex not in str(refused.value)
