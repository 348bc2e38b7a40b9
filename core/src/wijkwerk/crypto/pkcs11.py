"""A root key in a token of PKCS#11: a hardware security module, or software that speaks like one (docs/beheer/sleutels.md).

The key is AES-256, sensitive and not extractable: the token encrypts and decrypts (CKM_AES_GCM), and nobody can read the key, nor can we.
Its id is CKA_ID in hex: four bytes generation, eight random bytes. Keys with our label are ours; the highest id wraps.

Needs the extra `wijkwerk[pkcs11]`; imported only where a token is chosen.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar, cast

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, PKCS11Error, SecretKey, Session
from pkcs11.mechanisms import GCMParams
from pkcs11.types import DecryptMixin, EncryptMixin

from wijkwerk.crypto.envelope import NONCE_BYTES
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.secretfile import read_secret
from wijkwerk.errors import OpstartFout, SleutelsNietBereikbaar

T = TypeVar("T")

GENERATION_BYTES, RANDOM_BYTES, TAG_BYTES = 4, 8, 16
MAX_PIN_BYTES: Final = 256
_AES_BITS: Final = 256
_ENCRYPTS: Final = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
_PIN_REFUSED: Final = (
    pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked, pkcs11.PinExpired, pkcs11.UserPinNotInitialized,
)  # fmt: skip
_LOGGER: Final = logging.getLogger(__name__)

# A module is told that one thread uses it, and to begin anew ends all sessions of this process: one call at a time, for all providers.
_alone: Final = Lock()


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a root key is: the library of the maker, the label of the token, the label of the key, and the file with the PIN."""

    module: Path
    token: str
    label: str
    pin_file: Path

    def __str__(self) -> str:
        return f"Het token {self.token}"


class Pkcs11Provider:
    """Wraps in a token. A session that was lost is opened again, once per call; a PIN that was refused is not tried a second time,
    because a token locks after a few. Raises `OpstartFout` when the token can't be reached or has no key that can be trusted."""

    def __init__(self, place: TokenPlace) -> None:
        self._place = place
        self._pin_refused = False
        with _alone:
            self._session: Session | None = _session(place)
            self._keys = _trusted(self._session, place)
        if not self._keys:
            raise OpstartFout(_no_key(place))

    @property
    def plek(self) -> str:
        return str(self._place)

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        nonce = os.urandom(NONCE_BYTES)

        def work(session: Session) -> tuple[str, bytes]:
            key_id, key = self._newest(session)
            return key_id, nonce + _encrypt(key, nonce, plain, context)

        return self._on_token(work)

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        if len(blob) < NONCE_BYTES + TAG_BYTES:
            raise Vervalst

        def work(session: Session) -> bytes:
            if key_id not in self._keys:
                self._keys = _trusted(session, self._place)
            if key_id not in self._keys:
                raise pkcs11.NoSuchKey
            return _decrypt(self._keys[key_id], blob[:NONCE_BYTES], blob[NONCE_BYTES:], context)

        return self._on_token(work)

    def current_id(self) -> str:
        return self._on_token(self._newest)[0]

    def ids(self) -> tuple[str, ...]:
        def work(session: Session) -> tuple[str, ...]:
            self._keys = _trusted(session, self._place)
            return tuple(sorted(self._keys))

        return self._on_token(work)

    def renew(self) -> str:
        def work(session: Session) -> str:
            return _make(session, self._place, _trusted(session, self._place))

        return self._on_token(work)

    def destroy(self, key_id: str) -> None:
        def work(session: Session) -> None:
            if self._newest(session)[0] == key_id:
                raise ValueError("the newest generation wraps: it can't be destroyed")
            if key_id in self._keys:
                with session.token.open(rw=True) as writing:
                    _trusted(writing, self._place)[key_id].destroy()
            self._keys = _trusted(session, self._place)

        self._on_token(work)

    def _newest(self, session: Session) -> tuple[str, SecretKey]:
        """Asked anew each time: another process may have made one."""
        self._keys = _trusted(session, self._place)
        if not self._keys:
            raise pkcs11.NoSuchKey
        return max(self._keys.items())

    def _on_token(self, work: Callable[[Session], T]) -> T:
        """`work` in our session; when that fails, once more in a new one: a token that was away shows no keys, or any fault.

        Raises `SleutelsNietBereikbaar`, and `SleutelOntbreekt` when the token is there and the key is not.
        """
        with _alone:
            if self._session is not None:
                try:
                    return work(self._session)
                except (PKCS11Error, OpstartFout) as error:
                    self._lost(error)
            try:
                return work(self._reopened())
            except pkcs11.NoSuchKey:
                te_doen = "Controleer de instellingen sleutels.token en sleutels.sleutel en start opnieuw."
                raise SleutelOntbreekt(f"De hoofdsleutel van deze gegevens staat niet op het token. {te_doen}") from None
            except (PKCS11Error, OpstartFout) as error:
                self._lost(error)
                raise SleutelsNietBereikbaar from None

    def _lost(self, error: Exception) -> None:
        _LOGGER.error("het token geeft geen antwoord: %s", type(error.__cause__ or error).__name__)
        self._session, self._keys = None, {}

    def _reopened(self) -> Session:
        if self._pin_refused:
            raise OpstartFout(_pin_refused(self._place))
        try:
            self._session = _session(self._place)
        except OpstartFout as error:
            self._pin_refused = isinstance(error.__cause__, _PIN_REFUSED)
            raise
        self._keys = _trusted(self._session, self._place)
        return self._session


def make_first_key(place: TokenPlace) -> str:
    """Make the root key of a new installation in the token: its id. Raises `OpstartFout` when it has a key with this label already."""
    with _alone:
        session = _session(place)
        if _trusted(session, place):
            raise OpstartFout(f"{place} heeft al een sleutel met de naam {place.label}. Er is niets veranderd.")
        try:
            return _make(session, place, {})
        except PKCS11Error as error:
            te_doen = "Vraag de beheerder van het token of deze gebruiker een sleutel mag maken."
            raise OpstartFout(f"{place} maakt geen sleutel ({type(error).__name__}). {te_doen}") from error


def _make(session: Session, place: TokenPlace, present: Collection[str]) -> str:
    generation = max((int(key_id[: 2 * GENERATION_BYTES], 16) for key_id in present), default=0) + 1
    key_id = generation.to_bytes(GENERATION_BYTES, "big") + os.urandom(RANDOM_BYTES)
    never = (Attribute.EXTRACTABLE, Attribute.SIGN, Attribute.VERIFY, Attribute.WRAP, Attribute.UNWRAP, Attribute.DERIVE)
    template = {Attribute.SENSITIVE: True, Attribute.PRIVATE: True, **dict.fromkeys(never, False)}
    # logged in already, in the first session: a login is of the process (PKCS#11 2.40, 2.6)
    with session.token.open(rw=True) as writing:
        writing.generate_key(KeyType.AES, _AES_BITS, id=key_id, label=place.label, store=True, capabilities=_ENCRYPTS, template=template)
    return key_id.hex()


def _session(place: TokenPlace) -> Session:
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
    if isinstance(error, _PIN_REFUSED):
        return _pin_refused(place)
    return f"{place} geeft een storing ({type(error).__name__}). Controleer het token en de module {place.module} en start opnieuw."


def _pin_refused(place: TokenPlace) -> str:
    let_op = "Let op: na een paar keer een verkeerde pincode gaat een token op slot."
    return f"{place} weigert de pincode uit het bestand {place.pin_file}. Zet daar de goede pincode in en start opnieuw. {let_op}"


def _no_key(place: TokenPlace) -> str:
    te_doen = (
        "Sluit het goede token aan of verander sleutels.sleutel. Bij een nieuwe installatie: maak de sleutel met `wijkwerk keys init`."
    )
    return f"{place} heeft geen sleutel met de naam {place.label}. {te_doen}"


def _pin(place: TokenPlace) -> str:
    wat = "Het bestand met de pincode"
    try:
        pin = read_secret(place.pin_file, wat, MAX_PIN_BYTES).decode().rstrip("\r\n")
    except OSError:
        raise OpstartFout(f"{wat} {place.pin_file} kan niet worden gelezen. Controleer sleutels.pin_file en de rechten.") from None
    except UnicodeDecodeError:
        pin = ""
    if not 0 < len(pin) <= MAX_PIN_BYTES:
        raise OpstartFout(f"In {wat.lower()} {place.pin_file} staat geen pincode. Zet er alleen de pincode in en start opnieuw.")
    return pin


def _trusted(session: Session, place: TokenPlace) -> Mapping[str, SecretKey]:
    """The keys with our label by id. Raises `OpstartFout` for one that could leave the token, can't do our work, or has another's id."""
    found: dict[str, SecretKey] = {}
    for one in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: place.label}):
        key = cast(SecretKey, one)
        key_id = bytes(key[Attribute.ID])
        if len(key_id) != GENERATION_BYTES + RANDOM_BYTES or key_id.hex() in found or not _closed(key):
            eis = "AES-256, gevoelig, niet uit het token te halen, en met een eigen nummer van 12 bytes"
            raise OpstartFout(f"{place} heeft een sleutel met de naam {place.label} die niet voldoet. Nodig is: {eis}.")
        found[key_id.hex()] = key
    return found


def _closed(key: SecretKey) -> bool:
    right = key[Attribute.KEY_TYPE] == KeyType.AES and key[Attribute.VALUE_LEN] * 8 == _AES_BITS
    return bool(right and key[Attribute.SENSITIVE] and not key[Attribute.EXTRACTABLE])


def _encrypt(key: SecretKey, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    return cast(bytes, cast(EncryptMixin, key).encrypt(plain, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, context)))


def _decrypt(key: SecretKey, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    """A token says of changed bytes what it says of a fault: when it still encrypts, it were the bytes."""
    try:
        return cast(bytes, cast(DecryptMixin, key).decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, context)))
    except PKCS11Error:
        _encrypt(key, os.urandom(NONCE_BYTES), b"", b"")
        raise Vervalst from None


def _gcm(nonce: bytes, context: bytes) -> GCMParams:
    return GCMParams(nonce, context, TAG_BYTES * 8)
