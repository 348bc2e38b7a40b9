"""Coupling a partner never takes data to another act, into the municipality, or out of somebody else's case (domain.md 2.5, 9.6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.partners.koppelen import beeindig, koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.personen import Persoon
from wijkwerk.records.plan import Filter
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def couplings(wijk: Wijk, *, open_only: bool = False) -> int:
    b = Betrokkenheid.tabel()
    where = [b.c.bron == Bron.KOPPELING, *([b.c.tot.is_(None)] if open_only else [])]
    [(count,)] = await wijk.rows(select(func.count()).select_from(b).where(*where))
    return int(count)


async def couple(wijk: Wijk, dossier: UUID, persoon: UUID, partij: UUID, doel: str = "WMO_ALG_VOORZIENING") -> UUID:
    partner = Partij(partij, Partijsoort.ORGANISATIE, N4)
    return await wijk.schrijf("REGISSEUR", lambda work: koppel(work, dossier, persoon, partner, doel, ["IDENTITEIT"]))


@pytest.mark.parametrize("doel", ["PW_UITVOERING", "WMO_ONDERZOEK", "PW_DERDEN", "ZORG_UITWISSELING"])
async def test_a_purpose_of_another_act_or_of_the_team_itself_is_no_coupling(wijk: Wijk, doel: str) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    with pytest.raises(OngeldigeInvoer):
        await couple(wijk, dossier, persoon, wijk.dock, doel)
    assert await couplings(wijk) == 0


async def test_the_municipality_is_no_partner(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    with pytest.raises(OngeldigeInvoer):
        await couple(wijk, dossier, persoon, wijk.stad)
    assert await couplings(wijk) == 0


async def test_another_team_neither_sees_nor_ends_the_couplings_of_a_case(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(bsn=BSN)
    dossier = await wijk.dossier(persoon)
    await couple(wijk, dossier, persoon, wijk.dock)
    other = wijk.actor("REGISSEUR", gebruiker=wijk.WIJKTEAM, team=wijk.ander_team)
    assert await wijk.schrijf(other, lambda work: aanmelden(work, {"bsn": BSN, "geslachtsnaam": "Moulin"})) == persoon
    seen = await wijk.lees(other, lambda reader: reader.by_key(Betrokkenheid, ("bron",), "persoon_id", [persoon]))
    assert {row.bron for row in seen} == {Bron.AANMELDING}
    [(row_id,)] = await wijk.rows(select(Koppeling.tabel().c.id))
    with pytest.raises(NietGevonden):
        await wijk.schrijf(other, lambda work: beeindig(work, row_id))
    assert await couplings(wijk, open_only=True) == 2


async def test_nobody_appoints_oneself_casusregisseur(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("REGISSEUR", lambda work: open_dossier(work, [persoon], regisseur=wijk.REGISSEUR))


async def test_the_log_tells_on_which_fields_was_searched_and_what_a_bsn_search_missed(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.dossier(persoon)

    async def last(filters: dict[Filter, Any]) -> dict[str, Any]:
        await wijk.lees("REGISSEUR", lambda reader: reader.page(Persoon, ("roepnaam",), first=1, filters=filters))
        return (await wijk.log())[-1]

    hit = await last({Filter("sorteernaam"): "moulin"})
    assert hit["details"] == {"gezocht": ["sorteernaam"]}
    assert hit["betrokkenen"][0]["getoond"][0][2] == ["roepnaam", "sorteernaam"]
    miss = await last({Filter("bsn_index"): b"0123456789abcdef"})
    assert (miss["resultaat"], len(miss["gevraagd"])) == ("GEEN_RESULTAAT", 1)
