"""Rights are those of the moment of a request: over HTTP, with the token that was good a moment ago (CareTogether: stale role caches)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import casbin
import pytest
from sqlalchemy import insert, update

from wijkwerk.access.policy import default_lines, load
from wijkwerk.access.policybestand import Beleidsregel, Regel, Weigering
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.klok import vandaag
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk_graphql.testing import Dienst

pytestmark = pytest.mark.anyio
LIJST = "{personen(first:5){edges{node{roepnaam taal beperkt}}}}"


async def stel(dienst: Dienst, sub: str = "anna", query: str = LIJST, **headers: str) -> Any:
    answer = await dienst.post({"query": query}, sub=sub, **headers)
    return answer.status_code, [error["extensions"]["code"] for error in answer.json().get("errors", [])]


def beleid(dienst: Dienst, *erbij: Beleidsregel, zonder: tuple[str, ...] = ()) -> None:
    """Another policy from now on, as after a restart with another file."""
    core = dienst.wijkwerk
    lines = [line for line in default_lines(core.catalogue.permissions.values()) if line.tekst not in zonder]
    core.toewijzer.policy = load([*lines, *erbij], core.catalogue)


async def test_a_role_that_ended_is_refused_at_the_next_request_of_the_same_token(dienst_elk: Dienst) -> None:
    dienst, a = dienst_elk, Aanstelling.tabel()
    assert await stel(dienst) == (200, [])
    gisteren = vandaag(dienst.klok) - timedelta(days=1)
    ends = update(a).where(a.c.gebruiker_id == dienst.gebruikers["anna"]).values(tot=gisteren)
    await dienst.wijkwerk.database.transact(lambda connection: connection.execute(ends) and None)
    assert await stel(dienst) == (403, ["GEEN_RECHT"])


async def test_another_role_and_another_policy_hold_at_the_next_request_also_for_a_document_that_is_known(dienst_elk: Dienst) -> None:
    dienst = dienst_elk
    assert [await stel(dienst) for _ in range(2)] == [(200, [])] * 2
    lezen = "p, WIJKTEAM, persoon:lezen"
    beleid(dienst, zonder=(lezen,))
    assert (await stel(dienst))[1] == ["GEEN_RECHT"]
    beleid(dienst, Regel("WIJKTEAM", "persoon:lezen", doel="PW_UITVOERING"), zonder=(lezen,))
    assert (await stel(dienst))[1] == ["GEEN_RECHT"]
    beleid(dienst, Regel("WIJKTEAM", "persoon:lezen", doel="WMO_ONDERZOEK"), zonder=(lezen,))
    assert await stel(dienst) == (200, [])
    a = Aanstelling.tabel()
    wordt = update(a).where(a.c.gebruiker_id == dienst.gebruikers["anna"]).values(rol="FG")
    await dienst.wijkwerk.database.transact(lambda connection: connection.execute(wordt) and None)
    assert (await stel(dienst))[1] == ["GEEN_RECHT"]


async def test_a_field_that_is_refused_from_now_on_orders_nothing_and_has_no_value(dienst_elk: Dienst) -> None:
    dienst = dienst_elk
    beleid(dienst, Weigering("WIJKTEAM", "Persoon.taal"))
    assert await stel(dienst) == (200, [])
    beleid(dienst, Weigering("WIJKTEAM", "Persoon.geslachtsnaam"))  # the list is in the order of surnames
    assert (await stel(dienst))[1] == ["GEEN_RECHT"]


async def test_a_request_asks_casbin_nothing_and_as_many_statements_however_many_roles_there_are(
    dienst_elk: Dienst, monkeypatch: pytest.MonkeyPatch
) -> None:
    dienst, asked = dienst_elk, []
    monkeypatch.setattr(casbin.FastEnforcer, "enforce", lambda *args: asked.append(args))
    await stel(dienst)

    async def counted() -> int:
        with count_statements(dienst.wijkwerk.database) as statements:
            assert await stel(dienst) == (200, [])
        return len(statements)

    first = await counted()
    values = {"gemeente_id": dienst.gemeente, "verantwoordelijke_id": dienst.organisatie, "versie": 1, "openbaar": False}
    job = {"gebruiker_id": dienst.gebruikers["fatima"], "naam": "x", "organisatie_id": dienst.organisatie, "rol": "TEAMLEIDER"}
    own = {**job, "gebruiker_id": dienst.gebruikers["anna"], "rol": "WIJKTEAM"}
    rows = [{"id": nieuw_id(), "van": vandaag(dienst.klok), **one, **values} for one in [job] * 500 + [own] * 50]
    await dienst.wijkwerk.database.transact(lambda connection: connection.execute(insert(Aanstelling.tabel()), rows) and None)
    assert await counted() == first
    assert asked == []
