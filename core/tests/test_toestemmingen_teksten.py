"""The texts that consent is asked with: never changed, one after another, and used on the days that they are for."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.tekst import Toestemmingstekst, stel_vast
from wijkwerk.toestemmingen.toestemming import Toestemming, Wijze

pytestmark = pytest.mark.anyio
NIEUW: dict[str, Any] = {"doel": "ZORG_UITWISSELING", "aanduiding": "v2", "tekst": "Mogen wij met uw zorgverlener praten?"}
RECORDS = [Toestemmingstekst]


async def geef(wijk: Wijk, dossier: UUID, persoon: UUID, versie: str, taal: str = "nl") -> UUID:
    naar = [Ontvanger(wijk.zorg)]
    unit = partial(leg_vast, dossier=dossier, persoon=persoon, ontvangers=naar, doel="ZORG_UITWISSELING", categorieen=["IDENTITEIT"],
                   wijze=Wijze.SCHRIFTELIJK, tekst_versie=versie, taal=taal)  # fmt: skip
    return await wijk.schrijf("WIJKTEAM", unit)


async def oude(wijk: Wijk, doel: str = "ZORG_UITWISSELING") -> UUID:
    t = Toestemmingstekst.tabel()
    [row] = await wijk.rows(select(t.c.id).where(t.c.doel == doel))
    return UUID(str(row.id))


async def test_a_new_text_takes_the_place_of_the_one_before_from_its_first_day(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 2))
    dossier, oud = await wijk.dossier(persoon), await oude(wijk)
    eerder = await geef(wijk, dossier, persoon, "v1")
    nieuw = await wijk.schrijf("PRIVACY_OFFICER", partial(stel_vast, van=date(2027, 3, 10), vervangt=oud, **NIEUW))
    arabisch = await wijk.schrijf("PRIVACY_OFFICER", partial(stel_vast, taal="AR", leesniveau="A2", **NIEUW))
    uses: list[UUID | str | None] = []
    for day in (9, 10):
        wijk.klok.moment = wijk.klok.moment.replace(day=day)
        for versie, taal in (("v1", "nl"), ("v2", "nl"), ("v2", "ar")):
            try:
                uses.append(await geef(wijk, dossier, persoon, versie, taal))
            except OngeldigeInvoer as error:
                uses.append(error.veld)
    t = Toestemming.tabel()
    found = {row.id: row.tekst_id for row in await wijk.rows(select(t.c.id, t.c.tekst_id))}
    assert [found.get(use, use) for use in uses] == [oud, "tekst_versie", arabisch, "tekst_versie", nieuw, arabisch]
    assert found[eerder] == oud


async def test_a_text_that_can_not_be_changes_nothing(wijk_vlug: Wijk) -> None:
    wijk, oud, ander = wijk_vlug, await oude(wijk_vlug), await oude(wijk_vlug, "PW_DERDEN")
    wrong: list[tuple[str, type[WijkwerkError], dict[str, Any]]] = [
        ("WIJKTEAM", GeenRecht, {}), ("BEHEER", GeenRecht, {}), ("PRIVACY_OFFICER", NietGevonden, {"vervangt": nieuw_id()}),
        *(("PRIVACY_OFFICER", OngeldigeInvoer, changes) for changes in (
            {"aanduiding": "v1"}, {"aanduiding": " "}, {"aanduiding": "x" * 61}, {"tekst": ""}, {"tekst": "x" * 2001}, {"doel": "NIETS"},
            {"doel": "WMO_ONDERZOEK"}, {"taal": "nederlands"},
            {"leesniveau": "x" * 11}, {"van": date(2027, 2, 28)}, {"van": date(9999, 1, 1)},
            {"vervangt": ander}, {"vervangt": oud, "taal": "tr"},
        )),
    ]  # fmt: skip
    for rol, error, changes in wrong:
        gegevens: dict[str, Any] = {**NIEUW, **changes}
        await refused(wijk, rol, error, partial(stel_vast, **gegevens), records=RECORDS)


async def test_of_two_who_make_the_same_text_at_once_one_does(wijk: Wijk) -> None:
    units = [wijk.schrijf("PRIVACY_OFFICER", partial(stel_vast, **NIEUW)) for _ in range(2)]
    done = await asyncio.gather(*units, return_exceptions=True)
    [error] = [each for each in done if isinstance(each, BaseException)]
    assert isinstance(error, OngeldigeInvoer | VersieVerouderd)
    t = Toestemmingstekst.tabel()
    assert len(await wijk.rows(select(t.c.id).where(t.c.aanduiding == "v2"))) == 1
