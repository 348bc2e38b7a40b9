"""The start with a token, in a real SoftHSM: which keys are made and trusted, and what is said about a token that can not be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType
from pkcs11.attributes import AttributeMapper

from wijkwerk.crypto.pkcs11 import Pkcs11Provider, make_first_key
from wijkwerk.crypto.token import TokenPlace
from wijkwerk.errors import OpstartFout
from wijkwerk.testing.softhsm import SoftToken
from wijkwerk.testing.tokenbeheer import Tokenbeheer


def refused(place: TokenPlace) -> str:
    """What the operator reads when the service does not start."""
    with pytest.raises(OpstartFout) as error:
        Pkcs11Provider(place)
    return error.value.melding


def test_the_key_is_closed_for_everybody_and_encrypts_only(provider: Pkcs11Provider, beheer: Tokenbeheer) -> None:
    key = beheer.key()
    closed = (Attribute.SENSITIVE, Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.PRIVATE)
    never = (Attribute.EXTRACTABLE, Attribute.WRAP, Attribute.UNWRAP, Attribute.SIGN, Attribute.VERIFY, Attribute.DERIVE)
    assert ({key[one] for one in closed}, {key[one] for one in never}) == ({True}, {False})
    assert (key[Attribute.VALUE_LEN], key[Attribute.ENCRYPT], key[Attribute.DECRYPT]) == (32, True, True)
    assert key[Attribute.ID].hex() == provider.current_id()
    with pytest.raises(pkcs11.AttributeSensitive):
        _ = key[Attribute.VALUE]


def test_the_key_is_closed_also_in_a_token_that_makes_open_keys_unless_it_is_told(
    place: TokenPlace, beheer: Tokenbeheer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = AttributeMapper.__init__

    def lax(mapper: AttributeMapper) -> None:
        made(mapper)
        mapper.default_secret_key_template |= {Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: False, Attribute.PRIVATE: False}

    monkeypatch.setattr(AttributeMapper, "__init__", lax)
    make_first_key(place)
    key = beheer.key()
    assert (key[Attribute.EXTRACTABLE], key[Attribute.SENSITIVE], key[Attribute.PRIVATE]) == (False, True, True)


def test_the_first_key_is_made_once(place: TokenPlace) -> None:
    assert refused(place) == (
        "Het token wijk heeft geen sleutel met de naam wijkwerk. Sluit het goede token aan of verander sleutels.sleutel. "
        "Bij een nieuwe installatie: maak de sleutel met `wijkwerk keys init`."
    )
    made = make_first_key(place)
    with pytest.raises(OpstartFout) as error:
        make_first_key(place)
    assert error.value.melding == "Het token wijk heeft al een sleutel met de naam wijkwerk. Er is niets veranderd."
    assert Pkcs11Provider(place).ids() == (made,)


def test_a_token_that_can_not_be_written_says_that_no_key_was_made(place: TokenPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise pkcs11.TokenWriteProtected

    monkeypatch.setattr("wijkwerk.crypto.pkcs11.make_key", refuse)
    with pytest.raises(OpstartFout) as error:
        make_first_key(place)
    te_doen = "Vraag de beheerder van het token of deze gebruiker een sleutel mag maken."
    assert error.value.melding == f"Het token wijk maakt geen sleutel (TokenWriteProtected). {te_doen}"


WRONG_KEYS = {
    "extractable": {"template": {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: True}},
    "readable": {"template": {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: False}},
    "too short": {"key_length": 128},
    "no id": {"id": b""},
    "an id of another length": {"id": b"\x01"},
}
NOT_TRUSTED = (
    "Het token wijk heeft een sleutel met de naam wijkwerk die niet voldoet. "
    "Nodig is: AES-256, gevoelig, niet uit het token te halen, en met een eigen nummer van 12 bytes."
)


@pytest.mark.parametrize("changed", WRONG_KEYS.values(), ids=WRONG_KEYS)
def test_a_key_that_can_not_be_trusted_is_refused(place: TokenPlace, beheer: Tokenbeheer, changed: dict[str, Any]) -> None:
    beheer.make(**changed)
    assert refused(place) == NOT_TRUSTED


def test_two_keys_with_one_id_are_refused(place: TokenPlace, beheer: Tokenbeheer) -> None:
    for _ in range(2):
        beheer.make()
    assert refused(place) == NOT_TRUSTED


def test_a_key_of_another_kind_is_refused(place: TokenPlace, beheer: Tokenbeheer) -> None:
    beheer.put(b"k" * 32, KEY_TYPE=KeyType.GENERIC_SECRET)
    assert refused(place) == NOT_TRUSTED


def test_a_key_with_another_label_is_not_ours(place: TokenPlace, beheer: Tokenbeheer) -> None:
    made = make_first_key(place)
    beheer.make(label="ander", key_length=128)
    assert Pkcs11Provider(place).ids() == (made,)


def test_a_pin_that_is_wrong_is_tried_once_and_not_shown(place: TokenPlace, token: SoftToken) -> None:
    make_first_key(place)
    for wrong in ("verkeerd-1", "x"):
        token.pin_file.write_text(wrong, encoding="utf-8")
        assert refused(place) == (
            f"Het token wijk weigert de pincode uit het bestand {token.pin_file}. Zet daar de goede pincode in en start opnieuw. "
            "Let op: na een paar keer een verkeerde pincode gaat een token op slot."
        )


def test_a_pin_file_that_can_not_be_trusted_is_refused(place: TokenPlace, token: SoftToken, tmp_path: Path) -> None:
    link, absent = tmp_path / "link", tmp_path / "weg"
    link.symlink_to(token.pin_file)
    said = f"Het bestand met de pincode {link} is een link. Zet het bestand zelf op deze plek en start opnieuw."
    assert refused(replace(place, pin_file=link)) == said
    said = f"Het bestand met de pincode {absent} kan niet worden gelezen. Controleer sleutels.pin_file en de rechten."
    assert refused(replace(place, pin_file=absent)) == said
    said = f"In het bestand met de pincode {token.pin_file} staat geen pincode. Zet er alleen de pincode in en start opnieuw."
    for content in (b"", b"\n", b"\xff\xfe"):
        token.pin_file.write_bytes(content)
        assert refused(place) == said
    token.pin_file.write_bytes(b"1" * 257)
    assert refused(place) == f"Het bestand met de pincode {token.pin_file} is te groot. Controleer het pad en start opnieuw."
    token.pin_file.chmod(0o640)
    assert refused(place).endswith(f"(chmod 600 {token.pin_file}) en start opnieuw.")


def test_a_pin_is_all_of_the_file_but_the_end_of_the_line(place: TokenPlace, token: SoftToken, beheer: Tokenbeheer) -> None:
    made, old = make_first_key(place), token.pin
    for pin in (f"{old} ", f"{old}X"):
        replace(beheer, pin=old).session().set_pin(old, pin)
        for end in ("", "\n", "\r\n"):
            token.pin_file.write_bytes((pin + end).encode())
            assert Pkcs11Provider(place).ids() == (made,)
        old = pin
    for wrong in (b"1" * 256, b"\n" + old.encode(), b" ", token.pin.encode()):
        token.pin_file.write_bytes(wrong)
        assert "weigert de pincode" in refused(place)


def test_a_token_or_module_that_is_not_there_is_named(place: TokenPlace, token: SoftToken, tmp_path: Path) -> None:
    absent, no_module = tmp_path / "weg.so", tmp_path / "geen.so"
    no_module.write_bytes(b"geen bibliotheek")
    te_doen = "Installeer de software van het token, of verander sleutels.module."
    assert refused(replace(place, module=absent)) == f"De module {absent} is er niet. {te_doen}"
    te_doen = f"Controleer het token en de module {no_module} en start opnieuw."
    assert refused(replace(place, module=no_module)) == f"Het token wijk geeft een storing (PKCS11Error). {te_doen}"
    te_doen = "Sluit het aan, of verander sleutels.token, en start opnieuw."
    assert refused(replace(place, token="ander")) == f"Het token ander is er niet. {te_doen}"
    token.add(token.label)
    assert refused(place) == "Het token wijk is er meer dan één keer. Geef elk token een eigen naam en start opnieuw."
