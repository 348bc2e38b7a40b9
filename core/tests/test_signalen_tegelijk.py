"""Signals of partners at the same moment, with real commits."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select

from wijkwerk.gebruikers import Gebruiker
from wijkwerk.signalen.afgeven import Ontvangst, geef_af
from wijkwerk.signalen.signaal import Signaal
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


async def test_the_first_signals_at_once_make_one_system_user_and_nobody_passes_the_limit(wijk: Wijk) -> None:
    grens = wijk.wijkwerk.settings.grenzen.signaal_per_uur
    actoren = [wijk.actor("ZORG"), *(wijk.actor("DOCK") for _ in range(grens + 2))]
    units = (wijk.schrijf(actor, lambda w: geef_af(w, wijk.team, {"geslachtsnaam": "Moulin"}, "Zorg")) for actor in actoren)
    antwoorden = Counter(antwoord.uitkomst for antwoord in await asyncio.gather(*units))
    assert antwoorden == {Ontvangst.ONTVANGEN: grens + 1, Ontvangst.TE_VAAK_AFGEGEVEN: 2}
    g = Gebruiker.tabel()
    assert len(await wijk.rows(select(g.c.id).where(g.c.onderwerp == "signalen"))) == 1
    assert await wijk.rows(select(func.count()).select_from(Signaal.tabel())) == [(grens + 1,)]
