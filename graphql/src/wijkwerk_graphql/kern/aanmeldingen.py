"""First contact: a report about a resident, the list of the team, and what comes of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import INVOER as MELDING
from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Aanmeldstatus, Afhandelreden, Urgentie
from wijkwerk.aanmeldingen.triage import breek_af, heropen, neem_in_behandeling, verwijs, wijs_af, wijzig
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.personen import INVOER, Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql.kern.bron import VanWie, of_professional
from wijkwerk_graphql.kern.contactgegevens import ContactgegevenInvoer
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row


@invoer(Persoon, velden=INVOER, verplicht=("geslachtsnaam",))
class PersoonInvoer(Invoer):
    """De gegevens van een inwoner die wordt aangemeld."""


@invoer(Aanmelding, velden=MELDING)
class AanmeldingInvoer(Invoer):
    """Wat er over de melding zelf te zeggen is: wie meldt, hoe, hoe dringend, en of de inwoner ervan weet."""


@filterinvoer(Aanmelding)
class AanmeldingenFilter(Invoer):
    """Welke meldingen u wilt zien. Wat u invult, moet allemaal kloppen."""

    status = Zoekveld("status", "een_van", uitleg="Waar de melding staat: een of meer", soort=list[Aanmeldstatus])
    urgentie = Zoekveld("urgentie", "een_van", uitleg="Hoe snel iemand moet kijken: een of meer", soort=list[Urgentie])
    team = Zoekveld("team_id")
    behandelaar = Zoekveld("behandelaar_id")
    nog_te_vragen = Zoekveld(
        "client_op_de_hoogte", "leeg", uitleg="Of nog gevraagd moet worden of de inwoner van de melding weet", soort=bool
    )


@extend(Query)
class Aanmeldvragen:
    """Finding reports; those that wait for somebody are on the work list too."""

    aanmeldingen = connection(
        Aanmelding, uitleg="Meldingen van inwoners bij uw team, nieuwste eerst", order=("-ontvangen",), filters=AanmeldingenFilter
    )

    @field(Aanmelding | None, requires=Aanmelding.lezen, uitleg="Een melding bij uw team")
    @staticmethod
    def aanmelding(lezer: Lezing, id: UUID) -> Row | None:
        """One report, or nothing."""
        return lezer.een(Aanmelding, id)


@extend(Persoon)
class Persoonsaanmeldingen:
    """How a resident came to the team."""

    aanmeldingen = related(Aanmelding, by="persoon_id", uitleg="De meldingen over deze inwoner, nieuwste eerst", order=("-ontvangen",))


@extend(Dossier)
class Dossieraanmeldingen:
    """What a case came from."""

    aanmeldingen = related(Aanmelding, by="dossier_id", uitleg="De meldingen waar dit dossier uit kwam", order=("-ontvangen",))


@extend(Mutation)
class Aanmeldwijzigingen:
    """Reporting."""

    @mutation(Persoon, requires=Aanmelding.schrijven, uitleg="Meld een inwoner aan bij uw team")
    @staticmethod
    def aanmelden(
        werk: Work,
        persoon: PersoonInvoer,
        contactgegevens: list[ContactgegevenInvoer] | None = None,
        melding: AanmeldingInvoer | None = None,
        team: UUID | None = None,
        bron: VanWie = None,
    ) -> UUID:
        """Finds or makes the resident, silently. `team` is needed only by who works for more than one."""
        bereik = [contactgegeven.gegevens() for contactgegeven in contactgegevens or ()]
        over = melding.gegevens() if melding else {}
        return aanmelden(werk, persoon.gegevens(), contactgegevens=bereik, melding=over, team=team, bron=of_professional(bron))

    @mutation(
        Aanmelding,
        requires=Aanmelding.schrijven,
        uitleg="Wijzig wat er over een open melding is gezegd, of vul aan wat nog niet was gevraagd. Stuur de versie mee die u las",
    )
    @staticmethod
    def aanmelding_wijzigen(werk: Work, aanmelding: UUID, versie: int, melding: AanmeldingInvoer) -> UUID:
        """Changes the fields that were given."""
        return wijzig(werk, aanmelding, versie, melding.gegevens())


Toelichting = Annotated[str | None, "Uitleg; verplicht bij de reden ANDERS"]


@extend(Mutation)
class Triagewijzigingen:
    """What comes of a report. A case that comes of it is opened with `dossierOpenen`."""

    @mutation(
        Aanmelding,
        requires=Aanmelding.schrijven,
        uitleg="Neem een melding in behandeling, zelf of door een collega van het team. Stuur de versie mee die u las",
    )
    @staticmethod
    def aanmelding_in_behandeling_nemen(
        werk: Work, aanmelding: UUID, versie: int, behandelaar: Annotated[UUID | None, "De collega; als u niets geeft: uzelf"] = None
    ) -> UUID:
        """Also to give it to another colleague."""
        return neem_in_behandeling(werk, aanmelding, versie, behandelaar)

    @mutation(
        Aanmelding,
        requires=Aanmelding.schrijven,
        uitleg="Wijs een melding af: er komt geen dossier. U kunt haar 42 dagen heropenen; daarna ziet uw team haar niet meer",
    )
    @staticmethod
    def aanmelding_afwijzen(werk: Work, aanmelding: UUID, versie: int, reden: Afhandelreden, toelichting: Toelichting = None) -> UUID:
        """No case."""
        return wijs_af(werk, aanmelding, versie, reden, toelichting)

    @mutation(
        Aanmelding,
        requires=Aanmelding.schrijven,
        uitleg="Breek een melding af, bijvoorbeeld omdat de inwoner stopt. Na 42 dagen ziet uw team haar niet meer",
    )
    @staticmethod
    def aanmelding_afbreken(werk: Work, aanmelding: UUID, versie: int, reden: Afhandelreden, toelichting: Toelichting = None) -> UUID:
        """Ended before anything came of it."""
        return breek_af(werk, aanmelding, versie, reden, toelichting)

    @mutation(
        Aanmelding,
        requires=Aanmelding.schrijven,
        uitleg="Verwijs de inwoner ergens anders heen. Er wordt niets verstuurd. Na 42 dagen ziet uw team de melding niet meer",
    )
    @staticmethod
    def aanmelding_verwijzen(
        werk: Work,
        aanmelding: UUID,
        versie: int,
        reden: Afhandelreden,
        toelichting: Annotated[str | None, "Uitleg; verplicht bij de reden ANDERS, en als u geen organisatie kiest"] = None,
        naar: Annotated[UUID | None, "De organisatie uit de sociale kaart"] = None,
    ) -> UUID:
        """To an organisation, or elsewhere in words."""
        return verwijs(werk, aanmelding, versie, reden, toelichting, naar=naar)

    @mutation(
        Aanmelding,
        requires=Aanmelding.schrijven,
        uitleg="Heropen een melding die zonder dossier is afgehandeld, binnen 42 dagen. Stuur de versie mee die u las",
    )
    @staticmethod
    def aanmelding_heropenen(werk: Work, aanmelding: UUID, versie: int) -> UUID:
        """As it was before."""
        return heropen(werk, aanmelding, versie)


PARTS = (Aanmeldvragen, Persoonsaanmeldingen, Dossieraanmeldingen, Aanmeldwijzigingen, Triagewijzigingen)
