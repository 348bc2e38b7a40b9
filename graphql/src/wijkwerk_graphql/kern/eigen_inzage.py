"""What a resident may know of who looked at the own data, and asking who it was (domain.md 3.5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from wijkwerk.inzage.mijn import mijn_inzage
from wijkwerk.inzage.naamverzoek import EIGEN_INZAGE, NAMEN_BESLISSEN, Naambesluit, Naamreden, Naamverzoek
from wijkwerk.inzage.namen import EigenVerzoek, beslis, vraag_namen
from wijkwerk.inzage.overzicht import Inzageregel, Organisatieregel
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.connection import PAGE, connection
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, page_size
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

MEESTE = 200
"""Lines on a page."""


@uitkomst(requires=EIGEN_INZAGE)
class InzageOrganisatie:
    """Wat een organisatie in deze periode in totaal met uw gegevens deed."""

    organisatie: Annotated[str, "De naam van de organisatie; of uzelf, of wie u vertegenwoordigt"]
    functies: Annotated[list[str], "In welke functies"]
    keren: Annotated[int, "Hoe vaak"]
    eerste: Annotated[date, "De eerste dag"]
    laatste: Annotated[date, "De laatste dag"]
    noodprocedure: Annotated[bool, "Of er een noodprocedure bij was"]


@uitkomst(requires=EIGEN_INZAGE)
class InzageOpDag:
    """Wat er op een dag met uw gegevens gebeurde. Gebeurde hetzelfde vaker op die dag, dan is het één regel."""

    dag: Annotated[date, "Op welke dag"]
    tijdstippen: Annotated[list[datetime], "Op welke momenten van die dag, het vroegste eerst"]
    organisatie: Annotated[str, "De naam van de organisatie; of uzelf, of wie u vertegenwoordigt"]
    functies: Annotated[list[str], "In welke functies"]
    naam: Annotated[str | None, "De naam van de medewerker; alleen voor een periode waarvoor is besloten dat u namen ziet"]
    wat: Annotated[str, "Wat er gebeurde"]
    waarvoor: Annotated[str, "Waarvoor dat was"]
    doelen: Annotated[list[str], "Met welke doelen"]
    gegevens: Annotated[list[str], "Om welke soorten gegevens het ging"]
    gronden: Annotated[list[str], "Waarom dat mag"]
    noodprocedure: Annotated[bool, "Of dit met een noodprocedure was: zonder dat de medewerker bij u betrokken was"]


@uitkomst(requires=EIGEN_INZAGE)
class EigenNaamverzoek:
    """Een verzoek van u om namen te zien, en wat erover is besloten."""

    reden: Annotated[Naamreden, "Waarom u het vroeg"]
    van: Annotated[date, "Vanaf welke dag"]
    tot: Annotated[date, "Tot en met welke dag"]
    gevraagd_op: Annotated[datetime, "Wanneer u het vroeg"]
    besluit: Annotated[Naambesluit | None, "Wat er is besloten; leeg zolang er niet is besloten"]


@uitkomst(requires=EIGEN_INZAGE)
class MijnInzage:
    """Wie uw gegevens bekeek of wijzigde. Soms is iets weggelaten, voor de veiligheid van iemand."""

    organisaties: Annotated[list[InzageOrganisatie], "Per organisatie hoe vaak, in de hele periode; wie het meest deed, staat bovenaan"]
    regels: Annotated[list[InzageOpDag], "Wat er per dag gebeurde, de nieuwste dag eerst"]
    aantal: Annotated[int, "Hoeveel regels er in de hele periode zijn"]
    volgende: Annotated[str | None, "De cursor voor de volgende pagina; leeg als er niet meer is"]
    naamverzoeken: Annotated[list[EigenNaamverzoek], "Uw verzoeken om namen te zien, nieuwste eerst"]


@extend(Query)
class Inzagevragen:
    """For the resident; and for who decides about names."""

    naamverzoeken = connection(
        Naamverzoek, uitleg="Verzoeken van inwoners om namen te zien, onder pseudoniem, nieuwste eerst", order=("-gevraagd_op",)
    )

    @field(
        requires=EIGEN_INZAGE,
        gebeurtenis=Gebeurtenis.EIGEN_INZAGE,
        uitleg="Wie uw gegevens bekeek of wijzigde. Voor wie een ander vertegenwoordigt is dit er niet: vraag het bij de gemeente",
    )
    @staticmethod
    def mijn_inzage(
        lezer: Lezing,
        van: Annotated[date, "Vanaf welke dag"],
        tot: Annotated[date, "Tot en met welke dag"],
        first: int = PAGE,
        after: str | None = None,
    ) -> MijnInzage:
        """A cursor counts from the oldest line, which stays where it is when something happens meanwhile."""
        zegel = Zegel.of(lezer.reader, MijnInzage.__name__, (van.isoformat(), tot.isoformat()))
        size = page_size(first, MEESTE)
        inzage = mijn_inzage(lezer.reader, van, tot)
        rest = len(inzage.regels) if after is None else min(int(zegel.open(after)[0]), len(inzage.regels))
        pagina = inzage.regels[len(inzage.regels) - rest :][:size]
        return MijnInzage(
            organisaties=[_organisatie(each) for each in inzage.organisaties],
            regels=[_regel(each) for each in pagina],
            aantal=len(inzage.regels),
            volgende=zegel.seal([rest - size]) if rest > size else None,
            naamverzoeken=[_verzoek(each) for each in inzage.verzoeken],
        )


@extend(Mutation)
class Naamwijzigingen:
    """Asking for names, and deciding."""

    @mutation(UUID, requires=EIGEN_INZAGE, uitleg="Vraag om de namen van medewerkers die uw gegevens bekeken. Een privacy officer beslist")
    @staticmethod
    def vraag_namen(
        werk: Work,
        reden: Annotated[Naamreden, "Waarom u het wilt weten"],
        van: Annotated[date, "Vanaf welke dag"],
        tot: Annotated[date, "Tot en met welke dag"],
    ) -> UUID:
        """The number of the request."""
        return vraag_namen(werk, reden, van, tot)

    @mutation(Naamverzoek, requires=NAMEN_BESLISSEN, uitleg="Beslis of een inwoner namen ziet, voor de periode van het verzoek")
    @staticmethod
    def beslis_naamverzoek(werk: Work, id: UUID, versie: int, besluit: Naambesluit) -> UUID:
        """Once."""
        return beslis(werk, id, versie, besluit)


def _organisatie(each: Organisatieregel) -> InzageOrganisatie:
    return InzageOrganisatie(
        organisatie=each.organisatie, functies=sorted(each.functies), keren=each.keren, eerste=each.eerste, laatste=each.laatste,
        noodprocedure=each.nood,
    )  # fmt: skip


def _regel(each: Inzageregel) -> InzageOpDag:
    soort = each.soort
    return InzageOpDag(
        dag=each.dag, tijdstippen=sorted(each.tijdstippen), organisatie=soort.organisatie, functies=list(soort.functies),
        naam=soort.naam or None, wat=soort.wat, waarvoor=soort.waarvoor, doelen=list(soort.doelen), gegevens=sorted(each.gegevens),
        gronden=sorted(each.gronden), noodprocedure=soort.nood,
    )  # fmt: skip


def _verzoek(each: EigenVerzoek) -> EigenNaamverzoek:
    return EigenNaamverzoek(reden=each.reden, van=each.van, tot=each.tot, gevraagd_op=each.gevraagd_op, besluit=each.besluit)


PARTS = (Inzagevragen, Naamwijzigingen)
