"""Tokens: every fault is 401 with the same answer, a reason in the log, and nothing happened."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from wijkwerk_graphql.testing import Dienst

pytestmark = pytest.mark.anyio
VRAAG = b'{"query":"{ik{activiteit}}"}'

REFUSED = {"errors": [{"message": "U bent niet aangemeld. Meld u opnieuw aan.", "extensions": {"code": "NIET_AANGEMELD"}}]}


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Vervalser:
    """Makes tokens that are wrong in one way."""

    def __init__(self, dienst: Dienst) -> None:
        self.dienst = dienst
        self.jwk = orjson.loads((dienst.folder / "uitgever.json").read_bytes())
        self.key: Any = OKPKey.import_key(self.jwk).private_key
        self.now = int(dienst.klok.nu().timestamp())
        self.header = {"alg": "Ed25519", "kid": self.jwk["kid"], "typ": "at+jwt"}
        settings = dienst.wijkwerk.settings.identity
        self.claims = {"iss": settings.issuer, "aud": settings.audience, "sub": "anna", "iat": self.now, "exp": self.now + 3600}

    def raw(self, header: bytes, claims: bytes, sign: Callable[[bytes], bytes] | None = None) -> str:
        signing = f"{b64(header)}.{b64(claims)}"
        return f"{signing}.{b64((sign or self.key.sign)(signing.encode()))}"

    def token(self, *, sign: Callable[[bytes], bytes] | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        merged = {key: value for key, value in {**self.claims, **claims}.items() if value is not ...}
        shown = {key: value for key, value in {**self.header, **(header or {})}.items() if value is not ...}
        return self.raw(orjson.dumps(shown), orjson.dumps(merged), sign)

    def respelled(self, old: bytes, new: bytes) -> str:
        return self.raw(orjson.dumps(self.header), orjson.dumps(self.claims).replace(old, new))

    def confused(self, algorithm: str, which: int) -> str:
        return self.token(header={"alg": algorithm}, sign=hmac_of(self.public_bytes()[which]))

    def public_bytes(self) -> list[bytes]:
        """Ways to write the public key that a confused library might take as a shared secret."""
        public, der, pem = self.key.public_key(), serialization.PublicFormat.SubjectPublicKeyInfo, serialization.Encoding.PEM
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return [raw, public.public_bytes(pem, der), self.jwk["x"].encode(), (self.dienst.folder / "jwks.json").read_bytes()]


def hmac_of(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda signing: hmac.new(secret, signing, hashlib.sha256).digest()


OTHER = Ed25519PrivateKey.generate()
OTHER_JWK = {"kty": "OKP", "crv": "Ed25519", "x": b64(OTHER.public_key().public_bytes_raw()), "kid": "van-mij"}

FAULTS: dict[str, tuple[str, Callable[[Vervalser], str]]] = {
    "key of another": ("HANDTEKENING_ONJUIST", lambda v: v.token(sign=OTHER.sign)),
    "changed claims": ("HANDTEKENING_ONJUIST", lambda v: v.token(sub="fatima").rpartition(".")[0] + "." + v.token().rpartition(".")[2]),
    "empty signature": ("TOKEN_ONLEESBAAR", lambda v: v.token().rpartition(".")[0] + "."),
    "alg none": ("ALGORITME_GEWEIGERD", lambda v: v.token(header={"alg": "none"}, sign=lambda _: b"x")),
    "alg none, no signature": ("TOKEN_ONLEESBAAR", lambda v: v.token(header={"alg": "none"}, sign=lambda _: b"")),
    "alg NONE": ("ALGORITME_GEWEIGERD", lambda v: v.token(header={"alg": "NONE"})),
    "alg absent": ("TOKEN_ONLEESBAAR", lambda v: v.token(header={"alg": ...})),
    "alg a list": ("ALGORITME_GEWEIGERD", lambda v: v.token(header={"alg": ["Ed25519"]})),
    "alg of another kind of key": ("ALGORITME_GEWEIGERD", lambda v: v.token(header={"alg": "RS256"})),
    "public key (raw) as shared secret": (
        "ALGORITME_GEWEIGERD",
        lambda v: v.confused("HS256", 0),
    ),
    "public key (PEM) as shared secret": (
        "ALGORITME_GEWEIGERD",
        lambda v: v.confused("HS256", 1),
    ),
    "public key (x) as shared secret": (
        "ALGORITME_GEWEIGERD",
        lambda v: v.confused("HS256", 2),
    ),
    "JWKS as shared secret": ("ALGORITME_GEWEIGERD", lambda v: v.confused("HS512", 3)),
    "HMAC under its right name": ("HANDTEKENING_ONJUIST", lambda v: v.token(sign=hmac_of(v.public_bytes()[0]))),
    "kid of nobody": ("SLEUTEL_ONBEKEND", lambda v: v.token(header={"kid": "van-mij"}, sign=OTHER.sign)),
    "kid absent": ("SLEUTEL_ONBEKEND", lambda v: v.token(header={"kid": ...})),
    "kid a path": ("SLEUTEL_ONBEKEND", lambda v: v.token(header={"kid": "../../dev/null"}, sign=hmac_of(b""))),
    "kid a list": ("SLEUTEL_ONBEKEND", lambda v: v.token(header={"kid": [v.jwk["kid"]]})),
    "key inside the token": ("HEADER_GEWEIGERD", lambda v: v.token(header={"jwk": OTHER_JWK, "kid": "van-mij"}, sign=OTHER.sign)),
    "key inside, kid of ours": ("HEADER_GEWEIGERD", lambda v: v.token(header={"jwk": OTHER_JWK}, sign=OTHER.sign)),
    "key behind an address": ("HEADER_GEWEIGERD", lambda v: v.token(header={"jku": f"http://127.0.0.1:{v.dienst.port}/healthz"})),
    "certificate inside": ("HEADER_GEWEIGERD", lambda v: v.token(header={"x5c": ["AAAA"]})),
    "crit": ("HEADER_GEWEIGERD", lambda v: v.token(header={"crit": ["exp"]})),
    "crit b64": ("HEADER_GEWEIGERD", lambda v: v.token(header={"crit": ["b64"], "b64": False})),
    "encrypted": ("HEADER_GEWEIGERD", lambda v: v.token(header={"enc": "A128GCM", "alg": "dir"})),
    "another type": ("HEADER_GEWEIGERD", lambda v: v.token(header={"typ": "logout+jwt"})),
    "expired": ("TOKEN_VERLOPEN", lambda v: v.token(exp=v.now - 31)),
    "expired on the dot": ("TOKEN_VERLOPEN", lambda v: v.token(exp=v.now - 30)),
    "without end": ("CLAIM_ONTBREEKT", lambda v: v.token(exp=...)),
    "end a text": ("CLAIM_ONJUIST", lambda v: v.token(exp=str(v.now + 60))),
    "end true": ("CLAIM_ONJUIST", lambda v: v.token(exp=True)),
    "end a list": ("CLAIM_ONJUIST", lambda v: v.token(exp=[v.now + 60])),
    "not yet": ("TOKEN_NOG_NIET_GELDIG", lambda v: v.token(nbf=v.now + 31)),
    "made in the future": ("TOKEN_NOG_NIET_GELDIG", lambda v: v.token(iat=v.now + 31)),
    "for another": ("AUDIENCE_ONJUIST", lambda v: v.token(aud="ander-systeem")),
    "for others": ("AUDIENCE_ONJUIST", lambda v: v.token(aud=["ander-systeem", "wijkwerk2"])),
    "for nobody": ("AUDIENCE_ONJUIST", lambda v: v.token(aud=[])),
    "audience absent": ("CLAIM_ONTBREEKT", lambda v: v.token(aud=...)),
    "audience in an object": ("AUDIENCE_ONJUIST", lambda v: v.token(aud={"wijkwerk": 1})),
    "of another issuer": ("ISSUER_ONJUIST", lambda v: v.token(iss="https://issuer.wijkwerk.example/")),
    "issuer absent": ("CLAIM_ONTBREEKT", lambda v: v.token(iss=...)),
    "issuer a list": ("ISSUER_ONJUIST", lambda v: v.token(iss=[v.claims["iss"]])),
    "subject absent": ("CLAIM_ONTBREEKT", lambda v: v.token(sub=...)),
    "subject empty": ("CLAIM_ONJUIST", lambda v: v.token(sub="")),
    "subject a number": ("CLAIM_ONJUIST", lambda v: v.token(sub=1)),
    "subject with NUL": ("CLAIM_ONJUIST", lambda v: v.token(sub="anna\0")),
    "subject too long": ("CLAIM_ONJUIST", lambda v: v.token(sub="a" * 201)),
    "subject half a character": (
        "CLAIM_ONJUIST",
        lambda v: v.respelled(b"anna", b"\\ud800"),
    ),
    "subject unknown": ("GEBRUIKER_ONBEKEND", lambda v: v.token(sub="niemand")),
    "subject with other capitals": ("GEBRUIKER_ONBEKEND", lambda v: v.token(sub="Anna")),
    "claims a list": ("TOKEN_ONLEESBAAR", lambda v: v.raw(orjson.dumps(v.header), b"[]")),
    "claims no JSON": ("TOKEN_ONLEESBAAR", lambda v: v.raw(orjson.dumps(v.header), b"{")),
    "claims nested": ("TOKEN_ONLEESBAAR", lambda v: v.raw(orjson.dumps(v.header), b"[" * 5000)),
    "header a list": ("TOKEN_ONLEESBAAR", lambda v: v.raw(b"[]", orjson.dumps(v.claims))),
    "header nested": ("TOKEN_ONLEESBAAR", lambda v: v.raw(b"[" * 5000, b"{}")),
    "huge": ("TOKEN_TE_GROOT", lambda v: v.token(vulling="x" * 8192)),
    "two parts": ("TOKEN_ONLEESBAAR", lambda v: v.token().rpartition(".")[0]),
    "five parts": ("TOKEN_ONLEESBAAR", lambda v: v.token() + ".a.b"),
    "with a space": ("TOKEN_ONLEESBAAR", lambda v: v.token() + " x"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_faulty_token_is_refused_alike_and_logged_and_nothing_happens(dienst: Dienst, trace: str, fault: str) -> None:
    reason, make = FAULTS[fault]
    token = make(Vervalser(dienst))
    before = len(await dienst.gelezen())
    answer = await dienst.post(Authorization=f"Bearer {token}", traceparent=f"00-{trace}-{'1' * 16}-01")
    assert (answer.status_code, answer.json()) == (401, REFUSED)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert len(await dienst.gelezen()) == before
    [regel] = await dienst.regels(trace)
    assert (regel["gebeurtenis"], regel["resultaat"], regel["code"]) == ("AANMELDING_GEWEIGERD", "GEWEIGERD", reason)
    assert "gebruiker" not in regel
    assert not token or token not in str(regel)


@pytest.mark.parametrize("header", ["", "Basic YW5uYTp4", "Bearer", "Token x", "bearer", "Bearer ,", "Bearer é"])
async def test_without_a_bearer_token_it_is_refused_alike(dienst: Dienst, trace: str, header: str) -> None:
    common = [(b"Content-Type", b"application/json"), (b"traceparent", f"00-{trace}-{'1' * 16}-01".encode())]
    given = [(b"Authorization", header.encode())] if header else []
    answer = await dienst.client.post("/graphql", content=b'{"query":"{ik{activiteit}}"}', headers=[*common, *given])
    assert (answer.status_code, answer.json()) == (401, REFUSED)
    [regel] = await dienst.regels(trace)
    assert regel["code"] == ("TOKEN_ONLEESBAAR" if header else "TOKEN_ONTBREEKT")


async def test_two_tokens_are_no_token(dienst: Dienst) -> None:
    pairs = [("Authorization", f"Bearer {dienst.token()}")] * 2
    answer = await dienst.client.post("/graphql", content=VRAAG, headers=[*pairs, ("Content-Type", "application/json")])
    assert (answer.status_code, answer.json()) == (401, REFUSED)


@pytest.mark.parametrize(
    "change",
    [{"exp": -29}, {"exp": 1.5}, {"nbf": 30}, {"iat": 30}],
    ids=["just expired", "a fraction", "clock ahead", "made just now"],
)
async def test_a_clock_may_differ_by_half_a_minute(dienst: Dienst, change: dict[str, Any]) -> None:
    forger = Vervalser(dienst)
    moments: dict[str, Any] = {name: forger.now + seconds for name, seconds in change.items()}
    token = forger.token(**moments)
    assert (await dienst.post(Authorization=f"Bearer {token}")).status_code == 200


async def test_the_old_name_of_the_algorithm_is_another(dienst: Dienst) -> None:
    """The JWKS file of the local issuer names Ed25519; a key that names one algorithm allows no other."""
    token = Vervalser(dienst).token(header={"alg": "EdDSA"})
    assert (await dienst.post(Authorization=f"Bearer {token}")).status_code == 401


async def test_a_list_of_audiences_with_us_in_it_is_for_us(dienst: Dienst) -> None:
    token = Vervalser(dienst).token(aud=["ander-systeem", "wijkwerk"])
    assert (await dienst.post(Authorization=f"bearer   {token}")).status_code == 200
