"""A root key in a token, in a real SoftHSM: it wraps, binds its context, and a token that goes away is an error until it is back."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pkcs11 import Attribute

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.pkcs11 import Pkcs11Provider
from wijkwerk.crypto.provider import RenewableProvider
from wijkwerk.crypto.token import TokenPlace
from wijkwerk.errors import SleutelsNietBereikbaar
from wijkwerk.testing.softhsm import SoftToken
from wijkwerk.testing.tokenbeheer import Tokenbeheer


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """What the operator reads in the log of the service since the last time."""
    lines = [(one.levelno, one.getMessage()) for one in caplog.records if one.name == "wijkwerk.crypto.pkcs11"]
    caplog.clear()
    return lines


def no_answer(why: str) -> tuple[int, str]:
    return logging.ERROR, f"het token geeft geen antwoord: {why}"


def test_what_is_wrapped_unwraps_with_the_same_context_in_another_process_too(place: TokenPlace, provider: Pkcs11Provider) -> None:
    key_id, blob = provider.wrap(b"s" * 32, b"context")
    assert key_id == provider.current_id() == Pkcs11Provider(place).current_id()
    assert len(blob) == 12 + 32 + 16
    assert b"s" * 8 not in blob
    assert Pkcs11Provider(place).unwrap(key_id, blob, b"context") == b"s" * 32
    assert provider.wrap(b"s" * 32, b"context")[1] != blob
    assert provider.plek == "Het token wijk"
    assert isinstance(provider, RenewableProvider)


def test_any_changed_byte_another_context_or_short_bytes_do_not_unwrap(provider: Pkcs11Provider) -> None:
    key_id, blob = provider.wrap(b"geheim", b"context")
    wrong = [(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :], b"context") for at in range(len(blob))]
    wrong += [(blob[:length], b"context") for length in (0, 5, 12, 27, 28, len(blob) - 1)] + [(blob + b"\x00", b"context")]
    for changed, context in [*wrong, (blob, b"anders"), (blob, b"")]:
        with pytest.raises(Vervalst):
            provider.unwrap(key_id, changed, context)
    assert provider.unwrap(key_id, blob, b"context") == b"geheim"


def test_the_format_is_that_of_aes_gcm_with_the_nonce_in_front(place: TokenPlace, beheer: Tokenbeheer) -> None:
    """Known answer: a key that we know in the token wraps what the library of everybody else opens."""
    beheer.put(b"k" * 32)
    key_id, blob = Pkcs11Provider(place).wrap(b"geheim", b"context")
    assert key_id == "00000001" + b"abcdefgh".hex()
    assert AESGCM(b"k" * 32).decrypt(blob[:12], blob[12:], b"context") == b"geheim"


def test_an_unknown_key_is_named_as_missing(provider: Pkcs11Provider) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    with pytest.raises(SleutelOntbreekt) as refused:
        provider.unwrap("00" * 12, blob, b"")
    assert refused.value.melding == (
        "De hoofdsleutel van deze gegevens staat niet op het token. "
        "Controleer de instellingen sleutels.token en sleutels.sleutel en start opnieuw."
    )
    assert provider.unwrap(key_id, blob, b"") == b"geheim"


def test_many_threads_and_two_providers_share_the_token(place: TokenPlace, provider: Pkcs11Provider) -> None:
    second = Pkcs11Provider(place)

    def both(number: int) -> bool:
        plain, context = os.urandom(32), str(number).encode()
        key_id, blob = (provider, second)[number % 2].wrap(plain, context)
        return (second, provider)[number % 2].unwrap(key_id, blob, context) == plain

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(both, range(64)))


def test_a_token_that_goes_away_is_an_error_until_it_is_back(
    provider: Pkcs11Provider, token: SoftToken, caplog: pytest.LogCaptureFixture
) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    token.away()
    tries: list[Callable[[], object]] = [lambda: provider.unwrap(key_id, blob, b""), lambda: provider.wrap(b"x", b""), provider.current_id]
    for attempt in [*tries, *tries]:
        with pytest.raises(SleutelsNietBereikbaar) as refused:
            attempt()
        assert "geheim" not in str(refused.value)
        assert said(caplog)[-1] == no_answer("GeneralError")
    token.back()
    assert provider.unwrap(key_id, blob, b"") == b"geheim"
    assert provider.wrap(b"x", b"")[0] == key_id
    assert said(caplog) == []


def test_a_session_that_another_one_ended_is_opened_again(
    provider: Pkcs11Provider, beheer: Tokenbeheer, caplog: pytest.LogCaptureFixture
) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    for _ in range(3):
        beheer.session()
        assert provider.unwrap(key_id, blob, b"") == b"geheim"
        [(_, line)] = said(caplog)
        assert line.endswith("HandleInvalid")


def test_a_pin_that_is_refused_later_is_not_tried_again(
    provider: Pkcs11Provider, token: SoftToken, caplog: pytest.LogCaptureFixture
) -> None:
    key_id, blob = provider.wrap(b"geheim", b"")
    token.away()
    with pytest.raises(SleutelsNietBereikbaar):
        provider.current_id()
    token.back()
    for pin in ("verkeerd", token.pin):
        said(caplog)
        token.pin_file.write_text(pin, encoding="utf-8")
        with pytest.raises(SleutelsNietBereikbaar):
            provider.unwrap(key_id, blob, b"")
        assert said(caplog) == [no_answer("PinIncorrect")]


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


def test_a_key_that_another_process_made_since_is_found_and_that_is_no_fault(
    provider: Pkcs11Provider, beheer: Tokenbeheer, caplog: pytest.LogCaptureFixture
) -> None:
    newer = b"\x00\x00\x00\x10abcdefgh"
    beheer.put(b"k" * 32, anew=False, ID=newer)
    nonce = b"n" * 12
    assert provider.unwrap(newer.hex(), nonce + AESGCM(b"k" * 32).encrypt(nonce, b"geheim", b""), b"") == b"geheim"
    assert said(caplog) == []
    assert int(provider.renew()[:8], 16) == 0x11


def test_an_old_generation_is_destroyed_and_the_newest_never(place: TokenPlace, provider: Pkcs11Provider) -> None:
    old, blob = provider.wrap(b"oud", b"")
    new = provider.renew()
    _, kept = provider.wrap(b"nieuw", b"")
    with pytest.raises(ValueError, match=r"^the newest generation wraps"):
        provider.destroy(new)
    assert provider.ids() == (old, new)
    for _ in range(2):
        provider.destroy(old)
        assert provider.unwrap(new, kept, b"") == b"nieuw"
    assert provider.ids() == Pkcs11Provider(place).ids() == (new,)
    for one in (provider, Pkcs11Provider(place)):
        with pytest.raises(SleutelOntbreekt):
            one.unwrap(old, blob, b"")


def test_a_token_that_was_emptied_while_we_ran_wraps_nothing(provider: Pkcs11Provider, beheer: Tokenbeheer) -> None:
    for found in beheer.session().get_objects():
        found.destroy()
    for attempt in (provider.current_id, lambda: provider.wrap(b"x", b"")):
        with pytest.raises(SleutelOntbreekt):
            attempt()


def test_a_key_that_is_not_closed_appearing_while_we_run_stops_us(provider: Pkcs11Provider, beheer: Tokenbeheer) -> None:
    beheer.make(template={Attribute.EXTRACTABLE: True})
    with pytest.raises(SleutelsNietBereikbaar):
        provider.wrap(b"x", b"")
