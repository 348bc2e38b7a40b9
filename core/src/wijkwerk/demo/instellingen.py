"""Who works in the made-up neighbourhood: organisations, teams, and a user for every role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from wijkwerk.access.actor import Functie
from wijkwerk.gebieden import Gebied, Gebiedsbron, Gebiedsoort
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

GEMEENTENAAM, CBS_CODE = "Waterrijk", "GM9999"
"""A municipality that does not exist; CBS gives no codes this high."""

ORGANISATIES: Mapping[str, tuple[str, Organisatiesoort]] = MappingProxyType(
    {
        "gemeente": ("Gemeente Waterrijk", Organisatiesoort.GEMEENTE),
        "welzijn": ("Welzijn Waterrijk", Organisatiesoort.WELZIJN),
        "zorg": ("Thuiszorg Rietoever", Organisatiesoort.ZORG),
        "vrijwilligers": ("Klussenwinkel Waterrijk", Organisatiesoort.VRIJWILLIGERS),
        "bewoners": ("Bewonersvereniging De Plas", Organisatiesoort.BEWONERS),
        "mantelzorg": ("Steunpunt Mantelzorg Waterrijk", Organisatiesoort.OVERIG),
    }
)
TEAMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"noord": ("Wijkteam Waterrijk-Noord", "WK999901"), "zuid": ("Wijkteam Waterrijk-Zuid", "WK999902")}
)
"""The teams of the municipality: name, and the code of the area."""


@dataclass(frozen=True, slots=True)
class Medewerker:
    """Somebody who works there. `onderwerp` is the subject of the token, and how the demo calls this user."""

    onderwerp: str
    naam: str
    rol: str
    organisatie: str = "gemeente"
    team: str | None = None


BEHEERDER = Medewerker("beheer", "Beer Hazelaar", "BEHEER")
MEDEWERKERS: tuple[Medewerker, ...] = (
    Medewerker("wijkteam", "Wies Oeverzwaluw", "WIJKTEAM", team="noord"),
    Medewerker("regisseur", "Rik Zonnedauw", "REGISSEUR", team="noord"),
    Medewerker("teamleider", "Tess Veenpluis", "TEAMLEIDER", team="noord"),
    Medewerker("wijkteam-zuid", "Wout Kikkerbeet", "WIJKTEAM", team="zuid"),
    Medewerker("regisseur-zuid", "Rosa Watermunt", "REGISSEUR", team="zuid"),
    Medewerker("crisisdienst", "Chris Zegge", "CRISISDIENST"),
    Medewerker("klantmanager", "Karin Moerasvaren", "KLANTMANAGER"),
    Medewerker("peercoach", "Pim Gagel", "PEERCOACH", "welzijn"),
    Medewerker("buurtcoach", "Bo Lepelblad", "BUURTCOACH", "welzijn"),
    Medewerker("dock", "Doutzen Zwanenbloem", "DOCK", "welzijn"),
    Medewerker("zorg", "Zita Waterdrieblad", "ZORG", "zorg"),
    Medewerker("vrijwilligers", "Vos Egelskop", "VRIJW_COORD", "vrijwilligers"),
    Medewerker("mantelzorg", "Maud Moerasspirea", "MZ_CONSULENT", "mantelzorg"),
    Medewerker("groepshost", "Gerrit Kalmoes", "GROEPSHOST", "bewoners"),
    Medewerker("gebied", "Gwen Beekpunge", "GEBIED"),
    BEHEERDER,
    Medewerker("fg", "Floor Glidkruid", "FG"),
    Medewerker("privacy", "Pia Wateraardbei", "PRIVACY_OFFICER"),
    Medewerker("archivaris", "Arie Gele Lis", "ARCHIVARIS"),
    Medewerker("partnerbeheer", "Pleun Waterweegbree", "PARTNER_BEHEER", "zorg"),
    Medewerker("import", "Systeem: gegevensimport", "IMPORT"),
)


@dataclass(frozen=True, slots=True)
class Instellingen:
    """The ids of what was put in, by the names above."""

    organisaties: Mapping[str, UUID]
    teams: Mapping[str, UUID]
    gebruikers: Mapping[str, UUID]

    @classmethod
    def nieuw(cls) -> Instellingen:
        """Fresh ids for all of them."""
        return cls(
            {name: nieuw_id() for name in ORGANISATIES},
            {name: nieuw_id() for name in TEAMS},
            {one.onderwerp: nieuw_id() for one in MEDEWERKERS},
        )

    def functie(self, medewerker: Medewerker) -> Functie:
        """What this user is, for the actor of a request."""
        team = self.teams[medewerker.team] if medewerker.team else None
        return Functie(medewerker.rol, self.organisaties[medewerker.organisatie], team)


def richt_in(work: Work, instellingen: Instellingen, issuer: str) -> None:
    """Put all of them in; the actor is the functional administrator. `issuer` is whose tokens name these users."""
    for sleutel, (naam, soort) in ORGANISATIES.items():
        eigen = instellingen.organisaties[sleutel]
        work.add(Organisatie(id=eigen, naam=naam, soort=soort, verantwoordelijke_id=eigen))
    gebieden = {code: nieuw_id() for _, code in TEAMS.values()}
    for code, id in gebieden.items():
        work.add(Gebied(id=id, code=code, naam=code, soort=Gebiedsoort.WIJK, herkomst=Gebiedsbron.CBS, van=date(2020, 1, 1)))
    for sleutel, (naam, gebied) in TEAMS.items():
        gemeente = instellingen.organisaties["gemeente"]
        work.add(Team(id=instellingen.teams[sleutel], naam=naam, organisatie_id=gemeente, gebied_id=gebieden[gebied]))
    sinds = work.actor.vandaag - timedelta(days=365)
    for medewerker in MEDEWERKERS:
        _stel_aan(work, instellingen, medewerker, issuer, sinds)


def _stel_aan(work: Work, instellingen: Instellingen, medewerker: Medewerker, issuer: str, sinds: date) -> None:
    gebruiker, functie = instellingen.gebruikers[medewerker.onderwerp], instellingen.functie(medewerker)
    work.add(
        Gebruiker(
            id=gebruiker, naam=medewerker.naam, issuer=issuer, onderwerp=medewerker.onderwerp, verantwoordelijke_id=functie.organisatie
        )
    )  # fmt: skip
    work.grant(
        Aanstelling(
            gebruiker_id=gebruiker, naam=medewerker.naam, organisatie_id=functie.organisatie, team_id=functie.team, rol=medewerker.rol,
            van=sinds, verantwoordelijke_id=functie.organisatie,
        )
    )  # fmt: skip
