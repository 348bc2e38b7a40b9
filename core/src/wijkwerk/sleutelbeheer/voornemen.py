"""What becomes unreadable when the keys of a person or of a dossier are destroyed: looked at first, and again at the moment itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, or_, select

from wijkwerk.access.actor import Actor
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import Sleutelplek
from wijkwerk.dossiers.dossier import Dossier, Dossierlid
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.notities.notitie import Notitie
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord, kader_of, subject_of
from wijkwerk.records.read import Reader
from wijkwerk.records.sealing import sealed_columns
from wijkwerk.rights.opgegaan import blijvers, opgegaan_in
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.storage.columns import among


@dataclass(frozen=True, slots=True)
class Waarvan:
    """Whose keys: of a person, of everybody in a dossier, or of a person in a dossier."""

    persoon: UUID | None
    dossier: UUID | None

    def __post_init__(self) -> None:
        if self.persoon is None and self.dossier is None:
            raise OngeldigeInvoer("Noem een inwoner, een dossier of allebei.", veld="inwoner")


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """A kind of data, and how many rows of it hold something that becomes unreadable."""

    soort: str
    uitleg: str
    aantal: int


@dataclass(frozen=True, slots=True)
class BijAnder:
    """A note that is about somebody else as well, and stays readable there: for a person to decide on (design.md 6)."""

    notitie: UUID
    dossier: UUID


@dataclass(frozen=True, slots=True)
class Voornemen:
    """What becomes unreadable. `bevestiging` stands for exactly this: it is asked back before anything is destroyed."""

    sleutels: tuple[Sleutelplek, ...]
    van: Mapping[UUID, UUID]
    """Of whom the keys of each are now: who was merged into another keeps keys of the own, and is that other."""
    onderdelen: tuple[Onderdeel, ...]
    bij_anderen: tuple[BijAnder, ...]

    @property
    def personen(self) -> tuple[UUID, ...]:
        """The residents of whom something becomes unreadable."""
        return tuple(sorted(set(self.van.values())))

    @property
    def bevestiging(self) -> str:
        aantallen = [(each.soort, each.aantal) for each in self.onderdelen]
        what = [[key.id.hex for key in self.sleutels], aantallen, [each.notitie.hex for each in self.bij_anderen]]
        return sha256(orjson.dumps(what)).hexdigest()[:16]

    def sleutels_van(self, persoon: UUID) -> int:
        """How many keys are of this resident."""
        return sum(self.van[key.persoon_id] == persoon for key in self.sleutels)


def bekijk(reader: Reader, waarvan: Waarvan) -> Voornemen:
    """Look what would become unreadable; nothing changes. Raises GeenRecht and NietGevonden."""
    try:
        found = voornemen(reader.connection, reader.keyring, reader.catalogue, reader.actor, waarvan)
    except NietGevonden:
        for id in (waarvan.persoon, waarvan.dossier):
            if id is not None:
                reader.shown.miss(id)
        raise
    for persoon in found.personen:
        reader.shown.add(persoon, Vernietiging.__name__, (Persoon.categorie.code,), ("aantallen",), ())
    return found


def voornemen(connection: Connection, keyring: Keyring, catalogue: Catalogue, actor: Actor, waarvan: Waarvan) -> Voornemen:
    """What would become unreadable, anywhere in the municipality: who destroys sees no resident. Raises GeenRecht and NietGevonden."""
    if not actor.may(Vernietiging.schrijven.naam):
        raise GeenRecht
    gemeente, dossier = actor.gemeente, waarvan.dossier
    leden = _leden(connection, gemeente, waarvan)
    eigen = None if waarvan.persoon is None else {waarvan.persoon, *opgegaan_in(connection, gemeente, waarvan.persoon)}
    welke: Sequence[UUID | None] = [None] if eigen is None else sorted(eigen)
    sleutels = [key for persoon in welke for key in keyring.live(connection, gemeente, persoon, dossier)]
    van = _van_wie(connection, gemeente, eigen or {*leden, *(key.persoon_id for key in sleutels)})
    records = [record for record in catalogue.records if issubclass(record, PersonRecord) and sealed_columns(record)]
    onderdelen = [each for record in records if (each := _geteld(connection, gemeente, record, eigen, dossier)) is not None]
    bij_anderen = () if eigen is None else tuple(_bij_anderen(connection, gemeente, eigen, dossier))  # all in a note are in its dossier
    return Voornemen(tuple(sleutels), van, tuple(onderdelen), bij_anderen)


def _van_wie(connection: Connection, gemeente: UUID, personen: Collection[UUID]) -> dict[UUID, UUID]:
    blijft = blijvers(connection, gemeente, personen)
    return {persoon: blijft.get(persoon, persoon) for persoon in personen}


def _leden(connection: Connection, gemeente: UUID, waarvan: Waarvan) -> set[UUID]:
    """Whom it is about. Raises NietGevonden for a person or dossier that is not there, for somebody who was never in the dossier, and for
    who is in the file of another since a merge: it is that other who is named then."""
    p, d, lid = Persoon.tabel().c, Dossier.tabel().c, Dossierlid.tabel().c
    if waarvan.dossier is None:
        found = set(connection.execute(select(p.id).where(p.gemeente_id == gemeente, p.id == waarvan.persoon)).scalars())
    else:
        eerste = select(d.persoon_id).where(d.gemeente_id == gemeente, d.id == waarvan.dossier)
        ooit = select(lid.persoon_id).where(lid.gemeente_id == gemeente, lid.dossier_id == waarvan.dossier)
        found = set(connection.execute(eerste.union(ooit)).scalars())
    if not found or waarvan.persoon not in {None, *found}:
        raise NietGevonden
    if waarvan.persoon is not None and blijvers(connection, gemeente, [waarvan.persoon]):
        raise NietGevonden
    return found


def _geteld(
    connection: Connection, gemeente: UUID, record: type[PersonRecord], eigen: Collection[UUID] | None, dossier: UUID | None
) -> Onderdeel | None:
    """How many rows of this kind hold something sealed; None for none."""
    t, kader = record.tabel().c, kader_of(record)
    if dossier is not None and kader is None:
        return None
    filled = or_(*(t[name].is_not(None) for name in sealed_columns(record)))
    counted = select(func.count()).where(t.gemeente_id == gemeente, filled)
    if eigen is not None:
        counted = counted.where(t[subject_of(record)].in_(eigen))
    if dossier is not None:
        counted = counted.where(t[str(kader)] == dossier)
    aantal = connection.execute(counted).scalar_one()
    return Onderdeel(record.__name__, record.uitleg, aantal) if aantal else None


def _bij_anderen(connection: Connection, gemeente: UUID, eigen: Collection[UUID], dossier: UUID | None) -> Iterator[BijAnder]:
    """Rows of the same notes in the files of others, whose keys stay."""
    n = Notitie.tabel().c
    own = select(n.groep_id).where(n.gemeente_id == gemeente, n.persoon_id.in_(eigen))
    if dossier is not None:
        own = own.where(n.dossier_id == dossier)
    groepen: Sequence[Any] = connection.execute(own).scalars().all()
    others = select(n.id, n.dossier_id).where(n.gemeente_id == gemeente, among(n.groep_id, "groepen"), n.persoon_id.not_in(eigen))
    for row in connection.execute(others.order_by(n.id), {"groepen": list(groepen)}):
        yield BijAnder(row.id, row.dossier_id)
