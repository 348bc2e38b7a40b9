"""What a referral for a purpose that needs consent rests on: a consent of this resident that covers all of it (domain.md 2.3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from wijkwerk.access.purposes import Doel, Instemming
from wijkwerk.betrokkenheden import staande_deuren
from wijkwerk.errors import NietGevonden, OngeldigeInvoer
from wijkwerk.records.session import Work
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Toestemmingsontvanger, Toestemmingstatus

_VELDEN = ("persoon_id", "dossier_id", "doel", "categorieen", "richting", "status", "geldig_tot")


class ToestemmingDektNiet(OngeldigeInvoer):
    """The consent is not for this resident, purpose, data, recipient or time: the message says which."""

    code = "TOESTEMMING_DEKT_NIET"


def met_instemming(work: Work, doel: Doel, categorieen: Collection[str]) -> set[str]:
    """Which of these categories need a consent for this purpose. Raises OngeldigeInvoer when a partner can't be let in for it at all."""
    nodig = {code for code in categorieen if work.catalogue.instemming(doel, code) is not Instemming.NIET_NODIG}
    if not doel.koppelbaar and nodig != set(categorieen):
        raise OngeldigeInvoer("Voor dit doel kunt u niemand verwijzen. Kies een doel van de partner zelf.", veld="doel")
    return nodig


def keur_toestemming(
    work: Work, toestemming: UUID | None, dossier: UUID, persoon: UUID, doel: Doel, nodig: Collection[str], organisatie: UUID,
    rol: str | None, tot: date,
) -> None:  # fmt: skip
    """Raises OngeldigeInvoer for a consent that is missing or not needed, NietGevonden for one out of reach, and ToestemmingDektNiet.

    The resident is locked by who calls this, as by who withdraws a consent: the one who is later finds what the other did.
    """
    if (toestemming is None) is bool(nodig):
        reden = (
            "Voor dit doel is toestemming nodig. Noem de toestemming."
            if nodig
            else "Voor dit doel is geen toestemming nodig. Laat die weg."
        )
        raise OngeldigeInvoer(reden, veld="toestemming")
    if toestemming is None:
        return
    found = work.reader.one(Toestemming, _VELDEN, toestemming)
    if found is None:
        raise NietGevonden
    if (found.persoon_id, found.dossier_id, found.doel) != (persoon, dossier, doel.code):
        raise ToestemmingDektNiet("Deze toestemming is voor een andere inwoner, een ander dossier of een ander doel.", veld="toestemming")
    if found.status is not Toestemmingstatus.GEGEVEN or found.richting is Richting.ONTVANGEN or not _opent_nog(work, toestemming):
        raise ToestemmingDektNiet("Met deze toestemming mag u geen gegevens delen. Vraag eerst een nieuwe toestemming.", veld="toestemming")
    if not set(nodig) <= set(found.categorieen):
        raise ToestemmingDektNiet("De inwoner gaf voor minder soorten gegevens toestemming. Kies minder soorten.", veld="categorieen")
    if tot > found.geldig_tot:
        raise ToestemmingDektNiet("De toestemming eindigt eerder. Kies een eerdere dag.", veld="tot")
    if not _is_ontvanger(work, toestemming, organisatie, rol):
        raise ToestemmingDektNiet(
            "De toestemming is niet voor deze organisatie en rol. Kies een ontvanger die erin staat.", veld="organisatie"
        )


def _opent_nog(work: Work, toestemming: UUID) -> bool:
    """Whether it lets anybody in now: after its case was closed, or the resident left it, a partner comes in by a new consent."""
    return bool(staande_deuren(work.core_connection, work.actor.gemeente, toestemming, work.actor.moment))


def _is_ontvanger(work: Work, toestemming: UUID, organisatie: UUID, rol: str | None) -> bool:
    """A recipient without a role is everybody there who works for the purpose; one with a role is nobody else."""
    t = Toestemmingsontvanger.tabel()
    # past the masks: of a role that is hidden from the actor, the recipient would look like the whole organisation
    van = select(t.c.rol).where(
        t.c.gemeente_id == work.actor.gemeente, t.c.toestemming_id == toestemming, t.c.organisatie_id == organisatie
    )
    return any(gegeven in (None, rol) for gegeven in work.core_connection.execute(van).scalars())
