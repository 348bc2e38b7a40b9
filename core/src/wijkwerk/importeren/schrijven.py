"""The rows of one transaction, written: residents, their contact details and households, who is let in, and what was done with each row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, or_, select

from wijkwerk.aanmeldingen.inschrijven import schrijf_in
from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N6
from wijkwerk.access.register import BETROKKENEN, CONTACT, HUISHOUDEN, IDENTITEIT, VEILIGHEID, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Partij, open_deur
from wijkwerk.bsnindex import bsn_indexer
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.importeren.inschrijving import Inschrijving
from wijkwerk.importeren.plek import Plek
from wijkwerk.importeren.systeem import neem_beurt
from wijkwerk.importeren.verslag import Importregel, Uitkomst, gedaan
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Work
from wijkwerk.storage.base import Database

_OGENBLIK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Gecontroleerd:
    """A row after its check: what it holds, or None when the row was refused. The `repr` shows only the number."""

    nummer: int
    inschrijving: Inschrijving | None = field(repr=False)


def schrijf_regels(
    work: Work, database: Database, plek: Plek, bestand: UUID, regels: Sequence[Gecontroleerd], bron: Gegevensbron
) -> dict[int, Uitkomst]:
    """Write those of these rows that were not done before; what became of each. `bron`: who the values come from.

    All keys are made in one transaction of the keys.
    """
    work.bron = bron
    neem_beurt(work.core_connection, work.actor)
    eerder = gedaan(work.core_connection, plek.gemeente, bestand, [regel.nummer for regel in regels])
    nieuw = [regel for regel in regels if regel.nummer not in eerder]
    with database.keys(work.core_connection):
        uitkomsten = uitkomsten_van(work.core_connection, work.keyring, plek.gemeente, nieuw)
        for regel in nieuw:
            work.add(Importregel(bestand_id=bestand, nummer=regel.nummer, uitkomst=uitkomsten[regel.nummer]))
            if regel.inschrijving is not None and uitkomsten[regel.nummer] is Uitkomst.INGELEZEN:
                _schrijf_in(work, plek, bestand, regel.inschrijving)
        work.flush()
    return eerder | uitkomsten


def uitkomsten_van(connection: Connection, keyring: Keyring, gemeente: UUID, regels: Sequence[Gecontroleerd]) -> dict[int, Uitkomst]:
    """What becomes of each row, by its number. Four statements at most, whatever the number of rows."""
    met_bsn = {
        regel.nummer: regel.inschrijving.persoon["bsn"]
        for regel in regels
        if regel.inschrijving is not None and "bsn" in regel.inschrijving.persoon
    }
    van = bsn_indexer(keyring, connection, gemeente)
    index = {nummer: van(bsn).waarden for nummer, bsn in met_bsn.items()}
    bekend = _bekend(connection, gemeente, {waarde for waarden in index.values() for waarde in waarden})
    return {regel.nummer: _uitkomst(regel, not bekend.isdisjoint(index.get(regel.nummer, ()))) for regel in regels}


def _uitkomst(regel: Gecontroleerd, bekend: bool) -> Uitkomst:
    if regel.inschrijving is None:
        return Uitkomst.GEWEIGERD
    return Uitkomst.BESTAAT_AL if bekend else Uitkomst.INGELEZEN


def _bekend(connection: Connection, gemeente: UUID, index: Collection[bytes]) -> set[bytes]:
    p = Persoon.tabel()
    has_one = or_(p.c.bsn_index.in_(index), p.c.bsn_index_nieuw.in_(index))
    known = select(p.c.bsn_index, p.c.bsn_index_nieuw).where(p.c.gemeente_id == gemeente, has_one)
    return {bytes(found) for row in connection.execute(known) for found in row if found is not None}


def _schrijf_in(work: Work, plek: Plek, bestand: UUID, inschrijving: Inschrijving) -> None:
    persoon = schrijf_in(work, inschrijving.persoon, inschrijving.contactgegevens)
    if inschrijving.huis is not None:
        huishouden = _huishouden_id(work, bestand, inschrijving.huis.sleutel)
        work.add(Huishoudlid(persoon_id=persoon, huishouden_id=huishouden, rol=inschrijving.huis.rol, van=work.actor.vandaag))
    if plek.team is None:
        _open_even(work, bestand, persoon, inschrijving)
    else:
        team = Partij(plek.team, Partijsoort.TEAM, N6)
        open_deur(work, [persoon], [team], doel=WMO_ONDERZOEK.code, bron=Bron.IMPORT, bron_id=bestand, kader=bestand)


def _huishouden_id(work: Work, bestand: UUID, sleutel: str) -> UUID:
    """The same for the same key in the same file, whenever its rows are written; keyed, so that it confirms no guess at the key."""
    return UUID(bytes=work.keyring.pseudonym(work.core_connection, work.actor.gemeente, bestand.bytes + sleutel.encode()))


def _open_even(work: Work, bestand: UUID, persoon: UUID, inschrijving: Inschrijving) -> None:
    """Let the import itself in, for the moment of this transaction only, because the check on every write asks for a door.

    Its actor lives at one moment; the door ends one microsecond later, so no later request passes through it. Only what is
    written stands open: who it is, who is involved, how to reach them, with whom they live, and (for secrecy) what is held back.
    The rows stay, as a record of who wrote.
    """
    zelf = Partij(work.actor.gebruiker, Partijsoort.GEBRUIKER, N6)
    extra = {VEILIGHEID: inschrijving.persoon.get("geheim"), CONTACT: inschrijving.contactgegevens, HUISHOUDEN: inschrijving.huis}
    categorieen = [IDENTITEIT.code, BETROKKENEN.code, *(categorie.code for categorie, written in extra.items() if written)]
    open_deur(
        work, [persoon], [zelf], doel=WMO_ONDERZOEK.code, categorieen=categorieen, bron=Bron.IMPORT, bron_id=bestand, kader=bestand,
        tot=work.actor.moment + _OGENBLIK,
    )  # fmt: skip
