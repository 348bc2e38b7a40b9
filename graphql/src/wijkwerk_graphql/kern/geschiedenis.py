"""What stood there before, who changed it and where it came from (domain.md 1.11), always as the actor may see it today."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case

from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers import Dossier
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.history import Gegevensbron, Wijziging, Wijzigingssoort
from wijkwerk.records.versions import Versie, herkomst, history
from wijkwerk_graphql.schema.fields import MAX_RELATED, STANDARD_PAGE, batch, extend, page_size
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Wijziging.lezen)
class Verschil:
    """Een veld voor en na een wijziging."""

    veld: Annotated[str, "De naam van het veld"]
    oud: Annotated[str | None, "Wat er eerst stond, als tekst"]
    nieuw: Annotated[str | None, "Wat er toen kwam te staan, als tekst"]


@uitkomst(requires=Wijziging.lezen)
class Gegevensversie:
    """Een wijziging van een gegeven. U ziet alleen de velden die u nu ook mag zien."""

    nummer: Annotated[int, "De hoeveelste versie hiermee ontstond"]
    soort: Annotated[Wijzigingssoort, "Wat er gebeurde"]
    op: Annotated[datetime, "Wanneer"]
    bron: Annotated[Gegevensbron, "Van wie het gegeven kwam"]
    gebruiker: Annotated[UUID, "Het nummer van wie de wijziging deed"]
    door: Annotated[Gebruiker | None, "Wie de wijziging deed; leeg als u die niet mag zien"]
    organisatie: Annotated[UUID, "Voor welke organisatie"]
    velden: Annotated[list[Verschil], "Wat er veranderde"]


@uitkomst(requires=Wijziging.lezen)
class Veldherkomst:
    """Van wie de inhoud van een veld kwam."""

    veld: Annotated[str, "De naam van het veld"]
    bron: Annotated[Gegevensbron, "Van wie de inhoud kwam"]
    op: Annotated[datetime, "Wanneer die is vastgelegd"]


def _geschiedenis(record: type[PersonRecord]) -> Any:
    def lees(rijen: list[Row], lezer: Lezing, first: int = STANDARD_PAGE) -> list[list[Gegevensversie]]:
        found = history(lezer.reader, record, [rij.id for rij in rijen], page_size(first, MAX_RELATED))
        namen = _door(lezer, {versie.door for versies in found.values() for versie in versies})
        return [[_versie(versie, namen.get(versie.door)) for versie in found.get(rij.id, ())] for rij in rijen]

    uitleg = "Wat hier eerder stond en wie het wijzigde, nieuwste eerst"
    return batch(list[Gegevensversie], requires=Wijziging.lezen, uitleg=uitleg)(lees)


@extend(Persoon)
class Persoonsgeschiedenis:
    """Of a resident."""

    geschiedenis = _geschiedenis(Persoon)

    @batch(list[Veldherkomst], requires=Wijziging.lezen, uitleg="Van wie de gegevens van deze inwoner kwamen, per veld")
    @staticmethod
    def herkomst(personen: list[Row], lezer: Lezing) -> list[list[Veldherkomst]]:
        """By name of the field."""
        found = herkomst(lezer.reader, Persoon, [persoon.id for persoon in personen])
        return [
            [Veldherkomst(veld=to_camel_case(veld), bron=van.bron, op=van.op) for veld, van in sorted(found.get(persoon.id, {}).items())]
            for persoon in personen
        ]


@extend(Contactgegeven)
class Contactgeschiedenis:
    """Of a telephone number or e-mail address."""

    geschiedenis = _geschiedenis(Contactgegeven)


@extend(Dossier)
class Dossiergeschiedenis:
    """Of a case."""

    geschiedenis = _geschiedenis(Dossier)


def _door(lezer: Lezing, ids: set[UUID]) -> dict[UUID, Row | None]:
    """Who made the changes, when the document asks for more than the id. One statement."""
    if "door" not in lezer.gekozen.velden:
        return {}
    gesorteerd = sorted(ids)
    return dict(zip(gesorteerd, lezer.bij_id(Gebruiker, gesorteerd), strict=True))


def _versie(versie: Versie, door: Row | None) -> Gegevensversie:
    return Gegevensversie(
        nummer=versie.nummer,
        soort=versie.soort,
        op=versie.op,
        bron=versie.bron,
        gebruiker=versie.door,
        door=door,
        organisatie=versie.organisatie,
        velden=[Verschil(veld=to_camel_case(each.veld), oud=_tekst(each.oud), nieuw=_tekst(each.nieuw)) for each in versie.velden],
    )


def _tekst(value: Any) -> str | None:
    """A value as a client would have got it, as text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(getattr(value, "waarde", value))


GESCHIEDENIS = (Persoonsgeschiedenis, Contactgeschiedenis, Dossiergeschiedenis)
