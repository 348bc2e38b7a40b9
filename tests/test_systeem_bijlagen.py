"""Files with notes when everything breaks half-way: nothing is half visible, what is left is cleared away, and sending again works."""

from __future__ import annotations

import os
import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPResponse
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, select, text, update
from tests.systeem import vragen
from tests.systeem.client import Client
from tests.systeem.dienst import Dienst, Plek
from tests.systeem.opslag import Opslag

from wijkwerk.notities.bijlage import Bijlage, bijlagedeel

BESTAND = b"".join(b"Regel %06d van het verslag van de huisarts.\n" % nummer for nummer in range(20_000))
"""Some 900 kB: fourteen parts, of which four at a time are put away."""
HALF, GEDULD = 600_000, 60
NAAM = {"Content_Disposition": "attachment; filename*=UTF-8''huisarts.txt", "Content_Type": "text/plain"}
BIJLAGEN = "query ($id: ID!) { notitie(id: $id) { bijlagen { id omvang } } }"
ONBEPERKT = resource.RLIM_INFINITY
APP = "wijkwerk_bestanden"


@dataclass
class Proef:
    """A note in an installation, and a client that sends a file with it under a number of its own."""

    plek: Plek
    map: Path | None
    notitie: str = ""
    nummer: str = field(default_factory=lambda: str(uuid4()))

    def begin(self, dienst: Dienst) -> None:
        """Write the note."""
        persoon, dossier = self.plek.buurt.eerste("noord")
        made = dienst.als("wijkteam").data(vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst="Zie het bestand.")
        self.notitie = made["notitieSchrijven"]["id"]

    @contextmanager
    def half(self, client: Client) -> Iterator[socket.socket]:
        """Send the half; what came in is put away already when the block begins."""
        with client.half(f"/bijlagen/{self.notitie}", BESTAND, HALF, Inzending=self.nummer, **NAAM) as connection:
            wacht(lambda: self.delen() > 0)
            yield connection

    def delen(self) -> int:
        """How many bytes or parts are kept, whoever they are of."""
        files = [] if self.map is None or not self.map.exists() else [path for path in self.map.rglob("*") if path.is_file()]
        return len(self.plek.opslag.rows(select(bijlagedeel.c.nummer))) + sum(omvang(path) for path in files)

    def niets(self, client: Client) -> None:
        """Nobody sees a file, no row names one, and the log says of none that it was placed or read."""
        assert client.data(BIJLAGEN, id=self.notitie)["notitie"]["bijlagen"] == []
        assert self.plek.opslag.rows(select(Bijlage.tabel().c.id)) == []
        assert [regel for regel in self.log() if regel["onderdeel"] == "bijlage-lezen" or regel["actie"] == "C"] == []
        assert [regel for regel in self.log() if regel.get("velden")] == []

    def log(self) -> list[dict[str, object]]:
        """What the log says of files."""
        return [regel for regel in self.plek.opslag.log() if str(regel["onderdeel"]).startswith("bijlage-")]

    def opnieuw(self, client: Client) -> str:
        """Send all of it again under its number, twice: it is there once, as it was."""
        answers = [client.doe("POST", f"/bijlagen/{self.notitie}", BESTAND, Inzending=self.nummer, **NAAM) for _ in range(2)]
        assert [answer.status for answer in answers] == [201, 201]
        [id] = {answer.data["bijlage"]["id"] for answer in answers}
        assert client.data(BIJLAGEN, id=self.notitie)["notitie"]["bijlagen"] == [{"id": id, "omvang": len(BESTAND)}]
        self.leesbaar(client, str(id))
        return str(id)

    def leesbaar(self, client: Client, id: str) -> None:
        """It comes back as it was."""
        read = client.doe("GET", f"/bijlagen/{id}", Content_Type="")
        assert (read.status, read.body == BESTAND) == (200, True)

    def opgeruimd(self) -> int:
        """What is kept after the job ran, two days later as far as the parts know."""
        oud = self.plek.begin - timedelta(days=2)
        self.plek.opslag.change(update(bijlagedeel).values(sinds=oud))
        for path in [] if self.map is None else self.map.rglob("*"):
            os.utime(path, (oud.timestamp(), oud.timestamp()))
        done = self.plek.opdracht("jobs", "run", "bijlagen-opruimen")
        assert done.returncode == 0, done.stderr
        return self.delen()


def omvang(path: Path) -> int:
    """How large a file is; nothing when the server took it away meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def wacht(klaar: Callable[[], bool]) -> None:
    """Until it is so. Raises AssertionError when it stays otherwise."""
    end = time.monotonic() + GEDULD
    while not klaar():
        assert time.monotonic() < end
        time.sleep(0.02)


def antwoord(connection: socket.socket) -> tuple[int, bytes]:
    """Send the rest; what is said then."""
    connection.sendall(BESTAND[HALF:])
    response = HTTPResponse(connection)
    response.begin()
    return response.status, response.read()


def _proef(plek: Plek, waar: str) -> Proef:
    """With files in the database, or in a folder."""
    map = plek.folder / "bijlagen" if waar == "map" else None
    if map is not None:
        (plek.folder / "wijkwerk.toml").write_text(f'[bijlagen]\nwaar = "map"\nmap = "{map}"\n')
    return Proef(plek, map)


@pytest.mark.parametrize("waar", ["database", "map"])
def test_killed_half_way_nothing_is_visible_and_what_is_left_is_cleared_away(plek: Plek, waar: str) -> None:
    proef = _proef(plek, waar)
    dienst = proef.plek.start()
    proef.begin(dienst)
    with proef.half(dienst.als("wijkteam")):
        dienst.kill()
    rest = proef.delen()
    assert rest > 0
    with proef.plek.dienst() as dienst:
        client = dienst.als("wijkteam")
        proef.niets(client)
        id = proef.opnieuw(client)
        samen = proef.delen()
        assert proef.opgeruimd() == samen - rest
        proef.leesbaar(client, id)
    assert proef.plek.opslag.verifieer(proef.plek.buurt.sleutel).goed


@pytest.mark.parametrize(("engine", "waar"), [("sqlite", "map"), ("postgresql", "database")])
def test_a_client_that_is_gone_half_way_leaves_nothing(engine: str, waar: str, request: pytest.FixtureRequest) -> None:
    proef = _proef(request.getfixturevalue(f"plek_{engine}"), waar)
    with proef.plek.dienst() as dienst:
        proef.begin(dienst)
        client = dienst.als("wijkteam")
        with proef.half(client):
            pass
        wacht(lambda: proef.delen() == 0)
        proef.niets(client)
        proef.opnieuw(client)
    assert b"Regel 0" not in proef.plek.gezegd()


def test_a_full_disk_of_files_is_said_and_nothing_of_it_is_kept(plek: Plek) -> None:
    proef = _proef(plek, "map")
    with plek.dienst() as dienst:
        proef.begin(dienst)
        client = dienst.als("wijkteam")
        with proef.half(client) as connection:
            resource.prlimit(dienst.process.pid, resource.RLIMIT_FSIZE, (300_000, ONBEPERKT))
            status, said = antwoord(connection)
        resource.prlimit(dienst.process.pid, resource.RLIMIT_FSIZE, (ONBEPERKT, ONBEPERKT))
        assert (status, b"NIET_BESCHIKBAAR" in said) == (503, True)
        assert proef.delen() == 0
        proef.niets(client)
        proef.opnieuw(client)
    assert plek.opslag.verifieer(plek.buurt.sleutel).goed


@contextmanager
def zonder_log(eigenaar: str) -> Iterator[None]:
    """The server may write no entries."""
    opslag = Opslag(eigenaar)
    opslag.change(text(f"REVOKE INSERT ON log_regel FROM {APP}"))
    yield
    opslag.change(text(f"GRANT INSERT ON log_regel TO {APP}"))


@contextmanager
def zonder_database(eigenaar: str) -> Iterator[None]:
    """The database is gone, with all connections to it."""
    name = make_url(eigenaar).database
    elders = Opslag(make_url(eigenaar).set(database="postgres").render_as_string(hide_password=False))
    elders.change(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
    elders.change(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
    yield
    elders.change(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))


@pytest.fixture
def eigenaar(plek_postgresql: Plek) -> str:
    """The address of who owns the database; the server has a user of which rights can be taken away."""
    owner, opslag = plek_postgresql.url, plek_postgresql.opslag
    if not opslag.rows(text(f"SELECT 1 FROM pg_roles WHERE rolname = '{APP}'")):
        opslag.change(text(f"CREATE ROLE {APP} LOGIN"))
    opslag.change(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {APP}"))
    opslag.change(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {APP}"))
    plek_postgresql.url = make_url(owner).set(username=APP).render_as_string(hide_password=False)
    return owner


@pytest.mark.parametrize(("zonder", "waar"), [(zonder_log, "map"), (zonder_database, "database")])
def test_without_a_log_or_a_database_the_last_byte_makes_no_file(
    plek_postgresql: Plek, eigenaar: str, zonder: Callable[[str], AbstractContextManager[None]], waar: str
) -> None:
    proef = _proef(plek_postgresql, waar)
    with plek_postgresql.dienst() as dienst:
        proef.begin(dienst)
        client = dienst.als("wijkteam")
        with proef.half(client) as connection, zonder(eigenaar):
            status, said = antwoord(connection)
        assert (status, b"NIET_BESCHIKBAAR" in said) == (503, True)
        proef.niets(client)
        rest = proef.delen()
        id, samen = proef.opnieuw(client), proef.delen()
        assert proef.opgeruimd() == samen - rest
        proef.leesbaar(client, id)
    assert Opslag(eigenaar).verifieer(plek_postgresql.buurt.sleutel).goed
