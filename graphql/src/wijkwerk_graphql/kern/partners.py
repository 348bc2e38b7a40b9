"""Partners of a case: coupled, or asked by a referral that they decide about themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import Niveau
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.partners import besluiten, koppelen, verwijzen
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.ontvangstbewijs import ontvangstbewijzen
from wijkwerk.partners.verwijzing import VERWIJZING_BESLUITEN, Eindreden, Verwijzing, Verwijzingstatus
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk_graphql.kern.codes import Doelcode, Soorten
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst

_VERSIE = "Stuur de versie mee die u las"
Hoogte = Annotated[int, "Tot welk niveau de partner gegevens ziet, van 1 tot en met 6"]
Rol = Annotated[str | None, "Alleen wie daar deze rol heeft; leeg is voor iedereen die er voor dit doel werkt"]


@uitkomst(requires=Verwijzing.lezen)
class Ontvangstbewijs:
    """Wat een partner met een verwijzing heeft aangenomen. Na een beperking staat hier wat er over is."""

    verwijzing: Annotated[UUID, "Welke verwijzing"]
    organisatie: Annotated[UUID, "Welke organisatie haar aannam"]
    rol: Annotated[str | None, "Voor welke rol; leeg is voor iedereen"]
    doel: Annotated[str, "Waarvoor de partner de gegevens gebruikt"]
    categorieen: Annotated[list[str], "Welke soorten gegevens de partner ziet"]
    niveau: Annotated[int, "Tot welk niveau"]
    grondslag: Annotated[str, "Op welke wettelijke grondslag, en welke versie daarvan"]
    uitleg: Annotated[str, "Waarom dit mag, in woorden voor de inwoner"]
    aangenomen_op: Annotated[datetime, "Wanneer de partner haar aannam"]
    door: Annotated[UUID | None, "Wie bij de partner; leeg als u dat niet mag zien"]
    tot: Annotated[date, "Tot en met welke dag"]
    geeindigd_op: Annotated[datetime | None, "Wanneer de verwijzing eerder eindigde"]


@filterinvoer(Verwijzing)
class VerwijzingenFilter(Invoer):
    """Welke verwijzingen u wilt zien."""

    status = Zoekveld("status", "een_van", uitleg="Waar de verwijzing staat: een of meer", soort=list[Verwijzingstatus])


@extend(Query)
class Partnervragen:
    """Finding referrals: a partner its own, the municipality those of its cases."""

    verwijzingen = connection(
        Verwijzing, uitleg="Verwijzingen aan uw organisatie, of van inwoners bij wie u betrokken bent, nieuwste eerst",
        order=("-aangeboden_op",), filters=VerwijzingenFilter,
    )  # fmt: skip

    @field(Verwijzing | None, requires=Verwijzing.lezen, uitleg="Een verwijzing die u mag zien")
    @staticmethod
    def verwijzing(lezer: Lezing, id: UUID) -> Row | None:
        """One referral, or nothing."""
        return lezer.een(Verwijzing, id)


@extend(Dossier)
class Dossierpartners:
    """Partners in a case."""

    koppelingen = related(Koppeling, by="dossier_id", uitleg="De partners die in dit dossier meewerken of meewerkten", order=("-van",))
    verwijzingen = related(Verwijzing, by="dossier_id", uitleg="De verwijzingen uit dit dossier", order=("-aangeboden_op",))


@extend(Persoon)
class Persoonspartners:
    """Partners of a resident."""

    koppelingen = related(Koppeling, by="persoon_id", uitleg="De partners die bij deze inwoner meewerken of meewerkten", order=("-van",))
    verwijzingen = related(Verwijzing, by="persoon_id", uitleg="De verwijzingen van deze inwoner", order=("-aangeboden_op",))


@extend(Verwijzing)
class Verwijzingvelden:
    """The receipt."""

    @batch(Ontvangstbewijs | None, requires=Verwijzing.lezen, uitleg="Wat de partner aannam; leeg zolang die niet heeft aangenomen")
    @staticmethod
    def ontvangstbewijs(verwijzingen: list[Row], lezer: Lezing) -> list[Ontvangstbewijs | None]:
        """Told from the rows."""
        return [None if each is None else _bewijs(each) for each in ontvangstbewijzen(lezer.reader, [row.id for row in verwijzingen])]


@extend(Mutation)
class Koppelwijzigingen:
    """By casusregisseurs."""

    @mutation(Koppeling, requires=Koppeling.schrijven, uitleg="Laat een partner meewerken bij een inwoner van een dossier, voor een doel")
    @staticmethod
    def partner_koppelen(
        werk: Work,
        dossier: UUID,
        persoon: UUID,
        partij: Annotated[UUID, "De organisatie, of een team of medewerker daarvan"],
        niveau: Hoogte,
        doel: Doelcode,
        categorieen: Soorten,
        soort: Annotated[Partijsoort, "Wat de partij is"] = Partijsoort.ORGANISATIE,
        organisatie: Annotated[UUID | None, "Bij een team of medewerker: van welke organisatie"] = None,
        rol: Rol = None,
        tot: Annotated[datetime | None, "Tot welk moment; leeg is tot u de koppeling beëindigt"] = None,
    ) -> UUID:
        """A new coupling."""
        wie = Partij(partij, soort, _niveau(niveau))
        return koppelen.koppel(werk, dossier, persoon, wie, doel, categorieen, tot, organisatie=organisatie, rol=rol)

    @mutation(Koppeling, requires=Koppeling.schrijven, uitleg=f"Beëindig een koppeling met een partner. {_VERSIE}")
    @staticmethod
    def koppeling_beeindigen(werk: Work, koppeling: UUID, versie: int) -> UUID:
        """The partner's next request is refused."""
        return koppelen.beeindig(werk, koppeling, versie)


@extend(Mutation)
class Verwijswijzigingen:
    """By casusregisseurs."""

    @mutation(
        Verwijzing,
        requires=Verwijzing.schrijven,
        uitleg="Vraag een partner om een inwoner te helpen. Tot de partner besluit, ziet die alleen uw vraag en de roepnaam",
    )
    @staticmethod
    def inwoner_verwijzen(
        werk: Work,
        dossier: UUID,
        persoon: UUID,
        organisatie: Annotated[UUID, "Aan welke partner"],
        vraag: Annotated[str, "Wat u de partner vraagt"],
        doel: Doelcode,
        categorieen: Annotated[
            list[str], "Welke soorten gegevens de partner na het aannemen ziet, naast IDENTITEIT: codes uit `gegevenscategorieen`"
        ],
        niveau: Hoogte,
        tot: Annotated[date, "Tot en met welke dag, hoogstens een jaar"],
        rol: Rol = None,
        toestemming: Annotated[UUID | None, "De toestemming waarop dit rust, als het doel die nodig heeft"] = None,
    ) -> UUID:
        """An offer."""
        aanbod = verwijzen.Aanbod(organisatie, doel, categorieen, _niveau(niveau), tot, rol, toestemming)
        return verwijzen.verwijs(werk, dossier, persoon, vraag, aanbod)

    @mutation(Verwijzing, requires=Verwijzing.schrijven, uitleg=f"Trek een verwijzing in. De partner ziet daarna niets meer. {_VERSIE}")
    @staticmethod
    def verwijzing_intrekken(
        werk: Work,
        verwijzing: UUID,
        versie: int,
        reden: Annotated[Eindreden, f"Kies uit: {', '.join(sorted(verwijzen.REDENEN))}"],
    ) -> UUID:
        """The partner's next request is refused."""
        return verwijzen.trek_in(werk, verwijzing, versie, reden)

    @mutation(
        Verwijzing,
        requires=Verwijzing.schrijven,
        uitleg=f"Laat een partner minder zien. Meer kan niet: maak daarvoor een nieuwe verwijzing. {_VERSIE}",
    )
    @staticmethod
    def verwijzing_beperken(
        werk: Work,
        verwijzing: UUID,
        versie: int,
        categorieen: Annotated[list[str] | None, "Welke soorten gegevens er overblijven; leeg is dezelfde"] = None,
        niveau: Annotated[int | None, "Een lager niveau; leeg is hetzelfde"] = None,
        tot: Annotated[date | None, "Een eerdere laatste dag; leeg is dezelfde"] = None,
    ) -> UUID:
        """Less from now on."""
        given: dict[str, Any] = {"categorieen": categorieen, "niveau": niveau, "tot": tot}
        return verwijzen.beperk(werk, verwijzing, versie, {naam: waarde for naam, waarde in given.items() if waarde is not None})


@extend(Mutation)
class Partnerbesluiten:
    """By partners. Who declines or has finished sees the referral no more: the answer is its id."""

    @mutation(Verwijzing, requires=VERWIJZING_BESLUITEN, uitleg=f"Neem een verwijzing aan. {_VERSIE}")
    @staticmethod
    def verwijzing_aannemen(werk: Work, verwijzing: UUID, versie: int, antwoord: str | None = None) -> UUID:
        """What it names is open."""
        return besluiten.neem_aan(werk, verwijzing, versie, antwoord)

    @mutation(UUID, requires=VERWIJZING_BESLUITEN, uitleg=f"Weiger een verwijzing. U ziet haar daarna niet meer. {_VERSIE}")
    @staticmethod
    def verwijzing_weigeren(
        werk: Work, verwijzing: UUID, versie: int, antwoord: Annotated[str, "Waarom, zodat het wijkteam verder kan zoeken"]
    ) -> UUID:
        """Nothing is open any more."""
        return besluiten.weiger(werk, verwijzing, versie, antwoord)

    @mutation(UUID, requires=VERWIJZING_BESLUITEN, uitleg=f"Rond een verwijzing af. U ziet de inwoner daardoor niet meer. {_VERSIE}")
    @staticmethod
    def verwijzing_afronden(werk: Work, verwijzing: UUID, versie: int, antwoord: str | None = None) -> UUID:
        """Nothing is open any more."""
        return besluiten.rond_af(werk, verwijzing, versie, antwoord)


def _niveau(niveau: int) -> Niveau:
    if niveau not in set(Niveau):
        raise OngeldigeInvoer("Een niveau is een getal van 1 tot en met 6.", veld="niveau")
    return Niveau(niveau)


def _bewijs(each: Any) -> Ontvangstbewijs:
    return Ontvangstbewijs(
        verwijzing=each.verwijzing, organisatie=each.organisatie, rol=each.rol, doel=each.doel, categorieen=list(each.categorieen),
        niveau=each.niveau, grondslag=each.grondslag, uitleg=each.uitleg, aangenomen_op=each.aangenomen_op, door=each.door, tot=each.tot,
        geeindigd_op=each.geeindigd_op,
    )  # fmt: skip


PARTS = (
    Partnervragen, Dossierpartners, Persoonspartners, Verwijzingvelden, Koppelwijzigingen, Verwijswijzigingen, Partnerbesluiten,
)  # fmt: skip
