"""Withdrawing: from the next request on, told to who got data, by the resident too, and no reason for anything (domain.md 2.4)."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.status import sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.declare import Record
from wijkwerk.records.history import Wijziging
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.dossiers import rij
from wijkwerk.testing.weigering import refused, rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import geef, leg_vast
from wijkwerk.toestemmingen.intrekken import trek_in, trek_zelf_in
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Toestemmingsontvanger, Toestemmingstatus, Wijze
from wijkwerk.toestemmingen.verlopen import VERLOPEN
from wijkwerk.toestemmingen.vragen import Vraag, vraag

pytestmark = pytest.mark.anyio
ZORG: dict[str, Any] = {"doel": "ZORG_UITWISSELING", "categorieen": ["IDENTITEIT", "CONTACTVERSLAGEN"], "wijze": Wijze.SCHRIFTELIJK}
VERANDERT: tuple[type[Record], ...] = (Toestemming, Betrokkenheid, Notificatie, Wijziging, Gebruiker)
"""What a withdrawal writes: the consent and what stood there, its doors, what the recipients are told; the system is a user."""


async def case(wijk: Wijk, naam: str = "Moulin") -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner(naam, geboortedatum=Datum(1956, 11, 2))
    return persoon, await wijk.dossier(persoon)


async def give(wijk: Wijk, persoon: UUID, dossier: UUID, *naar: Ontvanger, **changes: Any) -> UUID:
    given = ZORG | {"ontvangers": naar or [Ontvanger(wijk.zorg)], "tekst_versie": "v1", "geldig_tot": date(2027, 12, 31)} | changes
    return await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, dossier, persoon, **given))


async def laat_zelf(wijk: Wijk, persoon: UUID) -> None:
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, persoon, wijk.INWONER, Vaststelling.DIGID))


async def test_withdrawal_refuses_the_next_request_and_the_next_page(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    personen = []
    for n in range(3):
        persoon, dossier = await case(wijk, f"Jansen{chr(97 + n)}")
        personen.append((persoon, await give(wijk, persoon, dossier)))
    first = await wijk.lees("ZORG", lambda r: r.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=1))
    assert (first.rows[0].id, first.more) == (personen[0][0], True)
    await wijk.schrijf("WIJKTEAM", lambda w: trek_in(w, personen[1][1]))
    after = (first.rows[0].sorteernaam, first.rows[0].id)
    second = await wijk.lees("ZORG", lambda r: r.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=1, after=after))
    assert ([row.id for row in second.rows], second.more) == ([personen[2][0]], False)
    assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), personen[1][0])) is None
    assert await wijk.lees("ZORG", lambda r: r.count(Persoon)) == 2


async def test_withdrawing_twice_does_no_harm_and_asks_no_reason(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await case(wijk)
    toestemming = await give(wijk, persoon, dossier)
    for _ in range(2):
        assert await wijk.schrijf("REGISSEUR", lambda w: trek_in(w, toestemming)) == toestemming
    [row] = await wijk.rows(select(Toestemming.tabel()))
    assert (row.status, row.versie) == ("INGETROKKEN", 2)


@pytest.mark.parametrize("zelf", [False, True], ids=["professional", "resident"])
async def test_another_consent_for_the_same_purpose_and_recipient_keeps_nothing_open(wijk_vlug: Wijk, zelf: bool) -> None:
    wijk = wijk_vlug
    persoon, dossier = await case(wijk)
    eerste = await give(wijk, persoon, dossier)
    tweede = await give(wijk, persoon, dossier, Ontvanger(wijk.zorg, "ZORG"), categorieen=["IDENTITEIT", "ADL"])
    elders = await give(wijk, persoon, await wijk.dossier(persoon))
    ander = await give(wijk, persoon, dossier, Ontvanger(wijk.bewoners, "PEERCOACH"), doel="PW_DERDEN", categorieen=["IDENTITEIT"])
    if zelf:
        await laat_zelf(wijk, persoon)
    await wijk.schrijf("INWONER" if zelf else "WIJKTEAM", lambda w: (trek_zelf_in if zelf else trek_in)(w, eerste))
    status = {id: (await rij(wijk, Toestemming, id)).status for id in (eerste, tweede, elders, ander)}
    assert {id for id, found in status.items() if found is Toestemmingstatus.INGETROKKEN} == {eerste, tweede, elders}
    assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), persoon)) is None
    assert await wijk.lees("PEERCOACH", lambda r: r.one(Persoon, (), persoon)) is not None


async def test_a_stranger_withdraws_nothing(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await case(wijk)
    toestemming = await give(wijk, persoon, dossier)
    for actor in (wijk.actor("WIJKTEAM", team=wijk.ander_team), wijk.actor("ZORG")):
        with pytest.raises(WijkwerkError):
            await wijk.schrijf(actor, lambda w: trek_in(w, toestemming))
    assert await wijk.lees("ZORG", lambda r: r.count(Persoon)) == 1


async def test_by_professional_and_by_resident_the_effect_is_the_same_and_nothing_else_is_written(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    rest = [record for record in wijk.wijkwerk.catalogue.records if record not in VERANDERT]
    after = []
    for zelf in (False, True):
        persoon, dossier = await case(wijk)
        id = await give(wijk, persoon, dossier)
        if zelf:
            await laat_zelf(wijk, persoon)
        before, told = await rows_of(wijk, rest), len(await rows_of(wijk, [Notificatie]))
        for _ in range(2):
            unit = partial(trek_zelf_in, toestemming=id) if zelf else partial(trek_in, toestemming=id, wijze=Wijze.DIGITAAL)
            await wijk.schrijf("INWONER" if zelf else "WIJKTEAM", unit)
        assert await rows_of(wijk, rest) == before
        row = await rij(wijk, Toestemming, id)
        notices = (await rows_of(wijk, [Notificatie]))[told:]
        assert row.ingetrokken_door_id == (wijk.INWONER if zelf else wijk.WIJKTEAM)
        seen = await wijk.lees("ZORG", partial(Reader.one, record=Persoon, velden=(), id=persoon))
        after.append((row.status, row.ingetrokken_wijze, row.intrekreden, row.versie, seen, [(n.partij_id, n.soort) for n in notices]))
    assert after[0] == after[1]
    assert after[0][:2] == (Toestemmingstatus.INGETROKKEN, Wijze.DIGITAAL)
    assert after[0][-1] == [(wijk.ZORG, "TOESTEMMING_INGETROKKEN")]


async def test_only_who_saw_it_is_told_by_purpose_and_role_and_without_a_name(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await case(wijk)
    peer = {"doel": "PW_DERDEN", "categorieen": ["CONTACT"]}
    gevraagd = Vraag(ontvangers=[Ontvanger(wijk.zorg)], tekst_versie="v1", **ZORG)
    given = [
        await give(wijk, persoon, dossier, Ontvanger(wijk.bewoners, "PEERCOACH"), Ontvanger(wijk.zorg), **peer),
        await give(wijk, persoon, dossier, richting=Richting.ONTVANGEN),
        await wijk.schrijf("WIJKTEAM", lambda w: vraag(w, dossier, persoon, gevraagd)),
    ]  # fmt: skip
    for id in given:
        await wijk.schrijf("WIJKTEAM", partial(trek_in, toestemming=id, reden=" "))
    [notice] = await rows_of(wijk, [Notificatie])
    assert (notice.partij_id, notice.verantwoordelijke_id, notice.over_id) == (wijk.PEERCOACH, wijk.bewoners, given[0])
    assert {(await rij(wijk, Toestemming, id)).status for id in given} == {Toestemmingstatus.INGETROKKEN}
    assert {(await rij(wijk, Toestemming, id)).intrekreden for id in given} == {None}


async def test_a_resident_withdraws_also_when_the_case_is_closed(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await case(wijk)
    id = await give(wijk, persoon, dossier, wijze=Wijze.MONDELING, bewijs="Thuis, met Jan")
    await laat_zelf(wijk, persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: sluit(w, dossier, 1, Statusreden.AFGEROND))
    await wijk.schrijf("INWONER", lambda w: trek_zelf_in(w, id))
    assert (await rij(wijk, Toestemming, id)).status is Toestemmingstatus.INGETROKKEN
    heropend = await wijk.lees("INWONER", lambda r: r.by_key(Toestemming, ("status", "ingetrokken_wijze"), "id", [id]))
    assert [(row.status, row.ingetrokken_wijze) for row in heropend] == [("INGETROKKEN", "DIGITAAL")]


async def test_who_may_not_withdraws_nothing_and_a_reason_that_is_too_long_is_refused(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await case(wijk)
    id = await give(wijk, persoon, dossier)
    for rol, error, unit in (
        ("ZORG", GeenRecht, partial(trek_zelf_in, toestemming=id)),
        ("VERTEGENWOORDIGER", NietGevonden, partial(trek_zelf_in, toestemming=id)),
        ("WIJKTEAM", OngeldigeInvoer, partial(trek_in, toestemming=id, reden="x" * 5_000)),
    ):
        await refused(wijk, rol, error, unit, records=VERANDERT)


async def test_of_two_withdrawals_at_once_neither_is_refused_and_the_recipient_is_told_once(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    id = await give(wijk, persoon, dossier)
    await laat_zelf(wijk, persoon)
    units = [
        wijk.schrijf("INWONER", lambda w: trek_zelf_in(w, id)),
        *(wijk.schrijf(rol, lambda w: trek_in(w, id)) for rol in ("WIJKTEAM", "REGISSEUR")),
    ]
    assert await asyncio.gather(*units) == [id] * 3
    assert len(await rows_of(wijk, [Notificatie])) == 1
    assert (await rij(wijk, Toestemming, id)).versie == 2


async def test_who_gives_while_another_withdraws_opens_nothing(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    for _ in range(3):
        asked = Vraag(ontvangers=[Ontvanger(wijk.zorg)], tekst_versie="v1", **ZORG)
        id = await wijk.schrijf("WIJKTEAM", partial(vraag, dossier=dossier, persoon=persoon, gevraagd=asked))
        units = [
            wijk.schrijf("WIJKTEAM", partial(geef, toestemming=id, versie=1)),
            wijk.schrijf("REGISSEUR", partial(trek_in, toestemming=id)),
        ]
        done = await asyncio.gather(*units, return_exceptions=True)
        assert done[1] == id
        assert done[0] == id or isinstance(done[0], WijkwerkError)
        assert (await rij(wijk, Toestemming, id)).status is Toestemmingstatus.INGETROKKEN
        assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), persoon)) is None


async def test_a_job_says_that_the_last_day_is_over_and_keeps_what_is_sealed(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kort = [
        await give(wijk, *await case(wijk), geldig_tot=date(2027, 3, day), wijze=Wijze.MONDELING, bewijs=f"Dag {day}")
        for day in (1, 2, 3)
    ]  # fmt: skip
    await wijk.schrijf("WIJKTEAM", lambda w: trek_in(w, kort[0]))
    for op, verwacht in (("2027-03-02", ["INGETROKKEN", "GEGEVEN", "GEGEVEN"]), ("2027-03-03", ["INGETROKKEN", "VERLOPEN", "GEGEVEN"])):
        wijk.klok.moment = wijk.klok.moment.replace(day=int(op[-2:]))
        assert (await draai(wijk.wijkwerk, VERLOPEN, wijk.gemeente, op)).afloop is Afloop.KLAAR
        assert [(await rij(wijk, Toestemming, id)).status for id in kort] == verwacht
    shown: Any = await wijk.lees("REGISSEUR", lambda r: r.one(Toestemming, ("bewijs", "status"), kort[1]))
    assert (shown.bewijs, shown.status) == ("Dag 2", "VERLOPEN")
    assert {row.organisatie_id for row in await wijk.rows(select(Toestemmingsontvanger.tabel()))} == {wijk.zorg}
    assert not await wijk.rows(select(Notificatie.tabel()).where(Notificatie.tabel().c.over_id == kort[1]))
