"""Mail that comes back: only what is sent to an address that we made changes anything, once, and nothing of it is kept but the code.

And mail that waits too long is gone from the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from wijkwerk.errors import GeenRecht
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.jobs.job import Stand
from wijkwerk.post.bounces import GROOTST, Gevolg, verwerk
from wijkwerk.post.opruimen import OPRUIMEN, ruim_op
from wijkwerk.post.retour import Retour
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.taak import Taak
from wijkwerk.testing.postkamer import RETOUR, reis, rijen, zet_klaar
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
V = Verzending.tabel().c
KANARIE = "kanarie@post.example"


def melding(aan: str, *velden: str, soort: str = "multipart/report; report-type=delivery-status", kop: str = "To") -> bytes:
    """A notice as Postfix makes one, with these lines about the recipient."""
    blok = "\n".join(["Final-Recipient: rfc822; " + KANARIE, *velden, "Diagnostic-Code: smtp; 550 " + KANARIE])
    return (
        f"Return-Path: <>\n{kop}: Wijkteam <{aan}>\nContent-Type: {soort}; boundary=grens\n\n"
        f"--grens\n\n{KANARIE} bestaat niet\n--grens\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; post.example\n\n{blok}\n"
        f"--grens\nContent-Type: message/rfc822\n\nSubject: Uw afspraak\n\nTekst aan {KANARIE}\n--grens--\n"
    ).encode()


async def verstuurd(wijk: Wijk, **values: Any) -> UUID:
    """A mail that a mail server took."""
    [id] = await zet_klaar(wijk)
    sent = {"status": Verzendstatus.VERZONDEN, "inhoud": None, "verzonden_op": wijk.klok.moment} | values
    await wijk.change(update(Verzending.tabel()).where(V.id == id).values(**sent))
    return id


async def ongewijzigd(wijk: Wijk, verwacht: Gevolg, inhoud: bytes, ontvanger: str | None = None) -> None:
    """This notice changes nothing at all."""
    before = await rijen(wijk)
    assert await verwerk(wijk.wijkwerk, RETOUR, inhoud, ontvanger) is verwacht
    assert await rijen(wijk) == before
    assert not await wijk.rows(select(Taak.tabel()))


@pytest.mark.parametrize(
    ("velden", "code"),
    [
        (("Action: failed", "Status: 5.1.1 (bad destination)"), "5.1.1"),
        (("Action: FAILED", "Status: 4.4.7"), "4.4.7"),
        (("Action: failed",), "5.0.0"),
        (("Status: 5.2.2",), "5.2.2"),
    ],
    ids=["no such mailbox", "tried too long", "no code", "no action"],
)
async def test_a_mail_that_was_given_up_came_back_with_its_code_and_somebody_gets_a_task(
    wijk_vlug: Wijk, velden: tuple[str, ...], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    wijk, id = wijk_vlug, await verstuurd(wijk_vlug)
    inhoud = melding(RETOUR.adres(id).upper(), *velden, kop="Delivered-To")
    assert await verwerk(wijk.wijkwerk, RETOUR, inhoud) is Gevolg.TERUGGEKOMEN
    [row] = await rijen(wijk, [id])
    assert (row.status, row.antwoord, row.inhoud, row.verzonden_op is None) == (Verzendstatus.TERUGGEKOMEN, code, None, False)
    [taak] = await wijk.rows(select(Taak.tabel()))
    assert (taak.soort, taak.bron_id, taak.voor_id) == ("BERICHT_MISLUKT", id, wijk.REGISSEUR)
    assert await verwerk(wijk.wijkwerk, RETOUR, inhoud) is Gevolg.NIETS_TE_DOEN
    assert (await rijen(wijk, [id]), await wijk.rows(select(Taak.tabel()))) == ([row], [taak])
    assert KANARIE not in caplog.text + repr(await wijk.log()) + repr(await rijen(wijk))


async def test_what_came_back_although_its_answer_was_lost_is_not_sent_again(wijk_vlug: Wijk) -> None:
    [id] = await zet_klaar(wijk_vlug)
    assert await verwerk(wijk_vlug.wijkwerk, RETOUR, melding("x@y.example", "Action: failed"), RETOUR.adres(id)) is Gevolg.TERUGGEKOMEN
    [row] = await rijen(wijk_vlug, [id])
    assert (row.status, row.inhoud) == (Verzendstatus.TERUGGEKOMEN, None)


@pytest.mark.parametrize("status", [Verzendstatus.GEWEIGERD, Verzendstatus.VERLOPEN, Verzendstatus.INGETROKKEN])
async def test_what_has_another_end_keeps_it(wijk_vlug: Wijk, status: Verzendstatus) -> None:
    id = await verstuurd(wijk_vlug, status=status)
    await ongewijzigd(wijk_vlug, Gevolg.NIETS_TE_DOEN, melding(RETOUR.adres(id), "Action: failed", "Status: 5.1.1"))


FAILED = ("Action: failed", "Status: 5.1.1")
VREEMD: list[tuple[str, Gevolg, Callable[[str], bytes]]] = [
    ("late only", Gevolg.NIETS_TE_DOEN, lambda aan: melding(aan, "Action: delayed", "Status: 4.4.1")),
    ("delivered", Gevolg.NIETS_TE_DOEN, lambda aan: melding(aan, "Action: delivered", "Status: 2.0.0")),
    ("late, whatever the code", Gevolg.NIETS_TE_DOEN, lambda aan: melding(aan, "Action: delayed", "Status: 5.1.1")),
    ("somebody answers", Gevolg.ONLEESBAAR, lambda aan: f"To: {aan}\n\nStatus: 5.1.1\nAction: failed\n".encode()),
    ("another kind of report", Gevolg.ONLEESBAAR, lambda aan: melding(aan, *FAILED, soort="multipart/mixed")),
    ("nothing about a recipient", Gevolg.ONLEESBAAR, lambda aan: melding(aan)),
    ("too big", Gevolg.ONLEESBAAR, lambda aan: melding(aan, *FAILED) + b"x" * GROOTST),
    ("nothing", Gevolg.ONBEKEND, lambda aan: b""),
    ("only bytes", Gevolg.ONBEKEND, lambda aan: bytes(range(256)) * 9),
    ("a guessed code", Gevolg.ONBEKEND, lambda aan: melding(aan[:40] + "a" * 16 + aan[56:], *FAILED)),
    ("another domain", Gevolg.ONBEKEND, lambda aan: melding(aan.replace("wijk.example", "ander.example"), *FAILED)),
    ("another mail under the same code", Gevolg.ONBEKEND, lambda aan: melding(aan.replace(aan[7:39], nieuw_id().hex), *FAILED)),
    ("a mail that is gone", Gevolg.ONBEKEND, lambda aan: melding(RETOUR.adres(nieuw_id()), *FAILED)),
    ("of another installation", Gevolg.ONBEKEND, lambda aan: melding(Retour("wijk.example", b"j" * 32).adres(UUID(aan[7:39])), *FAILED)),
]  # fmt: skip


async def test_what_is_no_notice_about_a_mail_of_ours_changes_nothing(wijk_vlug: Wijk) -> None:
    aan = RETOUR.adres(await verstuurd(wijk_vlug))
    for _, verwacht, maak in VREEMD:
        await ongewijzigd(wijk_vlug, verwacht, maak(aan))
    await ongewijzigd(wijk_vlug, Gevolg.ONBEKEND, melding(aan, *FAILED), "iemand@wijk.example")
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(5000))
    await ongewijzigd(wijk_vlug, Gevolg.ONLEESBAAR, deep)


@given(st.binary(max_size=40), st.integers(min_value=0, max_value=2**128 - 1), st.text(max_size=90))
def test_only_the_key_makes_an_address_and_every_address_is_read_back(sleutel: bytes, nummer: int, iets: str) -> None:
    retour, id = Retour("wijk.example", b"geheim" + sleutel), UUID(int=nummer)
    adres = retour.adres(id)
    assert len(adres.partition("@")[0]) == 56
    assert (retour.lees(adres), retour.lees(adres.upper()), retour.lees(iets)) == (id, id, None)
    assert Retour("wijk.example", b"ander" + sleutel).lees(adres) is None
    assert "geheim" not in repr(retour)


async def test_mail_that_waited_too_long_is_ended_by_the_job_also_without_a_worker(
    wijk_vlug: Wijk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wijk, ids = wijk_vlug, await zet_klaar(wijk_vlug, 5)
    monkeypatch.setattr("wijkwerk.post.opruimen.STAP", 2)
    table, later = Verzending.tabel(), wijk.klok.moment + timedelta(days=9)
    await wijk.change(update(table).where(V.id == ids[0]).values(verloopt_op=later))
    await wijk.change(update(table).where(V.id == ids[1]).values(eigenaar=nieuw_id(), geclaimd_tot=later))  # somebody is sending it
    reis(wijk, days=4)
    await refused(wijk, "BEHEER", GeenRecht, lambda work: ruim_op(work, "2027-03-05", None), records=[Verzending])
    done = await draai(wijk.wijkwerk, OPRUIMEN, wijk.gemeente, "2027-03-05")
    assert (done.afloop, done.gedaan) == (Afloop.KLAAR, 3)
    weg = (Verzendstatus.VERLOPEN, True)
    assert [(row.status, row.inhoud is None) for row in await rijen(wijk, ids)] == [(Verzendstatus.WACHT, False)] * 2 + [weg] * 3
    assert OPRUIMEN.naam in wijk.wijkwerk.catalogue.jobs
    assert await wijk.schrijf("JOBS", lambda work: ruim_op(work, "2027-03-05", None)) == Stand(None)
