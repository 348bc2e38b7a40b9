"""Who leads a group sees the first name of who takes part in it, and nothing of anybody else (domain.md 2.6 N1; acceptance step 12)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N1, N2, Niveau
from wijkwerk.betrokkenheden import Partij
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.groepen import laat_meedoen, stop
from wijkwerk.groepstoegang import Groepstoegang
from wijkwerk.partners.besluiten import neem_aan
from wijkwerk.partners.koppelen import koppel
from wijkwerk.personen import Persoon
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.dossiers import rij
from wijkwerk.testing.verwijzingen import besluit, verwezen
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
RECORDS = (Groepstoegang, Betrokkenheid)
ORGANISATIE, GEBRUIKER = Partijsoort.ORGANISATIE, Partijsoort.GEBRUIKER
VELDEN = tuple(name for name, veld in Persoon.velden.items() if veld.level is not None and veld.shown and veld.requires is None)
WAT_EEN_HOST_ZIET = {"versie", "roepnaam", "aanspreekvoorkeur", "geheim"}


async def bekend_bij_dock(wijk: Wijk, roepnaam: str) -> UUID:
    """A resident whom the welfare partner works with."""
    persoon = await wijk.inwoner(
        "Moulin", roepnaam=roepnaam, postcode=Postcode("3043TD"), huisnummer=12, woonplaats="Rotterdam", contact=["0612345678"]
    )
    dossier = await wijk.dossier(persoon)
    dock = Partij(wijk.dock, ORGANISATIE, Niveau.N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT", "CONTACT"]))
    return persoon


def host(wijk: Wijk, niveau: Niveau = N1) -> Partij:
    return Partij(wijk.GROEPSHOST, GEBRUIKER, niveau)


async def mee(wijk: Wijk, groep: UUID, persoon: UUID, **rest: Any) -> UUID:
    return await wijk.schrijf("DOCK", lambda work: laat_meedoen(work, groep, persoon, host(wijk), "BUURTGROEP", **rest))


async def namen(wijk: Wijk) -> list[str]:
    return sorted(row.roepnaam for row in (await wijk.lees("GROEPSHOST", lambda r: r.page(Persoon, ("roepnaam",), first=50))).rows)


async def test_a_host_sees_the_first_name_of_who_takes_part_and_of_nobody_else(wijk: Wijk) -> None:
    suzanne, _ = await bekend_bij_dock(wijk, "Suzanne"), await bekend_bij_dock(wijk, "Klaas")
    groep = nieuw_id()
    id = await mee(wijk, groep, suzanne)
    [row] = (await wijk.lees("GROEPSHOST", lambda r: r.page(Persoon, VELDEN, first=50))).rows
    assert {name for name in VELDEN if getattr(row, name) is not None} <= WAT_EEN_HOST_ZIET
    assert (row.id, row.roepnaam, row.geslachtsnaam, row.beperkt) == (suzanne, "Suzanne", None, True)
    assert await wijk.lees("GROEPSHOST", lambda r: r.count(Contactgegeven)) == 0
    [toegang] = (await wijk.lees("GROEPSHOST", lambda r: r.page(Groepstoegang, ("persoon_id", "doel"), first=50))).rows
    assert (toegang.id, toegang.persoon_id, toegang.doel) == (id, suzanne, "BUURTGROEP")
    await wijk.schrijf("DOCK", lambda work: stop(work, id))
    assert (await namen(wijk), await wijk.lees("GROEPSHOST", lambda r: r.count(Groepstoegang))) == ([], 0)
    await wijk.schrijf("BUURTCOACH", lambda work: stop(work, id))
    assert (await rij(wijk, Groepstoegang, id)).versie == 2


async def test_what_is_opened_is_n1_of_identity_within_the_group_until_the_end(wijk_vlug: Wijk) -> None:
    wijk, groep = wijk_vlug, nieuw_id()
    tot = wijk.klok.nu() + timedelta(days=7)
    id = await mee(wijk, groep, await bekend_bij_dock(wijk, "Suzanne"), tot=tot)
    b = Betrokkenheid.tabel()
    found = await wijk.rows(select(b).where(b.c.bron_id == id))
    assert {(r.partij_id, r.doel, r.categorie_code, r.niveau_tot, r.kader_id, r.tot) for r in found} == {
        (wijk.GROEPSHOST, "BUURTGROEP", "IDENTITEIT", 1, groep, tot)
    }
    assert {r.verantwoordelijke_id for r in found} == {wijk.stad, wijk.dock}
    assert await namen(wijk) == ["Suzanne"]
    wijk.klok.moment = tot
    assert await namen(wijk) == []


async def test_only_who_sees_the_resident_lets_them_take_part_and_nobody_opens_more(wijk_vlug: Wijk) -> None:
    wijk, groep = wijk_vlug, nieuw_id()
    persoon, vreemd = await bekend_bij_dock(wijk, "Suzanne"), await wijk.inwoner()
    await mee(wijk, groep, persoon)

    def doe(persoon: UUID, partij: Partij, doel: str = "BUURTGROEP", **rest: Any) -> Any:
        return lambda work: laat_meedoen(work, rest.pop("groep", groep), persoon, partij, doel, **rest)

    wie = host(wijk)
    tries: dict[str, tuple[str, type[Any], Any]] = {
        "a resident out of reach": ("DOCK", NietGevonden, doe(vreemd, wie)),
        "a resident who is not there": ("DOCK", NietGevonden, doe(nieuw_id(), wie)),
        "a party that is not there": ("DOCK", NietGevonden, doe(persoon, Partij(wijk.dock, GEBRUIKER, N1))),
        "another partner": ("VRIJW_COORD", NietGevonden, doe(vreemd, wie)),
        "the host": ("GROEPSHOST", GeenRecht, doe(persoon, wie)),
        "the wijkteam": ("WIJKTEAM", GeenRecht, doe(persoon, wie)),
        "more than a first name": ("DOCK", OngeldigeInvoer, doe(persoon, host(wijk, N2))),
        "a purpose that is no group's": ("DOCK", OngeldigeInvoer, doe(persoon, wie, "WMO_ONDERZOEK", groep=nieuw_id())),
        "a purpose that is not there": ("DOCK", OngeldigeInvoer, doe(persoon, wie, "X", groep=nieuw_id())),
        "an end that is over": ("DOCK", OngeldigeInvoer, doe(persoon, wie, tot=wijk.klok.nu() - timedelta(days=1))),
        "twice": ("DOCK", OngeldigeInvoer, doe(persoon, wie)),
    }
    for rol, error, unit in tries.values():
        await refused(wijk, rol, error, unit, records=RECORDS)


async def test_another_organisation_does_not_stop_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    id = await mee(wijk, nieuw_id(), await bekend_bij_dock(wijk, "Suzanne"))
    for rol, error in (("GROEPSHOST", GeenRecht), ("REGISSEUR", GeenRecht)):
        await refused(wijk, rol, error, lambda work: stop(work, id), records=RECORDS)
    await refused(wijk, "DOCK", NietGevonden, lambda work: stop(work, nieuw_id()), records=RECORDS)
    await wijk.change(Groepstoegang.tabel().update().values(verantwoordelijke_id=wijk.zorg))
    await refused(wijk, "DOCK", NietGevonden, lambda work: stop(work, id), records=RECORDS)


async def test_who_sees_only_a_first_name_passes_it_on_to_nobody(wijk_vlug: Wijk) -> None:
    """Of a referral that is only offered, the partner would keep the resident by a group of its own, declined or withdrawn."""
    wijk, groep = wijk_vlug, nieuw_id()
    persoon, _, verwijzing = await verwezen(wijk)
    unit = partial(laat_meedoen, groep=groep, persoon=persoon, partij=host(wijk), doel="BUURTGROEP")
    await refused(wijk, "DOCK", OngeldigeInvoer, unit, records=RECORDS)
    await besluit(wijk, "DOCK", neem_aan, verwijzing)
    assert await mee(wijk, groep, persoon)
