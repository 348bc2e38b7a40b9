"""Two people change the same case at once: one is first, the other is told, and the doors are what the case then says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus, Statusreden
from wijkwerk.dossiers.leden import lid_vertrekt, voeg_lid_toe
from wijkwerk.dossiers.overdracht import Overdracht, Overdrachtstatus
from wijkwerk.dossiers.overdragen import bied_aan, neem_aan, trek_in
from wijkwerk.dossiers.status import sluit
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.session import Work
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiers import collega, doe, rij
from wijkwerk.testing.samenvoegingen import wacht_op_een_ander
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
Eenheid = tuple[str | Actor, Callable[[Work], UUID]]


async def tegelijk(wijk: Wijk, *units: Eenheid) -> list[str]:
    """How each ended: GESLAAGD, or the code of the refusal. Afterwards the doors are what their sources say."""
    done = await asyncio.gather(*[wijk.schrijf(wie, unit) for wie, unit in units], return_exceptions=True)
    nu = await deuren(wijk)
    assert nu.staand() == nu.herbouwd()
    return [getattr(one, "code", repr(one)) if isinstance(one, BaseException) else "GESLAAGD" for one in done]


async def partijen(wijk: Wijk, dossier: UUID) -> set[UUID]:
    b = Betrokkenheid.tabel()
    return {row.partij_id for row in await wijk.rows(select(b.c.partij_id).where(b.c.kader_id == dossier, b.c.tot.is_(None)))}


def dicht(dossier: UUID, versie: int = 1) -> Callable[[Work], UUID]:
    return lambda work: sluit(work, dossier, versie, Statusreden.AFGEROND)


async def test_of_two_who_close_or_one_who_closes_and_one_who_offers_one_is_first(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await collega(wijk, "WIJKTEAM", wijk.ander_team)
    een, ander = await wijk.dossier(persoon), await wijk.dossier(persoon)
    assert sorted(await tegelijk(wijk, ("WIJKTEAM", dicht(een)), ("REGISSEUR", dicht(een)))) == ["GESLAAGD", "VERSIE_VEROUDERD"]
    aanbieden: Eenheid = ("REGISSEUR", lambda w: bied_aan(w, ander, 1, wijk.ander_team, "Verhuisd"))
    ended = await tegelijk(wijk, ("WIJKTEAM", dicht(ander)), aanbieden)
    status, aanbod = (await rij(wijk, Dossier, ander)).status, await wijk.rows(select(Overdracht.tabel()))
    # an offer changes no version of the case: who closes after it is told of the offer
    assert (ended, status, len(aanbod)) in (
        (["GESLAAGD", "VERSIE_VEROUDERD"], Dossierstatus.GESLOTEN, 0), (["ONGELDIGE_INVOER", "GESLAAGD"], Dossierstatus.OPEN, 1),
    )  # fmt: skip


async def test_who_is_coupled_or_added_while_a_case_is_closed_is_not_let_in(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    hoe: dict[str, Any] = {"partij": dock, "doel": "WMO_ALG_VOORZIENING", "categorieen": ["IDENTITEIT"]}
    for _ in range(3):
        dossier = await wijk.dossier(persoon)
        units: Sequence[Eenheid] = (
            ("REGISSEUR", partial(koppel, dossier=dossier, persoon=persoon, **hoe)),
            ("WIJKTEAM", dicht(dossier)),
            ("REGISSEUR", lambda w, d=dossier: voeg_lid_toe(w, d, 1, ander)),  # type: ignore[misc]
        )
        ended = await tegelijk(wijk, *units)
        assert set(ended[1:]) == {"GESLAAGD", "VERSIE_VEROUDERD"}
        assert ended[0] in ("GESLAAGD", "DOSSIER_GESLOTEN", "VERSIE_VEROUDERD")
        if ended[1] == "GESLAAGD":
            assert await partijen(wijk, dossier) == {wijk.team}


async def test_an_offer_is_accepted_or_taken_back(wijk: Wijk) -> None:
    gebruiker = await collega(wijk, "WIJKTEAM", wijk.ander_team)
    dossier = await wijk.dossier(await wijk.inwoner())
    aanbod = await doe(wijk, "WIJKTEAM", bied_aan, dossier, wijk.ander_team, "Verhuisd")
    ander = wijk.actor("WIJKTEAM", gebruiker=gebruiker, team=wijk.ander_team)
    ended = await tegelijk(wijk, (ander, lambda w: neem_aan(w, aanbod, 1)), ("WIJKTEAM", lambda w: trek_in(w, aanbod, 1)))
    assert ended.count("GESLAAGD") == 1
    assert set(ended) - {"GESLAAGD"} <= {"VERSIE_VEROUDERD", "NIET_GEVONDEN"}
    aangenomen = (await rij(wijk, Overdracht, aanbod)).status is Overdrachtstatus.AANGENOMEN
    assert aangenomen is (ended[0] == "GESLAAGD")
    heeft = wijk.ander_team if aangenomen else wijk.team
    assert (await rij(wijk, Dossier, dossier)).team_id == heeft
    assert heeft in await partijen(wijk, dossier)


@pytest.mark.parametrize("service", [sluit, lid_vertrekt], ids=["sluiten", "vertrekken"])
async def test_a_case_that_is_changed_while_a_member_is_merged_opens_no_door_to_who_is_gone(
    wijk: Wijk, service: Callable[..., UUID]
) -> None:
    begin, een, ander = await wijk.inwoner(), await wijk.inwoner("Jansen"), await wijk.inwoner("Janssen")
    dossier, vast = await wijk.dossier(begin, ander), Event()

    def voegt_samen(work: Work) -> UUID:
        done = voeg_samen(work, een, ander, (1, 1), "Zelfde inwoner")
        work.flush()
        vast.set()
        wacht_op_een_ander(work.core_connection)
        return done

    async def daarna() -> Any:
        await asyncio.to_thread(vast.wait, 10)
        rest = Statusreden.AFGEROND if service is sluit else een
        return await wijk.schrijf("WIJKTEAM", lambda w: service(w, dossier, 1, rest))

    done: tuple[Any, Any] = await asyncio.gather(wijk.schrijf("WIJKTEAM", voegt_samen), daarna(), return_exceptions=True)
    assert isinstance(done[0], UUID)
    assert done[1] == dossier
    b = Betrokkenheid.tabel()
    assert ander not in {row.persoon_id for row in await wijk.rows(select(b.c.persoon_id))}
    open_rows = await wijk.rows(select(b.c.persoon_id, b.c.partij_id).where(b.c.bron_id == dossier, b.c.tot.is_(None)).distinct())
    wie = {begin, een} if service is sluit else {begin}
    partij = {wijk.team} if service is sluit else {wijk.team, wijk.REGISSEUR}
    assert {(row.persoon_id, row.partij_id) for row in open_rows} == {(persoon, een_partij) for persoon in wie for een_partij in partij}
