"""A root key in a token, in a real SoftHSM: it never leaves and binds its context; a token that goes away is an error until it is back."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pkcs11 import Attribute, KeyType, Session

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.pkcs11 import Pkcs11Provider, make_first_key
from wijkwerk.crypto.provider import RenewableProvider
from wijkwerk.crypto.token import TokenPlace
from wijkwerk.errors import OpstartFout, SleutelsNietBereikbaar
from wijkwerk.testing.softhsm import SoftToken

CLOSED = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}


@pytest.fixture
def place(token: SoftToken) -> TokenPlace:
    assert token.sleutels.module is not None
    return TokenPlace(token.sleutels.module, token.label, "wijkwerk", token.pin_file)


@pytest.fixture
def provider(place: TokenPlace) -> Pkcs11Provider:
    make_first_key(place)
    return Pkcs11Provider(place)


def logged_in(place: TokenPlace, token: SoftToken) -> Session:
    """A look at the token beside the provider, which loses its session by that."""
    module = pkcs11.lib(str(place.module))
    module.reinitialize()
    return module.get_token(token_label=place.token).open(rw=True, user_pin=token.pin)


def put_key(place: TokenPlace, token: SoftToken, **changed: Any) -> None:
    wanted: dict[str, Any] = {"key_length": 256, "id": b"\x00\x00\x00\x09andersss", "label": "wijkwerk", "template": CLOSED, **changed}
    logged_in(place, token).generate_key(KeyType.AES, store=True, **wanted)


def test_what_is_wrapped_unwraps_with_the_same_context_in_another_process_too(place: TokenPlace, provider: Pkcs11Provider) -> None:
    key_id, blob = provider.wrap(b"s" * 32, b"context")
    assert key_id == provider.current_id() == Pkcs11Provider(place).current_id()
    assert len(blob) == 12 + 32 + 16
    assert b"s" * 8 not in blob
    assert Pkcs11Provider(place).unwrap(key_id, blob, b"context") == b"s" * 32
    assert provider.wrap(b"s" * 32, b"context")[1] != blob
    assert provider.plek == "Het token wijk"
    assert isinstance(provider, RenewableProvider)


def test_the_key_is_closed_for_everybody_and_encrypts_only(place: TokenPlace, provider: Pkcs11Provider, token: SoftToken) -> None:
    key: Any = logged_in(place, token).get_key(label="wijkwerk")
    assert [key[one] for one in (Attribute.SENSITIVE, Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.PRIVATE)] == [
        True
    ] * 4
    assert [key[one] for one in (Attribute.EXTRACTABLE, Attribute.WRAP, Attribute.UNWRAP, Attribute.SIGN, Attribute.DERIVE)] == [False] * 5
    assert (key[Attribute.VALUE_LEN], key[Attribute.ENCRYPT], key[Attribute.DECRYPT]) == (32, True, True)
    assert key[Attribute.ID].hex() == provider.current_id()
    with pytest.raises(pkcs11.AttributeSensitive):
        _ = key[Attribute.VALUE]


def test_any_changed_byte_another_context_or_short_bytes_do_not_unwrap(provider: Pkcs11Provider) -> None:
    key_id, blob = provider.wrap(b"geheim", b"context")
    wrong = [(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :], b"context") for at in range(len(blob))]
    wrong += [(blob[:length], b"context") for length in (0, 5, 12, 27, 28, len(blob) - 1)] + [(blob + b"\x00", b"context")]
    for changed, context in [*wrong, (blob, b"anders"), (blob, b"")]:
        with pytest.raises(Vervalst):
            provider.unwrap(key_id, changed, context)
    assert provider.unwrap(key_id, blob, b"context") == b"geheim"


def test_the_format_is_that_of_aes_gcm_with_the_nonce_in_front(place: TokenPlace, token: SoftToken) -> None:
    """Known answer: a key that we know in the token wraps what the library of everybody else opens."""
    logged_in(place, token).create_object({
        Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: b"k" * 32, Attribute.TOKEN: True,
        Attribute.LABEL: "wijkwerk", Attribute.ID: b"\x00\x00\x00\x01abcdefgh", Attribute.ENCRYPT: True, Attribute.DECRYPT: True, **CLOSED,
    })  # fmt: skip
    key_id, blob = Pkcs11Provider(place).wrap(b"geheim", b"context")
    assert key_id == "00000001" + b"abcdefgh".hex()
    assert AESGCM(b"k" * 32).decrypt(blob[:12], blob[12:], b"context") == b"geheim"


def test_an_unknown_key_is_named_as_missing(provider: Pkcs11Provider) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    with pytest.raises(SleutelOntbreekt, match="token"):
        provider.unwrap("00" * 12, blob, b"")
    assert provider.unwrap(key_id, blob, b"") == b"geheim"


def test_many_threads_and_two_providers_share_the_token(place: TokenPlace, provider: Pkcs11Provider) -> None:
    second = Pkcs11Provider(place)

    def both(number: int) -> bool:
        plain, context = os.urandom(32), str(number).encode()
        key_id, blob = (provider, second)[number % 2].wrap(plain, context)
        return (second, provider)[number % 2].unwrap(key_id, blob, context) == plain

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(both, range(64)))


def test_a_token_that_goes_away_is_an_error_until_it_is_back(provider: Pkcs11Provider, token: SoftToken) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    token.away()
    tries: list[Callable[[], object]] = [lambda: provider.unwrap(key_id, blob, b""), lambda: provider.wrap(b"x", b""), provider.current_id]
    for attempt in [*tries, *tries]:
        with pytest.raises(SleutelsNietBereikbaar) as refused:
            attempt()
        assert "geheim" not in str(refused.value)
    token.back()
    assert provider.unwrap(key_id, blob, b"") == b"geheim"
    assert provider.wrap(b"x", b"")[0] == key_id


def test_a_session_that_another_one_ended_is_opened_again(place: TokenPlace, provider: Pkcs11Provider, token: SoftToken) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    for _ in range(3):
        logged_in(place, token)
        assert provider.unwrap(key_id, blob, b"") == b"geheim"


def test_a_pin_that_is_refused_later_is_not_tried_again(provider: Pkcs11Provider, token: SoftToken) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    token.away()
    with pytest.raises(SleutelsNietBereikbaar):
        provider.current_id()
    token.pin_file.write_text("verkeerd", encoding="utf-8")
    token.back()
    with pytest.raises(SleutelsNietBereikbaar):
        provider.unwrap(key_id, blob, b"")
    token.pin_file.write_text(token.pin, encoding="utf-8")
    with pytest.raises(SleutelsNietBereikbaar):
        provider.unwrap(key_id, blob, b"")


def test_a_new_generation_wraps_and_the_old_one_still_unwraps_in_every_process(place: TokenPlace, provider: Pkcs11Provider) -> None:
    other = Pkcs11Provider(place)
    old, blob = provider.wrap(b"oud", b"")
    new = provider.renew()
    assert (int(old[:8], 16), int(new[:8], 16)) == (1, 2)
    assert provider.ids() == other.ids() == (old, new)
    assert provider.current_id() == other.current_id() == new
    other_old, other_blob = other.wrap(b"nieuw", b"")
    assert other_old == new
    assert (provider.unwrap(old, blob, b""), provider.unwrap(new, other_blob, b"")) == (b"oud", b"nieuw")


def test_an_old_generation_is_destroyed_and_the_newest_never(place: TokenPlace, provider: Pkcs11Provider) -> None:
    old, blob = provider.wrap(b"oud", b"")
    new = provider.renew()
    with pytest.raises(ValueError, match="newest"):
        provider.destroy(new)
    assert provider.ids() == (old, new)
    provider.destroy(old)
    provider.destroy(old)
    assert provider.ids() == Pkcs11Provider(place).ids() == (new,)
    for one in (provider, Pkcs11Provider(place)):
        with pytest.raises(SleutelOntbreekt):
            one.unwrap(old, blob, b"")


def test_a_token_that_was_emptied_while_we_ran_wraps_nothing(place: TokenPlace, provider: Pkcs11Provider, token: SoftToken) -> None:
    for found in logged_in(place, token).get_objects():
        found.destroy()
    for attempt in (provider.current_id, lambda: provider.wrap(b"x", b"")):
        with pytest.raises(SleutelOntbreekt):
            attempt()


def test_a_key_that_is_not_closed_appearing_while_we_run_stops_us(place: TokenPlace, provider: Pkcs11Provider, token: SoftToken) -> None:
    put_key(place, token, template={Attribute.EXTRACTABLE: True})
    with pytest.raises(SleutelsNietBereikbaar):
        provider.wrap(b"x", b"")


def test_the_first_key_is_made_once(place: TokenPlace) -> None:
    with pytest.raises(OpstartFout, match="keys init"):
        Pkcs11Provider(place)
    made = make_first_key(place)
    with pytest.raises(OpstartFout, match="heeft al een sleutel"):
        make_first_key(place)
    assert Pkcs11Provider(place).ids() == (made,)


def test_a_token_that_can_not_be_written_says_that_no_key_was_made(
    place: TokenPlace, token: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise pkcs11.TokenWriteProtected

    monkeypatch.setattr("wijkwerk.crypto.pkcs11.make_key", refuse)
    with pytest.raises(OpstartFout, match="TokenWriteProtected"):
        make_first_key(place)


WRONG_KEYS = {
    "extractable": {"template": {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: True}},
    "readable": {"template": {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: False}},
    "too short": {"key_length": 128},
    "no id": {"id": b""},
    "an id of another length": {"id": b"\x01"},
}


@pytest.mark.parametrize("changed", WRONG_KEYS.values(), ids=WRONG_KEYS)
def test_a_key_that_can_not_be_trusted_is_refused(place: TokenPlace, token: SoftToken, changed: dict[str, Any]) -> None:
    put_key(place, token, **changed)
    with pytest.raises(OpstartFout, match="voldoet"):
        Pkcs11Provider(place)


def test_two_keys_with_one_id_and_a_key_of_another_kind_are_refused(place: TokenPlace, token: SoftToken) -> None:
    put_key(place, token)
    put_key(place, token)
    with pytest.raises(OpstartFout, match="voldoet"):
        Pkcs11Provider(place)
    other = TokenPlace(place.module, place.token, "ander", place.pin_file)
    logged_in(place, token).create_object({
        Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.GENERIC_SECRET, Attribute.VALUE: b"k" * 32,
        Attribute.TOKEN: True, Attribute.LABEL: "ander", Attribute.ID: b"\x00\x00\x00\x01abcdefgh", **CLOSED,
    })  # fmt: skip
    with pytest.raises(OpstartFout, match="voldoet"):
        Pkcs11Provider(other)


def test_a_pin_that_is_wrong_is_tried_once_and_not_shown(place: TokenPlace, token: SoftToken) -> None:
    make_first_key(place)
    for wrong in ("verkeerd-1", "x"):
        token.pin_file.write_text(wrong, encoding="utf-8")
        with pytest.raises(OpstartFout, match="weigert de pincode") as refused:
            Pkcs11Provider(place)
        assert str(token.pin_file) in refused.value.melding
        assert wrong == "x" or wrong not in refused.value.melding


def test_a_pin_file_that_can_not_be_trusted_is_refused(place: TokenPlace, token: SoftToken, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(token.pin_file)
    with pytest.raises(OpstartFout, match="link"):
        Pkcs11Provider(TokenPlace(place.module, place.token, place.label, link))
    with pytest.raises(OpstartFout, match="kan niet worden gelezen"):
        Pkcs11Provider(TokenPlace(place.module, place.token, place.label, tmp_path / "weg"))
    for content in (b"", b"\n", b"\xff\xfe", b"1" * 257):
        token.pin_file.write_bytes(content)
        with pytest.raises(OpstartFout, match="staat geen pincode"):
            Pkcs11Provider(place)
    token.pin_file.chmod(0o640)
    with pytest.raises(OpstartFout, match="chmod 600"):
        Pkcs11Provider(place)


def test_a_token_or_module_that_is_not_there_is_named(place: TokenPlace, token: SoftToken, tmp_path: Path) -> None:
    absent, no_module = tmp_path / "weg.so", tmp_path / "geen.so"
    no_module.write_bytes(b"geen bibliotheek")
    tries = {
        "Het token ander is er niet": TokenPlace(place.module, "ander", place.label, place.pin_file),
        f"De module {absent} is er niet": TokenPlace(absent, place.token, place.label, place.pin_file),
        "geeft een storing": TokenPlace(no_module, place.token, place.label, place.pin_file),
    }
    for said, wrong in tries.items():
        with pytest.raises(OpstartFout, match=said):
            Pkcs11Provider(wrong)
    token.add(token.label)
    with pytest.raises(OpstartFout, match="meer dan één keer"):
        Pkcs11Provider(place)
