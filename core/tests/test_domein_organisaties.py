"""Organisations and teams: made, changed and ended by functional administration, and by nobody else (domain.md 9.1, 9.6)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.bekenden import bekende
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebieden import Gebied
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.organisaties import (
    Organisatie,
    Organisatiesoort,
    Team,
    beeindig_organisatie,
    beeindig_team,
    maak_organisatie,
    maak_team,
    wijzig_organisatie,
    wijzig_team,
)
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
ZORG = {"naam": "Thuiszorg Rietoever", "soort": Organisatiesoort.ZORG}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def state(wijk: Wijk) -> list[Any]:
    """All that the tests below could change."""
    return [*await wijk.rows(select(Organisatie.tabel()).order_by("id")), *await wijk.rows(select(Team.tabel()).order_by("id"))]


async def maak(wijk: Wijk, **gegevens: Any) -> UUID:
    return await wijk.schrijf("BEHEER", lambda work: maak_organisatie(work, ZORG | gegevens))


async def test_an_organisation_is_made_and_changed_and_everybody_knows_it(wijk: Wijk) -> None:
    gebied = (await wijk.rows(select(Gebied.tabel().c.id)))[0].id
    id = await maak(wijk, kvk_nummer="1234 5678", vestigingsnummer="0000.1234.5678", telefoonnummer="010 123 45 67", gebied_id=gebied)
    await wijk.schrijf("BEHEER", lambda work: wijzig_organisatie(work, id, 1, {"website": "https://voorbeeld.nl", "gebied_id": None}))
    velden = ("naam", "soort", "kvk_nummer", "vestigingsnummer", "website", "gebied_id", "versie")
    [row] = await wijk.lees("ZORG", lambda reader: reader.by_key(Organisatie, velden, "id", [id]))
    assert (row.naam, row.soort, row.versie) == ("Thuiszorg Rietoever", Organisatiesoort.ZORG, 2)
    assert (row.kvk_nummer, row.vestigingsnummer, row.website, row.gebied_id) == ("12345678", "000012345678", "https://voorbeeld.nl", None)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"naam": None}, "naam"),
    "an empty name": ({"naam": "  "}, "naam"),
    "a name with a line break": ({"naam": "a\nb"}, "naam"),
    "a huge name": ({"naam": "x" * 100_000}, "naam"),
    "no kind": ({"soort": None}, "soort"),
    "a second municipality": ({"soort": Organisatiesoort.GEMEENTE}, "soort"),
    "seven digits": ({"kvk_nummer": "1234567"}, "kvk_nummer"),
    "nine digits": ({"kvk_nummer": "123456789"}, "kvk_nummer"),
    "letters": ({"kvk_nummer": "1234567A"}, "kvk_nummer"),
    "only zeros": ({"kvk_nummer": "00000000"}, "kvk_nummer"),
    "eleven digits": ({"kvk_nummer": "12345678", "vestigingsnummer": "12345678901"}, "vestigingsnummer"),
    "an establishment of nobody": ({"vestigingsnummer": "123456789012"}, "kvk_nummer"),
    "a field of the machinery": ({"verantwoordelijke_id": nieuw_id()}, "verantwoordelijke_id"),
    "an end": ({"tot": date(2030, 1, 1)}, "tot"),
}


@OP_SQLITE
@pytest.mark.parametrize(("gegevens", "veld"), BAD.values(), ids=BAD.keys())
async def test_what_cannot_be_is_refused_and_nothing_happens(wijk: Wijk, gegevens: dict[str, Any], veld: str) -> None:
    id = await maak(wijk, kvk_nummer="87654321")
    before = await state(wijk)
    with pytest.raises(OngeldigeInvoer) as refused:
        await maak(wijk, **gegevens)
    assert refused.value.veld == veld
    changed = {"kvk_nummer": None} | gegevens if veld == "kvk_nummer" else gegevens
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("BEHEER", lambda work: wijzig_organisatie(work, id, 1, changed))
    assert await state(wijk) == before


async def test_two_establishments_of_one_company_are_two_but_the_same_one_is_refused(wijk: Wijk) -> None:
    await maak(wijk, kvk_nummer="12345678")
    tweede = await maak(wijk, kvk_nummer="12345678", vestigingsnummer="000000000001")
    before = await state(wijk)
    for gegevens in ({"kvk_nummer": "1234 5678"}, {"kvk_nummer": "12345678", "vestigingsnummer": "0000 0000 0001"}):
        with pytest.raises(OngeldigeInvoer, match="Er is al een organisatie met dit KvK-nummer"):
            await maak(wijk, **gegevens)
    with pytest.raises(OngeldigeInvoer, match="Er is al een organisatie"):
        await wijk.schrijf("BEHEER", lambda work: wijzig_organisatie(work, tweede, 1, {"vestigingsnummer": None}))
    assert await state(wijk) == before
    await wijk.schrijf("BEHEER", lambda work: wijzig_organisatie(work, tweede, 1, {"vestigingsnummer": "000000000001"}))


async def test_the_municipality_stays_one_and_is_not_ended_by_its_own_people(wijk: Wijk) -> None:
    before = await state(wijk)
    for id, soort in ((wijk.stad, Organisatiesoort.ZORG), (wijk.zorg, Organisatiesoort.GEMEENTE)):
        with pytest.raises(OngeldigeInvoer):
            await wijk.schrijf("BEHEER", partial(wijzig_organisatie, id=id, versie=1, gegevens={"soort": soort}))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("BEHEER", lambda work: beeindig_organisatie(work, wijk.stad, 1))
    assert await state(wijk) == before


@pytest.mark.parametrize("rol", ["PARTNER_BEHEER", "WIJKTEAM", "TEAMLEIDER", "FG", "DOCK"])
async def test_only_functional_administration_does_this(wijk: Wijk, rol: str) -> None:
    before = await state(wijk)
    for unit in (
        lambda work: maak_organisatie(work, ZORG),
        lambda work: wijzig_organisatie(work, wijk.dock, 1, {"naam": "Anders"}),
        lambda work: beeindig_organisatie(work, wijk.zorg, 1),
        lambda work: maak_team(work, wijk.dock, {"naam": "Nieuw"}),
        lambda work: wijzig_team(work, wijk.team, 1, {"naam": "Anders"}),
        lambda work: beeindig_team(work, wijk.team, 1),
    ):
        with pytest.raises(GeenRecht):
            await wijk.schrijf(rol, unit)
    assert await state(wijk) == before


async def test_what_ends_lets_nobody_in_from_the_next_request_on(wijk: Wijk) -> None:
    """The organisation of a user, and the team of another; today still counts when today is the last day."""

    async def functies(rol: str, op: date) -> int:
        async with wijk.wijkwerk.database.snapshot() as snapshot:
            found = await snapshot.run(lambda connection: bekende(connection, "test", rol, begin_van(op)))
        assert found is not None
        return len(found.functies)

    vandaag = wijk.actor("BEHEER").vandaag
    await wijk.schrijf("BEHEER", lambda work: beeindig_organisatie(work, wijk.zorg, 1, vandaag))
    await wijk.schrijf("BEHEER", lambda work: beeindig_team(work, wijk.team, 1, vandaag))
    for rol in ("ZORG", "WIJKTEAM"):
        assert (await functies(rol, vandaag), await functies(rol, vandaag + timedelta(days=1))) == (1, 0)
    await wijk.schrijf("BEHEER", lambda work: beeindig_organisatie(work, wijk.zorg, 2))
    assert await functies("ZORG", vandaag) == 0
    assert await functies("DOCK", vandaag) == 1


async def test_an_end_in_the_past_an_old_version_and_what_is_not_there_are_refused(wijk: Wijk) -> None:
    before, gisteren = await state(wijk), wijk.actor("BEHEER").vandaag - timedelta(days=1)
    for error, unit in (
        (OngeldigeInvoer, lambda work: beeindig_organisatie(work, wijk.zorg, 1, gisteren - timedelta(days=1))),
        (OngeldigeInvoer, lambda work: beeindig_team(work, wijk.team, 1, gisteren - timedelta(days=1))),
        (VersieVerouderd, lambda work: wijzig_organisatie(work, wijk.zorg, 7, {"naam": "Anders"})),
        (VersieVerouderd, lambda work: beeindig_team(work, wijk.team, 2)),
        (NietGevonden, lambda work: wijzig_team(work, nieuw_id(), 1, {"naam": "Anders"})),
        (NietGevonden, lambda work: maak_team(work, nieuw_id(), {"naam": "Anders"})),
        (NietGevonden, lambda work: maak_team(work, wijk.dock, {"naam": "Anders", "gebied_id": nieuw_id()})),
        (OngeldigeInvoer, lambda work: maak_team(work, wijk.dock, {"naam": " "})),
        (OngeldigeInvoer, lambda work: maak_team(work, wijk.stad, {"naam": "TEAM"})),
        (OngeldigeInvoer, lambda work: maak_team(work, wijk.dock, {"naam": "Nieuw", "organisatie_id": wijk.stad})),
        (OngeldigeInvoer, lambda work: maak_team(work, wijk.dock, {"naam": "Nieuw", "telefoonnummer": "geen"})),
    ):
        with pytest.raises(error):
            await wijk.schrijf("BEHEER", unit)
    assert await state(wijk) == before


async def test_a_team_of_an_organisation_that_has_ended_is_not_made(wijk: Wijk) -> None:
    await wijk.schrijf("BEHEER", lambda work: beeindig_organisatie(work, wijk.zorg, 1))
    before = await state(wijk)
    with pytest.raises(NietGevonden):
        await wijk.schrijf("BEHEER", lambda work: maak_team(work, wijk.zorg, {"naam": "Nieuw"}))
    assert await state(wijk) == before


async def test_teams_of_the_municipality_are_for_everybody_and_those_of_a_partner_its_own(wijk: Wijk) -> None:
    gebied = (await wijk.rows(select(Gebied.tabel().c.id)))[0].id
    stad = await wijk.schrijf("BEHEER", lambda work: maak_team(work, wijk.stad, {"naam": "Noord", "telefoonnummer": "010 123 45 67"}))
    dock = await wijk.schrijf("BEHEER", lambda work: maak_team(work, wijk.dock, {"naam": "Noord", "gebied_id": gebied}))
    for rol, seen in (("ZORG", [stad]), ("DOCK", [stad, dock]), ("PARTNER_BEHEER", [stad, dock]), ("WIJKTEAM", [stad])):
        rows = await wijk.lees(rol, lambda reader: reader.by_key(Team, ("naam", "telefoonnummer"), "id", [stad, dock]))
        assert sorted(row.id for row in rows) == sorted(seen)
        assert rows[0].naam == "Noord"
    await wijk.schrijf("BEHEER", lambda work: wijzig_team(work, dock, 1, {"naam": "noord"}))
    assert (await wijk.rows(select(Team.tabel().c.naam).where(Team.tabel().c.id == dock)))[0].naam == "noord"


async def test_another_municipality_is_out_of_reach(wijk: Wijk) -> None:
    values = {"gemeente_id": wijk.buurgemeente, "naam": "Buur", "soort": Organisatiesoort.ZORG, "kvk_nummer": "12345678"}
    await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, Organisatie, id=wijk.buurstad, **values))
    before = await state(wijk)
    for unit in (
        lambda work: wijzig_organisatie(work, wijk.buurstad, 1, {"naam": "X"}),
        lambda work: maak_team(work, wijk.buurstad, {"naam": "X"}),
    ):
        with pytest.raises(NietGevonden):
            await wijk.schrijf("BEHEER", unit)
    assert await state(wijk) == before
    await maak(wijk, kvk_nummer="12345678")
