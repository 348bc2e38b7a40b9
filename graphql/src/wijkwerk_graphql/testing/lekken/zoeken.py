"""Pages and filters: each list page by page, and narrowed by each field that it can be narrowed by, also by what may not be seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from graphql import get_named_type, is_list_type, is_non_null_type
from strawberry.utils.str_converters import to_camel_case

from wijkwerk_graphql.schema.inputs import Zoekveld
from wijkwerk_graphql.testing.lekken.kaart import QUERY, Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze
from wijkwerk_graphql.testing.lekken.vragen import Vragen

PER_VELD = 4


def lijsten(vragen: Vragen) -> Iterator[Keuze]:
    """Every list by page that the actor may ask, with the number of each row."""
    for stap in vragen.velden(QUERY):
        if vragen.kaart.bladzijden(stap) and (keuzes := vragen.stap(stap, vragen.bladen(vragen.kaart.naar(stap), 0), 3)):
            yield keuzes[0]


def gefilterd(vragen: Vragen) -> Iterator[Keuze]:
    """Each of them narrowed by one field, to a value that stands in some row: also one that the actor does not see."""
    for keuze in lijsten(vragen):
        stap = Stap(QUERY, keuze.naam)
        leest = vragen.kaart.leest(stap)
        if leest is None or leest.filters is None:
            continue
        for naam, zoekveld in leest.filters.zoekvelden.items():
            soort = invoerveld(vragen.kaart, stap, to_camel_case(naam))
            if leest.zoek or not gewoon(zoekveld) or not mag_filteren(vragen, leest.record, zoekveld):
                continue
            values = {row[zoekveld.kolom] for row in vragen.dorp.wereld.rijen[leest.record]} - {None}
            for value in sorted(values, key=str)[:: max(1, len(values) // PER_VELD)]:
                args = {**keuze.args, "first": "24", "filter": f"{{{to_camel_case(naam)}:{als_literal(soort, value)}}}"}
                yield replace(keuze, args=args, filters={zoekveld.kolom: [value]})


def gewoon(zoekveld: Zoekveld) -> bool:
    """Whether what is given is compared as it is."""
    return zoekveld.operator in ("gelijk", "een_van") and zoekveld.waarde is Zoekveld.__dataclass_fields__["waarde"].default


def mag_filteren(vragen: Vragen, record: Any, zoekveld: Zoekveld) -> bool:
    """Whether the actor may ask it at all: without the right the whole document is refused."""
    recht = zoekveld.requires or record.velden[zoekveld.kolom].requires or record.lezen
    return vragen.actor.may(recht.naam)


def invoerveld(kaart: Kaart, stap: Stap, naam: str) -> Any:
    """The input type of a field of a filter."""
    kind: Any = get_named_type(kaart.veld(stap).args["filter"].type)
    return kind.fields[naam].type


def als_literal(kind: Any, value: Any) -> str:
    """A value of a column as a client writes it."""
    if is_non_null_type(kind):
        return als_literal(kind.of_type, value)
    if is_list_type(kind):
        return f"[{als_literal(kind.of_type, value)}]"
    shown = kind.coerce_output_value(value)
    return str(shown) if hasattr(kind, "values") else json.dumps(shown)
