"""Who can write in the database can spoil a note, but never make it say something else: every stored byte and place of it is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, delete, insert, select, update

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import dienstsleutel, gegevenssleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.errors import WijkwerkError
from wijkwerk.notities.aanvullen import vul_aan
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Aanvulling, Informatiebron, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
VELDEN = ("tekst", "oordeel", "bron_naam")
RIJEN = (Notitieversie.tabel(), Aanvulling.tabel())
SLEUTELS = (dienstsleutel, gegevenssleutel)
ZOVEEL = settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GETAL = st.integers(0, 2**16)
"""Which of them; of what is there the size is not known before. (Drawing in the test itself would end the loop in which it runs.)"""

Ingreep: TypeAlias = Callable[[Connection], None]


def _teksten(reader: Reader) -> list[str | None]:
    found = [row for record in (Notitieversie, Aanvulling) for row in reader.page(record, VELDEN, order=("geschreven",), first=50).rows]
    return [getattr(row, veld) for row in found for veld in VELDEN]


@dataclass
class Kluis:
    """Notes of two residents in a real database, what they say, and every row of them and of their keys."""

    wijk: Wijk
    teksten: list[str | None]
    rijen: dict[Table, list[dict[str, Any]]]

    @classmethod
    async def gevuld(cls, wijk: Wijk) -> Kluis:
        """Two versions, an addition and another resident's note."""
        for naam in ("Moulin", "Jansen"):
            persoon = await wijk.inwoner(naam)
            dossier = await wijk.dossier(persoon)
            een, beter, erbij = (_inhoud(f"{naam} {woord}") for woord in ("vertelt", "vertelt beter", "vult aan"))
            eerst = partial(schrijf, dossier=dossier, persoon=persoon, soort=Notitiesoort.BESLUIT, inhoud=een)
            notitie = await wijk.schrijf("REGISSEUR", eerst)
            await wijk.schrijf("REGISSEUR", partial(corrigeer, notitie=notitie, versie=1, inhoud=beter))
            await wijk.schrijf("REGISSEUR", partial(vul_aan, notitie=notitie, inhoud=erbij))
        kluis = cls(wijk, [], {})
        kluis.teksten = await kluis.lees()
        assert len(kluis.teksten) == 18
        assert None not in kluis.teksten
        await kluis._in(kluis._onthoud)
        return kluis

    def _onthoud(self, connection: Connection) -> None:
        for table in (*RIJEN, *SLEUTELS):
            with self._waar(connection, table) as here:
                self.rijen[table] = [dict(row) for row in here.execute(select(table)).mappings()]

    def ingepakt(self, table: Table) -> list[dict[str, Any]]:
        """The rows of keys with which these notes are opened."""
        rijen = self.rijen[table]
        if table is gegevenssleutel:
            return [row for row in rijen if row["dossier_id"] is not None]
        return [row for row in rijen if (row["doel"], row["gemeente_id"]) == ("KEK", self.wijk.gemeente)]

    def _waar(self, connection: Connection, table: Table) -> Any:
        return self.wijk.wijkwerk.database.keys(connection) if table in SLEUTELS else _Zelf(connection)

    async def _in(self, unit: Ingreep) -> None:
        await self.wijk.wijkwerk.database.transact(unit)

    async def knoei(self, table: Table, statements: Iterator[Any] | list[Any]) -> None:
        """Change rows past every check."""

        def unit(connection: Connection) -> None:
            with self._waar(connection, table) as here:
                for statement in statements:
                    here.execute(statement)

        await self._in(unit)

    async def herstel(self, table: Table) -> None:
        """Put back what was there."""
        await self.knoei(table, [delete(table), insert(table).values(self.rijen[table])])

    async def lees(self) -> list[str | None]:
        """All texts, as a process would read them that has no key open."""
        wijkwerk = self.wijk.wijkwerk
        wijkwerk.keyring = Keyring(FileProvider(wijkwerk.settings.root_key_file), wijkwerk.database, wijkwerk.klok)
        return await self.wijk.lees("REGISSEUR", _teksten)

    async def geweigerd(self, *errors: type[WijkwerkError]) -> None:
        """Nothing of it is given: an error that holds no text, and no resident in the log as shown."""
        with pytest.raises(errors or Vervalst) as found:
            await self.lees()
        assert not any(tekst and tekst in repr(found.value) for tekst in self.teksten)
        entry = (await self.wijk.log())[-1]
        assert (entry["code"], "betrokkenen" in entry) == (found.value.code, False)


@dataclass
class _Zelf:
    connection: Connection

    def __enter__(self) -> Connection:
        return self.connection

    def __exit__(self, *_: object) -> None:
        """The connection is the unit's."""


def _inhoud(tekst: str) -> Inhoud:
    return Inhoud(tekst, Informatiebron.ANDERS, f"Oordeel: {tekst}", f"Bron: {tekst}")


def _van(table: Table, row: dict[str, Any]) -> Any:
    return (table.c.id == row["id"]) & (table.c.gemeente_id == row["gemeente_id"])


@pytest.fixture
async def kluis(wijk_vlug: Wijk) -> Kluis:
    return await Kluis.gevuld(wijk_vlug)


def verminkt(value: bytes, plek: int, byte: int, soort: str) -> bytes:
    """Other bytes at any place: changed, taken out, put in, or cut off."""
    at = plek % len(value)
    other = bytes([value[at] ^ byte])
    return {
        "anders": value[:at] + other + value[at + 1 :], "eruit": value[:at] + value[at + 1 :], "erbij": value[:at] + other + value[at:],
        "eraf": value[:at],
    }[soort]  # fmt: skip


GESLOTEN = [*((table, veld) for table in RIJEN for veld in VELDEN), *((table, "ingepakt") for table in SLEUTELS)]
"""Every stored value that is sealed or wrapped."""


@ZOVEEL
@given(welk=GETAL, rij=GETAL, plek=GETAL, byte=st.integers(1, 255), soort=st.sampled_from(["anders", "eruit", "erbij", "eraf"]))
async def test_any_byte_of_a_text_or_of_a_wrapped_key_that_is_another_is_an_error(
    kluis: Kluis, welk: int, rij: int, plek: int, byte: int, soort: str
) -> None:
    table, kolom = GESLOTEN[welk % len(GESLOTEN)]
    rijen = kluis.rijen[table] if table in RIJEN else kluis.ingepakt(table)
    row = rijen[rij % len(rijen)]
    await kluis.knoei(table, [update(table).where(_van(table, row)).values({kolom: verminkt(row[kolom], plek, byte, soort)})])
    await kluis.geweigerd(Vervalst, SleutelOntbreekt)  # the second: the number of a key in a value is another
    await kluis.herstel(table)


@ZOVEEL
@given(naar=GETAL, van=GETAL)
async def test_a_text_in_the_place_of_any_other_is_an_error(kluis: Kluis, naar: int, van: int) -> None:
    plekken = [(table, row, veld) for table in RIJEN for row in kluis.rijen[table] for veld in VELDEN]
    table, row, veld = plekken.pop(naar % len(plekken))
    _, bron, ander = plekken[van % len(plekken)]
    await kluis.knoei(table, [update(table).where(_van(table, row)).values({veld: bron[ander]})])
    await kluis.geweigerd()
    await kluis.herstel(table)


async def test_a_row_with_another_number_or_version_does_not_open(kluis: Kluis) -> None:
    for table in RIJEN:
        een, twee = kluis.rijen[table][:2]
        tijdelijk = nieuw_id()
        ruil = [
            update(table).where(_van(table, een)).values(id=tijdelijk),
            update(table).where(_van(table, twee)).values(id=een["id"]),
            update(table).where(table.c.id == tijdelijk).values(id=twee["id"]),
        ]
        for statements in (ruil, ruil[:1], [update(table).where(_van(table, een)).values(versie=een["versie"] + 1)]):
            await kluis.knoei(table, statements)
            await kluis.geweigerd()
            await kluis.herstel(table)
    assert await kluis.lees() == kluis.teksten


GEBONDEN: dict[tuple[Table, str], type[WijkwerkError]] = {
    **{(gegevenssleutel, kolom): SleutelOntbreekt for kolom in ("id", "gemeente_id", "kek_id")},
    **{(gegevenssleutel, kolom): Vervalst for kolom in ("persoon_id", "dossier_id")},
    **{(dienstsleutel, kolom): SleutelOntbreekt for kolom in ("id", "gemeente_id", "provider_sleutel")},
    (dienstsleutel, "generatie"): Vervalst,
}
"""What the row of a key says of it, and the error when it says something else."""
LOS = {(gegevenssleutel, "generatie"), (gegevenssleutel, "gemaakt"), (dienstsleutel, "doel"), (dienstsleutel, "gemaakt")}
"""What opens nothing: which key is the newest, what a service key is looked for by, and since when it is there."""


async def test_a_key_whose_row_says_something_else_opens_no_other_text(kluis: Kluis) -> None:
    assert {*GEBONDEN, *LOS} == {(table, column.name) for table in SLEUTELS for column in table.c if column.name != "ingepakt"}
    for table, kolom in [*GEBONDEN, *sorted(LOS, key=str)]:
        row = kluis.ingepakt(table)[0]
        anders = (row["generatie"] + 1, "0" * 16, nieuw_id(), kluis.wijk.klok.nu())
        await kluis.knoei(
            table,
            [update(table).where(_van(table, row)).values({kolom: next(value for value in anders if isinstance(row[kolom], type(value)))})],
        )
        if (table, kolom) in LOS:
            assert await kluis.lees() == kluis.teksten, kolom
        else:
            await kluis.geweigerd(GEBONDEN[table, kolom])
        await kluis.herstel(table)


async def test_keys_that_change_places_open_nothing(kluis: Kluis) -> None:
    een, twee = kluis.ingepakt(gegevenssleutel)
    for kolom in ("id", "persoon_id", "dossier_id", "ingepakt"):
        vrij: Any = b"" if kolom == "ingepakt" else nieuw_id()
        ruil = ((een[kolom], vrij), (twee[kolom], een[kolom]), (vrij, twee[kolom]))
        here = gegevenssleutel.c[kolom]
        await kluis.knoei(gegevenssleutel, [update(gegevenssleutel).where(here == van).values({kolom: naar}) for van, naar in ruil])
        await kluis.geweigerd()
        await kluis.herstel(gegevenssleutel)
    [kek] = kluis.ingepakt(dienstsleutel)
    for ander in kluis.rijen[dienstsleutel]:
        if ander["id"] != kek["id"]:
            await kluis.knoei(dienstsleutel, [update(dienstsleutel).where(_van(dienstsleutel, kek)).values(ingepakt=ander["ingepakt"])])
            await kluis.geweigerd()
            await kluis.herstel(dienstsleutel)
    bsn = next(row for row in kluis.rijen[dienstsleutel] if (row["doel"], row["gemeente_id"]) == ("BSN_INDEX", kluis.wijk.gemeente))
    await kluis.knoei(gegevenssleutel, [update(gegevenssleutel).values(kek_id=bsn["id"])])
    await kluis.geweigerd()
