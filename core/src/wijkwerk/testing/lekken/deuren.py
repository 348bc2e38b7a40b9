"""Who is let in to a resident, and how far: the doors and what is held back, in plain Python (domain.md 1.10, 2.6, 3.6).

It knows nothing of the predicate in SQL: each rule stands here a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from ...access.actor import Actor
from .rijen import Rij, Wereld

ALLEEN_KIJKEN = ("EIGEN", "VERTEGENWOORDIGING", "NOODTOEGANG")
"""Who is let in by one of these looks, and writes nothing; who stands in for them does not."""


class Deuren:
    """Of one actor in one world. `schrijvend`: for what is about to be written."""

    def __init__(self, wereld: Wereld, actor: Actor, *, schrijvend: bool = False) -> None:
        self.wereld, self.actor = wereld, actor
        zelf = {actor.gebruiker, actor.organisatie, *actor.teams}
        self.partijen = zelf | set(actor.vervangt)
        self._open: dict[UUID, list[Rij]] = defaultdict(list)
        self._afgeschermd: dict[UUID, list[Rij]] = defaultdict(list)
        self._gevonden: dict[tuple[UUID, UUID, str], Sequence[Rij]] = {}
        for b in wereld.betrokkenheden:
            kijken = str(b.get("bron", "")) in ALLEEN_KIJKEN
            if self._voor_mij(b) and self._nu(b) and not (kijken and (schrijvend or b["partij_id"] not in zelf)):
                self._open[b["persoon_id"]].append(b)
        for a in wereld.afschermingen:
            for_me = actor.buiten_gemeente if a["partij_id"] is None else a["partij_id"] in self.partijen
            if for_me and self._nu(a):
                self._afgeschermd[a["persoon_id"]].append(a)

    def _voor_mij(self, b: Rij) -> bool:
        rol = b.get("rol")
        return b["partij_id"] in self.partijen and b["doel"] in self.actor.doelen and (rol is None or rol in self.actor.rollen)

    def _nu(self, row: Rij) -> bool:
        return bool(row["van"] <= self.actor.moment and (row["tot"] is None or row["tot"] > self.actor.moment))

    def winnaar(self, persoon: UUID, controller: UUID, categorie: str, kader: UUID | None) -> Rij | None:
        """The betrokkenheid that lets the actor in: the highest level, then the lowest id. `kader` None: the row belongs to no kader."""
        fit = self._deuren(persoon, controller, categorie)
        return next((b for b in fit if b["kader_id"] is None or b["kader_id"] == kader), None)

    def los(self, persoon: UUID, controller: UUID, categorie: str) -> Rij | None:
        """The same for a row of a record that has no kader at all: a door for a kader opens that too."""
        return next(iter(self._deuren(persoon, controller, categorie)), None)

    def _deuren(self, persoon: UUID, controller: UUID, categorie: str) -> Sequence[Rij]:
        key = (persoon, controller, categorie)
        if key not in self._gevonden:
            fit = [b for b in self._open[persoon] if (b["verantwoordelijke_id"], b["categorie_code"]) == key[1:]]
            self._gevonden[key] = sorted(fit, key=lambda b: (-b["niveau_tot"], b["id"]))
        return self._gevonden[key]

    def kent(self, persoon: UUID) -> bool:
        """Whether any door is open."""
        return bool(self._open[persoon])

    def niveau(self, persoon: UUID, deur: Rij | None) -> int:
        """What is left of a door's level under the role's ceiling and every afscherming; -1 without a door."""
        if deur is None:
            return -1
        return min(int(deur["niveau_tot"]), int(self.actor.plafond), *(int(a["niveau_tot"]) for a in self._afgeschermd[persoon]))

    def verborgen(self, persoon: UUID) -> bool:
        """Whether secrecy hides what is afschermbaar of this person, and keeps the person out of every list (domain.md 1.10)."""
        return any(a["verbergt"] for a in self._afgeschermd[persoon])

    def afgeschermd(self, persoon: UUID) -> bool:
        """Whether anything of this person is held back from the actor, whatever it is."""
        return bool(self._afgeschermd[persoon])

    def ziet_persoon(self, persoon: UUID | None) -> Rij | None:
        """The betrokkenheid by which the actor sees a resident at all (N1 of IDENTITEIT), or None."""
        row = self.wereld.personen.get(persoon) if persoon is not None else None
        if row is None or persoon is None:
            return None
        deur = self.los(persoon, row["verantwoordelijke_id"], "IDENTITEIT")
        return deur if self.niveau(persoon, deur) >= 1 else None

    def voor_eigen_mensen(self, voor: UUID) -> bool:
        """For what is given to somebody: outside the municipality only what is for the actor, or for the actor's own organisation."""
        if not self.actor.buiten_gemeente or voor in self.partijen:
            return True
        werk = (a for a in self.wereld.aanstellingen if a["gebruiker_id"] == voor)
        return any(a["organisatie_id"] == self.actor.organisatie for a in werk)
