"""Breach scoping (peers.md D 11): between these dates, under this rule, who saw what of whom.

The log is walked person by person, in the order of pseudonyms: all that is known of one is together, so that what is kept in memory does
not grow with the log, and what was done stays done. Each part is a few indexed statements; `verder` says where the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, Select, and_, literal, select, tuple_

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.termijnen import keur_periode
from wijkwerk.log.partities import plan_voor_waarden
from wijkwerk.log.tables import log_betrokkene, log_regel
from wijkwerk.storage.columns import Tijdstip, Uuid16

RIJEN: Final = 200
"""Entries that are read at once."""

VanBron = Callable[[Collection[UUID]], Collection[UUID]]
"""Which of these betrokkenheden are of the source that is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lekregel:
    """What was wrong: all that is given has to fit. `veld` is a record (`Persoon`) or a field of it (`Persoon.bsn`).

    `bron` is what let somebody in: a betrokkenheid, or what made it (a case, coupling, referral, consent or break-glass).
    """

    rol: str | None = None
    veld: str | None = None
    beleid: str | None = None
    doel: str | None = None
    activiteit: str | None = None
    gebruiker: UUID | None = None
    bron: UUID | None = None

    def past(self, inhoud: dict[str, Any]) -> bool:
        """Whether an entry can be about it, whatever was shown."""
        gelijk = (("beleid", self.beleid), ("activiteit", self.activiteit), ("gebruiker", self.gebruiker and self.gebruiker.hex))
        bevat = (("rollen", self.rol), ("doelen", self.doel))
        return all(waarde in (None, inhoud.get(naam)) for naam, waarde in gelijk) and all(
            waarde is None or waarde in inhoud.get(naam, ()) for naam, waarde in bevat
        )

    def velden(self, soort: str, velden: Collection[str]) -> list[str] | None:
        """Which of the fields that were shown of a record it is about; None for none. An entry may show a record without a field."""
        gevraagd, _, naam = (self.veld or soort).partition(".")
        if gevraagd != soort or (naam and naam not in velden):
            return None
        return [f"{soort}.{each}" for each in velden if naam in ("", each)] or [soort]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vraag:
    """A rule in a period (`van` <= moment < `tot`) of one municipality. Raises OngeldigeInvoer for an empty period, and for no rule."""

    gemeente: UUID
    van: datetime
    tot: datetime
    regel: Lekregel

    def __post_init__(self) -> None:
        keur_periode(self.van, self.tot)
        if self.regel == Lekregel():
            raise OngeldigeInvoer("Zeg waar het om gaat: een rol, veld, versie van het beleid, doel, activiteit, gebruiker of bron.")


@dataclass(slots=True)
class Inzage:
    """What one user saw of one resident. `velden`: as `Persoon.bsn`, or the record alone where no field was shown."""

    gebruiker: UUID | None
    organisatie: UUID | None
    eerste: datetime
    laatste: datetime
    keren: int = 0
    categorieen: set[str] = field(default_factory=set)
    velden: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Geraakt:
    """A resident of whom something was seen, by pseudonym, and by whom; who saw it first comes first."""

    pseudoniem: UUID
    inzagen: tuple[Inzage, ...]


@dataclass(frozen=True, slots=True)
class Deel:
    """A part of the outcome. `verder`: the pseudonym after which the next part begins; None when all is done."""

    geraakt: list[Geraakt]
    bekeken: int
    verder: UUID | None

    @property
    def aandeel(self) -> float:
        """About how much of the log was walked, from 0 to 1: pseudonyms are spread evenly."""
        return 1.0 if self.verder is None else int(self.verder) / 2**128


@dataclass(frozen=True, slots=True)
class _Treffer:
    """Something that was shown and fits, of the entry that it stands in."""

    inhoud: dict[str, Any]
    categorieen: tuple[str, ...]
    velden: tuple[str, ...]
    deuren: tuple[UUID, ...]


def onderzoek(
    connection: Connection, vraag: Vraag, van_bron: VanBron, *, na: UUID | None = None, meeste: int = 100, rijen: int = 2_000
) -> Deel:
    """The residents after the pseudonym `na`: until so many were found or so many entries were read, then to the end of that resident."""
    geraakt: list[Geraakt] = []
    bekeken, vorige, treffers = 0, na, list[_Treffer]()

    def rond_af() -> None:
        if vorige is not None and (found := _geraakt(vorige, treffers, vraag, van_bron)) is not None:
            geraakt.append(found)

    for rij in _rijen(connection, vraag, na):
        if rij.pseudoniem != vorige:
            rond_af()
            if bekeken >= rijen or len(geraakt) >= meeste:
                return Deel(geraakt, bekeken, vorige)
            vorige, treffers = rij.pseudoniem, []
        bekeken += 1
        if rij.body is not None:
            treffers += _treffers(vraag.regel, rij.pseudoniem, orjson.loads(rij.body))
    rond_af()
    return Deel(geraakt, bekeken, None)


def _rijen(connection: Connection, vraag: Vraag, na: UUID | None) -> Iterator[Row[Any]]:
    """Person by person, and of each in order of time, the entries of the period; without a body those of other municipalities."""
    plek: tuple[Any, ...] | None = None
    plan_voor_waarden(connection)
    while True:
        rijen = connection.execute(_statement(vraag, na, plek)).all()
        yield from rijen
        if len(rijen) < RIJEN:
            return
        plek = tuple(rijen[-1])[:4]


def _statement(vraag: Vraag, na: UUID | None, plek: tuple[Any, ...] | None) -> Select[Any]:
    """The next places by the key of the index of persons, and then their entries: never the whole period sorted for each page."""
    b = log_betrokkene.c
    sleutel = (b.pseudoniem, b.tijdstip, b.stroom, b.seq)
    plaatsen = select(*sleutel).where(b.tijdstip >= vraag.van, b.tijdstip < vraag.tot).order_by(*sleutel).limit(RIJEN)
    if plek is not None:
        types = (Uuid16, Tijdstip, Uuid16, None)
        after = [literal(value, type_) for value, type_ in zip(plek, types, strict=True)]
        plaatsen = plaatsen.where(tuple_(*sleutel) > tuple_(*after))
    elif na is not None:
        plaatsen = plaatsen.where(b.pseudoniem > na)
    p, r = plaatsen.subquery(), log_regel.c
    same = and_(r.stroom == p.c.stroom, r.seq == p.c.seq, r.tijdstip == p.c.tijdstip, r.gemeente_id == vraag.gemeente)
    same &= and_(r.tijdstip >= vraag.van, r.tijdstip < vraag.tot)  # says nothing new, but of which months PostgreSQL need not look
    return select(*p.c, r.body).select_from(p.outerjoin(log_regel, same)).order_by(*p.c)


def _treffers(regel: Lekregel, pseudoniem: UUID, inhoud: dict[str, Any]) -> Iterator[_Treffer]:
    if not regel.past(inhoud):
        return
    for betrokkene in inhoud.get("betrokkenen", ()):
        for soort, categorieen, velden, deuren in betrokkene["getoond"] if betrokkene["ref"] == pseudoniem.hex else ():
            if (gezien := regel.velden(soort, velden)) is not None:
                yield _Treffer(inhoud, tuple(categorieen), tuple(gezien), tuple(UUID(hex=each) for each in deuren))


def _geraakt(pseudoniem: UUID, treffers: list[_Treffer], vraag: Vraag, van_bron: VanBron) -> Geraakt | None:
    if vraag.regel.bron is not None:
        eigen = set(van_bron({deur for treffer in treffers for deur in treffer.deuren}))
        treffers = [treffer for treffer in treffers if eigen.intersection(treffer.deuren)]
    per_wie: dict[tuple[str | None, str | None], Inzage] = {}
    gezien: set[tuple[str, int]] = set()
    for treffer in treffers:
        inhoud, moment = treffer.inhoud, datetime.fromisoformat(treffer.inhoud["tijdstip"])
        wie = inhoud.get("gebruiker"), inhoud.get("organisatie")
        inzage = per_wie.setdefault(wie, Inzage(_id(wie[0]), _id(wie[1]), moment, moment))
        inzage.laatste = moment
        inzage.keren += (plek := (inhoud["stream"], inhoud["seq"])) not in gezien
        gezien.add(plek)
        inzage.categorieen.update(treffer.categorieen)
        inzage.velden.update(treffer.velden)
    return Geraakt(pseudoniem, tuple(per_wie.values())) if per_wie else None


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(hex=text)
