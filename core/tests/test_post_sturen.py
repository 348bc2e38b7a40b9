"""Mailing a resident: whether, to which address, what the log says of it, and that nobody else learns of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.contactgegevens import Contactgegeven, voeg_toe
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.geheimhouding import zet_geheimhouding, zet_veiligheidsvlag
from wijkwerk.personen import Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.keuring import WaaromNiet
from wijkwerk.post.sjablonen import Sjabloonfout
from wijkwerk.post.soorten import AFSPRAAK_AFGEZEGD, AFSPRAAK_GEMAAKT, TAKEN_HERINNERING
from wijkwerk.post.sturen import Verstuurd, stuur, trek_in
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.records.guard import OmzeilingGeweigerd
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.settings import Postinstellingen
from wijkwerk.testing import weigering
from wijkwerk.testing.postvak import post
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
WAARDEN = {"dag": "maandag 5 april 2027", "tijd": "10.00 uur", "wijze": "bij u thuis", "team": "Wijkteam Noord"}
POST = (Bericht, Verzending)
refused = partial(weigering.refused, records=POST)


class Wie(NamedTuple):
    """A resident and the case that the mail belongs to."""

    persoon: UUID
    dossier: UUID


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def aan(wie: Wie, waarden: dict[str, str] = WAARDEN) -> Callable[[Work], Verstuurd]:
    return lambda work: stuur(work, wie.persoon, AFSPRAAK_GEMAAKT, waarden, kader=wie.dossier)


async def inwoner(wijk: Wijk, *adressen: dict[str, Any]) -> Wie:
    """A resident with a case and these e-mail addresses."""
    persoon = await wijk.inwoner()
    for adres in adressen:
        await wijk.schrijf("WIJKTEAM", partial(voeg_toe, persoon=persoon, gegevens=adres))
    return Wie(persoon, await wijk.dossier(persoon))


def email(waarde: str, **rest: Any) -> dict[str, Any]:
    return {"soort": "EMAIL", "waarde": waarde} | rest


async def contact(wijk: Wijk, waarde: str) -> UUID:
    c = Contactgegeven.tabel()
    [row] = await wijk.rows(select(c.c.id).where(c.c.waarde == waarde))
    return UUID(str(row.id))


async def liep_af(wijk: Wijk, status: Verzendstatus) -> None:
    """What the mail server says of the newest mail, as the worker writes it down."""
    v = Verzending.tabel()
    await wijk.change(update(v).where(v.c.status == Verzendstatus.WACHT).values(status=status))


async def test_the_mail_waits_sealed_with_its_message_id_and_says_no_more_than_that_there_is_an_appointment(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Canarie", voornamen="Kwetter", contact=["0612345678", "canarie@voorbeeld.nl"])
    dossier = await wijk.dossier(persoon, vraag="Schulden")
    gestuurd = await wijk.schrijf("WIJKTEAM", aan(Wie(persoon, dossier)))
    [mail] = await post(wijk)
    [bericht] = await wijk.rows(select(Bericht.tabel()))
    assert (gestuurd.bericht, gestuurd.waarom_niet, bericht.verzending_id, bericht.kader_id) == (bericht.id, None, mail.id, dossier)
    assert (mail.aan, mail.status, mail.rij.pogingen) == ("canarie@voorbeeld.nl", Verzendstatus.WACHT, 0)
    assert mail.rij.verloopt_op == mail.rij.gemaakt_op + timedelta(days=3)
    assert mail.mail["Message-ID"] == mail.rij.message_id == f"<{mail.id}@voorbeeld.nl>"
    assert [mail.mail[name] for name in ("From", "To", "Subject", "Auto-Submitted", "Reply-To", "Content-Language")] == [
        "Gemeente Voorbeeld <wijkteam@voorbeeld.nl>", "canarie@voorbeeld.nl", "Uw afspraak", "auto-generated", None, "nl"
    ]  # fmt: skip
    assert mail.mail["Date"].datetime == mail.rij.gemaakt_op.replace(microsecond=0)
    for soort in ("plain", "html"):
        assert all(waarde in mail.tekst(soort) for waarde in WAARDEN.values())
        assert not [word for word in ("Canarie", "Kwetter", "Schulden", str(persoon), str(dossier), "http") if word in mail.tekst(soort)]


async def test_the_log_says_that_the_address_was_used_and_of_whom(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    await wijk.schrijf("WIJKTEAM", aan(wie))
    last = (await wijk.log())[-1]
    [betrokkene] = last["betrokkenen"]
    shown = {soort: velden for soort, _, velden, _ in betrokkene["getoond"]}
    assert (last["gebeurtenis"], last["actie"], last["resultaat"]) == ("AANMAKEN", "C", "GESLAAGD")
    assert "adres" in shown["Bericht"]
    assert "waarde" in shown["Contactgegeven"]


KEUZES: dict[str, tuple[list[dict[str, Any]], str | WaaromNiet]] = {
    "none": ([], WaaromNiet.GEEN_EMAILADRES),
    "only a telephone": ([{"soort": "TELEFOON", "waarde": "0612345678"}], WaaromNiet.GEEN_EMAILADRES),
    "one": ([email("een@voorbeeld.nl")], "een@voorbeeld.nl"),
    "the preferred": ([email("een@voorbeeld.nl"), email("twee@voorbeeld.nl", voorkeur=True)], "twee@voorbeeld.nl"),
    "none safe": ([email("een@voorbeeld.nl", veilig_te_gebruiken=False)], WaaromNiet.NIET_VEILIG),
    "the preferred one is not safe": (
        [email("een@voorbeeld.nl", voorkeur=True, veilig_te_gebruiken=False), email("twee@voorbeeld.nl")], "twee@voorbeeld.nl",
    ),
    "a domain with accents": ([email("een@bücher.example")], "een@xn--bcher-kva.example"),
    "a name with accents, which not every server takes": ([email("één@voorbeeld.nl")], WaaromNiet.KOMT_NIET_AAN),
}  # fmt: skip


@pytest.mark.parametrize("wat", KEUZES)
async def test_which_address_is_written_to_or_why_none(wijk: Wijk, wat: str) -> None:
    adressen, verwacht = KEUZES[wat]
    wie = await inwoner(wijk, *adressen)
    gestuurd = await wijk.schrijf("WIJKTEAM", aan(wie))
    if isinstance(verwacht, WaaromNiet):
        assert gestuurd == Verstuurd(waarom_niet=verwacht)
        assert await weigering.rows_of(wijk, POST) == []
    else:
        assert [mail.aan for mail in await post(wijk)] == [verwacht]


async def test_a_resident_in_danger_is_never_mailed_one_with_geheim_is_and_the_dead_are_not(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    await wijk.schrijf("WIJKTEAM", lambda work: zet_veiligheidsvlag(work, wie.persoon, 1, True, "Loopt gevaar"))
    assert (await wijk.schrijf("WIJKTEAM", aan(wie))).waarom_niet is WaaromNiet.VEILIGHEIDSVLAG
    await wijk.schrijf("WIJKTEAM", lambda work: zet_veiligheidsvlag(work, wie.persoon, 2, False, "Gevaar voorbij"))
    await wijk.schrijf("WIJKTEAM", lambda work: zet_geheimhouding(work, wie.persoon, 3, True))
    assert (await wijk.schrijf("WIJKTEAM", aan(wie))).bericht is not None
    p = Persoon.tabel()
    await wijk.change(update(p).values(overlijdensdatum=Datum.lees("2027-02")))
    assert (await wijk.schrijf("WIJKTEAM", aan(wie))).waarom_niet is WaaromNiet.OVERLEDEN
    assert len(await post(wijk)) == 1


@pytest.mark.parametrize("status", [Verzendstatus.TERUGGEKOMEN, Verzendstatus.GEWEIGERD])
async def test_an_address_whose_last_mail_came_back_is_passed_over_until_it_is_another_address(wijk: Wijk, status: Verzendstatus) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl", voorkeur=True), email("twee@voorbeeld.nl"))
    een = await contact(wijk, "een@voorbeeld.nl")
    for verwacht in ("een@voorbeeld.nl", "twee@voorbeeld.nl"):
        await wijk.schrijf("WIJKTEAM", aan(wie))
        assert (await post(wijk))[-1].aan == verwacht
        await liep_af(wijk, status)
    # what is known of it changes, the address does not
    await wijk.schrijf("WIJKTEAM", lambda work: setattr(work.get(Contactgegeven, een, 1), "voorkeur", False))
    assert (await wijk.schrijf("WIJKTEAM", aan(wie))).waarom_niet is WaaromNiet.KOMT_NIET_AAN
    await wijk.schrijf("WIJKTEAM", lambda work: setattr(work.get(Contactgegeven, een, 2), "waarde", "drie@voorbeeld.nl"))
    await wijk.schrijf("WIJKTEAM", aan(wie))
    assert (await post(wijk))[-1].aan == "drie@voorbeeld.nl"


async def test_what_arrived_expired_or_was_withdrawn_says_nothing_against_an_address(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    for status in (Verzendstatus.TERUGGEKOMEN, Verzendstatus.VERZONDEN, Verzendstatus.VERLOPEN, Verzendstatus.INGETROKKEN):
        v = Verzending.tabel()
        await wijk.change(update(v).values(status=Verzendstatus.VERZONDEN))
        assert (await wijk.schrijf("WIJKTEAM", aan(wie))).bericht is not None
        await liep_af(wijk, status)
    assert (await wijk.schrijf("WIJKTEAM", aan(wie))).bericht is not None


async def test_who_may_not_send_and_who_is_out_of_reach_and_nothing_happened(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    await refused(wijk, "TEAMLEIDER", GeenRecht, aan(wie))
    await refused(wijk, wijk.actor("WIJKTEAM", team=wijk.ander_team), NietGevonden, aan(wie))
    await refused(wijk, "WIJKTEAM", NietGevonden, aan(Wie(wijk.gemeente, wie.dossier)))
    await refused(wijk, "WIJKTEAM", Sjabloonfout, aan(wie, waarden={"dag": "vandaag"}))
    plugin = Bericht(
        persoon_id=wie.persoon, kader_id=wie.dossier, soort="X", adres="een@voorbeeld.nl", contactgegeven_id=wie.persoon,
        contactgegeven_versie=1, gemaakt_op=wijk.klok.moment, door_id=wijk.WIJKTEAM, verzending_id=wie.persoon,
    )  # fmt: skip
    await refused(wijk, "WIJKTEAM", OmzeilingGeweigerd, lambda work: work.add(plugin))
    with pytest.raises(ValueError, match="TAKEN_HERINNERING is no message for residents"):
        await wijk.schrijf("WIJKTEAM", lambda work: stuur(work, wie.persoon, TAKEN_HERINNERING, {"aantal": "1"}, kader=None))
    assert await weigering.rows_of(wijk, POST) == []


async def test_without_a_mail_server_nothing_waits_for_one(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"post": Postinstellingen()})
    assert (await wijk.schrijf("WIJKTEAM", aan(wie))).waarom_niet is WaaromNiet.GEEN_POST
    assert await weigering.rows_of(wijk, POST) == []


async def test_the_mail_goes_or_stays_with_what_it_is_about(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))

    def half(work: Work) -> None:
        aan(wie)(work)
        work.flush()
        raise NietGevonden

    await refused(wijk, "WIJKTEAM", NietGevonden, half)


async def test_a_mail_that_waits_can_be_withdrawn_and_its_text_is_gone(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    gestuurd = await wijk.schrijf("WIJKTEAM", aan(wie))
    bericht = gestuurd.bericht
    assert bericht is not None
    await refused(wijk, "TEAMLEIDER", GeenRecht, lambda work: trek_in(work, bericht))
    await refused(wijk, wijk.actor("WIJKTEAM", team=wijk.ander_team), NietGevonden, lambda work: trek_in(work, bericht))
    assert await wijk.schrijf("WIJKTEAM", lambda work: trek_in(work, bericht))
    [mail] = await post(wijk)
    assert (mail.status, mail.rij.inhoud, mail.rij.versie) == (Verzendstatus.INGETROKKEN, None, 2)
    assert not await wijk.schrijf("WIJKTEAM", lambda work: trek_in(work, bericht))


async def test_what_is_being_sent_or_was_sent_is_not_withdrawn(wijk: Wijk) -> None:
    wie = await inwoner(wijk, email("een@voorbeeld.nl"))
    bericht = (await wijk.schrijf("WIJKTEAM", aan(wie))).bericht
    assert bericht is not None
    v = Verzending.tabel()
    for values in ({"geclaimd_tot": wijk.klok.moment + timedelta(minutes=5)}, {"geclaimd_tot": None, "status": Verzendstatus.VERZONDEN}):
        await wijk.change(update(v).values(values))
        before = await weigering.rows_of(wijk, POST)
        assert not await wijk.schrijf("WIJKTEAM", lambda work: trek_in(work, bericht))
        assert await weigering.rows_of(wijk, POST) == before


async def test_no_column_no_log_and_no_error_holds_the_address_or_the_text(wijk: Wijk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    geheim = {"dag": "kanariedag", "tijd": "kanarietijd", "wijze": "kanariewijze", "team": "kanarieteam"}
    wie = await inwoner(wijk, email("kanarie@voorbeeld.nl"))
    await wijk.schrijf("WIJKTEAM", aan(wie, waarden=geheim))
    stored = [
        bytes(str(value), "utf-8") if not isinstance(value, bytes) else value
        for row in await weigering.rows_of(wijk, POST)
        for value in row
    ]
    assert len(stored) > 20
    assert not [value for value in stored if b"kanarie" in value.lower()]
    error = await refused(
        wijk, "WIJKTEAM", Sjabloonfout, lambda work: stuur(work, wie.persoon, AFSPRAAK_AFGEZEGD, geheim, kader=wie.dossier)
    )
    too_long = await refused(wijk, "WIJKTEAM", Sjabloonfout, aan(wie, waarden=geheim | {"dag": "kanarie" * 50}))
    assert error.__context__ is None
    assert too_long.__context__ is None
    told = [str(error), str(too_long), str(await wijk.log()), caplog.text]
    assert not [text for text in told if "kanarie" in text.lower()]
