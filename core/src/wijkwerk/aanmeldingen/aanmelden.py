"""First contact: the one service that finds or creates a resident, silently, and links to the team (design.md 1, idea 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import INVOER, Aanmelding
from wijkwerk.aanmeldingen.inschrijven import index_van, keur_gegevens, schrijf_in
from wijkwerk.access.betrokkenheid import Bron, Partijsoort
from wijkwerk.access.levels import N6
from wijkwerk.access.register import WMO_ONDERZOEK
from wijkwerk.betrokkenheden import Partij, eigen_team, open_deur
from wijkwerk.contactgegevens import keur
from wijkwerk.dubbelen import noteer_vermoedens
from wijkwerk.familie import keur_tekst, vergrendel
from wijkwerk.personen import Persoon
from wijkwerk.records.gegevens import alleen
from wijkwerk.records.history import Gegevensbron
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.zoeken.dubbelen import mogelijke_dubbelen


def aanmelden(
    work: Work,
    gegevens: Mapping[str, Any],
    *,
    contactgegevens: Sequence[Mapping[str, Any]] = (),
    melding: Mapping[str, Any] | None = None,
    team: UUID | None = None,
    bron: Gegevensbron = Gegevensbron.PROFESSIONAL,
) -> UUID:
    """Register a report about a resident for a team of the actor, and return the resident's id.

    A BSN that is known already finds that resident without saying so, and leaves what is registered as it is; otherwise the resident is
    made from `gegevens` (fields of `personen.INVOER`) and `contactgegevens` (each of `contactgegevens.INVOER`). `melding`: what is said of
    the report itself (fields of `aanmelding.INVOER`). The team is let in for the purpose WMO_ONDERZOEK, within this report. `bron`: who
    the values come from. Residents in reach who may be the new one come on the work list (`dubbelen`). Raises as `eigen_team`,
    NietGevonden for a reporting resident out of reach, and OngeldigeInvoer for what is wrong or missing.
    """
    work.bron, eigen, over = bron, eigen_team(work, team), _gekeurd(melding or {})
    hints = mogelijke_dubbelen(work.reader, keur_gegevens(work.actor, gegevens), keur(contactgegevens))
    persoon = zoek_of_maak(work, gegevens, contactgegevens)
    if work.find_any(Persoon, id=persoon) is None:
        noteer_vermoedens(work, persoon, [(hint.persoon, hint.reden, hint.score) for hint in hints])
    id = nieuw_id()
    partij = Partij(eigen, Partijsoort.TEAM, N6)
    open_deur(work, [persoon], [partij], doel=WMO_ONDERZOEK.code, bron=Bron.AANMELDING, bron_id=id, kader=id)
    work.add(
        Aanmelding(id=id, persoon_id=persoon, team_id=eigen, ontvangen=work.actor.moment, door_id=work.actor.gebruiker, **over)
    )  # fmt: skip
    return persoon


def zoek_of_maak(work: Work, gegevens: Mapping[str, Any], contactgegevens: Sequence[Mapping[str, Any]] = ()) -> UUID:
    """The id of the resident with this BSN, made when not known (`schrijf_in`). Says nobody whether it was known."""
    bsn = keur_gegevens(work.actor, gegevens).get("bsn")
    keur(contactgegevens)
    found = None if bsn is None else _met_bsn(work, bsn)
    return found or schrijf_in(work, gegevens, contactgegevens)


def _gekeurd(melding: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in alleen(melding, INVOER).items() if value is not None}
    texts = {name: keur_tekst(given[name], name) for name in ("aanmelder_naam", "aanmelder_bereikbaar", "vraag") if name in given}
    return given | texts


def _met_bsn(work: Work, bsn: Bsn) -> UUID | None:
    """Who has this BSN, asked again when nobody merges that one away any more."""
    index = index_van(work, bsn)
    if (found := work.find_any(Persoon, bsn_index=index)) is None:
        return None
    vergrendel(work, [found])
    return work.find_any(Persoon, bsn_index=index)
