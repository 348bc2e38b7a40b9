"""The log as an auditor sees it: who saw what of whom (by pseudonym), when and why; never content (domain.md 3.7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis, Resultaat
from wijkwerk.log.lekonderzoek import Deel, Lekregel, VanBron, Vraag, onderzoek
from wijkwerk.log.query import Cursor, LogRij, Onder, Zoekvraag, tel, zoek
from wijkwerk.log.subjects import persoon_van
from wijkwerk.records.read import Reader
from wijkwerk.rights.opgegaan import blijvers, sporen
from wijkwerk.storage.columns import among
from wijkwerk.verwerkingen import Registersoort, Registerversie, genoemd

LOG_LEZEN = Permission("log:lezen", "Het inzagelog bekijken, met pseudoniemen.", ("FG",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inzagefilter:
    """What somebody looks for in the log: all that is given has to apply. `tot` is not in it any more.

    `pseudoniem`: one under which a resident is in the log; asked by one, found under all that the resident has or had.
    `doel` is found by the activities that have or had it. `van_het_systeem`: entries of no municipality, such as an operator who looks
    at the log, a backup put back, or entries that went after their term; no resident is in one.
    """

    van: datetime
    tot: datetime
    pseudoniem: UUID | None = None
    gebruiker: UUID | None = None
    organisatie: UUID | None = None
    gebeurtenis: Gebeurtenis | None = None
    resultaat: Resultaat | None = None
    doel: str | None = None
    activiteit: str | None = None
    van_het_systeem: bool = False

    @property
    def gezocht(self) -> list[str]:
        """By what, for the entry of the look itself."""
        return [
            f"Inzagelog.{veld.name}"
            for veld in fields(self)
            if veld.name not in ("van", "tot") and getattr(self, veld.name) not in (None, False)
        ]


def bekijk(reader: Reader, gezocht: Inzagefilter, *, after: Cursor | None = None, first: int = 50) -> list[LogRij]:
    """Entries of the actor's municipality, newest first. Viewing is itself logged by the request. Raises GeenRecht, OngeldigeInvoer."""
    return zoek(reader.connection, _vraag(reader, gezocht), after=after, first=first)


def hoeveel(reader: Reader, gezocht: Inzagefilter) -> int:
    """How many `bekijk` would find in all, counted to one more than `MEESTE`. Raises GeenRecht, OngeldigeInvoer."""
    return tel(reader.connection, _vraag(reader, gezocht))


def vraag_van(connection: Connection, gemeente: UUID, gezocht: Inzagefilter, catalogue: Catalogue) -> Zoekvraag:
    """What the log is asked: the resident under every pseudonym, a purpose by its activities. Raises OngeldigeInvoer."""
    activiteiten = () if gezocht.doel is None else activiteiten_met(connection, gemeente, gezocht.doel, catalogue)
    if gezocht.doel is not None and not activiteiten:
        raise OngeldigeInvoer("Dit doel kent het register niet, nu niet en eerder niet. Kies een code uit `doelen`.", veld="doel")
    return Zoekvraag(
        gemeente=None if gezocht.van_het_systeem else gemeente,
        van=gezocht.van, tot=gezocht.tot, gebruiker=gezocht.gebruiker, organisatie=gezocht.organisatie,
        gebeurtenis=gezocht.gebeurtenis, resultaat=gezocht.resultaat, activiteit=gezocht.activiteit, doel=gezocht.doel,
        activiteiten=activiteiten,
        personen=() if gezocht.pseudoniem is None else onder(connection, gemeente, gezocht.pseudoniem),
    )  # fmt: skip


def onder(connection: Connection, gemeente: UUID, pseudoniem: UUID) -> tuple[Onder, ...]:
    """All under which the log speaks of who has this pseudonym, merged or not; of who is erased, or never was, this one alone."""
    persoon = persoon_van(connection, gemeente, pseudoniem)
    if persoon is None:
        return (Onder(pseudoniem),)
    blijft = blijvers(connection, gemeente, [persoon]).get(persoon, persoon)
    return tuple(Onder(spoor.pseudoniem, spoor.van, spoor.tot) for spoor in sporen(connection, gemeente, blijft))


def activiteiten_met(connection: Connection, gemeente: UUID, doel: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The activities that have this purpose in a version that the installation knows, or that it kept (`verwerkingen.py`)."""
    nu = {a.code for a in catalogue.register.activiteiten if doel in {each.code for each in a.doelen}}
    r = Registerversie.tabel().c
    kept = select(r.code, r.inhoud).where(r.gemeente_id == gemeente, r.soort == Registersoort.ACTIVITEIT)
    return tuple(sorted(nu | {row.code for row in connection.execute(kept) if doel in genoemd(row.inhoud, "doelen")}))


def _vraag(reader: Reader, gezocht: Inzagefilter) -> Zoekvraag:
    if not reader.actor.may(LOG_LEZEN.naam):
        raise GeenRecht
    reader.shown.search(gezocht.gezocht)
    return vraag_van(reader.connection, reader.actor.gemeente, gezocht, reader.catalogue)


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
