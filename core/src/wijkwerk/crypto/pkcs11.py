"""A root key in a token of PKCS#11: a hardware security module, or software that speaks like one (docs/beheer/sleutels.md).

The token encrypts and decrypts (CKM_AES_GCM), and nobody can read the key, nor can we. Keys with our label are ours; the highest id wraps.
Needs the extra `wijkwerk[pkcs11]`; imported only where a token is chosen.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeVar

import pkcs11
from pkcs11 import Mechanism, PKCS11Error, Session
from pkcs11.mechanisms import GCMParams

from wijkwerk.crypto.envelope import NONCE_BYTES
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.token import PIN_REFUSED, RootKey, TokenPlace, make_key, no_key, open_session, trusted_keys
from wijkwerk.errors import OpstartFout, SleutelsNietBereikbaar

T = TypeVar("T")

_LOGGER: Final = logging.getLogger(__name__)

# A module is told that one thread uses it, and to begin anew ends all sessions of this process: one call at a time, for all providers.
_alone: Final = Lock()


class Pkcs11Provider:
    """Wraps in a token. A session that was lost is opened again, once per call; a PIN that was refused is not tried a second time,
    because a token locks after a few. Raises `OpstartFout` when the token can't be reached or has no key that can be trusted."""

    def __init__(self, place: TokenPlace) -> None:
        self._place = place
        self._pin_refused: type[BaseException] | None = None
        with _alone:
            self._session: Session | None = open_session(place)
            self._keys = trusted_keys(self._session, place)
        if not self._keys:
            raise OpstartFout(no_key(place))

    @property
    def plek(self) -> str:
        return str(self._place)

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        def work(session: Session) -> tuple[str, bytes]:
            key_id, key = self._newest(session)
            return key_id, _encrypt(key, plain, context)

        return self._on_token(work)

    def unwrap(self, key_id: str, blob: bytes, context: bytes) -> bytes:
        def work(session: Session) -> bytes:
            if key_id not in self._keys:
                self._keys = trusted_keys(session, self._place)
            if key_id not in self._keys:
                raise pkcs11.NoSuchKey
            return _decrypt(self._keys[key_id], blob, context)

        return self._on_token(work)

    def current_id(self) -> str:
        return self._on_token(self._newest)[0]

    def ids(self) -> tuple[str, ...]:
        def work(session: Session) -> tuple[str, ...]:
            self._keys = trusted_keys(session, self._place)
            return tuple(sorted(self._keys))

        return self._on_token(work)

    def renew(self) -> str:
        def work(session: Session) -> str:
            return make_key(session, self._place, trusted_keys(session, self._place))

        return self._on_token(work)

    def destroy(self, key_id: str) -> None:
        def work(session: Session) -> None:
            if self._newest(session)[0] == key_id:
                raise ValueError("the newest generation wraps: it can't be destroyed")
            if key_id in self._keys:
                with session.token.open(rw=True) as writing:
                    trusted_keys(writing, self._place)[key_id].destroy()
            self._keys = trusted_keys(session, self._place)

        self._on_token(work)

    def _newest(self, session: Session) -> tuple[str, RootKey]:
        """Asked anew each time: another process may have made one."""
        self._keys = trusted_keys(session, self._place)
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
        if self._pin_refused is not None:
            raise self._pin_refused
        try:
            self._session = open_session(self._place)
        except OpstartFout as error:
            if isinstance(error.__cause__, PIN_REFUSED):
                self._pin_refused = type(error.__cause__)
            raise
        self._keys = trusted_keys(self._session, self._place)
        return self._session


def make_first_key(place: TokenPlace) -> str:
    """Make the root key of a new installation in the token: its id. Raises `OpstartFout` when it has a key with this label already."""
    with _alone:
        session = open_session(place)
        if trusted_keys(session, place):
            raise OpstartFout(f"{place} heeft al een sleutel met de naam {place.label}. Er is niets veranderd.")
        try:
            return make_key(session, place, {})
        except PKCS11Error as error:
            te_doen = "Vraag de beheerder van het token of deze gebruiker een sleutel mag maken."
            raise OpstartFout(f"{place} maakt geen sleutel ({type(error).__name__}). {te_doen}") from error


def _encrypt(key: RootKey, plain: bytes, context: bytes) -> bytes:
    """12 bytes nonce, then what the token made of `plain`, with a tag of 16 bytes."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(plain, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context))


def _decrypt(key: RootKey, blob: bytes, context: bytes) -> bytes:
    """A token says of changed bytes what it says of a fault: when it still encrypts something, it were the bytes."""
    nonce, sealed = blob[:NONCE_BYTES], blob[NONCE_BYTES:]
    try:
        return key.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context))
    except PKCS11Error:
        _encrypt(key, blob, context)  # pragma: no mutate - the outcome is thrown away: any context will do
        raise Vervalst from None
