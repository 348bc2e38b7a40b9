"""Why somebody may see a field of a resident, or may not: the predicate of `scope` told step by step, in Dutch (issue 5, point 6).

Pure: it decides and tells by the rows it is given (`uitleggen.py` reads them), and nothing else. So an answer tells an asker no more than
those rows do: who may not see an afscherming gets the answer that there would be without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wijkwerk.access.actor import Actor
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.policy import Policy
from wijkwerk.access.policybestand import Regel
from wijkwerk.access.uitleg_rij import Feiten, Reden, RijVraag, Uitleg
from wijkwerk.records.declare import PersonRecord


def verder(een: Uitleg, ander: Uitleg) -> Uitleg:
    """The better answer of two: the one that shows, or else the one that came further."""
    order = list(Reden)
    return ander if order.index(ander.reden) > order.index(een.reden) else een


@dataclass(frozen=True, slots=True)
class Vraag:
    """Whether an actor sees a field of this record, under this policy."""

    actor: Actor
    policy: Policy
    catalogue: Catalogue
    record: type[PersonRecord]
    veld: str

    def antwoord(self, feiten: Feiten) -> Uitleg:
        """By these rows. A field that follows from others is shown when all of them are."""
        if (nee := self._recht()) is not None:
            return nee
        found = Uitleg(False, Reden.GEEN_GEGEVEN, ("Mag niet, want er is geen gegeven van deze soort over deze inwoner.",))
        for rij in feiten.rijen:
            found = verder(found, RijVraag(self, feiten, rij).antwoord())
        return replace(found, zinnen=(*found.zinnen, *self._door_recht())) if found.mag else found

    @property
    def nodig(self) -> tuple[str, ...]:
        """The columns that the field is made of."""
        return self.record.afgeleid[self.veld].needs if self.veld in self.record.afgeleid else (self.veld,)

    def rollen(self) -> str:
        """The actor's roles in words."""
        return " en ".join(self.catalogue.rollen[code].naam for code in self.actor.rollen if code in self.catalogue.rollen)

    def _rechten(self) -> list[str]:
        extra = [p.naam for name in self.nodig if (p := self.record.velden[name].requires) is not None]
        return list(dict.fromkeys([self.record.lezen.naam, *extra]))

    def _recht(self) -> Uitleg | None:
        for recht in self._rechten():
            if not self.actor.may(recht):
                elders = sorted({r.doel for r in self._regels(recht, any_purpose=True)})
                zin = f"Mag niet, want de rol {self.rollen()} heeft het recht '{recht}' niet."
                meer = [f"Dat recht geldt alleen voor een verzoek met doel {doel}." for doel in elders]
                return Uitleg(False, Reden.GEEN_RECHT, (zin, *meer))
        for name in self.nodig:
            if self.actor.never_sees(self.record.__name__, name):
                zin = f"Mag niet, want het beleid weigert de rol {self.rollen()} het veld {self.record.__name__}.{name}."
                return Uitleg(False, Reden.VELD_GEWEIGERD, (zin,))
        return None

    def _door_recht(self) -> list[str]:
        """Which lines of the policy give the rights that it takes."""
        regels = [regel.tekst for recht in self._rechten() for regel in self._regels(recht)]
        return [f"Het recht staat in het beleid: '{tekst}'." for tekst in regels]

    def _regels(self, recht: str, *, any_purpose: bool = False) -> list[Regel]:
        lines = [r for r in self.policy.regels if isinstance(r, Regel) and r.permissie == recht and r.rol in self.actor.rollen]
        return [line for line in lines if any_purpose or line.doel in ("", *self.actor.doelen)]
