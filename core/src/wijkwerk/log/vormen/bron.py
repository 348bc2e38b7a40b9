"""What a record for another system says of where it comes from, and the moments and marks in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

_HEX: Final = re.compile("[0-9a-f]+")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bron:
    """The system that gives out records. `register`: the URI of an activity as it was at a moment; another version has another."""

    naam: str
    versie: str
    register: Callable[[str, datetime], str]


class Schakel(NamedTuple):
    """An entry in its chain: the parsed body, its hash, and that of the entry before it (None for the first, and after a gap)."""

    inhoud: dict[str, Any]
    hash: bytes | None = None
    vorige: bytes | None = None


def begin_en_einde(inhoud: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """When it began and when it was done; entries of version 1 know only the first."""
    begin = datetime.fromisoformat(inhoud["tijdstip"])
    return begin, datetime.fromisoformat(inhoud["einde"]) if "einde" in inhoud else begin


def milliseconden(moment: datetime) -> int:
    """Since 1 January 1970 in UTC."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def trace_van(inhoud: Mapping[str, Any]) -> str:
    """The trace (32 hex). What the system does by itself may have none: then one of its own, the same at every export."""
    return _goed(inhoud.get("trace"), 16) or _kenmerk(inhoud, "trace", 16)


def span_van(inhoud: Mapping[str, Any]) -> str:
    """The span (16 hex), as the trace."""
    return _goed(inhoud.get("span"), 8) or _kenmerk(inhoud, "span", 8)


def ouder_van(inhoud: Mapping[str, Any]) -> str | None:
    """The span of who called (16 hex), if somebody did."""
    return _goed(inhoud.get("ouder"), 8)


def onderspan(inhoud: Mapping[str, Any], ref: str) -> str:
    """The span of one resident in an action about several: the same at every export."""
    return _kenmerk(inhoud, ref, 8)


def _goed(tekst: object, bytes_: int) -> str | None:
    """What another system can read as a mark: an entry that was tampered with must not hold up all after it."""
    return tekst if isinstance(tekst, str) and len(tekst) == 2 * bytes_ and _HEX.fullmatch(tekst) else None


def _kenmerk(inhoud: Mapping[str, Any], wat: str, bytes_: int) -> str:
    return sha256(f"wijkwerk-{wat}/1\n{inhoud['stream']}\n{inhoud['seq']}".encode()).hexdigest()[: 2 * bytes_]
