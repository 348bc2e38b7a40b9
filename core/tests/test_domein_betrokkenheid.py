"""Who may let whom in, for what, and how it ends (design.md 1, idea 2; domain.md 2.4, 9.6)."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Afschermsoort, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N0, N2, N4, N7
from wijkwerk.betrokkenheden import WIE_MAAKT_WAT, Partij, herzie_deuren, open_deur, scherm_af, sluit_deur
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.groepstoegang import Groepstoegang
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang
from wijkwerk.noodtoegang.noodtoegang import Noodtoegang
from wijkwerk.partners.koppelen import koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.verwijzing import Verwijzing
from wijkwerk.personen import Persoon
from wijkwerk.records.guard import OmzeilingGeweigerd
from wijkwerk.records.plan import Filter
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.toestemming import Toestemmingsontvanger

pytestmark = pytest.mark.anyio
WELZIJN = ("IDENTITEIT", "CONTACT")
# from design.md 1 (who makes rows) and domain.md 2.3, 2.7, 3.6, 9.6; the system's TOEGANG carries out what a partner, a resident or a
# fact recorded elsewhere decides, and ends it: never a report, a case, a coupling, a group or an import
EXPECTED = {
    "AANMELDING": {"WIJKTEAM", "REGISSEUR", "SIGNALEN"},
    "DOSSIER": {"WIJKTEAM", "REGISSEUR"},
    "OVERDRACHT": {"WIJKTEAM", "REGISSEUR"},
    "KOPPELING": {"REGISSEUR"},
    "VERWIJZING": {"REGISSEUR", "TOEGANG"},
    "TOESTEMMING": {"WIJKTEAM", "REGISSEUR", "TOEGANG"},
    "GROEP": {"BUURTCOACH", "DOCK", "VRIJW_COORD"},
    "EIGEN": {"WIJKTEAM", "REGISSEUR", "TOEGANG"},
    "VERTEGENWOORDIGING": {"WIJKTEAM", "REGISSEUR", "TOEGANG"},
    "NOODTOEGANG": {"WIJKTEAM", "REGISSEUR", "CRISISDIENST", "TOEGANG"},
    "IMPORT": {"IMPORT"},
}
ROLLEN = (
    "WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "CRISISDIENST", "KLANTMANAGER", "PEERCOACH", "BUURTCOACH", "VRIJW_COORD", "MZ_CONSULENT", "DOCK",
    "ZORG", "GROEPSHOST", "GEBIED", "BEHEER", "FG", "PRIVACY_OFFICER", "INZAGELOKET", "ARCHIVARIS", "PARTNER_BEHEER", "JOBS", "IMPORT",
    "SIGNALEN", "TOEGANG", "INWONER", "VERTEGENWOORDIGER",
)  # fmt: skip


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def doors(wijk: Wijk) -> list[Any]:
    b = Betrokkenheid.tabel()
    return list(await wijk.rows(select(b).order_by(b.c.id)))


def partner(wijk: Wijk, niveau: Any = N4) -> Partij:
    return Partij(wijk.dock, Partijsoort.ORGANISATIE, niveau)


async def coupled(wijk: Wijk, *, rol: str = "REGISSEUR", niveau: Any = N4, categorieen: tuple[str, ...] = WELZIJN) -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus", contact=["0612345678"])
    dossier = await wijk.dossier(persoon)
    return persoon, await wijk.schrijf(
        rol, lambda w: koppel(w, dossier, persoon, partner(wijk, niveau), "WMO_ALG_VOORZIENING", categorieen)
    )


async def see(wijk: Wijk, rol: str, persoon: UUID, *velden: str) -> Any:
    return await wijk.lees(rol, lambda r: r.one(Persoon, velden, persoon))


async def reach(wijk: Wijk, rol: str, persoon: UUID) -> list[str]:
    return [row.waarde for row in await wijk.lees(rol, lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon]))]


@pytest.mark.parametrize("bron", list(Bron), ids=str)
@pytest.mark.parametrize("rol", ROLLEN)
def test_each_role_and_each_source_is_an_allow_or_a_deny(rol: str, bron: Bron) -> None:
    assert (rol in WIE_MAAKT_WAT.get(bron, frozenset())) == (rol in EXPECTED[bron.value])


async def test_every_source_and_every_role_is_in_the_table(wijk: Wijk) -> None:
    assert {bron.value for bron in Bron} == EXPECTED.keys() == {bron.value for bron in WIE_MAAKT_WAT}
    assert set(wijk.wijkwerk.catalogue.rollen) == set(ROLLEN)


async def test_what_lets_somebody_in_is_made_by_core_services_alone_whatever_the_role(wijk: Wijk) -> None:
    """A plugin has `Work.add` and no other way to write (tests/test_house.py)."""
    persoon = await wijk.inwoner()
    for rol in ROLLEN:
        for record in (Betrokkenheid, Koppeling, Verwijzing, Inwonertoegang, Noodtoegang, Groepstoegang, Toestemmingsontvanger):

            def unit(work: Work, record: type[Any] = record) -> None:
                work.add(record(persoon_id=persoon))

            await refused(wijk, wijk.actor(rol), OmzeilingGeweigerd, unit, records=[record])


async def test_a_source_of_another_role_opens_nothing(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.dossier(persoon)
    before = await doors(wijk)
    for rol in ROLLEN:
        for bron in (bron for bron in Bron if rol not in EXPECTED[bron.value]):

            def unit(work: Work, bron: Bron = bron) -> None:
                open_deur(work, [persoon], [partner(wijk)], doel="WMO_ONDERZOEK", bron=bron, bron_id=nieuw_id(), kader=nieuw_id())

            with pytest.raises(GeenRecht):
                await wijk.schrijf(wijk.actor(rol), unit)
            with pytest.raises(GeenRecht):
                await wijk.schrijf(wijk.actor(rol), partial(herzie_deuren, bron=bron, bron_id=persoon, deuren=set()))
    assert await doors(wijk) == before


async def test_a_coupled_partner_sees_the_agreed_categories_up_to_the_level(wijk: Wijk) -> None:
    persoon, _ = await coupled(wijk)
    row = await see(wijk, "DOCK", persoon, "roepnaam", "straat", "geboortedatum")
    assert (row.roepnaam, row.beperkt, await reach(wijk, "DOCK", persoon)) == ("Suus", True, ["+31612345678"])
    assert {b.verantwoordelijke_id for b in await doors(wijk) if b.bron == Bron.KOPPELING} == {wijk.stad, wijk.dock}
    low, _ = await coupled(wijk, niveau=N2, categorieen=("IDENTITEIT",))
    row = await see(wijk, "DOCK", low, "roepnaam", "geboortedatum")
    assert (row.roepnaam, row.geboortedatum, await reach(wijk, "DOCK", low)) == ("Suus", None, [])


@pytest.mark.parametrize("rol", ["WIJKTEAM", "TEAMLEIDER", "DOCK"])
async def test_only_a_casusregisseur_couples_a_partner(wijk: Wijk, rol: str) -> None:
    with pytest.raises(WijkwerkError):
        await coupled(wijk, rol=rol)
    assert not [b for b in await doors(wijk) if b.bron == Bron.KOPPELING]


@pytest.mark.parametrize("niveau", [N0, N7])
async def test_a_partner_is_never_let_in_at_n7(wijk: Wijk, niveau: Any) -> None:
    with pytest.raises(OngeldigeInvoer):
        await coupled(wijk, niveau=niveau)


async def test_a_coupling_gives_no_category_outside_its_purpose_nor_a_purpose_that_needs_consent(wijk: Wijk) -> None:
    with pytest.raises(OngeldigeInvoer):
        await coupled(wijk, categorieen=("GEZONDHEID",))
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    for doel in ("ZORG_UITWISSELING", "BESTAAT_NIET"):
        with pytest.raises(OngeldigeInvoer):
            await wijk.schrijf(
                "REGISSEUR", partial(koppel, dossier=dossier, persoon=persoon, partij=partner(wijk), doel=doel, categorieen=WELZIJN)
            )
    assert not [b for b in await doors(wijk) if b.bron == Bron.KOPPELING]


async def test_a_regisseur_couples_only_residents_of_a_case_within_reach(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier, elders = await wijk.dossier(persoon), await wijk.dossier(ander)
    vreemd = wijk.actor("REGISSEUR", gebruiker=nieuw_id(), team=wijk.ander_team)
    tries: list[tuple[Any, UUID, UUID]] = [
        ("REGISSEUR", dossier, ander), ("REGISSEUR", elders, persoon), ("REGISSEUR", nieuw_id(), persoon), (vreemd, dossier, persoon),
    ]  # fmt: skip
    for actor, kader, wie in tries:
        hoe: dict[str, Any] = {"partij": partner(wijk), "doel": "WMO_ALG_VOORZIENING", "categorieen": WELZIJN}
        with pytest.raises(NietGevonden):
            await wijk.schrijf(actor, partial(koppel, dossier=kader, persoon=wie, **hoe))
    assert not [b for b in await doors(wijk) if b.bron == Bron.KOPPELING]


async def test_a_party_that_does_not_exist_is_not_coupled(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    niemand = Partij(nieuw_id(), Partijsoort.ORGANISATIE, N4)
    with pytest.raises(NietGevonden):
        await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, niemand, "WMO_ALG_VOORZIENING", WELZIJN))


async def test_a_coupling_that_ends_shuts_the_door_for_the_next_request(wijk: Wijk) -> None:
    persoon, koppeling = await coupled(wijk)
    assert await see(wijk, "DOCK", persoon, "roepnaam") is not None
    with pytest.raises(GeenRecht):
        await wijk.schrijf("DOCK", lambda w: sluit_deur(w, koppeling))
    assert await see(wijk, "DOCK", persoon, "roepnaam") is not None
    assert await wijk.schrijf("REGISSEUR", lambda w: sluit_deur(w, koppeling)) == 4
    assert await see(wijk, "DOCK", persoon, "roepnaam") is None
    assert await wijk.lees("DOCK", lambda r: r.count(Persoon)) == 0
    assert await wijk.schrijf("REGISSEUR", lambda w: sluit_deur(w, koppeling)) == 0


GEHEIM: dict[str, Any] = {
    "straat": "Boterdiep",
    "huisnummer": 31,
    "woonplaats": "Waterrijk",
}


async def test_secrecy_hides_how_to_find_somebody_from_everybody_outside_the_municipality(wijk: Wijk) -> None:
    """At any level, and from filter, sort and count as well (domain.md 1.10)."""
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus", geheim=True, contact=["0612345678", "m@voorbeeld.nl"], **GEHEIM)
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, partner(wijk), "WMO_ALG_VOORZIENING", WELZIJN))
    row = await see(wijk, "DOCK", persoon, "roepnaam", "geheim", *GEHEIM, "adresregel1")
    assert (row.roepnaam, row.geheim, row.beperkt) == ("Suus", True, True)
    assert {getattr(row, name) for name in (*GEHEIM, "adresregel1")} == {None}
    nummer = {Filter("waarde"): "+31612345678"}
    for kind, filters in ((Contactgegeven, nummer), (Contactgegeven, {}), (Persoon, {Filter("straat"): "Boterdiep"})):
        assert await wijk.lees("DOCK", lambda r, k=kind, f=filters: (r.count(k, f), r.page(k, (), filters=f, first=5).rows)) == (0, [])  # type: ignore[misc]
    for kind, order in ((Contactgegeven, "waarde"), (Persoon, "straat")):
        assert (await wijk.lees("DOCK", lambda r, k=kind, o=order: r.page(k, (), order=(o,), first=5))).rows == []  # type: ignore[misc]
    assert await reach(wijk, "DOCK", persoon) == []
    own = await see(wijk, "WIJKTEAM", persoon, *GEHEIM)
    assert (own.straat, await reach(wijk, "WIJKTEAM", persoon)) == ("Boterdiep", ["+31612345678", "m@voorbeeld.nl"])


async def test_a_conflict_of_interest_shuts_out_one_colleague_and_nobody_else(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.schrijf(
        "WIJKTEAM",
        lambda w: scherm_af(w, persoon, Afschermsoort.BELANGENCONFLICT, niveau_tot=N0, partij=wijk.TEAMLEIDER) and None,
    )
    assert await see(wijk, "TEAMLEIDER", persoon, "geslachtsnaam") is None
    assert await see(wijk, "WIJKTEAM", persoon, "geslachtsnaam") is not None


async def test_every_betrokkenheid_states_its_ground_source_and_kader(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.dossier(persoon)
    assert all(b.grondslag and b.bron_id and b.kader_id and 1 <= b.niveau_tot <= 7 for b in await doors(wijk))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf(
            "WIJKTEAM",
            lambda w: open_deur(
                w, [persoon], [partner(wijk, 9)], doel="WMO_ONDERZOEK", bron=Bron.DOSSIER, bron_id=nieuw_id(), kader=nieuw_id(),
            ),
        )  # fmt: skip
