"""Cursors are sealed: nobody can read one (it holds a name or a date), make one, or use one of somebody else or of another list."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Self
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk_graphql.schema.problems import CursorOngeldig

KEY_NAME = "cursor"
_NONCE, _MAX = 12, 2_000
_KINDS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "waar": (bool, lambda given: "1" if given else "", bool),  # before a number, which it is as well in Python
    "leeg": (type(None), lambda value: "", lambda text: None),
    "moment": (datetime, datetime.isoformat, datetime.fromisoformat),
    "dag": (date, date.isoformat, date.fromisoformat),
    "id": (UUID, lambda value: str(value), UUID),
    "datum": (Datum, lambda value: str(value.cijfers), Datum.lees),
    "tekst": (str, str, str),
    "getal": (int, str, int),
}


@dataclass(frozen=True, slots=True)
class Zegel:
    """Seals and opens the places of one list for one user."""

    key: AESGCM
    binding: bytes

    @classmethod
    def of(cls, reader: Reader, lijst: str, order: Sequence[str]) -> Self:
        """The seal of this reader's user for the list with this name, in this order."""
        key = reader.keyring.mac_key(reader.connection, KEY_NAME)
        bound = orjson.dumps([reader.actor.gemeente.hex, reader.actor.gebruiker.hex, lijst, list(order)])
        return cls(AESGCM(key), bound)

    def seal(self, place: Sequence[Any]) -> str:
        """A cursor for the row whose order columns and id are these."""
        nonce = os.urandom(_NONCE)
        plain = orjson.dumps([_written(value) for value in place])
        return urlsafe_b64encode(nonce + self.key.encrypt(nonce, plain, self.binding)).decode()

    def open(self, cursor: str) -> list[Any]:
        """The place that was sealed. Raises CursorOngeldig for anything that this seal did not make."""
        if len(cursor) > _MAX:
            raise CursorOngeldig(veld="after")
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii"))
            plain = self.key.decrypt(raw[:_NONCE], raw[_NONCE:], self.binding)
        except (Error, ValueError, InvalidTag):
            raise CursorOngeldig(veld="after") from None
        return [_KINDS[kind][2](text) for kind, text in orjson.loads(plain)]


def _written(value: Any) -> tuple[str, str]:
    plain = value.value if isinstance(value, Enum) else value
    for name, (kind, write, _) in _KINDS.items():
        if isinstance(plain, kind):
            return name, write(plain)
    raise TypeError(f"a list can't be ordered by a {type(value).__name__}")
