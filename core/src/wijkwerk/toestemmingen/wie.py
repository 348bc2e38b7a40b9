"""Who gives a consent: worked out from who may decide for the resident (domain.md 2.7). What is not sure is asked, never guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from wijkwerk.access.purposes import Instemming
from wijkwerk.beslisfeiten import feiten
from wijkwerk.beslissen import Beslissing, Feiten, Uitkomst, Wie, beslis
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.records.read import Reader
from wijkwerk.toestemmingen.toestemming import Gever
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Vertegenwoordiging

HANDELINGEN: Mapping[Instemming, tuple[Handeling, ...]] = MappingProxyType(
    {
        Instemming.AVG_TOESTEMMING: (Handeling.AVG_TOESTEMMING,),
        Instemming.UITDRUKKELIJKE_TOESTEMMING: (Handeling.WMO_VERSTREKKING,),
        Instemming.SCHRIFTELIJK_GEEN_BEZWAAR: (Handeling.AVG_TOESTEMMING, Handeling.WMO_VERSTREKKING),
        Instemming.HULPVERLENING: (Handeling.HULPVERLENING_JEUGD,),
    }
)
"""Which decision each kind of consent is. The Participatiewet (art. 65) names no age: there it is sure only where both others agree."""

_MACHTIGING = frozenset({Hoedanigheid.GEMACHTIGDE, Hoedanigheid.BEWINDVOERDER})
_VERSCHIL = "Voor deze toestemming is op deze leeftijd geen regel bekend. Vraag de privacy officer wie mag beslissen."
_VERBORGEN = "Er is een vertegenwoordiger die u niet mag zien. Vraag het de casusregisseur."
_BEIDE = "Beide ouders moeten het eens zijn, maar ze zijn niet allebei vastgelegd. Leg eerst vast wie het gezag hebben."


class WieBeslistOnbekend(OngeldigeInvoer):
    """It is not sure who may give this consent; the message says what to ask."""

    code = "WIE_BESLIST_ONBEKEND"


class GeverMagNiet(OngeldigeInvoer):
    """Somebody gives a consent, or withdraws one, that is not theirs to give; the message says who may, or whom to ask."""

    code = "GEVER_MAG_NIET"


@dataclass(frozen=True, slots=True)
class Gevende:
    """Somebody who gives a consent, and as what. The resident alone has neither `persoon` nor `naam`."""

    hoedanigheid: Gever
    persoon: UUID | None = None
    naam: str | None = None


BETROKKENE = Gevende(Gever.BETROKKENE)


@dataclass(frozen=True, slots=True)
class WieGeeft:
    """Who must give a consent, all of `allen`; without any it is not known, and `uitleg` says what to ask.

    `in_plaats`: who may do so instead of the resident, on what the resident put in writing. `lees_bewijs`: only after a professional
    read what that paper or judgement is about, and wrote it down.
    """

    uitleg: str
    allen: tuple[Gevende, ...] = ()
    in_plaats: tuple[Gevende, ...] = ()
    lees_bewijs: bool = False

    def keur(self, gevers: Collection[Gevende], bewijs: str | None) -> None:
        """Raises WieBeslistOnbekend, GeverMagNiet for anybody else, OngeldigeInvoer when the evidence must be written down."""
        if not self.allen:
            raise WieBeslistOnbekend(self.uitleg)
        if not set(gevers) <= {*self.allen, *self.in_plaats}:
            raise GeverMagNiet(f"Deze persoon kan deze toestemming niet geven. {self.uitleg}", veld="gevers")
        if self.lees_bewijs and not bewijs:
            raise OngeldigeInvoer(f"{self.uitleg} Schrijf bij het bewijs op wat u las.", veld="bewijs")

    def compleet(self, gegeven: Collection[Gevende]) -> bool:
        """Whether everybody who must has given it."""
        vervangen = any(each in gegeven for each in self.in_plaats)
        return bool(self.allen) and all(each in gegeven or (each == BETROKKENE and vervangen) for each in self.allen)


def wie_geeft(reader: Reader, soort: Instemming, persoon: UUID) -> WieGeeft | None:
    """Who gives this kind of consent for a resident today; None for a resident absent or out of reach. Raises GeenRecht."""
    found = [feiten(reader, handeling, persoon, reader.actor.vandaag) for handeling in HANDELINGEN[soort]]
    bekend = [each for each in found if each is not None]
    if len(bekend) != len(found):
        return None
    first, *others = [_wie_geeft(each) for each in bekend]
    return first if all(other == first for other in others) else WieGeeft(_VERSCHIL)


def mag_geven(reader: Reader, soort: Instemming, persoon: UUID, vertegenwoordigingen: Collection[UUID]) -> bool:
    """Whether who represents a resident by one of these is among those who give this kind of consent today. Not known is no.

    An authorised representative is not: a professional reads first what that paper is about. Raises GeenRecht.
    """
    wie = wie_geeft(reader, soort, persoon)
    rijen = reader.by_key(Vertegenwoordiging, ("vertegenwoordiger_id", "naam", "hoedanigheid"), "id", list(vertegenwoordigingen))
    vertegenwoordigers = {_wettelijk(Wie(rij.hoedanigheid, rij.vertegenwoordiger_id, rij.naam)) for rij in rijen}
    return wie is not None and not vertegenwoordigers.isdisjoint(wie.allen)


def _wie_geeft(gevonden: Feiten) -> WieGeeft:
    beslissing = beslis(gevonden)
    if beslissing.uitkomst is not Uitkomst.ONBEKEND:
        return _van(beslissing)
    wettelijk = tuple(wie for wie in gevonden.anderen if wie.hoedanigheid not in _MACHTIGING)
    if beslis(replace(gevonden, anderen=wettelijk)).uitkomst is not Uitkomst.BETROKKENE:
        return WieGeeft(beslissing.uitleg)
    gemachtigden = [wie for wie in gevonden.anderen if wie.hoedanigheid is Hoedanigheid.GEMACHTIGDE and wie.zichtbaar]
    in_plaats = tuple(Gevende(Gever.GEMACHTIGDE, wie.persoon, wie.naam) for wie in gemachtigden)
    return WieGeeft(beslissing.uitleg, (BETROKKENE,), in_plaats, lees_bewijs=True)


def _van(beslissing: Beslissing) -> WieGeeft:
    """Everybody whom the decision names must give it: of two guardians it is not said that one will do."""
    if beslissing.uitkomst is Uitkomst.BETROKKENE:
        return WieGeeft(beslissing.uitleg, (BETROKKENE,))
    if beslissing.verborgen:
        return WieGeeft(_VERBORGEN)
    if beslissing.beide_ouders is None or not beslissing.vertegenwoordigers:
        return WieGeeft(beslissing.uitleg)
    if beslissing.beide_ouders and len(beslissing.vertegenwoordigers) < 2:
        return WieGeeft(_BEIDE)
    zelf = (BETROKKENE,) if beslissing.uitkomst is Uitkomst.BEIDEN else ()
    return WieGeeft(beslissing.uitleg, (*zelf, *map(_wettelijk, beslissing.vertegenwoordigers)))


def _wettelijk(wie: Wie) -> Gevende:
    return Gevende(Gever.WETTELIJK_VERTEGENWOORDIGER, wie.persoon, wie.naam)
