"""All eleven checks, counting them, and looking at what is behind a count; for oversight alone (domain.md 3.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.records.read import Reader
from wijkwerk.toezicht.controles import (
    activiteiten,
    bewaring,
    domeinen,
    keten,
    nabij,
    noodtoegangen,
    rollen,
    toegang,
    toestemmingen,
    verzoeken,
    werktijd,
)
from wijkwerk.toezicht.controles.controle import Blik, Controle, Kijker, Sleutel, Treffer
from wijkwerk.toezicht.controles.lopen import aantal_regels, gebruikers, regels_van
from wijkwerk.toezicht.inzagelog import LOG_LEZEN

K = TypeVar("K")

CONTROLES: Final[tuple[Controle, ...]] = (
    toegang.CONTROLE, nabij.CONTROLE, werktijd.CONTROLE, noodtoegangen.CONTROLE, rollen.CONTROLE, toestemmingen.CONTROLE,
    domeinen.CONTROLE, bewaring.CONTROLE, keten.CONTROLE, verzoeken.CONTROLE, activiteiten.CONTROLE,
)  # fmt: skip
PER_NUMMER: Final = {controle.nummer: controle for controle in CONTROLES}
MEESTE_REGELS: Final = 50_000
"""Entries of a period that are walked while somebody waits for an answer; the command has no limit."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A check with, for each of its parts that has any, how many hits it has."""

    controle: Controle
    aantallen: Counter[str]

    @property
    def afwijkingen(self) -> int:
        """How many things there are to look into."""
        return sum(self.aantallen[each.code] for each in self.controle.onderdelen if each.afwijking)


class Plaats(NamedTuple):
    """Where a hit stands among those of its check: which of its sources, and the key there. Users come after all sources."""

    bron: int
    sleutel: str


BEGIN: Final = Plaats(0, "")


def blik(reader: Reader, van: datetime, tot: datetime) -> Blik:
    """What the actor looks at, until now at most. Raises GeenRecht for who does not oversee, and OngeldigeInvoer for a period that is
    empty, or too full to wait for.
    """
    if not reader.actor.may(LOG_LEZEN.naam):
        raise GeenRecht
    actor = reader.actor
    sleutel = reader.keyring.signing_key(reader.connection, "log").public_key()
    made = Blik(
        connection=reader.connection, gemeente=actor.gemeente, van=van, tot=min(tot, actor.moment), nu=actor.moment,
        catalogue=reader.catalogue, sleutel=sleutel,
    )  # fmt: skip
    if aantal_regels(made, MEESTE_REGELS) > MEESTE_REGELS:
        raise OngeldigeInvoer("In deze periode staat te veel in het log. Kies een kortere periode.", veld="van")
    return made


def controle_met(nummer: int) -> Controle:
    """The check with this number. Raises OngeldigeInvoer."""
    if nummer not in PER_NUMMER:
        raise OngeldigeInvoer(f"Deze controle is er niet. Kies een nummer van 1 tot en met {len(PER_NUMMER)}.", veld="nummer")
    return PER_NUMMER[nummer]


def onderdeel_van(controle: Controle, code: str | None) -> str | None:
    """A part of a check, or all of it. Raises OngeldigeInvoer for a part that it does not have."""
    bekend = [each.code for each in controle.onderdelen]
    if code is not None and code not in bekend:
        raise OngeldigeInvoer(f"Dit onderdeel is er niet. Kies uit: {', '.join(bekend)}.", veld="onderdeel")
    return code


def tel(blik: Blik, controles: Sequence[Controle] = CONTROLES) -> list[Telling]:
    """How many hits each check has; the log is walked once for all of them."""
    gevonden = [Telling(each, Counter(treffer.onderdeel for _, treffer in _van_bronnen(blik, each, BEGIN))) for each in controles]
    makers = [(telling, telling.controle.kijker(blik)) for telling in gevonden if telling.controle.kijker is not None]
    for gebruiker in gebruikers(blik) if makers else ():
        for telling, treffer in _van_gebruiker(blik, gebruiker, makers):
            telling.aantallen[treffer.onderdeel] += 1
    return gevonden


def treffers(blik: Blik, controle: Controle, onderdeel: str | None = None, na: Plaats = BEGIN) -> Iterator[tuple[Plaats, Treffer]]:
    """The hits of a check after this place, of one part of it or of all: each with its own place."""
    for plaats, treffer in _alle(blik, controle, na):
        if onderdeel in (None, treffer.onderdeel):
            yield plaats, treffer


def _alle(blik: Blik, controle: Controle, na: Plaats) -> Iterator[tuple[Plaats, Treffer]]:
    yield from _van_bronnen(blik, controle, na)
    if controle.kijker is None:
        return
    bij = na.sleutel if na.bron == len(controle.bronnen) else ""
    maker = [(controle, controle.kijker(blik))]
    for gebruiker in gebruikers(blik, UUID(hex=bij[:32]) if bij else None):
        for nummer, (_, treffer) in enumerate(_van_gebruiker(blik, gebruiker, maker)):
            if (tekst := Sleutel(gebruiker, nummer).tekst) > bij:
                yield Plaats(len(controle.bronnen), tekst), treffer


def _van_bronnen(blik: Blik, controle: Controle, na: Plaats) -> Iterator[tuple[Plaats, Treffer]]:
    for nummer, bron in enumerate(controle.bronnen[na.bron :], start=na.bron):
        for sleutel, treffer in bron(blik, na.sleutel if nummer == na.bron else ""):
            yield Plaats(nummer, sleutel), treffer


def _van_gebruiker(blik: Blik, gebruiker: UUID, makers: Sequence[tuple[K, Callable[[UUID], Kijker]]]) -> Iterator[tuple[K, Treffer]]:
    """What each of these finds in what one user did; who did nothing in the period is not looked at any further."""
    kijkers: list[tuple[K, Kijker]] = []
    for regels in regels_van(blik, gebruiker):
        kijkers = kijkers or [(wie, maak(gebruiker)) for wie, maak in makers]
        for _, kijker in kijkers:
            kijker.voor(regels)
        for regel in regels:
            for wie, kijker in kijkers:
                yield from ((wie, treffer) for treffer in kijker.regel(regel))
    for wie, kijker in kijkers:
        yield from ((wie, treffer) for treffer in kijker.klaar())
