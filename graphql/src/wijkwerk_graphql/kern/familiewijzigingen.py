"""Changes in households, family, gezag and representation: each a thin call to the service of the core."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wijkwerk import gezag as gezagen
from wijkwerk import huishoudens, partnerschappen, relaties, vertegenwoordigingen
from wijkwerk.gezag import Gezag
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol, Huishoudsoort
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Partnerschap, Relatie, Relatiesoort
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Ouderblokkade, Vertegenwoordiging, Wilsoordeel
from wijkwerk_graphql.schema.fields import Mutation, extend, mutation
from wijkwerk_graphql.schema.inputs import Invoer, invoer


@invoer(Huishoudlid, velden=huishoudens.WIJZIGBAAR)
class HuishoudlidWijziging(Invoer):
    """Wat er verandert aan het lidmaatschap van een huishouden. De soort verandert voor alle leden. Wat u weglaat, blijft."""


@invoer(Relatie, velden=relaties.WIJZIGBAAR)
class RelatieWijziging(Invoer):
    """Wat er verandert aan een relatie, zoals die is vastgelegd. Wat u weglaat, blijft."""


@invoer(Partnerschap, velden=partnerschappen.INVOER, verplicht=("soort_verbintenis",))
class PartnerschapInvoer(Invoer):
    """Een huwelijk of geregistreerd partnerschap. Laat de naam weg als de partner inwoner is."""


@invoer(Partnerschap, velden=partnerschappen.INVOER)
class PartnerschapWijziging(Invoer):
    """Wat er verandert aan een huwelijk of geregistreerd partnerschap. Wat u weglaat, blijft."""


@invoer(Gezag, velden=gezagen.WIJZIGBAAR)
class GezagInvoer(Invoer):
    """Het gezag over een kind: de soort, of de code van de basisregistratie. Bij een wijziging blijft wat u weglaat."""


@extend(Mutation)
class Huishoudwijzigingen:
    """Households."""

    @mutation(Huishoudlid, requires=Huishoudlid.schrijven, uitleg="Zet een inwoner in een huishouden; zonder huishouden in een nieuw")
    @staticmethod
    def huishoudlid_toevoegen(
        werk: Work,
        persoon: UUID,
        rol: Huishoudrol,
        van: date,
        huishouden: UUID | None = None,
        soort: Huishoudsoort | None = None,
        tot: date | None = None,
    ) -> UUID:
        """A new membership."""
        return huishoudens.voeg_toe(werk, persoon, huishouden, rol, van, soort, tot)

    @mutation(Huishoudlid, requires=Huishoudlid.schrijven, uitleg="Een inwoner gaat weg uit een huishouden. Stuur de versie mee die u las")
    @staticmethod
    def huishoudlid_vertrekt(werk: Work, id: UUID, versie: int, tot: date) -> UUID:
        """The last day."""
        return huishoudens.vertrek(werk, id, versie, tot)

    @mutation(Huishoudlid, requires=Huishoudlid.schrijven, uitleg="Wijzig een lidmaatschap van een huishouden. Stuur de versie mee")
    @staticmethod
    def huishoudlid_wijzigen(werk: Work, id: UUID, versie: int, lid: HuishoudlidWijziging) -> UUID:
        """Changes the fields that were given."""
        return huishoudens.wijzig(werk, id, versie, lid.gegevens())


@extend(Mutation)
class Relatiewijzigingen:
    """Family and partners."""

    @mutation(Relatie, requires=Relatie.schrijven, uitleg="Leg vast wat een andere inwoner is van een inwoner")
    @staticmethod
    def relatie_vastleggen(
        werk: Work,
        persoon: UUID,
        ander: UUID,
        soort: Relatiesoort,
        gezag: bool = False,
        van: date | None = None,
        tot: date | None = None,
    ) -> UUID:
        """A new relation."""
        return relaties.leg_vast(werk, persoon, ander, soort, gezag=gezag, van=van, tot=tot)

    @mutation(Relatie, requires=Relatie.schrijven, uitleg="Wijzig een relatie. Stuur de versie mee die u las")
    @staticmethod
    def relatie_wijzigen(werk: Work, id: UUID, versie: int, relatie: RelatieWijziging) -> UUID:
        """Changes the fields that were given."""
        return relaties.wijzig(werk, id, versie, relatie.gegevens())

    @mutation(Relatie, requires=Relatie.schrijven, uitleg="Beëindig een relatie. Stuur de versie mee die u las")
    @staticmethod
    def relatie_beeindigen(werk: Work, id: UUID, versie: int, tot: date) -> UUID:
        """The last day."""
        return relaties.beeindig(werk, id, versie, tot)

    @mutation(Partnerschap, requires=Partnerschap.schrijven, uitleg="Leg een huwelijk of geregistreerd partnerschap vast")
    @staticmethod
    def partnerschap_vastleggen(werk: Work, persoon: UUID, partnerschap: PartnerschapInvoer, partner: UUID | None = None) -> UUID:
        """A new partnership; the names of both follow."""
        return partnerschappen.leg_vast(werk, persoon, partnerschap.gegevens(), partner=partner)

    @mutation(Partnerschap, requires=Partnerschap.schrijven, uitleg="Wijzig een huwelijk of partnerschap. Stuur de versie mee die u las")
    @staticmethod
    def partnerschap_wijzigen(werk: Work, id: UUID, versie: int, partnerschap: PartnerschapWijziging) -> UUID:
        """Changes the fields that were given; the names of both follow."""
        return partnerschappen.wijzig(werk, id, versie, partnerschap.gegevens())

    @mutation(
        Partnerschap, requires=Partnerschap.schrijven, uitleg="Een huwelijk of partnerschap is voorbij. Stuur de versie mee die u las"
    )
    @staticmethod
    def partnerschap_ontbinden(werk: Work, id: UUID, versie: int, datum: Datum) -> UUID:
        """On a date that may be incomplete."""
        return partnerschappen.ontbind(werk, id, versie, datum)


@extend(Mutation)
class Gezagwijzigingen:
    """Gezag, representatives, judgements and blocks."""

    @mutation(Gezag, requires=Gezag.schrijven, uitleg="Leg het gezag over een kind vast")
    @staticmethod
    def gezag_vastleggen(werk: Work, kind: UUID, gezag: GezagInvoer) -> UUID:
        """A new gezag."""
        return gezagen.leg_vast(werk, kind, **gezag.gegevens())

    @mutation(Gezag, requires=Gezag.schrijven, uitleg="Wijzig het gezag over een kind. Stuur de versie mee die u las")
    @staticmethod
    def gezag_wijzigen(werk: Work, id: UUID, versie: int, gezag: GezagInvoer) -> UUID:
        """Changes the fields that were given."""
        return gezagen.wijzig(werk, id, versie, gezag.gegevens())

    @mutation(Gezag, requires=Gezag.schrijven, uitleg="Beëindig het gezag over een kind. Stuur de versie mee die u las")
    @staticmethod
    def gezag_beeindigen(werk: Work, id: UUID, versie: int, tot: date) -> UUID:
        """The last day."""
        return gezagen.beeindig(werk, id, versie, tot)

    @mutation(
        Vertegenwoordiging, requires=Vertegenwoordiging.schrijven, uitleg="Leg vast wie een inwoner vertegenwoordigt. U zag het bewijs"
    )
    @staticmethod
    def vertegenwoordiging_vastleggen(
        werk: Work,
        persoon: UUID,
        hoedanigheid: Hoedanigheid,
        bewijs: str,
        van: date,
        tot: date | None = None,
        vertegenwoordiger: UUID | None = None,
        naam: str | None = None,
    ) -> UUID:
        """A new representation."""
        return vertegenwoordigingen.leg_vast(werk, persoon, hoedanigheid, bewijs, van, tot, vertegenwoordiger=vertegenwoordiger, naam=naam)

    @mutation(Vertegenwoordiging, requires=Vertegenwoordiging.schrijven, uitleg="Beëindig een vertegenwoordiging. Stuur de versie mee")
    @staticmethod
    def vertegenwoordiging_beeindigen(werk: Work, id: UUID, versie: int, tot: date) -> UUID:
        """The last day."""
        return vertegenwoordigingen.beeindig(werk, id, versie, tot)

    @mutation(Wilsoordeel, requires=Wilsoordeel.schrijven, uitleg="Leg uw oordeel vast of een inwoner een beslissing zelf kan overzien")
    @staticmethod
    def wilsoordeel_vastleggen(
        werk: Work, persoon: UUID, handeling: Handeling, in_staat: bool, motivering: str, op: date | None = None
    ) -> UUID:
        """A new judgement."""
        return vertegenwoordigingen.oordeel(werk, persoon, handeling, in_staat, motivering, op)

    @mutation(Ouderblokkade, requires=Ouderblokkade.schrijven, uitleg="Een ouder mag de gegevens van een kind niet inzien, met een reden")
    @staticmethod
    def ouder_blokkeren(werk: Work, kind: UUID, reden: str, van: date, ouder: UUID | None = None, naam: str | None = None) -> UUID:
        """A new block."""
        return vertegenwoordigingen.blokkeer(werk, kind, reden, van, ouder=ouder, naam=naam)

    @mutation(Ouderblokkade, requires=Ouderblokkade.schrijven, uitleg="Een ouder mag de gegevens van een kind weer inzien, met een reden")
    @staticmethod
    def ouderblokkade_opheffen(werk: Work, id: UUID, versie: int, tot: date, reden: str) -> UUID:
        """The last day of the block."""
        return vertegenwoordigingen.hef_op(werk, id, versie, tot, reden)
