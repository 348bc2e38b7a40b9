"""The core's own sources of the work list: tasks, reports that wait for triage, appointments, and referrals that a partner has to
decide about: they leave the list with the referral, whoever ended it."""

from __future__ import annotations

from typing import Any

from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Aanmeldstatus
from wijkwerk.access.actor import Actor
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort, Afspraakstatus
from wijkwerk.partners.verwijzing import Verwijzing, Verwijzingstatus
from wijkwerk.records.conditions import Filter
from wijkwerk.taken.bron import Werkbron
from wijkwerk.taken.taak import AlgemeneTaak, Taak, Taakstatus

_AFSPRAAK = {
    Afspraaksoort.HUISBEZOEK: "Huisbezoek",
    Afspraaksoort.OP_LOCATIE: "Afspraak op locatie",
    Afspraaksoort.TELEFOON: "Telefonische afspraak",
    Afspraaksoort.BEELDBELLEN: "Afspraak via beeldbellen",
}
_STATUS = Filter("status")


def _voor_mij(kolom: str) -> Any:
    """Open tasks for the actor, a team, the organisation or who the actor stands in for, in a role that the actor has."""
    return lambda actor: {
        Filter(kolom, "een_van"): list(actor.partijen), Filter("voor_rol", "een_van"): ["", *actor.rollen], _STATUS: Taakstatus.OPEN,
    }  # fmt: skip


def _zelf(actor: Actor) -> list[Any]:
    return [actor.gebruiker, *actor.vervangt]


def _taaktekst(row: Any, catalogue: Catalogue) -> str:
    """The text of who made the task, or else what its kind says."""
    soort = catalogue.taaksoorten.get(row.soort)
    return row.tekst or (soort.uitleg if soort else "Taak")


WERKBRONNEN = (
    Werkbron("TAAK", Taak, "uiterlijk", _voor_mij("voor_id"), _taaktekst, ("soort", "tekst")),
    Werkbron("ALGEMENE_TAAK", AlgemeneTaak, "uiterlijk", _voor_mij("partij_id"), _taaktekst, ("soort", "tekst")),
    Werkbron(
        "NIEUWE_AANMELDING", Aanmelding, "ontvangen",
        lambda actor: {Filter("team_id", "een_van"): list(actor.teams), _STATUS: Aanmeldstatus.NIEUW},
        lambda row, catalogue: "Nieuwe aanmelding bekijken", termijn=False,
    ),
    Werkbron(
        "AANMELDING", Aanmelding, "ontvangen",
        lambda actor: {Filter("behandelaar_id", "een_van"): _zelf(actor), _STATUS: Aanmeldstatus.IN_BEHANDELING},
        lambda row, catalogue: "Aanmelding afhandelen", termijn=False,
    ),
    Werkbron(
        "AFSPRAAK", Afspraak, "begin", lambda actor: {Filter("met_id", "een_van"): _zelf(actor), _STATUS: Afspraakstatus.GEPLAND},
        lambda row, catalogue: _AFSPRAAK[row.soort], ("soort",),
    ),
    Werkbron(
        "VERWIJZING", Verwijzing, "aangeboden_op",
        lambda actor: {Filter("organisatie_id"): actor.organisatie, _STATUS: Verwijzingstatus.AANGEBODEN},
        lambda row, catalogue: "Verwijzing aannemen of weigeren", termijn=False,
    ),
)  # fmt: skip
