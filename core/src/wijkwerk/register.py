"""What the core declares, in one list: records, and the closed lists of access/register.py."""

from __future__ import annotations

from wijkwerk.aanbod import Aanbod
from wijkwerk.aanmeldingen import Aanmelding
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.access.register import ACTIVITEITEN, ALLE_ORGANISATIES, CATEGORIEEN, DOELEN, ROLLEN
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers import Dossier, Dossierlid
from wijkwerk.dubbelen import Dubbelvermoeden
from wijkwerk.gebieden import Gebied
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.gezag import Gezag
from wijkwerk.hookspecs import Declaraties
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.importeren.verslag import Importbestand, Importregel
from wijkwerk.inzagelog import LOG_LEZEN
from wijkwerk.notities import Notitie, Notitieversie
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.personen import BSN_ZOEKEN, Persoon
from wijkwerk.records.history import Wijziging
from wijkwerk.relaties import Partnerschap, Relatie
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.tellingen import TELLINGEN_LEZEN
from wijkwerk.toestemmingen import Toestemming
from wijkwerk.vertegenwoordigingen import Ouderblokkade, Vertegenwoordiging, Wilsoordeel
from wijkwerk.waarnemingen import Waarneming
from wijkwerk.zoeken.bekendheid import Bekendheidsvraag

CORE = Declaraties(
    records=(
        Gebied, Organisatie, Team, Aanbod, Gebruiker, Aanstelling, Waarneming, Persoon, Contactgegeven, Huishoudlid, Relatie, Partnerschap,
        Gezag, Vertegenwoordiging, Wilsoordeel, Ouderblokkade, Dubbelvermoeden, Samenvoeging, Wijziging, Bekendheidsvraag, Betrokkenheid,
        Afscherming, Aanmelding, Dossier, Dossierlid, Notitie, Notitieversie, Toestemming, Importbestand, Importregel,
    ),
    permissions=(BSN_ZOEKEN, LOG_LEZEN, TELLINGEN_LEZEN, ALLE_ORGANISATIES),
    categorieen=CATEGORIEEN,
    doelen=DOELEN,
    activiteiten=ACTIVITEITEN,
    rollen=ROLLEN,
)  # fmt: skip
