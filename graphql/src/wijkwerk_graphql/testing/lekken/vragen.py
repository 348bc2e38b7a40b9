"""Documents out of the schema: all fields of a type, by the shortest way to it and by every field that leads on from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLInputObjectType, get_named_type, is_list_type, is_non_null_type, is_required_input_field

from wijkwerk.access.actor import Actor
from wijkwerk.access.register import DOELEN
from wijkwerk.gebieden import Gebied
from wijkwerk.personen import Persoon
from wijkwerk.testing.lekken.vullen import Dorp
from wijkwerk.testing.wijk import BEGIN
from wijkwerk_graphql.testing.lekken.kaart import QUERY, Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze

WIJD, TAK, SMAL, PER_DOCUMENT, MEESTE_VELDEN = 24, 8, 4, 8, 250

WAARDEN: dict[str, str] = {
    "Date": f'"{BEGIN.date()}"', "DateTime": f'"{(BEGIN - timedelta(days=1)).isoformat()}"', "Int": "1", "Boolean": "true", "Float": "1.0",
    "Decimal": '"1"', "String": '"q"', "OnvolledigeDatum": '"1950"', "Postcode": '"1000 AB"', "BSN": '"999993653"',
    "ID": '"00000000-0000-4000-8000-000000000000"',
}  # fmt: skip
"""What an argument of a type is given, where the table below says nothing of it."""


def _wie(dorp: Dorp) -> list[str]:
    mensen = dorp.wereld.rijen[Persoon][:WIJD]
    return [f'{{geslachtsnaam:"{row["geslachtsnaam"]}",geboortedatum:"{row["geboortedatum"]}"}}' for row in mensen]


INVOER: dict[str, Callable[[Dorp], Sequence[str]]] = {"PersoonInvoer": _wie}
"""Inputs that are made of the rows."""


GEGEVEN: dict[str, Sequence[str]] = {
    "doel": [f'"{doel.code}"' for doel in DOELEN], "categorieen": ['["IDENTITEIT"]'], "soort": ['"Persoon"'], "veld": ['"roepnaam"'],
    "tekst": ['"q0"'],  # how every text begins there: all that may be opened is found
}  # fmt: skip
"""Arguments of text that mean something by their name."""

EXTRA: dict[str, dict[str, str]] = {
    "Query.inzagelog": {"gebeurtenis": "LEZEN"}, "Query.lekonderzoek": {"activiteit": '"WMO_ONDERSTEUNING"'},
    "Query.logcontrole": {"onderdeel": '"GEEN_DEUR"'},
}  # fmt: skip
"""Arguments that may be left out, and are given all the same: of the log, lines that tell of residents."""


@dataclass(slots=True)
class Vragen:
    """Makes the documents for one actor: with what that actor may ask."""

    kaart: Kaart
    dorp: Dorp
    actor: Actor

    def velden(self, type_: str) -> list[Stap]:
        """The fields of a type that the actor may ask."""
        return [stap for stap in self.kaart.stappen(type_) if self.kaart.mag(self.actor, stap)]

    def bladen(self, type_: str, diep: int = 2) -> tuple[Keuze, ...]:
        """All values of a type; of what is no record also what is below it."""
        found = []
        for stap in self.velden(type_):
            if self.kaart.blad(stap):
                found.append(Keuze(stap.naam))
            elif diep and self.kaart.record(self.kaart.naar(stap)) is None and (onder := self.bladen(self.kaart.naar(stap), diep - 1)):
                found += self.stap(stap, onder, SMAL)
        return tuple(found)

    def alles(self, type_: str) -> tuple[Keuze, ...]:
        """All values of a type, and by each field that leads to a record all values of that."""
        takken = [stap for stap in self.velden(type_) if not self.kaart.blad(stap)]
        return (*self.bladen(type_), *(each for stap in takken for each in self._tak(stap)))

    def _tak(self, stap: Stap) -> list[Keuze]:
        """A field that leads on, with all values; an answer that is no record with the records in it."""
        naar = self.kaart.naar(stap)
        if self.kaart.record(naar) is not None:
            return self.stap(stap, self.bladen(naar, 0), TAK)
        wegen = [weg for weg in self.velden(naar) if not self.kaart.blad(weg) and self.kaart.record(self.kaart.naar(weg))]
        verder = tuple(each for weg in wegen for each in self.stap(weg, self.bladen(self.kaart.naar(weg), 0), SMAL))
        return [replace(each, alias=f"met_{each.naam}") for each in self.stap(stap, verder, SMAL)]

    def stap(self, stap: Stap, onder: tuple[Keuze, ...], aantal: int) -> list[Keuze]:
        """A field with what it takes; pages with what is around the rows. Nothing when nothing below may be asked."""
        if not onder:
            return []
        args = {naam: waarden[0] for naam, waarden in self.argumenten(stap).items()}
        if "first" in self.kaart.veld(stap).args:
            args["first"] = str(aantal)
        if not self.kaart.bladzijden(stap):
            return [Keuze(stap.naam, onder, args)]
        regels = Keuze("edges", (Keuze("cursor"), Keuze("node", onder)))
        info = Keuze("pageInfo", tuple(Keuze(naam) for naam in ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor")))
        return [Keuze(stap.naam, (regels, info, Keuze("totalCount")), args)]

    def documenten(self, type_: str) -> Iterator[tuple[Keuze, ...]]:
        """Questions that ask everything of a type: its fields by the shortest way, with all that hangs on them, in parts if it is much."""
        if type_ == QUERY:
            yield from self.wortels()
            return
        pad = self.kaart.paden()[type_]
        if not all(self.kaart.mag(self.actor, stap) for stap in pad):
            return
        for deel in _delen(self.alles(type_)):
            onder: tuple[Keuze, ...] = deel
            for diepte, stap in reversed(list(enumerate(pad))):
                nummer = (Keuze("id"),) if self.kaart.record(stap.type_) and not any(each.naam == "id" for each in onder) else ()
                onder = (*nummer, *self.stap(stap, onder, SMAL if diepte else WIJD))
            yield onder

    def wortels(self) -> Iterator[tuple[Keuze, ...]]:
        """Every question there is, with every value that its arguments can have here."""
        for stap in self.velden(QUERY):
            if self.kaart.blad(stap) or not (onder := self.bladen(self.kaart.naar(stap))):
                continue
            [vraag] = self.stap(stap, onder, WIJD)
            keer = [{**vraag.args, **EXTRA.get(str(stap), {}), **each} for each in _keren(self.argumenten(stap))]
            vragen = [Keuze(vraag.naam, vraag.onder, args, f"n{nummer}") for nummer, args in enumerate(keer)]
            samen = PER_DOCUMENT if self.argumenten(stap).keys() <= {"id"} else 1  # another field may fail, and takes along all beside it
            for begin in range(0, len(vragen), samen):
                yield tuple(vragen[begin : begin + samen])

    def argumenten(self, stap: Stap) -> dict[str, Sequence[str]]:
        """For each argument that must be given the values to give it."""
        return {naam: self._waarden(stap, naam, kind) for naam, kind in self.kaart.verplicht(stap).items()}

    def _waarden(self, stap: Stap, naam: str, kind: Any) -> Sequence[str]:
        named = get_named_type(kind)
        if named.name in INVOER:
            return INVOER[named.name](self.dorp)
        if named.name == "ID":
            return [f'"{id}"' for id in self.ids(stap, naam)]
        if naam in GEGEVEN and named.name == "String":
            return GEGEVEN[naam]
        if naam == "code":
            return [f'"{row["code"]}"' for row in self.dorp.wereld.rijen[Gebied][:3]]
        if isinstance(named, GraphQLEnumType):
            return list(named.values)
        if naam == "tot":
            einde = BEGIN + timedelta(days=1)
            return [f'"{einde.date() if named.name == "Date" else einde.isoformat()}"']
        return [literal(kind)]

    def ids(self, stap: Stap, naam: str) -> list[UUID]:
        """The rows that an argument can name: by the name of the argument, or what the field gives."""
        by_name = {record.__name__.lower(): record for record in self.dorp.wereld.rijen}
        record = by_name.get(naam.lower()) or self.kaart.record(self.kaart.naar(stap)) or Persoon
        return [row["id"] for row in self.dorp.wereld.rijen[record]][: 2 * WIJD]


def literal(kind: Any) -> str:
    """A value of an input type: what must be in it, and nothing else."""
    if is_non_null_type(kind):
        return literal(kind.of_type)
    if is_list_type(kind):
        return f"[{literal(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    if isinstance(kind, GraphQLInputObjectType):
        return "{" + ",".join(f"{naam}:{literal(veld.type)}" for naam, veld in kind.fields.items() if is_required_input_field(veld)) + "}"
    return WAARDEN[str(kind.name)]


def _keren(argumenten: dict[str, Sequence[str]]) -> list[dict[str, str]]:
    """Every value of the argument that has most, with the values of the others by turns."""
    meest = max((len(waarden) for waarden in argumenten.values()), default=1)
    return [{naam: waarden[keer % len(waarden)] for naam, waarden in argumenten.items()} for keer in range(meest)]


def _delen(velden: Sequence[Keuze]) -> Iterator[tuple[Keuze, ...]]:
    """In parts that a document can hold, each with the number of the row if it has one."""
    nummer = tuple(veld for veld in velden if veld.naam == "id")
    deel: list[Keuze] = []
    for veld in velden:
        if deel and sum(len(list(each.namen())) for each in (*deel, veld)) > MEESTE_VELDEN:
            yield (*nummer, *deel)
            deel = []
        if veld.naam != "id":
            deel.append(veld)
    yield (*nummer, *deel)
