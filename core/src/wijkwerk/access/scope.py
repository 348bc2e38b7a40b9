"""Whose: the one predicate. Every list, count, search, filter, sort, nested field and write goes through it (design.md 1, idea 2).

For a row about a person the door is the *winning* betrokkenheid: of all rows that let one of the actor's parties in (in a role of the
actor, where the row names one), for a purpose of this request, for the category, the controller and the kader of the row, now: the highest
level, then the lowest id. Afscherming caps that level. Doors that are only for looking are not for who stands in for the user whom they let
in, and don't count for a write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Integer, Select, and_, bindparam, case, exists, func, literal, or_, select, true
from sqlalchemy.sql.expression import FromClause

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import ALLEEN_LEZEN, Afscherming, Betrokkenheid
from wijkwerk.access.levels import N1, Niveau
from wijkwerk.access.register import ALLE_ORGANISATIES, IDENTITEIT
from wijkwerk.records.declare import KaderRecord, OpenRecord, PersonRecord, Record, ToezichtRecord, kader_of, subject_of
from wijkwerk.records.geldigheid import waar_nu, waar_open
from wijkwerk.storage.columns import Tijdstip, Uuid16, among

_NU = bindparam("nu", type_=Tijdstip())
_GEMEENTE = bindparam("gemeente", type_=Uuid16())
_ORGANISATIE = bindparam("organisatie", type_=Uuid16())
_GEBRUIKER = bindparam("gebruiker", type_=Uuid16())
_BUITEN = bindparam("buiten", type_=Boolean())
_ALLE_ORGANISATIES = bindparam("alle_organisaties", type_=Boolean())
_SCHRIJVEND = bindparam("schrijvend", type_=Boolean())
PLAFOND = bindparam("plafond", type_=Integer())


def parameters(actor: Actor, *, schrijvend: bool) -> dict[str, Any]:
    """What the predicate needs to know of the actor; the same for every statement of a request. `schrijvend`: asked for a write."""
    return {
        "gemeente": actor.gemeente,
        "organisatie": actor.organisatie,
        "gebruiker": actor.gebruiker,
        "zelf": actor.zelf,
        "partijen": actor.partijen,
        "rollen": actor.rollen,
        "doelen": actor.doelen,
        "schrijvend": schrijvend,
        "plafond": int(actor.plafond),
        "buiten": actor.buiten_gemeente,
        "nu": actor.moment,
        "alle_organisaties": actor.may(ALLE_ORGANISATIES.naam),
    }


@dataclass(frozen=True, slots=True)
class Door:
    """One category of a person record, opened: the winning betrokkenheid and the level it gives (still to be capped)."""

    winner: FromClause
    join: ColumnElement[bool]

    @property
    def niveau(self) -> ColumnElement[int]:
        return self.winner.c.niveau_tot

    @property
    def id(self) -> ColumnElement[UUID]:
        return self.winner.c.id


def open_door(record: type[PersonRecord], row: FromClause, categorie: str | ColumnElement[str]) -> Door:
    """The winning betrokkenheid for a category of a row: an alias to join, and the condition to join it on."""
    best = _candidates(row.c[subject_of(record)], row, categorie, row.c.verantwoordelijke_id)
    if (kader := kader_of(record)) is not None:
        b = best.get_final_froms()[0]
        best = best.where(or_(b.c.kader_id.is_(None), b.c.kader_id == row.c[kader]))
    winner = Betrokkenheid.tabel().alias()
    return Door(winner, and_(winner.c.gemeente_id == row.c.gemeente_id, winner.c.id == best.scalar_subquery()))


def related_door(row: FromClause, column: str) -> ColumnElement[UUID | None]:
    """The betrokkenheid that lets the actor see the *other* person of a row at all, or null."""
    other = row.c[column]
    persoon = Record.metadata.tables["persoon"].alias()
    own = select(persoon.c.verantwoordelijke_id).where(persoon.c.gemeente_id == row.c.gemeente_id, persoon.c.id == other)
    best = _candidates(other, row, IDENTITEIT.code, own.correlate(row).scalar_subquery())
    return best.where(N1 <= PLAFOND, ~_capped_below(other, row, N1)).scalar_subquery()


def _candidates(
    persoon: ColumnElement[UUID], row: FromClause, categorie: str | ColumnElement[str], controller: ColumnElement[UUID]
) -> Select[tuple[UUID]]:
    b = Betrokkenheid.tabel().alias()
    return (
        select(b.c.id)
        .where(
            b.c.gemeente_id == row.c.gemeente_id,
            b.c.persoon_id == persoon,
            b.c.verantwoordelijke_id == controller,
            b.c.categorie_code == categorie,
            among(b.c.partij_id, "partijen"),
            or_(b.c.rol.is_(None), among(b.c.rol, "rollen")),
            among(b.c.doel, "doelen"),
            waar_nu(b, _NU),
            or_(b.c.bron.not_in(ALLEEN_LEZEN), and_(~_SCHRIJVEND, among(b.c.partij_id, "zelf"))),
        )
        .order_by(b.c.niveau_tot.desc(), b.c.id)
        .limit(1)  # pragma: no mutate - SQLite takes the first row of more anyway; PostgreSQL refuses more than one
        .correlate(row)
    )


def _afscherming(persoon: ColumnElement[UUID], row: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
    a = Afscherming.tabel().alias()
    for_actor = or_(and_(a.c.partij_id.is_(None), _BUITEN), among(a.c.partij_id, "partijen"))
    return a, and_(a.c.gemeente_id == row.c.gemeente_id, a.c.persoon_id == persoon, for_actor, waar_nu(a, _NU))


def _capped_below(persoon: ColumnElement[UUID], row: FromClause, level: ColumnElement[int] | Niveau) -> ColumnElement[bool]:
    a, applies = _afscherming(persoon, row)
    return exists().where(applies, a.c.niveau_tot < level).correlate(row)


def cap(record: type[PersonRecord], row: FromClause) -> ColumnElement[int | None]:
    """The lowest level that afscherming leaves for this actor, or null."""
    a, applies = _afscherming(row.c[subject_of(record)], row)
    return select(func.min(a.c.niveau_tot)).where(applies).correlate(row).scalar_subquery()


def hidden(record: type[PersonRecord], row: FromClause) -> ColumnElement[bool]:
    """Whether fields marked `afschermbaar` are hidden from this actor."""
    a, applies = _afscherming(row.c[subject_of(record)], row)
    return exists().where(applies, a.c.verbergt).correlate(row)


def shielded(record: type[PersonRecord], row: FromClause) -> ColumnElement[bool]:
    """Whether anything at all of this person is held back from this actor, whatever it is."""
    _, applies = _afscherming(row.c[subject_of(record)], row)
    return exists().where(applies).correlate(row)


def for_own_people(row: FromClause, column: str) -> ColumnElement[bool]:
    """For rows that are given to somebody: outside the municipality only those for the actor, or for the actor's own organisation."""
    a, voor = Record.metadata.tables["aanstelling"].alias(), row.c[column]
    collega = exists().where(a.c.gemeente_id == row.c.gemeente_id, a.c.gebruiker_id == voor, a.c.organisatie_id == _ORGANISATIE)
    return or_(~_BUITEN, among(voor, "partijen"), collega.correlate(row))


def for_oneself(row: FromClause, column: str) -> ColumnElement[bool]:
    """For rows that are of one user alone: a stand-in does not see them either."""
    return row.c[column] == _GEBRUIKER


def for_own_role(row: FromClause, column: str) -> ColumnElement[bool]:
    """For rows that are for one role of a party: outside the municipality only for who holds it now."""
    return or_(~_BUITEN, row.c[column].is_(None), among(row.c[column], "rollen"))


def there(record: type[PersonRecord], row: FromClause, door: Door, *, listed: bool) -> list[ColumnElement[bool]]:
    """Whether a row is there for the actor, behind this door to its category. `listed`: in a list, where nobody with secrecy stands."""
    found = [reaches(record, row, door, row_level(record, row))]
    if record.voor_kolom is not None:
        found.append(for_own_people(row, record.voor_kolom))
    if record.eigen_kolom is not None:
        found.append(for_oneself(row, record.eigen_kolom))
    if record.verloopt_kolom is not None:
        found.append(row.c[record.verloopt_kolom] > _NU)
    if record.rol_kolom is not None:
        found.append(for_own_role(row, record.rol_kolom))
    return [*found, ~hidden(record, row)] if listed or record.rij_afschermbaar else found


def whole_group(record: type[PersonRecord], row: FromClause, column: str, *, listed: bool) -> ColumnElement[bool]:
    """For rows about several residents, one about each: every other row of the same number is there for the actor, too."""
    other = record.tabel().alias()
    door = open_door(record, other, row_category(record, other))
    seen = exists().where(door.join, *there(record, other, door, listed=listed)).correlate(other)
    same = and_(other.c.gemeente_id == row.c.gemeente_id, other.c[column] == row.c[column])
    same &= other.c.id != row.c.id  # pragma: no mutate - the row itself is there: without this that is asked twice
    return ~exists().where(same, ~seen).correlate(row)


def row_level(record: type[PersonRecord], row: FromClause) -> ColumnElement[int]:
    """The level at which the row exists for someone: the record's, or the row's own; for who is named as a reader of it no higher than
    the record says."""
    level = literal(int(record.niveau)) if record.niveau_kolom is None else row.c[record.niveau_kolom]
    if record.lezers_niveau is None:
        return level
    lower = int(record.lezers_niveau)
    higher = level > lower  # pragma: no mutate - one that is as high is lowered to what it is
    return case((and_(higher, _named(row, str(record.groep_kolom))), lower), else_=level)


def _named(row: FromClause, column: str) -> ColumnElement[bool]:
    """Whether this very user (not who stands in) may read the rows of this number."""
    lezer = Record.metadata.tables["notitielezer"].alias()
    mine = and_(lezer.c.gemeente_id == row.c.gemeente_id, lezer.c.groep_id == row.c[column], lezer.c.gebruiker_id == _GEBRUIKER)
    return exists().where(mine, waar_open(lezer, _NU)).correlate(row)


def row_category(record: type[PersonRecord], row: FromClause) -> str | ColumnElement[str]:
    """The category of the row: the record's, or the row's own."""
    return record.categorie.code if record.categorie_kolom is None else row.c[record.categorie_kolom]


def reaches(record: type[PersonRecord], row: FromClause, door: Door, level: ColumnElement[int] | Niveau) -> ColumnElement[bool]:
    """The door's level, under the role's ceiling and every afscherming, is at least `level`."""
    return and_(door.niveau >= level, level <= PLAFOND, ~_capped_below(row.c[subject_of(record)], row, level))


def from_inside(record: type[PersonRecord], row: FromClause) -> ColumnElement[bool]:
    """For lists: start at the actor's own betrokkenheden instead of at all persons. Implied by the door; it only guides the planner."""
    b = Betrokkenheid.tabel().alias()
    # no more than the index that is read here begins with: the door asks for the rest
    mine = select(b.c.persoon_id).where(among(b.c.partij_id, "partijen"), among(b.c.doel, "doelen"))
    if record.categorie_kolom is None:
        mine = mine.where(b.c.categorie_code == record.categorie.code)
    return row.c[subject_of(record)].in_(mine)


def impersonal(record: type[Record], row: FromClause) -> ColumnElement[bool]:
    """The predicate for the kinds of records that are not about a known person."""
    in_gemeente = row.c.gemeente_id == _GEMEENTE
    return and_(in_gemeente, _IMPERSONAL[_kind(record)](row))


def _kind(record: type[Record]) -> type[Record]:
    return next(kind for kind in _IMPERSONAL if issubclass(record, kind))


_IMPERSONAL: Mapping[type[Record], Any] = {
    KaderRecord: lambda row: and_(row.c.verantwoordelijke_id == _ORGANISATIE, among(row.c.partij_id, "partijen")),
    OpenRecord: lambda row: or_(row.c.openbaar, row.c.verantwoordelijke_id == _ORGANISATIE, _ALLE_ORGANISATIES),
    ToezichtRecord: lambda row: true(),
}


def in_gemeente(row: FromClause) -> ColumnElement[bool]:
    """Rows of the actor's own municipality."""
    return row.c.gemeente_id == _GEMEENTE
