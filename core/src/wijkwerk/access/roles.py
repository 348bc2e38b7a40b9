"""Roles: what somebody is in an organisation. Whose files that opens is never in a role."""

from __future__ import annotations

from dataclasses import dataclass

from wijkwerk.access.levels import N7, Niveau


@dataclass(frozen=True, slots=True)
class Rol:
    """A role (domain.md 9.6): its activities (codes), its ceiling, and whether it is a municipal one.

    `plafond` caps every level that betrokkenheid gives; roles outside the municipality don't see what secrecy hides (domain.md 1.10).
    `alleen`: who holds it can do nothing else, whatever else they hold (domain.md 9.6, separation of duties).
    `niet_met`: roles that nobody holds beside it.
    `systeem`: for the system itself; no person can be given it.
    `eigen`: for who is a resident or represents one; given by that (`inwoners/`), never by employment.
    """

    code: str
    naam: str
    activiteiten: tuple[str, ...]
    plafond: Niveau = N7
    gemeentelijk: bool = False
    alleen: bool = False
    niet_met: tuple[str, ...] = ()
    systeem: bool = False
    eigen: bool = False
