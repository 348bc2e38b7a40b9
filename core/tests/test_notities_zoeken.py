"""Searching in notes: what may be opened and no more, newest first, within bounds, and all of it in the log."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.crypto.errors import Vervalst
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.notities import zoeken
from wijkwerk.notities.aanvullen import vul_aan
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Informatiebron, Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.notities.zoeken import MEESTE_SECONDEN, PORTIE, Gevonden, zoek_in_notities
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import OP_SQLITE, Wijk

pytestmark = pytest.mark.anyio
VERSLAG, STRIKT = Notitiesoort.CONTACTVERSLAG, Notitiesoort.STRIKT


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zaak(wijk: Wijk, naam: str = "Moulin") -> tuple[UUID, UUID]:
    """A case, and its resident."""
    persoon = await wijk.inwoner(naam)
    return await wijk.dossier(persoon), persoon


async def notities(
    wijk: Wijk, dossier: UUID, persoon: UUID, *teksten: str, rol: str = "WIJKTEAM", soort: Notitiesoort = VERSLAG
) -> list[UUID]:
    """Notes with these texts, the oldest first."""
    over = partial(schrijf, dossier=dossier, persoon=persoon, soort=soort)
    return [await wijk.schrijf(rol, partial(over, inhoud=verteld(tekst))) for tekst in teksten]


async def zoek(wijk: Wijk, tekst: str, rol: Any = "WIJKTEAM", *, first: int = 50, **rest: Any) -> Gevonden:
    actor = wijk.actor(rol) if isinstance(rol, str) else rol

    def lees(reader: Reader) -> Gevonden:
        return zoek_in_notities(reader, tekst, first=first, **rest)

    return await wijk.wijkwerk.read(actor, lees, onderdeel="test", gebeurtenis=Gebeurtenis.ZOEKEN)


async def test_all_words_must_begin_a_word_whatever_their_capitals_and_accents_and_the_newest_note_comes_first(wijk: Wijk) -> None:
    a, b, c = await notities(
        wijk, *await zaak(wijk), "Café René: de huisarts belde.", "RENE ging naar het café", "Dit gaat over iets anders"
    )
    for vraag, found in (
        ("rene", [b, a]), ("RÉNÉ cafe", [b, a]), ("café huisarts rene", [a]), ("huis", [a]), ("arts", []), ("iets, anders!", [c]),
        ("rene iets", []), ("caf\u0065\u0301", [b, a]), ("' OR 1=1 --", []), ("%%% caf%", [b, a]), ("\x00rené", [b, a]),
    ):  # fmt: skip
        assert (await zoek(wijk, vraag)) == Gevonden(found, 3, None), vraag


async def test_the_newest_version_its_opinion_and_what_was_added_are_searched_and_nothing_else(wijk: Wijk) -> None:
    [notitie] = await notities(wijk, *await zaak(wijk), "Eerste lezing")
    beter = Inhoud("Tweede lezing", Informatiebron.NAASTE, "Zorgelijk", "Buurvrouw")
    erbij = Inhoud("Later toegevoegd", Informatiebron.EIGEN_WAARNEMING, "Twijfel")
    await wijk.schrijf("WIJKTEAM", lambda w: vul_aan(w, notitie, erbij))
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, beter))
    for vraag, keren in (("eerste", 0), ("tweede", 1), ("zorgelijk twijfel tweede toegevoegd", 1), ("buurvrouw", 0), ("naaste", 0)):
        assert (await zoek(wijk, vraag)) == Gevonden([notitie] * keren, 1, None), vraag


async def test_what_may_not_be_opened_is_not_searched_and_a_case_out_of_reach_is_as_one_that_is_not_there(wijk: Wijk) -> None:
    dossier, persoon = await zaak(wijk)
    ander, buur = await zaak(wijk, "Jansen")
    [gewoon] = await notities(wijk, dossier, persoon, "Kanarie in de kooi")
    [elders] = await notities(wijk, ander, buur, "Kanarie bij de buren")
    [strikt] = await notities(wijk, dossier, persoon, "Kanarie in het geheim", rol="REGISSEUR", soort=STRIKT)
    assert (await zoek(wijk, "kanarie")).notities == [elders, gewoon]
    assert await zoek(wijk, "kanarie", "REGISSEUR", dossier=dossier) == Gevonden([strikt, gewoon], 2, None)
    assert await zoek(wijk, "kanarie", dossier=ander) == Gevonden([elders], 1, None)
    vreemd = wijk.actor("WIJKTEAM", team=wijk.ander_team, gebruiker=wijk.TEAMLEIDER)
    assert await zoek(wijk, "kanarie", vreemd) == Gevonden([], 0, None)
    entries = []
    for kader in (dossier, nieuw_id()):
        assert await zoek(wijk, "kanarie", vreemd, dossier=kader) == Gevonden([], 0, None)
        entries.append((await wijk.log())[-1])
    assert [(e["resultaat"], len(e["gevraagd"]), "betrokkenen" in e) for e in entries] == [("GEEN_RESULTAAT", 1, False)] * 2
    with pytest.raises(GeenRecht):
        await zoek(wijk, "kanarie", "KLANTMANAGER")


async def test_every_note_that_was_opened_is_in_the_log_as_searched_hit_or_not(wijk: Wijk) -> None:
    for naam, tekst in (("Moulin", "Kanarie"), ("Jansen", "Iets anders")):
        await notities(wijk, *await zaak(wijk, naam), tekst)
    assert len((await zoek(wijk, "kanarie")).notities) == 1
    entry = (await wijk.log())[-1]
    assert (entry["gebeurtenis"], entry["details"]) == ("ZOEKEN", {"gezocht": ["oordeel", "tekst"], "doorzocht": 2})
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        personen = {row.persoon_id for row in await wijk.rows(select(Notitie.tabel().c.persoon_id))}
        names = await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, personen))
    assert {b["ref"] for b in entry["betrokkenen"]} == {pseudoniem.hex for pseudoniem in names.values()}
    assert [[g[0], g[2]] for b in entry["betrokkenen"] for g in b["getoond"]] == [["Notitieversie", ["tekst", "oordeel"]]] * 2
    assert "kanarie" not in str(entry).lower()


async def test_one_question_looks_at_so_many_notes_and_the_next_goes_on_where_it_stopped(
    wijk: Wijk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await notities(wijk, *await zaak(wijk), *[f"Bericht {n}" for n in range(5)])
    monkeypatch.setattr(zoeken, "MEESTE_NOTITIES", 2)
    found: list[UUID] = []
    keren, na = 0, None
    while keren == 0 or na is not None:
        deel = await zoek(wijk, "bericht", na=na)
        found, na, keren = found + deel.notities, deel.verder, keren + 1
        assert deel.bekeken == (2 if keren < 3 else 1)
    assert (found, keren) == (made[::-1], 3)
    assert (await zoek(wijk, "nergens")).verder is not None


async def test_a_question_stops_when_it_has_found_enough_or_its_time_is_over(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await notities(wijk, *await zaak(wijk), *[f"Bericht {n}" for n in range(4)])
    een = await zoek(wijk, "bericht", first=1)
    assert (een.notities, een.bekeken, een.verder and een.verder.notitie) == ([made[3]], 1, made[3])
    assert await zoek(wijk, "bericht", first=4) == Gevonden(made[::-1], 4, None)
    ticks = count(step=int(MEESTE_SECONDEN / 2) or 1)
    traag = await zoek(wijk, "bericht", klok=lambda: float(next(ticks)))
    assert (traag.bekeken, traag.notities, traag.verder is not None) == (2, [made[3], made[2]], True)
    assert (await zoek(wijk, "bericht", na=traag.verder)).notities == [made[1], made[0]]


async def test_a_portion_costs_the_same_number_of_statements_whatever_is_in_it(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoeken, "PORTIE", 4)
    dossier, persoon = await zaak(wijk)
    counted = []
    await zoek(wijk, "bericht")
    for _ in range(3):
        [notitie, *_] = await notities(wijk, dossier, persoon, *(["Bericht"] * 4))
        await wijk.schrijf("WIJKTEAM", partial(vul_aan, notitie=notitie, inhoud=verteld("Erbij")))
        with count_statements(wijk.wijkwerk.database) as statements:
            await zoek(wijk, "bericht")
        counted.append(len(statements))
    assert counted[1] - counted[0] == counted[2] - counted[1] == 2
    assert PORTIE > 4


async def test_one_note_that_was_changed_from_outside_spoils_the_question(wijk: Wijk) -> None:
    een, _ = await notities(wijk, *await zaak(wijk), "Bericht een", "Bericht twee")
    v = Notitieversie.tabel()
    await wijk.change(update(v).where(v.c.notitie_id == een).values(tekst=b"veranderd"))
    with pytest.raises(Vervalst):
        await zoek(wijk, "bericht")


@OP_SQLITE
@pytest.mark.parametrize(
    "tekst",
    ["", "   ", "\x00", "?!", "a", "x" * 201, "een twee drie vier vijf zes zeven", "\ud800"],
    ids=["empty", "white", "nul", "signs", "letter", "huge", "many", "surrogate"],
)
async def test_a_question_that_makes_no_sense_is_refused_and_opens_nothing(wijk: Wijk, tekst: str) -> None:
    await notities(wijk, *await zaak(wijk), "a x een twee drie vier vijf zes zeven")
    with pytest.raises(OngeldigeInvoer) as found:
        await zoek(wijk, tekst)
    assert (found.value.veld, "Vul" in str(found.value) or "Zoek" in str(found.value)) == ("tekst", True)
    assert "betrokkenen" not in (await wijk.log())[-1]
