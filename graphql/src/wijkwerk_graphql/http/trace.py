"""W3C Trace Context: the trace of the caller, or a new one, and always a span of our own (https://www.w3.org/TR/trace-context/)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network

from starlette.datastructures import Headers
from starlette.types import Scope

from wijkwerk.access.actor import Aanroep
from wijkwerk_graphql.http.netwerkadres import netwerkadres

_TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


def aanroep(scope: Scope, proxies: Collection[IPv4Network | IPv6Network] = ()) -> Aanroep:
    """Where a request comes from. Of what the caller says only hex digits and an IP address are taken over, never `tracestate`: we call
    nobody for whom it could be meant."""
    headers = Headers(scope=scope)
    trace, ouder = _traceparent(headers.getlist("traceparent")) or (secrets.token_hex(16), "")
    adres = netwerkadres(scope.get("client"), headers.getlist("x-forwarded-for"), proxies)
    return Aanroep(trace=trace, span=secrets.token_hex(8), ouder=ouder, netwerkadres=adres)


def _traceparent(given: list[str]) -> tuple[str, str] | None:
    """Trace and span of the caller; None when the header is absent, there twice, or not as the specification says."""
    found = _TRACEPARENT.fullmatch(given[0]) if len(given) == 1 else None
    if found is None or (found[1] == "00" and found[4]):
        return None
    return found[2], found[3]
