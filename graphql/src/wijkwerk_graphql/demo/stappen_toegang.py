"""The story, part three b: a partner asks, is referred to, sees less and then nothing; and somebody who breaks the glass is judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo import toneel as t
from wijkwerk_graphql.demo.stappen_dossier import WIES
from wijkwerk_graphql.demo.toneel import Toneel, gelukt, geweigerd, zwijgt
from wijkwerk_graphql.demo.verhaal import Stap, verwacht

WIE = {"naam": "Rietzanger", "geboren": "1948-05-02", "postcode": "3043TD", "huisnummer": 7}
TELEFOON = "+31612345679"
PERSOON = {
    "geslachtsnaam": "Rietzanger", "roepnaam": "Riet", "geboortedatum": "1948-05-02", "straat": "Lisdoddekade", "huisnummer": 7,
    "postcode": "3043TD", "woonplaats": "Rotterdam",
}  # fmt: skip
PARTNER = "Welzijn Rietvoorn"


def meldt_aan(toneel: Toneel) -> Sequence[str]:
    """Somebody else than before, with a casusregisseur."""
    contact = [{"soort": "TELEFOON", "waarde": TELEFOON}]
    gemeld = toneel.vraag("wijkteam", d.AANMELDEN, persoon=PERSOON, contactgegevens=contact)["aanmelden"]
    regisseur = toneel.vraag("regisseur", d.IK)["ik"]["gebruiker"]
    melding = gemeld["aanmeldingen"][0]["id"]
    dossier = toneel.vraag("wijkteam", d.DOSSIER_OPENEN, persoon=gemeld["id"], melding=melding, regisseur=regisseur)["dossierOpenen"]
    toneel.ids |= {"riet": gemeld["id"], "riet_dossier": dossier["id"]}
    return ["Riet Rietzanger heeft een dossier, en Rik is haar casusregisseur."]


def vraagt_toegang(toneel: Toneel) -> Sequence[str]:
    """Known or not: the same answer."""
    antwoord = toneel.vraag("dock", d.VERZOEK_OM_TOEGANG, **WIE)
    niemand = toneel.vraag("dock", d.VERZOEK_OM_TOEGANG, **{**WIE, "naam": "Bestaatniet"})
    verwacht(antwoord == niemand and antwoord["verzoekOmToegang"]["uitkomst"] == "ONTVANGEN", "beide antwoorden moeten gelijk zijn")
    _ziet(toneel, None)
    return ["Het antwoord is ONTVANGEN, ook voor een inwoner die niet bestaat.", "Te zien: niets."]


def verwijst(toneel: Toneel) -> Sequence[str]:
    """The partner sees what is asked, and whom at the level of a first name; no more before it accepts."""
    organisaties = toneel.vraag("regisseur", d.ORGANISATIES)["organisaties"]["edges"]
    partner = next(edge["node"]["id"] for edge in organisaties if edge["node"]["naam"] == PARTNER)
    wie = {"dossier": toneel.ids["riet_dossier"], "persoon": toneel.ids["riet"], "organisatie": partner}
    tot = (toneel.begin + timedelta(days=60)).date().isoformat()
    toneel.ids["verwijzing"] = toneel.vraag("regisseur", d.INWONER_VERWIJZEN, tot=tot, **wie)["inwonerVerwijzen"]["id"]
    _ziet(toneel, {"roepnaam": "Riet", "aanschrijfwijze": None, "contactgegevens": []})
    return ["Doutzen ziet de vraag en een voornaam. Achternaam en telefoonnummer ziet ze pas als ze aanneemt."]


def neemt_aan(toneel: Toneel) -> Sequence[str]:
    """With a receipt: what, how far and on which ground."""
    aangenomen = toneel.vraag("dock", d.VERWIJZING_AANNEMEN, **_verwijzing(toneel))["verwijzingAannemen"]
    verwacht(aangenomen["status"] == "AANGENOMEN" and aangenomen["ontvangstbewijs"]["niveau"] == 3, "er moet een ontvangstbewijs zijn")
    gezien = toneel.vraag("dock", d.PERSOON_MET_CONTACT, id=toneel.ids["riet"])["persoon"]
    verwacht(gezien["contactgegevens"] == [{"waarde": TELEFOON}] and gezien["aanschrijfwijze"], "de partner moet zien wat is gedeeld")
    return ["Te zien: naam en telefoonnummer. Het ontvangstbewijs noemt wat, hoe ver en waarom."]


def beperkt(toneel: Toneel) -> Sequence[str]:
    """It can only become less."""
    toneel.vraag("regisseur", d.VERWIJZING_BEPERKEN, **_verwijzing(toneel))
    gezien = toneel.vraag("dock", d.PERSOON_MET_CONTACT, id=toneel.ids["riet"])["persoon"]
    verwacht(gezien["contactgegevens"] == [] and gezien["aanschrijfwijze"], "het telefoonnummer moet weg zijn, de naam niet")
    toneel.vraag("dock", d.VERWIJZING_AFRONDEN, **_verwijzing(toneel))
    _ziet(toneel, None)
    return ["Rik deelt het telefoonnummer niet meer: weg. Doutzen rondt af: niets meer te zien."]


def breekt_glas(toneel: Toneel) -> Sequence[str]:
    """An hour, to look and nothing else; never the BSN."""
    geopend = toneel.vraag("crisisdienst", d.NOODTOEGANG_OPENEN, **WIE)["noodtoegangOpenen"]
    verwacht(geopend["uitkomst"] == "GEOPEND" and geopend["persoon"]["id"] == toneel.ids["riet"], "Chris moet deze inwoner zien")
    bsn = toneel.als("crisisdienst").vraag(d.PERSOON_BSN, id=toneel.ids["riet"])
    geweigerd(bsn, "GEEN_RECHT")
    zwijgt(bsn, t.BSN)
    weg = toneel.vraag("crisisdienst", d.NOODTOEGANG_OPENEN, **{**WIE, "naam": "Bestaatniet"})["noodtoegangOpenen"]
    verwacht(weg["uitkomst"] == "NIET_MOGELIJK" and weg["persoon"] is None, "zonder inwoner is er geen noodtoegang")
    toneel.ids["nood"] = geopend["nummer"]
    return [f"Te zien tot {geopend['tot'][11:16]} uur (UTC): naam en adres. Geweigerd: het BSN."]


def beoordeelt(toneel: Toneel) -> Sequence[str]:
    """By somebody else; then it is over."""
    nood, tess = toneel.ids["nood"], toneel.als("teamleider", "WMO_ONDERSTEUNING")
    versies = {edge["node"]["id"]: edge["node"]["versie"] for edge in gelukt(tess.vraag(d.NOODTOEGANGEN))["noodtoegangen"]["edges"]}
    verwacht(nood in versies, "Tess moet de noodtoegang kunnen beoordelen")
    gelukt(tess.vraag(d.NOODTOEGANG_BEOORDELEN, noodtoegang=nood, versie=versies[nood]))
    toneel.vraag("crisisdienst", d.NOODTOEGANG_SLUITEN, nood=nood, versie=versies[nood] + 1)
    verwacht(toneel.vraag("crisisdienst", d.PERSOON, id=toneel.ids["riet"])["persoon"] is None, "na het sluiten is er niets meer te zien")
    return ["Tess vindt het terecht. Chris sluit af en ziet bij het volgende verzoek niets meer."]


def legt_uit(toneel: Toneel) -> Sequence[str]:
    """Why somebody sees nothing, in words."""
    wie = toneel.vraag("wijkteam-zuid", d.IK)["ik"]["gebruiker"]
    uitleg = toneel.vraag("regisseur", d.WAAROM, gebruiker=wie, persoon=toneel.ids["riet"])["waarom"]
    verwacht(not uitleg["mag"] and uitleg["zinnen"], "er moet staan waarom niet")
    return [str(zin) for zin in uitleg["zinnen"][-2:]]


def _verwijzing(toneel: Toneel) -> dict[str, Any]:
    """The referral, as it is now."""
    id = toneel.ids["verwijzing"]
    return {"verwijzing": id, "versie": toneel.vraag("regisseur", d.VERWIJZING, id=id)["verwijzing"]["versie"]}


def _ziet(toneel: Toneel, wat: dict[str, Any] | None) -> None:
    gezien = toneel.vraag("dock", d.PERSOON_MET_CONTACT, id=toneel.ids["riet"])["persoon"]
    verwacht(gezien == wat, "de partner moet precies zien wat is gedeeld")


DOUTZEN, RIK = "Doutzen (welzijnswerk)", "Rik (casusregisseur)"
STAPPEN = (
    Stap(WIES, "meldt nog een inwoner aan", meldt_aan),
    Stap(DOUTZEN, "vraagt om toegang", vraagt_toegang),
    Stap(RIK, "verwijst de inwoner naar het welzijnswerk", verwijst),
    Stap(DOUTZEN, "neemt de verwijzing aan", neemt_aan),
    Stap(RIK, "deelt minder, en het welzijnswerk rondt af", beperkt),
    Stap("Chris (crisisdienst)", "breekt het glas", breekt_glas),
    Stap("Tess (teamleider)", "beoordeelt dat", beoordeelt),
    Stap(RIK, "vraagt waarom een collega van het andere team niets ziet", legt_uit),
)
