"""Who asks: bearer token ─▶ user in SQL ─▶ Actor for one activity. A refusal is in the log before it is answered (design.md 2, 5)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from starlette.datastructures import Headers

from wijkwerk.access.actor import Actor
from wijkwerk.bekenden import Bekende, bekende
from wijkwerk.errors import GeenRecht, NietAangemeld
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk_graphql.http.trace import Trace
from wijkwerk_graphql.identity.bearer import Tokencontrole, TokenGeweigerd

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

ACTIVITEIT: Final = "verwerkingsactiviteit"
ORGANISATIE: Final = "organisatie"
_ONDERDEEL: Final = "aanmelden"


class Toegangscontrole:
    """Who asks, in two steps: whose token this is, before anything of the request is read; and what that user may, when it is there.

    Roles come from SQL with their validity, never from the token.
    """

    def __init__(self, wijkwerk: Wijkwerk) -> None:
        """Raises OpstartFout without a usable JWKS file."""
        self._wijkwerk = wijkwerk
        self._tokens = Tokencontrole(wijkwerk.settings.identity)

    async def sub(self, headers: Headers, trace: Trace) -> str:
        """Whose token is in these headers. Raises NietAangemeld for any fault of it, after the log entry of that is durable;
        LogNietBeschikbaar when that entry can't be written."""
        moment = self._wijkwerk.klok.nu()
        try:
            return self._tokens.sub(headers.getlist("authorization"), moment)
        except TokenGeweigerd as refused:
            await self._weiger(refused, moment, trace)
            raise NietAangemeld from None

    async def actor(self, sub: str, headers: Headers, trace: Trace) -> Actor:
        """The actor of this subject, as of now, for the activity (and the organisation) in these headers.

        Raises NietAangemeld (unknown user) or GeenRecht (activity), each after its log entry is durable;
        LogNietBeschikbaar when that entry can't be written, DatabaseNietBeschikbaar.
        """
        moment = self._wijkwerk.klok.nu()
        found = await self._bekende(sub, moment)
        if found is None:
            await self._weiger(TokenGeweigerd("GEBRUIKER_ONBEKEND"), moment, trace)
            raise NietAangemeld
        try:
            return self._toegewezen(found, headers, moment, trace)
        except GeenRecht as error:
            await self._wijkwerk.journal.record(_refused(Gebeurtenis.VERZOEK_GEWEIGERD, error.code, moment, trace, found))
            raise

    async def _bekende(self, sub: str, moment: datetime) -> Bekende | None:
        issuer = self._wijkwerk.settings.identity.issuer
        async with self._wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: bekende(connection, issuer, sub, moment))

    async def _weiger(self, refused: TokenGeweigerd, moment: datetime, trace: Trace) -> None:
        await self._wijkwerk.journal.record(_refused(Gebeurtenis.AANMELDING_GEWEIGERD, refused.reden, moment, trace))

    def _toegewezen(self, found: Bekende, headers: Headers, moment: datetime, trace: Trace) -> Actor:
        return self._wijkwerk.toewijzer.actor(
            found.gebruiker,
            found.gemeente,
            found.functies,
            _one(headers, ACTIVITEIT, "Noem één verwerkingsactiviteit in de header 'Verwerkingsactiviteit'."),
            moment,
            organisatie=_organisatie(headers),
            thuis=found.thuis,
            afwezigen=found.afwezigen,
            trace=trace.trace,
            span=trace.span,
        )


def _one(headers: Headers, name: str, uitleg: str) -> str | None:
    values = headers.getlist(name)
    if len(values) > 1:
        raise GeenRecht(uitleg)
    return values[0] if values else None


def _organisatie(headers: Headers) -> UUID | None:
    uitleg = "Noem één organisatie in de header 'Organisatie', met haar nummer."
    value = _one(headers, ORGANISATIE, uitleg)
    try:
        return None if value is None else UUID(value)
    except ValueError:
        raise GeenRecht(uitleg) from None


def _refused(gebeurtenis: Gebeurtenis, code: str, moment: datetime, trace: Trace, found: Bekende | None = None) -> Logregel:
    return Logregel(
        gebeurtenis=gebeurtenis,
        actie=Actie.EXECUTE,
        resultaat=Resultaat.GEWEIGERD,
        tijdstip=moment,
        gemeente=found.gemeente if found else None,
        gebruiker=found.gebruiker if found else None,
        trace=trace.trace,
        span=trace.span,
        onderdeel=_ONDERDEEL,
        code=code,
    )
