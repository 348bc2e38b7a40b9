"""The story, part four: what a role, a team or a stranger can't do."""

from __future__ import annotations

from collections.abc import Sequence

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo import toneel as t
from wijkwerk_graphql.demo.client import Client
from wijkwerk_graphql.demo.toneel import Toneel, gelukt, geweigerd, zwijgt
from wijkwerk_graphql.demo.verhaal import Stap, verwacht


def coordinator(toneel: Toneel) -> Sequence[str]:
    """A volunteers' coordinator has no ground for a BSN: not to see one, not to search on one."""
    eigen = toneel.vraag("vrijwilligers", d.IEDEREEN)["personen"]
    verwacht(eigen["totalCount"] > 0, "de coördinator moet eigen inwoners zien")
    vos = toneel.als("vrijwilligers")
    for antwoord in (vos.vraag(d.ALLE_BSNS), vos.vraag(d.PERSONEN_BSN, bsn=t.BSN)):
        geweigerd(antwoord, "GEEN_RECHT")
        zwijgt(antwoord, t.BSN, t.NAAM)
    return [
        f"Te zien: {eigen['totalCount']} inwoners die aan vrijwilligerswerk meedoen.",
        "Geweigerd: BSN's zien, en zoeken op BSN (GEEN_RECHT).",
    ]


def niemand(toneel: Toneel) -> Sequence[str]:
    """No token, or one that nobody signed."""
    for client in (toneel.als(None), Client(toneel.host, toneel.port, "dit-is-geen-token")):
        antwoord = client.vraag(d.PERSOON, id=toneel.ids["persoon"])
        verwacht(antwoord.status == 401, "zonder geldig token moet het antwoord 401 zijn")
        geweigerd(antwoord, "NIET_AANGEMELD")
    return ["Geweigerd: zonder token en met een verzonnen token (401, NIET_AANGEMELD)."]


def andere_activiteit(toneel: Toneel) -> Sequence[str]:
    """An activity that is not the role's own."""
    antwoord = toneel.als("wijkteam", "PARTICIPATIE").vraag(d.PERSOON, id=toneel.ids["persoon"])
    verwacht(antwoord.status == 403, "een andere activiteit moet 403 geven")
    geweigerd(antwoord, "GEEN_RECHT")
    zwijgt(antwoord, t.NAAM)
    return ["Geweigerd: inwoners bekijken voor de uitkering (403, GEEN_RECHT)."]


def ander_team(toneel: Toneel) -> Sequence[str]:
    """The same role in another area: neither reading nor writing tells that there is anything."""
    wout, ids = toneel.als("wijkteam-zuid"), toneel.ids
    gelezen, verzonnen = wout.vraag(d.PERSOON, id=ids["persoon"]), wout.vraag(d.PERSOON, id=t.BESTAAT_NIET)
    verwacht(gelukt(gelezen) == {"persoon": None} and gelezen.tekst == verzonnen.tekst, "lezen mag niet laten merken dat er iets is")
    invoer = {"persoon": ids["persoon"], "tekst": "Van een ander team.", "deelbaar": False}
    geschreven = wout.vraag(d.NOTITIE_SCHRIJVEN, dossier=ids["dossier"], **invoer)
    verzonnen = wout.vraag(d.NOTITIE_SCHRIJVEN, dossier=t.BESTAAT_NIET, **invoer)
    geweigerd(geschreven, "NIET_GEVONDEN")
    verwacht(geschreven.tekst == verzonnen.tekst, "schrijven mag niet laten merken dat er iets is")
    notities = toneel.vraag("wijkteam", d.PERSOON_MET_NOTITIES, id=ids["persoon"])["persoon"]["notities"]
    verwacht({notitie["id"] for notitie in notities} == {ids["notitie"], ids["intern"]}, "er mag niets bij zijn geschreven")
    return [
        "Niet te zien, en niet te merken: de inwoner en het dossier.",
        "Geweigerd: een notitie schrijven (NIET_GEVONDEN). Er is niets geschreven.",
    ]


def bsn(toneel: Toneel) -> Sequence[str]:
    """The casusregisseur has a ground; a colleague of the same team has none."""
    wies = toneel.als("wijkteam").vraag(d.PERSOON_BSN, id=toneel.ids["persoon"])
    geweigerd(wies, "GEEN_RECHT")
    zwijgt(wies, t.BSN)
    gezien = toneel.vraag("regisseur", d.PERSOON_BSN, id=toneel.ids["persoon"])["persoon"]
    verwacht(gezien == {"aanschrijfwijze": "S.W. Zilvermeer", "bsn": t.BSN}, "de regisseur moet het BSN zien")
    gevonden = toneel.vraag("regisseur", d.PERSONEN_BSN, bsn=t.BSN)["personen"]["totalCount"]
    verwacht(gevonden == 1, "de regisseur moet op BSN kunnen zoeken")
    return ["Te zien voor de regisseur: het BSN. Geweigerd voor Wies (GEEN_RECHT)."]


STAPPEN = (
    Stap("Vos (vrijwilligers)", "vraagt naar BSN's en zoekt op een BSN", coordinator),
    Stap("Iemand", "vraagt iets zonder aan te melden", niemand),
    Stap("Wies (wijkteam Overschie)", "vraagt iets voor een activiteit die niet bij haar rol hoort", andere_activiteit),
    Stap("Wout (wijkteam IJsselmonde)", "zoekt de inwoner van het andere team", ander_team),
    Stap("Rik (regisseur)", "bekijkt het BSN", bsn),
)
