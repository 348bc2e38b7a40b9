"""Merging two files of one resident, and undoing it: who may, what can't, which value wins, and what stays true (peers.md C.10, D 16)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped

from wijkwerk.aanmeldingen import Aanmelding, aanmelden
from wijkwerk.access import scope
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid
from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.crypto.envelope import key_id_of
from wijkwerk.dossiers import Dossier, Dossierlid, leden_van, open_dossier
from wijkwerk.dubbelen import Dubbelreden, Dubbelstatus, Dubbelvermoeden
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.geheimhouding import zet_geheimhouding
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.notities import Notitie, Notitiesoort, Notitieversie, corrigeer, schrijf
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, subject
from wijkwerk.records.history import Wijziging
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.versions import history, known_at
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.rights.ongedaan import maak_ongedaan
from wijkwerk.rights.opgegaan import opgegaan_in, sporen
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.rights.samenvoeging import Samenvoeging, samenvoegstap
from wijkwerk.rights.verplaatsen import SamenvoegenKanNiet
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.wijk import BEGIN, Wijk, made

pytestmark = pytest.mark.anyio
BSN, ANDER_BSN = Bsn.lees("999993653"), Bsn.lees("999990019")


class Paskenmerk(PersonRecord):
    """What the two records of this test have in common."""

    __abstract__ = True
    owner = "samenproef"
    categorie = IDENTITEIT
    niveau = N4
    retention = Retention("eigen", "P1D", "einde proef")
    lezen = schrijven = PUBLIC


class Pas(Paskenmerk):
    """Een pas, van elke soort een."""

    owner = "samenproef"
    persoon_id: Mapped[UUID] = subject("Van wie")
    soort: Mapped[int] = field("Welke soort", level=N4)
    __table_args__ = (UniqueConstraint("gemeente_id", "persoon_id", "soort"),)


class Lidpas(Paskenmerk):
    """Een pas die mag achterblijven."""

    owner = "samenproef"
    kan_achterblijven = True
    persoon_id: Mapped[UUID] = subject("Van wie")
    soort: Mapped[int] = field("Welke soort", level=N4)
    __table_args__ = (UniqueConstraint("gemeente_id", "persoon_id", "soort"),)


RECORDS = (Pas, Lidpas)
INFO = PluginInfo("samenproef", "Proef.", "1.0")
PLUGIN = SimpleNamespace(
    __name__="wijkwerk_samenproef",
    plugin_info=hookimpl(lambda: INFO),
    declaraties=hookimpl(lambda: Declaraties(records=RECORDS)),
)


@pytest.fixture
def plugins() -> list[Any]:
    return [PLUGIN]


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    await make_tables(wijk_vlug.wijkwerk.database, [record.tabel() for record in RECORDS])
    return wijk_vlug


@pytest.fixture
async def wijk_echt(database: Database, tmp_path: Path) -> AsyncIterator[Wijk]:
    """With real commits, for what happens at the same time."""
    async with made(database, tmp_path, []) as opened:
        yield opened


async def persoon(wijk: Wijk, id: UUID) -> Any:
    p = Persoon.tabel()
    [row] = await wijk.rows(select(p).where(p.c.id == id))
    return row


async def samen(
    wijk: Wijk, een: UUID, ander: UUID, *, rol: Any = "WIJKTEAM", reden: str = "Zelfde inwoner", kies: tuple[str, ...] = ()
) -> UUID:
    versies = ((await persoon(wijk, een)).versie, (await persoon(wijk, ander)).versie)
    return await wijk.schrijf(rol, lambda w: voeg_samen(w, een, ander, versies, reden, kies))


async def ongedaan(wijk: Wijk, samenvoeging: UUID, *, versie: int | None = None, rol: Any = "WIJKTEAM") -> UUID:
    s = Samenvoeging.tabel()
    [(now,)] = await wijk.rows(select(s.c.versie).where(s.c.id == samenvoeging))
    return await wijk.schrijf(rol, lambda w: maak_ongedaan(w, samenvoeging, versie or now))


async def inhoud(wijk: Wijk) -> dict[str, Any]:
    """Every row of every record about persons, as it is in the database."""
    records = [record for record in wijk.wijkwerk.catalogue.records if issubclass(record, PersonRecord)]
    return {record.__name__: sorted(await wijk.rows(select(record.tabel())), key=lambda row: row.id) for record in records}


async def put(wijk: Wijk, record: type[Any], **values: Any) -> UUID:
    return await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, record, **values))


async def bij(wijk: Wijk, record: type[Any], id: UUID, kolom: str = "persoon_id") -> UUID:
    t = record.tabel()
    [(found,)] = await wijk.rows(select(t.c[kolom]).where(t.c.id == id))
    return UUID(str(found))


async def met(wijk: Wijk, work: Callable[[Connection], Any]) -> Any:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(work)


async def test_the_survivors_value_stays_unless_it_is_empty_and_an_address_goes_as_a_whole(wijk: Wijk) -> None:
    een = await wijk.inwoner("Moulin", roepnaam="E", straat="Boterdiep", huisnummer=1)
    ander = await wijk.inwoner("Molin", roepnaam="Suus", voornamen="Suzanne", straat="Kade", huisletter="B", geboortedatum=Datum(1956, 11))
    await samen(wijk, een, ander)
    row = await persoon(wijk, een)
    assert (row.geslachtsnaam, row.roepnaam, row.voornamen, row.geboortedatum) == ("Moulin", "E", "Suzanne", Datum(1956, 11))
    assert (row.straat, row.huisnummer, row.huisletter) == ("Boterdiep", 1, None)


async def test_a_chosen_field_is_the_others_with_all_that_goes_with_it(wijk: Wijk) -> None:
    een = await wijk.inwoner("Moulin", straat="Boterdiep", huisnummer=1)
    ander = await wijk.inwoner("Dam", voorvoegsel="van", straat="Kade", huisletter="B", geheim=True)
    await samen(wijk, een, ander, kies=("straat", "geslachtsnaam"))
    row = await persoon(wijk, een)
    assert (row.voorvoegsel, row.geslachtsnaam, row.sorteernaam, row.geheim) == ("van", "Dam", "dam", True)
    assert (row.straat, row.huisnummer, row.huisletter) == ("Kade", None, "B")


async def test_a_bsn_goes_along_and_comes_back(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(bsn=BSN)
    dossier = await wijk.dossier(een)
    index = (await persoon(wijk, ander)).bsn_index
    samenvoeging = await samen(wijk, een, ander)
    assert [(await persoon(wijk, id)).bsn_index for id in (een, ander)] == [index, None]
    shown: Any = await wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn",), een))
    assert shown.bsn == BSN
    assert await wijk.inwoner(bsn=BSN) == een
    await ongedaan(wijk, samenvoeging)
    assert [(await persoon(wijk, id)).bsn_index for id in (een, ander)] == [None, index]
    assert await wijk.inwoner(bsn=BSN) == ander
    assert dossier


async def test_two_with_a_bsn_are_two(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(bsn=BSN), await wijk.inwoner(bsn=ANDER_BSN)
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet):
        await samen(wijk, een, ander)
    assert await inhoud(wijk) == before


@pytest.mark.parametrize("om", [False, True], ids=["one way", "the other way"])
async def test_who_stand_in_one_row_as_two_are_two(wijk: Wijk, om: bool) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    await put(wijk, Relatie, persoon_id=een, ander_id=ander, soort=Relatiesoort.KIND, gezag=False)
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="Relatie"):
        await samen(wijk, *((ander, een) if om else (een, ander)))
    assert await inhoud(wijk) == before


async def test_who_may_not_or_sees_too_little_merges_nobody(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    theirs = await wijk.inwoner(rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    laag = await wijk.inwoner()
    b = Betrokkenheid.tabel()
    await wijk.change(b.update().where(b.c.persoon_id == laag).values(niveau_tot=3))
    before = await inhoud(wijk)
    for rol, pair, error in (
        ("WIJKTEAM", (een, theirs), NietGevonden), ("WIJKTEAM", (theirs, een), NietGevonden), ("WIJKTEAM", (een, laag), NietGevonden),
        ("WIJKTEAM", (laag, een), NietGevonden), ("TEAMLEIDER", (een, ander), GeenRecht), ("KLANTMANAGER", (een, ander), GeenRecht),
    ):  # fmt: skip
        with pytest.raises(error):
            await samen(wijk, *pair, rol=rol)
    assert await inhoud(wijk) == before


@pytest.mark.parametrize(
    ("change", "veld"),
    [({"ander": "een"}, "gaat_op"), ({"reden": " "}, "reden"), ({"reden": "x" * 4001}, "reden"), ({"kies": ("bsn",)}, "kies"),
     ({"kies": ("versie",)}, "kies"), ({"kies": ("geheim",)}, "kies")],
    ids=["same", "no reason", "long reason", "bsn", "version", "secrecy"],
)  # fmt: skip
async def test_a_wrong_question_is_refused_by_field(wijk: Wijk, change: dict[str, Any], veld: str) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    before = await inhoud(wijk)
    given: dict[str, Any] = {"een": een, "ander": een if "ander" in change else ander} | {k: v for k, v in change.items() if k != "ander"}
    with pytest.raises(OngeldigeInvoer) as refused:
        await samen(wijk, **given)
    assert refused.value.veld == veld
    assert await inhoud(wijk) == before


async def test_residents_of_two_controllers_are_not_merged(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    for record in (Persoon, Betrokkenheid):
        t = record.tabel()
        await wijk.change(
            t.update().where((t.c.id if record is Persoon else t.c.persoon_id) == ander).values(verantwoordelijke_id=wijk.dock)
        )
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet):
        await samen(wijk, een, ander)
    assert await inhoud(wijk) == before


async def test_a_field_that_was_changed_since_stays_and_the_rest_is_restored(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(roepnaam="Suus", voornamen="Suzanne")
    samenvoeging = await samen(wijk, een, ander)
    versie = (await persoon(wijk, een)).versie
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, een, versie, {"roepnaam": "Zus"}))
    await ongedaan(wijk, samenvoeging)
    assert [((await persoon(wijk, id)).roepnaam, (await persoon(wijk, id)).voornamen) for id in (een, ander)] == [
        ("Zus", None),
        ("Suus", "Suzanne"),
    ]


async def test_secrecy_that_was_asked_since_stays_with_the_survivor(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(geheim=True)
    samenvoeging = await samen(wijk, een, ander)
    await wijk.schrijf("WIJKTEAM", lambda w: scherm_af(w, een, Afschermsoort.GEHEIM))
    await ongedaan(wijk, samenvoeging)
    assert [(await persoon(wijk, id)).geheim for id in (een, ander)] == [True, True]
    a = Afscherming.tabel()
    assert sorted(await wijk.rows(select(a.c.persoon_id))) == sorted([(een,), (ander,)])


async def geheim(wijk: Wijk, personen: tuple[UUID, ...]) -> list[tuple[bool, bool, bool]]:
    """Of each: the flag, whether an afscherming runs, and whether a partner finds no address."""
    a = Afscherming.tabel()
    running = {row.persoon_id for row in await wijk.rows(select(a.c.persoon_id).where(a.c.tot.is_(None)))}
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        p = Persoon.tabel()
        seen = select(p.c.id, scope.hidden(Persoon, p).label("dicht"))
        rows = await snapshot.run(lambda c: c.execute(seen, scope.parameters(wijk.actor("DOCK"))).all())
    dicht = {row.id: row.dicht for row in rows}
    return [((await persoon(wijk, id)).geheim, id in running, dicht[id]) for id in personen]


async def test_secrecy_asked_for_one_file_holds_for_both_residents_it_turns_out_to_be(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    samenvoeging = await samen(wijk, een, ander)
    versie = (await persoon(wijk, een)).versie
    await wijk.schrijf("WIJKTEAM", lambda w: zet_geheimhouding(w, een, versie, True))
    await ongedaan(wijk, samenvoeging)
    assert await geheim(wijk, (een, ander)) == [(True, True, True)] * 2


async def test_secrecy_lifted_for_one_file_comes_back_for_who_had_it(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(geheim=True)
    samenvoeging = await samen(wijk, een, ander)
    versie = (await persoon(wijk, een)).versie
    await wijk.schrijf("WIJKTEAM", lambda w: zet_geheimhouding(w, een, versie, False, "Niet meer nodig"))
    await ongedaan(wijk, samenvoeging)
    assert await geheim(wijk, (een, ander)) == [(False, False, False), (True, True, True)]
    await wijk.schrijf("WIJKTEAM", lambda w: zet_geheimhouding(w, ander, 1, False, "Niet meer nodig"))
    assert await geheim(wijk, (een, ander)) == [(False, False, False)] * 2


async def test_what_the_other_brought_is_not_in_the_survivors_history_after_undoing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(straat="Eigenweg", huisnummer=1), await wijk.inwoner(straat="Andersstraat", huisnummer=3, bsn=BSN)
    samenvoeging = await samen(wijk, een, ander, kies=("straat",))
    await ongedaan(wijk, samenvoeging)
    await wijk.dossier(een)
    versies = (await wijk.lees("REGISSEUR", lambda r: history(r, Persoon, [een])))[een]
    told = {str(waarde) for versie in versies for veld in versie.velden for waarde in (veld.oud, veld.nieuw)}
    assert {"Eigenweg"} <= told
    assert not {"Andersstraat", str(BSN)} & told
    assert [{veld.veld for veld in versie.velden} for versie in versies[:2]] == [{"bsn", "straat", "huisnummer"}] * 2
    bekend = await wijk.lees("REGISSEUR", lambda r: known_at(r, Persoon, ("straat",), [een], BEGIN))
    assert bekend[0] is None
    keys = await met(wijk, lambda c: wijk.wijkwerk.keyring.keys_of(c, wijk.gemeente, een))
    w = Wijziging.tabel()
    assert [key_id_of(row.oud) in keys for row in await wijk.rows(select(w.c.oud).where(w.c.rij_id == een, w.c.oud.is_not(None)))] == [True]


async def test_what_was_made_since_in_a_case_goes_with_the_case_under_the_key_of_its_resident(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    eigen, dossier = await wijk.dossier(een, vraag="Van de een"), await wijk.dossier(ander, vraag="Van de ander")
    samenvoeging = await samen(wijk, een, ander)
    soort = Notitiesoort.CONTACTVERSLAG
    notes = [await wijk.schrijf("WIJKTEAM", lambda w, d=d: schrijf(w, d, een, soort, "Gesprek")) for d in (eigen, dossier)]  # type: ignore[misc]
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier, 1), "vraag", "Veranderd"))
    await ongedaan(wijk, samenvoeging)
    assert [await bij(wijk, Notitie, note) for note in notes] == [een, ander]
    assert [await bij(wijk, Dossier, id) for id in (eigen, dossier)] == [een, ander]
    w = Wijziging.tabel()
    assert {row.persoon_id for row in await wijk.rows(select(w.c.persoon_id).where(w.c.rij_id == dossier))} == {ander}
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, een))
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), dossier))
    assert row.vraag == "Veranderd"
    [versie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst",), "notitie_id", [notes[1]]))
    assert versie.tekst == "Gesprek"


async def test_in_a_case_of_both_a_version_goes_with_its_note_and_a_new_note_stays(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    dossier = await wijk.dossier(een, ander)
    soort = Notitiesoort.BESLUIT
    oud = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, ander, soort, "Eerst"))
    samenvoeging = await samen(wijk, een, ander)
    assert await wijk.schrijf("WIJKTEAM", lambda w: leden_van(w, dossier)) == [een]
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, oud, 1, "Verbeterd"))
    nieuw = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, een, soort, "Nieuw"))
    await ongedaan(wijk, samenvoeging)
    v = Notitieversie.tabel()
    rows = await wijk.rows(select(v.c.notitie_id, v.c.persoon_id, v.c.tekst))
    assert sorted((row.notitie_id, row.persoon_id) for row in rows) == sorted([(oud, ander), (oud, ander), (nieuw, een)])
    keys = await met(wijk, lambda c: wijk.wijkwerk.keyring.keys_of(c, wijk.gemeente, ander))
    assert all((key_id_of(row.tekst) in keys) is (row.persoon_id == ander) for row in rows)


async def test_a_chain_is_undone_from_the_newest_back(wijk: Wijk) -> None:
    a, b, c = [await wijk.inwoner(naam, roepnaam=naam) for naam in ("Aa", "Bee", "Cee")]
    await wijk.dossier(b, vraag="Van B")
    start = await wijk.rows(select(Dossier.tabel()))
    eerste = await samen(wijk, a, b)
    tweede = await samen(wijk, c, a)
    assert await met(wijk, lambda connection: opgegaan_in(connection, wijk.gemeente, c)) == {a, b}
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="nieuwste"):
        await ongedaan(wijk, eerste)
    assert await inhoud(wijk) == before
    await ongedaan(wijk, tweede)
    assert await met(wijk, lambda connection: opgegaan_in(connection, wijk.gemeente, c)) == set()
    await ongedaan(wijk, eerste)
    assert await wijk.rows(select(Dossier.tabel())) == start
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), start[0].id))
    assert row.vraag == "Van B"


async def test_the_log_is_found_under_every_pseudonym_of_the_time(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    namen = await met(wijk, lambda c: pseudoniemen(c, wijk.gemeente, [een, ander]))
    samenvoeging = await samen(wijk, een, ander)
    assert {spoor.pseudoniem for spoor in await met(wijk, lambda c: sporen(c, wijk.gemeente, een))} == set(namen.values())
    await ongedaan(wijk, samenvoeging)
    assert [spoor.pseudoniem for spoor in await met(wijk, lambda c: sporen(c, wijk.gemeente, een))] == [namen[een]]
    s = Samenvoeging.tabel()
    [merged] = await wijk.rows(select(s.c.op, s.c.ongedaan_op))
    found = await met(wijk, lambda c: sporen(c, wijk.gemeente, ander))
    eigen, elders = found
    assert (eigen.pseudoniem, eigen.van, eigen.tot) == (namen[ander], None, None)
    assert (elders.pseudoniem, elders.van, elders.tot) == (namen[een], merged.op, merged.ongedaan_op)


async def test_the_log_names_both_and_says_what_it_was(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    namen = await met(wijk, lambda c: pseudoniemen(c, wijk.gemeente, [een, ander]))
    samenvoeging = await samen(wijk, een, ander, reden="Kanarie Moulin")
    await ongedaan(wijk, samenvoeging)
    last = (await wijk.log())[-2:]
    assert [entry["gebeurtenis"] for entry in last] == ["SAMENVOEGEN", "SPLITSEN"]
    for entry in last:
        assert {b["ref"] for b in entry["betrokkenen"]} == {naam.hex for naam in namen.values()}
    assert "Kanarie" not in str(await wijk.log())


async def test_of_two_hints_about_one_pair_one_stays_behind_and_undo_gives_both_back(wijk: Wijk) -> None:
    een, ander, derde = [await wijk.inwoner(naam) for naam in ("Aa", "Bee", "Cee")]
    reden = Dubbelreden.EMAIL
    for p, q in ((een, derde), (ander, derde), (een, ander)):
        op = wijk.klok.nu()
        await put(wijk, Dubbelvermoeden, persoon_id=p, ander_id=q, reden=reden, score=1, status=Dubbelstatus.OPEN, gevonden=op)
    before = (await inhoud(wijk))["Dubbelvermoeden"]
    samenvoeging = await samen(wijk, een, ander)
    during = (await inhoud(wijk))["Dubbelvermoeden"]
    assert [(row.persoon_id, row.ander_id, row.status.value) for row in during] == [
        (een, derde, "OPEN"), (ander, derde, "OPEN"), (een, een, "SAMENGEVOEGD"),
    ]  # fmt: skip
    await ongedaan(wijk, samenvoeging)
    assert (await inhoud(wijk))["Dubbelvermoeden"] == before


async def test_a_row_that_both_have_and_may_exist_once_is_in_the_way_unless_it_can_stay(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    for record in (Pas, Lidpas):
        for wie, soort in ((een, 1), (ander, 1), (ander, 2)):
            await put(wijk, record, persoon_id=wie, soort=soort)
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="Pas"):
        await samen(wijk, een, ander)
    assert await inhoud(wijk) == before
    p = Pas.tabel()
    await wijk.change(p.delete().where(p.c.persoon_id == ander, p.c.soort == 1))
    before = await inhoud(wijk)
    samenvoeging = await samen(wijk, een, ander)
    during = await inhoud(wijk)
    assert sorted((row.persoon_id == een, row.soort) for row in during["Lidpas"]) == [(False, 1), (True, 1), (True, 2)]
    assert [row.persoon_id for row in during["Pas"]] == [een, een]
    await ongedaan(wijk, samenvoeging)
    after = await inhoud(wijk)
    assert [after[name] for name in ("Pas", "Lidpas")] == [before[name] for name in ("Pas", "Lidpas")]


async def test_undone_is_undone_once_and_forgets_the_state_before(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    samenvoeging = await samen(wijk, een, ander)
    with pytest.raises(GeenRecht):
        await ongedaan(wijk, samenvoeging, rol="TEAMLEIDER")
    with pytest.raises(NietGevonden):
        await ongedaan(wijk, samenvoeging, rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    await ongedaan(wijk, samenvoeging)
    before = await inhoud(wijk)
    assert before["Samenvoeging"][0].toestand is None
    with pytest.raises(VersieVerouderd):
        await ongedaan(wijk, samenvoeging, versie=1)
    with pytest.raises(SamenvoegenKanNiet):
        await ongedaan(wijk, samenvoeging)
    assert await inhoud(wijk) == before


async def test_a_plugin_that_is_gone_stops_undoing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    samenvoeging = await samen(wijk, een, ander)
    t = samenvoegstap
    step = {
        "gemeente_id": wijk.gemeente,
        "samenvoeging_id": samenvoeging,
        "tabel": "weg_tabel",
        "kolom": "persoon_id",
        "rij_id": nieuw_id(),
    }
    await wijk.change(t.insert().values(step))
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="onderdeel"):
        await ongedaan(wijk, samenvoeging)
    assert await inhoud(wijk) == before


async def test_what_fails_half_way_leaves_nothing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(bsn=BSN, roepnaam="Suus")
    await wijk.dossier(ander)
    before = await inhoud(wijk)

    def breuk(work: Any) -> None:
        voeg_samen(work, een, ander, (1, 1), "Zelfde inwoner")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await wijk.schrijf("WIJKTEAM", breuk)
    assert await inhoud(wijk) == before
    assert await wijk.rows(select(func.count()).select_from(samenvoegstap)) == [(0,)]


_WACHT = text("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def wacht_op_een_ander(connection: Connection, keer: int = 5000) -> None:
    """Until somebody waits for this transaction. SQLite lets nobody begin."""
    if connection.dialect.name == "sqlite":
        return
    for _ in range(keer):
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        if connection.execute(_WACHT).scalar():
            return
    raise AssertionError


async def test_a_case_or_report_begun_while_they_are_merged_is_of_the_survivor_or_of_nobody(wijk_echt: Wijk) -> None:
    een, ander = await wijk_echt.inwoner("Moulin"), await wijk_echt.inwoner("Vink", bsn=BSN)
    vast, elders = Event(), wijk_echt.actor("WIJKTEAM", team=wijk_echt.ander_team)

    def voegt_samen(work: Work) -> UUID:
        done = voeg_samen(work, een, ander, (1, 1), "Zelfde inwoner")
        work.flush()
        vast.set()
        wacht_op_een_ander(work.core_connection)
        return done

    async def daarna(actor: Any, unit: Callable[[Work], UUID]) -> UUID:
        await asyncio.to_thread(vast.wait, 10)
        return await wijk_echt.schrijf(actor, unit)

    merged, dossier, melding = await asyncio.gather(
        wijk_echt.schrijf("WIJKTEAM", voegt_samen),
        daarna("WIJKTEAM", lambda w: open_dossier(w, [ander])),
        daarna(elders, lambda w: aanmelden(w, {"geslachtsnaam": "Vink", "bsn": BSN})),
        return_exceptions=True,
    )
    assert isinstance(merged, UUID)
    assert (type(dossier), melding) == (NietGevonden, een)
    for table in (record.tabel() for record in (Betrokkenheid, Dossier, Dossierlid, Aanmelding)):
        assert {row.persoon_id for row in await wijk_echt.rows(select(table.c.persoon_id))} <= {een}


async def test_of_two_merges_at_once_one_is_too_late(wijk_echt: Wijk) -> None:
    een, ander = await wijk_echt.inwoner(), await wijk_echt.inwoner()
    done = await asyncio.gather(*[samen(wijk_echt, een, ander) for _ in range(2)], return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["UUID", "VersieVerouderd"]
    assert await wijk_echt.rows(select(func.count()).select_from(Samenvoeging.tabel())) == [(1,)]
