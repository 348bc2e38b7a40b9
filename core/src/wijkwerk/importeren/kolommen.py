"""Which column of an import file holds which field: Dutch headers, whatever their capitals, spaces and signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.regel import Regel, RegelFout

SYNONIEMEN: dict[str, tuple[str, ...]] = {
    "bsn": ("BSN", "burgerservicenummer"),
    "roepnaam": ("roepnaam",),
    "voornamen": ("voornamen", "voornaam"),
    "voorvoegsel": ("voorvoegsel", "voorvoegsels", "tussenvoegsel", "tussenvoegsels"),
    "geslachtsnaam": ("geslachtsnaam", "achternaam"),
    "aanduiding_naamgebruik": ("aanduiding naamgebruik", "naamgebruik"),
    "partner_voorvoegsel": ("voorvoegsel partner", "voorvoegsels partner", "partner voorvoegsel", "tussenvoegsel partner"),
    "partner_geslachtsnaam": ("geslachtsnaam partner", "partner geslachtsnaam", "achternaam partner"),
    "adellijke_titel_predicaat": ("adellijke titel of predicaat", "adellijke titel", "predicaat"),
    "geboortedatum": ("geboortedatum", "datum geboorte"),
    "geslacht": ("geslacht", "geslachtsaanduiding"),
    "aanspreekvoorkeur": ("aanspreekvoorkeur",),
    "taal": ("taal", "voorkeurstaal"),
    "tolk_nodig": ("tolk nodig", "tolk"),
    "laaggeletterd": ("laaggeletterd",),
    "telefoonnummer": ("telefoonnummer", "telefoon"),
    "tweede_telefoonnummer": ("tweede telefoonnummer", "telefoonnummer 2", "telefoon 2", "mobiel", "mobiel nummer"),
    "emailadres": ("e-mailadres", "e-mail"),
    "straat": ("straat", "straatnaam"),
    "huisnummer": ("huisnummer",),
    "huisletter": ("huisletter",),
    "huisnummertoevoeging": ("toevoeging", "huisnummertoevoeging"),
    "aanduiding_bij_huisnummer": ("aanduiding bij huisnummer",),
    "postcode": ("postcode",),
    "woonplaats": ("woonplaats", "woonplaatsnaam"),
    "functie_adres": ("functie adres", "soort adres"),
    "adresseerbaar_object_identificatie": ("adresseerbaar object identificatie", "identificatie adresseerbaar object", "verblijfsobject"),
    "nummeraanduiding_identificatie": ("nummeraanduiding identificatie", "identificatie nummeraanduiding", "nummeraanduiding"),
    "huishouden": ("huishouden", "huishoudnummer"),
    "huishoudrol": ("huishoudrol", "rol in huishouden"),
    "geheim": ("indicatie geheim", "geheim"),
    "overlijdensdatum": ("datum overlijden", "overlijdensdatum"),
}
"""Field of `personen.INVOER`, contact detail, or part of a household, to the headers that name it."""

VERPLICHT = "geslachtsnaam"
MEESTE_KOLOMMEN = 500


def kaal(kop: str) -> str:
    """A header without what does not count: capitals, spaces and signs."""
    return "".join(teken for teken in kop.casefold() if teken.isalnum())


_VELD = {kaal(naam): veld for veld, namen in SYNONIEMEN.items() for naam in namen}


def herken(kop: Sequence[str]) -> list[str | None]:
    """The field of each column; None for a column that is not known."""
    return [_VELD.get(kaal(naam)) for naam in kop]


@dataclass(frozen=True, slots=True)
class Kolommen:
    """The header of a file. `meldingen` are Dutch notices for who runs the import, such as columns that are not read."""

    kop: tuple[str, ...]
    velden: tuple[str | None, ...]
    meldingen: tuple[str, ...]

    @classmethod
    def lees(cls, kop: Sequence[str]) -> Kolommen:
        """Raises `OngeldigeInvoer` when a required column is missing, a field has two columns, or half a household is there."""
        velden = herken(kop)
        if len(kop) > MEESTE_KOLOMMEN:
            raise OngeldigeInvoer(f"Het bestand heeft meer dan {MEESTE_KOLOMMEN} kolommen. Controleer het bestand.", veld="bestand")
        if dubbel := [veld for veld, aantal in Counter(filter(None, velden)).items() if aantal > 1]:
            raise OngeldigeInvoer(f"Deze gegevens staan in meer dan één kolom: {', '.join(dubbel)}. Laat er één over.", veld="bestand")
        if VERPLICHT not in velden:
            uitleg = f"Er is geen kolom {VERPLICHT}. Zet in de eerste regel van het bestand de namen van de kolommen."
            raise OngeldigeInvoer(uitleg, veld=VERPLICHT)
        _heel_huishouden(velden)
        return cls(tuple(kop), tuple(velden), tuple(_meldingen(kop, velden)))

    def regel(self, nummer: int, cellen: Sequence[str]) -> Regel:
        """The row with its values by field; with an error when it has not as many cells as the header."""
        if len(cellen) != len(self.kop):
            soort = "meer" if len(cellen) > len(self.kop) else "minder"
            reden = f"Deze regel heeft {soort} cellen dan er kolommen zijn. Controleer de scheidingstekens en aanhalingstekens."
            return Regel(nummer, {}, tuple(cellen), (RegelFout(nummer, "regel", reden),))
        waarden = {veld: cel.strip() for veld, cel in zip(self.velden, cellen, strict=True) if veld}
        return Regel(nummer, waarden, tuple(cellen))


def _heel_huishouden(velden: Sequence[str | None]) -> None:
    for er, mist in (("huishouden", "huishoudrol"), ("huishoudrol", "huishouden")):
        if er in velden and mist not in velden:
            uitleg = f"Er is een kolom {er}, maar geen kolom {mist}. Voeg die toe, of haal de kolom {er} weg."
            raise OngeldigeInvoer(uitleg, veld=mist)


def _leesbaar(naam: str) -> str:
    return "".join(filter(str.isprintable, naam)).strip()[:40] or "zonder naam"


def _meldingen(kop: Sequence[str], velden: Sequence[str | None]) -> list[str]:
    onbekend = [f"{nummer} ({_leesbaar(naam)})" for nummer, (naam, veld) in enumerate(zip(kop, velden, strict=True), 1) if not veld]
    meldingen = [f"Deze kolommen worden niet ingelezen: {', '.join(onbekend)}."] if onbekend else []
    if "geheim" not in velden:
        meldingen.append("Er is geen kolom indicatie geheim: iedereen wordt ingelezen zonder geheimhouding.")
    return meldingen
