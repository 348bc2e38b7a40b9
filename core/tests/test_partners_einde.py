"""What partners were let in to ends with the case, with a resident who leaves it, and with the consent: records, doors and notices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.dossier import Dossier, Statusreden
from wijkwerk.dossiers.leden import lid_vertrekt
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.status import heropen, sluit
from wijkwerk.errors import GeenRecht
from wijkwerk.partners.besluiten import neem_aan
from wijkwerk.partners.einde import eindig_bij_toestemming, eindig_in_kader
from wijkwerk.partners.koppelen import koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.verwijzing import Eindreden, Verwijzing, Verwijzingstatus
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiers import doe, rij
from wijkwerk.testing.verwijzingen import RECORDS, aanbieden, aanbod, besluit, toestemming, velden, zaak
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.intrekken import trek_in

pytestmark = pytest.mark.anyio
S = Verwijzingstatus


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def met_partners(wijk: Wijk, dossier: UUID, persoon: UUID) -> tuple[UUID, UUID, UUID]:
    """A coupling, a referral that was accepted and one that is offered."""
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    koppeling = await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"]))
    aangenomen = await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk)))
    await besluit(wijk, "DOCK", neem_aan, aangenomen)
    return koppeling, aangenomen, await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk)))


async def staan(wijk: Wijk, ids: Sequence[UUID]) -> list[Any]:
    """Of a coupling its end, of referrals their status and why they ended."""
    koppeling, *verwijzingen = ids
    rows = [await rij(wijk, Verwijzing, id) for id in verwijzingen]
    return [(await rij(wijk, Koppeling, koppeling)).tot is not None, *[(row.status, row.eindreden) for row in rows]]


async def klopt(wijk: Wijk) -> None:
    nu = await deuren(wijk)
    assert nu.staand() == nu.herbouwd()


LOOPT = [False, (S.AANGENOMEN, None), (S.AANGEBODEN, None)]


async def test_a_case_that_closes_ends_them_and_opening_it_again_brings_none_back(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    ids = await met_partners(wijk, dossier, persoon)
    assert await staan(wijk, ids) == LOOPT
    await klopt(wijk)
    await doe(wijk, "WIJKTEAM", sluit, dossier, Statusreden.AFGEROND)
    over = [True, *[(S.BEEINDIGD, Eindreden.DOSSIER_GESLOTEN)] * 2]
    assert await staan(wijk, ids) == over
    assert await velden(wijk, "DOCK", persoon) == frozenset()
    told = await wijk.rows(select(Notificatie.tabel().c.partij_id).where(Notificatie.tabel().c.soort == "VERWIJZING_GEEINDIGD"))
    assert [row.partij_id for row in told] == [wijk.DOCK], "who accepted is told, who was only asked is not"
    await klopt(wijk)
    await doe(wijk, "WIJKTEAM", heropen, dossier, Statusreden.NIEUWE_VRAAG)
    assert await staan(wijk, ids) == over
    assert await velden(wijk, "DOCK", persoon) == frozenset()
    await klopt(wijk)
    row = await wijk.lees("REGISSEUR", lambda r: r.one(Verwijzing, ("vraag",), ids[1]))
    assert row is not None
    assert row.vraag == "Kunt u koffie komen drinken?", "what is sealed went along to the version in which it ended"


async def test_of_a_resident_who_leaves_they_end_and_of_the_others_they_stay(wijk: Wijk) -> None:
    persoon, ander = [await wijk.inwoner(naam, geboortedatum=Datum(1956, 11, 2)) for naam in ("Moulin", "Visser")]
    dossier = await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon, ander], regisseur=wijk.REGISSEUR))
    blijft, vertrekt = await met_partners(wijk, dossier, persoon), await met_partners(wijk, dossier, ander)
    await doe(wijk, "WIJKTEAM", lid_vertrekt, dossier, ander)
    assert await staan(wijk, blijft) == LOOPT
    assert await staan(wijk, vertrekt) == [True, *[(S.BEEINDIGD, Eindreden.UIT_DOSSIER)] * 2]
    assert (await velden(wijk, "DOCK", ander), bool(await velden(wijk, "DOCK", persoon))) == (frozenset(), True)
    await klopt(wijk)


async def test_a_consent_that_is_withdrawn_ends_the_referrals_that_rest_on_it_and_no_others(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    ids = await met_partners(wijk, dossier, persoon)
    tweede = await wijk.inwoner("Visser", geboortedatum=Datum(1956, 11, 2))
    elders = await wijk.dossier(tweede)
    geeft, blijft = await toestemming(wijk, dossier, persoon), await toestemming(wijk, elders, tweede)
    zorg: dict[str, Any] = {"organisatie": wijk.zorg, "doel": "ZORG_UITWISSELING"}
    rust = await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk, **zorg, toestemming=geeft)))
    ander = await wijk.schrijf("REGISSEUR", aanbieden(elders, tweede, aanbod(wijk, **zorg, toestemming=blijft)))
    await besluit(wijk, "ZORG", neem_aan, rust)
    await wijk.schrijf("WIJKTEAM", lambda w: trek_in(w, geeft))
    rows = {row.id: (row.status, row.eindreden) for row in await wijk.rows(select(Verwijzing.tabel()))}
    assert rows[rust] == (S.BEEINDIGD, Eindreden.TOESTEMMING_INGETROKKEN)
    assert rows[ander] == (S.AANGEBODEN, None)
    assert await staan(wijk, ids) == LOOPT
    await klopt(wijk)


async def test_who_ends_no_doors_ends_nothing(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    await met_partners(wijk, dossier, persoon)
    for rol in ("TEAMLEIDER", "MZ_CONSULENT", "ZORG", "FG"):
        for unit in (
            lambda w: eindig_in_kader(w, dossier, None, Eindreden.DOSSIER_GESLOTEN),
            lambda w: eindig_bij_toestemming(w, dossier),
        ):
            await refused(wijk, rol, GeenRecht, unit, records=(*RECORDS, Koppeling))


async def test_closing_takes_as_many_statements_with_many_partners_as_with_one(wijk: Wijk) -> None:
    """Doors and records are ended in one statement each; only the notice to who accepted comes per referral."""
    counts = []
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    for aantal in (1, 6):
        persoon, dossier = await zaak(wijk)
        for _ in range(aantal):
            hoe: dict[str, Any] = {"partij": dock, "doel": "WMO_ALG_VOORZIENING", "categorieen": ["IDENTITEIT"]}
            await wijk.schrijf("REGISSEUR", partial(koppel, dossier=dossier, persoon=persoon, **hoe))
            await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk)))
        counts.append(await statements(wijk, dossier))
    assert counts[0] == counts[1]


async def statements(wijk: Wijk, dossier: UUID) -> int:
    versie, found = (await rij(wijk, Dossier, dossier)).versie, list[str]()

    def tel(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        found.append(statement)

    engines = wijk.wijkwerk.database.engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", tel)
    try:
        await wijk.schrijf("WIJKTEAM", lambda w: sluit(w, dossier, versie, Statusreden.AFGEROND))
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", tel)
    return len(found)
