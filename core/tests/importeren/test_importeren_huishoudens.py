"""Contact details and households of an import file: who lives together stays together, however the file was read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.importeren import inlezen
from wijkwerk.importeren.dubbel import MEESTE_LEDEN
from wijkwerk.importeren.inlezen import Uitslag
from wijkwerk.importeren.plek import Plek
from wijkwerk.importeren.samenvatting import samenvatting
from wijkwerk.importeren.systeem import als_import, zoek_systeemgebruiker
from wijkwerk.importeren.verslag import Uitkomst
from wijkwerk.personen import Persoon
from wijkwerk.records.history import Gegevensbron, Wijziging
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio

Importeer = Callable[..., Awaitable[Uitslag]]
Rijen = Callable[[], Awaitable[dict[str, int]]]
Schrijf = Callable[..., Path]
Zoek = Callable[..., Awaitable[Plek]]
VANDAAG = date(2027, 3, 1)
KOP = "BSN;geslachtsnaam;huishouden;huishoudrol;telefoon;mobiel;e-mail"
GEZIN = (
    ";Anders;Kade 1;hoofd;010 2671111;06 12345678;a@voorbeeld.nl", ";Berg;Kade 1;partner;;;", ";Cohen;Kade 2;hoofd;;06 12345678;",
    ";Dijk;;;;;", ";Evers;Kade 1;kind;;;",
)  # fmt: skip


async def huizen(stad: Wijk) -> dict[str, list[tuple[str, str]]]:
    """Per surname of who is named first, the surnames and roles in the household."""
    p, lid = Persoon.tabel(), Huishoudlid.tabel()
    chosen = select(lid.c.huishouden_id, p.c.geslachtsnaam, lid.c.rol).join(lid, lid.c.persoon_id == p.c.id).order_by(p.c.geslachtsnaam)
    found: dict[object, list[tuple[str, str]]] = {}
    for row in await stad.rows(chosen):
        found.setdefault(row.huishouden_id, []).append((row.geslachtsnaam, str(row.rol)))
    return {leden[0][0]: leden for leden in found.values()}


SAMEN = {"Anders": [("Anders", "HOOFD"), ("Berg", "PARTNER"), ("Evers", "KIND")], "Cohen": [("Cohen", "HOOFD")]}


async def bereik(stad: Wijk) -> list[tuple[str, str]]:
    p, c = Persoon.tabel(), Contactgegeven.tabel()
    rows = await stad.rows(select(p.c.geslachtsnaam, c.c.waarde).join(c, c.c.persoon_id == p.c.id).order_by(p.c.geslachtsnaam, c.c.waarde))
    return [tuple(row) for row in rows]


def stop(_: int) -> None:
    raise KeyboardInterrupt


async def test_rows_with_the_same_key_are_one_household_across_transactions(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    uitslag = await importeer(schrijf(*GEZIN, kop=KOP))
    assert await huizen(stad) == SAMEN
    assert (uitslag.meegekomen.huishoudens, uitslag.meegekomen.contactgegevens) == (2, 4)
    assert await bereik(stad) == [
        ("Anders", "+31102671111"), ("Anders", "+31612345678"), ("Anders", "a@voorbeeld.nl"), ("Cohen", "+31612345678"),
    ]  # fmt: skip
    lid = Huishoudlid.tabel()
    assert {tuple(row) for row in await stad.rows(select(lid.c.van, lid.c.tot, lid.c.soort))} == {(VANDAAG, None, "PARTICULIER")}


async def test_the_team_sees_them_and_another_team_does_not(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    await importeer(schrijf(*GEZIN, kop=KOP), team="team")
    assert await stad.lees("WIJKTEAM", lambda r: (r.count(Huishoudlid), r.count(Contactgegeven))) == (4, 4)
    assert await stad.lees(stad.actor("WIJKTEAM", team=stad.ander_team), lambda r: (r.count(Huishoudlid), r.count(Contactgegeven))) == (
        0,
        0,
    )


async def test_a_household_is_whole_after_a_stop_and_on_and_nothing_is_counted_twice(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, rijen: Rijen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlezen, "PER_TRANSACTIE", 2)
    pad = schrijf(*GEZIN, kop=KOP)
    proef = await importeer(pad, proef=True)
    with pytest.raises(KeyboardInterrupt):
        await importeer(pad, voortgang=stop)
    assert await huizen(stad) == {"Anders": SAMEN["Anders"][:2]}
    stad.klok.moment += timedelta(days=1)
    half = await importeer(pad, proef=True)
    uitslag = await importeer(pad)
    assert await huizen(stad) == SAMEN
    for seen in (proef, half, uitslag):
        assert (seen.meegekomen.huishoudens, seen.meegekomen.contactgegevens) == (2, 4)
    before = await rijen()
    assert (await importeer(pad)).was_klaar
    assert await rijen() == before


async def test_a_dry_run_says_how_many_and_writes_none(stad: Wijk, importeer: Importeer, schrijf: Schrijf, rijen: Rijen) -> None:
    before, pad = await rijen(), schrijf(*GEZIN, kop=KOP)
    uitslag = await importeer(pad, proef=True)
    gezegd = "\n".join(samenvatting(uitslag, pad, 0.0, proef=True))
    assert "e-mailadressen van wie is ingelezen: 4" in gezegd
    assert "Huishoudens van wie is ingelezen: 2" in gezegd
    assert await rijen() == before


async def test_the_same_key_in_another_file_is_another_household(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    await importeer(schrijf(GEZIN[0], kop=KOP))
    await importeer(schrijf(GEZIN[1], kop=KOP, naam="q.csv"))
    assert await huizen(stad) == {"Anders": [("Anders", "HOOFD")], "Berg": [("Berg", "PARTNER")]}


async def test_who_is_known_by_bsn_gets_no_contact_detail_and_no_household(stad: Wijk, importeer: Importeer, schrijf: Schrijf) -> None:
    await stad.inwoner("Bekend", bsn=Bsn.lees("999993653"))
    uitslag = await importeer(schrijf("999993653;Anders;Kade 1;hoofd;0612345678;;", *GEZIN[1:], kop=KOP))
    assert (uitslag.telling[Uitkomst.BESTAAT_AL], uitslag.meegekomen.huishoudens, uitslag.meegekomen.contactgegevens) == (1, 2, 1)
    assert await huizen(stad) == {"Berg": [("Berg", "PARTNER"), ("Evers", "KIND")], "Cohen": [("Cohen", "HOOFD")]}
    assert await bereik(stad) == [("Cohen", "+31612345678")]


async def test_a_refused_row_brings_nothing_along_and_the_rest_of_the_household_does(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf
) -> None:
    uitslag = await importeer(schrijf("1;Fout;Kade 1;hoofd;0612345678;;", ";Half;Kade 1;;0612345678;;", *GEZIN[1:], kop=KOP))
    assert (uitslag.geweigerd, uitslag.meegekomen.contactgegevens) == (2, 1)
    assert await huizen(stad) == {"Berg": [("Berg", "PARTNER"), ("Evers", "KIND")], "Cohen": [("Cohen", "HOOFD")]}


async def test_a_column_that_is_the_same_for_everybody_makes_no_household_of_the_neighbourhood(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf
) -> None:
    uitslag = await importeer(schrijf(*[f";Boer{at};Kade;medebewoner;;;" for at in range(MEESTE_LEDEN + 3)], kop=KOP))
    assert (uitslag.geweigerd, uitslag.meegekomen.huishoudens) == (3, 1)
    assert uitslag.fouten is not None
    assert {regel.split(";")[1] for regel in uitslag.fouten.read_text("utf-8-sig").splitlines()[1:]} == {"huishouden"}
    lid = Huishoudlid.tabel()
    assert [row[0] for row in await stad.rows(select(func.count()).select_from(lid))] == [MEESTE_LEDEN]


async def test_without_a_team_they_are_written_through_a_door_that_is_shut_the_next_moment(
    stad: Wijk, importeer: Importeer, schrijf: Schrijf, zoek: Zoek
) -> None:
    await importeer(schrijf(*GEZIN[2:4], kop=KOP), team=None)
    p, b = Persoon.tabel(), Betrokkenheid.tabel()
    rows = await stad.rows(select(p.c.geslachtsnaam, b.c.categorie_code).join(b, b.c.persoon_id == p.c.id))
    narrow = {"IDENTITEIT", "BETROKKENEN"}
    assert {row.categorie_code for row in rows if row.geslachtsnaam == "Cohen"} == narrow | {"CONTACT", "HUISHOUDEN"}
    assert {row.categorie_code for row in rows if row.geslachtsnaam == "Dijk"} == narrow
    async with stad.wijkwerk.database.snapshot() as snapshot:
        gebruiker = await snapshot.run(lambda connection: zoek_systeemgebruiker(connection, stad.gemeente))
    assert gebruiker is not None
    stad.klok.moment += timedelta(microseconds=1)
    later = als_import(stad.wijkwerk, await zoek(), gebruiker)
    assert await stad.lees(later, lambda r: (r.count(Persoon), r.count(Contactgegeven))) == (0, 0)
    assert await stad.lees("WIJKTEAM", lambda r: (r.count(Huishoudlid), r.count(Contactgegeven))) == (0, 0)
    assert await huizen(stad) == {"Cohen": [("Cohen", str(Huishoudrol.HOOFD))]}


@pytest.mark.parametrize("bron", list(Gegevensbron), ids=str)
async def test_the_history_says_who_the_values_came_from(stad: Wijk, importeer: Importeer, schrijf: Schrijf, bron: Gegevensbron) -> None:
    await importeer(schrijf(GEZIN[0], kop=KOP), bron=bron)
    w = Wijziging.tabel()
    rows = await stad.rows(select(w.c.tabelnaam, w.c.bron).where(w.c.tabelnaam.in_(["persoon", "contactgegeven", "huishoudlid"])))
    assert {tuple(row) for row in rows} == {("persoon", bron), ("contactgegeven", bron), ("huishoudlid", bron)}
