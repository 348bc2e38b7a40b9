"""The story, part five: who saw what can be told without a name, and proved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wijkwerk_graphql.demo import documenten as d
from wijkwerk_graphql.demo import toneel as t
from wijkwerk_graphql.demo.client import Antwoord
from wijkwerk_graphql.demo.controle import controleer, knoei
from wijkwerk_graphql.demo.toneel import Export, Toneel, gelukt, geweigerd, zwijgt
from wijkwerk_graphql.demo.verhaal import Stap, verwacht


def leest_log(toneel: Toneel) -> Sequence[str]:
    """What the care partner asked: what was shown, what was not there for it, what was refused."""
    zorg = toneel.vraag("zorg", d.IK)["ik"]["gebruiker"]
    antwoord = _log(toneel, d.INZAGELOG, gebruiker=zorg)
    regels = _regels(antwoord)
    pseudoniemen = {betrokkene["pseudoniem"] for regel in regels for betrokkene in regel["betrokkenen"]}
    verwacht(len(pseudoniemen) == 1, "de zorg mag precies één inwoner hebben gezien")
    toneel.ids |= {"zorg": zorg, "pseudoniem": pseudoniemen.pop()}
    niets = [regel for regel in regels if regel["resultaat"] == "GEEN_RESULTAAT"]
    verwacht(len(niets) == 9, "elk vergeefs verzoek moet in het log staan")
    verwacht([regel["code"] for regel in regels if regel["code"]] == ["GEEN_RECHT"], "de weigering van het BSN moet in het log staan")
    _zonder_namen(antwoord, toneel)
    return [
        f"Te zien: Zita zag één inwoner. {len(niets)} keer kreeg ze niets en 1 keer werd ze geweigerd.",
        "Niet te zien: namen, BSN's en teksten. De inwoner heet hier alleen een pseudoniem.",
    ]


def wat_zag_de_zorg(toneel: Toneel) -> Sequence[str]:
    """Categories and names of fields, each with the betrokkenheid that allowed it; never content."""
    antwoord = _log(toneel, d.GETOOND, gebruiker=toneel.ids["zorg"], pseudoniem=toneel.ids["pseudoniem"])
    regels = _regels(antwoord)
    verwacht(len(regels) == 2, "de zorg zag deze inwoner bij precies twee verzoeken")
    verwacht(all(regel["doelen"] == ["ZORG_UITWISSELING"] for regel in regels), "het log moet zeggen waarvoor")
    delen = [deel for regel in regels for betrokkene in regel["betrokkenen"] for deel in betrokkene["getoond"]]
    verwacht(all(deel["betrokkenheden"] for deel in delen), "het log moet zeggen wat het toestond")
    gezien = {categorie for deel in delen for categorie in deel["categorieen"]}
    verwacht(gezien == {"IDENTITEIT", "CONTACTVERSLAGEN"}, "het log moet precies de gedeelde soorten gegevens noemen")
    _zonder_namen(antwoord, toneel)
    return ["Te zien: 2 verzoeken, identiteit en verslagen, en de toestemming die het toestond."]


def wie_zag(toneel: Toneel) -> Sequence[str]:
    """All who were shown something of this resident, and nobody else."""
    antwoord = _log(toneel, d.INZAGELOG, pseudoniem=toneel.ids["pseudoniem"])
    rollen = {rol for regel in _regels(antwoord) for rol in regel["rollen"]}
    verwacht(rollen == {"WIJKTEAM", "REGISSEUR", "ZORG"}, "precies deze rollen zagen de inwoner")
    _zonder_namen(antwoord, toneel)
    return ["Te zien: alleen wijkteam, regisseur en thuiszorg zagen gegevens van deze inwoner."]


def geen_inhoud(toneel: Toneel) -> Sequence[str]:
    """Who oversees reads no files."""
    antwoord = toneel.als("fg").vraag(d.PERSOON, id=toneel.ids["persoon"])
    geweigerd(antwoord, "GEEN_RECHT")
    zwijgt(antwoord, t.NAAM)
    geweigerd(_log(toneel, d.INZAGELOG, onderwerp="wijkteam"), "GEEN_RECHT")
    return ["Geweigerd: de inwoner zelf bekijken (GEEN_RECHT). En het wijkteam mag niet in het log kijken."]


def ontmaskert(toneel: Toneel) -> Sequence[str]:
    """Who is behind a pseudonym takes two: who asks does not decide."""
    gevraagd = toneel.vraag("fg", d.ONTMASKERING_VRAGEN, pseudoniem=toneel.ids["pseudoniem"])["ontmaskeringVragen"]
    geweigerd(toneel.als("fg").vraag(d.ONTMASKERING_BESLISSEN, **gevraagd), "GEEN_RECHT")
    geweigerd(toneel.als("fg").vraag(d.ONTMASKERING_BEKIJKEN, id=gevraagd["id"]), "NIET_GEVONDEN")
    toneel.vraag("privacy", d.ONTMASKERING_BESLISSEN, **gevraagd)
    gezien = toneel.vraag("fg", d.ONTMASKERING_BEKIJKEN, id=gevraagd["id"])["ontmaskeringBekijken"]
    verwacht(gezien["herleidbaar"] and t.NAAM in gezien["naam"], "na het besluit moet te zien zijn wie het is")
    return [
        "Geweigerd: zelf beslissen (GEEN_RECHT), en kijken voordat Pia (privacy officer) besliste (NIET_GEVONDEN).",
        f"Te zien na haar besluit, een dag lang: {gezien['naam']}. Ook dat staat in het log.",
    ]


def ziet_wie_keek(toneel: Toneel) -> Sequence[str]:
    """By organisation and function, in plain words; not which employee it was."""
    dagen = {"van": f"{toneel.begin - timedelta(days=1):%Y-%m-%d}", "tot": f"{toneel.begin + timedelta(days=1):%Y-%m-%d}"}
    antwoord = toneel.als("inwoner").vraag(d.MIJN_INZAGE, **dagen)
    inzage = gelukt(antwoord)["mijnInzage"]
    verwacht(inzage["organisaties"] and inzage["regels"], "de inwoner moet zien wie er keek")
    verwacht(not any(regel["naam"] for regel in inzage["regels"]), "zonder besluit zijn er geen namen van medewerkers")
    zwijgt(antwoord, *t.WIE_ER_WERKEN)
    eerste = inzage["organisaties"][0]
    return [
        f"Te zien: {eerste['organisatie']} ({', '.join(eerste['functies'])}), {eerste['keren']} keer.",
        "Niet te zien: namen van medewerkers. Die zijn er alleen na een besluit.",
    ]


def verifieert(toneel: Toneel) -> Sequence[str]:
    """The whole log, exported and verified."""
    toneel.geexporteerd = toneel.exporteer()
    rapport = controleer(*toneel.geexporteerd)
    verwacht(rapport.goed, "het log moet kloppen")
    verwacht(rapport.checkpoints > 0 and rapport.regels > 30, "er moet een ondertekend log met regels zijn")
    zwijgt(Antwoord(200, toneel.geexporteerd[0].decode()), t.BSN, t.NAAM, t.STRAAT, t.DEELBAAR, t.INTERN, t.nummer(toneel.ids["persoon"]))
    return [f"{rapport.regels} logregels gecontroleerd: geen is veranderd, weggehaald of toegevoegd. Er staat geen naam of BSN in."]


def betrapt(toneel: Toneel) -> Sequence[str]:
    """One word in one entry of a copy."""
    kopie, sleutel = _export(toneel)
    geknoeid, plaats = knoei(kopie)
    rapport = controleer(geknoeid, sleutel)
    verwacht(not rapport.goed, "het geknoei moet worden gevonden")
    verwacht(rapport.bevindingen[0].plaats == plaats, "de plaats van het geknoei moet worden genoemd")
    return [f"Gevonden: {plaats} {rapport.bevindingen[0].wat}."]


def _export(toneel: Toneel) -> Export:
    verwacht(toneel.geexporteerd is not None, "het log moet eerst zijn geëxporteerd")
    assert toneel.geexporteerd is not None  # noqa: S101 - tells the type checker what the line above made sure of
    return toneel.geexporteerd


def _log(toneel: Toneel, query: str, onderwerp: str = "fg", **filters: str) -> Antwoord:
    van, tot = toneel.begin, toneel.begin + timedelta(hours=1)
    return toneel.als(onderwerp).vraag(query, van=van.isoformat(), tot=tot.isoformat(), **filters)


def _regels(antwoord: Antwoord) -> list[dict[str, Any]]:
    pagina = gelukt(antwoord)["inzagelog"]
    verwacht(pagina["regels"] and pagina["volgende"] is None, "alle regels moeten op deze pagina staan")
    return list(pagina["regels"])


def _zonder_namen(antwoord: Antwoord, toneel: Toneel) -> None:
    persoon = toneel.ids["persoon"]
    zwijgt(antwoord, t.NAAM, "Saar", t.BSN, t.STRAAT, t.VERBETERD, t.DEELBAAR, t.INTERN, persoon, t.nummer(persoon))


FLOOR = "Floor (toezicht)"
STAPPEN = (
    Stap(FLOOR, "leest in het log wat de thuiszorg vroeg", leest_log),
    Stap(FLOOR, "vraagt wat de thuiszorg te zien kreeg", wat_zag_de_zorg),
    Stap(FLOOR, "vraagt wie deze inwoner zag", wie_zag),
    Stap(FLOOR, "probeert de inwoner zelf te bekijken", geen_inhoud),
    Stap(FLOOR, "wil weten welke inwoner dat is", ontmaskert),
    Stap("Een inwoner", "kijkt wie de eigen gegevens zag", ziet_wie_keek),
    Stap(FLOOR, "exporteert het log en controleert het", verifieert),
    Stap("Een knoeier", "verandert één regel in een kopie van het log", betrapt),
)
