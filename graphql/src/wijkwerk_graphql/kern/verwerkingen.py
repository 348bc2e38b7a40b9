"""What data are used for and on what ground: for who is logged in as it holds today, for oversight as it was (AVG art. 30)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, TypeVar

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag, Instemming
from wijkwerk.verwerkingen import Beleidsversie, Registerversie
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Query, extend, field
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

T = TypeVar("T")
Van = Annotated[date | None, "Vanaf welke dag deze versie geldt; leeg is altijd al"]
Tot = Annotated[date | None, "Tot en met welke dag; leeg is zonder einde"]


@uitkomst(requires=PUBLIC)
class GrondslagUitleg:
    """Waarom de wet het toestaat dat gegevens worden gebruikt."""

    code: Annotated[str, "De code"]
    versie: Annotated[int, "De hoeveelste versie; samen met de code is dit het kenmerk"]
    van: Van
    tot: Tot
    uitleg: Annotated[str, "De uitleg voor de inwoner"]
    artikel6: Annotated[str, "Het artikel van de AVG waarop dit rust; leeg als dat hier niet bekend is"]
    artikel9: Annotated[str, "Het artikel van de AVG over bijzondere gegevens; leeg als dat hier niet bekend is"]
    sectorwet: Annotated[str, "De artikelen van de wet waar het om gaat"]
    bijzonder: Annotated[bool, "Of gegevens over gezondheid en andere bijzondere gegevens gebruikt mogen worden"]
    instemming: Annotated[Instemming, "Of de inwoner het goed moet vinden, en hoe"]


@uitkomst(requires=PUBLIC)
class CategorieUitleg:
    """Een soort gegevens, in woorden die een inwoner begrijpt."""

    code: Annotated[str, "De code"]
    uitleg: Annotated[str, "De uitleg voor de inwoner"]
    bijzonder: Annotated[bool, "Of dit bijzondere gegevens zijn, zoals over gezondheid"]
    domein: Annotated[Domein | None, "Voor welke wet deze gegevens zijn verzameld; leeg als elke wet ze nodig heeft"]
    doelen: Annotated[list[str], "Voor welke doelen deze gegevens nodig zijn"]


@uitkomst(requires=PUBLIC)
class DoelCategorie:
    """Een soort gegevens die voor een doel gebruikt mag worden."""

    categorie: Annotated[str, "De code van de soort gegevens"]
    instemming: Annotated[Instemming, "Of de inwoner dit goed moet vinden, en hoe"]


@uitkomst(requires=PUBLIC)
class DoelUitleg:
    """Waarvoor gegevens worden gebruikt."""

    code: Annotated[str, "De code"]
    versie: Annotated[int, "De hoeveelste versie"]
    van: Van
    tot: Tot
    uitleg: Annotated[str, "De uitleg voor de inwoner"]
    domein: Annotated[Domein, "Bij welke wet of afspraak dit doel hoort"]
    grondslag: Annotated[GrondslagUitleg, "Waarom dit mag"]
    categorieen: Annotated[list[DoelCategorie], "Om welke soorten gegevens het gaat"]
    koppelbaar: Annotated[bool, "Of een andere organisatie voor dit doel bij een inwoner betrokken kan worden"]


@uitkomst(requires=PUBLIC)
class ActiviteitUitleg:
    """Een verwerkingsactiviteit: waarmee iemand bezig is die gegevens gebruikt."""

    code: Annotated[str, "De code"]
    versie: Annotated[int, "De hoeveelste versie"]
    van: Van
    tot: Tot
    uitleg: Annotated[str, "De uitleg voor de inwoner"]
    doelen: Annotated[list[str], "Voor welke doelen; leeg als er geen gegevens van inwoners worden getoond"]
    rollen: Annotated[list[str], "Welke rollen dit mogen doen"]


@filterinvoer(Registerversie)
class RegisterversiesFilter(Invoer):
    """Welke versies u wilt zien."""

    soort = Zoekveld("soort")
    code = Zoekveld("code")


@extend(Query)
class Verwerkingsvragen:
    """The register: as it holds today, and as it was."""

    registerversies = connection(
        Registerversie, uitleg="Wat het register van verwerkingen eerder zei, nieuwste eerst", order=("-sinds", "soort", "code", "-nummer"),
        filters=RegisterversiesFilter,
    )  # fmt: skip
    beleidsversies = connection(Beleidsversie, uitleg="Wat het beleid eerder zei, nieuwste eerst", order=("-nummer",))

    @field(requires=PUBLIC, uitleg="De grondslagen die vandaag gelden")
    @staticmethod
    def grondslagen(lezer: Lezing) -> list[GrondslagUitleg]:
        """By code."""
        return [_grondslag(each) for each in _op_volgorde(lezer.reader.catalogue.grondslagen)]

    @field(requires=PUBLIC, uitleg="De doelen die vandaag gelden, met de soorten gegevens die ervoor nodig zijn")
    @staticmethod
    def doelen(lezer: Lezing) -> list[DoelUitleg]:
        """By code."""
        catalogue = lezer.reader.catalogue
        return [_doel(catalogue, each) for each in _op_volgorde(catalogue.doelen)]

    @field(requires=PUBLIC, uitleg="De verwerkingsactiviteiten die vandaag gelden")
    @staticmethod
    def verwerkingsactiviteiten(lezer: Lezing) -> list[ActiviteitUitleg]:
        """By code."""
        catalogue = lezer.reader.catalogue
        return [_activiteit(catalogue, each) for each in _op_volgorde(catalogue.activiteiten)]

    @field(requires=PUBLIC, uitleg="De soorten gegevens, met de doelen waarvoor ze vandaag nodig zijn")
    @staticmethod
    def gegevenscategorieen(lezer: Lezing) -> list[CategorieUitleg]:
        """By code."""
        catalogue = lezer.reader.catalogue
        return [_categorie(catalogue, each) for each in _op_volgorde(catalogue.categorieen)]


def _op_volgorde(items: Mapping[str, T]) -> list[T]:
    return [items[code] for code in sorted(items)]


def _grondslag(item: Grondslag) -> GrondslagUitleg:
    return GrondslagUitleg(
        code=item.code, versie=item.geldigheid.versie, van=item.geldigheid.van, tot=item.geldigheid.tot, uitleg=item.uitleg,
        artikel6=item.artikel6, artikel9=item.artikel9, sectorwet=item.sectorwet, bijzonder=item.bijzonder, instemming=item.instemming,
    )  # fmt: skip


def _doel(catalogue: Catalogue, item: Doel) -> DoelUitleg:
    codes = sorted(catalogue.matrix[item.code] | catalogue.met_instemming[item.code].keys())
    return DoelUitleg(
        code=item.code, versie=item.geldigheid.versie, van=item.geldigheid.van, tot=item.geldigheid.tot, uitleg=item.uitleg,
        domein=item.domein, grondslag=_grondslag(item.grondslag), koppelbaar=item.koppelbaar,
        categorieen=[DoelCategorie(categorie=code, instemming=catalogue.instemming(item, code)) for code in codes],
    )  # fmt: skip


def _activiteit(catalogue: Catalogue, item: Activiteit) -> ActiviteitUitleg:
    return ActiviteitUitleg(
        code=item.code, versie=item.geldigheid.versie, van=item.geldigheid.van, tot=item.geldigheid.tot, uitleg=item.uitleg,
        doelen=[doel.code for doel in item.doelen],
        rollen=sorted(rol.code for rol in catalogue.rollen.values() if item.code in rol.activiteiten),
    )  # fmt: skip


def _categorie(catalogue: Catalogue, item: Categorie) -> CategorieUitleg:
    doelen = sorted(code for code in catalogue.doelen if item.code in catalogue.geopend([code]))
    return CategorieUitleg(code=item.code, uitleg=item.uitleg, bijzonder=item.bijzonder, domein=item.domein, doelen=doelen)


PARTS = (Verwerkingsvragen,)
