"""A client sends a mutation twice under a number of its own making: it is done once, and answered the same (wijkwerk.inzendingen)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLObjectType
from sqlalchemy import select, update
from strawberry.types.unset import UNSET

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.inzendingen import inzending
from wijkwerk.notities.notitie import Aanvulling, Notitie, Notitiesoort, Notitieversie
from wijkwerk.personen import Persoon
from wijkwerk.plugins import Plugins
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql import Mutation, extend, kern, mutation, uitkomst
from wijkwerk_graphql.kern.wijzigingen import PersoonWijziging
from wijkwerk_graphql.schema.fields import Declaratie
from wijkwerk_graphql.schema.inzending import canonical
from wijkwerk_graphql.schema.problems import SchemaFout
from wijkwerk_graphql.schema.schema import Schema, declared
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
SCHRIJVEN = """mutation($d:ID!,$p:ID!,$t:String!,$i:ID){
    notitieSchrijven(dossier:$d,persoon:$p,soort:CONTACTVERSLAG,tekst:$t,bron:INWONER,inzending:$i){id laatste versies{tekst}}}"""
CORRIGEREN = """mutation($n:ID!,$t:String!,$i:ID){
    notitieCorrigeren(notitie:$n,versie:1,tekst:$t,bron:INWONER,inzending:$i){id laatste versies{tekst}}}"""
AANVULLEN = """mutation($n:ID!,$t:String!,$i:ID){
    notitieAanvullen(notitie:$n,tekst:$t,bron:INWONER,inzending:$i){id laatste aanvullingen{tekst}}}"""
TEKST = "Meneer is gevallen"


class Zaak:
    """A resident and a case, and what is sent about them by the team."""

    def __init__(self, wijk: Wijk, vraag: Vrager, persoon: UUID, dossier: UUID) -> None:
        self.wijk, self.vraag, self.persoon, self.dossier = wijk, vraag, str(persoon), str(dossier)

    async def schrijf(self, nummer: object = None, tekst: str = TEKST) -> Any:
        """The note that this answers with."""
        found = await self.vraag.data("WIJKTEAM", SCHRIJVEN, d=self.dossier, p=self.persoon, t=tekst, i=nummer and str(nummer))
        return found["notitieSchrijven"]

    async def codes(self, text: str, **variables: Any) -> list[str]:
        return codes(await self.vraag("WIJKTEAM", text, **variables))

    async def geteld(self) -> tuple[int, ...]:
        """How many notes, versions, additions and numbers there are."""
        tables = (Notitie.tabel(), Notitieversie.tabel(), Aanvulling.tabel(), inzending)
        return tuple([len(await self.wijk.rows(select(table))) for table in tables])


@pytest.fixture
async def zaak(wijk_vlug: Wijk) -> Zaak:
    persoon = await wijk_vlug.inwoner()
    return Zaak(wijk_vlug, Vrager(wijk_vlug), persoon, await wijk_vlug.dossier(persoon))


async def test_sent_again_a_note_is_not_written_again_and_the_answer_is_the_same(zaak: Zaak) -> None:
    nummer = uuid4()
    first = await zaak.schrijf(nummer)
    assert [await zaak.schrijf(str(nummer).upper()), await zaak.schrijf(nummer)] == [first, first]
    assert first["versies"] == [{"tekst": TEKST}]
    assert await zaak.geteld() == (1, 1, 0, 1)
    assert (await zaak.schrijf())["id"] != (await zaak.schrijf())["id"]
    assert await zaak.geteld() == (3, 3, 0, 1)


async def test_a_queue_that_is_sent_again_in_any_order_leaves_no_duplicates_and_no_old_version(zaak: Zaak) -> None:
    notities = [await zaak.schrijf(tekst=f"Gesprek {at}") for at in range(3)]
    queue = [(CORRIGEREN, "notitieCorrigeren", notitie["id"], f"{at} beter", str(uuid4())) for at, notitie in enumerate(notities)]
    queue += [(AANVULLEN, "notitieAanvullen", notitie["id"], "Ook nog dit", str(uuid4())) for notitie in notities]
    kans = random.Random(6)
    answers: dict[str, str] = {}
    for _ in range(3):
        kans.shuffle(queue)
        for text, name, id, tekst, nummer in queue:
            data = await zaak.vraag.data("WIJKTEAM", text, n=id, t=tekst, i=nummer)
            assert answers.setdefault(nummer, data[name]["id"]) == data[name]["id"]
    assert await zaak.geteld() == (3, 6, 3, 6)


async def test_the_answer_to_a_repeat_is_what_there_is_by_then(zaak: Zaak) -> None:
    nummer = uuid4()
    first = await zaak.schrijf(nummer)
    await zaak.vraag.data("WIJKTEAM", CORRIGEREN, n=first["id"], t="Meneer is gestruikeld")
    again = await zaak.schrijf(nummer)
    assert (again["id"], again["laatste"], again["versies"][0]) == (first["id"], 2, {"tekst": "Meneer is gestruikeld"})


async def test_twice_in_one_document_is_once_and_for_another_mutation_it_is_refused(zaak: Zaak) -> None:
    arguments = f'tekst:"{TEKST}",bron:INWONER,inzending:"{uuid4()}"'
    schrijf = f'notitieSchrijven(dossier:"{zaak.dossier}",persoon:"{zaak.persoon}",soort:BESLUIT,{arguments}){{id}}'
    data = await zaak.vraag.data("WIJKTEAM", f"mutation{{a:{schrijf} b:{schrijf}}}")
    assert data["a"] == data["b"]
    aanvullen = f'mutation{{notitieAanvullen(notitie:"{data["a"]["id"]}",{arguments}){{id}}}}'
    answer = await zaak.vraag("WIJKTEAM", aanvullen)
    assert codes(answer) == ["INZENDING_ANDERS"]
    assert answer.errors[0]["extensions"]["veld"] == "inzending"
    assert await zaak.geteld() == (1, 1, 0, 1)


async def test_anything_else_under_the_same_number_is_refused_and_nothing_happens(zaak: Zaak) -> None:
    nummer = str(uuid4())
    await zaak.schrijf(nummer)
    stand = await zaak.geteld()
    other = await zaak.wijk.inwoner("Jansen")
    given = {"d": zaak.dossier, "p": zaak.persoon, "t": TEKST, "i": nummer}
    for change in ({"t": TEKST + "."}, {"p": str(other)}, {"d": str(await zaak.wijk.dossier(other))}):
        assert await zaak.codes(SCHRIJVEN, **given | change) == ["INZENDING_ANDERS"]
    for text in (SCHRIJVEN.replace("CONTACTVERSLAG", "BESLUIT"), SCHRIJVEN.replace("INWONER", "NAASTE")):
        assert await zaak.codes(text, **given) == ["INZENDING_ANDERS"]
    assert await zaak.geteld() == stand
    assert await zaak.codes(SCHRIJVEN.replace("inzending:$i", "inzending:$i,deelbaar:false,oordeel:null"), **given) == []
    for bad in ("", "geen nummer", "1" * 5_000):
        assert await zaak.codes(SCHRIJVEN, **given | {"i": bad}) == ["ONGELDIGE_INVOER"]
    assert await zaak.geteld() == stand


async def test_who_lost_sight_of_it_is_told_that_it_was_done_and_who_lost_the_right_that_too(zaak: Zaak) -> None:
    nummer, wijk = uuid4(), zaak.wijk
    await zaak.schrijf(nummer)
    given: dict[str, Any] = {"d": zaak.dossier, "p": zaak.persoon, "t": TEKST, "i": str(nummer)}
    assert codes(await zaak.vraag(wijk.actor("ZORG", gebruiker=wijk.WIJKTEAM), SCHRIJVEN, **given)) == ["GEEN_RECHT"]
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.gemeente_id == wijk.gemeente).values(tot=wijk.klok.moment))
    answer = await zaak.vraag("WIJKTEAM", SCHRIJVEN, **given)
    assert (codes(answer), answer.data) == (["INZENDING_GEDAAN"], {"notitieSchrijven": None})
    assert await zaak.geteld() == (1, 1, 0, 1)


async def test_the_log_has_two_reads_for_a_repeat_and_no_change(zaak: Zaak) -> None:
    nummer = uuid4()
    await zaak.schrijf(nummer)
    before = len(await zaak.wijk.log())
    await zaak.schrijf(nummer)
    herhaald, gelezen = (await zaak.wijk.log())[before:]
    assert {(regel["gebeurtenis"], regel["actie"], regel["onderdeel"]) for regel in (herhaald, gelezen)} == {
        ("LEZEN", "R", "notitieSchrijven")
    }
    assert sorted(str(regel.get("details", {})) for regel in (herhaald, gelezen)) == ["{'inzending': 'herhaald'}", "{}"]
    assert TEKST not in str(await zaak.wijk.log())
    assert str(nummer) not in str(await zaak.wijk.log())


def mutations(schema: Schema) -> GraphQLObjectType:
    found = schema.graphql.mutation_type
    assert found is not None
    return found


def test_every_mutation_of_notes_can_be_sent_twice() -> None:
    schema = Schema.of(Plugins([kern]))
    about = {name: field for name, field in mutations(schema).fields.items() if name.startswith(("notitie", "werkaantekening"))}
    assert len(about) >= 4
    assert {name for name, field in about.items() if str(getattr(field.args.get("inzending"), "type", None)) != "ID"} == set()
    assert all(field.args["inzending"].description for field in about.values())


def _uuid(werk: Work) -> UUID | None:
    return None


def _ja(werk: Work) -> bool:
    return True


def _eigen(werk: Work, inzending: UUID) -> UUID:
    return inzending


@uitkomst(requires=Persoon.lezen)
class Gedaan:
    """Wat er gebeurde."""

    goed: bool


@pytest.mark.parametrize(
    ("geeft", "werk", "fits"),
    [
        (Persoon, _uuid, True), (UUID, _uuid, True), (UUID | None, _uuid, True), (bool, _ja, False), (Gedaan, _ja, False),
        (list[Persoon], _uuid, False), (Persoon, _eigen, False),
    ],
    ids=["record", "id", "id of niets", "ja of nee", "uitkomst", "lijst", "eigen argument"],
)  # fmt: skip
def test_what_can_be_sent_twice_answers_with_one_id_or_the_schema_is_refused(geeft: Any, werk: Callable[..., Any], fits: bool) -> None:
    declaratie: Declaratie = mutation(geeft, requires=Persoon.schrijven, uitleg="Iets", herhaalbaar=True)(werk)
    part = extend(Mutation)(type("Opdracht", (), {"doe": declaratie}))
    parts, records, permissions = declared(Plugins([kern]))
    if fits:
        made = Schema([*parts, part], records, permissions)
        assert list(mutations(made).fields["doe"].args) == ["inzending"]
        return
    with pytest.raises(SchemaFout, match="herhaalbaar"):
        Schema([*parts, part], records, permissions)


NUL = {"a": "x", "b": 1, "c": [1, None], "d": None}
ZOMER = timezone(timedelta(hours=2))


def gewijzigd(**values: Any) -> PersoonWijziging:
    made = PersoonWijziging()
    for name, value in values.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NUL, {"c": [1, None], "b": 1, "a": "x"}),
        ({"op": datetime(2027, 3, 1, 9, tzinfo=UTC)}, {"op": datetime(2027, 3, 1, 11, tzinfo=ZOMER)}),
        ({"p": gewijzigd(roepnaam="Jo")}, {"p": gewijzigd(roepnaam="Jo", partner_voorvoegsel=UNSET)}),
    ],
    ids=["volgorde en leeg", "zelfde moment", "weggelaten"],
)
def test_what_means_the_same_has_one_form(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NUL, NUL | {"c": [1]}),
        ({"t": "null"}, {"t": None}),
        ({"t": 'x","u":"y'}, {"t": "x", "u": "y"}),
        ({"b": Bsn("999990019")}, {"b": Bsn("999993653")}),
        ({"d": Datum.lees("1956-11")}, {"d": Datum.lees("1956")}),
        ({"d": date(2027, 3, 1)}, {"d": date(2027, 3, 2)}),
        ({"g": Decimal("1.5")}, {"g": Decimal("15")}),
        ({"s": Notitiesoort.BESLUIT}, {"s": Notitiesoort.CONTACTVERSLAG}),
        ({"u": UUID(int=1)}, {"u": UUID(int=2)}),
        ({"p": gewijzigd(roepnaam=None)}, {"p": gewijzigd()}),
        ({"t": "\ud800"}, {"t": "\ud801"}),
    ],
    ids=["lijst", "tekst null", "aanhalingsteken", "bsn", "datum", "dag", "getal", "soort", "nummer", "leegmaken", "half teken"],
)
def test_what_means_something_else_has_another_form(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) != canonical(other)


def test_a_value_that_is_not_known_is_not_guessed_at() -> None:
    for unknown in (object(), {1, 2}, b"x"):
        with pytest.raises(TypeError, match="is no scalar"):
            canonical({"x": unknown})
