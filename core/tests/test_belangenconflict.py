"""A resident who is hidden from a colleague or a team: they see nothing, don't see that, and nothing they try tells it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid, Partijsoort
from wijkwerk.belangenconflict import hef_op, scherm_af_voor
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.geheimhouding import zet_veiligheidsvlag
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.dossiers import collega, rij
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.bekendheid import Bekend, is_bekend
from wijkwerk.zoeken.kenmerken import Kenmerken

pytestmark = pytest.mark.anyio
GEBRUIKER, TEAM = Partijsoort.GEBRUIKER, Partijsoort.TEAM
BSN, ONBEKEND = Bsn("999993264"), Bsn("999994347")
REDEN = "Collega van team Overschie"


async def beschermd(wijk: Wijk, partij: UUID, soort: Partijsoort, rol: Any = "REGISSEUR", **gegevens: Any) -> tuple[UUID, UUID]:
    """A resident with a case, shielded from this party: the resident and the afscherming."""
    persoon = await wijk.inwoner("Djibet", **gegevens)
    await wijk.dossier(persoon)
    return persoon, await wijk.schrijf(rol, lambda work: scherm_af_voor(work, persoon, partij, soort, REDEN))


async def ziet(wijk: Wijk, rol: Any, persoon: UUID) -> tuple[bool, int, int]:
    """Whether somebody sees the resident, how many residents in a list, and how many cases."""
    een = await wijk.lees(rol, lambda r: r.one(Persoon, ("geslachtsnaam",), persoon))
    return een is not None, await wijk.lees(rol, lambda r: r.count(Persoon)), await wijk.lees(rol, lambda r: r.count(Dossier))


async def meld(wijk: Wijk, bsn: Bsn, rol: Any = "WIJKTEAM") -> UUID:
    return await wijk.schrijf(rol, lambda work: aanmelden(work, {"geslachtsnaam": "Jansen", "bsn": bsn}))


async def test_who_is_shielded_sees_nothing_at_all_and_a_colleague_sees_all(wijk: Wijk) -> None:
    persoon, id = await beschermd(wijk, wijk.WIJKTEAM, GEBRUIKER)
    assert await ziet(wijk, "WIJKTEAM", persoon) == (False, 0, 0)
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Afscherming)) == 0
    ander = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.team))
    assert await ziet(wijk, ander, persoon) == (True, 1, 1)
    row = await rij(wijk, Afscherming, id)
    assert (row.soort, row.partij_id, row.niveau_tot, row.door_id) == ("BELANGENCONFLICT", wijk.WIJKTEAM, 0, wijk.REGISSEUR)
    await refused(wijk, "WIJKTEAM", GeenRecht, lambda work: hef_op(work, id, "Toch niet"), records=[Afscherming])
    await wijk.schrijf("REGISSEUR", lambda work: hef_op(work, id, "Werkt hier niet meer"))
    assert await ziet(wijk, "WIJKTEAM", persoon) == (True, 1, 1)
    await refused(wijk, "REGISSEUR", OngeldigeInvoer, lambda work: hef_op(work, id, "Nog eens"), records=[Afscherming])


async def test_a_whole_team_is_shielded_with_whoever_joins_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, id = await beschermd(wijk, wijk.ander_team, TEAM, bsn=BSN)
    ander = [
        wijk.actor(rol, gebruiker=await collega(wijk, rol, wijk.ander_team), team=wijk.ander_team) for rol in ("WIJKTEAM", "REGISSEUR")
    ]
    schijn = await meld(wijk, BSN, ander[0])
    nieuw = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.ander_team), team=wijk.ander_team)
    assert [await ziet(wijk, wie, persoon) for wie in (*ander, nieuw)] == [(False, 1, 0)] * 3
    await wijk.schrijf("REGISSEUR", lambda work: hef_op(work, id, "Verhuisd"))
    later = wijk.actor("WIJKTEAM", gebruiker=ander[0].gebruiker, team=wijk.ander_team)
    assert await meld(wijk, BSN, later) == persoon != schijn
    assert (await ziet(wijk, later, persoon))[0]


async def test_only_a_casusregisseur_who_sees_the_resident_shields_with_a_reason_and_never_from_oneself(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    await wijk.dossier(persoon)
    vreemd = wijk.actor("REGISSEUR", gebruiker=await collega(wijk, "REGISSEUR", wijk.ander_team), team=wijk.ander_team)
    wie = {"WIJKTEAM": GeenRecht, "TEAMLEIDER": GeenRecht, "BEHEER": GeenRecht, "INWONER": GeenRecht, vreemd: NietGevonden}
    for rol, error in wie.items():
        await refused(wijk, rol, error, lambda work: scherm_af_voor(work, persoon, wijk.WIJKTEAM, GEBRUIKER, REDEN), records=[Afscherming])
    wrong: list[tuple[UUID, Partijsoort, str, type[WijkwerkError]]] = [
        (wijk.REGISSEUR, GEBRUIKER, REDEN, OngeldigeInvoer), (wijk.team, TEAM, REDEN, OngeldigeInvoer),
        (wijk.WIJKTEAM, GEBRUIKER, "  ", OngeldigeInvoer), (wijk.WIJKTEAM, TEAM, REDEN, NietGevonden),
        (wijk.dock, Partijsoort.ORGANISATIE, REDEN, NietGevonden), (nieuw_id(), GEBRUIKER, REDEN, NietGevonden),
    ]  # fmt: skip
    for partij, soort, reden, fout in wrong:
        await refused(
            wijk, "REGISSEUR", fout, partial(scherm_af_voor, persoon=persoon, partij=partij, partijsoort=soort, reden=reden),
            records=[Afscherming],
        )  # fmt: skip
    await wijk.schrijf("REGISSEUR", lambda work: scherm_af_voor(work, persoon, wijk.WIJKTEAM, GEBRUIKER, REDEN))
    await refused(
        wijk,
        "REGISSEUR",
        OngeldigeInvoer,
        lambda work: scherm_af_voor(work, persoon, wijk.WIJKTEAM, GEBRUIKER, REDEN),
        records=[Afscherming],
    )


async def test_another_kind_of_afscherming_is_not_lifted_here(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    await wijk.dossier(persoon)
    await wijk.schrijf("REGISSEUR", lambda work: zet_veiligheidsvlag(work, persoon, 1, True, "Gevaar"))
    [row] = await wijk.rows(select(Afscherming.tabel().c.id))
    await refused(wijk, "REGISSEUR", NietGevonden, lambda work: hef_op(work, row.id, REDEN), records=[Afscherming])


# nothing that the shielded one tries tells it


async def test_a_report_with_the_bsn_of_a_shielded_resident_is_answered_as_one_of_somebody_unknown(wijk: Wijk) -> None:
    persoon, _ = await beschermd(wijk, wijk.WIJKTEAM, GEBRUIKER, bsn=BSN)
    before = await wijk.rows(select(func.count()).select_from(Betrokkenheid.tabel()).where(Betrokkenheid.tabel().c.persoon_id == persoon))
    schijn, echt = await meld(wijk, BSN), await meld(wijk, ONBEKEND)
    assert await meld(wijk, BSN) == schijn != persoon
    assert await meld(wijk, ONBEKEND) == echt
    velden = tuple(name for name, veld in Persoon.velden.items() if veld.level is not None and veld.shown and name not in ("bsn",))
    rijen: list[Any] = [await wijk.lees("WIJKTEAM", partial(Reader.one, record=Persoon, velden=velden, id=id)) for id in (schijn, echt)]
    assert rijen[0]._replace(id=None) == rijen[1]._replace(id=None)
    after = await wijk.rows(select(func.count()).select_from(Betrokkenheid.tabel()).where(Betrokkenheid.tabel().c.persoon_id == persoon))
    assert before == after
    assert (await rij(wijk, Persoon, schijn)).bsn is None
    assert (await rij(wijk, Persoon, persoon)).geslachtsnaam == "Djibet"


async def test_who_sees_both_merges_what_was_reported_with_the_file_that_was_there(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, _ = await beschermd(wijk, wijk.WIJKTEAM, GEBRUIKER, bsn=BSN)
    schijn = await meld(wijk, BSN)
    versies = [(await rij(wijk, Persoon, id)).versie for id in (persoon, schijn)]
    await wijk.schrijf("REGISSEUR", lambda work: voeg_samen(work, persoon, schijn, (versies[0], versies[1]), "Dubbel"))
    ander = wijk.actor("WIJKTEAM", gebruiker=await collega(wijk, "WIJKTEAM", wijk.team))
    assert await meld(wijk, BSN, ander) == persoon
    assert await ziet(wijk, "WIJKTEAM", persoon) == (False, 0, 0)


async def test_who_is_shielded_is_told_that_nobody_is_known(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner("Djibet", bsn=BSN, geboortedatum=Datum(1956, 11, 15))
    await wijk.dossier(persoon)
    vraag = Kenmerken(geslachtsnaam="Djibet", geboortedatum=Datum(1956, 11, 15))
    assert (await wijk.schrijf("CRISISDIENST", lambda work: is_bekend(work, vraag))).uitkomst is Bekend.BEKEND
    await wijk.schrijf("REGISSEUR", lambda work: scherm_af_voor(work, persoon, wijk.CRISISDIENST, GEBRUIKER, REDEN))
    assert (await wijk.schrijf("CRISISDIENST", lambda work: is_bekend(work, vraag))).uitkomst is Bekend.NIET_BEKEND
