"""What the tests ask, as GraphQL documents."""

from __future__ import annotations

IK = "{ ik { gebruiker rollen } }"
PERSOON = "query ($id: ID!) { persoon(id: $id) { id versie geslachtsnaam aanschrijfwijze } }"
PERSOON_RUIM = """query ($id: ID!) { persoon(id: $id) {
  id versie geslachtsnaam contactgegevens { waarde } adresregel1 notities { id versies { nummer tekst } } dossiers { id vraag }
} }"""
BSN = "query ($id: ID!) { persoon(id: $id) { bsn } }"
BSN_ZOEKEN = "query ($bsn: BSN!) { personen(filter: {bsn: $bsn}) { totalCount edges { node { id } } } }"
LIJST = """query ($first: Int!, $after: String) { personen(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id geslachtsnaam } }
} }"""
NOTITIE = "query ($id: ID!) { notitie(id: $id) { id versie laatste versies { nummer tekst } } }"
DOSSIER = "query ($id: ID!) { dossier(id: $id) { id vraag notities { id } } }"

AANMELDEN = """mutation ($persoon: PersoonInvoer!, $contactgegevens: [ContactgegevenInvoer!]) {
  aanmelden(persoon: $persoon, contactgegevens: $contactgegevens, melding: { clientOpDeHoogte: true }) { id versie }
}"""
WIJZIGEN = """mutation ($id: ID!, $versie: Int!, $persoon: PersoonWijziging!) {
  persoonWijzigen(id: $id, versie: $versie, persoon: $persoon) { id versie }
}"""
OPENEN = "mutation ($personen: [ID!]!, $vraag: String) { dossierOpenen(personen: $personen, vraag: $vraag) { id } }"
SCHRIJVEN = """mutation ($dossier: ID!, $persoon: ID!, $tekst: String!, $deelbaar: Boolean! = false) {
  notitieSchrijven(dossier: $dossier, persoon: $persoon, soort: CONTACTVERSLAG, tekst: $tekst, bron: INWONER, deelbaar: $deelbaar) {
    id versie
  }
}"""
CORRIGEREN = """mutation ($notitie: ID!, $versie: Int!, $tekst: String!) {
  notitieCorrigeren(notitie: $notitie, versie: $versie, tekst: $tekst, bron: INWONER) { id versie laatste }
}"""
TOESTEMMINGEN = "query ($id: ID!) { persoon(id: $id) { toestemmingen { id status ontvangers { organisatie { id } } } } }"
INTREKKEN = "mutation ($id: ID!) { toestemmingIntrekken(toestemming: $id) { id status } }"

SCHRIJVEN_MET_OORDEEL = """mutation ($dossier: ID!, $persoon: ID!, $tekst: String!, $oordeel: String!, $bronNaam: String!) {
  notitieSchrijven(
    dossier: $dossier, persoon: $persoon, soort: CONTACTVERSLAG, tekst: $tekst, oordeel: $oordeel, bron: ANDERS, bronNaam: $bronNaam
  ) { id }
}"""
AANVULLEN = "mutation ($notitie: ID!, $tekst: String!) { notitieAanvullen(notitie: $notitie, tekst: $tekst, bron: INWONER) { id } }"
AANTEKENEN = """mutation ($dossier: ID!, $persoon: ID!, $tekst: String!) {
  werkaantekeningSchrijven(dossier: $dossier, persoon: $persoon, werkaantekening: { tekst: $tekst }) { id versie tekst }
}"""
NOTITIES_ZOEKEN = """query ($tekst: String!) { zoekInNotities(tekst: $tekst) {
  bekeken notities { id versies(first: 1) { tekst oordeel bronNaam } }
} }"""
