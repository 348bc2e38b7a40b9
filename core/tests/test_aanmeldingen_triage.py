"""What comes of a report: a case, an end without one, or its opening again; and who is let in by it meanwhile (domain.md 9.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Aanmeldstatus
from wijkwerk.aanmeldingen.triage import kreeg_vervolg
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.dossiers.dossier import Dossier, Dossierlid
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.records.session import Work
from wijkwerk.testing.aanmeldingen import aanmelding_van
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def opgevolgd(work: Work, personen: list[UUID], aanmelding: UUID) -> UUID:
    """A case that comes from this report."""
    return open_dossier(work, personen, aanmelding=aanmelding)


async def test_the_door_of_a_report_ends_when_a_case_comes_of_it_and_the_report_goes_along(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    melding = await aanmelding_van(wijk, persoon)
    records = [Aanmelding, Dossier, Dossierlid, Betrokkenheid]
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: opgevolgd(w, [ander], melding), records=records)
    elsewhere = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    theirs = await wijk.inwoner("Elders", rol=elsewhere)
    await refused(wijk, elsewhere, NietGevonden, lambda w: kreeg_vervolg(w, melding, theirs, [persoon]), records=records)
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: opgevolgd(w, [persoon], melding))
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Aanmelding, ("status", "dossier_id", "afgehandeld_op"), melding))
    assert (row.status, row.dossier_id, row.afgehandeld_op is None) == (Aanmeldstatus.VERVOLG, dossier, False)
    b = Betrokkenheid.tabel()
    assert await wijk.rows(select(b.c.id).where(b.c.bron_id == melding, b.c.tot.is_(None))) == []
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: kreeg_vervolg(w, melding, dossier, [persoon]), records=records)
