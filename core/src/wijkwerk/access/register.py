"""The closed lists of the core: categories, purposes, activities and roles (domain.md 2.2, 2.6, 9.6). Plugins add their own."""

from __future__ import annotations

from wijkwerk.access import grondslagen
from wijkwerk.access.levels import N0, N1, N2, N3, N4, N5, N6, N7
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein
from wijkwerk.access.roles import Rol

IDENTITEIT = Categorie("IDENTITEIT", "Wie u bent: uw naam, geboortedatum en hoe we u aanspreken")
CONTACT = Categorie("CONTACT", "Hoe we u bereiken: telefoon en e-mail")
ADRES = Categorie("ADRES", "Waar u woont")
BSN = Categorie("BSN", "Uw burgerservicenummer")
HUISHOUDEN = Categorie("HUISHOUDEN", "Met wie u samenwoont")
FAMILIE = Categorie("FAMILIE", "Wie uw familie is, en wie voor u mag beslissen")
PLANNING = Categorie("PLANNING", "Afspraken en wanneer u beschikbaar bent")
ADL = Categorie("ADL", "Wat u in het dagelijks leven zelf kunt en waarbij u hulp nodig hebt")
GEZONDHEID = Categorie("GEZONDHEID", "Uw gezondheid", bijzonder=True)
FINANCIEN = Categorie("FINANCIEN", "Uw geldzaken")
UITKERING = Categorie("UITKERING", "Uw uitkering", domein=Domein.PW)
TAAL_EN_OPLEIDING = Categorie("TAAL_EN_OPLEIDING", "Uw taal en opleiding")
BELEMMERINGEN = Categorie("BELEMMERINGEN", "Wat u in de weg staat om mee te doen")
PLAN_EN_DOELEN = Categorie("PLAN_EN_DOELEN", "Uw plan, uw doelen en uw dossier bij het wijkteam")
CONTACTVERSLAGEN = Categorie("CONTACTVERSLAGEN", "Verslagen van gesprekken met u")
WERKAANTEKENINGEN = Categorie("WERKAANTEKENINGEN", "Geheugensteuntjes van een medewerker")
VEILIGHEID = Categorie("VEILIGHEID", "Uw veiligheid", bijzonder=True, vertrouwelijk=True)
BETROKKENEN = Categorie("BETROKKENEN", "Welke mensen en organisaties bij u betrokken zijn")
TOESTEMMINGEN = Categorie("TOESTEMMINGEN", "Waarvoor u toestemming hebt gegeven")

WMO_ONDERZOEK = Doel(
    "WMO_ONDERZOEK", "Onderzoeken welke hulp u nodig hebt en die hulp regelen", Domein.WMO, grondslagen.WMO_ONDERZOEK,
    (IDENTITEIT, CONTACT, ADRES, BSN, HUISHOUDEN, FAMILIE, PLANNING, ADL, GEZONDHEID, FINANCIEN, TAAL_EN_OPLEIDING, BELEMMERINGEN,
     PLAN_EN_DOELEN, CONTACTVERSLAGEN, WERKAANTEKENINGEN, VEILIGHEID, BETROKKENEN, TOESTEMMINGEN),
)  # fmt: skip
WMO_ALG_VOORZIENING = Doel(
    "WMO_ALG_VOORZIENING", "Meedoen aan een algemene voorziening in de buurt", Domein.WMO, grondslagen.WMO_ALG_VOORZIENING,
    (IDENTITEIT, CONTACT, PLANNING), koppelbaar=True,
)  # fmt: skip
ZORG_UITWISSELING = Doel(
    "ZORG_UITWISSELING", "Gegevens delen met uw zorgverlener", Domein.ZORG, grondslagen.ZORG_UITWISSELING,
    (IDENTITEIT, CONTACT, PLANNING, ADL, GEZONDHEID, CONTACTVERSLAGEN),
)  # fmt: skip
PW_UITVOERING = Doel(
    "PW_UITVOERING", "Uw uitkering en uw participatie", Domein.PW, grondslagen.PW_UITVOERING,
    (IDENTITEIT, CONTACT, ADRES, BSN, UITKERING, BELEMMERINGEN, PLANNING),
)  # fmt: skip
PW_DERDEN = Doel(
    "PW_DERDEN", "Hulp van een peer coach bij uw participatie", Domein.PW, grondslagen.PW_DERDEN, (IDENTITEIT, CONTACT, PLANNING),
)  # fmt: skip
VRIJWILLIGER = Doel(
    "VRIJWILLIGER", "Uw vrijwilligerswerk", Domein.VRIJWILLIGER, grondslagen.VRIJWILLIGER, (IDENTITEIT, CONTACT, PLANNING), koppelbaar=True,
)  # fmt: skip
BUURTGROEP = Doel("BUURTGROEP", "Meedoen aan een buurtgroep", Domein.BUURT, grondslagen.BUURTGROEP, (IDENTITEIT,), koppelbaar=True)
INZAGE = Doel(
    "INZAGE", "Uw eigen gegevens bekijken", Domein.INZAGE, grondslagen.INZAGE,
    (IDENTITEIT, CONTACT, ADRES, BSN, PLANNING, PLAN_EN_DOELEN, BETROKKENEN, TOESTEMMINGEN),
)  # fmt: skip
"""What somebody sees of oneself without asking. Notes and what was said by others are weighed first, at a request (Wmo 2015 art. 5.3.2)."""

DOELEN = (WMO_ONDERZOEK, WMO_ALG_VOORZIENING, ZORG_UITWISSELING, PW_UITVOERING, PW_DERDEN, VRIJWILLIGER, BUURTGROEP, INZAGE)
CATEGORIEEN = tuple(dict.fromkeys(categorie for doel in DOELEN for categorie in doel.categorieen))

ACTIVITEITEN = (
    Activiteit("WMO_ONDERSTEUNING", "Ondersteuning door het wijkteam", (WMO_ONDERZOEK,)),
    Activiteit("WELZIJNSWERK", "Algemene voorzieningen in de buurt", (WMO_ALG_VOORZIENING,)),
    Activiteit("ZORGVERLENING", "Zorg door een zorginstelling", (ZORG_UITWISSELING,)),
    Activiteit("PARTICIPATIE", "Uitvoering van de Participatiewet", (PW_UITVOERING,)),
    Activiteit("PEERCOACHING", "Hulp van een peer coach", (PW_DERDEN,)),
    Activiteit("VRIJWILLIGERSWERK", "Bemiddeling van vrijwilligers", (VRIJWILLIGER,)),
    Activiteit("BUURTWERK", "Buurtgroepen", (BUURTGROEP,)),
    Activiteit("BELEIDSINFORMATIE", "Tellingen voor beleid, zonder personen"),
    Activiteit("TOEZICHT", "Toezicht op het gebruik van gegevens"),
    Activiteit("INZAGEVERZOEKEN", "Inwoners laten weten wie hun gegevens bekeek"),
    Activiteit("FUNCTIONEEL_BEHEER", "Beheer van gebruikers, organisaties en codelijsten"),
    Activiteit("EIGEN_INZAGE", "Inwoners die hun eigen gegevens bekijken", (INZAGE,)),
    Activiteit("VERTEGENWOORDIGING", "Vertegenwoordigers die gegevens bekijken van wie zij vertegenwoordigen", (INZAGE,)),
    Activiteit("TOEGANG_BEWAKEN", "Verzoeken om toegang, en toegang die eindigt of wordt nagekeken", (WMO_ONDERZOEK,)),
    Activiteit("GEPLAND_WERK", "Werk dat het systeem zelf op tijd doet", (WMO_ONDERZOEK,)),
    Activiteit("SIGNALEN_AANNEMEN", "Signalen van partners aannemen voor het wijkteam", (WMO_ONDERZOEK,), vertrouwelijk=True),
    Activiteit("GEGEVENSIMPORT", "Inlezen van personen uit een bestand", (WMO_ONDERZOEK,)),
)

ROLLEN = (
    Rol("WIJKTEAM", "wijkteammedewerker", ("WMO_ONDERSTEUNING",), N6, gemeentelijk=True),
    Rol("REGISSEUR", "casusregisseur", ("WMO_ONDERSTEUNING",), N7, gemeentelijk=True),
    Rol("TEAMLEIDER", "teamleider", ("WMO_ONDERSTEUNING", "BELEIDSINFORMATIE"), N4, gemeentelijk=True),
    Rol("CRISISDIENST", "medewerker crisisdienst", ("WMO_ONDERSTEUNING",), N5, gemeentelijk=True),
    Rol("KLANTMANAGER", "klantmanager", ("PARTICIPATIE",), N7, gemeentelijk=True, niet_met=("MZ_CONSULENT",)),
    Rol("PEERCOACH", "peer coach", ("PEERCOACHING",), N3),
    Rol("BUURTCOACH", "buurtactiveringscoach", ("WELZIJNSWERK",), N4),
    Rol("VRIJW_COORD", "vrijwilligerscoördinator", ("VRIJWILLIGERSWERK",), N2),
    Rol("MZ_CONSULENT", "mantelzorgconsulent", ("WELZIJNSWERK",), N6, niet_met=("KLANTMANAGER",)),
    Rol("DOCK", "medewerker welzijnspartner", ("WELZIJNSWERK",), N4),
    Rol("ZORG", "medewerker zorginstelling", ("ZORGVERLENING",), N5),
    Rol("GROEPSHOST", "trekker van een buurtgroep", ("BUURTWERK",), N1),
    Rol("GEBIED", "gebiedsmanager", ("BELEIDSINFORMATIE",), N0, gemeentelijk=True),
    Rol("BEHEER", "functioneel beheerder", ("FUNCTIONEEL_BEHEER",), N0, gemeentelijk=True),
    Rol("FG", "functionaris gegevensbescherming", ("TOEZICHT",), N0, gemeentelijk=True, alleen=True),
    Rol("PRIVACY_OFFICER", "privacy officer", ("TOEZICHT",), N0, gemeentelijk=True),
    Rol("INZAGELOKET", "medewerker inzageverzoeken", ("INZAGEVERZOEKEN",), N0, gemeentelijk=True),
    Rol("ARCHIVARIS", "archivaris", ("TOEZICHT",), N0, gemeentelijk=True),
    Rol("PARTNER_BEHEER", "beheerder van een partnerorganisatie", ("FUNCTIONEEL_BEHEER",), N0),
    Rol("INWONER", "inwoner", ("EIGEN_INZAGE",), N7, gemeentelijk=True, eigen=True),
    Rol("VERTEGENWOORDIGER", "vertegenwoordiger van een inwoner", ("VERTEGENWOORDIGING",), N6, eigen=True),
    Rol("TOEGANG", "toegang bewaken (systeem)", ("TOEGANG_BEWAKEN",), N6, gemeentelijk=True, systeem=True),
    Rol("JOBS", "gepland werk (systeem)", ("GEPLAND_WERK",), N6, gemeentelijk=True, systeem=True),
    Rol("IMPORT", "gegevensimport (systeem)", ("GEGEVENSIMPORT",), N6, gemeentelijk=True, systeem=True),
    Rol("SIGNALEN", "signalen van partners (systeem)", ("SIGNALEN_AANNEMEN",), N6, gemeentelijk=True, systeem=True),
)

INTERN = Permission(
    "intern:lezen", "Zien welke medewerker iets deed, en wat medewerkers voor elkaar opschreven.",
    tuple(rol.code for rol in ROLLEN if not rol.eigen),
)  # fmt: skip
"""What a resident who looks at the own data is not shown without a decision of the privacy officer (domain.md 3.5)."""

ALLE_ORGANISATIES = Permission("organisatie:alle", "Gebruikers en aanbod van alle organisaties zien en beheren.", ("BEHEER",))
"""Rows without persons belong to the organisation that made them; who has this right reaches those of every organisation."""
