"""The resident's own statement, added to the file by the resident (Jeugdwet art. 7.3.8 lid 2; offered for all files: domain.md 4.5).

One that a professional takes down is a note like others, of the kind EIGEN_VERKLARING (`schrijven.py`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import PLAN_EN_DOELEN
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstatus
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.inwoners.eigen import eigen_personen
from wijkwerk.inwoners.inwonertoegang import INWONER
from wijkwerk.meewerken import DossierGesloten
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import CATEGORIE_VAN, Informatiebron, Notitie, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, kader, machinery, sealed, subject
from wijkwerk.records.geldigheid import open_op
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import Tijdstip, Uuid16
from wijkwerk.systeem import TOEGANG, vervolg_als

VERKLAREN = Permission("notitie:verklaren", "Zelf een verklaring in het eigen dossier laten zetten.", (INWONER,))

_GESLOTEN = "Dit dossier is gesloten. Vraag het wijkteam om het te heropenen, of om uw verklaring erbij te zetten."


class EigenVerklaring(PersonRecord):
    """Wat een inwoner zelf heeft verklaard, zoals de inwoner het terugleest."""

    # The note itself stays closed to the own view, with all that hangs on it. This is the same text under the same key, for who sent it
    # and nobody else; nobody can change either.
    categorie = PLAN_EN_DOELEN
    niveau = N4
    core_only = True
    eigen_kolom = "auteur_id"
    versioned = False  # never changed
    retention = Retention("3.1.5", "P15Y", "gesloten")
    lezen = Permission("eigenverklaring:lezen", "Lezen wat u zelf hebt verklaard.", (INWONER,))
    schrijven = Permission("eigenverklaring:schrijven", "Voor een inwoner bewaren wat die zelf verklaarde.", ("TOEGANG",))

    persoon_id: Mapped[UUID] = subject("Wie dit verklaarde")
    dossier_id: Mapped[UUID] = kader("dossier")
    auteur_id: Mapped[UUID] = machinery(Uuid16, to="gebruiker", index=True)
    tekst: Mapped[str] = sealed("Wat u hebt verklaard", level=N4)
    geschreven: Mapped[datetime] = field("Wanneer u dit hebt verklaard", level=N4, type_=Tijdstip)


def verklaar_zelf(work: Work, dossier: UUID, tekst: str) -> UUID:
    """Add what the resident says to the own case, word for word; the id of what the resident reads of it (`EigenVerklaring`).

    The own door lets nobody write: the system writes it in the team that has the case, with the resident as its author. The team reads it
    as any note, and may add to it; nobody but the author puts it right. Raises GeenRecht, NietGevonden for a case that the resident is not
    in, DossierGesloten, TekstTeLang and OngeldigeInvoer.
    """
    if not work.actor.may(VERKLAREN.naam):
        raise GeenRecht
    persoon = _zelf_in(work, dossier)
    d = Dossier.tabel()
    waar = select(d.c.team_id, d.c.status, d.c.verantwoordelijke_id).where(d.c.gemeente_id == work.actor.gemeente, d.c.id == dossier)
    zaak = work.core_connection.execute(waar).one()
    if zaak.status is Dossierstatus.GESLOTEN:
        raise DossierGesloten(_GESLOTEN)
    systeem = vervolg_als(work, TOEGANG, zaak.verantwoordelijke_id, zaak.team_id)
    soort = Notitiesoort.EIGEN_VERKLARING
    schrijf(systeem, dossier, persoon, soort, Inhoud(tekst, Informatiebron.INWONER), auteur=work.actor.gebruiker)
    work.changed(persoon, Notitie.__name__, CATEGORIE_VAN[soort].code, ())
    eigen = EigenVerklaring(
        persoon_id=persoon, dossier_id=dossier, auteur_id=work.actor.gebruiker, tekst=tekst, geschreven=work.actor.moment
    )  # fmt: skip
    return systeem.grant(eigen).id


def _zelf_in(work: Work, dossier: UUID) -> UUID:
    """The resident of this case whose account this is, as the own view shows it."""
    rows = work.kijker.by_key(Dossierlid, ("persoon_id", "tot"), "dossier_id", [dossier])
    leden = {row.persoon_id for row in rows if open_op(row, work.actor.moment)}
    zelf = [persoon for persoon in eigen_personen(work.kijker) if persoon in leden]
    if not zelf:
        work.reader.shown.miss(dossier)
        raise NietGevonden
    return zelf[0]
