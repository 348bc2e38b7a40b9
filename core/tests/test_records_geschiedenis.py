"""What was known when, who changed it, and where it came from (domain.md 1.11)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, cast, select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.contactgegevens import Contactgegeven, voeg_toe
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.history import Gegevensbron, Wijziging
from wijkwerk.records.session import Work
from wijkwerk.records.types.adres import Huisnummeraanduiding
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.naam import Geslacht
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.records.versions import herkomst, history, known_at
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.terugblik import rijen, toen, toen_dit, verander, verschillen, versies
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")
CANARIES = ("Zwaluwenstein", "Roodborstje", "Geheimstraat", "1956", "bang voor haar broer", BSN.waarde, "3043TD")
W = Wijziging.tabel()


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_each_write_of_a_resident_leaves_a_version_with_who_when_and_from_whom(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus")
    eerste = wijk.klok.moment
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf("REGISSEUR", lambda w: wijzig(w, persoon, 1, {"roepnaam": "Suze"}, bron=Gegevensbron.BETROKKENE))
    tweede = wijk.klok.moment
    nieuw, oud = await versies(wijk, persoon)
    assert (oud.nummer, oud.soort.value, oud.op, oud.door, oud.organisatie) == (1, "AANGEMAAKT", eerste, wijk.WIJKTEAM, wijk.stad)
    assert (nieuw.nummer, nieuw.soort.value, nieuw.op, nieuw.door, nieuw.bron.value) == (
        2,
        "GEWIJZIGD",
        tweede,
        wijk.REGISSEUR,
        "BETROKKENE",
    )
    assert verschillen(nieuw) == {"roepnaam": ("Suus", "Suze")}
    assert verschillen(oud)["roepnaam"] == (None, "Suus")
    assert verschillen(oud)["geslachtsnaam"] == (None, "Moulin")
    assert [versie.soort.value for versie in await versies(wijk, dossier, Dossier)] == ["AANGEMAAKT"]


async def test_every_kind_of_value_comes_back_as_it_was(wijk: Wijk) -> None:
    first: dict[str, Any] = {
        "voornamen": "Suzanne", "geslacht": Geslacht.VROUW, "geboortedatum": Datum.lees("1956-11"), "tolk_nodig": True, "huisnummer": 7,
        "postcode": Postcode.lees("3043TD"), "aanduiding_bij_huisnummer": Huisnummeraanduiding.BIJ, "taal": "nl", "straat": "Dorpsstraat",
    }  # fmt: skip
    second: dict[str, Any] = dict.fromkeys(first) | {"geslacht": Geslacht.MAN, "geboortedatum": Datum()}
    persoon = await wijk.inwoner("Moulin", **first)
    await verander(wijk, persoon, 1, **second)
    await verander(wijk, persoon, 2, **first)
    derde, tweede, eerste = await versies(wijk, persoon)
    assert verschillen(derde) == {name: (second[name], first[name]) for name in first}
    assert verschillen(tweede) == {name: (first[name], second[name]) for name in first}
    assert {name: verschillen(eerste)[name] for name in first} == {name: (None, first[name]) for name in first}


async def test_what_stood_there_is_sealed_in_the_table(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(
        "Zwaluwenstein", voornamen="Roodborstje", straat="Geheimstraat", huisnummer=7, postcode=Postcode.lees("3043TD"), bsn=BSN,
        geboortedatum=Datum.lees("1956-11-15"),
    )  # fmt: skip
    dossier = await wijk.dossier(persoon, vraag="bang voor haar broer")
    leeg = {"voornamen": None, "straat": None, "postcode": None, "geslachtsnaam": "Jansen", "geboortedatum": Datum()}
    await wijk.schrijf("REGISSEUR", lambda w: wijzig(w, persoon, 1, leeg))
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "vraag", None))
    changed = [row for row in await rijen(wijk) if row.soort == "GEWIJZIGD"]
    assert {row.tabelnaam for row in changed} == {"persoon", "dossier"}
    raw = await wijk.rows(select(W, cast(W.c.oud, LargeBinary).label("bytes")))
    assert not [canary for canary in CANARIES if canary in str(raw) or any(canary.encode() in bytes(row.bytes or b"") for row in raw)]
    assert verschillen((await versies(wijk, persoon))[0])["geslachtsnaam"] == ("Zwaluwenstein", "Jansen")
    assert verschillen((await versies(wijk, dossier, Dossier))[0]) == {"vraag": ("bang voor haar broer", None)}


async def test_a_sealed_value_that_is_set_to_what_it_was_is_no_change(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon, vraag="Hulp")
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "vraag", "Hulp"))
    assert [each.nummer for each in await versies(wijk, dossier, Dossier)] == [1]
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "vraag", "Meer hulp"))
    assert [each.nummer for each in await versies(wijk, dossier, Dossier)] == [2, 1]
    assert (await toen_dit(wijk, Dossier, ("vraag",), dossier, wijk.klok.moment)).vraag == "Meer hulp"


async def test_a_change_that_changes_nothing_leaves_nothing(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus", taal="nl")
    before = await rijen(wijk)
    await verander(wijk, persoon, 1, roepnaam="Suus", geslachtsnaam=" Moulin ", taal="nl", straat=None)
    await verander(wijk, persoon, 1)
    assert await rijen(wijk) == before
    assert await wijk.rows(select(Persoon.tabel().c.versie)) == [(1,)]


@pytest.mark.parametrize(
    ("versie", "velden", "error"),
    [
        (7, {"roepnaam": "X"}, VersieVerouderd),
        (1, {"roepnaam": ""}, OngeldigeInvoer),
        (1, {"overlijdensdatum": Datum.lees("1900")}, OngeldigeInvoer),
    ],
    ids=["an old version", "a bad value", "a date that can't be"],
)
async def test_a_change_that_fails_leaves_nothing(wijk: Wijk, versie: int, velden: dict[str, Any], error: type[Exception]) -> None:
    persoon = await wijk.inwoner("Moulin", geboortedatum=Datum.lees("1956"))
    before = await rijen(wijk)
    with pytest.raises(error):
        await verander(wijk, persoon, versie, **velden)

    def late(work: Work) -> None:
        wijzig(work, persoon, 1, {"roepnaam": "Suus"})
        work.flush()
        raise NietGevonden

    with pytest.raises(NietGevonden):
        await wijk.schrijf("WIJKTEAM", late)
    assert await rijen(wijk) == before


async def test_a_row_that_is_deleted_leaves_all_that_stood_there(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin")
    contact = await wijk.schrijf("WIJKTEAM", lambda w: voeg_toe(w, persoon, {"soort": "TELEFOON", "waarde": "0612345678"}))
    await wijk.schrijf("WIJKTEAM", lambda w: w.delete(w.get(Contactgegeven, contact, 1)))
    last = (await rijen(wijk))[-1]
    assert (last.soort, last.nummer, last.rij_id, last.persoon_id) == ("VERWIJDERD", 2, contact, persoon)
    assert {"soort", "waarde", "voorkeur", "veilig_te_gebruiken"} <= set(last.veldnamen)
    assert b"612345678" not in bytes(last.oud)
    assert await wijk.lees("WIJKTEAM", lambda r: history(r, Contactgegeven, [contact])) == {}


async def test_many_changes_are_told_newest_first_and_as_many_as_are_asked(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="N0")
    for number in range(1, 21):
        await verander(wijk, persoon, number, roepnaam=f"N{number}")
    alle = await versies(wijk, persoon)
    assert [each.nummer for each in alle] == list(range(21, 0, -1))
    assert [verschillen(each)["roepnaam"] for each in alle[:-1]] == [(f"N{n - 1}", f"N{n}") for n in range(20, 0, -1)]
    found = await wijk.lees("WIJKTEAM", lambda r: history(r, Persoon, [persoon], 3))
    assert found[persoon] == alle[:3]


async def test_a_resident_as_known_at_each_moment(wijk: Wijk) -> None:
    begin = wijk.klok.moment
    wijk.klok.moment += timedelta(days=1)
    persoon = await wijk.inwoner("Moulin", roepnaam="N0", geslacht=Geslacht.VROUW)
    moments = []
    for number in range(1, 4):
        moments.append(wijk.klok.moment)
        wijk.klok.moment += timedelta(days=1)
        await verander(wijk, persoon, number, roepnaam=f"N{number}")
    assert await toen(wijk, persoon, begin, "roepnaam") is None
    assert [(await toen(wijk, persoon, moment, "roepnaam", "versie"))[1:3] for moment in moments] == [("N0", 1), ("N1", 2), ("N2", 3)]
    now = await toen(wijk, persoon, wijk.klok.moment + timedelta(days=900), "roepnaam", "aanhef", "versie")
    assert (now.roepnaam, now.aanhef, now.versie) == ("N3", "Geachte mevrouw Moulin", 4)
    await verander(wijk, persoon, 4, geslachtsnaam="Jansen")
    earlier = await toen(wijk, persoon, moments[0], "aanhef", "volledige_naam")
    assert (earlier.aanhef, earlier.volledige_naam) == ("Geachte mevrouw Moulin", "Moulin")
    assert await toen(wijk, nieuw_id(), wijk.klok.moment, "roepnaam") is None


async def test_a_sealed_value_as_known_at_a_moment(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon, vraag="Hulp")
    moment = wijk.klok.moment
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Dossier, dossier), "vraag", "Meer hulp"))
    row = await toen_dit(wijk, Dossier, ("vraag", "status"), dossier, moment)
    assert (row.vraag, row.status.value) == ("Hulp", "OPEN")


async def vijftig(wijk: Wijk, number: int) -> list[UUID]:
    def unit(work: Work) -> list[UUID]:
        return [aanmelden(work, {"geslachtsnaam": f"N{n}", "straat": "Dorpsstraat"}) for n in range(number)]

    personen = await wijk.schrijf("WIJKTEAM", unit)

    def change(work: Work) -> None:
        for persoon in personen:
            wijzig(work, persoon, 1, {"straat": "Kerkstraat"})

    await wijk.schrijf("WIJKTEAM", change)
    return personen


VRAGEN: dict[str, Any] = {
    "history": lambda r, ids: history(r, Persoon, ids),
    "history of one": lambda r, ids: history(r, Persoon, ids, 1),
    "known_at": lambda r, ids: [row for row in known_at(r, Persoon, ("straat",), ids, BEGIN + timedelta(days=1)) if row],
    "herkomst": lambda r, ids: herkomst(r, Persoon, ids),
}


async def test_it_takes_as_many_statements_for_1_resident_as_for_50(wijk: Wijk) -> None:
    personen = await vijftig(wijk, 50)
    for naam, ask in VRAGEN.items():
        await wijk.lees("WIJKTEAM", partial(ask, ids=personen))
        counts = []
        for number in (1, 50):
            with count_statements(wijk.wijkwerk.database) as seen:
                found = await wijk.lees("WIJKTEAM", partial(ask, ids=personen[:number]))
            assert len(found) == number, naam
            counts.append(len(seen))
        assert counts[0] == counts[1], naam


async def test_what_the_versions_of_a_flush_cost_is_one_statement(wijk: Wijk) -> None:
    await vijftig(wijk, 1)
    with count_statements(wijk.wijkwerk.database) as seen:
        await vijftig(wijk, 20)
    assert len([statement for statement in seen if "INSERT INTO wijziging" in str(statement)]) == 2


async def test_what_can_no_longer_be_opened_is_empty_and_not_what_came_later(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="A")
    moment = wijk.klok.moment
    await verander(wijk, persoon, 1, roepnaam="B")
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, persoon))
    assert (await toen(wijk, persoon, moment, "roepnaam")).roepnaam is None
    assert verschillen((await versies(wijk, persoon))[0]) == {"roepnaam": (None, "B")}


async def test_the_origin_of_each_field_is_the_newest_change_that_has_it(wijk: Wijk) -> None:
    persoon = await wijk.schrijf(
        "WIJKTEAM", lambda w: aanmelden(w, {"geslachtsnaam": "Moulin", "roepnaam": "A", "straat": "Dorpsstraat"}, bron=Gegevensbron.BRP)
    )
    eerste = wijk.klok.moment
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, persoon, 1, {"roepnaam": "B"}, bron=Gegevensbron.BETROKKENE))
    tweede = wijk.klok.moment
    await wijk.schrijf("WIJKTEAM", lambda w: wijzig(w, persoon, 2, {"straat": None}))
    derde = wijk.klok.moment
    found = (await wijk.lees("WIJKTEAM", lambda r: herkomst(r, Persoon, [persoon])))[persoon]
    told = {name: (each.bron.value, each.op) for name, each in found.items()}
    assert told["geslachtsnaam"] == ("BRP", eerste)
    assert told["roepnaam"] == ("BETROKKENE", tweede)
    assert told["straat"] == ("PROFESSIONAL", derde)
    assert not {"taal", "bsn_index", "sorteernaam", "versie"} & set(told)


async def test_a_household_keeps_who_lived_where_until_when(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin")
    lid = await wijk.schrijf(
        "WIJKTEAM",
        lambda w: w.add(Huishoudlid(persoon_id=persoon, huishouden_id=nieuw_id(), rol=Huishoudrol.HOOFD, van=date(2027, 1, 1))).id,
    )
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Huishoudlid, lid, 1), "tot", date(2027, 2, 1)))
    assert verschillen((await versies(wijk, lid, Huishoudlid))[0]) == {"tot": (None, date(2027, 2, 1))}
