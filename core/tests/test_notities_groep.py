"""Notes about several residents: a row in the file of each, there only for who may see all of them (docs/decisions/0021)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.register import CONTACTVERSLAGEN, IDENTITEIT, PLAN_EN_DOELEN, WMO_ONDERZOEK
from wijkwerk.access.uitleg_rij import Reden
from wijkwerk.crypto.envelope import key_id_of
from wijkwerk.errors import NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.notities.aanvullen import vul_aan
from wijkwerk.notities.notitie import Aanvulling, Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.redigeren import redigeer
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.personen import Persoon
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.samenvoegingen import ongedaan, samen
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.uitleggen import waarom_beheerder

pytestmark = pytest.mark.anyio
RECORDS = (Notitie, Notitieversie, Aanvulling)
SOORT = Notitiesoort.CONTACTVERSLAG


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def samen_beschreven(wijk: Wijk) -> tuple[UUID, UUID, UUID, dict[UUID, UUID]]:
    """A case of two residents with a note about both: who, who, the case, and the row of each."""
    een, ander = await wijk.inwoner("Moulin"), await wijk.inwoner("Boer")
    dossier = await wijk.dossier(een, ander)
    await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, een, SOORT, verteld("Ruzie over geld"), ook_over=[ander]))
    n = Notitie.tabel()
    rows = await wijk.rows(select(n.c.persoon_id, n.c.id).where(n.c.dossier_id == dossier))
    return een, ander, dossier, {row.persoon_id: row.id for row in rows}


async def teksten(wijk: Wijk, rol: Any, record: type[Any] = Notitieversie) -> list[tuple[UUID, str]]:
    """What is read of a kind of row: of whom, and the text; by a list and one by one the same."""
    velden = ("persoon_id", "tekst")
    listed = (await wijk.lees(rol, lambda r: r.page(record, velden, first=50))).rows
    ids = [row.id for row in await wijk.rows(select(record.tabel().c.id))]
    found = await wijk.lees(rol, lambda r: r.by_key(record, velden, "id", ids))
    assert {row.id for row in found} == {row.id for row in listed}
    assert await wijk.lees(rol, lambda r: r.count(record)) == len(found)
    return sorted((row.persoon_id, row.tekst) for row in found)


async def deur(wijk: Wijk, persoon: UUID, dossier: UUID) -> None:
    """Let the other team in to one resident of the case, as far as the own team."""

    def put(connection: Any) -> None:
        for categorie in (IDENTITEIT, PLAN_EN_DOELEN, CONTACTVERSLAGEN):
            wijk.put(
                connection, Betrokkenheid, persoon_id=persoon, partij_id=wijk.ander_team, partijsoort=Partijsoort.TEAM, niveau_tot=6,
                doel=WMO_ONDERZOEK.code, categorie_code=categorie.code, kader_id=dossier, grondslag="x", bron=Bron.DOSSIER,
                bron_id=dossier, van=BEGIN - timedelta(days=1),
            )  # fmt: skip

    await wijk.wijkwerk.database.transact(put)


async def test_who_sees_only_one_of_them_sees_nothing_but_what_was_written_about_that_one_alone(wijk: Wijk) -> None:
    een, ander, dossier, rij = await samen_beschreven(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: vul_aan(w, rij[een], verteld("Later opgelost")))
    assert await teksten(wijk, "WIJKTEAM") == sorted([(een, "Ruzie over geld"), (ander, "Ruzie over geld")])
    assert await teksten(wijk, "WIJKTEAM", Aanvulling) == sorted([(een, "Later opgelost"), (ander, "Later opgelost")])
    await deur(wijk, ander, dossier)
    buiten = partial(wijk.actor, "WIJKTEAM", team=wijk.ander_team)
    for record in (Notitieversie, Aanvulling):
        assert await teksten(wijk, buiten(), record) == []
    for unit in (corrigeer_met(rij[ander]), lambda w: vul_aan(w, rij[ander], verteld()), lambda w: redigeer(w, rij[ander], verteld())):
        await refused(wijk, buiten(), NietGevonden, unit, records=RECORDS)
    iemand = (await collega(wijk, "WIJKTEAM", wijk.ander_team)).hex
    for wie, reden in (("WIJKTEAM", Reden.MAG), (iemand, Reden.ANDERE_INWONER)):
        uitleg = await waarom_beheerder(wijk.wijkwerk, wie, ander, "Notitie.soort", str(wijk.gemeente))
        assert uitleg.reden is reden
    alleen = await wijk.schrijf("WIJKTEAM", lambda w: redigeer(w, rij[ander], verteld("Wil hulp bij geld")))
    assert await teksten(wijk, buiten()) == [(ander, "Wil hulp bij geld")]
    seen: Any = await wijk.lees(buiten(), lambda r: r.one(Notitie, ("redactie_van_id", "groep_id", "laatste"), alleen))
    assert (seen.redactie_van_id, seen.groep_id, seen.laatste) == (rij[ander], alleen, 1)
    await deur(wijk, een, dossier)
    assert len(await teksten(wijk, buiten())) == 3


def corrigeer_met(notitie: UUID, versie: int = 1, tekst: str = "Beter") -> Any:
    return lambda w: corrigeer(w, notitie, versie, verteld(tekst))


async def test_a_correction_is_made_in_the_file_of_each_at_once_and_nobody_is_late_in_only_one(wijk: Wijk) -> None:
    een, ander, _, rij = await samen_beschreven(wijk)
    await wijk.schrijf("WIJKTEAM", corrigeer_met(rij[ander]))
    velden = ("persoon_id", "nummer", "tekst")
    found = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, velden, "persoon_id", [een, ander]))
    for persoon in (een, ander):
        assert sorted((row.nummer, row.tekst) for row in found if row.persoon_id == persoon) == [(1, "Ruzie over geld"), (2, "Beter")]
        await refused(wijk, "WIJKTEAM", VersieVerouderd, corrigeer_met(rij[persoon]), records=RECORDS)
    [log] = [regel for regel in await wijk.log() if (regel["gebeurtenis"], regel["resultaat"]) == ("WIJZIGEN", "GESLAAGD")]
    assert len(log["betrokkenen"]) == 2


async def test_each_row_opens_with_the_key_of_its_own_resident_so_that_erasing_one_leaves_the_other(wijk: Wijk) -> None:
    een, ander, *_ = await samen_beschreven(wijk)
    v, ring = Notitieversie.tabel(), wijk.wijkwerk.keyring
    sleutel = {row.persoon_id: key_id_of(row.tekst) for row in await wijk.rows(select(v.c.persoon_id, v.c.tekst))}
    for persoon in (een, ander):
        assert sleutel[persoon] in await wijk.wijkwerk.database.transact(partial(ring.keys_of, gemeente=wijk.gemeente, persoon=persoon))
    assert sleutel[een] != sleutel[ander]
    await wijk.wijkwerk.database.transact(lambda c: ring.destroy(c, wijk.gemeente, een))
    velden = ("persoon_id", "tekst")
    found = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, velden, "persoon_id", [een, ander]))
    assert {row.persoon_id: row.tekst for row in found} == {een: None, ander: "Ruzie over geld"}


async def test_who_are_merged_have_one_note_twice_and_each_their_own_again_when_it_is_undone(wijk: Wijk) -> None:
    een, ander, dossier, rij = await samen_beschreven(wijk)
    samenvoeging = await samen(wijk, een, ander)
    assert await teksten(wijk, "WIJKTEAM") == [(een, "Ruzie over geld")] * 2
    await wijk.schrijf("WIJKTEAM", corrigeer_met(rij[ander]))
    await wijk.schrijf("WIJKTEAM", lambda w: vul_aan(w, rij[een], verteld("Nog iets")))
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: redigeer(w, rij[ander], verteld()), records=RECORDS)
    await ongedaan(wijk, samenvoeging)
    both = [(persoon, tekst) for persoon in (een, ander) for tekst in ("Beter", "Ruzie over geld")]
    assert await teksten(wijk, "WIJKTEAM") == sorted(both)
    assert await teksten(wijk, "WIJKTEAM", Aanvulling) == sorted([(een, "Nog iets"), (ander, "Nog iets")])
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, een))
    found = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst",), "persoon_id", [ander]))
    assert sorted(row.tekst for row in found) == ["Beter", "Ruzie over geld"]
    await deur(wijk, ander, dossier)
    assert await teksten(wijk, wijk.actor("WIJKTEAM", team=wijk.ander_team)) == []


async def test_what_was_written_about_one_alone_goes_back_with_the_row_that_it_is_of(wijk: Wijk) -> None:
    een, ander, _, rij = await samen_beschreven(wijk)
    derde = await wijk.inwoner("Visser")
    samenvoeging = await samen(wijk, derde, een)
    alleen = await wijk.schrijf("WIJKTEAM", lambda w: redigeer(w, rij[een], verteld("Alleen dit")))
    assert await wijk.lees("WIJKTEAM", lambda r: [row.persoon_id for row in r.by_key(Notitie, ("persoon_id",), "id", [alleen])]) == [derde]
    await ongedaan(wijk, samenvoeging)
    velden = ("persoon_id", "tekst")
    assert await teksten(wijk, "WIJKTEAM") == sorted([(een, "Alleen dit"), (een, "Ruzie over geld"), (ander, "Ruzie over geld")])
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, derde))
    [versie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, velden, "notitie_id", [alleen]))
    assert (versie.persoon_id, versie.tekst) == (een, "Alleen dit")


async def test_it_is_about_residents_of_the_case_each_once(wijk: Wijk) -> None:
    een, _, dossier, _ = await samen_beschreven(wijk)
    elders = await wijk.inwoner("Jansen")
    await wijk.dossier(elders)
    for ook_over, error in (([elders], NietGevonden), ([nieuw_id()], NietGevonden), ([een], OngeldigeInvoer)):
        unit = partial(schrijf, dossier=dossier, persoon=een, soort=SOORT, inhoud=verteld(), ook_over=ook_over)
        await refused(wijk, "WIJKTEAM", error, unit, records=RECORDS)
    los = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, een, SOORT, verteld("Alleen")))
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda w: redigeer(w, los, verteld()), records=RECORDS)
    assert await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, (), elders)) is not None
