"""The fields of a resident in a merge: which value the one file has after it, and what undo makes of that.

The survivor's value stays unless it is empty. Fields that mean something together only (an address, a surname with its prefix) go together:
the street of one file with the house letter of the other is nobody's address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wijkwerk.access.register import ADRES
from wijkwerk.bsnindex import LEEG
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.geheimhouding import VLAGGEN
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import DATUM_ONBEKEND
from wijkwerk.records.types.naam import ONBEKENDE_NAAM, Geslacht, Naamgebruik

Stand = Mapping[str, Any]
"""The values of a resident's row by the name of the column, sealed ones opened."""

BSN_VELDEN = ("bsn", *LEEG)
"""The BSN, and what follows from it: a file goes by the BSN, for the key of an index can be another by the time that a merge is undone."""

_SAMEN = (
    ("voorvoegsel", "geslachtsnaam", "sorteernaam"),
    ("aanduiding_naamgebruik", "partner_voorvoegsel", "partner_geslachtsnaam"),
)
_ZEGT_NIETS: Mapping[str, Any] = {
    "geslachtsnaam": ONBEKENDE_NAAM, "geboortedatum": DATUM_ONBEKEND, "geslacht": Geslacht.ONBEKEND,
    "aanduiding_naamgebruik": Naamgebruik.EIGEN, "gebied_gekozen": False,
}  # fmt: skip
"""What counts as empty beside None: that it is unknown, or what stands there when nobody chose."""


def gegevensvelden() -> tuple[str, ...]:
    """What a resident's row says about the resident, the flags included, the BSN not."""
    kinds = ("field", "reference", "sealed")
    return tuple(name for name, veld in Persoon.velden.items() if veld.kind in kinds and name not in ("versie", *BSN_VELDEN))


def groepen() -> tuple[tuple[str, ...], ...]:
    """The fields that are chosen together, those of an address in one; each other field by itself."""
    adres = tuple(name for name in gegevensvelden() if Persoon.velden[name].categorie == ADRES)
    together = (*_SAMEN, adres)
    alone = set(gegevensvelden()) - set(VLAGGEN) - {name for groep in together for name in groep}
    return (*together, *((name,) for name in sorted(alone)))


def samengevoegd(blijft: Stand, gaat_op: Stand, kies: Iterable[str]) -> dict[str, Any]:
    """The values of the survivor that a merge changes. `kies` names fields (of `groepen`) to take from the other.

    Raises OngeldigeInvoer for a field that can't be chosen.
    """
    chosen, known = set(kies), {name for groep in groepen() for name in groep}
    if chosen - known:
        raise OngeldigeInvoer("Een van deze velden kunt u niet kiezen. Kies velden van een inwoner, zoals straat.", veld="kies")
    nieuw: dict[str, Any] = {}
    for groep in groepen():
        if chosen & set(groep) or (_leeg(blijft, groep) and not _leeg(gaat_op, groep)):
            nieuw |= {name: gaat_op[name] for name in groep}
    nieuw |= {vlag: True for vlag in VLAGGEN if gaat_op[vlag]}  # when one of the two files is held back, the one file is
    if blijft["bsn"] is None and gaat_op["bsn"] is not None:
        nieuw["bsn"] = gaat_op["bsn"]
    return {name: value for name, value in nieuw.items() if value != blijft[name]}


def hersteld(nu: Stand, voor: Stand, gewijzigd: Stand) -> dict[str, Any]:
    """The values that undo puts back: of each group that the merge changed and nobody changed since."""
    oud: dict[str, Any] = {}
    for groep in (*groepen(), ("bsn",), *((vlag,) for vlag in VLAGGEN)):
        if any(name in gewijzigd for name in groep) and all(nu[name] == gewijzigd.get(name, voor.get(name)) for name in groep):
            oud |= {name: voor[name] for name in groep if name in gewijzigd}
    return oud


def _leeg(stand: Stand, groep: Iterable[str]) -> bool:
    return all(stand[name] is None or stand[name] == _ZEGT_NIETS.get(name) for name in groep if name != "sorteernaam")
