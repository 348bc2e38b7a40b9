"""Who may decide for a resident, or ask for something (domain.md 2.7): a table, and a pure rule over facts (read in `beslisfeiten`).

What is not known, or not sure, or hidden from who asks, gives ONBEKEND and what to ask next: never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from uuid import UUID

from wijkwerk.gezag import Gezagsoort
from wijkwerk.records.types.datum import Datum
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid


class Uitkomst(StrEnum):
    """Who decides. BEIDEN: the resident and the representative (`Beslissing.samen` says whether they must agree)."""

    BETROKKENE = "BETROKKENE"
    VERTEGENWOORDIGER = "VERTEGENWOORDIGER"
    BEIDEN = "BEIDEN"
    ONBEKEND = "ONBEKEND"


class Leeftijdsgroep(StrEnum):
    """The columns of the table of domain.md 2.7; adults have a rule of their own."""

    ONDER_12 = "ONDER_12"
    VAN_12_TOT_16 = "VAN_12_TOT_16"
    VAN_16_TOT_18 = "VAN_16_TOT_18"
    VOLWASSEN = "VOLWASSEN"


@dataclass(frozen=True, slots=True)
class Wie:
    """A representative or holder of gezag. Without `persoon` and `naam` it is somebody whom the actor may not see."""

    hoedanigheid: Hoedanigheid
    persoon: UUID | None = None
    naam: str | None = None

    @property
    def zichtbaar(self) -> bool:
        """Whether the actor may know who it is."""
        return self.persoon is not None or self.naam is not None


@dataclass(frozen=True, slots=True)
class Gezagfeit:
    """A gezag that holds on the day."""

    soort: Gezagsoort
    in_onderzoek: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feiten:
    """What is known on the day. `geboren` None: hidden. `zichtbaar`: the actor may see who decides for this resident at all.

    `gezagdragers` are who hold gezag, `anderen` the other representatives. `in_staat` is the newest judgement about this act.
    `geblokkeerd` are parents who are kept from seeing the data, each a resident or a name; None is one whom the actor may not see.
    """

    handeling: Handeling
    datum: date
    geboren: Datum | None
    overleden: Datum | None = None
    zichtbaar: bool = True
    gezag: tuple[Gezagfeit, ...] = ()
    gezagdragers: tuple[Wie, ...] = ()
    anderen: tuple[Wie, ...] = ()
    in_staat: bool | None = None
    geblokkeerd: frozenset[UUID | str | None] = frozenset()


@dataclass(frozen=True, slots=True)
class Beslissing:
    """Who decides. `samen`: whether resident and representative must agree. `beide_ouders`: whether both parents must; None: not known.

    `vertegenwoordigers` are those whom the actor may see, `verborgen` how many others there are.
    `ouder_weggelaten`: a parent is not counted, because of the interest of the child.
    """

    uitkomst: Uitkomst
    uitleg: str
    samen: bool = False
    beide_ouders: bool | None = False
    vertegenwoordigers: tuple[Wie, ...] = ()
    verborgen: int = 0
    ouder_weggelaten: bool = False


@dataclass(frozen=True, slots=True)
class Cel:
    """A cell of the table: who decides without a judgement, when judged able, and when judged unable."""

    zonder: Uitkomst
    in_staat: Uitkomst
    niet_in_staat: Uitkomst


_ZELF, _VERT, _BEIDEN, _VRAAG = Uitkomst.BETROKKENE, Uitkomst.VERTEGENWOORDIGER, Uitkomst.BEIDEN, Uitkomst.ONBEKEND
_ALTIJD_VERT, _ZELF_TENZIJ = Cel(_VERT, _VERT, _VERT), Cel(_ZELF, _ZELF, _VRAAG)
_WETTELIJK = frozenset({Hoedanigheid.CURATOR, Hoedanigheid.MENTOR})
_VANAF_16 = (Leeftijdsgroep.VAN_16_TOT_18, Leeftijdsgroep.VOLWASSEN)

TABEL: Mapping[tuple[Handeling, Leeftijdsgroep], Cel] = MappingProxyType(
    {
        **{(handeling, Leeftijdsgroep.ONDER_12): _ALTIJD_VERT for handeling in Handeling},
        **dict.fromkeys(product(Handeling, _VANAF_16), _ZELF_TENZIJ),
        **{(Handeling.INZAGE, groep): Cel(_ZELF, _ZELF, _VERT) for groep in _VANAF_16},
        (Handeling.HULPVERLENING_JEUGD, Leeftijdsgroep.VAN_12_TOT_16): Cel(_BEIDEN, _BEIDEN, _VRAAG),
        (Handeling.AVG_TOESTEMMING, Leeftijdsgroep.VAN_12_TOT_16): _ALTIJD_VERT,
        (Handeling.WMO_VERSTREKKING, Leeftijdsgroep.VAN_12_TOT_16): Cel(_VRAAG, _ZELF, _VERT),
        (Handeling.INZAGE, Leeftijdsgroep.VAN_12_TOT_16): Cel(_VRAAG, _BEIDEN, _VERT),
        (Handeling.VERNIETIGING, Leeftijdsgroep.VAN_12_TOT_16): Cel(_VRAAG, _ZELF, _VRAAG),
    }
)
"""Domain.md 2.7, cell by cell. What it does not say (such as somebody of 16 who is judged unable, but for INZAGE) is ONBEKEND."""

_BEIDE_OUDERS = MappingProxyType(
    {Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG: True, Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG: False, Gezagsoort.VOOGDIJ: False,
     Gezagsoort.GEZAMENLIJK_GEZAG: None}
)  # fmt: skip
"""The kinds of gezag of which it is clear who decides, and whether both parents must agree. A parent with somebody else: not known."""

_UITLEG = MappingProxyType(
    {_ZELF: "De inwoner beslist zelf.", _VERT: "De wettelijk vertegenwoordiger beslist voor de inwoner."}
)  # fmt: skip
_SAMEN = "De inwoner en de ouders of voogd moeten het eens zijn. Zonder hen kan het alleen om ernstig nadeel te voorkomen, of als de \
inwoner bij de wens blijft. Overleg dat met uw regisseur."
_APART = "De inwoner mag dit zelf vragen, en de vertegenwoordiger ook."
_LEEFTIJD = "De leeftijd is niet zeker genoeg. Vraag de inwoner naar de geboortedatum."
_VERBORGEN = "U mag niet alles zien wat hiervoor nodig is. Vraag het de casusregisseur."
_OVERLEDEN = "De inwoner is op die dag misschien of zeker overleden. Vraag de privacy officer wie dan mag beslissen."
_OORDEEL = "Kan de inwoner deze beslissing zelf overzien? Bespreek het en leg uw oordeel vast."
_REGEL = "Hiervoor is geen regel bekend. Vraag de privacy officer."
_GEZAG = "Het is niet zeker wie het gezag heeft. Vraag het na in het gezagsregister en leg het vast."
_STRIJDIG = "Wat er vastligt over gezag en vertegenwoordiging past niet bij elkaar. Vraag het na en verbeter het."
_MACHTIGING = "Er is een bewindvoerder of gemachtigde. Lees in het bewijs waarvoor, en vraag zo nodig de privacy officer."
_GEEN_VERT = "De inwoner kan dit niet zelf, en er is geen curator of mentor vastgelegd. Vraag wie de inwoner vertegenwoordigt."
_BLOKKADE = "Een ouder mag de gegevens niet inzien, en er is geen andere ouder of voogd bekend. Overleg met uw regisseur."
_BLOKKADE_WIE = "Een ouder van wie alleen de naam bekend is, mag de gegevens niet inzien. Ga na of dat de ouder of voogd is die dit vraagt."


def beslis(feiten: Feiten) -> Beslissing:
    """The rule. When the age is not sure, an outcome is given only if it is the same for every age that can be."""
    if not feiten.zichtbaar or feiten.geboren is None:
        return _onbekend(_VERBORGEN)
    if feiten.overleden is not None and feiten.overleden.eerste() <= feiten.datum:
        return _onbekend(_OVERLEDEN)
    first, *others = [_voor(feiten, groep) for groep in leeftijdsgroepen(feiten.geboren, feiten.datum)]
    return first if all(_kern(other) == _kern(first) for other in others) else _onbekend(_LEEFTIJD)


def leeftijdsgroepen(geboren: Datum, op: date) -> list[Leeftijdsgroep]:
    """The groups that somebody born on this date can be in on a day: more than one when it is not sure."""
    first, second, third = (geboren.minstens(jaren, op) for jaren in (12, 16, 18))
    can_be = (first is not True, first is not False and second is not True, second is not False and third is not True, third is not False)
    return [groep for groep, possible in zip(Leeftijdsgroep, can_be, strict=True) if possible]


def _kern(beslissing: Beslissing) -> tuple[object, ...]:
    return beslissing.uitkomst, beslissing.samen, beslissing.beide_ouders, beslissing.vertegenwoordigers, beslissing.verborgen


def _voor(feiten: Feiten, groep: Leeftijdsgroep) -> Beslissing:
    wettelijk = tuple(wie for wie in feiten.anderen if wie.hoedanigheid in _WETTELIJK)
    if wettelijk and (groep is not Leeftijdsgroep.VOLWASSEN or feiten.in_staat):
        return _onbekend(_STRIJDIG)
    if wettelijk:
        return _met(feiten, _VERT, wettelijk, False)
    if groep in _VANAF_16 and feiten.anderen:
        return _onbekend(_MACHTIGING)
    uitkomst = _in_tabel(feiten, groep)
    if uitkomst is _VRAAG:
        return _onbekend(_OORDEEL if feiten.in_staat is None else _REGEL)
    if uitkomst is _ZELF:
        return Beslissing(_ZELF, _UITLEG[_ZELF])
    return _onbekend(_GEEN_VERT) if groep is Leeftijdsgroep.VOLWASSEN else _met_gezag(feiten, uitkomst)


def _in_tabel(feiten: Feiten, groep: Leeftijdsgroep) -> Uitkomst:
    cel = TABEL[feiten.handeling, groep]
    return {None: cel.zonder, True: cel.in_staat, False: cel.niet_in_staat}[feiten.in_staat]


def _met_gezag(feiten: Feiten, uitkomst: Uitkomst) -> Beslissing:
    """With the holders of gezag, when that is sure; without a parent who may not see the data, when it is about seeing them."""
    soorten = {feit.soort for feit in feiten.gezag}
    if len(soorten) != 1 or any(feit.in_onderzoek for feit in feiten.gezag) or not soorten <= _BEIDE_OUDERS.keys():
        return _onbekend(_GEZAG)
    [soort] = soorten
    if _strijdig(soort, feiten.gezagdragers):
        return _onbekend(_STRIJDIG)
    if feiten.handeling is not Handeling.INZAGE or not feiten.geblokkeerd:
        return _met(feiten, uitkomst, feiten.gezagdragers, _BEIDE_OUDERS[soort])
    return _zonder_geblokkeerd(feiten, uitkomst)


def _zonder_geblokkeerd(feiten: Feiten, uitkomst: Uitkomst) -> Beslissing:
    """The holders of gezag that are left. A name that is nobody's here can be that of any of them; who is hidden, of any who is hidden."""
    namen = {each for each in feiten.geblokkeerd if isinstance(each, str)}
    if namen - {wie.naam for wie in feiten.gezagdragers}:
        return _onbekend(_BLOKKADE_WIE)
    mag = [wie for wie in feiten.gezagdragers if wie.zichtbaar or None not in feiten.geblokkeerd]
    over = [wie for wie in mag if not wie.zichtbaar or (wie.persoon or wie.naam) not in feiten.geblokkeerd]
    if not any(wie.zichtbaar for wie in over):
        return _onbekend(_BLOKKADE)
    return _met(feiten, uitkomst, over, False, weggelaten=True)


def _strijdig(soort: Gezagsoort, dragers: Sequence[Wie]) -> bool:
    """Whether the recorded holders can't all hold this kind of gezag."""
    ouders = sum(1 for wie in dragers if wie.hoedanigheid is Hoedanigheid.OUDER)
    anderen = len(dragers) - ouders
    return {
        Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG: ouders > 2 or anderen > 0,
        Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG: ouders > 1 or anderen > 0,
        Gezagsoort.GEZAMENLIJK_GEZAG: ouders > 1 or anderen > 1,
        Gezagsoort.VOOGDIJ: ouders > 0,
    }[soort]


def _met(feiten: Feiten, uitkomst: Uitkomst, wie: Sequence[Wie], beide: bool | None, *, weggelaten: bool = False) -> Beslissing:
    gezien = tuple(each for each in wie if each.zichtbaar)
    samen = uitkomst is _BEIDEN and feiten.handeling is not Handeling.INZAGE
    delen = [_UITLEG.get(uitkomst) or (_SAMEN if samen else _APART)]
    if beide:
        delen.append("Beide ouders met gezag moeten het eens zijn.")
    if beide is None:
        delen.append("Vraag na of de ouder en de ander het eens moeten zijn.")
    if weggelaten:
        delen.append("Een ouder mag de gegevens niet inzien en telt niet mee.")
    if not wie:
        delen.append("Er is nog niet vastgelegd wie dat is. Vraag het na en leg het vast.")
    return Beslissing(uitkomst, " ".join(delen), samen, beide, gezien, len(wie) - len(gezien), weggelaten)


def _onbekend(uitleg: str) -> Beslissing:
    return Beslissing(_VRAAG, uitleg, beide_ouders=None)
