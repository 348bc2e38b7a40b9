"""From which address a request comes: only a proxy that the settings name is believed, and nothing but an address gets into the log."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from wijkwerk_graphql.http.netwerkadres import netwerkadres
from wijkwerk_graphql.http.trace import aanroep

PROXIES = [ip_network(net) for net in ("10.0.0.0/8", "2001:db8:1::/64", "127.0.0.1/32")]


@pytest.mark.parametrize(
    ("client", "forwarded", "adres"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["198.51.100.1", "10.9.9.9"], "198.51.100.1"),
        ("10.1.2.3", ["10.9.9.9,10.8.8.8"], "10.9.9.9"),
        ("10.1.2.3", ["Jansen, 198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["Jansen, 10.9.9.9"], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1, Jansen"], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1,"], "10.1.2.3"),
        ("10.1.2.3", [""], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.1.2.3", ["[2001:DB8::0:1]:443"], "2001:db8::1"),
        ("10.1.2.3", ["[2001:db8::1]"], "2001:db8::1"),
        ("10.1.2.3", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["198.51.100.1:x"], "10.1.2.3"),
        ("10.1.2.3", ["999990019"], "10.1.2.3"),
        ("10.1.2.3", [",".join(["198.51.100.1"] + ["10.0.0.1"] * 50)], "10.0.0.1"),
        ("::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1::5", ["2001:db8:2::6"], "2001:db8:2::6"),
        ("2001:db8:2::6", ["198.51.100.1"], "2001:db8:2::6"),
        ("fe80::1%Jansen", [], "fe80::1"),
        ("testclient", ["198.51.100.1"], ""),
        (None, ["198.51.100.1"], ""),
    ],
)
def test_the_address_is_that_of_the_first_who_is_not_a_trusted_proxy(client: str | None, forwarded: list[str], adres: str) -> None:
    assert netwerkadres(None if client is None else (client, 4711), forwarded, PROXIES) == adres


def test_without_proxies_in_the_settings_nobody_is_believed() -> None:
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", b"198.51.100.1"), (b"tracestate", b"a=Jansen")]}
    made = aanroep(scope)
    assert (made.netwerkadres, made.ouder) == ("127.0.0.1", "")
    assert "Jansen" not in repr(made)
