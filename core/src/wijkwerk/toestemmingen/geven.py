"""Giving a consent, or refusing it: by who may, all of them, and from that moment it opens what was asked (domain.md 2.3, 2.7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.betrokkenheden import open_deuren
from wijkwerk.dossiers.inhanden import neem_in_handen
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.records.gegevens import tekst_of_niets
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.deuren import Ontvanger, deuren_van
from wijkwerk.toestemmingen.inhanden import neem_toestemming
from wijkwerk.toestemmingen.nodig import keur_nodig
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Toestemminggever, Toestemmingstatus, Wijze
from wijkwerk.toestemmingen.vragen import Vraag, bewaar, keur_wijze, stel_op
from wijkwerk.toestemmingen.wie import BETROKKENE, Gevende, wie_geeft


class ToestemmingAfgehandeld(OngeldigeInvoer):
    """This consent was given, refused or withdrawn before, or its last day is over: a new one must be asked."""

    code = "TOESTEMMING_AFGEHANDELD"
    standaard = "Deze toestemming is al gegeven, geweigerd of voorbij. Vraag zo nodig een nieuwe."


def leg_vast(
    work: Work,
    dossier: UUID,
    persoon: UUID,
    ontvangers: Sequence[Ontvanger],
    doel: str,
    categorieen: Sequence[str],
    wijze: Wijze,
    tekst_versie: str,
    geldig_tot: date | None = None,
    *,
    gevers: Collection[Gevende] = (BETROKKENE,),
    taal: str = "nl",
    richting: Richting = Richting.VERSTREKKEN,
    vrijwillig: bool | None = None,
    vrijwillig_omdat: str | None = None,
    bewijs: str | None = None,
) -> UUID:
    """Record a consent that was asked and given at once; its id. When another has to agree too it is a CONCEPT until they did (`geef`).

    Raises as `vragen.vraag` and `geef`.
    """
    work.gebeurtenis = Gebeurtenis.TOESTEMMING_GEGEVEN
    gevraagd = Vraag(
        ontvangers=ontvangers, doel=doel, categorieen=categorieen, wijze=wijze, tekst_versie=tekst_versie, geldig_tot=geldig_tot,
        taal=taal, richting=richting, vrijwillig=vrijwillig, vrijwillig_omdat=vrijwillig_omdat, bewijs=bewijs,
    )  # fmt: skip
    toestemming, naar = stel_op(work, dossier, persoon, gevraagd)
    _verwerk(work, toestemming, gevers, ())
    bewaar(work, toestemming, naar)
    _noteer(work, toestemming, gevers)
    _open(work, toestemming)
    return toestemming.id


def geef(
    work: Work,
    toestemming: UUID,
    versie: int,
    gevers: Collection[Gevende] = (BETROKKENE,),
    *,
    wijze: Wijze | None = None,
    bewijs: str | None = None,
) -> UUID:
    """Record that these people give a consent that was asked. It opens what it is about once everybody has who must.

    Who gave it before and does so again changes nothing. Raises NietGevonden, VersieVerouderd, GeenRecht, DossierGesloten,
    ToestemmingAfgehandeld, WieBeslistOnbekend, GeverMagNiet, and OngeldigeInvoer for what was said aloud without evidence.
    """
    work.gebeurtenis = Gebeurtenis.TOESTEMMING_GEGEVEN
    found = work.get(Toestemming, toestemming, versie)
    if found.persoon_id not in neem_in_handen(work, found.dossier_id).leden:
        raise NietGevonden
    if found.status is not Toestemmingstatus.CONCEPT or found.geldig_tot < work.actor.vandaag:
        raise ToestemmingAfgehandeld
    if keur_nodig(work.catalogue, work.catalogue.doel(found.doel), found.categorieen)[0] is not found.soort:
        raise ToestemmingAfgehandeld
    found.wijze = wijze or found.wijze
    if bewijs is not None:
        found.bewijs = tekst_of_niets(bewijs, "bewijs")
    eerder = _gegeven(work, toestemming)
    nieuw = [each for each in dict.fromkeys(gevers) if each not in eerder]
    _verwerk(work, found, gevers, eerder)
    _noteer(work, found, nieuw)
    _open(work, found)
    return toestemming


def weiger(work: Work, toestemming: UUID, versie: int) -> UUID:
    """Record that a consent that was asked is refused, by one of those who must give it. Nothing else follows from it.

    Raises NietGevonden, VersieVerouderd, GeenRecht, ToestemmingAfgehandeld.
    """
    work.gebeurtenis = Gebeurtenis.TOESTEMMING_GEWEIGERD
    found = neem_toestemming(work, toestemming, versie)
    if found.status is not Toestemmingstatus.CONCEPT:
        raise ToestemmingAfgehandeld
    found.status, found.geweigerd_op = Toestemmingstatus.GEWEIGERD, work.actor.moment
    return toestemming


def _verwerk(work: Work, toestemming: Toestemming, gevers: Collection[Gevende], eerder: Collection[Gevende]) -> None:
    """Make it GEGEVEN when these, with those before, are everybody who must. Raises as `geef`."""
    keur_wijze(toestemming.soort, toestemming.wijze)
    if not gevers:
        raise OngeldigeInvoer("Noem wie de toestemming geeft.", veld="gevers")
    if toestemming.wijze is Wijze.MONDELING and not toestemming.bewijs:
        raise OngeldigeInvoer("Schrijf bij een mondelinge toestemming op wanneer en waar het was, en wie erbij was.", veld="bewijs")
    wie = wie_geeft(work.reader, toestemming.soort, toestemming.persoon_id)
    if wie is None:
        raise NietGevonden
    wie.keur(gevers, toestemming.bewijs)
    if wie.compleet({*gevers, *eerder}):
        toestemming.status, toestemming.gegeven_op = Toestemmingstatus.GEGEVEN, work.actor.moment


def _noteer(work: Work, toestemming: Toestemming, gevers: Collection[Gevende]) -> None:
    for each in dict.fromkeys(gevers):
        work.grant(
            Toestemminggever(
                persoon_id=toestemming.persoon_id, dossier_id=toestemming.dossier_id, toestemming_id=toestemming.id, gever_id=each.persoon,
                naam=each.naam, hoedanigheid=each.hoedanigheid, op=work.actor.moment,
            )
        )  # fmt: skip


def _open(work: Work, toestemming: Toestemming) -> None:
    work.flush()
    if geopend := deuren_van(work, toestemming):
        open_deuren(work, Bron.TOESTEMMING, toestemming.id, geopend)


def _gegeven(work: Work, toestemming: UUID) -> set[Gevende]:
    """Who gave it before, whoever the actor may see of them."""
    g = Toestemminggever.tabel()
    van = select(g.c.hoedanigheid, g.c.gever_id, g.c.naam).where(g.c.gemeente_id == work.actor.gemeente, g.c.toestemming_id == toestemming)
    return {Gevende(row.hoedanigheid, row.gever_id, row.naam) for row in work.core_connection.execute(van)}
