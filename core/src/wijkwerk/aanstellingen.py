"""Who gives whom which role: employment begins and ends, and nobody gives oneself one (domain.md 9.6, separation of duties)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wijkwerk.access.actor import gaat_samen
from wijkwerk.access.register import ALLE_ORGANISATIES
from wijkwerk.access.roles import Rol
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import GEBRUIKERS_BEHEREN, Aanstelling, Gebruiker, eigen_organisatie, neem_op
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.organisaties import Organisatie, Organisatiesoort, laatste_dag, lopend_team
from wijkwerk.records.geldigheid import keur_volgorde, overlapt
from wijkwerk.records.session import Work

_NIET_ZELF = "U kunt uw eigen aanstelling niet regelen. Vraag een andere beheerder."


@dataclass(frozen=True, slots=True)
class Plaats:
    """What somebody becomes: a role at an organisation, possibly in a team of it, with begin and end (both included)."""

    organisatie: UUID
    rol: str
    van: date
    tot: date | None = None
    team: UUID | None = None


def neem_in_dienst(work: Work, issuer: str, onderwerp: str, naam: str, plaats: Plaats, email: str | None = None) -> UUID:
    """Employ who signs in as `onderwerp`; the id of the employment. Whether the user was known before is not told: then `email` is
    not taken over, another organisation gave the address.

    Raises as `stel_aan`.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    return _stel_aan(work, neem_op(work, issuer, onderwerp, naam, plaats.organisatie, email), naam, plaats)


def stel_aan(work: Work, gebruiker: UUID, plaats: Plaats) -> UUID:
    """Give a user another employment, under the name that the organisation knows this user by; the id of the employment.

    Raises GeenRecht for a role that the actor may not give (`mag_geven`) and for oneself; NietGevonden for a user, an organisation or a
    team out of reach; OngeldigeInvoer for days that can't be, a role that does not exist or does not go with the organisation or with
    another role, and an employment that is there already.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    if not work.actor.may(GEBRUIKERS_BEHEREN.naam):
        raise GeenRecht
    eigen_organisatie(work, plaats.organisatie)
    return _stel_aan(work, gebruiker, _naam(work, gebruiker), plaats)


def hernoem(work: Work, id: UUID, versie: int, naam: str) -> UUID:
    """Change the name that an organisation knows somebody by. Raises NietGevonden, VersieVerouderd, GeenRecht."""
    work.get(Aanstelling, id, versie).naam = naam
    return id


def beeindig(work: Work, id: UUID, versie: int, tot: date | None = None) -> UUID:
    """End an employment after this day; yesterday when none is given, so that the next request is refused.

    Not further back: who could do what on a day stays true. Raises OngeldigeInvoer for a day that can't be, NietGevonden, VersieVerouderd,
    and GeenRecht for one's own.
    """
    work.gebeurtenis = Gebeurtenis.ROL_GEWIJZIGD
    aanstelling = work.get(Aanstelling, id, versie)
    if aanstelling.gebruiker_id == work.actor.gebruiker:
        raise GeenRecht(_NIET_ZELF)
    laatste = laatste_dag(work, tot)
    if aanstelling.tot is not None and aanstelling.tot <= laatste:
        raise OngeldigeInvoer("Deze aanstelling eindigt al eerder. Maak een nieuwe aanstelling om langer door te gaan.", veld="tot")
    aanstelling.tot = laatste
    return id


def mag_geven(work: Work, rol: Rol) -> None:
    """Raises GeenRecht for a role that the actor gives nobody.

    Nobody gives a role of the system, nor one that follows from who somebody is. Who manages one organisation gives no municipal role, and
    no role that manages users itself: two administrators could give each other what they may not give themselves.
    """
    alle = work.actor.may(ALLE_ORGANISATIES.naam)
    if rol.systeem or rol.eigen or (not alle and (rol.gemeentelijk or rol.code in GEBRUIKERS_BEHEREN.rollen)):
        raise GeenRecht("Deze rol kunt u niet geven. Vraag functioneel beheer van de gemeente.")


def _stel_aan(work: Work, gebruiker: UUID, naam: str, plaats: Plaats) -> UUID:
    if gebruiker == work.actor.gebruiker:
        raise GeenRecht(_NIET_ZELF)
    rol = work.catalogue.rollen.get(plaats.rol)
    if rol is None:
        codes = ", ".join(sorted(rol.code for rol in work.catalogue.rollen.values() if not rol.systeem and not rol.eigen))
        raise OngeldigeInvoer(f"Deze rol bestaat niet. Kies een van deze rollen: {codes}.", veld="rol")
    mag_geven(work, rol)
    keur_volgorde(plaats.van, plaats.tot)
    _past_bij_organisatie(work, rol, plaats)
    _past_bij_andere(work, rol, gebruiker, plaats)
    return work.grant(
        Aanstelling(
            gebruiker_id=gebruiker, organisatie_id=plaats.organisatie, verantwoordelijke_id=plaats.organisatie, team_id=plaats.team,
            naam=naam, rol=rol.code, van=plaats.van, tot=plaats.tot,
        )
    ).id  # fmt: skip


def _naam(work: Work, gebruiker: UUID) -> str:
    """How the actor knows a user: by an employment in reach, or else as a user in reach. Raises NietGevonden."""
    found = work.reader.by_key(Aanstelling, ("naam",), "gebruiker_id", [gebruiker], order=("-van",))
    if not found and work.actor.may(Gebruiker.lezen.naam):
        found = work.reader.by_key(Gebruiker, ("naam",), "id", [gebruiker])
    if not found:
        raise NietGevonden
    return str(found[0].naam)


def _past_bij_organisatie(work: Work, rol: Rol, plaats: Plaats) -> None:
    [organisatie] = work.reader.by_key(Organisatie, ("soort",), "id", [plaats.organisatie])
    if rol.gemeentelijk and organisatie.soort is not Organisatiesoort.GEMEENTE:
        raise OngeldigeInvoer(
            "Deze rol is alleen voor de gemeente. Kies de organisatie van de gemeente, ook voor wie er is geplaatst.", veld="rol"
        )
    if plaats.team is not None and lopend_team(work, plaats.team).organisatie_id != plaats.organisatie:
        raise OngeldigeInvoer("Dit team is van een andere organisatie. Kies een team van deze organisatie.", veld="team")


def _past_bij_andere(work: Work, rol: Rol, gebruiker: UUID, plaats: Plaats) -> None:
    """Only what the actor sees is said: what a user is elsewhere makes no difference here, it decides at each request (`Rol.alleen`)."""
    velden = ("rol", "organisatie_id", "team_id", "van", "tot")
    for ander in work.reader.by_key(Aanstelling, velden, "gebruiker_id", [gebruiker]):
        if not overlapt(ander, plaats):
            continue
        if (ander.rol, ander.organisatie_id, ander.team_id) == (rol.code, plaats.organisatie, plaats.team):
            raise OngeldigeInvoer("Deze aanstelling is er al. Beëindig die eerst, of kies een latere eerste dag.", veld="van")
        if not gaat_samen(work.catalogue, rol.code, [ander.rol]):
            raise OngeldigeInvoer("Deze twee rollen gaan niet samen. Beëindig eerst de andere aanstelling.", veld="rol")
