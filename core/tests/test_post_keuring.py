"""Asked again at the moment of sending: what changed since the mail was put in the outbox stops it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.contactgegevens import Contactgegeven, verwijder, voeg_toe, wijzig
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.geheimhouding import zet_geheimhouding, zet_veiligheidsvlag
from wijkwerk.personen import Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.keuring import WaaromNiet, bezwaren
from wijkwerk.post.notificeren import mail_gebruiker
from wijkwerk.post.soorten import AFSPRAAK_AFGEZEGD, TAKEN_HERINNERING
from wijkwerk.post.sturen import stuur, trek_in
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.postvak import post
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
WAARDEN = {"dag": "maandag", "tijd": "10.00 uur", "team": "Wijkteam Noord"}


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def gestuurd(wijk: Wijk, adres: str) -> UUID:
    """A resident with this address, to whom a mail waits; the id of the resident."""
    persoon = await wijk.inwoner(contact=[adres])
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf("WIJKTEAM", lambda work: stuur(work, persoon, AFSPRAAK_AFGEZEGD, WAARDEN, kader=dossier))
    return persoon


async def keuring(wijk: Wijk, ids: list[UUID]) -> dict[UUID, WaaromNiet]:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: bezwaren(connection, wijk.gemeente, ids))


def contact(work: Work, persoon: UUID) -> Any:
    [row] = work.reader.by_key(Contactgegeven, ("versie",), "persoon_id", [persoon])
    return row


def zet(**values: Any) -> Callable[[Wijk, UUID], Awaitable[None]]:
    """A change of the only contact detail."""

    async def change(wijk: Wijk, persoon: UUID) -> None:
        def unit(work: Work) -> None:
            row = contact(work, persoon)
            wijzig(work, row.id, row.versie, values)

        await wijk.schrijf("WIJKTEAM", unit)

    return change


async def weg(wijk: Wijk, persoon: UUID) -> None:
    def unit(work: Work) -> None:
        row = contact(work, persoon)
        verwijder(work, row.id, row.versie)

    await wijk.schrijf("WIJKTEAM", unit)


async def weg_en_terug(wijk: Wijk, persoon: UUID) -> None:
    """The same address again is another contact detail: who took it away may have had a reason."""
    await weg(wijk, persoon)
    await wijk.schrijf("WIJKTEAM", partial(voeg_toe, persoon=persoon, gegevens={"soort": "EMAIL", "waarde": "een@voorbeeld.nl"}))


async def in_gevaar(wijk: Wijk, persoon: UUID) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: zet_veiligheidsvlag(work, persoon, 1, True, "Loopt gevaar"))


async def geheim(wijk: Wijk, persoon: UUID) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: zet_geheimhouding(work, persoon, 1, True))


async def overleden(wijk: Wijk, persoon: UUID) -> None:
    p = Persoon.tabel()
    await wijk.change(update(p).where(p.c.id == persoon).values(overlijdensdatum=Datum.lees("2027")))


async def ingetrokken(wijk: Wijk, persoon: UUID) -> None:
    b = Bericht.tabel()
    [row] = await wijk.rows(select(b.c.id).where(b.c.persoon_id == persoon))
    assert await wijk.schrijf("WIJKTEAM", lambda work: trek_in(work, row.id))


async def heen_en_weer(wijk: Wijk, persoon: UUID) -> None:
    """Changed and changed back: since then it was another address."""
    await zet(waarde="twee@voorbeeld.nl")(wijk, persoon)
    await zet(waarde="een@voorbeeld.nl")(wijk, persoon)


GEBEURT: dict[str, tuple[Callable[[Wijk, UUID], Awaitable[None]], WaaromNiet | None]] = {
    "the address is not safe any more": (zet(veilig_te_gebruiken=False), WaaromNiet.NIET_VEILIG),
    "the address changed": (zet(waarde="twee@voorbeeld.nl"), WaaromNiet.GEEN_EMAILADRES),
    "the address changed and changed back": (heen_en_weer, WaaromNiet.GEEN_EMAILADRES),
    "the address was taken away": (weg, WaaromNiet.GEEN_EMAILADRES),
    "the address was taken away and put back": (weg_en_terug, WaaromNiet.GEEN_EMAILADRES),
    "the resident is in danger": (in_gevaar, WaaromNiet.VEILIGHEIDSVLAG),
    "the resident died": (overleden, WaaromNiet.OVERLEDEN),
    "the message was withdrawn": (ingetrokken, WaaromNiet.INGETROKKEN),
    "the address is preferred now": (zet(voorkeur=True), None),
    "the resident asked for secrecy": (geheim, None),
}


@pytest.mark.parametrize("wat", GEBEURT)
async def test_what_happens_between_queueing_and_sending(wijk: Wijk, wat: str) -> None:
    """And the mail of another resident is not touched by it."""
    gebeurt, verwacht = GEBEURT[wat]
    persoon = await gestuurd(wijk, "een@voorbeeld.nl")
    await gestuurd(wijk, "ander@voorbeeld.nl")
    van_een, van_ander = [mail.id for mail in await post(wijk)]
    assert await keuring(wijk, [van_een, van_ander]) == {}
    await gebeurt(wijk, persoon)
    assert await keuring(wijk, [van_een, van_ander]) == ({} if verwacht is None else {van_een: verwacht})


async def test_what_is_not_there_is_not_sent_nor_what_is_of_another_municipality(wijk: Wijk) -> None:
    await gestuurd(wijk, "een@voorbeeld.nl")
    [mail] = await post(wijk)
    onbekend = nieuw_id()
    assert await keuring(wijk, [onbekend]) == {onbekend: WaaromNiet.INGETROKKEN}
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        elders = await snapshot.run(lambda connection: bezwaren(connection, wijk.buurgemeente, [mail.id]))
    assert elders == {mail.id: WaaromNiet.INGETROKKEN}


async def test_it_takes_two_statements_however_many_mails(wijk: Wijk) -> None:
    for number in range(4):
        await zet(voorkeur=True)(wijk, await gestuurd(wijk, f"nummer{number}@voorbeeld.nl"))
    ids = [mail.id for mail in await post(wijk)]
    counts = []
    for some in ([ids[0]], ids):
        with count_statements(wijk.wijkwerk.database) as seen:
            assert await keuring(wijk, some) == {}
        counts.append(len(seen))
    assert counts == [2, 2]


async def test_mail_to_a_user_has_no_objection(wijk: Wijk) -> None:
    g = Gebruiker.tabel()
    await wijk.change(update(g).where(g.c.id == wijk.REGISSEUR).values(email="regisseur@voorbeeld.nl"))
    await wijk.schrijf("WIJKTEAM", lambda work: mail_gebruiker(work, wijk.REGISSEUR, TAKEN_HERINNERING, {"aantal": "2"}))
    [mail] = await post(wijk)
    assert await keuring(wijk, [mail.id]) == {}
