"""From a user to an Actor: roles from SQL, one activity, and a log that must be there."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import orjson
import pytest

from wijkwerk.klok import vandaag
from wijkwerk_graphql.testing import Dienst

pytestmark = pytest.mark.anyio
VRAAG = b'{"query":"{ik{activiteit}}"}'


def headers(trace: str) -> dict[str, str]:
    return {"traceparent": f"00-{trace}-{'1' * 16}-01"}


async def test_the_actor_is_the_user_with_the_roles_of_today(dienst_elk: Dienst, trace: str) -> None:
    answer = await dienst_elk.post(**headers(trace))
    assert (answer.status_code, answer.json()) == (200, {"data": {"ik": {"activiteit": "WMO_ONDERSTEUNING"}}})
    [regel] = await dienst_elk.regels(trace)
    assert (regel["gebruiker"], regel["gemeente"], regel["organisatie"]) == (
        dienst_elk.gebruikers["anna"].hex, dienst_elk.gemeente.hex, dienst_elk.organisatie.hex,
    )  # fmt: skip
    assert (regel["rollen"], datetime.fromisoformat(regel["tijdstip"])) == (["WIJKTEAM"], dienst_elk.klok.nu())
    assert answer.headers["traceparent"] == f"00-{trace}-{regel['span']}-01"


async def test_a_user_whose_job_ended_yesterday_has_no_rights_today(dienst_elk: Dienst, trace: str) -> None:
    await dienst_elk.gebruiker("piet", "WIJKTEAM", tot=vandaag(dienst_elk.klok) - timedelta(days=1))
    await dienst_elk.gebruiker("els", "WIJKTEAM", tot=vandaag(dienst_elk.klok))
    refused = await dienst_elk.post(sub="piet", **headers(trace))
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]) == (403, {"code": "GEEN_RECHT"})
    assert (await dienst_elk.post(sub="els")).status_code == 200
    assert len(await dienst_elk.gelezen()) == 1
    [regel] = await dienst_elk.regels(trace)
    assert (regel["gebeurtenis"], regel["code"]) == ("VERZOEK_GEWEIGERD", "GEEN_RECHT")


async def test_an_unknown_user_is_refused_on_each_engine(dienst_elk: Dienst, trace: str) -> None:
    assert (await dienst_elk.post(sub="niemand", **headers(trace))).status_code == 401
    [regel] = await dienst_elk.regels(trace)
    assert (regel["code"], await dienst_elk.gelezen()) == ("GEBRUIKER_ONBEKEND", [])


async def test_roles_in_the_token_mean_nothing(dienst_elk: Dienst) -> None:
    await dienst_elk.gebruiker("zonder")
    assert (await dienst_elk.post(sub="zonder", Verwerkingsactiviteit="WMO_ONDERSTEUNING")).status_code == 403
    assert await dienst_elk.gelezen() == []


@pytest.mark.parametrize("activiteit", ["", "PARTICIPATIE", "wmo_ondersteuning", "' OR 1=1", "é", "x" * 5000])
async def test_another_activity_is_refused_and_logged_with_the_user(dienst: Dienst, trace: str, activiteit: str) -> None:
    before = len(await dienst.gelezen())
    extra = [(b"Verwerkingsactiviteit", activiteit.encode())] if activiteit else []
    sent = [(k.encode(), v.encode()) for k, v in {**dienst.headers("fatima"), **headers(trace)}.items()]
    answer = await dienst.client.post("/graphql", content=b'{"query":"{ik{activiteit}}"}', headers=[*sent, *extra])
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (403, {"code": "GEEN_RECHT"})
    assert len(await dienst.gelezen()) == before
    [regel] = await dienst.regels(trace)
    assert (regel["gebeurtenis"], regel["gebruiker"]) == ("VERZOEK_GEWEIGERD", dienst.gebruikers["fatima"].hex)
    assert len(orjson.dumps(regel)) < 1000


async def test_two_activities_are_refused(dienst: Dienst) -> None:
    twice = [("Verwerkingsactiviteit", "WMO_ONDERSTEUNING")] * 2
    answer = await dienst.client.post("/graphql", content=VRAAG, headers=[*dienst.headers("fatima").items(), *twice])
    assert answer.status_code == 403


async def test_the_header_names_the_activity(dienst: Dienst) -> None:
    answer = await dienst.post(sub="fatima", Verwerkingsactiviteit="BELEIDSINFORMATIE")
    assert answer.json() == {"data": {"ik": {"activiteit": "BELEIDSINFORMATIE"}}}


async def test_the_header_names_the_organisation(dienst: Dienst) -> None:
    answer = await dienst.post(sub="anna", Organisatie=str(dienst.organisatie))
    assert answer.json() == {"data": {"ik": {"activiteit": "WMO_ONDERSTEUNING"}}}


@pytest.mark.parametrize("organisatie", ["Gemeente", str(UUID(int=7)), "x" * 5000], ids=["a name", "another", "long"])
async def test_another_organisation_is_refused_and_logged_with_the_user(dienst: Dienst, trace: str, organisatie: str) -> None:
    before = len(await dienst.gelezen())
    answer = await dienst.post(sub="anna", Organisatie=organisatie, **headers(trace))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (403, {"code": "GEEN_RECHT"})
    assert len(await dienst.gelezen()) == before
    [regel] = await dienst.regels(trace)
    assert (regel["gebeurtenis"], regel["gebruiker"]) == ("VERZOEK_GEWEIGERD", dienst.gebruikers["anna"].hex)


async def test_a_refusal_that_cannot_be_logged_is_503(dienst_elk: Dienst) -> None:
    await dienst_elk.wijkwerk.journal.close()
    for sub in ("niemand", "fatima"):
        answer = await dienst_elk.post(sub=sub)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (503, {"code": "LOG_NIET_BESCHIKBAAR"})
    assert await dienst_elk.gelezen() == []


async def test_without_a_database_it_is_503_for_who_has_a_good_token(dienst_elk: Dienst) -> None:
    await dienst_elk.wijkwerk.database.close()
    answer = await dienst_elk.post()
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (503, {"code": "DATABASE_NIET_BESCHIKBAAR"})
    assert (await dienst_elk.client.get("/healthz")).status_code == 200
    assert (await dienst_elk.client.get("/readyz")).status_code == 503
