"""Asking for what is not there: by a number that nothing has, by one that is out of reach, and by what is no number at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from graphql import get_named_type

from wijkwerk.testing.lekken.orakel import Orakel
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.testing.lekken.kaart import MUTATION, QUERY, Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze
from wijkwerk_graphql.testing.lekken.uitzonderingen import EIGEN_RIJEN
from wijkwerk_graphql.testing.lekken.vragen import WAARDEN, Vragen, literal

NIETS = WAARDEN["ID"].replace("-8000-", "-9000-")  # another one than what the other arguments are given
PER_VELD = 2


def paren(vragen: Vragen, orakel: Orakel) -> Iterator[tuple[str, str, str]]:
    """Documents that name a row out of reach, a row that is not there, and no row at all; of questions and of mutations."""
    for soort in (QUERY, MUTATION):
        wegen = vragen.velden(soort) if soort in vragen.kaart.schema.graphql.type_map else []
        for stap in (stap for stap in wegen if stap.naam not in EIGEN_RIJEN):
            for naam, kind in vragen.kaart.verplicht(stap).items():
                if get_named_type(kind).name == "ID":
                    for id in _buiten_bereik(vragen, orakel, stap, naam):
                        vast = _vast(vragen.kaart, stap)
                        buiten, weg, geen = (_tekst(vragen, stap, vast | {naam: each}) for each in (f'"{id}"', NIETS, '"geen nummer"'))
                        yield buiten, weg, geen


def vorm(antwoord: Answer) -> Any:
    """All of an answer that a client could tell apart, but where in the document it is."""
    return antwoord.data, [(fout["message"], {**fout["extensions"], "kenmerk": None}, fout.get("path")) for fout in antwoord.errors]


def _buiten_bereik(vragen: Vragen, orakel: Orakel, stap: Stap, naam: str) -> list[UUID]:
    by_name = {record.__name__.lower(): record for record in vragen.dorp.wereld.rijen}
    record = by_name.get(naam.lower()) or (vragen.kaart.record(vragen.kaart.naar(stap)) if naam == "id" else None)
    rows = vragen.dorp.wereld.rijen[record] if record else ()
    return [row["id"] for row in rows if record and not orakel.kent(record, row)][:PER_VELD]


def _vast(kaart: Kaart, stap: Stap) -> dict[str, str]:
    return {naam: literal(kind) for naam, kind in kaart.verplicht(stap).items()}


def _tekst(vragen: Vragen, stap: Stap, args: dict[str, str]) -> str:
    onder = () if vragen.kaart.blad(stap) else (vragen.bladen(vragen.kaart.naar(stap), 0) or (Keuze("__typename"),))
    return f"{'mutation' if stap.type_ == MUTATION else 'query'}{{{Keuze(stap.naam, onder, args).tekst()}}}"
