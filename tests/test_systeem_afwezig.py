"""Refused and absent look alike, and lists, counts, filters and nodes agree, for every role (design.md 5; invariant 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek
from tests.systeem.opslag import Opslag

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.register import ROLLEN
from wijkwerk.demo.instellingen import MEDEWERKERS
from wijkwerk.organisaties import Organisatie, gemeente
from wijkwerk.personen import Persoon

ROL = {one.onderwerp: one.rol for one in MEDEWERKERS}
ONDERWERPEN = list(ROL)
WISSELEND = {"date", "traceparent", "x-request-id"}
EIGEN = {"tijdstip", "einde", "trace", "span", "stream", "seq", "gevraagd"}
"""What differs between any two entries of the log."""


def allen(opslag: Opslag) -> tuple[list[str], set[str]]:
    """Every resident there is, and who of them asked for secrecy or is in danger."""
    rows = opslag.alles("persoon")["persoon"]
    return [str(row["id"]) for row in rows], {str(row["id"]) for row in rows if row["geheim"] or row["veiligheidsvlag"]}


def batched(items: list[str], size: int) -> list[list[str]]:
    """In parts: a document may hold only so many aliases."""
    return [items[at : at + size] for at in range(0, len(items), size)]


def zichtbaar(client: Client, ids: list[str], *, met_naam: bool = False) -> set[str]:
    """Which of these persons the node query answers; `met_naam`: with a name."""
    found = set()
    for some in batched(ids, 25):
        fields = " ".join(f'p{at}: persoon(id: "{id}") {{ id geslachtsnaam }}' for at, id in enumerate(some))
        rows = [row for row in client.vraag(f"{{ {fields} }}").data.values() if row]
        found |= {row["id"] for row in rows if row["geslachtsnaam"] or not met_naam}
    return found


def lijst(client: Client) -> tuple[list[dict[str, Any]], set[int]]:
    """The whole list, in pages of seven, and the counts that the pages gave."""
    nodes: list[dict[str, Any]] = []
    counts, after, more = set(), None, True
    while more:
        answer = client.vraag(vragen.LIJST, first=7, after=after)
        if answer.codes == ["GEEN_RECHT"]:
            return [], {0}
        page = answer.data["personen"]
        nodes += [edge["node"] for edge in page["edges"]]
        counts.add(page["totalCount"])
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    return nodes, counts


def for_both(refused: str, variables: Callable[[str], dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables for what is out of scope, and for what is absent."""
    return variables(refused), variables(str(uuid4()))


def gelijk(refused: Antwoord, absent: Antwoord) -> None:
    """Status, headers and bytes."""
    assert refused.status == absent.status
    assert refused.body == absent.body
    headers = [[item for item in one.headers.items() if item[0] not in WISSELEND] for one in (refused, absent)]
    assert headers[0] == headers[1]
    assert [len(refused.headers[name]) for name in WISSELEND] == [len(absent.headers[name]) for name in WISSELEND]


def gelijk_gelogd(dienst: Dienst, refused: Antwoord, absent: Antwoord) -> list[dict[str, Any]]:
    """Both have as many entries, identical but for the keyed pseudonyms of what was asked, which differ. The entries of the refusal."""
    pair = [dienst.plek.opslag.log(one.trace) for one in (refused, absent)]
    bare = [[{name: value for name, value in regel.items() if name not in EIGEN} for regel in regels] for regels in pair]
    assert bare[0] == bare[1]
    assert bare[0]
    for mine, other in zip(*pair, strict=True):
        asked = (mine.get("gevraagd", []), other.get("gevraagd", []))
        assert list(map(len, asked[0])) == list(map(len, asked[1]))
        assert not set(asked[0]) & set(asked[1])
    return pair[0]


@pytest.mark.parametrize("onderwerp", ONDERWERPEN)
def test_a_person_out_of_scope_and_one_that_is_absent_get_the_same_answer(dienst: Dienst, onderwerp: str) -> None:
    client, bewoners = dienst.als(onderwerp), dienst.plek.buurt.bewoners
    hidden = sorted(set(bewoners) - zichtbaar(client, bewoners))[0]
    refused, absent = (client.vraag(vragen.PERSOON, id=id) for id in (hidden, str(uuid4())))
    gelijk(refused, absent)
    [regel] = gelijk_gelogd(dienst, refused, absent)
    if refused.status == 200:
        assert regel["resultaat"] == "GEEN_RESULTAAT"
        assert len(regel["gevraagd"]) == 1
    else:
        assert (refused.codes, regel["resultaat"]) == (["GEEN_RECHT"], "GEWEIGERD")


@pytest.mark.parametrize("onderwerp", ["wijkteam", "regisseur"])
def test_cases_notes_and_changes_out_of_scope_look_like_absent_ones(dienst: Dienst, onderwerp: str) -> None:
    client, (persoon, dossier) = dienst.als(onderwerp), dienst.plek.buurt.eerste("zuid")
    notitie = dienst.als("wijkteam-zuid").data(vragen.DOSSIER, id=dossier)["dossier"]["notities"][0]["id"]
    own = dienst.plek.buurt.eerste("noord")
    pairs: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
        (vragen.DOSSIER, {"id": dossier}, {"id": str(uuid4())}),
        (vragen.NOTITIE, {"id": notitie}, {"id": str(uuid4())}),
        (vragen.WIJZIGEN, *for_both(persoon, lambda id: {"id": id, "versie": 1, "persoon": {"roepnaam": "X"}})),
        (vragen.CORRIGEREN, *for_both(notitie, lambda id: {"notitie": id, "versie": 1, "tekst": "X"})),
        (vragen.SCHRIJVEN, *for_both(dossier, lambda id: {"dossier": id, "persoon": own[0], "tekst": "X"})),
        (vragen.SCHRIJVEN, *for_both(persoon, lambda id: {"dossier": own[1], "persoon": id, "tekst": "X"})),
    )
    for query, refused, absent in pairs:
        answers = client.vraag(query, **refused), client.vraag(query, **absent)
        gelijk(*answers)
        gelijk_gelogd(dienst, *answers)


@pytest.mark.parametrize("onderwerp", ONDERWERPEN)
def test_list_count_filter_and_node_agree(dienst: Dienst, onderwerp: str) -> None:
    """The list is in the order of the name, so it holds those whose name may be seen (design.md 1: a sort adds the field's level).

    Who asked for secrecy is in no list of an outsider (domain.md 1.10).
    """
    client, (bewoners, geheim) = dienst.als(onderwerp), allen(dienst.plek.opslag)
    nodes, counts = lijst(client)
    ids = [node["id"] for node in nodes]
    assert len(ids) == len(set(ids))
    assert counts == {len(ids)}
    outside = not next(rol for rol in ROLLEN if rol.code == ROL[onderwerp]).gemeentelijk
    assert set(ids) == zichtbaar(client, bewoners, met_naam=True) - (geheim if outside else set())


@pytest.mark.parametrize("onderwerp", ONDERWERPEN)
def test_a_search_finds_exactly_those_whose_name_may_be_seen(dienst: Dienst, onderwerp: str) -> None:
    client, nodes = dienst.als(onderwerp), lijst(dienst.als(onderwerp))[0]
    namen = sorted({lid.bewoner.gegevens["geslachtsnaam"] for one in dienst.plek.buurt.huishoudens for lid in one.leden} - {"."})
    found: set[str] = set()
    for some in batched(namen, 10):
        fields = " ".join(
            f'f{at}: personen(first: 100, filter: {{naam: "{naam}"}}) {{ totalCount edges {{ node {{ id }} }} }}'
            for at, naam in enumerate(some)
        )
        for page in client.vraag(f"{{ {fields} }}").data.values():
            here = {edge["node"]["id"] for edge in page["edges"]}
            assert page["totalCount"] == len(here)
            found |= here
    assert found <= {node["id"] for node in nodes}
    assert found >= {node["id"] for node in nodes if node["geslachtsnaam"] in namen}


def test_some_roles_see_some_residents_and_no_role_sees_all(dienst: Dienst) -> None:
    """Or the tests above would hold of a system that shows nothing."""
    bewoners = dienst.plek.buurt.bewoners
    seen = {onderwerp: len(zichtbaar(dienst.als(onderwerp), bewoners)) for onderwerp in ONDERWERPEN}
    assert max(seen.values()) < len(bewoners)
    assert all(seen[one] for one in ("wijkteam", "wijkteam-zuid", "regisseur", "zorg", "dock", "vrijwilligers", "mantelzorg", "groepshost"))
    assert not any(seen[one] for one in ("fg", "beheer", "gebied", "privacy", "archivaris", "partnerbeheer", "import"))


def _buurgemeente(opslag: Opslag, persoon: str) -> str:
    """A resident of another municipality in the same database, even with the same betrokkenheden; the id."""
    other, made, organisatie = uuid4(), uuid4(), uuid4()
    opslag.change(insert(gemeente).values(id=other, naam="Buurgemeente", cbs_code="GM9998"))
    [own] = [row for row in opslag.alles("persoon")["persoon"] if str(row["id"]) == persoon]
    [employer] = [row for row in opslag.alles("organisatie")["organisatie"] if row["id"] == own["verantwoordelijke_id"]]
    here = {"gemeente_id": other, "verantwoordelijke_id": organisatie}
    opslag.change(insert(Organisatie.tabel()).values({**employer, **here, "id": organisatie, "gebied_id": None}))
    opslag.change(insert(Persoon.tabel()).values({**own, **here, "id": made, "bsn": None, "bsn_index": None, "gebied_id": None}))
    for row in opslag.alles("betrokkenheid")["betrokkenheid"]:
        if str(row["persoon_id"]) == persoon:
            opslag.change(insert(Betrokkenheid.tabel()).values({**row, **here, "id": uuid4(), "persoon_id": made, "toestemming_id": None}))
    return str(made)


def test_a_resident_of_another_municipality_is_as_absent_as_one_that_does_not_exist(plek: Plek) -> None:
    made = _buurgemeente(plek.opslag, plek.buurt.eerste("noord")[0])
    with plek.dienst() as dienst:
        for onderwerp in ("wijkteam", "regisseur", "zorg"):
            client = dienst.als(onderwerp)
            answers = [client.vraag(vragen.PERSOON, id=id) for id in (made, str(uuid4()))]
            gelijk(*answers)
            [regel] = gelijk_gelogd(dienst, *answers)
            assert regel["resultaat"] == "GEEN_RESULTAAT"
            assert made not in {node["id"] for node in lijst(client)[0]}
