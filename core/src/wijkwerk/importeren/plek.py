"""Where imported persons come: in which municipality, under which organisation, at which team."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gemeentekeuze import is_bedoeld, kies_gemeente, organisatie_van
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team


@dataclass(frozen=True, slots=True)
class Plek:
    """`organisatie` is the controller of what is imported: the municipality. Without `team` nobody is let in."""

    gemeente: UUID
    organisatie: UUID
    team: UUID | None


def zoek_plek(connection: Connection, gemeente_tekst: str | None, team_tekst: str | None) -> Plek:
    """The place that a name or id means. Raises OngeldigeInvoer when there is none, or more than one."""
    gemeente_id = kies_gemeente(connection, gemeente_tekst)
    if team_tekst is None:
        return Plek(gemeente_id, _organisatie(connection, gemeente_id), None)
    return _bij_team(connection, gemeente_id, team_tekst)


def _organisatie(connection: Connection, gemeente_id: UUID) -> UUID:
    found = organisatie_van(connection, gemeente_id)
    if found is None:
        raise OngeldigeInvoer("Er moet precies één organisatie van de soort gemeente zijn. Kies anders een team met --team.", veld="team")
    return found


def _bij_team(connection: Connection, gemeente_id: UUID, tekst: str) -> Plek:
    t, o = Team.tabel(), Organisatie.tabel()
    same = (o.c.gemeente_id == t.c.gemeente_id) & (o.c.id == t.c.organisatie_id)
    rijen = connection.execute(
        select(t.c.id, t.c.naam, t.c.organisatie_id, o.c.soort).select_from(t.join(o, same)).where(t.c.gemeente_id == gemeente_id)
    ).all()
    gevonden = [rij for rij in rijen if is_bedoeld(tekst, rij)]
    if not gevonden:
        namen = sorted(rij.naam for rij in rijen if rij.soort == Organisatiesoort.GEMEENTE)
        raise OngeldigeInvoer(f"Dit team is er niet. {_keuze(namen)}", veld="team")
    if len(gevonden) > 1:
        raise OngeldigeInvoer("Er is meer dan één team met deze naam. Geef het nummer van het team.", veld="team")
    if gevonden[0].soort != Organisatiesoort.GEMEENTE:
        raise OngeldigeInvoer("Dit team is niet van de gemeente. Kies een team van de gemeente zelf.", veld="team")
    return Plek(gemeente_id, gevonden[0].organisatie_id, gevonden[0].id)


def _keuze(namen: list[str]) -> str:
    """Which teams there are: their names say nothing about anybody."""
    return f"Kies een van deze teams: {'; '.join(namen)}." if namen else "De gemeente heeft nog geen team. Laat --team weg."
