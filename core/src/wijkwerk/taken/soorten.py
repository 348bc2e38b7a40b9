"""What kinds of tasks there are: each declared once, by the core or by a plugin."""

from __future__ import annotations

from dataclasses import dataclass

from wijkwerk.access.levels import N2, N4, N6, Niveau
from wijkwerk.access.purposes import Categorie
from wijkwerk.access.register import BETROKKENEN, PLAN_EN_DOELEN, PLANNING, VEILIGHEID


@dataclass(frozen=True, slots=True)
class Taaksoort:
    """A kind of task. A task about a resident is seen by who sees this category of that resident at this level."""

    code: str
    uitleg: str
    categorie: Categorie = PLAN_EN_DOELEN
    niveau: Niveau = N4


TAAK = Taaksoort("TAAK", "Taak")
PARTNERTAAK = Taaksoort("PARTNERTAAK", "Taak voor een partner", PLANNING, N2)
"""What a partner is let in to by a coupling is the planning, never the plan (domain.md 2.6): a task for one says no more than that."""
OVERDRACHT_BEOORDELEN = Taaksoort("OVERDRACHT_BEOORDELEN", "Een dossier overnemen of weigeren")
SIGNAAL_BEOORDELEN = Taaksoort("SIGNAAL_BEOORDELEN", "Een signaal beoordelen", VEILIGHEID, N6)
TOEGANGSVERZOEK_BEOORDELEN = Taaksoort("TOEGANGSVERZOEK_BEOORDELEN", "Een partner vraagt om toegang: beoordeel of dat kan")
BERICHT_MISLUKT = Taaksoort("BERICHT_MISLUKT", "Een bericht kwam niet aan: bereik de inwoner op een andere manier")
NOODTOEGANG_BEOORDELEN = Taaksoort("NOODTOEGANG_BEOORDELEN", "Beoordelen of een noodtoegang terecht was", BETROKKENEN)

TAAKSOORTEN = (
    TAAK, PARTNERTAAK, OVERDRACHT_BEOORDELEN, SIGNAAL_BEOORDELEN, TOEGANGSVERZOEK_BEOORDELEN, BERICHT_MISLUKT, NOODTOEGANG_BEOORDELEN,
)  # fmt: skip
