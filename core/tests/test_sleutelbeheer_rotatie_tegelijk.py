"""Keys are renewed while others register residents and merge them: between any two steps, and in a transaction that began before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.bsnindex import bsn_index, zoek_persoon
from wijkwerk.crypto.envelope import Binding
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.demo.bsns import bsns
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.sleutelbeheer import voortgang
from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel
from wijkwerk.sleutelbeheer.voortgang import Melden, Rapport
from wijkwerk.sleutelbeheer.zoeksleutel import vernieuw_zoeksleutel
from wijkwerk.testing.rotaties import ander_proces, kijk, stil
from wijkwerk.testing.samenvoegingen import samen
from wijkwerk.testing.tegelijk import bezig
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
P, D, G = Persoon.tabel().c, dienstsleutel.c, gegevenssleutel.c
Vernieuw = Callable[[Melden], Coroutine[Any, Any, Rapport]]


async def in_keys(wijk: Wijk, statement: Any) -> set[Any]:
    def work(connection: Connection) -> set[Any]:
        with wijk.wijkwerk.database.keys(connection) as keys:
            return set(keys.execute(statement).scalars())

    return set(await kijk(wijk, work))


async def gevonden(wijk: Wijk, ring: Keyring, bsn: Bsn) -> UUID | None:
    """By who registers, in a process with this key ring."""

    def unit(work: Work) -> UUID | None:
        return zoek_persoon(work, bsn_index(ring, work.core_connection, wijk.gemeente, bsn))

    return await wijk.schrijf("WIJKTEAM", unit)


async def oude_index(wijk: Wijk) -> Callable[[str], tuple[bytes, ...]]:
    """What the index key of before makes of a BSN, also when it was destroyed."""
    found: Callable[[str], tuple[bytes, ...]] = await kijk(wijk, lambda c: ander_proces(wijk).blind_indexer(c, wijk.gemeente))
    return found


async def kolommen(wijk: Wijk) -> set[bytes]:
    """All that residents are found by."""
    return {value for row in await wijk.rows(select(P.bsn_index, P.bsn_index_nieuw)) for value in row if value is not None}


async def test_a_resident_registered_or_merged_between_two_steps_is_found_throughout(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each step of the rotation another process with warm caches registers somebody, and merges somebody."""
    nieuw, personen, eigen, ander = bsns(Random(1)), dict[Bsn, UUID](), wijk.wijkwerk.keyring, ander_proces(wijk)
    for bsn in [next(nieuw) for _ in range(3)]:
        personen[bsn] = await wijk.inwoner("Moulin", bsn=bsn)
    oud, [sleutel] = await oude_index(wijk), await in_keys(wijk, select(D.id).where(D.gemeente_id == wijk.gemeente, D.doel == "BSN_INDEX"))
    await gevonden(wijk, ander, next(iter(personen)))
    beurten = iter(range(6))

    async def tussendoor(_: object) -> None:
        if next(beurten, None) is None:
            return
        wijk.wijkwerk.keyring = ander
        bsn, verhuisd = next(nieuw), next(iter(personen))
        personen[bsn] = await wijk.inwoner("Nieuw", bsn=bsn)
        zonder = await wijk.inwoner("Zonder")
        await wijk.dossier(zonder, personen[verhuisd])
        await samen(wijk, zonder, personen.pop(verhuisd))
        personen[verhuisd] = zonder
        wijk.wijkwerk.keyring = eigen
        for each, persoon in personen.items():
            assert await gevonden(wijk, ander, each) == persoon

    monkeypatch.setattr(voortgang, "laat_voorgaan", tussendoor)
    rapport = await vernieuw_zoeksleutel(wijk.wijkwerk, wijk.gemeente, stil, per_stap=1)
    assert next(beurten, None) is None
    assert (rapport.na, rapport.dicht, rapport.vernietigd) == (len(personen), 0, 1)
    assert sleutel not in await in_keys(wijk, select(D.id))
    for bsn, persoon in personen.items():
        for ring in (eigen, ander, ander_proces(wijk)):
            assert await gevonden(wijk, ring, bsn) == persoon
        assert oud(bsn.waarde)[0] not in await kolommen(wijk)
    assert len(await kolommen(wijk)) == len(personen)


async def vernieuw_naast(wijk: Wijk, bsn: Bsn, vernieuw: Vernieuw, sleutel: str) -> tuple[UUID, Rapport]:
    """Renew while somebody is registered in a transaction that began before and ends after the old key could not be destroyed three times.

    SQLite lets nobody write before that one ends.
    """
    oude = select(D.id).where(D.gemeente_id == wijk.gemeente, D.doel == sleutel)
    personen: list[UUID] = []
    [oud] = await in_keys(wijk, oude)
    gezegd, keer = asyncio.Event(), iter(range(4))

    def meld(gedaan: int, totaal: int | None) -> None:
        if next(keer, None) is None:
            gezegd.set()

    def meld_aan(work: Work) -> None:
        personen.append(aanmelden(work, {"geslachtsnaam": "Moulin", "bsn": bsn}))
        work.flush()

    async with bezig(partial(wijk.schrijf, "WIJKTEAM"), meld_aan):
        loopt = asyncio.create_task(vernieuw(meld))
        if wijk.wijkwerk.database.dialect == "postgresql":
            await gezegd.wait()
            assert oud in await in_keys(wijk, oude)
        assert not loopt.done()
    rapport = await loopt
    assert rapport.vernietigd == 1
    assert oud not in await in_keys(wijk, oude)
    return personen[0], rapport


async def test_who_is_registered_by_a_transaction_from_before_a_new_search_key_is_found(
    wijk: Wijk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voortgang, "WACHT", 0)
    [eerst, bsn], oud = [each for each, _ in zip(bsns(Random(1)), range(2), strict=False)], await oude_index(wijk)
    bekend = await wijk.inwoner("Eerst", bsn=eerst)
    persoon, rapport = await vernieuw_naast(wijk, bsn, partial(vernieuw_zoeksleutel, wijk.wijkwerk, wijk.gemeente), "BSN_INDEX")
    assert (rapport.na, rapport.gedaan) == (2, 2)
    for each, wie in ((eerst, bekend), (bsn, persoon)):
        assert await gevonden(wijk, ander_proces(wijk), each) == wie
        assert oud(each.waarde)[0] not in await kolommen(wijk)
    assert len(await kolommen(wijk)) == 2


async def test_a_data_key_of_a_transaction_from_before_a_new_key_of_the_gemeente_opens(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voortgang, "WACHT", 0)
    bsn = next(bsns(Random(1)))
    persoon, rapport = await vernieuw_naast(wijk, bsn, partial(vernieuw_gemeentesleutel, wijk.wijkwerk, wijk.gemeente), "KEK")
    assert (rapport.na, rapport.dicht) == (rapport.gedaan, 0)
    assert await in_keys(wijk, select(G.kek_id)) == await in_keys(wijk, select(D.id).where(D.gemeente_id == wijk.gemeente, D.doel == "KEK"))
    [row] = await wijk.rows(select(P.bsn, P.versie).where(P.id == persoon))
    place = Binding("persoon", wijk.gemeente, persoon, "bsn", row.versie)
    assert await kijk(wijk, lambda c: ander_proces(wijk).open(c, [(row.bsn, place)])) == [bsn.waarde.encode()]
