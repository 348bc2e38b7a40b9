"""The letter: at B1, without who it is about, for who may have it, in the log before it leaves; and names, once that is decided."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Afschermsoort, Partijsoort
from wijkwerk.access.register import ROLLEN
from wijkwerk.belangenconflict import scherm_af_voor
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.errors import GeenRecht, LogNietBeschikbaar, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.inzage.brief import Aanvraag, GeenBrief, Identiteitsbewijs, brief_aan_loket, mijn_brief, schrijf, tijden_in_woorden
from wijkwerk.inzage.mijn import mijn_inzage
from wijkwerk.inzage.naamverzoek import Naambesluit, Naamreden, Naamverzoek
from wijkwerk.inzage.namen import MEESTE_OPEN, beslis, vraag_namen
from wijkwerk.inzage.overzicht import Inzage, Inzageregel, Organisatieregel, Soort
from wijkwerk.inzage.taal import WAT, Taal
from wijkwerk.organisaties import gemeente
from wijkwerk.personen import Persoon
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
VAN, TOT = date(2027, 3, 1), date(2027, 3, 31)
BSN, ANDER_BSN = "999993653", "999990019"
ZOEK = Aanvraag(bsn=Bsn(BSN), geboortedatum=Datum(1970, 3, 4), gezien=Identiteitsbewijs.PASPOORT, van=VAN, tot=TOT)
MOEILIJK = (
    "middels", "conform", "inzake", "betreffende", "aangaande", "derhalve", "tevens", "dient", "teneinde", "alsmede", "indien", "echter",
    "verwerking", "betrokkene", "raadplegen", "geraadpleegd", "autorisatie", "grondslag", "reeds", "desbetreffende", "ingevolge", "omtrent",
    "verstrekken", "verkrijgen", "dossierinformatie", "pseudoniem",
)  # fmt: skip
"""Words of an office, which a reader at B1 need not know."""


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    ik = await wijk_vlug.inwoner("Moulin", roepnaam="Suzanne", geboortedatum=Datum(1970, 3, 4), bsn=Bsn(BSN), straat="Kerkstraat")
    await wijk_vlug.schrijf("WIJKTEAM", lambda work: laat_toe(work, ik, wijk_vlug.INWONER, Vaststelling.DIGID))
    await wijk_vlug.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("roepnaam", "straat"), ik))
    wijk_vlug.ids["ik"] = ik
    return wijk_vlug


async def aan_loket(wijk: Wijk, rol: str = "INZAGELOKET", **anders: Any) -> str | GeenBrief:
    return await brief_aan_loket(wijk.wijkwerk, wijk.actor(rol), replace(ZOEK, **anders))


def kaal(html: str) -> list[str]:
    """The text, by paragraph, heading or cell."""
    body = html.partition("</head>")[2]
    return [" ".join(re.sub("<[^>]+>", " ", deel).split()) for deel in re.split("</?(?:p|h1|h2|h3|li|td|th|caption|br)[^>]*>", body)]


async def test_the_letter_is_at_b1_and_does_not_say_whose_it_is(wijk: Wijk) -> None:
    html = await mijn_brief(wijk.wijkwerk, wijk.actor("INWONER"), VAN, TOT)
    assert "Beste inwoner," in html
    for wie in ("Moulin", "Suzanne", "Kerkstraat", BSN, "1970", "wijkteam</td>", str(wijk.ik), wijk.ik.hex):
        assert wie not in html
    assert "wijkteammedewerker" in html
    assert "Gegevens bekeken" in html
    zinnen = [zin for deel in kaal(html) for zin in re.findall(r"[^.?!]+[.?!]", deel) if len(zin.split()) > 2]
    lengten = [len(zin.split()) for zin in zinnen]
    assert len(zinnen) > 15
    assert sum(lengten) / len(lengten) < 10
    assert max(lengten) <= 17
    woorden = set(re.findall(r"\w+", " ".join([*kaal(html), *WAT.values()]).lower()))
    assert not woorden & set(MOEILIJK)


async def test_a_letter_of_nothing_says_so(wijk: Wijk) -> None:
    html = await mijn_brief(wijk.wijkwerk, wijk.actor("INWONER"), date(2026, 1, 1), date(2026, 1, 31))
    assert "heeft niemand uw gegevens bekeken" in html
    assert "<table" not in html


async def test_the_system_is_one_word_and_an_emergency_is_told_once(wijk: Wijk) -> None:
    catalogue = wijk.wijkwerk.catalogue
    assert Taal(catalogue).functies(("TOEGANG", "JOBS", "WIJKTEAM")) == ("het systeem zelf", "wijkteammedewerker")
    soorten = [
        Soort("Overdam", (), wat=WAT[gebeurtenis], waarvoor="Hulp", doelen=(), nood=True, naam="")
        for gebeurtenis in ("NOODTOEGANG_GEOPEND", "LEZEN")
    ]
    regels = [Inzageregel(VAN, soort, [BEGIN]) for soort in soorten]
    inzage = Inzage(VAN, TOT, [Organisatieregel("Overdam", set(), 2, VAN, VAN, True)], regels, [])
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        html = await snapshot.run(lambda connection: schrijf(connection, wijk.gemeente, BEGIN, inzage))
    delen = kaal(html)
    assert {"Een noodprocedure gestart", "Gegevens bekeken, met een noodprocedure"} <= set(delen)
    naam = (await wijk.rows(select(gemeente.c.naam)))[0].naam
    assert delen.count(f"Gemeente {naam}") == 2


async def test_a_letter_is_in_the_log_of_the_resident_as_printed(wijk: Wijk) -> None:
    await mijn_brief(wijk.wijkwerk, wijk.actor("INWONER"), VAN, TOT)
    html = await aan_loket(wijk)
    assert isinstance(html, str)
    zelf, loket = (each for each in await wijk.log() if each["gebeurtenis"] == "AFDRUKKEN")
    assert [(each["actie"], each["resultaat"], each["onderdeel"]) for each in (zelf, loket)] == [
        ("E", "GESLAAGD", "brief-mijn-inzage"), ("E", "GESLAAGD", "brief-inzage"),
    ]  # fmt: skip
    assert zelf["betrokkenen"] == loket["betrokkenen"]
    assert loket["details"]["gezien"] == "PASPOORT"
    assert BSN not in str(loket)
    assert "medewerker inzageverzoeken" in str(await aan_loket(wijk))


GEEN: dict[str, dict[str, Any]] = {
    "another BSN": {"bsn": Bsn(ANDER_BSN)},
    "another day": {"geboortedatum": Datum(1970, 3, 5)},
}


async def test_nobody_and_nobody_who_may_be_known_are_the_same(wijk: Wijk) -> None:
    await wijk.dossier(wijk.ik)
    found = {name: await aan_loket(wijk, **anders) for name, anders in GEEN.items()}
    assert found == dict.fromkeys(GEEN, GeenBrief())
    await wijk.schrijf("REGISSEUR", lambda work: scherm_af_voor(work, wijk.ik, wijk.INZAGELOKET, Partijsoort.GEBRUIKER, "Familie"))
    assert await aan_loket(wijk) == GeenBrief()
    regels = [each for each in await wijk.log() if each["gebeurtenis"] == "AFDRUKKEN"]
    assert [(each["resultaat"], "betrokkenen" in each, len(each["gevraagd"])) for each in regels] == [("GEEN_RESULTAAT", False, 2)] * 3
    assert not [each for each in regels if "1970" in str(each) or BSN in str(each)]


async def test_other_roles_get_no_letter_of_anybody(wijk: Wijk) -> None:
    for rol in wijk.wijkwerk.catalogue.rollen:
        if rol != "INZAGELOKET":
            with pytest.raises(GeenRecht):
                await aan_loket(wijk, rol, namen=Naamreden.EIGEN_VEILIGHEID)
        if rol != "INWONER":
            with pytest.raises(GeenRecht):
                await mijn_brief(wijk.wijkwerk, wijk.actor(rol), VAN, TOT)
    assert not await wijk.rows(select(Naamverzoek.tabel()))


async def test_the_desk_can_do_nothing_else(wijk: Wijk) -> None:
    actor = wijk.actor("INZAGELOKET")
    assert actor.rechten - van_iedereen(wijk) == {"inzage:brief", "inzage:namen:schrijven"}
    assert actor.doelen == ()
    for record in wijk.wijkwerk.catalogue.records:
        if record.kind in ("PersonRecord", "KaderRecord"):
            assert not actor.may(record.lezen.naam), record
            assert not actor.may(record.schrijven.naam), record


def van_iedereen(wijk: Wijk) -> set[str]:
    """What every employee may, whatever they do: nothing about a person."""
    per_rol = [wijk.actor(rol.code).rechten for rol in ROLLEN if rol.gemeentelijk and not rol.eigen and not rol.systeem]
    samen = set.intersection(*map(set, per_rol))
    assert not {recht for recht in samen if recht.startswith(("persoon", "notitie", "dossier", "log"))}
    return samen


async def test_trying_is_counted_and_ends(wijk: Wijk) -> None:
    grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"brief_per_uur": 3})
    wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"grenzen": grenzen})
    answers = [await aan_loket(wijk, bsn=Bsn(ANDER_BSN)) for _ in range(3)] + [await aan_loket(wijk)]
    assert answers == [GeenBrief()] * 3 + [GeenBrief(te_vaak=True)]
    regel = [each for each in await wijk.log() if each["gebeurtenis"] == "AFDRUKKEN"][-1]
    assert (regel["resultaat"], regel["code"], "betrokkenen" in regel) == ("GEWEIGERD", "TE_VAAK_GEVRAAGD", False)
    wijk.klok.moment += timedelta(hours=1, minutes=1)
    assert isinstance(await aan_loket(wijk), str)


async def test_what_can_not_be_is_refused_before_anybody_is_looked_for(wijk: Wijk) -> None:
    for anders in ({"geboortedatum": Datum(1970)}, {"van": TOT, "tot": VAN}, {"van": date(2099, 1, 1), "tot": date(2099, 1, 1)}):
        with pytest.raises(OngeldigeInvoer):
            await aan_loket(wijk, **anders)


async def test_who_asked_for_secrecy_gets_a_letter_too(wijk: Wijk) -> None:
    await wijk.dossier(wijk.ik)
    await wijk.schrijf("REGISSEUR", lambda work: scherm_af(work, wijk.ik, Afschermsoort.GEHEIM))
    assert isinstance(await aan_loket(wijk), str)


async def test_without_a_log_nothing_leaves(wijk: Wijk) -> None:
    await wijk.wijkwerk.journal.close()
    with pytest.raises(LogNietBeschikbaar):
        await mijn_brief(wijk.wijkwerk, wijk.actor("INWONER"), VAN, TOT)
    with pytest.raises(LogNietBeschikbaar):
        await aan_loket(wijk)


async def test_a_letter_costs_as_many_statements_whatever_happened(wijk: Wijk) -> None:
    for _ in range(5):  # each stream of the log is opened by its first entry
        await aan_loket(wijk)
    with count_statements(wijk.wijkwerk.database) as een:
        await aan_loket(wijk)
    for _ in range(20):
        await wijk.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("roepnaam", "straat"), wijk.ik))
    with count_statements(wijk.wijkwerk.database) as veel:
        await aan_loket(wijk)
    assert len(een) == len(veel)


def test_times_of_a_day_are_told_one_by_one_while_they_are_few() -> None:
    uren = [BEGIN + timedelta(minutes=30 * n) for n in range(5)]
    assert tijden_in_woorden(uren[:1]) == "10.00 uur"
    assert tijden_in_woorden(uren[:3]) == "10.00, 10.30, 11.00 uur"
    assert tijden_in_woorden([*uren[:1], *uren[:1]]) == "10.00 uur (2 keer)"
    assert tijden_in_woorden(uren) == "5 keer, van 10.00 tot 12.00 uur"


async def namen(wijk: Wijk) -> set[tuple[date, str]]:
    inzage = await wijk.lees("INWONER", lambda reader: mijn_inzage(reader, VAN, TOT))
    return {(regel.dag, regel.soort.naam) for regel in inzage.regels if "wijkteammedewerker" in regel.soort.functies}


async def vraag(wijk: Wijk, van: date = VAN, tot: date = VAN, reden: Naamreden = Naamreden.EIGEN_VEILIGHEID) -> UUID:
    return await wijk.schrijf("INWONER", lambda work: vraag_namen(work, reden, van, tot))


async def test_names_are_shown_for_the_days_that_were_decided_on_and_no_other(wijk: Wijk) -> None:
    wijk.klok.moment = BEGIN + timedelta(days=1)
    await wijk.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("roepnaam",), wijk.ik))
    wijk.klok.moment = BEGIN + timedelta(days=5)
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.WIJKTEAM).values(naam="Medewerker Naam"))
    niets = {(VAN, ""), (date(2027, 3, 2), "")}
    assert await namen(wijk) == niets
    verzoek = await vraag(wijk)
    assert await vraag(wijk) == verzoek
    assert await namen(wijk) == niets
    await wijk.schrijf("PRIVACY_OFFICER", lambda work: beslis(work, verzoek, 1, Naambesluit.TONEN))
    assert await namen(wijk) == {(VAN, "Medewerker Naam"), (date(2027, 3, 2), "")}
    html = await mijn_brief(wijk.wijkwerk, wijk.actor("INWONER"), VAN, TOT)
    assert html.count("Door: Medewerker Naam") >= 1
    inzage = await wijk.lees("INWONER", lambda reader: mijn_inzage(reader, VAN, TOT))
    assert [(each.reden, each.besluit) for each in inzage.verzoeken] == [(Naamreden.EIGEN_VEILIGHEID, Naambesluit.TONEN)]
    besluit = next(each for each in reversed(await wijk.log()) if "Naamverzoek" in str(each))
    assert (besluit["gebruiker"], len(besluit["betrokkenen"])) == (wijk.PRIVACY_OFFICER.hex, 1)
    ander = await vraag(wijk, tot=TOT)
    await wijk.schrijf("PRIVACY_OFFICER", lambda work: beslis(work, ander, 1, Naambesluit.NIET_TONEN))
    assert await namen(wijk) == {(VAN, "Medewerker Naam"), (date(2027, 3, 2), "")}


async def test_what_has_yet_to_happen_can_not_be_decided_on(wijk: Wijk) -> None:
    """Names of who looks later are weighed later."""
    verzoek = await vraag(wijk, tot=TOT)
    assert [row.tot for row in await wijk.rows(select(Naamverzoek.tabel()))] == [VAN]
    assert await vraag(wijk, tot=TOT) == verzoek
    await wijk.schrijf("PRIVACY_OFFICER", lambda work: beslis(work, verzoek, 1, Naambesluit.TONEN))
    wijk.klok.moment = BEGIN + timedelta(days=2)
    await wijk.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("roepnaam",), wijk.ik))
    assert {naam != "" for dag, naam in await namen(wijk) if dag > VAN} == {False}


async def test_a_letter_that_fails_says_in_the_log_who_was_asked_for(wijk: Wijk) -> None:
    """That it failed tells the desk that there is somebody."""
    for day in range(1, MEESTE_OPEN + 1):
        await vraag(wijk, van=VAN - timedelta(days=day))
    with pytest.raises(OngeldigeInvoer, match="meer verzoeken"):
        await aan_loket(wijk, namen=Naamreden.KLACHT_OF_PROCEDURE)
    laatste = (await wijk.log())[-1]
    assert (laatste["gebeurtenis"], laatste["resultaat"], len(laatste["gevraagd"])) == ("AFDRUKKEN", "GEWEIGERD", 2)


async def test_who_may_not_ask_or_decide_is_refused_and_nothing_changes(wijk: Wijk) -> None:
    verzoek = await vraag(wijk)
    records = [Naamverzoek]
    for rol in wijk.wijkwerk.catalogue.rollen:
        if rol != "INWONER":
            await refused(wijk, rol, GeenRecht, lambda work: vraag_namen(work, Naamreden.ANDERE_REDEN, VAN, VAN), records=records)
        if rol != "PRIVACY_OFFICER":
            await refused(wijk, rol, GeenRecht, lambda work: beslis(work, verzoek, 1, Naambesluit.TONEN), records=records)
    officer = "PRIVACY_OFFICER"
    await refused(wijk, officer, VersieVerouderd, lambda work: beslis(work, verzoek, 2, Naambesluit.TONEN), records=records)
    await refused(wijk, officer, NietGevonden, lambda work: beslis(work, wijk.ik, 1, Naambesluit.TONEN), records=records)
    await wijk.schrijf(officer, lambda work: beslis(work, verzoek, 1, Naambesluit.NIET_TONEN))
    await refused(wijk, officer, OngeldigeInvoer, lambda work: beslis(work, verzoek, 2, Naambesluit.TONEN), records=records)
    for van, tot in ((TOT, VAN), (date(2099, 1, 1), date(2099, 1, 2))):
        wrong = partial(vraag_namen, reden=Naamreden.ANDERE_REDEN, van=van, tot=tot)
        await refused(wijk, "INWONER", OngeldigeInvoer, wrong, records=records)
    for dag in range(1, MEESTE_OPEN + 1):
        await vraag(wijk, date(2027, 1, dag), TOT)
    await refused(wijk, "INWONER", OngeldigeInvoer, lambda work: vraag_namen(work, Naamreden.ANDERE_REDEN, VAN, VAN), records=records)


async def test_the_desk_passes_a_question_about_names_on(wijk: Wijk) -> None:
    assert isinstance(await aan_loket(wijk, namen=Naamreden.KLACHT_OF_PROCEDURE), str)
    [rij] = await wijk.rows(select(Naamverzoek.tabel()))
    assert (rij.reden, rij.van, rij.tot, rij.besluit) == (Naamreden.KLACHT_OF_PROCEDURE, VAN, VAN, None)
    inzage = await wijk.lees("INWONER", lambda reader: mijn_inzage(reader, VAN, TOT))
    assert [each.reden for each in inzage.verzoeken] == [Naamreden.KLACHT_OF_PROCEDURE]
