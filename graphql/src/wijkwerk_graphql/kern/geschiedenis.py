"""What stood there before, who changed it and where it came from (domain.md 1.11), always as the actor may see it today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.gebieden import Gebied
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.organisaties import Team
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.history import Gegevensbron, Wijziging, Wijzigingssoort
from wijkwerk.records.versions import Versie, herkomst, history
from wijkwerk.signalen.signaal import Signaal, Signaalmelder
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
        teksten = _teksten(lezer, record, [versie for versies in found.values() for versie in versies])
        return [[_versie(record, versie, namen.get(versie.door), teksten) for versie in found.get(rij.id, ())] for rij in rijen]

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
            [
                Veldherkomst(veld=_veldnaam(Persoon, veld), bron=van.bron, op=van.op)
                for veld, van in sorted(found.get(persoon.id, {}).items())
            ]
            for persoon in personen
        ]


@extend(Contactgegeven)
class Contactgeschiedenis:
    """Of a telephone number or e-mail address."""

    geschiedenis = _geschiedenis(Contactgegeven)


@extend(Aanmelding)
class Aanmeldgeschiedenis:
    """Of a report."""

    geschiedenis = _geschiedenis(Aanmelding)


@extend(Signaal)
class Signaalgeschiedenis:
    """Of a worry."""

    geschiedenis = _geschiedenis(Signaal)


@extend(Signaalmelder)
class Meldergeschiedenis:
    """Of who reported it: for who sees that today."""

    geschiedenis = _geschiedenis(Signaalmelder)


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


def _teksten(lezer: Lezing, record: type[PersonRecord], versies: Iterable[Versie]) -> dict[UUID, str]:
    """What an area, a team or a user is called, of those that stood in these changes. One statement for each of these records."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for each in (each for versie in versies for each in versie.velden):
        if (veld := record.velden[each.veld]).kind == "reference" and veld.to:
            ids[veld.to] |= {value for value in (each.oud, each.nieuw) if value is not None}
    open_records = {found.__tablename__: found for found in (Gebied, Team, Gebruiker) if lezer.actor.may(found.lezen.naam)}
    return {
        row.id: row.naam
        for tabel in sorted(ids.keys() & open_records.keys())
        for row in lezer.reader.by_key(open_records[tabel], ("naam",), "id", sorted(ids[tabel]))
    }


def _veldnaam(record: type[PersonRecord], naam: str) -> str:
    """As the schema calls it: a reference by what it is, not by its id."""
    return to_camel_case(naam.removesuffix("_id") if record.velden[naam].kind in ("reference", "related") else naam)


def _versie(record: type[PersonRecord], versie: Versie, door: Row | None, teksten: Mapping[UUID, str]) -> Gegevensversie:
    return Gegevensversie(
        nummer=versie.nummer,
        soort=versie.soort,
        op=versie.op,
        bron=versie.bron,
        gebruiker=versie.door,
        door=door,
        organisatie=versie.organisatie,
        velden=[
            Verschil(
                veld=_veldnaam(record, each.veld),
                oud=_tekst(each.oud, teksten),
                nieuw=_tekst(each.nieuw, teksten),
            )
            for each in versie.velden
            if each.oud is not None or each.nieuw is not None  # a new row with an empty field: no change to tell
        ],
    )


def _tekst(value: Any, teksten: Mapping[UUID, str]) -> str | None:
    """A value as a client would have got it, as text."""
    if value is None:
        return None
    if isinstance(value, UUID):
        return teksten.get(value, str(value))
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(getattr(value, "waarde", value))


GESCHIEDENIS = (
    Persoonsgeschiedenis,
    Contactgeschiedenis,
    Aanmeldgeschiedenis,
    Signaalgeschiedenis,
    Meldergeschiedenis,
    Dossiergeschiedenis,
)
