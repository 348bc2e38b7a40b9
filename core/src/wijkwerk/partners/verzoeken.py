"""A partner asks to be let in to somebody, and learns nothing: not if the resident is known, nor what is decided (design.md 1, idea 2).

Nothing is looked up while it is answered: what was asked is sealed under a key of its own and put aside, the same work for everybody.
Afterwards (`nakijken.py`) the casusregisseur of the resident gets a task, if there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import orjson

from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.gebruikers import op_zijn_beurt, te_vaak
from wijkwerk.partners.toegangsverzoek import Toegangsverzoek, Verzoekstatus, plaats
from wijkwerk.personen import BSN_ZOEKEN
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.zoeken.kenmerken import Kenmerken, keur, noteer_gevraagd

MEESTE_TEKENS = 1000
"""Of the reason: with who asks it must fit in a task."""


class Verzoekuitkomst(StrEnum):
    """What is answered. TE_VAAK_GEVRAAGD: nothing was kept."""

    ONTVANGEN = "ONTVANGEN"
    TE_VAAK_GEVRAAGD = "TE_VAAK_GEVRAAGD"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """All that the partner gets to know. `opnieuw`: from when who asked too often may ask again."""

    uitkomst: Verzoekuitkomst
    melding: str
    opnieuw: datetime | None = None


_ONTVANGEN = Antwoord(
    Verzoekuitkomst.ONTVANGEN,
    "Uw verzoek is ontvangen. Werkt het wijkteam met deze inwoner, dan beoordeelt het uw verzoek. U ziet de inwoner pas als u bent "
    "toegelaten. Hoort u niets? Bel het wijkteam van de buurt.",
)


def vraag_toegang(work: Work, kenmerken: Kenmerken, toelichting: str, rol: str | None = None) -> Antwoord:
    """Ask to be let in to exactly this resident, and say why. `rol`: in which of the actor's roles; the only one when not given.

    Raises GeenRecht, and OngeldigeInvoer for what is wrong or missing (`keur`): alike for known and unknown residents. Too often is an
    answer and no error.
    """
    bsn_gevraagd = kenmerken.bsn is not None
    if not work.actor.may(Toegangsverzoek.schrijven.naam) or (bsn_gevraagd and not work.actor.may(BSN_ZOEKEN.naam)):
        raise GeenRecht
    gekeurd, waarom, als = keur(kenmerken), _waarom(toelichting), _rol(work, rol)
    op_zijn_beurt(work)
    noteer_gevraagd(work, gekeurd)
    if (opnieuw := _opnieuw(work)) is not None:
        work.geweigerd = Verzoekuitkomst.TE_VAAK_GEVRAAGD
        vaak = "U vroeg dit te vaak. Wacht tot het genoemde moment, of bel het wijkteam van de buurt."
        return Antwoord(Verzoekuitkomst.TE_VAAK_GEVRAAGD, vaak, opnieuw)
    _bewaar(work, gekeurd, waarom, als)
    return _ONTVANGEN


def _waarom(toelichting: str) -> str:
    if len(toelichting) > MEESTE_TEKENS:
        raise OngeldigeInvoer(f"Schrijf in ten hoogste {MEESTE_TEKENS} tekens waarom u toegang nodig hebt.", veld="toelichting")
    return keur_tekst(toelichting, "toelichting")


def _rol(work: Work, rol: str | None) -> str:
    rollen = work.actor.rollen
    if rol is None and len(rollen) > 1:
        raise OngeldigeInvoer("U hebt meer dan één rol. Noem de rol waarin u toegang vraagt.", veld="rol")
    if rol is not None and rol not in rollen:
        raise OngeldigeInvoer(f"Dit is niet uw rol. Kies uit: {', '.join(rollen)}.", veld="rol")
    return rol or rollen[0]


def _bewaar(work: Work, kenmerken: Kenmerken, waarom: str, rol: str) -> None:
    """One row: who asked and when in the open, all else sealed under a key that is destroyed with it."""
    id, actor, connection = nieuw_id(), work.actor, work.core_connection
    sleutel = work.keyring.data_key(connection, actor.gemeente, id)
    gegeven = {naam: waarde.waarde if isinstance(waarde, Bsn) else waarde for naam, waarde in kenmerken.gegeven().items()}
    plain = orjson.dumps({"waarom": waarom, "kenmerken": gegeven}, default=str, option=orjson.OPT_PASSTHROUGH_DATACLASS)
    work.grant(
        Toegangsverzoek(
            id=id, gebruiker_id=actor.gebruiker, organisatie_id=actor.organisatie, rol=rol, ontvangen_op=actor.moment,
            volgende_poging_op=actor.moment, status=Verzoekstatus.ONTVANGEN,
            inhoud=work.keyring.seal(connection, sleutel, plain, plaats(actor.gemeente, id)),
        )
    )  # fmt: skip


def _opnieuw(work: Work) -> datetime | None:
    """From when the actor may ask again; None for now. Counted are the requests of this user that were kept."""
    t, grenzen = Toegangsverzoek.tabel(), work.grenzen
    return te_vaak(work, t, t.c.ontvangen_op, per_uur=grenzen.verzoek_per_uur, per_dag=grenzen.verzoek_per_dag)
