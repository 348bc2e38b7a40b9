"""Names put together from made-up parts, as unevenly spread as real ones: a few that many people have, and a long tail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random

_BEGIN = (
    "Lis", "Water", "Riet", "Plas", "Baars", "Wilg", "Zilver", "Meer", "Biez", "Ørn", "Kacz", "Otter", "Snoek", "Krab", "Dotter", "Kwel",
    "Roer", "Fuut", "Sluis", "Hồn", "Karek", "Maré", "Pijl", "Want", "Eend", "Kluut", "Zwin", "Bever", "Vlier", "Gağ", "Sijs", "Halm",
    "Berk", "Zeg", "Elz", "Grut", "Poel", "Bron", "Dijk", "Kreek",
)  # fmt: skip
_MIDDEN = ("", "e", "er", "el", "en", "ol", "an", "ik", "oe", "ar", "ij", "um")
_EIND = (
    "dodde", "hoen", "gors", "man", "stra", "veld", "schoon", "kolk", "bekk", "sma", "wal", "inga", "kade", "nyi", "sluis", "hout", "berg",
    "ers", "mans", "daal", "rug", "horst", "zand", "oğlu", "ska",
)  # fmt: skip
_ROEP_BEGIN = (
    "An", "Bra", "Chlo", "Da", "És", "Fen", "Gij", "Ham", "Inè", "Jo", "Kü", "Lot", "Mi", "No", "Oli", "Pie", "Qui", "Ru", "Sa", "Ti", "Um",
    "Vik", "Wil", "Xen", "Yu", "Zey",
)  # fmt: skip
_ROEP_EIND = (
    "na", "m", "ë", "wid", "mée", "ne", "s", "za", "nah", "han", "bra", "te", "lan", "ah", "vier", "ter", "rine", "ben", "nae", "jn", "ut",
    "tor", "ma", "ia", "suf", "nep", "ko", "li", "ron", "dar", "mir", "la",
)  # fmt: skip
_VOORVOEGSELS = ("van", "de", "van der", "van den", "ten", "el", "'t", "in het")


@dataclass(frozen=True, slots=True)
class Verdeling:
    """Things to draw from, the first the most often: like the words of a language, the n-th about 1/n as often as the first."""

    keuzes: tuple[str, ...]
    gewichten: tuple[float, ...]

    @classmethod
    def van(cls, delen: Iterable[Iterable[str]], begin: int, seed: int) -> Verdeling:
        """Every combination of the parts, in an order that follows from `seed`; the larger `begin`, the less the first stand out."""
        keuzes = sorted({"".join(gekozen) for gekozen in product(*delen)})
        Random(seed).shuffle(keuzes)
        return cls(tuple(keuzes), tuple(accumulate(1 / (begin + n) for n in range(len(keuzes)))))

    def trek(self, random: Random, aantal: int = 1) -> list[str]:
        """So many, at random."""
        return random.choices(self.keuzes, cum_weights=self.gewichten, k=aantal)


ACHTERNAMEN = Verdeling.van((_BEGIN, _MIDDEN, _EIND), 8, 1)
"""Some 12,000 surnames; one person in sixty has the commonest."""
VOORNAMEN = Verdeling.van((_ROEP_BEGIN, _ROEP_EIND), 12, 2)
"""Some 800 first names."""


def voorvoegsel(achternaam: str) -> str | None:
    """What stands before this surname: always the same, and for three in four nothing."""
    kies = sum(achternaam.encode()) % (4 * len(_VOORVOEGSELS))
    return _VOORVOEGSELS[kies] if kies < len(_VOORVOEGSELS) else None
