"""First contact: the one service that finds or creates a resident, silently, and links to the team (design.md 1, idea 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import INVOER, Aanmelding
from wijkwerk.aanmeldingen.deuren import begin
from wijkwerk.aanmeldingen.inschrijven import keur_gegevens, schrijf_in
from wijkwerk.belangenconflict import weggehouden
from wijkwerk.betrokkenheden import eigen_team
from wijkwerk.bsnindex import index_van, merk_van, zoek_persoon
from wijkwerk.contactgegevens import keur
from wijkwerk.dubbelen import noteer_vermoedens
from wijkwerk.familie import vergrendel
from wijkwerk.personen import Persoon
from wijkwerk.records.gegevens import alleen, keur_tekst
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
    id: UUID | None = None,
) -> UUID:
    """Register a report about a resident for a team of the actor, and return the resident's id.

    A BSN that is known already finds that resident without saying so, and leaves what is registered as it is; otherwise the resident is
    made from `gegevens` (fields of `personen.INVOER`) and `contactgegevens` (each of `contactgegevens.INVOER`). `melding`: what is said of
    the report itself (fields of `aanmelding.INVOER`). The team is let in for the purpose WMO_ONDERZOEK, within this report. `bron`: who
    the values come from. `id`: the one that the report gets, for who files something in it. Residents in reach who may be the new one
    come on the work list (`dubbelen`). Raises as `eigen_team`, NietGevonden for a reporting resident out of reach, and OngeldigeInvoer
    for what is wrong or missing.
    """
    work.bron, eigen = bron, eigen_team(work, team)
    over = {name: value for name, value in keur_melding(melding or {}).items() if value is not None}
    hints = mogelijke_dubbelen(work.reader, keur_gegevens(work.actor, gegevens), keur(contactgegevens))
    persoon = zoek_of_maak(work, gegevens, contactgegevens)
    if work.find_any(Persoon, id=persoon) is None:
        noteer_vermoedens(work, persoon, [(hint.persoon, hint.reden, hint.score) for hint in hints])
    aanmelding = Aanmelding(
        id=id or nieuw_id(), persoon_id=persoon, team_id=eigen, ontvangen=work.actor.moment, door_id=work.actor.gebruiker, **over
    )  # fmt: skip
    begin(work, aanmelding)
    work.add(aanmelding)
    return persoon


def zoek_of_maak(work: Work, gegevens: Mapping[str, Any], contactgegevens: Sequence[Mapping[str, Any]] = ()) -> UUID:
    """The id of the resident with this BSN, made when not known (`schrijf_in`). Says nobody whether it was known.

    Of whom all is held back from the actor counts as not known: a refusal would tell it. The report gets a file of its own, without the
    BSN, that the next one finds again and that who sees both can merge (docs/decisions/0018).
    """
    bsn = keur_gegevens(work.actor, gegevens).get("bsn")
    keur(contactgegevens)
    found = None if bsn is None else _met_bsn(work, bsn)
    if found is None or not weggehouden(work, found):
        return found or schrijf_in(work, gegevens, contactgegevens)
    merk = merk_van(work, found)
    zonder_bsn = {name: value for name, value in gegevens.items() if name != "bsn"}
    return zoek_persoon(work, merk) or schrijf_in(work, zonder_bsn, contactgegevens, merk=merk)


def keur_melding(melding: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a report (of `aanmelding.INVOER`), checked; None is empty. Raises OngeldigeInvoer."""
    given = alleen(melding, INVOER)
    texts = [name for name in ("aanmelder_naam", "aanmelder_bereikbaar", "vraag") if given.get(name) is not None]
    return given | {name: keur_tekst(given[name], name) for name in texts}


def _met_bsn(work: Work, bsn: Bsn) -> UUID | None:
    """Who has this BSN, asked again when nobody merges that one away any more."""
    index = index_van(work, bsn)
    if (found := zoek_persoon(work, index)) is None:
        return None
    vergrendel(work, [found])
    return zoek_persoon(work, index)
