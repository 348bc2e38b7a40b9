"""Two administrators who take on the same person at the same moment."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.aanstellingen import Plaats, neem_in_dienst
from wijkwerk.errors import WijkwerkError
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


async def test_they_make_one_user_and_who_was_late_is_told(wijk: Wijk) -> None:
    plaats = Plaats(wijk.dock, "DOCK", date(2027, 3, 1))

    async def take(rol: str) -> object:
        try:
            return await wijk.schrijf(rol, lambda work: neem_in_dienst(work, "test", "samen", "Nel Nieuw", plaats))
        except WijkwerkError as error:
            return error.code

    done = await asyncio.gather(*[take(rol) for rol in ("PARTNER_BEHEER", "BEHEER") * 3])
    g, a = Gebruiker.tabel(), Aanstelling.tabel()
    [made] = await wijk.rows(select(g.c.id).where(g.c.onderwerp == "samen"))
    employed = (await wijk.rows(select(func.count()).select_from(a).where(a.c.gebruiker_id == made.id)))[0][0]
    assert employed == sum(isinstance(each, UUID) for each in done) >= 1
    assert {each for each in done if isinstance(each, str)} <= {"VERSIE_VEROUDERD", "ONGELDIGE_INVOER"}
