"""The log as an auditor sees it: who saw what of whom (by pseudonym), when and why; never content (domain.md 3.7)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.lekonderzoek import Deel, Lekregel, VanBron, Vraag, onderzoek
from wijkwerk.log.query import Cursor, LogRij, zoek
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import among

LOG_LEZEN = Permission("log:lezen", "Het inzagelog bekijken, met pseudoniemen.", ("FG",))


def bekijk(
    reader: Reader,
    van: datetime,
    tot: datetime,
    *,
    pseudoniem: UUID | None = None,
    gebruiker: UUID | None = None,
    gebeurtenis: Gebeurtenis | None = None,
    resultaat: Resultaat | None = None,
    after: Cursor | None = None,
    first: int = 50,
) -> list[LogRij]:
    """Entries of the actor's municipality in a period, newest first. Viewing is itself logged by the request. Raises GeenRecht."""
    if not reader.actor.may(LOG_LEZEN.naam):
        raise GeenRecht
    return zoek(
        reader.connection, gemeente=reader.actor.gemeente, van=van, tot=tot, pseudoniem=pseudoniem, gebruiker=gebruiker,
        gebeurtenis=gebeurtenis, resultaat=resultaat, after=after, first=first,
    )  # fmt: skip


def zoek_lek(reader: Reader, van: datetime, tot: datetime, regel: Lekregel, *, na: UUID | None = None, meeste: int) -> Deel:
    """Of whom something was seen under this rule, and by whom: at most so many residents, after the pseudonym `na` (peers.md D 11).

    What is written from now on is not looked at. Raises GeenRecht, and OngeldigeInvoer as `Vraag`.
    """
    if not reader.actor.may(LOG_LEZEN.naam):
        raise GeenRecht
    actor = reader.actor
    vraag = Vraag(gemeente=actor.gemeente, van=van, tot=min(tot, actor.moment), regel=regel)
    return onderzoek(reader.connection, vraag, van_bron(reader.connection, vraag), na=na, meeste=meeste)


def van_bron(connection: Connection, vraag: Vraag) -> VanBron:
    """How the betrokkenheden of a source are known: by their own number, what made them, or the consent that they rest on."""
    b, bron = Betrokkenheid.tabel(), vraag.regel.bron
    eigen = or_(b.c.id == bron, b.c.bron_id == bron, b.c.toestemming_id == bron)
    statement = select(b.c.id).where(b.c.gemeente_id == vraag.gemeente, among(b.c.id, "deuren"), eigen)

    def kies(deuren: Collection[UUID]) -> Collection[UUID]:
        return set(connection.execute(statement, {"deuren": list(deuren)}).scalars()) if deuren else ()

    return kies


def onbekend(catalogue: Catalogue, regel: Lekregel) -> list[str]:
    """What a rule names and this installation does not know (any more): nothing found may then mean that it is misspelt."""
    soort, _, veld = (regel.veld or "").partition(".")
    records = {record.__name__: {*record.velden, *record.afgeleid} for record in catalogue.records}
    known = (
        (regel.rol, regel.rol in catalogue.rollen), (regel.doel, regel.doel in catalogue.doelen),
        (regel.activiteit, regel.activiteit in catalogue.activiteiten),
        (regel.veld, soort in records and (not veld or veld in records[soort])),
    )  # fmt: skip
    return [naam for naam, is_bekend in known if naam and not is_bekend]
