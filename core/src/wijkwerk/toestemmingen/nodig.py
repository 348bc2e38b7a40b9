"""Whether a consent is needed: only where the ground or the category asks for it. Elsewhere asking would mislead (domain.md 2.1, 2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.purposes import Doel, Instemming
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.records.read import Reader
from wijkwerk.toestemmingen.wie import WieGeeft, wie_geeft

_INFORMEER = "Vertel de inwoner wat er gebeurt; vraag geen toestemming."
_VRAAG = "Vraag toestemming voordat u gegevens deelt."


class ToestemmingNietNodig(OngeldigeInvoer):
    """The ground of this purpose is not consent: asking for it would be misleading (AP; domain.md 2.3). The message gives the ground."""

    code = "TOESTEMMING_NIET_NODIG"


@dataclass(frozen=True, slots=True)
class Nodig:
    """What a purpose needs for some categories. `uitleg` is the ground, in words for the resident, and what to do: ask, or inform."""

    soort: Instemming
    categorieen: tuple[str, ...]
    uitleg: str
    wie: WieGeeft | None = None

    @property
    def nodig(self) -> bool:
        """Whether a consent must be asked."""
        return self.soort is not Instemming.NIET_NODIG


def wat_nodig(reader: Reader, persoon: UUID, doel: str, categorieen: Sequence[str]) -> list[Nodig]:
    """For each kind of consent that this purpose needs for these categories: what, why, and who may give it. None needed is a kind too.

    Raises NietGevonden for a resident absent or out of reach, OngeldigeInvoer for a purpose or category that can't be, GeenRecht.
    """
    declared = reader.catalogue.doel(doel)
    found = []
    for soort, codes in per_soort(reader.catalogue, declared, categorieen).items():
        nodig = soort is not Instemming.NIET_NODIG
        uitleg = f"{declared.grondslag.uitleg} {_VRAAG if nodig else _INFORMEER}"
        found.append(Nodig(soort, codes, uitleg, wie_geeft(reader, soort, persoon) if nodig else None))
        if found[-1].nodig and found[-1].wie is None:
            raise NietGevonden
    return found


def per_soort(catalogue: Catalogue, doel: Doel, categorieen: Sequence[str]) -> Mapping[Instemming, tuple[str, ...]]:
    """These categories, by the kind of consent that the purpose needs for them. Raises OngeldigeInvoer for one that it does not open."""
    found: dict[Instemming, tuple[str, ...]] = {}
    for code in catalogue.opens(doel, categorieen):
        soort = catalogue.instemming(doel, code)
        found[soort] = (*found.get(soort, ()), code)
    return found


def keur_nodig(catalogue: Catalogue, doel: Doel, categorieen: Sequence[str]) -> tuple[Instemming, tuple[str, ...]]:
    """The one kind of consent that is asked for, and for which categories: one purpose and one legal act each (domain.md 2.3).

    Raises ToestemmingNietNodig as soon as one category needs none, and OngeldigeInvoer for two kinds at once.
    """
    found = per_soort(catalogue, doel, categorieen)
    if Instemming.NIET_NODIG in found:
        raise ToestemmingNietNodig(f"{doel.grondslag.uitleg} {_INFORMEER}", veld="doel" if len(found) == 1 else "categorieen")
    if len(found) > 1:
        raise OngeldigeInvoer("Deze gegevens vragen niet allemaal dezelfde toestemming. Vraag elke toestemming apart.", veld="categorieen")
    [(soort, codes)] = found.items()
    return soort, codes
