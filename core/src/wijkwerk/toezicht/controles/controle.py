"""What a check is: a question that oversight asks, the parts that it counts, and what is behind each count (domain.md 3.7).

A count is the number of hits that the check finds, and looking further shows those same hits: the two can't disagree. A hit names
pseudonyms, users by number, a place in the log or a row by number; never content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Select, Table, and_, select

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.kalender.termijnen import keur_periode
from wijkwerk.log.entry import Actie, Resultaat
from wijkwerk.log.query import Cursor
from wijkwerk.log.tables import log_pseudoniem

BLADZIJ: Final = 200
"""Rows that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blik:
    """What is looked at: one municipality in a period (`van` <= moment < `tot`), as it is `nu`. `sleutel`: of the log's signature.

    Raises OngeldigeInvoer for an empty period.
    """

    connection: Connection
    gemeente: UUID
    van: datetime
    tot: datetime
    nu: datetime
    catalogue: Catalogue
    sleutel: Ed25519PublicKey
    _buiten_werk: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        keur_periode(self.van, self.tot)

        rollen = self.catalogue.rollen.values()
        werk = {code for rol in rollen if not (rol.eigen or rol.systeem) for code in rol.activiteiten}
        anders = {code for rol in rollen if rol.eigen or rol.systeem for code in rol.activiteiten}
        object.__setattr__(self, "_buiten_werk", frozenset(anders - werk))  # once: every entry of the period is held against it

    def aan_het_werk(self, regel: Regel) -> bool:
        """Not what residents do in their own file, or the system by itself."""
        return regel.inhoud.get("activiteit") not in self._buiten_werk


@dataclass(frozen=True, slots=True, kw_only=True)
class Treffer:
    """One thing that a check found. `soort` and `nummer`: the row that it is about; `plek`: the entry of the log. `kenmerken`: codes,
    numbers and days that say what is the matter, never text that somebody wrote."""

    onderdeel: str
    tijdstip: datetime | None = None
    gebruiker: UUID | None = None
    organisatie: UUID | None = None
    pseudoniemen: tuple[UUID, ...] = ()
    plek: Cursor | None = None
    soort: str = ""
    nummer: UUID | None = None
    kenmerken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """A part of a check that is counted by itself. `afwijking`: something to look into; else it only tells how much there is."""

    code: str
    uitleg: str
    afwijking: bool = True


@dataclass(frozen=True, slots=True)
class Regel:
    """An entry of the log of a user, with the sources of the doors that it names (hex of the betrokkenheid; one that is gone has none)."""

    plek: Cursor
    gebruiker: UUID
    inhoud: dict[str, Any]
    bronnen: dict[str, str]

    @property
    def inzage(self) -> bool:
        """Whether somebody was shown a resident."""
        return self.inhoud["actie"] == Actie.READ and self.inhoud["resultaat"] == Resultaat.GESLAAGD and "betrokkenen" in self.inhoud

    @property
    def pseudoniemen(self) -> tuple[UUID, ...]:
        """The residents that it is about."""
        return tuple(UUID(hex=each["ref"]) for each in self.inhoud.get("betrokkenen", ()))

    def treffer(self, onderdeel: str, pseudoniemen: Iterable[UUID] | None = None, *kenmerken: str) -> Treffer:
        """A hit that is this entry, about these residents of it; all of them unless said."""
        organisatie = self.inhoud.get("organisatie")
        return Treffer(
            onderdeel=onderdeel, tijdstip=self.plek.tijdstip, gebruiker=self.gebruiker, plek=self.plek, kenmerken=kenmerken,
            organisatie=None if organisatie is None else UUID(hex=organisatie),
            pseudoniemen=self.pseudoniemen if pseudoniemen is None else tuple(sorted(pseudoniemen)),
        )  # fmt: skip


class Kijker:
    """Looks at the entries of one user, in the order of time."""

    def voor(self, regels: Sequence[Regel]) -> None:
        """These come next: what has to be looked up for them can be so at once."""

    def regel(self, regel: Regel) -> Iterable[Treffer]:
        """What this entry shows."""
        return ()

    def klaar(self) -> Iterable[Treffer]:
        """What only shows after the last one."""
        return ()


class Bron(Protocol):
    """Where hits that are no entries of users come from: in the order of their keys, those after `na` ('' is the beginning)."""

    def __call__(self, blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Controle:
    """One of the checks. `kijker`, given what is looked at, gives what makes a `Kijker` for each user."""

    nummer: int
    code: str
    vraag: str
    uitleg: str
    onderdelen: tuple[Onderdeel, ...]
    bronnen: tuple[Bron, ...] = ()
    kijker: Callable[[Blik], Callable[[UUID], Kijker]] | None = None


class Sleutel(NamedTuple):
    """Of a hit that comes from a row: which row, and the how manieth hit of it."""

    id: UUID
    nummer: int

    @property
    def tekst(self) -> str:
        """In the order of these, texts are in the order of the rows."""
        return f"{self.id.hex} {self.nummer:04}"


def per_rij(
    blik: Blik, tabel: Table, statement: Select[Any], na: str, treffers: Callable[[Any], Iterable[Treffer]]
) -> Iterator[tuple[str, Treffer]]:
    """The hits of each row of a table (by its `id`, which the statement has to give), page by page."""
    vanaf = tabel.c.id >= UUID(hex=na[:32]) if na else None
    while True:
        pagina = statement if vanaf is None else statement.where(vanaf)
        rijen = blik.connection.execute(pagina.order_by(tabel.c.id).limit(BLADZIJ)).all()
        for rij in rijen:
            for nummer, treffer in enumerate(treffers(rij)):
                if (tekst := Sleutel(rij.id, nummer).tekst) > na:
                    yield tekst, treffer
        if len(rijen) < BLADZIJ:
            return
        vanaf = tabel.c.id > rijen[-1].id


def op_volgorde(treffers: Iterable[Treffer], na: str) -> Iterator[tuple[str, Treffer]]:
    """Hits of which there are few, and that are always made in the same order."""
    for nummer, treffer in enumerate(treffers):
        if (tekst := f"{nummer:09}") > na:
            yield tekst, treffer


def na_elkaar(bronnen: Sequence[Callable[[str], Iterator[tuple[str, Treffer]]]], na: str) -> Iterator[tuple[str, Treffer]]:
    """Sources one after another, each given after which of its own keys: a key is the number of the source, and then its own there."""
    vanaf, rest = (int(na[:4]), na[5:]) if na else (0, "")
    for nummer, bron in enumerate(bronnen[vanaf:], start=vanaf):
        for tekst, treffer in bron(rest if nummer == vanaf else ""):
            yield f"{nummer:04} {tekst}", treffer


def met_pseudoniem(tabel: Table, *kolommen: Any, persoon: str = "persoon_id") -> Select[Any]:
    """These columns of a table with its `id` and the pseudonym of the resident, which is None once that was destroyed."""
    p = log_pseudoniem.c
    same = and_(p.gemeente_id == tabel.c.gemeente_id, p.persoon_id == tabel.c[persoon])
    return select(tabel.c.id, p.pseudoniem, *kolommen).select_from(tabel.outerjoin(log_pseudoniem, same))


def alleen(pseudoniem: UUID | None) -> tuple[UUID, ...]:
    """One resident, or nobody any more."""
    return () if pseudoniem is None else (pseudoniem,)
