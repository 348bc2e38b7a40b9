"""The address that a mail comes back to when it can't be delivered (VERP): it says which mail, and nobody else can make one."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID

from wijkwerk.app import Wijkwerk
from wijkwerk.post.smtp_verbinding import retour_domein

_SLEUTEL: Final = "bounce"
_BYTES: Final = 10
_ADRES: Final = re.compile(r"bounce\+([0-9a-f]{32})-([a-z2-7]{16})@([a-z0-9.-]{1,253})")


@dataclass(frozen=True, slots=True)
class Retour:
    """Makes and reads these addresses. In small letters and digits alone: servers on the way may change capitals."""

    domein: str
    _sleutel: bytes = field(repr=False)

    @classmethod
    async def van(cls, wijkwerk: Wijkwerk) -> Retour:
        """With the key of this installation, made at first use. Raises OpstartFout without a domain."""
        domein = retour_domein(wijkwerk.settings.post)
        return cls(domein, await wijkwerk.database.transact(partial(wijkwerk.keyring.mac_key, name=_SLEUTEL)))

    def adres(self, verzending: UUID) -> str:
        """Where this mail comes back: 56 characters before the @, of the 64 that there may be (RFC 5321, 4.5.3.1.1)."""
        return f"bounce+{verzending.hex}-{self._mac(verzending)}@{self.domein}"

    def lees(self, adres: str) -> UUID | None:
        """Which mail this address was made for; None for any that we did not make."""
        found = _ADRES.fullmatch(adres.strip().lower())
        if found is None or found[3] != self.domein:
            return None
        verzending = UUID(hex=found[1])
        return verzending if hmac.compare_digest(found[2], self._mac(verzending)) else None

    def _mac(self, verzending: UUID) -> str:
        return b32encode(hmac.digest(self._sleutel, verzending.bytes, sha256)[:_BYTES]).decode().lower()
