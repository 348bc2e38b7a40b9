"""Who asks: bearer token ─▶ user in SQL ─▶ Actor for one activity. That somebody signed in, or was refused, is in the log before anything
is answered (design.md 2, 5)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from starlette.datastructures import Headers

from wijkwerk import entries
from wijkwerk.access.actor import Aanroep, Actor
from wijkwerk.bekenden import Bekende, bekende
from wijkwerk.errors import GeenRecht, NietAangemeld
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk_graphql.identity.aangemeld import Aangemeld
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
        self._aangemeld = Aangemeld()

    async def sub(self, headers: Headers, aanroep: Aanroep) -> str:
        """Whose token is in these headers. Raises NietAangemeld for any fault of it, after the log entry of that is durable;
        LogNietBeschikbaar when that entry can't be written."""
        moment = self._wijkwerk.klok.nu()
        try:
            return self._tokens.sub(headers.getlist("authorization"), moment)
        except TokenGeweigerd as refused:
            await self._weiger(refused, moment, aanroep)
            raise NietAangemeld from None

    async def actor(self, sub: str, headers: Headers, aanroep: Aanroep) -> Actor:
        """The actor of this subject, as of now, for the activity (and the organisation) in these headers. The first time with this token
        it is written down that the user signed in.

        Raises NietAangemeld (unknown user) or GeenRecht (activity), each after its log entry is durable;
        LogNietBeschikbaar when an entry can't be written, DatabaseNietBeschikbaar.
        """
        moment = self._wijkwerk.klok.nu()
        found = await self._bekende(sub, moment)
        if found is None:
            await self._weiger(TokenGeweigerd("GEBRUIKER_ONBEKEND"), moment, aanroep)
            raise NietAangemeld
        await self._meld_aan(found, headers["authorization"], moment, aanroep)
        try:
            return self._toegewezen(found, headers, moment, aanroep)
        except GeenRecht as error:
            await self._noteer(Gebeurtenis.VERZOEK_GEWEIGERD, moment, aanroep, found, code=error.code)
            raise

    async def _bekende(self, sub: str, moment: datetime) -> Bekende | None:
        issuer = self._wijkwerk.settings.identity.issuer
        async with self._wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: bekende(connection, issuer, sub, moment))

    async def _meld_aan(self, found: Bekende, authorization: str, moment: datetime, aanroep: Aanroep) -> None:
        token = authorization.split()[-1]
        if token not in self._aangemeld:
            await self._noteer(Gebeurtenis.AANMELDING_GESLAAGD, moment, aanroep, found)
            self._aangemeld.onthoud(token)

    async def _weiger(self, refused: TokenGeweigerd, moment: datetime, aanroep: Aanroep) -> None:
        await self._noteer(Gebeurtenis.AANMELDING_GEWEIGERD, moment, aanroep, code=refused.reden)

    async def _noteer(
        self, gebeurtenis: Gebeurtenis, moment: datetime, aanroep: Aanroep, found: Bekende | None = None, *, code: str | None = None
    ) -> None:
        """Return when it is in the log: a refusal, when there is a code."""
        await self._wijkwerk.journal.record(
            Logregel(
                gebeurtenis=gebeurtenis,
                actie=Actie.EXECUTE,
                resultaat=Resultaat.GESLAAGD if code is None else Resultaat.GEWEIGERD,
                tijdstip=moment,
                einde=self._wijkwerk.klok.nu(),
                gemeente=found.gemeente if found else None,
                gebruiker=found.gebruiker if found else None,
                onderdeel=_ONDERDEEL,
                code=code,
                **entries.van(aanroep),
            )
        )

    def _toegewezen(self, found: Bekende, headers: Headers, moment: datetime, aanroep: Aanroep) -> Actor:
        return self._wijkwerk.toewijzer.actor(
            found.gebruiker,
            found.gemeente,
            found.functies,
            _one(headers, ACTIVITEIT, "Noem één verwerkingsactiviteit in de header 'Verwerkingsactiviteit'."),
            moment,
            organisatie=_organisatie(headers),
            thuis=found.thuis,
            afwezigen=found.afwezigen,
            aanroep=aanroep,
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
