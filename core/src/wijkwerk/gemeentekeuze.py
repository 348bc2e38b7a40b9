"""Which municipality a command is for, by what somebody typed; and the municipality as an organisation, for which the system acts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.organisaties import Organisatie, Organisatiesoort, gemeente


def kies_gemeente(connection: Connection, tekst: str | None) -> UUID:
    """The one that a name, CBS code or id means; the only one there is without. Raises OngeldigeInvoer for none, or more than one."""
    gevonden = kies_gemeenten(connection, tekst)
    if len(gevonden) > 1:
        raise OngeldigeInvoer("Er is meer dan één gemeente. Zeg met --gemeente welke, met de CBS-code of het nummer.", veld="gemeente")
    return next(iter(gevonden))


def kies_gemeenten(connection: Connection, tekst: str | None) -> dict[UUID, str]:
    """The names of those that are meant, by id, in order of name; all without `tekst`. Raises OngeldigeInvoer when there is none."""
    rijen = connection.execute(select(gemeente.c.id, gemeente.c.naam, gemeente.c.cbs_code).order_by(gemeente.c.naam, gemeente.c.id)).all()
    if not rijen:
        raise OngeldigeInvoer("Er is nog geen gemeente. Maak eerst een gemeente aan.", veld="gemeente")
    gevonden = {rij.id: rij.naam for rij in rijen if tekst is None or is_bedoeld(tekst, rij)}
    if not gevonden:
        raise OngeldigeInvoer("Deze gemeente is er niet. Geef de naam, de CBS-code of het nummer.", veld="gemeente")
    return gevonden


def organisatie_van(connection: Connection, gemeente_id: UUID) -> UUID | None:
    """The municipality itself as an organisation; None when there is none, or more than one."""
    o = Organisatie.tabel()
    found = connection.execute(select(o.c.id).where(o.c.gemeente_id == gemeente_id, o.c.soort == Organisatiesoort.GEMEENTE)).scalars().all()
    return UUID(str(found[0])) if len(found) == 1 else None


def is_bedoeld(tekst: str, rij: Any) -> bool:
    """Whether this text is the id, name or CBS code of a row, whatever its capitals and spaces."""
    namen = [" ".join(str(naam).split()).casefold() for naam in (rij.id, rij.naam, getattr(rij, "cbs_code", None)) if naam is not None]
    return " ".join(tekst.split()).casefold() in namen
