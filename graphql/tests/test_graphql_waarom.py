"""`waarom`: who directs a case is told why a colleague sees something or not, and never more than the asker may know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk
from wijkwerk.uitleggen import VOORBEHOUD
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
WAAROM = "query($g:ID!,$p:ID!,$s:String!,$v:String!){waarom(gebruiker:$g,persoon:$p,soort:$s,veld:$v){mag reden zinnen}}"


async def waarom(vraag: Vrager, rol: Any, gebruiker: UUID, persoon: UUID, veld: str = "Persoon.geboortedatum") -> Any:
    soort, naam = veld.split(".")
    return (await vraag.data(rol, WAAROM, g=str(gebruiker), p=str(persoon), s=soort, v=naam))["waarom"]


async def bekend(wijk: Wijk) -> UUID:
    wie = await wijk.inwoner(geboortedatum=Datum.lees("1980-05-01"))
    await wijk.dossier(wie)
    return wie


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def test_yes_and_no_are_told_with_their_reason_and_the_question_is_logged(wijk: Wijk, vraag: Vrager) -> None:
    wie = await bekend(wijk)
    ja = await waarom(vraag, "REGISSEUR", wijk.WIJKTEAM, wie)
    assert (ja["mag"], ja["reden"]) == (True, "MAG")
    assert ja["zinnen"][0].startswith("Mag wel, want er is een betrokkenheid door een aanmelding, vanaf 1-3-2027, voor ")
    assert ja["zinnen"][-1] == VOORBEHOUD
    assert (await waarom(vraag, "REGISSEUR", wijk.WIJKTEAM, wie, "Persoon.bsn"))["reden"] == "GEEN_RECHT"
    assert (await waarom(vraag, "REGISSEUR", wijk.KLANTMANAGER, wie))["reden"] == "GEEN_BETROKKENHEID"
    assert (await waarom(vraag, "TEAMLEIDER", wijk.REGISSEUR, wie))["mag"]
    regels = [regel for regel in await wijk.log() if regel["gebeurtenis"] == "UITLEG"]
    assert len(regels) == 4
    assert all(regel["betrokkenen"] for regel in regels)


async def test_out_of_reach_looks_like_absent_and_others_may_not_ask(wijk: Wijk, vraag: Vrager) -> None:
    wie = await bekend(wijk)
    elders = wijk.actor("REGISSEUR", team=wijk.ander_team, gebruiker=nieuw_id())
    cases: list[tuple[Any, UUID, UUID, str]] = [
        (elders, wijk.WIJKTEAM, wie, "NIET_GEVONDEN"),
        ("REGISSEUR", wijk.WIJKTEAM, nieuw_id(), "NIET_GEVONDEN"),
        ("REGISSEUR", wijk.DOCK, wie, "NIET_GEVONDEN"),
        ("REGISSEUR", nieuw_id(), wie, "NIET_GEVONDEN"),
        *[(rol, wijk.WIJKTEAM, wie, "GEEN_RECHT") for rol in ("WIJKTEAM", "KLANTMANAGER", "FG", "PRIVACY_OFFICER", "BEHEER", "DOCK")],
    ]
    for rol, gebruiker, persoon, code in cases:
        answer = await vraag(rol, WAAROM, g=str(gebruiker), p=str(persoon), s="Persoon", v="roepnaam")
        assert (codes(answer), answer.data) == ([code], None), (rol, code)
    for soort, veld in (("Tovenaar", "roepnaam"), ("Team", "naam"), ("Persoon", "weg"), ("Persoon", "id"), ("Persoon", "")):
        answer = await vraag("REGISSEUR", WAAROM, g=str(wijk.WIJKTEAM), p=str(wie), s=soort, v=veld)
        assert codes(answer) == ["ONGELDIGE_INVOER"]


async def test_what_the_asker_may_not_know_changes_nothing_of_the_answer(wijk: Wijk, vraag: Vrager) -> None:
    """A TEAMLEIDER (N4) sees no afscherming (N6); a REGISSEUR does, and is told."""
    wie = await bekend(wijk)
    before = await waarom(vraag, "TEAMLEIDER", wijk.WIJKTEAM, wie)
    assert before["mag"]
    held = {
        "persoon_id": wie, "soort": Afschermsoort.BELANGENCONFLICT, "partij_id": wijk.WIJKTEAM, "niveau_tot": 1, "verbergt": True,
        "van": wijk.klok.nu() - timedelta(days=1),
    }  # fmt: skip
    await wijk.wijkwerk.database.transact(lambda connection: wijk.put(connection, Afscherming, **held))
    assert await waarom(vraag, "TEAMLEIDER", wijk.WIJKTEAM, wie) == before
    after = await waarom(vraag, "REGISSEUR", wijk.WIJKTEAM, wie)
    assert (after["mag"], after["reden"]) == (False, "AFGESCHERMD")
    assert (await waarom(vraag, "REGISSEUR", wijk.REGISSEUR, wie))["mag"]
