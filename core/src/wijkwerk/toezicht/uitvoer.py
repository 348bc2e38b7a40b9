"""The export of what somebody looks for in the log: in the log itself, whole, before the first byte leaves (domain.md 3.4, 3.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from wijkwerk import entries
from wijkwerk.access.actor import Actor
from wijkwerk.errors import GeenRecht, OngeldigeInvoer, WijkwerkError
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.query import MAX_FIRST, Cursor, Zoekvraag, zoek
from wijkwerk.log.vormen import VORMEN
from wijkwerk.log.vormen.bron import Bron
from wijkwerk.log.vormen.vorm import Vorm
from wijkwerk.storage.base import Database
from wijkwerk.toezicht.inzagelog import LOG_LEZEN, Inzagefilter, vraag_van

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

ONDERDEEL: Final = "inzagelogUitvoer"


async def voer_uit(wijkwerk: Wijkwerk, actor: Actor, gezocht: Inzagefilter, vorm: str) -> AsyncIterator[bytes]:
    """What these filters find, up to this moment, as lines in this form, in pieces; that it is exported is durable in the log on return.
    `vorm` is a name of `VORMEN`.

    Raises GeenRecht and OngeldigeInvoer (each after its log entry), LogNietBeschikbaar, DatabaseNietBeschikbaar.
    """
    gezocht = replace(gezocht, tot=min(gezocht.tot, actor.moment)) if gezocht.tot.tzinfo else gezocht
    try:
        vraag = await _vraag(wijkwerk, actor, gezocht)
        if vorm not in VORMEN:
            raise OngeldigeInvoer(f"Deze vorm is er niet. Kies uit: {', '.join(VORMEN)}.", veld="vorm")
    except WijkwerkError as error:
        await wijkwerk.journal.record(wijkwerk.failure(actor, error, Gebeurtenis.EXPORT, Actie.EXECUTE, ONDERDEEL))
        raise
    await wijkwerk.journal.record(
        Logregel(
            gebeurtenis=Gebeurtenis.EXPORT, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, onderdeel=ONDERDEEL,
            details=bijzonderheden(gezocht, vorm), **entries.who(actor, wijkwerk.klok.nu()),
        )
    )  # fmt: skip
    return delen(wijkwerk.database, vraag, VORMEN[vorm], wijkwerk.levering.bron)


def bijzonderheden(gezocht: Inzagefilter, vorm: str) -> dict[str, Any]:
    """What its entry says of an export: how long a period, found by what, in which form; a resident only by pseudonym."""
    over = {} if gezocht.pseudoniem is None else {"pseudoniem": gezocht.pseudoniem.hex}
    periode = {"van": gezocht.van.isoformat(), "tot": gezocht.tot.isoformat()}
    return {"vorm": vorm, **periode, **({"gezocht": gezocht.gezocht} if gezocht.gezocht else {}), **over}


async def delen(database: Database, vraag: Zoekvraag, vorm: Vorm, van: Bron) -> AsyncIterator[bytes]:
    """The lines, newest first, in pieces of at most `MAX_FIRST` entries: each on a snapshot of its own, so that nothing is held open while
    who asked reads slowly. Entries are never changed and come after what was asked, so the pieces fit."""
    if vorm.kop is not None:
        yield f"{vorm.kop}\n".encode()
    after: Cursor | None = None
    while True:
        async with database.snapshot() as snapshot:
            rijen = await snapshot.run(partial(zoek, vraag=vraag, after=after, first=MAX_FIRST))
        if lines := "".join(f"{line}\n" for line in vorm.regels(rijen, van)):
            yield lines.encode()
        if len(rijen) < MAX_FIRST:
            return
        after = rijen[-1].cursor


async def _vraag(wijkwerk: Wijkwerk, actor: Actor, gezocht: Inzagefilter) -> Zoekvraag:
    if not actor.may(LOG_LEZEN.naam):
        raise GeenRecht
    async with wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: vraag_van(connection, actor.gemeente, gezocht, wijkwerk.catalogue))
