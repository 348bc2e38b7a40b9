"""Telling others of a break-glass, in the name of the system: who works with the resident, who judges it, who oversees."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.noodtoegang.kring import Ander, Beoordeling, Kader
from wijkwerk.noodtoegang.noodtoegang import BEOORDELAAR, Noodtoegang
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import NOODTOEGANG_GEOPEND, NOODTOEGANG_ZONDER_TEAM, Berichtsoort
from wijkwerk.records.session import Work
from wijkwerk.systeem import TOEGANG, vervolg_als
from wijkwerk.taken.maken import maak_algemene_taak, maak_taak
from wijkwerk.taken.soorten import NOODTOEGANG_BEOORDELEN
from wijkwerk.taken.voor import Voor

_TAAK = "Beoordeel een noodtoegang. U vindt die bij uw meldingen en in de lijst met noodtoegangen."


def meld(work: Work, nood: Noodtoegang, kaders: tuple[Kader, ...], beoordeling: Beoordeling) -> None:
    """Tell everybody who leads a team or directs a case of this resident, and give who judges a task (domain.md 3.6 rule 4)."""
    systeem = vervolg_als(work, TOEGANG, work.actor.organisatie, beoordeling.kader.team if beoordeling.kader else None)
    zonder_team = beoordeling.team is None and beoordeling.kader is None
    betrokken = {ander for kader in kaders for ander in (*kader.leiders, *kader.regisseurs)}
    vertel(systeem, nood.id, NOODTOEGANG_GEOPEND, betrokken if zonder_team else betrokken | set(beoordeling.door))
    if zonder_team:
        vertel(systeem, nood.id, NOODTOEGANG_ZONDER_TEAM, beoordeling.door)
    else:
        _taak(systeem, nood, beoordeling)


def vertel(work: Work, nood: UUID, soort: Berichtsoort, wie: Iterable[Ander]) -> None:
    """A notice for each of these users, once."""
    for gebruiker, organisatie in sorted({(ander.gebruiker, ander.organisatie) for ander in wie}):
        notificeer(work, gebruiker, organisatie, soort.code, over_soort=Noodtoegang.__name__, over_id=nood, bron_id=nood)


def _taak(work: Work, nood: Noodtoegang, beoordeling: Beoordeling) -> None:
    """In the case or report, where there is one; else a task about nobody, for a team that does not work with the resident."""
    if beoordeling.team is not None:
        voor = Voor(beoordeling.team, Partijsoort.TEAM, BEOORDELAAR)
    else:
        voor = Voor(beoordeling.door[0].gebruiker, Partijsoort.GEBRUIKER)
    if beoordeling.kader is None:
        maak_algemene_taak(work, voor, tekst=_TAAK, soort=NOODTOEGANG_BEOORDELEN, uiterlijk=nood.beoordelen_voor, bron_id=nood.id)
        return
    maak_taak(
        work, nood.persoon_id, voor, soort=NOODTOEGANG_BEOORDELEN, kader=beoordeling.kader.id, tekst=_TAAK, uiterlijk=nood.beoordelen_voor,
        bron_id=nood.id,
    )  # fmt: skip
