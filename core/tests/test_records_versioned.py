"""Every core record about a person keeps its versions, or says where it is declared why not; and what is kept can always be read back."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import JSON, Enum

from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.dossiers.dossier import Dossierstap
from wijkwerk.groepstoegang import Groepstoegang
from wijkwerk.noodtoegang.noodtoegang import Noodtoegang
from wijkwerk.notities.bijlage import Bijlage
from wijkwerk.notities.notitie import Aanvulling, Notitieversie
from wijkwerk.notities.verklaring import EigenVerklaring
from wijkwerk.notities.werkaantekening import Werkaantekening
from wijkwerk.post.bericht import Bericht
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.frozen import freeze, thaw
from wijkwerk.records.history import Wijziging
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.register import CORE
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.toestemmingen.toestemming import Toestemminggever, Toestemmingsontvanger

PERSONEN = sorted((record for record in CORE.records if issubclass(record, PersonRecord)), key=lambda record: record.__name__)
ZONDER = {
    Aanvulling, Afscherming, Bericht, Betrokkenheid, Bijlage, Dossierstap, Groepstoegang, Noodtoegang, Notitieversie, Toestemminggever,
    EigenVerklaring, Toestemmingsontvanger, Werkaantekening,
    Wijziging,
}  # fmt: skip


def waarom_niet(record: type[PersonRecord]) -> str | None:
    """What stands behind `versioned = False` in the class that says it."""
    zegt = next(each for each in record.__mro__ if "versioned" in vars(each))
    found = re.search(r"^    versioned = False  # (.{10,})$", inspect.getsource(zegt), re.MULTILINE)
    return found[1] if found else None


@pytest.mark.parametrize("record", PERSONEN, ids=lambda record: str(record.__name__))
def test_a_record_about_a_person_is_versioned_or_says_why_not(record: type[PersonRecord]) -> None:
    assert record.versioned == (waarom_niet(record) is None)


def test_those_without_versions_are_the_ones_that_are_meant() -> None:
    assert {record for record in PERSONEN if not record.versioned} == ZONDER


def test_there_are_records_to_look_at() -> None:
    assert {"Persoon", "Contactgegeven", "Huishoudlid", "Relatie", "Gezag", "Vertegenwoordiging", "Dossier", "Toestemming"} <= {
        record.__name__ for record in PERSONEN if record.versioned
    }


MONSTERS: dict[type, Any] = {
    bool: True, int: 7, str: "Żáïŀ 'S", bytes: b"\x00\xff", date: date(2027, 1, 31), datetime: datetime(2027, 1, 31, 12, tzinfo=UTC),
    Datum: Datum.lees("1956-11"), Postcode: Postcode.lees("3043TD"), UUID: UUID(int=7), Decimal: Decimal("12.50"), list: ["A", "B"],
    Bsn: Bsn.lees("999993653"),
}  # fmt: skip
KOLOMMEN = [
    (record, name)
    for record in PERSONEN
    for name, veld in record.velden.items()
    if record.versioned and veld.kind not in ("machinery", "subject", "kader")
]


def monster(record: type[PersonRecord], name: str) -> Any:
    """A value as this column can hold it."""
    if isinstance(column := record.tabel().c[name].type, Enum):
        return next(iter(column.enum_class or column.enums))
    for of, kind in ((Uuid16, UUID), (Tijdstip, datetime), (JSON, list)):
        if isinstance(column, of):
            return MONSTERS[kind]
    return MONSTERS[record.velden[name].sealed_type or column.python_type]


@pytest.mark.parametrize(("record", "name"), KOLOMMEN, ids=[f"{record.__name__}.{name}" for record, name in KOLOMMEN])
def test_a_value_of_every_column_comes_back_as_it_was(record: type[PersonRecord], name: str) -> None:
    value = monster(record, name)
    kept = orjson.loads(orjson.dumps(freeze(record, name, value)))
    assert (thaw(record, name, kept), type(thaw(record, name, kept))) == (value, type(value))
    assert thaw(record, name, freeze(record, name, None)) is None
