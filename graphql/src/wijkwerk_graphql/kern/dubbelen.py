"""Residents who may be registered twice: hints before registering, the work list, merging and undoing that."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case

from wijkwerk.aanmeldingen.inschrijven import keur_gegevens
from wijkwerk.contactgegevens import keur
from wijkwerk.dubbelen import Dubbelreden, Dubbelvermoeden, is_niet_dubbel
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.rights.ongedaan import maak_ongedaan
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.zoeken.dubbelen import mogelijke_dubbelen
from wijkwerk_graphql.kern.aanmeldingen import PersoonInvoer
from wijkwerk_graphql.kern.contactgegevens import ContactgegevenInvoer
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Dubbelvermoeden.lezen)
class MogelijkeDubbele:
    """Een inwoner die misschien dezelfde is als wie u wilt aanmelden. Beslis zelf."""

    persoon: Annotated[Persoon | None, "De inwoner die er al is"]
    reden: Annotated[Dubbelreden, "Waarom het dezelfde kan zijn"]
    score: Annotated[int, "Hoe sterk het vermoeden is, van 0 tot en met 100"]


@filterinvoer(Dubbelvermoeden)
class DubbelvermoedensFilter(Invoer):
    """Welke vermoedens u wilt zien."""

    status = Zoekveld("status")


@extend(Query)
class Dubbelvragen:
    """Hints and the work list."""

    # sorting on the other person too leaves out pairs of which the other is out of reach
    dubbelvermoedens = connection(
        Dubbelvermoeden,
        uitleg="Inwoners die misschien dubbel staan, van wie u beiden mag zien; het sterkste vermoeden eerst",
        order=("-score", "ander_id"),
        filters=DubbelvermoedensFilter,
    )

    @field(
        requires=Dubbelvermoeden.lezen,
        uitleg="Wie er misschien al is, voordat u iemand aanmeldt: hoogstens 10 inwoners die u mag zien",
        gebeurtenis=Gebeurtenis.ZOEKEN,
    )
    @staticmethod
    def mogelijke_dubbelen(
        lezer: Lezing, persoon: PersoonInvoer, contactgegevens: list[ContactgegevenInvoer] | None = None
    ) -> list[MogelijkeDubbele]:
        """The hints, best first, each with the resident as far as the actor may see that one."""
        bereik = keur([contactgegeven.gegevens() for contactgegeven in contactgegevens or ()])
        hints = mogelijke_dubbelen(lezer.reader, keur_gegevens(lezer.actor, persoon.gegevens()), bereik)
        rows = lezer.bij_id(Persoon, [hint.persoon for hint in hints])
        return [MogelijkeDubbele(persoon=row, reden=hint.reden, score=hint.score) for hint, row in zip(hints, rows, strict=True)]


@extend(Persoon)
class Samenvoegvelden:
    """What was merged into a resident."""

    samenvoegingen = related(Samenvoeging, by="persoon_id", uitleg="Wie met deze inwoner is samengevoegd, nieuwste eerst", order=("-op",))


@extend(Mutation)
class Dubbelwijzigingen:
    """Deciding, merging and undoing."""

    @mutation(Dubbelvermoeden, requires=Dubbelvermoeden.schrijven, uitleg="Leg vast dat dit twee inwoners zijn. Stuur de versie mee")
    @staticmethod
    def niet_dubbel(werk: Work, dubbelvermoeden: UUID, versie: int) -> UUID:
        """The pair is not suggested again."""
        return is_niet_dubbel(werk, dubbelvermoeden, versie)

    @mutation(
        Samenvoeging,
        requires=Samenvoeging.schrijven,
        uitleg="Voeg twee inwoners samen die dezelfde zijn. Stuur van beiden de versie mee. Dit kan ongedaan worden gemaakt",
    )
    @staticmethod
    def personen_samenvoegen(
        werk: Work,
        blijft: UUID,
        versie_blijft: int,
        gaat_op: UUID,
        versie_gaat_op: int,
        reden: str,
        kies: Annotated[list[str] | None, "Velden die u overneemt van de inwoner die opgaat, zoals straat"] = None,
    ) -> UUID:
        """`kies` names fields as they stand in the schema."""
        velden = [_kolom(naam) for naam in kies or ()]
        return voeg_samen(werk, blijft, gaat_op, (versie_blijft, versie_gaat_op), reden, velden)

    @mutation(
        Samenvoeging,
        requires=Samenvoeging.schrijven,
        uitleg="Maak een samenvoeging ongedaan: het zijn weer twee inwoners. Stuur de versie mee",
    )
    @staticmethod
    def samenvoeging_ongedaan_maken(werk: Work, samenvoeging: UUID, versie: int) -> UUID:
        """The newest one of a resident first."""
        return maak_ongedaan(werk, samenvoeging, versie)


def _kolom(naam: str) -> str:
    """The column of a field in the schema; another name as it is, for the service to refuse."""
    return {to_camel_case(kolom): kolom for kolom in Persoon.velden}.get(naam, naam)


PARTS = (Dubbelvragen, Samenvoegvelden, Dubbelwijzigingen)
