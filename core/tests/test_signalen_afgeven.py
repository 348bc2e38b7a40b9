"""A worry told by a partner: the team has a new report, and the partner learns nothing of who is known (design.md 1, idea 2)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update

from wijkwerk.aanmeldingen.aanmelding import Aanmelder, Aanmelding, Aanmeldwijze, Urgentie
from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.access.policy import default_lines, load
from wijkwerk.betrokkenheden import Partij
from wijkwerk.contactgegevens import Contactgegeven, Contactsoort
from wijkwerk.dubbelen import Dubbelvermoeden
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.organisaties import Team
from wijkwerk.partners.koppelen import koppel
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Gegevensbron, Wijziging
from wijkwerk.records.types.datum import Datum
from wijkwerk.signalen.afgeven import Antwoord, Ontvangst, geef_af
from wijkwerk.signalen.signaal import Melder, Signaal, Signaalmelder
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.taak import Taak
from wijkwerk.testing.weigering import refused, rows_of
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
ZORG = "Komt al een week niet buiten"
SUUS: dict[str, Any] = {"geslachtsnaam": "Moulin", "voornamen": "Suus", "geboortedatum": Datum(1956, 11, 3)}
RECORDS = [Persoon, Contactgegeven, Aanmelding, Betrokkenheid, Dubbelvermoeden, Signaal, Signaalmelder, Taak, Wijziging, Gebruiker]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def afgegeven(wijk: Wijk, gegevens: dict[str, Any] = SUUS, *, rol: Any = "DOCK", inhoud: str = ZORG, **meer: Any) -> Antwoord:
    team = meer.pop("team", wijk.team)
    return await wijk.schrijf(rol, lambda w: geef_af(w, team, gegevens, inhoud, **meer))


async def gezien(wijk: Wijk, rol: Any) -> tuple[int, ...]:
    """What somebody has in reach: residents, and what hangs on them."""
    return await wijk.lees(rol, lambda r: tuple(r.count(record) for record in (Persoon, Contactgegeven)))


async def test_the_team_has_a_report_with_the_signal_and_the_partner_sees_nothing_before_or_after(wijk: Wijk) -> None:
    assert await gezien(wijk, "DOCK") == (0, 0)
    bereik = [{"soort": Contactsoort.TELEFOON, "waarde": "0612345678"}]
    over = {"client_op_de_hoogte": False, "urgentie": Urgentie.SPOED}
    antwoord = await afgegeven(wijk, contactgegevens=bereik, melding=over, bereikbaar="Bel 010-1234567")
    assert (antwoord.uitkomst, antwoord.opnieuw) == (Ontvangst.ONTVANGEN, None)
    assert await gezien(wijk, "DOCK") == (0, 0)
    velden = ("aanmelder", "wijze", "urgentie", "client_op_de_hoogte", "persoon_id", "status", "vraag")
    [melding] = (await wijk.lees("WIJKTEAM", lambda r: r.page(Aanmelding, velden, first=5))).rows
    assert melding[1:6] == (Aanmelder.PARTNER, Aanmeldwijze.SIGNAAL, Urgentie.SPOED, False, melding.persoon_id)
    [signaal] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Signaal, ("inhoud", "melder"), "kader_id", [melding.id]))
    assert (signaal.inhoud, signaal.melder) == (ZORG, Melder.PARTNER)
    wie = ("naam", "bereikbaar", "organisatie_id", "gebruiker_id")
    [melder] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Signaalmelder, wie, "signaal_id", [signaal.id]))
    assert (melder.naam, melder.bereikbaar) == ("dock", "Bel 010-1234567")
    assert (melder.organisatie_id, melder.gebruiker_id) == (wijk.dock, wijk.DOCK)
    t, w = Taak.tabel(), Wijziging.tabel()
    assert [tuple(row) for row in await wijk.rows(select(t.c.voor_id, t.c.soort))] == [(wijk.team, "SIGNAAL_BEOORDELEN")]
    bronnen = await wijk.rows(select(w.c.bron).where(w.c.tabelnaam == "persoon"))
    assert [row.bron for row in bronnen] == [Gegevensbron.PARTNER]
    assert await gezien(wijk, wijk.actor("WIJKTEAM", team=wijk.ander_team)) == (0, 0)


async def test_the_answer_and_the_log_of_the_partner_are_the_same_whoever_it_is_about(wijk: Wijk) -> None:
    """Unknown, known to the team, known to another team, with secrecy, and in reach of the partner through a coupling."""
    wijk.wijkwerk.settings.grenzen = wijk.wijkwerk.settings.grenzen.model_copy(update={"signaal_per_uur": 10})
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    bekend = await wijk.inwoner(**SUUS)
    await wijk.inwoner(rol=elders, **{**SUUS, "geslachtsnaam": "Jansen"})
    geheim = await wijk.inwoner(**{**SUUS, "geslachtsnaam": "Geheim"}, geheim=True)
    gekoppeld = await wijk.inwoner(**{**SUUS, "geslachtsnaam": "Kok"})
    dossier = await wijk.dossier(gekoppeld)
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, gekoppeld, dock, "WMO_ALG_VOORZIENING", ("IDENTITEIT",)))
    before, answers = await gezien(wijk, "DOCK"), []
    start = len(await wijk.log())
    for naam in ("Onbekend", "Moulin", "Jansen", "Geheim", "Kok"):
        answers.append(await afgegeven(wijk, {**SUUS, "geslachtsnaam": naam}))
    assert len(set(answers)) == 1
    assert await gezien(wijk, "DOCK") == before == (1, 0)
    log = (await wijk.log())[start:]
    van_dock = [regel for regel in log if regel.get("gebruiker") == wijk.DOCK.hex and regel["actie"] == "C"]
    assert len(van_dock) == 5
    assert all(not regel.get("betrokkenen") and not regel.get("gevraagd") and not regel.get("details") for regel in van_dock)
    van_systeem = [regel for regel in log if regel.get("activiteit") == "SIGNALEN_AANNEMEN"]
    assert [len(regel["betrokkenen"]) for regel in van_systeem] == [1] * 5
    d = Dubbelvermoeden.tabel()
    assert {row.ander_id for row in await wijk.rows(select(d.c.ander_id))} == {bekend, geheim, gekoppeld}


async def test_who_wants_to_stay_unknown_is_seen_by_the_casusregisseur_of_the_case_that_comes_of_it(wijk: Wijk) -> None:
    await afgegeven(wijk, blijft_onbekend=True)
    m = Signaalmelder.tabel()
    [row] = await wijk.rows(select(m.c.signaal_id, m.c.kader_id, m.c.persoon_id))
    for rol in ("WIJKTEAM", "REGISSEUR"):
        assert await wijk.lees(rol, lambda r: r.by_key(Signaalmelder, ("naam",), "signaal_id", [row.signaal_id])) == []
    b, w = Betrokkenheid.tabel(), Wijziging.tabel()
    deuren = await wijk.rows(select(func.max(b.c.niveau_tot)).where(b.c.kader_id == row.kader_id))
    assert deuren == [(6,)]
    rijen = await wijk.rows(select(w.c.door_id, w.c.organisatie_id).distinct())
    systeem = await wijk.rows(select(Gebruiker.tabel().c.id).where(Gebruiker.tabel().c.onderwerp == "signalen"))
    assert [tuple(each) for each in rijen] == [(systeem[0].id, wijk.stad)]


async def test_no_signal_without_the_right_a_team_of_the_municipality_and_what_it_needs(wijk: Wijk) -> None:
    await wijk.inwoner(**SUUS)
    van_dock = await wijk.wijkwerk.database.transact(
        lambda c: wijk.put(c, Team, naam="Dock", organisatie_id=wijk.dock, openbaar=True, verantwoordelijke_id=wijk.dock)
    )
    wrong: list[tuple[str, type[WijkwerkError], dict[str, Any]]] = [
        *((rol, GeenRecht, {}) for rol in ("WIJKTEAM", "KLANTMANAGER", "PEERCOACH", "GROEPSHOST", "PARTNER_BEHEER", "SIGNALEN")),
        ("DOCK", NietGevonden, {"team": nieuw_id()}), ("DOCK", NietGevonden, {"team": van_dock}),
        ("DOCK", OngeldigeInvoer, {"inhoud": " "}), ("DOCK", OngeldigeInvoer, {"gegevens": {}}),
        ("DOCK", OngeldigeInvoer, {"gegevens": {**SUUS, "bsn": "999993653"}}),
        ("DOCK", OngeldigeInvoer, {"gegevens": {**SUUS, "geheim": True}}),
        ("DOCK", OngeldigeInvoer, {"melding": {"vraag": "x"}}), ("DOCK", OngeldigeInvoer, {"bereikbaar": ""}),
        ("ZORG", OngeldigeInvoer, {"contactgegevens": [{"soort": Contactsoort.EMAIL, "waarde": "geen"}]}),
    ]  # fmt: skip
    for rol, error, meer in wrong:
        given: dict[str, Any] = {"gegevens": SUUS, "inhoud": ZORG, "team": wijk.team} | meer
        await refused(wijk, rol, error, partial(geef_af, **given), records=RECORDS)
    await wijk.change(update(Team.tabel()).where(Team.tabel().c.id == wijk.team).values(tot=wijk.actor("DOCK").vandaag - timedelta(days=1)))
    await refused(wijk, "DOCK", NietGevonden, lambda w: geef_af(w, wijk.team, SUUS, ZORG), records=RECORDS)


async def test_what_the_system_may_not_do_by_the_policy_is_not_done(wijk: Wijk) -> None:
    core, alle = wijk.wijkwerk, wijk.wijkwerk.catalogue.permissions.values()
    lines = [line for line in default_lines(alle) if (line.rol, line.permissie) != ("SIGNALEN", "signaal:schrijven")]
    core.toewijzer.policy = load(lines, core.catalogue)
    await refused(wijk, "DOCK", GeenRecht, lambda w: geef_af(w, wijk.team, SUUS, ZORG), records=RECORDS)


async def test_too_often_is_answered_and_kept_nowhere_and_passes(wijk: Wijk) -> None:
    grens = wijk.wijkwerk.settings.grenzen.signaal_per_uur
    eerste = wijk.actor("DOCK").moment
    for _ in range(grens):
        assert (await afgegeven(wijk)).uitkomst is Ontvangst.ONTVANGEN
    before = await rows_of(wijk, RECORDS)
    antwoord = await afgegeven(wijk)
    assert antwoord.uitkomst is Ontvangst.TE_VAAK_AFGEGEVEN
    assert antwoord.opnieuw is not None
    assert eerste < antwoord.opnieuw - timedelta(hours=1) < eerste + timedelta(seconds=1)
    assert await rows_of(wijk, RECORDS) == before
    assert (await wijk.log())[-1]["resultaat"] == "GEWEIGERD"
    assert (await afgegeven(wijk, rol="ZORG")).uitkomst is Ontvangst.ONTVANGEN
    wijk.klok.moment = antwoord.opnieuw
    assert (await afgegeven(wijk)).uitkomst is Ontvangst.ONTVANGEN
