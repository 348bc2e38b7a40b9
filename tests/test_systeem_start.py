"""The server as an operator starts and stops it."""

from __future__ import annotations

from tests.systeem.dienst import Plek


def test_a_server_answers_over_http_and_stops_when_told(plek: Plek) -> None:
    with plek.dienst() as dienst:
        assert dienst.als("wijkteam").data("{ ik { rollen } personen { totalCount } }")["ik"] == {"rollen": ["WIJKTEAM"]}
        assert dienst.stop() == 0
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed
