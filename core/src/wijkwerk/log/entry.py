"""One entry of the access log: who saw or changed what of whom, when, why, and what allowed it (domain.md 3.3; NEN 7513 fields).

An entry holds names of fields and pseudonyms; never content, arguments or variables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson

VERSIE: Final = 2
"""Of what an entry holds. Version 1 had no `toegang`, `ouder`, `netwerkadres` and `einde`."""


class Logsoort(StrEnum):
    """Which streams an entry goes to: those of another kind have a term of their own (domain.md 4.2)."""

    INZAGE = "INZAGE"
    AANMELDING = "AANMELDING"


class Gebeurtenis(StrEnum):
    """What happened (domain.md 3.4). Opening a sealed value is in the names of the fields that were shown, such as Notitieversie.tekst."""

    LEZEN = "LEZEN"
    ZOEKEN = "ZOEKEN"
    AANMAKEN = "AANMAKEN"
    WIJZIGEN = "WIJZIGEN"
    VERWIJDEREN = "VERWIJDEREN"
    SAMENVOEGEN = "SAMENVOEGEN"
    SPLITSEN = "SPLITSEN"
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    AFDRUKKEN = "AFDRUKKEN"
    VERZENDEN = "VERZENDEN"
    AANMELDING_GESLAAGD = "AANMELDING_GESLAAGD"
    AANMELDING_GEWEIGERD = "AANMELDING_GEWEIGERD"
    VERZOEK_GEWEIGERD = "VERZOEK_GEWEIGERD"
    TOESTEMMING_GEGEVEN = "TOESTEMMING_GEGEVEN"
    TOESTEMMING_GEWEIGERD = "TOESTEMMING_GEWEIGERD"
    TOESTEMMING_INGETROKKEN = "TOESTEMMING_INGETROKKEN"
    NOODTOEGANG_GEOPEND = "NOODTOEGANG_GEOPEND"
    NOODTOEGANG_GESLOTEN = "NOODTOEGANG_GESLOTEN"
    NOODTOEGANG_BEOORDEELD = "NOODTOEGANG_BEOORDEELD"
    ROL_GEWIJZIGD = "ROL_GEWIJZIGD"
    REGISTER_GEWIJZIGD = "REGISTER_GEWIJZIGD"
    BELEID_GEWIJZIGD = "BELEID_GEWIJZIGD"
    UITLEG = "UITLEG"
    SLEUTELS_VERNIEUWD = "SLEUTELS_VERNIEUWD"
    VERNIETIGD = "VERNIETIGD"
    TERUGGEZET = "TERUGGEZET"
    HERSTEL = "HERSTEL"
    EIGEN_INZAGE = "EIGEN_INZAGE"
    ONTMASKERING_GEVRAAGD = "ONTMASKERING_GEVRAAGD"
    ONTMASKERING_BESLOTEN = "ONTMASKERING_BESLOTEN"
    ONTMASKERD = "ONTMASKERD"
    LOG_BEKEKEN = "LOG_BEKEKEN"
    LOG_INGESTELD = "LOG_INGESTELD"
    LOG_VASTGEHOUDEN = "LOG_VASTGEHOUDEN"
    LOG_VERVALLEN = "LOG_VERVALLEN"
    STROOM_GEOPEND = "STROOM_GEOPEND"
    STROOM_GESLOTEN = "STROOM_GESLOTEN"

    @property
    def soort(self) -> Logsoort:
        """The kind of stream that its entries go to."""
        return Logsoort.AANMELDING if self.name.startswith("AANMELDING_") else Logsoort.INZAGE


class Actie(StrEnum):
    """NEN 7513 EventActionCode."""

    CREATE = "C"
    READ = "R"
    UPDATE = "U"
    DELETE = "D"
    EXECUTE = "E"


class Resultaat(StrEnum):
    """How it ended. GEEN_RESULTAAT: what was asked for is absent or out of reach; the two are not told apart (design.md 7)."""

    GESLAAGD = "GESLAAGD"
    GEWEIGERD = "GEWEIGERD"
    GEEN_RESULTAAT = "GEEN_RESULTAAT"
    FOUT = "FOUT"


@dataclass(frozen=True, slots=True)
class Deur:
    """What let somebody in: a betrokkenheid, as it was then. `bron_id`: the case, coupling, break-glass or so that made it."""

    betrokkenheid: UUID
    bron: str
    bron_id: UUID
    grondslag: str
    toestemming: UUID | None = None

    def lijst(self) -> list[str | None]:
        """As it stands in the entry."""
        return [
            self.betrokkenheid.hex,
            self.bron,
            self.bron_id.hex,
            self.grondslag,
            None if self.toestemming is None else self.toestemming.hex,
        ]


@dataclass(frozen=True, slots=True)
class Getoond:
    """What of one record type was shown of (or changed for) a person, and the betrokkenheid that allowed it."""

    soort: str
    categorieen: tuple[str, ...]
    velden: tuple[str, ...]
    betrokkenheden: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Betrokkene:
    """A person in an entry, by pseudonym."""

    pseudoniem: UUID
    getoond: tuple[Getoond, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logregel:
    """One entry. `gevraagd` holds keyed pseudonyms (hex) of what a miss was about; `code` the error code of a refusal;
    `vervangt` the users (hex) in whose place the user acted, by waarneming. `toegang`: every door named in `betrokkenen`, once.
    `tijdstip` is when it began, `einde` when it was done. `ouder`: the span of who called us, `trace` and `span` our own (hex; W3C Trace
    Context). `netwerkadres`: from which IP address, as our server or the proxy that it trusts saw it.
    """

    gebeurtenis: Gebeurtenis
    actie: Actie
    resultaat: Resultaat
    tijdstip: datetime
    gemeente: UUID | None = None
    gebruiker: UUID | None = None
    organisatie: UUID | None = None
    rollen: tuple[str, ...] = ()
    vervangt: tuple[str, ...] = ()
    activiteit: str | None = None
    doelen: tuple[str, ...] = ()
    beleid: str | None = None
    trace: str = ""
    span: str = ""
    ouder: str = ""
    netwerkadres: str = ""
    einde: datetime | None = None
    onderdeel: str = ""
    code: str | None = None
    betrokkenen: tuple[Betrokkene, ...] = ()
    toegang: tuple[Deur, ...] = ()
    gevraagd: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When, in UTC. Raises `ValueError` for a moment without a timezone: it could be any of 24 hours."""
        return _utc(self.tijdstip)

    def body(self, stream: str, seq: int) -> bytes:
        """The exact bytes that are stored, hashed and exported: canonical JSON, keys sorted, empty fields left out.

        Raises `TypeError` or `ValueError` for what JSON can't hold and for a moment without a timezone.
        """
        content = {
            "betrokkenen": [
                {
                    "ref": b.pseudoniem.hex,
                    "getoond": [[g.soort, g.categorieen, g.velden, [i.hex for i in g.betrokkenheden]] for g in b.getoond],
                }
                for b in self.betrokkenen
            ],
            "tijdstip": self.moment.isoformat(timespec="microseconds"),
            "einde": self.einde and _utc(self.einde).isoformat(timespec="microseconds"),
            "toegang": [deur.lijst() for deur in self.toegang],
            **{name: value.hex if isinstance(value := getattr(self, name), UUID) else value for name in _PLAIN},
        }
        filled = {key: value for key, value in content.items() if value not in (None, "", (), [], {})}
        return orjson.dumps({**filled, "v": VERSIE, "stream": stream, "seq": seq}, option=orjson.OPT_SORT_KEYS)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a log entry needs a moment with a timezone")
    return moment.astimezone(UTC)


_PLAIN = (
    "gebeurtenis", "actie", "resultaat", "gemeente", "gebruiker", "organisatie", "rollen", "vervangt", "activiteit", "doelen", "beleid",
    "trace", "span", "ouder", "netwerkadres", "onderdeel", "code", "gevraagd", "details",
)  # fmt: skip
