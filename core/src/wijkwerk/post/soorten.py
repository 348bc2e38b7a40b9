"""What kinds of messages there are, by mail and inside the product: one list, each declared once, by the core or by a plugin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Ontvanger(StrEnum):
    """Whom a kind of message is for."""

    INWONER = "INWONER"
    GEBRUIKER = "GEBRUIKER"


@dataclass(frozen=True, slots=True)
class Berichtsoort:
    """A kind of message. What a notice inside the product says is `uitleg`; it says nothing of any resident.

    `onderwerp` is the subject of the mail: it may hold nothing about a person, because a screen shows it to whoever sits beside. A kind
    without one is never a mail. `pakket` holds the templates of the mail, `sjablonen/<code in lower case>.txt` and `.html` (Dutch, B1), and
    `velden` are the values that both of them need. After `geldig` the mail is of no use any more and is not sent.
    """

    code: str
    uitleg: str
    voor: Ontvanger
    onderwerp: str | None = None
    velden: tuple[str, ...] = ()
    geldig: timedelta = timedelta(days=3)
    pakket: str = "wijkwerk.post"


AFSPRAAK_GEMAAKT = Berichtsoort(
    "AFSPRAAK_GEMAAKT", "Een nieuwe afspraak", Ontvanger.INWONER, "Uw afspraak", ("dag", "tijd", "wijze", "team")
)  # fmt: skip
AFSPRAAK_GEWIJZIGD = Berichtsoort(
    "AFSPRAAK_GEWIJZIGD", "Een afspraak is veranderd", Ontvanger.INWONER, "Uw afspraak is veranderd", ("dag", "tijd", "wijze", "team")
)  # fmt: skip
AFSPRAAK_AFGEZEGD = Berichtsoort(
    "AFSPRAAK_AFGEZEGD", "Een afspraak gaat niet door", Ontvanger.INWONER, "Uw afspraak gaat niet door", ("dag", "tijd", "team")
)  # fmt: skip
TAKEN_HERINNERING = Berichtsoort(
    "TAKEN_HERINNERING", "Taken die bijna klaar moeten zijn", Ontvanger.GEBRUIKER, "Taken die bijna klaar moeten zijn", ("aantal",)
)  # fmt: skip
TOESTEMMING_INGETROKKEN = Berichtsoort(
    "TOESTEMMING_INGETROKKEN",
    "Een inwoner trok een toestemming in. Verwijder wat u daardoor kreeg, als u er geen andere grond voor hebt. "
    "Weet u niet om wie het gaat? Bel het wijkteam en noem het nummer van de toestemming.",
    Ontvanger.GEBRUIKER,
)
"""It names no resident, and the number opens nothing for who is told: the team that holds the case knows whose it is (domain.md 2.4)."""
JOB_MISLUKT = Berichtsoort("JOB_MISLUKT", "Gepland werk is mislukt", Ontvanger.GEBRUIKER)
VERWIJZING_BESLOTEN = Berichtsoort("VERWIJZING_BESLOTEN", "Een partner heeft over een verwijzing besloten", Ontvanger.GEBRUIKER)
VERWIJZING_GEEINDIGD = Berichtsoort(
    "VERWIJZING_GEEINDIGD",
    "Een verwijzing die u aannam, is geëindigd. Verwijder wat u over deze inwoner hebt en niet om een andere reden nodig hebt",
    Ontvanger.GEBRUIKER,
)
NOODTOEGANG_GEOPEND = Berichtsoort("NOODTOEGANG_GEOPEND", "Iemand bekeek in nood een inwoner van uw team", Ontvanger.GEBRUIKER)
NOODTOEGANG_ZONDER_TEAM = Berichtsoort(
    "NOODTOEGANG_ZONDER_TEAM", "Voor een noodtoegang is geen teamleider gevonden. Zorg dat iemand die beoordeelt", Ontvanger.GEBRUIKER
)  # fmt: skip
NOODTOEGANG_ONTERECHT = Berichtsoort(
    "NOODTOEGANG_ONTERECHT", "Een noodtoegang was onterecht. Bepaal binnen 72 uur of dit een datalek is dat u moet melden",
    Ontvanger.GEBRUIKER,
)  # fmt: skip
NOODTOEGANG_TE_LAAT = Berichtsoort(
    "NOODTOEGANG_TE_LAAT", "Een noodtoegang is na vijf werkdagen nog niet beoordeeld", Ontvanger.GEBRUIKER
)  # fmt: skip
ONTMASKERING_GEVRAAGD = Berichtsoort(
    "ONTMASKERING_GEVRAAGD", "Een collega wil weten welke inwoner er achter een pseudoniem zit. Beslis of dat mag", Ontvanger.GEBRUIKER
)  # fmt: skip
ONTMASKERING_BESLOTEN = Berichtsoort("ONTMASKERING_BESLOTEN", "Een collega besliste over uw vraag om te ontmaskeren", Ontvanger.GEBRUIKER)

BERICHTSOORTEN = (
    AFSPRAAK_GEMAAKT, AFSPRAAK_GEWIJZIGD, AFSPRAAK_AFGEZEGD, TAKEN_HERINNERING, TOESTEMMING_INGETROKKEN, JOB_MISLUKT, VERWIJZING_BESLOTEN,
    VERWIJZING_GEEINDIGD, NOODTOEGANG_GEOPEND, NOODTOEGANG_ZONDER_TEAM, NOODTOEGANG_ONTERECHT, NOODTOEGANG_TE_LAAT,
    ONTMASKERING_GEVRAAGD, ONTMASKERING_BESLOTEN,
)  # fmt: skip
