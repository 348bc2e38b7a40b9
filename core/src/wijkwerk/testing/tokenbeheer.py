"""The administrator of a token of PKCS#11, for tests: a look inside it, and keys in it, beside the provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass, Session

from ..crypto.token import TokenPlace


@dataclass(frozen=True)
class Tokenbeheer:
    """Logs in as another program does, `anew`, by which the provider of this process loses its session; or looks while it is logged in."""

    place: TokenPlace
    pin: str

    def session(self, *, anew: bool = True) -> Session:
        module = pkcs11.lib(str(self.place.module))
        if anew:
            module.reinitialize()
        return module.get_token(token_label=self.place.token).open(rw=True, user_pin=self.pin if anew else None)

    def key(self) -> Any:
        return self.session().get_key(label=self.place.label)

    def make(self, **changed: Any) -> None:
        """A key that is like ours, but for what is given."""
        closed = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
        wanted = {"key_length": 256, "id": b"\x00\x00\x00\x09andersss", "label": self.place.label, "template": closed, **changed}
        self.session().generate_key(KeyType.AES, store=True, **wanted)

    def put(self, value: bytes, *, anew: bool = True, **changed: Any) -> None:
        """A key of which the bytes are known; `changed` by the name of the attribute."""
        attributes = {
            Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: value, Attribute.TOKEN: True,
            Attribute.LABEL: self.place.label, Attribute.ID: b"\x00\x00\x00\x01abcdefgh", Attribute.ENCRYPT: True, Attribute.DECRYPT: True,
            Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False,
        }  # fmt: skip
        self.session(anew=anew).create_object({**attributes, **{Attribute[name]: value for name, value in changed.items()}})
