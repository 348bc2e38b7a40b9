"""The story, part one: the team registers a resident, opens a case and writes."""

from __future__ import annotations

from collections.abc import Sequence

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo import toneel as t
from wijkwerk_graphql.demo.toneel import Toneel, geweigerd, zwijgt
from wijkwerk_graphql.demo.verhaal import Stap, verwacht

INVOER = {
    "bsn": t.BSN, "voornamen": t.VOORNAMEN, "geslachtsnaam": t.NAAM, "geslacht": "VROUW", "geboortedatum": t.GEBOREN, "straat": t.STRAAT,
    "huisnummer": 31, "postcode": "9996WA", "woonplaats": "Rotterdam",
}  # fmt: skip
BEREIK = [{"soort": "TELEFOON", "waarde": t.TELEFOON, "voorkeur": True}]
NAASTE = {"geslachtsnaam": "Zilvermeer", "voornamen": "Sjoerd", "geslacht": "MAN", "geboortedatum": "1949-11"}


def meld_aan(toneel: Toneel) -> Sequence[str]:
    """With a BSN, and of the birthday only the year."""
    antwoord = toneel.als("wijkteam").vraag(d.AANMELDEN, persoon=INVOER, contactgegevens=BEREIK)
    persoon = t.gelukt(antwoord)["aanmelden"]
    toneel.ids["persoon"], [melding] = persoon.pop("id"), persoon.pop("aanmeldingen")
    toneel.ids["melding"] = melding["id"]
    gezien = {"aanschrijfwijze": "S.W. Zilvermeer", "geboortedatum": t.GEBOREN, "leeftijd": None, "adresregel1": "Lisdoddekade 31"}
    verwacht(persoon == gezien, "het wijkteam moet de inwoner zien zoals die is aangemeld")
    zwijgt(antwoord, t.BSN)
    return ["Te zien: S.W. Zilvermeer, geboren in 1985, Lisdoddekade 31.", "Niet te zien: de leeftijd, want de dag is onbekend; het BSN."]


def open_dossier(toneel: Toneel) -> Sequence[str]:
    """With a casusregisseur, who says who that is."""
    regisseur = toneel.vraag("regisseur", d.IK)["ik"]["gebruiker"]
    dossier = toneel.vraag("wijkteam", d.DOSSIER_OPENEN, persoon=toneel.ids["persoon"], melding=toneel.ids["melding"], regisseur=regisseur)
    dossier = dossier["dossierOpenen"]
    verwacht(dossier["status"] == "OPEN", "het dossier moet open zijn")
    toneel.ids["dossier"] = dossier["id"]
    return ["Het dossier is open. Rik is casusregisseur."]


def schrijf(toneel: Toneel) -> Sequence[str]:
    """One note to share, one not; neither can be read in the files of the database."""
    toneel.ids["notitie"] = _notitie(toneel, t.DEELBAAR, deelbaar=True)
    toneel.ids["intern"] = _notitie(toneel, t.INTERN, deelbaar=False)
    opslag = b"".join(path.read_bytes() for path in toneel.folder.iterdir() if ".db" in path.name)
    leesbaar = [waarde for waarde in (t.DEELBAAR, t.INTERN, t.BSN) if waarde.encode() in opslag]
    verwacht(opslag and not leesbaar, "een notitie of BSN mag niet leesbaar op schijf staan")
    return ["Twee notities geschreven; een mag worden gedeeld.", "Op schijf staan de teksten en het BSN alleen versleuteld."]


def _notitie(toneel: Toneel, tekst: str, *, deelbaar: bool) -> str:
    ids = toneel.ids
    made = toneel.vraag("wijkteam", d.NOTITIE_SCHRIJVEN, dossier=ids["dossier"], persoon=ids["persoon"], tekst=tekst, deelbaar=deelbaar)
    return str(made["notitieSchrijven"]["id"])


def corrigeer(toneel: Toneel) -> Sequence[str]:
    """A new version; who had read the old one can't overwrite it."""
    notitie, wijkteam = toneel.ids["notitie"], toneel.als("wijkteam")
    toneel.vraag("wijkteam", d.NOTITIE_CORRIGEREN, notitie=notitie, versie=1, tekst=t.VERBETERD)
    geweigerd(wijkteam.vraag(d.NOTITIE_CORRIGEREN, notitie=notitie, versie=1, tekst="Te laat."), "VERSIE_VEROUDERD")
    versies = toneel.vraag("wijkteam", d.VERSIES, id=notitie)["notitie"]["versies"]
    teksten = [(versie["nummer"], versie["tekst"]) for versie in versies]
    verwacht(teksten == [(2, t.VERBETERD), (1, t.DEELBAAR)], "beide versies moeten er staan, en niet meer")
    return ["Versie 2 is de nieuwste; versie 1 blijft bewaard.", "Geweigerd: nog eens verbeteren vanaf versie 1 (VERSIE_VEROUDERD)."]


def mantelzorg(toneel: Toneel) -> Sequence[str]:
    """A field and a mutation of a plugin, on the core's Persoon."""
    if "mantelzorg" not in toneel.plugins:
        return ["Overgeslagen: de plugin mantelzorg is niet geïnstalleerd."]
    naaste = toneel.vraag("wijkteam", d.AANMELDEN, persoon=NAASTE)["aanmelden"]["id"]
    relatie = {"zorgvragerId": naaste, "relatie": "OUDER", "urenPerWeek": "14.5", "sinds": "2024"}
    toneel.vraag("wijkteam", d.MANTELZORG_VASTLEGGEN, mantelzorger=toneel.ids["persoon"], relatie=relatie)
    gezien = toneel.vraag("wijkteam", d.MANTELZORG, id=toneel.ids["persoon"])["persoon"]["mantelzorgrelaties"]
    verwacht(len(gezien) == 1, "er moet één mantelzorgrelatie zijn")
    verwacht(gezien[0].pop("urenPerWeek") in ("14.5", "14.50"), "de uren moeten kloppen")
    bekend = {"relatie": "OUDER", "sinds": "2024", "zorgvrager": {"aanschrijfwijze": "S. Zilvermeer"}}
    verwacht(gezien == [bekend], "de mantelzorgrelatie moet kloppen")
    return ["Saar zorgt 14,5 uur per week voor haar vader, sinds 2024."]


WIES = "Wies (wijkteam Overschie)"
STAPPEN = (
    Stap(WIES, "meldt een inwoner aan, met BSN en een onvolledige geboortedatum", meld_aan),
    Stap(WIES, "opent een dossier", open_dossier),
    Stap(WIES, "schrijft twee notities", schrijf),
    Stap(WIES, "verbetert een notitie", corrigeer),
    Stap(WIES, "legt mantelzorg vast", mantelzorg),
)
