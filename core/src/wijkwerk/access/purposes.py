"""What data are about (categorie), what they are used for (doel), and in which activity (verwerkingsactiviteit; AVG art. 30)."""

from __future__ import annotations

from dataclasses import dataclass
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
    """Whether a purpose needs the person's consent (domain.md 2.2). Most do not: a ground is not a consent."""

    NIET_NODIG = "NIET_NODIG"
    UITDRUKKELIJKE_TOESTEMMING = "UITDRUKKELIJKE_TOESTEMMING"
    SCHRIFTELIJK_GEEN_BEZWAAR = "SCHRIFTELIJK_GEEN_BEZWAAR"


@dataclass(frozen=True, slots=True)
class Categorie:
    """A kind of data, in words a resident understands. `doelen` adds it to purposes declared elsewhere."""

    code: str
    uitleg: str
    bijzonder: bool = False
    doelen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doel:
    """A purpose with its legal ground (domain.md 2.2) and the categories that it opens.

    `koppelbaar`: a partner can be let in for it by a coupling, without taking data from one act to another (domain.md 2.5).
    """

    code: str
    uitleg: str
    domein: Domein
    grondslag: str
    categorieen: tuple[Categorie, ...]
    instemming: Instemming = Instemming.NIET_NODIG
    koppelbaar: bool = False


@dataclass(frozen=True, slots=True)
class Activiteit:
    """An entry of the register of processing activities: the purposes that may be combined in one request.

    Raises ValueError when purposes of two acts are combined (WMO with PW, JEUGD or VRIJWILLIGER never; design.md 5).
    """

    code: str
    uitleg: str
    doelen: tuple[Doel, ...] = ()

    def __post_init__(self) -> None:
        if len({doel.domein for doel in self.doelen}) > 1:
            raise ValueError(f"activity {self.code}: purposes of different acts may not be combined in one activity")
