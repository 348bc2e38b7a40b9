"""Separation of duties (domain.md 9.6): roles that nobody holds together are not given, and count for nothing where they stand anyway."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.aanstellingen import Plaats, neem_in_dienst
from wijkwerk.access.actor import Functie, Vervangt, gaat_samen
from wijkwerk.access.catalogue import catalogue
from wijkwerk.access.register import ACTIVITEITEN, CATEGORIEEN, DOELEN, ROLLEN
from wijkwerk.access.roles import Rol
from wijkwerk.errors import GeenRecht, OngeldigeInvoer, OpstartFout
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.testing import weigering
from wijkwerk.testing.wijk import Wijk
from wijkwerk.waarnemingen import Waarneming, neem_waar

pytestmark = pytest.mark.anyio
GEWOON = [rol for rol in ROLLEN if not rol.systeem and not rol.eigen]
NIET_SAMEN = sorted({(a.code, b.code) for a, b in permutations(GEWOON, 2) if a.alleen or b.alleen or b.code in a.niet_met})


def test_who_excludes_whom_is_declared_both_ways_and_a_plugin_may_exclude_a_role_of_the_core() -> None:
    assert all(rol.code in {r.code: r for r in ROLLEN}[ander].niet_met for rol in ROLLEN for ander in rol.niet_met)
    eigen = Rol("EIGEN_ROL", "rol van een plugin", ("WELZIJNSWERK",), niet_met=("DOCK",))
    made = catalogue(CATEGORIEEN, DOELEN, ACTIVITEITEN, [*ROLLEN, eigen], [])
    assert made.rollen["DOCK"].niet_met == ("EIGEN_ROL",)
    assert not gaat_samen(made, "DOCK", ["EIGEN_ROL"])
    assert not gaat_samen(made, "EIGEN_ROL", ["DOCK"])
    with pytest.raises(OpstartFout, match="noemt zichzelf"):
        catalogue(CATEGORIEEN, DOELEN, ACTIVITEITEN, [*ROLLEN, Rol("X", "x", (), niet_met=("X",))], [])


def test_what_goes_together() -> None:
    made = catalogue(CATEGORIEEN, DOELEN, ACTIVITEITEN, ROLLEN, [])
    for eerste, tweede in permutations([rol.code for rol in GEWOON], 2):
        assert gaat_samen(made, eerste, [tweede]) == ((eerste, tweede) not in NIET_SAMEN)
    assert gaat_samen(made, "FG", ["FG", "WEG"])
    assert gaat_samen(made, "WEG", ["FG"])


async def test_no_pair_is_given_in_either_order_and_nothing_happens(wijk_vlug: Wijk) -> None:
    wijk, morgen = wijk_vlug, wijk_vlug.actor("BEHEER").vandaag + timedelta(days=1)
    assert ("KLANTMANAGER", "MZ_CONSULENT") in NIET_SAMEN
    for eerste, tweede in NIET_SAMEN:
        plaatsen = [Plaats(wijk.functie(rol).organisatie, rol, morgen) for rol in (eerste, tweede)]

        naam = f"{eerste}-{tweede}"
        first, second = (partial(neem_in_dienst, issuer="test", onderwerp=naam, naam="Nel", plaats=plaats) for plaats in plaatsen)
        await wijk.schrijf("BEHEER", first)
        await weigering.refused(wijk, "BEHEER", OngeldigeInvoer, second, records=(Aanstelling, Gebruiker))


def actor(wijk: Wijk, functies: list[Functie], thuis: UUID | None, activiteit: str, **rest: Any) -> Any:
    core = wijk.wijkwerk.toewijzer
    return core.actor(wijk.WIJKTEAM, wijk.gemeente, functies, activiteit, wijk.klok.nu(), thuis=thuis, **rest)


async def test_where_the_rows_stand_anyway_the_role_at_home_counts_and_without_one_none(wijk_vlug: Wijk) -> None:
    wijk, pw, wmo = wijk_vlug, "PARTICIPATIE", "WELZIJNSWERK"
    beide = [Functie("KLANTMANAGER", wijk.stad), Functie("MZ_CONSULENT", wijk.dock)]
    for functies in (beide, beide[::-1]):
        assert actor(wijk, functies, wijk.stad, pw).rollen == ("KLANTMANAGER",)
        assert actor(wijk, functies, wijk.dock, wmo).rollen == ("MZ_CONSULENT",)
        for thuis, activiteit in ((wijk.stad, wmo), (wijk.dock, pw), (None, pw), (None, wmo), (wijk.zorg, pw)):
            with pytest.raises(GeenRecht):
                actor(wijk, functies, thuis, activiteit)
    samen = [Functie("KLANTMANAGER", wijk.stad), Functie("MZ_CONSULENT", wijk.stad), Functie("WIJKTEAM", wijk.stad)]
    for activiteit in (pw, wmo):
        with pytest.raises(GeenRecht):
            actor(wijk, samen, wijk.stad, activiteit)
    assert actor(wijk, samen, wijk.stad, "WMO_ONDERSTEUNING").rollen == ("WIJKTEAM",)
    fg = [Functie("FG", wijk.stad), Functie("WIJKTEAM", wijk.stad)]
    assert actor(wijk, fg, wijk.stad, "TOEZICHT").rollen == ("FG",)
    with pytest.raises(GeenRecht):
        actor(wijk, fg, wijk.stad, "WMO_ONDERSTEUNING")


async def test_standing_in_gives_nothing_that_assignment_refuses(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    eigen = [Functie("WIJKTEAM", wijk.stad), Functie("MZ_CONSULENT", wijk.stad)]
    gewoon = Vervangt(wijk.REGISSEUR, wijk.stad, "WIJKTEAM")
    anders = [Vervangt(wijk.KLANTMANAGER, wijk.stad, rol) for rol in ("WIJKTEAM", "KLANTMANAGER")]
    weg = [gewoon, *anders]
    assert actor(wijk, eigen, wijk.stad, "WMO_ONDERSTEUNING", afwezigen=weg).vervangt == (wijk.REGISSEUR,)
    assert len(actor(wijk, eigen[:1], wijk.stad, "WMO_ONDERSTEUNING", afwezigen=weg).vervangt) == 2

    def put(connection: Any) -> None:
        for rol, ook in (("WIJKTEAM", "MZ_CONSULENT"), ("KLANTMANAGER", "WIJKTEAM")):
            values = {"gebruiker_id": wijk.ids[rol], "naam": "x", "organisatie_id": wijk.stad, "team_id": None, "rol": ook}
            wijk.put(connection, Aanstelling, van=wijk.klok.nu().date() - timedelta(days=9), **values)

    await wijk.wijkwerk.database.transact(put)
    dag = wijk.actor("BEHEER").vandaag
    await weigering.refused(
        wijk, "BEHEER", OngeldigeInvoer, lambda work: neem_waar(work, wijk.KLANTMANAGER, wijk.WIJKTEAM, wijk.stad, dag, dag),
        records=(Waarneming,),
    )  # fmt: skip
