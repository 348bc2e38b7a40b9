"""What the second revision of the core does with rows that are there already, up and down. History: not to be changed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from wijkwerk.records.types.sorteren import vindwoorden
from wijkwerk.storage import columns

_SINDS_ONBEKEND = date(1900, 1, 1)
"""Since when a team's area existed was not kept; an import of areas puts the real date in its place."""

_TEAM = sa.table(
    "team",
    sa.column("gemeente_id", columns.Uuid16()),
    sa.column("gebied_code", sa.String()),
    sa.column("gebied_id", columns.Uuid16()),
    sa.column("verantwoordelijke_id", columns.Uuid16()),
)
_GEBIED = sa.table(
    "gebied",
    sa.column("id", columns.Uuid16()),
    sa.column("gemeente_id", columns.Uuid16()),
    sa.column("versie", sa.Integer()),
    sa.column("code", sa.String()),
    sa.column("naam", sa.String()),
    sa.column("soort", sa.String()),
    sa.column("herkomst", sa.String()),
    sa.column("van", sa.Date()),
    sa.column("verantwoordelijke_id", columns.Uuid16()),
    sa.column("openbaar", sa.Boolean()),
)
_SOORTEN = {"GM": "GEMEENTE", "WK": "WIJK", "BU": "BUURT"}


def employments_get_a_name() -> None:
    """Each organisation knows its people by a name of its own, and nobody else's people at all."""
    op.execute(
        "UPDATE aanstelling SET openbaar = false, naam = (SELECT gebruiker.naam FROM gebruiker"
        " WHERE gebruiker.id = aanstelling.gebruiker_id AND gebruiker.gemeente_id = aanstelling.gemeente_id)"
    )
    op.execute("UPDATE gebruiker SET openbaar = false")


def codes_become_areas() -> None:
    """An area for each code that a team works in, named after its code: a name was not kept."""
    t, connection = _TEAM.c, op.get_bind()
    codes = sa.select(t.gemeente_id, t.gebied_code, t.verantwoordelijke_id).where(t.gebied_code.is_not(None))
    owners = {(gemeente, code): owner for gemeente, code, owner in connection.execute(codes)}
    for (gemeente, code), owner in owners.items():
        id, is_cbs = columns.nieuw_id(), re.fullmatch(r"GM\d{4}|WK\d{6}|BU\d{8}", code)
        connection.execute(
            sa.insert(_GEBIED).values(
                id=id, gemeente_id=gemeente, versie=1, code=code, naam=code, soort=_SOORTEN.get(code[:2], "WIJK"),
                herkomst="CBS" if is_cbs else "GEMEENTE", van=_SINDS_ONBEKEND, verantwoordelijke_id=owner, openbaar=True,
            )
        )  # fmt: skip
        same = (t.gemeente_id == gemeente) & (t.gebied_code == code)
        connection.execute(sa.update(_TEAM).where(same).values(gebied_id=id))


def areas_become_codes() -> None:
    t, g = _TEAM.c, _GEBIED.c
    code = sa.select(g.code).where(g.id == t.gebied_id, g.gemeente_id == t.gemeente_id).scalar_subquery()
    op.get_bind().execute(sa.update(_TEAM).values(gebied_code=code))


def flag_who_is_in_danger() -> None:
    """Who was shielded for their safety is flagged: the flag and the afscherming say the same from now on."""
    op.execute(
        "UPDATE persoon SET veiligheidsvlag = true WHERE EXISTS (SELECT 1 FROM afscherming a WHERE a.persoon_id = persoon.id "
        "AND a.gemeente_id = persoon.gemeente_id AND a.soort = 'VEILIGHEID' AND a.partij_id IS NULL AND a.tot IS NULL)"
    )


_PERSOON = sa.table(
    "persoon",
    sa.column("id", columns.Uuid16()),
    sa.column("gemeente_id", columns.Uuid16()),
    sa.column("verantwoordelijke_id", columns.Uuid16()),
    sa.column("telefoonnummer", sa.String()),
    sa.column("emailadres", sa.String()),
)
_CONTACT = sa.table(
    "contactgegeven",
    sa.column("id", columns.Uuid16()),
    sa.column("gemeente_id", columns.Uuid16()),
    sa.column("versie", sa.Integer()),
    sa.column("persoon_id", columns.Uuid16()),
    sa.column("soort", sa.String()),
    sa.column("waarde", sa.String()),
    sa.column("voorkeur", sa.Boolean()),
    sa.column("veilig_te_gebruiken", sa.Boolean()),
    sa.column("verantwoordelijke_id", columns.Uuid16()),
)
_CONTACTSOORTEN = {"TELEFOON": "telefoonnummer", "EMAIL": "emailadres"}


def names_become_words() -> None:
    """Residents who are there already are found by their names."""
    kolommen: list[sa.ColumnElement[Any]] = [sa.column(name, columns.Uuid16()) for name in ("gemeente_id", "id")]
    kolommen += [sa.column(name, sa.String()) for name in ("geslachtsnaam", "partner_geslachtsnaam", "voornamen", "roepnaam")]
    personen = op.get_bind().execute(sa.select(*kolommen).select_from(sa.table("persoon"))).all()
    termen = sorted({(row[0], woord, row[1]) for row in personen for naam in row[2:] if naam for woord in vindwoorden(str(naam))})
    uuid, text = columns.Uuid16(), sa.String()
    op.bulk_insert(
        sa.table("zoekwoord", sa.column("gemeente_id", uuid), sa.column("woord", text)),
        [{"gemeente_id": gemeente, "woord": woord} for gemeente, woord in sorted({term[:2] for term in termen})],
    )
    op.bulk_insert(
        sa.table("zoekterm", sa.column("gemeente_id", uuid), sa.column("term", text), sa.column("persoon_id", uuid)),
        [{"gemeente_id": gemeente, "term": woord, "persoon_id": persoon} for gemeente, woord, persoon in termen],
    )


def numbers_become_contact_details() -> None:
    """What stood with the resident becomes a row of its own."""
    p, connection = _PERSOON.c, op.get_bind()
    for soort, name in _CONTACTSOORTEN.items():
        filled = sa.select(p.id, p.gemeente_id, p.verantwoordelijke_id, p[name]).where(p[name].is_not(None))
        rows = [
            {
                "id": columns.nieuw_id(), "gemeente_id": gemeente, "versie": 1, "persoon_id": persoon, "soort": soort, "waarde": waarde,
                "voorkeur": False, "veilig_te_gebruiken": True, "verantwoordelijke_id": owner,
            }
            for persoon, gemeente, owner, waarde in connection.execute(filled)
        ]  # fmt: skip
        if rows:
            connection.execute(sa.insert(_CONTACT), rows)


def contact_details_become_numbers() -> None:
    """There is room for one of each kind: the preferred one, else the one that was there first. The others are lost."""
    p, c = _PERSOON.c, _CONTACT.c
    for soort, name in _CONTACTSOORTEN.items():
        same = (c.persoon_id == p.id) & (c.gemeente_id == p.gemeente_id) & (c.soort == soort)
        first = sa.select(c.waarde).where(same).order_by(c.voorkeur.desc(), c.id).limit(1)
        op.get_bind().execute(sa.update(_PERSOON).values({name: first.correlate(_PERSOON).scalar_subquery()}))
