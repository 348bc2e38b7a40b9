"""Merging: two files turn out to be of one resident. All in one transaction, with the state before kept (docs/decisions/0009)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from wijkwerk.bsnindex import LEEG, index_van, indexkolommen, zet_bsn_index
from wijkwerk.dubbelen import beslis_samengevoegd, over_beiden
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.personen import Persoon, keur_datums
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.session import Work
from wijkwerk.rights.persoonsgegevens import Stand, samengevoegd
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.rights.toestand import Toestand, stand
from wijkwerk.rights.verplaatsen import SamenvoegenKanNiet, kaders, keur_verschillend, kolommen, noteer, personenrecords, verplaats
from wijkwerk.storage.columns import among, nieuw_id


def voeg_samen(work: Work, blijft: UUID, gaat_op: UUID, versies: tuple[int, int], reden: str, kies: Iterable[str] = ()) -> UUID:
    """Merge `gaat_op` into `blijft`, both within reach of the actor at N4; the id of the merge, to undo it by.

    `versies` are those that the actor read, of both. Of each field the survivor's value stays unless it is empty, or `kies` names it
    (`persoonsgegevens.samengevoegd`). Every row of every plugin that named the other names the survivor after it.
    Raises NietGevonden, GeenRecht, VersieVerouderd, SamenvoegenKanNiet when they are surely two, and OngeldigeInvoer for the rest.
    """
    tekst = _keur_vraag(work, blijft, gaat_op, reden)
    een, ander = _vergrendeld(work, (blijft, gaat_op), versies)
    plan = kolommen(work.catalogue.records)
    _keur_een(een, ander)
    keur_verschillend(work, plan, blijft, gaat_op)
    toestand = _toestand(work, een, ander, kies)
    samenvoeging = work.grant(
        Samenvoeging(
            id=nieuw_id(), persoon_id=blijft, opgegaan_id=gaat_op, reden=tekst, op=work.actor.moment, door_id=work.actor.gebruiker,
            toestand=toestand.tekst(),
        )
    )  # fmt: skip
    _schrijf_personen(work, een, ander, toestand)
    beslis_samengevoegd(work, toestand.vermoedens)
    for kolom in plan:
        noteer(work, kolom, verplaats(work, kolom, gaat_op, blijft, samenvoeging.id), (blijft, gaat_op))
    work.gebeurtenis = Gebeurtenis.SAMENVOEGEN
    return samenvoeging.id


def vergrendel(work: Work, personen: Iterable[UUID]) -> None:
    """Let nobody begin something about these residents until this unit is over.

    A row that somebody is writing about one of them is waited for; one that is begun later finds the resident moved, and is refused by
    the check after each write. On SQLite a unit has the database to itself.
    """
    p = Persoon.tabel()
    locked = select(p.c.id).where(p.c.gemeente_id == work.actor.gemeente, among(p.c.id, "personen")).order_by(p.c.id).with_for_update()
    work.core_connection.execute(locked, {"personen": list(personen)})


def _keur_vraag(work: Work, blijft: UUID, gaat_op: UUID, reden: str) -> str:
    if not work.actor.may(Samenvoeging.schrijven.naam):
        raise GeenRecht
    if blijft == gaat_op:
        raise OngeldigeInvoer("Dit is twee keer dezelfde inwoner. Kies twee inwoners.", veld="gaat_op")
    return keur_tekst(reden, "reden")


def _vergrendeld(work: Work, personen: tuple[UUID, UUID], versies: tuple[int, int]) -> tuple[Persoon, Persoon]:
    """Both residents whole, locked, as the actor read them."""
    _keur_gezien(work, personen, versies)
    vergrendel(work, personen)
    een, ander = (work.get_whole(Persoon, id, versie) for id, versie in zip(personen, versies, strict=True))
    if work.find_any(Samenvoeging, opgegaan_id=ander.id, ongedaan_op=None):
        raise VersieVerouderd
    return een, ander


def _keur_gezien(work: Work, personen: tuple[UUID, UUID], versies: tuple[int, int]) -> None:
    """Both are seen at N4, the level of the birth date, in the version that was read; the survivor first: who was too late hears that."""
    rows = {row.id: row for row in work.reader.by_key(Persoon, ("geboortedatum", "versie"), "id", personen)}
    for id, versie in zip(personen, versies, strict=True):
        if id not in rows or rows[id].beperkt:
            work.reader.shown.miss(id)
            raise NietGevonden
        if rows[id].versie != versie:
            raise VersieVerouderd


def _keur_een(een: Persoon, ander: Persoon) -> None:
    """Raises SamenvoegenKanNiet for what two files of one resident can't have."""
    if een.bsn is not None and ander.bsn is not None:
        raise SamenvoegenKanNiet("Deze inwoners hebben elk een eigen BSN. Het zijn dus twee inwoners. Controleer het BSN.")
    if een.verantwoordelijke_id != ander.verantwoordelijke_id:
        raise SamenvoegenKanNiet("Deze inwoners zijn ingeschreven door twee organisaties. Overleg met de andere organisatie.")


def _toestand(work: Work, een: Persoon, ander: Persoon, kies: Iterable[str]) -> Toestand:
    records = personenrecords(work.catalogue.records)
    blijft, gaat_op = stand(work, een), stand(work, ander)
    gewijzigd = samengevoegd(blijft, gaat_op, kies)
    keur_datums(work, {**blijft, **gewijzigd})
    eigen = kaders(work, records, ander.id) - kaders(work, records, een.id)
    return Toestand(blijft, gaat_op, gewijzigd, frozenset(eigen), over_beiden(work, een.id, ander.id))


def _schrijf_personen(work: Work, een: Persoon, ander: Persoon, toestand: Toestand) -> None:
    """The survivor's new values. The other row keeps what it says, also its own BSN under its own key, but is not found by it."""
    zet_bsn_index(work, ander.id, LEEG)
    zet(een, met_index(work, toestand.gewijzigd))
    work.flush()
    for persoon in (een.id, ander.id):
        work.changed(persoon, Persoon.__name__, Persoon.categorie.code, tuple(sorted(toestand.gewijzigd)))


def zet(persoon: Persoon, values: Stand) -> None:
    """Set these values. Also without any the row gets a new version: who read the resident before must read again."""
    for name, value in values.items():
        setattr(persoon, name, value)
    if not values:
        flag_modified(persoon, "sorteernaam")


def met_index(work: Work, values: Stand) -> Stand:
    """A BSN with what it is found by now."""
    if "bsn" not in values:
        return values
    return {**values, **(LEEG if values["bsn"] is None else indexkolommen(index_van(work, values["bsn"])))}
