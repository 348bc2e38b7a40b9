"""A local issuer of tokens, FOR THE DEMO AND FOR TESTS ONLY: whoever can read its key file can be anybody.

In production tokens come from the municipality's identity provider (OIDC), and `wijkwerk serve` gets only its public keys.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Final, Self

import orjson
from joserfc import jwt
from joserfc.jwk import OKPKey

from wijkwerk.klok import Klok
from wijkwerk.settings import IdentitySettings

LIFETIME: Final = timedelta(hours=1)
_ALGORITHM: Final = "Ed25519"


class LokaleUitgever:
    """Signs tokens with an Ed25519 key in a file that only its owner can read. For the demo and for tests only."""

    def __init__(self, key: OKPKey, settings: IdentitySettings) -> None:
        self._key, self._settings = key, settings

    @classmethod
    def open(cls, key_file: Path, settings: IdentitySettings) -> Self:
        """The issuer with the key in `key_file` (made when absent). Writes the JWKS file that `settings.jwks` names."""
        if settings.jwks is None:
            raise ValueError("the settings name no JWKS file")
        key = _read(key_file) if key_file.exists() else _make(key_file)
        public = {**key.as_dict(private=False), "use": "sig", "alg": _ALGORITHM}
        settings.jwks.write_bytes(orjson.dumps({"keys": [public]}))
        return cls(key, settings)

    def token(self, sub: str, klok: Klok, lifetime: timedelta = LIFETIME) -> str:
        """A token for this subject, valid from now for `lifetime`."""
        now = klok.nu()
        moments = {"iat": int(now.timestamp()), "exp": int((now + lifetime).timestamp())}
        claims = {"iss": self._settings.issuer, "aud": self._settings.audience, "sub": sub, **moments}
        header = {"alg": _ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


def _make(path: Path) -> OKPKey:
    key = OKPKey.generate_key("Ed25519")
    key.ensure_kid()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(orjson.dumps(key.as_dict(private=True)))
    return key


def _read(path: Path) -> OKPKey:
    key = OKPKey.import_key(orjson.loads(path.read_bytes()))
    key.ensure_kid()
    return key
