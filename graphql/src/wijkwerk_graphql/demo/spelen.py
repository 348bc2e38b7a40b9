"""`wijkwerk demo --story`: a fresh server and database, the whole story over HTTP, and everything cleaned up."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from wijkwerk_graphql.demo import stappen_delen, stappen_dossier, stappen_grenzen, stappen_toegang, stappen_toezicht, stappen_werk
from wijkwerk_graphql.demo.bediening import Dienst, dienst
from wijkwerk_graphql.demo.controle import controleer, exporteer
from wijkwerk_graphql.demo.instellingen import demo_settings
from wijkwerk_graphql.demo.map import maak_demo, uitgever
from wijkwerk_graphql.demo.toegang import tokens
from wijkwerk_graphql.demo.toneel import Export, Toneel
from wijkwerk_graphql.demo.verhaal import Stap, Zeg, vertel

HUIZEN, DOSSIERS = 12, 9
"""A smaller neighbourhood than that of the demo: the story needs others around, not many."""
VERHAAL: tuple[Stap[Toneel], ...] = (
    *stappen_dossier.STAPPEN,
    *stappen_werk.STAPPEN,
    *stappen_delen.STAPPEN,
    *stappen_toegang.STAPPEN,
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
    export: Callable[[], Export] = lambda: asyncio.run_coroutine_threadsafe(exporteer(wijkwerk), loop).result()  # noqa: E731
    return Toneel(draaiend.host, draaiend.port, gegeven, folder, frozenset(wijkwerk.plugins.infos), wijkwerk.klok.nu(), export)


def _slot(goed: bool, stappen: int, geexporteerd: Export | None) -> str:
    if not goed:
        return "\nHet verhaal is gestopt: een stap liep anders dan verteld."
    regels = f"{controleer(*geexporteerd).regels} logregels gecontroleerd." if geexporteerd else ""
    return f"\nAlle {stappen} stappen liepen zoals verteld. {regels}".rstrip()
