"""What is refused before anything runs, and what of the schema the matrix knows nothing of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import GraphQLObjectType, get_named_type
from strawberry.utils.str_converters import to_camel_case

from wijkwerk.app import Wijkwerk
from wijkwerk.settings import Settings
from wijkwerk_graphql.engine.answer import Answer
from wijkwerk_graphql.schema.schema import Schema
from wijkwerk_graphql.testing.lekken.kaart import MUTATION, QUERY, Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze
from wijkwerk_graphql.testing.lekken.oordeel import Lek
from wijkwerk_graphql.testing.lekken.vragen import SMAL, Vragen
from wijkwerk_graphql.testing.vrager import codes


def kaart_van(plugins: Sequence[Any], folder: Path) -> Kaart:
    """The schema of the core and these plugins."""
    return Kaart(Schema.of(Wijkwerk(Settings(map=folder), plugins).plugins))


def verboden(vragen: Vragen) -> Iterator[tuple[tuple[Keuze, ...], Counter[str]]]:
    """For each type a document with all its fields, and how often it needs each right that the actor lacks; only where one lacks."""
    alles = Vragen(vragen.kaart, vragen.dorp, replace(vragen.actor, rechten=frozenset(vragen.dorp.wijk.wijkwerk.catalogue.permissions)))
    for type_ in vragen.kaart.types():
        if type_ == QUERY:
            continue
        onder = tuple(Keuze(stap.naam) for stap in vragen.kaart.stappen(type_) if vragen.kaart.blad(stap)) or alles.alles(type_)[:5]
        for stap in reversed(vragen.kaart.paden()[type_]):
            onder = tuple(alles.stap(stap, onder, SMAL))
        mist = Counter(recht for recht in _rechten(vragen.kaart, QUERY, onder) if not vragen.actor.may(recht))
        if mist:
            yield onder, mist


def keur_weigering(antwoord: Answer, mist: Counter[str], tekst: str) -> None:
    """Nothing is answered, and every right that lacks is named with each place that needs it. Raises Lek."""
    gemist = Counter(
        {fout["extensions"]["recht"]: len(fout["locations"]) for fout in antwoord.errors if codes(antwoord)[0] == "GEEN_RECHT"}
    )
    if antwoord.data is not None or set(codes(antwoord)) != {"GEEN_RECHT"} or not mist <= gemist:
        raise Lek(f"{tekst} had to be refused for want of {dict(mist)}, and was for {dict(gemist)}")


def _rechten(kaart: Kaart, type_: str, velden: Sequence[Keuze]) -> Iterator[str]:
    """The right of every field in a tree."""
    for each in velden:
        yield kaart.schema.velden[type_, each.naam].requires.naam
        yield from _rechten(kaart, get_named_type(kaart.velden(type_)[each.naam].type).name, each.onder)


def uitkomsten(kaart: Kaart) -> set[str]:
    """The answers that are no record, of questions and of mutations."""
    todo, found = [QUERY, MUTATION] if MUTATION in kaart.schema.graphql.type_map else [QUERY], set[str]()
    while todo:
        for veld in kaart.velden(todo.pop()).values():
            named = get_named_type(veld.type)
            if isinstance(named, GraphQLObjectType) and named.name not in found:
                found.add(named.name)
                todo.append(named.name)
    rondom = {"PageInfo"} | {naam for naam in found if naam.endswith(("Connection", "Edge"))}
    return {naam for naam in found - rondom if kaart.record(naam) is None}


def eigen_velden(kaart: Kaart) -> set[str]:
    """The values of records that are no column and are not made of columns alone."""
    return {
        str(stap)
        for naam in kaart.schema.by_type.keys() & kaart.schema.graphql.type_map.keys()
        for stap in kaart.stappen(naam)
        if kaart.blad(stap) and not _kolom(kaart, stap)
    }


def _kolom(kaart: Kaart, stap: Stap) -> bool:
    record = kaart.schema.by_type[stap.type_]
    return stap.naam in {"beperkt", "onleesbaar", *(to_camel_case(naam) for naam in (*record.velden, *record.afgeleid))}
