"""Making a task: for whom, about whom, before which day; and that a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from wijkwerk.access.betrokkenheid import Afschermsoort, Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N1, N4, N7
from wijkwerk.access.register import PLANNING, VEILIGHEID
from wijkwerk.betrokkenheden import Partij, scherm_af
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.history import Wijziging
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.maken import maak_algemene_taak, maak_taak
from wijkwerk.taken.soorten import SIGNAAL_BEOORDELEN as SIGNAAL
from wijkwerk.taken.soorten import TAAK, Taaksoort
from wijkwerk.taken.taak import AlgemeneTaak, Taak, Taakstatus
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
GEBRUIKER, TEAM, ORGANISATIE = Partijsoort.GEBRUIKER, Partijsoort.TEAM, Partijsoort.ORGANISATIE
BELLEN = Taaksoort("PROEF_BELLEN", "Bellen over een activiteit", PLANNING, N4)
STRIKT = Taaksoort("PROEF_STRIKT", "Iets voor de casusregisseur alleen", VEILIGHEID, N7)
DAG = date(2027, 4, 1)
ANDERS = Taaksoort("TAAK", "Taak", niveau=N1)
NOOIT = Taaksoort("PROEF_NOOIT", "Een soort die niemand aangeeft")


@pytest.fixture
def plugins() -> list[Any]:
    """A plugin with kinds of tasks of its own, and nothing else."""
    info, given = PluginInfo("proef", "Taken van een plugin.", "0.1.0"), Declaraties(taaksoorten=(BELLEN, STRIKT))
    return [SimpleNamespace(__name__="proef", plugin_info=hookimpl(lambda: info), declaraties=hookimpl(lambda: given))]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def coupled(wijk: Wijk, persoon: UUID, dossier: UUID, rol: str | None = None) -> UUID:
    partner, samen = Partij(wijk.dock, ORGANISATIE, N4), ("WMO_ALG_VOORZIENING", ["PLANNING"])
    return await wijk.schrijf("REGISSEUR", lambda work: koppel(work, dossier, persoon, partner, *samen, rol=rol))


async def test_a_task_for_a_user_and_a_team_is_in_the_case_and_due_in_working_days(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf(
        "WIJKTEAM", lambda work: maak_taak(work, persoon, Voor(wijk.REGISSEUR, GEBRUIKER), kader=dossier, tekst=" Bel terug ", werkdagen=10)
    )
    await wijk.schrijf("REGISSEUR", lambda work: maak_taak(work, persoon, Voor(wijk.team, TEAM, "WIJKTEAM"), kader=None))
    velden = ("voor_id", "voor_soort", "voor_rol", "kader_id", "uiterlijk", "tekst", "status", "gemaakt_door_id")
    een, twee = await wijk.lees("WIJKTEAM", lambda reader: reader.by_key(Taak, velden, "persoon_id", [persoon], order=("gemaakt_op",)))
    # 1 March 2027 is a Monday; 26 March is Good Friday, so none of it is in between
    assert (een.voor_id, een.kader_id, een.uiterlijk, een.tekst) == (wijk.REGISSEUR, dossier, date(2027, 3, 15), "Bel terug")
    assert (twee.voor_id, twee.voor_soort, twee.voor_rol, twee.status) == (wijk.team, TEAM, "WIJKTEAM", Taakstatus.OPEN)
    assert twee.gemaakt_door_id == wijk.REGISSEUR
    assert twee.kader_id is not None
    [[stored]] = await wijk.rows(select(Taak.tabel().c.tekst).where(Taak.tabel().c.tekst.is_not(None)))
    assert b"Bel" not in stored
    assert len(await wijk.rows(select(Wijziging.tabel()).where(Wijziging.tabel().c.tabelnaam == "taak"))) == 2


@dataclass(frozen=True)
class Fout:
    """Who asks what, and what it is refused with."""

    rol: str
    error: type[WijkwerkError]
    veld: str | None
    given: Callable[[Wijk], dict[str, Any]]


FOUTEN = {
    "no right": Fout("CRISISDIENST", GeenRecht, None, lambda w: {}),
    "an undeclared kind": Fout("WIJKTEAM", OngeldigeInvoer, "soort", lambda w: {"soort": NOOIT}),
    "a kind declared otherwise": Fout("WIJKTEAM", OngeldigeInvoer, "soort", lambda w: {"soort": ANDERS}),
    "a partner that is not coupled": Fout("WIJKTEAM", OngeldigeInvoer, "voor", lambda w: {"voor": Voor(w.dock, ORGANISATIE)}),
    "a partner's user": Fout("WIJKTEAM", OngeldigeInvoer, "voor", lambda w: {"voor": Voor(w.DOCK, GEBRUIKER)}),
    "another team": Fout("WIJKTEAM", OngeldigeInvoer, "voor", lambda w: {"voor": Voor(w.ander_team, TEAM)}),
    "a user without a work list": Fout("WIJKTEAM", OngeldigeInvoer, "voor", lambda w: {"voor": Voor(w.BEHEER, GEBRUIKER)}),
    "nobody": Fout("WIJKTEAM", OngeldigeInvoer, "voor", lambda w: {"voor": Voor(nieuw_id(), GEBRUIKER)}),
    "a role that nobody has there": Fout("WIJKTEAM", OngeldigeInvoer, "voor", lambda w: {"voor": Voor(w.team, TEAM, "KLANTMANAGER")}),
    "no role at all": Fout("WIJKTEAM", OngeldigeInvoer, "voor_rol", lambda w: {"voor": Voor(w.team, TEAM, "<b>")}),
    "too low a ceiling": Fout("REGISSEUR", OngeldigeInvoer, "voor", lambda w: {"soort": SIGNAAL, "voor": Voor(w.TEAMLEIDER, GEBRUIKER)}),
    "the team, of what the regisseur sees": Fout("REGISSEUR", OngeldigeInvoer, "voor", lambda w: {"soort": STRIKT}),
    "what the maker may not see": Fout("WIJKTEAM", NietGevonden, None, lambda w: {"soort": STRIKT, "voor": Voor(w.REGISSEUR, GEBRUIKER)}),
    "a kader that is nothing": Fout("WIJKTEAM", NietGevonden, None, lambda w: {"kader": nieuw_id()}),
    "a day that is over": Fout("WIJKTEAM", OngeldigeInvoer, "uiterlijk", lambda w: {"uiterlijk": date(2027, 2, 28)}),
    "a day in another life": Fout("WIJKTEAM", OngeldigeInvoer, "uiterlijk", lambda w: {"uiterlijk": date(9999, 12, 31)}),
    "a reminder that is over": Fout("WIJKTEAM", OngeldigeInvoer, "herinneren_op", lambda w: {"herinneren_op": date(2027, 2, 28)}),
    "both a day and working days": Fout("WIJKTEAM", OngeldigeInvoer, "werkdagen", lambda w: {"uiterlijk": DAG, "werkdagen": 3}),
    "too many working days": Fout("WIJKTEAM", OngeldigeInvoer, "werkdagen", lambda w: {"werkdagen": 10_000}),
    "no working days": Fout("WIJKTEAM", OngeldigeInvoer, "werkdagen", lambda w: {"werkdagen": 0}),
    "an empty text": Fout("WIJKTEAM", OngeldigeInvoer, "tekst", lambda w: {"tekst": "  "}),
    "a huge text": Fout("WIJKTEAM", OngeldigeInvoer, "tekst", lambda w: {"tekst": "x" * 5_000}),
}  # fmt: skip


async def test_a_task_that_nobody_could_do_is_refused_and_nothing_happened(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    for naam, fout in FOUTEN.items():
        given: dict[str, Any] = {"voor": Voor(wijk.team, TEAM), "kader": dossier} | fout.given(wijk)
        voor = given.pop("voor")
        found = await refused(wijk, fout.rol, fout.error, lambda work: maak_taak(work, persoon, voor, **given), records=(Taak, Wijziging))  # noqa: B023
        assert getattr(found, "veld", None) == fout.veld, naam
        assert "Moulin" not in str(found), naam
    vreemd = Voor(wijk.dock, ORGANISATIE)
    await refused(wijk, "DOCK", NietGevonden, lambda work: maak_taak(work, persoon, vreemd, kader=None), records=(Taak,))
    await refused(
        wijk, "WIJKTEAM", NietGevonden, lambda work: maak_taak(work, nieuw_id(), Voor(wijk.team, TEAM), kader=None), records=(Taak,)
    )


async def test_a_kind_of_a_plugin_is_made_for_a_partner_once_that_is_coupled(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)

    def bel(voor: Voor, soort: Taaksoort = BELLEN) -> Callable[[Work], UUID]:
        return lambda work: maak_taak(work, persoon, voor, soort=soort, kader=dossier, tekst="Vraag of de groep bevalt")

    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, bel(Voor(wijk.DOCK, GEBRUIKER)), records=(Taak,))
    await coupled(wijk, persoon, dossier)
    ids = {await wijk.schrijf("WIJKTEAM", bel(voor)) for voor in (Voor(wijk.DOCK, GEBRUIKER), Voor(wijk.dock, ORGANISATIE, "DOCK"))}
    seen = await wijk.lees("DOCK", lambda reader: reader.by_key(Taak, ("tekst", "soort"), "persoon_id", [persoon]))
    assert {(row.id, row.tekst, row.soort) for row in seen} == {(id, "Vraag of de groep bevalt", BELLEN.code) for id in ids}
    # the coupling opens PLANNING and nothing of the plan; a partner whose ceiling is lower sees none of it
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, bel(Voor(wijk.DOCK, GEBRUIKER), TAAK), records=(Taak,))
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, bel(Voor(wijk.VRIJW_COORD, GEBRUIKER)), records=(Taak,))


async def test_a_partner_makes_a_task_in_the_case_that_lets_its_own_role_in_whichever_came_first(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    voor_ander, eigen = await wijk.dossier(persoon), await wijk.dossier(persoon)
    voor = Voor(wijk.DOCK, GEBRUIKER)
    await coupled(wijk, persoon, voor_ander, rol="BUURTCOACH")
    await refused(wijk, "DOCK", NietGevonden, lambda work: maak_taak(work, persoon, voor, soort=BELLEN, kader=None), records=[Taak])
    await coupled(wijk, persoon, eigen)
    taak = await wijk.schrijf("DOCK", lambda work: maak_taak(work, persoon, voor, soort=BELLEN, kader=None))
    assert [(row.id, row.kader_id) for row in await wijk.rows(select(Taak.tabel()))] == [(taak, eigen)]


async def test_no_task_for_who_left_and_none_for_whom_something_is_held_back_from(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    mine: Callable[[Work], UUID] = lambda work: maak_taak(work, persoon, Voor(wijk.WIJKTEAM, GEBRUIKER), kader=dossier)  # noqa: E731
    await wijk.schrijf("REGISSEUR", mine)
    await wijk.schrijf(
        "REGISSEUR", lambda work: scherm_af(work, persoon, Afschermsoort.BELANGENCONFLICT, niveau_tot=N1, partij=wijk.WIJKTEAM)
    )
    await refused(wijk, "REGISSEUR", OngeldigeInvoer, mine, records=(Taak,))
    a = Aanstelling.tabel()
    leader: Callable[[Work], UUID] = lambda work: maak_taak(work, persoon, Voor(wijk.TEAMLEIDER, GEBRUIKER), kader=dossier)  # noqa: E731
    await wijk.schrijf("REGISSEUR", leader)
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.TEAMLEIDER).values(tot=date(2027, 2, 28)))
    await refused(wijk, "REGISSEUR", OngeldigeInvoer, leader, records=(Taak,))
    await wijk.change(delete(Betrokkenheid.tabel()).where(Betrokkenheid.tabel().c.partij_id == wijk.team))
    await refused(
        wijk, "REGISSEUR", OngeldigeInvoer, lambda work: maak_taak(work, persoon, Voor(wijk.team, TEAM), kader=dossier), records=(Taak,)
    )


async def test_a_task_about_no_resident_is_for_who_has_it_alone(wijk: Wijk) -> None:
    mine = await wijk.schrijf(
        "TEAMLEIDER", lambda work: maak_algemene_taak(work, Voor(wijk.DOCK, GEBRUIKER), tekst="Stuur de folders", werkdagen=1)
    )
    seen: Callable[[Any], list[Any]] = lambda reader: reader.by_key(AlgemeneTaak, ("tekst", "uiterlijk"), "id", [mine])  # noqa: E731
    [row] = await wijk.lees("DOCK", seen)
    assert (row.tekst, row.uiterlijk) == ("Stuur de folders", date(2027, 3, 2))
    assert await wijk.lees("TEAMLEIDER", seen) == await wijk.lees("MZ_CONSULENT", seen) == []
    for rol, error, voor, tekst in (
        ("BEHEER", GeenRecht, Voor(wijk.team, TEAM), "x"),
        ("WIJKTEAM", OngeldigeInvoer, Voor(wijk.BEHEER, GEBRUIKER), "x"),
        ("WIJKTEAM", OngeldigeInvoer, Voor(wijk.team, TEAM), " "),
        ("WIJKTEAM", OngeldigeInvoer, Voor(wijk.team, TEAM), "x" * 3_000),
    ):
        await refused(wijk, rol, error, lambda work: maak_algemene_taak(work, voor, tekst=tekst), records=(AlgemeneTaak,))  # noqa: B023
