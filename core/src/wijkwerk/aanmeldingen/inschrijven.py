"""Making a resident: the one place where that happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wijkwerk.access.actor import Actor
from wijkwerk.bsnindex import LEEG, index_van, indexkolommen
from wijkwerk.contactgegevens import keur, leg_vast
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebieden import volg_adres
from wijkwerk.geheimhouding import houd_geheim
from wijkwerk.log.subjects import maak_pseudoniem
from wijkwerk.personen import INVOER, Persoon, tegenstrijdig
from wijkwerk.records.conditions import Indexwaarde
from wijkwerk.records.gegevens import alleen, gekeurd, zet
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import DATUM_ONBEKEND
from wijkwerk.storage.columns import nieuw_id


def schrijf_in(
    work: Work, gegevens: Mapping[str, Any], contactgegevens: Sequence[Mapping[str, Any]] = (), *, merk: Indexwaarde | None = None
) -> UUID:
    """Make a resident from `gegevens` (fields of `personen.INVOER`; None is absent). `merk`: what stands for the index of a BSN.

    With a pseudonym for the log, the index of the BSN, and the afscherming that secrecy asks for (domain.md 1.10). Raises OngeldigeInvoer.
    """
    filled = keur_gegevens(work.actor, gegevens)
    persoon = Persoon(id=nieuw_id(), **{"geboortedatum": DATUM_ONBEKEND} | filled)
    index = index_van(work, filled["bsn"]) if "bsn" in filled else merk
    if index is not None:
        zet(persoon, indexkolommen(index), LEEG)
    volg_adres(work, persoon)
    work.add(persoon)
    maak_pseudoniem(work.core_connection, work.actor.gemeente, persoon.id)
    leg_vast(work, persoon.id, keur(contactgegevens))
    houd_geheim(work, persoon)
    return persoon.id


def keur_gegevens(actor: Actor, gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in (of `personen.INVOER`), checked, for who wants to register somebody. Raises OngeldigeInvoer.

    Also for a known BSN: an error for a new resident only would tell who is known.
    """
    filled = {name: value for name, value in alleen(gegevens, INVOER).items() if value is not None}
    if not filled.get("geslachtsnaam"):
        raise OngeldigeInvoer("Vul de achternaam in. Is die onbekend, schrijf dan een punt.", veld="geslachtsnaam")
    checked = {name: gekeurd(Persoon, name, value) for name, value in filled.items()}
    for fout in tegenstrijdig(checked, actor.vandaag):
        raise fout
    return checked
