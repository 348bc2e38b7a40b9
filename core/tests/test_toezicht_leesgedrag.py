"""Reading counted against need: somebody who snoops is always on top, whoever works hard is not; on the screen as well (peers.md D 23)."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.termijnen import begin_van, einde_van
from wijkwerk.log.entry import Actie, Deur, Gebeurtenis, Logregel
from wijkwerk.log.opdracht import LogOmgeving
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.controles import Toezicht, deur
from wijkwerk.testing.wijk import BEGIN, OP_SQLITE, Wijk
from wijkwerk.toezicht.leesgedrag import DOSSIER_HOOGSTENS, leesgedrag, onverklaarde
from wijkwerk.toezicht.opdracht import Gevraagd, achter, controles, leescijfers, tellingen, toon

pytestmark = pytest.mark.anyio
DAG, MINUUT = timedelta(days=1), timedelta(minutes=1)
MAANDAG = datetime(2027, 3, 8, 9, tzinfo=UTC)
TEAM, NOOD, GROEP = deur(Bron.DOSSIER), deur(Bron.NOODTOEGANG), deur(Bron.GROEP)


@pytest.fixture
def log(wijk_vlug: Wijk) -> Toezicht:
    wijk_vlug.klok.moment = BEGIN + 39 * DAG
    return Toezicht(wijk_vlug)


class Werkweken:
    """Four weeks of a team at random. Residents are pseudonyms alone: who they are makes no difference here."""

    def __init__(self, log: Toezicht, rng: random.Random) -> None:
        self.log, self.rng, self.regels = log, rng, list[Logregel]()

    async def kijk(self, wie: UUID, *inwoners: UUID, door: Deur = TEAM, anders: dict[str, Any] | None = None) -> None:
        for each in inwoners:
            self.log.namen[each] = each
        op = MAANDAG + self.rng.randrange(28) * DAG + self.rng.randrange(480) * MINUUT
        self.regels.append(await self.log.regel("WIJKTEAM", *inwoners, op=op, deuren=[door], gebruiker=wie, **anders or {}))

    async def werk(self, wie: UUID, dossiers: int) -> None:
        """Files with follow-up; one in six looked at for a moment, by mistake or to hand over; a list or two."""
        alle = [nieuw_id() for _ in range(dossiers)]
        for inwoner in alle:
            await self.kijk(wie, inwoner)
            if self.rng.random() > 1 / 6:
                await self.kijk(wie, inwoner, anders={"actie": Actie.UPDATE, "gebeurtenis": Gebeurtenis.WIJZIGEN})
        await self.kijk(wie, *(nieuw_id() for _ in range(DOSSIER_HOOGSTENS + 1)))

    async def gluur(self, wie: UUID, dossiers: int) -> None:
        """Files that nothing is done in, through whichever door the team or a break-glass opens."""
        for _ in range(dossiers):
            await self.kijk(wie, nieuw_id(), door=self.rng.choice((TEAM, TEAM, TEAM, NOOD)))


@OP_SQLITE
async def test_who_snoops_is_on_top_in_any_team_and_hard_work_is_not_found(log: Toezicht) -> None:
    for zaad in range(10):
        rng, van = random.Random(zaad), log.wijk.wijkwerk.journal
        weken, team = Werkweken(log, rng), [nieuw_id() for _ in range(rng.randrange(4, 8))]
        gluurder, druk = team[0], team[1]
        for wie in team:
            await weken.werk(wie, 70 if wie == druk else rng.randrange(8, 30))
        await weken.gluur(gluurder, rng.randrange(20, 35))
        begin = MAANDAG - (zaad + 1) * 40 * DAG
        schuif = begin - MAANDAG
        await van.record(*(_later(regel, schuif) for regel in weken.regels))
        found = await log.zie(leesgedrag, van=begin, tot=begin + 28 * DAG)
        assert {each.gebruiker for each in found} == set(team)
        assert found[0].gebruiker == gluurder, zaad
        bovenaan, werker = found[0], next(each for each in found if each.gebruiker == druk)
        assert (werker.geopend, werker.collegas) == (70, len(team) - 1)
        assert bovenaan.meer > 10 > werker.meer, (zaad, bovenaan, werker)


def _later(regel: Logregel, schuif: timedelta) -> Logregel:
    return Logregel(**{naam: getattr(regel, naam) for naam in regel.__slots__} | {"tijdstip": regel.tijdstip + schuif})


async def test_what_was_opened_is_told_apart_and_the_residents_behind_it_are_those(log: Toezicht) -> None:
    weken, wie, anderen = Werkweken(log, random.Random(1)), nieuw_id(), nieuw_id()
    bewerkt, twee_dagen, eenmaal, nood, groep, beide, gezocht, geweigerd = (nieuw_id() for _ in range(8))
    for inwoner in (bewerkt, eenmaal, beide):
        await weken.kijk(wie, inwoner)
    for dag in range(2):
        regel = await log.regel("WIJKTEAM", *_bekend(log, twee_dagen), op=MAANDAG + dag * DAG, deuren=[TEAM], gebruiker=wie)
        weken.regels.append(regel)
    await weken.kijk(wie, nood, door=NOOD)
    await weken.kijk(wie, groep, door=GROEP)
    await weken.kijk(wie, beide, door=NOOD, anders={"actie": Actie.CREATE, "gebeurtenis": Gebeurtenis.AANMAKEN})
    await weken.kijk(wie, bewerkt, anders={"actie": Actie.UPDATE, "gebeurtenis": Gebeurtenis.WIJZIGEN})
    await weken.kijk(wie, gezocht, anders={"gebeurtenis": Gebeurtenis.ZOEKEN})
    await weken.kijk(wie, geweigerd, anders={"resultaat": "GEEN_RESULTAAT"})
    await weken.kijk(anderen, bewerkt, eenmaal)
    await weken.kijk(nieuw_id(), bewerkt, anders={"activiteit": "EIGEN_INZAGE"})
    await log.wijk.wijkwerk.journal.record(*weken.regels)
    een, ander = await log.zie(leesgedrag)
    cijfers = {each.gebruiker: each for each in (een, ander)}
    assert cijfers.keys() == {wie, anderen}
    eigen = cijfers[wie]
    assert (eigen.geopend, eigen.eigen, eigen.andere_deuren, eigen.noodtoegang, eigen.los, eigen.onverklaard) == (6, 4, 1, 1, 3, 3)
    assert (eigen.verwacht, eigen.meer, eigen.collegas, eigen.rollen) == (6.0, -3.0, 1, ("WIJKTEAM",))
    achter_de_cijfers = dict(await log.zie(lambda blik: list(onverklaarde(blik, wie))))
    assert achter_de_cijfers.keys() == {eenmaal, nood, groep}
    assert (achter_de_cijfers[nood].keren, achter_de_cijfers[nood].deuren, len(achter_de_cijfers[nood].dagen)) == (1, {"NOODTOEGANG"}, 1)


def _bekend(log: Toezicht, *wie: UUID) -> tuple[UUID, ...]:
    log.namen |= {each: each for each in wie}
    return wie


@OP_SQLITE
async def test_the_commands_say_what_is_counted_and_are_in_the_log_first(log: Toezicht, capsys: pytest.CaptureFixture[str]) -> None:
    core, persoon = log.wijk.wijkwerk, await log.wijk.inwoner()
    async with core.database.snapshot() as snapshot:
        identity = await snapshot.run(lambda connection: core.keyring.signing_key(connection, "log"))
    app = LogOmgeving(core.database, core.journal, core.getuigen, core.levering, identity.public_key(), core.catalogue)
    await log.kijkt("WIJKTEAM", persoon, op=MAANDAG)
    gevraagd = Gevraagd(begin_van(date(2027, 3, 1)), einde_van(date(2027, 12, 31)), "gemeente")
    await toon(app, gevraagd, "wijkwerk log controles", tellingen)
    regels = capsys.readouterr().out.splitlines()
    assert [regel.split(".")[0] for regel in regels if not regel.startswith(" ")] == [str(nummer) for nummer in range(1, 12)]
    assert "  *       1  GEEN_DEUR: Er was geen betrokkenheid" in regels
    assert any(regel.startswith("          0  KOPPELING: ") for regel in regels)
    await toon(app, gevraagd, "wijkwerk log controles", achter(1, "GEEN_DEUR"))
    [treffer] = map(json.loads, capsys.readouterr().out.splitlines())
    assert (treffer["onderdeel"], treffer["pseudoniemen"], treffer["gebruiker"]) == (
        "GEEN_DEUR", [str(log.namen[persoon])], str(log.wijk.WIJKTEAM),
    )  # fmt: skip
    await toon(app, gevraagd, "wijkwerk log controles", achter(1, "KOPPELING"))
    assert capsys.readouterr() == ("", "Niets gevonden in deze periode.\n")
    await toon(app, gevraagd, "wijkwerk log leesgedrag", leescijfers)
    [cijfers] = map(json.loads, capsys.readouterr().out.splitlines())
    assert (cijfers["geopend"], cijfers["collegas"], cijfers["meer"]) == (1, 0, 0.0)
    for vreemd, gemeente in ((achter(1, "BESTAAT_NIET"), "gemeente"), (tellingen, "nergens")):
        with pytest.raises(OngeldigeInvoer):
            await toon(app, Gevraagd(gevraagd.van, gevraagd.tot, gemeente), "x", vreemd)
    assert capsys.readouterr().out == ""
    bekeken = [regel["onderdeel"] for regel in await log.wijk.log() if regel["gebeurtenis"] == "LOG_BEKEKEN"]
    assert bekeken == [*["wijkwerk log controles"] * 3, "wijkwerk log leesgedrag", "x"]


def test_what_is_typed_wrong_is_said_before_anything_is_opened() -> None:
    dagen = ("--van", "2027-03-01", "--tot", "2027-03-31")
    verkeerd = (("--van", "1 maart", "--tot", "x"), "--van")
    for woorden, gezegd in (((*dagen, "--onderdeel", "GEEN_DEUR"), "--nummer"), ((*dagen, "--nummer", "12"), "11"), verkeerd):
        gedaan = CliRunner().invoke(controles, woorden)
        assert (gedaan.exit_code, gezegd in gedaan.output) == (2, True)
