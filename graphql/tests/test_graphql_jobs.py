"""Planned work through the API: to look at, for administrators and the data protection officer, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from wijkwerk.jobs.loop import Jobloop, Loopstatus
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
VELDEN = "totalCount edges{node{naam periode status pogingen begonnenOp klaarOp gedaan totaal foutcode}}"
LIJST = f"query($f:JobsFilter,$n:Int){{jobs(filter:$f,first:$n){{pageInfo{{hasNextPage}} {VELDEN}}}}}"


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    """Three runs, one of them of a job that nobody declares any more, and one of the neighbours."""
    for number, (naam, status, code) in enumerate(
        [("oud-werk", "KLAAR", None), ("mail", "MISLUKT", "INTERNE_FOUT"), ("mail", "KLAAR", None)]
    ):
        await loop(wijk_vlug, wijk_vlug.gemeente, number, naam, Loopstatus(status), code)
    await loop(wijk_vlug, wijk_vlug.buurgemeente, 9, "mail", Loopstatus.KLAAR, None)
    return wijk_vlug


async def loop(wijk: Wijk, gemeente: Any, number: int, naam: str, status: Loopstatus, code: str | None) -> None:
    begin = BEGIN + timedelta(hours=number)
    await wijk.change(
        insert(Jobloop.tabel()).values(
            id=uuid4(), gemeente_id=gemeente, versie=3, naam=naam, periode=f"2027-02-0{number + 1}", status=status, pogingen=1,
            begonnen_op=begin, gedaan=number, foutcode=code, plek="geheim-merk",
        )
    )  # fmt: skip


def namen(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(edge["node"]["naam"], edge["node"]["status"]) for edge in found["jobs"]["edges"]]


async def test_who_runs_the_installation_sees_the_runs_of_the_own_municipality_newest_first(wijk: Wijk, vraag: Vrager) -> None:
    for rol in ("BEHEER", "FG"):
        found = await vraag.data(rol, LIJST)
        assert namen(found) == [("mail", "KLAAR"), ("mail", "MISLUKT"), ("oud-werk", "KLAAR")]
        assert found["jobs"]["totalCount"] == 3
        assert found["jobs"]["edges"][1]["node"] == {
            "naam": "mail", "periode": "2027-02-02", "status": "MISLUKT", "pogingen": 1, "begonnenOp": "2027-03-01T10:00:00Z",
            "klaarOp": None, "gedaan": 1, "totaal": None, "foutcode": "INTERNE_FOUT",
        }  # fmt: skip


async def test_the_list_is_narrowed_and_paged(wijk: Wijk, vraag: Vrager) -> None:
    assert namen(await vraag.data("BEHEER", LIJST, f={"naam": "mail", "status": "MISLUKT"})) == [("mail", "MISLUKT")]
    assert namen(await vraag.data("BEHEER", LIJST, f={"naam": "x" * 5000})) == []
    page = await vraag.data("BEHEER", LIJST, n=2)
    assert (len(page["jobs"]["edges"]), page["jobs"]["pageInfo"]["hasNextPage"]) == (2, True)
    assert codes(await vraag("BEHEER", LIJST, f={"status": None})) == ["ONGELDIGE_INVOER"]


async def test_nobody_else_sees_them_and_the_bookmark_and_owner_are_in_no_answer(wijk: Wijk, vraag: Vrager) -> None:
    for rol in set(wijk.wijkwerk.catalogue.rollen) - {"BEHEER", "FG", "JOBS"}:
        assert set(codes(await vraag(rol, LIJST))) == {"GEEN_RECHT"}, rol
    for veld in ("plek", "eigenaar", "geldigTot"):
        assert set(codes(await vraag("BEHEER", f"{{jobs{{edges{{node{{{veld}}}}}}}}}"))) == {"DOCUMENT_ONGELDIG"}
