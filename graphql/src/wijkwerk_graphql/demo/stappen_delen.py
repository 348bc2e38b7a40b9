"""The story, part three: a care partner sees nothing, then what was consented to, then nothing again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo import toneel as t
from wijkwerk_graphql.demo.stappen_dossier import WIES
from wijkwerk_graphql.demo.toneel import Toneel, gelukt, geweigerd, zwijgt
from wijkwerk_graphql.demo.verhaal import Stap, verwacht


def zoekt_vergeefs(toneel: Toneel) -> Sequence[str]:
    """By name and by id: the answer is the one for somebody who does not exist."""
    _ziet_niets(toneel)
    return ["Op naam: 0 gevonden. Op nummer: niets.", "Het antwoord is gelijk aan dat voor een inwoner die niet bestaat."]


def stemt_in(toneel: Toneel) -> Sequence[str]:
    """One purpose, one recipient, two categories."""
    organisaties = toneel.vraag("wijkteam", d.ORGANISATIES)["organisaties"]["edges"]
    zorg = next(edge["node"]["id"] for edge in organisaties if edge["node"]["naam"] == "Thuiszorg Rietoever")
    tot = (toneel.begin + timedelta(days=90)).date().isoformat()
    ids = toneel.ids
    gegeven = toneel.vraag("wijkteam", d.TOESTEMMING_VASTLEGGEN, dossier=ids["dossier"], persoon=ids["persoon"], ontvanger=zorg, tot=tot)
    toestemming = gegeven["toestemmingVastleggen"]
    ids["toestemming"] = toestemming.pop("id")
    verwacht(toestemming == {"status": "GEGEVEN", "categorieen": ["IDENTITEIT", "CONTACTVERSLAGEN"]}, "de toestemming moet er zo staan")
    return ["Saar geeft schriftelijk toestemming: Thuiszorg Rietoever mag haar naam en gedeelde verslagen zien, negentig dagen."]


def ziet_precies_dat(toneel: Toneel) -> Sequence[str]:
    """Those two categories, the note that may be shared, and nothing else."""
    antwoord = toneel.als("zorg").vraag(d.PERSOON_MET_NOTITIES, id=toneel.ids["persoon"])
    verwacht(gelukt(antwoord)["persoon"] == _toegestaan(toneel), "de zorg moet precies zien waarvoor toestemming is")
    zwijgt(antwoord, t.BSN, t.STRAAT, t.TELEFOON, t.INTERN, toneel.ids["intern"])
    gevonden = toneel.vraag("zorg", d.PERSONEN, naam=t.NAAM)["personen"]
    verwacht(gevonden == {"totalCount": 1, "edges": [{"node": {"id": toneel.ids["persoon"]}}]}, "zoeken moet alleen Saar vinden")
    bsn = toneel.als("zorg").vraag(d.PERSOON_BSN, id=toneel.ids["persoon"])
    geweigerd(bsn, "GEEN_RECHT")
    zwijgt(bsn, t.BSN, t.NAAM)
    return [
        "Te zien: S.W. Zilvermeer, 1985, en de ene notitie die gedeeld mag worden.",
        "Niet te zien: adres, telefoon en de andere notitie. Geweigerd: het BSN (GEEN_RECHT).",
    ]


def _toegestaan(toneel: Toneel) -> dict[str, object]:
    versies = [{"nummer": 2, "tekst": t.VERBETERD}, {"nummer": 1, "tekst": t.DEELBAAR}]
    return {
        "beperkt": True,
        "aanschrijfwijze": "S.W. Zilvermeer",
        "geboortedatum": t.GEBOREN,
        "contactgegevens": [],
        "adresregel1": None,
        "postcode": None,
        "notities": [{"id": toneel.ids["notitie"], "soort": "CONTACTVERSLAG", "versies": versies}],
    }


def trekt_in(toneel: Toneel) -> Sequence[str]:
    """No reason is asked."""
    status = toneel.vraag("wijkteam", d.TOESTEMMING_INTREKKEN, id=toneel.ids["toestemming"])["toestemmingIntrekken"]["status"]
    verwacht(status == "INGETROKKEN", "de toestemming moet zijn ingetrokken")
    return ["De toestemming is ingetrokken. Een reden is niet gevraagd."]


def ziet_niets_meer(toneel: Toneel) -> Sequence[str]:
    """On the next request already; of the note neither."""
    _ziet_niets(toneel)
    zorg = toneel.als("zorg")
    notitie = zorg.vraag(d.VERSIES, id=toneel.ids["notitie"])
    verwacht(notitie.tekst == zorg.vraag(d.VERSIES, id=t.BESTAAT_NIET).tekst, "de notitie moet voor de zorg niet bestaan")
    return ["Bij het eerstvolgende verzoek: niets meer, ook niet van de notitie."]


def _ziet_niets(toneel: Toneel) -> None:
    zorg = toneel.als("zorg")
    gevraagd, verzonnen = zorg.vraag(d.PERSOON, id=toneel.ids["persoon"]), zorg.vraag(d.PERSOON, id=t.BESTAAT_NIET)
    verwacht(gelukt(gevraagd) == {"persoon": None}, "de zorg mag deze inwoner niet zien")
    verwacht((gevraagd.status, gevraagd.tekst) == (verzonnen.status, verzonnen.tekst), "afwezig en niet voor u moeten gelijk zijn")
    verwacht(toneel.vraag("zorg", d.PERSONEN, naam=t.NAAM)["personen"] == {"totalCount": 0, "edges": []}, "zoeken mag niemand vinden")


ZITA = "Zita (thuiszorg)"
VOOR = (Stap(ZITA, "zoekt deze inwoner, zonder toestemming", zoekt_vergeefs),)
DELEN = (
    Stap(WIES, "legt de toestemming van de inwoner vast", stemt_in),
    Stap(ZITA, "vraagt het opnieuw", ziet_precies_dat),
    Stap(WIES, "trekt de toestemming in, op verzoek van de inwoner", trekt_in),
    Stap(ZITA, "vraagt het nog een keer", ziet_niets_meer),
)
STAPPEN = (*VOOR, *DELEN)
