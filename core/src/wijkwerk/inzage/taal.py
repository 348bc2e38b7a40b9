"""The log in words that a resident understands: what was done, for what, which kinds of data, why it is allowed (domain.md 3.5).

The words of purposes, categories and grounds are those of the register, in the version that held on the day itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.versies import MetVersie
from wijkwerk.inwoners.inwonertoegang import INWONER, VERTEGENWOORDIGER
from wijkwerk.log.entry import Actie, Gebeurtenis

V = TypeVar("V", bound=MetVersie)

ZELF: Final = "Uzelf"
VERTEGENWOORDIGER_VAN: Final = "Wie u vertegenwoordigt"
ONBEKENDE_ORGANISATIE: Final = "Een organisatie die niet meer bekend is"
ONBEKENDE_FUNCTIE: Final = "functie niet meer bekend"
ONBEKEND_DOEL: Final = "Beheer van gegevens"
SYSTEEM: Final = "het systeem zelf"
NOODPROCEDURE: Final = "noodprocedure"

WAT: Final[Mapping[str, str]] = {
    Gebeurtenis.LEZEN: "Gegevens bekeken",
    Gebeurtenis.ZOEKEN: "Naar u gezocht",
    Gebeurtenis.AANMAKEN: "Gegevens opgeschreven",
    Gebeurtenis.WIJZIGEN: "Gegevens veranderd",
    Gebeurtenis.VERWIJDEREN: "Gegevens verwijderd",
    Gebeurtenis.SAMENVOEGEN: "Dubbele gegevens samengevoegd",
    Gebeurtenis.SPLITSEN: "Samengevoegde gegevens weer uit elkaar gehaald",
    Gebeurtenis.IMPORT: "Gegevens ingelezen uit een bestand",
    Gebeurtenis.EXPORT: "Gegevens in een bestand gezet",
    Gebeurtenis.AFDRUKKEN: "Gegevens afgedrukt",
    Gebeurtenis.VERZENDEN: "Gegevens verstuurd",
    Gebeurtenis.TOESTEMMING_GEGEVEN: "Opgeschreven dat u toestemming gaf",
    Gebeurtenis.TOESTEMMING_GEWEIGERD: "Opgeschreven dat u geen toestemming gaf",
    Gebeurtenis.TOESTEMMING_INGETROKKEN: "Opgeschreven dat u uw toestemming stopte",
    Gebeurtenis.NOODTOEGANG_GEOPEND: f"Een {NOODPROCEDURE} gestart",
    Gebeurtenis.NOODTOEGANG_GESLOTEN: f"Een {NOODPROCEDURE} gestopt",
    Gebeurtenis.NOODTOEGANG_BEOORDEELD: f"Nagekeken of een {NOODPROCEDURE} goed was",
    Gebeurtenis.UITLEG: "Uitgezocht wie uw gegevens kan zien",
    Gebeurtenis.VERNIETIGD: "Gegevens vernietigd",
    Gebeurtenis.TERUGGEZET: "Gegevens teruggezet",
    Gebeurtenis.HERSTEL: "Gegevens hersteld",
    Gebeurtenis.EIGEN_INZAGE: "Opgevraagd wie uw gegevens bekeek",
    Gebeurtenis.ONTMASKERING_GEVRAAGD: "Voor toezicht gevraagd om wie het gaat",
    Gebeurtenis.ONTMASKERING_BESLOTEN: "Voor toezicht beslist of iemand mag weten om wie het gaat",
    Gebeurtenis.ONTMASKERD: "Voor toezicht gezien om wie het gaat",
    Gebeurtenis.LOG_BEKEKEN: "Voor toezicht nagekeken wie uw gegevens bekeek",
}
"""What an entry says in words. What has none of its own is looking or changing."""


class Taal:
    """The words of one installation, and what it keeps from residents for the safety of somebody."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, register = catalogue, catalogue.register
        self._activiteiten = {each.code for each in register.activiteiten}
        self._vertrouwelijk = {each.code for each in register.activiteiten if each.vertrouwelijk}
        self._categorieen = {each.code: each.uitleg for each in register.categorieen if not each.vertrouwelijk}
        self._gronden = {each.kenmerk: each.uitleg for each in register.grondslagen}

    def verbergt(self, activiteit: str | None) -> bool:
        """Whether what is done under this activity is not shown at all. One that nobody declares any more may have been confidential."""
        return activiteit is not None and (activiteit in self._vertrouwelijk or activiteit not in self._activiteiten)

    def toonbaar(self, categorieen: Iterable[str]) -> set[str]:
        """Those of these categories that the resident may know of; one that nobody declares any more is not."""
        return {code for code in categorieen if code in self._categorieen}

    def gegevens(self, categorieen: Iterable[str]) -> tuple[str, ...]:
        """Categories in words."""
        return tuple(sorted(self._categorieen[code] for code in categorieen))

    def wat(self, gebeurtenis: str, actie: str) -> str:
        """What was done."""
        anders = Gebeurtenis.LEZEN if actie == Actie.READ else Gebeurtenis.WIJZIGEN
        return WAT.get(gebeurtenis, WAT[anders])

    def waarvoor(self, activiteit: str | None, op: date) -> str:
        """The activity, in the version of that day."""
        found = self._op(self._catalogue.register.activiteiten, activiteit, op)
        return ONBEKEND_DOEL if found is None else found.uitleg

    def doelen(self, codes: Iterable[str], op: date) -> tuple[str, ...]:
        """The purposes, in the version of that day."""
        found = (self._op(self._catalogue.register.doelen, code, op) for code in codes)
        return tuple(each.uitleg for each in found if each is not None)

    def gronden(self, kenmerken: Iterable[str], doelen: Iterable[str], op: date) -> set[str]:
        """Why it was allowed: the grounds of the doors; of the purposes where no door was needed."""
        found = {self._gronden[kenmerk] for kenmerk in kenmerken if kenmerk in self._gronden}
        if found:
            return found
        return {each.grondslag.uitleg for code in doelen if (each := self._op(self._catalogue.register.doelen, code, op)) is not None}

    def functies(self, rollen: Sequence[str]) -> tuple[str, ...]:
        """Roles in words. What the system does by itself has no names of parts of it."""
        known = self._catalogue.rollen
        return tuple(
            sorted({ONBEKENDE_FUNCTIE if rol not in known else SYSTEEM if known[rol].systeem else known[rol].naam for rol in rollen})
        )

    @staticmethod
    def eigen(rollen: Sequence[str]) -> str | None:
        """Who it was, where that was no employee: the resident, or who represents them."""
        return ZELF if INWONER in rollen else VERTEGENWOORDIGER_VAN if VERTEGENWOORDIGER in rollen else None

    @staticmethod
    def _op(versies: Iterable[V], code: str | None, op: date) -> V | None:
        """The version that had begun by then; the oldest where none had: a register may have been kept since later."""
        own = sorted((each for each in versies if each.code == code), key=lambda each: each.geldigheid.versie)
        begonnen = [each for each in own if each.geldigheid.van is None or each.geldigheid.van <= op]
        return next(iter([*reversed(begonnen), *own]), None)
