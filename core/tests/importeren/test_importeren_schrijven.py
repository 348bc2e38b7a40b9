"""What the import writes: every column in its place, who sees it, and what the log says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import xlsxwriter
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import GeenRecht
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.importeren import inlezen
from wijkwerk.importeren.inlezen import Uitslag
from wijkwerk.importeren.plek import Plek
from wijkwerk.importeren.systeem import als_import, zoek_systeemgebruiker
from wijkwerk.importeren.verslag import Uitkomst
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.organisaties import Organisatie, Organisatiesoort
from wijkwerk.personen import Persoon
from wijkwerk.records.opening import binding
from wijkwerk.records.types.adres import FunctieAdres, Huisnummeraanduiding
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik, Titel
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.settings import Settings
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio

Importeer = Callable[..., Awaitable[Uitslag]]
Namen = Callable[[], Awaitable[list[str]]]
Rijen = Callable[[], Awaitable[dict[str, int]]]
Schrijf = Callable[..., Path]
Bsns = Callable[[int], list[str]]
Zoek = Callable[..., Awaitable[Plek]]


def telling(ingelezen: int = 0, bestaat_al: int = 0, geweigerd: int = 0) -> Counter[Uitkomst]:
    return Counter({Uitkomst.INGELEZEN: ingelezen, Uitkomst.BESTAAT_AL: bestaat_al, Uitkomst.GEWEIGERD: geweigerd})


def regels(bsns: list[str]) -> list[str]:
    return [f"{bsn};Jan;Boer{nummer}" for nummer, bsn in enumerate(bsns)]


async def test_every_column_of_the_file_lands_in_its_field(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    kop = (
        "BSN;voornamen;voorvoegsel;geslachtsnaam;naamgebruik;voorvoegsel partner;geslachtsnaam partner;geboortedatum;geslacht;"
        "straat;huisnummer;huisletter;toevoeging;postcode;woonplaats;indicatie geheim;datum overlijden;"
        "roepnaam;predicaat;aanspreekvoorkeur;taal;tolk;laaggeletterd;aanduiding bij huisnummer;soort adres;"
        "verblijfsobject;nummeraanduiding"
    )
    rij = "999993653;Suzanne Marie;de;Moulin;V;van;Velzen;1985-12;V;Boterdiep;31;a;2;3077 aw;Rotterdam;0;2026-01;"
    rij += "Suus;jonkvrouw;mevrouw;nl;ja;nee;to;woonadres;0599010000123456;0599200000123456"
    assert (await importeer(schrijf(rij, kop=kop))).telling == telling(ingelezen=1)
    velden = (
        "voornamen", "voorvoegsel", "geslachtsnaam", "aanduiding_naamgebruik", "partner_voorvoegsel", "partner_geslachtsnaam",
        "geboortedatum", "geslacht", "straat", "huisnummer", "huisletter", "huisnummertoevoeging",
        "postcode", "woonplaats", "geheim", "overlijdensdatum", "roepnaam", "adellijke_titel_predicaat", "aanspreekvoorkeur", "taal",
        "tolk_nodig", "laaggeletterd", "aanduiding_bij_huisnummer", "functie_adres", "adresseerbaar_object_identificatie",
        "nummeraanduiding_identificatie",
    )  # fmt: skip
    [gezien] = (await stad.lees("WIJKTEAM", lambda reader: reader.page(Persoon, velden, first=5))).rows
    assert [getattr(gezien, veld) for veld in velden] == [
        "Suzanne Marie", "de", "Moulin", Naamgebruik.PARTNER_VOOR_EIGEN, "van", "Velzen", Datum(1985, 12), Geslacht.VROUW,
        "Boterdiep", 31, "a", "2", Postcode("3077AW"), "Rotterdam", False, Datum(2026, 1), "Suus", Titel.JONKVROUW, "mevrouw", "nl",
        True, False, Huisnummeraanduiding.TEGENOVER, FunctieAdres.WOONADRES, "0599010000123456", "0599200000123456",
    ]  # fmt: skip


async def test_the_bsn_is_sealed_and_stored_nowhere_in_the_clear(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    await importeer(schrijf("999993653;Suzanne;Moulin"))
    p = Persoon.tabel()
    [row] = await stad.rows(select(p.c.id, p.c.bsn, p.c.bsn_index))
    place = binding("persoon", stad.gemeente, row.id, "bsn", 1)
    async with stad.wijkwerk.database.snapshot() as snapshot:
        assert await snapshot.run(lambda c: stad.wijkwerk.keyring.open(c, [(row.bsn, place)])) == [b"999993653"]
    assert b"999993653" not in row.bsn + row.bsn_index


async def test_real_names_arrive_as_they_are(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    echt = ["'s-Gravenhage", "Żáïŀëñøŕ", ".", "’t Hooft", "De Vries-Abdel Wahab"]
    await importeer(schrijf(*[f";;{naam}" for naam in echt]))
    p = Persoon.tabel()
    assert {tuple(row) for row in await stad.rows(select(p.c.geslachtsnaam, p.c.voornamen))} == {(naam, None) for naam in echt}


async def test_a_byte_order_mark_and_commas_do_no_harm(importeer: Importeer, namen: Namen, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("\ufeffBSN,geslachtsnaam\r\n999993653,Boer\r\n".encode())
    await importeer(tmp_path / "p.csv")
    assert await namen() == ["Boer"]


async def test_a_workbook_that_lost_the_zeros_of_a_bsn_finds_the_same_person(
    stad: Wijk, importeer: Importeer, namen: Namen, tmp_path: Path
) -> None:
    await stad.inwoner("Bekend", bsn=Bsn.lees("000000012"))
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as boek:
        blad = boek.add_worksheet()
        for nummer, rij in enumerate([["BSN", "geslachtsnaam"], [12, "Anders"], [999993653, "Nieuw"]]):
            blad.write_row(nummer, 0, rij)
    assert (await importeer(tmp_path / "p.xlsx")).telling == telling(ingelezen=1, bestaat_al=1)
    assert await namen() == ["Bekend", "Nieuw"]


async def test_somebody_with_a_known_bsn_is_not_written_and_not_changed(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, rijen: Rijen
) -> None:
    await stad.inwoner("Moulin", bsn=Bsn.lees("999993653"), voornamen="Suzanne")
    voor, aantallen = await stad.rows(select(Persoon.tabel())), await rijen()
    uitslag = await importeer(schrijf("999993653;Ander;Mens"))
    assert (uitslag.telling, uitslag.fouten) == (telling(bestaat_al=1), None)
    assert await stad.rows(select(Persoon.tabel())) == voor
    na = await rijen()
    assert {naam: na[naam] for naam in ("betrokkenheid", "afscherming", "gegevenssleutel", "log_pseudoniem", "log_betrokkene")} == {
        naam: aantallen[naam] for naam in ("betrokkenheid", "afscherming", "gegevenssleutel", "log_pseudoniem", "log_betrokkene")
    }


async def test_a_bsn_of_another_municipality_is_not_known_here(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    pad = schrijf("999993653;Jan;Boer")
    own = {"id": stad.buurstad, "gemeente_id": stad.buurgemeente, "verantwoordelijke_id": stad.buurstad}
    soort = Organisatiesoort.GEMEENTE
    await stad.wijkwerk.database.transact(lambda c: stad.put(c, Organisatie, naam="buurstad", soort=soort, **own))
    assert (await importeer(pad)).telling == telling(ingelezen=1)
    assert (await importeer(pad, team=None, gemeente="GM9998")).telling == telling(ingelezen=1)
    assert {row[0] for row in await stad.rows(select(Persoon.tabel().c.gemeente_id))} == {stad.gemeente, stad.buurgemeente}


async def test_the_second_row_with_a_bsn_is_refused_known_or_not(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, namen: Namen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 3)
    await stad.inwoner("Bekend", bsn=Bsn.lees("999990019"))
    rijen = ("999990019;;Een", "999990019;;Twee", "999993653;;Drie", "999993653;;Vier", "999994347;;", "999994347;;Vijf")
    uitslag = await importeer(schrijf(*rijen))
    assert uitslag.telling == telling(ingelezen=2, bestaat_al=1, geweigerd=3)
    assert await namen() == ["Bekend", "Drie", "Vijf"]
    assert uitslag.fouten is not None
    gemeld = uitslag.fouten.read_text("utf-8-sig")
    assert [regel.split(";")[:2] for regel in gemeld.splitlines()[1:]] == [["3", "bsn"], ["5", "bsn"], ["6", "geslachtsnaam"]]


async def test_the_team_sees_them_and_another_team_does_not(stad: Wijk, importeer: Importeer, schrijf: Schrijf, bsns: Bsns) -> None:
    await importeer(schrijf(*regels(bsns(3))), team="team")
    assert await stad.lees("WIJKTEAM", lambda reader: reader.count(Persoon)) == 3
    assert await stad.lees(stad.actor("WIJKTEAM", team=stad.ander_team), lambda reader: reader.count(Persoon)) == 0
    b = Betrokkenheid.tabel()
    assert {tuple(r) for r in await stad.rows(select(b.c.partij_id, b.c.niveau_tot, b.c.doel, b.c.bron, b.c.tot))} == {
        (stad.team, 6, "WMO_ONDERZOEK", "IMPORT", None)
    }


async def test_without_a_team_nobody_sees_them_until_a_report_finds_them_by_bsn(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    await importeer(schrijf("999993653;Suzanne;Moulin"), team=None)
    assert [await stad.lees(rol, lambda r: r.count(Persoon)) for rol in ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER")] == [0, 0, 0]
    persoon = await stad.schrijf("WIJKTEAM", lambda work: aanmelden(work, {"bsn": Bsn.lees("999993653"), "geslachtsnaam": "Anders"}))
    row = await stad.lees("WIJKTEAM", lambda reader: reader.one(Persoon, ("geslachtsnaam",), persoon))
    assert row is not None
    assert row.geslachtsnaam == "Moulin"


async def test_the_imports_own_door_is_narrow_and_shut_the_next_moment(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, zoek: Zoek
) -> None:
    await importeer(schrijf("Open;0", "Geheim;7", kop="geslachtsnaam;geheim"), team=None)
    p, b = Persoon.tabel(), Betrokkenheid.tabel()
    doors = await stad.rows(select(p.c.geslachtsnaam, b.c.categorie_code).join(b, b.c.persoon_id == p.c.id))
    assert {tuple(row) for row in doors} == {
        ("Open", "IDENTITEIT"), ("Open", "BETROKKENEN"), ("Geheim", "IDENTITEIT"), ("Geheim", "BETROKKENEN"), ("Geheim", "VEILIGHEID"),
    }  # fmt: skip
    async with stad.wijkwerk.database.snapshot() as snapshot:
        gebruiker = await snapshot.run(lambda connection: zoek_systeemgebruiker(connection, stad.gemeente))
    assert gebruiker is not None
    stad.klok.moment += timedelta(microseconds=1)
    later = als_import(stad.wijkwerk, await zoek(), gebruiker)
    assert await stad.lees(later, lambda reader: reader.count(Persoon)) == 0


async def test_secrecy_makes_an_afscherming_with_and_without_a_team(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    kop = "geslachtsnaam;indicatie geheim"
    await importeer(schrijf("Een;5", "Open;0", kop=kop))
    await importeer(schrijf("Twee;1", kop=kop, naam="q.csv"), team=None)
    p, a = Persoon.tabel(), Afscherming.tabel()
    held = await stad.rows(select(p.c.geslachtsnaam, a.c.soort, a.c.partij_id, a.c.verbergt).join(a, a.c.persoon_id == p.c.id))
    assert sorted(tuple(row) for row in held) == [("Een", "GEHEIM", None, True), ("Twee", "GEHEIM", None, True)]


async def test_each_transaction_has_one_entry_that_names_its_persons_by_pseudonym(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, bsns: Bsns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    await importeer(schrijf(*regels(bsns(5))))
    entries = [entry for entry in await stad.log() if entry["gebeurtenis"] == "IMPORT"]
    assert sorted(len(entry.get("betrokkenen", [])) for entry in entries) == [0, 0, 1, 2, 2]
    named = [UUID(hex=person["ref"]) for entry in entries for person in entry.get("betrokkenen", [])]
    assert sorted(named) == sorted(row[0] for row in await stad.rows(select(log_pseudoniem.c.pseudoniem)))
    assert {(e["activiteit"], tuple(e["rollen"]), e["resultaat"]) for e in entries} == {("GEGEVENSIMPORT", ("IMPORT",), "GESLAAGD")}
    assert [canary for canary in ("Boer", *bsns(5)) if canary in str(await stad.log())] == []


async def test_the_import_has_one_user_without_employment_in_a_municipality(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    for nummer in range(2):
        await importeer(schrijf(f";Jan;Boer{nummer}"))
    g = Gebruiker.tabel()
    [row] = await stad.rows(select(g.c.id, g.c.onderwerp, g.c.openbaar).where(g.c.issuer == "systeem"))
    assert (row.onderwerp, row.openbaar) == ("import", False)
    made = [e for e in await stad.log() if e.get("gebruiker") == row.id.hex and e["gebeurtenis"] == "AANMAKEN"]
    assert [e["onderdeel"] for e in made] == ["systeemgebruiker"]


async def test_a_policy_that_takes_the_right_away_stops_the_import_and_nothing_is_written(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, bsns: Bsns, rijen: Rijen, tmp_path: Path
) -> None:
    permissions = stad.wijkwerk.catalogue.permissions.values()
    lines = [f"p, {rol}, {p.naam}" for p in permissions for rol in p.rollen if (p.naam, rol) != ("persoon:schrijven", "IMPORT")]
    (tmp_path / "beleid.csv").write_text("\n".join(lines))
    stad.wijkwerk.toewijzer = Wijkwerk(Settings(map=tmp_path, policy_file=tmp_path / "beleid.csv"), []).toewijzer
    with pytest.raises(GeenRecht):
        await importeer(schrijf(*regels(bsns(2))))
    after = await rijen()
    assert [after[name] for name in ("persoon", "betrokkenheid", "importregel", "log_pseudoniem")] == [0, 0, 0, 0]
    assert [e["code"] for e in await stad.log() if e["resultaat"] == "GEWEIGERD"] == ["GEEN_RECHT"]
