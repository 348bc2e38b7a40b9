"""W3C Trace Context: the trace of the caller, or a new one, and always a span of our own."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Self

from starlette.datastructures import Headers

_TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True, slots=True)
class Trace:
    """`trace` (32 hex) is shared by all that one action sets in motion; `span` (16 hex) is this request."""

    trace: str
    span: str

    @classmethod
    def of(cls, headers: Headers) -> Self:
        """The trace in the header `traceparent`; a new one when it is absent, there twice, or not as W3C Trace Context says."""
        given = headers.getlist("traceparent")
        found = _TRACEPARENT.fullmatch(given[0]) if len(given) == 1 else None
        known = found is not None and not (found[1] == "00" and found[3])
        return cls(found[2] if found and known else secrets.token_hex(16), secrets.token_hex(8))

    @property
    def traceparent(self) -> str:
        """For the answer."""
        return f"00-{self.trace}-{self.span}-01"
