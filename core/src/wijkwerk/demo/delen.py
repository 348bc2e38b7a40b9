"""What the made-up team shares, and with whom: consents, couplings, a referral, and a resident who looks at the own data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from wijkwerk.access.levels import N1, N2, N4, N6, Niveau
from wijkwerk.demo import teksten
from wijkwerk.demo.instellingen import INWONER
from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import gebruiker_voor, laat_toe
from wijkwerk.partners.verwijzen import Aanbod, verwijs
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.tekst import stel_vast
from wijkwerk.toestemmingen.toestemming import Wijze

TOESTEMMINGEN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("zorg", "ZORG_UITWISSELING", ("IDENTITEIT", "CONTACTVERSLAGEN")),
    ("zorg", "ZORG_UITWISSELING", ("IDENTITEIT", "CONTACT")),
    ("zorg", "ZORG_UITWISSELING", ("IDENTITEIT", "CONTACT", "CONTACTVERSLAGEN")),
    ("welzijn", "PW_DERDEN", ("IDENTITEIT", "CONTACT")),
)
"""To which organisation, for which purpose, which categories: in turn."""
KOPPELINGEN: tuple[tuple[str, Niveau, str, tuple[str, ...]], ...] = (
    ("mantelzorg", N6, "WMO_ALG_VOORZIENING", ("IDENTITEIT", "CONTACT")),
    ("welzijn", N4, "WMO_ALG_VOORZIENING", ("IDENTITEIT", "CONTACT")),
    ("vrijwilligers", N2, "VRIJWILLIGER", ("IDENTITEIT", "CONTACT")),
    ("bewoners", N1, "BUURTGROEP", ("IDENTITEIT",)),
)
"""The same, with the level."""


def stel_teksten_vast(work: Work) -> None:
    """The texts that consent is asked with."""
    for doel, tekst in teksten.TOESTEMMINGSTEKSTEN.items():
        stel_vast(work, doel, teksten.TOESTEMMINGSTEKST, tekst)


def stem_toe(work: Work, dossier: UUID, persoon: UUID, ontvanger: UUID, doel: str, categorieen: Sequence[str]) -> UUID:
    """A consent in writing, of an adult who decides alone, for half a year."""
    tot = work.actor.vandaag + timedelta(days=182)
    return leg_vast(work, dossier, persoon, [Ontvanger(ontvanger)], doel, categorieen, Wijze.SCHRIFTELIJK, teksten.TOESTEMMINGSTEKST, tot)


def verwijs_door(work: Work, dossier: UUID, persoon: UUID, organisatie: UUID) -> UUID:
    """A referral that waits for the partner to decide."""
    tot = work.actor.vandaag + timedelta(days=182)
    return verwijs(work, dossier, persoon, teksten.VERWIJSVRAAG, Aanbod(organisatie, "WMO_ALG_VOORZIENING", ("CONTACT",), N4, tot))


def laat_meekijken(work: Work, persoon: UUID, issuer: str) -> UUID:
    """A resident who looks at the own data with the account `INWONER`."""
    return laat_toe(work, persoon, gebruiker_voor(work, issuer, INWONER), Vaststelling.DIGID)
