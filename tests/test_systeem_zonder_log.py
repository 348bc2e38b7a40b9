"""Without a log no answer: nothing personal leaves while it can't be written, and work goes on when it can (design.md 1, idea 3)."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import make_url, text
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek

CODES = {"LOG_NIET_BESCHIKBAAR", "DATABASE_NIET_BESCHIKBAAR"}
UNLIMITED = resource.RLIM_INFINITY
KLEIN = 512
"""Bytes in a file: less than one page of the database, more than nothing, so that the log of the process is not what fails."""
APP = "wijkwerk_app"


def vragen_van(dienst: Dienst) -> list[tuple[Client, str, dict[str, Any]]]:
    """Reads, searches, changes and refusals of all kinds."""
    persoon, dossier = dienst.plek.buurt.eerste("noord")
    wijkteam, nieuw = dienst.als("wijkteam"), {"persoon": {"geslachtsnaam": "Schijfvol"}}
    return [
        (wijkteam, vragen.LIJST, {"first": 5}),
        (wijkteam, vragen.PERSOON_RUIM, {"id": persoon}),
        (dienst.als("zorg"), vragen.PERSOON, {"id": persoon}),
        (dienst.als("regisseur"), vragen.BSN, {"id": persoon}),
        (wijkteam, vragen.BSN, {"id": persoon}),
        (wijkteam, vragen.PERSOON, {"id": dossier}),
        (wijkteam, vragen.AANMELDEN, nieuw),
        (wijkteam, vragen.SCHRIJVEN, {"dossier": dossier, "persoon": persoon, "tekst": "Schijf vol."}),
        (wijkteam, vragen.SCHRIJVEN, {"dossier": persoon, "persoon": persoon, "tekst": "Schijf vol."}),
        (replace(wijkteam, token=None), vragen.LIJST, {"first": 5}),
    ]


def zwijgt(dienst: Dienst, antwoord: Antwoord) -> None:
    """503 or an error, and nothing of anybody."""
    assert antwoord.status == 503
    assert set(antwoord.codes) <= CODES
    assert antwoord.codes
    assert not any(antwoord.data.values())
    namen = {lid.bewoner.gegevens["geslachtsnaam"].encode() for one in dienst.plek.buurt.huishoudens for lid in one.leden} - {b"."}
    assert not [naam for naam in namen if naam in antwoord.body]


def proef(dienst: Dienst, onschrijfbaar: Callable[[], Any]) -> None:
    """Good before, silent during, good after; and nothing was written in between."""
    opslag, asked = dienst.plek.opslag, vragen_van(dienst)
    assert asked[0][0].data(asked[0][1], **asked[0][2])["personen"]["totalCount"] > 0
    before, entries = opslag.stand(), len(opslag.log())
    with onschrijfbaar():
        for client, query, variables in asked:
            zwijgt(dienst, client.vraag(query, **variables))
    assert (opslag.stand(), len(opslag.log())) == (before, entries)
    after = [client.vraag(query, **variables).status for client, query, variables in asked]
    assert not {500, 503} & set(after)
    assert opslag.stand()["persoon"] == before["persoon"] + 1
    assert opslag.stand()["notitie"] == before["notitie"] + 1
    assert opslag.verifieer(dienst.plek.buurt.sleutel).goed


def test_a_full_disk_gives_no_answers_and_work_goes_on_when_there_is_room(plek_sqlite: Plek) -> None:
    with plek_sqlite.dienst() as dienst:

        @contextmanager
        def full() -> Iterator[None]:
            resource.prlimit(dienst.process.pid, resource.RLIMIT_FSIZE, (KLEIN, UNLIMITED))
            yield
            resource.prlimit(dienst.process.pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))

        proef(dienst, full)


def test_a_table_of_the_log_that_can_only_be_read_gives_no_answers_and_work_goes_on_when_it_can_be_written(plek_sqlite: Plek) -> None:
    opslag = plek_sqlite.opslag
    with plek_sqlite.dienst() as dienst:

        @contextmanager
        def read_only() -> Iterator[None]:
            opslag.change(text("CREATE TRIGGER dicht BEFORE INSERT ON log_regel BEGIN SELECT RAISE(ABORT, 'alleen lezen'); END"))
            yield
            opslag.change(text("DROP TRIGGER dicht"))

        proef(dienst, read_only)


@pytest.fixture
def beperkt(plek_postgresql: Plek) -> Plek:
    """The installation under a database user with rights that can be taken away, as it should be in production."""
    opslag = plek_postgresql.opslag
    if not opslag.rows(text(f"SELECT 1 FROM pg_roles WHERE rolname = '{APP}'")):
        opslag.change(text(f"CREATE ROLE {APP} LOGIN"))
    opslag.change(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {APP}"))
    opslag.change(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {APP}"))
    return plek_postgresql


def test_without_the_right_to_insert_entries_there_are_no_answers(beperkt: Plek) -> None:
    owner = beperkt.opslag
    beperkt.url = make_url(beperkt.url).set(username=APP).render_as_string(hide_password=False)
    with beperkt.dienst() as dienst:

        @contextmanager
        def revoked() -> Iterator[None]:
            owner.change(text(f"REVOKE INSERT ON log_regel FROM {APP}"))
            yield
            owner.change(text(f"GRANT INSERT ON log_regel TO {APP}"))

        proef(dienst, revoked)


def test_a_database_that_is_gone_gives_no_answers_and_is_found_again(plek_postgresql: Plek) -> None:
    name = make_url(plek_postgresql.url).database
    away = make_url(plek_postgresql.url).set(database="postgres").render_as_string(hide_password=False)
    elders = type(plek_postgresql.opslag)(away)
    with plek_postgresql.dienst() as dienst:
        client = dienst.als("wijkteam")
        client.data(vragen.LIJST, first=5)
        elders.change(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
        elders.change(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
        zwijgt(dienst, client.vraag(vragen.LIJST, first=5))
        zwijgt(dienst, client.vraag(vragen.AANMELDEN, persoon={"geslachtsnaam": "Weg"}))
        elders.change(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
        assert client.data(vragen.LIJST, first=5)["personen"]["totalCount"] > 0
    assert plek_postgresql.opslag.verifieer(plek_postgresql.buurt.sleutel).goed
