"""Opening a break-glass: who may, for whom, how often, and what it opens for how long (domain.md 3.6; acceptance step 14)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron
from wijkwerk.access.levels import N0, N6
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang
from wijkwerk.noodtoegang.crisisnotitie import GeenDossier, schrijf_crisisnotitie
from wijkwerk.noodtoegang.eigen import sluit
from wijkwerk.noodtoegang.noodtoegang import MAG_OPENEN, Noodpoging, Noodreden, Noodtoegang
from wijkwerk.noodtoegang.openen import Geopend, NietMogelijk, open_noodtoegang
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.declare import Record
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.noodtoegang import RACHID, UITLEG, elders, in_nood
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.kenmerken import Kenmerken

pytestmark = pytest.mark.anyio
RECORDS: list[type[Record]] = [Noodtoegang, Noodpoging, Betrokkenheid, Notificatie, Taak, AlgemeneTaak]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture
async def rachid(wijk: Wijk) -> UUID:
    """Care recipient, in a case of the team."""
    return await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2), contact=["0612345678"])


async def ziet(wijk: Wijk, rol: Any, persoon: UUID) -> bool:
    return await wijk.lees(rol, lambda r: r.one(Persoon, ("geslachtsnaam",), persoon)) is not None


async def test_somebody_of_another_team_sees_one_resident_for_an_hour_and_others_hear_of_it(wijk: Wijk, rachid: UUID) -> None:
    dossier, anders = await wijk.dossier(rachid), await wijk.inwoner("Anders", geboortedatum=Datum(1951, 4, 2))
    wie = elders(wijk)
    assert not await ziet(wijk, wie, rachid)
    found = await in_nood(wijk, wie, dossier=dossier)
    assert isinstance(found, Geopend)
    assert (found.persoon, found.liep_al) == (rachid, False)
    assert await ziet(wijk, elders(wijk), rachid)
    assert not await ziet(wijk, elders(wijk), anders)
    b, n, t = Betrokkenheid.tabel(), Notificatie.tabel(), Taak.tabel()
    mine = (b.c.bron == Bron.NOODTOEGANG, b.c.partij_id == wie.gebruiker)
    [deuren] = await wijk.rows(select(func.max(b.c.niveau_tot), func.count(b.c.kader_id), func.count(b.c.doel.distinct())).where(*mine))
    assert tuple(deuren) == (5, 0, 1)
    codes = {row.categorie_code for row in await wijk.rows(select(b.c.categorie_code).where(*mine))}
    assert wijk.wijkwerk.catalogue.matrix["WMO_ONDERZOEK"] - codes == {"BSN", "VEILIGHEID", "WERKAANTEKENINGEN"}
    told = {row.partij_id for row in await wijk.rows(select(n.c.partij_id).where(n.c.bron_id == found.noodtoegang))}
    assert told == {wijk.REGISSEUR, wijk.TEAMLEIDER}
    [taak] = await wijk.rows(select(t).where(t.c.bron_id == found.noodtoegang))
    assert (taak.soort, taak.voor_id, taak.voor_rol, taak.kader_id) == ("NOODTOEGANG_BEOORDELEN", wijk.team, "TEAMLEIDER", dossier)
    assert taak.uiterlijk == wijk.actor("WIJKTEAM").vandaag + timedelta(days=2)
    wijk.klok.moment = found.tot - timedelta(microseconds=2)
    assert await ziet(wijk, elders(wijk), rachid)
    wijk.klok.moment = found.tot - timedelta(microseconds=1)
    assert not await ziet(wijk, elders(wijk), rachid)


async def test_strict_notes_the_bsn_and_what_is_above_n5_stay_hidden(wijk: Wijk) -> None:
    bsn = Bsn.lees("999994347")
    rachid = await wijk.inwoner("Djibet", rol="REGISSEUR", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2), bsn=bsn)
    dossier = await wijk.dossier(rachid, vraag="Alleen voor N6")
    for soort, deelbaar in ((Notitiesoort.CONTACTVERSLAG, True), (Notitiesoort.CONTACTVERSLAG, False), (Notitiesoort.STRIKT, False)):
        notitie = partial(schrijf, dossier=dossier, persoon=rachid, soort=soort, inhoud=verteld(f"{soort} {deelbaar}"), deelbaar=deelbaar)
        await wijk.schrijf("REGISSEUR", notitie)
    regie = wijk.actor("REGISSEUR", gebruiker=wijk.REGISSEUR)
    ander = wijk.actor("REGISSEUR", gebruiker=await collega(wijk, "REGISSEUR", wijk.ander_team), team=wijk.ander_team)
    assert isinstance(await in_nood(wijk, ander), Geopend)
    again = wijk.actor("REGISSEUR", gebruiker=ander.gebruiker, team=wijk.ander_team)
    for wie, seen in ((regie, (bsn, 3)), (again, (None, 1))):
        persoon = await wijk.lees(wie, lambda r: r.one(Persoon, ("bsn", "geslachtsnaam"), rachid))
        teksten = await wijk.lees(wie, lambda r: r.by_key(Notitieversie, ("tekst",), "persoon_id", [rachid]))
        assert persoon is not None
        assert (persoon.bsn, len(teksten)) == seen
    crisis = wijk.actor("CRISISDIENST", team=wijk.ander_team)
    assert isinstance(await in_nood(wijk, crisis), Geopend)
    crisis = wijk.actor("CRISISDIENST", team=wijk.ander_team)
    teksten = await wijk.lees(crisis, lambda r: r.by_key(Notitieversie, ("tekst",), "persoon_id", [rachid]))
    assert [row.tekst for row in teksten] == ["CONTACTVERSLAG True"]


async def test_only_these_roles_with_a_reason_in_words_and_enough_to_go_by(wijk: Wijk, rachid: UUID) -> None:
    await wijk.dossier(rachid)
    for rol in wijk.wijkwerk.catalogue.rollen:
        if rol not in MAG_OPENEN:
            await refused(wijk, rol, GeenRecht, lambda w: open_noodtoegang(w, RACHID, Noodreden.CRISISDIENST, UITLEG), records=RECORDS)
    wrong: list[tuple[type[WijkwerkError], Kenmerken, str]] = [
        (OngeldigeInvoer, RACHID, "Te kort"), (OngeldigeInvoer, RACHID, " " * 40), (OngeldigeInvoer, RACHID, "a" * 40),
        (OngeldigeInvoer, RACHID, "Gevaar" + " " * 40), (OngeldigeInvoer, RACHID, "x" * 5000), (OngeldigeInvoer, RACHID, UITLEG + "\x00"),
        (OngeldigeInvoer, Kenmerken(geslachtsnaam="Djibet"), UITLEG), (OngeldigeInvoer, Kenmerken(), UITLEG),
        (GeenRecht, Kenmerken(bsn=Bsn.lees("999994347"), telefoonnummer="0612345678"), UITLEG),
    ]  # fmt: skip
    for error, kenmerken, uitleg in wrong:
        unit = partial(open_noodtoegang, kenmerken=kenmerken, reden=Noodreden.ACUUT_GEVAAR, toelichting=uitleg)
        await refused(wijk, elders(wijk), error, unit, records=RECORDS)


async def test_nobody_more_than_one_a_conflict_ones_own_file_and_no_judge_are_the_same_answer(wijk: Wijk, rachid: UUID) -> None:
    await wijk.dossier(rachid)
    wie = elders(wijk)
    onbekend = await in_nood(wijk, wie, Kenmerken(geslachtsnaam="Niemand", geboortedatum=Datum(1951, 4, 2)))
    assert isinstance(onbekend, NietMogelijk)
    assert onbekend.opnieuw is None
    answers = [await in_nood(wijk, elders(wijk), dossier=nieuw_id())]
    await wijk.schrijf("REGISSEUR", lambda w: scherm_af(w, rachid, Afschermsoort.BELANGENCONFLICT, niveau_tot=N0, partij=wie.gebruiker))
    answers.append(await in_nood(wijk, elders(wijk)))
    await wijk.change(Afscherming.tabel().delete())
    own = {"persoon_id": rachid, "gebruiker_id": wie.gebruiker, "vaststelling": "DIGID", "van": wijk.klok.nu(), "door_id": wijk.WIJKTEAM}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Inwonertoegang, **own))
    answers.append(await in_nood(wijk, elders(wijk)))
    await wijk.change(Inwonertoegang.tabel().delete())
    wijk.klok.moment += timedelta(hours=2)
    dubbel = await wijk.inwoner("Djibet", rol=wijk.actor("WIJKTEAM"), voornamen="Ander", geboortedatum=Datum(1951, 4, 2))
    assert dubbel != rachid
    answers.append(await in_nood(wijk, elders(wijk)))
    assert answers == [onbekend] * 4
    a = Aanstelling.tabel()
    await wijk.change(a.delete().where(a.c.rol.in_(("TEAMLEIDER", "REGISSEUR", "FG", "PRIVACY_OFFICER"))))
    zeker = Kenmerken(geslachtsnaam="Djibet", geboortedatum=Datum(1951, 4, 2), telefoonnummer="0612345678")
    assert await in_nood(wijk, elders(wijk), zeker) == onbekend
    assert await wijk.rows(select(Noodtoegang.tabel())) == []
    assert not await ziet(wijk, elders(wijk), rachid)


async def test_questions_are_counted_per_user_found_or_not_and_the_misses_are_in_the_log(wijk: Wijk, rachid: UUID) -> None:
    await wijk.dossier(rachid)
    wijk.wijkwerk.settings.grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"nood_per_uur": 2, "nood_per_dag": 3})
    mis = Kenmerken(geslachtsnaam="Niemand", geboortedatum=Datum(1951, 4, 2))
    await in_nood(wijk, elders(wijk), mis)
    regel = (await wijk.log())[-1]
    assert (regel["gebeurtenis"], regel["resultaat"]) == ("ZOEKEN", "GEEN_RESULTAAT")
    assert len(regel["gevraagd"]) == 2
    assert "betrokkenen" not in regel
    await in_nood(wijk, elders(wijk), mis)
    vaak = await in_nood(wijk, elders(wijk))
    assert isinstance(vaak, NietMogelijk)
    assert vaak.opnieuw is not None
    assert vaak.opnieuw > wijk.klok.nu()
    assert (await wijk.log())[-1]["code"] == "TE_VAAK_GEVRAAGD"
    assert not await ziet(wijk, elders(wijk), rachid)
    assert isinstance(await in_nood(wijk, wijk.actor("CRISISDIENST", team=wijk.ander_team)), Geopend)
    wijk.klok.moment += timedelta(hours=23)
    assert isinstance(await in_nood(wijk, elders(wijk)), NietMogelijk)
    wijk.klok.moment += timedelta(hours=2)
    assert isinstance(await in_nood(wijk, elders(wijk)), Geopend)


async def test_a_second_one_is_the_first_and_a_new_one_comes_after_the_end(wijk: Wijk, rachid: UUID) -> None:
    await wijk.dossier(rachid)
    eerste = await in_nood(wijk, elders(wijk))
    wijk.klok.moment += timedelta(minutes=30)
    tweede = await in_nood(wijk, elders(wijk))
    assert isinstance(eerste, Geopend)
    assert isinstance(tweede, Geopend)
    assert (tweede.noodtoegang, tweede.tot, tweede.liep_al) == (eerste.noodtoegang, eerste.tot, True)
    n = Notificatie.tabel()
    assert len(await wijk.rows(select(n).where(n.c.bron_id == eerste.noodtoegang))) == 2
    await refused(wijk, elders(wijk), VersieVerouderd, lambda w: sluit(w, eerste.noodtoegang, 7), records=RECORDS)
    for ander in ("REGISSEUR", "CRISISDIENST"):
        await refused(wijk, ander, NietGevonden, lambda w: sluit(w, eerste.noodtoegang, 1), records=RECORDS)
    await wijk.schrijf(elders(wijk), lambda w: sluit(w, eerste.noodtoegang, 1))
    assert (await wijk.log())[-1]["gebeurtenis"] == "NOODTOEGANG_GESLOTEN"
    assert not await ziet(wijk, elders(wijk), rachid)
    await refused(wijk, elders(wijk), NietGevonden, lambda w: sluit(w, eerste.noodtoegang, 2), records=RECORDS)
    derde = await in_nood(wijk, elders(wijk))
    assert isinstance(derde, Geopend)
    assert derde.noodtoegang != eerste.noodtoegang
    assert derde.tot > eerste.tot


async def test_a_crisis_note_is_in_the_open_case_by_who_looks_and_only_while_it_runs(wijk: Wijk, rachid: UUID) -> None:
    wie = wijk.actor("CRISISDIENST", team=wijk.ander_team)
    found = await in_nood(wijk, wie)
    assert isinstance(found, Geopend)
    unit = partial(schrijf_crisisnotitie, noodtoegang=found.noodtoegang, tekst="Politie is ter plaatse")
    crisis = partial(wijk.actor, "CRISISDIENST", team=wijk.ander_team)
    await refused(wijk, crisis(), GeenDossier, unit, records=[Notitie, Notitieversie])
    dossier = await wijk.dossier(rachid)
    await refused(wijk, crisis(), OngeldigeInvoer, partial(unit, tekst=" "), records=[Notitie, Notitieversie])
    await refused(wijk, elders(wijk), NietGevonden, unit, records=[Notitie, Notitieversie])
    await wijk.schrijf(crisis(), unit)
    velden = ("soort", "tekst", "dossier_id", "auteur_id", "categorie_code", "niveau_vanaf")
    [notitie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, velden, "persoon_id", [rachid]))
    assert (notitie.soort, notitie.tekst, notitie.dossier_id) == (Notitiesoort.CRISISNOTITIE, "Politie is ter plaatse", dossier)
    assert (notitie.auteur_id, notitie.categorie_code, notitie.niveau_vanaf) == (wijk.CRISISDIENST, "CONTACTVERSLAGEN", int(N6))
    wijk.klok.moment = found.tot
    await refused(wijk, crisis(), NietGevonden, unit, records=[Notitie, Notitieversie])


async def test_the_minutes_are_a_setting(wijk: Wijk, rachid: UUID) -> None:
    await wijk.dossier(rachid)
    wijk.wijkwerk.settings.grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"nood_minuten": 5})
    wie = elders(wijk)
    found = await in_nood(wijk, wie)
    assert isinstance(found, Geopend)
    assert found.tot == wie.moment + timedelta(minutes=5)


@pytest.mark.parametrize("per_dag", [10, 3], ids=["an hour", "a day"])
async def test_at_the_moment_that_is_told_there_is_room_again(wijk: Wijk, rachid: UUID, per_dag: int) -> None:
    """A refusal counts as well: the moment that is told has it in, by the hour and by the day."""
    await wijk.dossier(rachid)
    wijk.wijkwerk.settings.grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"nood_per_uur": 2, "nood_per_dag": per_dag})
    for _ in range(2):
        await in_nood(wijk, elders(wijk), Kenmerken(geslachtsnaam="Niemand", geboortedatum=Datum(1951, 4, 2)))
        wijk.klok.moment += timedelta(minutes=20)
    vaak = await in_nood(wijk, elders(wijk))
    assert isinstance(vaak, NietMogelijk)
    assert vaak.opnieuw is not None
    wijk.klok.moment = vaak.opnieuw
    assert isinstance(await in_nood(wijk, elders(wijk)), Geopend)
