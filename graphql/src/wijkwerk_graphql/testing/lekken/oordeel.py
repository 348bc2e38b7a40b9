"""Whether an answer is what the oracle says: walked beside the tree of what was asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from graphql import get_named_type
from strawberry.utils.str_converters import to_camel_case

from wijkwerk.access.actor import Actor
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import KaderRecord, PersonRecord, Record
from wijkwerk.testing.lekken.kanaries import gevonden
from wijkwerk.testing.lekken.orakel import Orakel
from wijkwerk.testing.lekken.rijen import Rij
from wijkwerk.testing.lekken.verleden import mag_zien
from wijkwerk.testing.lekken.vullen import Dorp
from wijkwerk_graphql.schema.connection import PAGE
from wijkwerk_graphql.schema.fields import STANDARD_PAGE, Leest
from wijkwerk_graphql.testing.lekken.kaart import QUERY, Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze
from wijkwerk_graphql.testing.lekken.uitzonderingen import EIGEN_NUMMERS, EIGEN_TEKSTEN

NUMMER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Lek(AssertionError):
    """The answer differs from what the oracle says."""


@dataclass
class Oordeel:
    """Judges answers to one actor. `gezien` counts per field how often it was asked, `gevuld` how often there was something in it."""

    kaart: Kaart
    dorp: Dorp
    actor: Actor
    gezien: Counter[Stap] = field(default_factory=Counter)
    gevuld: Counter[Stap] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.orakel = Orakel(self.dorp.wereld, self.actor)

    def antwoord(self, vragen: Sequence[Keuze], data: Mapping[str, Any]) -> None:
        """The whole answer of a query. Raises Lek."""
        for vraag in vragen:
            self.niets_vreemds(data[vraag.sleutel], nummers=vraag.naam not in EIGEN_NUMMERS, behalve=EIGEN_TEKSTEN.get(vraag.naam))
            self._gevraagd(QUERY, vraag)
            self._veld(Stap(QUERY, vraag.naam), None, vraag, data[vraag.sleutel])

    def _gevraagd(self, type_: str, keuze: Keuze) -> None:
        stap = Stap(type_, keuze.naam)
        self.gezien[stap] += 1
        for each in keuze.onder:
            if not each.naam.startswith("__"):
                self._gevraagd(get_named_type(self.kaart.veld(stap).type).name, each)

    def niets_vreemds(self, antwoord: Any, *, nummers: bool = True, behalve: str | None = None) -> None:
        """No text and (`nummers`) no number of a row that the actor may not see stands anywhere in it; `behalve`: texts of this column
        (`Soort.kolom`) may. Raises Lek."""
        for kanarie in gevonden(antwoord):
            cellen = self.dorp.kanaries.get(kanarie, ())
            if not any(mag_zien(self.orakel, cel) or f"{cel.record.__name__}.{cel.kolom}" == behalve for cel in cellen):
                raise Lek(f"{self._wie} krijgt een tekst te zien van {[(c.record.__name__, c.kolom, str(c.rij)) for c in cellen]}")
        for nummer in _nummers(antwoord) if nummers else ():
            if nummer in self._van_personen and nummer not in self._bekend:
                raise Lek(f"{self._wie} krijgt het nummer te zien van {self._van_personen[nummer].__name__} {nummer}")

    @property
    def _wie(self) -> str:
        return ",".join(self.actor.rollen)

    def _veld(self, stap: Stap, ouder: Rij | None, keuze: Keuze, waarde: Any) -> None:
        self.gevuld[stap] += waarde not in (None, [])
        if self.kaart.blad(stap):
            self._blad(stap, ouder, keuze, waarde)
            return
        leest = self.kaart.leest(stap)
        if self.kaart.bladzijden(stap):
            self._bladzijden(stap, leest, keuze, waarde)
        elif leest is not None and leest.by is None:
            self._verwijzing(stap, leest, ouder, keuze, waarde)
        elif leest is not None:
            self._lijst(stap, leest, ouder, keuze, waarde)
        else:
            self._eigen(stap, keuze, waarde)

    def _blad(self, stap: Stap, ouder: Rij | None, keuze: Keuze, waarde: Any) -> None:
        """A value: that of the oracle. What is no column of a record is judged by what stands in it (`niets_vreemds`)."""
        record = self.kaart.record(stap.type_)
        if record is None or ouder is None:
            return
        naam = _kolommen(record).get(keuze.naam)
        if keuze.naam == "beperkt" or naam is None:
            return
        verwacht = self._tekst(stap, self.orakel.waarde(record, ouder, naam))
        if waarde != verwacht:
            raise Lek(f"{self._wie}: {stap} van {ouder['id']} is {waarde!r}, en moet {verwacht!r} zijn")

    def _tekst(self, stap: Stap, waarde: Any) -> Any:
        if waarde is None:
            return None
        kind: Any = get_named_type(self.kaart.veld(stap).type)
        return [kind.coerce_output_value(each) for each in waarde] if isinstance(waarde, list | tuple) else kind.coerce_output_value(waarde)

    def _verwijzing(self, stap: Stap, leest: Leest, ouder: Rij | None, keuze: Keuze, waarde: Any) -> None:
        record = self.kaart.record(stap.type_)
        if record is None or ouder is None or leest.kolom is None:
            raise Lek(f"{stap} heeft geen rij om vanuit te gaan")
        verwacht = self.orakel.verwezen(record, ouder, leest.kolom, leest.record)
        self._rijen(stap, leest.record, keuze, [] if waarde is None else [waarde], [] if verwacht is None else [verwacht])

    def _lijst(self, stap: Stap, leest: Leest, ouder: Rij | None, keuze: Keuze, waarde: Any) -> None:
        record = self.kaart.record(stap.type_)
        if record is None or ouder is None or leest.kolom is None or leest.by is None:
            raise Lek(f"{stap} heeft geen rij om vanuit te gaan")
        van = ouder["id"] if leest.kolom == "id" else self.orakel.waarde(record, ouder, leest.kolom)
        uit = self.dorp.wereld.waar(leest.record, leest.by, van)
        rows = self.orakel.rijen(leest.record, order=leest.order, used={leest.by}, roster=False, uit=uit)
        self._rijen(stap, leest.record, keuze, waarde, rows[: int(keuze.args.get("first", STANDARD_PAGE))])

    def _bladzijden(self, stap: Stap, leest: Leest | None, keuze: Keuze, waarde: Mapping[str, Any]) -> None:
        """A page: the rows, in order, from where it begins; and how many there are in all."""
        regels = next((each for each in keuze.onder if each.naam == "edges"), Keuze("edges"))
        node = next((each for each in regels.onder if each.naam == "node"), None)
        nodes = [edge["node"] for edge in waarde[regels.sleutel]] if node else []
        meer, telt = waarde.get("pageInfo", {}).get("hasNextPage"), waarde.get("totalCount")
        if leest is None or (leest.zoek and "filter" in keuze.args):
            if telt is not None and meer is False and not keuze.na and node and telt != len(nodes):
                raise Lek(f"{self._wie}: {stap} telt {telt}, en geeft er {len(nodes)}")
            self._los(stap, node, nodes)
            return
        rows = self.rijen(leest, keuze)
        eind = keuze.na + int(keuze.args.get("first", PAGE))
        if telt not in (None, len(rows)):
            raise Lek(f"{self._wie}: {stap} telt {telt}, en er zijn er {len(rows)}")
        if meer not in (None, len(rows) > eind):
            raise Lek(f"{self._wie}: {stap} zegt verkeerd of er meer is")
        if node is not None:
            self._rijen(stap, leest.record, node, nodes, rows[keuze.na : eind])

    def rijen(self, leest: Leest, keuze: Keuze) -> list[Rij]:
        """All rows of a list by page, in its order, under its filter."""
        vandaag = self.actor.vandaag
        rows = self.orakel.rijen(leest.record, order=leest.order, used={*keuze.filters, *(("van",) if leest.geldig else ())})
        if leest.geldig:
            rows = [row for row in rows if row["van"] <= vandaag and (row["tot"] is None or row["tot"] >= vandaag)]
        return [row for row in rows if all(row[naam] in waarden for naam, waarden in keuze.filters.items())]

    def _eigen(self, stap: Stap, keuze: Keuze, waarde: Any) -> None:
        """A field with a function of its own: what it gives has to exist for the actor. One row by its number: it is there or it is not."""
        nodes = waarde if isinstance(waarde, list) else [] if waarde is None else [waarde]
        self._los(stap, keuze, nodes)
        record = self.kaart.record(self.kaart.naar(stap))
        if stap.type_ == QUERY and record is not None and set(keuze.args) == {"id"}:
            row = self.dorp.wereld.rij(record, UUID(keuze.args["id"].strip('"')))
            if (waarde is not None) != (row is not None and self.orakel.bestaat(record, row)):
                raise Lek(f"{self._wie}: {stap} {keuze.args['id']} is er {'wel' if waarde else 'niet'}, en dat klopt niet")

    def _los(self, stap: Stap, keuze: Keuze | None, nodes: Iterable[Any]) -> None:
        """Rows in no known order. A list of residents is a roster: who asked for secrecy does not stand in it."""
        naar = self.kaart.naar(stap)
        record = self.kaart.record(naar)
        for node in nodes if keuze is not None else ():
            row = self._rij(stap, record, node) if record is not None else None
            if row is not None and record is Persoon and self.kaart.lijst(stap) and self.orakel.deuren.verborgen(row["id"]):
                raise Lek(f"{self._wie}: {stap} geeft een inwoner die geheim is")
            self._velden(naar, row, keuze, node)

    def _rij(self, stap: Stap, record: type[Record], node: Mapping[str, Any]) -> Rij | None:
        if "id" not in node:
            return None
        row = self.dorp.wereld.rij(record, UUID(node["id"]))
        if row is None or not self.orakel.bestaat(record, row):
            raise Lek(f"{self._wie}: {stap} geeft {record.__name__} {node['id']}, en die is er niet")
        return row

    def _rijen(self, stap: Stap, record: type[Record], keuze: Keuze, nodes: Sequence[Any], rows: Sequence[Rij]) -> None:
        if len(nodes) != len(rows):
            raise Lek(f"{self._wie}: {stap} geeft {len(nodes)} rijen, en dat moeten er {len(rows)} zijn")
        for node, row in zip(nodes, rows, strict=True):
            if node.get("id", str(row["id"])) != str(row["id"]):
                raise Lek(f"{self._wie}: {stap} geeft {record.__name__} {node['id']} waar {row['id']} hoort")
            self._velden(record.__name__, row, keuze, node)

    def _velden(self, type_: str, row: Rij | None, keuze: Keuze | None, node: Mapping[str, Any]) -> None:
        for each in keuze.onder if keuze else ():
            if not each.naam.startswith("__"):
                self._veld(Stap(type_, each.naam), row, each, node[each.sleutel])
        self._beperkt(type_, row, keuze, node)

    def _beperkt(self, type_: str, row: Rij | None, keuze: Keuze | None, node: Mapping[str, Any]) -> None:
        """`beperkt` says so when a value that was asked is held back, and not when nothing of the row is."""
        record = self.kaart.record(type_)
        if record is None or row is None or keuze is None or "beperkt" not in node:
            return
        gevraagd = {each.naam for each in keuze.onder}
        niveaus = {naam for naam, veld in record.velden.items() if veld.level is not None}
        weg = {naam for naam in niveaus if not self.orakel.ziet(record, row, naam)}
        if not node["beperkt"] and any(to_camel_case(naam) in gevraagd for naam in weg if record.velden[naam].shown):
            raise Lek(f"{self._wie}: {type_} {row['id']} zegt niet dat er iets is weggelaten")
        if node["beperkt"] and not weg:
            raise Lek(f"{self._wie}: {type_} {row['id']} zegt dat er iets is weggelaten, en dat is niet zo")

    @cached_property
    def _van_personen(self) -> Mapping[UUID, type[Record]]:
        """The numbers of all rows that are about somebody, or are somebody's."""
        rijen = self.dorp.wereld.rijen
        return {row["id"]: record for record in rijen if issubclass(record, PersonRecord | KaderRecord) for row in rijen[record]}

    @cached_property
    def _bekend(self) -> frozenset[UUID]:
        """The numbers that the actor may know: of rows that are there for them, and what stands in those."""
        found: set[UUID] = set()
        for record, rows in self.dorp.wereld.rijen.items():
            namen = [naam for naam, veld in record.velden.items() if veld.kind != "machinery"]
            for row in rows if self.actor.may(record.lezen.naam) else ():
                if self.orakel.bestaat(record, row):
                    found |= {row["id"]} | {row[n] for n in namen if isinstance(row[n], UUID) and self.orakel.ziet(record, row, n)}
        return frozenset(found)


@cache
def _kolommen(record: type[Record]) -> Mapping[str, str]:
    """The columns and derived values of a record by their name in the schema."""
    return {to_camel_case(naam): naam for naam in (*record.velden, *record.afgeleid)}


def _nummers(antwoord: Any) -> Iterator[UUID]:
    if isinstance(antwoord, str):
        yield from (UUID(found) for found in NUMMER.findall(antwoord))
    elif isinstance(antwoord, Mapping):
        for each in antwoord.values():
            yield from _nummers(each)
    elif isinstance(antwoord, list | tuple):
        for each in antwoord:
            yield from _nummers(each)
