"""Searching and lists use indexes on both engines: no statement walks a table of residents, or all of a municipality.

Among some thousands of residents, with the statistics that the database keeps of them. What the plans are among a million, and how long
it takes, is for `make bench`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wijkwerk.access.actor import Actor, Functie
from wijkwerk.app import Wijkwerk
from wijkwerk.bsnindex import OP_BSN
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossierlid
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Indexwaarde
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Database
from wijkwerk.testing.bevolking import bevolk
from wijkwerk.testing.queryplannen import opgenomen, stappen
from wijkwerk.zoeken.zoek import Zoekvraag, zoek

pytestmark = pytest.mark.anyio
VELDEN = ("voornamen", "geslachtsnaam", "geboortedatum", "straat", "huisnummer", "postcode")
BEWONERS = 5_000
GROOT = {"persoon", "betrokkenheid", "zoekterm", "contactgegeven", "huishoudlid", "dossier", "dossierlid", "log_pseudoniem"}
WHOLE_CASELOAD = {"caseload", "count", "contacts", "households", "cases"}


def by_person(record: type[Any], *velden: str) -> Callable[[Reader], object]:
    def read(reader: Reader) -> object:
        page = reader.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=50)
        return reader.by_key(record, velden, "persoon_id", [row.id for row in page.rows])

    return read


LEZINGEN: dict[str, Callable[[Reader], object]] = {
    "caseload": lambda reader: reader.page(Persoon, VELDEN, order=("sorteernaam",), first=50),
    "count": lambda reader: reader.count(Persoon, order=("sorteernaam",)),
    "name": lambda reader: zoek(reader, Zoekvraag(naam="Waterhoen"), VELDEN, first=20),
    "two names": lambda reader: zoek(reader, Zoekvraag(naam="Anna Waterhoen"), VELDEN, first=20),
    "typing error": lambda reader: zoek(reader, Zoekvraag(naam="Watrhoen"), VELDEN, first=20),
    "birth date": lambda reader: zoek(reader, Zoekvraag(geboortedatum=Datum(1980, 3, 1)), VELDEN, first=20),
    "address": lambda reader: zoek(reader, Zoekvraag(postcode=Postcode("1000AB"), huisnummer=3), VELDEN, first=20),
    "bsn": lambda reader: reader.page(Persoon, VELDEN, order=("sorteernaam",), filters={OP_BSN: Indexwaarde((b"0" * 16,), b"")}, first=20),
    "contacts": by_person(Contactgegeven, "soort", "waarde"),
    "households": by_person(Huishoudlid, "rol"),
    "cases": by_person(Dossierlid, "dossier_id"),
}


async def test_no_search_or_list_walks_a_table_of_residents(database: Database, tmp_path: Any) -> None:
    async with Wijkwerk(Settings(map=tmp_path), [], database=database) as wijkwerk:
        plaats = await bevolk(wijkwerk, BEWONERS)
        ploeg = plaats.ploegen[0]
        functies = [Functie("REGISSEUR", plaats.organisatie, ploeg.team)]
        actor = wijkwerk.toewijzer.actor(ploeg.regisseur, plaats.gemeente, functies, None, wijkwerk.klok.nu())
        heel = {naam: found for naam, lezing in LEZINGEN.items() if (found := await whole(wijkwerk, actor, naam, lezing))}
        assert heel == {}


async def whole(wijkwerk: Wijkwerk, actor: Actor, naam: str, lezing: Callable[[Reader], object]) -> set[str]:
    """What this reading walks whole of the tables that grow with the number of residents."""
    with opgenomen(wijkwerk.database) as gevraagd:
        await wijkwerk.read(actor, lezing, onderdeel="test")
    gelezen = [stap for vraag in gevraagd for stap in await stappen(wijkwerk.database, vraag, klein=True) if stap.tabel in GROOT]
    assert gelezen
    # whom somebody knows is a large part of so few residents: PostgreSQL then rather reads those; among a million `make bench` looks
    few = wijkwerk.database.dialect == "postgresql" and naam in WHOLE_CASELOAD
    return {stap.tekst for stap in gelezen if stap.heel and not (few and stap.tabel == "persoon")}
