"""What the log entry of a request says: made from what was read and written, not from what an author remembered (domain.md 3.3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from wijkwerk.access.actor import Actor
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.errors import LogNietBeschikbaar, WijkwerkError
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.records.session import Change, Work
from wijkwerk.records.shown import Shown


def who(actor: Actor) -> dict[str, Any]:
    """Who asked, why, and under which policy."""
    return {
        "tijdstip": actor.moment,
        "gemeente": actor.gemeente,
        "gebruiker": actor.gebruiker,
        "organisatie": actor.organisatie,
        "rollen": actor.rollen,
        "vervangt": tuple(id.hex for id in actor.vervangt),
        "activiteit": actor.activiteit,
        "doelen": actor.doelen,
        "beleid": actor.beleid,
        "trace": actor.trace,
        "span": actor.span,
    }


def asked(connection: Connection, keyring: Keyring, actor: Actor, missed: Collection[bytes]) -> tuple[str, ...]:
    """Keyed pseudonyms of what was asked for and not given: whether it was refused or absent is worked out later (design.md 7)."""
    return tuple(keyring.pseudonym(connection, actor.gemeente, item).hex() for item in sorted(missed))


def of_read(connection: Connection, keyring: Keyring, actor: Actor, shown: Shown, gebeurtenis: Gebeurtenis, onderdeel: str) -> Logregel:
    """The entry of a read: GEEN_RESULTAAT when something was asked for by id and nobody was shown."""
    nothing = bool(shown.missed) and not shown.persons
    return Logregel(
        gebeurtenis=gebeurtenis,
        actie=Actie.READ,
        resultaat=Resultaat.GEEN_RESULTAAT if nothing else Resultaat.GESLAAGD,
        betrokkenen=shown.betrokkenen(pseudoniemen(connection, actor.gemeente, shown.persons.keys())),
        gevraagd=asked(connection, keyring, actor, shown.missed),
        onderdeel=onderdeel,
        details=({"gezocht": sorted(shown.searched)} if shown.searched else {}) | ({"doorzocht": shown.scanned} if shown.scanned else {}),
        **who(actor),
    )


def of_unit(work: Work, gebeurtenis: Gebeurtenis | None, onderdeel: str) -> list[Logregel]:
    """The entries of a unit of work: one for each as whom it was done (`Work.als`), with the same trace."""
    first = of_change(work, gebeurtenis, onderdeel)
    return [first, *(each for other in work.vervolgd for each in of_unit(other, None, onderdeel))]


def of_change(work: Work, gebeurtenis: Gebeurtenis | None, onderdeel: str) -> Logregel:
    """The entry of a unit of work: what it wrote, and what it had to read for that. One that asked something (`work.touched`) says so.

    One that a service calls a read wrote nothing: what was sent before (`inzendingen.py`).
    """
    shown, gevraagd = work.touched, frozenset(work.touched.missed)
    shown.merge(work.reader.shown)
    new = Change.NEW in work.changes and Change.CHANGED not in work.changes
    nothing = bool(gevraagd) and not shown.persons
    what = gebeurtenis or work.gebeurtenis or (Gebeurtenis.AANMAKEN if new else Gebeurtenis.WIJZIGEN)
    return Logregel(
        gebeurtenis=what,
        actie=Actie.READ if what is Gebeurtenis.LEZEN else Actie.CREATE if new else Actie.UPDATE,
        resultaat=Resultaat.GEWEIGERD if work.geweigerd else Resultaat.GEEN_RESULTAAT if nothing else Resultaat.GESLAAGD,
        code=work.geweigerd,
        betrokkenen=shown.betrokkenen(pseudoniemen(work.core_connection, work.actor.gemeente, shown.persons.keys())),
        gevraagd=asked(work.core_connection, work.keyring, work.actor, gevraagd),
        details=({"gezocht": sorted(work.touched.searched)} if gevraagd else {}) | work.bijzonderheden,
        onderdeel=onderdeel,
        **who(work.actor),
    )


def of_failure(
    actor: Actor | None,
    moment: datetime,
    error: Exception,
    gebeurtenis: Gebeurtenis,
    actie: Actie,
    onderdeel: str,
    gevraagd: tuple[str, ...] = (),
) -> Logregel:
    """The entry of what was refused or failed: the code, never the text of an error that nobody expected."""
    expected = isinstance(error, WijkwerkError) and not isinstance(error, LogNietBeschikbaar)
    return Logregel(
        gebeurtenis=gebeurtenis,
        actie=actie,
        resultaat=Resultaat.GEWEIGERD if expected else Resultaat.FOUT,
        code=error.code if isinstance(error, WijkwerkError) else WijkwerkError.code,
        gevraagd=gevraagd,
        onderdeel=onderdeel,
        **(who(actor) if actor else {"tijdstip": moment}),
    )
