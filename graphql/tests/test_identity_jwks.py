"""The file with public keys: what may be in it, and that a change counts from the next request on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from wijkwerk.errors import OpstartFout
from wijkwerk.klok import StaandeKlok
from wijkwerk.settings import IdentitySettings
from wijkwerk_graphql.identity.bearer import Tokencontrole, TokenGeweigerd
from wijkwerk_graphql.identity.issuer import LokaleUitgever

NU = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
ED2 = OKPKey.generate_key("Ed25519", {"kid": "ed2"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
Key = ECKey | OKPKey | RSAKey


def public(*keys: Any) -> list[dict[str, Any]]:
    return [dict(key.as_dict(private=False)) for key in keys]


def control(folder: Path, entries: Any) -> Tokencontrole:
    path = folder / "jwks.json"
    path.write_bytes(entries if isinstance(entries, bytes) else orjson.dumps({"keys": entries}))
    return Tokencontrole(IdentitySettings(jwks=path))


def token(key: Key, algorithm: str) -> list[str]:
    settings = IdentitySettings()
    claims = {"iss": settings.issuer, "aud": settings.audience, "sub": "anna", "exp": int(NU.timestamp()) + 60}
    return [f"Bearer {jwt.encode({'alg': algorithm, 'kid': key.kid}, claims, key, algorithms=[algorithm])}"]


@pytest.mark.parametrize(
    ("key", "algorithm"), [(ED, "Ed25519"), (EC, "ES256"), (RSA, "RS256"), (RSA, "PS256")], ids=["Ed25519", "ES256", "RS256", "PS256"]
)
def test_each_kind_of_key_signs(tmp_path: Path, key: Key, algorithm: str) -> None:
    assert control(tmp_path, public(ED, EC, RSA)).sub(token(key, algorithm), NU) == "anna"


@pytest.mark.filterwarnings("ignore:EdDSA")
def test_the_old_name_of_ed25519_is_understood(tmp_path: Path) -> None:
    assert control(tmp_path, public(ED)).sub(token(ED, "EdDSA"), NU) == "anna"


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS384", "PS512"])
def test_other_algorithms_of_the_same_key_are_refused(tmp_path: Path, algorithm: str) -> None:
    with pytest.raises(TokenGeweigerd) as caught:
        control(tmp_path, public(RSA)).sub(token(RSA, algorithm), NU)
    assert caught.value.reden == "ALGORITME_GEWEIGERD"


def test_a_key_that_names_its_algorithm_has_no_other(tmp_path: Path) -> None:
    only = control(tmp_path, [{**public(RSA)[0], "alg": "PS256"}])
    assert only.sub(token(RSA, "PS256"), NU) == "anna"
    with pytest.raises(TokenGeweigerd):
        only.sub(token(RSA, "RS256"), NU)


WRONG: dict[str, Any] = {
    "empty file": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "no keys": b"{}",
    "keys no list": b'{"keys":{}}',
    "keys of text": b'{"keys":["x"]}',
    "no key": [],
    "shared secret": [*public(ED), OctKey.generate_key(256).as_dict(private=True)],
    "private key": [dict(ED.as_dict(private=True))],
    "no id": [{key: value for key, value in public(ED)[0].items() if key != "kid"}],
    "id twice": [*public(ED), {**public(ED2)[0], "kid": "ed"}],
    "id a number": [{**public(ED)[0], "kid": 1}],
    "damaged": [{**public(ED)[0], "x": "AAAA"}],
    "no value": [{"kty": "OKP", "crv": "Ed25519", "kid": "a"}],
    "weak RSA": [{"kty": "RSA", "kid": "a", "e": "AQAB", "n": "wVu4" * 43}],
    "only for encryption": [{**public(RSA)[0], "use": "enc"}],
    "only of a strange kind": [{"kty": "ANDERS", "kid": "a"}],
    "only of a strange curve": [{**public(EC)[0], "crv": "P-521"}],
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_stops_the_start(tmp_path: Path, fault: str) -> None:
    with pytest.raises(OpstartFout):
        control(tmp_path, WRONG[fault])


@pytest.mark.parametrize("path", [None, "weg.json", "."], ids=str)
def test_no_file_stops_the_start(tmp_path: Path, path: str | None) -> None:
    with pytest.raises(OpstartFout):
        Tokencontrole(IdentitySettings(jwks=None if path is None else tmp_path / path))


def test_keys_for_another_use_or_of_a_strange_kind_are_passed_over(tmp_path: Path) -> None:
    entries = [{**public(RSA)[0], "use": "enc", "kid": "x"}, {"kty": "ANDERS"}, *public(ED)]
    assert control(tmp_path, entries).sub(token(ED, "Ed25519"), NU) == "anna"


def test_a_key_that_is_taken_out_is_refused_from_then_on(tmp_path: Path) -> None:
    checked = control(tmp_path, public(ED))
    with pytest.raises(TokenGeweigerd):
        checked.sub(token(ED2, "Ed25519"), NU)
    (tmp_path / "jwks.json").write_bytes(orjson.dumps({"keys": public(ED2)}))
    os.utime(tmp_path / "jwks.json", ns=(1, 1))
    assert checked.sub(token(ED2, "Ed25519"), NU) == "anna"
    with pytest.raises(TokenGeweigerd):
        checked.sub(token(ED, "Ed25519"), NU)


@pytest.mark.parametrize("content", [b"", None], ids=["broken", "gone"])
def test_a_file_that_breaks_later_refuses_everybody_until_it_is_mended(tmp_path: Path, content: bytes | None) -> None:
    checked, path = control(tmp_path, public(ED)), tmp_path / "jwks.json"
    good = path.read_bytes()
    path.unlink() if content is None else path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(TokenGeweigerd) as caught:
            checked.sub(token(ED, "Ed25519"), NU)
        assert caught.value.reden == "SLEUTELS_ONBRUIKBAAR"
    path.write_bytes(good)
    assert checked.sub(token(ED, "Ed25519"), NU) == "anna"


def test_the_local_issuer_keeps_its_key_to_itself(tmp_path: Path) -> None:
    settings = IdentitySettings(jwks=tmp_path / "jwks.json")
    klok = StaandeKlok(NU)
    first = LokaleUitgever.open(tmp_path / "sleutel.json", settings).token("anna", klok)
    again = LokaleUitgever.open(tmp_path / "sleutel.json", settings)
    assert (tmp_path / "sleutel.json").stat().st_mode & 0o777 == 0o600
    assert '"d"' not in (tmp_path / "jwks.json").read_text()
    checked = Tokencontrole(settings)
    assert {checked.sub([f"Bearer {one}"], NU) for one in (first, again.token("anna", klok))} == {"anna"}
    with pytest.raises(TokenGeweigerd):
        checked.sub([f"Bearer {again.token('anna', klok, timedelta(minutes=1))}"], NU + timedelta(minutes=2))


def test_the_local_issuer_needs_a_place_for_its_public_key(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JWKS"):
        LokaleUitgever.open(tmp_path / "sleutel.json", IdentitySettings())
    assert list(tmp_path.iterdir()) == []
