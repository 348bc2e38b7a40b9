"""Making and ending betrokkenheid. Only this module writes it; who may make which stands in one table (design.md 1, idea 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, case, or_, select, update

from wijkwerk.access.betrokkenheid import ALLEEN_LEZEN, Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N7, Niveau
from wijkwerk.access.purposes import Categorie, Instemming
from wijkwerk.access.register import BETROKKENEN
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.groepstoegang import BEGELEIDERS
from wijkwerk.noodtoegang.noodtoegang import MAG_OPENEN
from wijkwerk.records.geldigheid import waar_nu, waar_open
from wijkwerk.records.session import Work

WIE_MAAKT_WAT: Mapping[Bron, frozenset[str]] = MappingProxyType(
    {
        Bron.AANMELDING: frozenset({"WIJKTEAM", "REGISSEUR", "SIGNALEN"}),
        Bron.DOSSIER: frozenset({"WIJKTEAM", "REGISSEUR"}),
        Bron.OVERDRACHT: frozenset({"WIJKTEAM", "REGISSEUR"}),
        Bron.KOPPELING: frozenset({"REGISSEUR"}),
        Bron.VERWIJZING: frozenset({"REGISSEUR", "TOEGANG"}),
        Bron.TOESTEMMING: frozenset({"WIJKTEAM", "REGISSEUR", "TOEGANG"}),
        Bron.GROEP: frozenset(BEGELEIDERS),
        Bron.EIGEN: frozenset({"WIJKTEAM", "REGISSEUR", "TOEGANG"}),
        Bron.VERTEGENWOORDIGING: frozenset({"WIJKTEAM", "REGISSEUR", "TOEGANG"}),
        Bron.NOODTOEGANG: frozenset({*MAG_OPENEN, "TOEGANG"}),
        Bron.IMPORT: frozenset({"IMPORT"}),
    }
)
"""Which roles may create which source. What is not here, nobody makes."""

ZONDER_KADER = frozenset({Bron.EIGEN, Bron.VERTEGENWOORDIGING, Bron.NOODTOEGANG})
"""Sources that open all that a controller has of a resident, in whichever case it was written."""


@dataclass(frozen=True, slots=True)
class Partij:
    """Who is let in, and how far."""

    id: UUID
    soort: Partijsoort
    niveau: Niveau


@dataclass(frozen=True, slots=True)
class Deur:
    """One row of betrokkenheid, without what made it: to whom a party is let in, for what, within what, and until when.

    `kader` None: all of this controller; only sources of `ZONDER_KADER` open that. `rol`: for who holds this role in the party alone.
    `toestemming`: the consent that it rests on, where the purpose or the category needs one.
    """

    persoon: UUID
    partij: Partij
    doel: str
    categorie: str
    kader: UUID | None
    verantwoordelijke: UUID
    tot: datetime | None = None
    rol: str | None = None
    toestemming: UUID | None = None


def open_deur(
    work: Work,
    personen: Iterable[UUID],
    partijen: Sequence[Partij],
    *,
    doel: str,
    categorieen: Iterable[str] | None = None,
    bron: Bron,
    bron_id: UUID,
    kader: UUID | None,
    tot: datetime | None = None,
    verantwoordelijken: Sequence[UUID] = (),
) -> None:
    """Let parties in: a row per person, party, category and controller. `categorieen` None means all that the purpose opens.

    Raises GeenRecht when the role may not make this source, and OngeldigeInvoer for a category outside the purpose and for what needs
    consent. How far each party is let in is the caller's rule: a casusregisseur sees more than the team that opens the case.
    """
    declared = work.catalogue.doel(doel)
    mag_maken(work, bron)
    codes = work.catalogue.opens(declared, work.catalogue.matrix[doel] if categorieen is None else categorieen)
    controllers = verantwoordelijken or (work.actor.organisatie,)
    deuren = {
        Deur(persoon, partij, doel, code, kader, controller, tot)
        for persoon, partij, controller, code in product(personen, partijen, controllers, sorted(codes))
    }
    open_deuren(work, bron, bron_id, deuren)


def herzie_deuren(work: Work, bron: Bron, bron_id: UUID, deuren: Collection[Deur]) -> None:
    """Make what this source opens equal to `deuren`: end what is not among them from this moment on, and open what is new.

    Who calls it works `deuren` out of the source alone, so that the table can be rebuilt, and adds what stands behind a new door
    after it. Raises GeenRecht.
    """
    mag_maken(work, bron)
    work.flush()
    staand = staande_deuren(work.core_connection, work.actor.gemeente, bron_id, work.actor.moment)
    _zet_einde(work, [id for deur, ids in staand.items() if deur not in deuren for id in ids], work.actor.moment)
    open_deuren(work, bron, bron_id, set(deuren) - staand.keys())


def open_deuren(work: Work, bron: Bron, bron_id: UUID, deuren: Collection[Deur]) -> None:
    """Open what a new source opens; one that was there before is revised (`herzie_deuren`).

    Raises GeenRecht, and OngeldigeInvoer for what needs a consent and names none, or names one and needs none.
    """
    mag_maken(work, bron)
    if bron not in ZONDER_KADER and any(deur.kader is None for deur in deuren):
        raise ValueError(f"{bron} lets nobody in to all of a controller")
    for deur in sorted(deuren, key=lambda deur: (deur.persoon, deur.categorie, str(deur.kader), str(deur.verantwoordelijke))):
        _keur_instemming(work, deur)
        work.grant(_rij(work, deur, bron, bron_id))


def staande_deuren(connection: Connection, gemeente: UUID, bron_id: UUID, moment: datetime) -> dict[Deur, list[UUID]]:
    """What this source opens at this moment or will, as it stands in the table, with the ids of the rows.

    A merge of two members of one case leaves a door twice: what ends it ends both.
    """
    b = Betrokkenheid.tabel()
    rows = connection.execute(select(b).where(b.c.gemeente_id == gemeente, b.c.bron_id == bron_id, waar_open(b, moment)))
    found: dict[Deur, list[UUID]] = defaultdict(list)
    for row in rows:
        partij = Partij(row.partij_id, row.partijsoort, Niveau(row.niveau_tot))
        deur = Deur(
            row.persoon_id, partij, row.doel, row.categorie_code, row.kader_id, row.verantwoordelijke_id, row.tot, row.rol,
            row.toestemming_id,
        )  # fmt: skip
        found[deur].append(row.id)
    return found


def sluit_kader(work: Work, kader: UUID, *, behalve: UUID, personen: Collection[UUID] | None = None) -> int:
    """End all that partners and others were let in to within this case, but what the source `behalve` opened; how many rows.

    For a case that is closed or a resident who leaves it (`personen`). Raises GeenRecht.
    """
    b = Betrokkenheid.tabel()
    where = [b.c.kader_id == kader, b.c.bron_id != behalve]
    if personen is not None:
        where.append(b.c.persoon_id.in_(personen))
    return _eindig(work, *where)


def sluit_bronnen(work: Work, bronnen: Collection[UUID]) -> int:
    """End all that these sources opened, in one statement; how many rows. Raises GeenRecht."""
    return _eindig(work, Betrokkenheid.tabel().c.bron_id.in_(bronnen)) if bronnen else 0


def eigen_team(work: Work, team: UUID | None = None) -> UUID:
    """The actor's own team: the one that is named, or the only one.

    Raises GeenRecht for who has no team, OngeldigeInvoer when the choice is not clear, NietGevonden for a team of somebody else.
    """
    teams = work.actor.teams
    if not teams:
        raise GeenRecht("U hoort niet bij een team. Vraag functioneel beheer om een aanstelling bij een team.")
    if team is None and len(teams) > 1:
        raise OngeldigeInvoer("U hoort bij meer dan één team. Noem het team waarvoor u dit doet.", veld="team")
    if team is not None and team not in teams:
        raise NietGevonden
    return team or teams[0]


def werkdeuren(work: Work, b: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Which betrokkenheden let the actor work with a resident now: of the doors those that `access.scope` counts for a write."""
    actor = work.actor
    return (
        b.c.gemeente_id == actor.gemeente, b.c.partij_id.in_(actor.partijen), or_(b.c.rol.is_(None), b.c.rol.in_(actor.rollen)),
        b.c.doel.in_(actor.doelen), b.c.bron.not_in(ALLEEN_LEZEN), waar_nu(b, actor.moment),
    )  # fmt: skip


def eigen_kader(work: Work, persoon: UUID, categorie: Categorie) -> UUID | None:
    """The case, report or group in which the actor works with this resident: of the doors to this category the one that counts, as in
    `access.scope` (the highest level, then the oldest); a case comes before the reports that it opens as well. None for a door that is
    bound to nothing. What is written there is still checked. Raises NietGevonden when no door of the actor opens this category.
    """
    work.flush()
    b = Betrokkenheid.tabel()
    found = work.core_connection.execute(
        select(b.c.kader_id)
        .where(
            *werkdeuren(work, b), b.c.persoon_id == persoon, b.c.categorie_code == categorie.code,
            b.c.verantwoordelijke_id == work.actor.organisatie,
        )
        .order_by(b.c.niveau_tot.desc(), case((b.c.kader_id == b.c.bron_id, 0), else_=1), b.c.id)
        .limit(1)
    ).first()  # fmt: skip
    if found is None:
        raise NietGevonden
    kader: UUID | None = found.kader_id
    return kader


def mag_maken(work: Work, bron: Bron) -> None:
    """Raises GeenRecht when no role of the actor may make this source."""
    if not WIE_MAAKT_WAT.get(bron, frozenset()) & set(work.actor.rollen):
        raise GeenRecht


def sluit_deur(work: Work, bron_id: UUID) -> int:
    """End all that this source opened, from this moment on; how many rows. The next request is refused already.

    Raises GeenRecht, and NietGevonden for a source of which the actor sees nothing.
    """
    if not work.actor.may(Betrokkenheid.schrijven.naam):
        raise GeenRecht
    if not work.reader.by_key(Betrokkenheid, (), "bron_id", [bron_id]):
        raise NietGevonden
    return _eindig(work, Betrokkenheid.tabel().c.bron_id == bron_id)


def kort_deuren_in(work: Work, bron: Bron, bron_id: UUID, tot: datetime) -> int:
    """Let all that this source opens end at this moment, which is no later than the one it had; how many rows. Raises GeenRecht."""
    mag_maken(work, bron)
    return _eindig(work, Betrokkenheid.tabel().c.bron_id == bron_id, tot=tot)


def _keur_instemming(work: Work, deur: Deur) -> None:
    """What needs a consent is opened only by a row that names one, and what needs none by no consent (design.md 1, idea 2)."""
    nodig = work.catalogue.instemming(work.catalogue.doel(deur.doel), deur.categorie) is not Instemming.NIET_NODIG
    if nodig != (deur.toestemming is not None):
        raise OngeldigeInvoer("Voor dit doel is toestemming nodig, of juist niet. Leg eerst vast wat hier de grondslag is.", veld="doel")


def _rij(work: Work, deur: Deur, bron: Bron, bron_id: UUID) -> Betrokkenheid:
    return Betrokkenheid(
        persoon_id=deur.persoon, partij_id=deur.partij.id, partijsoort=deur.partij.soort, rol=deur.rol, doel=deur.doel,
        categorie_code=deur.categorie, kader_id=deur.kader, niveau_tot=int(deur.partij.niveau),
        grondslag=work.catalogue.doel(deur.doel).grondslag.kenmerk, toestemming_id=deur.toestemming, bron=bron, bron_id=bron_id,
        van=work.actor.moment, tot=deur.tot, verantwoordelijke_id=deur.verantwoordelijke,
    )  # fmt: skip


def _zet_einde(work: Work, ids: Collection[UUID], tot: datetime) -> None:
    if ids:
        _eindig(work, Betrokkenheid.tabel().c.id.in_(ids), tot=tot)


def _eindig(work: Work, *where: ColumnElement[bool], tot: datetime | None = None) -> int:
    """End the open rows of the municipality that these conditions choose, at this moment or `tot`; how many."""
    if not work.actor.may(Betrokkenheid.schrijven.naam):
        raise GeenRecht
    b = Betrokkenheid.tabel()
    ended = work.core_connection.execute(
        update(b)
        .where(b.c.gemeente_id == work.actor.gemeente, waar_open(b, work.actor.moment), *where)
        .values(tot=tot or work.actor.moment, versie=b.c.versie + 1)
        .returning(b.c.persoon_id)
    ).scalars()
    personen = list(ended)
    for persoon in personen:
        work.changed(persoon, "Betrokkenheid", BETROKKENEN.code, ("tot",))
    return len(personen)


def scherm_af(work: Work, persoon: UUID, soort: Afschermsoort, *, niveau_tot: Niveau = N7, partij: UUID | None = None) -> Afscherming:
    """Hold something of a person back: for one party, or (without one) for everybody outside the municipality (domain.md 1.10)."""
    return work.grant(
        Afscherming(persoon_id=persoon, soort=soort, partij_id=partij, niveau_tot=int(niveau_tot), verbergt=True, van=work.actor.moment)
    )
