"""Coupling a partner never takes data to another act, into the municipality, or out of somebody else's case (domain.md 2.5, 9.6)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N0, N4, N7
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.partners.koppelen import beeindig, koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.personen import Persoon
from wijkwerk.records.plan import Filter
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiers import doe, rij
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")
RECORDS = (Koppeling, Betrokkenheid)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def begonnen(wijk: Wijk) -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner(bsn=BSN)
    return persoon, await wijk.dossier(persoon)


def met(dossier: UUID, persoon: UUID, partij: UUID, doel: str = "WMO_ALG_VOORZIENING", **rest: Any) -> Any:
    soort, niveau = rest.pop("soort", Partijsoort.ORGANISATIE), rest.pop("niveau", N4)
    return lambda work: koppel(work, dossier, persoon, Partij(partij, soort, niveau), doel, ["IDENTITEIT"], **rest)


async def ziet(wijk: Wijk, rol: Any, persoon: UUID) -> bool:
    return await wijk.lees(rol, lambda reader: reader.one(Persoon, (), persoon)) is not None


async def werker(wijk: Wijk, team: UUID | None = None) -> UUID:
    """Somebody else at the partner; the id of the user."""
    id = nieuw_id()

    def unit(connection: Any) -> None:
        wijk.put(connection, Gebruiker, id=id, naam="ander", issuer="test", onderwerp=id.hex, verantwoordelijke_id=wijk.dock)
        wijk.put(connection, Aanstelling, gebruiker_id=id, naam="ander", organisatie_id=wijk.dock, team_id=team, rol="DOCK",
                 van=date(2026, 1, 1), verantwoordelijke_id=wijk.dock)  # fmt: skip

    await wijk.wijkwerk.database.transact(unit)
    return id


async def klopt(wijk: Wijk) -> None:
    nu = await deuren(wijk)
    assert nu.staand() == nu.herbouwd()


async def test_what_is_no_coupling_is_refused_and_nothing_happens(wijk: Wijk) -> None:
    """Another act, the municipality itself, N7, a moment that was, and a role that never works for the purpose."""
    persoon, dossier = await begonnen(wijk)
    gisteren = wijk.klok.moment - timedelta(days=1)
    for unit in (
        *(met(dossier, persoon, wijk.dock, doel) for doel in ("PW_UITVOERING", "WMO_ONDERZOEK", "PW_DERDEN", "ZORG_UITWISSELING", "X")),
        met(dossier, persoon, wijk.stad), met(dossier, persoon, wijk.dock, niveau=N0), met(dossier, persoon, wijk.dock, niveau=N7),
        met(dossier, persoon, wijk.dock, tot=gisteren), met(dossier, persoon, wijk.dock, rol="ZORG"),
        met(dossier, persoon, wijk.dock, rol="WIJKTEAM"), met(dossier, persoon, wijk.dock, rol="KABOUTER"),
    ):  # fmt: skip
        await refused(wijk, "REGISSEUR", OngeldigeInvoer, unit, records=RECORDS)
    for rol in ("WIJKTEAM", "TEAMLEIDER", "DOCK", "TOEGANG"):
        await refused(wijk, rol, GeenRecht, met(dossier, persoon, wijk.dock), records=RECORDS)


async def test_a_party_that_is_not_of_the_partner_is_not_coupled(wijk: Wijk) -> None:
    persoon, dossier = await begonnen(wijk)
    zorgteam = await wijk.wijkwerk.database.transact(
        lambda c: wijk.put(c, Team, naam="zorgteam", organisatie_id=wijk.zorg, verantwoordelijke_id=wijk.zorg)
    )
    vertrokken = await werker(wijk)
    a, o = Aanstelling.tabel(), Organisatie.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == vertrokken).values(tot=date(2027, 2, 28)))
    team, gebruiker = Partijsoort.TEAM, Partijsoort.GEBRUIKER
    pogingen = [
        met(dossier, persoon, nieuw_id()), met(dossier, persoon, wijk.zorg, organisatie=wijk.dock),
        met(dossier, persoon, zorgteam, soort=team, organisatie=wijk.dock), met(dossier, persoon, zorgteam, soort=team),
        met(dossier, persoon, wijk.ZORG, soort=gebruiker, organisatie=wijk.dock),
        met(dossier, persoon, vertrokken, soort=gebruiker, organisatie=wijk.dock),
    ]  # fmt: skip
    for unit in pogingen:
        await refused(wijk, "REGISSEUR", NietGevonden, unit, records=RECORDS)
    await wijk.change(update(o).where(o.c.id == wijk.dock).values(tot=date(2027, 2, 28)))
    await refused(wijk, "REGISSEUR", NietGevonden, met(dossier, persoon, wijk.dock), records=RECORDS)


async def test_a_team_somebody_or_a_role_of_a_partner_is_let_in_and_nobody_else_there(wijk: Wijk) -> None:
    persoon, dossier = await begonnen(wijk)
    buurt = await wijk.wijkwerk.database.transact(
        lambda c: wijk.put(c, Team, naam="buurt", organisatie_id=wijk.dock, verantwoordelijke_id=wijk.dock)
    )
    collega = await werker(wijk, buurt)
    wie = {"team": wijk.actor("DOCK", gebruiker=collega, team=buurt), "een": "DOCK", "rol": "BUURTCOACH"}
    for let_in, unit in (
        ({"team"}, met(dossier, persoon, buurt, soort=Partijsoort.TEAM, organisatie=wijk.dock)),
        ({"een"}, met(dossier, persoon, wijk.DOCK, soort=Partijsoort.GEBRUIKER, organisatie=wijk.dock)),
        ({"rol"}, met(dossier, persoon, wijk.dock, rol="BUURTCOACH")),
        ({"team", "een", "rol"}, met(dossier, persoon, wijk.dock)),
    ):
        koppeling = await wijk.schrijf("REGISSEUR", unit)
        wie["team"] = wijk.actor("DOCK", gebruiker=collega, team=buurt)
        assert {naam for naam, rol in wie.items() if await ziet(wijk, rol, persoon)} == let_in
        await klopt(wijk)
        await doe(wijk, "REGISSEUR", beeindig, koppeling, record=Koppeling)
        wie["team"] = wijk.actor("DOCK", gebruiker=collega, team=buurt)
        assert not [naam for naam, rol in wie.items() if await ziet(wijk, rol, persoon)]
        await klopt(wijk)


async def test_a_coupling_ends_once_by_who_read_it_and_by_itself_at_its_moment(wijk: Wijk) -> None:
    persoon, dossier = await begonnen(wijk)
    tot = wijk.klok.moment + timedelta(days=7)
    koppeling = await wijk.schrijf("REGISSEUR", met(dossier, persoon, wijk.dock, tot=tot))
    for rol, error, versie in (("REGISSEUR", VersieVerouderd, 2), ("WIJKTEAM", GeenRecht, 1), ("DOCK", GeenRecht, 1)):
        await refused(wijk, rol, error, partial(beeindig, id=koppeling, versie=versie), records=RECORDS)
    assert await ziet(wijk, "DOCK", persoon)
    wijk.klok.moment = tot
    assert not await ziet(wijk, "DOCK", persoon)
    await klopt(wijk)
    await doe(wijk, "REGISSEUR", beeindig, koppeling, record=Koppeling)
    row = await rij(wijk, Koppeling, koppeling)
    assert (row.tot, row.beeindigd_door_id) == (tot, None), "what ended by itself stays as it ended"
    nog_een = await wijk.schrijf("REGISSEUR", met(dossier, persoon, wijk.dock))
    await doe(wijk, "REGISSEUR", beeindig, nog_een, record=Koppeling)
    ended = await rij(wijk, Koppeling, nog_een)
    assert ended.beeindigd_door_id == wijk.REGISSEUR
    assert not await ziet(wijk, "DOCK", persoon)
    await doe(wijk, "REGISSEUR", beeindig, nog_een, record=Koppeling)
    assert await rij(wijk, Koppeling, nog_een) == ended


async def test_another_team_neither_sees_nor_ends_the_couplings_of_a_case(wijk: Wijk) -> None:
    persoon, dossier = await begonnen(wijk)
    koppeling = await wijk.schrijf("REGISSEUR", met(dossier, persoon, wijk.dock))
    other = wijk.actor("REGISSEUR", gebruiker=wijk.WIJKTEAM, team=wijk.ander_team)
    assert await wijk.schrijf(other, lambda work: aanmelden(work, {"bsn": BSN, "geslachtsnaam": "Moulin"})) == persoon
    seen = await wijk.lees(other, lambda reader: reader.by_key(Betrokkenheid, ("bron",), "persoon_id", [persoon]))
    assert {row.bron for row in seen} == {Bron.AANMELDING}
    assert await wijk.lees(other, lambda reader: reader.page(Koppeling, (), first=5).rows) == []
    await refused(wijk, other, NietGevonden, lambda work: beeindig(work, koppeling, 1), records=RECORDS)


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
