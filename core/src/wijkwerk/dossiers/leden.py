"""Whom a case is about: residents who are added, and who leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from wijkwerk.betrokkenheden import sluit_kader
from wijkwerk.dossiers.deuren import stel_bij
from wijkwerk.dossiers.dossier import Dossierlid, Dossierstapsoort, leg_stap_vast
from wijkwerk.dossiers.inhanden import neem_in_handen, nieuwe_versie
from wijkwerk.dossiers.status import keur_niets_wacht
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.meewerken import keur_niet_alleen_aangeboden
from wijkwerk.notities.groep import keur_vertrek
from wijkwerk.partners.einde import eindig_in_kader
from wijkwerk.partners.verwijzing import Eindreden
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work
from wijkwerk.taken.afronden import laat_vervallen

MAX_LEDEN = 20


def voeg_lid_toe(work: Work, dossier: UUID, versie: int, persoon: UUID) -> UUID:
    """Add a resident in reach to a case; the id of the case. Team and casusregisseur are let in, partners of the case are not: they were
    coupled to named residents.

    Raises as `neem_in_handen`, NietGevonden for a resident out of reach, OngeldigeInvoer for who is in it already or one too many.
    """
    bereikbaar(work, [persoon], op_slot=False)
    vast = neem_in_handen(work, dossier, versie, ook=[persoon])
    bereikbaar(work, [persoon])
    if persoon in vast.leden:
        raise OngeldigeInvoer("Deze inwoner hoort al bij dit dossier.", veld="persoon")
    if len(vast.leden) >= MAX_LEDEN:
        raise OngeldigeInvoer(f"Een dossier gaat over hoogstens {MAX_LEDEN} inwoners. Open een ander dossier.", veld="persoon")
    stel_bij(work, replace(vast, leden=(*vast.leden, persoon)))
    work.add(Dossierlid(persoon_id=persoon, dossier_id=dossier, van=work.actor.moment))
    leg_stap_vast(work, vast.dossier, Dossierstapsoort.LID_TOEGEVOEGD, persoon=persoon)
    nieuwe_versie(vast.dossier)
    return dossier


def lid_vertrekt(work: Work, dossier: UUID, versie: int, persoon: UUID, *, notities_uit_beeld: bool = False) -> UUID:
    """A resident is no longer part of a case; the id of the case. What anybody was let in to about this resident within the case ends,
    and the tasks about this resident in it lapse.

    The resident with whom the case began stays: it is their case. `notities_uit_beeld`: notes about this resident and who stays may go
    out of sight with them. Raises as `neem_in_handen`, `keur_niets_wacht` and (unless they may) `keur_vertrek`, NietGevonden for who is
    not in it, OngeldigeInvoer.
    """
    vast = neem_in_handen(work, dossier, versie)
    if persoon not in vast.leden:
        raise NietGevonden
    if persoon == vast.dossier.persoon_id:
        raise OngeldigeInvoer("Met deze inwoner begon het dossier. Sluit het dossier, of open een nieuw dossier.", veld="persoon")
    keur_niets_wacht(work, vast, [persoon])
    blijvers = tuple(lid for lid in vast.leden if lid != persoon)
    if not notities_uit_beeld:
        keur_vertrek(work, dossier, persoon, blijvers)
    for lid in work.reader.by_key(Dossierlid, ("persoon_id", "tot"), "dossier_id", [dossier]):
        if lid.persoon_id == persoon and open_op(lid, work.actor.moment):
            work.get(Dossierlid, lid.id).tot = work.actor.moment
    leg_stap_vast(work, vast.dossier, Dossierstapsoort.LID_VERTROKKEN, persoon=persoon)
    nieuwe_versie(vast.dossier)
    eindig_in_kader(work, dossier, [persoon], Eindreden.UIT_DOSSIER)
    for kader in vast.kaders:
        laat_vervallen(work, kader=kader, persoon=persoon)
        sluit_kader(work, kader, behalve=dossier, personen=[persoon])
    stel_bij(work, replace(vast, leden=blijvers))
    return dossier


def bereikbaar(work: Work, personen: Sequence[UUID], *, op_slot: bool = True) -> None:
    """Raises NietGevonden, and as `keur_niet_alleen_aangeboden`.

    Who is merged away at the same time is waited for: the case would make its own door to that one.
    """
    if op_slot:
        vergrendel(work, personen)
    if len(work.reader.by_key(Persoon, (), "id", personen)) != len(personen):
        raise NietGevonden
    keur_niet_alleen_aangeboden(work, personen)
