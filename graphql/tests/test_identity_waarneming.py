"""Replacement over HTTP: a token that saw nothing yesterday sees the absent one's case today, and nothing the day after the last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select, update

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.actor import Functie
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.organisaties import Team
from wijkwerk.waarnemingen import Waarneming
from wijkwerk_graphql.testing import Dienst

pytestmark = pytest.mark.anyio
VANDAAG = date(2026, 11, 23)
EERSTE, LAATSTE = date(2026, 11, 25), date(2026, 11, 27)
DAGEN = [EERSTE - timedelta(days=1), EERSTE, LAATSTE, LAATSTE + timedelta(days=1)]
REGELEN = """mutation($a:ID!,$b:ID!,$o:ID!,$van:Date!,$tot:Date!){
    waarnemingRegelen(afwezige:$a,vervanger:$b,organisatie:$o,van:$van,tot:$tot){id versie van tot}}"""
BEEINDIGEN = "mutation($id:ID!,$v:Int!,$t:Date){waarnemingBeeindigen(id:$id,versie:$v,tot:$t){tot}}"


async def stel(dienst: Dienst, sub: str, query: str, **variables: Any) -> Any:
    """The answer to one document."""
    return (await dienst.post({"query": query, "variables": variables}, sub=sub)).json()


async def ziet(dienst: Dienst, sub: str, op: date, dossier: UUID) -> bool:
    """Whether who has this token sees the case on this day."""
    dienst.klok.moment = datetime(op.year, op.month, op.day, 10, tzinfo=UTC)
    answer = await stel(dienst, sub, "query($id:ID!){dossier(id:$id){status}}", id=str(dossier))
    return bool(answer.get("data", {}).get("dossier"))


async def in_team(dienst: Dienst) -> UUID:
    """Everybody is in a team of their own, so that no team opens anything to two of them; rik's."""
    a, teams = Aanstelling.tabel(), {}

    def change(connection: Connection) -> None:
        for naam, gebruiker in dienst.gebruikers.items():
            teams[naam] = uuid4()
            common = {"gemeente_id": dienst.gemeente, "verantwoordelijke_id": dienst.organisatie, "versie": 1, "openbaar": True}
            connection.execute(insert(Team.tabel()).values(id=teams[naam], naam=naam, organisatie_id=dienst.organisatie, **common))
            connection.execute(update(a).where(a.c.gebruiker_id == gebruiker).values(team_id=teams[naam]))

    await dienst.wijkwerk.database.transact(change)
    return teams["rik"]


async def opened(dienst: Dienst) -> UUID:
    """A case of rik, the casusregisseur; opened by wes of the same team."""
    for naam in ("rik", "vera"):
        await dienst.gebruiker(naam, "REGISSEUR")
    await dienst.gebruiker("wes", "WIJKTEAM")
    await dienst.gebruiker("bea", "BEHEER")
    team = await in_team(dienst)
    functies = [Functie("WIJKTEAM", dienst.organisatie, team)]
    colleague = dienst.wijkwerk.toewijzer.actor(dienst.gebruikers["wes"], dienst.gemeente, functies, None, dienst.klok.nu())

    def unit(work: Any) -> UUID:
        persoon = aanmelden(work, {"geslachtsnaam": "Moulin"})
        work.flush()
        return open_dossier(work, [persoon], regisseur=dienst.gebruikers["rik"])

    return await dienst.wijkwerk.write(colleague, unit, onderdeel="test")


async def regel(dienst: Dienst, sub: str = "bea", *, vervanger: str = "vera") -> Any:
    namen = dienst.gebruikers
    return await stel(
        dienst, sub, REGELEN, a=namen["rik"].hex, b=namen[vervanger].hex, o=dienst.organisatie.hex, van=EERSTE.isoformat(),
        tot=LAATSTE.isoformat(),
    )  # fmt: skip


async def test_the_day_before_the_first_the_last_and_the_day_after(dienst_elk: Dienst) -> None:
    dossier = await opened(dienst_elk)
    made = (await regel(dienst_elk))["data"]["waarnemingRegelen"]
    assert (made["van"], made["tot"], made["versie"]) == ("2026-11-25", "2026-11-27", 1)
    assert [await ziet(dienst_elk, "vera", op, dossier) for op in DAGEN] == [False, True, True, False]
    shown = [each for each in await dienst_elk.gelezen() if each["gebruiker"] == dienst_elk.gebruikers["vera"].hex]
    rik = [dienst_elk.gebruikers["rik"].hex]
    assert [each.get("vervangt") for each in shown] == [None, rik, rik, None]


async def test_it_is_over_at_once_when_it_is_ended_or_an_employment_ends(dienst_elk: Dienst) -> None:
    dossier = await opened(dienst_elk)
    made = (await regel(dienst_elk))["data"]["waarnemingRegelen"]
    assert await ziet(dienst_elk, "vera", EERSTE, dossier)
    ended = await stel(dienst_elk, "bea", BEEINDIGEN, id=made["id"], v=1)
    assert ended["data"]["waarnemingBeeindigen"] == {"tot": "2026-11-24"}
    assert not await ziet(dienst_elk, "vera", EERSTE, dossier)
    again = await regel(dienst_elk)
    assert again["data"]["waarnemingRegelen"]["versie"] == 1
    assert await ziet(dienst_elk, "vera", EERSTE, dossier)
    a = Aanstelling.tabel()
    ends = update(a).where(a.c.gebruiker_id == dienst_elk.gebruikers["rik"]).values(tot=EERSTE)
    await dienst_elk.wijkwerk.database.transact(lambda connection: connection.execute(ends) and None)
    assert [await ziet(dienst_elk, "vera", op, dossier) for op in (EERSTE, LAATSTE)] == [True, False]


async def test_nobody_appoints_oneself_and_other_roles_get_nothing(dienst_elk: Dienst) -> None:
    dossier = await opened(dienst_elk)
    for sub, vervanger, code in (("bea", "bea", "GEEN_RECHT"), ("vera", "vera", "GEEN_RECHT"), ("bea", "anna", "ONGELDIGE_INVOER")):
        answer = await regel(dienst_elk, sub, vervanger=vervanger)
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert not any([await ziet(dienst_elk, sub, EERSTE, dossier) for sub in ("vera", "anna", "bea")])
    rows = await _rows(dienst_elk)
    assert rows == 0


async def _rows(dienst: Dienst) -> int:
    async with dienst.wijkwerk.database.snapshot() as snapshot:
        return len(await snapshot.run(lambda connection: connection.execute(select(Waarneming.tabel().c.id)).all()))
