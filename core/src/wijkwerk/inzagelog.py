"""The log as an auditor sees it: who saw what of whom (by pseudonym), when and why; never content (domain.md 3.7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.query import Cursor, LogRij, zoek
from wijkwerk.records.read import Reader

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
