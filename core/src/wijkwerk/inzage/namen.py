"""Names of employees in the insight: asked by the resident, decided by a privacy officer, shown for that period alone (domain.md 3.5).

Who works here is else never named to a resident (`INTERN`, access/register.py): this is the one exception, and it is in this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.access.register import BETROKKENEN
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.inwoners.eigen import eigen_personen
from wijkwerk.inwoners.inwonertoegang import INWONER
from wijkwerk.inzage.lezen import Handeling
from wijkwerk.inzage.naamverzoek import NAMEN_BESLISSEN, Naambesluit, Naamreden, Naamverzoek
from wijkwerk.kalender.termijnen import tussen_dagen
from wijkwerk.klok import dag
from wijkwerk.log.subjects import persoon_van, pseudoniemen
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.records.geldigheid import geldig
from wijkwerk.records.session import Work
from wijkwerk.rights.opgegaan import Spoor
from wijkwerk.storage.columns import among, nieuw_id

MEESTE_OPEN: Final = 5
"""Requests of one resident that wait for a decision."""
_AL_BESLIST: Final = "Hier is al over beslist. Vraag de inwoner om een nieuw verzoek, als er iets is veranderd."


@dataclass(frozen=True, slots=True)
class EigenVerzoek:
    """A request of the resident, and what became of it."""

    reden: Naamreden
    van: date
    tot: date
    gevraagd_op: datetime
    besluit: Naambesluit | None


@dataclass(frozen=True, slots=True)
class Naambron:
    """The names of who did something, for the days on which they may be told."""

    perioden: tuple[EigenVerzoek, ...] = ()
    bij_werkgever: dict[tuple[UUID, UUID], list[Any]] = field(default_factory=dict)
    anders: dict[UUID, str] = field(default_factory=dict)

    def naam(self, inhoud: dict[str, Any], op: date) -> str:
        """By the name that the organisation used on that day; nothing where it was not decided."""
        if not any(geldig(verzoek, op) for verzoek in self.perioden) or "gebruiker" not in inhoud:
            return ""
        wie, waar = UUID(hex=inhoud["gebruiker"]), UUID(hex=inhoud["organisatie"])
        toen = [row.naam for row in self.bij_werkgever.get((wie, waar), ()) if geldig(row, op)]
        return next(iter(toen), self.anders.get(wie, "naam niet meer bekend"))


def vraag_namen(work: Work, reden: Naamreden, van: date, tot: date) -> UUID:
    """A resident asks who it was, on these days. Asked twice while it waits, it is one request.

    Raises GeenRecht for anybody else, NietGevonden without a file, and OngeldigeInvoer.
    """
    if not work.actor.may(Naamverzoek.schrijven.naam) or INWONER not in work.actor.rollen:
        raise GeenRecht
    personen = eigen_personen(work.reader)
    if not personen:
        raise NietGevonden
    return vraag_voor(work, personen[0], reden, van, tot)


def vraag_voor(work: Work, persoon: UUID, reden: Naamreden, van: date, tot: date) -> UUID:
    """For core services, who asked the right: a request in the name of this resident. Until today at most: who looks later is not decided
    on before."""
    keur_dagen(van, tot, work.actor.vandaag)
    tot = min(tot, work.actor.vandaag)
    pseudoniem = pseudoniemen(work.core_connection, work.actor.gemeente, [persoon])[persoon]
    open_ = _open(work, pseudoniem)
    if (al := next((row.id for row in open_ if (row.reden, row.van, row.tot) == (reden, van, tot)), None)) is not None:
        return UUID(str(al))
    if len(open_) >= MEESTE_OPEN:
        raise OngeldigeInvoer("U hebt al meer verzoeken gedaan. Wacht tot daarover is beslist.")
    gemaakt = work.grant(
        Naamverzoek(id=nieuw_id(), pseudoniem=pseudoniem, reden=reden, van=van, tot=tot, gevraagd_op=work.actor.moment)
    )  # fmt: skip
    work.touched.add(persoon, Naamverzoek.__name__, (BETROKKENEN.code,), ("reden", "tot", "van"), ())
    return gemaakt.id


def beslis(work: Work, id: UUID, versie: int, besluit: Naambesluit) -> UUID:
    """A privacy officer decides, knowing a pseudonym only. Raises GeenRecht, NietGevonden, VersieVerouderd, and OngeldigeInvoer for what
    was decided before."""
    if not work.actor.may(NAMEN_BESLISSEN.naam):
        raise GeenRecht
    verzoek = work.get(Naamverzoek, id, versie)
    if verzoek.besluit is not None:
        raise OngeldigeInvoer(_AL_BESLIST, veld="besluit")
    verzoek.besluit, verzoek.besloten_door_id, verzoek.besloten_op = besluit, work.actor.gebruiker, work.actor.moment
    # in whose entry of the log this belongs is not told to who decides
    if (persoon := persoon_van(work.core_connection, work.actor.gemeente, verzoek.pseudoniem)) is not None:
        work.changed(persoon, Naamverzoek.__name__, BETROKKENEN.code, ("besluit",))
    return id


def keur_dagen(van: date, tot: date, vandaag: date) -> None:
    """Raises OngeldigeInvoer for a last day before the first, a year that can't be, and days that have not begun."""
    tussen_dagen(van, tot)
    if van > vandaag:
        raise OngeldigeInvoer("Deze periode moet nog komen. Kies een eerste dag die al is geweest.", veld="van")


def eigen_verzoeken(connection: Connection, gemeente: UUID, sporen: Sequence[Spoor]) -> list[EigenVerzoek]:
    """What was asked under a pseudonym that is the resident's for good, newest first. One statement."""
    n = Naamverzoek.tabel()
    eigen = sorted({spoor.pseudoniem for spoor in sporen if spoor.van is None})
    asked = select(n.c.reden, n.c.van, n.c.tot, n.c.gevraagd_op, n.c.besluit).where(n.c.gemeente_id == gemeente)
    rows = connection.execute(asked.where(among(n.c.pseudoniem, "sporen")).order_by(n.c.gevraagd_op.desc(), n.c.id), {"sporen": eigen})
    return [EigenVerzoek(*row) for row in rows]


def namen_bij(connection: Connection, gemeente: UUID, verzoeken: Sequence[EigenVerzoek], gedaan: Sequence[Handeling]) -> Naambron:
    """The names for these entries: nothing is looked up where nothing may be told. Two statements at most."""
    perioden = tuple(each for each in verzoeken if each.besluit is Naambesluit.TONEN)
    ids = {
        UUID(hex=each.inhoud["gebruiker"])
        for each in gedaan
        if "gebruiker" in each.inhoud and any(geldig(periode, dag(each.moment)) for periode in perioden)
    }
    if not ids:
        return Naambron()
    a, g, wie = Aanstelling.tabel(), Gebruiker.tabel(), {"gebruikers": sorted(ids)}
    jobs = select(a.c.gebruiker_id, a.c.organisatie_id, a.c.naam, a.c.van, a.c.tot).where(a.c.gemeente_id == gemeente)
    bij: dict[tuple[UUID, UUID], list[Any]] = {}
    for row in connection.execute(jobs.where(among(a.c.gebruiker_id, "gebruikers")).order_by(a.c.van.desc(), a.c.id), wie):
        bij.setdefault((row.gebruiker_id, row.organisatie_id), []).append(row)
    users = select(g.c.id, g.c.naam).where(g.c.gemeente_id == gemeente, among(g.c.id, "gebruikers"))
    return Naambron(perioden, bij, {row.id: row.naam for row in connection.execute(users, wie)})


def _open(work: Work, pseudoniem: UUID) -> Sequence[Any]:
    """What waits for a decision, of this resident. One unit at a time: who waited finds what the other made."""
    p, n, gemeente = log_pseudoniem.c, Naamverzoek.tabel(), work.actor.gemeente
    own = select(p.persoon_id).where(p.gemeente_id == gemeente, p.pseudoniem == pseudoniem)
    work.core_connection.execute(own.with_for_update(key_share=True)).one()
    waiting = select(n.c.id, n.c.reden, n.c.van, n.c.tot).where(n.c.gemeente_id == gemeente, n.c.pseudoniem == pseudoniem)
    return work.core_connection.execute(waiting.where(n.c.besluit.is_(None))).all()
