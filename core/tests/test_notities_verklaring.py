"""The resident's own statement: by the resident, through the system, and taken down by a professional (domain.md 4.5, 9.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.actor import Actor
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.status import sluit
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.inwoners.toelaten import beeindig, gebruiker_voor, laat_toe
from wijkwerk.meewerken import DossierGesloten
from wijkwerk.notities.aanvullen import vul_aan
from wijkwerk.notities.inhoud import Inhoud, TekstTeLang
from wijkwerk.notities.notitie import Aanvulling, Informatiebron, Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import corrigeer, schrijf
from wijkwerk.notities.verklaring import EigenVerklaring, verklaar_zelf
from wijkwerk.records.types.datum import Datum
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.vertegenwoordigingen import Hoedanigheid, leg_vast

pytestmark = pytest.mark.anyio
RECORDS = (Notitie, Notitieversie, Aanvulling, EigenVerklaring)
VERKLARING = Notitiesoort.EIGEN_VERKLARING


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def meekijker(wijk: Wijk) -> tuple[UUID, UUID]:
    """An adult with a case who looks at the own data."""
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 2))
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, persoon, wijk.INWONER, Vaststelling.DIGID))
    return persoon, dossier


async def test_a_resident_adds_a_statement_that_the_team_reads_and_nobody_else_puts_right(wijk: Wijk) -> None:
    persoon, dossier = await meekijker(wijk)
    await wijk.schrijf("INWONER", lambda w: verklaar_zelf(w, dossier, "Zo was het niet."))
    [row] = await wijk.rows(select(Notitie.tabel()))
    id = row.id
    assert (row.id, row.soort, row.persoon_id, row.auteur_id, row.niveau_vanaf) == (id, VERKLARING, persoon, wijk.INWONER, 6)
    [versie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst", "bron", "auteur_id"), "notitie_id", [id]))
    assert (versie.tekst, versie.bron, versie.auteur_id) == ("Zo was het niet.", Informatiebron.INWONER, wijk.INWONER)
    await refused(wijk, "WIJKTEAM", GeenRecht, lambda w: corrigeer(w, id, 1, verteld("Zo was het wel.")), records=RECORDS)
    oordeel = Inhoud("Besproken op kantoor.", Informatiebron.EIGEN_WAARNEMING, oordeel="Ik denk er anders over.")
    await wijk.schrijf("WIJKTEAM", lambda w: vul_aan(w, id, oordeel))
    assert [row.tekst for row in await wijk.lees("REGISSEUR", lambda r: r.by_key(Aanvulling, ("tekst",), "notitie_id", [id]))] == [
        "Besproken op kantoor."
    ]
    regels = [regel for regel in await wijk.log() if regel["activiteit"] in ("EIGEN_INZAGE", "TOEGANG_BEWAKEN")]
    assert {regel["activiteit"]: len(regel["betrokkenen"]) for regel in regels} == {"EIGEN_INZAGE": 1, "TOEGANG_BEWAKEN": 1}


async def terug(wijk: Wijk, rol: Any = "INWONER") -> list[tuple[str | None, UUID]]:
    """What somebody reads back of statements, oldest first: the text, and in which case."""
    found = await wijk.lees(rol, lambda r: r.page(EigenVerklaring, ("tekst", "dossier_id"), order=("geschreven",), first=50))
    assert await wijk.lees(rol, lambda r: r.count(EigenVerklaring)) == len(found.rows)
    return [(row.tekst, row.dossier_id) for row in found.rows]


async def test_who_stated_reads_back_that_and_nothing_of_what_others_wrote(wijk: Wijk) -> None:
    persoon, dossier = await meekijker(wijk)
    ander = await wijk.inwoner("Boer", geboortedatum=Datum(1960, 1, 1))
    beide = await wijk.dossier(persoon, ander)
    vert = await wijk.schrijf(
        "WIJKTEAM", lambda w: leg_vast(w, persoon, Hoedanigheid.MENTOR, "Beschikking 1", date(2020, 1, 1), vertegenwoordiger=ander)
    )
    mede = await wijk.schrijf("WIJKTEAM", lambda w: gebruiker_voor(w, "https://inloggen.example", "boer"))
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, ander, mede, Vaststelling.DIGID))
    await wijk.schrijf("WIJKTEAM", lambda w: laat_toe(w, persoon, mede, Vaststelling.DIGID, vertegenwoordiging=vert))
    await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, VERKLARING, verteld("Door een ander opgeschreven")))
    assert await terug(wijk) == []
    id = await wijk.schrijf("INWONER", lambda w: verklaar_zelf(w, dossier, "Zo was het niet."))
    await wijk.schrijf("INWONER", lambda w: verklaar_zelf(w, beide, "En dit ook niet."))
    await wijk.schrijf(wijk.actor("INWONER", gebruiker=mede), lambda w: verklaar_zelf(w, beide, "Van Boer."))
    eigen: list[tuple[str | None, UUID]] = [("Zo was het niet.", dossier), ("En dit ook niet.", beide)]
    assert (await terug(wijk), await terug(wijk, wijk.actor("INWONER", gebruiker=mede))) == (eigen, [("Van Boer.", beide)])
    wie = wijk.actor("VERTEGENWOORDIGER", gebruiker=mede)
    for rol in ("WIJKTEAM", "REGISSEUR", "ZORG", "FG", wie):
        with pytest.raises(GeenRecht):
            await terug(wijk, rol)
    for rol in ("WIJKTEAM", wie):
        assert await terug(wijk, mag(wijk.actor(rol) if isinstance(rol, str) else rol)) == []
    with pytest.raises(GeenRecht):
        await wijk.lees("INWONER", lambda r: r.count(Notitie))
    await refused(wijk, "INWONER", NietGevonden, lambda w: setattr(w.get(EigenVerklaring, id), "tekst", "Anders"), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: sluit(w, dossier, 1, Statusreden.AFGEROND))
    assert await terug(wijk) == eigen
    [[toegang]] = await wijk.rows(select(Inwonertoegang.tabel().c.id).where(Inwonertoegang.tabel().c.gebruiker_id == wijk.INWONER))
    await wijk.schrijf("WIJKTEAM", lambda w: beeindig(w, toegang, 1))
    assert await terug(wijk) == []


def mag(actor: Actor) -> Actor:
    """The same, as if the role were granted it."""
    return replace(actor, rechten=actor.rechten | {EigenVerklaring.lezen.naam})


async def test_the_key_of_the_note_is_the_key_of_what_is_read_back(wijk: Wijk) -> None:
    persoon, dossier = await meekijker(wijk)
    await wijk.schrijf("INWONER", lambda w: verklaar_zelf(w, dossier, "Zo was het niet."))
    await wijk.wijkwerk.database.transact(lambda c: wijk.wijkwerk.keyring.destroy(c, wijk.gemeente, persoon, dossier))
    assert await terug(wijk) == [(None, dossier)]
    [versie] = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst",), "dossier_id", [dossier]))
    assert versie.tekst is None


async def test_only_the_resident_in_an_open_case_of_the_own_adds_one(wijk: Wijk) -> None:
    persoon, dossier = await meekijker(wijk)
    vreemd = await wijk.dossier(await wijk.inwoner("Boer"))
    iets: Any = partial(verklaar_zelf, tekst="Iets")
    wrong: list[tuple[str, UUID, type[WijkwerkError]]] = [
        ("INWONER", vreemd, NietGevonden), ("INWONER", persoon, NietGevonden), ("VERTEGENWOORDIGER", dossier, GeenRecht),
        ("WIJKTEAM", dossier, GeenRecht), ("ZORG", dossier, GeenRecht),
    ]  # fmt: skip
    for rol, waar, error in wrong:
        await refused(wijk, rol, error, partial(iets, dossier=waar), records=RECORDS)
    await refused(wijk, "INWONER", OngeldigeInvoer, partial(verklaar_zelf, dossier=dossier, tekst=" "), records=RECORDS)
    await refused(wijk, "INWONER", TekstTeLang, partial(verklaar_zelf, dossier=dossier, tekst="x" * 200_001), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: sluit(w, dossier, 1, Statusreden.AFGEROND))
    await refused(wijk, "INWONER", DossierGesloten, partial(iets, dossier=dossier), records=RECORDS)


async def test_one_that_is_taken_down_is_the_residents_words_and_its_writer_puts_it_right(wijk: Wijk) -> None:
    persoon, dossier = await meekijker(wijk)
    for inhoud in (Inhoud("x", Informatiebron.NAASTE), Inhoud("x", Informatiebron.INWONER, oordeel="Vreemd")):
        unit = partial(schrijf, dossier=dossier, persoon=persoon, soort=VERKLARING, inhoud=inhoud)
        await refused(wijk, "WIJKTEAM", OngeldigeInvoer, unit, records=RECORDS)
    id = await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, VERKLARING, verteld("Zo zei ik het")))
    await refused(wijk, "REGISSEUR", GeenRecht, lambda w: corrigeer(w, id, 1, verteld("Anders")), records=RECORDS)
    await wijk.schrijf("WIJKTEAM", lambda w: corrigeer(w, id, 1, verteld("Zo zei ik het echt")))
    found = await wijk.lees("REGISSEUR", lambda r: r.by_key(Notitieversie, ("tekst",), "notitie_id", [id], order=("nummer",)))
    assert [row.tekst for row in found] == ["Zo zei ik het", "Zo zei ik het echt"]
