"""From which address a request comes: as our own socket saw it, or as a proxy says that the operator trusts (setting `proxies`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Adres = IPv4Address | IPv6Address
Netten = Collection[IPv4Network | IPv6Network]

_MET_POORT = re.compile(r"\[(?P<v6>[^\[\]]+)\](:\d{1,5})?|(?P<v4>[\d.]+):\d{1,5}")
_MEESTE = 20
"""Hops that are looked at: a header is not a place to keep us busy."""


def netwerkadres(client: Sequence[object] | None, forwarded: Sequence[str], proxies: Netten) -> str:
    """The IP address of the client, empty where there is none (a Unix socket).

    `forwarded`: what stands in X-Forwarded-For. Every proxy puts who called it at the end: so from there on who is trusted is believed,
    and the first who is not is the client. As soon as something is no address it is worth nothing: then it is who called us.
    """
    peer = _adres(str(client[0])) if client else None
    if peer is None:
        return ""
    hops = [hop.strip() for line in forwarded for hop in line.split(",")][-_MEESTE:]
    found = peer
    while hops and _vertrouwd(found, proxies):
        hop = _adres(hops.pop())
        if hop is None:
            return str(peer)
        found = hop
    return str(found)


def _adres(text: str) -> Adres | None:
    """An address without its port and its zone; IPv4 as IPv4, also where a socket for both writes it as IPv6."""
    if (met := _MET_POORT.fullmatch(text)) is not None:
        text = met["v6"] or met["v4"]
    with suppress(ValueError):
        found = ip_address(text.partition("%")[0])
        return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
    return None


def _vertrouwd(adres: Adres, proxies: Netten) -> bool:
    return any(adres in net for net in proxies)
