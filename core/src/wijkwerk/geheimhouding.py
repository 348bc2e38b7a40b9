"""Secrecy: what a resident asked for, and what a resident in danger needs (domain.md 1.10).

Both hide the same from everybody outside the municipality, and each stands on its own: lifting one leaves the effect of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.errors import GeenRecht, OngeldigeInvoer, bij_veld
from wijkwerk.personen import Persoon
from wijkwerk.records.checks import omschrijving
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum

VLAGGEN: Mapping[str, Afschermsoort] = MappingProxyType({"geheim": Afschermsoort.GEHEIM, "veiligheidsvlag": Afschermsoort.VEILIGHEID})
"""The fields of a resident that say that there is an afscherming of this kind."""
_KOLOM = MappingProxyType({soort: vlag for vlag, soort in VLAGGEN.items()})

_GEHEIM = "Geheimhouding: geef adres, telefoonnummer, e-mailadres, buurt en huisgenoten niet aan anderen buiten de gemeente."
_VEILIGHEID = "Veiligheid: deze inwoner loopt gevaar. Overleg met de casusregisseur voordat u iets deelt of een brief stuurt."
_OVERLEDEN = "Overleden: stuur deze inwoner geen post."


def zet_geheimhouding(work: Work, persoon: UUID, versie: int, aan: bool, reden: str | None = None) -> UUID:
    """Set or lift the secrecy that a resident asked for, and return the resident's id. Lifting asks for a reason.

    It works from the next request on. Raises GeenRecht, NietGevonden, VersieVerouderd, and OngeldigeInvoer for a reason that is missing
    or too long, and for what is so already.
    """
    return _zet(work, Afschermsoort.GEHEIM, persoon, versie, aan, reden)


def zet_veiligheidsvlag(work: Work, persoon: UUID, versie: int, aan: bool, reden: str) -> UUID:
    """Set or lift the flag of a resident in danger (a shelter, a stalker), and return the resident's id; never without a reason.

    Raises as `zet_geheimhouding`.
    """
    return _zet(work, Afschermsoort.VEILIGHEID, persoon, versie, aan, reden)


def houd_geheim(work: Work, persoon: Persoon) -> None:
    """The afscherming of a resident who is made with `geheim`: the other half of what `zet_geheimhouding` does."""
    if persoon.geheim:
        _begin(work, Afschermsoort.GEHEIM, persoon.id, None)


def waarschuwing(geheim: bool | None, veiligheidsvlag: bool | None, overlijdensdatum: Datum | None) -> str | None:
    """What a professional must know before using what is shown, in plain Dutch; None when there is nothing, or nothing that is seen."""
    parts = ((veiligheidsvlag, _VEILIGHEID), (geheim, _GEHEIM), (overlijdensdatum is not None, _OVERLEDEN))
    return " ".join(text for applies, text in parts if applies) or None


def _zet(work: Work, soort: Afschermsoort, persoon: UUID, versie: int, aan: bool, reden: str | None) -> UUID:
    if not work.actor.may(Afscherming.schrijven.naam):
        raise GeenRecht
    found, kolom, waarom = work.get(Persoon, persoon, versie), _KOLOM[soort], _reden(soort, aan, reden)
    if getattr(found, kolom) == aan:
        raise OngeldigeInvoer(f"Dit staat al {'aan' if aan else 'uit'}. Haal de inwoner opnieuw op.", veld="aan")
    setattr(found, kolom, aan)
    if aan:
        _begin(work, soort, persoon, waarom)
    else:
        _eindig(work, soort, persoon, str(waarom))
    return persoon


def _reden(soort: Afschermsoort, aan: bool, reden: str | None) -> str | None:
    if reden is None and aan and soort is Afschermsoort.GEHEIM:
        return None
    if reden is None:
        raise OngeldigeInvoer("Schrijf op waarom. Zonder reden kan dit niet.", veld="reden")
    with bij_veld("reden"):
        return omschrijving(reden)


def _begin(work: Work, soort: Afschermsoort, persoon: UUID, reden: str | None) -> None:
    afscherming = scherm_af(work, persoon, soort)
    afscherming.reden, afscherming.door_id = reden, work.actor.gebruiker


def _eindig(work: Work, soort: Afschermsoort, persoon: UUID, reden: str) -> None:
    """End all of this kind; NietGevonden when one is out of reach, for the flag may not say that nothing is hidden while something is."""
    a = Afscherming.tabel()
    own = (a.c.gemeente_id == work.actor.gemeente, a.c.persoon_id == persoon, a.c.soort == soort, a.c.partij_id.is_(None))
    for id in work.core_connection.execute(select(a.c.id).where(*own, waar_open(a, work.actor.moment))).scalars().all():
        afscherming = work.get(Afscherming, id)
        afscherming.tot, afscherming.opgeheven_door_id, afscherming.reden_opheffing = work.actor.moment, work.actor.gebruiker, reden
