"""Nothing personal leaves before its log entry is durable, and the entry tells what was shown and nothing more (design.md 11.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import LogNietBeschikbaar, OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.log.tables import log_pseudoniem, log_regel
from wijkwerk.notities.notitie import Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.plan import Filter
from wijkwerk.records.shown import Shown
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")
CANARIES = ("Zwaluwenstein", "Roodborstje", "Geheimstraat", "+31687654321", BSN.waarde, "bang voor haar broer", "kanarie@voorbeeld.nl")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def canary(wijk: Wijk) -> tuple[UUID, UUID, UUID]:
    """A resident with something to keep in every kind of field, a case and a note."""
    persoon = await wijk.inwoner(
        "Zwaluwenstein", voornamen="Roodborstje", straat="Geheimstraat", huisnummer=7, bsn=BSN,
        contact=["0687654321", "kanarie@voorbeeld.nl"],
    )  # fmt: skip
    dossier = await wijk.dossier(persoon, vraag="bang voor haar broer")
    tekst = "Zwaluwenstein is bang voor haar broer"
    return (
        persoon,
        dossier,
        await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld(tekst))),
    )


async def ref(wijk: Wijk, persoon: UUID) -> str:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        names = await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, [persoon]))
    return names[persoon].hex


async def test_what_was_shown_is_in_the_log_with_the_betrokkenheid_that_allowed_it(wijk: Wijk) -> None:
    persoon, _, _ = await canary(wijk)
    await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("roepnaam", "straat", "bsn"), persoon))
    entry = (await wijk.log())[-1]
    assert (entry["gebeurtenis"], entry["resultaat"], entry["gebruiker"]) == ("LEZEN", "GESLAAGD", wijk.WIJKTEAM.hex)
    [betrokkene] = entry["betrokkenen"]
    [[soort, categorieen, velden, deuren]] = betrokkene["getoond"]
    assert (betrokkene["ref"], soort) == (await ref(wijk, persoon), "Persoon")
    assert (categorieen, velden) == (["ADRES", "IDENTITEIT"], ["roepnaam", "straat"])
    b = Betrokkenheid.tabel()
    rows = await wijk.rows(select(b.c.id, b.c.categorie_code, b.c.partij_id))
    by_id = {row.id.hex: (row.categorie_code, row.partij_id) for row in rows}
    assert {by_id[deur] for deur in deuren} == {("ADRES", wijk.team), ("IDENTITEIT", wijk.team)}


async def test_a_field_below_its_level_is_not_logged_as_shown(wijk: Wijk) -> None:
    persoon, _, _ = await canary(wijk)
    await wijk.lees("TEAMLEIDER", lambda r: r.one(Persoon, ("bsn", "geboortedatum"), persoon))
    [betrokkene] = (await wijk.log())[-1]["betrokkenen"]
    assert [velden for _, _, velden, _ in betrokkene["getoond"]] == [["geboortedatum"]]


async def test_every_row_of_a_page_is_in_the_log_and_no_other(wijk: Wijk) -> None:
    personen = [await wijk.inwoner(f"Jansen{chr(97 + n)}") for n in range(4)]
    await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=3))
    refs = {b["ref"] for b in (await wijk.log())[-1]["betrokkenen"]}
    assert refs == {await ref(wijk, persoon) for persoon in personen[:3]}


async def test_a_count_shows_nobody(wijk: Wijk) -> None:
    await wijk.inwoner()
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Persoon)) == 1
    assert "betrokkenen" not in (await wijk.log())[-1]


async def test_a_refused_and_an_absent_row_give_entries_that_differ_in_their_pseudonym_only(wijk: Wijk) -> None:
    persoon, absent = await wijk.inwoner(), nieuw_id()
    entries = []
    for asked in (persoon, absent):
        assert await wijk.lees("ZORG", lambda r, asked=asked: r.one(Persoon, ("geslachtsnaam",), asked)) is None  # type: ignore[misc]
        entries.append((await wijk.log())[-1])
    asked_for = [entry.pop("gevraagd") for entry in entries]
    for entry in entries:
        entry.pop("seq"), entry.pop("tijdstip"), entry.pop("einde")
    assert entries[0] == entries[1]
    assert entries[0]["resultaat"] == "GEEN_RESULTAAT"
    assert [len(bytes.fromhex(pseudonym)) for [pseudonym] in asked_for] == [16, 16]
    assert not {persoon.hex, absent.hex, await ref(wijk, persoon)} & {pseudonym for [pseudonym] in asked_for}


async def test_the_pseudonym_of_a_miss_is_the_same_each_time(wijk: Wijk) -> None:
    absent = nieuw_id()
    for _ in range(2):
        await wijk.lees("ZORG", lambda r: r.one(Persoon, (), absent))
    assert (await wijk.log())[-1]["gevraagd"] == (await wijk.log())[-2]["gevraagd"]


async def test_without_a_log_there_is_no_answer_and_no_change(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    before = await wijk.rows(select(Persoon.tabel()))
    await wijk.wijkwerk.journal.close()
    entries = await wijk.rows(select(log_regel.c.hash))
    with pytest.raises(LogNietBeschikbaar):
        await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("geslachtsnaam",), persoon))
    with pytest.raises(LogNietBeschikbaar):
        await wijk.inwoner("Jansen")
    assert await wijk.rows(select(Persoon.tabel())) == before
    assert await wijk.rows(select(log_regel.c.hash)) == entries


async def test_when_the_entry_can_not_be_appended_nothing_is_written(wijk: Wijk) -> None:
    """The database itself refuses the entry: the change and its entry are one transaction."""
    await wijk.inwoner()
    before = await wijk.rows(select(Persoon.tabel()))

    def refuse(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO log_regel"):
            raise OSError("schijf vol")

    engines = wijk.wijkwerk.database.engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(LogNietBeschikbaar):
            await wijk.inwoner("Jansen")
        with pytest.raises(LogNietBeschikbaar):
            await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, ("geslachtsnaam",), first=5))
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", refuse)
    assert await wijk.rows(select(Persoon.tabel())) == before
    assert await wijk.inwoner("Jansen")


async def test_a_resident_without_a_pseudonym_is_not_shown(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    await wijk.change(log_pseudoniem.delete())
    with pytest.raises(LogNietBeschikbaar):
        await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("geslachtsnaam",), persoon))


async def test_an_error_of_a_read_is_logged_before_it_leaves(wijk: Wijk) -> None:
    def work(reader: Any) -> None:
        raise OngeldigeInvoer("Kies een ander veld.", veld="Zwaluwenstein")

    with pytest.raises(OngeldigeInvoer):
        await wijk.lees("WIJKTEAM", work)
    entry = (await wijk.log())[-1]
    assert (entry["resultaat"], entry["code"]) == ("GEWEIGERD", "ONGELDIGE_INVOER")
    assert "Zwaluwenstein" not in repr(entry)


async def test_a_change_and_its_entry_name_the_fields_and_never_a_value(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Zwaluwenstein")
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Persoon, persoon), "voornamen", "Roodborstje"))
    entry = (await wijk.log())[-1]
    assert (entry["gebeurtenis"], entry["actie"]) == ("WIJZIGEN", "U")
    assert ["Persoon", ["IDENTITEIT"], ["voornamen"], []] in [g for b in entry["betrokkenen"] for g in b["getoond"]]


async def test_no_name_bsn_address_or_text_is_ever_in_the_log(wijk: Wijk) -> None:
    persoon, dossier, notitie = await canary(wijk)
    velden = ("aanschrijfwijze", "adresregel1", "bsn", "leeftijd")
    await wijk.lees("REGISSEUR", lambda r: r.one(Persoon, velden, persoon))
    await wijk.lees("REGISSEUR", lambda r: r.by_key(Notitieversie, ("tekst",), "notitie_id", [notitie]))
    await wijk.lees("REGISSEUR", lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon]))
    filters = {Filter("sorteernaam", "begint_met"): "zwaluwenstein"}
    found = await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, velden, filters=filters, first=5))
    assert [row.id for row in found.rows] == [persoon]
    for gegevens in ({"geslachtsnaam": "Zwaluwenstein", "contact": ["Roodborstje"]}, {"Geheimstraat": 1}):
        with pytest.raises(OngeldigeInvoer) as refused:
            await wijk.inwoner(**gegevens)
        assert not [c for c in CANARIES if c in f"{refused.value} {refused.value.__cause__}"]
    with pytest.raises(OngeldigeInvoer) as too_long:
        await wijk.schrijf(
            "WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.BESLUIT, verteld("bang voor haar broer" * 20_000))
        )
    assert "bang" not in str(too_long.value)
    stored = str(await wijk.rows(select(log_regel)))
    assert "toegang" in stored
    assert [c for c in CANARIES if c.lower() in stored.lower()] == []


async def test_a_search_is_logged_as_a_search(wijk: Wijk) -> None:
    actor = wijk.actor("WIJKTEAM")
    await wijk.wijkwerk.read(actor, lambda r: r.count(Persoon), onderdeel="zoek", gebeurtenis=Gebeurtenis.ZOEKEN)
    assert [(e["gebeurtenis"], e["onderdeel"]) for e in await wijk.log()] == [("ZOEKEN", "zoek")]


def test_what_two_readings_showed_is_added_up() -> None:
    persoon, a, b = (nieuw_id() for _ in range(3))
    een, twee = Shown(), Shown()
    een.add(persoon, "Persoon", ("IDENTITEIT",), ("roepnaam",), (a,))
    twee.add(persoon, "Persoon", ("IDENTITEIT",), ("roepnaam",), (b,))
    twee.miss(b)
    een.merge(twee)
    [betrokkene] = een.betrokkenen({persoon: a})
    assert betrokkene.getoond[0].betrokkenheden == tuple(sorted((a, b)))
    assert een.missed == {b.bytes}
    with pytest.raises(KeyError):
        een.betrokkenen({})
