"""What professionals do at random about partners of a case: coupling them, consents, and the end of either."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from ..access.betrokkenheid import Partijsoort
from ..access.levels import N4
from ..betrokkenheden import Partij
from ..klok import AMSTERDAM, dag
from ..partners.koppelen import beeindig, koppel
from ..partners.koppeling import Koppeling
from ..toestemmingen.deuren import Ontvanger
from ..toestemmingen.geven import leg_vast
from ..toestemmingen.intrekken import trek_in
from ..toestemmingen.toestemming import Wijze
from .dossierspel import Poging, Spel, nieuwste


def koppelen(w: Spel) -> Poging:
    wie, zaak = w.kies(w.team), w.zaak()
    persoon = w.lid(zaak)
    mag = wie.rol == "REGISSEUR" and zaak.heeft(wie) and not zaak.dicht and persoon in zaak.leden
    dock = Partij(w.wijk.dock, Partijsoort.ORGANISATIE, N4)
    werk = partial(koppel, dossier=zaak.id, persoon=persoon, partij=dock, doel="WMO_ALG_VOORZIENING", categorieen=["IDENTITEIT"])
    return Poging(wie, mag, werk, lambda id: zaak.partners.update({id: {persoon}}))


def ontkoppelen(w: Spel) -> Poging | None:
    wie, zaak = w.kies(w.team), w.zaak()
    levend = [id for id, wier in zaak.partners.items() if wier]
    if not levend:
        return None
    koppeling = w.kies(levend)
    mag = wie.rol == "REGISSEUR" and zaak.heeft(wie)
    return Poging(
        wie, mag, lambda work: beeindig(work, koppeling, nieuwste(work, Koppeling, koppeling)), lambda _: zaak.partners.pop(koppeling)
    )


def toestemmen(w: Spel) -> Poging:
    wie, zaak, nu = w.kies(w.team), w.zaak(), w.wijk.klok.nu()
    persoon, tot = w.lid(zaak), dag(nu) + timedelta(days=w.kans.randrange(20))
    einde = datetime.combine(tot + timedelta(days=1), time.min, AMSTERDAM)
    given = ([Ontvanger(w.wijk.zorg)], "ZORG_UITWISSELING", ["IDENTITEIT", "CONTACTVERSLAGEN"], Wijze.SCHRIFTELIJK, "v1", tot)
    mag = zaak.heeft(wie) and not zaak.dicht and persoon in zaak.leden

    def dan(id: UUID) -> None:
        zaak.toestemmingen[id] = persoon, einde

    return Poging(wie, mag, lambda work: leg_vast(work, zaak.id, persoon, *given), dan)


def toestemming_weg(w: Spel) -> Poging | None:
    wie, zaak = w.kies(w.team), w.zaak()
    if not zaak.toestemmingen:
        return None
    id = w.kies(list(zaak.toestemmingen))
    return Poging(wie, zaak.heeft(wie), lambda work: trek_in(work, id), lambda _: w.model.trekt_in(zaak, id))
