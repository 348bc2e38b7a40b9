"""Who gives whom which role: nobody oneself, a partner only its own people, nobody learns who else is known (domain.md 9.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.aanstellingen import Plaats, beeindig, hernoem, neem_in_dienst, stel_aan
from wijkwerk.access.actor import Functie
from wijkwerk.bekenden import bekende
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.gebruikers import Aanstelling, Gebruiker, neem_op, wijzig
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.organisaties import Team, beeindig_organisatie, beeindig_team
from wijkwerk.records.guard import OmzeilingGeweigerd
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing import weigering
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
VANDAAG = date(2027, 3, 1)
GISTEREN, MORGEN = VANDAAG - timedelta(days=1), VANDAAG + timedelta(days=1)
state = partial(weigering.rows_of, records=(Gebruiker, Aanstelling))
refused = partial(weigering.refused, records=(Gebruiker, Aanstelling))


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def functies(wijk: Wijk, onderwerp: str, op: date = VANDAAG) -> list[tuple[str, UUID]]:
    """What this user may do on a day, as the next request has it."""
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: bekende(connection, "test", onderwerp, begin_van(op)))
    return [] if found is None else [(functie.rol, functie.organisatie) for functie in found.functies]


def dienst(wijk: Wijk, rol: str = "DOCK", organisatie: UUID | None = None, onderwerp: str = "nieuw", **rest: Any) -> Callable[[Work], UUID]:
    """Employ somebody."""
    plaats = replace(Plaats(organisatie or wijk.dock, rol, VANDAAG), **rest)
    return lambda work: neem_in_dienst(work, "test", onderwerp, "Nel Nieuw", plaats)


async def test_who_is_employed_may_begin_on_the_first_day_and_is_gone_after_the_last(wijk: Wijk) -> None:
    await wijk.schrijf("BEHEER", dienst(wijk, "WIJKTEAM", wijk.stad, team=wijk.team, van=VANDAAG, tot=MORGEN))
    found = [len(await functies(wijk, "nieuw", GISTEREN + timedelta(days=at))) for at in range(4)]
    assert found == [0, 1, 1, 0]
    assert await functies(wijk, "onbekend") == []


async def test_a_partner_employs_its_own_people_and_ends_it_at_once(wijk: Wijk) -> None:
    id = await wijk.schrijf("PARTNER_BEHEER", dienst(wijk))
    assert await functies(wijk, "nieuw") == [("DOCK", wijk.dock)]
    await wijk.schrijf("PARTNER_BEHEER", lambda work: hernoem(work, id, 1, "Nel N."))
    await wijk.schrijf("PARTNER_BEHEER", lambda work: beeindig(work, id, 2))
    assert await functies(wijk, "nieuw") == []
    [row] = await wijk.lees("PARTNER_BEHEER", lambda reader: reader.by_key(Aanstelling, ("naam", "tot", "versie"), "id", [id]))
    assert (row.naam, row.tot, row.versie) == ("Nel N.", GISTEREN, 3)


ELSEWHERE: dict[str, tuple[type[WijkwerkError], Callable[[Wijk], Callable[[Work], Any]]]] = {
    "employ at another organisation": (NietGevonden, lambda w: dienst(w, organisatie=w.zorg)),
    "employ at the municipality": (NietGevonden, lambda w: dienst(w, organisatie=w.stad)),
    "employ at an organisation that is not there": (NietGevonden, lambda w: dienst(w, organisatie=nieuw_id())),
    "give a municipal role": (GeenRecht, lambda w: dienst(w, "WIJKTEAM")),
    "give the role of functional administration": (GeenRecht, lambda w: dienst(w, "BEHEER")),
    "give the role of the system": (GeenRecht, lambda w: dienst(w, "IMPORT")),
    "make another administrator": (GeenRecht, lambda w: dienst(w, "PARTNER_BEHEER")),
    "give a role that does not exist": (OngeldigeInvoer, lambda w: dienst(w, "BAAS")),
    "give oneself a role": (GeenRecht, lambda w: dienst(w, onderwerp="PARTNER_BEHEER")),
    "give oneself a role by number": (GeenRecht, lambda w: lambda k: stel_aan(k, w.PARTNER_BEHEER, Plaats(w.dock, "DOCK", VANDAAG))),
    "use a team of the municipality": (OngeldigeInvoer, lambda w: dienst(w, team=w.team)),
    "use a team that is not there": (NietGevonden, lambda w: dienst(w, team=nieuw_id())),
    "give somebody of another organisation a role": (
        NietGevonden, lambda w: lambda k: stel_aan(k, w.WIJKTEAM, Plaats(w.dock, "DOCK", VANDAAG)),
    ),
    "give nobody a role": (NietGevonden, lambda w: lambda k: stel_aan(k, nieuw_id(), Plaats(w.dock, "DOCK", VANDAAG))),
    "give a role elsewhere": (NietGevonden, lambda w: lambda k: stel_aan(k, w.DOCK, Plaats(w.zorg, "ZORG", VANDAAG))),
    "take a user on elsewhere": (NietGevonden, lambda w: lambda k: neem_op(k, "test", "nieuw", "Nel", w.stad)),
    "rename a user of the municipality": (GeenRecht, lambda w: lambda k: wijzig(k, w.WIJKTEAM, 1, "Anders")),
    "rename its own user": (GeenRecht, lambda w: lambda k: wijzig(k, w.DOCK, 1, "Anders")),
}  # fmt: skip


@OP_SQLITE
@pytest.mark.parametrize(("error", "unit"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
async def test_the_administrator_of_a_partner_can_not(
    wijk: Wijk, error: type[WijkwerkError], unit: Callable[[Wijk], Callable[[Work], Any]]
) -> None:
    await refused(wijk, "PARTNER_BEHEER", error, unit(wijk))


async def test_the_employments_of_others_can_not_be_touched_nor_one_s_own(wijk: Wijk) -> None:
    a = Aanstelling.tabel()
    ids = {row.rol: row.id for row in await wijk.rows(select(a.c.id, a.c.rol))}
    for rol in ("WIJKTEAM", "ZORG", "BEHEER"):
        await refused(wijk, "PARTNER_BEHEER", NietGevonden, partial(beeindig, id=ids[rol], versie=1))
        await refused(wijk, "PARTNER_BEHEER", NietGevonden, partial(hernoem, id=ids[rol], versie=1, naam="Anders"))
    for rol in ("PARTNER_BEHEER", "BEHEER"):
        await refused(wijk, rol, GeenRecht, partial(beeindig, id=ids[rol], versie=1, tot=MORGEN))


async def test_nobody_of_another_organisation_is_seen(wijk: Wijk) -> None:
    a, g = Aanstelling.tabel(), Gebruiker.tabel()
    for rol, own in (("PARTNER_BEHEER", wijk.dock), ("WIJKTEAM", wijk.stad), ("TEAMLEIDER", wijk.stad), ("FG", wijk.stad)):
        page = await wijk.lees(rol, lambda reader: reader.page(Aanstelling, ("organisatie_id",), first=100))
        assert {row.organisatie_id for row in page.rows} == {own}
        assert len(page.rows) == (await wijk.rows(select(func.count()).select_from(a).where(a.c.organisatie_id == own)))[0][0]
    users = await wijk.lees("WIJKTEAM", lambda reader: reader.page(Gebruiker, (), first=100))
    own_users = {row.id for row in await wijk.rows(select(g.c.id).where(g.c.verantwoordelijke_id == wijk.stad))}
    assert {row.id for row in users.rows} == own_users
    for rol, record in (("PARTNER_BEHEER", Gebruiker), ("DOCK", Aanstelling), ("ZORG", Gebruiker)):
        with pytest.raises(GeenRecht):
            await wijk.lees(rol, partial(Reader.page, record=record, velden=(), first=100))
    everybody = await wijk.lees("BEHEER", lambda reader: reader.count(Aanstelling))
    assert everybody == (await wijk.rows(select(func.count()).select_from(a)))[0][0]


async def test_a_partner_is_not_told_that_somebody_was_known(wijk: Wijk) -> None:
    """The same answer, the same row, and the user who was known keeps the name and the work they had."""
    nieuw = await wijk.schrijf("PARTNER_BEHEER", dienst(wijk, onderwerp="nieuw"))
    bekend = await wijk.schrijf("PARTNER_BEHEER", dienst(wijk, onderwerp="WIJKTEAM"))
    velden = ("naam", "rol", "organisatie_id", "team_id", "van", "tot", "versie", "beperkt")
    rows = await wijk.lees("PARTNER_BEHEER", lambda reader: reader.by_key(Aanstelling, velden[:-1], "id", [nieuw, bekend]))
    assert len({tuple(getattr(row, veld) for veld in velden) for row in rows}) == 1
    g = Gebruiker.tabel()
    [row] = await wijk.rows(select(g.c.naam, g.c.verantwoordelijke_id, g.c.versie).where(g.c.onderwerp == "WIJKTEAM"))
    assert tuple(row) == ("wijkteam", wijk.stad, 1)
    assert sorted(await functies(wijk, "WIJKTEAM")) == sorted([("WIJKTEAM", wijk.stad), ("DOCK", wijk.dock)])
    [made] = await wijk.rows(select(g.c.id).where(g.c.onderwerp == "nieuw"))
    assert made.id.version == 4  # a number in the order of time would tell the two apart
    entries = [regel for regel in await wijk.log() if regel["onderdeel"] == "test"]
    assert len({tuple(sorted(regel)) for regel in entries[-3:-1]}) == 1


async def test_who_is_known_by_now_gets_another_role_and_another_team(wijk: Wijk) -> None:
    team = await wijk.wijkwerk.database.transact(
        lambda connection: wijk.put(connection, Team, naam="dockteam", organisatie_id=wijk.dock, verantwoordelijke_id=wijk.dock)
    )
    id = await wijk.schrijf("PARTNER_BEHEER", lambda work: stel_aan(work, wijk.DOCK, Plaats(wijk.dock, "BUURTCOACH", VANDAAG, team=team)))
    [row] = await wijk.lees("PARTNER_BEHEER", lambda reader: reader.by_key(Aanstelling, ("naam", "rol", "team_id"), "id", [id]))
    assert (row.naam, row.rol, row.team_id) == ("dock", "BUURTCOACH", team)
    assert sorted(rol for rol, _ in await functies(wijk, "DOCK")) == ["BUURTCOACH", "DOCK"]


ADMINISTRATION: dict[str, tuple[type[WijkwerkError], Callable[[Wijk], Callable[[Work], Any]]]] = {
    "give oneself access to cases": (GeenRecht, lambda w: dienst(w, "WIJKTEAM", w.stad, "BEHEER")),
    "give oneself access by number": (GeenRecht, lambda w: lambda k: stel_aan(k, w.BEHEER, Plaats(w.stad, "WIJKTEAM", VANDAAG))),
    "give the role of the system": (GeenRecht, lambda w: dienst(w, "IMPORT", w.stad)),
    "give a municipal role at a partner": (OngeldigeInvoer, lambda w: dienst(w, "REGISSEUR", w.dock)),
    "make the auditor a colleague": (OngeldigeInvoer, lambda w: dienst(w, "WIJKTEAM", w.stad, "FG")),
    "make a colleague the auditor": (OngeldigeInvoer, lambda w: dienst(w, "FG", w.stad, "WIJKTEAM")),
    "use a team of another organisation": (OngeldigeInvoer, lambda w: dienst(w, "DOCK", w.dock, team=w.team)),
    "give the same again": (OngeldigeInvoer, lambda w: dienst(w, "WIJKTEAM", w.stad, "WIJKTEAM", team=w.team)),
    "end before the beginning": (OngeldigeInvoer, lambda w: dienst(w, tot=GISTEREN)),
    "take on without a name": (OngeldigeInvoer, lambda w: lambda k: neem_op(k, "test", "nieuw", " ", w.dock)),
    "take on without a subject": (OngeldigeInvoer, lambda w: lambda k: neem_op(k, "test", "", "Nel", w.dock)),
    "take on a huge subject": (OngeldigeInvoer, lambda w: lambda k: neem_op(k, "test", "x" * 100_000, "Nel", w.dock)),
    "give a user of the system a role": (OngeldigeInvoer, lambda w: lambda k: neem_op(k, "systeem", "import", "Nel", w.stad)),
    "take on a huge issuer": (OngeldigeInvoer, lambda w: lambda k: neem_op(k, "x" * 201, "nieuw", "Nel", w.dock)),
    "give nobody a role": (NietGevonden, lambda w: lambda k: stel_aan(k, nieuw_id(), Plaats(w.dock, "DOCK", VANDAAG))),
    "rename with an old version": (VersieVerouderd, lambda w: lambda k: wijzig(k, w.DOCK, 9, "Anders")),
    "rename nobody": (NietGevonden, lambda w: lambda k: wijzig(k, nieuw_id(), 1, "Anders")),
}


@OP_SQLITE
@pytest.mark.parametrize(("error", "unit"), ADMINISTRATION.values(), ids=ADMINISTRATION.keys())
async def test_functional_administration_can_not(
    wijk: Wijk, error: type[WijkwerkError], unit: Callable[[Wijk], Callable[[Work], Any]]
) -> None:
    await refused(wijk, "BEHEER", error, unit(wijk))


@pytest.mark.parametrize("rol", ["WIJKTEAM", "TEAMLEIDER", "FG", "DOCK", "PRIVACY_OFFICER"])
async def test_who_manages_no_users_employs_renames_and_ends_nobody(wijk: Wijk, rol: str) -> None:
    [row] = await wijk.rows(select(Aanstelling.tabel().c.id).where(Aanstelling.tabel().c.rol == "CRISISDIENST"))
    own = wijk.functie(rol).organisatie
    for unit in (
        dienst(wijk, "GROEPSHOST", own),
        lambda work: stel_aan(work, wijk.KLANTMANAGER, Plaats(own, "GROEPSHOST", VANDAAG)),
        lambda work: neem_op(work, "test", "nieuw", "Nel", own),
        lambda work: hernoem(work, row.id, 1, "Anders"),
        lambda work: beeindig(work, row.id, 1),
        lambda work: wijzig(work, wijk.KLANTMANAGER, 1, "Anders"),
    ):
        await refused(wijk, rol, GeenRecht, unit)


async def test_an_organisation_or_team_that_has_ended_employs_nobody(wijk: Wijk) -> None:
    await wijk.schrijf("BEHEER", lambda work: beeindig_organisatie(work, wijk.zorg, 1))
    await wijk.schrijf("BEHEER", lambda work: beeindig_team(work, wijk.ander_team, 1))
    await refused(wijk, "BEHEER", NietGevonden, dienst(wijk, "ZORG", wijk.zorg))
    await refused(wijk, "BEHEER", NietGevonden, dienst(wijk, "WIJKTEAM", wijk.stad, team=wijk.ander_team))


async def test_an_employment_ends_once_not_in_the_past_and_not_later_than_agreed(wijk: Wijk) -> None:
    id = await wijk.schrijf("BEHEER", dienst(wijk, tot=MORGEN))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, id, 1, GISTEREN - timedelta(days=1)))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, id, 1, MORGEN + timedelta(days=1)))
    await refused(wijk, "BEHEER", VersieVerouderd, lambda work: beeindig(work, id, 2))
    await wijk.schrijf("BEHEER", lambda work: beeindig(work, id, 1, VANDAAG))
    assert [len(await functies(wijk, "nieuw", op)) for op in (VANDAAG, MORGEN)] == [1, 0]
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, id, 2, VANDAAG))
    await wijk.schrijf("BEHEER", lambda work: beeindig(work, id, 2))
    await wijk.schrijf("BEHEER", dienst(wijk, van=VANDAAG))
    assert len(await functies(wijk, "nieuw")) == 1


async def test_who_audits_can_do_nothing_else_even_where_a_partner_employs_them(wijk: Wijk) -> None:
    """A partner is not told that somebody is the FG; the employment is there and gives nothing (domain.md 9.6)."""
    await wijk.schrijf("PARTNER_BEHEER", dienst(wijk, onderwerp="FG"))
    found = [Functie(rol, organisatie) for rol, organisatie in await functies(wijk, "FG")]
    assert len(found) == 2
    maak, moment = wijk.wijkwerk.toewijzer.actor, wijk.klok.nu()
    assert maak(wijk.FG, wijk.gemeente, found, None, moment).rollen == ("FG",)
    with pytest.raises(GeenRecht):
        maak(wijk.FG, wijk.gemeente, found, "WELZIJNSWERK", moment)


async def test_code_of_a_plugin_makes_no_employment_of_its_own(wijk: Wijk) -> None:
    values = {"gebruiker_id": wijk.DOCK, "organisatie_id": wijk.dock, "naam": "x", "rol": "WIJKTEAM", "van": VANDAAG}
    await refused(wijk, "PARTNER_BEHEER", OmzeilingGeweigerd, lambda work: work.add(Aanstelling(**values)))


async def test_a_user_of_another_municipality_is_out_of_reach(wijk: Wijk) -> None:
    buur = replace(wijk.actor("BEHEER"), gemeente=wijk.buurgemeente)
    before = await state(wijk)
    for unit in (
        lambda work: wijzig(work, wijk.DOCK, 1, "Anders"),
        lambda work: stel_aan(work, wijk.DOCK, Plaats(wijk.dock, "DOCK", VANDAAG)),
    ):
        with pytest.raises(NietGevonden):
            await wijk.schrijf(buur, unit)
    assert await state(wijk) == before
