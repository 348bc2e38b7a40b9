"""What the core declares, in one list: records, and the closed lists of access/register.py."""

from __future__ import annotations

from wijkwerk.aanmeldingen import Aanmelding
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.access.register import ACTIVITEITEN, CATEGORIEEN, DOELEN, ROLLEN
from wijkwerk.dossiers import Dossier, Dossierlid
from wijkwerk.hookspecs import Declaraties
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.importeren.verslag import Importbestand, Importregel
from wijkwerk.inzagelog import LOG_LEZEN
from wijkwerk.notities import Notitie, Notitieversie
from wijkwerk.organisaties import Aanstelling, Gebruiker, Organisatie, Team
from wijkwerk.personen import BSN_ZOEKEN, Persoon
from wijkwerk.tellingen import TELLINGEN_LEZEN
from wijkwerk.toestemmingen import Toestemming

CORE = Declaraties(
    records=(
        Organisatie, Team, Gebruiker, Aanstelling, Persoon, Huishoudlid, Betrokkenheid, Afscherming, Aanmelding, Dossier, Dossierlid,
        Notitie, Notitieversie, Toestemming, Importbestand, Importregel,
    ),
    permissions=(BSN_ZOEKEN, LOG_LEZEN, TELLINGEN_LEZEN),
    categorieen=CATEGORIEEN,
    doelen=DOELEN,
    activiteiten=ACTIVITEITEN,
    rollen=ROLLEN,
)  # fmt: skip
