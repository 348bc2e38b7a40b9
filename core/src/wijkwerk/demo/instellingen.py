"""Who works in the made-up neighbourhood: organisations, teams, and a user for every role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from wijkwerk.aanbod import Aanbodsoort, bied_aan
from wijkwerk.access.actor import Functie
from wijkwerk.demo.gebieden import GEMEENTE, richt_gebieden_in
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.organisaties import Organisatie, Organisatiesoort, Team
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.waarnemingen import neem_waar

GEMEENTENAAM, CBS_CODE = "Rotterdam", GEMEENTE[0]
"""The areas are real, and nothing else: no organisation, user or resident of the demo exists."""

ORGANISATIES: Mapping[str, tuple[str, Organisatiesoort]] = MappingProxyType(
    {
        "gemeente": ("Gemeente Rotterdam (verzonnen)", Organisatiesoort.GEMEENTE),
        "welzijn": ("Welzijn Rietvoorn", Organisatiesoort.WELZIJN),
        "zorg": ("Thuiszorg Rietoever", Organisatiesoort.ZORG),
        "vrijwilligers": ("Klussenwinkel De Oeverlibel", Organisatiesoort.VRIJWILLIGERS),
        "bewoners": ("Bewonersvereniging De Plas", Organisatiesoort.BEWONERS),
        "mantelzorg": ("Steunpunt Mantelzorg Wilgenroos", Organisatiesoort.OVERIG),
    }
)
TEAMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"noord": ("Wijkteam Overschie", "WK059904"), "zuid": ("Wijkteam IJsselmonde", "WK059912")}
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
    Medewerker("loket", "Lot Waterpeper", "INZAGELOKET"),
    Medewerker("archivaris", "Arie Gele Lis", "ARCHIVARIS"),
    Medewerker("partnerbeheer", "Pleun Waterweegbree", "PARTNER_BEHEER", "zorg"),
    Medewerker("import", "Systeem: gegevensimport", "IMPORT"),
)


INWONER = "inwoner"
"""The subject of the token of a resident who looks at the own data; nobody who works here may do that with the same account."""


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
    gebieden = richt_gebieden_in(work)
    for sleutel, (naam, gebied) in TEAMS.items():
        gemeente = instellingen.organisaties["gemeente"]
        work.add(Team(id=instellingen.teams[sleutel], naam=naam, organisatie_id=gemeente, gebied_id=gebieden[gebied]))
    sinds = work.actor.vandaag - timedelta(days=365)
    for medewerker in MEDEWERKERS:
        _stel_aan(work, instellingen, medewerker, issuer, sinds)
    work.flush()
    for sleutel, wat, titel, omschrijving, waar in AANBOD:
        gegevens = {"soort": wat, "naam": titel, "omschrijving": omschrijving, "gebied_id": gebieden[waar]}
        bied_aan(work, instellingen.organisaties[sleutel], gegevens)
    weg, terug = work.actor.vandaag + timedelta(days=14), work.actor.vandaag + timedelta(days=28)
    afwezig, vervanger = instellingen.gebruikers["regisseur-zuid"], instellingen.gebruikers["regisseur"]
    neem_waar(work, afwezig, vervanger, instellingen.organisaties["gemeente"], weg, terug)


AANBOD: tuple[tuple[str, Aanbodsoort, str, str, str], ...] = (
    ("welzijn", Aanbodsoort.ACTIVITEIT, "Koffie in het buurthuis", "Iedere dinsdagochtend. U hoeft zich niet aan te melden.", "BU05990451"),
    ("welzijn", Aanbodsoort.DIENST, "Hulp bij formulieren", "Een medewerker leest en schrijft met u mee.", "WK059904"),
    ("vrijwilligers", Aanbodsoort.DIENST, "Klussen in en om het huis", "Een vrijwilliger helpt met kleine klussen.", "GM0599"),
    ("bewoners", Aanbodsoort.GROEP, "Wandelgroep De Plas", "Samen wandelen, in een rustig tempo.", "BU05991284"),
    ("mantelzorg", Aanbodsoort.GROEP, "Gespreksgroep mantelzorg", "Voor wie voor iemand zorgt. Iedere maand.", "WK059912"),
)
"""The social map: of which organisation, what, and in which area."""


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
