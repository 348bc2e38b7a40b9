"""Hints that a resident is registered twice: among who is in reach only, once per pair, and decided by a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid
from wijkwerk.dubbelen import Dubbelreden, Dubbelstatus, Dubbelvermoeden, is_niet_dubbel
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.dubbelen import GELIJK_GENOEG, HOOGSTENS, Dubbelhint, kan_gelijk, mogelijke_dubbelen, naamgelijkenis

pytestmark = pytest.mark.anyio
GEBOREN = Datum(1956, 11, 15)
MAIL = {"soort": "EMAIL", "waarde": "anna@voorbeeld.nl"}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def hints(wijk: Wijk, rol: Any = "WIJKTEAM", contact: tuple[dict[str, Any], ...] = (), **gegevens: Any) -> list[Dubbelhint]:
    return await wijk.lees(rol, lambda reader: mogelijke_dubbelen(reader, {"geslachtsnaam": "Anders"} | gegevens, contact))


async def vermoedens(wijk: Wijk) -> list[Any]:
    return list(await wijk.rows(select(Dubbelvermoeden.tabel()).order_by(Dubbelvermoeden.tabel().c.id)))


def elsewhere(wijk: Wijk) -> Any:
    return wijk.actor("WIJKTEAM", team=wijk.ander_team)


ALIKE = {
    "initial and first name": (("J.", "van der Berg"), ("Jan", "v.d. Berg")),
    "voorvoegsel left out": (("Jan", "de Vries"), ("Jan", "Vries")),
    "typing error": (("Suzanne", "Moulin"), ("Suzane", "Mouling")),
    "accents": (("René", "Müller"), ("Rene", "Muller")),
    "one of three first names": (("Anna Maria Johanna", "Bakker"), ("Anna", "Bakker")),
    "no first name known": ((None, "Moulin"), ("Suzanne", "Moulin")),
}
OTHERS = {
    "brother and sister": (("Jan", "Bakker"), ("Suzanne", "Bakker")),
    "other initials": (("J.", "Bakker"), ("Pieter", "Bakker")),
    "other surname": (("Jan", "Bakker"), ("Jan", "Moulin")),
    "no surname": (("Jan", "."), ("Jan", ".")),
}


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_names_of_one_resident_are_alike(pair: Any) -> None:
    assert naamgelijkenis(*pair) >= GELIJK_GENOEG
    assert naamgelijkenis(*reversed(pair)) >= GELIJK_GENOEG


@pytest.mark.parametrize("pair", OTHERS.values(), ids=OTHERS)
def test_names_of_two_residents_are_not(pair: Any) -> None:
    assert naamgelijkenis(*pair) < GELIJK_GENOEG


@pytest.mark.parametrize(
    ("een", "ander", "kan"),
    [(GEBOREN, GEBOREN, True), (GEBOREN, Datum(1956, 11), True), (GEBOREN, Datum(1956), True), (GEBOREN, DATUM_ONBEKEND, True),
     (GEBOREN, Datum(1956, 11, 16), False), (GEBOREN, Datum(1957), False)],
    ids=["same", "month", "year", "unknown", "other day", "other year"],
)  # fmt: skip
def test_a_date_that_is_not_known_whole_can_be_the_same(een: Datum, ander: Datum, kan: bool) -> None:
    assert kan_gelijk(een, ander) is kan
    assert kan_gelijk(ander, een) is kan


async def test_each_reason_finds_the_resident_and_the_strongest_counts(wijk: Wijk) -> None:
    adres: dict[str, Any] = {"postcode": Postcode.lees("3043TD"), "huisnummer": 7}
    persoon = await wijk.inwoner("van Dam", voornamen="Anna", geboortedatum=GEBOREN, contact=(MAIL["waarde"],), **adres)
    assert await hints(wijk, contact=(MAIL,)) == [Dubbelhint(persoon, Dubbelreden.EMAIL, 95)]
    assert await hints(wijk, geboortedatum=GEBOREN, **adres) == [Dubbelhint(persoon, Dubbelreden.ADRES_EN_GEBOORTEDATUM, 95)]
    [op_naam] = await hints(wijk, geslachtsnaam="Dam", voornamen="Anna", geboortedatum=Datum(1956))
    assert (op_naam.persoon, op_naam.reden, op_naam.score) == (persoon, Dubbelreden.NAAM_EN_GEBOORTEDATUM, 100)
    assert len(await hints(wijk, contact=(MAIL,), geslachtsnaam="Dam", voornamen="Anna", geboortedatum=GEBOREN, **adres)) == 1


async def test_a_known_bsn_is_told_to_who_may_search_on_it_only(wijk: Wijk) -> None:
    bsn = Bsn.lees("999993653")
    persoon = await wijk.inwoner("Moulin", bsn=bsn)
    await wijk.dossier(persoon)
    assert await hints(wijk, "REGISSEUR", bsn=bsn) == [Dubbelhint(persoon, Dubbelreden.BSN, 100)]
    assert await hints(wijk, bsn=bsn) == []


@pytest.mark.parametrize(
    "gegevens",
    [{"geboortedatum": Datum(1957)}, {"voornamen": "Pieter"}, {"geboortedatum": None, "voornamen": None}, {"geslachtsnaam": "."}],
    ids=["other year", "other first name", "surname alone", "no name"],
)  # fmt: skip
async def test_what_is_not_alike_enough_is_no_hint(wijk: Wijk, gegevens: dict[str, Any]) -> None:
    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    assert len(await hints(wijk, geslachtsnaam="Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)) == 1
    other: dict[str, Any] = {"geslachtsnaam": "Moulin", "voornamen": "Suzanne", "geboortedatum": GEBOREN} | gegevens
    assert await hints(wijk, **other) == []


async def test_who_is_out_of_reach_is_no_hint_and_comes_on_no_list(wijk: Wijk) -> None:
    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN, contact=(MAIL["waarde"],), rol=elsewhere(wijk))
    assert await hints(wijk, contact=(MAIL,), geslachtsnaam="Moulin", voornamen="Suzanne", geboortedatum=GEBOREN) == []
    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN, contact=(MAIL["waarde"],))
    assert await vermoedens(wijk) == []


async def test_looking_for_hints_shows_nobody(wijk: Wijk) -> None:
    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    await wijk.inwoner("Moulin", voornamen="Pieter", geboortedatum=GEBOREN)
    await hints(wijk, geslachtsnaam="Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    assert "betrokkenen" not in (await wijk.log())[-1]


async def test_the_number_of_statements_is_the_same_and_the_hints_are_few(wijk: Wijk) -> None:
    async def statements() -> int:
        with count_statements(wijk.wijkwerk.database) as seen:
            await hints(wijk, contact=(MAIL,), geslachtsnaam="Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
        return len(seen)

    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    await statements()  # the words of the names and the keys of the log are read once
    before = await statements()
    for _ in range(HOOGSTENS + 2):
        await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    assert await statements() == before
    assert len(await hints(wijk, geslachtsnaam="Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)) == HOOGSTENS


async def dubbel(wijk: Wijk) -> tuple[UUID, UUID, Any]:
    een = await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    ander = await wijk.inwoner("Moulin", voornamen="S.", geboortedatum=GEBOREN)
    [row] = await vermoedens(wijk)
    return een, ander, row


async def test_registering_puts_the_hint_on_the_work_list(wijk: Wijk) -> None:
    een, ander, row = await dubbel(wijk)
    assert (row.persoon_id, row.ander_id, row.status, row.reden) == (ander, een, Dubbelstatus.OPEN, Dubbelreden.NAAM_EN_GEBOORTEDATUM)


async def test_registering_a_known_bsn_again_makes_no_hint(wijk: Wijk) -> None:
    bsn = Bsn.lees("999993653")
    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN)
    await wijk.inwoner("Bakker", bsn=bsn)
    await wijk.inwoner("Moulin", voornamen="Suzanne", geboortedatum=GEBOREN, bsn=bsn)
    assert await vermoedens(wijk) == []


async def lijst(wijk: Wijk, rol: Any) -> list[Any]:
    page = await wijk.lees(rol, lambda r: r.page(Dubbelvermoeden, ("ander_id", "status"), order=("-score", "ander_id"), first=10))
    return list(page.rows)


async def test_the_work_list_shows_pairs_of_which_both_are_in_reach(wijk: Wijk) -> None:
    een, ander, _ = await dubbel(wijk)
    assert [row.ander_id for row in await lijst(wijk, "WIJKTEAM")] == [een]
    assert await lijst(wijk, elsewhere(wijk)) == []
    b = Betrokkenheid.tabel()
    await wijk.change(b.update().where(b.c.persoon_id == een).values(partij_id=wijk.ander_team))
    assert await lijst(wijk, "WIJKTEAM") == []
    assert ander


async def test_what_is_decided_stays_decided(wijk: Wijk) -> None:
    _, _, row = await dubbel(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: is_niet_dubbel(w, row.id, 1))
    [after] = await vermoedens(wijk)
    assert (after.status, after.beslist_door_id) == (Dubbelstatus.NIET_DUBBEL, wijk.WIJKTEAM)
    with pytest.raises(VersieVerouderd):
        await wijk.schrijf("WIJKTEAM", lambda w: is_niet_dubbel(w, row.id, 1))
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: is_niet_dubbel(w, row.id, 2))
    assert await vermoedens(wijk) == [after]


async def test_who_does_not_see_both_decides_nothing(wijk: Wijk) -> None:
    een, _, row = await dubbel(wijk)
    await wijk.change(Afscherming.tabel().delete())
    await wijk.wijkwerk.database.transact(
        lambda c: wijk.put(
            c,
            Afscherming,
            persoon_id=een,
            soort=Afschermsoort.BELANGENCONFLICT,
            partij_id=wijk.WIJKTEAM,
            niveau_tot=0,
            van=row.gevonden,
            verbergt=True,
        )
    )
    for rol, error in (("WIJKTEAM", NietGevonden), (elsewhere(wijk), NietGevonden), ("ZORG", GeenRecht)):
        with pytest.raises(error):
            await wijk.schrijf(rol, lambda w: is_niet_dubbel(w, row.id, 1))
    assert await vermoedens(wijk) == [row]
