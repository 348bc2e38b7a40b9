"""A worry about a resident: who reported it and who sees that, what is done with it, and the steps of the meldcode (domain.md 9.4, 9.5)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from wijkwerk.aanmeldingen.aanmelding import Afhandelreden
from wijkwerk.aanmeldingen.triage import wijs_af
from wijkwerk.dossiers.dossier import Dossier, Dossierstatus
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.records.history import Wijziging
from wijkwerk.records.versions import history
from wijkwerk.signalen.afhandelen import leg_informeren_vast, onderzoek, rond_af
from wijkwerk.signalen.meldcode import doe_stap, stand
from wijkwerk.signalen.melden import Wie, meld
from wijkwerk.signalen.signaal import Meldcodestap, Meldcodestapsoort, Melder, Signaal, Signaalmelder, Signaalstatus
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.taak import Taak, Taakstatus
from wijkwerk.testing.aanmeldingen import aanmelding_van
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BUUR = Wie(soort=Melder.NETWERK, naam="Buurvrouw De Wit", bereikbaar="0612345678")
ONBEKEND = Wie(soort=Melder.NETWERK, naam="Buurvrouw De Wit", blijft_onbekend=True)
RECORDS = [Signaal, Signaalmelder, Meldcodestap, Taak, Wijziging]
DAG = date(2027, 2, 20)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gemeld(wijk: Wijk, wie: Wie = BUUR, *, rol: Any = "WIJKTEAM") -> tuple[UUID, UUID, UUID]:
    """A resident, a case of theirs with a casusregisseur, and a signal in it."""
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    return persoon, dossier, await wijk.schrijf(rol, lambda w: meld(w, dossier, persoon, "Hoort 's nachts geschreeuw", wie))


async def melders(wijk: Wijk, rol: Any, signaal: UUID) -> list[Any]:
    return await wijk.lees(rol, lambda r: r.by_key(Signaalmelder, ("naam",), "signaal_id", [signaal]))


@pytest.mark.parametrize("wie", [BUUR, ONBEKEND], ids=["bekend", "onbekend"])
async def test_who_reported_is_seen_by_the_team_or_by_the_casusregisseur_of_the_case_alone(wijk: Wijk, wie: Wie) -> None:
    _, _, signaal = await gemeld(wijk, wie)
    elders = [wijk.actor(rol, team=wijk.ander_team, gebruiker=nieuw_id()) for rol in ("WIJKTEAM", "REGISSEUR")]
    collega = wijk.actor("REGISSEUR", gebruiker=nieuw_id())  # of the same team, of another case
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Signaal, ("inhoud", "melder", "status"), signaal))
    assert (row.inhoud, row.melder, row.status) == ("Hoort 's nachts geschreeuw", Melder.NETWERK, Signaalstatus.NIEUW)
    bekend = [BUUR.naam] if wie is BUUR else []
    for rol, namen in (("WIJKTEAM", bekend), (collega, bekend), ("REGISSEUR", [BUUR.naam]), *((elder, []) for elder in elders)):
        assert [row.naam for row in await melders(wijk, rol, signaal)] == namen
    m = Signaalmelder.tabel()
    [melder] = (await wijk.rows(select(m.c.id)))[0]
    for rol, aantal in (("WIJKTEAM", len(bekend)), ("REGISSEUR", 1), (elders[1], 0)):
        versies = await wijk.lees(rol, lambda r: history(r, Signaalmelder, [melder]))
        assert [len(each) for each in versies.values()] == [1] * aantal
    for rol in ("DOCK", "ZORG", "TEAMLEIDER"):
        with pytest.raises(GeenRecht):
            await melders(wijk, rol, signaal)


async def test_a_signal_becomes_a_task_of_the_casusregisseur_or_else_of_the_team(wijk: Wijk) -> None:
    persoon, dossier, _ = await gemeld(wijk)
    aanmelding = await aanmelding_van(wijk, persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: meld(w, aanmelding, persoon, "Veel post voor de deur", BUUR))
    d, t = Dossier.tabel(), Taak.tabel()
    await wijk.change(update(d).values(regisseur_id=None))
    await wijk.schrijf("WIJKTEAM", lambda w: meld(w, dossier, persoon, "Ziet er moe uit", BUUR))
    rows = await wijk.rows(select(t.c.voor_id, t.c.kader_id, t.c.soort).order_by(t.c.id))
    soort = "SIGNAAL_BEOORDELEN"
    assert [tuple(row) for row in rows] == [(wijk.REGISSEUR, dossier, soort), (wijk.team, aanmelding, soort), (wijk.team, dossier, soort)]


async def test_no_signal_out_of_reach_about_somebody_else_or_where_the_work_has_ended(wijk: Wijk) -> None:
    persoon, dossier, _ = await gemeld(wijk)
    ander = await wijk.inwoner("Jansen")
    aanmelding = await aanmelding_van(wijk, ander)

    def over(kader: UUID, wie: UUID, melder: Wie = BUUR, tekst: str = "Zorg") -> Any:
        return lambda w: meld(w, kader, wie, tekst, melder)

    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    zelf = Wie(soort=Melder.PROFESSIONAL, blijft_onbekend=True)
    anoniem = Wie(soort=Melder.ANONIEM, naam="Jan")
    wrong: list[tuple[Any, type[WijkwerkError], Any]] = [
        ("TEAMLEIDER", GeenRecht, over(dossier, persoon)), ("DOCK", GeenRecht, over(dossier, persoon)),
        (elders, NietGevonden, over(dossier, persoon)), ("WIJKTEAM", NietGevonden, over(dossier, ander)),
        ("WIJKTEAM", NietGevonden, over(aanmelding, persoon)), ("WIJKTEAM", NietGevonden, over(nieuw_id(), persoon)),
        ("WIJKTEAM", OngeldigeInvoer, over(dossier, persoon, zelf)), ("WIJKTEAM", OngeldigeInvoer, over(dossier, persoon, anoniem)),
        ("WIJKTEAM", OngeldigeInvoer, over(dossier, persoon, BUUR, " ")),
        ("WIJKTEAM", OngeldigeInvoer, over(dossier, persoon, BUUR, "x" * 4001)),
    ]  # fmt: skip
    for rol, error, unit in wrong:
        await refused(wijk, rol, error, unit, records=RECORDS)
    d = Dossier.tabel()
    await wijk.change(update(d).values(status=Dossierstatus.GESLOTEN))
    await wijk.schrijf("WIJKTEAM", lambda w: wijs_af(w, aanmelding, 1, Afhandelreden.GEEN_HULPVRAAG))
    for kader, wie in ((dossier, persoon), (aanmelding, ander)):
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, over(kader, wie), records=RECORDS)


async def test_a_signal_is_finished_when_it_was_looked_into_and_the_resident_was_told_or_why_not(wijk: Wijk) -> None:
    _, _, signaal = await gemeld(wijk)
    af = partial(rond_af, id=signaal, status=Signaalstatus.OPGEPAKT, uitkomst="Gesprek gevoerd")
    refuse = partial(refused, wijk, "WIJKTEAM", OngeldigeInvoer, records=RECORDS)
    assert "Neem het eerst in onderzoek" in str(await refuse(lambda w: af(w, versie=1)))
    await refused(wijk, "WIJKTEAM", VersieVerouderd, lambda w: onderzoek(w, signaal, 9), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: onderzoek(w, signaal, 1))
    await refuse(lambda w: onderzoek(w, signaal, 2))
    await refuse(lambda w: af(w, versie=2))
    for op, omdat in ((None, None), (DAG, "Gevaar"), (date(2027, 3, 2), None), (date(1, 1, 1), None), (None, " ")):
        await refuse(partial(leg_informeren_vast, id=signaal, versie=2, op=op, omdat=omdat))
    await wijk.schrijf("WIJKTEAM", lambda w: leg_informeren_vast(w, signaal, 2, omdat="De partner leest mee"))
    await refuse(lambda w: af(w, versie=3, status=Signaalstatus.NIEUW))
    await refuse(lambda w: af(w, versie=3, uitkomst=""))
    await wijk.schrijf("WIJKTEAM", lambda w: af(w, versie=3))
    assert "al afgehandeld" in str(await refuse(lambda w: af(w, versie=4)))
    await wijk.schrijf("WIJKTEAM", lambda w: leg_informeren_vast(w, signaal, 4, op=DAG))
    velden = ("status", "uitkomst", "inwoner_geinformeerd_op", "niet_geinformeerd_omdat", "afgehandeld_op")
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Signaal, velden, signaal))
    assert (row.status, row.uitkomst, row.inwoner_geinformeerd_op) == (Signaalstatus.OPGEPAKT, "Gesprek gevoerd", DAG)
    assert row.niet_geinformeerd_omdat == "De partner leest mee"
    assert row.afgehandeld_op is not None
    t = Taak.tabel()
    assert [row.status for row in await wijk.rows(select(t.c.status))] == [Taakstatus.VERVALLEN]


async def test_the_steps_of_the_meldcode_are_done_in_any_order_and_more_than_once(wijk: Wijk) -> None:
    _, _, signaal = await gemeld(wijk)
    stap = Meldcodestapsoort
    doe = partial(doe_stap, signaal=signaal, gedaan_op=DAG)
    besluit: dict[str, Any] = {"veilig_thuis_gemeld": True, "hulp_georganiseerd": False}
    wrong: list[Any] = [
        lambda w: doe(w, stap=stap.GESPREK, gedaan_op=date(2027, 3, 2)), lambda w: doe(w, stap=stap.BESLISSEN),
        lambda w: doe(w, stap=stap.BESLISSEN, veilig_thuis_gemeld=True), lambda w: doe(w, stap=stap.WEGEN, hulp_georganiseerd=False),
        lambda w: doe(w, stap=stap.WEGEN, toelichting=" "),
    ]  # fmt: skip
    for unit in wrong:
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, unit, records=RECORDS)
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    await refused(wijk, elders, NietGevonden, lambda w: doe(w, stap=stap.GESPREK), records=RECORDS)
    await refused(wijk, "TEAMLEIDER", GeenRecht, lambda w: doe(w, stap=stap.GESPREK), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: doe(w, stap=stap.BESLISSEN, toelichting="Samen besloten", **besluit))
    for dag in (DAG, date(2027, 2, 1)):
        await wijk.schrijf("REGISSEUR", partial(doe, stap=stap.GESPREK, gedaan_op=dag))
    found = (await wijk.lees("WIJKTEAM", lambda r: stand(r, [signaal])))[signaal]
    gedaan = {each.stap: each.gedaan_op for each in found}
    assert list(gedaan) == list(stap)
    assert {each: dagen for each, dagen in gedaan.items() if dagen} == {stap.GESPREK: (date(2027, 2, 1), DAG), stap.BESLISSEN: (DAG,)}
    assert await wijk.lees(elders, lambda r: stand(r, [signaal])) == {signaal: [type(each)(each.stap, ()) for each in found]}
    m = Meldcodestap.tabel()
    assert (await wijk.rows(select(func.count()).select_from(m)))[0][0] == 3
