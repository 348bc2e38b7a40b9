"""What the core declares, in one list: records, and the closed lists of access/register.py."""

from __future__ import annotations

from wijkwerk.aanbod import Aanbod
from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.access.grondslagen import GRONDSLAGEN
from wijkwerk.access.register import ACTIVITEITEN, ALLE_ORGANISATIES, CATEGORIEEN, DOELEN, INTERN, ROLLEN
from wijkwerk.afspraken.afspraak import Afspraak
from wijkwerk.belangenconflict import VASTLEGGEN as BELANGENCONFLICT
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstap
from wijkwerk.dossiers.overdracht import Overdracht
from wijkwerk.dubbelen import Dubbelvermoeden
from wijkwerk.gebieden import Gebied
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.gezag import Gezag
from wijkwerk.groepstoegang import Groepstoegang
from wijkwerk.hookspecs import Declaraties
from wijkwerk.huishoudens import Huishoudlid
from wijkwerk.importeren.verslag import Importbestand, Importregel
from wijkwerk.inwoners.einde import NAKIJKEN
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang
from wijkwerk.inzage.naamverzoek import EIGEN_INZAGE, INZAGE_BRIEF, NAMEN_BESLISSEN, Naamverzoek
from wijkwerk.inzendingen import OPRUIMEN as INZENDINGEN_OPRUIMEN
from wijkwerk.inzendingen import OPRUIMJOB as INZENDINGEN
from wijkwerk.jobs.loop import Jobloop
from wijkwerk.kalender.vrijedag import Vrijedag
from wijkwerk.noodtoegang.escaleren import NAKIJKEN as NOODTOEGANG_NAKIJKEN
from wijkwerk.noodtoegang.noodtoegang import NOODTOEGANG_BEOORDELEN, Noodpoging, Noodtoegang
from wijkwerk.notities.aantekenen import VERDWIJNEN as WERKAANTEKENINGEN_OPRUIMEN
from wijkwerk.notities.bijlage import Bijlage
from wijkwerk.notities.bijlagen_opruimen import BIJLAGEN_OPRUIMEN
from wijkwerk.notities.bijlagen_opruimen import OPRUIMEN as BIJLAGE_OPRUIMEN
from wijkwerk.notities.notitie import Aanvulling, Notitie, Notitielezer, Notitieversie
from wijkwerk.notities.verklaring import VERKLAREN, EigenVerklaring
from wijkwerk.notities.werkaantekening import Werkaantekening
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.nakijken import VERWERKEN
from wijkwerk.partners.toegangsverzoek import Toegangsverzoek
from wijkwerk.partners.verlopen import VERWIJZINGEN_VERLOPEN
from wijkwerk.partners.verwijzing import VERWIJZING_BESLUITEN, Verwijzing
from wijkwerk.personen import BSN_ZOEKEN, Persoon
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.opruimen import OPRUIMEN
from wijkwerk.post.soorten import BERICHTSOORTEN
from wijkwerk.post.verzending import Verzending
from wijkwerk.records.history import Wijziging
from wijkwerk.relaties import Partnerschap, Relatie
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.signalen.signaal import SIGNAAL_AFGEVEN, Meldcodestap, Signaal, Signaalmelder
from wijkwerk.sleutelbeheer.rotatie import Rotatie
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.taken.bronnen import WERKBRONNEN
from wijkwerk.taken.herinneren import HERINNEREN
from wijkwerk.taken.soorten import TAAKSOORTEN
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.tellingen import TELLINGEN_LEZEN
from wijkwerk.toestemmingen.tekst import Toestemmingstekst
from wijkwerk.toestemmingen.toestemming import INTREKKEN, Toestemming, Toestemminggever, Toestemmingsontvanger
from wijkwerk.toestemmingen.verlopen import VERLOPEN as TOESTEMMINGEN_VERLOPEN
from wijkwerk.toezicht.bewaren import LATEN_VERVALLEN
from wijkwerk.toezicht.bewaren import VERVALLEN as LOG_VERVALLEN
from wijkwerk.toezicht.inzagelog import LOG_LEZEN
from wijkwerk.toezicht.logbewaring import Logbewaring
from wijkwerk.toezicht.ontmaskering import ONTMASKEREN_BESLISSEN, Ontmaskering
from wijkwerk.uitleggen import TOEGANG_UITLEGGEN
from wijkwerk.vertegenwoordigingen import Ouderblokkade, Vertegenwoordiging, Wilsoordeel
from wijkwerk.verwerkingen import Beleidsversie, Registerversie
from wijkwerk.waarnemingen import Waarneming
from wijkwerk.zoeken.bekendheid import Bekendheidsvraag

CORE = Declaraties(
    records=(
        Gebied, Organisatie, Team, Aanbod, Gebruiker, Aanstelling, Waarneming, Persoon, Contactgegeven, Huishoudlid, Relatie,
        Partnerschap, Gezag, Vertegenwoordiging, Wilsoordeel, Ouderblokkade, Dubbelvermoeden, Samenvoeging, Wijziging, Bekendheidsvraag,
        Betrokkenheid, Afscherming, Dossier, Aanmelding, Dossierlid, Dossierstap, Overdracht, Notitie, Notitieversie, Aanvulling,
        Notitielezer, Bijlage, EigenVerklaring, Werkaantekening, Rotatie, Vernietiging, Toestemmingstekst,
        Toestemming, Toestemmingsontvanger, Toestemminggever, Koppeling, Verwijzing, Toegangsverzoek, Noodtoegang, Noodpoging,
        Inwonertoegang, Groepstoegang, Registerversie, Beleidsversie, Signaal, Signaalmelder, Meldcodestap, Vrijedag, Taak, AlgemeneTaak,
        Bericht, Afspraak, Notificatie, Verzending, Jobloop, Importbestand, Importregel, Ontmaskering, Logbewaring,
        Naamverzoek,
    ),
    permissions=(
        BSN_ZOEKEN, LOG_LEZEN, TELLINGEN_LEZEN, ALLE_ORGANISATIES, INTERN, BELANGENCONFLICT, SIGNAAL_AFGEVEN, INTREKKEN,
        VERWIJZING_BESLUITEN, NOODTOEGANG_BEOORDELEN, TOEGANG_UITLEGGEN, BIJLAGE_OPRUIMEN, INZENDINGEN_OPRUIMEN, VERKLAREN,
        ONTMASKEREN_BESLISSEN, EIGEN_INZAGE, INZAGE_BRIEF, NAMEN_BESLISSEN, LATEN_VERVALLEN,
    ),
    categorieen=CATEGORIEEN,
    grondslagen=GRONDSLAGEN,
    doelen=DOELEN,
    activiteiten=ACTIVITEITEN,
    rollen=ROLLEN,
    taaksoorten=TAAKSOORTEN,
    berichtsoorten=BERICHTSOORTEN,
    werkbronnen=WERKBRONNEN,
    jobs=(
        HERINNEREN, OPRUIMEN, TOESTEMMINGEN_VERLOPEN, VERWIJZINGEN_VERLOPEN, VERWERKEN, NOODTOEGANG_NAKIJKEN, NAKIJKEN,
        INZENDINGEN, BIJLAGEN_OPRUIMEN, WERKAANTEKENINGEN_OPRUIMEN, LOG_VERVALLEN,
    ),
)  # fmt: skip
