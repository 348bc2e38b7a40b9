"""A mail that does not arrive: its row says so, and who works with the resident gets a task to reach the resident otherwise."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.claim import mag_versturen
from wijkwerk.post.namens import Namens
from wijkwerk.records.session import Work
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.soorten import BERICHT_MISLUKT
from wijkwerk.taken.voor import Voor

_LOGGER: Final = logging.getLogger(__name__)
_KAN_NIET: Final = (GeenRecht, NietGevonden, OngeldigeInvoer)
_WERKDAGEN: Final = 2
_ONDERDEEL: Final = "post:mislukt"


@dataclass(frozen=True, slots=True)
class Geval:
    """Whom a mail was for and in which case or report; `wie` has the team that has it now, after who directs it there, if anybody."""

    persoon: UUID
    kader: UUID
    team: UUID
    wie: tuple[Voor, ...]


async def sluit_af(namens: Namens, verzending: UUID, eindig: Callable[[Connection], bool]) -> bool:
    """Write down that a mail does not arrive (`eindig`), with a task about it in the same transaction; whether `eindig` did anything.

    Where no task can be made (mail to a user, a case that nobody has), the row alone says so.
    """
    wijkwerk = namens.wijkwerk
    async with wijkwerk.database.snapshot() as snapshot:
        geval = await snapshot.run(lambda connection: zoek_geval(connection, namens.gemeente, verzending))
    if geval is not None:
        for voor in geval.wie:
            unit = partial(_met_taak, eindig=eindig, geval=geval, voor=voor, verzending=verzending)
            with suppress(*_KAN_NIET):  # who directs the case may not work there any more: then the team
                return await wijkwerk.write(namens.actor(geval.team), unit, onderdeel=_ONDERDEEL)
        _LOGGER.warning("een bericht kwam niet aan, en er kon geen taak van worden gemaakt")
    return await wijkwerk.write(namens.actor(), partial(_zonder_taak, eindig=eindig), onderdeel=_ONDERDEEL)


def zoek_geval(connection: Connection, gemeente: UUID, verzending: UUID) -> Geval | None:
    """Whose mail it was, and who works with the resident now; None for mail to a user and for what hangs on no case or report."""
    b = Bericht.tabel().c
    asked = select(b.persoon_id, b.kader_id).where(b.gemeente_id == gemeente, b.verzending_id == verzending)
    bericht = connection.execute(asked).one_or_none()
    if bericht is None or bericht.kader_id is None:
        return None
    place = (connection, gemeente, bericht.persoon_id, bericht.kader_id)
    return _bij_dossier(*place) or _bij_aanmelding(*place)


def _bij_dossier(connection: Connection, gemeente: UUID, persoon: UUID, kader: UUID) -> Geval | None:
    d = Dossier.tabel().c
    row = connection.execute(select(d.team_id, d.regisseur_id).where(d.gemeente_id == gemeente, d.id == kader)).one_or_none()
    return None if row is None else Geval(persoon, kader, row.team_id, _wie(row.team_id, row.regisseur_id))


def _bij_aanmelding(connection: Connection, gemeente: UUID, persoon: UUID, kader: UUID) -> Geval | None:
    """A report that became a case is looked for there: its own door has ended."""
    a = Aanmelding.tabel().c
    asked = select(a.team_id, a.behandelaar_id, a.dossier_id).where(a.gemeente_id == gemeente, a.id == kader)
    row = connection.execute(asked).one_or_none()
    if row is None:
        return None
    if row.dossier_id is not None:
        return _bij_dossier(connection, gemeente, persoon, row.dossier_id)
    return Geval(persoon, kader, row.team_id, _wie(row.team_id, row.behandelaar_id))


def _wie(team: UUID, iemand: UUID | None) -> tuple[Voor, ...]:
    own = () if iemand is None else (Voor(iemand, Partijsoort.GEBRUIKER),)
    return *own, Voor(team, Partijsoort.TEAM)


def _met_taak(work: Work, *, eindig: Callable[[Connection], bool], geval: Geval, voor: Voor, verzending: UUID) -> bool:
    done = _zonder_taak(work, eindig=eindig)
    if done:
        maak_taak(work, geval.persoon, voor, soort=BERICHT_MISLUKT, kader=geval.kader, werkdagen=_WERKDAGEN, bron_id=verzending)
    return done


def _zonder_taak(work: Work, *, eindig: Callable[[Connection], bool]) -> bool:
    mag_versturen(work)
    return eindig(work.core_connection)
