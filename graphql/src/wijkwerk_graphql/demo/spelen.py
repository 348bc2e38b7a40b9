"""`wijkwerk demo --story`: a fresh server and database, the whole story over HTTP, and everything cleaned up."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from wijkwerk.app import Wijkwerk
from wijkwerk.gemeentekeuze import kies_gemeente
from wijkwerk.sleutelbeheer.gemeentesleutel import vernieuw_gemeentesleutel
from wijkwerk.sleutelbeheer.voortgang import Rapport
from wijkwerk_graphql.demo import (
    stappen_delen,
    stappen_dossier,
    stappen_grenzen,
    stappen_notities,
    stappen_toegang,
    stappen_toezicht,
    stappen_werk,
)
from wijkwerk_graphql.demo.bediening import Dienst, dienst
from wijkwerk_graphql.demo.controle import controleer, exporteer
from wijkwerk_graphql.demo.instellingen import demo_settings
from wijkwerk_graphql.demo.map import maak_demo, uitgever
from wijkwerk_graphql.demo.toegang import tokens
from wijkwerk_graphql.demo.toneel import Export, Toneel
from wijkwerk_graphql.demo.verhaal import Stap, Zeg, vertel

T = TypeVar("T")
HUIZEN, DOSSIERS = 12, 9
"""A smaller neighbourhood than that of the demo: the story needs others around, not many."""
VERHAAL: tuple[Stap[Toneel], ...] = (
    *stappen_dossier.STAPPEN,
    *stappen_werk.STAPPEN,
    *stappen_delen.STAPPEN,
    *stappen_toegang.STAPPEN,
    *stappen_notities.STAPPEN,
    *stappen_grenzen.STAPPEN,
    *stappen_toezicht.STAPPEN,
)


async def speel(zeg: Zeg, verhaal: Sequence[Stap[Toneel]]) -> bool:
    """Play the story; whether every step came out as told. Nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="wijkwerk-verhaal-") as parent:
        folder = Path(parent) / "demo"
        zeg("We bouwen een verzonnen buurt en starten een server.")
        await maak_demo(folder, lambda _: None, huizen=HUIZEN, dossiers=DOSSIERS)
        async with dienst(demo_settings(folder)) as draaiend:
            toneel = _toneel(draaiend, folder, asyncio.get_running_loop())
            goed = await asyncio.to_thread(vertel, verhaal, toneel, zeg)
    zeg(_slot(goed, len(verhaal), toneel.geexporteerd))
    return goed


def _toneel(draaiend: Dienst, folder: Path, loop: asyncio.AbstractEventLoop) -> Toneel:
    wijkwerk = draaiend.wijkwerk
    gegeven = tokens(uitgever(wijkwerk.settings), wijkwerk.klok)
    export, vernieuw = partial(_binnen, loop, exporteer, wijkwerk), partial(_binnen, loop, _vernieuw, wijkwerk)
    return Toneel(draaiend.host, draaiend.port, gegeven, folder, frozenset(wijkwerk.plugins.infos), wijkwerk.klok.nu(), export, vernieuw)


def _binnen(loop: asyncio.AbstractEventLoop, werk: Callable[[Wijkwerk], Coroutine[Any, Any, T]], wijkwerk: Wijkwerk) -> T:
    """Work inside the server, asked for by the thread of the story."""
    return asyncio.run_coroutine_threadsafe(werk(wijkwerk), loop).result()


async def _vernieuw(wijkwerk: Wijkwerk) -> Rapport:
    async with wijkwerk.database.snapshot() as snapshot:
        gemeente = await snapshot.run(lambda connection: kies_gemeente(connection, None))
    return await vernieuw_gemeentesleutel(wijkwerk, gemeente, lambda _, __: None)


def _slot(goed: bool, stappen: int, geexporteerd: Export | None) -> str:
    if not goed:
        return "\nHet verhaal is gestopt: een stap liep anders dan verteld."
    regels = f"{controleer(*geexporteerd).regels} logregels gecontroleerd." if geexporteerd else ""
    return f"\nAlle {stappen} stappen liepen zoals verteld. {regels}".rstrip()
