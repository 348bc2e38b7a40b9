"""Rotterdam's areas, with the codes of the CBS (domain.md 1.8). The areas are real; who lives and works there in the demo is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

from wijkwerk import gebiedsbeheer
from wijkwerk.gebieden import Gebiedsbron, Gebiedsoort
from wijkwerk.importeren.gebieden import schrijf_postcodes
from wijkwerk.importeren.gebiedenbestand import Postcoderegel
from wijkwerk.records.session import Work
from wijkwerk.records.types.postcode import Postcode

GEMEENTE = ("GM0599", "Rotterdam")
WIJKEN: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "WK059904": ("Overschie", {
            "BU05990451": "Kleinpolder", "BU05990452": "Noord Kethel", "BU05990454": "Schieveen", "BU05990455": "Zestienhoven",
            "BU05990456": "Overschie",
        }),
        "WK059908": ("Kralingen-Crooswijk", {
            "BU05990814": "Rubroek", "BU05990836": "Nieuw Crooswijk", "BU05990837": "Oud Crooswijk", "BU05990841": "Kralingen-West",
            "BU05990842": "Kralingen Oost", "BU05990843": "Kralingse Bos", "BU05990845": "De Esch", "BU05990847": "Struisenburg",
        }),
        "WK059912": ("IJsselmonde", {
            "BU05991283": "Oud IJsselmonde", "BU05991284": "Lombardijen", "BU05991289": "Groot IJsselmonde", "BU05991290": "Beverwaard",
        }),
    }
)  # fmt: skip
"""Of each wijk its name and its buurten. What Rotterdam calls a gebied is a wijk of the CBS, and its wijk a buurt."""

POSTCODES: Mapping[str, str] = MappingProxyType(
    {
        "9996WA": "BU05990451", "9996WB": "BU05990452", "9996WC": "BU05990456",
        "9997WA": "BU05991284", "9997WB": "BU05991289", "9997WC": "BU05991290",
    }
)  # fmt: skip
"""In which buurt the made-up residents live. These postcodes are made up too: no letter ever goes there."""

_SINDS = date(2020, 1, 1)


def richt_gebieden_in(work: Work) -> dict[str, UUID]:
    """Put the areas and the postcodes in, as functional management does; the ids of the areas by code."""
    ids: dict[str, UUID] = {}
    for code, naam, soort, boven in _gebieden():
        gegevens = {
            "code": code,
            "naam": naam,
            "soort": soort,
            "herkomst": Gebiedsbron.CBS,
            "van": _SINDS,
            "bovenliggend_id": ids.get(boven),
        }
        ids[code] = gebiedsbeheer.maak(work, gegevens)
        work.flush()
    schrijf_postcodes(work, [Postcoderegel(at, Postcode(code), buurt) for at, (code, buurt) in enumerate(POSTCODES.items(), 1)])
    return ids


def _gebieden() -> Iterator[tuple[str, str, Gebiedsoort, str]]:
    """Code, name, level and the code of the larger area; what is larger comes first."""
    yield *GEMEENTE, Gebiedsoort.GEMEENTE, ""
    for wijk, (naam, buurten) in WIJKEN.items():
        yield wijk, naam, Gebiedsoort.WIJK, GEMEENTE[0]
        for buurt, buurtnaam in buurten.items():
            yield buurt, buurtnaam, Gebiedsoort.BUURT, wijk
