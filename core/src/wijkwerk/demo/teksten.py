"""What is written in the made-up files: short, and about nobody."""

from __future__ import annotations

VRAGEN = (
    "Ik wil graag weer vaker de deur uit.",
    "Hoe vraag ik hulp aan bij het huishouden?",
    "Ik begrijp de brieven van de gemeente niet.",
    "De zorg thuis wordt me te veel.",
    "Ik zoek een plek waar ik mensen kan ontmoeten.",
    "Wie kan mij helpen met formulieren?",
)
VERSLAGEN = (
    "Gesprek aan de keukentafel. We maakten samen een lijst van wat wel en niet lukt.",
    "Gebeld. De afspraak van volgende week gaat door.",
    "Samen naar het buurthuis geweest. De eerste kennismaking was prettig.",
    "De bewoner vertelt dat traplopen moeilijk is. We vragen advies over een leuning.",
    "Besproken welke hulp de familie zelf kan geven, en welke niet.",
)
TAKEN = (
    "Bel over de brief van de woningcorporatie.",
    "Vraag bij de huisarts na of er een verwijzing is.",
    "Maak het verslag van het huisbezoek af.",
    "Zoek uit welke dagbesteding past.",
)
DEELBAAR = "Afgesproken met de bewoner: de wijkverpleging komt op dinsdag en vrijdag, in de ochtend."
BESLUIT = "Besluit: we starten met begeleiding, twee keer per week, voor drie maanden."
STRIKT = "Er is een veiligheidsafspraak gemaakt. Alleen de regisseur leest dit."
VOLMACHT = "Volmacht op papier gezien, ondertekend door de bewoner zelf."
BESCHIKKING = "Beschikking van de rechter gezien, en nagekeken in het register."
GEVAAR = "De bewoner woont op een plek die niet bekend mag worden."
VERWIJSVRAAG = "Kunt u kennismaken, en samen kijken welke activiteit in het buurthuis past?"
TOESTEMMINGSTEKST = "demo-2026-1"
"""What the texts below are called."""
TOESTEMMINGSTEKSTEN = {
    "ZORG_UITWISSELING": "Uw zorgverlener wil met ons overleggen over de hulp die u krijgt. Daarvoor geven wij gegevens over u aan die "
    "zorgverlener. Dat doen we alleen als u het goed vindt. Zegt u nee, dan houdt u de hulp die u hebt. U kunt altijd van mening "
    "veranderen: bel of mail ons. Een reden hoeft u niet te geven.",
    "PW_DERDEN": "Een peer coach kan u helpen bij uw participatie. Daarvoor geven wij uw naam en telefoonnummer aan die organisatie. "
    "Zet uw handtekening als u daar geen bezwaar tegen hebt. U kunt dat altijd weer intrekken, zonder reden.",
}
"""By purpose: what a resident reads before saying yes."""
