"""What happens at the same time: one is first, the other is told, and nothing is lost or doubled."""

from __future__ import annotations

from uuid import UUID

import anyio
import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.errors import VersieVerouderd
from wijkwerk.notities.notitie import Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")


async def test_of_several_who_report_the_same_new_bsn_at_once_all_get_one_resident_in_the_end(wijk: Wijk) -> None:
    found: list[UUID] = []

    async def report() -> None:
        try:
            found.append(await wijk.inwoner("Moulin", bsn=BSN))
        except VersieVerouderd:
            found.append(await wijk.inwoner("Moulin", bsn=BSN))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(report)
    assert len(set(found)) == 1
    assert len(await wijk.rows(select(Persoon.tabel().c.id))) == 1
    assert len(await wijk.rows(select(Aanmelding.tabel().c.id))) == 3


async def test_of_two_corrections_at_once_one_is_told_that_it_is_too_late(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    notitie = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld("Eerste")))
    ended: list[str] = []

    async def correct(tekst: str) -> None:
        try:
            await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, verteld(tekst)))
            ended.append("GESLAAGD")
        except VersieVerouderd as error:
            ended.append(error.code)

    async with anyio.create_task_group() as group:
        group.start_soon(correct, "A")
        group.start_soon(correct, "B")
    assert sorted(ended) == ["GESLAAGD", "VERSIE_VEROUDERD"]
    assert sorted(row.nummer for row in await wijk.rows(select(Notitieversie.tabel().c.nummer))) == [1, 2]
