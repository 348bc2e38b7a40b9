"""CSV for a spreadsheet (RFC 4180): a line for each resident in an entry, and one for an entry without residents."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, Final

import orjson

from wijkwerk.log.query import LogRij
from wijkwerk.log.vormen.bron import Bron
from wijkwerk.log.vormen.vorm import Vorm

_VAN_DE_REGEL: Final = (
    "tijdstip", "einde", "gebeurtenis", "actie", "resultaat", "code", "gebruiker", "organisatie", "rollen", "vervangt", "netwerkadres",
    "activiteit", "doelen", "beleid", "onderdeel", "stream", "seq", "trace", "span", "ouder", "gevraagd", "details",
)  # fmt: skip
KOLOMMEN: Final = (*_VAN_DE_REGEL, "pseudoniem", "categorieen", "velden", "betrokkenheden", "toegang")
_GEVAARLIJK: Final = ("=", "+", "-", "@", "\t", "\r")


def _regels(rijen: Iterable[LogRij], _bron: Bron) -> Iterator[str]:
    for rij in rijen:
        van_de_regel = [rij.inhoud.get(naam) for naam in _VAN_DE_REGEL]
        betrokkenen: list[dict[str, Any]] = rij.inhoud.get("betrokkenen") or [{}]
        for betrokkene in betrokkenen:
            yield csv_regel([*van_de_regel, *_van(betrokkene, rij.inhoud)])


def _van(betrokkene: Mapping[str, Any], inhoud: Mapping[str, Any]) -> Iterator[Any]:
    """What was shown of this resident, and of the doors of the entry those that allowed it."""
    getoond = betrokkene.get("getoond", ())
    deuren = sorted({deur for _, _, _, deuren in getoond for deur in deuren})
    yield betrokkene.get("ref")
    yield sorted({categorie for _, categorieen, _, _ in getoond for categorie in categorieen})
    yield [f"{soort}.{veld}" for soort, _, velden, _ in getoond for veld in velden]
    yield deuren
    yield ["/".join(deel or "" for deel in deur) for deur in inhoud.get("toegang", ()) if deur[0] in deuren]


def csv_regel(waarden: Iterable[Any]) -> str:
    """A line, without its end."""
    buffer = StringIO()
    csv.writer(buffer, lineterminator="").writerow([cel(waarde) for waarde in waarden])
    return buffer.getvalue()


def cel(waarde: Any) -> str:
    """A cell: a list with spaces between. What a spreadsheet would take for a formula gets a ' before it (OWASP, CSV injection)."""
    if isinstance(waarde, dict):
        tekst = orjson.dumps(waarde, option=orjson.OPT_SORT_KEYS).decode()
    else:
        tekst = " ".join(waarde) if isinstance(waarde, list) else "" if waarde is None else str(waarde)
    return f"'{tekst}" if tekst.startswith(_GEVAARLIJK) else tekst


CSV: Final = Vorm("text/csv; charset=utf-8", "csv", _regels, kop=csv_regel(KOLOMMEN))
