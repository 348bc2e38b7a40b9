"""The one thing that can be written by who looks by break-glass: a note in an open case of the resident (domain.md 3.6 rule 3)."""

from __future__ import annotations

from uuid import UUID

from wijkwerk.belangenconflict import weggehouden
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.noodtoegang.eigen import VOORBIJ, eigen
from wijkwerk.noodtoegang.kring import Kader, open_kaders
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.session import Work
from wijkwerk.systeem import TOEGANG, vervolg_als


class GeenDossier(OngeldigeInvoer):
    """There is no open case that the note could be in."""

    code = "GEEN_DOSSIER"
    standaard = "Deze inwoner heeft nu geen open dossier. Meld de inwoner aan bij het wijkteam, en zet het daar in."


def schrijf_crisisnotitie(work: Work, noodtoegang: UUID, tekst: str) -> UUID:
    """Write a note in the case that the break-glass named, else in the newest open one, as long as the break-glass runs; its id.

    The system writes it in the case's team; the author is who looks. It is a note like the team's own, at N6: the author does not see
    it again. Raises GeenRecht, NietGevonden (also when the resident is held back from the author since), GeenDossier, TekstTeLang and
    OngeldigeInvoer for the text.
    """
    nood, inhoud = eigen(work, noodtoegang), Inhoud(tekst, Informatiebron.EIGEN_WAARNEMING)
    if weggehouden(work, nood.persoon_id):
        raise NietGevonden(VOORBIJ)
    kader = _dossier(open_kaders(work, nood.persoon_id), nood.dossier_id)
    systeem = vervolg_als(work, TOEGANG, work.actor.organisatie, kader.team)
    gemaakt = schrijf(systeem, kader.id, nood.persoon_id, Notitiesoort.CRISISNOTITIE, inhoud, auteur=work.actor.gebruiker)
    work.changed(nood.persoon_id, "Notitie", nood.categorie_code, ())
    work.bijzonderheden = {"noodtoegang": noodtoegang.hex}
    return gemaakt


def _dossier(kaders: tuple[Kader, ...], genoemd: UUID | None) -> Kader:
    dossiers = [kader for kader in kaders if kader.is_dossier]
    if not dossiers:
        raise GeenDossier
    return next((kader for kader in dossiers if kader.id == genoemd), dossiers[0])
