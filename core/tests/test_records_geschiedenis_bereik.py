"""Who is told what of the history of a resident: what the actor may see today, and nothing from behind a door that is shut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from wijkwerk.access.betrokkenheid import Afschermsoort, Betrokkenheid
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.errors import GeenRecht
from wijkwerk.notities.notitie import Notitie, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.versions import herkomst, history, known_at
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.terugblik import rijen, toen, toen_dit, verander, verschillen, versies
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")
CANARIES = ("Zwaluwenstein", "Roodborstje", "Geheimstraat", "1956", "bang voor haar broer", BSN.waarde, "3043TD")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_history_shows_only_what_the_actor_may_see_today(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="A", bsn=BSN, straat="Dorpsstraat", geboortedatum=Datum.lees("1956"))
    await wijk.dossier(persoon)
    moment = wijk.klok.moment
    await verander(wijk, persoon, 1, "REGISSEUR", roepnaam="B", straat="Kerkstraat", geboortedatum=Datum.lees("1957"))
    assert "bsn" in verschillen((await versies(wijk, persoon, rol="REGISSEUR"))[-1])
    assert "bsn" not in verschillen((await versies(wijk, persoon))[-1])
    assert not {"bsn_index", "sorteernaam"} & {name for each in await versies(wijk, persoon, rol="REGISSEUR") for name in verschillen(each)}
    b = Betrokkenheid.tabel()
    await wijk.change(update(b).where(b.c.categorie_code == "IDENTITEIT").values(niveau_tot=2))
    assert verschillen((await versies(wijk, persoon))[0]) == {"roepnaam": ("A", "B"), "straat": ("Dorpsstraat", "Kerkstraat")}
    await wijk.change(delete(b).where(b.c.categorie_code == "ADRES"))
    assert verschillen((await versies(wijk, persoon))[0]) == {"roepnaam": ("A", "B")}
    row = await toen(wijk, persoon, moment, "roepnaam", "straat", "geboortedatum", "adresregel1")
    assert (row.roepnaam, row.straat, row.geboortedatum, row.adresregel1, row.beperkt) == ("A", None, None, None, True)
    await wijk.change(delete(b))
    assert await wijk.lees("WIJKTEAM", lambda r: history(r, Persoon, [persoon])) == {}
    assert await wijk.lees("WIJKTEAM", lambda r: herkomst(r, Persoon, [persoon])) == {}
    assert await toen(wijk, persoon, moment, "roepnaam") is None


async def test_history_follows_an_afscherming_from_the_next_request(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="A", straat="Dorpsstraat")
    moment = wijk.klok.moment
    await verander(wijk, persoon, 1, roepnaam="B", straat="Kerkstraat")
    await wijk.schrijf("WIJKTEAM", lambda w: scherm_af(w, persoon, Afschermsoort.BELANGENCONFLICT, partij=wijk.REGISSEUR) and None)
    buiten = wijk.actor("REGISSEUR", team=wijk.team)
    assert verschillen((await versies(wijk, persoon, rol=buiten))[0]) == {"roepnaam": ("A", "B")}
    assert (await toen(wijk, persoon, moment, "straat", rol=buiten)).straat is None
    assert set(verschillen((await versies(wijk, persoon))[0])) == {"roepnaam", "straat"}
    assert "straat" not in (await wijk.lees(buiten, lambda r: herkomst(r, Persoon, [persoon])))[persoon]


@pytest.mark.parametrize(
    "ask",
    [
        lambda r, id: history(r, Persoon, [id]),
        lambda r, id: known_at(r, Persoon, ("roepnaam",), [id], BEGIN),
        lambda r, id: herkomst(r, Persoon, [id]),
    ],
    ids=["history", "known_at", "herkomst"],
)
@pytest.mark.parametrize("rol", ["TEAMLEIDER", "DOCK", "KLANTMANAGER", "FG"])
async def test_who_lacks_the_right_is_refused_and_nothing_is_noted_as_shown(
    wijk: Wijk, rol: str, ask: Callable[[Reader, UUID], Any]
) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus")
    actor, shown = wijk.actor(rol), []

    def read(reader: Reader) -> Any:
        shown.append(reader.shown)
        return ask(reader, persoon)

    with pytest.raises(GeenRecht):
        await wijk.lees(actor, read)
    assert [each.persons for each in shown] == [{}]
    assert (await wijk.log())[-1]["code"] == "GEEN_RECHT"


async def test_the_log_names_what_was_shown_and_holds_no_content(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Zwaluwenstein", voornamen="Roodborstje")
    await verander(wijk, persoon, 1, voornamen=None)
    for ask in (
        lambda r: history(r, Persoon, [persoon]),
        lambda r: known_at(r, Persoon, ("voornamen", "volledige_naam"), [persoon], BEGIN + timedelta(days=1)),
        lambda r: herkomst(r, Persoon, [persoon]),
    ):
        await wijk.lees("WIJKTEAM", ask)
        entry = (await wijk.log())[-1]
        [betrokkene] = entry["betrokkenen"]
        [[soort, categorieen, velden, deuren]] = betrokkene["getoond"]
        assert (entry["gebeurtenis"], soort, bool(deuren)) == ("LEZEN", "Persoon", True)
        assert "voornamen" in velden
        assert "IDENTITEIT" in categorieen
    assert not [canary for canary in CANARIES if canary in str(await wijk.log())]


async def test_another_person_who_stood_there_is_shown_only_to_who_may_see_that_person_too(wijk: Wijk) -> None:
    persoon, broer, vreemd = await wijk.inwoner("Moulin"), await wijk.inwoner("Broer"), await wijk.inwoner("Vreemd")
    relatie = await wijk.schrijf(
        "WIJKTEAM", lambda w: w.add(Relatie(persoon_id=persoon, ander_id=vreemd, soort=Relatiesoort.BROER_OF_ZUS, gezag=False)).id
    )
    moment = wijk.klok.moment
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Relatie, relatie), "ander_id", broer))
    assert verschillen((await versies(wijk, relatie, Relatie))[0]) == {"ander_id": (vreemd, broer)}
    b = Betrokkenheid.tabel()
    await wijk.change(delete(b).where(b.c.persoon_id == vreemd))
    tweede, eerste = await versies(wijk, relatie, Relatie)
    assert verschillen(tweede) == {}
    assert "ander_id" not in verschillen(eerste)
    assert str(vreemd) not in str([tweede, eerste])
    row = await toen_dit(wijk, Relatie, ("ander_id", "soort"), relatie, moment)
    assert (row.ander_id, row.soort, row.beperkt) == (None, Relatiesoort.BROER_OF_ZUS, True)


async def test_the_other_person_in_a_history_is_a_disclosure_of_that_person(wijk: Wijk) -> None:
    persoon, broer, vreemd = await wijk.inwoner("Moulin"), await wijk.inwoner("Broer"), await wijk.inwoner("Vreemd")
    relatie = await wijk.schrijf(
        "WIJKTEAM", lambda w: w.add(Relatie(persoon_id=persoon, ander_id=vreemd, soort=Relatiesoort.BROER_OF_ZUS, gezag=False)).id
    )
    await wijk.schrijf("WIJKTEAM", lambda w: setattr(w.get(Relatie, relatie), "ander_id", broer))
    shown: list[Any] = []

    def read(reader: Reader) -> None:
        history(reader, Relatie, [relatie])
        shown.append(reader.shown)

    await wijk.lees("WIJKTEAM", read)
    assert {persoon, broer, vreemd} <= set(shown[0].persons)


async def test_what_stood_behind_a_higher_level_or_another_category_is_not_shown_below_it(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin")
    dossier = await wijk.dossier(persoon)
    notitie = await wijk.schrijf("REGISSEUR", lambda w: schrijf(w, dossier, persoon, Notitiesoort.STRIKT, verteld("Onveilig")))
    n = Notitie.tabel()
    await wijk.change(update(n).where(n.c.id == notitie).values(niveau_vanaf=6, categorie_code="CONTACTVERSLAGEN"))
    [versie] = await versies(wijk, notitie, Notitie, rol="WIJKTEAM")
    assert verschillen(versie) == {}


async def test_a_change_that_lowers_the_level_is_remembered_at_the_level_it_had(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin")
    dossier = await wijk.dossier(persoon)
    notitie = await wijk.schrijf("REGISSEUR", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld("Gesprek")))

    def share(work: Work) -> None:
        found = work.get(Notitie, notitie)
        found.niveau_vanaf, found.laatste = 5, 2

    await wijk.schrijf("WIJKTEAM", share)
    changed = next(row for row in await rijen(wijk) if row.tabelnaam == "notitie" and row.soort == "GEWIJZIGD")
    assert changed.rijniveau == 6


async def test_nothing_of_it_is_shown_in_another_municipality(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="A")
    buurman = replace(wijk.actor("WIJKTEAM"), gemeente=wijk.buurgemeente)
    for ask in (lambda r: history(r, Persoon, [persoon]), lambda r: herkomst(r, Persoon, [persoon])):
        assert await wijk.lees(buurman, ask) == {}
    assert await toen(wijk, persoon, wijk.klok.moment, "roepnaam", rol=buurman) is None
