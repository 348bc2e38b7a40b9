"""Made-up residents in households: always the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from wijkwerk.contactgegevens import Contactsoort
from wijkwerk.demo import namen
from wijkwerk.demo.bsns import bsns
from wijkwerk.huishoudens import Huishoudrol
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.records.types.postcode import Postcode

C, H = Contactsoort, Huishoudrol
NOORD, ZUID = "noord", "zuid"
LEEFTIJDEN = {H.HOOFD: (1940, 1995), H.PARTNER: (1940, 1995), H.KIND: (2009, 2024), H.OUDER: (1934, 1950), H.MEDEBEWONER: (1970, 2003)}
"""Years of birth."""
SAMENSTELLINGEN: tuple[tuple[Huishoudrol, ...], ...] = (
    (H.HOOFD,),
    (H.HOOFD, H.PARTNER),
    (H.HOOFD, H.PARTNER, H.KIND, H.KIND),
    (H.HOOFD, H.KIND),
    (H.HOOFD,),
    (H.HOOFD, H.PARTNER, H.KIND, H.OUDER),
    (H.HOOFD, H.MEDEBEWONER, H.MEDEBEWONER),
    (H.HOOFD, H.PARTNER),
)
"""Kinds of households, in turn. An OUDER is who a mantelzorger in the same house cares for."""
MEELEZERS = 6
"""One resident in so many has an e-mail address that others read too."""
ZONDER_BSN = 9
"""One resident in so many has none."""


@dataclass(frozen=True, slots=True)
class Bewoner:
    """A resident to be registered. `gegevens` are fields of `personen.INVOER`, each of `bereik` those of `contactgegevens.INVOER`."""

    rol: Huishoudrol
    gegevens: dict[str, Any]
    bereik: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Huis:
    """Who live together, in the area of which team (`noord` or `zuid`)."""

    gebied: str
    bewoners: tuple[Bewoner, ...]


def maak_huizen(aantal: int, seed: int) -> list[Huis]:
    """The first so many households of this neighbourhood, the special ones first. `aantal` is at least `len(BIJZONDER)`."""
    kans = Random(seed)  # noqa: S311 - made-up people need no cryptographic chance
    nummers = bsns(kans)
    huizen = [_huis(kans, nummers, at, SAMENSTELLINGEN[at % len(SAMENSTELLINGEN)]) for at in range(aantal)]
    eerste = huizen[0].bewoners[0]
    huizen[0] = replace(huizen[0], bewoners=(replace(eerste, bereik=(*eerste.bereik, TELEFOON)), *huizen[0].bewoners[1:]))
    for huis, afwijking in zip(huizen, BIJZONDER, strict=False):
        huis.bewoners[0].gegevens.update(afwijking)
    return huizen


TELEFOON = {"soort": C.TELEFOON, "waarde": namen.TELEFOON}
"""One resident has it: two with one number are taken for one person."""

BIJZONDER: Sequence[dict[str, Any]] = (
    {"geheim": True},
    {"voornamen": None, "roepnaam": None, "voorvoegsel": None, "geslachtsnaam": "Wolkenwaterval"},
    {"geslachtsnaam": ".", "voorvoegsel": None},
    {"geboortedatum": Datum(1968)},
    {"geboortedatum": Datum(1995, 2)},
    {"geboortedatum": Datum()},
    {"voornamen": "Robin", "roepnaam": "Robin", "geslacht": Geslacht.ONBEKEND},
    {"overlijdensdatum": Datum(2025, 11, 3), "geboortedatum": Datum(1941, 3, 4)},
    {
        "bsn": None,
        "straat": None,
        "huisnummer": None,
        "huisletter": None,
        "huisnummertoevoeging": None,
        "postcode": None,
        "woonplaats": None,
    },
)
"""What real registers hold too: secrecy, no voornamen, incomplete dates, an unknown name, a death, no fixed address (domain.md 1)."""


def _huis(kans: Random, nummers: Iterator[Bsn], at: int, rollen: Sequence[Huishoudrol]) -> Huis:
    gebied = ZUID if at % 3 == 2 else NOORD
    adres = _adres(kans, gebied)
    achternaam = kans.choice(namen.ACHTERNAMEN)
    return Huis(gebied, tuple(Bewoner(rol, _gegevens(kans, nummers, rol, achternaam) | adres, _bereik(kans, rol)) for rol in rollen))


def _adres(kans: Random, gebied: str) -> dict[str, Any]:
    straat = kans.choice(namen.STRATEN_NOORD if gebied == NOORD else namen.STRATEN_ZUID)
    extra = kans.choice(({}, {}, {}, {"huisletter": "B"}, {"huisnummertoevoeging": "2"}))
    postcode = Postcode(f"{'9996' if gebied == NOORD else '9997'}W{'ABC'[len(straat) % 3]}")
    return {"straat": straat, "huisnummer": kans.randint(1, 180), "postcode": postcode, "woonplaats": namen.WOONPLAATS} | extra


def _gegevens(kans: Random, nummers: Iterator[Bsn], rol: Huishoudrol, gezin: tuple[str | None, str]) -> dict[str, Any]:
    geslacht = kans.choice((Geslacht.MAN, Geslacht.VROUW))
    voornamen = kans.choice(namen.VOORNAMEN_MAN if geslacht is Geslacht.MAN else namen.VOORNAMEN_VROUW)
    eigen = gezin if rol in (H.HOOFD, H.KIND) else kans.choice(namen.ACHTERNAMEN)
    nummer = next(nummers)
    return {
        "bsn": None if kans.randrange(ZONDER_BSN) == 0 else nummer,
        "roepnaam": voornamen.split()[0],
        "voornamen": voornamen,
        "voorvoegsel": eigen[0],
        "geslachtsnaam": eigen[1],
        "geslacht": geslacht,
        "geboortedatum": Datum(kans.randint(*LEEFTIJDEN[rol]), kans.randint(1, 12), kans.randint(1, 28)),
        **_partner(kans, rol, gezin),
    }


def _partner(kans: Random, rol: Huishoudrol, gezin: tuple[str | None, str]) -> dict[str, Any]:
    """A partner has the name of the head of the household as the partner's name, and may use it."""
    if rol is not H.PARTNER:
        return {}
    return {"aanduiding_naamgebruik": kans.choice(list(Naamgebruik)), "partner_voorvoegsel": gezin[0], "partner_geslachtsnaam": gezin[1]}


def _bereik(kans: Random, rol: Huishoudrol) -> tuple[dict[str, Any], ...]:
    if rol is H.KIND:
        return ()
    eigen = {"soort": C.EMAIL, "waarde": f"bewoner{kans.randrange(10**9)}@buurt.example", "voorkeur": True}
    if kans.randrange(MEELEZERS) > 0:
        return (eigen,)
    return (eigen, {"soort": C.EMAIL, "waarde": f"thuis{kans.randrange(10**9)}@buurt.example", "veilig_te_gebruiken": False})
