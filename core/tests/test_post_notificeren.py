"""Notices inside the product, and mail to users: that something waits, never about whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.access.actor import Actor, Vervangt
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.post import notificeren
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.notificeren import alles_gelezen, gelezen, mail_gebruiker, notificeer
from wijkwerk.post.soorten import AFSPRAAK_GEMAAKT, TAKEN_HERINNERING
from wijkwerk.post.verzending import Verzending
from wijkwerk.records.guard import OmzeilingGeweigerd
from wijkwerk.records.session import Work
from wijkwerk.settings import Postinstellingen
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing import weigering
from wijkwerk.testing.postvak import post
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
refused = partial(weigering.refused, records=(Notificatie, Verzending))
HERINNERING = TAKEN_HERINNERING.code


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def aan(wijk: Wijk, rol: str = "REGISSEUR", **rest: Any) -> Callable[[Work], UUID]:
    return lambda work: notificeer(work, wijk.ids[rol], wijk.stad, HERINNERING, **rest)


async def ziet(wijk: Wijk, rol: str | Actor) -> list[UUID]:
    """The notices that somebody sees."""
    found = await wijk.lees(rol, lambda reader: reader.page(Notificatie, ("soort",), first=50))
    return [row.id for row in found.rows]


async def zet_email(wijk: Wijk, rol: str, email: str) -> None:
    g = Gebruiker.tabel()
    await wijk.change(update(g).where(g.c.id == wijk.ids[rol]).values(email=email))


def waarnemer(wijk: Wijk, afwezige: str = "REGISSEUR") -> Actor:
    """Another REGISSEUR, who stands in for this one."""
    actor = wijk.actor("REGISSEUR", gebruiker=wijk.WIJKTEAM)
    made = wijk.wijkwerk.toewijzer.actor(
        wijk.WIJKTEAM, wijk.gemeente, [wijk.functie("REGISSEUR")], actor.activiteit, wijk.klok.nu(),
        afwezigen=[Vervangt(wijk.ids[afwezige], wijk.stad, "REGISSEUR")],
    )  # fmt: skip
    assert made.vervangt == (wijk.ids[afwezige],)
    return made


async def test_only_who_it_is_for_sees_a_notice_and_opens_what_it_is_about_under_the_own_scope(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Canarie")
    dossier = await wijk.dossier(persoon)
    id = await wijk.schrijf("JOBS", aan(wijk, over_soort="Dossier", over_id=dossier))
    assert await ziet(wijk, "REGISSEUR") == [id]
    assert [await ziet(wijk, rol) for rol in ("WIJKTEAM", "TEAMLEIDER", "BEHEER", "DOCK")] == [[], [], [], []]
    [row] = await wijk.rows(select(Notificatie.tabel()))
    assert (row.over_soort, row.over_id, row.gelezen_op, row.verantwoordelijke_id) == ("Dossier", dossier, None, wijk.stad)
    assert persoon not in list(row)
    elders = wijk.actor("WIJKTEAM", gebruiker=wijk.TEAMLEIDER, team=wijk.ander_team)
    assert await ziet(wijk, elders) == []
    await wijk.schrijf("WIJKTEAM", aan(wijk, "TEAMLEIDER", over_soort="Dossier", over_id=dossier))
    assert len(await ziet(wijk, elders)) == 1
    assert await wijk.lees(elders, lambda reader: reader.one(Dossier, ("status",), dossier)) is None


async def test_a_notice_of_another_organisation_stays_there(wijk: Wijk) -> None:
    """The same user works at two: each organisation has its own."""
    await wijk.schrijf("WIJKTEAM", lambda work: notificeer(work, wijk.REGISSEUR, wijk.dock, HERINNERING))
    assert await ziet(wijk, "REGISSEUR") == []


async def test_what_can_not_be_told_and_to_whom(wijk: Wijk) -> None:
    await refused(wijk, "GEBIED", GeenRecht, aan(wijk))
    await refused(wijk, "WIJKTEAM", NietGevonden, lambda work: notificeer(work, nieuw_id(), wijk.stad, HERINNERING))
    mine = Notificatie(partij_id=wijk.WIJKTEAM, soort=HERINNERING, gemaakt_op=wijk.klok.moment)
    await refused(wijk, "WIJKTEAM", OmzeilingGeweigerd, lambda work: work.add(mine))
    for soort in ("ONBEKEND", AFSPRAAK_GEMAAKT.code, "Jan Jansen"):
        with pytest.raises(ValueError, match="no declared kind"):
            await wijk.schrijf("WIJKTEAM", partial(notificeer, gebruiker=wijk.REGISSEUR, organisatie=wijk.stad, soort=soort))
    assert await weigering.rows_of(wijk, (Notificatie,)) == []


async def test_a_notice_is_ticked_off_once_and_only_by_who_it_is_for(wijk: Wijk) -> None:
    id = await wijk.schrijf("WIJKTEAM", aan(wijk))
    for rol in ("WIJKTEAM", "TEAMLEIDER", "DOCK"):
        await refused(wijk, rol, NietGevonden, lambda work: gelezen(work, id, 1))
    await refused(wijk, "GEBIED", GeenRecht, lambda work: gelezen(work, id, 1))
    await wijk.schrijf("REGISSEUR", lambda work: gelezen(work, id, 1))
    [first] = await weigering.rows_of(wijk, (Notificatie,))
    assert (first.gelezen_op, first.versie) == (wijk.klok.moment, 2)
    await refused(wijk, "REGISSEUR", VersieVerouderd, lambda work: gelezen(work, id, 1))
    await wijk.schrijf("REGISSEUR", lambda work: gelezen(work, id, 2))
    assert await weigering.rows_of(wijk, (Notificatie,)) == [first]


async def test_who_stands_in_sees_the_notices_of_the_absent_one_and_ticks_off_one_but_not_all(wijk: Wijk) -> None:
    first, second = [await wijk.schrijf("WIJKTEAM", aan(wijk)) for _ in range(2)]
    own = await wijk.schrijf("WIJKTEAM", aan(wijk, "WIJKTEAM"))
    assert set(await ziet(wijk, waarnemer(wijk))) == {first, second, own}
    assert await wijk.schrijf(waarnemer(wijk), alles_gelezen) == 1
    await wijk.schrijf(waarnemer(wijk), lambda work: gelezen(work, first, 1))
    read = {row.id for row in await weigering.rows_of(wijk, (Notificatie,)) if row.gelezen_op is not None}
    assert read == {first, own}


async def test_ticking_all_off_is_bounded_and_only_of_the_actor_here(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [await wijk.schrijf("WIJKTEAM", aan(wijk)) for _ in range(3)]
    await wijk.schrijf("WIJKTEAM", aan(wijk, "WIJKTEAM"))
    await wijk.schrijf("WIJKTEAM", lambda work: notificeer(work, wijk.REGISSEUR, wijk.dock, HERINNERING))
    monkeypatch.setattr(notificeren, "MEESTE", 2)
    await refused(wijk, "GEBIED", GeenRecht, alles_gelezen)
    done = [await wijk.schrijf("REGISSEUR", alles_gelezen) for _ in range(3)]
    assert done == [2, 1, 0]
    assert {row.id for row in await weigering.rows_of(wijk, (Notificatie,)) if row.gelezen_op is not None} == set(ids)


async def test_a_user_is_mailed_at_work_and_the_mail_says_how_many_and_where_to_sign_in(wijk: Wijk) -> None:
    await zet_email(wijk, "DOCK", "dock@voorbeeld.nl")
    herinner = partial(mail_gebruiker, gebruiker=wijk.DOCK, soort=TAKEN_HERINNERING, waarden={"aantal": "3"})
    id = await wijk.schrijf("WIJKTEAM", herinner)
    [mail] = await post(wijk)
    assert (mail.id, mail.aan, mail.mail["Subject"]) == (id, "dock@voorbeeld.nl", "Taken die bijna klaar moeten zijn")
    assert "U hebt 3 taken" in mail.tekst("plain")
    assert 'href="https://werkplek.voorbeeld.nl"' in mail.tekst("html")
    await refused(wijk, "GEBIED", GeenRecht, herinner)
    wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"post": Postinstellingen()})
    assert await wijk.schrijf("WIJKTEAM", herinner) is None


async def test_who_has_no_address_or_works_nowhere_any_more_is_not_mailed(wijk: Wijk) -> None:
    herinner = partial(mail_gebruiker, gebruiker=wijk.REGISSEUR, soort=TAKEN_HERINNERING, waarden={"aantal": "1"})
    assert await wijk.schrijf("WIJKTEAM", herinner) is None
    await zet_email(wijk, "REGISSEUR", "één@voorbeeld.nl")
    assert await wijk.schrijf("WIJKTEAM", herinner) is None
    await zet_email(wijk, "REGISSEUR", "een@voorbeeld.nl")
    a = Aanstelling.tabel()
    await wijk.change(update(a).where(a.c.gebruiker_id == wijk.REGISSEUR).values(tot=date(2027, 2, 28)))
    assert await wijk.schrijf("WIJKTEAM", herinner) is None
    assert await weigering.rows_of(wijk, (Verzending,)) == []
