"""The writing half of the import: every good row exactly once, nothing overwritten, nothing shown, everything in the log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import Connection, func, select, update

from wijkwerk.aanmeldingen import aanmelden
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.importeren import inlezen
from wijkwerk.importeren.inlezen import Uitslag, lees_in
from wijkwerk.importeren.invoer import Invoer
from wijkwerk.importeren.plek import Plek, zoek_plek
from wijkwerk.importeren.systeem import als_import, zoek_systeemgebruiker
from wijkwerk.importeren.verslag import Importbestand, Importregel, Uitkomst
from wijkwerk.importeren.verwerker import Proef, Schrijver
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.organisaties import Gebruiker, Organisatie, Organisatiesoort, Team
from wijkwerk.personen import Persoon
from wijkwerk.records.opening import binding
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Database
from wijkwerk.storage.metadata import metadata
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.storage.sqlite import SqliteDatabase
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
VANDAAG = date(2027, 3, 1)
KOP = "BSN;voornamen;geslachtsnaam"
TELLING = {kind.value: kind for kind in Uitkomst}


def bsns() -> Iterator[str]:
    """Test numbers that pass the 11-proof."""
    for begin in range(9999_0000, 9999_9999):
        rest = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(begin), strict=True)) % 11
        if rest < 10:
            yield f"{begin}{rest}"


def schrijf(pad: Path, *regels: str, kop: str = KOP) -> Path:
    pad.write_text("\n".join([kop, *regels, ""]), encoding="utf-8")
    return pad


def personen(aantal: int) -> list[str]:
    return [f"{bsn};Jan;Boer{nummer}" for nummer, bsn in enumerate(islice(bsns(), aantal))]


@pytest.fixture
async def stad(wijk: Wijk) -> Wijk:
    """The made-up municipality, of which one organisation is the municipality itself."""
    await wijk.change(update(Organisatie.tabel()).where(Organisatie.tabel().c.id == wijk.stad).values(soort=Organisatiesoort.GEMEENTE))
    return wijk


async def zoek(wijk: Wijk, team: str | None = None, gemeente: str | None = "gemeente") -> Plek:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: zoek_plek(connection, gemeente, team))


async def importeer(wijk: Wijk, pad: Path, *, team: str | None = "team", proef: bool = False, ww: Wijkwerk | None = None, **rest: Any) -> Uitslag:
    invoer, plek = Invoer.van(pad), await zoek(wijk, team)
    verwerker = (Proef if proef else Schrijver)(ww or wijk.wijkwerk, plek, invoer.sha256)
    return await lees_in(invoer, verwerker, pad.with_name(f"{pad.name}.fouten.csv"), VANDAAG, **rest)


def telling(ingelezen: int = 0, bestaat_al: int = 0, geweigerd: int = 0) -> Counter[Uitkomst]:
    return Counter({Uitkomst.INGELEZEN: ingelezen, Uitkomst.BESTAAT_AL: bestaat_al, Uitkomst.GEWEIGERD: geweigerd})


async def namen(wijk: Wijk) -> list[str]:
    return sorted(row[0] for row in await wijk.rows(select(Persoon.tabel().c.geslachtsnaam)))


async def rijen(wijk: Wijk) -> dict[str, int]:
    """How many rows every table has, the keys and the log included."""

    def tel(connection: Connection) -> dict[str, int]:
        with wijk.wijkwerk.database.keys(connection) as keys:
            place = {True: keys, False: connection}
            return {
                table.name: place[table.info["owner"] == "sleutels"].execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
                if table.info.get("owner") in ("core", "sleutels")
            }

    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(tel)


@asynccontextmanager
async def ander_proces(wijk: Wijk, tmp_path: Path) -> AsyncIterator[Wijkwerk]:
    """A second installation on the same database, with connections, keys and log streams of its own."""
    own = wijk.wijkwerk.database
    other: Database
    if isinstance(own, SqliteDatabase):
        other = SqliteDatabase(own.path, own.keys_path)
    else:
        other = PostgresDatabase(cast(PostgresDatabase, own).url)
    async with Wijkwerk(Settings(map=tmp_path), [], klok=wijk.klok, database=other) as ww:
        yield ww


async def test_every_column_of_the_file_lands_in_its_field(stad: Wijk, tmp_path: Path) -> None:
    kop = (
        "BSN;voornamen;voorvoegsel;geslachtsnaam;naamgebruik;voorvoegsel partner;geslachtsnaam partner;geboortedatum;geslacht;"
        "straat;huisnummer;huisletter;toevoeging;postcode;woonplaats;indicatie geheim;datum overlijden"
    )
    pad = schrijf(
        tmp_path / "p.csv", "999993653;Suzanne Marie;de;Moulin;V;van;Velzen;1985-12;V;Boterdiep;31;a;2;3077 aw;Rotterdam;0;2026-01", kop=kop
    )
    assert (await importeer(stad, pad)).telling == telling(ingelezen=1)
    velden = (
        "voornamen", "voorvoegsel", "geslachtsnaam", "aanduiding_naamgebruik", "partner_voorvoegsel", "partner_geslachtsnaam", "geboortedatum",
        "geslacht", "straat", "huisnummer", "huisletter", "huisnummertoevoeging", "postcode", "woonplaats", "geheim", "overlijdensdatum",
    )  # fmt: skip
    [gezien] = (await stad.lees("WIJKTEAM", lambda reader: reader.page(Persoon, velden, first=5))).rows
    assert [getattr(gezien, veld) for veld in velden] == [
        "Suzanne Marie", "de", "Moulin", Naamgebruik.PARTNER_VOOR_EIGEN, "van", "Velzen", Datum(1985, 12), Geslacht.VROUW,
        "Boterdiep", 31, "a", "2", Postcode("3077AW"), "Rotterdam", False, Datum(2026, 1),
    ]  # fmt: skip


async def test_the_bsn_is_sealed_and_stored_nowhere_in_the_clear(stad: Wijk, tmp_path: Path) -> None:
    await importeer(stad, schrijf(tmp_path / "p.csv", "999993653;Suzanne;Moulin"))
    p = Persoon.tabel()
    [row] = await stad.rows(select(p.c.id, p.c.bsn, p.c.bsn_index))
    place = binding("persoon", stad.gemeente, row.id, "bsn", 1)
    async with stad.wijkwerk.database.snapshot() as snapshot:
        assert await snapshot.run(lambda c: stad.wijkwerk.keyring.open(c, [(row.bsn, place)])) == [b"999993653"]
    assert b"999993653" not in row.bsn + row.bsn_index


@pytest.mark.parametrize("naam", ["'s-Gravenhage", "Żáïŀëñøŕ", ".", "’t Hooft"])
async def test_real_names_arrive_as_they_are(stad: Wijk, tmp_path: Path, naam: str) -> None:
    assert (await importeer(stad, schrijf(tmp_path / "p.csv", f"999993653;;{naam}"))).telling == telling(ingelezen=1)
    p = Persoon.tabel()
    assert [tuple(row) for row in await stad.rows(select(p.c.geslachtsnaam, p.c.voornamen))] == [(naam, None)]


async def test_a_byte_order_mark_and_commas_do_no_harm(stad: Wijk, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("\ufeffBSN,geslachtsnaam\r\n999993653,Boer\r\n".encode())
    await importeer(stad, tmp_path / "p.csv")
    assert await namen(stad) == ["Boer"]


async def test_a_workbook_that_lost_the_zeros_of_a_bsn_finds_the_same_person(stad: Wijk, tmp_path: Path) -> None:
    bekend = await stad.inwoner("Bekend", bsn=Bsn.lees("000000012"))
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as boek:
        blad = boek.add_worksheet()
        blad.write_row(0, 0, ["BSN", "geslachtsnaam"])
        blad.write_row(1, 0, [12, "Anders"])
        blad.write_row(2, 0, [999993653, "Nieuw"])
    assert (await importeer(stad, tmp_path / "p.xlsx")).telling == telling(ingelezen=1, bestaat_al=1)
    assert await namen(stad) == ["Bekend", "Nieuw"]
    assert bekend is not None


async def test_somebody_with_a_known_bsn_is_not_written_and_not_changed(stad: Wijk, tmp_path: Path) -> None:
    persoon = await stad.inwoner("Moulin", bsn=Bsn.lees("999993653"), voornamen="Suzanne")
    voor = await stad.rows(select(Persoon.tabel()))
    deuren = await stad.rows(select(Betrokkenheid.tabel()).where(Betrokkenheid.tabel().c.persoon_id == persoon))
    uitslag = await importeer(stad, schrijf(tmp_path / "p.csv", "999993653;Ander;Mens"))
    assert uitslag.telling == telling(bestaat_al=1)
    assert uitslag.fouten is None
    assert await stad.rows(select(Persoon.tabel())) == voor
    assert len(await stad.rows(select(Betrokkenheid.tabel()))) == len(deuren)


async def test_the_bsn_of_another_municipality_is_not_known_here(stad: Wijk, tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "p.csv", "999993653;Jan;Boer")
    assert (await importeer(stad, pad)).telling == telling(ingelezen=1)
    stad.put_organisatie = None  # type: ignore[assignment] # nothing of the neighbour is touched by what follows
    await stad.wijkwerk.database.transact(
        lambda c: stad.put(
            c, Organisatie, id=stad.buurstad, gemeente_id=stad.buurgemeente, naam="buurstad", soort=Organisatiesoort.GEMEENTE,
            verantwoordelijke_id=stad.buurstad,
        )
    )  # fmt: skip
    plek = await zoek(stad, None, "GM9998")
    invoer = Invoer.van(pad)
    uitslag = await lees_in(invoer, Schrijver(stad.wijkwerk, plek, invoer.sha256), tmp_path / "f.csv", VANDAAG)
    assert uitslag.telling == telling(ingelezen=1)
    assert {row[0] for row in await stad.rows(select(Persoon.tabel().c.gemeente_id))} == {stad.gemeente, stad.buurgemeente}


async def test_the_second_row_with_a_bsn_is_refused_known_or_not(stad: Wijk, tmp_path: Path) -> None:
    await stad.inwoner("Bekend", bsn=Bsn.lees("999990019"))
    regels = ("999990019;;Een", "999990019;;Twee", "999993653;;Drie", "999993653;;Vier", "999994347;;", "999994347;;Vijf")
    uitslag = await importeer(stad, schrijf(tmp_path / "p.csv", *regels))
    assert uitslag.telling == telling(ingelezen=2, bestaat_al=1, geweigerd=3)
    assert await namen(stad) == ["Bekend", "Drie", "Vijf"]
    assert uitslag.fouten is not None
    gemeld = uitslag.fouten.read_text("utf-8-sig")
    assert [regel.split(";")[:2] for regel in gemeld.splitlines()[1:]] == [["3", "bsn"], ["5", "bsn"], ["6", "geslachtsnaam"]]


async def test_people_who_look_alike_without_a_bsn_are_both_written_and_never_again(stad: Wijk, tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "p.csv", ";Jan;Boer", ";Jan;Boer")
    assert (await importeer(stad, pad)).telling == telling(ingelezen=2)
    assert (await importeer(stad, pad)).telling == telling(ingelezen=2)
    assert await namen(stad) == ["Boer", "Boer"]


async def test_the_team_sees_them_and_another_team_does_not(stad: Wijk, tmp_path: Path) -> None:
    await importeer(stad, schrijf(tmp_path / "p.csv", *personen(3)), team="team")
    assert await stad.lees("WIJKTEAM", lambda reader: reader.count(Persoon)) == 3
    assert await stad.lees(stad.actor("WIJKTEAM", team=stad.ander_team), lambda reader: reader.count(Persoon)) == 0
    b = Betrokkenheid.tabel()
    assert {tuple(r) for r in await stad.rows(select(b.c.partij_id, b.c.niveau_tot, b.c.doel, b.c.bron, b.c.tot))} == {
        (stad.team, 6, "WMO_ONDERZOEK", "IMPORT", None)
    }


async def test_without_a_team_nobody_sees_them_until_a_report_finds_them_by_bsn(stad: Wijk, tmp_path: Path) -> None:
    await importeer(stad, schrijf(tmp_path / "p.csv", "999993653;Suzanne;Moulin"), team=None)
    assert [await stad.lees(rol, lambda r: r.count(Persoon)) for rol in ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER")] == [0, 0, 0]
    persoon = await stad.schrijf("WIJKTEAM", lambda work: aanmelden(work, {"bsn": Bsn.lees("999993653"), "geslachtsnaam": "Anders"}))
    row = await stad.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("geslachtsnaam",), persoon))
    assert row is not None
    assert row.geslachtsnaam == "Moulin"


@pytest.mark.parametrize(("geheim", "categorieen"), [("0", {"IDENTITEIT", "BETROKKENEN"}), ("7", {"IDENTITEIT", "BETROKKENEN", "VEILIGHEID"})])
async def test_the_imports_own_door_is_narrow_and_shut_the_next_moment(stad: Wijk, tmp_path: Path, geheim: str, categorieen: set[str]) -> None:
    await importeer(stad, schrijf(tmp_path / "p.csv", f"999993653;Moulin;{geheim}", kop="BSN;geslachtsnaam;geheim"), team=None)
    b = Betrokkenheid.tabel()
    assert {row[0] for row in await stad.rows(select(b.c.categorie_code))} == categorieen
    plek = await zoek(stad)
    async with stad.wijkwerk.database.snapshot() as snapshot:
        gebruiker = await snapshot.run(lambda connection: zoek_systeemgebruiker(connection, stad.gemeente))
    assert gebruiker is not None
    stad.klok.moment += timedelta(microseconds=1)
    later = als_import(stad.wijkwerk, plek, gebruiker)
    assert await stad.lees(later, lambda reader: reader.count(Persoon)) == 0


async def test_secrecy_makes_an_afscherming(stad: Wijk, tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "p.csv", "999993653;Geheim;5", "999990019;Open;0", kop="BSN;geslachtsnaam;indicatie geheim")
    for team in ("team", None):
        if team is None:
            pad = schrijf(tmp_path / "q.csv", "999994347;Geheim;1", kop="BSN;geslachtsnaam;indicatie geheim")
        await importeer(stad, pad, team=team)
    p, a = Persoon.tabel(), Afscherming.tabel()
    held = await stad.rows(select(p.c.geslachtsnaam, a.c.soort, a.c.partij_id, a.c.verbergt).join(a, a.c.persoon_id == p.c.id))
    assert [tuple(row) for row in held] == [("Geheim", "GEHEIM", None, True)] * 2


async def test_each_transaction_has_one_entry_that_names_its_persons_by_pseudonym(
    stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    await importeer(stad, schrijf(tmp_path / "p.csv", *personen(5)))
    entries = [entry for entry in await stad.log() if entry["gebeurtenis"] == "IMPORT"]
    assert sorted(len(entry.get("betrokkenen", [])) for entry in entries) == [0, 0, 1, 2, 2]
    named = [UUID_HEX(person["ref"]) for entry in entries for person in entry.get("betrokkenen", [])]
    known = [row[0].hex for row in await stad.rows(select(log_pseudoniem.c.pseudoniem))]
    assert sorted(named) == sorted(known)
    assert {(e["activiteit"], tuple(e["rollen"]), e["resultaat"]) for e in entries} == {("GEGEVENSIMPORT", ("IMPORT",), "GESLAAGD")}
    assert "Boer" not in str(await stad.log())
    assert "9999" not in str(await stad.log())


def UUID_HEX(value: str) -> str:
    return value.replace("-", "")


async def test_the_import_has_one_user_without_employment_per_municipality(stad: Wijk, tmp_path: Path) -> None:
    for nummer in range(2):
        await importeer(stad, schrijf(tmp_path / f"{nummer}.csv", f";Jan;Boer{nummer}"))
    g = Gebruiker.tabel()
    [gebruiker] = await stad.rows(select(g.c.id, g.c.onderwerp, g.c.openbaar).where(g.c.issuer == "systeem"))
    assert gebruiker[1:] == ("import", False)
    assert [e["onderdeel"] for e in await stad.log() if e.get("gebruiker") == gebruiker.id.hex and e["gebeurtenis"] == "AANMAKEN"] == [
        "systeemgebruiker"
    ]


async def test_an_import_that_stops_half_way_goes_on_where_it_stopped(stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(tmp_path / "p.csv", ";Jan;Boer", "1;Jan;Fout", ";Jan;Boer", ";Jan;Boer", "999993653;Jan;Boer")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importeer(stad, pad, voortgang=stop)
    assert await namen(stad) == ["Boer"]
    uitslag = await importeer(stad, pad)
    assert (uitslag.telling, uitslag.eerder) == (telling(ingelezen=4, geweigerd=1), 2)
    assert await namen(stad) == ["Boer"] * 4
    assert uitslag.fouten == tmp_path / "p.csv.fouten-2.csv"
    assert len(uitslag.fouten.read_text("utf-8-sig").splitlines()) == 2


async def test_a_finished_file_writes_nothing_the_next_time(stad: Wijk, tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "p.csv", "1;Jan;Fout", *personen(3))
    eerst = await importeer(stad, pad)
    voor, bestanden = await rijen(stad), sorted(tmp_path.glob("p.csv*"))
    nogmaals = await importeer(stad, pad)
    assert nogmaals.telling == eerst.telling == telling(ingelezen=3, geweigerd=1)
    assert (nogmaals.eerder, nogmaals.fouten) == (4, None)
    assert await rijen(stad) == voor
    assert sorted(tmp_path.glob("p.csv*")) == bestanden


async def test_a_changed_file_is_another_file_in_which_persons_are_found_by_bsn(stad: Wijk, tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "p.csv", *personen(2))
    await importeer(stad, pad)
    schrijf(pad, *personen(3))
    assert (await importeer(stad, pad)).telling == telling(ingelezen=1, bestaat_al=2)


async def test_a_file_begun_for_one_team_is_not_continued_for_another(stad: Wijk, tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "p.csv", *personen(2))
    await importeer(stad, pad, team="team")
    voor = await rijen(stad)
    for team in ("ander_team", None):
        with pytest.raises(OngeldigeInvoer, match="ander team"):
            await importeer(stad, pad, team=team)
    assert await rijen(stad) == voor


async def test_a_dry_run_says_the_same_and_writes_nothing(stad: Wijk, tmp_path: Path) -> None:
    await stad.inwoner("Bekend", bsn=Bsn.lees("999993653"))
    pad = schrijf(tmp_path / "p.csv", "999993653;;Een", "999993653;;Twee", ";;Drie", "x;;Vier")
    voor = await rijen(stad)
    proef = await importeer(stad, pad, proef=True)
    assert await rijen(stad) == voor
    assert proef.fouten is not None
    assert len(proef.fouten.read_text("utf-8-sig").splitlines()) == 3
    echt = await importeer(stad, pad)
    assert proef.telling == echt.telling == telling(ingelezen=1, bestaat_al=1, geweigerd=2)
    assert (await importeer(stad, pad, proef=True)).telling == echt.telling


async def test_a_policy_that_takes_the_right_away_stops_the_import_and_nothing_is_written(
    stad: Wijk, tmp_path: Path
) -> None:
    rechten = [f"p, {rol}, {p.naam}" for p in stad.wijkwerk.catalogue.permissions.values() for rol in p.rollen if p.naam != "persoon:schrijven"]
    (tmp_path / "beleid.csv").write_text("\n".join(rechten))
    settings = Settings(map=tmp_path, policy_file=tmp_path / "beleid.csv")
    async with Wijkwerk(settings, [], klok=stad.klok, database=stad.wijkwerk.database) as streng:
        with pytest.raises(GeenRecht):
            await importeer(stad, schrijf(tmp_path / "p.csv", *personen(2)), ww=streng)
        stad.wijkwerk.database = streng.database
        assert [await stad.rows(select(table.tabel())) for table in (Persoon, Betrokkenheid, Importregel)] == [[], [], []]
        assert [e["code"] for e in await stad.log() if e["resultaat"] == "GEWEIGERD"] == ["GEEN_RECHT"]


async def test_a_file_that_is_changed_while_it_is_read_stops_the_import(stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(tmp_path / "p.csv", *personen(5))
    with pytest.raises(OngeldigeInvoer, match="intussen gewijzigd"):
        await importeer(stad, pad, voortgang=lambda _: schrijf(pad, *personen(6)) and None)
    assert len(await namen(stad)) == 2
    assert [row[0] for row in await stad.rows(select(Importbestand.tabel().c.klaar))] == [None]


async def test_two_imports_of_the_same_file_at_once_write_each_row_once(
    stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 3)
    pad = schrijf(tmp_path / "p.csv", *[f";Jan;Boer{nummer}" for nummer in range(20)])
    async with ander_proces(stad, tmp_path) as ander:
        uitslagen = await asyncio.gather(importeer(stad, pad), importeer(stad, pad, ww=ander))
    assert [uitslag.telling for uitslag in uitslagen] == [telling(ingelezen=20)] * 2
    assert len(set(await namen(stad))) == len(await namen(stad)) == 20
    assert len(await stad.rows(select(Importregel.tabel()))) == 20


async def test_two_files_with_the_same_people_at_once_write_everybody_once(
    stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 3)
    een, ander_bestand = schrijf(tmp_path / "1.csv", *personen(20)), schrijf(tmp_path / "2.csv", *reversed(personen(20)))
    async with ander_proces(stad, tmp_path) as ander:
        uitslagen = await asyncio.gather(importeer(stad, een), importeer(stad, ander_bestand, ww=ander))
    assert sum((uitslag.telling for uitslag in uitslagen), Counter()) == telling(ingelezen=20, bestaat_al=20)
    assert len(await namen(stad)) == 20


async def test_reports_to_the_team_during_an_import_are_neither_lost_nor_doubled(
    stad: Wijk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    numbers = list(islice(bsns(), 20))

    async def meld() -> list[Any]:
        return [await poging(stad, bsn) for bsn in reversed(numbers)]

    async with ander_proces(stad, tmp_path) as ander:
        uitslag, gemeld = await asyncio.gather(importeer(stad, schrijf(tmp_path / "p.csv", *personen(20)), ww=ander), meld())
    assert uitslag.telling.total() == 20
    p = Persoon.tabel()
    assert {row[0] for row in await stad.rows(select(p.c.id))} == set(gemeld)
    assert len(gemeld) == 20


async def poging(wijk: Wijk, bsn: str) -> Any:
    """A client tells the user to try again when somebody else was first."""
    from wijkwerk.errors import VersieVerouderd

    for _ in range(3):
        try:
            return await wijk.inwoner("Melding", bsn=Bsn.lees(bsn))
        except VersieVerouderd:
            continue
    raise AssertionError("three times somebody else was first with one BSN")


@pytest.mark.parametrize(
    ("gemeente", "team", "veld"),
    [(None, None, "gemeente"), ("nergens", None, "gemeente"), ("gemeente", "bestaat niet", "team"), ("GM9998", "team", "team")],
)
async def test_a_place_that_is_not_there_or_not_one_is_refused(stad: Wijk, gemeente: str | None, team: str | None, veld: str) -> None:
    with pytest.raises(OngeldigeInvoer) as fout:
        await zoek(stad, team, gemeente)
    assert fout.value.veld == veld


async def test_a_place_is_found_by_name_code_or_number(stad: Wijk) -> None:
    for gemeente in ("GEMEENTE", "gm9999", str(stad.gemeente)):
        for team in ("Team", str(stad.team)):
            assert await zoek(stad, team, gemeente) == Plek(stad.gemeente, stad.stad, stad.team)


async def test_two_teams_of_one_name_and_teams_of_partners_are_refused(stad: Wijk) -> None:
    t = Team.tabel()
    await stad.change(update(t).where(t.c.id == stad.ander_team).values(naam="Team"))
    with pytest.raises(OngeldigeInvoer, match="meer dan één team"):
        await zoek(stad, "team")
    await stad.change(update(t).where(t.c.id == stad.ander_team).values(naam="Dockteam", organisatie_id=stad.dock))
    with pytest.raises(OngeldigeInvoer, match="niet van de gemeente"):
        await zoek(stad, "dockteam")


async def test_without_an_organisation_of_the_municipality_there_is_no_import(wijk: Wijk) -> None:
    with pytest.raises(OngeldigeInvoer, match="precies één organisatie"):
        await zoek(wijk)


Maker = Callable[[Iterable[str]], Path]
