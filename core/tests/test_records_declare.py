"""A record that leaves something unsaid does not come into being (design.md 1, idea 2; 11.6)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Mapped, mapped_column

from wijkwerk.access.levels import N1, N4
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records import checks
from wijkwerk.records.declare import Declaratiefout, KaderRecord, OpenRecord, PersonRecord, Record, Retention, kader_of, subject_of
from wijkwerk.records.fields import derived, field, kader, related_person, sealed, subject
from wijkwerk.records.plan import Filter, Shape, plan
from wijkwerk.register import CORE
from wijkwerk.storage.metadata import metadata

NUMBERS = count()
WHOLE: dict[str, Any] = {
    "__doc__": "Een proef.",
    "__module__": "wijkwerk_proef.records",
    "owner": "declareren",
    "categorie": IDENTITEIT,
    "niveau": N4,
    "retention": Retention("eigen", "P1D", "einde"),
    "lezen": PUBLIC,
    "schrijven": PUBLIC,
    "persoon_id": subject("Wie"),
    "__annotations__": {"persoon_id": Mapped[UUID]},
}


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Records that a test declared are not there for the next one."""
    yield
    for table in [table for table in metadata.tables.values() if table.info.get("owner") == "declareren"]:
        metadata.remove(table)


def _same(geboren: int) -> int:
    return geboren


def declare(base: type[Record] = PersonRecord, without: tuple[str, ...] = (), **extra: Any) -> type[Record]:
    """A record that is whole but for what is left out; each has a name of its own."""
    annotations = {"persoon_id": Mapped[UUID]} | {n: Mapped[Any] for n, v in extra.items() if hasattr(v, "column")}
    body = {name: value for name, value in WHOLE.items() if name not in without} | extra
    body["__annotations__"] = {name: kind for name, kind in annotations.items() if name in body}
    if "persoon_id" in body and "persoon_id" not in extra:
        body["persoon_id"] = subject("Wie")
    return type(f"Proef{next(NUMBERS)}", (base,), body)


def test_a_record_that_says_everything_comes_into_being() -> None:
    made = declare(naam=field("De naam", level=N4, check=checks.code, type_=String(9)))
    assert made.velden["naam"].categorie is IDENTITEIT
    assert (made.__tablename__, made.owner, made.uitleg) == (f"declareren_{made.__name__.lower()}", "declareren", "Een proef.")
    assert issubclass(made, PersonRecord)
    assert (subject_of(made), kader_of(made)) == ("persoon_id", None)


@pytest.mark.parametrize("left_out", ["categorie", "niveau", "retention", "lezen", "schrijven", "__doc__", "persoon_id"])
def test_a_record_that_leaves_something_unsaid_does_not(left_out: str) -> None:
    with pytest.raises(Declaratiefout, match="declares no "):
        declare(without=(left_out,))


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"los": mapped_column(String(9))}, "not classified"),
        ({"verhaal": field("Een verhaal", level=N4, type_=String(900))}, "plain text"),
        ({"naam": field("", level=N4, check=checks.code, type_=String(9))}, "no explanation"),
        ({"verhaal": sealed("", level=N4)}, "no explanation"),
        ({"leeftijd": derived("De leeftijd", needs=("geboren",))(_same)}, "not a column"),
        ({"bijlage": field("Een bestand", level=N4, type_=LargeBinary)}, "plain"),
        ({"alles": field("Van alles", level=N4, type_=JSON)}, "plain"),
        ({"eigen_kolom": "persoon_id"}, "versioned = False"),
    ],
    ids=[
        "unclassified",
        "free text",
        "no uitleg",
        "sealed without uitleg",
        "derived from nothing",
        "bytes",
        "json",
        "of one user, with a history",
    ],
)
def test_a_column_without_class_or_with_free_text_is_refused(extra: dict[str, Any], says: str) -> None:
    with pytest.raises(Declaratiefout, match=says):
        declare(**extra)


@pytest.mark.parametrize("base", [OpenRecord, KaderRecord])
@pytest.mark.parametrize(
    "column",
    [lambda: subject("Wie"), lambda: related_person("Wie nog meer", level=N4), lambda: sealed("Geheim", level=N4)],
    ids=["subject", "related", "sealed"],
)
def test_only_a_person_record_has_a_column_about_a_person(base: type[Record], column: Any) -> None:
    with pytest.raises(Declaratiefout, match="make it a PersonRecord"):
        declare(base, without=("persoon_id",), iets=column())


def test_an_open_record_without_persons_comes_into_being_without_category() -> None:
    assert declare(OpenRecord, without=("persoon_id", "categorie", "niveau")).kind == "OpenRecord"


def test_the_owner_of_a_record_follows_from_its_module() -> None:
    made = declare(without=("owner",))
    assert (made.owner, made.__tablename__) == ("proef", f"proef_{made.__name__.lower()}")
    metadata.remove(made.tabel())


def test_a_second_record_with_the_same_table_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="already defined"):
        declare(__tablename__="persoon")


def test_the_kader_of_a_record_is_its_column_or_the_row_itself() -> None:
    assert kader_of(Dossier) == "id"
    assert kader_of(declare(dossier_id=kader("dossier"))) == "dossier_id"


def test_no_record_of_the_core_has_a_column_without_a_declaration_or_a_sentence() -> None:
    for record in CORE.records:
        assert set(record.velden) == set(record.tabel().c.keys())
        assert record.uitleg.endswith(".")
        assert all(veld.uitleg for veld in record.velden.values() if veld.shown and veld.kind not in ("machinery", "kader"))
        assert record.retention.termijn.startswith("P")


def test_nothing_is_found_or_sorted_by_a_sealed_column() -> None:
    for shape in (Shape(Dossier, key="vraag"), Shape(Dossier, order=("-vraag",)), Shape(Dossier, filters=(Filter("vraag"),))):
        with pytest.raises(ValueError, match="sealed"):
            plan(shape)


@pytest.mark.parametrize("value", ["", "laag", "A" * 61, "A B", "9A", "A\n"])
def test_a_code_is_a_word_of_a_closed_list(value: str) -> None:
    assert checks.code("WMO_2015") == "WMO_2015"
    with pytest.raises(OngeldigeInvoer) as refused:
        checks.code(value)
    assert value == "" or value not in str(refused.value)


@pytest.mark.parametrize("value", ["", "  ", "x" * 201, "a\x00b", "a\nb"])
def test_short_text_has_a_length_and_no_control_characters(value: str) -> None:
    assert checks.short(" Huis van de wijk ") == "Huis van de wijk"
    with pytest.raises(OngeldigeInvoer):
        checks.short(value)


@pytest.mark.parametrize("value", [-1, 8, "3", None, 2.5, True])
def test_a_level_is_a_number_from_nought_to_seven(value: Any) -> None:
    assert checks.level(N1) == 1
    with pytest.raises(OngeldigeInvoer):
        checks.level(value)
