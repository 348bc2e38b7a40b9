"""What the log entry of a request says: made from what was read and written, not from what an author remembered (domain.md 3.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from wijkwerk.access.actor import Aanroep, Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.errors import LogNietBeschikbaar, WijkwerkError
from wijkwerk.log.entry import Actie, Deur, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.records.session import Change, Work
from wijkwerk.records.shown import Shown
from wijkwerk.storage.columns import Uuid16, among

_B: Final = Betrokkenheid.tabel().c
_DEUREN: Final = select(_B.id, _B.bron, _B.bron_id, _B.grondslag, _B.toestemming_id).where(
    _B.gemeente_id == bindparam("gemeente", type_=Uuid16()), among(_B.id, "deuren")
)

_ACTIE: Final[Mapping[Gebeurtenis, Actie]] = {
    Gebeurtenis.LEZEN: Actie.READ,
    Gebeurtenis.ONTMASKERD: Actie.READ,
    Gebeurtenis.VERWIJDEREN: Actie.DELETE,
    Gebeurtenis.VERNIETIGD: Actie.DELETE,
    Gebeurtenis.LOG_VERVALLEN: Actie.DELETE,
    Gebeurtenis.VERZENDEN: Actie.EXECUTE,
    Gebeurtenis.AFDRUKKEN: Actie.EXECUTE,
}
"""What a unit of work did, where its event says so whatever was written for it."""


def actie(gebeurtenis: Gebeurtenis, anders: Actie = Actie.UPDATE) -> Actie:
    """The action of an event of a unit of work."""
    return _ACTIE.get(gebeurtenis, anders)


def who(actor: Actor, einde: datetime) -> dict[str, Any]:
    """Who asked, from where, why, under which policy, and from when until when."""
    return {
        "tijdstip": actor.moment,
        "einde": einde,
        "gemeente": actor.gemeente,
        "gebruiker": actor.gebruiker,
        "organisatie": actor.organisatie,
        "rollen": actor.rollen,
        "vervangt": tuple(id.hex for id in actor.vervangt),
        "activiteit": actor.activiteit,
        "doelen": actor.doelen,
        "beleid": actor.beleid,
        **van(actor.aanroep),
    }


def van(aanroep: Aanroep) -> dict[str, Any]:
    """Where it came from, and what it belongs to. Of a command each entry is an action under it."""
    eigen = aanroep.onder() if aanroep.kanaal else aanroep
    return {"trace": eigen.trace, "span": eigen.span, "ouder": eigen.ouder, "netwerkadres": eigen.netwerkadres}


def toegang(connection: Connection, actor: Actor, deuren: Collection[UUID]) -> tuple[Deur, ...]:
    """What let the actor in to whom the entry names, each door once, as it is now: one statement, and none when there is no door.

    Raises LogNietBeschikbaar for a door that is not there (any more): what can't be accounted for is not shown.
    """
    if not deuren:
        return ()
    rows = connection.execute(_DEUREN, {"gemeente": actor.gemeente, "deuren": sorted(deuren)}).all()
    if len(rows) != len(deuren):
        raise LogNietBeschikbaar
    return tuple(
        sorted((Deur(row.id, row.bron, row.bron_id, row.grondslag, row.toestemming_id) for row in rows), key=attrgetter("betrokkenheid"))
    )


def asked(connection: Connection, keyring: Keyring, actor: Actor, missed: Collection[bytes]) -> tuple[str, ...]:
    """Keyed pseudonyms of what was asked for and not given: whether it was refused or absent is worked out later (design.md 7)."""
    return tuple(keyring.pseudonym(connection, actor.gemeente, item).hex() for item in sorted(missed))


def of_read(
    connection: Connection, keyring: Keyring, actor: Actor, shown: Shown, gebeurtenis: Gebeurtenis, onderdeel: str, einde: datetime
) -> Logregel:
    """The entry of a read: GEEN_RESULTAAT when something was asked for by id and nobody was shown."""
    nothing = bool(shown.missed) and not shown.persons
    return Logregel(
        gebeurtenis=gebeurtenis,
        actie=Actie.READ,
        resultaat=Resultaat.GEEN_RESULTAAT if nothing else Resultaat.GESLAAGD,
        betrokkenen=shown.betrokkenen(pseudoniemen(connection, actor.gemeente, shown.persons.keys())),
        toegang=toegang(connection, actor, shown.deuren),
        gevraagd=asked(connection, keyring, actor, shown.missed),
        onderdeel=onderdeel,
        details=_details(actor, gezocht=sorted(shown.searched), doorzocht=shown.scanned or None),
        **who(actor, einde),
    )


def of_unit(work: Work, gebeurtenis: Gebeurtenis | None, onderdeel: str, einde: datetime) -> list[Logregel]:
    """The entries of a unit of work: one for each as whom it was done (`Work.als`), with the same trace."""
    first = of_change(work, gebeurtenis, onderdeel, einde)
    return [first, *(each for other in work.vervolgd for each in of_unit(other, None, onderdeel, einde))]


def of_change(work: Work, gebeurtenis: Gebeurtenis | None, onderdeel: str, einde: datetime) -> Logregel:
    """The entry of a unit of work: what it wrote, and what it had to read for that. One that asked something (`work.touched`) says so.

    One that a service calls a read wrote nothing: what was sent before (`inzendingen.py`).
    """
    shown, gevraagd = work.touched, frozenset(work.touched.missed)
    shown.merge(work.reader.shown)
    connection, actor = work.core_connection, work.actor
    nothing = bool(gevraagd) and not shown.persons
    what = gebeurtenis or work.gebeurtenis or _happened(work.changes)
    return Logregel(
        gebeurtenis=what,
        actie=actie(what, Actie.CREATE if _happened(work.changes) is Gebeurtenis.AANMAKEN else Actie.UPDATE),
        resultaat=Resultaat.GEWEIGERD if work.geweigerd else Resultaat.GEEN_RESULTAAT if nothing else Resultaat.GESLAAGD,
        code=work.geweigerd,
        betrokkenen=shown.betrokkenen(pseudoniemen(connection, actor.gemeente, shown.persons.keys())),
        toegang=toegang(connection, actor, shown.deuren),
        gevraagd=asked(connection, work.keyring, actor, gevraagd),
        onderdeel=onderdeel,
        details=_details(actor, gezocht=sorted(shown.searched) if gevraagd else [], **work.bijzonderheden),
        **who(actor, einde),
    )


def _happened(changes: Collection[Change]) -> Gebeurtenis:
    """What a unit is called that no service gave a name: what can't be seen any more says most, then what was there already."""
    if Change.DELETED in changes:
        return Gebeurtenis.VERWIJDEREN
    return Gebeurtenis.AANMAKEN if Change.NEW in changes and Change.CHANGED not in changes else Gebeurtenis.WIJZIGEN


def _details(actor: Actor, **more: Any) -> dict[str, Any]:
    """What else an entry says: only what there is."""
    return {name: value for name, value in {"kanaal": actor.aanroep.kanaal, **more}.items() if value not in (None, "", [])}


def of_repair(moment: datetime, tabellen: Sequence[str], kanaal: str = "") -> Logregel:
    """The entry of tables that a next version of the code changed, with what is in them: outside every right and reach."""
    return Logregel(
        gebeurtenis=Gebeurtenis.HERSTEL,
        actie=Actie.EXECUTE,
        resultaat=Resultaat.GESLAAGD,
        tijdstip=moment,
        onderdeel="migratie",
        details={"tabellen": list(tabellen)} | ({"kanaal": kanaal} if kanaal else {}),
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
        details=_details(actor) if actor else {},
        **(who(actor, moment) if actor else {"tijdstip": moment, "einde": moment}),
    )
