"""For how many residents a change of policy matters: counted under the predicate of every list and page, names and all left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.access import scope
from wijkwerk.access.actor import Actor, Functie, Toewijzer
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.policy import Policy
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, Gebruiker, telt
from wijkwerk.klok import dag
from wijkwerk.records.declare import PersonRecord, subject_of
from wijkwerk.records.plan import Shape, plan
from wijkwerk.storage.columns import among
from wijkwerk.uitleggen import actoren
from wijkwerk.verwerkingen import Beleidsversie
from wijkwerk.waarnemingen import afwezigen

Gevolg = tuple[str, str, bool]
"""A role, a kind of record, and whether that role may read it now (or no longer)."""


@dataclass(frozen=True, slots=True)
class Gebruikers:
    """A user with all that decides who the user can be today."""

    id: UUID
    thuis: UUID
    functies: tuple[Functie, ...]


def gevolgen(
    connection: Connection, gemeente: UUID, oud: Toewijzer, nieuw: Policy, moment: datetime, meld: Callable[[int, int], None]
) -> Mapping[Gevolg, int]:
    """How many residents it is about, by role and kind of record; `meld` is told how many users were looked at, of how many.

    A resident counts once for a role, whoever of that role sees them. Users count as they are employed today, each in every activity,
    with those they stand in for.
    """
    anders = Toewijzer(nieuw, oud.catalogue)
    users = list(_gebruikers(connection, gemeente, moment))
    found: dict[Gevolg, set[UUID]] = defaultdict(set)
    for number, user in enumerate(users, start=1):
        weg = afwezigen(connection, gemeente, user.id, dag(moment))
        both = [actoren(t, user.id, gemeente, user.functies, moment, thuis=user.thuis, afwezigen=weg) for t in (oud, anders)]
        for voor, na in zip(*both, strict=True):
            for record in _veranderd(voor, na, oud.catalogue.records):
                for rol in _rollen(oud.policy, nieuw, na, record.lezen.naam):
                    found[rol, record.__name__, na.may(record.lezen.naam)] |= in_bereik(connection, na, record)
        meld(number, len(users))
    return {gevolg: len(personen) for gevolg, personen in sorted(found.items())}


def in_bereik(connection: Connection, actor: Actor, record: type[PersonRecord]) -> frozenset[UUID]:
    """The residents of whom the actor reaches a row of this kind, whatever the actor's rights are."""
    b = Betrokkenheid.tabel()
    mine = select(b.c.persoon_id).where(b.c.gemeente_id == actor.gemeente, among(b.c.partij_id, "partijen")).distinct()
    personen = list(connection.execute(mine, {"partijen": actor.partijen}).scalars())
    rows = plan(Shape(record, (), subject_of(record))).statement.subquery()
    wie = select(rows.c.betrokkene).distinct()
    return frozenset(connection.execute(wie, scope.parameters(actor, schrijvend=False) | {"sleutels": personen}).scalars())


def _veranderd(voor: Actor, na: Actor, records: Collection[Any]) -> list[type[PersonRecord]]:
    """The records about residents that may be read after and not before, or the other way round."""
    return [r for r in records if r.kind == "PersonRecord" and voor.may(r.lezen.naam) != na.may(r.lezen.naam)]


def _rollen(oud: Policy, nieuw: Policy, actor: Actor, recht: str) -> list[str]:
    """The roles of the actor by which it changed."""
    return [rol for rol in actor.rollen if (recht in oud.of([rol], actor.doelen)) != (recht in nieuw.of([rol], actor.doelen))]


def _gebruikers(connection: Connection, gemeente: UUID, moment: datetime) -> Iterator[Gebruikers]:
    g, a = Gebruiker.tabel(), Aanstelling.tabel()
    joined = g.join(a, (a.c.gemeente_id == g.c.gemeente_id) & (a.c.gebruiker_id == g.c.id) & telt(a, dag(moment)))
    found = select(g.c.id, g.c.verantwoordelijke_id, a.c.rol, a.c.organisatie_id, a.c.team_id).select_from(joined)
    users: dict[tuple[UUID, UUID], list[Functie]] = defaultdict(list)
    for row in connection.execute(found.where(g.c.gemeente_id == gemeente)):
        users[row.id, row.verantwoordelijke_id].append(Functie(row.rol, row.organisatie_id, row.team_id))
    for (id, thuis), functies in sorted(users.items()):
        yield Gebruikers(id, thuis, tuple(functies))


def gevolgzin(gevolg: Gevolg, aantal: int) -> str:
    """What it comes to, in Dutch."""
    rol, soort, erbij = gevolg
    inwoners = "1 inwoner" if aantal == 1 else f"{aantal} inwoners"
    return f"{rol} {'krijgt toegang' if erbij else 'verliest toegang'} tot {soort} van {inwoners}."


def eerder_beleid(connection: Connection, kenmerk: str) -> str:
    """The lines of a policy that held before, as a file has them. Raises OngeldigeInvoer when there is none with this mark."""
    b = Beleidsversie.tabel()
    row = connection.execute(select(b.c.regels).where(b.c.kenmerk == kenmerk).limit(1)).first()
    if row is None:
        raise OngeldigeInvoer("Dit beleid is er niet. Geef een bestand, het woord 'standaard', of het kenmerk van een beleid dat gold.")
    return "\n".join(row.regels)
