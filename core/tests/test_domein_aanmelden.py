"""First contact and the case: one resident per BSN, found without saying so; the team's own cases only (domain.md 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, leden_van
from wijkwerk.dossiers.leden import MAX_LEDEN
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.personen import Persoon
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.sorteren import LANGSTE_NAAM
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk
from wijkwerk.zoeken.zoek import Zoekvraag, zoek

pytestmark = pytest.mark.anyio
BSN = Bsn.lees("999993653")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def count(wijk: Wijk, *records: type[Any]) -> list[int]:
    return [(await wijk.rows(select(func.count()).select_from(record.tabel())))[0][0] for record in records]


def elsewhere(wijk: Wijk) -> Any:
    return wijk.actor("WIJKTEAM", team=wijk.ander_team)


async def test_who_reports_a_known_bsn_gets_the_same_resident_and_changes_nothing(wijk: Wijk) -> None:
    first = await wijk.inwoner("Moulin", bsn=BSN, roepnaam="Suus")
    p = Persoon.tabel()
    before = await wijk.rows(select(p))
    again = await wijk.inwoner("Anders", bsn=BSN, roepnaam="Anna", contact=["0612345678"], geheim=True, rol=elsewhere(wijk))
    assert again == first
    assert await wijk.rows(select(p)) == before
    row = await wijk.lees(elsewhere(wijk), lambda r: r.one(Persoon, ("roepnaam",), first))
    assert row is not None
    assert await count(wijk, Persoon, Aanmelding, Contactgegeven) == [1, 2, 0]


@pytest.mark.parametrize(
    "gegevens",
    [{"geslachtsnaam": None}, {"geslachtsnaam": ""}, {"contact": ["geen"]}, {"contact": ["@"]}, {"sorteernaam": "x"},
     {"straat": "x" * 90}],
    ids=["naam weg", "naam leeg", "telefoon", "e-mail", "geen veld", "te lang"],
)  # fmt: skip
async def test_what_is_wrong_is_refused_alike_for_a_known_and_an_unknown_bsn(wijk: Wijk, gegevens: dict[str, Any]) -> None:
    await wijk.inwoner("Moulin", bsn=BSN)
    before, said = await count(wijk, Persoon, Aanmelding, Betrokkenheid), []
    for bsn in (BSN, Bsn.lees("999990019")):
        with pytest.raises(OngeldigeInvoer) as refused:
            await wijk.inwoner(**{"geslachtsnaam": "Anders", "bsn": bsn, "rol": elsewhere(wijk)} | gegevens)
        said.append((str(refused.value), refused.value.veld))
    assert said[0] == said[1]
    assert await count(wijk, Persoon, Aanmelding, Betrokkenheid) == before


async def test_without_a_team_nobody_is_reported_and_no_case_is_opened(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    before = await count(wijk, Persoon, Aanmelding, Betrokkenheid, Dossier)
    for rol in ("KLANTMANAGER", "IMPORT"):
        with pytest.raises(GeenRecht):
            await wijk.schrijf(rol, lambda w: aanmelden(w, {"geslachtsnaam": "Jansen"}))
        with pytest.raises(GeenRecht):
            await wijk.schrijf(rol, lambda w: open_dossier(w, [persoon]))
    assert await count(wijk, Persoon, Aanmelding, Betrokkenheid, Dossier) == before


@pytest.mark.parametrize("rol", ["TEAMLEIDER", "CRISISDIENST"])
async def test_who_only_reads_reports_nobody(wijk: Wijk, rol: str) -> None:
    with pytest.raises(GeenRecht):
        await wijk.schrijf(rol, lambda w: aanmelden(w, {"geslachtsnaam": "Jansen"}))
    assert await count(wijk, Persoon, Betrokkenheid) == [0, 0]


async def test_who_works_for_two_teams_names_the_one_and_only_an_own_one(wijk: Wijk) -> None:
    both = replace(wijk.actor("WIJKTEAM"), teams=(wijk.team, wijk.ander_team))
    moulin = partial(aanmelden, gegevens={"geslachtsnaam": "Moulin"})
    for team, error in ((None, OngeldigeInvoer), (nieuw_id(), NietGevonden)):
        with pytest.raises(error):
            await wijk.schrijf(both, partial(moulin, team=team))
    assert await wijk.rows(select(Persoon.tabel())) == []
    persoon = await wijk.schrijf(both, partial(moulin, team=wijk.ander_team))
    assert await wijk.lees("WIJKTEAM", lambda reader: reader.one(Persoon, (), persoon)) is None
    assert await wijk.lees(wijk.actor("WIJKTEAM", team=wijk.ander_team), lambda reader: reader.one(Persoon, (), persoon)) is not None


async def test_a_report_is_seen_by_its_own_team_only(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    assert await wijk.lees("WIJKTEAM", lambda r: (r.count(Persoon), r.count(Aanmelding))) == (1, 1)
    for actor in (elsewhere(wijk), wijk.actor("ZORG"), wijk.actor("KLANTMANAGER"), wijk.actor("DOCK")):
        assert await wijk.lees(actor, lambda r: r.one(Persoon, ("geslachtsnaam",), persoon)) is None
        assert await wijk.lees(actor, lambda r: r.count(Persoon)) == 0


async def test_a_resident_without_name_or_dates_says_so(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(".")
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("leeftijd", "adresregel1", "adresregel2", "aanhef"), persoon))
    assert (row.leeftijd, row.adresregel1, row.adresregel2) == (None, None, None)


async def test_a_name_of_signs_that_fold_to_many_letters_is_kept_whole_and_its_sort_key_cut(wijk: Wijk) -> None:
    naam = "\ufdfa" * 200
    persoon = await wijk.inwoner(naam)
    p = Persoon.tabel()
    [row] = await wijk.rows(select(p.c.geslachtsnaam, p.c.sorteernaam).where(p.c.id == persoon))
    assert row.geslachtsnaam == naam
    assert LANGSTE_NAAM - 1 <= len(row.sorteernaam) <= LANGSTE_NAAM
    assert (await wijk.lees("WIJKTEAM", lambda r: zoek(r, Zoekvraag(naam=naam[:10]), (), first=5))).rows[0].id == persoon


async def test_derived_fields_are_worked_out_of_what_is_shown(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(
        "Berg", voornamen="Anna Maria", voorvoegsel="van den", straat="Boterdiep", huisnummer=31, woonplaats="Waterrijk"
    )
    velden = ("voorletters", "volledige_naam", "aanschrijfwijze", "gebruik_in_lopende_tekst", "adresregel1", "adresregel2")
    row: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, velden, persoon))
    assert (row.voorletters, row.volledige_naam) == ("A.M.", "Anna Maria van den Berg")
    assert row.adresregel1 == "Boterdiep 31"


async def test_a_case_lets_the_team_in_at_n6_and_its_casusregisseur_at_n7(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(bsn=BSN)
    dossier = await wijk.dossier(persoon, vraag="Hulp bij de administratie")
    b = Betrokkenheid.tabel()
    rows = await wijk.rows(select(b.c.partij_id, b.c.niveau_tot).where(b.c.bron_id == dossier).distinct())
    assert {tuple(row) for row in rows} == {(wijk.team, 6), (wijk.REGISSEUR, 7)}
    shown: Any = await wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn",), persoon))
    hidden: Any = await wijk.lees("WIJKTEAM", lambda r: r.one(Persoon, ("bsn",), persoon))
    assert (shown.bsn.waarde, hidden.bsn) == (BSN.waarde, None)
    lead: Any = await wijk.lees("TEAMLEIDER", lambda r: r.one(Dossier, ("status", "vraag"), dossier))
    assert (lead.status, lead.vraag, lead.beperkt) == ("OPEN", None, True)


async def test_no_case_is_opened_about_somebody_out_of_reach(wijk: Wijk) -> None:
    mine, theirs = await wijk.inwoner(), await wijk.inwoner("Jansen", rol=elsewhere(wijk))
    for personen in ([theirs], [mine, theirs], [nieuw_id()]):
        with pytest.raises(NietGevonden):
            await wijk.dossier(*personen)
    assert await count(wijk, Dossier, Dossierlid) == [0, 0]


async def test_a_case_is_about_one_to_twenty_residents_each_once(wijk: Wijk) -> None:
    personen = [await wijk.inwoner() for _ in range(2)]
    for wrong in ([], [nieuw_id() for _ in range(MAX_LEDEN + 1)]):
        with pytest.raises(OngeldigeInvoer):
            await wijk.dossier(*wrong)
    dossier = await wijk.dossier(*personen, personen[0])
    assert set(await wijk.schrijf("WIJKTEAM", lambda w: leden_van(w, dossier))) == set(personen)
    assert await count(wijk, Dossier, Dossierlid) == [1, 2]


async def test_a_casusregisseur_is_of_the_same_team_and_holds_the_role_today(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    a = Aanstelling.tabel()

    async def opened(regisseur: UUID) -> UUID:
        return await wijk.schrijf("WIJKTEAM", lambda w: open_dossier(w, [persoon], regisseur=regisseur))

    for regisseur in (wijk.WIJKTEAM, wijk.KLANTMANAGER, nieuw_id()):
        with pytest.raises(OngeldigeInvoer):
            await opened(regisseur)
    changes: tuple[dict[str, Any], ...] = ({"team_id": wijk.ander_team}, {"team_id": wijk.team, "van": date(2027, 3, 2)})
    for change in changes:
        await wijk.change(update(a).where(a.c.gebruiker_id == wijk.REGISSEUR).values(change))
        with pytest.raises(OngeldigeInvoer):
            await opened(wijk.REGISSEUR)
    assert await count(wijk, Dossier) == [0]
