"""Checks 4, 6, 8, 9, 10 and 11: what stands in rows and in the log as a whole; and who may look."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.purposes import Instemming
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.inzage.naamverzoek import Naamreden, Naamverzoek
from wijkwerk.kalender.termijnen import na_termijn
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.tables import log_checkpoint, log_getuige, log_kop, log_stroom
from wijkwerk.noodtoegang.noodtoegang import Noodoordeel, Noodreden, Noodtoegang
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.controles import Toezicht, deur
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toestemmingen.tekst import Toestemmingstekst
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Toestemmingstatus, Wijze
from wijkwerk.toezicht.controles import lijst
from wijkwerk.toezicht.controles.bewaring import uiterste_begin
from wijkwerk.toezicht.controles.lijst import CONTROLES, blik, controle_met, tel

pytestmark = pytest.mark.anyio
UUR, DAG = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def log(wijk_vlug: Wijk) -> Toezicht:
    return Toezicht(wijk_vlug)


def onderdelen(found: Any) -> list[str]:
    return sorted(each.onderdeel for each in found)


async def test_break_glass_is_counted_with_whether_it_was_judged_in_time_and_what_came_of_it(log: Toezicht) -> None:
    wijk, persoon, voor = log.wijk, await log.wijk.inwoner(), date(2027, 3, 3)
    op_tijd, te_laat = datetime(2027, 3, 3, 22, tzinfo=UTC), datetime(2027, 3, 3, 23, tzinfo=UTC)  # eleven at night, and midnight
    oordelen: list[tuple[Noodoordeel | None, datetime | None, date]] = [
        (Noodoordeel.TERECHT, op_tijd, voor), (Noodoordeel.ONTERECHT, te_laat, voor), (None, None, voor), (None, None, date(2027, 3, 9)),
    ]  # fmt: skip

    def vul(c: Any) -> None:
        for oordeel, op, uiterlijk in oordelen:
            wijk.put(
                c, Noodtoegang, persoon_id=persoon, categorie_code="IDENTITEIT", gebruiker_id=wijk.CRISISDIENST, organisatie_id=wijk.stad,
                rol="CRISISDIENST", reden=Noodreden.ACUUT_GEVAAR, toelichting=b"x", van=BEGIN, tot=BEGIN + UUR, beoordelen_voor=uiterlijk,
                beoordeeld=oordeel is not None, oordeel=oordeel, beoordeeld_op=op,
            )  # fmt: skip

    await wijk.wijkwerk.database.transact(vul)
    wijk.klok.moment = datetime(2027, 3, 8, 9, tzinfo=UTC)
    found = await log.vind(4)
    assert onderdelen(found) == sorted(
        [*["GEOPEND"] * 4, "TERECHT", "ONTERECHT", "TE_LAAT_BEOORDEELD", "NIET_BEOORDEELD", "WACHT_OP_OORDEEL"]
    )
    assert {(each.gebruiker, len(each.pseudoniemen), each.kenmerken) for each in found} == {
        (wijk.CRISISDIENST, 1, ("CRISISDIENST", "ACUUT_GEVAAR"))
    }
    assert await log.vind(4, van=BEGIN + UUR) == []


async def test_doors_without_the_consent_that_they_need_and_consents_that_no_ground_asks_for(log: Toezicht) -> None:
    wijk = log.wijk
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    goed, partij = nieuw_id(), {"persoon_id": persoon, "partij_id": wijk.zorg, "partijsoort": Partijsoort.ORGANISATIE}

    def vul(c: Any) -> None:
        tekst = c.execute(select(Toestemmingstekst.tabel().c.id)).scalars().first()
        for id, soort, geldig_tot, doel in (
            (goed, Instemming.UITDRUKKELIJKE_TOESTEMMING, date(2027, 3, 10), "ZORG_UITWISSELING"),
            (nieuw_id(), Instemming.AVG_TOESTEMMING, date(2027, 9, 1), "WMO_ONDERZOEK"),
        ):
            wijk.put(
                c, Toestemming, id=id, persoon_id=persoon, dossier_id=dossier, soort=soort, doel=doel, categorieen=["IDENTITEIT"],
                richting=Richting.VERSTREKKEN, tekst_id=tekst, wijze=Wijze.DIGITAAL, status=Toestemmingstatus.GEGEVEN, gevraagd_op=BEGIN,
                gegeven_op=BEGIN, geldig_tot=geldig_tot, gevraagd_door_id=wijk.WIJKTEAM,
            )  # fmt: skip
        for toestemming, tot in ((goed, None), (goed, BEGIN + DAG), (None, None), (None, BEGIN + DAG)):
            wijk.put(
                c, Betrokkenheid, **partij, doel="ZORG_UITWISSELING", categorie_code="IDENTITEIT", niveau_tot=3,
                grondslag="ZORG_UITWISSELING/1",
                toestemming_id=toestemming, bron=Bron.TOESTEMMING, bron_id=goed, van=BEGIN, tot=tot,
            )  # fmt: skip

    await wijk.wijkwerk.database.transact(vul)
    wijk.klok.moment = datetime(2027, 3, 10, 22, tzinfo=UTC)  # the last evening in the Netherlands
    assert onderdelen(await log.vind(6)) == ["GRONDSLAG_KENT_GEEN_TOESTEMMING", "ZONDER_TOESTEMMING"]
    wijk.klok.moment += 2 * UUR
    assert onderdelen(await log.vind(6)) == ["GRONDSLAG_KENT_GEEN_TOESTEMMING", "TOESTEMMING_VOORBIJ", "ZONDER_TOESTEMMING"]
    [deur_] = await log.vind(6, "TOESTEMMING_VOORBIJ")
    assert deur_.kenmerken == ("TOESTEMMING", f"partij {wijk.zorg}", "ZORG_UITWISSELING", "GEGEVEN", "geldig tot 2027-03-10")
    t = Toestemming.tabel()
    await wijk.change(update(t).where(t.c.id == goed).values(geldig_tot=date(2028, 1, 1), status=Toestemmingstatus.INGETROKKEN))
    assert len(await log.vind(6, "TOESTEMMING_VOORBIJ")) == 1
    await wijk.change(update(t).where(t.c.id == goed).values(status=Toestemmingstatus.GEGEVEN))
    assert await log.vind(6, "TOESTEMMING_VOORBIJ") == []


async def test_rows_past_their_term_destruction_without_a_list_and_a_backup_that_was_put_back(log: Toezicht) -> None:
    wijk = log.wijk
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    gesloten = {
        "status": Dossierstatus.GESLOTEN,
        "gesloten": datetime(2012, 2, 28, 23, tzinfo=UTC),
    }  # a leap day here
    await wijk.change(update(Dossier.tabel()).where(Dossier.tabel().c.id == dossier).values(gesloten))
    wijk.klok.moment = datetime(2027, 2, 27, 22, 59, tzinfo=UTC)
    assert await log.vind(8, "OVER_DATUM") == []
    wijk.klok.moment = datetime(2027, 2, 28, 12, tzinfo=UTC)
    [dossier_] = await log.vind(8, "OVER_DATUM")
    assert (dossier_.soort, dossier_.nummer, dossier_.kenmerken) == ("Dossier", dossier, ("begin 2012-02-28", "P15Y", "3.1.5"))
    wijk.klok.moment = BEGIN + 10 * DAG
    pseudoniem = nieuw_id()
    await wijk.wijkwerk.database.transact(
        lambda c: wijk.put(
            c, Vernietiging, pseudoniem=pseudoniem, vernietigd=BEGIN, door_id=wijk.PRIVACY_OFFICER, sleutels=3, bij_anderen=0,
            reservekopie_tot=date(2027, 4, 1),
        )
    )  # fmt: skip
    await wijk.wijkwerk.journal.record(
        Logregel(gebeurtenis=Gebeurtenis.TERUGGEZET, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=BEGIN, onderdeel="restore")
    )
    found = await log.vind(8)
    assert {"OVER_DATUM", "DATUM_NIET_TE_BEPALEN", "ZONDER_LIJST", "TERUGGEZET"} == set(onderdelen(found))
    [vernietigd] = await log.vind(8, "ZONDER_LIJST")
    assert (vernietigd.pseudoniemen, vernietigd.gebruiker, vernietigd.kenmerken) == ((pseudoniem,), wijk.PRIVACY_OFFICER, ("sleutels 3",))
    assert "Naamverzoek" not in {each.soort for each in await log.vind(8, "DATUM_NIET_TE_BEPALEN")}


def test_the_last_day_on_which_a_term_can_have_begun_is_the_last_whose_end_is_over() -> None:
    for termijn in ("P15Y", "P1M", "P42D", "P1Y6M", "P1D"):
        for dag in (date(2028, 2, 29), date(2027, 3, 1), date(2027, 3, 31), date(2027, 12, 31)):
            begin = uiterste_begin(dag, termijn)
            assert na_termijn(begin, termijn) <= dag < na_termijn(begin + DAG, termijn)


async def test_a_log_that_is_tampered_with_behind_the_clock_or_without_checkpoints_and_witnesses_is_noticed(log: Toezicht) -> None:
    wijk = log.wijk
    persoon = await wijk.inwoner()
    nu, journal = wijk.klok.moment, wijk.wijkwerk.journal
    await journal.checkpoint()
    gewoon = {"GEEN_GETUIGE", "NIET_GECONTROLEERD"}
    assert set(onderdelen(await log.vind(9))) == gewoon
    c, s = log_checkpoint.c, log_stroom.c
    omvang = (await wijk.rows(select(func.max(c.omvang))))[0][0]
    getuige = {"getuige": "buren", "omvang": omvang, "bevestiging": "", "tijdstip": nu}
    await wijk.change(log_getuige.insert().values(getuige))
    await journal.record(
        Logregel(
            gebeurtenis=Gebeurtenis.LOG_BEKEKEN, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=nu,
            onderdeel="wijkwerk log verify",
        )
    )  # fmt: skip
    assert onderdelen(await log.vind(9)) == ["GECONTROLEERD"]
    await log.kijkt("WIJKTEAM", persoon, op=nu + UUR, deuren=[deur(Bron.DOSSIER)])
    [toekomst] = await log.vind(9, "KLOK_TERUG")
    assert toekomst.kenmerken == ("toekomst",)
    wijk.klok.moment = nu + 2 * UUR
    [wacht] = await log.vind(9, "CHECKPOINT_OUD")
    assert wacht.soort == "Stroom"
    await journal.checkpoint()
    wijk.klok.moment = nu + 4 * UUR
    assert onderdelen(await log.vind(9)) == ["GECONTROLEERD", "GETUIGE_ACHTER"]
    await wijk.change(update(log_checkpoint).where(c.omvang > omvang).values(tijdstip=nu - UUR))
    assert "KLOK_TERUG" in onderdelen(await log.vind(9))
    wijk.klok.moment = nu + 30 * UUR
    stromen = {each.nummer for each in await log.vind(9, "NIET_GESLOTEN")}
    assert stromen == {row.id for row in await wijk.rows(select(s.id).where(~s.gesloten))}
    await wijk.change(update(log_kop).values(seq=log_kop.c.seq + 1))
    found = await log.vind(9)
    assert {each.nummer for each in found if each.onderdeel == "EINDE_ONTBREEKT"} == stromen
    assert {each.nummer for each in found if each.onderdeel == "BESCHADIGD"} == stromen


async def test_requests_of_residents_are_counted_by_whether_they_were_answered_within_a_month(log: Toezicht) -> None:
    wijk = log.wijk
    antwoorden = (datetime(2027, 4, 1, 21, 59, tzinfo=UTC), datetime(2027, 4, 1, 22, tzinfo=UTC), None)

    def vul(c: Any) -> None:
        for besloten in antwoorden:
            wijk.put(
                c, Naamverzoek, pseudoniem=nieuw_id(), reden=Naamreden.ANDERE_REDEN, van=date(2027, 1, 1), tot=date(2027, 2, 1),
                gevraagd_op=BEGIN, besloten_op=besloten,
            )  # fmt: skip

    await wijk.wijkwerk.database.transact(vul)
    assert onderdelen(await log.vind(10)) == ["OPEN", "OP_TIJD", "TE_LAAT"]
    wijk.klok.moment = datetime(2027, 4, 1, 22, tzinfo=UTC)
    assert onderdelen(await log.vind(10)) == ["OPEN_TE_LAAT", "OP_TIJD", "TE_LAAT"]
    assert await log.vind(10, van=BEGIN + DAG) == []


async def test_activities_that_were_never_in_the_register_are_found_in_the_log_and_dpias_that_are_missing_in_it(
    log: Toezicht,
) -> None:
    wijk = log.wijk
    persoon = await wijk.inwoner()
    activiteiten = ["WMO_ONDERSTEUNING", "VERZONNEN", "ZELFBEDACHT", "VERZONNEN"]
    for nummer, code in enumerate(activiteiten):
        await log.kijkt("WIJKTEAM", persoon, op=BEGIN + nummer * UUR, activiteit=code, deuren=[deur(Bron.DOSSIER)])
    found = await log.vind(11, "ACTIVITEIT_ONBEKEND")
    assert [each.kenmerken[0] for each in found] == ["VERZONNEN", "VERZONNEN", "ZELFBEDACHT"]
    assert len(await log.vind(11, "ACTIVITEIT_ONBEKEND", van=BEGIN + 2 * UUR)) == 2
    alle = wijk.wijkwerk.catalogue.activiteiten
    assert len(await log.vind(11, "DPIA_NIET_BEOORDEELD")) == len(alle)
    register = wijk.wijkwerk.settings.map / "register.toml"
    register.write_text(
        '[[activiteit]]\ncode="PARTICIPATIE"\nversie=2\nvan=2027-01-01\ndpia_nodig=true\n'
        '[[activiteit]]\ncode="BUURTWERK"\nversie=2\nvan=2027-01-01\ndpia_nodig=true\ndpia="DPIA-12"\n'
        '[[activiteit]]\ncode="TOEZICHT"\nversie=2\nvan=2027-01-01\ndpia_nodig=false\n'
    )
    wijk.wijkwerk.settings.register_file = register
    wijk.wijkwerk.catalogue = wijk.wijkwerk._catalogue()
    assert [each.kenmerken for each in await log.vind(11, "DPIA_ONTBREEKT")] == [("PARTICIPATIE",)]
    assert len(await log.vind(11, "DPIA_NIET_BEOORDEELD")) == len(alle) - 3


async def test_only_oversight_looks_at_a_period_that_can_be_and_there_are_eleven(log: Toezicht, monkeypatch: pytest.MonkeyPatch) -> None:
    wijk = log.wijk
    persoon = await wijk.inwoner()
    assert [each.nummer for each in CONTROLES] == list(range(1, 12))
    for rol in ("WIJKTEAM", "BEHEER", "PRIVACY_OFFICER", "DOCK", "INWONER"):
        with pytest.raises(GeenRecht):
            await wijk.lees(rol, lambda reader: blik(reader, log.van, log.tot))
    for van, tot in ((log.tot, log.van), (log.van, log.van), (log.tot, log.tot + DAG), (log.van.replace(tzinfo=None), log.tot)):
        with pytest.raises(OngeldigeInvoer):
            await wijk.lees("FG", partial(blik, van=van, tot=tot))
    for nummer in (0, 12, -1):
        with pytest.raises(OngeldigeInvoer, match="van 1 tot en met 11"):
            controle_met(nummer)
    buren = await wijk.lees("FG", lambda reader: tel(blik(reader, log.van, log.tot)))
    assert len(buren) == 11
    await log.kijkt("WIJKTEAM", persoon, op=BEGIN)
    wijk.klok.moment += UUR
    monkeypatch.setattr(lijst, "MEESTE_REGELS", 1)
    with pytest.raises(OngeldigeInvoer, match="te veel"):
        await wijk.lees("FG", partial(blik, van=log.van, tot=log.tot))
