"""The leak matrix as a class of tests: a plugin's test module makes a subclass, and its fields take part by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from wijkwerk.access.actor import Actor
from wijkwerk.access.levels import N4
from wijkwerk.access.register import ALLE_ORGANISATIES
from wijkwerk.storage.base import Database
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk.testing.lekken.vullen import Dorp, vul
from wijkwerk.testing.wijk import Wijk, made
from wijkwerk_graphql.testing.lekken import dicht, missers, toeval, uitzonderingen
from wijkwerk_graphql.testing.lekken.kaart import Kaart, Stap
from wijkwerk_graphql.testing.lekken.keuze import Keuze, document
from wijkwerk_graphql.testing.lekken.oordeel import Lek, Oordeel
from wijkwerk_graphql.testing.lekken.vragen import Vragen
from wijkwerk_graphql.testing.lekken.zoeken import gefilterd, lijsten
from wijkwerk_graphql.testing.vrager import Vrager, codes

VER, MEESTE_LEEG = 12, 0.1
"""So many rows of a list are asked page by page. And this part of the fields may have nothing in it anywhere in the made-up municipality:
about those the matrix says little."""

MAG_FALEN = frozenset({"NIET_GEVONDEN", "ONGELDIGE_INVOER", "GEEN_RECHT"})
"""How a question about a row that is out of reach, that fits nothing, or by a field that the policy holds back, may end."""


class Lekmatrix:
    """Every field of the schema, by every path, asked as everybody, is what the oracle says.

    `uitkomsten` and `eigen_velden` say of a plugin's own answers and values how they are judged, as the lists of the core do
    (`uitzonderingen.py`). The database is SQLite; override the fixture `lekdatabase` for another. `iedereen` False: asked only as who
    may ask everything: two instead of all, and still every field.
    """

    iedereen: ClassVar[bool] = True
    uitkomsten: ClassVar[Mapping[str, str]] = {}
    eigen_velden: ClassVar[Mapping[str, str]] = {}

    @pytest.fixture
    async def lekdatabase(self, migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path: Path) -> AsyncIterator[Database]:
        """A database of its own."""
        database = await sqlite_templates.copy(migraties, tmp_path)
        await database.open()
        yield database
        await database.close()

    @pytest.fixture
    async def dorp(self, lekdatabase: Database, tmp_path: Path, plugins: list[Any]) -> AsyncIterator[Dorp]:
        """The dense made-up municipality."""
        async with made(lekdatabase, tmp_path, plugins) as wijk:
            yield await vul(wijk)

    @pytest.fixture
    def vraag(self, dorp: Dorp) -> Vrager:
        return Vrager(dorp.wijk)

    @pytest.fixture
    def kaart(self, vraag: Vrager) -> Kaart:
        return Kaart(vraag.schema)

    def wie(self, wijk: Wijk) -> Iterator[Actor]:
        """As whom everything is asked."""
        return actoren(wijk) if self.iedereen else alleskunners(wijk)

    @pytest.mark.anyio
    async def test_every_field_by_every_path_and_every_page_and_filter_is_what_the_oracle_says(
        self, dorp: Dorp, vraag: Vrager, kaart: Kaart
    ) -> None:
        gezien: Counter[Stap] = Counter()
        gevuld: Counter[Stap] = Counter()
        for actor in self.wie(dorp.wijk):
            vragen, oordeel = Vragen(kaart, dorp, actor), Oordeel(kaart, dorp, actor, gezien, gevuld)
            for type_ in kaart.types():
                for vraagt in vragen.documenten(type_):
                    await beoordeeld(vraag, oordeel, vraagt)
            for keuze in (*lijsten(vragen), *gefilterd(vragen)):
                await _door_alle_bladzijden(vraag, oordeel, keuze)
        bewoner = uitzonderingen.ALLEEN_VOOR_BEWONERS
        alle = {stap for type_ in kaart.types() if type_ not in bewoner for stap in kaart.stappen(type_) if kaart.naar(stap) not in bewoner}
        if ongezien := sorted(map(str, alle - set(gezien))):
            pytest.fail(f"no row in the matrix: {ongezien}")
        if len(leeg := sorted(str(stap) for stap in alle if not gevuld[stap])) > len(alle) * MEESTE_LEEG:
            pytest.fail(f"nobody sees anything in these: {leeg}")

    @pytest.mark.anyio
    async def test_what_is_forbidden_absent_or_out_of_reach_tells_nothing(self, dorp: Dorp, vraag: Vrager, kaart: Kaart) -> None:
        geprobeerd = 0
        for actor in self.wie(dorp.wijk):
            vragen, oordeel = Vragen(kaart, dorp, actor), Oordeel(kaart, dorp, actor)
            for vraagt, mist in dicht.verboden(vragen):
                dicht.keur_weigering(await vraag(actor, document(*vraagt)), mist, document(*vraagt))
            for weg, er_niet, fout in missers.paren(vragen, oordeel.orakel):
                een, ander, derde = [await vraag(actor, text) for text in (weg, er_niet, fout)]
                if missers.vorm(een) != missers.vorm(ander):
                    pytest.fail(f"{actor.rollen}: {weg} answers {een.as_dict()}, and what is absent {ander.as_dict()}")
                for antwoord in (een, ander, derde):
                    oordeel.niets_vreemds(antwoord.as_dict())
                geprobeerd += 1
        if geprobeerd < 50:
            pytest.fail(f"only {geprobeerd} rows out of reach were asked for")

    @pytest.mark.anyio
    async def test_documents_at_random_are_what_the_oracle_says(self, dorp: Dorp, vraag: Vrager, kaart: Kaart) -> None:
        await toeval.probeer(dorp, vraag, kaart, list(self.wie(dorp.wijk)), beoordeeld)

    def test_every_answer_and_every_value_that_is_not_compared_is_on_the_closed_list(self, plugins: list[Any], tmp_path: Path) -> None:
        kaart = dicht.kaart_van(plugins, tmp_path)
        bekend = {**uitzonderingen.UITKOMSTEN, **uitzonderingen.ALLEEN_NA_WIJZIGING, **self.uitkomsten}
        onbekend = dicht.uitkomsten(kaart) - bekend.keys()
        onbekend |= dicht.eigen_velden(kaart) - {**uitzonderingen.EIGEN_VELDEN, **self.eigen_velden}.keys()
        if onbekend:
            pytest.fail(f"say how these are judged, and why (uitzonderingen.py): {sorted(onbekend)}")


async def beoordeeld(vraag: Vrager, oordeel: Oordeel, vraagt: Sequence[Keuze]) -> Any:
    """Ask it, and compare the answer with the oracle. What names a row may fail, and tells nothing then. Raises Lek."""
    antwoord = await vraag(oordeel.actor, document(*vraagt))
    benoemt = any(keuze.args.keys() - {"first", "after", "filter", "id"} for keuze in vraagt)
    if benoemt and antwoord.errors and set(codes(antwoord)) <= MAG_FALEN:
        oordeel.niets_vreemds(antwoord.as_dict())
        return None
    if antwoord.errors or antwoord.data is None:
        raise Lek(f"{oordeel.actor.rollen}: {codes(antwoord)} op {document(*vraagt)}")
    oordeel.antwoord(vraagt, antwoord.data)
    return antwoord.data


async def _door_alle_bladzijden(vraag: Vrager, oordeel: Oordeel, keuze: Keuze) -> None:
    """A list, page by page, as far as that tells something."""
    args: Mapping[str, str]
    meer, na, args = True, 0, keuze.args
    while meer and na < VER:
        data = await beoordeeld(vraag, oordeel, (replace(keuze, args=args, na=na),))
        [pagina] = data.values()
        meer, na = pagina["pageInfo"]["hasNextPage"], na + len(pagina["edges"])
        args = {**keuze.args, "after": f'"{pagina["pageInfo"]["endCursor"]}"'}


GEWEIGERD = frozenset({"Persoon.roepnaam", "Persoon.woonplaats", "Dossier.vraag", "Contactgegeven.waarde"})
"""Fields that a policy holds back from a role."""


def actoren(wijk: Wijk) -> Iterator[Actor]:
    """Who asks: every role, somebody who stands in for another, and who may do everything, inside and outside the municipality."""
    for rol in wijk.wijkwerk.catalogue.rollen.values():
        if not rol.systeem:
            for activiteit in rol.activiteiten[:1]:
                yield wijk.actor(rol.code, activiteit=activiteit)
    yield replace(wijk.actor("WIJKTEAM", team=wijk.ander_team), vervangt=(wijk.REGISSEUR,))
    yield from alleskunners(wijk)


def alleskunners(wijk: Wijk) -> Iterator[Actor]:
    """Who may ask everything, inside and outside the municipality; the policy holds fields back from the first."""
    alles = frozenset(wijk.wijkwerk.catalogue.permissions) - {ALLE_ORGANISATIES.naam}
    yield replace(wijk.actor("REGISSEUR"), rechten=alles, geweigerd=GEWEIGERD)
    yield replace(wijk.actor("WIJKTEAM"), rechten=alles, buiten_gemeente=True, plafond=N4, teams=(wijk.team, wijk.dock))
