"""The log for an auditor over HTTP: POST /inzagelog with filters in JSON gives lines, in pieces; identity and errors as of /graphql.

    {"vorm": "csv", "van": "2027-03-01T00:00:00Z", "tot": "2027-04-01T00:00:00Z", "gebruiker": "<uuid>"}      200 text/csv

The filters are those of the query `inzagelog`, by the same names. They stand in the body because proxies log addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.vormen import VORMEN
from wijkwerk.toezicht.inzagelog import Inzagefilter
from wijkwerk.toezicht.uitvoer import voer_uit
from wijkwerk_graphql.http.edge import AANROEP
from wijkwerk_graphql.http.errors import HttpFout, VraagInAdres
from wijkwerk_graphql.http.limits import parse_object, read_body
from wijkwerk_graphql.http.media_types import require_json
from wijkwerk_graphql.identity.toegang import Toegangscontrole

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

_CODE: Final = 60
"""Characters of a code, at most: what is longer is none."""


_MOMENT: Final = "Schrijf een tijdstip als 2027-03-01T00:00:00Z, met de tijdzone erbij."
_UITLEG: Final[Mapping[str, str]] = MappingProxyType({"van": _MOMENT, "tot": _MOMENT})
_ANDERS: Final = "Kijk in de uitleg van de vraag inzagelog wat hier kan."


class FiltersOngeldig(HttpFout):
    """The body names something that is no filter."""

    standaard = "Stuur een JSON-object met vorm, van en tot, en de filters van de vraag inzagelog die u wilt gebruiken. Laat de rest weg."


def _moment(tekst: str) -> datetime:
    moment = datetime.fromisoformat(tekst)
    if moment.tzinfo is None:
        raise ValueError("no timezone")
    return moment


def _code(tekst: str) -> str:
    if not 0 < len(tekst) <= _CODE or not tekst.isprintable():
        raise ValueError("no code")
    return tekst


_LEZEN: Final[Mapping[str, tuple[str, Callable[[str], datetime | UUID | Enum | str]]]] = MappingProxyType(
    {
        "van": ("van", _moment), "tot": ("tot", _moment), "persoonPseudoniem": ("pseudoniem", UUID), "gebruiker": ("gebruiker", UUID),
        "organisatie": ("organisatie", UUID), "gebeurtenis": ("gebeurtenis", Gebeurtenis), "resultaat": ("resultaat", Resultaat),
        "doel": ("doel", _code), "activiteit": ("activiteit", _code),
    }
)  # fmt: skip


class Logexport:
    """The export of one installation. `seconds`: how long the body with the filters may take."""

    def __init__(self, wijkwerk: Wijkwerk, toegang: Toegangscontrole, seconds: float) -> None:
        self._wijkwerk, self._toegang, self._seconds = wijkwerk, toegang, seconds

    async def answer(self, request: Request) -> Response:
        """Headers first, then the token, and only then the body. Nothing leaves before the export is durable in the log."""
        require_json(request.headers)
        if request.url.query:
            raise VraagInAdres
        aanroep = request.scope[AANROEP]
        sub = await self._toegang.sub(request.headers, aanroep)
        given = _object(await read_body(request, self._wijkwerk.settings.max_body, self._seconds))
        actor = await self._toegang.actor(sub, request.headers, aanroep)
        vorm = _tekst(given.pop("vorm", ""), "vorm")
        stukken = await voer_uit(self._wijkwerk, actor, _filter(given), vorm)
        bestand = f'attachment; filename="inzagelog.{VORMEN[vorm].extensie}"'
        return StreamingResponse(stukken, headers={"Content-Type": VORMEN[vorm].media_type, "Content-Disposition": bestand})


def _object(body: bytes) -> dict[str, Any]:
    content = parse_object(body, FiltersOngeldig)
    if content.keys() - {*_LEZEN, "vorm"}:
        raise FiltersOngeldig
    return {naam: waarde for naam, waarde in content.items() if waarde is not None}


def _filter(given: Mapping[str, Any]) -> Inzagefilter:
    """Raises OngeldigeInvoer, without what was given."""
    if not {"van", "tot"} <= given.keys():
        raise OngeldigeInvoer(f"Geef een periode: van en tot. {_MOMENT}", veld="van")
    return Inzagefilter(**{_LEZEN[naam][0]: _gelezen(naam, waarde) for naam, waarde in given.items()})


def _gelezen(naam: str, waarde: Any) -> Any:
    try:
        return _LEZEN[naam][1](_tekst(waarde, naam))
    except ValueError:
        raise OngeldigeInvoer(f"De waarde van {naam} klopt niet. {_UITLEG.get(naam, _ANDERS)}", veld=naam) from None


def _tekst(waarde: Any, naam: str) -> str:
    if not isinstance(waarde, str):
        raise OngeldigeInvoer(f"Geef bij {naam} een tekst.", veld=naam)
    return waarde
