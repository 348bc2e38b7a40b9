"""The story, part two: a day's work. The work list, an appointment, a worry that a partner passes on, and a case that changes hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo.stappen_dossier import WIES
from wijkwerk_graphql.demo.toneel import Toneel
from wijkwerk_graphql.demo.verhaal import Stap, verwacht

BUUR = {"geslachtsnaam": "Waterlelie", "geboortedatum": "1961"}
ZUID = "Wijkteam IJsselmonde"


def geeft_taak(toneel: Toneel) -> Sequence[str]:
    """It stands on the work list of who has to do it, with the resident as far as that one may be seen."""
    ids, regisseur = toneel.ids, toneel.vraag("regisseur", d.IK)["ik"]["gebruiker"]
    ids["taak"] = toneel.vraag("wijkteam", d.TAAK_MAKEN, persoon=ids["persoon"], dossier=ids["dossier"], voor=regisseur)["taakMaken"]["id"]
    [regel] = [regel for regel in _werk(toneel, "regisseur") if regel["omschrijving"] == "Bel over de scootmobiel."]
    gezien = (regel["persoon"]["id"], regel["dossier"]["id"], bool(regel["wanneer"]))
    verwacht(gezien == (ids["persoon"], ids["dossier"], True), "de taak moet op de werklijst van Rik staan")
    return [f"Op de werklijst van Rik: bellen met S.W. Zilvermeer, uiterlijk {regel['wanneer']} (10 werkdagen)."]


def rondt_af(toneel: Toneel) -> Sequence[str]:
    """Off the list."""
    gedaan = toneel.vraag("regisseur", d.TAAK_GEDAAN, taak=toneel.ids["taak"])["taakGedaan"]
    over = [regel for regel in _werk(toneel, "regisseur") if regel["omschrijving"] == "Bel over de scootmobiel."]
    verwacht(gedaan == {"status": "GEDAAN"} and not over, "een taak die is gedaan moet van de werklijst zijn")
    return ["De taak is van de werklijst."]


def maakt_afspraak(toneel: Toneel) -> Sequence[str]:
    """Asked to tell the resident by mail; told why that is not possible."""
    begin = toneel.begin.replace(microsecond=0) + timedelta(days=1)
    tijden = {"begin": begin.isoformat(), "einde": (begin + timedelta(hours=1)).isoformat()}
    gemaakt = toneel.vraag("wijkteam", d.AFSPRAAK_MAKEN, persoon=toneel.ids["persoon"], kader=toneel.ids["dossier"], **tijden)
    uitkomst = gemaakt["afspraakMaken"]
    verwacht(
        uitkomst["afspraak"] == {"status": "GEPLAND"} and not uitkomst["berichtKlaargezet"], "de afspraak moet er staan, zonder e-mail"
    )
    verwacht(uitkomst["waaromGeenBericht"] is not None, "er moet staan waarom er geen e-mail gaat")
    return ["De afspraak staat. Er gaat geen e-mail, en er staat waarom: Wies belt."]


def geeft_zorg_door(toneel: Toneel) -> Sequence[str]:
    """Known or not, the partner gets the same answer; the team has a report with the worry in it."""
    team, naam = _team(toneel, "Wijkteam Overschie"), BUUR["geslachtsnaam"]
    eerste = toneel.vraag("dock", d.SIGNAAL_AFGEVEN, team=team, naam=naam)["signaalAfgeven"]
    tweede = toneel.vraag("dock", d.SIGNAAL_AFGEVEN, team=team, naam="Kattenstaart")["signaalAfgeven"]
    verwacht(eerste == tweede and eerste["uitkomst"] == "ONTVANGEN", "het antwoord moet altijd hetzelfde zijn")
    verwacht(not toneel.vraag("dock", d.PERSONEN, naam=naam)["personen"]["edges"], "de partner mag er niets door zien")
    gezien = [edge["node"] for edge in toneel.vraag("wijkteam", d.SIGNALEN)["signalen"]["edges"]]
    verwacht({"geslachtsnaam": naam} in [signaal["persoon"] for signaal in gezien], "het wijkteam moet het signaal zien")
    return ["Doutzen krijgt altijd hetzelfde antwoord (ONTVANGEN), en ziet niets.", "Wies ziet een nieuwe melding, met de zorg erin."]


def draagt_over(toneel: Toneel) -> Sequence[str]:
    """Until the other team accepts it sees no more than the offer; afterwards the first team sees nothing."""
    persoon = toneel.vraag("wijkteam", d.AANMELDEN, persoon=BUUR)["aanmelden"]
    ids = {"persoon": persoon["id"], "melding": persoon["aanmeldingen"][0]["id"]}
    dossier = toneel.vraag("wijkteam", d.DOSSIER_UIT_MELDING, **ids)["dossierOpenen"]["id"]
    aanbod = toneel.vraag("wijkteam", d.OVERDRACHT_AANBIEDEN, dossier=dossier, team=_team(toneel, ZUID))["overdrachtAanbieden"]["id"]
    wout = [regel for regel in _werk(toneel, "wijkteam-zuid") if regel["dossier"] == {"id": dossier}]
    verwacht(len(wout) == 1, "het andere team moet een taak hebben om te beslissen")
    gekregen = toneel.vraag("wijkteam-zuid", d.OVERDRACHT_AANNEMEN, overdracht=aanbod)["overdrachtAannemen"]
    verwacht(gekregen["team"] == {"naam": ZUID}, "het dossier moet van het andere team zijn")
    verwacht(toneel.vraag("wijkteam", d.DOSSIER, id=dossier)["dossier"] is None, "het eerste team mag het dossier niet meer zien")
    toneel.ids["overgedragen"] = dossier
    return [
        "Wout ziet het aanbod op zijn werklijst, en neemt het dossier aan.",
        "Bij het eerstvolgende verzoek ziet Wies er niets meer van.",
    ]


def sluit(toneel: Toneel) -> Sequence[str]:
    """The retention clock starts."""
    dossier = toneel.ids["overgedragen"]
    versie = toneel.vraag("wijkteam-zuid", d.VERSIE, id=dossier)["dossier"]["versie"]
    dicht = toneel.vraag("wijkteam-zuid", d.DOSSIER_SLUITEN, dossier=dossier, versie=versie)["dossierSluiten"]
    jaar = toneel.begin.year + 15
    verwacht(
        dicht["status"] == "GESLOTEN" and dicht["bewarenTot"].startswith(str(jaar)), "het dossier moet dicht zijn, met een bewaartermijn"
    )
    return [f"Gesloten. Het dossier mag in {jaar} worden vernietigd (Wmo 2015 art. 5.3.4)."]


def _werk(toneel: Toneel, wie: str) -> list[dict[str, Any]]:
    return [edge["node"] for edge in toneel.vraag(wie, d.MIJN_WERK)["mijnWerk"]["edges"]]


def _team(toneel: Toneel, naam: str) -> str:
    teams = toneel.vraag("wijkteam", d.TEAMS)["teams"]["edges"]
    return next(str(edge["node"]["id"]) for edge in teams if edge["node"]["naam"] == naam)


WOUT = "Wout (wijkteam IJsselmonde)"
STAPPEN = (
    Stap(WIES, "geeft de casusregisseur een taak", geeft_taak),
    Stap("Rik (casusregisseur)", "rondt de taak af", rondt_af),
    Stap(WIES, "maakt een afspraak", maakt_afspraak),
    Stap("Doutzen (welzijn)", "geeft een zorg over een buurvrouw door", geeft_zorg_door),
    Stap(WIES, "draagt een ander dossier over aan het andere team", draagt_over),
    Stap(WOUT, "sluit dat dossier", sluit),
)
