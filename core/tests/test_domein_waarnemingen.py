"""Replacement: the work of who is away is taken over for a time, in the same role, and ends by itself (issue 3, point 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.aanstellingen import Plaats, stel_aan
from wijkwerk.aanstellingen import beeindig as beeindig_aanstelling
from wijkwerk.access.actor import Actor
from wijkwerk.bekenden import bekende
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.records.guard import OmzeilingGeweigerd
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing import weigering
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk.waarnemingen import Waarneming, beeindig, neem_waar

pytestmark = pytest.mark.anyio
EERSTE, LAATSTE = date(2027, 3, 2), date(2027, 3, 4)
DAGEN = [date(2027, 3, 1), EERSTE, LAATSTE, date(2027, 3, 5)]
"""The day before, the first, the last, and the day after."""
state = partial(weigering.rows_of, records=(Waarneming,))
refused = partial(weigering.refused, records=(Waarneming,))


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def collega(wijk: Wijk, naam: str, rol: str = "REGISSEUR", *, organisatie: UUID | None = None, team: UUID | None = None) -> UUID:
    """Another user with this role, of another team than the first unless said otherwise."""
    id = nieuw_id()
    waar = organisatie or wijk.stad

    def put(connection: Any) -> None:
        wijk.put(connection, Gebruiker, id=id, naam=naam, issuer="test", onderwerp=naam, verantwoordelijke_id=waar)
        wijk.put(
            connection, Aanstelling, gebruiker_id=id, naam=naam, organisatie_id=waar, team_id=team, rol=rol, van=date(2026, 1, 1),
            verantwoordelijke_id=waar,
        )  # fmt: skip

    await wijk.wijkwerk.database.transact(put)
    return id


async def neemt_waar(wijk: Wijk, afwezige: UUID, vervanger: UUID, *, rol: str = "BEHEER", organisatie: UUID | None = None) -> UUID:
    return await wijk.schrijf(rol, lambda work: neem_waar(work, afwezige, vervanger, organisatie or wijk.stad, EERSTE, LAATSTE))


async def actor(wijk: Wijk, onderwerp: str, op: date, activiteit: str | None = None) -> Actor:
    """Who asks with this token on this day, made as a request makes it."""
    wijk.klok.moment = datetime(op.year, op.month, op.day, 12, tzinfo=UTC)
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: bekende(connection, "test", onderwerp, begin_van(op)))
    assert found is not None
    return wijk.wijkwerk.toewijzer.actor(
        found.gebruiker, found.gemeente, found.functies, activiteit, wijk.klok.nu(), afwezigen=found.afwezigen
    )


async def sees(wijk: Wijk, onderwerp: str, op: date, dossier: UUID) -> bool:
    """Whether this user sees a case on this day."""
    asking = await actor(wijk, onderwerp, op)
    return await wijk.lees(asking, lambda reader: reader.one(Dossier, ("status",), dossier)) is not None


async def test_the_replacement_sees_the_cases_of_the_absent_one_on_the_days_agreed_and_no_other(wijk: Wijk) -> None:
    """Cases that the casusregisseur holds in person; the replacement is of another team and holds none of them."""
    await collega(wijk, "vera")
    dossier = await wijk.dossier(await wijk.inwoner())
    vera = (await wijk.rows(select(Gebruiker.tabel().c.id).where(Gebruiker.tabel().c.onderwerp == "vera")))[0].id
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    assert [await sees(wijk, "vera", op, dossier) for op in DAGEN] == [False, True, True, False]
    assert all([await sees(wijk, "REGISSEUR", op, dossier) for op in DAGEN])


async def test_the_log_says_in_whose_place_the_replacement_acted(wijk: Wijk) -> None:
    vera = await collega(wijk, "vera")
    dossier = await wijk.dossier(await wijk.inwoner())
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    for op in DAGEN[:2]:
        await sees(wijk, "vera", op, dossier)
    before, first = [regel for regel in await wijk.log() if regel["gebruiker"] == vera.hex]
    assert "vervangt" not in before
    assert first["vervangt"] == [wijk.REGISSEUR.hex]
    assert len(first["betrokkenen"][0]["getoond"][0][3]) == 1


async def test_rights_never_add_up(wijk: Wijk) -> None:
    """The absent one holds another role, or fewer: nothing is taken over. Permissions and ceiling stay those of the replacement."""
    vera = await collega(wijk, "vera")
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    plain, standing_in = await actor(wijk, "vera", DAGEN[0]), await actor(wijk, "vera", EERSTE)
    assert (standing_in.rechten, standing_in.plafond, standing_in.rollen) == (plain.rechten, plain.plafond, plain.rollen)
    assert (plain.vervangt, standing_in.vervangt) == ((), (wijk.REGISSEUR,))
    assert standing_in.partijen == (*plain.partijen, wijk.REGISSEUR)
    wijk.klok.moment = datetime(2027, 3, 1, 12, tzinfo=UTC)
    await wijk.schrijf("BEHEER", lambda work: stel_aan(work, vera, Plaats(wijk.stad, "WIJKTEAM", date(2027, 3, 1))))
    assert (await actor(wijk, "vera", EERSTE)).vervangt == ()
    await wijk.schrijf("BEHEER", lambda work: stel_aan(work, wijk.REGISSEUR, Plaats(wijk.stad, "WIJKTEAM", EERSTE, EERSTE)))
    assert (await actor(wijk, "vera", EERSTE)).vervangt == (wijk.REGISSEUR,)


async def test_it_goes_one_step_and_not_back(wijk: Wijk) -> None:
    vera, wim = await collega(wijk, "vera"), await collega(wijk, "wim")
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    await neemt_waar(wijk, vera, wim)
    assert (await actor(wijk, "wim", EERSTE)).vervangt == (vera,)
    assert (await actor(wijk, "REGISSEUR", EERSTE)).vervangt == ()


@pytest.mark.parametrize("wie", ["REGISSEUR", "vera"])
async def test_it_stops_when_the_employment_of_either_stops(wijk: Wijk, wie: str) -> None:
    vera = await collega(wijk, "vera")
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    a, g = Aanstelling.tabel(), Gebruiker.tabel()
    [row] = await wijk.rows(select(a.c.id).join(g, g.c.id == a.c.gebruiker_id).where(g.c.onderwerp == wie))
    await wijk.schrijf("BEHEER", lambda work: beeindig_aanstelling(work, row.id, 1, EERSTE))
    assert (await actor(wijk, "vera", EERSTE)).vervangt == (wijk.REGISSEUR,)
    if wie == "vera":
        with pytest.raises(GeenRecht):
            await actor(wijk, "vera", LAATSTE)
    else:
        assert (await actor(wijk, "vera", LAATSTE)).vervangt == ()


async def test_it_counts_only_where_both_work(wijk: Wijk) -> None:
    """The same two also work at a partner: what was agreed at the municipality gives nothing there."""
    vera = await collega(wijk, "vera")
    for gebruiker in (vera, wijk.REGISSEUR):
        await wijk.schrijf("BEHEER", partial(stel_aan, gebruiker=gebruiker, plaats=Plaats(wijk.zorg, "ZORG", DAGEN[0])))
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    assert (await actor(wijk, "vera", EERSTE, "WMO_ONDERSTEUNING")).vervangt == (wijk.REGISSEUR,)
    assert (await actor(wijk, "vera", EERSTE, "ZORGVERLENING")).vervangt == ()


async def test_it_costs_one_statement_more(wijk: Wijk) -> None:
    vera = await collega(wijk, "vera")

    async def statements() -> int:
        with count_statements(wijk.wijkwerk.database) as seen:
            await actor(wijk, "vera", EERSTE)
        return len(seen)

    before = await statements()
    wijk.klok.moment = datetime(2027, 3, 1, 12, tzinfo=UTC)
    for afwezige in (wijk.REGISSEUR, await collega(wijk, "wim"), await collega(wijk, "wil")):
        await neemt_waar(wijk, afwezige, vera)
    assert before == await statements() == 2


async def test_the_leader_of_the_team_the_administrator_and_the_partner_s_own_may_arrange_it(wijk: Wijk) -> None:
    vera = await collega(wijk, "vera", team=wijk.team)
    dirk = await collega(wijk, "dirk", "DOCK", organisatie=wijk.dock)
    ids = [
        await neemt_waar(wijk, wijk.REGISSEUR, vera, rol="TEAMLEIDER"),
        await neemt_waar(wijk, vera, wijk.REGISSEUR, rol="BEHEER"),
        await neemt_waar(wijk, wijk.DOCK, dirk, rol="PARTNER_BEHEER", organisatie=wijk.dock),
    ]
    assert (await actor(wijk, "dirk", EERSTE)).vervangt == (wijk.DOCK,)
    for id, rol in zip(ids, ("TEAMLEIDER", "TEAMLEIDER", "PARTNER_BEHEER"), strict=True):
        wijk.klok.moment = datetime(2027, 3, 3, 12, tzinfo=UTC)
        await wijk.schrijf(rol, partial(beeindig, id=id, versie=1))
    for onderwerp in ("vera", "REGISSEUR", "dirk"):
        assert (await actor(wijk, onderwerp, date(2027, 3, 3))).vervangt == ()


async def test_who_may_not_arrange_it_and_for_whom_not(wijk: Wijk) -> None:
    vera, wout = await collega(wijk, "vera", team=wijk.ander_team), await collega(wijk, "wout", team=wijk.team)
    dirk = await collega(wijk, "dirk", "DOCK", organisatie=wijk.dock)
    zus = await collega(wijk, "zus", "ZORG", organisatie=wijk.zorg)

    def waar(afwezige: UUID, vervanger: UUID, organisatie: UUID | None = None) -> Callable[[Work], Any]:
        return lambda work: neem_waar(work, afwezige, vervanger, organisatie or wijk.stad, EERSTE, LAATSTE)

    for rol, own in (("WIJKTEAM", wijk.stad), ("REGISSEUR", wijk.stad), ("DOCK", wijk.dock), ("FG", wijk.stad)):
        await refused(wijk, rol, GeenRecht, waar(wout, vera, own))
    await refused(wijk, "TEAMLEIDER", NietGevonden, waar(wijk.REGISSEUR, vera))
    await refused(wijk, "TEAMLEIDER", NietGevonden, waar(vera, wijk.REGISSEUR))
    await refused(wijk, "TEAMLEIDER", NietGevonden, waar(wijk.DOCK, dirk, wijk.dock))
    await refused(wijk, "PARTNER_BEHEER", NietGevonden, waar(wijk.ZORG, zus, wijk.zorg))
    await refused(wijk, "PARTNER_BEHEER", NietGevonden, waar(wijk.REGISSEUR, wout))
    await refused(wijk, "PARTNER_BEHEER", NietGevonden, waar(wijk.DOCK, zus, wijk.dock))
    await refused(wijk, "PARTNER_BEHEER", NietGevonden, waar(nieuw_id(), dirk, wijk.dock))
    for rol in ("TEAMLEIDER", "BEHEER", "PARTNER_BEHEER"):
        await refused(wijk, rol, GeenRecht, waar(wijk.REGISSEUR, wijk.ids[rol], wijk.functie(rol).organisatie))
    id = await neemt_waar(wijk, wijk.REGISSEUR, vera)
    for rol, error in (("TEAMLEIDER", NietGevonden), ("PARTNER_BEHEER", NietGevonden), ("WIJKTEAM", GeenRecht)):
        await refused(wijk, rol, error, lambda work: beeindig(work, id, 1))


async def test_what_cannot_be_is_refused_and_nothing_happens(wijk: Wijk) -> None:
    vera = await collega(wijk, "vera")
    vandaag, dag = DAGEN[0], timedelta(days=1)

    def waar(van: date, tot: date, afwezige: UUID = wijk.REGISSEUR, vervanger: UUID = vera) -> Callable[[Work], Any]:
        return lambda work: neem_waar(work, afwezige, vervanger, wijk.stad, van, tot)

    for unit in (
        waar(vandaag - dag, LAATSTE),
        waar(LAATSTE, EERSTE),
        waar(vandaag, vandaag + timedelta(days=367)),
        waar(EERSTE, LAATSTE, vervanger=wijk.REGISSEUR),
        waar(EERSTE, LAATSTE, vervanger=wijk.WIJKTEAM),
        waar(EERSTE, LAATSTE, afwezige=wijk.FG, vervanger=wijk.PRIVACY_OFFICER),
    ):
        await refused(wijk, "BEHEER", OngeldigeInvoer, unit)
    await wijk.schrijf("BEHEER", waar(vandaag, vandaag + timedelta(days=366)))
    await refused(wijk, "BEHEER", OngeldigeInvoer, waar(EERSTE, LAATSTE))
    [row] = await state(wijk)
    await refused(wijk, "BEHEER", VersieVerouderd, lambda work: beeindig(work, row.id, 4))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, row.id, 1, row.tot))
    await refused(wijk, "BEHEER", OngeldigeInvoer, lambda work: beeindig(work, row.id, 1, vandaag - dag - dag))
    await refused(wijk, "BEHEER", NietGevonden, lambda work: beeindig(work, nieuw_id(), 1))
    values = {"afwezige_id": wijk.REGISSEUR, "vervanger_id": vera, "organisatie_id": wijk.stad, "van": EERSTE, "tot": LAATSTE}
    await refused(wijk, "BEHEER", OmzeilingGeweigerd, lambda work: work.add(Waarneming(**values)))


async def test_nobody_of_another_organisation_sees_who_is_away(wijk: Wijk) -> None:
    await neemt_waar(wijk, wijk.REGISSEUR, await collega(wijk, "vera"))
    for rol, seen in (("WIJKTEAM", 1), ("BEHEER", 1), ("PARTNER_BEHEER", 0)):
        assert await wijk.lees(rol, lambda reader: reader.count(Waarneming)) == seen
    assert {column.name for column in Waarneming.tabel().columns if "reden" in column.name} == set()


async def test_in_another_municipality_it_gives_nothing(wijk: Wijk) -> None:
    vera = await collega(wijk, "vera")
    await neemt_waar(wijk, wijk.REGISSEUR, vera)
    assert (await actor(wijk, "vera", EERSTE)).vervangt == (wijk.REGISSEUR,)
    w = Waarneming.tabel()
    await wijk.change(update(w).values(vervanger_id=wijk.WIJKTEAM))
    assert (await actor(wijk, "vera", EERSTE)).vervangt == (await actor(wijk, "WIJKTEAM", EERSTE)).vervangt == ()
