"""Documents at random, out of the schema: nested, with aliases, fragments, filters and pages, by somebody at some moment."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wijkwerk.access.actor import Actor
from wijkwerk.testing.lekken.vullen import Dorp
from wijkwerk.testing.wijk import BEGIN
from wijkwerk_graphql.testing.lekken.kaart import QUERY, Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze, document
from wijkwerk_graphql.testing.lekken.oordeel import Oordeel
from wijkwerk_graphql.testing.lekken.vragen import Vragen
from wijkwerk_graphql.testing.lekken.zoeken import gefilterd
from wijkwerk_graphql.testing.vrager import Vrager, codes

KEREN, DIEP = 60, 3
MOMENTEN = [timedelta(hours=uren) for uren in (-950, -2, 0, 0, 0, 700, 850, 950)]
"""Before, at and after the moments at which doors open and close."""

Beoordeel = Callable[[Vrager, Oordeel, Sequence[Keuze]], Coroutine[Any, Any, Any]]


async def probeer(dorp: Dorp, vraag: Vrager, kaart: Kaart, actoren: Sequence[Actor], beoordeel: Beoordeel) -> None:
    """Compare the answers to a number of documents with the oracle; the same documents each time."""
    wie = [actor for actor in actoren if len(Vragen(kaart, dorp, actor).velden(QUERY)) > 10]
    gefilterd_per = {actor: list(gefilterd(Vragen(kaart, dorp, actor))) for actor in wie}

    @settings(
        max_examples=KEREN, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(st.data())
    def probeer(data: st.DataObject) -> None:
        wanneer = data.draw(st.sampled_from(MOMENTEN))
        actor = data.draw(st.sampled_from(wie))
        filters = gefilterd_per[actor]
        toen = replace(actor, moment=BEGIN + wanneer)
        oordeel = Oordeel(kaart, dorp, toen)
        vraagt = data.draw(wortels(Vragen(kaart, dorp, toen), filters))
        if not anyio.from_thread.run(te_zwaar, vraag, toen, vraagt):
            anyio.from_thread.run(beoordeel, vraag, oordeel, vraagt)
            beoordeeld.append(len(vraagt))

    beoordeeld: list[int] = []
    await anyio.to_thread.run_sync(probeer)
    if len(beoordeeld) < KEREN // 2:
        pytest.fail(f"only {len(beoordeeld)} documents were light enough to be asked")


async def te_zwaar(vraag: Vrager, actor: Actor, vraagt: Sequence[Keuze]) -> bool:
    """Whether it asks too much at once: chance makes such documents too."""
    return codes(await vraag(actor, document(*vraagt))) == ["DOCUMENT_TE_ZWAAR"]


@st.composite
def wortels(draw: st.DrawFn, vragen: Vragen, filters: Sequence[Keuze]) -> list[Keuze]:
    """A few questions, each under a name of its own."""
    wegen = [stap for stap in vragen.velden(QUERY) if vragen.bladen(vragen.kaart.naar(stap), 0)]
    chosen = [draw(veld(vragen, stap, DIEP)) for stap in draw(st.lists(st.sampled_from(wegen), min_size=1, max_size=3))]
    chosen += draw(st.lists(st.sampled_from(filters), max_size=1)) if filters else []
    return [replace(keuze, alias=f"w{nummer}") for nummer, keuze in enumerate(each for each in chosen if each is not None)]


@st.composite
def veld(draw: st.DrawFn, vragen: Vragen, stap: Stap, diep: int) -> Keuze | None:
    """A field with some of what is below it, and some value of what it takes."""
    if vragen.kaart.blad(stap):
        return Keuze(stap.naam)
    naar = vragen.kaart.naar(stap)
    onder = draw(selectie(vragen, naar, diep - 1))
    made = vragen.stap(stap, onder, draw(st.integers(1, 6)))
    if not made:
        return None
    gekozen = {naam: draw(st.sampled_from(list(waarden))) for naam, waarden in vragen.argumenten(stap).items()}
    fragment = naar if draw(st.booleans()) and not vragen.kaart.bladzijden(stap) else None
    return replace(made[0], args={**made[0].args, **gekozen}, fragment=fragment)


@st.composite
def selectie(draw: st.DrawFn, vragen: Vragen, type_: str, diep: int) -> tuple[Keuze, ...]:
    """Some fields of a type, records with their number; each under a name of its own."""
    alle = vragen.velden(type_)
    bladen = [stap for stap in alle if vragen.kaart.blad(stap)]
    takken = [stap for stap in alle if not vragen.kaart.blad(stap)] if diep else []
    chosen = draw(st.lists(st.sampled_from(bladen), max_size=4, unique=True)) if bladen else []
    chosen += draw(st.lists(st.sampled_from(takken), max_size=2, unique=True)) if takken else []
    found = [draw(veld(vragen, stap, diep)) for stap in chosen]
    named = [replace(keuze, alias=f"v{nummer}_{keuze.naam}") for nummer, keuze in enumerate(each for each in found if each)]
    nummer = [Keuze("id")] if any(stap.naam == "id" for stap in bladen) else []
    return (*nummer, *named) or (Keuze("__typename"),)
