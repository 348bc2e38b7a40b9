"""A token of PKCS#11: the way in, and the keys in it that can be trusted.

A key of ours is AES-256, sensitive and not extractable. Its id is CKA_ID in hex: four bytes generation, eight random bytes.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, PKCS11Error, Session
from pkcs11.mechanisms import GCMParams

from wijkwerk.crypto.secretfile import read_secret
from wijkwerk.errors import OpstartFout

GENERATION_BYTES, RANDOM_BYTES = 4, 8
MAX_PIN_BYTES: Final = 256
_AES_BITS: Final = 256
_ENCRYPTS: Final = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
PIN_REFUSED: Final = (
    pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked, pkcs11.PinExpired, pkcs11.UserPinNotInitialized,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a root key is: the library of the maker, the label of the token, the label of the key, and the file with the PIN."""

    module: Path
    token: str
    label: str
    pin_file: Path

    def __str__(self) -> str:
        return f"Het token {self.token}"


class RootKey(Protocol):
    """What a key object of ours can do; the library makes its class while running, from what the token says of the key."""

    def __getitem__(self, attribute: Attribute) -> Any:
        """What the token tells about the key."""
        ...

    def encrypt(self, data: bytes, *, mechanism: Mechanism, mechanism_param: GCMParams) -> bytes:
        """Sealed bytes with the tag at the end. Raises PKCS11Error."""
        ...

    def decrypt(self, data: bytes, *, mechanism: Mechanism, mechanism_param: GCMParams) -> bytes:
        """The plain bytes. Raises PKCS11Error, also when they were changed."""
        ...

    def destroy(self) -> None:
        """Take the key out of the token for good."""
        ...


def open_session(place: TokenPlace) -> Session:
    """A new session, logged in; the module begins anew, so that a token that was away is seen again. Raises `OpstartFout`."""
    pin = _pin(place)
    if not place.module.is_file():
        raise OpstartFout(f"De module {place.module} is er niet. Installeer de software van het token, of verander sleutels.module.")
    try:
        module = pkcs11.lib(str(place.module))
        module.reinitialize()
        return module.get_token(token_label=place.token).open(user_pin=pin)
    except PKCS11Error as error:
        raise OpstartFout(_why(place, error)) from error


def _why(place: TokenPlace, error: PKCS11Error) -> str:
    if isinstance(error, pkcs11.NoSuchToken):
        return f"{place} is er niet. Sluit het aan, of verander sleutels.token, en start opnieuw."
    if isinstance(error, pkcs11.MultipleTokensReturned):
        return f"{place} is er meer dan één keer. Geef elk token een eigen naam en start opnieuw."
    if isinstance(error, PIN_REFUSED):
        let_op = "Let op: na een paar keer een verkeerde pincode gaat een token op slot."
        return f"{place} weigert de pincode uit het bestand {place.pin_file}. Zet daar de goede pincode in en start opnieuw. {let_op}"
    return f"{place} geeft een storing ({type(error).__name__}). Controleer het token en de module {place.module} en start opnieuw."


def no_key(place: TokenPlace) -> str:
    """What to do about a token without our key."""
    te_doen = (
        "Sluit het goede token aan of verander sleutels.sleutel. Bij een nieuwe installatie: maak de sleutel met `wijkwerk keys init`."
    )
    return f"{place} heeft geen sleutel met de naam {place.label}. {te_doen}"


def _pin(place: TokenPlace) -> str:
    wat = "Het bestand met de pincode"
    geen_pin = f"In {wat.lower()} {place.pin_file} staat geen pincode. Zet er alleen de pincode in en start opnieuw."
    try:
        pin = read_secret(place.pin_file, wat, MAX_PIN_BYTES).decode().rstrip("\r\n")
    except OSError:
        raise OpstartFout(f"{wat} {place.pin_file} kan niet worden gelezen. Controleer sleutels.pin_file en de rechten.") from None
    except UnicodeDecodeError:
        raise OpstartFout(geen_pin) from None
    if not pin:
        raise OpstartFout(geen_pin)
    return pin


def trusted_keys(session: Session, place: TokenPlace) -> Mapping[str, RootKey]:
    """The keys with our label by id. Raises `OpstartFout` for one that could leave the token, can't do our work, or has another's id."""
    ours = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: place.label}
    objects: list[Any] = list(session.get_objects(ours))  # the search ends before one is judged
    found: dict[str, RootKey] = {}
    for key in objects:
        key_id = bytes(key[Attribute.ID])
        if len(key_id) != GENERATION_BYTES + RANDOM_BYTES or key_id.hex() in found or not _closed(key):
            eis = "AES-256, gevoelig, niet uit het token te halen, en met een eigen nummer van 12 bytes"
            raise OpstartFout(f"{place} heeft een sleutel met de naam {place.label} die niet voldoet. Nodig is: {eis}.")
        found[key_id.hex()] = key
    return found


def _closed(key: RootKey) -> bool:
    right = key[Attribute.KEY_TYPE] == KeyType.AES and key[Attribute.VALUE_LEN] * 8 == _AES_BITS
    return bool(right and key[Attribute.SENSITIVE] and not key[Attribute.EXTRACTABLE])


def make_key(session: Session, place: TokenPlace, present: Collection[str]) -> str:
    """Make the generation after those that are `present`: its id."""
    generation = max((int(key_id[: 2 * GENERATION_BYTES], 16) for key_id in present), default=0) + 1
    key_id = generation.to_bytes(GENERATION_BYTES) + os.urandom(RANDOM_BYTES)
    closed = {Attribute.SENSITIVE: True, Attribute.PRIVATE: True, Attribute.EXTRACTABLE: False}
    # logged in already, in the first session: a login is of the process (PKCS#11 2.40, 2.6)
    with session.token.open(rw=True) as writing:
        writing.generate_key(KeyType.AES, _AES_BITS, id=key_id, label=place.label, store=True, capabilities=_ENCRYPTS, template=closed)
    return key_id.hex()
