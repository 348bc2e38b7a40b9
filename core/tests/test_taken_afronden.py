"""What becomes of a task: done, not done, later, handed over, lapsed; and what is refused leaves it as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.records.history import Wijziging
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.afronden import (
    gedaan,
    geef_algemene_door,
    geef_door,
    geef_over,
    herplan,
    laat_vervallen,
    niet_gedaan,
)  # fmt: skip
from wijkwerk.taken.maken import maak_algemene_taak, maak_taak
from wijkwerk.taken.taak import AlgemeneTaak, Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
GEBRUIKER, TEAM = Partijsoort.GEBRUIKER, Partijsoort.TEAM
ALLES = (Taak, AlgemeneTaak, Wijziging)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def made(wijk: Wijk, voor: Voor, kader: UUID | None = None, persoon: UUID | None = None, **rest: Any) -> UUID:
    """A task of the team about a resident in a case, or about this one."""
    if persoon is None:
        persoon = await wijk.inwoner()
        kader = await wijk.dossier(persoon)
    return await wijk.schrijf("WIJKTEAM", lambda work: maak_taak(work, persoon, voor, kader=kader, tekst="Bel terug", **rest))


async def stand(wijk: Wijk, id: UUID) -> Any:
    velden = ("tekst", "status", "reden", "voor_id", "voor_rol", "uiterlijk", "herinneren_op", "afgerond_door_id", "versie")
    [row] = await wijk.lees("REGISSEUR", lambda reader: reader.by_key(Taak, velden, "id", [id]))
    return row


async def test_a_task_is_done_once_by_who_works_in_the_case(wijk: Wijk) -> None:
    id = await made(wijk, Voor(wijk.REGISSEUR, GEBRUIKER))
    do: Callable[[int], Callable[[Work], UUID]] = lambda versie: lambda work: gedaan(work, Taak, id, versie)  # noqa: E731
    await refused(wijk, "DOCK", NietGevonden, do(1), records=ALLES)
    await refused(wijk, "BEHEER", GeenRecht, do(1), records=ALLES)
    elders = wijk.actor("REGISSEUR", gebruiker=nieuw_id(), team=wijk.ander_team)
    await refused(wijk, elders, NietGevonden, do(1), records=ALLES)
    await refused(wijk, "WIJKTEAM", VersieVerouderd, do(2), records=ALLES)
    await wijk.schrijf("WIJKTEAM", do(1))  # a colleague in the same case
    row = await stand(wijk, id)
    assert (row.status, row.afgerond_door_id, row.versie) == (Taakstatus.GEDAAN, wijk.WIJKTEAM, 2)
    again: tuple[Callable[[Work], Any], ...] = (
        do(2), lambda work: niet_gedaan(work, Taak, id, 2, "Anders"), lambda work: herplan(work, Taak, id, 2, {}),
        lambda work: geef_door(work, id, 2, Voor(wijk.team, TEAM)),
    )  # fmt: skip
    for unit in again:
        error = await refused(wijk, "REGISSEUR", OngeldigeInvoer, unit, records=ALLES)
        assert "al afgerond" in error.melding


async def test_not_done_says_why_and_sealed(wijk: Wijk) -> None:
    id = await made(wijk, Voor(wijk.team, TEAM))
    for reden in ("", "  ", "x" * 5_000):
        await refused(wijk, "REGISSEUR", OngeldigeInvoer, lambda work: niet_gedaan(work, Taak, id, 1, reden), records=ALLES)  # noqa: B023
    await wijk.schrijf("REGISSEUR", lambda work: niet_gedaan(work, Taak, id, 1, "Mevrouw wil dit niet"))
    row = await stand(wijk, id)
    assert (row.status, row.reden) == (Taakstatus.NIET_GEDAAN, "Mevrouw wil dit niet")
    [(stored,)] = await wijk.rows(select(Taak.tabel().c.reden))
    assert b"Mevrouw" not in stored


async def test_a_task_is_put_off_and_reminded_of_anew(wijk: Wijk) -> None:
    id = await made(wijk, Voor(wijk.team, TEAM), uiterlijk=date(2027, 3, 2), herinneren_op=date(2027, 3, 1))
    await wijk.change(Taak.tabel().update().values(herinnerd_op=wijk.klok.moment))
    fouten: tuple[tuple[dict[str, Any], str], ...] = (
        ({"uiterlijk": date(2027, 2, 1)}, "uiterlijk"), ({"herinneren_op": date(2999, 1, 1)}, "herinneren_op"),
        ({"status": None}, "status"),
    )  # fmt: skip
    for given, veld in fouten:
        error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: herplan(work, Taak, id, 1, given), records=ALLES)  # noqa: B023
        assert error.veld == veld
    await wijk.schrijf("WIJKTEAM", lambda work: herplan(work, Taak, id, 1, {"uiterlijk": date(2027, 4, 1)}))
    row = await stand(wijk, id)
    assert (row.uiterlijk, row.herinneren_op) == (date(2027, 4, 1), date(2027, 3, 1))
    assert (await wijk.rows(select(Taak.tabel().c.herinnerd_op)))[0][0] is None
    wijk.klok.moment = wijk.klok.moment.replace(month=6)  # a day that has passed may stay, or be taken away
    await wijk.schrijf("WIJKTEAM", lambda work: herplan(work, Taak, id, 2, {"uiterlijk": date(2027, 4, 1), "herinneren_op": None}))
    assert (await stand(wijk, id)).herinneren_op is None


async def test_a_task_goes_only_to_who_sees_it_too(wijk: Wijk) -> None:
    id = await made(wijk, Voor(wijk.WIJKTEAM, GEBRUIKER))
    for naar in (
        Voor(wijk.DOCK, GEBRUIKER),
        Voor(wijk.ander_team, TEAM),
        Voor(wijk.team, TEAM, "KLANTMANAGER"),
        Voor(nieuw_id(), GEBRUIKER),
    ):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: geef_door(work, id, 1, naar), records=ALLES)  # noqa: B023
    await wijk.schrijf("WIJKTEAM", lambda work: geef_door(work, id, 1, Voor(wijk.team, TEAM, "REGISSEUR")))
    row = await stand(wijk, id)
    assert (row.voor_id, row.voor_rol, row.status) == (wijk.team, "REGISSEUR", Taakstatus.OPEN)


async def test_a_task_about_no_resident_goes_to_another_organisation_and_is_then_its_own(wijk: Wijk) -> None:
    mine = await wijk.schrijf("WIJKTEAM", lambda work: maak_algemene_taak(work, Voor(wijk.team, TEAM), tekst="Ruim de hal op"))
    naar = Voor(wijk.DOCK, GEBRUIKER)
    pogingen: tuple[tuple[str, type[WijkwerkError], int, Voor], ...] = (
        ("DOCK", NietGevonden, 1, naar), ("WIJKTEAM", VersieVerouderd, 9, naar),
        ("WIJKTEAM", OngeldigeInvoer, 1, Voor(wijk.BEHEER, GEBRUIKER)),
    )  # fmt: skip
    for rol, error, versie, voor in pogingen:
        await refused(wijk, rol, error, lambda work: geef_algemene_door(work, mine, versie, voor), records=ALLES)  # noqa: B023
    await wijk.schrijf("WIJKTEAM", lambda work: geef_algemene_door(work, mine, 1, naar))
    await refused(wijk, "WIJKTEAM", NietGevonden, lambda work: gedaan(work, AlgemeneTaak, mine, 2), records=ALLES)
    await wijk.schrijf("DOCK", lambda work: niet_gedaan(work, AlgemeneTaak, mine, 2, "Geen tijd"))
    [row] = await wijk.rows(select(AlgemeneTaak.tabel()))
    assert (row.status, row.reden, row.verantwoordelijke_id) == (Taakstatus.NIET_GEDAAN, "Geen tijd", wijk.dock)


async def test_a_case_that_closes_or_changes_hands_takes_its_open_tasks_along_and_no_others(wijk: Wijk) -> None:
    een, twee = await wijk.inwoner(), await wijk.inwoner("Visser")
    dossier, ander, bron = await wijk.dossier(een, twee), await wijk.dossier(een), nieuw_id()
    own, team = Voor(wijk.WIJKTEAM, GEBRUIKER), Voor(wijk.team, TEAM)
    a = await made(wijk, own, dossier, een)
    b = await made(wijk, team, dossier, twee, bron_id=bron)
    done = await made(wijk, own, dossier, een)
    elders = await made(wijk, own, ander, een)
    await wijk.schrijf("WIJKTEAM", lambda work: gedaan(work, Taak, done, 1))
    algemeen = await wijk.schrijf("WIJKTEAM", lambda work: maak_algemene_taak(work, team, tekst="Ruim op", bron_id=bron))
    service: Callable[[Work], Any]
    for service in (lambda work: laat_vervallen(work, kader=dossier), lambda work: geef_over(work, dossier, [wijk.WIJKTEAM], team)):
        await refused(wijk, "BEHEER", GeenRecht, service, records=ALLES)
    with pytest.raises(ValueError, match="which tasks"):
        await wijk.schrijf("WIJKTEAM", lambda work: laat_vervallen(work))
    assert await wijk.schrijf("REGISSEUR", lambda work: geef_over(work, dossier, [wijk.WIJKTEAM], team)) == 1
    assert [(await stand(wijk, id)).voor_id for id in (a, done, elders)] == [wijk.team, wijk.WIJKTEAM, wijk.WIJKTEAM]
    assert await wijk.schrijf("REGISSEUR", lambda work: laat_vervallen(work, kader=dossier, persoon=een)) == 1
    assert await wijk.schrijf("REGISSEUR", lambda work: laat_vervallen(work, bron_id=bron)) == 2
    assert await wijk.schrijf("REGISSEUR", lambda work: laat_vervallen(work, bron_id=bron)) == 0
    statuses = [(await stand(wijk, id)).status for id in (a, b, done, elders)]
    assert statuses == [Taakstatus.VERVALLEN, Taakstatus.VERVALLEN, Taakstatus.GEDAAN, Taakstatus.OPEN]
    assert {(await stand(wijk, id)).tekst for id in (a, b, done, elders)} == {"Bel terug"}  # sealed for the version that each has now
    [row] = await wijk.rows(select(AlgemeneTaak.tabel()))
    assert (row.id, row.status) == (algemeen, Taakstatus.VERVALLEN)
    last = [entry for entry in await wijk.log() if entry["gebeurtenis"] == "WIJZIGEN"]
    assert {shown[0] for entry in last for who in entry.get("betrokkenen", ()) for shown in who["getoond"]} >= {"Taak"}


async def test_a_task_of_a_report_belongs_to_that_report(wijk: Wijk) -> None:
    persoon = await wijk.schrijf("WIJKTEAM", lambda work: aanmelden(work, {"geslachtsnaam": "Moulin"}))
    id = await wijk.schrijf("WIJKTEAM", lambda work: maak_taak(work, persoon, Voor(wijk.team, TEAM), kader=None, tekst="Bel"))
    [row] = await wijk.rows(select(Taak.tabel().c.kader_id).where(Taak.tabel().c.id == id))
    assert await wijk.schrijf("WIJKTEAM", lambda work: laat_vervallen(work, kader=row.kader_id)) == 1
    # once a case came of it, what is made without saying where belongs to the case, though the older door to the report is open as well
    dossier = await wijk.schrijf("WIJKTEAM", lambda work: open_dossier(work, [persoon], aanmeldingen=[row.kader_id]))
    later = await wijk.schrijf("WIJKTEAM", lambda work: maak_taak(work, persoon, Voor(wijk.team, TEAM), kader=None, tekst="Bel"))
    [row] = await wijk.rows(select(Taak.tabel().c.kader_id).where(Taak.tabel().c.id == later))
    assert row.kader_id == dossier
