"""Rotating the root key, the key of a municipality and a data key, while others write; on both engines."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select, update

from wijkwerk.crypto.envelope import Binding, key_id_of
from wijkwerk.crypto.errors import SleutelOntbreekt
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rootfile import open_root_file
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Wijziging
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.sleutelbeheer.gegevenssleutel import vernieuw_gegevenssleutel
from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel
from wijkwerk.sleutelbeheer.hoofdsleutel import vernieuw_hoofdsleutel
from wijkwerk.sleutelbeheer.overzicht import overzicht
from wijkwerk.sleutelbeheer.rotatie import Rotatie
from wijkwerk.testing.rotaties import Gestopt, ander_proces, kijk, stil, stop_na
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn("999993653")


async def in_keys(wijk: Wijk, statement: Any) -> list[Any]:
    def unit(connection: Connection) -> list[Any]:
        with wijk.wijkwerk.database.keys(connection) as keys:
            result = keys.execute(statement)
            return list(result.all()) if result.returns_rows else []

    return await wijk.wijkwerk.database.transact(unit)


async def bsn_van(wijk: Wijk, persoon: UUID) -> bytes | None:
    """The BSN as a process opens it that starts now."""
    t = Persoon.tabel().c
    [row] = await wijk.rows(select(t.bsn, t.versie).where(t.id == persoon))
    place = Binding("persoon", wijk.gemeente, persoon, "bsn", row.versie)
    found: list[bytes | None] = await kijk(wijk, lambda c: ander_proces(wijk).open(c, [(row.bsn, place)]))
    return found[0]


async def verzegelde(wijk: Wijk, ring: Keyring, persoon: UUID, aantal: int) -> list[tuple[bytes, Binding]]:
    def unit(connection: Connection) -> list[tuple[bytes, Binding]]:
        key = ring.data_key(connection, wijk.gemeente, persoon)
        places = [Binding("notitie", wijk.gemeente, UUID(int=n), "tekst", 1) for n in range(aantal)]
        return [(ring.seal(connection, key, b"tekst", place), place) for place in places]

    return await wijk.wijkwerk.database.transact(unit)


async def keks(wijk: Wijk) -> list[UUID]:
    rows = await in_keys(
        wijk, select(dienstsleutel.c.id).where(dienstsleutel.c.gemeente_id == wijk.gemeente, dienstsleutel.c.doel == "KEK")
    )
    return [row.id for row in rows]


async def test_a_new_key_of_a_gemeente_wraps_all_and_the_old_one_is_gone(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    for n in range(1, 4):
        await verzegelde(wijk, wijk.wijkwerk.keyring, UUID(int=n), 1)
    [oud] = await keks(wijk)
    aantal = len(await in_keys(wijk, select(gegevenssleutel.c.id).where(gegevenssleutel.c.gemeente_id == wijk.gemeente)))
    gemeld: list[tuple[int, int | None]] = []
    rapport = await vernieuw_gemeentesleutel(wijk.wijkwerk, wijk.gemeente, lambda a, b: gemeld.append((a, b)), per_stap=2)
    assert (rapport.voor, rapport.na, rapport.gedaan, rapport.dicht, rapport.vernietigd) == (aantal, aantal, aantal, 0, 1)
    [nieuw] = await keks(wijk)
    assert nieuw != oud
    assert {row.kek_id for row in await in_keys(wijk, select(gegevenssleutel.c.kek_id))} == {nieuw}
    assert gemeld[-1] == (aantal, aantal)
    assert await bsn_van(wijk, persoon) == BSN.waarde.encode()
    told = [one["details"] for one in await wijk.log() if one["gebeurtenis"] == "SLEUTELS_VERNIEUWD"]
    assert [one["stap"] for one in told] == ["begonnen", "klaar"]
    assert told[1]["gedaan"] == aantal
    [row] = await wijk.rows(select(Rotatie.tabel()))
    assert row.klaar is not None
    lines = "\n".join(await kijk(wijk, lambda c: overzicht(wijk.wijkwerk, c)))
    assert "KEK, generatie 2, gemaakt op 01-03-2027" in lines
    assert "niet af" not in lines


async def test_another_process_with_warm_caches_leaves_nothing_under_a_destroyed_key(wijk: Wijk) -> None:
    """It still knows the old key-encryption key, and would wrap new data keys with it."""
    ander = ander_proces(wijk)
    await verzegelde(wijk, ander, UUID(int=1), 1)
    await vernieuw_gemeentesleutel(wijk.wijkwerk, wijk.gemeente, stil)
    blobs = [one for n in range(2, 6) for one in await verzegelde(wijk, ander, UUID(int=n), 1)]
    for ring in (ander, ander_proces(wijk)):
        assert await kijk(wijk, partial(ring.open, blobs=blobs)) == [b"tekst"] * 4
    [nieuw] = await keks(wijk)
    assert {row.kek_id for row in await in_keys(wijk, select(gegevenssleutel.c.kek_id))} == {nieuw}


@pytest.mark.parametrize("na", [0, 1, 2, 3, 4])
async def test_a_rotation_of_a_gemeente_that_was_killed_goes_on(wijk: Wijk, na: int) -> None:
    for n in range(1, 4):
        await verzegelde(wijk, wijk.wijkwerk.keyring, UUID(int=n), 1)
    with pytest.raises(Gestopt):
        await vernieuw_gemeentesleutel(wijk.wijkwerk, wijk.gemeente, stop_na(na), per_stap=1)
    await wijk.inwoner("Tussendoor", bsn=BSN)
    aantal = len(await in_keys(wijk, select(gegevenssleutel.c.id)))
    rapport = await vernieuw_gemeentesleutel(wijk.wijkwerk, wijk.gemeente, stil, per_stap=1)
    assert (rapport.voor, rapport.na, rapport.vernietigd) == (aantal, aantal, int(na < 4))
    assert len(await keks(wijk)) == 1
    assert len(await wijk.rows(select(Rotatie.tabel()))) == 1


async def test_a_wrapped_key_that_does_not_open_keeps_its_old_key(wijk: Wijk) -> None:
    await wijk.inwoner("Moulin", bsn=BSN)
    one = UUID(int=5)
    await verzegelde(wijk, wijk.wijkwerk.keyring, one, 1)
    eigen = (gegevenssleutel.c.persoon_id == one,)
    [voor] = await in_keys(wijk, select(gegevenssleutel.c.id, gegevenssleutel.c.ingepakt).where(*eigen))
    await in_keys(wijk, update(gegevenssleutel).where(*eigen).values(ingepakt=b"x" + voor.ingepakt[1:]))
    rapport = await vernieuw_gemeentesleutel(wijk.wijkwerk, wijk.gemeente, stil)
    assert (rapport.dicht, rapport.vernietigd) == (1, 0)
    assert len(await keks(wijk)) == 2
    await in_keys(wijk, update(gegevenssleutel).where(*eigen).values(ingepakt=voor.ingepakt))
    assert (await vernieuw_gemeentesleutel(wijk.wijkwerk, wijk.gemeente, stil)).vernietigd == 2
    assert len(await keks(wijk)) == 1


async def test_a_new_root_key_wraps_every_service_key_and_the_old_one_goes_when_asked(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    pad, ander = wijk.wijkwerk.settings.root_key_file, ander_proces(wijk)
    await verzegelde(wijk, ander, persoon, 1)
    oud = open_root_file(pad).current
    rapport = await vernieuw_hoofdsleutel(wijk.wijkwerk, stil)
    assert (rapport.voor, rapport.na, rapport.gedaan, rapport.vernietigd) == (rapport.voor, rapport.voor, rapport.voor, 0)
    assert set(open_root_file(pad).keys) == {oud, open_root_file(pad).current}
    rapport = await vernieuw_hoofdsleutel(wijk.wijkwerk, stil, vernietig_oude=True)
    assert rapport.vernietigd == 2
    root = open_root_file(pad)
    assert set(root.keys) == {root.current}
    assert pad.stat().st_mode & 0o777 == 0o600
    assert {row.provider_sleutel for row in await in_keys(wijk, select(dienstsleutel.c.provider_sleutel))} == {root.current}
    # the other process knows the new root key, and makes service keys with it
    nieuw = UUID(int=77)
    await wijk.wijkwerk.database.transact(lambda c: ander.prepare(c, nieuw))
    gemaakt, gelezen = [await kijk(wijk, partial(ring.pseudonym, gemeente=nieuw, value=b"x")) for ring in (ander, ander_proces(wijk))]
    assert gemaakt == gelezen
    assert await bsn_van(wijk, persoon) == BSN.waarde.encode()


class Vergeten(FileProvider):
    """A process that did not notice that there is a new root key."""

    def wrap(self, plain: bytes, context: bytes) -> tuple[str, bytes]:
        kept, current = self._root, open_root_file(self._path, make=False)
        self._root = kept
        nonce = b"n" * 12
        assert kept[0] not in current.keys
        return kept[0], nonce + kept[1][kept[0]].encrypt(nonce, plain, context)


async def test_nothing_is_stored_under_a_root_key_that_is_destroyed(wijk: Wijk) -> None:
    ring = Keyring(Vergeten(wijk.wijkwerk.settings.root_key_file), wijk.wijkwerk.database, wijk.klok)
    await vernieuw_hoofdsleutel(wijk.wijkwerk, stil, vernietig_oude=True)
    before = await in_keys(wijk, select(func.count()).select_from(dienstsleutel))
    with pytest.raises(SleutelOntbreekt):
        await wijk.wijkwerk.database.transact(lambda c: ring.prepare(c, UUID(int=78)))
    assert await in_keys(wijk, select(func.count()).select_from(dienstsleutel)) == before


async def test_a_service_key_that_does_not_open_keeps_its_root_key(wijk: Wijk) -> None:
    buur = (dienstsleutel.c.gemeente_id == wijk.buurgemeente, dienstsleutel.c.doel == "KEK")
    await in_keys(wijk, update(dienstsleutel).where(*buur).values(ingepakt=b"x" * 60))
    rapport = await vernieuw_hoofdsleutel(wijk.wijkwerk, stil, vernietig_oude=True)
    assert (rapport.dicht, rapport.vernietigd) == (1, 0)
    assert len(open_root_file(wijk.wijkwerk.settings.root_key_file).keys) == 2


async def test_a_root_key_of_another_provider_is_renewed_elsewhere(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(FileProvider, "renew")
    with pytest.raises(OngeldigeInvoer, match="token"):
        await vernieuw_hoofdsleutel(wijk.wijkwerk, stil)
    assert await wijk.rows(select(Rotatie.tabel())) == []


async def sleutels_van(wijk: Wijk, persoon: UUID) -> set[UUID]:
    return {row.id for row in await in_keys(wijk, select(gegevenssleutel.c.id).where(gegevenssleutel.c.persoon_id == persoon))}


async def onder(wijk: Wijk) -> set[UUID]:
    """Which keys anything of a resident or of its history is sealed with."""
    found = [row.bsn for row in await wijk.rows(select(Persoon.tabel().c.bsn))]
    found += [row.oud for row in await wijk.rows(select(Wijziging.tabel().c.oud))]
    return {key_id_of(blob) for blob in found if blob is not None}


async def test_a_new_data_key_seals_everything_again_at_its_own_place(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    await wijk.schrijf("REGISSEUR", lambda work: setattr(work.get(Persoon, persoon), "roepnaam", "Jo"))
    [oud] = await sleutels_van(wijk, persoon)
    assert oud in await onder(wijk)
    rapport = await vernieuw_gegevenssleutel(wijk.wijkwerk, wijk.gemeente, persoon, None, stil, per_stap=1)
    assert (rapport.voor, rapport.na, rapport.gedaan, rapport.vernietigd) == (rapport.voor, rapport.voor, rapport.voor, 1)
    assert rapport.voor >= 2
    [nieuw] = await sleutels_van(wijk, persoon)
    assert oud not in await onder(wijk)
    assert nieuw in await onder(wijk)
    assert await bsn_van(wijk, persoon) == BSN.waarde.encode()
    assert (await vernieuw_gegevenssleutel(wijk.wijkwerk, wijk.gemeente, persoon, None, stil)).voor == rapport.voor


async def test_another_process_with_a_warm_cache_seals_with_the_new_data_key(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", bsn=BSN)
    ander = ander_proces(wijk)
    await verzegelde(wijk, ander, persoon, 1)
    [oud] = await sleutels_van(wijk, persoon)
    await vernieuw_gegevenssleutel(wijk.wijkwerk, wijk.gemeente, persoon, None, stil)
    [(blob, place)] = await verzegelde(wijk, ander, persoon, 1)
    assert key_id_of(blob) != oud
    assert await kijk(wijk, lambda c: ander_proces(wijk).open(c, [(blob, place)])) == [b"tekst"]


async def test_who_has_no_key_can_have_none_renewed(wijk: Wijk) -> None:
    with pytest.raises(NietGevonden, match="noem dat met --dossier"):
        await vernieuw_gegevenssleutel(wijk.wijkwerk, wijk.gemeente, UUID(int=9), None, stil)
    assert await wijk.rows(select(Rotatie.tabel())) == []
