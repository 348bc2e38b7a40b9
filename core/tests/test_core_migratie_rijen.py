"""A database of the first release, with rows in every table, goes to the newest revision and back without losing a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import CHAR, Connection, MetaData, Row, Select, Table, func, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.gebieden import Gebied
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.organisaties import Team
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.personen import Persoon
from wijkwerk.plugins import Plugins
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.storage.migrate import check, downgrade, migrate
from wijkwerk.storage.revisions import Migraties
from wijkwerk.toestemmingen.tekst import Toestemmingstekst
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemminggever, Toestemmingsontvanger
from wijkwerk.zoeken.tabellen import zoekterm

pytestmark = pytest.mark.anyio

Rijen = dict[str, list[dict[str, Any]]]
NU, DAG, HASH = datetime(2026, 9, 1, 8, 30, tzinfo=UTC), date(2026, 9, 1), b"h" * 32


def _id(number: int) -> UUID:
    return UUID(int=(0x0199 << 112) | number)


GEMEENTE, BUUR, STAD, DOCK, JAN, OVERSCHIE, LOMBARDIJEN, ZUID, VEEN, VER, DOSSIER, NOTITIE, IMPORT, STROOM = map(_id, range(1, 15))
_OWN = {"gemeente_id": GEMEENTE, "versie": 1, "verantwoordelijke_id": STAD}
_OF = _OWN | {"persoon_id": VEEN}
_PERSOON = _OWN | {
    "geslachtsnaam": "Veen", "aanduiding_naamgebruik": "E", "sorteernaam": "veen", "geslacht": "V", "geboortedatum": "19410304",
}  # fmt: skip
_TEAM = _OWN | {"naam": "Team", "organisatie_id": STAD, "openbaar": True}
_NOTITIE = _OF | {
    "dossier_id": DOSSIER, "soort": "STRIKT", "categorie_code": "VEILIGHEID", "niveau_vanaf": 6, "auteur_id": JAN, "geschreven": NU,
}  # fmt: skip
_BIJ_DOCK = _OF | {"partij_id": DOCK, "partijsoort": "ORGANISATIE", "kader_id": DOSSIER, "niveau_tot": 4, "grondslag": "Wmo", "van": NU}
_GEKOPPELD = _BIJ_DOCK | {"doel": "WMO_ALG_VOORZIENING", "bron": "KOPPELING", "bron_id": _id(37)}
_AFSCHERMING = _OWN | {"niveau_tot": 7, "verbergt": True, "van": NU}
EERSTE: Mapping[str, list[dict[str, Any]]] = {
    "gemeente": [{"id": GEMEENTE, "naam": "Verzonnen", "cbs_code": "GM9999"}, {"id": BUUR, "naam": "Buur", "cbs_code": "GM9998"}],
    "gebruiker": [_OWN | {"id": JAN, "naam": "Jan", "issuer": "test", "onderwerp": "jan", "openbaar": True}],
    "organisatie": [
        _OWN | {"id": STAD, "naam": "Stad", "soort": "GEMEENTE", "openbaar": True},
        _OWN | {"id": DOCK, "naam": "Welzijn", "soort": "WELZIJN", "openbaar": False, "versie": 3},
        _OWN | {"id": STAD, "gemeente_id": BUUR, "naam": "Buurstad", "soort": "GEMEENTE", "openbaar": True},
    ],
    "persoon": [
        _PERSOON | {
            "id": VEEN, "geheim": True, "telefoonnummer": "+31612345678", "emailadres": "veen@example.org", "straat": "Châlonsstraat",
            "huisnummer": 18, "postcode": "3043TD", "woonplaats": "Rotterdam", "bsn": b"dicht", "bsn_index": b"i" * 16, "versie": 4,
            "roepnaam": "Ans", "voornamen": "Anna", "voorvoegsel": "van der",
        },
        _PERSOON | {"id": VER, "geheim": False, "geslachtsnaam": "Moulin", "sorteernaam": "moulin"},
    ],
    "team": [
        _TEAM | {"id": OVERSCHIE, "gebied_code": "WK059904"},
        _TEAM | {"id": LOMBARDIJEN, "gebied_code": "BU05991284"},
        _TEAM | {"id": ZUID, "gebied_code": "WK059904"},
        _TEAM | {"id": DOCK, "organisatie_id": DOCK, "gebied_code": "zuid"},
        _TEAM | {"id": STAD, "gemeente_id": BUUR, "gebied_code": "WK059904"},
        _TEAM | {"id": VER, "gebied_code": None},
    ],
    "aanmelding": [_OF | {"id": _id(20), "team_id": OVERSCHIE, "ontvangen": NU, "client_op_de_hoogte": None, "door_id": JAN}],
    "aanstelling": [
        _OWN | {
            "id": _id(21), "gebruiker_id": JAN, "organisatie_id": STAD, "team_id": ZUID, "rol": "WIJKTEAM", "van": DAG, "openbaar": True,
        }
    ],
    "afscherming": [
        _AFSCHERMING | {"id": _id(22), "persoon_id": VEEN, "soort": "GEHEIM"},
        _AFSCHERMING | {"id": _id(23), "persoon_id": VER, "soort": "VEILIGHEID"},
        _AFSCHERMING | {"id": _id(24), "persoon_id": VEEN, "soort": "VEILIGHEID", "tot": NU},
        _AFSCHERMING | {"id": _id(25), "persoon_id": VEEN, "soort": "BELANGENCONFLICT", "partij_id": JAN},
    ],
    "betrokkenheid": [
        _OF | {
            "id": _id(26), "partij_id": OVERSCHIE, "partijsoort": "TEAM", "doel": "WMO_ONDERZOEK", "categorie_code": "IDENTITEIT",
            "kader_id": _id(20), "niveau_tot": 6, "grondslag": "AVG 6(1)(e)", "bron": "AANMELDING", "bron_id": _id(20), "van": NU,
        },
        _BIJ_DOCK | {"id": _id(34), "doel": "ZORG_UITWISSELING", "categorie_code": "ADL", "bron": "TOESTEMMING", "bron_id": _id(32)},
        _GEKOPPELD | {"id": _id(35), "categorie_code": "IDENTITEIT"},
        _GEKOPPELD | {"id": _id(36), "categorie_code": "CONTACT", "verantwoordelijke_id": DOCK},
    ],
    "dossier": [_OF | {"id": DOSSIER, "team_id": OVERSCHIE, "regisseur_id": JAN, "status": "OPEN", "geopend": NU, "vraag": b"dicht"}],
    "huishoudlid": [_OF | {"id": _id(27), "huishouden_id": _id(28), "rol": "HOOFD", "van": DAG}],
    "importbestand": [{"id": IMPORT, "gemeente_id": GEMEENTE, "versie": 1, "kenmerk": b"k" * 16, "team_id": ZUID, "begonnen": NU}],
    "importregel": [{"id": _id(29), "gemeente_id": GEMEENTE, "versie": 1, "bestand_id": IMPORT, "nummer": 1, "uitkomst": "INGELEZEN"}],
    "dossierlid": [_OF | {"id": _id(30), "dossier_id": DOSSIER, "van": NU}],
    "notitie": [_NOTITIE | {"id": NOTITIE, "laatste": 1}],
    "notitieversie": [_NOTITIE | {"id": _id(31), "notitie_id": NOTITIE, "nummer": 1, "tekst": b"dicht"}],
    "toestemming": [
        _OF | {
            "id": _id(32), "dossier_id": DOSSIER, "ontvanger_id": DOCK, "soort": "UITDRUKKELIJKE_TOESTEMMING", "doel": "ZORG_UITWISSELING",
            "categorieen": ["ADL", "PLANNING"], "wijze": "MONDELING", "tekst_versie": "1", "gegeven_op": NU, "geldig_tot": DAG,
            "status": "GEGEVEN",
        }
    ],
    "log_stroom": [{"id": STROOM, "sleutel": HASH, "certificaat": HASH * 2, "geopend": NU, "gesloten": False}],
    "log_regel": [
        {"stroom": STROOM, "seq": 1, "periode": "2026-09", "hash": HASH, "body": b"{}", "tijdstip": NU, "gemeente_id": GEMEENTE,
         "gebruiker": JAN, "gebeurtenis": "INZAGE", "resultaat": "OK"}
    ],
    "log_kop": [{"stroom": STROOM, "seq": 1, "hash": HASH, "handtekening": HASH * 2}],
    "log_betrokkene": [{"pseudoniem": _id(33), "tijdstip": NU, "stroom": STROOM, "seq": 1}],
    "log_segment": [
        {"blad": 0, "stroom": STROOM, "eerste": 1, "laatste": 1, "vorige": HASH, "hash": HASH, "wortel": HASH, "periode": "2026-09"}
    ],
    "log_boom": [{"niveau": 0, "nummer": 0, "hash": HASH}],
    "log_checkpoint": [{"omvang": 1, "note": "wijkwerk\n1\n", "tijdstip": NU}],
    "log_vervallen": [{"tot_en_met": "2020-01", "tijdstip": NU}],
    "log_pseudoniem": [{"persoon_id": VEEN, "gemeente_id": GEMEENTE, "pseudoniem": _id(33)}],
}  # fmt: skip
"""What the first release could hold: two municipalities, teams with and without an area, secrecy, and every table of the log."""


def _stored(table: Table, row: Mapping[str, Any], native: bool) -> dict[str, Any]:
    """The values as this engine has them in its columns, so that nothing of today's declarations comes between."""

    def value(name: str, given: Any) -> Any:
        if isinstance(given, UUID) and not native:
            return given.hex if isinstance(table.c[name].type, CHAR) else given.bytes
        return given.replace(tzinfo=None) if isinstance(given, datetime) and not native else given

    return {name: value(name, given) for name, given in row.items()}


def _put_in(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection, only=list(EERSTE))
    for table in metadata.sorted_tables:
        for row in EERSTE[table.name]:
            connection.execute(insert(table).values(_stored(table, row, connection.dialect.name == "postgresql")))


def _all(connection: Connection) -> Rijen:
    """Every row of the tables of the first release, as the engine stores it, in a fixed order."""
    metadata = MetaData()
    metadata.reflect(connection, only=list(EERSTE))
    tables = [metadata.tables[name] for name in EERSTE]
    found = {t.name: [dict(row) for row in connection.execute(select(t)).mappings()] for t in tables}
    return {name: sorted(rows, key=lambda row: repr(sorted(row.items()))) for name, rows in found.items()}


def _only(rows: Rijen, names: Callable[[str], set[str]]) -> Rijen:
    kept = {table: [{k: v for k, v in row.items() if k in names(table)} for row in found] for table, found in rows.items()}
    return {name: sorted(found, key=lambda row: repr(sorted(row.items()))) for name, found in kept.items()}


def _columns(rows: Rijen) -> set[str]:
    return {f"{table}.{name}" for table, found in rows.items() for name in found[0]}


ELDERS = {"team.gebied_code", "persoon.telefoonnummer", "persoon.emailadres", "toestemming.ontvanger_id", "toestemming.tekst_versie"}
"""Columns of the first release whose values live on in another table."""

ANDERS = {"gebruiker": {"openbaar"}, "aanstelling": {"openbaar"}}
"""Columns that say something else on purpose: who works where is no longer for everybody."""


@pytest.fixture
def owners() -> list[Migraties]:
    return Plugins([]).migraties()


@pytest.fixture
async def eerste(database: Database, owners: list[Migraties]) -> Rijen:
    """The database as the first release left it, and all that stands in it."""
    await downgrade(database, _core(owners), "core_0001")
    names = await database.transact(lambda connection: set(inspect(connection).get_table_names()))
    others = {table.name for table in Persoon.metadata.sorted_tables if table.info.get("owner") != "core"}
    assert {name for name in names - others if not name.startswith("schema_version_")} == set(EERSTE)
    await database.administer(_put_in)
    return await database.transact(_all)


def _core(owners: list[Migraties]) -> Migraties:
    return next(one for one in owners if one.owner == "core")


async def test_every_value_of_the_first_release_is_there_after_the_newest(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    after = await database.transact(_all)
    assert _columns(eerste) - _columns(after) <= ELDERS

    def kept(table: str) -> set[str]:
        return (set(eerste[table][0]) & set(after[table][0])) - ANDERS.get(table, set())

    assert _only(after, kept) == _only(eerste, kept)
    assert await check(database, owners) == []


async def test_existing_rows_get_a_value_in_each_new_column_that_needs_one(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    p = Persoon.tabel()
    chosen = select(p.c.id, p.c.gebied_gekozen, p.c.veiligheidsvlag, p.c.gebied_id).order_by(p.c.id)
    found = await database.transact(lambda connection: connection.execute(chosen).all())
    assert [tuple(row) for row in found] == [(VEEN, False, False, None), (VER, False, True, None)]
    after = await database.transact(_all)
    assert [row["soort"] for row in after["huishoudlid"]] == ["PARTICULIER"]
    assert {row["reden"] for row in after["afscherming"]} == {None}
    assert {row["kvk_nummer"] for row in after["organisatie"]} == {None}


async def test_reports_and_cases_of_the_second_revision_are_whole_in_the_third_and_back_again(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    await downgrade(database, _core(owners), "core_0002")
    second = await database.transact(_all)
    await migrate(database, owners)
    third = await database.transact(_all)
    both = {table: set(second[table][0]) & set(third[table][0]) for table in second}  # what stands elsewhere now is tested below
    assert _only(third, both.__getitem__) == _only(second, both.__getitem__)
    [aanmelding], [dossier], [lid] = third["aanmelding"], third["dossier"], third["dossierlid"]
    assert {name: aanmelding[name] for name in ("aanmelder", "wijze", "urgentie", "status", "vraag", "behandelaar_id", "dossier_id")} == {
        "aanmelder": "ONBEKEND", "wijze": "ONBEKEND", "urgentie": "NORMAAL", "status": "NIEUW", "vraag": None, "behandelaar_id": None,
        "dossier_id": None,
    }  # fmt: skip
    assert (dossier["domein"], dossier["reden"], dossier["huishouden_id"], lid["tot"]) == ("WMO", None, None, None)
    assert await check(database, owners) == []
    await database.administer(_work_in_the_third)
    await downgrade(database, _core(owners), "core_0002")
    assert await database.transact(_all) == second


def _work_in_the_third(connection: Connection) -> None:
    """What the second revision knows nothing of: a report that was dealt with, a case on hold, who may look at a case beforehand."""
    metadata = MetaData()
    metadata.reflect(connection, only=["aanmelding", "betrokkenheid", "dossier", "dossierlid"])
    aanmelding, dossier, lid = (metadata.tables[name] for name in ("aanmelding", "dossier", "dossierlid"))
    native = connection.dialect.name == "postgresql"
    moment, case = _stored(lid, {"tot": NU}, native), _stored(aanmelding, {"dossier_id": DOSSIER, "behandelaar_id": JAN}, native)
    connection.execute(update(aanmelding).values(case | {"status": "VERVOLG", "urgentie": "SPOED", "vraag": b"dicht"}))
    connection.execute(update(dossier).values(status="AANGEHOUDEN", reden="WACHTLIJST", domein="JEUGD"))
    connection.execute(update(lid).values(moment))
    door = metadata.tables["betrokkenheid"]
    row = EERSTE["betrokkenheid"][0] | {"id": _id(40), "partij_id": ZUID, "bron": "OVERDRACHT"}
    connection.execute(insert(door).values(_stored(door, row, native)))


async def test_the_code_of_a_team_becomes_an_area_of_its_municipality(database: Database, owners: list[Migraties], eerste: Rijen) -> None:
    await migrate(database, owners)
    t, g = Team.tabel(), Gebied.tabel()
    joined = t.outerjoin(g, (g.c.id == t.c.gebied_id) & (g.c.gemeente_id == t.c.gemeente_id))
    columns = select(t.c.gemeente_id, t.c.id, g.c.code, g.c.naam, g.c.soort, g.c.herkomst, g.c.versie, g.c.openbaar).select_from(joined)
    found = await database.transact(lambda connection: connection.execute(columns.order_by(t.c.gemeente_id, t.c.id)).all())
    wijk, buurt = ("WK059904", "WK059904", "WIJK", "CBS", 1, True), ("BU05991284", "BU05991284", "BUURT", "CBS", 1, True)
    assert {(row[0], row[1]): tuple(row[2:]) for row in found} == {
        (GEMEENTE, OVERSCHIE): wijk, (GEMEENTE, ZUID): wijk, (GEMEENTE, LOMBARDIJEN): buurt, (BUUR, STAD): wijk,
        (GEMEENTE, DOCK): ("zuid", "zuid", "WIJK", "GEMEENTE", 1, True), (GEMEENTE, VER): (None,) * 6,
    }  # fmt: skip
    assert (await database.transact(lambda connection: connection.execute(select(func.count()).select_from(g)).scalar_one())) == 4


async def test_what_stood_with_a_resident_or_user_stands_in_a_table_of_its_own(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    c, z, a = Contactgegeven.tabel(), zoekterm.c, Aanstelling.tabel()
    contact = select(c.c.persoon_id, c.c.gemeente_id, c.c.waarde, c.c.veilig_te_gebruiken, c.c.verantwoordelijke_id).order_by(c.c.waarde)
    assert [tuple(row) for row in await _rows(database, contact)] == [
        (VEEN, GEMEENTE, "+31612345678", True, STAD), (VEEN, GEMEENTE, "veen@example.org", True, STAD),
    ]  # fmt: skip
    words = await _rows(database, select(z.gemeente_id, z.persoon_id, z.term))
    assert {(row.persoon_id, row.term) for row in words} >= {(VEEN, "veen"), (VEEN, "anna"), (VEEN, "ans"), (VER, "moulin")}
    assert {row.gemeente_id for row in words} == {GEMEENTE}
    assert [tuple(row) for row in await _rows(database, select(a.c.naam, a.c.openbaar))] == [("Jan", False)]


async def _rows(database: Database, statement: Select[Any]) -> Sequence[Row[Any]]:
    return await database.transact(lambda connection: connection.execute(statement).all())


async def test_down_again_gives_exactly_what_was_there_and_up_again_works(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    up = await database.transact(_all)
    await downgrade(database, _core(owners), "core_0001")
    assert await database.transact(_all) == eerste
    await migrate(database, owners)
    again = await database.transact(_all)
    stays = {table: set(up[table][0]) - {"gebied_id", "tekst_id"} for table in up}  # areas and texts are made anew
    assert _only(again, stays.__getitem__) == _only(up, stays.__getitem__)
    assert await check(database, owners) == []


@pytest.mark.parametrize("statement", ["UPDATE log_regel SET periode = '2020-01'", "DELETE FROM log_regel"], ids=["change", "delete"])
async def test_the_log_is_append_only_after_the_migration(
    database: Database, owners: list[Migraties], eerste: Rijen, statement: str
) -> None:
    await migrate(database, owners)
    migrated = (await database.transact(_all))["log_regel"]
    assert _only({"log_regel": migrated}, lambda table: set(eerste[table][0])) == {"log_regel": eerste["log_regel"]}
    with pytest.raises(DBAPIError):
        await database.transact(lambda connection: connection.execute(text(statement)))
    assert (await database.transact(_all))["log_regel"] == migrated


async def test_foreign_keys_hold_after_the_migration(database: Database, owners: list[Migraties], eerste: Rijen) -> None:
    await migrate(database, owners)
    for statement in ("DELETE FROM persoon", "DELETE FROM gebied", "DELETE FROM organisatie", "DELETE FROM team"):
        with pytest.raises(DBAPIError):
            await database.transact(lambda connection, sql=statement: connection.execute(text(sql)))  # type: ignore[misc]
    after = await database.transact(_all)
    assert [len(after[name]) for name in EERSTE] == [len(eerste[name]) for name in EERSTE]


async def test_a_number_and_an_address_become_contact_details_and_the_preferred_ones_go_back(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    c = Contactgegeven.tabel()
    chosen = select(c.c.persoon_id, c.c.soort, c.c.waarde, c.c.versie, c.c.voorkeur, c.c.veilig_te_gebruiken, c.c.verantwoordelijke_id)
    found = await database.transact(lambda connection: connection.execute(chosen.order_by(c.c.soort)).all())
    rest = (1, False, True, STAD)
    assert [tuple(row) for row in found] == [(VEEN, "EMAIL", "veen@example.org", *rest), (VEEN, "TELEFOON", "+31612345678", *rest)]
    more = {"gemeente_id": GEMEENTE, "versie": 1, "persoon_id": VEEN, "verantwoordelijke_id": STAD, "soort": "TELEFOON"}
    for id, waarde, voorkeur in ((_id(1), "+31611111111", False), (nieuw_id(), "+31622222222", True)):
        row = more | {"id": id, "waarde": waarde, "voorkeur": voorkeur}
        await database.transact(lambda connection, row=row: connection.execute(insert(c).values(row)) and None)  # type: ignore[misc]
    await downgrade(database, _core(owners), "core_0001")
    [veen] = [row for row in (await database.transact(_all))["persoon"] if row["geslachtsnaam"] == "Veen"]
    assert (veen["telefoonnummer"], veen["emailadres"]) == ("+31622222222", "veen@example.org")


async def test_a_consent_gets_a_text_a_recipient_and_a_giver_and_a_coupling_a_row_for_each_resident(
    database: Database, owners: list[Migraties], eerste: Rijen
) -> None:
    await migrate(database, owners)
    await downgrade(database, _core(owners), "core_0003")
    await database.administer(_more_partners)
    third = await database.transact(_all)
    await migrate(database, owners)
    records = (Toestemming, Toestemmingsontvanger, Toestemminggever, Toestemmingstekst, Koppeling, Betrokkenheid)
    t, o, g, x, k, b = (record.tabel() for record in records)
    joined = t.join(o, o.c.toestemming_id == t.c.id).join(g, g.c.toestemming_id == t.c.id).join(x, x.c.id == t.c.tekst_id)
    columns = (t.c.id, t.c.richting, t.c.gevraagd_op, o.c.organisatie_id, o.c.rol, g.c.hoedanigheid, x.c.aanduiding, x.c.taal, x.c.doel)
    rest = ("VERSTREKKEN", NU, DOCK, None, "BETROKKENE")
    assert [tuple(row) for row in await _rows(database, select(*columns).select_from(joined).order_by(t.c.id))] == [
        (_id(32), *rest, "1", "und", "ZORG_UITWISSELING"), (_id(41), *rest, "1", "und", "ZORG_UITWISSELING"),
        (_id(42), *rest, "2", "und", "ZORG_UITWISSELING"),
    ]  # fmt: skip
    assert {"niet in dit systeem bewaard" in row.tekst for row in await _rows(database, select(x.c.tekst))} == {True}
    found = await _rows(database, select(k).order_by(k.c.persoon_id))
    assert [(row.persoon_id, row.dossier_id, row.partij_id, row.categorieen, row.tot, row.door_id) for row in found] == [
        (VEEN, DOSSIER, DOCK, ["CONTACT", "IDENTITEIT"], None, None), (VER, DOSSIER, DOCK, ["IDENTITEIT"], NU, None),
    ]  # fmt: skip
    assert found[0].id == _id(37) != found[1].id
    doors = await _rows(database, select(b.c.persoon_id, b.c.bron, b.c.bron_id, b.c.toestemming_id).order_by(b.c.id))
    assert [tuple(row) for row in doors][1:] == [
        (VEEN, "TOESTEMMING", _id(32), _id(32)), (VEEN, "KOPPELING", _id(37), None), (VEEN, "KOPPELING", _id(37), None),
        (VER, "KOPPELING", found[1].id, None),
    ]  # fmt: skip
    await database.administer(_work_in_the_fourth)
    await downgrade(database, _core(owners), "core_0003")
    back = await database.transact(_all)
    assert back["toestemming"] == third["toestemming"]
    assert [row["id"] for row in back["betrokkenheid"]] == [row["id"] for row in third["betrokkenheid"]]


def _more_partners(connection: Connection) -> None:
    """A second resident in the coupling, whose part has ended; consents with the same text and with another."""
    metadata = MetaData()
    metadata.reflect(connection, only=["betrokkenheid", "toestemming"])
    ended = _GEKOPPELD | {"id": _id(40), "persoon_id": VER, "categorie_code": "IDENTITEIT", "tot": NU}
    same, other = (EERSTE["toestemming"][0] | new for new in ({"id": _id(41)}, {"id": _id(42), "tekst_versie": "2"}))
    for name, row in (("betrokkenheid", ended), ("toestemming", same), ("toestemming", other)):
        table = metadata.tables[name]
        connection.execute(insert(table).values(_stored(table, row, connection.dialect.name == "postgresql")))


def _work_in_the_fourth(connection: Connection) -> None:
    """What the third revision knows nothing of: a consent that waits, one whose day is over, a second recipient, a door for a role."""
    t = Toestemming.tabel()
    given = connection.execute(select(t).where(t.c.id == _id(41))).mappings().one()
    connection.execute(insert(t).values(dict(given) | {"id": _id(43), "status": "CONCEPT", "gegeven_op": None}))
    connection.execute(update(t).where(t.c.id == _id(42)).values(status="VERLOPEN"))
    for row in (_OF | {"dossier_id": DOSSIER, "organisatie_id": STAD, "toestemming_id": _id(number)} for number in (41, 43)):
        connection.execute(insert(Toestemmingsontvanger.tabel()).values(row | {"id": nieuw_id()}))
    door = _BIJ_DOCK | {"doel": "PW_UITVOERING", "categorie_code": "ADL", "toestemming_id": _id(41), "bron_id": _id(41)}
    for new in ({"rol": "KLANTMANAGER", "bron": "TOESTEMMING"}, {"bron": "NOODTOEGANG"}):
        connection.execute(insert(Betrokkenheid.tabel()).values(door | new | {"id": nieuw_id()}))
