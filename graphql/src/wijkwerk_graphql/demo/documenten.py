"""What the story asks, as GraphQL documents: the same text for everybody who asks it."""

from __future__ import annotations

IK = "{ ik { gebruiker rollen activiteit } }"
ORGANISATIES = "{ organisaties(first: 50) { edges { node { id naam } } } }"

AANMELDEN = """mutation Aanmelden($persoon: PersoonInvoer!, $contactgegevens: [ContactgegevenInvoer!]) {
  aanmelden(persoon: $persoon, contactgegevens: $contactgegevens, melding: { clientOpDeHoogte: true }) {
    id aanschrijfwijze geboortedatum leeftijd adresregel1 aanmeldingen { id }
  }
}"""
DOSSIER_OPENEN = """mutation DossierOpenen($persoon: ID!, $melding: ID!, $regisseur: ID!) {
  dossierOpenen(
    personen: [$persoon], aanmeldingen: [$melding], vraag: "Ik wil hulp bij het huishouden.", regisseur: $regisseur
  ) { id status }
}"""
NOTITIE_SCHRIJVEN = """mutation NotitieSchrijven($dossier: ID!, $persoon: ID!, $tekst: String!, $deelbaar: Boolean!) {
  notitieSchrijven(dossier: $dossier, persoon: $persoon, soort: CONTACTVERSLAG, tekst: $tekst, bron: INWONER, deelbaar: $deelbaar) {
    id versie laatste
  }
}"""
NOTITIE_CORRIGEREN = """mutation NotitieCorrigeren($notitie: ID!, $versie: Int!, $tekst: String!) {
  notitieCorrigeren(notitie: $notitie, versie: $versie, tekst: $tekst, bron: INWONER) { id versie laatste }
}"""
VERSIES = "query Versies($id: ID!) { notitie(id: $id) { versies { nummer tekst } } }"
MANTELZORG_VASTLEGGEN = """mutation Mantelzorg($mantelzorger: ID!, $relatie: MantelzorgrelatieInvoer!) {
  mantelzorgrelatieVastleggen(mantelzorger: $mantelzorger, relatie: $relatie) { id }
}"""
MANTELZORG = """query Mantelzorg($id: ID!) {
  persoon(id: $id) { mantelzorgrelaties { relatie urenPerWeek sinds zorgvrager { aanschrijfwijze } } }
}"""

PERSOON = "query Persoon($id: ID!) { persoon(id: $id) { aanschrijfwijze } }"
PERSOON_MET_NOTITIES = """query Persoon($id: ID!) {
  persoon(id: $id) {
    beperkt aanschrijfwijze geboortedatum contactgegevens { waarde } adresregel1 postcode
    notities { id soort versies { nummer tekst } }
  }
}"""
PERSOON_BSN = "query Bsn($id: ID!) { persoon(id: $id) { aanschrijfwijze bsn } }"
PERSONEN = "query Zoeken($naam: String!) { personen(filter: {naam: $naam}) { totalCount edges { node { id } } } }"
PERSONEN_BSN = "query Zoeken($bsn: BSN!) { personen(filter: {bsn: $bsn}) { totalCount edges { node { aanschrijfwijze } } } }"
ALLE_BSNS = "{ personen(first: 5) { edges { node { aanschrijfwijze bsn } } } }"
IEDEREEN = "{ personen(first: 5) { totalCount edges { node { aanschrijfwijze } } } }"

TOESTEMMING_VASTLEGGEN = """mutation Toestemming($dossier: ID!, $persoon: ID!, $ontvanger: ID!, $tot: Date!) {
  toestemmingVastleggen(
    dossier: $dossier, persoon: $persoon, ontvangers: [{ organisatieId: $ontvanger }], tekstVersie: "demo-2026-1"
    toestemming: {
      doel: "ZORG_UITWISSELING", categorieen: ["IDENTITEIT", "CONTACTVERSLAGEN"], wijze: SCHRIFTELIJK, geldigTot: $tot
    }
  ) { id status categorieen }
}"""
TOESTEMMING_INTREKKEN = "mutation Intrekken($id: ID!) { toestemmingIntrekken(toestemming: $id) { status } }"

INZAGELOG = """query Inzagelog($van: DateTime!, $tot: DateTime!, $gebruiker: ID, $pseudoniem: ID) {
  inzagelog(van: $van, tot: $tot, gebruiker: $gebruiker, persoonPseudoniem: $pseudoniem, first: 80) {
    volgende
    regels { tijdstip gebeurtenis resultaat gebruiker rollen onderdeel code betrokkenen { pseudoniem } }
  }
}"""
GETOOND = """query Getoond($van: DateTime!, $tot: DateTime!, $gebruiker: ID!, $pseudoniem: ID!) {
  inzagelog(van: $van, tot: $tot, gebruiker: $gebruiker, persoonPseudoniem: $pseudoniem, first: 2) {
    volgende
    regels { doelen betrokkenen { getoond { categorieen betrokkenheden } } }
  }
}"""
"""What an entry showed may be a long list, so this asks for few entries at a time."""

TAAK_MAKEN = """mutation TaakMaken($persoon: ID!, $dossier: ID!, $voor: ID!) {
  taakMaken(
    persoon: $persoon, kader: $dossier, voor: { voorId: $voor, voorSoort: GEBRUIKER }, tekst: "Bel over de scootmobiel.", werkdagen: 10
  ) { id versie }
}"""
TAAK_GEDAAN = "mutation TaakGedaan($taak: ID!) { taakGedaan(taak: $taak, versie: 1) { status } }"
MIJN_WERK = """{ mijnWerk(first: 50) { edges { node { soort omschrijving wanneer persoon { id aanschrijfwijze } dossier { id } } } } }"""
AFSPRAAK_MAKEN = """mutation AfspraakMaken($persoon: ID!, $kader: ID!, $begin: DateTime!, $einde: DateTime!) {
  afspraakMaken(
    persoon: $persoon, kader: $kader, bericht: true
    afspraak: { soort: HUISBEZOEK, begin: $begin, einde: $einde, plaats: "Bij haar thuis" }
  ) { afspraak { status } berichtKlaargezet waaromGeenBericht }
}"""
TEAMS = "{ teams(first: 50) { edges { node { id naam } } } }"
SIGNAAL_AFGEVEN = """mutation SignaalAfgeven($team: ID!, $naam: String!) {
  signaalAfgeven(team: $team, over: { geslachtsnaam: $naam }, inhoud: "De gordijnen zijn al een week dicht.") { uitkomst melding }
}"""
SIGNALEN = "{ signalen(first: 5) { edges { node { melder inhoud persoon { geslachtsnaam } } } } }"
OVERDRACHT_AANBIEDEN = """mutation Aanbieden($dossier: ID!, $team: ID!) {
  overdrachtAanbieden(dossier: $dossier, versie: 1, team: $team, reden: "De inwoner is verhuisd.") { id versie }
}"""
OVERDRACHT_AANNEMEN = "mutation Aannemen($overdracht: ID!) { overdrachtAannemen(overdracht: $overdracht, versie: 1) { id team { naam } } }"
DOSSIER_UIT_MELDING = """mutation UitMelding($persoon: ID!, $melding: ID!) {
  dossierOpenen(personen: [$persoon], aanmeldingen: [$melding]) { id }
}"""
DOSSIER = "query Dossier($id: ID!) { dossier(id: $id) { status leden { aanschrijfwijze } } }"
DOSSIER_SLUITEN = """mutation Sluiten($dossier: ID!, $versie: Int!) {
  dossierSluiten(dossier: $dossier, versie: $versie, reden: AFGEROND) { status bewarenTot }
}"""
VERSIE = "query Versie($id: ID!) { dossier(id: $id) { versie } }"

VERZOEK_OM_TOEGANG = """mutation Verzoek($naam: String!, $geboren: OnvolledigeDatum!, $postcode: Postcode!, $huisnummer: Int!) {
  verzoekOmToegang(
    geslachtsnaam: $naam, geboortedatum: $geboren, postcode: $postcode, huisnummer: $huisnummer
    toelichting: "Wij willen helpen met de boodschappen."
  ) { uitkomst melding }
}"""
INWONER_VERWIJZEN = """mutation Verwijzen($dossier: ID!, $persoon: ID!, $organisatie: ID!, $tot: Date!) {
  inwonerVerwijzen(
    dossier: $dossier, persoon: $persoon, organisatie: $organisatie, rol: "DOCK", vraag: "Kunt u helpen met de boodschappen?"
    doel: "WMO_ALG_VOORZIENING", categorieen: ["IDENTITEIT", "CONTACT"], niveau: 3, tot: $tot
  ) { id versie status }
}"""
VERWIJZING = "query Verwijzing($id: ID!) { verwijzing(id: $id) { versie status vraag } }"
VERWIJZING_AANNEMEN = """mutation Aannemen($verwijzing: ID!, $versie: Int!) {
  verwijzingAannemen(verwijzing: $verwijzing, versie: $versie) { versie status ontvangstbewijs { niveau uitleg } }
}"""
VERWIJZING_BEPERKEN = """mutation Beperken($verwijzing: ID!, $versie: Int!) {
  verwijzingBeperken(verwijzing: $verwijzing, versie: $versie, categorieen: ["IDENTITEIT"]) { versie }
}"""
VERWIJZING_AFRONDEN = "mutation Afronden($verwijzing: ID!, $versie: Int!) { verwijzingAfronden(verwijzing: $verwijzing, versie: $versie) }"
PERSOON_MET_CONTACT = "query Persoon($id: ID!) { persoon(id: $id) { roepnaam aanschrijfwijze contactgegevens { waarde } } }"
NOODTOEGANG_OPENEN = """mutation Nood($naam: String!, $geboren: OnvolledigeDatum!, $postcode: Postcode!, $huisnummer: Int!) {
  noodtoegangOpenen(
    reden: CRISISDIENST, toelichting: "De buren horen al uren om hulp roepen en de deur gaat niet open."
    geslachtsnaam: $naam, geboortedatum: $geboren, postcode: $postcode, huisnummer: $huisnummer
  ) { uitkomst melding nummer tot persoon { id aanschrijfwijze } }
}"""
NOODTOEGANGEN = "{ noodtoegangen(first: 5) { edges { node { id versie reden beoordeeld persoon { id } } } } }"
NOODTOEGANG_BEOORDELEN = """mutation Beoordelen($noodtoegang: ID!, $versie: Int!) {
  noodtoegangBeoordelen(noodtoegang: $noodtoegang, versie: $versie, oordeel: TERECHT, omdat: "De crisisdienst kon niet wachten.")
}"""
NOODTOEGANG_SLUITEN = "mutation Sluiten($nood: ID!, $versie: Int!) { noodtoegangSluiten(noodtoegang: $nood, versie: $versie) }"
WAAROM = """query Waarom($gebruiker: ID!, $persoon: ID!) {
  waarom(gebruiker: $gebruiker, persoon: $persoon, soort: "Persoon", veld: "geslachtsnaam") { mag reden zinnen }
}"""

WERKAANTEKENING_SCHRIJVEN = """mutation Aantekenen($dossier: ID!, $persoon: ID!, $tekst: String!) {
  werkaantekeningSchrijven(dossier: $dossier, persoon: $persoon, werkaantekening: { soort: CONTACTVERSLAG, tekst: $tekst }) { id versie }
}"""
WERKAANTEKENINGEN = "query Eigen($id: ID!) { dossier(id: $id) { mijnWerkaantekeningen { id tekst } notities { id } } }"
DEFINITIEF_MAKEN = """mutation Definitief($id: ID!, $versie: Int!) {
  werkaantekeningDefinitiefMaken(id: $id, versie: $versie, bron: INWONER) { id versies { tekst } }
}"""
NOTITIE_INSTUREN = """mutation Insturen($dossier: ID!, $persoon: ID!, $tekst: String!, $inzending: ID!) {
  notitieSchrijven(
    dossier: $dossier, persoon: $persoon, soort: CONTACTVERSLAG, tekst: $tekst, bron: EIGEN_WAARNEMING, inzending: $inzending
  ) { id }
}"""
NOTITIES = "query Notities($id: ID!) { dossier(id: $id) { notities { id versies { tekst onleesbaar } bijlagen { id } } } }"
ZOEK_IN_NOTITIES = """query Zoeken($tekst: String!, $dossier: ID!) {
  zoekInNotities(tekst: $tekst, dossier: $dossier) { bekeken nietAllesBekeken notities { id versies { tekst } } }
}"""
VERNIETIGING_BEKIJKEN = """query Bekijken($inwoner: ID!, $dossier: ID!) {
  vernietigingBekijken(inwoner: $inwoner, dossier: $dossier) { sleutels onderdelen { soort aantal } bevestiging }
}"""
SLEUTELS_VERNIETIGEN = """mutation Vernietigen($inwoner: ID!, $dossier: ID!, $bevestiging: String!) {
  sleutelsVernietigen(inwoner: $inwoner, dossier: $dossier, bevestiging: $bevestiging) { sleutels reservekopieTot }
}"""

ONTMASKERING_VRAGEN = """mutation Vragen($pseudoniem: ID!) {
  ontmaskeringVragen(pseudoniem: $pseudoniem, aanleiding: MOGELIJK_MISBRUIK, kenmerk: "M-2027-014") { id versie }
}"""
ONTMASKERING_BESLISSEN = """mutation Beslissen($id: ID!, $versie: Int!) {
  ontmaskeringBeslissen(id: $id, versie: $versie, toegestaan: true) { toegestaan }
}"""
ONTMASKERING_BEKIJKEN = "mutation Bekijken($id: ID!) { ontmaskeringBekijken(id: $id) { herleidbaar naam geboortedatum } }"
MIJN_INZAGE = """query MijnInzage($van: Date!, $tot: Date!) { mijnInzage(van: $van, tot: $tot) {
  organisaties { organisatie functies keren } regels { naam wat waarvoor gegevens }
} }"""
