"""Drafts of who asks, and of nobody else: all of them, those of a case, and what becomes of them (domain.md 9.4)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.notities.aantekenen import WIJZIGBAAR, gooi_weg, maak_definitief, schrijf, wijzig
from wijkwerk.notities.notitie import Notitie, Notitiesoort
from wijkwerk.notities.werkaantekening import DAGEN, Werkaantekening
from wijkwerk.records.session import Work
from wijkwerk_graphql.kern.notities import Bron, BronNaam, Deelbaar, OokOver
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer


@invoer(Werkaantekening, velden=WIJZIGBAAR, verplicht=("tekst",))
class WerkaantekeningInvoer(Invoer):
    """Wat er in een werkaantekening staat."""


@invoer(Werkaantekening, velden=WIJZIGBAAR)
class WerkaantekeningWijziging(Invoer):
    """Wat er in een werkaantekening verandert. Wat u weglaat, blijft zoals het is."""


@filterinvoer(Werkaantekening)
class WerkaantekeningenFilter(Invoer):
    """Welke werkaantekeningen u wilt zien. Wat u invult, moet allemaal kloppen."""

    dossier = Zoekveld("dossier_id", soort=UUID, uitleg="In welk dossier")
    persoon = Zoekveld("persoon_id", soort=UUID, uitleg="Over welke inwoner")


@extend(Query)
class Werkaantekeningvragen:
    """Finding one's own."""

    mijn_werkaantekeningen = connection(
        Werkaantekening, uitleg="Uw werkaantekeningen; wat het eerst verdwijnt staat bovenaan", order=("verloopt",),
        filters=WerkaantekeningenFilter,
    )  # fmt: skip


@extend(Dossier)
class Dossierwerkaantekeningen:
    """One's own in a case."""

    mijn_werkaantekeningen = related(
        Werkaantekening, by="dossier_id", uitleg="Uw werkaantekeningen in dit dossier; wat het eerst verdwijnt staat bovenaan",
        order=("verloopt",),
    )  # fmt: skip


@extend(Mutation)
class Werkaantekeningwijzigingen:
    """One's own drafts."""

    @mutation(
        Werkaantekening,
        requires=Werkaantekening.schrijven,
        herhaalbaar=True,
        uitleg=f"Schrijf een werkaantekening. Alleen u ziet die, en niet langer dan {DAGEN} dagen",
    )
    @staticmethod
    def werkaantekening_schrijven(werk: Work, dossier: UUID, persoon: UUID, werkaantekening: WerkaantekeningInvoer) -> UUID:
        """A new draft."""
        return schrijf(werk, dossier, persoon, **werkaantekening.gegevens())

    @mutation(
        Werkaantekening,
        requires=Werkaantekening.schrijven,
        herhaalbaar=True,
        uitleg="Wijzig uw werkaantekening. Wat er stond, wordt niet bewaard. Stuur de versie mee die u las",
    )
    @staticmethod
    def werkaantekening_wijzigen(werk: Work, id: UUID, versie: int, werkaantekening: WerkaantekeningWijziging) -> UUID:
        """Changes the fields that were given."""
        return wijzig(werk, id, versie, werkaantekening.gegevens())

    @mutation(
        Dossier,
        requires=Werkaantekening.schrijven,
        herhaalbaar=True,
        uitleg="Gooi uw werkaantekening weg. Stuur de versie mee. U krijgt het dossier terug",
    )
    @staticmethod
    def werkaantekening_weggooien(werk: Work, id: UUID, versie: int) -> UUID:
        """Nothing of it stays."""
        return gooi_weg(werk, id, versie)

    @mutation(
        Notitie,
        requires=Notitie.schrijven,
        herhaalbaar=True,
        uitleg="Maak van uw werkaantekening een notitie in het dossier. De werkaantekening is dan weg. Stuur de versie mee die u las",
    )
    @staticmethod
    def werkaantekening_definitief_maken(
        werk: Work,
        id: UUID,
        versie: int,
        bron: Bron,
        bron_naam: BronNaam = None,
        soort: Annotated[Notitiesoort | None, "Wat voor notitie het wordt; laat dit weg voor wat de werkaantekening zegt"] = None,
        ook_over: OokOver = None,
        deelbaar: Deelbaar = False,
    ) -> UUID:
        """The note."""
        return maak_definitief(
            werk, id, versie, bron=bron, bron_naam=bron_naam, soort=soort, ook_over=ook_over or (), deelbaar=deelbaar
        )  # fmt: skip


PARTS = (Werkaantekeningvragen, Dossierwerkaantekeningen, Werkaantekeningwijzigingen)
