"""Secrecy when a merge is undone: nobody knows which of the two it was asked for since, so it holds for both (domain.md 1.10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, insert, select, update

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.access.levels import N7
from wijkwerk.geheimhouding import VLAGGEN
from wijkwerk.personen import Persoon
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.session import Work
from wijkwerk.rights.samenvoeging import Samenvoeging, samenvoegstap
from wijkwerk.storage.columns import nieuw_id

_ALGEMEEN: Mapping[str, Any] = MappingProxyType({"partij_id": None, "niveau_tot": int(N7), "verbergt": True})
_NEEMT_OVER = ("soort", *_ALGEMEEN)


def blijft_afgeschermd(work: Work, gedaan: Samenvoeging, soort: Afschermsoort) -> bool:
    """Whether secrecy that did not come with the other still holds for the survivor. Asked before rows go back."""
    a = Afscherming.tabel()
    holds = (*_van(work, gedaan.persoon_id), a.c.soort == soort, ~_kwam_mee(gedaan))
    return work.core_connection.execute(select(a.c.id).where(*holds).limit(1)).first() is not None


def houd_ander_afgeschermd(work: Work, gedaan: Samenvoeging) -> None:
    """Hold the other back too in what was set on the one file since, and again in what was lifted there. Asked after rows went back.

    Too much secrecy is lifted by whoever finds it; an address that was told can't be taken back. Past the session, for the actor need not
    see the other any more; the version of the resident stays, as that of all that a merge or its undoing moves.
    """
    p, ander = Persoon.tabel(), gedaan.opgegaan_id
    own = and_(p.c.gemeente_id == work.actor.gemeente, p.c.id == ander)
    [vlaggen] = work.core_connection.execute(select(*[p.c[vlag] for vlag in VLAGGEN]).where(own)).mappings()
    had = [{"soort": soort, **_ALGEMEEN} for vlag, soort in VLAGGEN.items() if vlaggen[vlag]]
    for values in (*_sinds(work, gedaan), *had):
        _scherm_af(work, gedaan, values)
    loopt = {values["soort"] for values in _lopend(work, _van(work, ander)) if values["partij_id"] is None}
    nu = {vlag: True for vlag, soort in VLAGGEN.items() if soort in loopt and not vlaggen[vlag]}
    if nu:
        work.core_connection.execute(update(p).where(own).values(nu))
        work.changed(ander, Persoon.__name__, Persoon.categorie.code, tuple(nu))


def _sinds(work: Work, gedaan: Samenvoeging) -> list[dict[str, Any]]:
    """What was set on the survivor since this merge."""
    a = Afscherming.tabel()
    return _lopend(work, (*_van(work, gedaan.persoon_id), a.c.van >= gedaan.op, ~_kwam_mee(gedaan)))


def _lopend(work: Work, which: Iterable[ColumnElement[bool]]) -> list[dict[str, Any]]:
    a = Afscherming.tabel()
    return [dict(row) for row in work.core_connection.execute(select(*[a.c[name] for name in _NEEMT_OVER]).where(*which)).mappings()]


def _scherm_af(work: Work, gedaan: Samenvoeging, values: Mapping[str, Any]) -> None:
    """Unless it is there already."""
    if values in _lopend(work, _van(work, gedaan.opgegaan_id)):
        return
    row = {"id": nieuw_id(), "gemeente_id": work.actor.gemeente, "versie": 1, "verantwoordelijke_id": gedaan.verantwoordelijke_id}
    who = {"persoon_id": gedaan.opgegaan_id, "door_id": work.actor.gebruiker, "van": work.actor.moment}
    work.core_connection.execute(insert(Afscherming.tabel()).values(row | who | dict(values)))
    work.changed(gedaan.opgegaan_id, Afscherming.__name__, Afscherming.categorie.code, ("soort",))


def _van(work: Work, persoon: UUID) -> tuple[ColumnElement[bool], ...]:
    """What of a resident is held back now or later."""
    a = Afscherming.tabel()
    return (a.c.gemeente_id == work.actor.gemeente, a.c.persoon_id == persoon, waar_open(a, work.actor.moment))


def _kwam_mee(gedaan: Samenvoeging) -> ColumnElement[bool]:
    """Whether an afscherming was moved by this merge."""
    a, s = Afscherming.tabel(), samenvoegstap
    moved = and_(s.c.gemeente_id == a.c.gemeente_id, s.c.samenvoeging_id == gedaan.id, s.c.tabel == a.name, s.c.rij_id == a.c.id)
    return exists(select(s.c.rij_id).where(moved))
