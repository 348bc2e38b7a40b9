"""Making a task: about a resident, for who can see that resident there, or about none."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.betrokkenheden import eigen_kader
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_komend
from wijkwerk.kalender.werkdagen import na_werkdagen
from wijkwerk.meewerken import keur_werkt_mee
from wijkwerk.records.gegevens import tekst_of_niets
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.taken.soorten import TAAK, Taaksoort
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.taken.voor import Voor, functies, keur_zicht


def maak_taak(
    work: Work,
    persoon: UUID,
    voor: Voor,
    *,
    soort: Taaksoort = TAAK,
    kader: UUID | None,
    tekst: str | None = None,
    uiterlijk: date | None = None,
    werkdagen: int | None = None,
    herinneren_op: date | None = None,
    bron_id: UUID | None = None,
) -> UUID:
    """Make a task about a resident; its id.

    `kader`: the case, report or coupling that it belongs to; None is the one through which the actor sees the resident. `uiterlijk`: the
    last day, or so many working days (`werkdagen`) from today. `bron_id`: what made it, to let it lapse by (`afronden.laat_vervallen`).
    Raises GeenRecht, NietGevonden for a resident or kader out of reach, and OngeldigeInvoer for a kind that nobody declared, days that
    can't be, and for who does not work here today or does not see this resident there.
    """
    _mag(work, soort)
    laatste = _laatste_dag(work, uiterlijk, werkdagen)
    keur_komend(herinneren_op, work.actor.vandaag, "herinneren_op")
    gekozen = eigen_kader(work, persoon, soort.categorie) if kader is None else _kader(work, persoon, kader)
    keur_werkt_mee(work, persoon, gekozen)
    taak = work.add(
        Taak(
            id=nieuw_id(), persoon_id=persoon, kader_id=gekozen, soort=soort.code, categorie_code=soort.categorie.code,
            niveau_vanaf=int(soort.niveau), voor_id=voor.id, voor_soort=voor.soort, voor_rol=voor.rol, uiterlijk=laatste,
            tekst=tekst_of_niets(tekst, "tekst"), herinneren_op=herinneren_op, gemaakt_op=work.actor.moment,
            gemaakt_door_id=work.actor.gebruiker, bron_id=bron_id,
        )
    )  # fmt: skip
    keur_zicht(work, voor, [taak.id])
    return taak.id


def maak_algemene_taak(
    work: Work,
    voor: Voor,
    *,
    tekst: str,
    soort: Taaksoort = TAAK,
    uiterlijk: date | None = None,
    werkdagen: int | None = None,
    herinneren_op: date | None = None,
    bron_id: UUID | None = None,
) -> UUID:
    """Make a task about no resident, within the organisation of who does it; its id. Raises as `maak_taak`."""
    _mag(work, soort)
    laatste = _laatste_dag(work, uiterlijk, werkdagen)
    keur_komend(herinneren_op, work.actor.vandaag, "herinneren_op")
    return work.grant(
        AlgemeneTaak(
            id=nieuw_id(), partij_id=voor.id, verantwoordelijke_id=organisatie_van(work, voor), soort=soort.code, voor_soort=voor.soort,
            voor_rol=voor.rol, uiterlijk=laatste, herinneren_op=herinneren_op, tekst=tekst, gemaakt_op=work.actor.moment,
            gemaakt_door_id=work.actor.gebruiker, bron_id=bron_id,
        )
    ).id  # fmt: skip


def organisatie_van(work: Work, voor: Voor) -> UUID:
    """Where who does a task works today; the actor's own organisation first. Raises OngeldigeInvoer."""
    found = {functie.organisatie for functie in functies(work, voor)}
    return work.actor.organisatie if work.actor.organisatie in found else min(found)


def _mag(work: Work, soort: Taaksoort) -> None:
    if not work.actor.may(Taak.schrijven.naam):
        raise GeenRecht
    if work.catalogue.taaksoorten.get(soort.code) != soort:
        raise OngeldigeInvoer("Deze soort taak kennen we niet. Kies een soort uit de lijst.", veld="soort")


def _laatste_dag(work: Work, uiterlijk: date | None, werkdagen: int | None) -> date | None:
    if werkdagen is None:
        keur_komend(uiterlijk, work.actor.vandaag, "uiterlijk")
        return uiterlijk
    if uiterlijk is not None:
        raise OngeldigeInvoer("Kies een dag of een aantal werkdagen, niet allebei.", veld="werkdagen")
    if not 1 <= werkdagen <= 260:
        raise OngeldigeInvoer("Kies 1 tot en met 260 werkdagen.", veld="werkdagen")
    return na_werkdagen(work.core_connection, work.actor.gemeente, work.actor.vandaag, werkdagen)


def _kader(work: Work, persoon: UUID, kader: UUID) -> UUID:
    """A kader that lets anybody in to this resident; whether it is the actor's, the session asks. Raises NietGevonden for another."""
    work.flush()
    if work.find_any(Betrokkenheid, persoon_id=persoon, kader_id=kader) is None:
        raise NietGevonden
    return kader
