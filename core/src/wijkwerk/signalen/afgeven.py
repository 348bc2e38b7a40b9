"""A worry that somebody of a partner tells a team of, without seeing or learning whether the resident is known (design.md 1, idea 2).

Who the worry is about is reported to the team by the system itself, in the same transaction (`systeem.vervolg_als`). A partner gives no
BSN, so a resident is always made, and the work of that does not depend on who is known elsewhere; whom the team may know already stands
on its work list of duplicates. The answer is the same for everybody, and the log entry of who asked names no resident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelder, Aanmeldwijze
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.gebruikers import naam_bij, op_zijn_beurt, te_vaak
from wijkwerk.organisaties import Organisatiesoort, lopend_team, lopende_organisatie
from wijkwerk.records.gegevens import alleen
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Change, Work
from wijkwerk.signalen.melden import Wie, leg_vast
from wijkwerk.signalen.signaal import SIGNAAL_AFGEVEN, Melder, Signaal, Signaalmelder
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.systeem import SIGNALEN, vervolg_als
from wijkwerk.taken.voor import Voor

INVOER = (
    "roepnaam", "voornamen", "voorvoegsel", "geslachtsnaam", "geboortedatum", "straat", "huisnummer", "huisletter",
    "huisnummertoevoeging", "postcode", "woonplaats",
)  # fmt: skip
"""By what a partner says whom a worry is about: never a BSN (Wmo 2015 art. 5.2.9; domain.md 1.5)."""

MELDING = ("client_op_de_hoogte", "urgentie")
"""What a partner may say of the report that comes of it."""


class Ontvangst(StrEnum):
    """What is answered. TE_VAAK_AFGEGEVEN: nothing was kept."""

    ONTVANGEN = "ONTVANGEN"
    TE_VAAK_AFGEGEVEN = "TE_VAAK_AFGEGEVEN"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """All that the partner gets to know. `opnieuw`: from when who did this too often may do it again."""

    uitkomst: Ontvangst
    melding: str
    opnieuw: datetime | None = None


_ONTVANGEN = Antwoord(
    Ontvangst.ONTVANGEN,
    "Het team heeft uw signaal ontvangen en kijkt ernaar. U hoort niet wat ermee gebeurt. Is er nu gevaar? Bel dan 112.",
)


def geef_af(
    work: Work,
    team: UUID,
    gegevens: Mapping[str, Any],
    inhoud: str,
    *,
    contactgegevens: Sequence[Mapping[str, Any]] = (),
    melding: Mapping[str, Any] | None = None,
    bereikbaar: str | None = None,
    blijft_onbekend: bool = False,
) -> Antwoord:
    """Tell a team of the municipality of a worry (`inhoud`) about somebody (fields of `INVOER`). Whoever it is, the answer is the same.

    `melding`: fields of `MELDING`. `bereikbaar`: how the team reaches who tells it. Raises GeenRecht, NietGevonden for a team that is
    not there or not of the municipality, and OngeldigeInvoer for what is wrong or missing, alike for known and unknown residents.
    Too often is an answer and no error.
    """
    if not work.actor.may(SIGNAAL_AFGEVEN.naam):
        raise GeenRecht
    organisatie = _gemeente_van(work, team)
    alleen(gegevens, INVOER)
    over = alleen(melding or {}, MELDING) | {"aanmelder": Aanmelder.PARTNER, "wijze": Aanmeldwijze.SIGNAAL}
    op_zijn_beurt(work)
    if (opnieuw := _te_vaak(work)) is not None:
        work.geweigerd = Ontvangst.TE_VAAK_AFGEGEVEN
        vaak = "U gaf vaak een signaal af. Bel het wijkteam, of wacht tot het genoemde moment. Is er nu gevaar? Bel dan 112."
        return Antwoord(Ontvangst.TE_VAAK_AFGEGEVEN, vaak, opnieuw)
    systeem, aanmelding = vervolg_als(work, SIGNALEN, organisatie, team), nieuw_id()
    bron = Gegevensbron.PARTNER
    persoon = aanmelden(systeem, gegevens, contactgegevens=contactgegevens, melding=over, team=team, bron=bron, id=aanmelding)
    leg_vast(systeem, aanmelding, persoon, inhoud, _wie(work, bereikbaar, blijft_onbekend), Voor(team, Partijsoort.TEAM), door=None)
    work.changes.add(Change.NEW)
    return _ONTVANGEN


def _wie(work: Work, bereikbaar: str | None, blijft_onbekend: bool) -> Wie:
    """The actor, by the name that the actor's own organisation uses."""
    actor = work.actor
    naam = naam_bij(work.core_connection, actor.gemeente, actor.gebruiker, actor.organisatie, actor.vandaag)
    return Wie(
        soort=Melder.PARTNER, naam=naam, bereikbaar=bereikbaar, blijft_onbekend=blijft_onbekend, organisatie=actor.organisatie,
        gebruiker=actor.gebruiker,
    )  # fmt: skip


def _gemeente_van(work: Work, team: UUID) -> UUID:
    """The municipality's organisation, whose team it is. Raises NietGevonden."""
    organisatie: UUID = lopend_team(work, team).organisatie_id
    if lopende_organisatie(work, organisatie).soort is not Organisatiesoort.GEMEENTE:
        raise NietGevonden
    return organisatie


def _te_vaak(work: Work) -> datetime | None:
    """From when the actor may tell of a worry again; None for now. Counted are the worries of this user that were kept."""
    s, m, grenzen = Signaal.tabel(), Signaalmelder.tabel(), work.grenzen
    van_signaal = (m.c.signaal_id == s.c.id, m.c.gemeente_id == s.c.gemeente_id)
    return te_vaak(work, m, s.c.ontvangen, *van_signaal, per_uur=grenzen.signaal_per_uur, per_dag=grenzen.signaal_per_dag)
