"""Requests to be let in, looked into after they were answered: by the worker (`verwerken.py`), and once a day by a job as a net under it.

In two steps, each of which can be done again: the task and the end of the content in one transaction; then the key is destroyed (durable
at once) and the request is VERWERKT. That says nothing of whether somebody was found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, Select, select, update

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.register import BETROKKENEN
from wijkwerk.crypto.errors import Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstatus
from wijkwerk.dossiers.regisseur import is_regisseur
from wijkwerk.errors import GeenRecht
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import naam_bij
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.organisaties import Organisatie
from wijkwerk.partners.toegangsverzoek import Toegangsverzoek, Verzoekstatus, plaats
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.session import Change, Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.systeem import TOEGANG, vervolg_als
from wijkwerk.taken.maken import maak_taak
from wijkwerk.taken.soorten import TOEGANGSVERZOEK_BEOORDELEN
from wijkwerk.taken.voor import Voor, ziet
from wijkwerk.zoeken.kenmerken import Kenmerken, noteer_gevraagd, vind

MEESTE: Final = 100
"""Requests that one call takes up."""
KNOEIEN: Final = timedelta(days=1)
"""How long a request waits that was tampered with."""
WERKDAGEN: Final = 5
_GELEZEN: Final[dict[str, Callable[[Any], Any]]] = {"geboortedatum": Datum.lees, "postcode": Postcode.lees, "bsn": Bsn.lees}
_T: Final = Toegangsverzoek.tabel().c

_LOGGER: Final = logging.getLogger(__name__)


def stap(work: Work, periode: str, plek: str | None) -> Stand:
    """A step of the job: end the requests that only have a key left, and look into the next one. Raises GeenRecht."""
    if not work.actor.may(Toegangsverzoek.schrijven.naam):
        raise GeenRecht
    connection, gemeente, nu = work.core_connection, work.actor.gemeente, work.actor.moment
    gewist = connection.execute(wachtend(_T.gemeente_id == gemeente, _T.inhoud.is_(None))).all()
    gedaan = sum(sluit_af(connection, work.keyring, gemeente, rij.id, nu) for rij in gewist)
    volgende = connection.execute(wachtend(_T.gemeente_id == gemeente, _T.inhoud.is_not(None), _T.volgende_poging_op <= nu)).first()
    if volgende is not None:
        kijk_na(vervolg_als(work, TOEGANG, work.actor.organisatie, None), volgende.id)
    return Stand(None if volgende is None else "verder", gedaan)


VERWERKEN: Final = Job("toegangsverzoeken-verwerken", "Verzoeken om toegang van partners, als de worker ze liet liggen", Per.DAG, stap)


def wachtend(*where: ColumnElement[bool]) -> Select[tuple[UUID, UUID]]:
    """Requests that were not processed, with their municipality: who waits longest first, a bounded number."""
    waits = select(_T.gemeente_id, _T.id).where(_T.status == Verzoekstatus.ONTVANGEN, *where)
    return waits.order_by(_T.volgende_poging_op, _T.id).limit(MEESTE)


def kijk_na(work: Work, id: UUID) -> None:
    """Find who is meant, make the tasks, and take the content away; nothing for a request that another has in hand or did already.

    What was tampered with stays as it is, for an operator to look at. Raises GeenRecht.
    """
    if not work.actor.may(Toegangsverzoek.schrijven.naam):
        raise GeenRecht
    connection, gemeente = work.core_connection, work.actor.gemeente
    mine = select(_T.gebruiker_id, _T.organisatie_id, _T.rol, _T.inhoud).where(
        _T.gemeente_id == gemeente, _T.id == id, _T.status == Verzoekstatus.ONTVANGEN, _T.inhoud.is_not(None)
    )
    rij = connection.execute(mine.with_for_update(skip_locked=True)).one_or_none()
    if rij is None:
        return
    work.changes.add(Change.CHANGED)
    try:
        [plain] = work.keyring.open(connection, [(rij.inhoud, plaats(gemeente, id))])
    except Vervalst:
        _LOGGER.error("aan een verzoek om toegang is geknoeid; het wacht")
        zet(connection, gemeente, id, volgende_poging_op=work.actor.moment + KNOEIEN)
        return
    if plain is not None:
        _meld(work, rij, orjson.loads(plain))
    zet(connection, gemeente, id, inhoud=None)


def sluit_af(connection: Connection, keyring: Keyring, gemeente: UUID, id: UUID, nu: datetime) -> bool:
    """Destroy the key of a request whose content is gone, and say that it was processed; whether there was one."""
    gewist = (_T.gemeente_id == gemeente, _T.id == id, _T.status == Verzoekstatus.ONTVANGEN, _T.inhoud.is_(None))
    if connection.execute(select(_T.id).where(*gewist).with_for_update(skip_locked=True)).one_or_none() is None:
        return False
    zet(connection, gemeente, id, status=Verzoekstatus.VERWERKT, verwerkt_op=nu)
    keyring.destroy(connection, gemeente, id)
    return True


def zet(connection: Connection, gemeente: UUID, id: UUID, **waarden: Any) -> None:
    """Give a request these values."""
    here = (_T.gemeente_id == gemeente, _T.id == id)
    connection.execute(update(Toegangsverzoek.tabel()).where(*here).values(**waarden, versie=_T.versie + 1))


def _meld(work: Work, rij: Any, verzoek: dict[str, Any]) -> None:
    """A task in each open case of exactly this resident. Who is shielded is found too: only the municipality gets to know of it."""
    gegeven: dict[str, Any] = {naam: _GELEZEN.get(naam, _zoals_het_is)(waarde) for naam, waarde in verzoek["kenmerken"].items()}
    kenmerken = Kenmerken(**gegeven)
    noteer_gevraagd(work, kenmerken)
    personen = vind(work, kenmerken)
    if len(personen) != 1:
        return
    work.touched.add(personen[0], Toegangsverzoek.__name__, (BETROKKENEN.code,), ("gevraagd",), ())
    # who closes a case at the same time is waited for: nobody would see a task in it
    vergrendel(work, personen)
    tekst = _tekst(work, rij, verzoek["waarom"])
    for dossier in _lopend(work, personen[0]):
        _taak(vervolg_als(work, TOEGANG, dossier.verantwoordelijke_id, dossier.team_id), personen[0], dossier, tekst)


def _taak(work: Work, persoon: UUID, dossier: Any, tekst: str) -> None:
    """For the casusregisseur, or else the team: whoever of them sees the case. From whom the resident is held back gets no task."""
    wie = [Voor(dossier.team_id, Partijsoort.TEAM)]
    if dossier.regisseur_id is not None and is_regisseur(work, dossier.regisseur_id, dossier.team_id):
        wie.insert(0, Voor(dossier.regisseur_id, Partijsoort.GEBRUIKER))
    voor = next((each for each in wie if ziet(work, each, Dossierlid, [dossier.lid])), None)
    if voor is None:
        _LOGGER.warning("van een verzoek om toegang kon geen taak worden gemaakt: niemand ziet dit dossier")
        return
    maak_taak(work, persoon, voor, soort=TOEGANGSVERZOEK_BEOORDELEN, kader=dossier.id, tekst=tekst, werkdagen=WERKDAGEN)


def _lopend(work: Work, persoon: UUID) -> Sequence[Any]:
    """The open cases that a resident is a member of now, with that membership; each casusregisseur decides about the own case."""
    d, lid, gemeente = Dossier.tabel(), Dossierlid.tabel(), work.actor.gemeente
    van = d.join(lid, (lid.c.gemeente_id == d.c.gemeente_id) & (lid.c.dossier_id == d.c.id))
    return work.core_connection.execute(
        select(d.c.id, d.c.team_id, d.c.regisseur_id, d.c.verantwoordelijke_id, lid.c.id.label("lid"))
        .select_from(van)
        .where(lid.c.gemeente_id == gemeente, lid.c.persoon_id == persoon, waar_open(lid, work.actor.moment))
        .where(d.c.status != Dossierstatus.GESLOTEN)
        .order_by(d.c.geopend, d.c.id)
    ).all()


def _tekst(work: Work, rij: Any, waarom: str) -> str:
    o, gemeente = Organisatie.tabel(), work.actor.gemeente
    organisatie = work.core_connection.execute(select(o.c.naam).where(o.c.gemeente_id == gemeente, o.c.id == rij.organisatie_id)).scalar()
    naam = naam_bij(work.core_connection, gemeente, rij.gebruiker_id, rij.organisatie_id, work.actor.vandaag) or "Een oud-medewerker"
    rol = work.catalogue.rollen[rij.rol].naam if rij.rol in work.catalogue.rollen else rij.rol
    return (
        f"{naam} ({rol} bij {organisatie}) vraagt om toegang tot deze inwoner en weet niet of het team de inwoner kent.\n"
        f"Waarom: {waarom}\n"
        "Kan het? Koppel of verwijs de partner. Kan het niet? Rond de taak dan af; de partner krijgt daarover geen bericht."
    )


def _zoals_het_is(waarde: Any) -> Any:
    return waarde
