"""Opening a break-glass: exactly one resident, who is looked for past the scope of who asks; what it opens ends by itself (domain.md 3.6).

Whether it can't be because nobody fits, because more than one does, because it is the actor's own file or because the resident is held
back from the actor: the answer is the same. So is the count: every question counts, whatever comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.access.register import BETROKKENEN, VEILIGHEID, WMO_ONDERZOEK
from wijkwerk.betrokkenheden import open_deuren
from wijkwerk.dossiers.dossier import Dossierlid
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.familie import vergrendel
from wijkwerk.gebruikers import op_zijn_beurt, te_vaak
from wijkwerk.kalender.werkdagen import na_werkdagen
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.noodtoegang.deuren import deuren_van
from wijkwerk.noodtoegang.eigen import lopende
from wijkwerk.noodtoegang.kring import Beoordeling, is_eigen, open_kaders, wie_beoordeelt
from wijkwerk.noodtoegang.melden import meld
from wijkwerk.noodtoegang.noodtoegang import MAG_OPENEN, VERTROUWELIJK, Noodpoging, Noodreden, Noodtoegang
from wijkwerk.personen import BSN_ZOEKEN
from wijkwerk.records.gegevens import keur_tekst
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.zoeken.kenmerken import Kenmerken, keur, keur_velden, noteer_gevraagd, vind

MINST = 20
"""So many characters an explanation has at least (domain.md 3.6 rule 2)."""
_LETTERS = 5
"""So many different ones: a key that is held down explains nothing."""
BEOORDELEN_BINNEN = 2
"""Working days (domain.md 3.6 rule 4)."""
NIET_MOGELIJK = (
    "Met deze gegevens kan het niet. Controleer de gegevens of geef er meer. Lukt het niet? Bel het wijkteam. Is er nu gevaar? Bel 112."
)
GEOPEND = "U kunt deze inwoner nu bekijken, tot het genoemde moment. Anderen horen dit, en iemand beoordeelt het."
TE_VAAK = "U vroeg dit te vaak. Bel het wijkteam, of wacht tot het genoemde moment. Is er nu gevaar? Bel 112."


@dataclass(frozen=True, slots=True)
class Geopend:
    """The resident can be looked at until `tot`. `liep_al`: it was open already, and lasts no longer than it did."""

    noodtoegang: UUID
    persoon: UUID
    tot: datetime
    liep_al: bool = False


@dataclass(frozen=True, slots=True)
class NietMogelijk:
    """Nothing was opened. `opnieuw`: from when who asked too often may ask again."""

    melding: str
    opnieuw: datetime | None = None


def open_noodtoegang(
    work: Work, kenmerken: Kenmerken, reden: Noodreden, toelichting: str, *, dossier: UUID | None = None
) -> Geopend | NietMogelijk:
    """Let the actor look at one resident for a short time; others hear of it at once, and one of them judges it.

    `dossier`: which case it is about, if that is known; one of somebody else fits as little as another name. Raises GeenRecht for other
    roles than MAG_OPENEN and for a BSN without the right to search by it, and OngeldigeInvoer.
    """
    keur_wie(work)
    if kenmerken.bsn is not None and not work.actor.may(BSN_ZOEKEN.naam):
        raise GeenRecht
    keur_velden(work, kenmerken)
    tekst, gekeurd = keur_uitleg(toelichting), keur(kenmerken)
    work.gebeurtenis = Gebeurtenis.ZOEKEN
    opnieuw = _tel(work)
    noteer_gevraagd(work, gekeurd)
    if opnieuw is not None:
        work.geweigerd = "TE_VAAK_GEVRAAGD"
        return NietMogelijk(TE_VAAK, opnieuw)
    persoon = _wie(work, gekeurd, dossier)
    if persoon is None:
        return NietMogelijk(NIET_MOGELIJK)
    if (al := lopende(work, persoon)) is not None:
        work.touched.add(persoon, Noodtoegang.__name__, (al.categorie_code,), ("tot",), ())
        return Geopend(al.id, persoon, al.tot, liep_al=True)
    kaders = open_kaders(work, persoon)
    beoordeling = wie_beoordeelt(work, persoon, kaders)
    if beoordeling is None:
        return NietMogelijk(NIET_MOGELIJK)  # what nobody can judge is not opened
    nood = _maak(work, persoon, reden, tekst, dossier, beoordeling)
    meld(work, nood, kaders, beoordeling)
    return Geopend(nood.id, persoon, nood.tot)


def mag_openen(rollen: tuple[str, ...], doelen: tuple[str, ...]) -> bool:
    """Whether in these roles and for these purposes somebody can open one at all."""
    return bool(set(MAG_OPENEN) & set(rollen)) and WMO_ONDERZOEK.code in doelen


def keur_wie(work: Work) -> None:
    """Raises GeenRecht. The list of roles is closed: a policy can take the right away, and give it to nobody else."""
    if not work.actor.may(Noodtoegang.schrijven.naam) or not mag_openen(work.actor.rollen, work.actor.doelen):
        raise GeenRecht


def keur_uitleg(toelichting: str) -> str:
    """Why, in own words. Raises OngeldigeInvoer for what says too little."""
    tekst = keur_tekst(toelichting, "toelichting")
    if len(tekst) < MINST or len({teken for teken in tekst.casefold() if teken.isalpha()}) < _LETTERS:
        raise OngeldigeInvoer(f"Schrijf in ten minste {MINST} tekens waarom dit niet kan wachten.", veld="toelichting")
    return tekst


def _tel(work: Work) -> datetime | None:
    """Count this question; None when it may be asked, else from when. One user's questions are counted one after another."""
    p, grenzen = Noodpoging.tabel(), work.grenzen
    op_zijn_beurt(work)
    opnieuw = te_vaak(work, p, p.c.gevraagd, per_uur=grenzen.nood_per_uur, per_dag=grenzen.nood_per_dag, weigering_telt=True)
    work.grant(Noodpoging(id=nieuw_id(), gebruiker_id=work.actor.gebruiker, gevraagd=work.actor.moment))
    return opnieuw


def _wie(work: Work, kenmerken: Kenmerken, dossier: UUID | None) -> UUID | None:
    """The one resident whom all of it fits, locked against being merged away; None for nobody, for more, and for the actor's own file."""
    gevonden = vind(work, kenmerken)
    if len(gevonden) != 1:
        return None
    vergrendel(work, gevonden)
    if vind(work, kenmerken) != gevonden or is_eigen(work, gevonden[0]):
        return None
    return gevonden[0] if dossier is None or _is_lid(work, dossier, gevonden[0]) else None


def _is_lid(work: Work, dossier: UUID, persoon: UUID) -> bool:
    d = Dossierlid.tabel()
    lid = (d.c.gemeente_id == work.actor.gemeente, d.c.dossier_id == dossier, d.c.persoon_id == persoon, waar_open(d, work.actor.moment))
    return work.core_connection.execute(select(d.c.id).where(*lid).limit(1)).first() is not None


def _maak(work: Work, persoon: UUID, reden: Noodreden, toelichting: str, dossier: UUID | None, beoordeling: Beoordeling) -> Noodtoegang:
    actor, uiterlijk = work.actor, na_werkdagen(work.core_connection, work.actor.gemeente, work.actor.vandaag, BEOORDELEN_BINNEN)
    categorie = VEILIGHEID if reden in VERTROUWELIJK else BETROKKENEN
    nood = work.grant(
        Noodtoegang(
            id=nieuw_id(), persoon_id=persoon, categorie_code=categorie.code, gebruiker_id=actor.gebruiker,
            organisatie_id=actor.organisatie, rol=next(rol for rol in MAG_OPENEN if rol in actor.rollen), reden=reden,
            toelichting=toelichting, dossier_id=dossier,
            van=actor.moment, tot=actor.moment + timedelta(minutes=work.grenzen.nood_minuten), beoordelen_voor=uiterlijk,
            beoordeel_team_id=beoordeling.team, beoordeeld=False, verantwoordelijke_id=actor.organisatie,
        )
    )  # fmt: skip
    open_deuren(work, Bron.NOODTOEGANG, nood.id, deuren_van(work, nood))
    work.gebeurtenis = Gebeurtenis.NOODTOEGANG_GEOPEND
    work.bijzonderheden = {"noodtoegang": nood.id.hex, "tot": nood.tot.isoformat()}
    work.flush()
    return nood
