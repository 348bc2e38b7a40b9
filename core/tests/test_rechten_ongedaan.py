"""Undoing a merge: what comes back, what was made or changed since, and under whose key (docs/decisions/0009)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from wijkwerk.access import scope
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.crypto.envelope import key_id_of
from wijkwerk.dossiers.dossier import Dossier, leden_van
from wijkwerk.errors import GeenRecht, NietGevonden, VersieVerouderd
from wijkwerk.geheimhouding import zet_geheimhouding
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.history import Wijziging
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.versions import history, known_at
from wijkwerk.rights.opgegaan import opgegaan_in
from wijkwerk.rights.verplaatsen import SamenvoegenKanNiet
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.samenvoegingen import inhoud, ongedaan, persoon, samen
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
BSN, ANDER_BSN = Bsn.lees("999993653"), Bsn.lees("999990019")


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def bij(wijk: Wijk, record: type[Any], id: UUID, kolom: str = "persoon_id") -> UUID:
    t = record.tabel()
    [(found,)] = await wijk.rows(select(t.c[kolom]).where(t.c.id == id))
    return UUID(str(found))


async def met(wijk: Wijk, work: Callable[[Connection], Any]) -> Any:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(work)


async def test_a_field_that_was_changed_since_stays_and_the_rest_is_restored(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(roepnaam="Suus", voornamen="Suzanne")
    samenvoeging = await samen(wijk, een, ander)
    versie = (await persoon(wijk, een)).versie
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, een, versie, {"roepnaam": "Zus"}))
    await ongedaan(wijk, samenvoeging)
    assert [((await persoon(wijk, id)).roepnaam, (await persoon(wijk, id)).voornamen) for id in (een, ander)] == [
        ("Zus", None),
        ("Suus", "Suzanne"),
    ]


async def test_secrecy_that_was_asked_since_stays_with_the_survivor(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(geheim=True)
    samenvoeging = await samen(wijk, een, ander)
    await wijk.schrijf("WIJKTEAM", lambda w: scherm_af(w, een, Afschermsoort.GEHEIM))
    await ongedaan(wijk, samenvoeging)
    assert [(await persoon(wijk, id)).geheim for id in (een, ander)] == [True, True]
    a = Afscherming.tabel()
    assert sorted(await wijk.rows(select(a.c.persoon_id))) == sorted([(een,), (ander,)])


async def geheim(wijk: Wijk, personen: tuple[UUID, ...]) -> list[tuple[bool, bool, bool]]:
    """Of each: the flag, whether an afscherming runs, and whether a partner finds no address."""
    a = Afscherming.tabel()
    running = {row.persoon_id for row in await wijk.rows(select(a.c.persoon_id).where(a.c.tot.is_(None)))}
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        p = Persoon.tabel()
        seen = select(p.c.id, scope.hidden(Persoon, p).label("dicht"))
        rows = await snapshot.run(lambda c: c.execute(seen, scope.parameters(wijk.actor("DOCK"), schrijvend=False)).all())
    dicht = {row.id: row.dicht for row in rows}
    return [((await persoon(wijk, id)).geheim, id in running, dicht[id]) for id in personen]


async def test_secrecy_asked_for_one_file_holds_for_both_residents_it_turns_out_to_be(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    samenvoeging = await samen(wijk, een, ander)
    versie = (await persoon(wijk, een)).versie
    await wijk.schrijf("WIJKTEAM", lambda w: zet_geheimhouding(w, een, versie, True))
    await ongedaan(wijk, samenvoeging)
    assert await geheim(wijk, (een, ander)) == [(True, True, True)] * 2


async def test_secrecy_lifted_for_one_file_comes_back_for_who_had_it(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner(geheim=True)
    samenvoeging = await samen(wijk, een, ander)
    versie = (await persoon(wijk, een)).versie
    await wijk.schrijf("WIJKTEAM", lambda w: zet_geheimhouding(w, een, versie, False, "Niet meer nodig"))
    await ongedaan(wijk, samenvoeging)
    assert await geheim(wijk, (een, ander)) == [(False, False, False), (True, True, True)]
    await wijk.schrijf("WIJKTEAM", lambda w: zet_geheimhouding(w, ander, 1, False, "Niet meer nodig"))
    assert await geheim(wijk, (een, ander)) == [(False, False, False)] * 2


async def test_what_the_other_brought_is_not_in_the_survivors_history_after_undoing(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(straat="Eigenweg", huisnummer=1), await wijk.inwoner(straat="Andersstraat", huisnummer=3, bsn=BSN)
    samenvoeging = await samen(wijk, een, ander, kies=("straat",))
    await ongedaan(wijk, samenvoeging)
    await wijk.dossier(een)
    versies = (await wijk.lees("REGISSEUR", lambda r: history(r, Persoon, [een])))[een]
    told = {str(waarde) for versie in versies for veld in versie.velden for waarde in (veld.oud, veld.nieuw)}
    assert {"Eigenweg"} <= told
    assert not {"Andersstraat", str(BSN)} & told
    assert [{veld.veld for veld in versie.velden} for versie in versies[:2]] == [{"bsn", "straat", "huisnummer"}] * 2
    bekend = await wijk.lees("REGISSEUR", lambda r: known_at(r, Persoon, ("straat",), [een], BEGIN))
    assert bekend[0] is None
    keys = await met(wijk, lambda c: wijk.wijkwerk.keyring.keys_of(c, wijk.gemeente, een))
    w = Wijziging.tabel()
    assert [key_id_of(row.oud) in keys for row in await wijk.rows(select(w.c.oud).where(w.c.rij_id == een, w.c.oud.is_not(None)))] == [True]


async def test_what_was_made_since_in_a_case_goes_with_the_case_under_the_key_of_its_resident(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    eigen, dossier = await wijk.dossier(een, vraag="Van de een"), await wijk.dossier(ander, vraag="Van de ander")
    samenvoeging = await samen(wijk, een, ander)
    gesprek = partial(schrijf, persoon=een, soort=Notitiesoort.CONTACTVERSLAG, inhoud=verteld("Gesprek"))
    notes = [await wijk.schrijf("WIJKTEAM", partial(gesprek, dossier=kader)) for kader in (eigen, dossier)]
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier, 1), "vraag", "Veranderd"))
    await ongedaan(wijk, samenvoeging)
    assert [await bij(wijk, Notitie, note) for note in notes] == [een, ander]
    assert [await bij(wijk, Dossier, id) for id in (eigen, dossier)] == [een, ander]
    w = Wijziging.tabel()
    assert {row.persoon_id for row in await wijk.rows(select(w.c.persoon_id).where(w.c.rij_id == dossier))} == {ander}
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, een))
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), dossier))
    assert row.vraag == "Veranderd"
    [versie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst",), "notitie_id", [notes[1]]))
    assert versie.tekst == "Gesprek"


async def test_in_a_case_of_both_a_version_goes_with_its_note_and_a_new_note_stays(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    dossier = await wijk.dossier(een, ander)
    soort = Notitiesoort.BESLUIT
    oud = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, ander, soort, verteld("Eerst")))
    samenvoeging = await samen(wijk, een, ander)
    assert await wijk.schrijf("WIJKTEAM", lambda w: leden_van(w, dossier)) == [een]
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, oud, 1, verteld("Verbeterd")))
    nieuw = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, een, soort, verteld("Nieuw")))
    await ongedaan(wijk, samenvoeging)
    v = Notitieversie.tabel()
    rows = await wijk.rows(select(v.c.notitie_id, v.c.persoon_id, v.c.tekst))
    assert sorted((row.notitie_id, row.persoon_id) for row in rows) == sorted([(oud, ander), (oud, ander), (nieuw, een)])
    keys = await met(wijk, lambda c: wijk.wijkwerk.keyring.keys_of(c, wijk.gemeente, ander))
    assert all((key_id_of(row.tekst) in keys) is (row.persoon_id == ander) for row in rows)


async def test_a_chain_is_undone_from_the_newest_back(wijk: Wijk) -> None:
    a, b, c = [await wijk.inwoner(naam, roepnaam=naam) for naam in ("Aa", "Bee", "Cee")]
    await wijk.dossier(b, vraag="Van B")
    start = await wijk.rows(select(Dossier.tabel()))
    eerste = await samen(wijk, a, b)
    tweede = await samen(wijk, c, a)
    assert await met(wijk, lambda connection: opgegaan_in(connection, wijk.gemeente, c)) == {a, b}
    before = await inhoud(wijk)
    with pytest.raises(SamenvoegenKanNiet, match="nieuwste"):
        await ongedaan(wijk, eerste)
    assert await inhoud(wijk) == before
    await ongedaan(wijk, tweede)
    assert await met(wijk, lambda connection: opgegaan_in(connection, wijk.gemeente, c)) == set()
    await ongedaan(wijk, eerste)
    assert await wijk.rows(select(Dossier.tabel())) == start
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), start[0].id))
    assert row.vraag == "Van B"


async def test_undone_is_undone_once_and_forgets_the_state_before(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner(), await wijk.inwoner()
    samenvoeging = await samen(wijk, een, ander)
    with pytest.raises(GeenRecht):
        await ongedaan(wijk, samenvoeging, rol="TEAMLEIDER")
    with pytest.raises(NietGevonden):
        await ongedaan(wijk, samenvoeging, rol=wijk.actor("WIJKTEAM", team=wijk.ander_team))
    await ongedaan(wijk, samenvoeging)
    before = await inhoud(wijk)
    assert before["Samenvoeging"][0].toestand is None
    with pytest.raises(VersieVerouderd):
        await ongedaan(wijk, samenvoeging, versie=1)
    with pytest.raises(SamenvoegenKanNiet):
        await ongedaan(wijk, samenvoeging)
    assert await inhoud(wijk) == before
