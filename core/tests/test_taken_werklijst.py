"""The work list: of all sources in one order, in pages that together are that order, for who may see each line."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from wijkwerk.access.actor import Actor, Vervangt
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.klok import dag
from wijkwerk.records.conditions import Filter
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.bron import Werkbron
from wijkwerk.taken.taak import Taak
from wijkwerk.taken.werklijst import Plaats, Regel, Vraag, aantal, werklijst
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.werkdag import Wereld
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
SPOED = Werkbron(
    "PROEF_SPOED", Taak, "herinneren_op", lambda actor: {Filter("voor_id"): actor.gebruiker, Filter("soort"): "DUBBEL"},
    lambda row, catalogue: "Nog eens",
)  # fmt: skip
"""A plugin's source over the same record: a row can stand on the list twice."""


@pytest.fixture
def plugins() -> list[Any]:
    """A plugin with a source of its own."""
    info, given = PluginInfo("proef", "Een werkbron.", "0.1.0"), Declaraties(werkbronnen=(SPOED,))
    return [SimpleNamespace(__name__="proef", plugin_info=hookimpl(lambda: info), declaraties=hookimpl(lambda: given))]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def alle_bladzijden(reader: Reader, size: int, vraag: Vraag | None = None) -> list[Regel]:
    found: list[Regel] = []
    na: Plaats | None = None
    while True:
        page = werklijst(reader, size, na=na, vraag=vraag)
        found += page.regels
        assert len(page.regels) == size or not page.meer
        if not page.meer:
            return found
        na = page.regels[-1].plaats


def places(regels: Sequence[Regel]) -> list[Plaats]:
    return [regel.plaats for regel in regels]


@pytest.mark.parametrize("seed", range(3))
async def test_pages_together_are_the_sorted_union_of_the_sources_without_double_or_loss(wijk: Wijk, seed: int) -> None:
    wereld = Wereld(wijk, random.Random(seed))
    await wijk.wijkwerk.database.transact(wereld.fill)
    verwacht = wereld.op_volgorde()
    assert len(verwacht) > 10
    actor = wijk.actor("REGISSEUR")
    for size in (1, 2, 3, 7, 100):
        assert places(await wijk.lees(actor, lambda reader: alle_bladzijden(reader, size))) == verwacht, size  # noqa: B023
    assert await wijk.lees(actor, aantal) == len(verwacht)
    voor, kader = date(2027, 3, 28), wereld.kaders[0]
    gevraagd: tuple[tuple[Vraag, Callable[[Plaats], bool]], ...] = (
        (Vraag(voor=voor), lambda p: p[0] is not None and dag(p[0]) <= voor),
        (Vraag(bronnen=["TAAK", "AFSPRAAK"]), lambda p: p[2] in ("TAAK", "AFSPRAAK")),
        (Vraag(kader=kader), lambda p: wereld.kader_van[p[1], p[2]] == kader),
        (
            Vraag(bronnen=["PROEF_SPOED"], voor=voor, kader=kader),
            lambda p: p[2] == "PROEF_SPOED" and p[0] is not None and dag(p[0]) <= voor and wereld.kader_van[p[1], p[2]] == kader,
        ),
        (Vraag(bronnen=[]), lambda p: False),
    )
    for vraag, telt in gevraagd:
        wanted = [place for place in verwacht if telt(place)]
        assert places(await wijk.lees(actor, lambda reader: alle_bladzijden(reader, 2, vraag))) == wanted, vraag  # noqa: B023
        assert await wijk.lees(actor, lambda reader: aantal(reader, vraag)) == len(wanted), vraag  # noqa: B023


async def test_what_is_late_and_what_has_to_be_done(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(0))
    await wijk.wijkwerk.database.transact(wereld.fill)
    wijk.klok.moment = begin_van(date(2027, 3, 28)) + timedelta(minutes=30)  # still 27 March in UTC
    regels = await wijk.lees("REGISSEUR", lambda reader: alle_bladzijden(reader, 50))
    for regel in regels:
        due = regel.wanneer
        late = due is not None and (due < wijk.klok.moment if isinstance(due, datetime) else due < date(2027, 3, 28))
        assert regel.te_laat is (late and regel.bron.termijn)
    texts = {regel.bron.code: regel.omschrijving for regel in regels}
    assert (texts["ALGEMENE_TAAK"], texts["AFSPRAAK"], texts["NIEUWE_AANMELDING"]) == (
        "Ruim op",
        "Telefonische afspraak",
        "Nieuwe aanmelding bekijken",
    )
    assert {regel.omschrijving for regel in regels if regel.bron.code == "TAAK"} == {"Taak"}
    [entry] = [entry for entry in await wijk.log() if entry["gebeurtenis"] == "LEZEN"]
    assert len(entry["betrokkenen"]) == 1
    assert "gezocht" not in entry.get("details", {})


async def test_only_what_is_on_the_page_is_logged_as_shown(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(1))
    await wijk.wijkwerk.database.transact(wereld.fill)
    [first, *_] = await wijk.lees("REGISSEUR", lambda reader: werklijst(reader, 100, vraag=Vraag(bronnen=["TAAK", "AFSPRAAK"])).regels)
    before = len(await wijk.log())
    await wijk.lees("REGISSEUR", lambda reader: werklijst(reader, 1, vraag=Vraag(bronnen=["TAAK", "AFSPRAAK"]), velden=()))
    [entry] = (await wijk.log())[before:]
    [(soort, _, velden, _)] = entry["betrokkenen"][0]["getoond"]
    assert soort == first.bron.record.__name__
    assert first.bron.wanneer in velden
    assert "tekst" not in velden


async def test_who_may_not_read_a_source_has_none_of_it_and_a_stand_in_has_that_of_the_absent_one(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(2))
    await wijk.wijkwerk.database.transact(wereld.fill)
    assert {r.bron.code for r in await wijk.lees("DOCK", lambda reader: alle_bladzijden(reader, 50))} == set()
    taken: Actor = wijk.actor("REGISSEUR")
    object.__setattr__(taken, "rechten", frozenset({"taak:lezen"}))
    own = await wijk.lees(taken, lambda reader: alle_bladzijden(reader, 50))
    assert {regel.bron.code for regel in own} == {"TAAK", "ALGEMENE_TAAK", "PROEF_SPOED"} & {code for _, _, code in wereld.verwacht}
    functie = wijk.functie("REGISSEUR")
    stand_in = wijk.wijkwerk.toewijzer.actor(
        nieuw_id(),
        wijk.gemeente,
        [functie],
        "WMO_ONDERSTEUNING",
        wijk.klok.nu(),
        afwezigen=[Vervangt(wijk.REGISSEUR, wijk.stad, "REGISSEUR")],
    )
    verwacht = [place for place in wereld.op_volgorde() if place[2] != "PROEF_SPOED"]  # a plugin that asks for the user alone
    assert places(await wijk.lees(stand_in, lambda reader: alle_bladzijden(reader, 50))) == verwacht


async def test_one_statement_for_each_source_however_long_the_list(wijk: Wijk) -> None:
    wereld = Wereld(wijk, random.Random(3))
    await wijk.wijkwerk.database.transact(wereld.fill)
    actor = wijk.actor("REGISSEUR")
    for size in (1, 3, 100):

        def ask(reader: Reader) -> int:
            with count_statements(wijk.wijkwerk.database) as statements:
                werklijst(reader, size)  # noqa: B023
            return len(statements)

        assert await wijk.lees(actor, ask) == len(wijk.wijkwerk.catalogue.werkbronnen)


async def test_what_can_not_be_asked_is_refused(wijk: Wijk) -> None:
    for vraag in (Vraag(bronnen=["NIETS"]), Vraag(voor=date(9999, 12, 31)), Vraag(voor=date(1, 1, 1))):
        with pytest.raises(OngeldigeInvoer):
            await wijk.lees("WIJKTEAM", lambda reader: werklijst(reader, 5, vraag=vraag))  # noqa: B023
    leeg = await wijk.lees("WIJKTEAM", lambda reader: werklijst(reader, 5, vraag=Vraag(kader=nieuw_id())))
    assert (leeg.regels, leeg.meer) == ([], False)
    assert (await wijk.log())[-1]["resultaat"] == "GEEN_RESULTAAT"
    far = (datetime(2030, 1, 1, tzinfo=UTC), nieuw_id(), "TAAK")
    assert (await wijk.lees("WIJKTEAM", lambda reader: werklijst(reader, 5, na=far))).regels == []
