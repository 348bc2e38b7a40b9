"""Reminders: on the day, of what is open, to who can do it; once, however often the job runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.errors import GeenRecht
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.jobs.job import Job, Stand
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.post.envelop import ontzegel
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.verzending import Verzending
from wijkwerk.records.session import Work
from wijkwerk.settings import Postinstellingen
from wijkwerk.taken import herinneren
from wijkwerk.taken.afronden import gedaan, geef_door
from wijkwerk.taken.herinneren import HERINNEREN, stap
from wijkwerk.taken.maken import maak_algemene_taak, maak_taak
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.taken.voor import Voor
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
GEBRUIKER, TEAM, ORGANISATIE = Partijsoort.GEBRUIKER, Partijsoort.TEAM, Partijsoort.ORGANISATIE
DONDERDAG = "2027-03-04"


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture(autouse=True)
def kleine_stappen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three to a step, so that there are steps."""
    monkeypatch.setattr(herinneren, "PER_STAP", 3)


async def op(wijk: Wijk, dag: str, afloop: Afloop = Afloop.KLAAR, job: Job = HERINNEREN) -> None:
    wijk.klok.moment = begin_van(date.fromisoformat(dag))
    assert (await draai(wijk.wijkwerk, job, wijk.gemeente, dag)).afloop is afloop


async def gekregen(wijk: Wijk) -> set[tuple[UUID, UUID]]:
    """Who got a notice about what."""
    n = Notificatie.tabel()
    rows = await wijk.rows(select(n.c.partij_id, n.c.over_id).where(n.c.soort == "TAKEN_HERINNERING"))
    found = {(row.partij_id, row.over_id) for row in rows}
    assert len(found) == len(rows)
    return found


async def taak(wijk: Wijk, voor: Voor, kader: UUID, persoon: UUID, **rest: Any) -> UUID:
    return await wijk.schrijf("REGISSEUR", lambda work: maak_taak(work, persoon, voor, kader=kader, tekst="Bel", **rest))


async def test_each_open_task_is_reminded_of_once_on_its_day_to_who_can_do_it(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    mij, team, deel = Voor(wijk.WIJKTEAM, GEBRUIKER), Voor(wijk.team, TEAM), Voor(wijk.team, TEAM, "REGISSEUR")
    gekozen = await taak(wijk, mij, dossier, persoon, herinneren_op=date(2027, 3, 4), uiterlijk=date(2027, 6, 1))
    bijna = await taak(wijk, team, dossier, persoon, uiterlijk=date(2027, 3, 8))  # Monday: two working days after Thursday
    rol = await taak(wijk, deel, dossier, persoon, uiterlijk=date(2027, 3, 1))
    later = await taak(wijk, mij, dossier, persoon, uiterlijk=date(2027, 3, 9))
    klaar = await taak(wijk, mij, dossier, persoon, uiterlijk=date(2027, 3, 4))
    await taak(wijk, mij, dossier, persoon)
    await wijk.schrijf("WIJKTEAM", lambda work: gedaan(work, Taak, klaar, 1))
    dock = Voor(wijk.dock, ORGANISATIE, "DOCK")
    folders = await wijk.schrijf("REGISSEUR", lambda work: maak_algemene_taak(work, dock, tekst="Folders", uiterlijk=date(2027, 3, 5)))
    await op(wijk, DONDERDAG)
    verwacht = {
        (wijk.WIJKTEAM, gekozen), (wijk.WIJKTEAM, bijna), (wijk.REGISSEUR, bijna), (wijk.TEAMLEIDER, bijna), (wijk.REGISSEUR, rol),
        (wijk.DOCK, folders),
    }  # fmt: skip
    assert await gekregen(wijk) == verwacht
    await op(wijk, DONDERDAG, Afloop.WAS_KLAAR)
    assert await gekregen(wijk) == verwacht
    await op(wijk, "2027-03-05")
    assert await gekregen(wijk) == verwacht | {(wijk.WIJKTEAM, later)}
    [row] = await wijk.lees("WIJKTEAM", lambda reader: reader.by_key(Taak, ("versie",), "id", [bijna]))
    assert row.versie == 1
    # who gets a task that was handed over, hears of it too
    await wijk.schrijf("WIJKTEAM", lambda work: geef_door(work, later, 1, Voor(wijk.TEAMLEIDER, GEBRUIKER)))
    await op(wijk, "2027-03-06")
    assert await gekregen(wijk) == verwacht | {(wijk.WIJKTEAM, later), (wijk.TEAMLEIDER, later)}
    assert "Moulin" not in str(await wijk.rows(select(Notificatie.tabel())))


async def test_who_left_hears_nothing_and_who_sees_too_little_neither(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    weg = await taak(wijk, Voor(wijk.WIJKTEAM, GEBRUIKER), dossier, persoon, uiterlijk=date(2027, 3, 4))
    hoog = await taak(wijk, Voor(wijk.team, TEAM), dossier, persoon, uiterlijk=date(2027, 3, 4), soort=herinneren_soort(wijk))
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.WIJKTEAM).values(tot=date(2027, 3, 3)))
    await op(wijk, DONDERDAG)
    assert await gekregen(wijk) == {(wijk.REGISSEUR, hoog)}
    t = Taak.tabel()
    assert len(await wijk.rows(select(t.c.id).where(t.c.herinnerd_op.is_not(None)))) == 2
    assert weg != hoog


def herinneren_soort(wijk: Wijk) -> Any:
    return wijk.wijkwerk.catalogue.taaksoorten["SIGNAAL_BEOORDELEN"]


async def test_nobody_but_the_system_reminds(wijk: Wijk) -> None:
    for rol in ("BEHEER", "PEERCOACH", "FG"):
        await refused(wijk, rol, GeenRecht, lambda work: stap(work, DONDERDAG, None), records=(Taak, AlgemeneTaak, Notificatie, Verzending))


async def test_one_mail_a_day_for_who_has_an_address_also_when_it_was_broken_off(wijk: Wijk) -> None:
    post = Postinstellingen.model_validate({"smtp": {"host": "mail.example"}, "afzender_adres": "wijkteam@voorbeeld.example"})
    wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"post": post})
    g = Gebruiker.tabel()
    await wijk.change(update(g).where(g.c.id.in_([wijk.WIJKTEAM, wijk.REGISSEUR])).values(email="werk@voorbeeld.example"))
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    for _ in range(4):
        await taak(wijk, Voor(wijk.team, TEAM), dossier, persoon, uiterlijk=date(2027, 3, 4))
    fouten = [RuntimeError("killed")]

    def breekt_af(work: Work, periode: str, plek: str | None) -> Stand:
        done = stap(work, periode, plek)
        if (plek or "").startswith("MAIL") and fouten:
            raise fouten.pop()
        return done

    await op(wijk, DONDERDAG, Afloop.MISLUKT, job=replace(HERINNEREN, stap=breekt_af))
    v = Verzending.tabel()
    assert (len(await gekregen(wijk)), await wijk.rows(select(v.c.id))) == (12, [])
    await op(wijk, DONDERDAG)
    assert len(await gekregen(wijk)) == 12
    mails = {row.id: row.inhoud for row in await wijk.rows(select(v))}
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: ontzegel(wijk.wijkwerk.keyring, connection, wijk.gemeente, mails))
    assert ["U hebt 4 taken die bijna" in envelop.mime for envelop in found.values() if envelop] == [True, True]
