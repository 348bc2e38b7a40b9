"""Opening a case, and who is let in by it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.aanmeldingen.triage import kreeg_vervolg
from wijkwerk.access.register import WMO_ONDERZOEK
from wijkwerk.betrokkenheden import eigen_team
from wijkwerk.dossiers.deuren import stel_bij
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstapsoort, Dossierstatus, leg_stap_vast
from wijkwerk.dossiers.inhanden import InHanden
from wijkwerk.dossiers.leden import MAX_LEDEN, bereikbaar
from wijkwerk.dossiers.regisseur import keur_regisseur
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.personen import Persoon
from wijkwerk.records.gegevens import tekst_of_niets
from wijkwerk.records.geldigheid import geldig
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id


def open_dossier(
    work: Work,
    personen: Sequence[UUID],
    *,
    vraag: str | None = None,
    regisseur: UUID | None = None,
    team: UUID | None = None,
    aanmeldingen: Sequence[UUID] = (),
    huishouden: UUID | None = None,
) -> UUID:
    """Open a case for a team of the actor, about residents whom the actor may see already; the id of the case.

    With `huishouden` also about its members of today, as far as they are in reach. It is what came of the reports `aanmeldingen`, and
    what was written within those goes along. The team is let in at N6, the casusregisseur at N7, for WMO_ONDERZOEK and within this
    case. Raises as `eigen_team`, `keur_regisseur` and `kreeg_vervolg`, NietGevonden for a resident, report or household out of reach,
    OngeldigeInvoer for no or too many residents, and a question that is no text.
    """
    eigen = eigen_team(work, team)
    leden = list(dict.fromkeys([*personen, *_huisgenoten(work, huishouden)]))
    if not 1 <= len(leden) <= MAX_LEDEN:
        raise OngeldigeInvoer(f"Een dossier gaat over 1 tot {MAX_LEDEN} inwoners.", veld="personen")
    bereikbaar(work, leden)
    meldingen = tuple(dict.fromkeys(aanmeldingen))
    if len(work.reader.by_key(Aanmelding, (), "id", meldingen)) != len(meldingen):
        raise NietGevonden  # asked before the case opens its own door to them
    if regisseur is not None:
        keur_regisseur(work, regisseur, eigen)
    dossier = Dossier(
        id=nieuw_id(), persoon_id=leden[0], team_id=eigen, regisseur_id=regisseur, domein=WMO_ONDERZOEK.domein, huishouden_id=huishouden,
        status=Dossierstatus.OPEN, geopend=work.actor.moment, vraag=tekst_of_niets(vraag, "vraag"),
    )  # fmt: skip
    stel_bij(work, InHanden(dossier, tuple(leden), meldingen))
    work.add(dossier)
    for persoon in leden:
        work.add(Dossierlid(persoon_id=persoon, dossier_id=dossier.id, van=work.actor.moment))
    leg_stap_vast(work, dossier, Dossierstapsoort.GEOPEND)
    for melding in meldingen:
        kreeg_vervolg(work, melding, dossier.id, leden)
    return dossier.id


def _huisgenoten(work: Work, huishouden: UUID | None) -> list[UUID]:
    """The members of a household today whom the actor can reach. Raises NietGevonden when there are none."""
    if huishouden is None:
        return []
    rows = work.reader.by_key(Huishoudlid, ("persoon_id", "van", "tot"), "huishouden_id", [huishouden])
    nu = list(dict.fromkeys(row.persoon_id for row in rows if geldig(row, work.actor.vandaag)))
    in_bereik = {row.id for row in work.reader.by_key(Persoon, (), "id", nu)}
    if not in_bereik:
        raise NietGevonden
    return [persoon for persoon in nu if persoon in in_bereik]
