"""After a leak: of whom something was seen under a rule that was wrong, and by whom; by pseudonym (peers.md D 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.lekonderzoek import Geraakt, Lekregel
from wijkwerk.toezicht.inzagelog import LOG_LEZEN, onbekend, zoek_lek
from wijkwerk_graphql.schema.connection import PAGE
from wijkwerk_graphql.schema.fields import Query, extend, field, page_size
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

MEESTE = 100
"""Residents on a page: each names everybody who saw something."""


@uitkomst(requires=LOG_LEZEN)
class LekInzage:
    """Wat een gebruiker van een inwoner zag."""

    gebruiker: Annotated[UUID | None, "Wie het zag"]
    organisatie: Annotated[UUID | None, "Voor welke organisatie"]
    eerste: Annotated[datetime, "Wanneer het begon"]
    laatste: Annotated[datetime, "Wanneer het voor het laatst gebeurde"]
    keren: Annotated[int, "Hoe vaak het gebeurde"]
    categorieen: Annotated[list[str], "Welke soorten persoonsgegevens te zien waren"]
    velden: Annotated[list[str], "Welke velden te zien waren, zoals Persoon.bsn; nooit de inhoud"]


@uitkomst(requires=LOG_LEZEN)
class LekInwoner:
    """Een inwoner van wie iets te zien was, onder pseudoniem."""

    pseudoniem: Annotated[UUID, "Het pseudoniem van de inwoner"]
    inzagen: Annotated[list[LekInzage], "Wie wat zag; wie het eerst keek, staat bovenaan"]


@uitkomst(requires=LOG_LEZEN)
class Lekpagina:
    """Een deel van de uitkomst. Is `verder` niet leeg, vraag dan het volgende deel; ook een deel zonder inwoners kan een vervolg hebben."""

    inwoners: Annotated[list[LekInwoner], "Van welke inwoners iets te zien was"]
    bekeken: Annotated[int, "Hoeveel regels van het log zijn bekeken"]
    aandeel: Annotated[float, "Welk deel van het log ongeveer is bekeken, van 0 tot 1"]
    verder: Annotated[UUID | None, "Geef dit mee als `na` voor het volgende deel; leeg als alles is bekeken"]
    onbekend: Annotated[list[str], "Wat u noemde en wat dit systeem niet kent. Controleer of u het goed schreef"]


@extend(Query)
class Lekvragen:
    """For the data protection officer."""

    @field(
        requires=LOG_LEZEN,
        gebeurtenis=Gebeurtenis.LOG_BEKEKEN,
        uitleg="Zoek na een lek uit wie wat van welke inwoners zag. Wat u invult, moet allemaal kloppen. Ook dit kijken wordt vastgelegd",
    )
    @staticmethod
    def lekonderzoek(
        lezer: Lezing,
        van: Annotated[datetime, "Vanaf welk moment"],
        tot: Annotated[datetime, "Tot welk moment, dat zelf niet meetelt"],
        rol: Annotated[str | None, "Wie het zag, had deze rol"] = None,
        veld: Annotated[str | None, "Een soort gegeven (Persoon) of een veld daarvan (Persoon.bsn)"] = None,
        beleid: Annotated[str | None, "Het kenmerk van het beleid, zoals in `beleidsversies`"] = None,
        doel: Annotated[str | None, "Het doel van het verzoek: een code uit `doelen`"] = None,
        activiteit: Annotated[str | None, "De activiteit van het verzoek: een code uit `verwerkingsactiviteiten`"] = None,
        gebruiker: Annotated[UUID | None, "Wie het zag"] = None,
        bron: Annotated[UUID | None, "Wat toegang gaf: het nummer van een betrokkenheid, dossier, koppeling, verwijzing of zo"] = None,
        first: int = PAGE,
        na: Annotated[UUID | None, "De waarde van `verder` in het vorige deel"] = None,
    ) -> Lekpagina:
        """`bron`: what let somebody in, such as a coupling, a referral, a consent or a break-glass."""
        regel = Lekregel(rol=rol, veld=veld, beleid=beleid, doel=doel, activiteit=activiteit, gebruiker=gebruiker, bron=bron)
        deel = zoek_lek(lezer.reader, van, tot, regel, na=na, meeste=page_size(first, MEESTE))
        return Lekpagina(
            inwoners=[_inwoner(each) for each in deel.geraakt], bekeken=deel.bekeken, aandeel=deel.aandeel, verder=deel.verder,
            onbekend=onbekend(lezer.reader.catalogue, regel),
        )  # fmt: skip


def _inwoner(geraakt: Geraakt) -> LekInwoner:
    inzagen = [
        LekInzage(
            gebruiker=each.gebruiker, organisatie=each.organisatie, eerste=each.eerste, laatste=each.laatste, keren=each.keren,
            categorieen=sorted(each.categorieen), velden=sorted(each.velden),
        )
        for each in geraakt.inzagen
    ]  # fmt: skip
    return LekInwoner(pseudoniem=geraakt.pseudoniem, inzagen=inzagen)


PARTS = (Lekvragen,)
