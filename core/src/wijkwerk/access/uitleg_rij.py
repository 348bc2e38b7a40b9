"""One row of a resident: whether somebody may see a field of it, door by door, as the predicate of `scope` has it; told in Dutch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import ALLEEN_LEZEN, Bron
from wijkwerk.access.levels import N1
from wijkwerk.access.purposes import Categorie
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.klok import dag
from wijkwerk.records.declare import kader_of, subject_of
from wijkwerk.records.geldigheid import open_op

if TYPE_CHECKING:
    from wijkwerk.access.uitleg import Vraag

Rij = Any
"""A row with its columns as attributes, as the database or a reader gives it."""

BRONNEN: Final[Mapping[Bron, str]] = {
    Bron.AANMELDING: "een aanmelding", Bron.DOSSIER: "een dossier", Bron.OVERDRACHT: "een overdracht", Bron.KOPPELING: "een koppeling",
    Bron.VERWIJZING: "een verwijzing", Bron.TOESTEMMING: "een toestemming", Bron.GROEP: "een groep", Bron.EIGEN: "de eigen inzage",
    Bron.VERTEGENWOORDIGING: "een vertegenwoordiging", Bron.NOODTOEGANG: "noodtoegang", Bron.IMPORT: "een import",
}  # fmt: skip


class Reden(StrEnum):
    """Why, or why not. In the order in which it is looked at."""

    GEEN_ROL = "GEEN_ROL"
    GEEN_RECHT = "GEEN_RECHT"
    VELD_GEWEIGERD = "VELD_GEWEIGERD"
    GEEN_GEGEVEN = "GEEN_GEGEVEN"
    GEEN_BETROKKENHEID = "GEEN_BETROKKENHEID"
    NIVEAU_TE_LAAG = "NIVEAU_TE_LAAG"
    ROL_TE_LAAG = "ROL_TE_LAAG"
    VOOR_EEN_ANDER = "VOOR_EEN_ANDER"
    ANDERE_INWONER = "ANDERE_INWONER"
    AFGESCHERMD = "AFGESCHERMD"
    MAG = "MAG"


@dataclass(frozen=True, slots=True)
class Uitleg:
    """The answer: whether the field is shown, why, and in Dutch sentences. `deur` is the winning betrokkenheid."""

    mag: bool
    reden: Reden
    zinnen: tuple[str, ...]
    deur: UUID | None = None


@dataclass(frozen=True, slots=True)
class Feiten:
    """What an answer rests on: the rows of the record about the resident, all doors and afschermingen of that resident and of others named
    in the rows (also ended ones), whose records those others are, which users work where the actor works, and (`samen`) the
    rows that tell the same as one of these about another resident, with who is named as a reader of them (`lezers`)."""

    rijen: Sequence[Rij]
    deuren: Sequence[Rij]
    afschermingen: Sequence[Rij]
    hoort_bij: Mapping[UUID, UUID]
    collegas: frozenset[UUID] = frozenset()
    samen: Sequence[Rij] = ()
    lezers: Sequence[Rij] = ()


@dataclass(frozen=True, slots=True)
class Nodig:
    """What a door has to open: a category of a controller, and where the row belongs to a kader, that one."""

    categorie: str
    controller: UUID
    in_kader: bool = False
    kader: UUID | None = None


@dataclass(frozen=True, slots=True)
class RijVraag:
    """The question for one row."""

    vraag: Vraag
    feiten: Feiten
    rij: Rij

    @property
    def actor(self) -> Actor:
        return self.vraag.actor

    @property
    def persoon(self) -> UUID:
        found: UUID = getattr(self.rij, subject_of(self.vraag.record))
        return found

    def antwoord(self) -> Uitleg:
        """Whether the row is there for the actor, and each column that the field is made of."""
        record = self.vraag.record
        steps: Sequence[Callable[[], Uitleg | None]] = (
            self._op_zich, self._samen, *[partial(self._veld, name) for name in self.vraag.nodig],
        )  # fmt: skip
        nee = next((found for step in steps if (found := step()) is not None), None)
        if nee is not None:
            return nee
        deur = self._winnaar(record.velden[self.vraag.nodig[0]].categorie or record.categorie)
        return Uitleg(True, Reden.MAG, (f"Mag wel, want {self._vertel(deur)}.",), deur.id)

    def _op_zich(self) -> Uitleg | None:
        record = self.vraag.record
        niveau = int(record.niveau) if record.niveau_kolom is None else getattr(self.rij, record.niveau_kolom)
        if record.lezers_niveau is not None and self._mag_lezen(getattr(self.rij, str(record.groep_kolom))):
            niveau = min(niveau, int(record.lezers_niveau))
        return self._opent(record.categorie, niveau) or self._hele_rij()

    def _mag_lezen(self, groep: UUID) -> bool:
        lezers = [lezer for lezer in self.feiten.lezers if lezer.groep_id == groep and open_op(lezer, self.actor.moment)]
        return any(lezer.gebruiker_id == self.actor.gebruiker for lezer in lezers)

    def _samen(self) -> Uitleg | None:
        """Whether every row that tells the same about another resident is there, too."""
        kolom = self.vraag.record.groep_kolom
        for ander in self.feiten.samen if kolom else ():
            if getattr(ander, str(kolom)) == getattr(self.rij, str(kolom)) and RijVraag(self.vraag, self.feiten, ander)._op_zich():
                return _over_een_ander()
        return None

    def _hele_rij(self) -> Uitleg | None:
        if self.vraag.record.rij_afschermbaar and self._verborgen():
            return _afgeschermd()
        eigen = self.vraag.record.eigen_kolom
        if eigen is not None and getattr(self.rij, eigen) != self.actor.gebruiker:
            return Uitleg(False, Reden.VOOR_EEN_ANDER, ("Mag niet, want alleen wie dit schreef, ziet het.",))
        verloopt = self.vraag.record.verloopt_kolom
        if verloopt is not None and getattr(self.rij, verloopt) <= self.actor.moment:
            return Uitleg(False, Reden.GEEN_GEGEVEN, ("Mag niet, want de tijd van dit gegeven is voorbij.",))
        if not self._voor_actor():
            return Uitleg(False, Reden.VOOR_EEN_ANDER, ("Mag niet, want dit gegeven is voor een ander.",))
        return None

    def _veld(self, name: str) -> Uitleg | None:
        veld = self.vraag.record.velden[name]
        if veld.level is None or veld.categorie is None:
            return None
        if (nee := self._opent(veld.categorie, int(veld.level))) is not None:
            return nee
        if veld.afschermbaar and self._verborgen():
            return _afgeschermd()
        if veld.kind == "related" and not self._ziet_ander(getattr(self.rij, name)):
            return _over_een_ander()
        return None

    def _code(self, categorie: Categorie) -> str:
        """The category as this row has it."""
        kolom = self.vraag.record.categorie_kolom
        return str(getattr(self.rij, kolom)) if kolom and categorie == self.vraag.record.categorie else categorie.code

    def _nodig(self, categorie: Categorie) -> Nodig:
        kolom = kader_of(self.vraag.record)
        return Nodig(self._code(categorie), self.rij.verantwoordelijke_id, kolom is not None, getattr(self.rij, kolom) if kolom else None)

    def _winnaar(self, categorie: Categorie) -> Rij:
        return self._deur(self.persoon, self._nodig(categorie))

    def _deur(self, persoon: UUID, nodig: Nodig) -> Rij:
        """The door that counts: of those that fit the highest level, then the lowest id; None without."""
        passend = [d for d in self._eigen(persoon) if not self._mist(d, nodig)]
        return min(passend, key=lambda d: (-d.niveau_tot, d.id), default=None)

    def _opent(self, categorie: Categorie, niveau: int) -> Uitleg | None:
        """Why no door of the actor opens this level of a category, if none does."""
        deur = self._winnaar(categorie)
        if deur is None:
            return self._bijna(self._nodig(categorie))
        if deur.niveau_tot < niveau:
            zin = f"Mag niet, want dit vraagt niveau {niveau}, en {self._vertel(deur)}."
            return Uitleg(False, Reden.NIVEAU_TE_LAAG, (zin,), deur.id)
        if int(self.actor.plafond) < niveau:
            zin = f"Mag niet, want dit vraagt niveau {niveau}, en de rol {self.vraag.rollen()} gaat tot niveau {int(self.actor.plafond)}."
            return Uitleg(False, Reden.ROL_TE_LAAG, (zin,), deur.id)
        return _afgeschermd() if self._grens(self.persoon) < niveau else None

    def _eigen(self, persoon: UUID) -> list[Rij]:
        actor = self.actor
        return [
            d for d in self.feiten.deuren
            if d.persoon_id == persoon and d.partij_id in (actor.zelf if d.bron in ALLEEN_LEZEN else actor.partijen)
        ]  # fmt: skip

    def _mist(self, d: Rij, nodig: Nodig) -> list[str]:
        """What a door that was opened to the actor lacks for this, in words."""
        actor, nu = self.actor, self.actor.moment
        checks = (
            (d.rol is None or d.rol in actor.rollen, f"die is alleen voor de rol {d.rol}"),
            (d.doel in actor.doelen, f"die is voor een ander doel ({d.doel})"),
            (d.categorie_code == nodig.categorie, f"die geeft andere gegevens ({d.categorie_code})"),
            (d.verantwoordelijke_id == nodig.controller, "die geeft gegevens van een andere organisatie"),
            (not nodig.in_kader or d.kader_id in (None, nodig.kader), "die hoort bij een ander dossier of een andere groep"),
            (d.van <= nu, f"die begint pas op {_datum(d.van)}"),
            (open_op(d, nu), f"die is gestopt op {_datum(d.tot)}"),
        )
        return [zin for fits, zin in checks if not fits]

    def _bijna(self, nodig: Nodig) -> Uitleg:
        """No door: the one that came nearest."""
        gemist = [(self._mist(d, nodig), d) for d in self._eigen(self.persoon)]
        if not gemist:
            zin = "Mag niet, want deze gebruiker, het team en de organisatie zijn niet bij deze inwoner betrokken."
            return Uitleg(False, Reden.GEEN_BETROKKENHEID, (zin,))
        mist, deur = min(gemist, key=lambda paar: (len(paar[0]), paar[1].id))
        zin = f"Mag niet. Het dichtst in de buurt komt een betrokkenheid door {BRONNEN[deur.bron]}, maar {', en '.join(mist)}."
        return Uitleg(False, Reden.GEEN_BETROKKENHEID, (zin,))

    def _vertel(self, deur: Rij) -> str:
        """A door in words."""
        tot = "" if deur.tot is None else f" tot {_datum(deur.tot)}"
        doel = self.vraag.catalogue.doelen[deur.doel].uitleg if deur.doel in self.vraag.catalogue.doelen else deur.doel
        return (
            f"er is een betrokkenheid door {BRONNEN[deur.bron]}, vanaf {_datum(deur.van)}{tot}, voor '{doel}', tot niveau {deur.niveau_tot}"
        )

    def _geldend(self, persoon: UUID) -> list[Rij]:
        """The afschermingen of a resident that hold for the actor now."""
        nu, actor = self.actor.moment, self.actor
        return [
            a for a in self.feiten.afschermingen
            if a.persoon_id == persoon and (actor.buiten_gemeente if a.partij_id is None else a.partij_id in actor.partijen)
            and a.van <= nu and open_op(a, nu)
        ]  # fmt: skip

    def _verborgen(self) -> bool:
        return any(a.verbergt for a in self._geldend(self.persoon))

    def _grens(self, persoon: UUID) -> int:
        return min((int(a.niveau_tot) for a in self._geldend(persoon)), default=7)

    def _ziet_ander(self, ander: UUID | None) -> bool:
        """Whether the actor sees another resident at all; nobody is seen always."""
        if ander is None:
            return True
        hoort_bij = self.feiten.hoort_bij.get(ander)
        if hoort_bij is None:
            return False
        deur = self._deur(ander, Nodig(IDENTITEIT.code, hoort_bij))
        return deur is not None and min(int(deur.niveau_tot), int(self.actor.plafond), self._grens(ander)) >= int(N1)

    def _voor_actor(self) -> bool:
        """Whether a row that is for somebody, or for one role, is for the actor; inside the municipality every row is."""
        record, actor = self.vraag.record, self.actor
        voor = getattr(self.rij, record.voor_kolom) if record.voor_kolom else actor.organisatie
        rol = getattr(self.rij, record.rol_kolom) if record.rol_kolom else None
        eigen = voor == actor.organisatie or voor in actor.partijen or voor in self.feiten.collegas
        return not actor.buiten_gemeente or (eigen and rol in (None, *actor.rollen))


def _afgeschermd() -> Uitleg:
    return Uitleg(False, Reden.AFGESCHERMD, ("Mag niet, want dit is afgeschermd voor deze gebruiker.",))


def _over_een_ander() -> Uitleg:
    return Uitleg(False, Reden.ANDERE_INWONER, ("Mag niet, want het gaat ook over een inwoner die deze gebruiker niet mag zien.",))


def _datum(moment: Any) -> str:
    op = None if moment is None else dag(moment)
    return "" if op is None else f"{op.day}-{op.month}-{op.year}"
