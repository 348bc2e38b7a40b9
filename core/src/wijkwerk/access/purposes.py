"""What data are about (categorie), what they are used for (doel), on what ground (grondslag), and in which activity
(verwerkingsactiviteit; AVG art. 30). Each has a version: a change is a new one, and an old one stays known (`verwerkingen.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Domein(StrEnum):
    """The act a purpose belongs to. Data gathered for one act may not be used for another (AP; domain.md 2.1, 2.5)."""

    WMO = "WMO"
    ZORG = "ZORG"
    PW = "PW"
    JEUGD = "JEUGD"
    VRIJWILLIGER = "VRIJWILLIGER"
    BUURT = "BUURT"
    INZAGE = "INZAGE"
    TOEZICHT = "TOEZICHT"


class Instemming(StrEnum):
    """Whether a ground needs the person's consent, and which legal act that is (domain.md 2.2, 2.3). Most do not.

    HULPVERLENING is consent to youth help (Jeugdwet 7.3.4), not to the processing of data.
    """

    NIET_NODIG = "NIET_NODIG"
    AVG_TOESTEMMING = "AVG_TOESTEMMING"
    UITDRUKKELIJKE_TOESTEMMING = "UITDRUKKELIJKE_TOESTEMMING"
    SCHRIFTELIJK_GEEN_BEZWAAR = "SCHRIFTELIJK_GEEN_BEZWAAR"
    HULPVERLENING = "HULPVERLENING"


@dataclass(frozen=True, slots=True)
class Geldigheid:
    """Which version of something this is, and from and until which day (both included) it holds; without days always."""

    versie: int = 1
    van: date | None = None
    tot: date | None = None


ALTIJD = Geldigheid()


@dataclass(frozen=True, slots=True)
class Categorie:
    """A kind of data, in words a resident understands. `doelen` adds it to purposes declared elsewhere.

    `domein`: the act that it was gathered for; None for what every act needs (a name). It opens for no purpose of another act (domain.md
    2.5), but for those of `met_instemming` (code of a purpose, kind of consent), and there only by a betrokkenheid that names one.
    `bijzonder`: special categories of data (AVG art. 9), which not every ground allows. `vertrouwelijk`: that there is any may not be
    known to the resident from the insight, for the safety of somebody (domain.md 3.6).
    """

    code: str
    uitleg: str
    bijzonder: bool = False
    vertrouwelijk: bool = False
    doelen: tuple[str, ...] = ()
    domein: Domein | None = None
    met_instemming: tuple[tuple[str, Instemming], ...] = ()


@dataclass(frozen=True, slots=True)
class Grondslag:
    """A legal ground (domain.md 2.2). `uitleg`: why this is allowed, for the resident; `artikel6` and `artikel9` of the AVG; `sectorwet`:
    the rule of the act that it is about. `bijzonder`: whether special categories of data may be processed on it.
    """

    code: str
    uitleg: str
    artikel6: str
    sectorwet: str = ""
    artikel9: str = ""
    bijzonder: bool = False
    instemming: Instemming = Instemming.NIET_NODIG
    geldigheid: Geldigheid = ALTIJD

    @property
    def kenmerk(self) -> str:
        """Which version of which ground: what a betrokkenheid rests on."""
        return f"{self.code}/{self.geldigheid.versie}"


@dataclass(frozen=True, slots=True)
class Doel:
    """A purpose with its legal ground and the categories that it opens; `uitleg` is for the resident.

    `koppelbaar`: a partner can be let in for it by a coupling or referral, without taking data from one act to another (domain.md 2.5).
    """

    code: str
    uitleg: str
    domein: Domein
    grondslag: Grondslag
    categorieen: tuple[Categorie, ...]
    koppelbaar: bool = False
    geldigheid: Geldigheid = ALTIJD


@dataclass(frozen=True, slots=True)
class Activiteit:
    """An entry of the register of processing activities: the purposes that may be combined in one request. `uitleg` is for the resident.

    `rollen`: roles declared elsewhere that may work under it. `vertrouwelijk`: what is done under it is not in the resident's insight; to
    have something done in confidence is another activity, not another kind of entry (LDV; domain.md 3.2).
    `dpia`: where the DPIA is (domain.md 4.6); `dpia_nodig`: whether one is needed, None while who answers for it did not say (AVG art. 35).
    Raises ValueError when purposes of two acts are combined (WMO with PW, JEUGD or VRIJWILLIGER never; design.md 5).
    """

    code: str
    uitleg: str
    doelen: tuple[Doel, ...] = ()
    rollen: tuple[str, ...] = ()
    geldigheid: Geldigheid = ALTIJD
    vertrouwelijk: bool = False
    dpia: str = ""
    dpia_nodig: bool | None = None

    def __post_init__(self) -> None:
        if len({doel.domein for doel in self.doelen}) > 1:
            raise ValueError(f"activity {self.code}: purposes of different acts may not be combined in one activity")
