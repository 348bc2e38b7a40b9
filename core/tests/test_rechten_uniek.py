"""Merging with rows of a plugin that a resident can have once, and undoing without the plugin (docs/decisions/0009)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N4
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, subject
from wijkwerk.rights.samenvoeging import samenvoegstap
from wijkwerk.rights.verplaatsen import SamenvoegenKanNiet
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.samenvoegingen import inhoud, ongedaan, samen
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


class Paskenmerk(PersonRecord):
    """What the two records of this test have in common."""

    __abstract__ = True
    owner = "samenproef"
    categorie = IDENTITEIT
    niveau = N4
    retention = Retention("eigen", "P1D", "einde proef")
    lezen = schrijven = PUBLIC


class Pas(Paskenmerk):
    """Een pas, van elke soort een."""

    owner = "samenproef"
    persoon_id: Mapped[UUID] = subject("Van wie")
    soort: Mapped[int] = field("Welke soort", level=N4)
    __table_args__ = (UniqueConstraint("gemeente_id", "persoon_id", "soort"),)


class Lidpas(Paskenmerk):
    """Een pas die mag achterblijven."""

    owner = "samenproef"
    kan_achterblijven = True
    persoon_id: Mapped[UUID] = subject("Van wie")
    soort: Mapped[int] = field("Welke soort", level=N4)
    __table_args__ = (UniqueConstraint("gemeente_id", "persoon_id", "soort"),)


RECORDS = (Pas, Lidpas)


INFO = PluginInfo("samenproef", "Proef.", "1.0")


PLUGIN = SimpleNamespace(
    __name__="wijkwerk_samenproef",
    plugin_info=hookimpl(lambda: INFO),
    declaraties=hookimpl(lambda: Declaraties(records=RECORDS)),
)


@pytest.fixture
def plugins() -> list[Any]:
    return [PLUGIN]


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    await make_tables(wijk_vlug.wijkwerk.database, [record.tabel() for record in RECORDS])
    return wijk_vlug


async def put(wijk: Wijk, record: type[Any], **values: Any) -> UUID:
    return await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, record, **values))


async def test_a_row_that_both_have_and_may_exist_once_is_in_the_way_unless_it_can_stay(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    for record in (Pas, Lidpas):
        for wie, soort in ((een, 1), (ander, 1), (ander, 2)):
            await put(wijk, record, persoon_id=wie, soort=soort)
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="Pas"):
        await samen(wijk, een, ander)
    assert await inhoud(wijk) == before
    p = Pas.tabel()
    await wijk.change(p.delete().where(p.c.persoon_id == ander, p.c.soort == 1))
    before = await inhoud(wijk)
    samenvoeging = await samen(wijk, een, ander)
    during = await inhoud(wijk)
    assert sorted((row.persoon_id == een, row.soort) for row in during["Lidpas"]) == [(False, 1), (True, 1), (True, 2)]
    assert [row.persoon_id for row in during["Pas"]] == [een, een]
    await ongedaan(wijk, samenvoeging)
    after = await inhoud(wijk)
    assert [after[name] for name in ("Pas", "Lidpas")] == [before[name] for name in ("Pas", "Lidpas")]


async def test_a_plugin_that_is_gone_stops_undoing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    samenvoeging = await samen(wijk, een, ander)
    t = samenvoegstap
    step = {
        "gemeente_id": wijk.gemeente,
        "samenvoeging_id": samenvoeging,
        "tabel": "weg_tabel",
        "kolom": "persoon_id",
        "rij_id": nieuw_id(),
    }
    await wijk.change(t.insert().values(step))
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="onderdeel"):
        await ongedaan(wijk, samenvoeging)
    assert await inhoud(wijk) == before
