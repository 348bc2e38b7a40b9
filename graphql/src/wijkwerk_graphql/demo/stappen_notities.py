"""The story, part three c: notes, a file with one, and the keys that make them readable: renewed while the server runs, and destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo.stappen_dossier import WIES
from wijkwerk_graphql.demo.toneel import Toneel, geweigerd
from wijkwerk_graphql.demo.verhaal import Stap, verwacht

KLAD = "Vraagt naar een lift naar de fysio."
BEZOEK = "De drempel bij de achterdeur is hoog. Een leuning helpt."
BRIEF = b"Offerte voor een leuning bij de achterdeur: 140 euro.\n"


def maakt_klad(toneel: Toneel) -> Sequence[str]:
    """A draft is of who writes it, and is gone when it became a note."""
    klad = toneel.vraag("wijkteam", d.WERKAANTEKENING_SCHRIJVEN, tekst=KLAD, **_wie(toneel))["werkaantekeningSchrijven"]
    verwacht(_klad(toneel, "wijkteam") == [{"id": klad["id"], "tekst": KLAD}], "Wies moet haar werkaantekening zien")
    verwacht(_klad(toneel, "regisseur") == [], "een collega mag een werkaantekening niet zien")
    gemaakt = toneel.vraag("wijkteam", d.DEFINITIEF_MAKEN, **klad)["werkaantekeningDefinitiefMaken"]
    verwacht(
        gemaakt["versies"] == [{"tekst": KLAD}] and not _klad(toneel, "wijkteam"), "van de werkaantekening moet een notitie zijn gemaakt"
    )
    return ["Alleen Wies zag de werkaantekening. Nu is het een notitie, en ziet Rik die ook."]


def stuurt_twee_keer(toneel: Toneel) -> Sequence[str]:
    """As a client without a good connection does: the number is its own."""
    nummer = str(uuid4())
    eerste, tweede = (
        toneel.vraag("wijkteam", d.NOTITIE_INSTUREN, tekst=BEZOEK, inzending=nummer, **_wie(toneel))["notitieSchrijven"]["id"]
        for _ in range(2)
    )
    geweigerd(toneel.als("wijkteam").vraag(d.NOTITIE_INSTUREN, tekst="Iets anders.", inzending=nummer, **_wie(toneel)), "INZENDING_ANDERS")
    verwacht(eerste == tweede and len(_notities(toneel)) == 2, "er mag maar één notitie bij zijn gekomen")
    toneel.ids["bezoek"] = eerste
    return ["Twee keer verstuurd, één notitie. Geweigerd: iets anders onder hetzelfde nummer (INZENDING_ANDERS)."]


def voegt_bestand_toe(toneel: Toneel) -> Sequence[str]:
    """In and out as it was; on disk it can't be read."""
    wies, notitie = toneel.als("wijkteam"), toneel.ids["bezoek"]
    bijlage = wies.stuur_bestand(notitie, "offerte.txt", BRIEF).data["bijlage"]["id"]
    geweigerd(wies.stuur_bestand(notitie, "offerte.pdf", b"MZ\x90\x00" * 20), "BESTANDSSOORT_ONBEKEND")
    verwacht(toneel.als("regisseur").haal_bestand(bijlage) == (200, BRIEF), "Rik moet het bestand krijgen zoals het was")
    verwacht(toneel.als("zorg").haal_bestand(bijlage)[0] == 404, "voor de thuiszorg bestaat het bestand niet")
    opslag = b"".join(path.read_bytes() for path in toneel.folder.rglob("*") if path.is_file())
    verwacht(
        opslag and not any(leesbaar in opslag for leesbaar in (BRIEF, BEZOEK.encode())), "het bestand mag niet leesbaar op schijf staan"
    )
    return ["Rik haalt het bestand op zoals het was. Op schijf is het niet te lezen.", "Geweigerd: een programma dat zich PDF noemt."]


def zoekt(toneel: Toneel) -> Sequence[str]:
    """By opening them: what was opened is counted, and in the log."""
    gevonden = toneel.vraag("wijkteam", d.ZOEK_IN_NOTITIES, tekst="leuning", dossier=toneel.ids["riet_dossier"])["zoekInNotities"]
    verwacht([notitie["id"] for notitie in gevonden["notities"]] == [toneel.ids["bezoek"]], "zoeken moet precies deze notitie vinden")
    verwacht(gevonden["bekeken"] == 2 and not gevonden["nietAllesBekeken"], "beide notities moeten zijn bekeken")
    return ["1 gevonden. Daarvoor zijn 2 notities geopend, en dat staat allebei in het log."]


def vernieuwt(toneel: Toneel) -> Sequence[str]:
    """While the server runs: nothing is unreadable, and nothing is left under the old key."""
    rapport = toneel.vernieuw()
    verwacht(rapport.gedaan == rapport.voor == rapport.na and rapport.dicht == 0, "elke gegevenssleutel moet opnieuw zijn ingepakt")
    verwacht(rapport.vernietigd == 1, "de oude sleutel moet weg zijn")
    verwacht(BEZOEK in _teksten(toneel), "de notities moeten leesbaar zijn gebleven")
    return [f"{rapport.gedaan} gegevenssleutels opnieuw ingepakt, de oude sleutel vernietigd. Alles is nog te lezen."]


def vernietigt(toneel: Toneel) -> Sequence[str]:
    """Look first, then for good."""
    wat = {"inwoner": toneel.ids["riet"], "dossier": toneel.ids["riet_dossier"]}
    bekeken = toneel.vraag("privacy", d.VERNIETIGING_BEKIJKEN, **wat)["vernietigingBekijken"]
    gedaan = toneel.vraag("privacy", d.SLEUTELS_VERNIETIGEN, bevestiging=bekeken["bevestiging"], **wat)["sleutelsVernietigen"]
    verwacht(gedaan["sleutels"] == bekeken["sleutels"] == 1, "precies de sleutel van deze inwoner in dit dossier moet weg zijn")
    versies = [versie for notitie in _notities(toneel) for versie in notitie["versies"]]
    verwacht(versies and all(versie == {"tekst": None, "onleesbaar": True} for versie in versies), "de notities mogen niet meer open gaan")
    return [f"Niemand leest de notities van Riet nog. Kopieën van de sleutel zijn er uiterlijk tot {gedaan['reservekopieTot']}."]


def _wie(toneel: Toneel) -> dict[str, str]:
    return {"dossier": toneel.ids["riet_dossier"], "persoon": toneel.ids["riet"]}


def _klad(toneel: Toneel, onderwerp: str) -> list[dict[str, Any]]:
    found = toneel.vraag(onderwerp, d.WERKAANTEKENINGEN, id=toneel.ids["riet_dossier"])["dossier"]["mijnWerkaantekeningen"]
    return list(found)


def _notities(toneel: Toneel) -> list[dict[str, Any]]:
    return list(toneel.vraag("wijkteam", d.NOTITIES, id=toneel.ids["riet_dossier"])["dossier"]["notities"])


def _teksten(toneel: Toneel) -> list[str]:
    return [versie["tekst"] for notitie in _notities(toneel) for versie in notitie["versies"]]


STAPPEN = (
    Stap(WIES, "maakt van een werkaantekening een notitie", maakt_klad),
    Stap(WIES, "stuurt een notitie twee keer, omdat de verbinding hapert", stuurt_twee_keer),
    Stap(WIES, "zet een bestand bij de notitie", voegt_bestand_toe),
    Stap(WIES, "zoekt in de notities", zoekt),
    Stap("Functioneel beheer", "vernieuwt de sleutel van de gemeente, terwijl iedereen doorwerkt", vernieuwt),
    Stap("Pia (privacy officer)", "vernietigt de sleutel van een inwoner in een dossier", vernietigt),
)
