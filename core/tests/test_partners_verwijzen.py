"""A referral: who offers it, what a partner sees before and after it decides, that this only shrinks, and how it ends (peers.md D 13)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from wijkwerk.access.levels import N1, N2, N3, N4, N7
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.regisseur import wijs_regisseur_aan
from wijkwerk.dossiers.status import sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.meewerken import DossierGesloten
from wijkwerk.organisaties import Organisatie
from wijkwerk.partners.besluiten import neem_aan, rond_af, weiger
from wijkwerk.partners.instemming import ToestemmingDektNiet
from wijkwerk.partners.ontvangstbewijs import ontvangstbewijzen
from wijkwerk.partners.verlopen import VERWIJZINGEN_VERLOPEN
from wijkwerk.partners.verwijzen import VerwijzingAfgehandeld, beperk, trek_in, verwijs
from wijkwerk.partners.verwijzing import Eindreden, Verwijzing, Verwijzingstatus
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.werklijst import werklijst
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiers import collega, doe, rij
from wijkwerk.testing.verwijzingen import RECORDS, aanbieden, aanbod, besluit, over, toestemming, velden, verwezen, zaak, ziet
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
S = Verwijzingstatus


async def klopt(wijk: Wijk) -> None:
    nu = await deuren(wijk)
    assert nu.staand() == nu.herbouwd()


async def meldingen(wijk: Wijk, rol: str) -> list[str]:
    return [row.soort for row in await wijk.lees(rol, lambda r: r.page(Notificatie, ("soort",), order=("gemaakt_op",), first=20).rows)]


async def werk(wijk: Wijk, rol: str) -> list[Any]:
    return [regel.id for regel in (await wijk.lees(rol, lambda r: werklijst(r, 20))).regels if regel.bron.code == "VERWIJZING"]


async def test_a_partner_sees_the_question_and_who_it_is_until_it_accepts_and_then_what_was_offered(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier, id = await verwezen(wijk)
    await klopt(wijk)
    row = await wijk.lees("DOCK", lambda r: r.one(Verwijzing, ("vraag", "categorieen", "niveau_tot", "status", "tot", "persoon_id"), id))
    assert row is not None
    assert (row.vraag, row.categorieen, row.niveau_tot) == ("Kunt u koffie komen drinken?", ["CONTACT", "IDENTITEIT"], 4)
    eerst = await velden(wijk, "DOCK", persoon)
    assert "roepnaam" in eerst
    assert all(level <= N1 for name in eerst if (level := Persoon.velden[name].level) is not None)
    assert await wijk.lees("DOCK", lambda r: r.by_key(Contactgegeven, (), "persoon_id", [persoon])) == []
    assert await werk(wijk, "DOCK") == [id]
    assert await werk(wijk, "REGISSEUR") == []
    await besluit(wijk, "DOCK", neem_aan, id, "Graag")
    await klopt(wijk)
    stored = await rij(wijk, Verwijzing, id)
    assert (stored.status, stored.besloten_door_id, stored.verantwoordelijke_id) == (S.AANGENOMEN, wijk.DOCK, wijk.stad)
    assert eerst < await velden(wijk, "DOCK", persoon) <= await velden(wijk, "REGISSEUR", persoon)
    assert [c.waarde for c in await wijk.lees("DOCK", lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon]))] == [
        "+31612345678"
    ]
    assert await werk(wijk, "DOCK") == []
    assert await meldingen(wijk, "REGISSEUR") == ["VERWIJZING_BESLOTEN"]
    antwoord = await wijk.lees("REGISSEUR", lambda r: r.by_key(Verwijzing, ("antwoord",), "dossier_id", [dossier]))
    assert [row.antwoord for row in antwoord] == ["Graag"]
    done = [(regel["gebruiker"], regel["onderdeel"]) for regel in (await wijk.log())[-8:] if regel["gebeurtenis"] != "LEZEN"]
    assert wijk.DOCK.hex in {gebruiker for gebruiker, _ in done}


async def test_nobody_else_sees_a_referral_not_even_with_a_door_to_the_same_resident(wijk_vlug: Wijk) -> None:
    """Another organisation, another role of the same one, and another team of the municipality."""
    wijk = wijk_vlug
    persoon, dossier, id = await verwezen(wijk, rol="DOCK")
    naast = await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk, rol="BUURTCOACH")))
    geeft = await toestemming(wijk, dossier, persoon)
    vreemd = wijk.actor("REGISSEUR", gebruiker=await collega(wijk, "REGISSEUR", wijk.ander_team), team=wijk.ander_team)
    for rol, ids in (("DOCK", {id}), ("BUURTCOACH", {naast}), ("ZORG", set()), (vreemd, set()), ("WIJKTEAM", {id, naast})):
        rows = await wijk.lees(rol, lambda r: r.page(Verwijzing, (), first=9).rows)
        assert {row.id for row in rows} == ids, rol
        assert {each for each in (id, naast) if await ziet(wijk, rol, each)} == ids
    assert geeft is not None
    for rol, error in (("BUURTCOACH", NietGevonden), ("ZORG", NietGevonden), ("REGISSEUR", GeenRecht), ("PEERCOACH", GeenRecht)):
        await refused(wijk, rol, error, lambda w: neem_aan(w, id, 1), records=RECORDS)
        await refused(wijk, rol, error, lambda w: weiger(w, id, 1, "Nee"), records=RECORDS)
    await refused(wijk, "DOCK", NietGevonden, lambda w: neem_aan(w, nieuw_id(), 1), records=RECORDS)
    await klopt(wijk)


async def test_only_the_casusregisseur_of_the_case_refers_and_never_more_or_longer_than_allowed(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await zaak(wijk)
    ander, elders = await zaak(wijk)
    tweede = wijk.actor("REGISSEUR", gebruiker=await collega(wijk, "REGISSEUR", wijk.team))
    goed = aanbieden(dossier, persoon, aanbod(wijk))
    for rol, error in (("WIJKTEAM", GeenRecht), ("DOCK", GeenRecht), (tweede, GeenRecht), ("TOEGANG", NietGevonden)):
        await refused(wijk, rol, error, goed, records=RECORDS)
    for unit in (
        aanbieden(dossier, ander, aanbod(wijk)), aanbieden(elders, persoon, aanbod(wijk)), aanbieden(nieuw_id(), persoon, aanbod(wijk)),
        aanbieden(dossier, persoon, aanbod(wijk, organisatie=nieuw_id())),
    ):  # fmt: skip
        await refused(wijk, "REGISSEUR", NietGevonden, unit, records=RECORDS)
    fout: tuple[dict[str, Any], ...] = (
        {"niveau": N7}, {"tot": over(wijk, -1)}, {"tot": over(wijk, 367)}, {"organisatie": wijk.stad}, {"doel": "WMO_ONDERZOEK"},
        {"doel": "X"}, {"categorieen": ("GEZONDHEID",)}, {"categorieen": ("X",)}, {"rol": "ZORG"}, {"rol": "X"},
        {"toestemming": nieuw_id()}, {"organisatie": wijk.bewoners},
    )  # fmt: skip
    for anders in fout:
        await refused(wijk, "REGISSEUR", OngeldigeInvoer, aanbieden(dossier, persoon, aanbod(wijk, **anders)), records=RECORDS)
    for vraag in ("", "  ", "x" * 4001):
        await refused(
            wijk,
            "REGISSEUR",
            OngeldigeInvoer,
            partial(verwijs, dossier=dossier, persoon=persoon, vraag=vraag, aanbod=aanbod(wijk)),
            records=RECORDS,
        )
    await doe(wijk, "WIJKTEAM", sluit, dossier, Statusreden.AFGEROND)
    await refused(wijk, "REGISSEUR", DossierGesloten, goed, records=RECORDS)


async def test_a_referral_that_needs_consent_rests_on_one_that_covers_all_of_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await zaak(wijk)
    ander, elders = await zaak(wijk)
    geeft = await toestemming(wijk, dossier, persoon, rol="ZORG")
    zorg: dict[str, Any] = {"organisatie": wijk.zorg, "doel": "ZORG_UITWISSELING", "rol": "ZORG", "toestemming": geeft}
    await refused(
        wijk, "REGISSEUR", OngeldigeInvoer, aanbieden(dossier, persoon, aanbod(wijk, **zorg | {"toestemming": None})), records=RECORDS
    )
    await refused(
        wijk, "REGISSEUR", NietGevonden, aanbieden(dossier, persoon, aanbod(wijk, **zorg | {"toestemming": nieuw_id()})), records=RECORDS
    )
    dekt_niet: tuple[dict[str, Any], ...] = (
        {"rol": None}, {"tot": over(wijk, 31)}, {"categorieen": ("CONTACT", "ADL")},
        {"toestemming": await toestemming(wijk, elders, ander)},
        {"toestemming": await toestemming(wijk, dossier, persoon, categorieen=["ADL"])},
    )  # fmt: skip
    for anders in dekt_niet:
        await refused(wijk, "REGISSEUR", ToestemmingDektNiet, aanbieden(dossier, persoon, aanbod(wijk, **zorg | anders)), records=RECORDS)
    id = await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk, **zorg)))
    await besluit(wijk, "ZORG", neem_aan, id)
    await klopt(wijk)
    [bewijs] = await wijk.lees("ZORG", lambda r: ontvangstbewijzen(r, [id]))
    assert bewijs is not None
    assert bewijs.grondslag == "ZORG_UITWISSELING/1"


async def test_a_partner_that_declines_or_has_finished_sees_nothing_any_more(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    for stappen, status, reden in (
        ([(weiger, "Vol")], S.GEWEIGERD, None),
        ([(neem_aan, None), (rond_af, "Klaar")], S.BEEINDIGD, "AFGEROND"),
    ):
        persoon, _, id = await verwezen(wijk)
        await refused(wijk, "DOCK", VersieVerouderd, partial(neem_aan, verwijzing=id, versie=9), records=RECORDS)
        await refused(wijk, "DOCK", VerwijzingAfgehandeld, partial(rond_af, verwijzing=id, versie=1), records=RECORDS)
        for stap, antwoord in stappen:
            await besluit(wijk, "DOCK", stap, id, antwoord)
        await klopt(wijk)
        stored = await rij(wijk, Verwijzing, id)
        assert (stored.status, stored.eindreden) == (status, reden)
        assert (await velden(wijk, "DOCK", persoon), await ziet(wijk, "DOCK", id)) == (frozenset(), False)
        assert await ziet(wijk, "REGISSEUR", id)
        await refused(wijk, "DOCK", NietGevonden, partial(neem_aan, verwijzing=id, versie=2), records=RECORDS)
        await refused(
            wijk, "REGISSEUR", VerwijzingAfgehandeld,
            partial(trek_in, verwijzing=id, versie=stored.versie, reden=Eindreden.ANDERS), records=RECORDS,
        )  # fmt: skip


async def test_a_referral_is_narrowed_and_never_enlarged(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, _, id = await verwezen(wijk, categorieen=("CONTACT", "PLANNING"), niveau=N3)
    await besluit(wijk, "DOCK", neem_aan, id)
    voor = await velden(wijk, "DOCK", persoon)
    meer: tuple[dict[str, Any], ...] = (
        {"niveau": N4}, {"tot": over(wijk, 31)}, {"categorieen": ["CONTACT", "PLANNING", "ADL"]}, {"niveau": 0}, {"tot": over(wijk, -1)},
        {},
        {"niveau": N3}, {"tot": None}, {"doel": "VRIJWILLIGER"}, {"categorieen": None},
    )  # fmt: skip
    for gegevens in meer:
        await refused(wijk, "REGISSEUR", OngeldigeInvoer, partial(beperk, verwijzing=id, versie=2, gegevens=gegevens), records=RECORDS)
    for rol in ("DOCK", "WIJKTEAM"):
        await refused(wijk, rol, GeenRecht, lambda w: beperk(w, id, 2, {"niveau": N2}), records=RECORDS)
    await besluit(wijk, "REGISSEUR", beperk, id, {"niveau": N1})
    assert await velden(wijk, "DOCK", persoon) < voor
    await besluit(wijk, "REGISSEUR", beperk, id, {"categorieen": [], "tot": over(wijk, 3)})
    await klopt(wijk)
    assert await wijk.lees("DOCK", lambda r: r.by_key(Contactgegeven, (), "persoon_id", [persoon])) == []
    assert (await rij(wijk, Verwijzing, id)).categorieen == ["IDENTITEIT"]
    wijk.klok.moment += timedelta(days=4)
    assert await velden(wijk, "DOCK", persoon) == frozenset()
    await klopt(wijk)
    await refused(wijk, "REGISSEUR", VerwijzingAfgehandeld, lambda w: beperk(w, id, 4, {"niveau": N1}), records=RECORDS)


async def test_a_referral_is_taken_back_by_any_casusregisseur_who_holds_the_case_and_who_accepted_it_is_told(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier, id = await verwezen(wijk)
    await besluit(wijk, "DOCK", neem_aan, id)
    opvolger = await collega(wijk, "REGISSEUR", wijk.team)
    await doe(wijk, "WIJKTEAM", wijs_regisseur_aan, dossier, None)
    for reden in (Eindreden.DOSSIER_GESLOTEN, Eindreden.TOESTEMMING_INGETROKKEN, Eindreden.UIT_DOSSIER):
        await refused(wijk, "REGISSEUR", OngeldigeInvoer, partial(trek_in, verwijzing=id, versie=2, reden=reden), records=RECORDS)
    for rol, error in (("WIJKTEAM", GeenRecht), ("DOCK", GeenRecht), ("ZORG", GeenRecht)):
        await refused(wijk, rol, error, lambda w: trek_in(w, id, 2, Eindreden.ANDERS), records=RECORDS)
    await besluit(wijk, wijk.actor("REGISSEUR", gebruiker=opvolger), trek_in, id, Eindreden.INWONER_WIL_NIET)
    await klopt(wijk)
    assert (await velden(wijk, "DOCK", persoon), await ziet(wijk, "DOCK", id)) == (frozenset(), False)
    assert await meldingen(wijk, "DOCK") == ["VERWIJZING_GEEINDIGD"]
    stored = await rij(wijk, Verwijzing, id)
    assert (stored.status, stored.eindreden) == (S.INGETROKKEN, Eindreden.INWONER_WIL_NIET)


async def test_a_receipt_is_for_both_sides_after_accepting_and_says_what_holds_now(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    _, _, id = await verwezen(wijk)
    for rol in ("DOCK", "REGISSEUR"):
        assert await wijk.lees(rol, lambda r: ontvangstbewijzen(r, [id, nieuw_id()])) == [None, None]
    await besluit(wijk, "DOCK", neem_aan, id)
    found = {rol: (await wijk.lees(rol, lambda r: ontvangstbewijzen(r, [id])))[0] for rol in ("DOCK", "REGISSEUR", "WIJKTEAM", "ZORG")}
    assert found["DOCK"] == found["REGISSEUR"] == found["WIJKTEAM"] is not None
    assert found["ZORG"] is None
    assert found["DOCK"] is not None
    assert (found["DOCK"].door, found["DOCK"].tot, found["DOCK"].grondslag) == (wijk.DOCK, over(wijk, 30), "WMO_ALG_VOORZIENING/1")
    assert "algemene" in found["DOCK"].uitleg.lower() or "voorziening" in found["DOCK"].uitleg
    await besluit(wijk, "REGISSEUR", beperk, id, {"categorieen": []})
    [bewijs] = await wijk.lees("DOCK", lambda r: ontvangstbewijzen(r, [id]))
    assert bewijs is not None
    assert bewijs.categorieen == ("IDENTITEIT",)
    await besluit(wijk, "REGISSEUR", trek_in, id, Eindreden.ANDERS)
    assert await wijk.lees("DOCK", lambda r: ontvangstbewijzen(r, [id])) == [None]
    [bewijs] = await wijk.lees("REGISSEUR", lambda r: ontvangstbewijzen(r, [id]))
    assert bewijs is not None
    assert bewijs.geeindigd_op is not None


async def test_a_referral_runs_out_by_itself_and_the_job_says_so_once(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    _, _, id = await verwezen(wijk, tot=over(wijk, 1))
    later = (await verwezen(wijk, tot=over(wijk, 9)))[2]
    await besluit(wijk, "DOCK", neem_aan, id)
    wijk.klok.moment += timedelta(days=1)
    await draai(wijk.wijkwerk, VERWIJZINGEN_VERLOPEN, wijk.gemeente, over(wijk, 0).isoformat())
    assert (await rij(wijk, Verwijzing, id)).status is S.AANGENOMEN, "the last day counts"
    wijk.klok.moment += timedelta(days=1)
    assert await ziet(wijk, "DOCK", id) is False
    uitslag = await draai(wijk.wijkwerk, VERWIJZINGEN_VERLOPEN, wijk.gemeente, over(wijk, 0).isoformat())
    assert (uitslag.afloop, uitslag.gedaan) == (Afloop.KLAAR, 1)
    assert {row.id: row.status for row in await wijk.rows(select(Verwijzing.tabel()))} == {id: S.VERLOPEN, later: S.AANGEBODEN}
    row = await wijk.lees("REGISSEUR", lambda r: r.one(Verwijzing, ("vraag", "status"), id))
    assert row is not None
    assert (row.vraag, row.status) == ("Kunt u koffie komen drinken?", S.VERLOPEN)
    await klopt(wijk)


async def test_one_that_ran_out_is_not_accepted_any_more_though_another_in_the_case_still_shows_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier, kort = await verwezen(wijk, tot=over(wijk, 1))
    await besluit(wijk, "DOCK", neem_aan, await wijk.schrijf("REGISSEUR", aanbieden(dossier, persoon, aanbod(wijk))))
    wijk.klok.moment += timedelta(days=2)
    assert await ziet(wijk, "DOCK", kort)
    await refused(wijk, "DOCK", VerwijzingAfgehandeld, lambda w: neem_aan(w, kort, 1), records=RECORDS)


async def test_a_partner_that_the_municipality_no_longer_works_with_gets_no_referrals(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await zaak(wijk)
    o = Organisatie.tabel()
    await wijk.change(update(o).where(o.c.id == wijk.dock).values(tot=over(wijk, -1)))
    await refused(wijk, "REGISSEUR", NietGevonden, aanbieden(dossier, persoon, aanbod(wijk)), records=RECORDS)


async def test_of_two_who_decide_at_once_or_one_who_accepts_what_is_taken_back_one_is_first(wijk: Wijk) -> None:
    for _ in range(2):
        persoon, dossier, id = await verwezen(wijk)
        units: tuple[tuple[str, Any], ...] = (
            ("DOCK", lambda w, id=id: neem_aan(w, id, 1)), ("DOCK", lambda w, id=id: weiger(w, id, 1, "Vol")),
            ("REGISSEUR", lambda w, id=id: trek_in(w, id, 1, Eindreden.ANDERS)),
            ("WIJKTEAM", lambda w, d=dossier: sluit(w, d, 1, Statusreden.AFGEROND)),
        )  # fmt: skip
        done = await asyncio.gather(*[wijk.schrijf(rol, unit) for rol, unit in units], return_exceptions=True)
        codes = [getattr(one, "code", repr(one)) if isinstance(one, BaseException) else "GESLAAGD" for one in done]
        assert set(codes) <= {"GESLAAGD", "VERSIE_VEROUDERD", "NIET_GEVONDEN", "VERWIJZING_AFGEHANDELD"}, codes
        assert codes[3] == "GESLAAGD", codes
        await klopt(wijk)
        stored = await rij(wijk, Verwijzing, id)
        assert codes[:3].count("GESLAAGD") <= 1, codes
        assert stored.status in (S.BEEINDIGD, S.GEWEIGERD, S.INGETROKKEN)
        assert (await velden(wijk, "DOCK", persoon), await ziet(wijk, "DOCK", id)) == (frozenset(), False)
