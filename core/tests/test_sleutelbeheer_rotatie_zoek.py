"""Rotating the key of the blind index: a resident is found on BSN throughout, a BSN is of one, and the pseudonyms of the log stay."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, update

from wijkwerk.bsnindex import bsn_index, merk_tekst, zoek_persoon
from wijkwerk.crypto.service_keys import BSN_INDEX
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Indexwaarde
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.sleutelbeheer.zoeksleutel import vernieuw_zoeksleutel
from wijkwerk.testing.rotaties import Gestopt, ander_proces, kijk, stil, stop_na
from wijkwerk.testing.samenvoegingen import ongedaan, samen
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.zoek import Zoekvraag, zoek

pytestmark = pytest.mark.anyio
BSNS = [Bsn(waarde) for waarde in ("999993653", "999990019", "999990160", "999990056")]
P = Persoon.tabel().c


async def sleutels(wijk: Wijk) -> list[UUID]:
    rows = await kijk(wijk, lambda c: wijk.wijkwerk.keyring.rotation.generations(c, wijk.gemeente, BSN_INDEX))
    return [row.id for row in rows]


async def bekend(wijk: Wijk, naam: str, bsn: Bsn) -> UUID:
    """A resident with a BSN, in a case: only there is a BSN searched on."""
    persoon = await wijk.inwoner(naam, bsn=bsn)
    await wijk.dossier(persoon)
    return persoon


async def gevonden(wijk: Wijk, bsn: Bsn) -> list[UUID]:
    """By a search, and by who registers: the two agree."""
    rows = (await wijk.lees("REGISSEUR", lambda reader: zoek(reader, Zoekvraag(bsn=bsn), ("geslachtsnaam",), first=5))).rows
    index = await kijk(wijk, lambda c: bsn_index(ander_proces(wijk), c, wijk.gemeente, bsn))
    exact = await wijk.schrijf("WIJKTEAM", lambda work: zoek_persoon(work, index))
    assert [row.id for row in rows] == ([exact] if exact else [])
    return [row.id for row in rows]


async def kolommen(wijk: Wijk, persoon: UUID) -> tuple[bytes | None, bytes | None]:
    [row] = await wijk.rows(select(P.bsn_index, P.bsn_index_nieuw).where(P.id == persoon))
    return row.bsn_index, row.bsn_index_nieuw


async def test_a_resident_is_found_on_bsn_after_and_nothing_of_the_old_key_is_left(wijk: Wijk) -> None:
    personen = [await bekend(wijk, f"Naam{'abc'[n]}", bsn) for n, bsn in enumerate(BSNS[:3])]
    voor, [oud] = [await kolommen(wijk, each) for each in personen], await sleutels(wijk)
    pseudoniem = await kijk(wijk, lambda c: ander_proces(wijk).pseudonym(c, wijk.gemeente, b"x"))
    rapport = await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil, per_stap=1)
    assert (rapport.voor, rapport.na, rapport.gedaan, rapport.dicht, rapport.vernietigd) == (3, 3, 3, 0, 1)
    assert oud not in await sleutels(wijk)
    na = [await kolommen(wijk, each) for each in personen]
    assert not {index for index, _ in voor} & {index for index, _ in na}
    assert [nieuw for _, nieuw in voor + na] == [None] * 6
    for bsn, persoon in zip(BSNS, personen, strict=False):
        assert await gevonden(wijk, bsn) == [persoon]
    assert await gevonden(wijk, BSNS[3]) == []
    assert pseudoniem == await kijk(wijk, lambda c: ander_proces(wijk).pseudonym(c, wijk.gemeente, b"x"))


async def test_what_was_asked_is_in_the_log_under_the_same_pseudonym_before_and_after(wijk: Wijk) -> None:
    for _ in range(2):
        await gevonden(wijk, BSNS[3])
        await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil)
    eerst, daarna = [one["gevraagd"] for one in await wijk.log() if one["gebeurtenis"] == "LEZEN" and "gevraagd" in one]
    assert eerst == daarna


@pytest.mark.parametrize("na", [0, 1, 2, 3, 4, 5, 7])
async def test_who_writes_while_it_runs_is_found_whenever_it_stops(wijk: Wijk, na: int) -> None:
    """It is broken off after each step; another process with warm caches registers and looks, then it is resumed."""
    personen = {bsn: await bekend(wijk, f"Naam{'ab'[n]}", bsn) for n, bsn in enumerate(BSNS[:2])}
    eerst = wijk.wijkwerk.keyring
    ander = ander_proces(wijk)
    await kijk(wijk, lambda c: bsn_index(ander, c, wijk.gemeente, BSNS[0]))
    with pytest.raises(Gestopt):
        await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stop_na(na), per_stap=1)
    wijk.wijkwerk.keyring = ander
    for bsn, persoon in personen.items():
        assert await wijk.inwoner("Nogmaals", bsn=bsn) == persoon
        assert await gevonden(wijk, bsn) == [persoon]
    personen[BSNS[2]] = await bekend(wijk, "Nieuw", BSNS[2])
    assert await gevonden(wijk, BSNS[2]) == [personen[BSNS[2]]]
    wijk.wijkwerk.keyring = eerst
    rapport = await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil, per_stap=1)
    assert (rapport.voor, rapport.na) == (3, 3)
    assert len(await sleutels(wijk)) == 1
    for bsn, persoon in personen.items():
        assert await gevonden(wijk, bsn) == [persoon]
        assert (await kolommen(wijk, persoon))[1] is None


async def test_what_stands_for_the_bsn_of_somebody_who_is_held_back_goes_along(wijk: Wijk) -> None:
    echt, schuil, niemand = [await wijk.inwoner(naam) for naam in ("Echt", "Schuil", "Niemand")]

    def index(connection: Connection, wie: UUID) -> Indexwaarde:
        blind = wijk.wijkwerk.keyring.blind_indexer(connection, wijk.gemeente)
        return Indexwaarde(blind(merk_tekst(wie)), b"")

    for persoon, wie in ((schuil, echt), (niemand, UUID(int=1))):
        merk = await kijk(wijk, partial(index, wie=wie))
        await wijk.change(update(Persoon.tabel()).where(P.id == persoon).values(bsn_index=merk.waarden[0]))
    await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil, per_stap=1)
    merk = await kijk(wijk, lambda c: index(c, echt))
    assert await kolommen(wijk, schuil) == (merk.waarden[0], None)
    assert await kolommen(wijk, niemand) == (None, None)


async def test_a_merge_from_before_can_be_undone_after(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner("Moulin"), await wijk.inwoner("Moulins", bsn=BSNS[0])

    await wijk.dossier(een, ander)
    gedaan = await samen(wijk, een, ander)
    assert await gevonden(wijk, BSNS[0]) == [een]
    await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil)
    assert await gevonden(wijk, BSNS[0]) == [een]
    await ongedaan(wijk, gedaan)
    assert await gevonden(wijk, BSNS[0]) == [ander]
    assert await kolommen(wijk, een) == (None, None)


async def test_a_bsn_that_was_tampered_with_keeps_the_old_key_and_everybody_is_found(wijk: Wijk) -> None:
    een, ander = await bekend(wijk, "Moulin", BSNS[0]), await bekend(wijk, "Anders", BSNS[1])
    [row] = await wijk.rows(select(P.bsn).where(P.id == een))
    await wijk.change(update(Persoon.tabel()).where(P.id == een).values(bsn=row.bsn[:-1] + bytes([row.bsn[-1] ^ 1])))
    rapport = await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil)
    assert (rapport.dicht, rapport.vernietigd) == (1, 0)
    for bsn, persoon in ((BSNS[0], een), (BSNS[1], ander)):
        assert await gevonden(wijk, bsn) == [persoon]
    await wijk.change(update(Persoon.tabel()).where(P.id == een).values(bsn=row.bsn))
    assert (await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil)).vernietigd == 1
    assert await gevonden(wijk, BSNS[0]) == [een]


async def test_who_was_made_unreadable_is_not_found_on_bsn_any_more(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSNS[0])
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, persoon))
    assert (await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil)).na == 0
    assert await kolommen(wijk, persoon) == (None, None)
