"""Telling a resident about an appointment: what the mail says, why there is none, and that an old one is not sent any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import select

from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus, Afzegger
from wijkwerk.afspraken.laten_weten import WIJZE
from wijkwerk.afspraken.plannen import Vastgelegd, maak, wijzig, zeg_af
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.contactgegevens import wijzig as wijzig_contact
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.geheimhouding import zet_veiligheidsvlag
from wijkwerk.klok import AMSTERDAM
from wijkwerk.personen import Persoon
from wijkwerk.personen import wijzig as wijzig_persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.keuring import WaaromNiet
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing import weigering
from wijkwerk.testing.postvak import post
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
refused = partial(weigering.refused, records=(Afspraak, Bericht, Verzending))
TOEN = datetime(2027, 4, 5, 14, 30, tzinfo=AMSTERDAM)
GEGEVENS: dict[str, Any] = {
    "soort": Afspraaksoort.HUISBEZOEK, "begin": TOEN, "einde": TOEN + timedelta(hours=1), "plaats": "Kanariesingel", "onderwerp": "Schuld",
}  # fmt: skip


async def plan(wijk: Wijk, persoon: UUID, **rest: Any) -> Vastgelegd:
    return await wijk.schrijf("WIJKTEAM", lambda work: maak(work, persoon, GEGEVENS | rest, bericht=True))


async def test_the_mail_says_when_and_how_and_with_which_team_and_neither_where_nor_what_about(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"])
    gemaakt = await plan(wijk, persoon)
    [mail] = await post(wijk)
    [row] = await wijk.rows(select(Afspraak.tabel()))
    assert (gemaakt.waarom_niet, gemaakt.bericht, row.versie) == (None, row.bericht_id, 1)
    for soort in ("plain", "html"):
        tekst = mail.tekst(soort)
        assert all(word in tekst for word in ("maandag 5 april 2027", "14.30 uur", "bij u thuis", "afspraak met team"))
        assert not [word for word in ("Kanarie", "Schuld", "wijkteam", str(persoon)) if word in tekst]
    assert set(WIJZE) == set(Afspraaksoort)


async def test_a_change_or_calling_off_withdraws_the_mail_that_waits_and_tells_anew_only_when_asked(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"])
    id = (await plan(wijk, persoon)).id
    later = {"begin": TOEN + timedelta(days=1), "einde": TOEN + timedelta(days=1, hours=1), "soort": Afspraaksoort.TELEFOON}
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, id, 1, later, bericht=True))
    eerste, tweede = await post(wijk)
    assert (eerste.status, eerste.mime, tweede.status) == (Verzendstatus.INGETROKKEN, None, Verzendstatus.WACHT)
    assert all(word in tweede.tekst("plain") for word in ("dinsdag 6 april 2027", "wij bellen u", "is veranderd"))
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, id, 2, {"onderwerp": "Post"}))
    assert [mail.status for mail in await post(wijk)] == [Verzendstatus.INGETROKKEN] * 2
    afgezegd = await wijk.schrijf("WIJKTEAM", lambda work: zeg_af(work, id, 3, Afzegger.MEDEWERKER, "Ziek", bericht=True))
    laatste = (await post(wijk))[-1]
    assert (afgezegd.bericht is not None, laatste.status) == (True, Verzendstatus.WACHT)
    assert all(word in laatste.tekst("plain") for word in ("gaat niet door", "dinsdag 6 april 2027", "14.30 uur"))
    assert "Ziek" not in laatste.tekst("plain")


async def onveilig(wijk: Wijk, persoon: UUID) -> None:
    c = Contactgegeven.tabel()
    [row] = await wijk.rows(select(c.c.id))
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig_contact(work, row.id, 1, {"veilig_te_gebruiken": False}))


async def in_gevaar(wijk: Wijk, persoon: UUID) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: zet_veiligheidsvlag(work, persoon, 1, True, "Dreiging"))


async def overleden(wijk: Wijk, persoon: UUID) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig_persoon(work, persoon, 1, {"overlijdensdatum": Datum(2027, 2, 1)}))


@pytest.mark.parametrize(
    ("daarvoor", "waarom"),
    [
        pytest.param(onveilig, WaaromNiet.NIET_VEILIG, id="the address is not safe"),
        pytest.param(in_gevaar, WaaromNiet.VEILIGHEIDSVLAG, id="the resident is in danger"),
        pytest.param(overleden, WaaromNiet.OVERLEDEN, id="the resident died"),
        pytest.param(None, WaaromNiet.GEEN_EMAILADRES, id="no address"),
    ],
)
async def test_the_appointment_is_made_without_a_mail_that_is_not_safe_and_the_answer_says_why(
    wijk_vlug: Wijk, daarvoor: Any, waarom: WaaromNiet
) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=[] if daarvoor is None else ["kwetter@voorbeeld.nl"])
    if daarvoor is not None:
        await daarvoor(wijk, persoon)
    gemaakt = await plan(wijk, persoon)
    [row] = await wijk.rows(select(Afspraak.tabel()))
    assert (gemaakt.bericht, gemaakt.waarom_niet, row.bericht_id, row.status) == (None, waarom, None, Afspraakstatus.GEPLAND)
    assert await post(wijk) == []


async def test_what_is_refused_sends_nothing_and_withdraws_nothing(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=["kwetter@voorbeeld.nl"])
    id = (await plan(wijk, persoon)).id
    vreemde = wijk.actor("WIJKTEAM", gebruiker=nieuw_id(), team=wijk.ander_team)
    fout = GEGEVENS | {"met_id": wijk.BEHEER}
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: maak(work, persoon, fout, bericht=True))
    await refused(wijk, vreemde, NietGevonden, lambda work: maak(work, persoon, GEGEVENS, bericht=True))
    await refused(wijk, "TEAMLEIDER", GeenRecht, lambda work: wijzig(work, id, 1, {"onderwerp": "Post"}, bericht=True))
    await refused(wijk, "WIJKTEAM", VersieVerouderd, lambda work: zeg_af(work, id, 9, Afzegger.INWONER, "Ziek", bericht=True))
    wijk.klok.moment = TOEN
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: zeg_af(work, id, 1, Afzegger.INWONER, "Ziek", bericht=True))
    assert [mail.status for mail in await post(wijk)] == [Verzendstatus.WACHT]
    assert len(await wijk.rows(select(Persoon.tabel().c.id))) == 1


async def test_of_four_who_finish_one_at_once_one_does_and_the_others_read_again(wijk: Wijk) -> None:
    uitslag: list[str] = []
    persoon = await wijk.inwoner()
    id = (await plan(wijk, persoon)).id

    async def one(nummer: int) -> None:
        try:
            await wijk.schrijf("WIJKTEAM", lambda work: zeg_af(work, id, 1, Afzegger.ANDERS, f"Reden {nummer}"))
            uitslag.append("goed")
        except (VersieVerouderd, OngeldigeInvoer):
            uitslag.append("geweigerd")

    async with anyio.create_task_group() as group:
        for nummer in range(4):
            group.start_soon(one, nummer)
    [rij] = await wijk.rows(select(Afspraak.tabel()))
    assert (sorted(uitslag), rij.versie) == (["geweigerd"] * 3 + ["goed"], 2)
