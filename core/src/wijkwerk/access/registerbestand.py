"""Grounds, purposes, categories and activities that an installation adds without code: a TOML file (docs/beheer/register.md).

Whatever is wrong with it refuses to start, with the entry and the line: a typing error must not open or close anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from wijkwerk.access import registerinvoer as invoer
from wijkwerk.access.bestand import lees_bestand
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Geldigheid, Grondslag
from wijkwerk.access.roles import Rol
from wijkwerk.access.versies import Register, V, nieuwste
from wijkwerk.errors import OpstartFout

GROOTST: Final = 1_000_000
_KOP = re.compile(r"\s*\[\[\s*[\"']?(\w+)[\"']?\s*\]\]")
_TOML_REGEL = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Ingang:
    """One entry of the file: what it says, and where that stands. `regels` is empty where the place can't be told."""

    soort: str
    regels: tuple[tuple[int, str], ...]
    inhoud: Mapping[str, Any]

    @property
    def code(self) -> str:
        """Which code it is about."""
        return str(self.inhoud.get("code", "zonder code"))[:60]

    def fout(self, wat: str, veld: str = "") -> OpstartFout:
        """What is wrong with it, for the operator."""
        zoek = re.compile(rf"\s*[\"']?{re.escape(veld)}[\"']?\s*[=.]")
        regel = next((number for number, line in self.regels if veld and zoek.match(line)), self.regels[0][0] if self.regels else None)
        waar = "" if regel is None else f", regel {regel}"
        return OpstartFout(f"Registerbestand{waar}, [[{self.soort}]] {self.code}: {wat}")


def lees(bestand: Path, bekend: Register, rollen: Mapping[str, Rol]) -> Register:
    """What the file adds to what is known already. Raises OpstartFout for a file that can't be read, and for anything wrong in it."""
    return ontleed(_tekst(bestand), bekend, rollen)


def ontleed(tekst: str, bekend: Register, rollen: Mapping[str, Rol]) -> Register:
    """What this text adds. Raises OpstartFout for anything wrong in it."""
    ingangen = _ingangen(tekst)
    categorieen = _categorieen(bekend.categorieen, ingangen["categorie"])
    grondslagen = _versies(bekend.grondslagen, ingangen["grondslag"], Grondslag, _gewoon)
    grond, soort = nieuwste((*bekend.grondslagen, *grondslagen)), {each.code: each for each in (*bekend.categorieen, *categorieen)}
    doelen = _versies(bekend.doelen, ingangen["doel"], Doel, lambda ingang, given: _van_doel(ingang, given, grond, soort))
    waarvoor = nieuwste((*bekend.doelen, *doelen))
    activiteiten = _versies(
        bekend.activiteiten, ingangen["activiteit"], Activiteit, lambda ingang, given: _van_activiteit(ingang, given, waarvoor, rollen)
    )
    _noemt_doelen(ingangen["categorie"], waarvoor)
    return Register(categorieen, grondslagen, doelen, activiteiten)


def _tekst(bestand: Path) -> str:
    if bestand.is_file() and bestand.stat().st_size > GROOTST:
        raise OpstartFout("Het registerbestand is te groot. Er staan alleen grondslagen, doelen, categorieën en activiteiten in.")
    return lees_bestand(bestand, "Het registerbestand")


def _ingangen(tekst: str) -> Mapping[str, Sequence[Ingang]]:
    try:
        gelezen = tomllib.loads(tekst)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _TOML_REGEL.search(str(error))
        waar = f", regel {found[1]}" if found else ""
        raise OpstartFout(f"Registerbestand{waar}: dit is geen geldige TOML. Kijk naar het voorbeeld in docs/beheer/register.md.") from None
    if vreemd := sorted(gelezen.keys() - invoer.SOORTEN.keys()):
        keuze = ", ".join(f"[[{each}]]" for each in invoer.SOORTEN)
        raise OpstartFout(f"Registerbestand: {vreemd[0][:60]!r} kennen we niet. Kies uit {keuze}.")
    return {soort: list(_van_soort(soort, gelezen.get(soort, []), tekst)) for soort in invoer.SOORTEN}


def _van_soort(soort: str, items: Any, tekst: str) -> Iterator[Ingang]:
    """The entries of one kind, their form checked."""
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise OpstartFout(f"Registerbestand: schrijf [[{soort}]] met dubbele haken, en daaronder de velden.")
    blokken = _blokken(soort, tekst)
    plaatsen = blokken if len(blokken) == len(items) else [()] * len(items)
    for regels, inhoud in zip(plaatsen, items, strict=True):
        ruw = Ingang(soort, regels, inhoud)
        try:
            gekeurd = invoer.SOORTEN[soort].model_validate(inhoud)
        except ValidationError as error:
            wat, veld = invoer.in_woorden(error, invoer.SOORTEN[soort])
            raise ruw.fout(wat, veld) from None
        yield replace(ruw, inhoud=gekeurd.model_dump(exclude_unset=True))


def _blokken(soort: str, tekst: str) -> list[tuple[tuple[int, str], ...]]:
    """The lines of each entry of this kind, with their numbers; the first is its heading."""
    found: list[list[tuple[int, str]]] = []
    hoort = False
    for number, line in enumerate(tekst.splitlines(), start=1):
        if (kop := _KOP.match(line)) is not None:
            hoort = kop[1] == soort
            found += [[]] if hoort else []
        if hoort:
            found[-1].append((number, line))
    return [tuple(lines) for lines in found]


def _gewoon(ingang: Ingang, given: dict[str, Any]) -> dict[str, Any]:
    return given


def _versies(
    bekend: Sequence[V], ingangen: Sequence[Ingang], maak: Callable[..., V], vul: Callable[[Ingang, dict[str, Any]], dict[str, Any]]
) -> tuple[V, ...]:
    """New codes, and new versions of known ones: what an entry leaves out stays as it was."""
    found: list[V] = []
    for ingang in sorted(ingangen, key=lambda each: each.inhoud.get("versie", 1)):
        vorige = nieuwste((*bekend, *found)).get(ingang.code)
        given = vul(ingang, {naam: value for naam, value in ingang.inhoud.items() if naam not in ("versie", "van", "tot")})
        given["geldigheid"] = _geldigheid(ingang, None if vorige is None else vorige.geldigheid)
        if vorige is None:
            _volledig(ingang)
        elif getattr(vorige, "domein", None) != given.get("domein", getattr(vorige, "domein", None)):
            raise ingang.fout("een nieuwe versie blijft bij dezelfde wet. Kies een andere code.", "domein")
        try:
            found.append(maak(**given) if vorige is None else replace(vorige, **given))
        except ValueError:
            raise ingang.fout("doelen van verschillende wetten gaan niet samen in één activiteit. Maak er twee.", "doelen") from None
    return tuple(found)


def _geldigheid(ingang: Ingang, vorige: Geldigheid | None) -> Geldigheid:
    versie, van, tot = (ingang.inhoud.get(naam) for naam in ("versie", "van", "tot"))
    if van is not None and tot is not None and tot < van:
        raise ingang.fout("tot ligt voor van. Draai de datums om.", "tot")
    if vorige is not None:
        if versie is None or versie <= vorige.versie:
            raise ingang.fout(f"versie {vorige.versie} is er al. Geef versie {vorige.versie + 1}.", "versie")
        if van is None or van <= (vorige.van or date.min):
            raise ingang.fout("een nieuwe versie begint later dan de vorige. Geef van, zoals 2028-01-01.", "van")
    return Geldigheid(versie or 1, van, tot)


def _volledig(ingang: Ingang) -> None:
    """A new code says everything that decides what it opens: nothing of that is taken for granted."""
    if mist := [naam for naam in invoer.NODIG[ingang.soort] if naam not in ingang.inhoud]:
        raise ingang.fout(f"hier mist {' en '.join(mist)}.")


def _categorieen(bekend: Sequence[Categorie], ingangen: Sequence[Ingang]) -> tuple[Categorie, ...]:
    """New categories, and others in the place of known ones: what an entry leaves out stays as it was."""
    eigen, found = {each.code: each for each in bekend}, dict[str, Categorie]()
    for ingang in ingangen:
        given, vorige = dict(ingang.inhoud), eigen.get(ingang.code)
        if ingang.code in found:
            raise ingang.fout("deze categorie staat er twee keer in. Maak er één van.", "code")
        if "met_instemming" in given:
            given["met_instemming"] = tuple(given["met_instemming"].items())
        if vorige is None:
            _volledig(ingang)
        elif given.get("bijzonder", vorige.bijzonder) < vorige.bijzonder or given.get("domein", vorige.domein) != vorige.domein:
            raise ingang.fout("bijzonder blijft bijzonder, en de wet (domein) kan niet veranderen. Haal dit veld weg.", "bijzonder")
        found[ingang.code] = Categorie(**given) if vorige is None else replace(vorige, **given)
    return tuple(found.values())


def _noemt_doelen(ingangen: Sequence[Ingang], doelen: Mapping[str, Doel]) -> None:
    for ingang in ingangen:
        for veld in ("doelen", "met_instemming"):
            _bekend(ingang, veld, ingang.inhoud.get(veld, ()), doelen)


def _van_doel(
    ingang: Ingang, given: dict[str, Any], grondslagen: Mapping[str, Grondslag], categorieen: Mapping[str, Categorie]
) -> dict[str, Any]:
    if "grondslag" in given:
        _bekend(ingang, "grondslag", [given["grondslag"]], grondslagen)
        given["grondslag"] = grondslagen[given["grondslag"]]
    if "categorieen" in given:
        _bekend(ingang, "categorieen", given["categorieen"], categorieen)
        given["categorieen"] = tuple(categorieen[code] for code in dict.fromkeys(given["categorieen"]))
    return given


def _van_activiteit(ingang: Ingang, given: dict[str, Any], doelen: Mapping[str, Doel], rollen: Mapping[str, Rol]) -> dict[str, Any]:
    if "doelen" in given:
        _bekend(ingang, "doelen", given["doelen"], doelen)
        given["doelen"] = tuple(doelen[code] for code in dict.fromkeys(given["doelen"]))
    mag = {code: rol for code, rol in rollen.items() if not (rol.systeem or rol.eigen or rol.alleen)}
    _bekend(ingang, "rollen", given.get("rollen", ()), mag)
    return given


def _bekend(ingang: Ingang, veld: str, codes: Sequence[str], bekend: Mapping[str, object]) -> None:
    if onbekend := [code for code in codes if code not in bekend]:
        raise ingang.fout(f"{veld} noemt {onbekend[0][:60]!r}, maar dat kan hier niet. Kies uit: {', '.join(sorted(bekend))}.", veld)
