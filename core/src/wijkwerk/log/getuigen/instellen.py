"""The witnesses that the settings name."""

from __future__ import annotations

from collections.abc import Iterator

from wijkwerk.errors import OpstartFout
from wijkwerk.log.getuigen.bron import Bewaarder
from wijkwerk.log.getuigen.eindpunt import Eindpunt
from wijkwerk.log.getuigen.map import Map
from wijkwerk.log.getuigen.tijdstempel import Tijdstempel
from wijkwerk.log.note import COSIGNATUUR, lees_vkey
from wijkwerk.settings import Getuige, Loginstellingen
from wijkwerk.uitgaand import UitgaandMislukt, controleer


def bewaarders(log: Loginstellingen) -> list[Bewaarder]:
    """Raises OpstartFout for what can't be: a name that is there twice, a key or an address that is none, no certificate."""
    found = list(_bewaarders(log))
    namen = [each.naam for each in found]
    if dubbel := {naam for naam in namen if namen.count(naam) > 1}:
        raise OpstartFout(f"Twee getuigen van het log heten {min(dubbel)}. Geef elke getuige een eigen naam (log.getuigen).")
    return found


def _bewaarders(log: Loginstellingen) -> Iterator[Bewaarder]:
    for getuige in log.getuigen:
        yield _getuige(log, getuige)
    if log.tijdstempel_url is not None:
        if log.tijdstempel_ca is None:
            raise OpstartFout("Geef bij log.tijdstempel_url ook log.tijdstempel_ca: het bestand met het certificaat van die dienst.")
        _adres(log.tijdstempel_url, "log.tijdstempel_url")
        yield Tijdstempel(log.tijdstempel_url, log.tijdstempel_ca, ca_file=log.ca_file)


def _getuige(log: Loginstellingen, getuige: Getuige) -> Bewaarder:
    if getuige.map is not None:
        return Map(getuige.naam, getuige.map)
    _adres(getuige.url or "", f"getuige {getuige.naam}")
    try:
        sleutel = lees_vkey(getuige.sleutel or "", COSIGNATUUR)
    except ValueError:
        te_doen = "Vraag de beheerder van de getuige wat `wijkwerk getuige --map MAP sleutel` toont."
        raise OpstartFout(f"De sleutel van getuige {getuige.naam} is geen sleutel van een getuige. {te_doen}") from None
    return Eindpunt(getuige.naam, getuige.url or "", sleutel, ca_file=log.ca_file)


def _adres(url: str, wat: str) -> None:
    try:
        controleer(url)
    except UitgaandMislukt as error:
        raise OpstartFout(f"Het adres van {wat} kan niet worden gebruikt: {error}.") from None
