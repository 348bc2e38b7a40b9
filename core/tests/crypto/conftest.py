"""A token for a root key, its administrator, and a provider that wraps in it."""

from __future__ import annotations

import pytest

from wijkwerk.crypto.pkcs11 import Pkcs11Provider, make_first_key
from wijkwerk.crypto.token import TokenPlace
from wijkwerk.testing.softhsm import SoftToken
from wijkwerk.testing.tokenbeheer import Tokenbeheer


@pytest.fixture
def place(token: SoftToken) -> TokenPlace:
    assert token.sleutels.module is not None
    return TokenPlace(token.sleutels.module, token.label, "wijkwerk", token.pin_file)


@pytest.fixture
def beheer(place: TokenPlace, token: SoftToken) -> Tokenbeheer:
    return Tokenbeheer(place, token.pin)


@pytest.fixture
def provider(place: TokenPlace) -> Pkcs11Provider:
    make_first_key(place)
    return Pkcs11Provider(place)
