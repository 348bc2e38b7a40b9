"""How long the log is kept: what is held for something that is not settled, and the planned work that destroys what may go.

The log is of the whole installation: a month that one municipality holds stays for all. Of months in order the first that is held ends
what may go, for the verifier knows only up to which month entries may be gone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, text

from wijkwerk.access.permissions import Permission
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.kalender.dagen import keur_jaar
from wijkwerk.log.entry import Gebeurtenis, Logsoort
from wijkwerk.log.partities import plus
from wijkwerk.log.retention import Opdracht, Plek, keur_maand, laatste_maand, verval
from wijkwerk.log.tables import log_vervallen
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.settings import Loginstellingen
from wijkwerk.toezicht.logbewaring import Bewaarreden, Logbewaring

LATEN_VERVALLEN: Final = Permission("log:laten_vervallen", "Regels van het log vernietigen waarvan de bewaartermijn voorbij is.", ("JOBS",))

_LOCK: Final = 0x57696A6B4C6F76
"""PostgreSQL advisory lock: a step of destroying and the setting of a hold wait for each other. On SQLite there is one writer."""

_VOLGORDE: Final = (Logsoort.AANMELDING, Logsoort.INZAGE)
"""What has the shortest term first: then a month has one kind left when its part can be dropped whole."""


class Logtermijn(NamedTuple):
    """Of one kind of entries: up to which month they may be gone, and from which one they are held."""

    soort: Logsoort
    vervallen_tot_en_met: str | None
    tegengehouden_vanaf: str | None


def houd_vast(work: Work, reden: Bewaarreden, eerste_maand: str, laatste_maand: str, kenmerk: str | None = None) -> UUID:
    """Keep the log of these months ('YYYY-MM') until that is ended; the id. What is gone already does not come back (`termijnen`).

    Raises OngeldigeInvoer for what is no period, and GeenRecht.
    """
    if keur_maand(eerste_maand, "eersteMaand") > keur_maand(laatste_maand, "laatsteMaand"):
        raise OngeldigeInvoer("De eerste maand ligt na de laatste. Draai ze om.", veld="laatsteMaand")
    keur_jaar(date(max(int(eerste_maand[:4]), 1), 1, 1), "eersteMaand")
    wie, nu = work.actor.gebruiker, work.actor.moment
    bewaring = Logbewaring(
        reden=reden, kenmerk=kenmerk, eerste_maand=eerste_maand, laatste_maand=laatste_maand, door_id=wie, van=nu
    )  # fmt: skip
    _om_de_beurt(work.core_connection)
    work.gebeurtenis = Gebeurtenis.LOG_VASTGEHOUDEN
    id = work.grant(bewaring).id
    work.bijzonderheden = {"bewaring": id.hex, "reden": reden.value, "maanden": f"{eerste_maand}/{laatste_maand}"}
    return id


def laat_los(work: Work, id: UUID, versie: int) -> UUID:
    """The log of these months need not stay any longer for this. Raises NietGevonden, VersieVerouderd, GeenRecht and OngeldigeInvoer."""
    bewaring = work.get(Logbewaring, id, versie)
    if bewaring.tot is not None:
        raise OngeldigeInvoer("Dit is al beëindigd.", veld="id")
    bewaring.tot, bewaring.beeindigd_door_id = work.actor.moment, work.actor.gebruiker
    work.gebeurtenis, work.bijzonderheden = Gebeurtenis.LOG_VASTGEHOUDEN, {"bewaring": id.hex, "beeindigd": "ja"}
    return id


def termijnen(reader: Reader) -> list[Logtermijn]:
    """How it stands with each kind of entries, of the whole installation. Raises GeenRecht."""
    if not reader.actor.may(Logbewaring.lezen.naam):
        raise GeenRecht
    v = log_vervallen.c
    gone = select(v.soort, func.max(v.tot_en_met).label("maand")).group_by(v.soort)
    known: dict[str, str] = {row.soort: row.maand for row in reader.connection.execute(gone)}
    vast = vast_vanaf(reader.connection, reader.actor.moment)
    return [Logtermijn(soort, known.get(soort), vast) for soort in Logsoort]


def vast_vanaf(connection: Connection, nu: datetime) -> str | None:
    """The first month that any municipality holds."""
    b = Logbewaring.tabel().c
    first: str | None = connection.execute(select(func.min(b.eerste_maand)).where(or_(b.tot.is_(None), b.tot > nu))).scalar_one()
    return first


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """One step of the job. Whichever municipality comes first does it for all: the others find nothing left. Raises GeenRecht."""
    if not work.actor.may(LATEN_VERVALLEN.naam):
        raise GeenRecht
    _om_de_beurt(work.core_connection)
    soort, na = _lees(plek)
    vast, nu = vast_vanaf(work.core_connection, work.actor.moment), work.actor.moment
    opdracht = _opdracht(soort, work.log, nu, vast)
    gedaan = verval(work.core_connection, opdracht, nu, vast_vanaf=vast, na=na)
    if gedaan.regels:
        work.gebeurtenis, work.bijzonderheden = Gebeurtenis.LOG_VERVALLEN, opdracht.bijzonderheden(gedaan)
    if vast is not None and vast <= laatste_maand(nu, opdracht.maanden):
        work.bijzonderheden |= {"tegengehoudenVanaf": vast}
    return Stand(_schrijf(soort, gedaan.verder), gedaan.regels)


def _opdracht(soort: Logsoort, log: Loginstellingen, nu: datetime, vast: str | None) -> Opdracht:
    maanden = log.maanden(soort)
    voorbij = laatste_maand(nu, maanden)
    return Opdracht(soort=soort, tot_en_met=voorbij if vast is None else min(voorbij, plus(vast, -1)), maanden=maanden)


def _lees(plek: str | None) -> tuple[Logsoort, Plek | None]:
    if plek is None:
        return _VOLGORDE[0], None
    soort, *rest = plek.split()
    return Logsoort(soort), Plek(rest[0], int(rest[1])) if rest else None


def _schrijf(soort: Logsoort, verder: Plek | None) -> str | None:
    """Where the next step begins: further on in this kind, or with the next."""
    if verder is not None:
        return f"{soort} {verder.periode} {verder.blad}"
    return _VOLGORDE[1].value if soort is _VOLGORDE[0] else None


def _om_de_beurt(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


VERVALLEN: Final = Job("log-vervallen", "Regels van het log vernietigen waarvan de bewaartermijn voorbij is", Per.MAAND, stap)
