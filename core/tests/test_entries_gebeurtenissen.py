"""What an auditor looks for has a name of its own in the log (domain.md 3.4), also where it was tried and refused; and then nothing
happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from wijkwerk.aanstellingen import Plaats, neem_in_dienst, stel_aan
from wijkwerk.aanstellingen import beeindig as beeindig_aanstelling
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.app import Wijkwerk
from wijkwerk.cli_beheer import migrate as migrate_command
from wijkwerk.contactgegevens import Contactgegeven, verwijder
from wijkwerk.errors import NietGevonden, VersieVerouderd, WijkwerkError
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.inwoners.toelaten import beeindig as beeindig_toegang
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.jobs.draaien import draai
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.notities.aantekenen import VERDWIJNEN, gooi_weg, maak_definitief, schrijf
from wijkwerk.notities.notitie import Informatiebron, Notitie, Notitiesoort
from wijkwerk.notities.werkaantekening import Werkaantekening
from wijkwerk.plugins import Plugins
from wijkwerk.records.declare import Record
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.settings import Settings
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.migrate import downgrade
from wijkwerk.testing.verwijzingen import toestemming
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import geef, leg_vast, weiger
from wijkwerk.toestemmingen.intrekken import trek_in, trek_zelf_in
from wijkwerk.toestemmingen.toestemming import Toestemming, Wijze
from wijkwerk.toestemmingen.vragen import Vraag, vraag
from wijkwerk.waarnemingen import Waarneming, neem_waar
from wijkwerk.waarnemingen import beeindig as beeindig_waarneming

pytestmark = pytest.mark.anyio
RECORDS: tuple[type[Record], ...] = (
    Toestemming, Betrokkenheid, Aanstelling, Gebruiker, Waarneming, Inwonertoegang, Contactgegeven, Werkaantekening, Notitie,
)  # fmt: skip
G = Gebeurtenis
VANDAAG, GISTEREN = date(2027, 3, 1), date(2027, 2, 28)
Unit = Callable[[Work], Any]


@dataclass(frozen=True)
class Geval:
    """What is done by who has a role, and what of the same kind is refused with which error (by whom, when by somebody else)."""

    gebeurtenis: Gebeurtenis
    rol: str
    doet: Unit
    mag_niet: Unit
    fout: type[WijkwerkError]
    actie: str = "U"


async def keur(wijk: Wijk, geval: Geval) -> Any:
    """The refusal is in the log by the name of what was tried, and nothing happened; then it is done, by the same name."""
    for unit, resultaat in ((geval.mag_niet, "GEWEIGERD"), (geval.doet, "GESLAAGD")):
        before = len(await wijk.log())
        if unit is geval.mag_niet:
            await refused(wijk, geval.rol, geval.fout, unit, records=RECORDS)
        else:
            made = await wijk.schrijf(geval.rol, unit)
        [regel, *others] = (await wijk.log())[before:]
        assert (regel["gebeurtenis"], regel["resultaat"], regel["rollen"]) == (geval.gebeurtenis, resultaat, [geval.rol])
        assert regel.get("code") == (geval.fout.code if resultaat == "GEWEIGERD" else None)
        assert regel["actie"] == geval.actie or resultaat == "GEWEIGERD"
        assert not others or resultaat == "GESLAAGD"
    return made


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def zaak(wijk: Wijk) -> tuple[UUID, UUID]:
    """A grown-up with a case, and with a telephone number."""
    persoon = await wijk.inwoner(geboortedatum=Datum(1956, 11, 2), contact=["0687654321"])
    return persoon, await wijk.dossier(persoon)


async def test_consents(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    naar, soorten = [Ontvanger(wijk.zorg)], ["IDENTITEIT", "CONTACT"]

    def geeft(wie: UUID) -> Unit:
        given = (naar, "ZORG_UITWISSELING", soorten, Wijze.SCHRIFTELIJK, "v1")
        return lambda work: leg_vast(work, dossier, wie, *given)

    gevraagd = Vraag(ontvangers=naar, doel="ZORG_UITWISSELING", categorieen=soorten, wijze=Wijze.SCHRIFTELIJK, tekst_versie="v1",
                     vrijwillig=True, vrijwillig_omdat="Weigeren geeft geen nadeel")  # fmt: skip
    een, ander = [await wijk.schrijf("WIJKTEAM", lambda work: vraag(work, dossier, persoon, gevraagd)) for _ in range(2)]
    team = "WIJKTEAM"
    await keur(wijk, Geval(G.TOESTEMMING_GEGEVEN, team, geeft(persoon), geeft(nieuw_id()), NietGevonden, "C"))
    await keur(wijk, Geval(G.TOESTEMMING_GEGEVEN, team, lambda w: geef(w, een, 1), lambda w: geef(w, een, 9), VersieVerouderd))
    await keur(wijk, Geval(G.TOESTEMMING_GEWEIGERD, team, lambda w: weiger(w, ander, 1), lambda w: weiger(w, ander, 9), VersieVerouderd))
    await keur(wijk, Geval(G.TOESTEMMING_INGETROKKEN, team, lambda w: trek_in(w, een), lambda w: trek_in(w, nieuw_id()), NietGevonden))
    await wijk.schrijf(team, lambda w: trek_in(w, een))
    assert ((await wijk.log())[-1]["gebeurtenis"], (await wijk.log())[-1]["actie"]) == ("LEZEN", "R")


async def test_what_a_resident_withdraws_is_also_by_that_name_where_the_system_does_it(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    gegeven = await toestemming(wijk, dossier, persoon)
    gebruiker = wijk.INWONER
    await keur(
        wijk,
        Geval(
            G.ROL_GEWIJZIGD, "WIJKTEAM", lambda w: laat_toe(w, persoon, gebruiker, Vaststelling.DIGID),
            lambda w: laat_toe(w, nieuw_id(), gebruiker, Vaststelling.DIGID), NietGevonden, "C",
        ),
    )  # fmt: skip
    before = len(await wijk.log())
    await wijk.schrijf("INWONER", lambda w: trek_zelf_in(w, gegeven))
    namen = {(regel["gebeurtenis"], *regel["rollen"]) for regel in (await wijk.log())[before:]}
    assert namen >= {("TOESTEMMING_INGETROKKEN", "INWONER"), ("TOESTEMMING_INGETROKKEN", "TOEGANG")}
    await wijk.schrijf("INWONER", lambda w: trek_zelf_in(w, gegeven))
    assert (await wijk.log())[-1]["gebeurtenis"] == "LEZEN"
    [toegang] = await wijk.rows(select(Inwonertoegang.tabel()))
    eindigt = (lambda w: beeindig_toegang(w, toegang.id, 1), lambda w: beeindig_toegang(w, toegang.id, 9))
    await keur(wijk, Geval(G.ROL_GEWIJZIGD, "WIJKTEAM", *eindigt, VersieVerouderd))


async def test_roles(wijk: Wijk) -> None:
    def dienst(organisatie: UUID) -> Unit:
        plaats = Plaats(organisatie, "WIJKTEAM", VANDAAG)
        return lambda work: neem_in_dienst(work, "test", "nel", "Nel Nieuw", plaats)

    def nog_een(gebruiker: UUID) -> Unit:
        return lambda work: stel_aan(work, gebruiker, Plaats(wijk.stad, "REGISSEUR", VANDAAG))

    def waar(afwezige: UUID, vervanger: UUID) -> Unit:
        return lambda work: neem_waar(work, afwezige, vervanger, wijk.stad, VANDAAG, VANDAAG)

    id = await keur(wijk, Geval(G.ROL_GEWIJZIGD, "BEHEER", dienst(wijk.stad), dienst(nieuw_id()), NietGevonden, "C"))
    [nel] = [row for row in await wijk.rows(select(Aanstelling.tabel())) if row.id == id]
    await keur(wijk, Geval(G.ROL_GEWIJZIGD, "BEHEER", nog_een(nel.gebruiker_id), nog_een(nieuw_id()), NietGevonden, "C"))
    vervangt, niemand = waar(wijk.WIJKTEAM, nel.gebruiker_id), waar(wijk.WIJKTEAM, nieuw_id())
    waarneming = await keur(wijk, Geval(G.ROL_GEWIJZIGD, "BEHEER", vervangt, niemand, NietGevonden, "C"))
    for einde, wat in ((beeindig_waarneming, waarneming), (beeindig_aanstelling, id)):
        eindigt = (lambda w, einde=einde, wat=wat: einde(w, wat, 1, GISTEREN), lambda w, einde=einde, wat=wat: einde(w, wat, 9))
        await keur(wijk, Geval(G.ROL_GEWIJZIGD, "BEHEER", *eindigt, VersieVerouderd))


async def test_what_is_deleted_is_by_that_name_in_the_log_whoever_deletes_it(wijk: Wijk) -> None:
    persoon, dossier = await zaak(wijk)
    [contact] = await wijk.rows(select(Contactgegeven.tabel()))
    weg = (lambda w: verwijder(w, contact.id, 1), lambda w: verwijder(w, contact.id, 9))
    await keur(wijk, Geval(G.VERWIJDEREN, "WIJKTEAM", *weg, VersieVerouderd, "D"))
    een, ander, _ = [
        await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, tekst="Bellen", soort=Notitiesoort.CONTACTVERSLAG))
        for _ in range(3)
    ]
    weg = (lambda w: gooi_weg(w, een, 1), lambda w: gooi_weg(w, een, 9))
    await keur(wijk, Geval(G.VERWIJDEREN, "WIJKTEAM", *weg, VersieVerouderd, "D"))
    bron = Informatiebron.INWONER
    wordt = (lambda w: maak_definitief(w, ander, 1, bron=bron), lambda w: maak_definitief(w, ander, 9, bron=bron))
    await keur(wijk, Geval(G.AANMAKEN, "WIJKTEAM", *wordt, VersieVerouderd, "U"))
    before = len(await wijk.log())
    await opgeruimd(wijk)
    regels = [regel for regel in (await wijk.log())[before:] if regel["gebeurtenis"] == "VERWIJDEREN"]
    assert [(regel["actie"], regel["rollen"], len(regel["betrokkenen"])) for regel in regels] == [("D", ["JOBS"], 1)]


async def opgeruimd(wijk: Wijk) -> None:
    """Drafts whose time is over are thrown away by the job."""
    wijk.klok.moment = wijk.klok.moment.replace(year=2028)
    await draai(wijk.wijkwerk, VERDWIJNEN, wijk.gemeente, "2028-03-01")


async def herstel(folder: Path, *, terug: bool) -> list[dict[str, Any]]:
    """What a start of the service finds in the log of changed tables; with `terug` they are as the version before had them first."""
    settings = Settings(map=folder)
    if terug:
        [core] = [one for one in Plugins.installed().migraties() if one.owner == "core"]
        database = open_database(settings.database_url)
        await database.open()
        await downgrade(database, core, "core_0005")
        await database.close()
        return []
    async with Wijkwerk(settings) as wijkwerk:
        log = await Wijk(wijkwerk, StaandeKlok(BEGIN)).log()
    return [regel for regel in log if regel["gebeurtenis"] == "HERSTEL"]


def test_tables_that_a_next_version_changed_are_in_the_log_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever is first: the command or the service."""
    folder = tmp_path / "data"
    monkeypatch.setenv("WIJKWERK_MAP", str(folder))
    assert CliRunner().invoke(migrate_command, []).exit_code == 0
    asyncio.run(herstel(folder, terug=True))
    assert CliRunner().invoke(migrate_command, []).exit_code == 0
    [regel] = asyncio.run(herstel(folder, terug=False))
    [gewijzigd] = regel["details"]["tabellen"]
    assert gewijzigd.startswith("core: core_0005, core_")
    assert regel["details"]["kanaal"] == "opdrachtregel"
    asyncio.run(herstel(folder, terug=True))
    regels = asyncio.run(herstel(folder, terug=False))
    assert [regel["details"].get("kanaal") for regel in regels] == ["opdrachtregel", None]
