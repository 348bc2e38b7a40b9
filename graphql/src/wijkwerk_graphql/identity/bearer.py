"""A bearer token (RFC 6750, RFC 7519), valid here and now or not. Why not is for the log, never for the client."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, MissingClaimError, UnsupportedAlgorithmError

from wijkwerk.errors import NietAangemeld, OpstartFout
from wijkwerk.settings import IdentitySettings
from wijkwerk_graphql.identity.jwks import Sleutelbestand, Sleutels

MAX_TOKEN: Final = 8192
LEEWAY_SECONDS: Final = 30
MAX_SUB: Final = 200

_BEARER = re.compile(r"bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+) *", re.IGNORECASE)
# a key in the token itself (jwk, x5c), an address of one (jku, x5u) or a demand (crit) is never followed: what is not here is refused
_HEADER: Final = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_CLAIM_REASONS: Final = {"aud": "AUDIENCE_ONJUIST", "iss": "ISSUER_ONJUIST", "nbf": "TOKEN_NOG_NIET_GELDIG", "iat": "TOKEN_NOG_NIET_GELDIG"}


class _Algorithms(jws.JWSRegistry):
    """Only what is allowed, without joserfc's warning that EdDSA is the old name of Ed25519 (RFC 9864)."""

    def get_alg(self, name: str) -> Any:
        if not self.allowed or name not in self.allowed:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


class TokenGeweigerd(NietAangemeld):
    """No valid token. `reden` is a code for the log; to the client all refusals look alike."""

    def __init__(self, reden: str) -> None:
        super().__init__()
        self.reden = reden


class Tokencontrole:
    """Checks tokens of one issuer, for one audience."""

    def __init__(self, settings: IdentitySettings) -> None:
        """Raises OpstartFout without a usable JWKS file."""
        self._settings = settings
        self._bestand = Sleutelbestand(settings.jwks)

    def sub(self, authorization: Sequence[str], moment: datetime) -> str:
        """The subject of the token in the header(s) Authorization. Raises TokenGeweigerd for whatever is not a valid token."""
        token = _bearer(authorization)
        return self._claims(self._verified(token), moment)

    def _verified(self, token: str) -> dict[str, Any]:
        sleutels = self._sleutels()
        allowed = _allowed(_header(token), sleutels)
        try:
            return jwt.decode(token, sleutels.keys, registry=_Algorithms(algorithms=allowed)).claims
        except BadSignatureError:
            raise TokenGeweigerd("HANDTEKENING_ONJUIST") from None
        except Exception:
            raise TokenGeweigerd("TOKEN_ONLEESBAAR") from None

    def _sleutels(self) -> Sleutels:
        try:
            return self._bestand.sleutels()
        except OpstartFout:
            raise TokenGeweigerd("SLEUTELS_ONBRUIKBAAR") from None

    def _claims(self, claims: dict[str, Any], moment: datetime) -> str:
        registry = jwt.JWTClaimsRegistry(
            now=int(moment.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except ClaimError as error:
            raise TokenGeweigerd(_reason(error)) from None
        sub: str = claims["sub"]
        if len(sub) > MAX_SUB or not sub.isprintable():
            raise TokenGeweigerd("CLAIM_ONJUIST")
        return sub


def _bearer(authorization: Sequence[str]) -> str:
    if not authorization:
        raise TokenGeweigerd("TOKEN_ONTBREEKT")
    if len(authorization) > 1:
        raise TokenGeweigerd("TOKEN_ONLEESBAAR")
    if len(authorization[0]) > MAX_TOKEN:
        raise TokenGeweigerd("TOKEN_TE_GROOT")
    found = _BEARER.fullmatch(authorization[0])
    if found is None:
        raise TokenGeweigerd("TOKEN_ONLEESBAAR")
    return found[1]


def _header(token: str) -> dict[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
    except Exception:
        raise TokenGeweigerd("TOKEN_ONLEESBAAR") from None
    if not _HEADER.issuperset(header) or str(header.get("typ", "jwt")).lower() not in _TYPES:
        raise TokenGeweigerd("HEADER_GEWEIGERD")
    return header


def _allowed(header: dict[str, Any], sleutels: Sleutels) -> frozenset[str]:
    """The algorithms of the key that the token names. Raises TokenGeweigerd when the token names another key or algorithm."""
    kid = header.get("kid")
    if not isinstance(kid, str) or kid not in sleutels.algorithms:
        raise TokenGeweigerd("SLEUTEL_ONBEKEND")
    allowed, algorithm = sleutels.algorithms[kid], header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in allowed:
        raise TokenGeweigerd("ALGORITME_GEWEIGERD")
    return allowed


def _reason(error: ClaimError) -> str:
    if isinstance(error, ExpiredTokenError):
        return "TOKEN_VERLOPEN"
    if isinstance(error, MissingClaimError):
        return "CLAIM_ONTBREEKT"
    return _CLAIM_REASONS.get(error.claim, "CLAIM_ONJUIST")
