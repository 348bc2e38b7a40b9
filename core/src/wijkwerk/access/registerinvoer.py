"""The form of the entries of a register file: which fields there are, and what is wrong with one in words for an operator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wijkwerk.access.purposes import Domein, Instemming

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,59}$")]
Tekst = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Artikel = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Codes = Annotated[tuple[Code, ...], Field(strict=False, max_length=200)]
Wet = Annotated[Domein, Field(strict=False)]
Soort = Annotated[Instemming, Field(strict=False)]


class Ingevuld(BaseModel):
    """What every entry has. A field that is not given is not in the dump; what may be left out is said elsewhere (`NODIG`)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    code: Code
    uitleg: Tekst = ""


class MetVersie(Ingevuld):
    """What has versions."""

    versie: Annotated[int, Field(ge=1, le=9999)] = 1
    van: date | None = None
    tot: date | None = None


class Grondslaginvoer(MetVersie):
    """`[[grondslag]]`."""

    artikel6: Artikel = ""
    artikel9: Artikel = ""
    sectorwet: Artikel = ""
    bijzonder: bool = False
    instemming: Soort = Instemming.NIET_NODIG


class Doelinvoer(MetVersie):
    """`[[doel]]`."""

    domein: Wet | None = None
    grondslag: Code = ""
    categorieen: Codes = ()
    koppelbaar: bool = False


class Activiteitinvoer(MetVersie):
    """`[[activiteit]]`."""

    doelen: Codes = ()
    rollen: Codes = ()
    dpia: Artikel = ""
    dpia_nodig: bool | None = None


class Categorieinvoer(Ingevuld):
    """`[[categorie]]`."""

    bijzonder: bool = False
    domein: Wet | None = None
    doelen: Codes = ()
    met_instemming: dict[Code, Soort] = {}


SOORTEN: Final[Mapping[str, type[Ingevuld]]] = {
    "categorie": Categorieinvoer, "grondslag": Grondslaginvoer, "doel": Doelinvoer, "activiteit": Activiteitinvoer,
}  # fmt: skip

NODIG: Final[Mapping[str, tuple[str, ...]]] = {
    "categorie": ("uitleg", "bijzonder"),
    "grondslag": ("uitleg", "artikel6", "bijzonder", "instemming"),
    "doel": ("uitleg", "domein", "grondslag", "categorieen"),
    "activiteit": ("uitleg", "doelen", "rollen"),
}
"""What an entry with a new code must say."""

_WOORDEN: Final = {
    "missing": "hier mist {veld}.",
    "extra_forbidden": "het veld {veld} kennen we niet. Kies uit: {keuze}.",
    "bool_type": "{veld} is true of false, zonder aanhalingstekens.",
    "int_type": "{veld} is een heel getal, zonder aanhalingstekens.",
    "date_type": "{veld} is een datum zonder aanhalingstekens, zoals 2028-01-01.",
    "string_type": "{veld} is tekst, tussen aanhalingstekens.",
    "tuple_type": "{veld} is een lijst, tussen vierkante haken.",
    "dict_type": "{veld} noemt per doel de instemming, tussen accolades.",
    "enum": "{veld} kan dit niet zijn. Kies uit: {waarden}.",
    "string_pattern_mismatch": "{veld} kan dit niet zijn. Een code is hoofdletters, cijfers en _; in andere tekst staan geen regeleinden.",
}
_ANDERS: Final = "{veld} is te kort, te lang, te klein of te groot."


def in_woorden(error: ValidationError, soort: type[Ingevuld]) -> tuple[str, str]:
    """What is wrong first, for an operator, and with which field."""
    first = error.errors(include_url=False, include_input=False)[0]
    veld = str(first["loc"][0])[:60] if first["loc"] else ""
    waarden = str(first.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    zin = _WOORDEN.get(first["type"], _ANDERS)
    return zin.format(veld=veld, keuze=", ".join(soort.model_fields), waarden=waarden), veld
