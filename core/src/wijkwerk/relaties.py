"""Who is what to whom: parents, children, partners and other family (domain.md 1.1, 1.9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FAMILIE
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.familie import VASTLEGGEN, ZIEN, bereikbaar, geladen, keur_periode, vergrendel
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.fields import field, related_person, stored_enum, subject
from wijkwerk.records.gegevens import zet
from wijkwerk.records.geldigheid import loopt, overlapt
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum, DatumType
from wijkwerk.records.types.naam import lees_naam, lees_voorvoegsel
from wijkwerk.storage.columns import nieuw_id

WIJZIGBAAR = ("soort", "gezag", "van", "tot")


class Relatiesoort(StrEnum):
    """What the other is to the resident."""

    OUDER = "OUDER"
    KIND = "KIND"
    BROER_OF_ZUS = "BROER_OF_ZUS"
    GROOTOUDER = "GROOTOUDER"
    KLEINKIND = "KLEINKIND"
    VOOGD = "VOOGD"
    PUPIL = "PUPIL"
    PLEEGOUDER = "PLEEGOUDER"
    PLEEGKIND = "PLEEGKIND"
    OVERIG_FAMILIELID = "OVERIG_FAMILIELID"
    BEKENDE = "BEKENDE"


_PAREN = ((Relatiesoort.OUDER, Relatiesoort.KIND), (Relatiesoort.GROOTOUDER, Relatiesoort.KLEINKIND),
          (Relatiesoort.VOOGD, Relatiesoort.PUPIL), (Relatiesoort.PLEEGOUDER, Relatiesoort.PLEEGKIND))  # fmt: skip
_BOVEN = frozenset(boven for boven, _ in _PAREN)
_BENEDEN = frozenset(beneden for _, beneden in _PAREN)
_OUDER_DAN = frozenset({Relatiesoort.OUDER, Relatiesoort.GROOTOUDER})
OMGEKEERD: Mapping[Relatiesoort, Relatiesoort] = MappingProxyType(
    {soort: soort for soort in Relatiesoort} | dict(_PAREN) | {beneden: boven for boven, beneden in _PAREN}
)
"""What the resident is to the other, when the other is this to the resident: a pair is recorded once and read from both sides."""


class Verbintenis(StrEnum):
    """BRP 05.15.10: marriage or registered partnership."""

    HUWELIJK = "H"
    GEREGISTREERD_PARTNERSCHAP = "P"


class Relatie(PersonRecord):
    """Wat een ander is van een inwoner, en of die ander het gezag heeft."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Persoon.retention
    lezen = Permission("relatie:lezen", "Zien wie familie van een inwoner is.", ZIEN)
    schrijven = Permission("relatie:schrijven", "Vastleggen wie familie van een inwoner is.", VASTLEGGEN)

    persoon_id: Mapped[UUID] = subject("De inwoner")
    ander_id: Mapped[UUID | None] = related_person("De ander", level=N4)
    soort: Mapped[Relatiesoort] = field("Wat de ander is van de inwoner", level=N4, type_=stored_enum(Relatiesoort))
    gezag: Mapped[bool] = field("Of de ander het gezag over de inwoner heeft", level=N4, default=False)
    van: Mapped[date | None] = field("Vanaf wanneer", level=N4, type_=Date)
    tot: Mapped[date | None] = field("Tot en met wanneer", level=N4, type_=Date)


class Partnerschap(PersonRecord):
    """Een huwelijk of geregistreerd partnerschap van een inwoner."""

    categorie = FAMILIE
    niveau = N4
    rij_afschermbaar = True
    retention = Relatie.retention
    lezen = Relatie.lezen
    schrijven = Relatie.schrijven

    persoon_id: Mapped[UUID] = subject("De inwoner")
    partner_id: Mapped[UUID | None] = related_person("De partner, als die ook inwoner is", level=N4)
    soort_verbintenis: Mapped[Verbintenis] = field("Huwelijk of geregistreerd partnerschap", level=N4, type_=stored_enum(Verbintenis))
    voorvoegsel: Mapped[str | None] = field("Het voorvoegsel van de partner", level=N4, check=lees_voorvoegsel, type_=String(10))
    geslachtsnaam: Mapped[str] = field("De achternaam van de partner", level=N4, check=lees_naam, type_=String(200))
    datum_aangaan: Mapped[Datum | None] = field("Wanneer het begon; kan onvolledig zijn", level=N4, type_=DatumType)
    datum_ontbinding: Mapped[Datum | None] = field("Wanneer het eindigde; kan onvolledig zijn", level=N4, type_=DatumType)


@dataclass(frozen=True, slots=True)
class Band:
    """A relation seen from one resident. `omgekeerd`: it was recorded at the other. `ander` is None for who may not see the other."""

    rij: Any
    ander: UUID | None
    soort: Relatiesoort
    omgekeerd: bool


def leg_vast(
    work: Work, persoon: UUID, ander: UUID, soort: Relatiesoort, *, gezag: bool = False, van: date | None = None, tot: date | None = None
) -> UUID:
    """Record what another resident is to a resident; the id. It can be read at the other too, the other way round.

    Raises NietGevonden when one of them is out of reach, OngeldigeInvoer for what can't be or is known already.
    """
    if persoon == ander:
        raise OngeldigeInvoer("Een inwoner is geen familie van zichzelf. Kies een andere inwoner.", veld="ander")
    geboren = bereikbaar(work, Relatie, [persoon, ander])
    vergrendel(work, [persoon, ander])
    relatie = Relatie(id=nieuw_id(), persoon_id=persoon, ander_id=ander, soort=soort, gezag=gezag, van=van, tot=tot)
    _keur(work, relatie, geboren)
    return work.add(relatie).id


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of a relation, as it was recorded; the id.

    Raises NietGevonden (also when the other is out of reach), VersieVerouderd, OngeldigeInvoer.
    """
    relatie = geladen(work.get(Relatie, id, versie), "ander_id")
    personen = [relatie.persoon_id, *([] if relatie.ander_id is None else [relatie.ander_id])]
    geboren = bereikbaar(work, Relatie, personen)
    vergrendel(work, personen)
    zet(relatie, gegevens, WIJZIGBAAR)
    _keur(work, relatie, geboren)
    return relatie.id


def beeindig(work: Work, id: UUID, versie: int, tot: date) -> UUID:
    """End a relation with this day as the last. Raises as `wijzig`."""
    return wijzig(work, id, versie, {"tot": tot})


def banden(reader: Reader, personen: Sequence[UUID], velden: Sequence[str] = ()) -> list[list[Band]]:
    """Per resident the relations of all times, recorded at the resident or at the other; two statements.

    One that stands at both, as a merge of duplicates can leave, is there once; nobody is own family.
    """
    nodig = tuple(dict.fromkeys((*velden, "persoon_id", "ander_id", "soort", "van", "tot")))
    found: dict[UUID, list[Band]] = defaultdict(list)
    for rij in reader.by_key(Relatie, nodig, "persoon_id", sorted(set(personen))):
        found[rij.persoon_id].append(Band(rij, rij.ander_id, rij.soort, omgekeerd=False))
    for rij in reader.by_key(Relatie, nodig, "ander_id", sorted(set(personen))):
        found[rij.ander_id].append(Band(rij, rij.persoon_id, OMGEKEERD[rij.soort], omgekeerd=True))
    return [_eenmaal(persoon, found[persoon]) for persoon in personen]


def _eenmaal(persoon: UUID, van_persoon: list[Band]) -> list[Band]:
    seen = {(band.ander or band.rij.id, band.soort, band.rij.van, band.rij.tot): band for band in reversed(van_persoon)}
    return [band for band in reversed(seen.values()) if band.ander != persoon]


def _keur(work: Work, relatie: Relatie, geboren: Mapping[UUID, Datum]) -> None:
    keur_periode(work, relatie.van, relatie.tot)
    if relatie.gezag and relatie.soort in _BENEDEN:
        raise OngeldigeInvoer("Leg gezag vast bij het kind zelf: kies het kind als inwoner.", veld="gezag")
    if relatie.ander_id is None:
        return
    _keur_leeftijd(relatie.soort, geboren[relatie.persoon_id], geboren[relatie.ander_id])
    for band in banden(work.reader, [relatie.persoon_id])[0]:
        if band.ander == relatie.ander_id and band.rij.id != relatie.id:
            _keur_naast(work, relatie, band)


def _keur_naast(work: Work, relatie: Relatie, band: Band) -> None:
    if band.soort is relatie.soort and overlapt(band.rij, relatie):
        raise OngeldigeInvoer("Deze relatie is al vastgelegd. Wijzig de relatie die er al is.", veld="soort")
    if loopt(band.rij, work.actor.vandaag) and ({band.soort, relatie.soort} & _BOVEN and {band.soort, relatie.soort} & _BENEDEN):
        raise OngeldigeInvoer("Dit is andersom vastgelegd: de een is al ouder of verzorger van de ander. Wijzig die relatie.", veld="soort")


def _keur_leeftijd(soort: Relatiesoort, persoon: Datum, ander: Datum) -> None:
    """A parent is not younger than the child, as far as their dates of birth are sure."""
    if soort in _OUDER_DAN and ander.eerste() >= persoon.laatste():
        raise OngeldigeInvoer("De ouder is dan jonger dan het kind. Controleer wie de ouder is en beide geboortedatums.", veld="soort")
    if (andersom := OMGEKEERD.get(soort)) in _OUDER_DAN:
        _keur_leeftijd(andersom, ander, persoon)
