"""Unmasking by two: who asks never decides, who decides never sees, and what is shown is little, for a day, and in the log."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.access.levels import N0
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.geheimhouding import zet_veiligheidsvlag
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.declare import Record
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.samenvoegingen import samen
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import OP_SQLITE, Wijk
from wijkwerk.toezicht.ontmaskeren import Ontmaskerd, beslis, toon, vraag
from wijkwerk.toezicht.ontmaskering import Aanleiding, Ontmaskering

pytestmark = pytest.mark.anyio
RECORDS: list[type[Record]] = [Ontmaskering, Notificatie]
DATUM = Datum(1951, 4, 2)


async def ref(wijk: Wijk, persoon: UUID) -> UUID:
    p = log_pseudoniem.c
    [(pseudoniem,)] = await wijk.rows(select(p.pseudoniem).where(p.persoon_id == persoon))
    return UUID(str(pseudoniem))


async def gevraagd(wijk: Wijk, pseudoniem: UUID, rol: Any = "FG") -> UUID:
    return await wijk.schrijf(rol, lambda w: vraag(w, pseudoniem, Aanleiding.KLACHT, "2027/0012-K"))


async def toegestaan(wijk: Wijk, persoon: UUID) -> UUID:
    id = await gevraagd(wijk, await ref(wijk, persoon))
    return await wijk.schrijf("PRIVACY_OFFICER", lambda w: beslis(w, id, 1, True))


async def djibet(wijk: Wijk) -> UUID:
    return await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=DATUM, straat="Geheimstraat", bsn=None)


async def regels(wijk: Wijk, gebeurtenis: str) -> list[dict[str, Any]]:
    return [regel for regel in await wijk.log() if (regel["gebeurtenis"], regel["resultaat"]) == (gebeurtenis, "GESLAAGD")]


async def meldingen(wijk: Wijk, gebruiker: UUID) -> list[str]:
    n = Notificatie.tabel().c
    return [row.soort for row in await wijk.rows(select(n.soort).where(n.partij_id == gebruiker))]


async def test_one_asks_another_decides_and_the_asker_sees_who_it_is_for_a_day(wijk: Wijk) -> None:
    persoon = await djibet(wijk)
    versie = await wijk.lees("WIJKTEAM", lambda r: r.editable(Persoon, persoon))
    assert versie is not None
    await wijk.schrijf("REGISSEUR", lambda w: zet_veiligheidsvlag(w, persoon, versie[0], True, "Wordt bedreigd"))
    id = await gevraagd(wijk, pseudoniem := await ref(wijk, persoon))
    assert await meldingen(wijk, wijk.PRIVACY_OFFICER) == ["ONTMASKERING_GEVRAAGD"]
    await refused(wijk, "FG", NietGevonden, lambda w: toon(w, id), records=RECORDS)
    await refused(wijk, "FG", GeenRecht, lambda w: beslis(w, id, 1, True), records=RECORDS)
    await wijk.schrijf("PRIVACY_OFFICER", lambda w: beslis(w, id, 1, True))
    assert await meldingen(wijk, wijk.FG) == ["ONTMASKERING_BESLOTEN"]
    for rol in ("PRIVACY_OFFICER", wijk.actor("FG", gebruiker=nieuw_id())):
        await refused(wijk, rol, NietGevonden, lambda w: toon(w, id), records=RECORDS)
    assert await regels(wijk, "ONTMASKERD") == []
    for keer in (1, 2):
        assert await wijk.schrijf("FG", lambda w: toon(w, id)) == Ontmaskerd(persoon, "Rachid Djibet", DATUM)
        gezien = await regels(wijk, "ONTMASKERD")
        assert len(gezien) == keer
        [betrokkene] = gezien[-1]["betrokkenen"]
        assert betrokkene == {"ref": pseudoniem.hex, "getoond": [["Persoon", ["IDENTITEIT"], ["volledige_naam", "geboortedatum"], []]]}
        assert (gezien[-1]["gebruiker"], gezien[-1]["actie"], gezien[-1]["resultaat"]) == (wijk.FG.hex, "R", "GESLAAGD")
        assert gezien[-1]["details"] == {"ontmaskering": id.hex}
    [rij] = await wijk.rows(select(Ontmaskering.tabel()))
    assert rij.getoond_op.isoformat(timespec="microseconds") == (await regels(wijk, "ONTMASKERD"))[0]["tijdstip"]
    wijk.klok.moment = rij.geldig_tot - timedelta(microseconds=2)
    assert (await wijk.schrijf("FG", lambda w: toon(w, id))).nummer == persoon
    assert rij.geldig_tot - rij.besloten_op == timedelta(hours=24)
    await refused(wijk, "FG", NietGevonden, lambda w: toon(w, id), records=RECORDS)
    [vroeg], [besloot] = await regels(wijk, "ONTMASKERING_GEVRAAGD"), await regels(wijk, "ONTMASKERING_BESLOTEN")
    assert (vroeg["details"], besloot["details"]) == (
        {"ontmaskering": id.hex, "aanleiding": "KLACHT"}, {"ontmaskering": id.hex, "besluit": "TOEGESTAAN"},
    )  # fmt: skip
    assert (vroeg.get("betrokkenen"), besloot.get("betrokkenen")) == (None, None)


async def test_what_was_refused_is_not_there_is_anothers_or_of_another_municipality_looks_the_same(wijk_vlug: Wijk) -> None:
    wijk, persoon = wijk_vlug, await djibet(wijk_vlug)
    geweigerd = await gevraagd(wijk, await ref(wijk, persoon))
    await wijk.schrijf("PRIVACY_OFFICER", lambda w: beslis(w, geweigerd, 1, False))
    await refused(wijk, "PRIVACY_OFFICER", OngeldigeInvoer, lambda w: beslis(w, geweigerd, 2, True), records=RECORDS)
    open_ = await gevraagd(wijk, await ref(wijk, persoon))
    await wijk.change(Ontmaskering.tabel().update().where(Ontmaskering.tabel().c.id == open_).values(gemeente_id=wijk.buurgemeente))
    fouten = {
        str(await refused(wijk, "FG", NietGevonden, partial(toon, id=id), records=RECORDS))
        for id in (geweigerd, open_, nieuw_id(), persoon)
    }
    assert len(fouten) == 1
    missers = [regel for regel in await wijk.log() if (regel["gebeurtenis"], regel["resultaat"]) == ("ONTMASKERD", "GEWEIGERD")]
    assert [len(regel["gevraagd"]) for regel in missers] == [1] * 4
    assert not any("betrokkenen" in regel for regel in missers)
    await refused(wijk, "PRIVACY_OFFICER", NietGevonden, lambda w: beslis(w, open_, 1, True), records=RECORDS)


async def test_who_is_held_back_from_the_asker_or_is_erased_is_not_shown(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    ander, gewist, blijft, opgegaan = [await wijk.inwoner(naam) for naam in ("Vink", "Mus", "Specht", "Specht-Oud")]
    ids = {persoon: await toegestaan(wijk, persoon) for persoon in (ander, gewist, opgegaan)}
    weg = {"persoon_id": ander, "partij_id": wijk.FG, "soort": Afschermsoort.BELANGENCONFLICT, "niveau_tot": N0, "verbergt": True}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Afscherming, van=wijk.klok.nu(), **weg))
    await refused(wijk, "FG", NietGevonden, lambda w: toon(w, ids[ander]), records=RECORDS)
    await wijk.change(delete(log_pseudoniem).where(log_pseudoniem.c.persoon_id == gewist))
    assert await wijk.schrijf("FG", lambda w: toon(w, ids[gewist])) == Ontmaskerd()
    [regel] = await regels(wijk, "ONTMASKERD")
    assert "betrokkenen" not in regel
    await samen(wijk, blijft, opgegaan)
    assert (await wijk.schrijf("FG", lambda w: toon(w, ids[opgegaan]))).nummer == blijft


@OP_SQLITE
async def test_who_may_not_and_what_cannot_be_is_refused_and_nothing_happened(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    pseudoniem = await ref(wijk, await djibet(wijk))
    for rol in ("WIJKTEAM", "REGISSEUR", "BEHEER", "ARCHIVARIS", "INZAGELOKET", "INWONER"):
        await refused(wijk, rol, GeenRecht, lambda w: vraag(w, pseudoniem, Aanleiding.KLACHT), records=RECORDS)
    for kenmerk in ("999993653", "KL-999993653", "Djibet", "Rachid Djibet 1", "", "x" * 41, "12\n34", "klacht van Djibet"):
        unit = partial(vraag, pseudoniem=pseudoniem, aanleiding=Aanleiding.KLACHT, kenmerk=kenmerk)
        await refused(wijk, "FG", OngeldigeInvoer, unit, records=RECORDS)
    id = await gevraagd(wijk, pseudoniem)
    await refused(wijk, "FG", OngeldigeInvoer, lambda w: vraag(w, pseudoniem, Aanleiding.CALAMITEIT), records=RECORDS)
    await gevraagd(wijk, pseudoniem, "PRIVACY_OFFICER")
    for rol in ("WIJKTEAM", "BEHEER", "ARCHIVARIS"):
        await refused(wijk, rol, GeenRecht, lambda w: beslis(w, id, 1, True), records=RECORDS)
        await refused(wijk, rol, GeenRecht, lambda w: toon(w, id), records=RECORDS)
    await refused(wijk, "PRIVACY_OFFICER", VersieVerouderd, lambda w: beslis(w, id, 2, True), records=RECORDS)


async def test_of_two_who_decide_at_once_one_is_first(wijk: Wijk) -> None:
    id = await gevraagd(wijk, await ref(wijk, await djibet(wijk)))
    ja, nee = wijk.actor("PRIVACY_OFFICER"), wijk.actor("FG", gebruiker=nieuw_id())
    done = await asyncio.gather(
        wijk.schrijf(ja, lambda w: beslis(w, id, 1, True)), wijk.schrijf(nee, lambda w: beslis(w, id, 1, False)), return_exceptions=True
    )  # fmt: skip
    assert [type(each) for each in done if each != id] == [VersieVerouderd]
    [rij] = await wijk.rows(select(Ontmaskering.tabel()))
    eerste = ja if done[0] == id else nee
    assert (rij.besloten_door_id, rij.toegestaan) == (eerste.gebruiker, eerste is ja)
    assert len(await regels(wijk, "ONTMASKERING_BESLOTEN")) == 1
