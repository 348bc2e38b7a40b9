"""Searching residents, and asking whether somebody is known without seeing them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from wijkwerk.personen import BSN_ZOEKEN, Persoon
from wijkwerk.records.conditions import Filter
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.zoeken.bekendheid import Bekend, Bekendheidsvraag, is_bekend
from wijkwerk.zoeken.kenmerken import Kenmerken
from wijkwerk.zoeken.zoek import Zoekvraag, opdracht
from wijkwerk_graphql.kern.kenmerken import los_gevraagd
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, mutation
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, asked, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst


@filterinvoer(Persoon)
class PersonenFilter(Invoer):
    """Waarop u inwoners zoekt. Wat u invult, moet allemaal kloppen. Wie het beste past, staat bovenaan."""

    naam = Zoekveld("sorteernaam", uitleg="Namen of het begin ervan, met of zonder voorvoegsel en accenten; een typefout mag", soort=str)
    geboortedatum = Zoekveld("geboortedatum", uitleg="De geboortedatum, of alleen het jaar of de maand")
    postcode = Zoekveld("postcode")
    huisnummer = Zoekveld("huisnummer", uitleg="Het huisnummer; vul ook de postcode in")
    bsn = Zoekveld("bsn_index", requires=BSN_ZOEKEN, uitleg="Het hele BSN", soort=Bsn)


def _zoek(lezer: Lezing, given: PersonenFilter) -> tuple[Mapping[Filter, Any], tuple[str, ...]]:
    gevraagd = opdracht(lezer.reader, Zoekvraag(**asked(given)))
    return gevraagd.filters, gevraagd.order


@extend(Query)
class Zoekvragen:
    """Finding residents."""

    personen = connection(
        Persoon,
        uitleg="Inwoners bij wie u betrokken bent, op achternaam; bij het zoeken op naam staat wie het beste past bovenaan",
        order=("sorteernaam",),
        filters=PersonenFilter,
        zoek=_zoek,
    )


@uitkomst(requires=Bekendheidsvraag.schrijven)
class IsBekend:
    """Of iemand bekend is. Meer dan dit krijgt u niet te zien."""

    uitkomst: Annotated[Bekend, "Of de inwoner bekend is, of dat u dit te vaak vroeg"]
    melding: Annotated[str, "Wat u nu kunt doen"]
    team: Annotated[str | None, "Met welk team u contact opneemt"]
    telefoonnummer: Annotated[str | None, "Het telefoonnummer van dat team"]
    opnieuw: Annotated[datetime | None, "Vanaf wanneer u dit weer mag vragen, als u het te vaak vroeg"]


@extend(Mutation)
class Bekendheidsvragen:
    """A mutation, because each question is counted."""

    @mutation(
        IsBekend,
        requires=Bekendheidsvraag.schrijven,
        uitleg="Vraag of iemand bekend is. Geef de achternaam met de geboortedatum, of twee van adres, telefoon of e-mail, en BSN",
    )
    @staticmethod
    @los_gevraagd
    def is_bekend(werk: Work, kenmerken: Kenmerken) -> IsBekend:
        """All that is given has to fit one and the same resident."""
        found = is_bekend(werk, kenmerken)
        return IsBekend(
            uitkomst=found.uitkomst, melding=found.melding, team=found.team, telefoonnummer=found.telefoonnummer, opnieuw=found.opnieuw
        )
