"""Who is family of whom in the made-up neighbourhood, who decides for whom, who is in danger, and who may be there twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wijkwerk import gezag, huishoudens, relaties, vertegenwoordigingen
from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.demo import teksten
from wijkwerk.geheimhouding import zet_veiligheidsvlag
from wijkwerk.gezag import Gezagsoort
from wijkwerk.huishoudens import Huishoudrol
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.relaties import Relatiesoort
from wijkwerk.vertegenwoordigingen import Hoedanigheid

if TYPE_CHECKING:
    from wijkwerk.demo.buurt import Ingeschreven

DUBBEL = 3
"""So many residents are registered a second time, as happens at a counter: an initial, no BSN."""


def woon_samen(work: Work, leden: Sequence[Ingeschreven]) -> None:
    """A household of today, with who is whose parent and who has gezag."""
    vandaag, [eerste, *anderen] = work.actor.vandaag, leden
    huishouden = _huishouden(work, huishoudens.voeg_toe(work, eerste.id, None, eerste.bewoner.rol, vandaag))
    for lid in anderen:
        huishoudens.voeg_toe(work, lid.id, huishouden, lid.bewoner.rol, vandaag)
    ouders = [lid.id for lid in leden if lid.bewoner.rol in (Huishoudrol.HOOFD, Huishoudrol.PARTNER)]
    for kind in _met_rol(leden, Huishoudrol.KIND):
        for ouder in ouders:
            relaties.leg_vast(work, kind, ouder, Relatiesoort.OUDER, gezag=True)
        samen = Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG if len(ouders) > 1 else Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG
        gezag.leg_vast(work, kind, soort=samen)
    for grootouder in _met_rol(leden, Huishoudrol.OUDER):
        relaties.leg_vast(work, ouders[0], grootouder, Relatiesoort.OVERIG_FAMILIELID)


def _huishouden(work: Work, lidmaatschap: UUID) -> UUID:
    work.flush()
    [row] = work.reader.by_key(huishoudens.Huishoudlid, ("huishouden_id",), "id", [lidmaatschap])
    return UUID(str(row.huishouden_id))


def vertegenwoordig(work: Work, gezinnen: Sequence[Sequence[Ingeschreven]]) -> None:
    """Of the first family with an elder, somebody in the house speaks for that elder; of the second a curator from outside."""
    met_oudere = [leden for leden in gezinnen if _met_rol(leden, Huishoudrol.OUDER)]
    van = work.actor.vandaag - timedelta(days=90)
    for leden, (hoedanigheid, bewijs, naam) in zip(met_oudere, VERTEGENWOORDIGERS, strict=False):
        [oudere, *_] = _met_rol(leden, Huishoudrol.OUDER)
        ander = None if naam else leden[0].id
        vertegenwoordigingen.leg_vast(work, oudere, hoedanigheid, bewijs, van, vertegenwoordiger=ander, naam=naam)


VERTEGENWOORDIGERS = (
    (Hoedanigheid.GEMACHTIGDE, teksten.VOLMACHT, None),
    (Hoedanigheid.CURATOR, teksten.BESCHIKKING, "Vlonderpad"),
)


def bescherm(work: Work, personen: Sequence[UUID]) -> None:
    """Flag residents who are in danger."""
    for row in work.reader.by_key(Persoon, ("versie",), "id", personen):
        zet_veiligheidsvlag(work, row.id, row.versie, True, teksten.GEVAAR)


def meld_nog_eens(work: Work, leden: Sequence[Ingeschreven]) -> None:
    """Report these residents again without a BSN and with an initial: they come on the work list of doubles."""
    for lid in leden:
        gegevens: dict[str, Any] = lid.bewoner.gegevens | {"bsn": None, "voornamen": lid.bewoner.gegevens["voornamen"][0], "roepnaam": None}
        aanmelden(work, gegevens)


def _met_rol(leden: Sequence[Ingeschreven], rol: Huishoudrol) -> list[UUID]:
    return [lid.id for lid in leden if lid.bewoner.rol is rol]
