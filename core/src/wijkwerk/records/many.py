"""Changing many rows about residents at once, for core services: what is sealed goes along, and the log says about whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, literal, select, update

from wijkwerk.records.declare import PersonRecord, subject_of
from wijkwerk.records.sealing import reseal, resealed_values, sealed_columns
from wijkwerk.records.session import Work


def change_many(
    work: Work,
    record: type[PersonRecord],
    where: Collection[ColumnElement[bool]],
    values: Mapping[str, Any],
    bound: Mapping[str, Any] | None = None,
    *,
    ook: Sequence[str] = (),
) -> Sequence[Row[Any]]:
    """Give the rows that these conditions choose these values and the next version: one statement to lock them, one to write them.

    Sealed values belong to the version of their row (docs/decisions/0004) and are sealed for the next. The rows come back as they were,
    with `persoon` and the columns `ook`. Who calls it asked the right, and the reach is the rule that it carries out.
    """
    work.flush()
    t = record.tabel()
    categorie = literal(record.categorie.code) if record.categorie_kolom is None else t.c[record.categorie_kolom]
    columns = [t.c.id, t.c.versie, t.c[subject_of(record)].label("persoon"), categorie.label("over")]
    columns += [t.c[name] for name in dict.fromkeys((*sealed_columns(record), *ook))]
    own = t.c.gemeente_id == work.actor.gemeente
    rows = work.core_connection.execute(select(*columns).where(own, *where).order_by(t.c.id).with_for_update(), bound or {}).all()
    if rows:
        sealed = reseal(work, record, rows)
        work.core_connection.execute(
            update(t).where(own, t.c.id == bindparam("wie")).values({**values, "versie": t.c.versie + 1, **resealed_values(record)}),
            [{"wie": row.id} | of_row for row, of_row in zip(rows, sealed, strict=True)],
        )
    velden = tuple(sorted(name for name in values if record.velden[name].level is not None))
    for row in rows:
        work.changed(row.persoon, record.__name__, row.over, velden)
    return rows
