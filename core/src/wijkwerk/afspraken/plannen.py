"""Making an appointment, changing it, calling it off. Only one that is planned changes; the resident is told where that is safe."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.register import PLANNING
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus, Afzegger
from wijkwerk.afspraken.laten_weten import laat_weten, trek_wachtend_in
from wijkwerk.betrokkenheden import eigen_kader
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.meewerken import keur_werkt_mee
from wijkwerk.post.keuring import WaaromNiet
from wijkwerk.post.soorten import AFSPRAAK_AFGEZEGD, AFSPRAAK_GEMAAKT, AFSPRAAK_GEWIJZIGD, Berichtsoort
from wijkwerk.records.conditions import Filter
from wijkwerk.records.gegevens import alleen, keur_tekst, niet_leeg, zet
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.voor import Voor, ziet

INVOER = ("met_id", "soort", "begin", "einde", "plaats", "onderwerp")
"""What may be given for an appointment; without `met_id` it is with the actor."""
VERPLICHT = ("soort", "begin", "einde")

LANGST = timedelta(hours=24)
VERST = timedelta(days=2 * 366)
"""How far ahead an appointment can be; later is a typing error."""
_MEESTE_OVERLAP = 100


@dataclass(frozen=True, slots=True)
class Vastgelegd:
    """What came of it: the appointment, others of the same professional at that time, and the message, or why there is none."""

    id: UUID
    overlapt: tuple[UUID, ...] = ()
    bericht: UUID | None = None
    waarom_niet: WaaromNiet | None = None


def maak(work: Work, persoon: UUID, gegevens: Mapping[str, Any], *, kader: UUID | None = None, bericht: bool = False) -> Vastgelegd:
    """Make an appointment with a resident (fields of `INVOER`).

    `kader`: the case or report that it belongs to; None is the one through which the actor sees the planning. `bericht`: tell the
    resident by mail. Another appointment of the professional at that time is told, not refused. Raises NietGevonden for a resident or
    case out of reach, GeenRecht, and OngeldigeInvoer for times that can't be and for a colleague who would not see it.
    """
    if not work.actor.may(Afspraak.schrijven.naam):
        raise GeenRecht
    nieuw = _gekeurd(alleen(gegevens, INVOER))
    if leeg := [name for name in VERPLICHT if nieuw.get(name) is None]:
        raise niet_leeg(leeg[0])
    _keur_tijd(work, nieuw["begin"], nieuw["einde"])
    # who is merged away at the same time is waited for: the appointment goes along
    vergrendel(work, [persoon])
    gekozen = kader or eigen_kader(work, persoon, PLANNING)
    keur_werkt_mee(work, persoon, gekozen)
    afspraak = Afspraak(id=nieuw_id(), persoon_id=persoon, kader_id=gekozen, **{"met_id": work.actor.gebruiker} | nieuw)
    uitkomst = _bericht(work, AFSPRAAK_GEMAAKT if bericht else None, afspraak, afspraak.soort, afspraak.begin)
    _keur_met(work, work.add(afspraak))
    return _met_overlap(work, afspraak, uitkomst)


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any], *, bericht: bool = False) -> Vastgelegd:
    """Change these fields (of `INVOER`) of an appointment that has not begun. A mail about it that still waits is not sent any more.

    Raises as `maak`, VersieVerouderd, and OngeldigeInvoer for one that is no longer planned or has begun.
    """
    nieuw = _gekeurd(alleen(gegevens, INVOER))
    if leeg := [name for name in ("met_id", *VERPLICHT) if name in nieuw and nieuw[name] is None]:
        raise niet_leeg(leeg[0])
    afspraak = geplande(work, id, versie)
    if afspraak.begin <= work.actor.moment:
        raise OngeldigeInvoer("De afspraak is al begonnen. Leg vast wat ervan kwam, of maak een nieuwe afspraak.")
    _keur_tijd(work, nieuw.get("begin", afspraak.begin), nieuw.get("einde", afspraak.einde))
    trek_wachtend_in(work, afspraak)
    wijze, begin = nieuw.get("soort", afspraak.soort), nieuw.get("begin", afspraak.begin)
    uitkomst = _bericht(work, AFSPRAAK_GEWIJZIGD if bericht else None, afspraak, wijze, begin)
    zet(afspraak, nieuw, INVOER)
    _keur_met(work, afspraak)
    return _met_overlap(work, afspraak, uitkomst)


def zeg_af(work: Work, id: UUID, versie: int, door: Afzegger, reden: str, *, bericht: bool = False) -> Vastgelegd:
    """Call an appointment off: by whom, and why in words. A mail about it that still waits is not sent any more.

    Raises NietGevonden, VersieVerouderd, GeenRecht, and OngeldigeInvoer for one that is no longer planned, no reason, and a message
    about what has begun already.
    """
    afspraak = geplande(work, id, versie)
    if bericht and afspraak.begin <= work.actor.moment:
        raise OngeldigeInvoer("De afspraak is al geweest. Laat het bericht weg.", veld="bericht")
    trek_wachtend_in(work, afspraak)
    uitkomst = _bericht(work, AFSPRAAK_AFGEZEGD if bericht else None, afspraak, afspraak.soort, afspraak.begin)
    beeindig(work, afspraak, Afspraakstatus.AFGEZEGD, keur_tekst(reden, "reden"))
    afspraak.afgezegd_door = door
    return uitkomst


def geplande(work: Work, id: UUID, versie: int) -> Afspraak:
    """The appointment, while it is planned. Raises NietGevonden, VersieVerouderd, GeenRecht, OngeldigeInvoer."""
    afspraak = work.get(Afspraak, id, versie)
    if afspraak.status is not Afspraakstatus.GEPLAND:
        raise OngeldigeInvoer("Van deze afspraak is al vastgelegd wat ervan kwam. Maak een nieuwe afspraak.")
    keur_werkt_mee(work, afspraak.persoon_id, afspraak.kader_id)
    return afspraak


def beeindig(work: Work, afspraak: Afspraak, status: Afspraakstatus, uitkomst: str | None) -> None:
    """What came of an appointment, and since when that is known."""
    afspraak.status, afspraak.status_op = status, work.actor.moment
    if uitkomst is not None:
        afspraak.uitkomst = uitkomst


def _gekeurd(gegevens: dict[str, Any]) -> dict[str, Any]:
    texts = {name: keur_tekst(gegevens[name], name) for name in ("plaats", "onderwerp") if gegevens.get(name) is not None}
    moments = {name: _moment(gegevens[name], name) for name in ("begin", "einde") if gegevens.get(name) is not None}
    return gegevens | texts | moments


def _moment(moment: datetime, veld: str) -> datetime:
    """In UTC: moments of one time zone are compared by the hands of the clock, which goes wrong when the clocks change.

    Raises OngeldigeInvoer for one without a time zone, which is another moment on another machine, and for one that is in no year.
    """
    if moment.tzinfo is not None:
        with suppress(OverflowError):
            return moment.astimezone(UTC)
    raise OngeldigeInvoer("Dit tijdstip kan niet. Geef het met de tijdzone erbij, en controleer het jaar.", veld=veld)


def _keur_tijd(work: Work, begin: datetime, einde: datetime) -> None:
    """Today's are recorded afterwards too; what was before that, was no appointment in this system."""
    vandaag = begin_van(work.actor.vandaag)
    if not vandaag <= begin <= vandaag + VERST:
        raise OngeldigeInvoer("Een afspraak begint vandaag of later, hoogstens twee jaar vooruit. Controleer de dag.", veld="begin")
    if not begin < einde <= begin + LANGST:
        raise OngeldigeInvoer("Een afspraak eindigt na het begin en duurt hoogstens 24 uur. Controleer het einde.", veld="einde")


def _keur_met(work: Work, afspraak: Afspraak) -> None:
    """Who keeps an appointment must see it: a colleague works here today, and has a door to the resident in that case."""
    met = afspraak.met_id
    if met == work.actor.gebruiker:
        return
    known = work.find_any(Gebruiker, id=met) is not None
    if not known or not ziet(work, Voor(met, Partijsoort.GEBRUIKER), Afspraak, [afspraak.id]):
        raise OngeldigeInvoer("Deze medewerker kan de afspraak niet zien. Kies iemand die bij het dossier betrokken is.", veld="met_id")


def _bericht(work: Work, soort: Berichtsoort | None, afspraak: Afspraak, wijze: Afspraaksoort, begin: datetime) -> Vastgelegd:
    """Before the appointment itself is changed: its row names the message, which must be there first."""
    if soort is None:
        return Vastgelegd(afspraak.id)
    verstuurd = laat_weten(work, soort, afspraak.persoon_id, afspraak.kader_id, wijze, begin)
    work.flush()
    if verstuurd.bericht is not None:
        afspraak.bericht_id = verstuurd.bericht
    return Vastgelegd(afspraak.id, bericht=verstuurd.bericht, waarom_niet=verstuurd.waarom_niet)


def _met_overlap(work: Work, afspraak: Afspraak, uitkomst: Vastgelegd) -> Vastgelegd:
    """Of what the actor may see: nothing is told of an appointment that is out of reach."""
    work.flush()
    filters = {
        Filter("met_id"): afspraak.met_id, Filter("status"): Afspraakstatus.GEPLAND,
        Filter("begin", "tussen"): (afspraak.begin - LANGST, afspraak.einde),
    }  # fmt: skip
    page = work.reader.page(Afspraak, ("begin", "einde"), order=("begin",), filters=filters, first=_MEESTE_OVERLAP)
    others = (row for row in page.rows if row.id != afspraak.id)
    overlapt = tuple(row.id for row in others if row.begin < afspraak.einde and row.einde > afspraak.begin)
    return Vastgelegd(uitkomst.id, overlapt, uitkomst.bericht, uitkomst.waarom_niet)
