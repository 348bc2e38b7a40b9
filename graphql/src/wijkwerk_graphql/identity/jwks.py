"""The public keys that tokens are signed with: a JWKS file (RFC 7517), read again when it changes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from wijkwerk.errors import OpstartFout

MAX_FILE_BYTES: Final = 262_144
MIN_RSA_BITS: Final = 2048

Key = ECKey | OKPKey | RSAKey


@dataclass(frozen=True, slots=True)
class Sleutels:
    """Keys, and per key id the algorithms that its key may be used with. The token never chooses."""

    keys: KeySet
    algorithms: Mapping[str, frozenset[str]]


class Sleutelbestand:
    """The keys of the issuer. A key that is taken out of the file is refused from the next request on."""

    def __init__(self, path: Path | None) -> None:
        """Raises OpstartFout when there is no file, or it holds anything else than usable public keys."""
        if path is None:
            raise OpstartFout("Er zijn geen sleutels om tokens te controleren. Zet WIJKWERK_IDENTITY__JWKS op een JWKS-bestand.")
        self._path = path
        self._seen = self._state()
        self._sleutels = load(path)

    def sleutels(self) -> Sleutels:
        """The keys as they are in the file now. Raises OpstartFout when the file was broken since."""
        state = self._state()
        if state != self._seen:
            self._sleutels, self._seen = load(self._path), state
        return self._sleutels

    def _state(self) -> tuple[int, int, int]:
        try:
            status = self._path.stat()
        except OSError:
            raise _unusable("kan niet worden gelezen. Controleer het pad en de rechten") from None
        return status.st_mtime_ns, status.st_size, status.st_ino


def load(path: Path) -> Sleutels:
    """The signing keys in a file. Keys for another use or of another kind are passed over (RFC 7517, 5).

    Raises OpstartFout for a secret or private key, a key without an id of its own, a weak key, or a file without a usable key.
    """
    algorithms: dict[str, frozenset[str]] = {}
    keys: list[Any] = []
    for jwk in _entries(path):
        key = _key(jwk)
        if key is None:
            continue
        kid = jwk.get("kid")
        if not isinstance(kid, str) or not kid or kid in algorithms:
            raise _unusable("heeft een sleutel zonder eigen 'kid'. Geef elke sleutel een eigen kenmerk")
        algorithms[kid] = _algorithms(key, jwk)
        keys.append(key)
    if not keys:
        raise _unusable("heeft geen bruikbare openbare sleutel")
    return Sleutels(KeySet(keys), algorithms)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            content = orjson.loads(file.read(MAX_FILE_BYTES))
    except (OSError, ValueError):
        raise _unusable("kan niet worden gelezen") from None
    entries = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _unusable("is geen JWKS")
    return entries


def _key(jwk: dict[str, Any]) -> Key | None:
    if jwk.get("kty") == "oct" or "d" in jwk:
        raise _unusable("bevat een geheime sleutel. Zet er alleen openbare sleutels in, en vervang deze sleutel")
    if jwk.get("use", "sig") != "sig":
        return None
    try:
        # joserfc warns about a short RSA key; here it is refused
        with warnings.catch_warnings(action="error"):
            return _import(jwk)
    except Exception:
        raise _unusable("bevat een sleutel die niet klopt of te zwak is") from None


def _import(jwk: dict[str, Any]) -> Key | None:
    kind = jwk.get("kty"), jwk.get("crv")
    if kind == ("OKP", "Ed25519"):
        return OKPKey.import_key(jwk)
    if kind == ("EC", "P-256"):
        return ECKey.import_key(jwk)
    if kind[0] != "RSA":
        return None
    rsa = RSAKey.import_key(jwk)
    if rsa.public_key.key_size < MIN_RSA_BITS:
        raise ValueError("too short")
    return rsa


def _algorithms(key: Key, jwk: dict[str, Any]) -> frozenset[str]:
    """What the key is made for; only that one algorithm if the JWK names one."""
    possible = {"OKP": {"EdDSA", "Ed25519"}, "EC": {"ES256"}, "RSA": {"RS256", "PS256"}}[key.key_type]
    return frozenset(possible & {jwk["alg"]} if "alg" in jwk else possible)


def _unusable(why: str) -> OpstartFout:
    return OpstartFout(f"Het JWKS-bestand {why}.")
