"""A model of cases that is not the system's: who holds what, and what each of them therefore sees. A test walks at random and compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Wie:
    """Somebody who works: for a team of the municipality, or for a partner."""

    naam: str
    gebruiker: UUID
    rol: str
    team: UUID | None = None
    organisatie: UUID | None = None


@dataclass
class Melding:
    """A report; `dossier` once a case came of it."""

    persoon: UUID
    team: UUID
    dossier: UUID | None = None


@dataclass
class Notitie:
    """A note: of whom, and from which level."""

    id: UUID
    persoon: UUID
    niveau: int


@dataclass
class Verwezen:
    """A referral that is offered or accepted: of whom, to which organisation, until when, and the consent that it rests on."""

    persoon: UUID
    naar: UUID
    einde: datetime
    aangenomen: bool = False
    toestemming: UUID | None = None


@dataclass
class Zaak:
    """A case. `partners` are couplings by id, `toestemmingen` consents by id: whom and until when; `verwijzingen` those nobody ended."""

    id: UUID
    begin: UUID
    team: UUID
    regisseur: UUID | None
    leden: set[UUID]
    status: str = "OPEN"
    eerder_dicht: bool = False
    aanbod: tuple[UUID, UUID] | None = None
    partners: dict[UUID, set[UUID]] = field(default_factory=dict)
    toestemmingen: dict[UUID, tuple[UUID, datetime]] = field(default_factory=dict)
    verwijzingen: dict[UUID, Verwezen] = field(default_factory=dict)
    notities: list[Notitie] = field(default_factory=list)

    @property
    def dicht(self) -> bool:
        return self.status == "GESLOTEN"

    def heeft(self, wie: Wie) -> bool:
        """Whether it is theirs to change."""
        return wie.team is not None and (wie.team == self.team or wie.gebruiker == self.regisseur)

    def ziet(self, wie: Wie) -> bool:
        """Whether they see that it is there."""
        aangeboden = self.aanbod is not None and self.aanbod[1] == wie.team
        return wie.team is not None and (aangeboden or self.houdt(wie))

    def houdt(self, wie: Wie) -> bool:
        """Whether they see it otherwise than because it is offered."""
        return wie.team is not None and (self.team == wie.team or (self.regisseur == wie.gebruiker and not self.dicht))


class Model:
    """All of it. `dock` is coupled, `zorg` gets consents."""

    def __init__(self, dock: UUID, zorg: UUID) -> None:
        self.dock, self.zorg = dock, zorg
        self.personen: list[UUID] = []
        self.meldingen: dict[UUID, Melding] = {}
        self.zaken: dict[UUID, Zaak] = {}

    def dossiers_van(self, wie: Wie) -> set[UUID]:
        """The cases that they see."""
        return {zaak.id for zaak in self.zaken.values() if zaak.ziet(wie)}

    def personen_van(self, wie: Wie, nu: datetime) -> set[UUID]:
        """The residents that they see."""
        return set(self._personen(wie, nu))

    def werkt_met(self, wie: Wie) -> set[UUID]:
        """The residents that they see otherwise than because a case is offered: a case of their own can be about these."""
        aangemeld = {melding.persoon for melding in self.meldingen.values() if melding.dossier is None and wie.team == melding.team}
        return aangemeld.union(*(zaak.leden for zaak in self.zaken.values() if zaak.houdt(wie)))

    def notities_van(self, wie: Wie, nu: datetime) -> set[UUID]:
        """The notes that they see: never of a closed case, never beforehand, never of who left."""
        return {
            notitie.id for zaak in self.zaken.values() if not zaak.dicht
            for notitie in zaak.notities if notitie.persoon in zaak.leden and notitie.niveau <= self._niveau(zaak, wie, notitie.persoon, nu)
        }  # fmt: skip

    def _niveau(self, zaak: Zaak, wie: Wie, persoon: UUID, nu: datetime) -> int:
        if wie.gebruiker == zaak.regisseur:
            return 7
        if wie.team is not None:
            return 6 if wie.team == zaak.team else 0
        return 5 if wie.organisatie == self.zorg and persoon in set(_toegestemd(zaak, nu)) else 0

    def _personen(self, wie: Wie, nu: datetime) -> Iterator[UUID]:
        for melding in self.meldingen.values():
            if melding.dossier is None and wie.team == melding.team:
                yield melding.persoon
        for zaak in self.zaken.values():
            if zaak.ziet(wie):
                yield from zaak.leden
            yield from self._gedeeld(zaak, wie, nu)

    def _gedeeld(self, zaak: Zaak, wie: Wie, nu: datetime) -> set[UUID]:
        """The residents of a case whom a partner sees by it."""
        found = {v.persoon for v in zaak.verwijzingen.values() if v.naar == wie.organisatie and nu < v.einde}
        if wie.organisatie == self.dock:
            found |= {persoon for leden in zaak.partners.values() for persoon in leden}
        return found | set(_toegestemd(zaak, nu)) if wie.organisatie == self.zorg else found

    def sluit(self, zaak: Zaak) -> None:
        """Nobody but the team has anything any more."""
        zaak.status = "GESLOTEN"
        zaak.partners.clear()
        zaak.toestemmingen.clear()
        zaak.verwijzingen.clear()

    def vertrekt(self, zaak: Zaak, persoon: UUID) -> None:
        """Nobody has anything of who leaves."""
        zaak.leden.discard(persoon)
        zaak.partners = {id: leden - {persoon} for id, leden in zaak.partners.items()}
        zaak.toestemmingen = {id: (van, tot) for id, (van, tot) in zaak.toestemmingen.items() if van != persoon}
        zaak.verwijzingen = {id: v for id, v in zaak.verwijzingen.items() if v.persoon != persoon}

    def trekt_in(self, zaak: Zaak, toestemming: UUID) -> None:
        """All consents of this resident are gone (the walk gives them to one recipient for one purpose), and what rests on them."""
        persoon, _ = zaak.toestemmingen[toestemming]
        for each in self.zaken.values():
            weg = {id for id, (van, _) in each.toestemmingen.items() if van == persoon}
            each.toestemmingen = {id: gegeven for id, gegeven in each.toestemmingen.items() if id not in weg}
            each.verwijzingen = {id: v for id, v in each.verwijzingen.items() if v.toestemming not in weg}

    def laat_zien(self, wie: Wie, persoon: UUID, nu: datetime) -> list[Zaak]:
        """The cases by which a partner is let in to a resident."""
        return [zaak for zaak in self.zaken.values() if persoon in self._gedeeld(zaak, wie, nu)]


def _toegestemd(zaak: Zaak, nu: datetime) -> Iterator[UUID]:
    return (persoon for persoon, tot in zaak.toestemmingen.values() if nu < tot)
