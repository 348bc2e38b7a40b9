"""What can be changed about a case: each a thin call to the service of the core, in one transaction with its log entry."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.dossiers import leden, overdragen, status
from wijkwerk.dossiers.dossier import Dossier, Dossierstapsoort, Statusreden
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.overdracht import Overdracht
from wijkwerk.dossiers.regisseur import wijs_regisseur_aan
from wijkwerk.records.session import Work
from wijkwerk_graphql.kern.aanmeldingen import Toelichting
from wijkwerk_graphql.schema.fields import Mutation, extend, mutation

NieuweRegisseur = Annotated[UUID | None, "De casusregisseur: een collega van dat team, niet uzelf"]


def _redenen(soort: Dossierstapsoort) -> str:
    return f"Kies uit: {', '.join(sorted(status.OVERGANGEN[soort].redenen))}"


Aanhoudreden = Annotated[Statusreden, _redenen(Dossierstapsoort.AANGEHOUDEN)]
Sluitreden = Annotated[Statusreden, _redenen(Dossierstapsoort.GESLOTEN)]
Heropenreden = Annotated[Statusreden, _redenen(Dossierstapsoort.HEROPEND)]


@extend(Mutation)
class Dossierwijzigingen:
    """Opening a case, and where it stands."""

    @mutation(Dossier, requires=Dossier.schrijven, uitleg="Open een dossier van uw team over een of meer inwoners, of over een huishouden")
    @staticmethod
    def dossier_openen(
        werk: Work,
        personen: list[UUID] | None = None,
        vraag: str | None = None,
        regisseur: NieuweRegisseur = None,
        team: Annotated[UUID | None, "Voor welk team; alleen nodig als u bij meer dan een team hoort"] = None,
        aanmeldingen: Annotated[list[UUID] | None, "Uit welke meldingen het dossier komt"] = None,
        huishouden: Annotated[UUID | None, "Over welk huishouden; de leden van vandaag die u mag zien horen er dan bij"] = None,
    ) -> UUID:
        """A new case."""
        return open_dossier(
            werk, personen or (), vraag=vraag, regisseur=regisseur, team=team, aanmeldingen=aanmeldingen or (), huishouden=huishouden
        )  # fmt: skip

    @mutation(Dossier, requires=Dossier.schrijven, uitleg="Houd een dossier aan: het team wacht. Stuur de versie mee die u las")
    @staticmethod
    def dossier_aanhouden(werk: Work, dossier: UUID, versie: int, reden: Aanhoudreden, toelichting: Toelichting = None) -> UUID:
        """On hold."""
        return status.houd_aan(werk, dossier, versie, reden, toelichting)

    @mutation(Dossier, requires=Dossier.schrijven, uitleg="Ga verder met een dossier dat werd aangehouden. Stuur de versie mee die u las")
    @staticmethod
    def dossier_hervatten(werk: Work, dossier: UUID, versie: int, toelichting: str | None = None) -> UUID:
        """Going on."""
        return status.hervat(werk, dossier, versie, toelichting)

    @mutation(
        Dossier,
        requires=Dossier.schrijven,
        uitleg="Sluit een dossier. Partners zien er daarna niets meer van, open taken vervallen. Stuur de versie mee die u las",
    )
    @staticmethod
    def dossier_sluiten(werk: Work, dossier: UUID, versie: int, reden: Sluitreden, toelichting: Toelichting = None) -> UUID:
        """Closed; the retention clock starts."""
        return status.sluit(werk, dossier, versie, reden, toelichting)

    @mutation(
        Dossier,
        requires=Dossier.schrijven,
        uitleg="Heropen een gesloten dossier. Partners komen niet vanzelf terug. Stuur de versie mee die u las",
    )
    @staticmethod
    def dossier_heropenen(werk: Work, dossier: UUID, versie: int, reden: Heropenreden, toelichting: Toelichting = None) -> UUID:
        """Open again."""
        return status.heropen(werk, dossier, versie, reden, toelichting)


@extend(Mutation)
class Betrokkenenwijzigingen:
    """Whom a case is about, and who directs it."""

    @mutation(Dossier, requires=Dossier.schrijven, uitleg="Voeg een inwoner toe aan een dossier. Stuur de versie mee die u las")
    @staticmethod
    def dossierlid_toevoegen(werk: Work, dossier: UUID, versie: int, persoon: UUID) -> UUID:
        """A new member."""
        return leden.voeg_lid_toe(werk, dossier, versie, persoon)

    @mutation(
        Dossier,
        requires=Dossier.schrijven,
        uitleg="Leg vast dat een inwoner niet meer bij een dossier hoort. Niemand ziet die inwoner dan nog door dit dossier",
    )
    @staticmethod
    def dossierlid_vertrekt(
        werk: Work,
        dossier: UUID,
        versie: int,
        persoon: UUID,
        notities_uit_beeld: Annotated[
            bool,
            "Of notities over deze inwoner samen met wie blijft uit beeld mogen. Anders schrijft u eerst met `notitieRedigeren` wat "
            "over ieder die blijft alleen gaat",
        ] = False,
    ) -> UUID:
        """A member leaves."""
        return leden.lid_vertrekt(werk, dossier, versie, persoon, notities_uit_beeld=notities_uit_beeld)

    @mutation(Dossier, requires=Dossier.schrijven, uitleg="Wijs een casusregisseur aan, of geen. Stuur de versie mee die u las")
    @staticmethod
    def regisseur_aanwijzen(werk: Work, dossier: UUID, versie: int, regisseur: NieuweRegisseur = None) -> UUID:
        """Another casusregisseur."""
        return wijs_regisseur_aan(werk, dossier, versie, regisseur)


@extend(Mutation)
class Overdrachtwijzigingen:
    """Handing over. Who refuses sees the offer no more: the answer is its id."""

    @mutation(Overdracht, requires=Overdracht.schrijven, uitleg="Bied een dossier aan een ander team aan. Stuur de versie mee die u las")
    @staticmethod
    def overdracht_aanbieden(
        werk: Work,
        dossier: UUID,
        versie: int,
        team: UUID,
        reden: str,
        categorieen: Annotated[
            list[str] | None, "Wat het andere team alvast ziet, naast wie het is (IDENTITEIT) en het dossier zelf (PLAN_EN_DOELEN)"
        ] = None,
    ) -> UUID:
        """An offer."""
        return overdragen.bied_aan(werk, dossier, versie, team, reden, categorieen or ())

    @mutation(Dossier, requires=Overdracht.schrijven, uitleg="Neem een dossier over dat aan uw team is aangeboden")
    @staticmethod
    def overdracht_aannemen(werk: Work, overdracht: UUID, versie: int, regisseur: NieuweRegisseur = None) -> UUID:
        """The case is of the other team."""
        return overdragen.neem_aan(werk, overdracht, versie, regisseur)

    @mutation(UUID, requires=Overdracht.schrijven, uitleg="Weiger een dossier dat aan uw team is aangeboden. U ziet het daarna niet meer")
    @staticmethod
    def overdracht_weigeren(werk: Work, overdracht: UUID, versie: int, antwoord: str) -> UUID:
        """It stays where it was."""
        return overdragen.weiger(werk, overdracht, versie, antwoord)

    @mutation(Overdracht, requires=Overdracht.schrijven, uitleg="Trek een aanbod van uw team in. Stuur de versie mee die u las")
    @staticmethod
    def overdracht_intrekken(werk: Work, overdracht: UUID, versie: int) -> UUID:
        """It stays where it was."""
        return overdragen.trek_in(werk, overdracht, versie)


PARTS = (Dossierwijzigingen, Betrokkenenwijzigingen, Overdrachtwijzigingen)
