"""What the commands of the log share: the installation they work on, what each look at the log leaves in it, and their exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.errors import WijkwerkError
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.getuigen.bezorgen import Getuigen
from wijkwerk.log.journal import Journal
from wijkwerk.log.levering import Levering
from wijkwerk.storage.base import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LogOmgeving:
    """What the commands need of an installation. `click.Context.obj` opens it: `() -> async context manager of LogOmgeving`.

    `public_key`: of the log's signature.
    """

    database: Database
    journal: Journal
    getuigen: Getuigen
    levering: Levering
    public_key: Ed25519PublicKey
    catalogue: Catalogue


class Mislukt(click.ClickException):
    """The command could not do its work: exit code 2, because 1 means that the log is not in order."""

    exit_code = 2


Omgeving = Callable[[], AbstractAsyncContextManager[LogOmgeving]]


def regel_van(app: LogOmgeving, gebeurtenis: Gebeurtenis, onderdeel: str, gemeente: UUID | None = None) -> Logregel:
    """The entry of a command that looks at the log, to be written before it does. `gemeente`: whose log alone it looks at, so that its own
    auditor finds it there."""
    return Logregel(
        gebeurtenis=gebeurtenis,
        actie=Actie.EXECUTE,
        resultaat=Resultaat.GESLAAGD,
        tijdstip=app.journal.klok.nu(),
        gemeente=gemeente,
        onderdeel=onderdeel,
        details={"kanaal": "opdrachtregel"},
    )


def voer_uit(omgeving: Omgeving, work: Callable[[LogOmgeving], Awaitable[T]]) -> T:
    """Do this with the installation open. What can't be done ends with exit code 2."""

    async def within() -> T:
        async with omgeving() as app:
            return await work(app)

    try:
        return asyncio.run(within())
    except WijkwerkError as error:
        raise Mislukt(error.melding) from None
