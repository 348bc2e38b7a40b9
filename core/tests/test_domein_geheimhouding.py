"""Secrecy and the safety flag: who sets and lifts them, and what a professional is told (domain.md 1.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import LargeBinary, cast, select, update

from wijkwerk.access.betrokkenheid import Afscherming
from wijkwerk.access.register import ROLLEN
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.geheimhouding import waarschuwing, zet_geheimhouding, zet_veiligheidsvlag
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.versions import history
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
BUITEN = tuple(rol.code for rol in ROLLEN if not rol.gemeentelijk)
REDEN = "Vlucht voor Zwaluwenstein"
A = Afscherming.tabel()
Zet = Callable[..., UUID]


@pytest.fixture
def snel(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zet(wijk: Wijk, wat: Zet, persoon: UUID, versie: int, aan: bool, reden: str | None = REDEN, rol: Any = "WIJKTEAM") -> UUID:
    return await wijk.schrijf(rol, lambda w: wat(w, persoon, versie, aan, reden))


async def afschermingen(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(A).order_by(A.c.van, A.c.id)))


async def open_(wijk: Wijk) -> list[str]:
    return sorted(row.soort.value for row in await afschermingen(wijk) if row.tot is None)


async def vlaggen(wijk: Wijk, persoon: UUID) -> tuple[bool, bool, int]:
    row = await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("geheim", "veiligheidsvlag", "versie"), persoon))
    assert row is not None
    return row.geheim, row.veiligheidsvlag, row.versie


# setting and lifting


async def test_secrecy_is_set_and_lifted_with_who_when_and_why(snel: Wijk) -> None:
    persoon = await snel.inwoner()
    await snel.dossier(persoon)
    await zet(snel, zet_geheimhouding, persoon, 1, True, None)
    [row] = await afschermingen(snel)
    assert (row.soort.value, row.partij_id, row.door_id, row.van, row.tot) == ("GEHEIM", None, snel.WIJKTEAM, snel.klok.moment, None)
    assert await vlaggen(snel, persoon) == (True, False, 2)
    await zet(snel, zet_geheimhouding, persoon, 2, False, "Op eigen verzoek", rol="REGISSEUR")
    moment = snel.klok.moment
    [row] = await snel.lees(
        "WIJKTEAM", lambda r: r.by_key(Afscherming, ("tot", "opgeheven_door_id", "reden_opheffing", "reden"), "persoon_id", [persoon])
    )
    assert (row.tot, row.opgeheven_door_id, row.reden_opheffing, row.reden) == (moment, snel.REGISSEUR, "Op eigen verzoek", None)
    assert await vlaggen(snel, persoon) == (False, False, 3)
    versies = (await snel.lees("WIJKTEAM", lambda r: history(r, Persoon, [persoon])))[persoon]
    assert [[(v.veld, v.oud, v.nieuw) for v in versie.velden] for versie in versies[:2]] == [
        [("geheim", True, False)],
        [("geheim", False, True)],
    ]
    assert [versie.door for versie in versies[:2]] == [snel.REGISSEUR, snel.WIJKTEAM]


async def test_the_reason_is_sealed_and_in_no_log(snel: Wijk) -> None:
    persoon = await snel.inwoner()
    await zet(snel, zet_veiligheidsvlag, persoon, 1, True)
    await zet(snel, zet_veiligheidsvlag, persoon, 2, False)
    raw = await snel.rows(select(cast(A.c.reden, LargeBinary), cast(A.c.reden_opheffing, LargeBinary)))
    assert all(value is not None and b"Zwaluwenstein" not in bytes(value) for row in raw for value in row)
    [row] = await snel.lees("WIJKTEAM", lambda r: r.by_key(Afscherming, ("reden", "reden_opheffing", "door_id"), "persoon_id", [persoon]))
    assert (row.reden, row.reden_opheffing, row.door_id) == (REDEN, REDEN, snel.WIJKTEAM)
    log = await snel.log()
    assert "Zwaluwenstein" not in str(log)
    written = [entry for entry in log if entry["gebeurtenis"] == "WIJZIGEN"]
    shown = {soort: set(velden) for entry in written for who in entry["betrokkenen"] for soort, _, velden, _ in who["getoond"]}
    assert "veiligheidsvlag" in shown["Persoon"]
    assert {"tot", "reden_opheffing", "opgeheven_door_id"} <= shown["Afscherming"]


async def test_each_of_the_two_stands_on_its_own(snel: Wijk) -> None:
    persoon = await snel.inwoner()
    await zet(snel, zet_geheimhouding, persoon, 1, True)
    await zet(snel, zet_veiligheidsvlag, persoon, 2, True)
    assert await open_(snel) == ["GEHEIM", "VEILIGHEID"]
    await zet(snel, zet_geheimhouding, persoon, 3, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == (["VEILIGHEID"], (False, True, 4))
    await zet(snel, zet_geheimhouding, persoon, 4, True)
    await zet(snel, zet_veiligheidsvlag, persoon, 5, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == (["GEHEIM"], (True, False, 6))
    await zet(snel, zet_geheimhouding, persoon, 6, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == ([], (False, False, 7))


async def test_who_is_registered_with_secrecy_has_it_through_the_same_code_and_it_can_be_lifted(snel: Wijk) -> None:
    persoon = await snel.inwoner(geheim=True)
    [row] = await afschermingen(snel)
    assert (row.soort.value, row.door_id, row.reden) == ("GEHEIM", snel.WIJKTEAM, None)
    await zet(snel, zet_geheimhouding, persoon, 1, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == ([], (False, False, 2))


BAD = {
    "secrecy lifted without a reason": (zet_geheimhouding, 2, False, None, "reden"),
    "secrecy lifted with an empty reason": (zet_geheimhouding, 2, False, "  ", "reden"),
    "secrecy that is on already": (zet_geheimhouding, 2, True, REDEN, "aan"),
    "a flag without a reason": (zet_veiligheidsvlag, 2, True, None, "reden"),
    "a flag with an empty reason": (zet_veiligheidsvlag, 2, True, "", "reden"),
    "a flag with a huge reason": (zet_veiligheidsvlag, 2, True, "x" * 5_000_000, "reden"),
    "a flag with a null byte": (zet_veiligheidsvlag, 2, True, "a\x00b", "reden"),
    "a flag that is not on": (zet_veiligheidsvlag, 2, False, REDEN, "aan"),
}


@OP_SQLITE
@pytest.mark.parametrize(("wat", "versie", "aan", "reden", "veld"), BAD.values(), ids=list(BAD))
async def test_what_can_not_be_is_refused_and_nothing_happened(
    snel: Wijk, wat: Zet, versie: int, aan: bool, reden: str | None, veld: str
) -> None:
    persoon = await snel.inwoner()
    await zet(snel, zet_geheimhouding, persoon, 1, True)
    before = await afschermingen(snel)
    with pytest.raises(OngeldigeInvoer) as refused:
        await zet(snel, wat, persoon, versie, aan, reden)
    assert refused.value.veld == veld
    assert (await afschermingen(snel), await vlaggen(snel, persoon)) == (before, (True, False, 2))


@pytest.mark.parametrize("wat", [zet_geheimhouding, zet_veiligheidsvlag], ids=["geheim", "veiligheid"])
async def test_who_may_not_or_is_not_involved_is_refused_and_nothing_happened(snel: Wijk, wat: Zet) -> None:
    persoon = await snel.inwoner()
    elders = snel.actor("WIJKTEAM", gebruiker=nieuw_id(), team=snel.ander_team)
    tries = [*((rol, GeenRecht) for rol in (*BUITEN, "TEAMLEIDER", "KLANTMANAGER", "CRISISDIENST", "GEBIED", "FG")), (elders, NietGevonden)]
    for rol, error in tries:
        with pytest.raises(error):
            await zet(snel, wat, persoon, 1, True, rol=rol)
    with pytest.raises(NietGevonden):
        await zet(snel, wat, nieuw_id(), 1, True)
    with pytest.raises(VersieVerouderd):
        await zet(snel, wat, persoon, 2, True)
    assert (await afschermingen(snel), await vlaggen(snel, persoon)) == ([], (False, False, 1))


async def test_what_can_not_be_ended_keeps_the_flag(snel: Wijk) -> None:
    """An afscherming of another organisation, out of reach of who lifts it."""
    persoon = await snel.inwoner(geheim=True)
    await snel.change(update(A).values(verantwoordelijke_id=snel.dock))
    with pytest.raises(NietGevonden):
        await zet(snel, zet_geheimhouding, persoon, 1, False)
    assert (await open_(snel), await vlaggen(snel, persoon)) == (["GEHEIM"], (True, False, 1))


async def test_secrecy_is_no_ordinary_change(snel: Wijk) -> None:
    persoon = await snel.inwoner(geheim=True)
    for veld in ("geheim", "veiligheidsvlag"):
        with pytest.raises(OngeldigeInvoer):
            await snel.schrijf("WIJKTEAM", lambda w, veld=veld: wijzig(w, persoon, 1, {veld: False}))  # type: ignore[misc]
    assert await vlaggen(snel, persoon) == (True, False, 1)


@pytest.mark.parametrize("wat", [zet_geheimhouding, zet_veiligheidsvlag], ids=["geheim", "veiligheid"])
async def test_of_several_at_once_one_is_first_and_the_others_are_told(wijk: Wijk, wat: Zet) -> None:
    persoon, ended = await wijk.inwoner(), []

    async def once(versie: int, aan: bool) -> None:
        try:
            await zet(wijk, wat, persoon, versie, aan)
            ended.append("GESLAAGD")
        except VersieVerouderd as error:
            ended.append(error.code)

    for versie, aan, left in ((1, True, 1), (2, False, 0)):
        ended.clear()
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(once, versie, aan)
        assert sorted(ended) == ["GESLAAGD", "VERSIE_VEROUDERD", "VERSIE_VEROUDERD"]
        assert len(await open_(wijk)) == left


# what a professional is told


TEKSTEN = {
    "nothing": ((False, False, None), None),
    "nothing is seen": ((None, None, None), None),
    "secrecy": (
        (True, False, None),
        "Geheimhouding: geef adres, telefoonnummer, e-mailadres, buurt en huisgenoten niet aan anderen buiten de gemeente.",
    ),
    "danger": (
        (False, True, None),
        "Veiligheid: deze inwoner loopt gevaar. Overleg met de casusregisseur voordat u iets deelt of een brief stuurt.",
    ),
    "died": ((False, None, Datum.lees("2026")), "Overleden: stuur deze inwoner geen post."),
    "died on a day that is not known": ((None, None, Datum()), "Overleden: stuur deze inwoner geen post."),
}


@pytest.mark.parametrize(("van", "tekst"), TEKSTEN.values(), ids=list(TEKSTEN))
def test_the_warning_says_what_is_seen(van: tuple[Any, Any, Any], tekst: str | None) -> None:
    assert waarschuwing(*van) == tekst


def test_the_warning_says_everything_that_is_seen_danger_first() -> None:
    tekst = waarschuwing(True, True, Datum.lees("2026-01-01")) or ""
    assert [word.split()[-1] for word in tekst.split(":")[:-1]] == ["Veiligheid", "Geheimhouding", "Overleden"]


@pytest.mark.parametrize("overleden", ["2026-01-01", "2026", "onbekend"])
async def test_who_has_died_has_no_age_and_gets_no_letter(snel: Wijk, overleden: str) -> None:
    persoon = await snel.inwoner("Moulin", voornamen="Suzanne", geboortedatum=Datum.lees("1956-11-15"), adellijke_titel_predicaat="BS")
    velden = ("leeftijd", "aanschrijfwijze", "aanhef", "aanspreekvorm", "volledige_naam", "gebruik_in_lopende_tekst")

    async def gelezen() -> tuple[Any, ...]:
        row = await snel.lees("WIJKTEAM", lambda r: r.one(Persoon, velden, persoon))
        return tuple(getattr(row, name) for name in velden)

    namen = ("Suzanne barones Moulin", "S. Moulin")
    assert await gelezen() == (70, "S. Moulin", "Geachte S. Moulin", "De hoogwelgeboren vrouwe", *namen)
    await snel.schrijf("WIJKTEAM", lambda w: wijzig(w, persoon, 1, {"overlijdensdatum": Datum.lees(overleden)}))
    assert await gelezen() == (None, None, None, None, *namen)
