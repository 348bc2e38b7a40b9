"""Signed notes, as C2SP writes them: signed-note (c2sp.org/signed-note), tlog-checkpoint and the Ed25519 form of tlog-cosignature.

A note is text that ends with a newline, an empty line, and a line for each signature: `— <name> base64(key ID ‖ signature)`.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ONDERTEKENING: Final = 1
"""The type of a signature by the log (signed-note, "Signature types")."""

COSIGNATUUR: Final = 4
"""The type of a witness's signature with the time on it (tlog-cosignature, "Format")."""

OMVANG: Final = "text/x.tlog.size"
"""The media type of the size that a witness holds, when it is asked to go on from another (tlog-witness, 409)."""

_NAAM: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
_GETAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_BESTURING: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_TIJD: Final = 8
"""Bytes of the time in a cosignature."""

_JAAR_10000: Final = 253_402_300_800


@dataclass(frozen=True, slots=True)
class Sleutel:
    """Whose signature is believed: a name, a type of signature and a public key."""

    naam: str
    soort: int
    publiek: Ed25519PublicKey

    @property
    def id(self) -> bytes:
        """The key ID: with the name it says which key a signature is of."""
        return sha256(self.naam.encode() + b"\n" + self._materiaal()).digest()[:4]

    def vkey(self) -> str:
        """As it is handed over: `<name>+<key ID>+<base64(type ‖ key)>` (signed-note, "Verifier keys")."""
        return f"{self.naam}+{self.id.hex()}+{b64encode(self._materiaal()).decode()}"

    def klopt(self, tekst: str, waarde: bytes) -> bool:
        """Is this a signature of this key over the text of a note?"""
        try:
            if self.soort == COSIGNATUUR:
                moment = int.from_bytes(waarde[:_TIJD], "big")
                self.publiek.verify(waarde[_TIJD:], _medeondertekend(tekst, moment))
                return 0 < moment < _JAAR_10000
            self.publiek.verify(waarde, tekst.encode())
        except InvalidSignature:
            return False
        return True

    def _materiaal(self) -> bytes:
        return bytes([self.soort]) + self.publiek.public_bytes_raw()


def lees_vkey(tekst: str, soort: int) -> Sleutel:
    """A verifier key of this type. Raises ValueError for anything else."""
    naam, key_id, materiaal = tekst.strip().split("+", 2)
    raw = lees_base64(materiaal, 33)
    sleutel = Sleutel(_past(_NAAM, naam), soort, Ed25519PublicKey.from_public_bytes(raw[1:]))
    if raw[0] != soort or sleutel.id.hex() != key_id:
        raise ValueError("another type of key, or one that was copied wrongly")
    return sleutel


@dataclass(frozen=True, slots=True)
class Handtekening:
    """A signature line. Of whom it says to be, until `Sleutel.klopt`."""

    naam: str
    id: bytes
    waarde: bytes

    def regel(self) -> str:
        """As it stands in a note, with its newline."""
        return f"— {self.naam} {b64encode(self.id + self.waarde).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root of a log's tree, as its note says. `tekst` is what is signed; whether it is: `ondertekend`."""

    origin: str
    omvang: int
    wortel: bytes
    tekst: str
    handtekeningen: tuple[Handtekening, ...]

    @classmethod
    def lees(cls, note: str) -> Self:
        """From a note (tlog-checkpoint, "Note text"). Raises ValueError for what is none."""
        body, gescheiden, regels = note.rpartition("\n\n")
        if not gescheiden or _BESTURING.search(note):
            raise ValueError("a note has text, an empty line and signatures")
        origin, omvang, wortel, *extra = body.split("\n")
        if not origin or "" in extra:
            raise ValueError("an empty line in a checkpoint")
        handtekeningen = tuple(lees_handtekeningen(regels))
        return cls(origin, lees_getal(omvang), lees_base64(wortel, 32), f"{body}\n", handtekeningen)

    @property
    def note(self) -> str:
        """The whole note, signatures and all."""
        return f"{self.tekst}\n{''.join(each.regel() for each in self.handtekeningen)}"

    def ondertekend(self, sleutel: Sleutel) -> bool:
        """Did this key sign it? No, also when one of several signatures in its name is not (signed-note, "Signatures")."""
        van = [each for each in self.handtekeningen if (each.naam, each.id) == (sleutel.naam, sleutel.id)]
        return bool(van) and all(sleutel.klopt(self.tekst, each.waarde) for each in van)


def lees_handtekeningen(regels: str) -> Iterator[Handtekening]:
    """The signature lines in a text of those alone. Raises ValueError when there is anything else in it, or nothing."""
    if not regels.endswith("\n"):
        raise ValueError("a line without its end")
    for regel in regels[:-1].split("\n"):
        streep, naam, waarde = regel.split(" ")
        raw = lees_base64(waarde)
        if streep != "—" or len(raw) < 5:
            raise ValueError("not a signature line")
        yield Handtekening(_past(_NAAM, naam), raw[:4], raw[4:])


def sign_note(body: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note of a log: `body`, which ends with a newline, and the log's signature."""
    sleutel = Sleutel(name, ONDERTEKENING, key.public_key())
    return f"{body}\n{Handtekening(name, sleutel.id, key.sign(body.encode())).regel()}"


def cosigneer(tekst: str, naam: str, key: Ed25519PrivateKey, moment: datetime) -> str:
    """The signature line of a witness under the text of a note, at this moment (tlog-cosignature, "Ed25519 signed message")."""
    seconden = int(moment.timestamp())
    sleutel = Sleutel(naam, COSIGNATUUR, key.public_key())
    waarde = seconden.to_bytes(_TIJD, "big") + key.sign(_medeondertekend(tekst, seconden))
    return Handtekening(naam, sleutel.id, waarde).regel()


def lees_getal(tekst: str) -> int:
    """A size: digits without a zero in front. Raises ValueError."""
    return int(_past(_GETAL, tekst))


def lees_base64(tekst: str, lengte: int | None = None) -> bytes:
    """Bytes in the one way that RFC 4648 section 4 spells them. Raises ValueError."""
    raw = b64decode(tekst, validate=True)
    if b64encode(raw).decode() != tekst or lengte not in (None, len(raw)):
        raise ValueError("not base64, or not of this length")
    return raw


def _medeondertekend(tekst: str, seconden: int) -> bytes:
    return f"cosignature/v1\ntime {seconden}\n{tekst}".encode()


def _past(vorm: re.Pattern[str], tekst: str) -> str:
    if vorm.fullmatch(tekst) is None:
        raise ValueError("not of this form")
    return tekst
