"""Drafts: written, changed in place, made into a note or thrown away, by who wrote them alone (domain.md 9.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select

from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.jobs.job import Job, Per, Stand
from wijkwerk.jobs.perioden import eerste_dag
from wijkwerk.kalender.termijnen import begin_van
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.notities import schrijven
from wijkwerk.notities.groep import keur_over_wie
from wijkwerk.notities.inhoud import Inhoud, keur_notitietekst
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.notities.werkaantekening import DAGEN, Werkaantekening
from wijkwerk.records.gegevens import zet
from wijkwerk.records.session import Change, Work

WIJZIGBAAR: Final = ("soort", "tekst", "oordeel")
"""What may be changed of a draft: not about whom it is, nor in which case."""

PER_STAP: Final = 500


def schrijf(work: Work, dossier: UUID, persoon: UUID, *, tekst: str, oordeel: str | None = None, soort: Notitiesoort | None = None) -> UUID:
    """Write a draft about a resident of a case, for the actor alone; its id. It is there for `DAGEN` days at most.

    Raises NietGevonden for a case or resident out of reach, TekstTeLang and OngeldigeInvoer for the text, GeenRecht.
    """
    keur_over_wie(work, dossier, (persoon,))
    _keur({"tekst": tekst, "oordeel": oordeel})
    return work.add(
        Werkaantekening(
            dossier_id=dossier, persoon_id=persoon, auteur_id=work.actor.gebruiker, soort=soort, tekst=tekst, oordeel=oordeel,
            geschreven=work.actor.moment, verloopt=begin_van(work.actor.vandaag + timedelta(days=DAGEN)),
        )
    ).id  # fmt: skip


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of one's own draft; what stood there is gone. It expires on the day it did.

    A draft that lived on with every change would be a file beside the file. Raises NietGevonden for one of somebody else too,
    VersieVerouderd, TekstTeLang and OngeldigeInvoer.
    """
    aantekening = work.get(Werkaantekening, id, versie)
    _keur(gegevens)
    zet(aantekening, gegevens, WIJZIGBAAR)
    return id


def gooi_weg(work: Work, id: UUID, versie: int) -> UUID:
    """Throw one's own draft away; the case it was in. Raises NietGevonden and VersieVerouderd."""
    work.gebeurtenis = Gebeurtenis.VERWIJDEREN
    aantekening = work.get(Werkaantekening, id, versie)
    work.delete(aantekening)
    return aantekening.dossier_id


def maak_definitief(
    work: Work,
    id: UUID,
    versie: int,
    *,
    bron: Informatiebron,
    bron_naam: str | None = None,
    soort: Notitiesoort | None = None,
    ook_over: Sequence[UUID] = (),
    deelbaar: bool = False,
) -> UUID:
    """Make one's own draft the first version of a note, as `schrijven.schrijf` does; its id. The draft is gone.

    `soort`: when the draft doesn't say what it becomes, or it becomes something else. While the case is closed, or the author is not let
    in any more, nobody can. Raises NietGevonden and VersieVerouderd for the draft, OngeldigeInvoer without a kind, and as
    `schrijven.schrijf`.
    """
    work.gebeurtenis = Gebeurtenis.AANMAKEN
    aantekening = work.get(Werkaantekening, id, versie)
    soort = soort or aantekening.soort
    if soort is None:
        raise OngeldigeInvoer("Kies wat voor notitie dit wordt.", veld="soort")
    [gelezen] = work.reader.by_key(Werkaantekening, ("tekst", "oordeel"), "id", [id])
    # without a text when its key was destroyed since: then there is nothing to make a note of
    inhoud = Inhoud(tekst=gelezen.tekst or "", oordeel=gelezen.oordeel, bron=bron, bron_naam=bron_naam)
    notitie = schrijven.schrijf(
        work, aantekening.dossier_id, aantekening.persoon_id, soort, inhoud, ook_over=ook_over, deelbaar=deelbaar
    )  # fmt: skip
    work.delete(aantekening)
    return notitie


def laat_verdwijnen(work: Work, periode: str, plek: str | None) -> Stand:
    """One step of the job: the next drafts whose time is over are gone, whoever wrote them and whether or not they still work here.

    The log says about whom they were. Raises GeenRecht.
    """
    if not work.actor.may(Werkaantekening.schrijven.naam):
        raise GeenRecht
    t = Werkaantekening.tabel()
    voorbij = (t.c.gemeente_id == work.actor.gemeente, t.c.verloopt <= begin_van(eerste_dag(periode)))
    eerste = select(t.c.id).where(*voorbij).order_by(t.c.verloopt, t.c.id).limit(PER_STAP)
    weg = work.core_connection.execute(delete(t).where(*voorbij, t.c.id.in_(eerste)).returning(t.c.persoon_id)).scalars().all()
    for persoon in weg:
        work.changed(persoon, Werkaantekening.__name__, Werkaantekening.categorie.code, (), hoe=Change.DELETED)
    return Stand("verder" if len(weg) == PER_STAP else None, gedaan=len(weg))


def _keur(gegevens: Mapping[str, Any]) -> None:
    """Of what is given: facts that are taken away are no draft, an opinion may be."""
    if "tekst" in gegevens:
        keur_notitietekst(gegevens["tekst"] or "", "tekst")
    if gegevens.get("oordeel") is not None:
        keur_notitietekst(gegevens["oordeel"], "oordeel")


VERDWIJNEN: Final = Job("werkaantekeningen-opruimen", "Werkaantekeningen weggooien waarvan de tijd voorbij is", Per.DAG, laat_verdwijnen)
