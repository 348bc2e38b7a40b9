"""The letter about who looked at somebody's data: with the same identity, errors and log as /graphql.

    POST /brieven/mijn-inzage  {"van": "2027-01-01", "tot": "2027-03-31"}                       for the resident who is logged in
    POST /brieven/inzage       {"bsn", "geboortedatum", "gezien", "van", "tot", "redenNamen"?}  for a resident at a desk

The answer is HTML or a PDF/UA, as the header Accept asks. Who it is about is in the body and never in the address, which proxies log;
nor is it in the name of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from wijkwerk.access.actor import Actor
from wijkwerk.brieven.brief import stijl_hash
from wijkwerk.brieven.pdf import keur_pdf, pdf
from wijkwerk.errors import NietGevonden, OngeldigeInvoer, bij_veld
from wijkwerk.inzage.brief import TE_VAAK, TE_VAAK_CODE, Aanvraag, GeenBrief, Identiteitsbewijs, brief_aan_loket, mijn_brief
from wijkwerk.inzage.naamverzoek import Naamreden
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk_graphql.http.edge import AANROEP, CSP
from wijkwerk_graphql.http.errors import HttpFout, NietAanvaardbaar, VraagInAdres
from wijkwerk_graphql.http.limits import parse_object, read_body
from wijkwerk_graphql.http.media_types import negotiate, require_json
from wijkwerk_graphql.identity.toegang import Toegangscontrole

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
HTML, PDF = "text/html", "application/pdf"
TEGELIJK: Final = 1
"""PDFs that are made at once: each keeps a core busy, which answers to others need too."""
_GROOTST: Final = 4_096
_BELEID: Final = f"default-src 'none'; style-src {stijl_hash()}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_NIET_GEVONDEN: Final = "Met deze gegevens kan er geen brief worden gemaakt. Controleer het BSN en de geboortedatum."


class BriefVraagFout(HttpFout):
    """Not an object with these names."""

    standaard = "Dit verzoek klopt niet. Stuur een JSON-object met de velden die bij deze brief horen, en geen andere."


class BriefVormOnbekend(NietAanvaardbaar):
    """The client takes neither of the two forms."""

    standaard = "Vraag in de header Accept om text/html of application/pdf."


class TeVaakGevraagd(HttpFout):
    """The desk asked more letters than it may."""

    code = TE_VAAK_CODE
    standaard = TE_VAAK
    status = 429


class Brievendienst:
    """The letters of one installation. `seconds`: how long a body may take."""

    def __init__(self, wijkwerk: Wijkwerk, toegang: Toegangscontrole, seconds: float) -> None:
        self._wijkwerk, self._toegang, self._seconds = wijkwerk, toegang, seconds
        self._limiter: CapacityLimiter | None = None

    async def mijn_inzage(self, request: Request) -> Response:
        """Of who is logged in."""
        vorm, gegeven, actor = await self._gevraagd(request, {"van", "tot"}, set())
        html = await mijn_brief(self._wijkwerk, actor, _dag(gegeven, "van"), _dag(gegeven, "tot"))
        return await self._antwoord(vorm, html)

    async def inzage(self, request: Request) -> Response:
        """Of a resident at a desk. Nobody found and nobody who may be known are the same answer."""
        vorm, gegeven, actor = await self._gevraagd(request, {"bsn", "geboortedatum", "gezien", "van", "tot"}, {"redenNamen"})
        brief = await brief_aan_loket(self._wijkwerk, actor, _aanvraag(gegeven))
        if isinstance(brief, GeenBrief):
            raise TeVaakGevraagd if brief.te_vaak else NietGevonden(_NIET_GEVONDEN)
        return await self._antwoord(vorm, brief)

    async def _gevraagd(self, request: Request, moet: set[str], mag: set[str]) -> tuple[str, Mapping[str, Any], Actor]:
        """Headers first, then the token, and only then the body. What can't be made here is not read for."""
        vorm = _vorm(request)
        require_json(request.headers)
        if request.url.query:
            raise VraagInAdres
        aanroep = request.scope[AANROEP]
        sub = await self._toegang.sub(request.headers, aanroep)
        if vorm == PDF:
            await to_thread.run_sync(keur_pdf)
        gegeven = parse_object(await read_body(request, _GROOTST, self._seconds), BriefVraagFout)
        if not moet <= gegeven.keys() <= moet | mag:
            raise BriefVraagFout
        return vorm, gegeven, await self._toegang.actor(sub, request.headers, aanroep)

    async def _antwoord(self, vorm: str, html: str) -> Response:
        if vorm == HTML:
            return Response(html, media_type=f"{HTML}; charset=utf-8", headers={"Content-Language": "nl", CSP: _BELEID})
        self._limiter = self._limiter or CapacityLimiter(TEGELIJK)  # made where there is a loop
        inhoud = await pdf(html, self._limiter)
        return Response(inhoud, media_type=PDF, headers={"Content-Disposition": 'attachment; filename="brief.pdf"'})


def _vorm(request: Request) -> str:
    try:
        return negotiate(request.headers, (HTML, PDF))
    except NietAanvaardbaar:
        raise BriefVormOnbekend from None


def _aanvraag(gegeven: Mapping[str, Any]) -> Aanvraag:
    return Aanvraag(
        bsn=_gelezen(gegeven, "bsn", Bsn.lees), geboortedatum=_gelezen(gegeven, "geboortedatum", Datum.lees),
        gezien=_keuze(gegeven, "gezien", Identiteitsbewijs), van=_dag(gegeven, "van"), tot=_dag(gegeven, "tot"),
        namen=_keuze(gegeven, "redenNamen", Naamreden) if gegeven.get("redenNamen") is not None else None,
    )  # fmt: skip


def _dag(gegeven: Mapping[str, Any], veld: str) -> date:
    gelezen = _gelezen(gegeven, veld, Datum.lees)
    if not gelezen.dag:
        raise OngeldigeInvoer("Geef een hele dag, als jjjj-mm-dd.", veld=veld)
    return gelezen.eerste()


def _keuze(gegeven: Mapping[str, Any], veld: str, lijst: type[E]) -> E:
    try:
        return lijst(gegeven[veld])
    except ValueError:
        raise OngeldigeInvoer(f"Dit kennen we niet. Kies bij {veld} uit: {', '.join(lijst)}.", veld=veld) from None


def _gelezen(gegeven: Mapping[str, Any], veld: str, lees: Callable[[str], T]) -> T:
    with bij_veld(veld):
        return lees(gegeven[veld])
