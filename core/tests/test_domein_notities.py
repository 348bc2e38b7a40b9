"""Case notes: versions are never edited, strict ones are for N7, shareable ones for a partner with consent (domain.md 9.4)."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from wijkwerk.errors import NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.notities.aanvullen import vul_aan
from wijkwerk.notities.inhoud import MAX_TEKENS, Inhoud, TekstTeLang
from wijkwerk.notities.lezers import laat_lezen, laat_niet_meer_lezen
from wijkwerk.notities.notitie import Aanvulling, Informatiebron, Notitie, Notitielezer, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def note(
    wijk: Wijk, soort: Notitiesoort = Notitiesoort.CONTACTVERSLAG, *, rol: str = "WIJKTEAM", **extra: Any
) -> tuple[UUID, UUID, UUID]:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    return persoon, dossier, await wijk.schrijf(rol, lambda w: schrijf(w, dossier, persoon, soort, verteld("Eerste tekst"), **extra))


async def versions(wijk: Wijk, rol: Any, notitie: UUID) -> list[tuple[int, str]]:
    rows = await wijk.lees(rol, lambda r: r.by_key(Notitieversie, ("nummer", "tekst"), "notitie_id", [notitie], order=("nummer",)))
    return [(row.nummer, row.tekst) for row in rows]


async def test_a_correction_is_a_new_version_and_the_old_one_stays(wijk: Wijk) -> None:
    _, _, notitie = await note(wijk)
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, verteld("Tweede tekst")))
    assert await versions(wijk, "WIJKTEAM", notitie) == [(1, "Eerste tekst"), (2, "Tweede tekst")]
    with pytest.raises(VersieVerouderd):
        await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, verteld("Te laat")))
    assert len(await versions(wijk, "WIJKTEAM", notitie)) == 2


async def test_a_strict_note_is_not_there_for_the_team_and_can_not_be_written_by_it(wijk: Wijk) -> None:
    _, dossier, notitie = await note(wijk, Notitiesoort.STRIKT, rol="REGISSEUR")
    assert await versions(wijk, "REGISSEUR", notitie) == [(1, "Eerste tekst")]
    assert await versions(wijk, "WIJKTEAM", notitie) == []
    assert await wijk.lees("WIJKTEAM", lambda r: (r.count(Notitie), r.by_key(Notitie, (), "dossier_id", [dossier]))) == (0, [])
    for unit in (lambda w: corrigeer(w, notitie, 1, verteld("x")), lambda w: corrigeer(w, nieuw_id(), 1, verteld("x"))):
        with pytest.raises(NietGevonden):
            await wijk.schrijf("WIJKTEAM", unit)
    for deelbaar, error in ((False, NietGevonden), (True, OngeldigeInvoer)):
        with pytest.raises(error):
            await note(wijk, Notitiesoort.STRIKT, deelbaar=deelbaar)
    assert (await wijk.rows(select(func.count()).select_from(Notitieversie.tabel())))[0][0] == 1


async def test_a_note_is_about_a_resident_of_its_own_case(wijk: Wijk) -> None:
    _, dossier, _ = await note(wijk)
    ander = await wijk.inwoner("Jansen")
    for actor, kader, persoon in (
        ("WIJKTEAM", dossier, ander), ("WIJKTEAM", nieuw_id(), ander), (wijk.actor("WIJKTEAM", team=wijk.ander_team), dossier, ander),
    ):  # fmt: skip
        with pytest.raises(NietGevonden):
            await wijk.schrijf(actor, partial(schrijf, dossier=kader, persoon=persoon, soort=Notitiesoort.BESLUIT, inhoud=verteld("x")))
    assert (await wijk.rows(select(func.count()).select_from(Notitie.tabel())))[0][0] == 1


@pytest.mark.parametrize("tekst", ["", "  \n", "a\x00b", "x" * (MAX_TEKENS + 1)], ids=["leeg", "wit", "nul", "lang"])
async def test_a_note_has_a_text_and_not_too_much_of_it(wijk: Wijk, tekst: str) -> None:
    _, _, notitie = await note(wijk)
    with pytest.raises(TekstTeLang if len(tekst) > MAX_TEKENS else OngeldigeInvoer):
        await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, verteld(tekst)))
    assert await versions(wijk, "WIJKTEAM", notitie) == [(1, "Eerste tekst")]


async def test_each_kind_of_note_has_the_category_that_fits(wijk: Wijk) -> None:
    await note(wijk, Notitiesoort.BESLUIT)
    await note(wijk, Notitiesoort.CONTACTVERSLAG, deelbaar=True)
    await note(wijk, Notitiesoort.STRIKT, rol="REGISSEUR")
    n = Notitieversie.tabel()
    found = {tuple(row) for row in await wijk.rows(select(n.c.categorie_code, n.c.niveau_vanaf))}
    assert found == {("PLAN_EN_DOELEN", 6), ("CONTACTVERSLAGEN", 5), ("VEILIGHEID", 7)}


async def test_a_strict_note_is_read_by_who_is_named_as_long_as_they_are_named_and_in_the_case(wijk: Wijk) -> None:
    persoon, dossier, notitie = await note(wijk, Notitiesoort.STRIKT, rol="REGISSEUR")
    gewoon = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld("Gewoon")))
    iemand = await collega(wijk, "WIJKTEAM", wijk.team)
    buiten = await collega(wijk, "WIJKTEAM", wijk.ander_team)
    for wie in (wijk.WIJKTEAM, wijk.WIJKTEAM, buiten):
        await wijk.schrijf("REGISSEUR", partial(laat_lezen, notitie=notitie, gebruiker=wie))
    assert len(await wijk.rows(Notitielezer.tabel().select())) == 2
    for actor, seen in (
        ("WIJKTEAM", 1), ("REGISSEUR", 1), (wijk.actor("WIJKTEAM", gebruiker=iemand), 0),
        (wijk.actor("WIJKTEAM", gebruiker=buiten, team=wijk.ander_team), 0),
    ):  # fmt: skip
        assert len(await versions(wijk, actor, notitie)) == seen
    assert await wijk.lees("WIJKTEAM", lambda r: r.count(Notitielezer)) == 0
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, verteld("Beter")))
    refusals: list[tuple[str, type[WijkwerkError], Any]] = [
        ("WIJKTEAM", NietGevonden, lambda w: laat_niet_meer_lezen(w, notitie, wijk.WIJKTEAM)),
        ("REGISSEUR", OngeldigeInvoer, lambda w: laat_lezen(w, gewoon, iemand)),
        ("REGISSEUR", NietGevonden, lambda w: laat_lezen(w, notitie, nieuw_id())),
        ("REGISSEUR", NietGevonden, lambda w: laat_niet_meer_lezen(w, notitie, iemand)),
    ]
    for rol, error, unit in refusals:
        await refused(wijk, rol, error, unit, records=(Notitie, Notitielezer))
    await wijk.schrijf("REGISSEUR", lambda w: laat_niet_meer_lezen(w, notitie, wijk.WIJKTEAM))
    assert await versions(wijk, "WIJKTEAM", notitie) == []
    assert len(await versions(wijk, "REGISSEUR", notitie)) == 2


async def test_facts_and_opinion_stand_apart_and_the_source_is_named(wijk: Wijk) -> None:
    persoon, dossier, notitie = await note(wijk)
    beter = Inhoud("Deed niet open", Informatiebron.NAASTE, oordeel="Ik maak me zorgen", bron_naam="  De buurvrouw ")
    assert repr(beter) == "Inhoud(bron=<Informatiebron.NAASTE: 'NAASTE'>)"
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, notitie, 1, beter))
    velden = ("nummer", "tekst", "oordeel", "bron", "bron_naam")
    rows = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, velden, "notitie_id", [notitie], order=("-nummer",)))
    assert rows[0][1:6] == (2, "Deed niet open", "Ik maak me zorgen", Informatiebron.NAASTE, "De buurvrouw")
    for inhoud, veld in (
        (Inhoud("x", Informatiebron.ONBEKEND), "bron"), (Inhoud("x", Informatiebron.ANDERS), "bron_naam"),
        (Inhoud("x", Informatiebron.NAASTE, bron_naam="a\nb"), "bron_naam"), (Inhoud("x", Informatiebron.NAASTE, oordeel=" "), "oordeel"),
    ):  # fmt: skip
        for unit in (
            partial(schrijf, dossier=dossier, persoon=persoon, soort=Notitiesoort.BESLUIT, inhoud=inhoud),
            partial(corrigeer, notitie=notitie, versie=2, inhoud=inhoud), partial(vul_aan, notitie=notitie, inhoud=inhoud),
        ):  # fmt: skip
            error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, unit, records=(Notitie, Notitieversie, Aanvulling))
            assert error.veld == veld
