"""Who has a job at two organisations acts for one of them; a job given elsewhere changes nothing of the work at home (decision 0005)."""

from __future__ import annotations

from uuid import UUID

import pytest

from wijkwerk.access.actor import Actor, Functie
from wijkwerk.errors import GeenRecht
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


def actor(wijk: Wijk, functies: list[Functie], activiteit: str | None = None, organisatie: UUID | None = None) -> Actor:
    """The actor of somebody whom `zorg` took on."""
    return wijk.wijkwerk.toewijzer.actor(
        wijk.ZORG, wijk.gemeente, functies, activiteit, wijk.klok.nu(), organisatie=organisatie, thuis=wijk.zorg
    )


@pytest.mark.parametrize("rol", ["ZORG", "DOCK"])
async def test_a_job_elsewhere_changes_nothing_of_a_request_that_does_not_name_it(wijk_vlug: Wijk, rol: str) -> None:
    alone = actor(wijk_vlug, [Functie("ZORG", wijk_vlug.zorg)])
    assert actor(wijk_vlug, [Functie(rol, wijk_vlug.dock), Functie("ZORG", wijk_vlug.zorg)]) == alone
    assert alone.organisatie == wijk_vlug.zorg


async def test_a_request_may_name_the_other_organisation_and_then_acts_for_that_one_only(wijk_vlug: Wijk) -> None:
    functies = [Functie("ZORG", wijk_vlug.zorg), Functie("DOCK", wijk_vlug.dock)]
    chosen = actor(wijk_vlug, functies, organisatie=wijk_vlug.dock)
    assert (chosen.organisatie, chosen.rollen, chosen.activiteit) == (wijk_vlug.dock, ("DOCK",), "WELZIJNSWERK")
    assert wijk_vlug.zorg not in chosen.partijen


async def test_the_activity_of_the_other_organisation_chooses_it_too(wijk_vlug: Wijk) -> None:
    functies = [Functie("ZORG", wijk_vlug.zorg), Functie("DOCK", wijk_vlug.dock)]
    assert actor(wijk_vlug, functies, "WELZIJNSWERK").organisatie == wijk_vlug.dock


async def test_an_organisation_without_a_job_is_refused(wijk_vlug: Wijk) -> None:
    with pytest.raises(GeenRecht):
        actor(wijk_vlug, [Functie("ZORG", wijk_vlug.zorg)], organisatie=nieuw_id())


async def test_two_employers_of_which_neither_is_home_have_to_be_named(wijk_vlug: Wijk) -> None:
    functies = [Functie("DOCK", wijk_vlug.dock), Functie("DOCK", wijk_vlug.bewoners)]
    with pytest.raises(GeenRecht, match="Organisatie"):
        actor(wijk_vlug, functies)
    assert actor(wijk_vlug, functies, organisatie=wijk_vlug.bewoners).organisatie == wijk_vlug.bewoners
