"""A made-up municipality on a real database, for tests: organisations, teams, a user for each role, and a clock that stands still.

Add `"wijkwerk.testing.wijk"` to `pytest_plugins`; override the fixture `plugins` to test with plugins.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Connection, Executable, Row, insert, select

from ..aanmeldingen.aanmelden import aanmelden
from ..access.actor import Actor, Functie
from ..app import Wijkwerk
from ..contactgegevens import Contactsoort
from ..dossiers.openen import open_dossier
from ..gebieden import Gebied, Gebiedsbron, Gebiedsoort
from ..gebruikers import Aanstelling, Gebruiker
from ..klok import StaandeKlok
from ..log.tables import log_regel
from ..organisaties import Organisatie, Organisatiesoort, Team, maak_gemeente
from ..records.read import Reader
from ..records.session import Work
from ..settings import Postinstellingen, Settings, Smtp
from ..storage.base import Database
from ..storage.columns import nieuw_id
from ..toestemmingen.tekst import Toestemmingstekst

T = TypeVar("T")
BEGIN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WERKGEVER = {
    "PEERCOACH": "bewoners", "BUURTCOACH": "dock", "VRIJW_COORD": "dock", "MZ_CONSULENT": "dock", "DOCK": "dock", "ZORG": "zorg",
    "GROEPSHOST": "bewoners", "PARTNER_BEHEER": "dock",
}  # fmt: skip
"""Where somebody with this role works; every other role is of the municipality."""
POST = Postinstellingen(
    afzender_adres="wijkteam@voorbeeld.nl", afzender_naam="Gemeente Voorbeeld", werkplek="https://werkplek.voorbeeld.nl",
    smtp=Smtp(host="127.0.0.1"),
)  # fmt: skip
"""Mail of the made-up municipality."""
SOORT = {"stad": Organisatiesoort.GEMEENTE, "dock": Organisatiesoort.WELZIJN, "zorg": Organisatiesoort.ZORG}

OP_SQLITE = pytest.mark.parametrize("database_savepoint", ["sqlite"], indirect=True)
"""For a test with `wijk_vlug` and many cases of what a rule in Python refuses: that is the same on each database, so one is enough."""


class Wijk:
    """One municipality (and a neighbour) with `ids` by name: `gemeente`, `buurgemeente`, organisations, teams and a user per role."""

    def __init__(self, wijkwerk: Wijkwerk, klok: StaandeKlok) -> None:
        self.wijkwerk, self.klok = wijkwerk, klok
        names = ("gemeente", "buurgemeente", "stad", "dock", "zorg", "bewoners", "buurstad", "team", "ander_team")
        self.ids = {name: nieuw_id() for name in (*names, *wijkwerk.catalogue.rollen)}

    def __getattr__(self, name: str) -> UUID:
        try:
            return self.__dict__["ids"][name]  # type: ignore[no-any-return] # __dict__ knows no types
        except KeyError:
            raise AttributeError(name) from None

    async def fill(self) -> None:
        """Put the made-up municipality in."""
        await self.wijkwerk.database.transact(self._fill)

    def _fill(self, connection: Connection) -> None:
        with self.wijkwerk.database.keys(connection):  # one transaction in the file of keys, not one per key
            for name, cbs_code in (("gemeente", "GM9999"), ("buurgemeente", "GM9998")):
                maak_gemeente(connection, self.ids[name], name, cbs_code)
                self.wijkwerk.keyring.prepare(connection, self.ids[name])
        rows: dict[type[Any], list[dict[str, Any]]] = {}
        for record, values in self._rows():
            rows.setdefault(record, []).append(self._row(record, values))
        for record, each in rows.items():  # one statement per table: this is done for hundreds of tests
            connection.execute(insert(record.tabel()), each)

    def _rows(self) -> Iterator[tuple[type[Any], dict[str, Any]]]:
        for name in ("stad", "dock", "zorg", "bewoners"):
            soort = SOORT.get(name, Organisatiesoort.OVERIG)
            yield Organisatie, {"id": self.ids[name], "naam": name, "soort": soort, "verantwoordelijke_id": self.ids[name]}
        for number, name in enumerate(("team", "ander_team")):
            gebied = nieuw_id()
            yield Gebied, {
                "id": gebied, "code": f"WK{number}", "naam": f"Wijk {number}", "soort": Gebiedsoort.WIJK,
                "herkomst": Gebiedsbron.GEMEENTE, "van": date(2020, 1, 1),
            }  # fmt: skip
            yield Team, {"id": self.ids[name], "naam": name, "organisatie_id": self.stad, "gebied_id": gebied}
        for rol in self.wijkwerk.catalogue.rollen:
            yield from self._employed(rol)
        for doel in self.wijkwerk.catalogue.doelen:
            yield Toestemmingstekst, {
                "doel": doel, "aanduiding": "v1", "taal": "nl", "leesniveau": "B1", "tekst": "Vindt u dit goed?", "van": date(2020, 1, 1),
            }  # fmt: skip

    def _employed(self, rol: str) -> Iterator[tuple[type[Any], dict[str, Any]]]:
        functie = self.functie(rol)
        employer = {"naam": rol.lower(), "verantwoordelijke_id": functie.organisatie}
        yield Gebruiker, {"id": self.ids[rol], "issuer": "test", "onderwerp": rol, **employer}
        if not self.wijkwerk.catalogue.rollen[rol].eigen:
            yield Aanstelling, {
                "gebruiker_id": self.ids[rol], "organisatie_id": functie.organisatie, "team_id": functie.team, "rol": rol,
                "van": date(2026, 1, 1), **employer,
            }  # fmt: skip

    def put(self, connection: Connection, record: type[Any], **values: Any) -> UUID:
        """A row as it would be in the database, past every check: for what has to be there before a test. Returns its id."""
        filled = self._row(record, values)
        connection.execute(insert(record.tabel()), filled)
        return UUID(str(filled["id"]))

    def _row(self, record: type[Any], values: dict[str, Any]) -> dict[str, Any]:
        van = {"verantwoordelijke_id": self.stad} if "verantwoordelijke_id" in record.velden else {}
        filled = {"id": nieuw_id(), "gemeente_id": self.gemeente, "versie": 1} | van | values
        if "openbaar" in record.velden:
            filled.setdefault("openbaar", record.tabel().c.openbaar.default.arg)
        return filled

    def functie(self, rol: str) -> Functie:
        """The employment of the user with this role."""
        team = self.team if rol in ("WIJKTEAM", "REGISSEUR", "TEAMLEIDER", "CRISISDIENST") else None
        return Functie(rol, self.ids[WERKGEVER.get(rol, "stad")], team)

    def actor(self, rol: str, *, gebruiker: UUID | None = None, team: UUID | None = None, activiteit: str | None = None) -> Actor:
        """Who has this role, a moment after the one before; another user or team when given. The activity is the role's first."""
        self.klok.moment += timedelta(microseconds=1)
        functie = self.functie(rol)
        chosen = activiteit or self.wijkwerk.catalogue.rollen[rol].activiteiten[0]
        functies = [Functie(rol, functie.organisatie, team or functie.team)]
        return self.wijkwerk.toewijzer.actor(gebruiker or self.ids[rol], self.gemeente, functies, chosen, self.klok.nu())

    async def lees(self, rol: str | Actor, work: Callable[[Reader], T]) -> T:
        """A read by who has this role."""
        return await self.wijkwerk.read(self.actor(rol) if isinstance(rol, str) else rol, work, onderdeel="test")

    async def schrijf(self, rol: str | Actor, unit: Callable[[Work], T]) -> T:
        """A unit of work by who has this role."""
        return await self.wijkwerk.write(self.actor(rol) if isinstance(rol, str) else rol, unit, onderdeel="test")

    async def inwoner(
        self, geslachtsnaam: str = "Moulin", *, rol: str | Actor = "WIJKTEAM", contact: Sequence[str] = (), **gegevens: Any
    ) -> UUID:
        """A resident who is reported to the team, with these telephone numbers and e-mail addresses."""
        bereik = [{"soort": Contactsoort.EMAIL if "@" in waarde else Contactsoort.TELEFOON, "waarde": waarde} for waarde in contact]
        return await self.schrijf(rol, lambda work: aanmelden(work, {"geslachtsnaam": geslachtsnaam} | gegevens, contactgegevens=bereik))

    async def dossier(self, *personen: UUID, vraag: str | None = None) -> UUID:
        """A case of the team about these residents, with the team's casusregisseur."""
        return await self.schrijf("WIJKTEAM", lambda work: open_dossier(work, personen, vraag=vraag, regisseur=self.REGISSEUR))

    async def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """What is in the database, past every check."""
        async with self.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: connection.execute(statement).all())

    async def change(self, statement: Executable) -> None:
        """Change the database past every check, as who holds the disk could."""
        await self.wijkwerk.database.transact(lambda connection: connection.execute(statement) and None)

    async def log(self) -> list[dict[str, Any]]:
        """The entries of the log in the order they were written, without those about streams and about the log itself."""
        bodies = [row.body for row in await self.rows(select(log_regel.c.body).order_by(log_regel.c.stroom, log_regel.c.seq))]
        parsed = [orjson.loads(body) for body in bodies]
        return sorted((p for p in parsed if not p["gebeurtenis"].startswith(("STROOM", "LOG_INGESTELD"))), key=lambda p: str(p["tijdstip"]))


@pytest.fixture
def plugins() -> list[Any]:
    """Which plugins the system under test has beside the core; none, unless a conftest.py or test module says otherwise."""
    return []


@pytest.fixture
async def wijk(database: Database, tmp_path: Path, plugins: list[Any]) -> AsyncIterator[Wijk]:
    """The made-up municipality on a database of its own, on both engines, with real commits."""
    async with made(database, tmp_path, plugins) as opened:
        yield opened


@pytest.fixture
async def wijk_vlug(database_savepoint: Database, tmp_path: Path, plugins: list[Any]) -> AsyncIterator[Wijk]:
    """The same, quicker: on PostgreSQL in one transaction that is forgotten afterwards. Not for what happens at the same time."""
    async with made(database_savepoint, tmp_path, plugins) as opened:
        yield opened


@asynccontextmanager
async def made(database: Database, folder: Path, plugins: Sequence[Any]) -> AsyncIterator[Wijk]:
    """An open system on this database, with the made-up municipality in it."""
    klok = StaandeKlok(BEGIN)
    async with Wijkwerk(Settings(map=folder, post=POST), plugins, klok=klok, database=database) as wijkwerk:
        wijk = Wijk(wijkwerk, klok)
        await wijk.fill()
        yield wijk
