"""Tasks: of a resident, in a case, and the mutations."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.taken.afronden import gedaan, geef_algemene_door, geef_door, herplan, niet_gedaan
from wijkwerk.taken.maken import maak_algemene_taak, maak_taak
from wijkwerk.taken.soorten import TAAK, Taaksoort
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.taken.voor import Voor
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row


@invoer(Taak, velden=("voor_id", "voor_soort", "voor_rol"), verplicht=("voor_id", "voor_soort"))
class VoorInvoer(Invoer):
    """Wie de taak doet: een medewerker, een team of een organisatie, en zo nodig alleen wie daar een rol heeft."""

    def voor(self) -> Voor:
        """As the services take it."""
        given = self.gegevens()
        return Voor(given["voor_id"], given["voor_soort"], given.get("voor_rol", ""))


@invoer(Taak, velden=("uiterlijk", "herinneren_op"))
class TaakPlanning(Invoer):
    """Wanneer de taak klaar moet zijn, en wanneer er een herinnering komt. Wat u weglaat, blijft zoals het is."""


@filterinvoer(Taak)
class TakenFilter(Invoer):
    """Welke taken u wilt zien."""

    status = Zoekveld("status")
    soort = Zoekveld("soort")
    voor_id = Zoekveld("voor_id", uitleg="Alleen taken voor deze medewerker, dit team of deze organisatie")
    kader = Zoekveld("kader_id", uitleg="Alleen taken in dit dossier of bij deze aanmelding")


@extend(Query)
class Taakvragen:
    """Finding tasks; what is to be done by who asks is on the work list."""

    taken = connection(
        Taak, uitleg="Taken over inwoners bij wie u betrokken bent, de dringendste eerst", order=("uiterlijk",), filters=TakenFilter
    )


@extend(Taak)
class Taakvelden:
    """Where a task belongs."""

    @batch(Dossier | None, requires=Dossier.lezen, uitleg="Het dossier waar de taak bij hoort, als het een dossier is", nodig=("kader_id",))
    @staticmethod
    def dossier(taken: list[Row], lezer: Lezing) -> list[Row | None]:
        """Of a task in a report there is none."""
        return lezer.bij_id(Dossier, [taak.kader_id for taak in taken])


@extend(Persoon)
class Persoonstaken:
    """What has to be done for a resident."""

    taken = related(Taak, by="persoon_id", uitleg="De taken over deze inwoner, de dringendste eerst", order=("uiterlijk",))


@extend(Dossier)
class Dossiertaken:
    """What has to be done in a case."""

    taken = related(Taak, by="kader_id", uitleg="De taken in dit dossier, de dringendste eerst", order=("uiterlijk",))


@extend(Mutation)
class Taakwijzigingen:
    """Making tasks, and what becomes of them."""

    @mutation(Taak, requires=Taak.schrijven, uitleg="Maak een taak over een inwoner, voor wie deze inwoner daar mag zien")
    @staticmethod
    def taak_maken(
        werk: Work,
        persoon: UUID,
        voor: VoorInvoer,
        tekst: str,
        kader: Annotated[UUID | None, "Bij welk dossier of welke aanmelding; laat dit weg voor waardoor u de inwoner zelf ziet"] = None,
        soort: Annotated[str, "Wat voor taak het is; PARTNERTAAK voor wie is gekoppeld"] = TAAK.code,
        uiterlijk: date | None = None,
        werkdagen: Annotated[int | None, "In plaats van een dag: binnen zoveel werkdagen vanaf vandaag"] = None,
        herinneren_op: date | None = None,
    ) -> UUID:
        """A new task."""
        return maak_taak(
            werk, persoon, voor.voor(), soort=_soort(werk, soort), kader=kader, tekst=tekst, uiterlijk=uiterlijk, werkdagen=werkdagen,
            herinneren_op=herinneren_op,
        )  # fmt: skip

    @mutation(UUID, requires=AlgemeneTaak.schrijven, uitleg="Maak een taak die niet over een inwoner gaat. Noem geen namen van inwoners")
    @staticmethod
    def algemene_taak_maken(
        werk: Work,
        voor: VoorInvoer,
        tekst: str,
        uiterlijk: date | None = None,
        werkdagen: Annotated[int | None, "In plaats van een dag: binnen zoveel werkdagen vanaf vandaag"] = None,
        herinneren_op: date | None = None,
    ) -> UUID:
        """Its number: who makes it for somebody else does not see it any more."""
        return maak_algemene_taak(werk, voor.voor(), tekst=tekst, uiterlijk=uiterlijk, werkdagen=werkdagen, herinneren_op=herinneren_op)

    @mutation(Taak, requires=Taak.schrijven, uitleg="De taak is gedaan. Stuur de versie mee")
    @staticmethod
    def taak_gedaan(werk: Work, taak: UUID, versie: int) -> UUID:
        """By who it is for, or who works in the same case."""
        return gedaan(werk, Taak, taak, versie)

    @mutation(Taak, requires=Taak.schrijven, uitleg="De taak gaat niet door. Schrijf waarom, en stuur de versie mee")
    @staticmethod
    def taak_niet_gedaan(werk: Work, taak: UUID, versie: int, reden: str) -> UUID:
        """With a reason."""
        return niet_gedaan(werk, Taak, taak, versie, reden)

    @mutation(Taak, requires=Taak.schrijven, uitleg="Stel een taak uit, of kies een andere herinnering. Stuur de versie mee")
    @staticmethod
    def taak_plannen(werk: Work, taak: UUID, versie: int, planning: TaakPlanning) -> UUID:
        """Another day."""
        return herplan(werk, Taak, taak, versie, planning.gegevens())

    @mutation(
        Taak, requires=Taak.schrijven, uitleg="Geef een taak aan iemand anders, die deze inwoner daar ook mag zien. Stuur de versie mee"
    )
    @staticmethod
    def taak_doorgeven(werk: Work, taak: UUID, versie: int, naar: VoorInvoer) -> UUID:
        """To another user, team or organisation."""
        return geef_door(werk, taak, versie, naar.voor())


@extend(Mutation)
class AlgemeneTaakwijzigingen:
    """The same for tasks about no resident."""

    @mutation(AlgemeneTaak, requires=AlgemeneTaak.schrijven, uitleg="De taak is gedaan. Stuur de versie mee")
    @staticmethod
    def algemene_taak_gedaan(werk: Work, taak: UUID, versie: int) -> UUID:
        """By who it is for."""
        return gedaan(werk, AlgemeneTaak, taak, versie)

    @mutation(AlgemeneTaak, requires=AlgemeneTaak.schrijven, uitleg="De taak gaat niet door. Schrijf waarom, en stuur de versie mee")
    @staticmethod
    def algemene_taak_niet_gedaan(werk: Work, taak: UUID, versie: int, reden: str) -> UUID:
        """With a reason, without names of residents."""
        return niet_gedaan(werk, AlgemeneTaak, taak, versie, reden)

    @mutation(
        AlgemeneTaak, requires=AlgemeneTaak.schrijven, uitleg="Stel een taak uit, of kies een andere herinnering. Stuur de versie mee"
    )
    @staticmethod
    def algemene_taak_plannen(werk: Work, taak: UUID, versie: int, planning: TaakPlanning) -> UUID:
        """Another day."""
        return herplan(werk, AlgemeneTaak, taak, versie, planning.gegevens())

    @mutation(UUID, requires=AlgemeneTaak.schrijven, uitleg="Geef een taak aan iemand anders. Stuur de versie mee")
    @staticmethod
    def algemene_taak_doorgeven(werk: Work, taak: UUID, versie: int, naar: VoorInvoer) -> UUID:
        """Its number: who gives it away may not see it any more."""
        return geef_algemene_door(werk, taak, versie, naar.voor())


def _soort(werk: Work, code: str) -> Taaksoort:
    """The kind with this code. Raises OngeldigeInvoer for one that nobody declared."""
    soort = werk.catalogue.taaksoorten.get(code)
    if soort is None:
        raise OngeldigeInvoer(f"Deze soort taak kennen we niet. Kies uit: {', '.join(sorted(werk.catalogue.taaksoorten))}.", veld="soort")
    return soort


PARTS = (Taakvragen, Taakvelden, Persoonstaken, Dossiertaken, Taakwijzigingen, AlgemeneTaakwijzigingen)
