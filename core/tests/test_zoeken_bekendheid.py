"""Find but not open: an exact question gets a team to call; whatever else is asked tells nothing (peers.md D 14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.organisaties import Team
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.rights.ongedaan import maak_ongedaan
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import BEGIN, OP_SQLITE, Wijk
from wijkwerk.zoeken.bekendheid import Antwoord, Bekend, Bekendheidsvraag, is_bekend
from wijkwerk.zoeken.kenmerken import Kenmerken

pytestmark = pytest.mark.anyio
GEBOREN = Datum(1956, 11, 15)
NAAM = Kenmerken(geslachtsnaam="Kanarie", geboortedatum=GEBOREN)
ADRES = Kenmerken(postcode=Postcode("3043TD"), huisnummer=12)
RAAK: dict[str, Kenmerken] = {
    "name": NAAM,
    "accent": replace(NAAM, geslachtsnaam="KÁNARIE"),
    "voorvoegsel": replace(NAAM, geslachtsnaam="van den Kanarie"),
    "name and address": replace(NAAM, postcode=Postcode("3043TD"), huisnummer=12),
    "address and telephone": replace(ADRES, telefoonnummer="06 12345678"),
    "address and mail": replace(ADRES, emailadres="piet@voorbeeld.nl"),
    "all": replace(NAAM, postcode=Postcode("3043TD"), huisnummer=12, telefoonnummer="+31612345678", emailadres="piet@voorbeeld.nl"),
}
MIS: dict[str, Kenmerken] = {
    "other name": replace(NAAM, geslachtsnaam="Kanaries"),
    "beginning": replace(NAAM, geslachtsnaam="Kanari"),
    "other day": replace(NAAM, geboortedatum=Datum(1956, 11, 16)),
    "name right, address wrong": replace(NAAM, postcode=Postcode("3043TD"), huisnummer=13),
    "address right, telephone of another": replace(ADRES, telefoonnummer="0612345679"),
    "nobody": Kenmerken(geslachtsnaam="Niemand", geboortedatum=Datum(1900, 1, 1)),
}
FOUT: dict[str, Kenmerken] = {
    "nothing": Kenmerken(),
    "name alone": Kenmerken(geslachtsnaam="Kanarie"),
    "birth date alone": Kenmerken(geboortedatum=GEBOREN),
    "address alone": ADRES,
    "telephone alone": Kenmerken(telefoonnummer="0612345678"),
    "telephone and mail": Kenmerken(telefoonnummer="0612345678", emailadres="piet@voorbeeld.nl"),
    "half an address": replace(NAAM, postcode=Postcode("3043TD")),
    "number without postcode": replace(NAAM, huisnummer=12),
    "year": replace(NAAM, geboortedatum=Datum(1956)),
    "month": replace(NAAM, geboortedatum=Datum(1956, 11)),
    "unknown day": replace(NAAM, geboortedatum=Datum()),
    "unknown name": replace(NAAM, geslachtsnaam="."),
    "empty name": replace(NAAM, geslachtsnaam=""),
    "huge name": replace(NAAM, geslachtsnaam="x" * 100_000),
    "no telephone": replace(ADRES, telefoonnummer="1"),
    "no mail": replace(ADRES, emailadres="x"),
}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def kanarie(wijk: Wijk, **rest: Any) -> UUID:
    """A resident of the team, with a neighbour who has another telephone."""
    thuis: dict[str, Any] = {
        "straat": "Kerkstraat",
        "postcode": Postcode("3043TD"),
        "huisnummer": 12,
        "woonplaats": "Rotterdam",
        "geboortedatum": GEBOREN,
    }
    await wijk.inwoner("Vink", contact=("0612345679",), **thuis | {"huisnummer": 13})
    return await wijk.inwoner("Kanarie", voorvoegsel="van den", contact=("0612345678", "piet@voorbeeld.nl"), **thuis, **rest)


def vraag(kenmerken: Kenmerken) -> Callable[[Work], Antwoord]:
    return lambda work: is_bekend(work, kenmerken)


async def aantal(wijk: Wijk) -> int:
    return len(await wijk.rows(Bekendheidsvraag.tabel().select()))


async def regels(wijk: Wijk) -> list[dict[str, Any]]:
    """The log entries of questions, oldest first."""
    return [regel for regel in await wijk.log() if regel["gebeurtenis"] == "ZOEKEN"]


@pytest.mark.parametrize("kenmerken", RAAK.values(), ids=RAAK.keys())
async def test_who_is_meant_exactly_is_known_and_the_team_is_told(wijk: Wijk, kenmerken: Kenmerken) -> None:
    await kanarie(wijk)
    await wijk.change(update(Team.tabel()).where(Team.tabel().c.id == wijk.team).values(telefoonnummer="+31101234567"))
    found = await wijk.schrijf("DOCK", vraag(kenmerken))
    assert found == Antwoord(Bekend.BEKEND, "Neem contact op met team.", "team", "+31101234567")


@pytest.mark.parametrize("kenmerken", MIS.values(), ids=MIS.keys())
async def test_anything_else_is_not_known_and_always_in_the_same_words(wijk: Wijk, kenmerken: Kenmerken) -> None:
    await kanarie(wijk)
    found = await wijk.schrijf("DOCK", vraag(kenmerken))
    assert found == await wijk.schrijf("DOCK", vraag(MIS["nobody"]))
    assert (found.uitkomst, found.team, found.telefoonnummer) == (Bekend.NIET_BEKEND, None, None)


@OP_SQLITE
@pytest.mark.parametrize("kenmerken", FOUT.values(), ids=FOUT.keys())
async def test_too_little_or_wrong_is_refused_and_is_no_question(wijk: Wijk, kenmerken: Kenmerken) -> None:
    await kanarie(wijk)
    with pytest.raises(OngeldigeInvoer) as caught:
        await wijk.schrijf("DOCK", vraag(kenmerken))
    assert "anarie" not in caught.value.melding
    assert await aantal(wijk) == 0


async def test_a_bsn_is_one_identifier_and_only_for_who_may_search_on_it(wijk: Wijk) -> None:
    await kanarie(wijk, bsn=Bsn("999993653"))
    with_bsn = replace(ADRES, bsn=Bsn("999993653"))
    with pytest.raises(GeenRecht):
        await wijk.schrijf("DOCK", vraag(with_bsn))
    assert await aantal(wijk) == 0
    assert (await wijk.schrijf("REGISSEUR", vraag(with_bsn))).uitkomst is Bekend.BEKEND
    other = replace(ADRES, bsn=Bsn("999990019"))
    assert (await wijk.schrijf("REGISSEUR", vraag(other))).uitkomst is Bekend.NIET_BEKEND
    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("REGISSEUR", vraag(Kenmerken(bsn=Bsn("999993653"))))


async def test_who_may_not_ask_is_refused_and_nothing_happens(wijk: Wijk) -> None:
    await kanarie(wijk)
    for rol in ("PEERCOACH", "VRIJW_COORD", "GROEPSHOST", "BEHEER", "FG", "KLANTMANAGER", "TEAMLEIDER"):
        with pytest.raises(GeenRecht):
            await wijk.schrijf(rol, vraag(NAAM))
    assert await aantal(wijk) == 0


@pytest.mark.parametrize("rol", ["BUURTCOACH", "MZ_CONSULENT", "DOCK", "ZORG"])
async def test_who_asked_for_secrecy_is_not_known_to_anybody_outside_the_municipality(wijk: Wijk, rol: str) -> None:
    await kanarie(wijk, geheim=True)
    assert await wijk.schrijf(rol, vraag(NAAM)) == await wijk.schrijf(rol, vraag(MIS["nobody"]))
    assert (await wijk.schrijf("CRISISDIENST", vraag(NAAM))).uitkomst is Bekend.BEKEND


async def test_who_was_merged_away_is_not_known_but_the_survivor_is(wijk: Wijk) -> None:
    geheim, blijft = await kanarie(wijk, geheim=True), await wijk.inwoner("Merel", geboortedatum=GEBOREN)
    gemaakt = await wijk.schrijf("WIJKTEAM", lambda w: voeg_samen(w, blijft, geheim, (1, 1), "Zelfde inwoner"))
    for rol, kenmerken in (("DOCK", NAAM), ("DOCK", replace(NAAM, geslachtsnaam="Merel")), ("CRISISDIENST", NAAM)):
        assert await wijk.schrijf(rol, vraag(kenmerken)) == await wijk.schrijf(rol, vraag(MIS["nobody"]))
    assert (await wijk.schrijf("CRISISDIENST", vraag(replace(NAAM, geslachtsnaam="Merel")))).uitkomst is Bekend.BEKEND
    await wijk.schrijf("WIJKTEAM", lambda w: maak_ongedaan(w, gemaakt, 1))
    assert (await wijk.schrijf("DOCK", vraag(NAAM))).uitkomst is Bekend.NIET_BEKEND
    assert (await wijk.schrijf("CRISISDIENST", vraag(NAAM))).uitkomst is Bekend.BEKEND


async def test_who_is_held_back_from_one_party_is_not_known_to_that_party(wijk: Wijk) -> None:
    persoon = await kanarie(wijk)
    for partij, known in ((wijk.WIJKTEAM, False), (wijk.DOCK, True)):
        await wijk.change(delete(Afscherming.tabel()))
        await wijk.wijkwerk.database.transact(
            lambda connection, partij=partij: wijk.put(  # type: ignore[misc]
                connection, Afscherming, persoon_id=persoon, soort=Afschermsoort.BELANGENCONFLICT, partij_id=partij, niveau_tot=6,
                verbergt=False, van=BEGIN,
            )
        )  # fmt: skip
        assert ((await wijk.schrijf("WIJKTEAM", vraag(NAAM))).uitkomst is Bekend.BEKEND) == known
        assert (await wijk.schrijf("CRISISDIENST", vraag(NAAM))).uitkomst is Bekend.BEKEND
    await wijk.change(update(Afscherming.tabel()).values(partij_id=wijk.WIJKTEAM, tot=BEGIN))
    assert (await wijk.schrijf("WIJKTEAM", vraag(NAAM))).uitkomst is Bekend.BEKEND


async def test_the_team_is_that_of_a_case_then_of_the_newest_report_and_never_that_of_a_partner(wijk: Wijk) -> None:
    persoon = await kanarie(wijk)

    async def laat_in(partij: UUID, bron: Bron, dag: int) -> None:
        await wijk.wijkwerk.database.transact(
            lambda connection: wijk.put(
                connection, Betrokkenheid, persoon_id=persoon, partij_id=partij, partijsoort=Partijsoort.TEAM, doel="WMO_ONDERZOEK",
                categorie_code="IDENTITEIT", niveau_tot=6, grondslag="x", bron=bron, bron_id=persoon, van=BEGIN - timedelta(days=dag),
            )
        )  # fmt: skip

    await laat_in(wijk.ander_team, Bron.KOPPELING, 1)
    await laat_in(wijk.ander_team, Bron.AANMELDING, 3)
    assert (await wijk.schrijf("DOCK", vraag(NAAM))).team == "team"
    await laat_in(wijk.ander_team, Bron.DOSSIER, 100)
    assert (await wijk.schrijf("DOCK", vraag(NAAM))).team == "ander_team"
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.bron == Bron.DOSSIER).values(tot=BEGIN))
    assert (await wijk.schrijf("DOCK", vraag(NAAM))).team == "team"
    await wijk.change(update(b).where(b.c.bron != Bron.KOPPELING).values(tot=BEGIN))
    found = await wijk.schrijf("DOCK", vraag(NAAM))
    assert (found.uitkomst, found.team) == (Bekend.BEKEND, None)
    assert "algemene nummer" in found.melding


async def test_an_answer_is_in_the_log_of_who_was_asked_about_and_a_miss_by_pseudonym_only(wijk: Wijk) -> None:
    await kanarie(wijk)
    await wijk.schrijf("DOCK", vraag(NAAM))
    await wijk.schrijf("DOCK", vraag(replace(NAAM, geboortedatum=Datum(1956, 11, 16))))
    hit, miss = await regels(wijk)
    assert [(one["soort"], one["velden"]) for one in ({"soort": g[0], "velden": g[2]} for g in hit["betrokkenen"][0]["getoond"])] == [
        ("Bekendheidsvraag", ["bekend"])
    ]
    assert hit["betrokkenen"][0]["getoond"][0][1] == ["BETROKKENEN"]
    assert (hit["resultaat"], miss["resultaat"], "betrokkenen" in miss) == ("GESLAAGD", "GEEN_RESULTAAT", False)
    assert len(hit["gevraagd"]) == len(miss["gevraagd"]) == 2
    assert len({*hit["gevraagd"], *miss["gevraagd"]}) == 3
    assert hit["details"] == {"gezocht": ["geboortedatum", "geslachtsnaam"]}
    assert "anarie" not in str(await wijk.log())
    assert "195611" not in str(await wijk.log())


async def test_a_hit_a_miss_and_somebody_held_back_take_the_same_statements(wijk: Wijk) -> None:
    await kanarie(wijk)
    await wijk.inwoner("Geheim", geboortedatum=GEBOREN, geheim=True)
    await wijk.schrijf("DOCK", vraag(NAAM))
    counts = {}
    for kenmerken in (NAAM, MIS["nobody"], replace(NAAM, geslachtsnaam="Geheim"), MIS["beginning"]):
        with count_statements(wijk.wijkwerk.database) as seen:
            await wijk.schrijf("DOCK", vraag(kenmerken))
        counts[kenmerken.geslachtsnaam] = [" ".join(statement.split()[:3]) for statement in seen if "dienstsleutel" not in statement]
    assert len({len(found) for found in counts.values()}) == 1
    assert {tuple(sorted(found)) for found in counts.values()} == {tuple(sorted(counts["Kanarie"]))}


async def test_guessing_is_over_after_ten_an_hour_and_whoever_goes_on_waits_longer(wijk: Wijk) -> None:
    await kanarie(wijk)
    asked = [(await wijk.schrijf("DOCK", vraag(replace(NAAM, geboortedatum=Datum(1956, 11, dag))))).uitkomst for dag in range(1, 14)]
    assert asked == [Bekend.NIET_BEKEND] * 10 + [Bekend.TE_VAAK_GEVRAAGD] * 3
    refused = await wijk.schrijf("DOCK", vraag(NAAM))
    assert (refused.uitkomst, refused.team) == (Bekend.TE_VAAK_GEVRAAGD, None)
    assert await aantal(wijk) == 14
    regel = (await regels(wijk))[-1]
    assert (regel["resultaat"], regel["code"], "betrokkenen" in regel) == ("GEWEIGERD", "TE_VAAK_GEVRAAGD", False)
    assert (await wijk.schrijf("ZORG", vraag(NAAM))).uitkomst is Bekend.BEKEND
    assert refused.opnieuw is not None
    wijk.klok.moment = refused.opnieuw - timedelta(seconds=1)
    still = await wijk.schrijf("DOCK", vraag(NAAM))
    assert still.uitkomst is Bekend.TE_VAAK_GEVRAAGD
    assert still.opnieuw is not None
    assert still.opnieuw >= refused.opnieuw
    wijk.klok.moment = still.opnieuw
    assert (await wijk.schrijf("DOCK", vraag(NAAM))).uitkomst is Bekend.BEKEND


async def test_a_day_has_thirty_questions(wijk: Wijk) -> None:
    await kanarie(wijk)
    for n in range(30):
        wijk.klok.moment = BEGIN + timedelta(minutes=20 * n)
        assert (await wijk.schrijf("DOCK", vraag(NAAM))).uitkomst is Bekend.BEKEND, n
    wijk.klok.moment += timedelta(hours=2)
    refused = await wijk.schrijf("DOCK", vraag(NAAM))
    assert refused.uitkomst is Bekend.TE_VAAK_GEVRAAGD
    assert refused.opnieuw is not None
    wijk.klok.moment = refused.opnieuw
    assert (await wijk.schrijf("DOCK", vraag(NAAM))).uitkomst is Bekend.BEKEND


async def test_the_limits_are_a_setting(wijk: Wijk) -> None:
    grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"bekend_per_uur": 1})
    wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"grenzen": grenzen})
    asked = [(await wijk.schrijf("DOCK", vraag(NAAM))).uitkomst for _ in range(2)]
    assert asked == [Bekend.NIET_BEKEND, Bekend.TE_VAAK_GEVRAAGD]


async def test_somebody_else_is_never_told_through_a_question_that_fails_later(wijk: Wijk) -> None:
    """What is asked in a unit that is rolled back is not counted, and its answer does not leave."""
    await kanarie(wijk)

    def unit(work: Work) -> Antwoord:
        is_bekend(work, NAAM)
        raise OngeldigeInvoer

    with pytest.raises(OngeldigeInvoer):
        await wijk.schrijf("DOCK", unit)
    assert await aantal(wijk) == 0


async def test_it_opens_nothing(wijk: Wijk) -> None:
    persoon = await kanarie(wijk)
    before = await wijk.rows(Betrokkenheid.tabel().select())
    await wijk.schrijf("DOCK", vraag(NAAM))
    assert await wijk.rows(Betrokkenheid.tabel().select()) == before
    assert await wijk.lees("DOCK", lambda reader: reader.one(Persoon, ("roepnaam",), persoon)) is None
