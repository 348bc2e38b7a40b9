"""Keeping the tree of areas: what may stand where in it, and the services that change it (domain.md 1.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebieden import CBS_CODE, GEBIED_BEHEREN, Gebied, Gebiedsbron, Gebiedsoort
from wijkwerk.organisaties import gemeente
from wijkwerk.records.gegevens import alleen, gekeurd, niet_leeg
from wijkwerk.records.geldigheid import geldig, keur_volgorde, overlapt
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

INVOER = ("code", "naam", "soort", "herkomst", "bovenliggend_id", "van", "tot")
VERPLICHT = ("code", "naam", "soort", "herkomst", "van")
WIJZIGBAAR = tuple(name for name in INVOER if name != "code")
"""Another code is another area: end this one and make a new one."""

_LAGEN = tuple(Gebiedsoort)
_LETTERS = {Gebiedsoort.GEMEENTE: "GM", Gebiedsoort.WIJK: "WK", Gebiedsoort.BUURT: "BU"}


@dataclass(frozen=True, slots=True)
class Knoop:
    """An area as the rules of the tree look at it; `versie` 0 is one that is not stored."""

    id: UUID
    versie: int
    code: str
    naam: str
    soort: Gebiedsoort
    herkomst: Gebiedsbron
    bovenliggend_id: UUID | None
    van: date
    tot: date | None

    def overlapt(self, ander: Knoop) -> bool:
        """Whether there is a day on which both hold."""
        return overlapt(self, ander)


@dataclass(slots=True)
class Boom:
    """The areas of a municipality, all times, by id, by code and by parent."""

    knopen: dict[UUID, Knoop] = field(default_factory=dict)
    per_code: dict[str, dict[UUID, Knoop]] = field(default_factory=lambda: defaultdict(dict))
    onder: dict[UUID | None, dict[UUID, Knoop]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def van(cls, knopen: Iterable[Knoop]) -> Boom:
        """A tree of these."""
        boom = cls()
        for knoop in knopen:
            boom.zet(knoop)
        return boom

    def zet(self, knoop: Knoop) -> None:
        """Put an area in, in the place of what had its id."""
        if (oud := self.knopen.get(knoop.id)) is not None:
            del self.onder[oud.bovenliggend_id][knoop.id]
        self.knopen[knoop.id] = self.per_code[knoop.code][knoop.id] = self.onder[knoop.bovenliggend_id][knoop.id] = knoop

    def op(self, code: str, dag: date) -> Knoop | None:
        """The area that has this code on a day."""
        return next((knoop for knoop in self.per_code.get(code, {}).values() if geldig(knoop, dag)), None)

    def keur(self, knoop: Knoop) -> None:
        """Whether an area that is in the tree may stand there. Raises OngeldigeInvoer.

        Each area lies in one a level up, so a circle can't be.
        """
        _keur_code(knoop)
        keur_volgorde(knoop.van, knoop.tot)
        if any(ander.id != knoop.id and ander.overlapt(knoop) for ander in self.per_code[knoop.code].values()):
            raise OngeldigeInvoer(
                "Er is in deze periode al een gebied met deze code. Wijzig dat gebied, of sluit het eerst af.", veld="code"
            )
        if knoop.bovenliggend_id is not None:
            self._keur_plaats(knoop, knoop.bovenliggend_id)
        for lager in self.onder.get(knoop.id, {}).values():
            _keur_laag(lager, knoop)

    def _keur_plaats(self, knoop: Knoop, boven: UUID) -> None:
        groter = self.knopen.get(boven)
        if groter is None:
            raise NietGevonden
        _keur_laag(knoop, groter)
        if not groter.overlapt(knoop):
            raise OngeldigeInvoer("Het grotere gebied bestaat niet in deze periode. Controleer de datums.", veld="bovenliggend_id")


def _keur_code(knoop: Knoop) -> None:
    is_cbs = CBS_CODE.fullmatch(knoop.code.upper()) is not None
    if knoop.herkomst is Gebiedsbron.GEMEENTE and is_cbs:
        raise OngeldigeInvoer("Dit is een code van het CBS. Kies herkomst CBS, of geef een eigen code.", veld="code")
    if knoop.herkomst is Gebiedsbron.CBS and not (CBS_CODE.fullmatch(knoop.code) and knoop.code.startswith(_LETTERS[knoop.soort])):
        raise OngeldigeInvoer(
            "Een code van het CBS is GM met 4 cijfers (gemeente), WK met 6 (wijk) of BU met 8 (buurt). Controleer code en soort.",
            veld="code",
        )


def _keur_laag(lager: Knoop, hoger: Knoop) -> None:
    if _LAGEN.index(lager.soort) != _LAGEN.index(hoger.soort) + 1:
        raise OngeldigeInvoer(
            "Een wijk ligt in een gemeente, en een buurt in een wijk. Kies een ander groter gebied.", veld="bovenliggend_id"
        )
    if lager.herkomst is hoger.herkomst is Gebiedsbron.CBS and not lager.code[2:].startswith(hoger.code[2:]):
        raise OngeldigeInvoer(
            "De cijfers van de code horen niet bij het grotere gebied. Controleer beide codes bij het CBS.", veld="bovenliggend_id"
        )


def lees_boom(connection: Connection, gemeente_id: UUID) -> Boom:
    """The areas of a municipality. Nothing in them is about a person. One statement."""
    g = Gebied.tabel()
    columns = [g.c[name] for name in Knoop.__dataclass_fields__]
    return Boom.van(Knoop(*row) for row in connection.execute(select(*columns).where(g.c.gemeente_id == gemeente_id)))


def neem_beurt(work: Work) -> Boom:
    """The tree as it is now, for who is going to change it. Who comes second waits, so that two can't take the same code.

    Raises GeenRecht.
    """
    if not work.actor.may(GEBIED_BEHEREN.naam):
        raise GeenRecht
    work.core_connection.execute(select(gemeente.c.id).where(gemeente.c.id == work.actor.gemeente).with_for_update())
    return lees_boom(work.core_connection, work.actor.gemeente)


def maak(work: Work, gegevens: Mapping[str, Any]) -> UUID:
    """Make an area from `gegevens` (fields of `INVOER`). Raises GeenRecht, NietGevonden (no such larger area) and OngeldigeInvoer."""
    boom, gevuld = neem_beurt(work), _gevuld(gegevens, INVOER)
    for name in VERPLICHT:
        if gevuld.get(name) is None:
            raise niet_leeg(name)
    start: dict[str, Any] = {"id": nieuw_id(), "versie": 0, "bovenliggend_id": None, "tot": None}
    knoop = Knoop(**start | gevuld)
    boom.zet(knoop)
    boom.keur(knoop)
    return work.add(Gebied(id=knoop.id, **{name: getattr(knoop, name) for name in INVOER})).id


def wijzig(work: Work, id: UUID, versie: int, gegevens: Mapping[str, Any]) -> UUID:
    """Change these fields (of `WIJZIGBAAR`) of an area. Raises as `maak`, and VersieVerouderd."""
    boom, gevuld = neem_beurt(work), _gevuld(gegevens, WIJZIGBAAR)
    gebied = work.get(Gebied, id, versie)
    knoop = replace(boom.knopen[id], **gevuld)
    boom.zet(knoop)
    boom.keur(knoop)
    for name, value in gevuld.items():
        setattr(gebied, name, value)
    return id


def beeindig(work: Work, id: UUID, versie: int, tot: date) -> UUID:
    """End an area: `tot` is its last day. Who lives or works there keeps pointing at it. Raises as `wijzig`.

    Areas in it that hold longer are ended first: nothing may lie in what is gone.
    """
    wijzig(work, id, versie, {"tot": tot})
    boom = lees_boom(work.core_connection, work.actor.gemeente)
    if any(lager.tot is None or lager.tot > tot for lager in boom.onder.get(id, {}).values()):
        raise OngeldigeInvoer("In dit gebied liggen kleinere gebieden die langer blijven. Sluit die eerst af.", veld="tot")
    return id


def _gevuld(gegevens: Mapping[str, Any], toegestaan: Collection[str]) -> dict[str, Any]:
    for name, value in alleen(gegevens, toegestaan).items():
        if value is None and not Gebied.tabel().c[name].nullable:
            raise niet_leeg(name)
    return {name: gekeurd(Gebied, name, value) for name, value in gegevens.items()}
