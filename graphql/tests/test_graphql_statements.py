"""A page of residents takes as many statements for 1 resident as for 200, whatever is asked of each.

Every field of Persoon is taken from the schema, so a field that is added later is in here by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from sqlalchemy import Connection, insert, select

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.register import WMO_ONDERZOEK
from wijkwerk.contactgegevens import Contactgegeven, Contactsoort
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstatus
from wijkwerk.gezag import Gezag, Gezagsoort
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol, Huishoudsoort
from wijkwerk.log.subjects import maak_pseudoniem
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf as schrijf_notitie
from wijkwerk.organisaties import Team
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.relaties import Partnerschap, Relatie, Relatiesoort, Verbintenis
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.vertegenwoordigingen import Hoedanigheid, Vertegenwoordiging, Wilsoordeel
from wijkwerk_graphql.engine.budget import MAX_COST
from wijkwerk_graphql.schema.connection import MAX_PAGE
from wijkwerk_graphql.schema.schema import Schema
from wijkwerk_graphql.testing import Vrager

pytestmark = pytest.mark.anyio


Row: TypeAlias = tuple[type[Any], dict[str, Any]]
SEALED = 20
"""How many residents have what is sealed: enough to see a statement for each of them."""


@pytest.fixture
async def vraag(wijk_vlug: Wijk) -> Vrager:
    """A page full of residents, each with a household, contact details, family, a case with a note, and who speaks for them."""
    wijk = wijk_vlug
    bewoners = [nieuw_id() for _ in range(MAX_PAGE)]
    await wijk.wijkwerk.database.transact(lambda connection: fill(wijk, connection, bewoners))
    await wijk.schrijf(alles(wijk), lambda work: seal(work, bewoners[:SEALED]))
    return Vrager(wijk)


def alles(wijk: Wijk) -> Actor:
    """A casusregisseur with every right there is: what is not asked is not counted."""
    return replace(wijk.actor("REGISSEUR"), rechten=frozenset(wijk.wijkwerk.catalogue.permissions))


def fill(wijk: Wijk, connection: Connection, bewoners: list[UUID]) -> None:
    """Residents whom the casusregisseur sees whole; each is related to the next."""
    gebied = connection.execute(select(Team.tabel().c.gebied_id).where(Team.tabel().c.id == wijk.team)).scalar_one()
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    samen = {"gemeente_id": wijk.gemeente, "versie": 1, "verantwoordelijke_id": wijk.stad}
    for n, (persoon, ander) in enumerate(zip(bewoners, [*bewoners[1:], bewoners[0]], strict=True)):
        for record, values in [resident(n, persoon, gebied), *doors(wijk, persoon), *family(persoon, ander), *case(wijk, persoon)]:
            rows[record].append({"id": nieuw_id(), **samen, **values})
    for record, values_ in rows.items():
        connection.execute(insert(record.tabel()), values_)
    for persoon in bewoners:
        maak_pseudoniem(connection, wijk.gemeente, persoon)


def resident(n: int, persoon: UUID, gebied: UUID) -> Row:
    naam = {"geslachtsnaam": f"N{n}", "sorteernaam": f"n{n:03d}", "aanduiding_naamgebruik": Naamgebruik.EIGEN}
    vlaggen = {"geheim": False, "veiligheidsvlag": False, "gebied_gekozen": False}
    wie = {"geslacht": Geslacht.ONBEKEND, "geboortedatum": Datum.lees("1980"), "gebied_id": gebied}
    return Persoon, {"id": persoon, **naam, **wie, **vlaggen}


def doors(wijk: Wijk, persoon: UUID) -> Iterator[Row]:
    """The casusregisseur, in every category."""
    door = {"partij_id": wijk.REGISSEUR, "partijsoort": Partijsoort.GEBRUIKER, "niveau_tot": 7, "bron": Bron.DOSSIER, "bron_id": persoon}
    waarvoor = {"doel": WMO_ONDERZOEK.code, "grondslag": WMO_ONDERZOEK.grondslag.kenmerk, "van": BEGIN}
    for categorie in WMO_ONDERZOEK.categorieen:
        yield Betrokkenheid, {"persoon_id": persoon, **door, **waarvoor, "categorie_code": categorie.code}


def case(wijk: Wijk, persoon: UUID) -> Iterator[Row]:
    dossier, hoe = nieuw_id(), {"status": Dossierstatus.OPEN, "geopend": BEGIN}
    yield Dossier, {"id": dossier, "persoon_id": persoon, "team_id": wijk.team, "regisseur_id": wijk.REGISSEUR, **hoe}
    yield Dossierlid, {"persoon_id": persoon, "dossier_id": dossier, "van": BEGIN}


def family(persoon: UUID, ander: UUID) -> Iterator[Row]:
    """Two in a household with each other, both ways; contact details; custody."""
    huishouden = nieuw_id()
    for lid in (persoon, ander):
        samen = {"persoon_id": lid, "huishouden_id": huishouden, "soort": Huishoudsoort.PARTICULIER}
        yield Huishoudlid, {**samen, "rol": Huishoudrol.MEDEBEWONER, "van": date(2027, 1, 1)}
    yield Relatie, {"persoon_id": persoon, "ander_id": ander, "soort": Relatiesoort.BROER_OF_ZUS, "gezag": False}
    yield Partnerschap, {"persoon_id": persoon, "partner_id": ander, "soort_verbintenis": Verbintenis.HUWELIJK, "geslachtsnaam": "N"}
    yield Gezag, {"persoon_id": persoon, "soort": Gezagsoort.VOOGDIJ, "in_onderzoek": False}
    contact = {"persoon_id": persoon, "soort": Contactsoort.EMAIL, "waarde": f"{persoon.hex}@voorbeeld.example"}
    yield Contactgegeven, {**contact, "voorkeur": True, "veilig_te_gebruiken": True}


def seal(work: Work, bewoners: list[UUID]) -> None:
    """What is written sealed, and what leaves a history."""
    dossiers = {row.persoon_id: row.id for row in work.reader.by_key(Dossier, ("persoon_id",), "persoon_id", bewoners)}
    for persoon in bewoners:
        schrijf_notitie(work, dossiers[persoon], persoon, Notitiesoort.CONTACTVERSLAG, verteld("Een gesprek."))
        door, van = work.actor.gebruiker, date(2027, 1, 1)
        curator = {"hoedanigheid": Hoedanigheid.CURATOR, "bewijs": "Een beschikking.", "gezien_door_id": door}
        work.add(Vertegenwoordiging(persoon_id=persoon, naam="B", van=van, **curator))
        work.add(Wilsoordeel(persoon_id=persoon, handeling="INZAGE", in_staat=True, motivering="Een gesprek.", door_id=door, op=van))


def asked(name: str, field: GraphQLField, depth: int) -> str:
    """This field with all that can be asked without naming anything, in lists of two."""
    kind = get_named_type(field.type)
    few = "(first:2)" if "first" in field.args else ""
    return name + few if is_leaf_type(kind) else f"{name}{few}{{__typename {below(kind, depth - 1)}}}"


def below(kind: Any, depth: int) -> str:
    """The fields of a type, and of the types in it, `depth` deep; of the deepest some are enough."""
    assert isinstance(kind, GraphQLObjectType)
    found = [asked(name, field, depth) for name, field in kind.fields.items() if may_ask(field, depth)]
    return " ".join(found if depth else found[:5])


def may_ask(field: GraphQLField, depth: int) -> bool:
    needs = [arg for name, arg in field.args.items() if is_required_argument(arg) and name != "first"]
    return not needs and (depth > 0 or is_leaf_type(get_named_type(field.type)))


def page_of(schema: Schema, name: str, field: GraphQLField) -> str:
    """A page of residents with this field, as deep as a page of 200 may ask."""
    for depth in (2, 1):
        text = f"query($n:Int!){{personen(first:$n){{edges{{node{{{asked(name, field, depth)}}}}}}}}}"
        operation = schema.documents.prepared(text).operation(None)
        assert operation is not None
        if operation.facts.cost({"n": MAX_PAGE}) <= MAX_COST:
            return text
    raise AssertionError(f"{name} can't be asked of {MAX_PAGE} residents")


async def counted(vraag: Vrager, text: str) -> dict[int, int]:
    """How many statements a page of so many residents takes, when the keys and plans are there already."""
    found = {}
    for first in (1, MAX_PAGE):
        await vraag.data(alles(vraag.wijk), text, n=first)
        with count_statements(vraag.wijk.wijkwerk.database) as seen:
            data = await vraag.data(alles(vraag.wijk), text, n=first)
        found[len(data["personen"]["edges"])] = len(seen)
    return found


TOGETHER = """query($n:Int!){personen(first:$n){totalCount edges{cursor node{
    aanschrijfwijze leeftijd bsn adresregel1 gebied{naam} contactgegevens(first:5){soort waarde}
    lidmaatschappen(first:5){rol van} huisgenoten{geslachtsnaam} relaties{soort ander{geslachtsnaam}}
    dossiers{status leden{geslachtsnaam}} notities(first:5){soort}}}}}"""


def documents(vraag: Vrager) -> dict[str, str]:
    """One with much together, and one for each field of a resident that is not a plain value."""
    persoon = vraag.schema.graphql.type_map["Persoon"]
    assert isinstance(persoon, GraphQLObjectType)
    found = {name: field for name, field in persoon.fields.items() if may_ask(field, 2) and not is_leaf_type(get_named_type(field.type))}
    each = {name: page_of(vraag.schema, name, field) for name, field in found.items()}
    plain = " ".join(name for name, field in persoon.fields.items() if is_leaf_type(get_named_type(field.type)))
    return {"together": TOGETHER, "plain": f"query($n:Int!){{personen(first:$n){{edges{{node{{{plain}}}}}}}}}", **each}


async def test_a_page_takes_as_many_statements_for_1_resident_as_for_200_whatever_is_asked_of_each(vraag: Vrager) -> None:
    found = {name: await counted(vraag, text) for name, text in documents(vraag).items()}
    assert {"together", "dossiers", "contactgegevens", "huisgenoten", "relaties", "gebied", "geschiedenis"} <= found.keys()
    assert all(list(counts) == [1, MAX_PAGE] for counts in found.values())
    assert {name: counts for name, counts in found.items() if counts[1] != counts[MAX_PAGE]} == {}
