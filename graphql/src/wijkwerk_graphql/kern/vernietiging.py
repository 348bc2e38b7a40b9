"""Destroying the keys of a resident or a dossier, in two steps: look what becomes unreadable, then say back that this is what must go."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from wijkwerk.records.session import Work
from wijkwerk.sleutelbeheer.vernietigen import vernietig
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.sleutelbeheer.voornemen import BijAnder, Waarvan, bekijk
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import gelezen, uitkomst

Inwoner = Annotated[UUID | None, "Van welke inwoner de sleutels weg moeten"]
InDossier = Annotated[UUID | None, "Alleen de sleutels in dit dossier. Zonder inwoner: van iedereen in het dossier"]


@uitkomst(requires=Vernietiging.schrijven)
class TeVernietigen:
    """Een soort gegevens waarvan iets onleesbaar wordt."""

    soort: Annotated[str, "De naam van het soort gegeven"]
    uitleg: Annotated[str, "Wat het is"]
    aantal: Annotated[int, "Hoeveel er onleesbaar worden, nooit de inhoud"]


@uitkomst(requires=Vernietiging.schrijven)
class NotitieBijAnder:
    """Een notitie die ook over een ander gaat. Bij die ander blijft zij leesbaar. Vraag de casusregisseur te beslissen wat ermee moet."""

    notitie: Annotated[UUID, "Het nummer van de notitie bij de ander"]
    dossier: Annotated[UUID, "Het nummer van het dossier"]


@uitkomst(requires=Vernietiging.schrijven)
class Vernietigingsvoornemen:
    """Wat onleesbaar wordt als u doorgaat. Er is nog niets vernietigd."""

    inwoners: Annotated[int, "Van hoeveel inwoners er iets onleesbaar wordt"]
    sleutels: Annotated[int, "Hoeveel sleutels worden vernietigd"]
    onderdelen: Annotated[list[TeVernietigen], "Wat er onleesbaar wordt, per soort"]
    bij_anderen: Annotated[list[NotitieBijAnder], "Notities die bij een ander leesbaar blijven"]
    bevestiging: Annotated[str, "Stuur dit mee als u dit alles wilt vernietigen"]


@uitkomst(requires=Vernietiging.schrijven)
class VernietigingUitkomst:
    """Wat er is vernietigd, en wat er nog is."""

    bewijzen: Annotated[list[Vernietiging], "De bewijzen van vernietiging, een per inwoner"]
    sleutels: Annotated[int, "Hoeveel sleutels zijn vernietigd"]
    bij_anderen: Annotated[list[NotitieBijAnder], "Notities die bij een ander leesbaar blijven"]
    reservekopie_tot: Annotated[date, "Tot wanneer reservekopieën van de sleutels nog kunnen bestaan"]


@extend(Query)
class Vernietigingsvragen:
    """What would go, and what went."""

    vernietigingen = connection(Vernietiging, uitleg="Bewijzen van vernietiging, nieuwste eerst", order=("-vernietigd",))

    @field(requires=Vernietiging.schrijven, uitleg="Bekijk wat onleesbaar wordt als de sleutels van een inwoner of dossier weg zijn")
    @staticmethod
    def vernietiging_bekijken(lezer: Lezing, inwoner: Inwoner = None, dossier: InDossier = None) -> Vernietigingsvoornemen:
        """Numbers alone: who destroys does not see content."""
        found = bekijk(lezer.reader, Waarvan(inwoner, dossier))
        return Vernietigingsvoornemen(
            inwoners=len(found.personen), sleutels=len(found.sleutels), bevestiging=found.bevestiging,
            onderdelen=[TeVernietigen(soort=each.soort, uitleg=each.uitleg, aantal=each.aantal) for each in found.onderdelen],
            bij_anderen=_bij_anderen(found.bij_anderen),
        )  # fmt: skip


@extend(Mutation)
class Vernietigingswijzigingen:
    """For good."""

    @mutation(
        VernietigingUitkomst,
        requires=Vernietiging.schrijven,
        uitleg="Vernietig de sleutels van een inwoner of een dossier. Wat ermee was versleuteld, is daarna voorgoed onleesbaar. "
        "Bekijk eerst met `vernietigingBekijken` wat dat is",
    )
    @staticmethod
    def sleutels_vernietigen(
        werk: Work,
        bevestiging: Annotated[str, "De waarde van `bevestiging` van wat u bekeek. Is er intussen iets veranderd? Bekijk het dan opnieuw"],
        inwoner: Inwoner = None,
        dossier: InDossier = None,
    ) -> VernietigingUitkomst:
        """The receipts, and what is left elsewhere."""
        gone = vernietig(werk, Waarvan(inwoner, dossier), bevestiging)
        return VernietigingUitkomst(
            bewijzen=gelezen(gone.bewijzen), sleutels=gone.sleutels, bij_anderen=_bij_anderen(gone.bij_anderen),
            reservekopie_tot=gone.reservekopie_tot,
        )  # fmt: skip


def _bij_anderen(found: tuple[BijAnder, ...]) -> list[NotitieBijAnder]:
    return [NotitieBijAnder(notitie=each.notitie, dossier=each.dossier) for each in found]


PARTS = (Vernietigingsvragen, Vernietigingswijzigingen)
