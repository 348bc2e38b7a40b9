"""A CSV file with areas, or with the neighbourhood of each postcode: which of the two, its rows, and all that is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from wijkwerk.errors import DatumOngeldig, OngeldigeInvoer
from wijkwerk.gebieden import CBS_CODE, Gebiedsbron, Gebiedsoort, gebiedscode
from wijkwerk.importeren.bestand import geopend
from wijkwerk.importeren.controle import lezer
from wijkwerk.importeren.csvbestand import WINDOWS, WINDOWS_MELDING, csv_rijen, tekencodering
from wijkwerk.importeren.kolommen import kaal
from wijkwerk.importeren.regel import RegelFout
from wijkwerk.records.checks import short
from wijkwerk.records.types.postcode import Postcode

MEESTE_REGELS: Final = 200_000
"""More than there are postcodes in any municipality."""

MEESTE_FOUTEN: Final = 20
"""So many errors are told; who has more has another file than was meant."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gebiedsregel:
    """A row of a file with areas."""

    nummer: int
    code: str
    naam: str
    soort: Gebiedsoort
    bovenliggend: str | None
    herkomst: Gebiedsbron
    van: date
    tot: date | None


@dataclass(frozen=True, slots=True)
class Postcoderegel:
    """A row of a file with postcodes: `gebied` is the code of a neighbourhood."""

    nummer: int
    postcode: Postcode
    gebied: str


@dataclass(frozen=True, slots=True)
class Gelezen:
    """The rows of a file without errors, of one of the two kinds, and Dutch notices for who runs the import."""

    gebieden: tuple[Gebiedsregel, ...]
    postcodes: tuple[Postcoderegel, ...]
    meldingen: tuple[str, ...]


class Regelfouten(OngeldigeInvoer):
    """Rows that can't be right. The message names the first `MEESTE_FOUTEN` with their line, and never what stands there."""

    def __init__(self, fouten: Sequence[RegelFout]) -> None:
        getoond = [f"Regel {fout.regel}, {fout.veld}: {fout.reden}" for fout in fouten[:MEESTE_FOUTEN]]
        rest = [f"En nog {len(fouten) - MEESTE_FOUTEN} fouten."] if len(fouten) > MEESTE_FOUTEN else []
        super().__init__("\n".join(["Er is niets ingelezen. Verbeter deze regels:", *getoond, *rest]), veld="bestand")
        self.fouten = tuple(fouten)


def lees_bestand(pad: Path) -> Gelezen:
    """The rows of a file; its header says of which kind they are. Raises OngeldigeInvoer, `Regelfouten` among them."""
    with geopend(pad) as bestand:
        codering = tekencodering(bestand)
        rijen = csv_rijen(bestand, codering, _herken)
        kop = _kop(next(rijen, None))
        is_postcodes = "postcode" in kop
        _keur_kop(kop, Postcoderegel if is_postcodes else Gebiedsregel)
        postcodes = tuple(_gelezen(kop, rijen, _postcoderegel)) if is_postcodes else ()
        gebieden = () if is_postcodes else tuple(_gelezen(kop, rijen, _gebiedsregel))
    if not (gebieden or postcodes):
        raise OngeldigeInvoer("Het bestand heeft alleen een kopregel. Kies een bestand met gebieden of postcodes.", veld="bestand")
    return Gelezen(gebieden, postcodes, (WINDOWS_MELDING,) if codering == WINDOWS else ())


_KOLOMMEN: Final = {
    kaal(field.name): field.name for kind in (Gebiedsregel, Postcoderegel) for field in fields(kind) if field.name != "nummer"
}
_MAG_ONTBREKEN: Final = frozenset({"bovenliggend", "herkomst", "tot"})


def _herken(kop: Sequence[str]) -> list[str | None]:
    return [_KOLOMMEN.get(kaal(naam)) for naam in kop]


def _kop(rij: tuple[int, list[str] | str] | None) -> list[str | None]:
    if rij is None:
        raise OngeldigeInvoer("Het bestand is leeg. Kies een bestand met een kopregel.", veld="bestand")
    if isinstance(rij[1], str):
        raise OngeldigeInvoer("De regel met de namen van de kolommen is niet te lezen. Controleer de aanhalingstekens.", veld="bestand")
    return _herken(rij[1])


def _keur_kop(kop: Sequence[str | None], soort: type[Any]) -> None:
    namen = [field.name for field in fields(soort) if field.name != "nummer"]
    if dubbel := [naam for naam, aantal in Counter(filter(None, kop)).items() if aantal > 1]:
        raise OngeldigeInvoer(f"Deze kolommen staan er meer dan één keer: {', '.join(dubbel)}. Laat er één over.", veld="bestand")
    if ontbreekt := [naam for naam in namen if naam not in kop and naam not in _MAG_ONTBREKEN]:
        uitleg = "Zet in de eerste regel code, naam, soort, bovenliggend, herkomst, van en tot, of postcode en gebied."
        raise OngeldigeInvoer(f"Deze kolommen ontbreken: {', '.join(ontbreekt)}. {uitleg}", veld="bestand")


def _gelezen(kop: Sequence[str | None], rijen: Iterable[tuple[int, list[str] | str]], lees: Callable[[_Cellen], T]) -> Iterator[T]:
    fouten: list[RegelFout] = []
    for aantal, (nummer, rij) in enumerate(rijen, 1):
        if aantal > MEESTE_REGELS:
            raise OngeldigeInvoer(
                f"Het bestand heeft meer dan {MEESTE_REGELS} regels. Controleer of dit het goede bestand is.", veld="bestand"
            )
        cellen = _Cellen.van(kop, nummer, rij)
        made = lees(cellen)
        fouten += cellen.fouten
        if not fouten:
            yield made
    if fouten:
        raise Regelfouten(fouten)


@dataclass(slots=True)
class _Cellen:
    """One row while it is read: what is wrong is remembered, and None stands for it."""

    nummer: int
    waarden: Mapping[str, str]
    fouten: list[RegelFout]

    @classmethod
    def van(cls, kop: Sequence[str | None], nummer: int, rij: list[str] | str) -> _Cellen:
        if isinstance(rij, str) or len(rij) != len(kop):
            reden = "Deze regel is niet te lezen. Controleer de scheidingstekens en aanhalingstekens."
            return cls(nummer, {}, [RegelFout(nummer, "regel", reden)])
        return cls(nummer, {naam: cel.strip() for naam, cel in zip(kop, rij, strict=True) if naam}, [])

    def lees(self, naam: str, met: Callable[[str], Any], *, leeg: bool = False) -> Any:
        tekst = self.waarden.get(naam, "")
        if (not tekst and leeg) or not self.waarden:
            return None
        try:
            if not tekst:
                raise OngeldigeInvoer("Vul dit in.")
            return met(tekst)
        except OngeldigeInvoer as fout:
            self.fouten.append(RegelFout(self.nummer, naam, fout.melding))
            return None


def _gebiedsregel(cellen: _Cellen) -> Gebiedsregel:
    code = cellen.lees("code", _code)
    herkomst = cellen.lees("herkomst", lambda tekst: _keuze(Gebiedsbron, tekst), leeg=True)
    return Gebiedsregel(
        nummer=cellen.nummer, code=code, naam=cellen.lees("naam", short),
        soort=cellen.lees("soort", lambda tekst: _keuze(Gebiedsoort, tekst)),
        bovenliggend=cellen.lees("bovenliggend", _code, leeg=True),
        herkomst=herkomst or (Gebiedsbron.CBS if CBS_CODE.fullmatch(code or "") else Gebiedsbron.GEMEENTE),
        van=cellen.lees("van", _dag), tot=cellen.lees("tot", _dag, leeg=True),
    )  # fmt: skip


def _postcoderegel(cellen: _Cellen) -> Postcoderegel:
    return Postcoderegel(cellen.nummer, cellen.lees("postcode", Postcode.lees), cellen.lees("gebied", _code))


def _code(tekst: str) -> str:
    """A code of the CBS in capitals, however it was written."""
    return tekst.upper() if CBS_CODE.fullmatch(tekst.upper()) else gebiedscode(tekst)


def _keuze(soort: Any, tekst: str) -> Any:
    try:
        return soort(tekst.upper())
    except ValueError:
        raise OngeldigeInvoer(f"Schrijf {', '.join(lid.value.lower() for lid in soort)}.") from None


_DATUM: Final = lezer("overlijdensdatum")


def _dag(tekst: str) -> date:
    datum = _DATUM(tekst)
    if not datum.dag:
        raise DatumOngeldig("Geef een hele datum: jjjj-mm-dd of dd-mm-jjjj.")
    return date(datum.jaar, datum.maand, datum.dag)
