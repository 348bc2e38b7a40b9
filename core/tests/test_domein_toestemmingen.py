"""Consent: only where the ground asks for it, bounded, and withdrawn from the next request on (domain.md 2.3, 2.4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.notities import Notitiesoort, Notitieversie, schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.intrekken import trek_in
from wijkwerk.toestemmingen.nodig import ToestemmingNietNodig
from wijkwerk.toestemmingen.toestemming import Toestemming, Wijze

pytestmark = pytest.mark.anyio
ZORG: dict[str, Any] = {"doel": "ZORG_UITWISSELING", "categorieen": ["IDENTITEIT", "CONTACTVERSLAGEN"], "wijze": Wijze.SCHRIFTELIJK}
VANDAAG = date(2027, 3, 1)


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def case(wijk: Wijk, naam: str = "Moulin") -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner(naam, roepnaam="Suus", geboortedatum=Datum(1956, 11, 2), contact=["0612345678"])
    return persoon, await wijk.dossier(persoon)


async def give(wijk: Wijk, persoon: UUID, dossier: UUID, *, rol: Any = "WIJKTEAM", **changes: Any) -> UUID:
    given = ZORG | {"ontvangers": [Ontvanger(changes.pop("ontvanger", wijk.zorg))], "tekst_versie": "v1", "geldig_tot": date(2027, 12, 31)}
    given |= changes
    return await wijk.schrijf(rol, lambda w: leg_vast(w, dossier, persoon, **given))


async def reach(wijk: Wijk, rol: str, persoon: UUID) -> list[str]:
    return [row.waarde for row in await wijk.lees(rol, lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon]))]


async def opened(wijk: Wijk) -> int:
    b = Betrokkenheid.tabel()
    rows = await wijk.rows(select(b.c.id).where(b.c.bron == Bron.TOESTEMMING))
    return len(rows) + len(await wijk.rows(select(Toestemming.tabel().c.id)))


async def test_a_consent_opens_its_categories_of_its_case_to_its_recipient(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    elders = await wijk.dossier(persoon)
    for kader, tekst, deelbaar in ((dossier, "deelbaar", True), (dossier, "intern", False), (elders, "ander dossier", True)):
        await wijk.schrijf(
            "WIJKTEAM",
            lambda w, k=kader, t=tekst, d=deelbaar: schrijf(w, k, persoon, Notitiesoort.CONTACTVERSLAG, t, deelbaar=d),  # type: ignore[misc]
        )
    assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), persoon)) is None
    await give(wijk, persoon, dossier)
    row: Any = await wijk.lees("ZORG", lambda r: r.one(Persoon, ("roepnaam", "straat"), persoon))
    assert (row.roepnaam, row.straat, row.beperkt, await reach(wijk, "ZORG", persoon)) == ("Suus", None, True, [])
    notes = await wijk.lees("ZORG", lambda r: r.page(Notitieversie, ("tekst",), first=10))
    assert [note.tekst for note in notes.rows] == ["deelbaar"]
    assert await wijk.lees("DOCK", lambda r: r.count(Persoon)) == 0


async def test_no_consent_is_asked_where_the_ground_needs_none(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    for doel in ("WMO_ONDERZOEK", "PW_UITVOERING", "WMO_ALG_VOORZIENING"):
        with pytest.raises(ToestemmingNietNodig) as refused:
            await give(wijk, persoon, dossier, doel=doel, categorieen=["IDENTITEIT"])
        assert refused.value.code == "TOESTEMMING_NIET_NODIG"
    assert await opened(wijk) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"doel": "BESTAAT_NIET"}, {"categorieen": []}, {"categorieen": ["FINANCIEN"]}, {"categorieen": ["IDENTITEIT", "BSN"]},
        {"categorieen": ["alles"]}, {"geldig_tot": VANDAAG - timedelta(days=1)}, {"geldig_tot": date(2028, 3, 2)},
        {"doel": "PW_DERDEN", "categorieen": ["IDENTITEIT"], "wijze": Wijze.MONDELING}, {"tekst_versie": ""}, {"tekst_versie": "x" * 61},
    ],
    ids=["doel", "geen", "buiten", "bsn", "onbekend", "voorbij", "meer dan een jaar", "mondeling", "tekst leeg", "tekst lang"],
)  # fmt: skip
async def test_a_consent_that_is_not_specific_bounded_or_proven_is_refused(wijk: Wijk, changes: dict[str, Any]) -> None:
    persoon, dossier = await case(wijk)
    with pytest.raises(OngeldigeInvoer):
        await give(wijk, persoon, dossier, **changes)
    assert await opened(wijk) == 0


@pytest.mark.parametrize(
    ("geldig_tot", "melding"), [(VANDAAG - timedelta(days=1), "Kies een datum vanaf vandaag"), (date(2028, 3, 2), "Kies een eerdere datum")]
)
async def test_the_refusal_says_which_date_can_be(wijk: Wijk, geldig_tot: date, melding: str) -> None:
    persoon, dossier = await case(wijk)
    with pytest.raises(OngeldigeInvoer, match=melding):
        await give(wijk, persoon, dossier, geldig_tot=geldig_tot)
    assert await opened(wijk) == 0


@pytest.mark.parametrize("geldig_tot", [VANDAAG, date(2028, 3, 1)], ids=["vandaag", "een jaar"])
async def test_a_consent_holds_from_today_and_for_a_year_at_most(wijk: Wijk, geldig_tot: date) -> None:
    persoon, dossier = await case(wijk)
    await give(wijk, persoon, dossier, geldig_tot=geldig_tot)
    assert await opened(wijk) == 3


@pytest.mark.parametrize("wijze", [Wijze.SCHRIFTELIJK, Wijze.DIGITAAL])
async def test_no_objection_in_writing_opens_to_a_peer_coach_up_to_n3(wijk: Wijk, wijze: Wijze) -> None:
    persoon, dossier = await case(wijk)
    await give(wijk, persoon, dossier, doel="PW_DERDEN", categorieen=["IDENTITEIT", "CONTACT"], wijze=wijze, ontvanger=wijk.bewoners)
    row: Any = await wijk.lees("PEERCOACH", lambda r: r.one(Persoon, ("roepnaam", "geboortedatum", "bsn"), persoon))
    assert (row.roepnaam, row.geboortedatum, row.bsn) == ("Suus", None, None)
    assert await reach(wijk, "PEERCOACH", persoon) == ["+31612345678"]


async def test_who_may_not_or_can_not_reach_records_no_consent(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    ander, _ = await case(wijk, "Jansen")
    tries: list[tuple[Any, UUID, UUID, UUID, type[WijkwerkError]]] = [
        ("TEAMLEIDER", persoon, dossier, wijk.zorg, GeenRecht), ("ZORG", persoon, dossier, wijk.zorg, GeenRecht),
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), persoon, dossier, wijk.zorg, NietGevonden),
        ("WIJKTEAM", ander, dossier, wijk.zorg, NietGevonden), ("WIJKTEAM", persoon, nieuw_id(), wijk.zorg, NietGevonden),
        ("WIJKTEAM", persoon, dossier, nieuw_id(), NietGevonden),
    ]  # fmt: skip
    for rol, wie, kader, ontvanger, error in tries:
        with pytest.raises(error):
            await give(wijk, wie, kader, rol=rol, ontvanger=ontvanger)
    assert await opened(wijk) == 0


async def test_withdrawal_refuses_the_next_request_and_the_next_page(wijk: Wijk) -> None:
    personen = []
    for n in range(3):
        persoon, dossier = await case(wijk, f"Jansen{chr(97 + n)}")
        personen.append((persoon, await give(wijk, persoon, dossier)))
    first = await wijk.lees("ZORG", lambda r: r.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=1))
    assert (first.rows[0].id, first.more) == (personen[0][0], True)
    await wijk.schrijf("WIJKTEAM", lambda w: trek_in(w, personen[1][1]))
    after = (first.rows[0].sorteernaam, first.rows[0].id)
    second = await wijk.lees("ZORG", lambda r: r.page(Persoon, ("geslachtsnaam",), order=("sorteernaam",), first=1, after=after))
    assert ([row.id for row in second.rows], second.more) == ([personen[2][0]], False)
    assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), personen[1][0])) is None
    assert await wijk.lees("ZORG", lambda r: r.count(Persoon)) == 2


async def test_withdrawing_twice_does_no_harm_and_asks_no_reason(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    toestemming = await give(wijk, persoon, dossier)
    for _ in range(2):
        assert await wijk.schrijf("REGISSEUR", lambda w: trek_in(w, toestemming)) == toestemming
    [row] = await wijk.rows(select(Toestemming.tabel()))
    assert (row.status, row.versie) == ("INGETROKKEN", 2)


async def test_a_stranger_withdraws_nothing(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    toestemming = await give(wijk, persoon, dossier)
    for actor in (wijk.actor("WIJKTEAM", team=wijk.ander_team), wijk.actor("ZORG")):
        with pytest.raises(WijkwerkError):
            await wijk.schrijf(actor, lambda w: trek_in(w, toestemming))
    assert await wijk.lees("ZORG", lambda r: r.count(Persoon)) == 1


async def test_a_consent_ends_by_itself_at_midnight_in_amsterdam(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    await give(wijk, persoon, dossier, geldig_tot=VANDAAG)
    seen = []
    for hour, minute in ((22, 59), (23, 0)):
        wijk.klok.moment = wijk.klok.moment.replace(hour=hour, minute=minute, second=0, microsecond=0)
        seen.append(await wijk.lees("ZORG", lambda r: r.count(Persoon)))
    assert seen == [1, 0]
