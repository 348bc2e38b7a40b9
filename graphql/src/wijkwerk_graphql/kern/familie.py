"""With whom somebody lives, who is family, and who may decide (domain.md 1.1, 1.9, 2.7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from wijkwerk.beslisfeiten import wie_mag_beslissen
from wijkwerk.beslissen import Uitkomst, Wie
from wijkwerk.gezag import Gezag
from wijkwerk.huishoudens import Huishoudlid, leden_op
from wijkwerk.partnerschappen import UITLEG, Naamgeving, naamgevend, partnerbanden
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import geldig
from wijkwerk.relaties import Partnerschap, Relatie, Relatiesoort, banden
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Ouderblokkade, Vertegenwoordiging, Wilsoordeel
from wijkwerk_graphql.schema.fields import Query, batch, extend, field, related
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Relatie.lezen)
class Familieband:
    """Wat een ander van een inwoner is, gezien vanuit die inwoner. Het kan bij de ander zijn vastgelegd."""

    soort: Annotated[Relatiesoort, "Wat de ander van deze inwoner is"]
    ander: Annotated[Persoon | None, "De ander; leeg als u die niet mag zien"]
    omgekeerd: Annotated[bool, "Of het bij de ander is vastgelegd"]
    vastgelegd: Annotated[Relatie, "Zoals het is vastgelegd"]


@uitkomst(requires=Partnerschap.lezen)
class Partnerrelatie:
    """Een huwelijk of geregistreerd partnerschap, gezien vanuit een inwoner. Het kan bij de partner zijn vastgelegd."""

    partner: Annotated[Persoon | None, "De partner; leeg als die geen inwoner is of als u die niet mag zien"]
    omgekeerd: Annotated[bool, "Of het bij de partner is vastgelegd"]
    vastgelegd: Annotated[Partnerschap, "Zoals het is vastgelegd"]


@uitkomst(requires=Partnerschap.lezen)
class Naamkeuze:
    """Van welke partner de inwoner de naam kan gebruiken."""

    zekerheid: Annotated[Naamgeving, "Of dat zeker is"]
    uitleg: Annotated[str, "Wat dat betekent en wat u kunt doen"]
    vastgelegd: Annotated[Partnerschap | None, "Het partnerschap, als het zeker is"]


@uitkomst(requires=Vertegenwoordiging.lezen)
class Beslisser:
    """Iemand die voor een inwoner mag beslissen."""

    hoedanigheid: Annotated[Hoedanigheid, "Als wat"]
    naam: Annotated[str | None, "De naam van iemand die geen inwoner is"]
    persoon: Annotated[Persoon | None, "De inwoner die mag beslissen"]


@uitkomst(requires=Vertegenwoordiging.lezen)
class Beslisrecht:
    """Wie iets mag beslissen of vragen voor een inwoner. Als iets niet zeker is, is de uitkomst ONBEKEND."""

    uitkomst: Annotated[Uitkomst, "Wie het is"]
    uitleg: Annotated[str, "Waarom, en wat u kunt doen"]
    samen: Annotated[bool, "Of de inwoner en de vertegenwoordiger het eens moeten zijn"]
    beide_ouders: Annotated[bool | None, "Of beide ouders het eens moeten zijn; leeg als dat niet zeker is"]
    vertegenwoordigers: Annotated[list[Beslisser], "De vertegenwoordigers die u mag zien"]
    verborgen: Annotated[int, "Hoeveel vertegenwoordigers u niet mag zien"]
    ouder_weggelaten: Annotated[bool, "Of een ouder niet meetelt in het belang van het kind"]


@extend(Persoon)
class Familievelden:
    """Family, household and who decides."""

    lidmaatschappen = related(
        Huishoudlid, by="persoon_id", uitleg="Bij welke huishoudens deze inwoner hoort of hoorde, nieuwste eerst", order=("-van",)
    )
    gezag = related(Gezag, by="persoon_id", uitleg="Het gezag over deze inwoner, nu en eerder", order=("-van",))
    vertegenwoordigers = related(
        Vertegenwoordiging, by="persoon_id", uitleg="Wie deze inwoner vertegenwoordigt of vertegenwoordigde", order=("-van",)
    )
    wilsoordelen = related(
        Wilsoordeel, by="persoon_id", uitleg="Oordelen of deze inwoner iets zelf kan beslissen, nieuwste eerst", order=("-op",)
    )
    ouderblokkades = related(
        Ouderblokkade, by="persoon_id", uitleg="Ouders die de gegevens van deze inwoner niet mogen inzien", order=("-van",)
    )

    @batch(list[Huishoudlid], requires=Huishoudlid.lezen, uitleg="Wie op een dag (vandaag) bij een huishouden van deze inwoner hoort")
    @staticmethod
    def huishoudleden(personen: list[Row], lezer: Lezing, op: date | None = None) -> list[list[Row]]:
        """The resident too, as a member."""
        return leden_op(lezer.reader, [persoon.id for persoon in personen], op or lezer.actor.vandaag, lezer.velden(Huishoudlid))

    @batch(
        list[Persoon],
        requires=Huishoudlid.lezen,
        uitleg="Met wie deze inwoner op een dag (vandaag) samenwoont, voor zover u die inwoners mag zien",
    )
    @staticmethod
    def huisgenoten(personen: list[Row], lezer: Lezing, op: date | None = None) -> list[list[Row]]:
        """The other members of the households, each once."""
        leden = leden_op(lezer.reader, [persoon.id for persoon in personen], op or lezer.actor.vandaag)
        anderen = [
            dict.fromkeys(lid.persoon_id for lid in samen if lid.persoon_id != persoon.id)
            for persoon, samen in zip(personen, leden, strict=True)
        ]
        gezien = _personen(lezer, (id for ids in anderen for id in ids))
        return [[gezien[id] for id in ids if id in gezien] for ids in anderen]

    @batch(list[Familieband], requires=Relatie.lezen, uitleg="De familie van deze inwoner, op een dag als u die geeft")
    @staticmethod
    def relaties(personen: list[Row], lezer: Lezing, op: date | None = None) -> list[list[Familieband]]:
        """Recorded at the resident or at the other."""
        found = banden(lezer.reader, [persoon.id for persoon in personen], lezer.velden(Relatie))
        gezien = _personen(lezer, (band.ander for van_persoon in found for band in van_persoon))
        return [
            [
                Familieband(soort=band.soort, ander=gezien.get(band.ander), omgekeerd=band.omgekeerd, vastgelegd=band.rij)
                for band in van_persoon
                if op is None or geldig(band.rij, op)
            ]
            for van_persoon in found
        ]

    @batch(
        list[Partnerrelatie], requires=Partnerschap.lezen, uitleg="De huwelijken en partnerschappen van deze inwoner, ook die voorbij zijn"
    )
    @staticmethod
    def partnerschappen(personen: list[Row], lezer: Lezing) -> list[list[Partnerrelatie]]:
        """Recorded at the resident or at the partner."""
        found = partnerbanden(lezer.reader, [persoon.id for persoon in personen], lezer.velden(Partnerschap))
        gezien = _personen(lezer, (band.partner for van_persoon in found for band in van_persoon))
        return [
            [Partnerrelatie(partner=gezien.get(band.partner), omgekeerd=band.omgekeerd, vastgelegd=band.rij) for band in van_persoon]
            for van_persoon in found
        ]

    @batch(Naamkeuze, requires=Partnerschap.lezen, uitleg="Van welke partner deze inwoner de naam kan gebruiken")
    @staticmethod
    def naamgevende_partner(personen: list[Row], lezer: Lezing) -> list[Naamkeuze]:
        """Says also when it is not known."""
        found = partnerbanden(lezer.reader, [persoon.id for persoon in personen], lezer.velden(Partnerschap))
        return [
            Naamkeuze(
                zekerheid=naamgever.zekerheid,
                uitleg=UITLEG[naamgever.zekerheid],
                vastgelegd=None if naamgever.band is None else naamgever.band.rij,
            )
            for naamgever in map(naamgevend, found)
        ]


@extend(Query)
class Familievragen:
    """Who may decide."""

    @field(requires=Vertegenwoordiging.lezen, uitleg="Wie iets mag beslissen of vragen voor een inwoner, op een dag (vandaag)")
    @staticmethod
    def wie_mag_beslissen(lezer: Lezing, persoon: UUID, handeling: Handeling, datum: date | None = None) -> Beslisrecht | None:
        """Nothing for a resident that is absent or out of reach."""
        found = wie_mag_beslissen(lezer.reader, handeling, persoon, datum)
        if found is None:
            return None
        gezien = _personen(lezer, (wie.persoon for wie in found.vertegenwoordigers))
        return Beslisrecht(
            uitkomst=found.uitkomst,
            uitleg=found.uitleg,
            samen=found.samen,
            beide_ouders=found.beide_ouders,
            vertegenwoordigers=[_beslisser(wie, gezien) for wie in found.vertegenwoordigers],
            verborgen=found.verborgen,
            ouder_weggelaten=found.ouder_weggelaten,
        )


def _beslisser(wie: Wie, gezien: dict[UUID | None, Row]) -> Beslisser:
    return Beslisser(hoedanigheid=wie.hoedanigheid, naam=wie.naam, persoon=gezien.get(wie.persoon))


def _personen(lezer: Lezing, ids: Iterable[UUID | None]) -> dict[UUID | None, Row]:
    """These residents, when the document asks for them: as a list, so without who asked for secrecy for outsiders (domain.md 1.10)."""
    uniek = sorted({id for id in ids if id is not None})
    if Persoon not in lezer.gekozen.kolommen:
        return {}
    return {row.id: row for row in lezer.reader.by_key(Persoon, lezer.velden(Persoon), "id", uniek, roster=True)}
