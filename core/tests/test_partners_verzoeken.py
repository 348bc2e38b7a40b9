"""A partner asks to be let in: one answer for everybody, and afterwards a task for who directs the case, if there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Afschermsoort, Betrokkenheid
from wijkwerk.access.levels import N0
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.status import sluit
from wijkwerk.errors import DatabaseNietBeschikbaar, GeenRecht, OngeldigeInvoer, WijkwerkError
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.klussen import doe
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.partners import verwerken
from wijkwerk.partners.nakijken import VERWERKEN, kijk_na
from wijkwerk.partners.toegangsverzoek import Toegangsverzoek, Verzoekstatus
from wijkwerk.partners.verwerken import LATER, verwerk
from wijkwerk.partners.verzoeken import Antwoord, Verzoekuitkomst, vraag_toegang
from wijkwerk.personen import Persoon
from wijkwerk.post.commands import _samen
from wijkwerk.post.commands import draai as werk_af
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.systeem import TOEGANG, als_systeem, systeemgebruiker
from wijkwerk.taken.taak import Taak
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.weigering import refused, rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.kenmerken import Kenmerken

pytestmark = pytest.mark.anyio
GEBOREN = Datum(1956, 11, 3)
SUUS = Kenmerken(geslachtsnaam="Moulin", geboortedatum=GEBOREN)
ONBEKEND = Kenmerken(geslachtsnaam="Jansen", geboortedatum=GEBOREN)
WAAROM = "Ik kom bij mevrouw thuis en wil weten wie haar helpt"
T = Toegangsverzoek.tabel()
PLAATS = ("gevraagd", "tijdstip", "einde", "stream", "seq")


async def vraag(wijk: Wijk, kenmerken: Kenmerken = SUUS, *, rol: Any = "DOCK", **meer: Any) -> Antwoord:
    return await wijk.schrijf(rol, lambda work: vraag_toegang(work, kenmerken, meer.get("waarom", WAAROM), meer.get("als")))


async def suus(wijk: Wijk, **meer: Any) -> tuple[UUID, UUID]:
    """A resident with an open case."""
    gegevens: dict[str, Any] = {"geslachtsnaam": "Moulin", "geboortedatum": GEBOREN} | meer
    persoon = await wijk.inwoner(**gegevens)
    return persoon, await wijk.dossier(persoon)


async def verzoeken(wijk: Wijk) -> Sequence[Any]:
    return await wijk.rows(select(T).order_by(T.c.ontvangen_op))


async def taken(wijk: Wijk) -> Sequence[Any]:
    t = Taak.tabel()
    return await wijk.rows(select(t.c.persoon_id, t.c.kader_id, t.c.voor_id).where(t.c.soort == "TOEGANGSVERZOEK_BEOORDELEN"))


async def sleutels(wijk: Wijk, id: UUID) -> set[UUID]:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: wijk.wijkwerk.keyring.keys_of(connection, wijk.gemeente, id))


async def verwerkt(wijk: Wijk) -> None:
    """Nothing is left of what was asked: no content, no key, and the same status for everybody."""
    for rij in await verzoeken(wijk):
        assert (rij.status, rij.inhoud, await sleutels(wijk, rij.id)) == (Verzoekstatus.VERWERKT, None, set())


async def bewoners(wijk: Wijk) -> dict[str, Kenmerken]:
    """Known with a case, with secrecy, behind a shield against this very partner, known without a case, and not known at all."""
    wijk.wijkwerk.settings.grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"verzoek_per_uur": 50})
    wie = {naam: replace(SUUS, geslachtsnaam=naam) for naam in ("Onbekend", "Bekende", "Geheime", "Veilige", "Losseman", "Nergens")}
    for naam in ("Bekende", "Geheime", "Veilige"):
        persoon = await wijk.inwoner(naam, geboortedatum=GEBOREN, geheim=naam == "Geheime")
        await wijk.dossier(persoon)
        if naam == "Veilige":
            await wijk.schrijf("WIJKTEAM", partial(scherm_af, persoon=persoon, soort=Afschermsoort.VEILIGHEID, partij=wijk.dock))
    await wijk.inwoner("Losseman", geboortedatum=GEBOREN)
    return wie


async def test_the_answer_its_work_and_its_log_are_the_same_whoever_it_is_about(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    wie, answers, work, regels = await bewoners(wijk), [], [], []
    await vraag(wijk, ONBEKEND)
    for kenmerken in wie.values():
        with count_statements(wijk.wijkwerk.database) as statements:
            answers.append(await vraag(wijk, kenmerken))
        work.append(list(statements))
        regels.append({name: value for name, value in (await wijk.log())[-1].items() if name not in PLAATS})
    assert len(set(answers)) == 1
    assert answers[0].uitkomst is Verzoekuitkomst.ONTVANGEN
    assert work == [work[0]] * len(wie)
    assert regels == [regels[0]] * len(wie)
    assert (regels[0]["resultaat"], regels[0]["details"]) == ("GEEN_RESULTAAT", {"gezocht": ["geboortedatum", "geslachtsnaam"]})
    rijen = (await verzoeken(wijk))[1:]
    assert {(len(rij.inhoud) - len(naam), rij.status, rij.verwerkt_op) for rij, naam in zip(rijen, wie, strict=True)} == {
        (len(rijen[0].inhoud) - len("Onbekend"), Verzoekstatus.ONTVANGEN, None)
    }
    assert not any(naam.encode() in bytes(str(tuple(rij)), "utf-8") for rij in rijen for naam in (*wie, "thuis"))
    assert await verwerk(wijk.wijkwerk) == 7
    assert {row.voor_id for row in await taken(wijk)} == {wijk.REGISSEUR}
    assert len(await taken(wijk)) == 3
    await verwerkt(wijk)
    assert len({tuple(rij)[3:5] for rij in await verzoeken(wijk)}) == 1
    assert await wijk.lees("DOCK", lambda reader: reader.count(Persoon)) == 0


async def test_the_casusregisseur_reads_who_asks_and_why_and_the_log_says_what_the_system_did(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await suus(wijk)
    await vraag(wijk, rol="ZORG")
    assert await verwerk(wijk.wijkwerk) == 1
    [taak] = await wijk.lees("REGISSEUR", lambda r: r.by_key(Taak, ("tekst", "soort", "kader_id", "uiterlijk"), "persoon_id", [persoon]))
    assert taak.kader_id == dossier
    assert taak.tekst.startswith("zorg (medewerker zorginstelling bij zorg) vraagt om toegang tot deze inwoner")
    assert WAAROM in taak.tekst
    assert await wijk.lees("ZORG", lambda reader: reader.count(Taak)) == 0
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        [pseudoniem] = (await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, [persoon]))).values()
    regels = [regel for regel in await wijk.log() if regel["onderdeel"] == "toegangsverzoek:verwerken"]
    assert [regel["activiteit"] for regel in regels] == ["TOEGANG_BEWAKEN"] * 2
    assert all([each["ref"] for each in regel["betrokkenen"]] == [pseudoniem.hex] for regel in regels)
    assert await verwerk(wijk.wijkwerk) == 0
    assert len(await taken(wijk)) == 1


async def test_nobody_gets_a_task_for_who_is_not_meant_exactly_or_has_no_open_case(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    _, dossier = await suus(wijk)
    await wijk.schrijf("REGISSEUR", lambda work: sluit(work, dossier, 1, Statusreden.AFGEROND))
    await vraag(wijk)
    assert await verwerk(wijk.wijkwerk) == 1
    assert await taken(wijk) == []
    for voornamen in ("Jo", "Bo"):
        await wijk.dossier(await wijk.inwoner("Kok", voornamen=voornamen, geboortedatum=GEBOREN))
    await vraag(wijk, replace(SUUS, geslachtsnaam="Kok"))
    await verwerk(wijk.wijkwerk)
    assert await taken(wijk) == []
    await verwerkt(wijk)


async def test_without_a_casusregisseur_who_sees_the_case_the_team_gets_the_task_in_each_open_case(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, dossier = await suus(wijk)
    tweede = await wijk.dossier(persoon)
    conflict = partial(scherm_af, persoon=persoon, soort=Afschermsoort.BELANGENCONFLICT, niveau_tot=N0, partij=wijk.REGISSEUR)
    await wijk.schrijf("WIJKTEAM", conflict)
    await vraag(wijk)
    assert await verwerk(wijk.wijkwerk) == 1
    assert {tuple(row) for row in await taken(wijk)} == {(persoon, dossier, wijk.team), (persoon, tweede, wijk.team)}


async def test_a_request_needs_the_right_a_reason_and_two_identifiers_and_else_nothing_happens(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await suus(wijk, bsn=Bsn("999993653"))
    met_bsn = Kenmerken(bsn=Bsn("999993653"), postcode=Postcode("3043TD"), huisnummer=1)
    wrong: list[tuple[str, type[WijkwerkError], Kenmerken, str, str | None]] = [
        *((rol, GeenRecht, SUUS, WAAROM, None) for rol in ("WIJKTEAM", "KLANTMANAGER", "GROEPSHOST", "PARTNER_BEHEER", "FG", "BEHEER")),
        ("DOCK", GeenRecht, met_bsn, WAAROM, None),
        ("DOCK", OngeldigeInvoer, Kenmerken(geslachtsnaam="Moulin"), WAAROM, None),
        ("DOCK", OngeldigeInvoer, SUUS, " ", None), ("DOCK", OngeldigeInvoer, SUUS, "x" * 1001, None),
        ("DOCK", OngeldigeInvoer, SUUS, WAAROM, "REGISSEUR"), ("DOCK", OngeldigeInvoer, SUUS, WAAROM, ""),
    ]  # fmt: skip
    for rol, error, kenmerken, waarom, als in wrong:
        unit = partial(vraag_toegang, kenmerken=kenmerken, toelichting=waarom, rol=als)
        await refused(wijk, rol, error, unit, records=[Toegangsverzoek, Taak, Betrokkenheid])
    assert await verwerk(wijk.wijkwerk) == 0


async def test_too_often_is_an_answer_that_is_kept_nowhere_and_passes(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await suus(wijk)
    for _ in range(wijk.wijkwerk.settings.grenzen.verzoek_per_uur):
        assert (await vraag(wijk, ONBEKEND)).uitkomst is Verzoekuitkomst.ONTVANGEN
    before, answers = await rows_of(wijk, [Toegangsverzoek]), {await vraag(wijk, kenmerken) for kenmerken in (SUUS, ONBEKEND)}
    [antwoord] = answers
    assert (antwoord.uitkomst, (await wijk.log())[-1]["resultaat"]) == (Verzoekuitkomst.TE_VAAK_GEVRAAGD, "GEWEIGERD")
    assert await rows_of(wijk, [Toegangsverzoek]) == before
    assert (await vraag(wijk, rol="ZORG")).uitkomst is Verzoekuitkomst.ONTVANGEN
    assert antwoord.opnieuw is not None
    wijk.klok.moment = antwoord.opnieuw
    assert (await vraag(wijk)).uitkomst is Verzoekuitkomst.ONTVANGEN


async def test_a_worker_that_was_killed_half_way_makes_no_second_task_and_leaves_no_content(
    wijk: Wijk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await suus(wijk)
    await vraag(wijk)
    [rij] = await verzoeken(wijk)
    monkeypatch.setattr(verwerken, "sluit_af", _omgevallen)
    with pytest.raises(DatabaseNietBeschikbaar):
        await verwerk(wijk.wijkwerk)
    [half] = await verzoeken(wijk)
    assert (half.status, half.inhoud, len(await taken(wijk))) == (Verzoekstatus.ONTVANGEN, None, 1)
    assert len(await sleutels(wijk, rij.id)) == 1
    monkeypatch.undo()
    assert await verwerk(wijk.wijkwerk) == 1
    assert len(await taken(wijk)) == 1
    await verwerkt(wijk)


def _omgevallen(*_: Any, **__: Any) -> None:
    raise DatabaseNietBeschikbaar


async def test_two_workers_make_one_task_of_each_request(wijk: Wijk) -> None:
    for naam in ("Moulin", "Kok", "Vink"):
        await suus(wijk, geslachtsnaam=naam)
        await vraag(wijk, replace(SUUS, geslachtsnaam=naam))
    done = await asyncio.gather(*(verwerk(wijk.wijkwerk) for _ in range(2)))
    assert sum(done) == 3
    assert len(await taken(wijk)) == 3
    await verwerkt(wijk)


async def test_one_that_fails_or_was_tampered_with_waits_and_stops_no_other(
    wijk_vlug: Wijk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wijk = wijk_vlug
    await suus(wijk)
    for _ in range(3):
        await vraag(wijk)
    stuk, vervalst, _ = await verzoeken(wijk)
    await wijk.change(update(T).where(T.c.id == vervalst.id).values(inhoud=vervalst.inhoud[:-1] + b"x"))

    def struikelt(work: Any, id: UUID) -> None:
        if id == stuk.id:
            raise ZeroDivisionError
        kijk_na(work, id)

    monkeypatch.setattr(verwerken, "kijk_na", struikelt)
    assert await verwerk(wijk.wijkwerk) == 1
    monkeypatch.undo()
    assert [rij.status for rij in await verzoeken(wijk)] == [Verzoekstatus.ONTVANGEN] * 2 + [Verzoekstatus.VERWERKT]
    assert (await verwerk(wijk.wijkwerk), len(await taken(wijk))) == (0, 1)
    assert "Moulin" not in caplog.text
    wijk.klok.moment += LATER
    assert (await verwerk(wijk.wijkwerk), len(await taken(wijk))) == (1, 2)


async def test_the_job_does_what_no_worker_did_and_the_worker_stops_when_told(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await suus(wijk)
    await vraag(wijk)
    await vraag(wijk, ONBEKEND)
    uitslag = await draai(wijk.wijkwerk, VERWERKEN, wijk.gemeente, "2027-03-01")
    assert (uitslag.afloop, uitslag.gedaan, len(await taken(wijk))) == (Afloop.KLAAR, 2, 1)
    await verwerkt(wijk)
    await vraag(wijk)
    await doe(wijk.wijkwerk, asyncio.Event(), eenmalig=True)
    await verwerkt(wijk)
    stop = asyncio.Event()
    running = asyncio.create_task(doe(wijk.wijkwerk, stop, eenmalig=False))
    stop.set()
    await asyncio.wait_for(running, 60)


async def test_a_worker_without_a_mail_server_says_so_and_does_the_requests(wijk_vlug: Wijk, capsys: pytest.CaptureFixture[str]) -> None:
    wijk = wijk_vlug
    await suus(wijk)
    await vraag(wijk)
    assert await werk_af(wijk.wijkwerk, None, once=True)
    assert len(await taken(wijk)) == 1
    await verwerkt(wijk)
    assert capsys.readouterr().err.startswith("Er is geen mailserver, dus er gaat geen e-mail uit.")


async def test_of_what_a_worker_does_beside_each_other_one_that_fails_stops_the_other() -> None:
    klaar = asyncio.Event()

    async def valt_om() -> None:
        raise DatabaseNietBeschikbaar

    async def blijft() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            klaar.set()

    with pytest.raises(DatabaseNietBeschikbaar):
        await asyncio.wait_for(_samen(blijft(), valt_om()), 60)
    assert klaar.is_set()


async def test_only_the_system_looks_into_requests(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await suus(wijk)
    await vraag(wijk)
    [rij] = await verzoeken(wijk)
    for rol in ("WIJKTEAM", "REGISSEUR", "FG", "BEHEER"):
        for unit in (lambda work: kijk_na(work, rij.id), lambda work: VERWERKEN.stap(work, "2027-03-01", None)):
            await refused(wijk, rol, GeenRecht, unit, records=[Toegangsverzoek, Taak])
    gebruiker = await systeemgebruiker(wijk.wijkwerk, TOEGANG, wijk.gemeente, wijk.stad)
    await wijk.schrijf(als_systeem(wijk.wijkwerk, TOEGANG, gebruiker, wijk.gemeente, wijk.stad), lambda work: kijk_na(work, rij.id))
    assert len(await taken(wijk)) == 1
    wijk.klok.moment += timedelta(days=1)
    assert await verwerk(wijk.wijkwerk) == 1
