"""The schema is composed from records and parts; what clashes or stays silent does not build."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import pytest
import strawberry

from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.personen import Persoon
from wijkwerk.plugins import Plugins
from wijkwerk.records.session import Work
from wijkwerk_graphql import Lezing, Mutation, Query, Row, batch, connection, extend, field, kern, mutation, related, uitkomst
from wijkwerk_graphql.schema.fields import Declaratie
from wijkwerk_graphql.schema.problems import SchemaFout
from wijkwerk_graphql.schema.schema import Schema

RECORDS = (Persoon, Organisatie, Team)


def rights(*extra: Permission) -> list[Permission]:
    found = [PUBLIC, *extra]
    for record in RECORDS:
        found += [record.lezen, record.schrijven, *(veld.requires for veld in record.velden.values() if veld.requires)]
    return found


@extend(Query)
class Basis:
    @field(Persoon | None, requires=Persoon.lezen, uitleg="Een inwoner")
    @staticmethod
    def persoon(lezer: Lezing, id: UUID) -> Row | None:
        return lezer.een(Persoon, id)

    teams = connection(Team, uitleg="Teams", order=("naam",))


def build(*parts: type[Any], extra: tuple[Permission, ...] = ()) -> Schema:
    return Schema([Basis, *parts], RECORDS, rights(*extra))


def test_a_type_follows_from_the_declaration_of_its_record() -> None:
    fields = build().graphql.type_map["Persoon"].fields  # type: ignore[attr-defined]
    shown = {name for name, veld in Persoon.velden.items() if veld.kind in ("field", "sealed") and veld.shown}
    names = {field.extensions["strawberry-definition"].python_name for field in fields.values()}
    assert names == {"id", "beperkt", "onleesbaar", *shown, *Persoon.afgeleid}
    assert {name: str(field.type) for name, field in fields.items() if str(field.type).endswith("!")} == {
        "id": "ID!",
        "beperkt": "Boolean!",
        "onleesbaar": "Boolean!",
    }
    assert fields["geboortedatum"].description == Persoon.velden["geboortedatum"].uitleg
    assert str(fields["geboortedatum"].type) == "OnvolledigeDatum"
    assert str(fields["bsn"].type) == "BSN"


def test_machinery_and_hidden_columns_are_not_in_the_schema() -> None:
    text = build().as_str()
    for name in ("gemeenteId", "verantwoordelijke", "bsnIndex", "sorteernaam", "openbaar"):
        assert name not in text


def test_a_column_that_refers_to_a_record_of_the_schema_is_a_relation() -> None:
    assert str(build().graphql.type_map["Team"].fields["organisatie"].type) == "Organisatie"  # type: ignore[attr-defined]


def test_the_permission_is_printed_in_the_schema() -> None:
    assert 'bsn: BSN @recht(naam: "persoon:bsn:lezen")' in build().as_str()


def test_schemas_in_one_process_know_nothing_of_each_other() -> None:
    @extend(Persoon)
    class Extra:
        @batch(str | None, requires=Persoon.lezen, uitleg="Iets")
        @staticmethod
        def iets(personen: list[Row], lezer: Lezing) -> list[str | None]:
            return [None for _ in personen]

    before = build().as_str()
    assert "iets: String" in build(Extra).as_str()
    assert build().as_str() == before


def test_a_second_field_of_the_same_name_is_refused_naming_both_parties() -> None:
    @extend(Persoon)
    class Dubbel:
        geslachtsnaam = related(Team, by="organisatie_id", uitleg="Iets")

    with pytest.raises(SchemaFout, match=r"Dubbel geeft Persoon\.geslachtsnaam aan, maar dat veld is al van wijkwerk\.personen"):
        build(Dubbel)


def test_two_names_that_look_the_same_in_graphql_are_refused() -> None:
    @extend(Persoon)
    class Lijkt:
        partnerGeslachtsnaam = related(Team, by="organisatie_id", uitleg="Iets")

    with pytest.raises(SchemaFout, match=r"wijkwerk\.personen"):
        build(Lijkt)


def test_an_argument_that_may_be_left_out_needs_a_value_for_then() -> None:
    @extend(Query)
    class Vraagt:
        @field(str, requires=PUBLIC, uitleg="Iets")
        @staticmethod
        def iets(lezer: Lezing, wie: str | None) -> str:
            return wie or ""

    with pytest.raises(SchemaFout, match="iets: wie mag leeg zijn"):
        build(Vraagt)


def test_a_second_root_field_of_the_same_name_is_refused() -> None:
    @extend(Query)
    class Dubbel:
        teams = connection(Team, uitleg="Teams")

    with pytest.raises(SchemaFout, match=r"Dubbel geeft Query\.teams aan, maar dat veld is al van .*Basis"):
        build(Dubbel)


def test_a_second_type_of_the_same_name_is_refused_naming_both_parties() -> None:
    @uitkomst(requires=PUBLIC)
    class Persoon:  # the name of a record of the core
        """Iets anders."""

        naam: Annotated[str, "De naam"]

    @extend(Query)
    class Dubbel:
        @field(Persoon, requires=PUBLIC, uitleg="Iets")
        @staticmethod
        def iets(lezer: Lezing) -> Persoon:
            return Persoon(naam="x")

    with pytest.raises(SchemaFout, match=r"test_graphql_compositie geeft het type Persoon aan, maar dat is al van wijkwerk\.personen"):
        build(Dubbel)


def test_everything_that_is_left_unsaid_is_listed_at_once() -> None:
    @strawberry.type
    class Kaal:
        los: int

    @uitkomst(requires=Permission("onbekend:lezen", "Iets."))
    class Half:
        """Half."""

        zonder: str

    @extend(Query)
    class Stil:
        @field(Kaal, requires=PUBLIC, uitleg="Iets")
        @staticmethod
        def kaal(lezer: Lezing) -> Kaal:
            return Kaal(los=1)

        @field(Half, requires=PUBLIC, uitleg="")
        @staticmethod
        def half(lezer: Lezing) -> Half:
            return Half(zonder="x")

    with pytest.raises(SchemaFout) as refused:
        build(Stil)
    lines = (
        "Kaal: geen uitleg",
        "Kaal.los: geen recht",
        "Kaal.los: geen uitleg",
        "Half.zonder: het recht 'onbekend:lezen' bestaat niet",
        "Half.zonder: geen uitleg",
        "Query.half: geen uitleg",
    )
    for line in lines:
        assert line in refused.value.melding


def test_a_permission_cannot_be_left_out() -> None:
    for make in (field, batch, mutation):
        with pytest.raises(TypeError, match="requires"):
            make(str, uitleg="Iets")  # type: ignore[call-arg]


def test_a_record_that_nobody_declared_can_neither_be_used_nor_extended() -> None:
    @extend(Query)
    class Gebruikt:
        dossiers = connection(Dossier, uitleg="Dossiers")

    @extend(Dossier)
    class Uitgebreid:
        teams = related(Team, by="organisatie_id", uitleg="Iets")

    with pytest.raises(SchemaFout, match="gebruikt het record Dossier"):
        build(Gebruikt)
    with pytest.raises(SchemaFout, match="breidt Dossier uit"):
        build(Uitgebreid)


def test_a_part_that_extends_nothing_is_refused() -> None:
    with pytest.raises(SchemaFout, match="geen uitbreiding"):
        build(Team)


@pytest.mark.parametrize("target", [Query, Persoon])
def test_a_mutation_stands_in_mutation_only(target: type[Any]) -> None:
    @extend(target)
    class Verkeerd:
        @mutation(Persoon, requires=Persoon.schrijven, uitleg="Iets")
        @staticmethod
        def doe(werk: Work) -> UUID | None:
            return None

    with pytest.raises(SchemaFout, match="gebruik mutation"):
        build(Verkeerd)


def test_a_query_field_is_refused_in_a_record_and_a_batch_in_query() -> None:
    @extend(Persoon)
    class Los:
        @field(str, requires=PUBLIC, uitleg="Iets")
        @staticmethod
        def iets(lezer: Lezing) -> str:
            return ""

    @extend(Query)
    class Samen:
        iets = related(Team, by="organisatie_id", uitleg="Iets")

    for part in (Los, Samen):
        with pytest.raises(SchemaFout, match="gebruik batch"):
            build(part)


def test_a_mutation_can_always_be_null() -> None:
    @extend(Mutation)
    class Opdracht:
        @mutation(bool, requires=Persoon.schrijven, uitleg="Iets")
        @staticmethod
        def doe(werk: Work) -> bool:
            return True

    assert str(build(Opdracht).graphql.mutation_type.fields["doe"].type) == "Boolean"  # type: ignore[union-attr]


def test_the_core_and_its_own_fields_fit_together() -> None:
    schema = Schema.of(Plugins([kern]))
    declared = {(type_, name) for (type_, name), info in schema.velden.items() if isinstance(info.declaratie, Declaratie)}
    assert {
        ("Query", "personen"),
        ("Persoon", "notities"),
        ("Mutation", "aanmelden"),
        ("Notitie", "versies"),
        ("Dossier", "persoon"),
    } <= declared
    assert all(info.requires.naam for info in schema.velden.values())
