"""What professionals and partners do at random with referrals: offered, narrowed, taken back; accepted, declined, finished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from ..access.levels import Niveau
from ..kalender.termijnen import einde_van
from ..klok import dag
from ..partners.besluiten import neem_aan, rond_af, weiger
from ..partners.verwijzen import Aanbod, beperk, trek_in, verwijs
from ..partners.verwijzing import Eindreden, Verwijzing
from .dossiermodel import Verwezen, Wie, Zaak
from .dossierspel import Poging, Spel, nieuwste

Mag = Callable[[Wie, Zaak, Verwezen], bool]


def verwijzen(w: Spel) -> Poging:
    """Mostly by the casusregisseur; sometimes on a consent of this case, that can be somebody else's or end earlier."""
    zaak = w.zaak()
    wie = next((each for each in w.team if each.gebruiker == zaak.regisseur and w.kans.random() < 0.7), w.kies(w.team))
    persoon, tot = w.lid(zaak), dag(w.wijk.klok.nu()) + timedelta(days=w.kans.randrange(30))
    toestemming = w.kies([None, *zaak.toestemmingen])
    van, einde = zaak.toestemmingen[toestemming] if toestemming else (persoon, einde_van(tot))
    mag = zaak.regisseur == wie.gebruiker and not zaak.dicht and persoon in zaak.leden
    mag = mag and van == persoon and einde >= einde_van(tot) and w.wijk.klok.nu() < einde
    wat = _aanbod(w, tot, toestemming)

    def dan(id: UUID) -> None:
        zaak.verwijzingen[id] = Verwezen(persoon, wat.organisatie, einde_van(tot), toestemming=toestemming)

    return Poging(wie, mag, lambda work: verwijs(work, zaak.id, persoon, "Kunt u helpen?", wat), dan)


def _aanbod(w: Spel, tot: date, toestemming: UUID | None) -> Aanbod:
    niveau = Niveau(w.kans.randrange(1, 6))
    if toestemming is None:
        return Aanbod(w.wijk.dock, "WMO_ALG_VOORZIENING", w.kies([(), ("CONTACT",), ("CONTACT", "PLANNING")]), niveau, tot)
    return Aanbod(w.wijk.zorg, "ZORG_UITWISSELING", (), niveau, tot, toestemming=toestemming)


def beperken(w: Spel) -> Poging | None:
    """To N1, who it is alone, until today; of one whose last day is today the model does not know whether that is less."""
    vandaag = dag(w.wijk.klok.nu())

    def werk(work: Any, id: UUID, versie: int) -> UUID:
        return beperk(work, id, versie, {"niveau": 1, "categorieen": [], "tot": vandaag})

    def dan(zaak: Zaak, id: UUID) -> None:
        zaak.verwijzingen[id].einde = einde_van(vandaag)

    return _poging(w, w.team, _regisseur, werk, dan, behalve=einde_van(vandaag))


def terughalen(w: Spel) -> Poging | None:
    return _poging(w, w.team, _regisseur, lambda work, id, versie: trek_in(work, id, versie, Eindreden.ANDERS), _weg)


def verwijzing_aannemen(w: Spel) -> Poging | None:
    return _poging(w, w.partners, _gevraagd, neem_aan, lambda zaak, id: setattr(zaak.verwijzingen[id], "aangenomen", True))


def verwijzing_weigeren(w: Spel) -> Poging | None:
    return _poging(w, w.partners, _gevraagd, lambda work, id, versie: weiger(work, id, versie, "Vol"), _weg)


def verwijzing_afronden(w: Spel) -> Poging | None:
    return _poging(w, w.partners, lambda wie, zaak, v: v.naar == wie.organisatie and v.aangenomen, rond_af, _weg)


def _regisseur(wie: Wie, zaak: Zaak, v: Verwezen) -> bool:
    return wie.rol == "REGISSEUR" and zaak.heeft(wie)


def _gevraagd(wie: Wie, zaak: Zaak, v: Verwezen) -> bool:
    return v.naar == wie.organisatie and not v.aangenomen


def _weg(zaak: Zaak, id: UUID) -> None:
    zaak.verwijzingen.pop(id)


def _poging(
    w: Spel,
    wie: list[Wie],
    mag: Mag,
    service: Callable[..., UUID],
    dan: Callable[[Zaak, UUID], Any],
    *,
    behalve: datetime | None = None,
) -> Poging | None:
    """Something with a referral that nobody ended, mostly by who may; past its last day nobody does anything with it."""
    nu = w.wijk.klok.nu()
    bekend = [
        (iemand, zaak, id, nu < v.einde and mag(iemand, zaak, v))
        for iemand in wie for zaak in w.model.zaken.values() for id, v in zaak.verwijzingen.items() if v.einde != behalve
    ]  # fmt: skip
    goed = [each for each in bekend if each[3]]
    if not bekend:
        return None
    iemand, zaak, id, kan = w.kies(goed if goed and w.kans.random() < 0.6 else bekend)
    return Poging(iemand, kan, lambda work: service(work, id, nieuwste(work, Verwijzing, id)), lambda _: dan(zaak, id))


VERWIJZINGEN = (verwijzen, beperken, terughalen, verwijzing_aannemen, verwijzing_weigeren, verwijzing_afronden)
