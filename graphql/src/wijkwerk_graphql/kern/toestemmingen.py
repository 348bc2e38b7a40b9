"""Consent: whether it is needed and who gives it, asked, given, refused, withdrawn, and the texts it is asked with (domain.md 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from wijkwerk.access.purposes import Instemming
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import geef, leg_vast, weiger
from wijkwerk.toestemmingen.intrekken import trek_in, trek_zelf_in
from wijkwerk.toestemmingen.nodig import Nodig, wat_nodig
from wijkwerk.toestemmingen.tekst import Toestemmingstekst, stel_vast
from wijkwerk.toestemmingen.toestemming import INTREKKEN, Gever, Toestemming, Toestemminggever, Toestemmingsontvanger, Wijze
from wijkwerk.toestemmingen.vragen import Vraag, vraag
from wijkwerk.toestemmingen.wie import BETROKKENE, Gevende
from wijkwerk_graphql.kern.codes import Doelcode, Soorten
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst

_VERSIE = "Stuur de versie mee die u las"
_INHOUD = ("doel", "categorieen", "wijze", "richting", "geldig_tot", "vrijwillig", "vrijwillig_omdat", "bewijs")
Taal = Annotated[str, "De taal van de tekst (ISO 639)"]
Tekstversie = Annotated[str, "De aanduiding van de tekst die de inwoner zag"]


@uitkomst(requires=Toestemming.lezen)
class Toestemmingsgerechtigde:
    """Iemand die een toestemming moet of mag geven."""

    hoedanigheid: Annotated[Gever, "Als wat"]
    persoon: Annotated[Persoon | None, "De vertegenwoordiger, als die ook inwoner is en u die mag zien"]
    gever_id: Annotated[UUID | None, "Het nummer van die inwoner; leeg voor de inwoner zelf"]
    naam: Annotated[str | None, "De naam van een vertegenwoordiger die geen inwoner is"]


@uitkomst(requires=Toestemming.lezen)
class ToestemmingNodig:
    """Of voor een doel toestemming nodig is. Is die niet nodig, vraag er dan niet om: vertel de inwoner wat er gebeurt."""

    nodig: Annotated[bool, "Of u toestemming moet vragen; zo niet, informeer de inwoner dan"]
    soort: Annotated[Instemming, "Wat voor toestemming het is"]
    categorieen: Annotated[list[str], "Voor welke van de gevraagde soorten gegevens dit geldt"]
    uitleg: Annotated[str, "De grondslag, in woorden voor de inwoner, en wat u doet"]
    wie_uitleg: Annotated[str | None, "Wie de toestemming geeft, of wat u eerst moet navragen"]
    gevers: Annotated[list[Toestemmingsgerechtigde], "Wie allemaal toestemming moeten geven; leeg als dat niet zeker is"]
    in_plaats: Annotated[list[Toestemmingsgerechtigde], "Wie het namens de inwoner mag, met een machtiging"]


@invoer(Toestemmingsontvanger, velden=("organisatie_id", "rol"), verplicht=("organisatie_id",), requires=Toestemming.schrijven)
class ToestemmingsontvangerInvoer(Invoer):
    """Wie de gegevens krijgt: een organisatie, of alleen wie daar een bepaalde rol heeft."""


@invoer(Toestemminggever, velden=("hoedanigheid", "gever_id", "naam"), verplicht=("hoedanigheid",), requires=Toestemming.schrijven)
class ToestemminggeverInvoer(Invoer):
    """Wie de toestemming geeft. De inwoner zelf heeft geen nummer en geen naam nodig."""


@invoer(Toestemming, velden=_INHOUD, verplicht=("doel", "categorieen", "wijze"))
class ToestemmingInvoer(Invoer):
    """Waarvoor u toestemming vraagt, en hoe. Zonder einddatum geldt ze een jaar."""


@filterinvoer(Toestemmingstekst)
class ToestemmingstekstenFilter(Invoer):
    """Welke teksten u wilt zien."""

    doel = Zoekveld("doel")
    taal = Zoekveld("taal")


@extend(Query)
class Toestemmingsvragen:
    """Whether to ask, and with which text."""

    toestemmingsteksten = connection(
        Toestemmingstekst,
        uitleg="De teksten waarmee u om toestemming vraagt en vroeg, nieuwste eerst",
        order=("-van",),
        filters=ToestemmingstekstenFilter,
    )

    @field(requires=Toestemming.lezen, uitleg="Of voor een doel toestemming nodig is, waarom, en wie die geeft")
    @staticmethod
    def toestemming_nodig(lezer: Lezing, persoon: UUID, doel: Doelcode, categorieen: Soorten) -> list[ToestemmingNodig]:
        """One answer for each kind of consent; usually one."""
        found = wat_nodig(lezer.reader, persoon, doel, categorieen)
        gezien = _gezien(lezer, found)
        return [_antwoord(each, gezien) for each in found]


@extend(Toestemming)
class Toestemmingsvelden:
    """Who gave it, and who gets the data."""

    ontvangers = related(Toestemmingsontvanger, by="toestemming_id", uitleg="Wie de gegevens krijgt", order=("id",))
    gevers = related(Toestemminggever, by="toestemming_id", uitleg="Wie de toestemming gaf", order=("op",))


@extend(Mutation)
class Toestemmingswijzigingen:
    """By the professionals of a case."""

    @mutation(
        Toestemming, requires=Toestemming.schrijven, uitleg="Vraag een inwoner van een dossier om toestemming; die geeft nog niets vrij"
    )
    @staticmethod
    def toestemming_vragen(
        werk: Work,
        dossier: UUID,
        persoon: UUID,
        ontvangers: list[ToestemmingsontvangerInvoer],
        toestemming: ToestemmingInvoer,
        tekst_versie: Tekstversie,
        taal: Taal = "nl",
    ) -> UUID:
        """A concept."""
        gevraagd = Vraag(ontvangers=_ontvangers(ontvangers), tekst_versie=tekst_versie, taal=taal, **toestemming.gegevens())
        return vraag(werk, dossier, persoon, gevraagd)

    @mutation(Toestemming, requires=Toestemming.schrijven, uitleg=f"Leg vast wie een gevraagde toestemming geeft. {_VERSIE}")
    @staticmethod
    def toestemming_geven(
        werk: Work,
        toestemming: UUID,
        versie: int,
        gevers: Annotated[list[ToestemminggeverInvoer] | None, "Wie ze geeft; leeg is de inwoner zelf"] = None,
        wijze: Annotated[Wijze | None, "Als het anders ging dan gevraagd"] = None,
        bewijs: Annotated[str | None, "Bij mondeling: wanneer, waar en wie erbij was"] = None,
    ) -> UUID:
        """It opens what it is about once everybody has who must."""
        return geef(werk, toestemming, versie, _gevers(gevers), wijze=wijze, bewijs=bewijs)

    @mutation(Toestemming, requires=Toestemming.schrijven, uitleg=f"Leg vast dat een gevraagde toestemming wordt geweigerd. {_VERSIE}")
    @staticmethod
    def toestemming_weigeren(werk: Work, toestemming: UUID, versie: int) -> UUID:
        """Nothing else follows."""
        return weiger(werk, toestemming, versie)

    @mutation(
        Toestemming,
        requires=Toestemming.schrijven,
        uitleg="Leg vast dat een inwoner toestemming geeft om gegevens te delen. Moet een ander het ook goed vinden, dan wacht ze daarop",
    )
    @staticmethod
    def toestemming_vastleggen(
        werk: Work,
        dossier: UUID,
        persoon: UUID,
        ontvangers: list[ToestemmingsontvangerInvoer],
        toestemming: ToestemmingInvoer,
        tekst_versie: Tekstversie,
        taal: Taal = "nl",
        gevers: Annotated[list[ToestemminggeverInvoer] | None, "Wie ze geeft; leeg is de inwoner zelf"] = None,
    ) -> UUID:
        """Asked and given at once."""
        return leg_vast(
            werk, dossier, persoon, _ontvangers(ontvangers), tekst_versie=tekst_versie, taal=taal, gevers=_gevers(gevers),
            **toestemming.gegevens(),
        )  # fmt: skip

    @mutation(Toestemming, requires=Toestemming.schrijven, uitleg="Trek een toestemming in. Een reden is niet nodig")
    @staticmethod
    def toestemming_intrekken(
        werk: Work,
        toestemming: UUID,
        wijze: Annotated[Wijze | None, "Hoe de inwoner het liet weten"] = None,
        reden: Annotated[str | None, "Alleen als de inwoner die zelf wil geven"] = None,
    ) -> UUID:
        """The recipients' next request is refused."""
        return trek_in(werk, toestemming, wijze=wijze, reden=reden)

    @mutation(
        Toestemming, requires=INTREKKEN, uitleg="Trek uw eigen toestemming in, of die van wie u vertegenwoordigt. Een reden is niet nodig"
    )
    @staticmethod
    def mijn_toestemming_intrekken(werk: Work, toestemming: UUID) -> UUID:
        """The same, by the resident or who represents them."""
        return trek_zelf_in(werk, toestemming)


@extend(Mutation)
class Toestemmingstekstwijzigingen:
    """By the privacy officer."""

    @mutation(
        Toestemmingstekst,
        requires=Toestemmingstekst.schrijven,
        uitleg="Stel een tekst vast om toestemming mee te vragen. Een tekst verandert nooit: een andere tekst is een nieuwe",
    )
    @staticmethod
    def toestemmingstekst_vaststellen(
        werk: Work,
        doel: Doelcode,
        aanduiding: Annotated[str, "Hoe deze versie heet"],
        tekst: Annotated[str, "De hele tekst, precies zoals de inwoner die ziet"],
        taal: Taal = "nl",
        leesniveau: Annotated[str, "Het leesniveau, zoals B1"] = "B1",
        van: Annotated[date | None, "Vanaf welke dag; leeg is vandaag"] = None,
        vervangt: Annotated[UUID | None, "Welke tekst daarmee niet meer wordt gebruikt"] = None,
    ) -> UUID:
        """A new text."""
        return stel_vast(werk, doel, aanduiding, tekst, taal=taal, leesniveau=leesniveau, van=van, vervangt=vervangt)


PARTS = (Toestemmingsvragen, Toestemmingsvelden, Toestemmingswijzigingen, Toestemmingstekstwijzigingen)


def _ontvangers(given: Sequence[ToestemmingsontvangerInvoer]) -> list[Ontvanger]:
    filled = [each.gegevens() for each in given]
    return [Ontvanger(each["organisatie_id"], each.get("rol")) for each in filled]


def _gevers(given: Sequence[ToestemminggeverInvoer] | None) -> list[Gevende]:
    return [BETROKKENE] if given is None else [_gevende(each.gegevens()) for each in given]


def _gevende(given: dict[str, Any]) -> Gevende:
    return Gevende(given["hoedanigheid"], given.get("gever_id"), given.get("naam"))


def _antwoord(nodig: Nodig, gezien: dict[UUID | None, Row]) -> ToestemmingNodig:
    wie = nodig.wie
    return ToestemmingNodig(
        nodig=nodig.nodig, soort=nodig.soort, categorieen=list(nodig.categorieen), uitleg=nodig.uitleg,
        wie_uitleg=None if wie is None else wie.uitleg, gevers=[_gerechtigde(each, gezien) for each in (wie.allen if wie else ())],
        in_plaats=[_gerechtigde(each, gezien) for each in (wie.in_plaats if wie else ())],
    )  # fmt: skip


def _gerechtigde(each: Gevende, gezien: dict[UUID | None, Row]) -> Toestemmingsgerechtigde:
    return Toestemmingsgerechtigde(hoedanigheid=each.hoedanigheid, persoon=gezien.get(each.persoon), gever_id=each.persoon, naam=each.naam)


def _gezien(lezer: Lezing, found: Sequence[Nodig]) -> dict[UUID | None, Row]:
    """The representatives, when the document asks for them."""
    gevers = [each for nodig in found if nodig.wie for each in (*nodig.wie.allen, *nodig.wie.in_plaats)]
    ids = sorted({each.persoon for each in gevers if each.persoon is not None})
    if Persoon not in lezer.gekozen.kolommen:
        return {}
    return {row.id: row for row in lezer.bij_id(Persoon, ids, roster=True) if row is not None}
