"""How to reach a resident: one form, never twice, one preferred of each kind; nothing for who may not see the resident (domain.md 1.11)."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import anyio
import orjson
import pytest
from sqlalchemy import select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.contactgegevens import INVOER, LANGSTE, MEESTE, Contactgegeven, Contactsoort, verwijder, voeg_toe, wijzig
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.history import Gegevensbron, Wijziging
from wijkwerk.records.opening import binding
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
TELEFOON, EMAIL = Contactsoort.TELEFOON, Contactsoort.EMAIL
MOBIEL: dict[str, Any] = {"soort": TELEFOON, "waarde": "06 12345678"}
MAIL: dict[str, Any] = {"soort": EMAIL, "waarde": "Suus@Voorbeeld.NL"}


async def stored(wijk: Wijk) -> list[Any]:
    c = Contactgegeven.tabel()
    return list(await wijk.rows(select(c).order_by(c.c.id)))


async def add(wijk: Wijk, persoon: UUID, rol: Any = "WIJKTEAM", **gegevens: Any) -> UUID:
    return await wijk.schrijf(rol, lambda work: voeg_toe(work, persoon, MOBIEL | gegevens))


async def change(wijk: Wijk, id: UUID, versie: int, rol: Any = "WIJKTEAM", **gegevens: Any) -> UUID:
    return await wijk.schrijf(rol, lambda work: wijzig(work, id, versie, gegevens))


async def seen(wijk: Wijk, rol: Any, persoon: UUID) -> list[tuple[Any, ...]]:
    order = ("-voorkeur", "waarde")
    rows = await wijk.lees(rol, lambda r: r.by_key(Contactgegeven, INVOER, "persoon_id", [persoon], order=order))
    return [tuple(getattr(row, name) for name in INVOER) for row in rows]


async def partner(wijk: Wijk, persoon: UUID, *categorieen: str) -> None:
    dossier = await wijk.dossier(persoon)
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", categorieen))


async def test_a_value_has_one_form_and_what_is_not_safe_stays_in_sight(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    await add(wijk, persoon, veilig_te_gebruiken=False)
    await add(wijk, persoon, **MAIL, voorkeur=True)
    assert await seen(wijk, "WIJKTEAM", persoon) == [(EMAIL, "Suus@voorbeeld.nl", True, True), (TELEFOON, "+31612345678", False, False)]


FOUT: dict[str, tuple[dict[str, Any], str]] = {
    "a number that is none": ({"waarde": "bel maar"}, "waarde"),
    "an address as a number": ({"waarde": "suus@voorbeeld.nl"}, "waarde"),
    "a number as an address": ({"soort": EMAIL}, "waarde"),
    "free text with an at-sign": ({"soort": EMAIL, "waarde": "mail suus @ huis"}, "waarde"),
    "nothing": ({"waarde": ""}, "waarde"),
    "spaces": ({"waarde": "   "}, "waarde"),
    "null": ({"waarde": None}, "waarde"),
    "huge": ({"waarde": "0612345678" * 20_000}, "waarde"),
    "a huge address": ({"soort": EMAIL, "waarde": "a" * (LANGSTE + 1) + "@voorbeeld.nl"}, "waarde"),
    "a NUL": ({"waarde": "0612345678\x00"}, "waarde"),
    "another kind": ({"soort": "FAX"}, "soort"),
    "no kind": ({"soort": None}, "soort"),
    "the same again": ({"waarde": "0031-6 1234 56 78"}, "waarde"),
    "the same in capitals": ({"soort": EMAIL, "waarde": "SUUS@VOORBEELD.nl"}, "waarde"),
    "another field": ({"persoon_id": nieuw_id()}, "persoon_id"),
    "an own id": ({"id": nieuw_id()}, "id"),
}


@pytest.mark.parametrize("soort", FOUT)
async def test_what_is_wrong_or_there_already_is_refused_and_nothing_happened(wijk_vlug: Wijk, soort: str) -> None:
    wijk, (gegevens, veld) = wijk_vlug, FOUT[soort]
    persoon = await wijk.inwoner(contact=["0612345678", "suus@voorbeeld.nl"])
    before = await stored(wijk)
    goed = {"waarde": "0687654321"} if "soort" in gegevens and "waarde" not in gegevens and gegevens["soort"] != EMAIL else {}
    with pytest.raises(OngeldigeInvoer) as refused:
        await add(wijk, persoon, **goed | gegevens)
    assert refused.value.veld == veld
    assert "suus" not in refused.value.melding.lower()
    assert await stored(wijk) == before


@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [({"soort": EMAIL}, "soort"), ({"waarde": None}, "waarde"), ({"voorkeur": None}, "voorkeur"), ({"waarde": "s@voorbeeld.nl"}, "waarde"),
     ({"waarde": "06 87654321"}, "waarde"), ({"persoon_id": nieuw_id()}, "persoon_id")],
    ids=["kind", "null", "null preference", "an address as a number", "the same as another", "another resident"],
)  # fmt: skip
async def test_a_change_that_can_not_be_is_refused_and_nothing_happened(wijk_vlug: Wijk, gegevens: dict[str, Any], veld: str) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=["0612345678", "0687654321"])
    before = await stored(wijk)
    with pytest.raises(OngeldigeInvoer) as refused:
        await change(wijk, before[0].id, 1, **gegevens)
    assert refused.value.veld == veld
    with pytest.raises(VersieVerouderd):
        await change(wijk, before[0].id, 2, waarde="0611111111")
    with pytest.raises(VersieVerouderd):
        await wijk.schrijf("WIJKTEAM", lambda w: verwijder(w, before[0].id, 2))
    assert await stored(wijk) == before
    assert len(await seen(wijk, "WIJKTEAM", persoon)) == 2


async def test_a_value_may_be_written_again_as_it_is_and_be_taken_by_another_resident(wijk_vlug: Wijk) -> None:
    """A family has one telephone number."""
    wijk = wijk_vlug
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    id = await add(wijk, persoon)
    await change(wijk, id, 1, waarde="+31 6 12345678", veilig_te_gebruiken=False)
    await add(wijk, ander)
    assert await seen(wijk, "WIJKTEAM", persoon) == [(TELEFOON, "+31612345678", False, False)]
    assert await seen(wijk, "WIJKTEAM", ander) == [(TELEFOON, "+31612345678", False, True)]


async def test_what_is_there_twice_since_a_merge_stands_in_the_way_of_nothing_else(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    mobiel = await add(wijk, een)
    await add(wijk, ander)
    await wijk.schrijf("WIJKTEAM", lambda w: voeg_samen(w, een, ander, (1, 1), "Zelfde inwoner"))
    await add(wijk, een, **MAIL)
    with pytest.raises(OngeldigeInvoer, match="is er al"):
        await add(wijk, een)
    await wijk.schrijf("WIJKTEAM", lambda w: verwijder(w, mobiel, 1))
    assert sorted(row[0] for row in await seen(wijk, "WIJKTEAM", een)) == [EMAIL, TELEFOON]


async def test_one_of_each_kind_is_preferred(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, ander = await wijk.inwoner(), await wijk.inwoner("Jansen")
    await add(wijk, ander, voorkeur=True)
    await add(wijk, persoon, voorkeur=True)
    await add(wijk, persoon, **MAIL, voorkeur=True)
    derde = await add(wijk, persoon, waarde="0687654321", voorkeur=True)
    assert [(row[1], row[2]) for row in await seen(wijk, "WIJKTEAM", persoon)] == [
        ("+31687654321", True), ("Suus@voorbeeld.nl", True), ("+31612345678", False),
    ]  # fmt: skip
    [eerste] = [row.id for row in await stored(wijk) if row.persoon_id == persoon and row.waarde == "+31612345678"]
    await change(wijk, eerste, 2, voorkeur=True)
    assert {row.id: row.versie for row in await stored(wijk) if row.id in (eerste, derde)} == {eerste: 3, derde: 2}
    assert [row[2] for row in await seen(wijk, "WIJKTEAM", persoon)] == [True, True, False]
    assert [row[2] for row in await seen(wijk, "WIJKTEAM", ander)] == [True]


async def test_there_is_an_end_to_how_many_a_resident_has(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    nummers = [f"06123456{at:02}" for at in range(MEESTE + 1)]
    persoon = await wijk.inwoner(contact=nummers[:MEESTE])
    before = await stored(wijk)
    with pytest.raises(OngeldigeInvoer):
        await add(wijk, persoon, waarde=nummers[MEESTE])
    with pytest.raises(OngeldigeInvoer):
        await wijk.inwoner("Jansen", contact=nummers)
    assert await stored(wijk) == before
    await wijk.schrijf("WIJKTEAM", lambda w: verwijder(w, before[0].id, 1))
    await add(wijk, persoon, waarde=nummers[MEESTE])
    assert len(await stored(wijk)) == MEESTE


@pytest.mark.parametrize(
    "bereik",
    [[MOBIEL, MOBIEL], [MAIL, {"soort": EMAIL, "waarde": "suus@voorbeeld.nl"}], [{"soort": TELEFOON}], [{"waarde": "0612345678"}],
     [MOBIEL | {"voorkeur": True}, MOBIEL | {"waarde": "0687654321", "voorkeur": True}], [MAIL, MOBIEL | {"rol": "thuis"}]],
    ids=["twice", "twice in capitals", "no value", "no kind", "two preferred", "another field"],
)  # fmt: skip
async def test_a_registration_with_a_wrong_contact_detail_is_refused_alike_for_who_is_known(
    wijk_vlug: Wijk, bereik: list[dict[str, Any]]
) -> None:
    wijk, bsn = wijk_vlug, Bsn.lees("999993653")
    await wijk.inwoner(bsn=bsn)
    said = []
    for nummer in (bsn, Bsn.lees("999990019")):
        gegevens = {"geslachtsnaam": "Anders", "bsn": nummer}
        with pytest.raises(OngeldigeInvoer) as refused:
            await wijk.schrijf("WIJKTEAM", partial(aanmelden, gegevens=gegevens, contactgegevens=bereik))
        said.append((refused.value.melding, refused.value.veld))
    assert said[0] == said[1]
    assert await stored(wijk) == []


async def test_what_is_taken_away_is_gone_and_stays_in_the_history_with_who_said_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner()
    id = await wijk.schrijf("WIJKTEAM", lambda w: voeg_toe(w, persoon, MOBIEL, bron=Gegevensbron.BETROKKENE))
    assert await wijk.schrijf("REGISSEUR", lambda w: verwijder(w, id, 1)) == persoon
    assert await stored(wijk) == []
    w = Wijziging.tabel()
    rows = await wijk.rows(select(w).where(w.c.rij_id == id).order_by(w.c.nummer))
    assert [(row.soort, row.bron, row.door_id) for row in rows] == [
        ("AANGEMAAKT", "BETROKKENE", wijk.WIJKTEAM), ("VERWIJDERD", "PROFESSIONAL", wijk.REGISSEUR),
    ]  # fmt: skip
    place = binding("wijziging", wijk.gemeente, rows[1].id, "oud", 1)
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        [oud] = await snapshot.run(lambda c: wijk.wijkwerk.keyring.open(c, [(rows[1].oud, place)]))
    assert oud is not None
    assert orjson.loads(oud)["waarde"] == "+31612345678"
    assert b"612345678" not in rows[1].oud
    with pytest.raises(NietGevonden):
        await wijk.schrijf("WIJKTEAM", lambda w: verwijder(w, id, 1))


async def test_who_does_not_reach_the_resident_changes_nothing_and_sees_no_row(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(contact=["0612345678"])
    before = await stored(wijk)
    vreemd = partial(wijk.actor, "WIJKTEAM", team=wijk.ander_team)
    for actor, error in (
        (vreemd, NietGevonden),
        (partial(wijk.actor, "KLANTMANAGER"), NietGevonden),
        (partial(wijk.actor, "DOCK"), GeenRecht),
    ):
        for unit in (
            lambda w: voeg_toe(w, persoon, MAIL),
            lambda w: wijzig(w, before[0].id, 1, {"voorkeur": True}),
            lambda w: verwijder(w, before[0].id, 1),
        ):
            with pytest.raises((error, NietGevonden)):
                await wijk.schrijf(actor(), unit)
        assert await seen(wijk, actor(), persoon) == []
    with pytest.raises(NietGevonden):
        await add(wijk, nieuw_id())
    assert await stored(wijk) == before


async def test_a_partner_sees_them_within_its_category_and_writes_none(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    met, zonder = await wijk.inwoner(contact=["0612345678"]), await wijk.inwoner("Jansen", contact=["0687654321"])
    await partner(wijk, met, "IDENTITEIT", "CONTACT")
    await partner(wijk, zonder, "IDENTITEIT")
    assert await seen(wijk, "DOCK", met) == [(TELEFOON, "+31612345678", False, True)]
    assert await seen(wijk, "DOCK", zonder) == []
    before = await stored(wijk)
    for unit in (lambda w: voeg_toe(w, met, MAIL), lambda w: verwijder(w, before[0].id, 1)):
        with pytest.raises(GeenRecht):
            await wijk.schrijf("DOCK", unit)
    assert await stored(wijk) == before


async def test_of_a_resident_with_secrecy_an_outsider_sees_no_row_and_municipal_work_does(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon = await wijk.inwoner(geheim=True, contact=["0612345678"])
    await partner(wijk, persoon, "IDENTITEIT", "CONTACT")
    assert await seen(wijk, "DOCK", persoon) == []
    [row] = await stored(wijk)
    assert await wijk.lees("DOCK", lambda r: (r.one(Contactgegeven, (), row.id), r.count(Contactgegeven))) == (None, 0)
    assert await seen(wijk, "WIJKTEAM", persoon) == [(TELEFOON, "+31612345678", False, True)]


async def test_of_several_who_add_the_same_number_at_once_one_is_first(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    ended: list[str] = []

    async def again() -> None:
        try:
            await add(wijk, persoon, voorkeur=True)
            ended.append("GESLAAGD")
        except OngeldigeInvoer as error:
            ended.append(str(error.veld))

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(again)
    assert sorted(ended) == ["GESLAAGD", "waarde", "waarde", "waarde"]
    assert len(await stored(wijk)) == 1


async def test_of_several_who_are_preferred_at_once_one_is_left(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    async with anyio.create_task_group() as group:
        for at in range(4):
            group.start_soon(partial(add, wijk, persoon, waarde=f"061234567{at}", voorkeur=True))
    rows = await stored(wijk)
    assert (len(rows), sum(row.voorkeur for row in rows)) == (4, 1)
