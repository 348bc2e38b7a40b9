"""Who is meant, exactly, by somebody who may not see them: identifiers, the resident they point at, and the team to call."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, or_, select

from wijkwerk.access import scope
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.bsnindex import OP_BSN, index_van
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, OngeldigeInvoer, bij_veld
from wijkwerk.organisaties import Team
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Filter, asked, condition, parameters
from wijkwerk.records.geldigheid import waar_loopt, waar_nu
from wijkwerk.records.session import Work
from wijkwerk.records.types.adres import lees_huisnummer
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.contact import lees_email, lees_telefoonnummer
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import lees_naam
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.records.types.sorteren import sorteernaam
from wijkwerk.rights.samenvoeging import Samenvoeging
from wijkwerk.storage.columns import among
from wijkwerk.zoeken.zoek import VOORVOEGSELS

MEESTE = 5
"""One resident may be registered more than once; more than a few with the same facts are no resident that anybody knows."""

_VOLGORDE = {Bron.DOSSIER: 0, Bron.AANMELDING: 1, Bron.IMPORT: 2}
"""Which betrokkenheid names the team. What a partner was let in for is not told: that somebody gets care is not the asker's business."""

_VELD = dict.fromkeys(("telefoonnummer", "emailadres"), (Contactgegeven.__name__, "waarde"))
"""What is asked about a resident and is no field of `Persoon` itself."""

_SAMEN = (("geslachtsnaam", "geboortedatum"), ("postcode", "huisnummer"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kenmerken:
    """What is known of who is asked about: name with birth date (which count as two), address, telephone or e-mail, BSN."""

    geslachtsnaam: str | None = None
    geboortedatum: Datum | None = None
    postcode: Postcode | None = None
    huisnummer: int | None = None
    telefoonnummer: str | None = None
    emailadres: str | None = None
    bsn: Bsn | None = None

    def gegeven(self) -> dict[str, object]:
        """What was filled in, by name."""
        return {item.name: value for item in fields(self) if (value := getattr(self, item.name)) is not None}


def keur(k: Kenmerken) -> Kenmerken:
    """The same, each in its written form, the name folded. Raises OngeldigeInvoer for what is wrong, half, or too little."""
    for een, ander in (*_SAMEN, *((b, a) for a, b in _SAMEN)):
        if getattr(k, een) is not None and getattr(k, ander) is None:
            raise OngeldigeInvoer("Geef de achternaam samen met de geboortedatum, en de postcode samen met het huisnummer.", veld=ander)
    contact = k.telefoonnummer is not None or k.emailadres is not None
    if 2 * (k.geslachtsnaam is not None) + (k.postcode is not None) + contact + (k.bsn is not None) < 2:
        raise OngeldigeInvoer("Geef ten minste twee gegevens: de naam met de geboortedatum, of twee van adres, telefoon of e-mail, en BSN.")
    if k.geboortedatum is not None and not k.geboortedatum.dag:
        raise OngeldigeInvoer("Geef de hele geboortedatum: jaar, maand en dag.", veld="geboortedatum")
    for naam, lees in (("geslachtsnaam", _gevouwen), ("telefoonnummer", lees_telefoonnummer), ("emailadres", lees_email)):
        if (waarde := getattr(k, naam)) is not None:
            with bij_veld(naam):
                gelezen: dict[str, Any] = {naam: lees(waarde)}
                k = replace(k, **gelezen)
    with bij_veld("huisnummer"):
        return k if k.huisnummer is None else replace(k, huisnummer=lees_huisnummer(str(k.huisnummer)))


def keur_velden(work: Work, k: Kenmerken) -> None:
    """Raises GeenRecht for a field that the policy refuses the actor: who finds somebody by it has learned it."""
    if any(work.actor.never_sees(*_VELD.get(naam, (Persoon.__name__, naam))) for naam in k.gegeven()):
        raise GeenRecht


def vind(work: Work, k: Kenmerken) -> list[UUID]:
    """The residents whom all of these fit exactly and who are not held back from the actor. One statement, past the actor's scope.

    Nor who was merged away: what holds that one back is with the survivor now, who is found by what the one file says.
    """
    p, s = Persoon.tabel(), Samenvoeging.tabel()
    away = and_(s.c.gemeente_id == p.c.gemeente_id, s.c.opgegaan_id == p.c.id, s.c.ongedaan_op.is_(None))
    open_ = (~scope.shielded(Persoon, p), ~exists(select(s.c.id).where(away).correlate(p)))
    found = select(p.c.id).where(p.c.gemeente_id == work.actor.gemeente, *_passend(work, k), *open_)
    wie = scope.parameters(work.actor, schrijvend=False)
    if k.bsn is not None:
        wie |= parameters({OP_BSN: index_van(work, k.bsn)})
    return list(work.core_connection.execute(found.order_by(p.c.id).limit(MEESTE), wie).scalars())


def vind_team(work: Work, personen: list[UUID]) -> tuple[str, str | None] | None:
    """Name and telephone number of the team that works with one of these now: that of a case first, and of those the newest."""
    b, t = Betrokkenheid.tabel(), Team.tabel()
    van_het_team = and_(t.c.gemeente_id == b.c.gemeente_id, t.c.id == b.c.partij_id, waar_loopt(t, work.actor.vandaag))
    nu = waar_nu(b, work.actor.moment)
    found = (
        select(t.c.naam, t.c.telefoonnummer)
        .select_from(b.join(t, van_het_team))
        .where(b.c.gemeente_id == work.actor.gemeente, among(b.c.persoon_id, "personen"), b.c.partijsoort == Partijsoort.TEAM, nu)
        .where(b.c.bron.in_(_VOLGORDE))
        .order_by(case(_VOLGORDE, value=b.c.bron), b.c.van.desc(), b.c.id)
        .limit(1)
    )
    row = work.core_connection.execute(found, {"personen": personen}).first()
    return None if row is None else (row.naam, row.telefoonnummer)


def noteer_gevraagd(work: Work, kenmerken: Kenmerken) -> None:
    """For the log: what was searched on, and keyed pseudonyms of what was asked, found or not."""
    gegeven = kenmerken.gegeven()
    work.touched.search(gegeven)
    for name, value in gegeven.items():
        work.touched.miss(asked(Filter(name), value.waarde if isinstance(value, Bsn) else value))


def _passend(work: Work, k: Kenmerken) -> list[ColumnElement[bool]]:
    p = Persoon.tabel().c
    plain = {"geboortedatum": k.geboortedatum, "postcode": k.postcode, "huisnummer": k.huisnummer}
    where = [p[name] == value for name, value in plain.items() if value is not None]
    if k.geslachtsnaam is not None:
        where.append(or_(p.sorteernaam == k.geslachtsnaam, p.sorteernaam == _zonder_voorvoegsel(k.geslachtsnaam)))
    if k.bsn is not None:
        where.append(condition(Persoon, Persoon.tabel(), OP_BSN))
    return [*where, *(_bereikbaar(waarde) for waarde in (k.telefoonnummer, k.emailadres) if waarde is not None)]


def _bereikbaar(waarde: str) -> ColumnElement[bool]:
    p, c = Persoon.tabel(), Contactgegeven.tabel()
    return exists(select(c.c.id).where(c.c.gemeente_id == p.c.gemeente_id, c.c.persoon_id == p.c.id, c.c.waarde == waarde).correlate(p))


def _gevouwen(naam: str) -> str:
    folded = sorteernaam(lees_naam(naam))
    if not folded:
        raise OngeldigeInvoer("Vul de achternaam in.")
    return folded


def _zonder_voorvoegsel(naam: str) -> str:
    """`van den berg` is registered as `berg`. A name that is nothing but voorvoegsels stays as it is."""
    woorden = naam.split()
    begin = next((at for at, woord in enumerate(woorden) if woord not in VOORVOEGSELS), 0)
    return " ".join(woorden[begin:])
