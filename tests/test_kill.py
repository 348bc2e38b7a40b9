"""kill -9 under load: every answer that reached a client has its entry, no entry is half, and the chain verifies after each restart.

Over real HTTP, on a database that waits for the disk. The same with a thousand rounds: `make soak`.
"""

from __future__ import annotations

from tests.systeem.dienst import Plek
from tests.systeem.klanten import blok
from tests.systeem.moeder import moeder

RONDES = 50


def test_fifty_times_killed_under_load_no_answer_is_unlogged_and_the_chain_verifies(plek_sqlite: Plek) -> None:
    with moeder(plek_sqlite) as servers:
        telling = blok(plek_sqlite, servers.start, seed=1, rondes=RONDES, hoeveel=3, antwoorden=(1, 12))
    assert telling.antwoorden >= 3 * RONDES
    assert telling.geschreven >= RONDES
    assert telling.regels > telling.antwoorden
