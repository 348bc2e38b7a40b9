"""The made-up neighbourhood holds what a demo needs, always the same, and nobody who exists."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkwerk_mantelzorg
from wijkwerk.aanbod import Aanbod, Aanbodsoort
from wijkwerk.aanmeldingen.aanmelding import Aanmelding, Aanmeldstatus
from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Partijsoort
from wijkwerk.access.register import ROLLEN
from wijkwerk.afspraken.afspraak import Afspraak
from wijkwerk.app import Wijkwerk
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.demo import buurt as buurtmodule
from wijkwerk.demo.bewoners import BIJZONDER, Bewoner, maak_huizen
from wijkwerk.demo.bsns import EERSTE, LAATSTE, TESTPERSONEN
from wijkwerk.demo.buurt import Buurt, bouw
from wijkwerk.demo.gezinnen import DUBBEL
from wijkwerk.demo.instellingen import MEDEWERKERS
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.dubbelen import Dubbelreden, Dubbelvermoeden
from wijkwerk.errors import OpstartFout
from wijkwerk.gebieden import Gebied
from wijkwerk.gebruikers import Aanstelling
from wijkwerk.gezag import Gezag
from wijkwerk.hookspecs import PluginInfo, hookimpl
from wijkwerk.huishoudens import Huishoudlid, Huishoudrol
from wijkwerk.log.export import export
from wijkwerk.log.verify import Rapport, verifieer
from wijkwerk.notities.notitie import Notitie, Notitiesoort
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.records.types.naam import Geslacht, Naamgebruik
from wijkwerk.relaties import Relatie
from wijkwerk.settings import Settings
from wijkwerk.taken.taak import Taak
from wijkwerk.toestemmingen.toestemming import Toestemming
from wijkwerk.vertegenwoordigingen import Hoedanigheid, Vertegenwoordiging
from wijkwerk.waarnemingen import Waarneming
from wijkwerk_mantelzorg.relaties import Mantelzorgrelatie


@dataclass
class Gebouwd:
    """What a test wants to know of a neighbourhood that was built and closed."""

    rijen: Mapping[str, list[dict[str, Any]]]
    zichtbaar: Mapping[str, int]
    rapport: Rapport
    voortgang: list[str]

    def of(self, record: type[Record]) -> list[dict[str, Any]]:
        return self.rijen[record.__tablename__]


RECORDS = (
    Persoon, Huishoudlid, Organisatie, Team, Aanstelling, Dossier, Notitie, Toestemming, Betrokkenheid, Afscherming, Gebied, Relatie, Gezag,
    Aanmelding, Taak, Afspraak,
    Vertegenwoordiging, Dubbelvermoeden, Aanbod, Waarneming, Contactgegeven,
)  # fmt: skip
LEZERS = (
    "wijkteam",
    "wijkteam-zuid",
    "zorg",
    "dock",
    "vrijwilligers",
    "mantelzorg",
    "groepshost",
    "peercoach",
    "klantmanager",
    "crisisdienst",
)


def gebouwd(folder: Path, huizen: int = buurtmodule.HUIZEN, dossiers: int = buurtmodule.DOSSIERS) -> Gebouwd:
    async def build() -> Gebouwd:
        async with Wijkwerk(Settings(map=folder), []) as wijkwerk:
            gehoord: list[str] = []
            buurt = await bouw(wijkwerk, meld=gehoord.append, huizen=huizen, dossiers=dossiers)
            return Gebouwd(await rows(wijkwerk), await seen(buurt), await verified(wijkwerk), gehoord)

    return asyncio.run(build())


async def rows(wijkwerk: Wijkwerk) -> dict[str, list[dict[str, Any]]]:
    def read(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
        return {one.__tablename__: [dict(row) for row in connection.execute(sa.select(one.tabel())).mappings()] for one in RECORDS}

    async with wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(read)


async def seen(buurt: Buurt) -> dict[str, int]:
    return {name: await buurt.wijkwerk.read(buurt.actor(name), lambda reader: reader.count(Persoon), onderdeel="test") for name in LEZERS}


async def verified(wijkwerk: Wijkwerk) -> Rapport:
    await wijkwerk.journal.checkpoint()
    text = io.StringIO()
    await export(wijkwerk.database, text)
    async with wijkwerk.database.snapshot() as snapshot:
        identity = await snapshot.run(lambda connection: wijkwerk.keyring.signing_key(connection, "log"))
    return verifieer(io.BytesIO(text.getvalue().encode()), identity.public_key())


@pytest.fixture(scope="module")
def buurt(tmp_path_factory: pytest.TempPathFactory) -> Gebouwd:
    return gebouwd(tmp_path_factory.mktemp("buurt"))


def bewoners(aantal: int = buurtmodule.HUIZEN, seed: int = buurtmodule.SEED) -> list[Bewoner]:
    return [bewoner for huis in maak_huizen(aantal, seed) for bewoner in huis.bewoners]


def test_there_are_residents_households_and_cases_enough(buurt: Gebouwd) -> None:
    assert len(buurt.of(Persoon)) >= 200
    assert len({row["huishouden_id"] for row in buurt.of(Huishoudlid)}) == buurtmodule.HUIZEN
    assert len(buurt.of(Dossier)) == buurtmodule.DOSSIERS == 60
    assert {row["soort"] for row in buurt.of(Notitie)} == {Notitiesoort.CONTACTVERSLAG, Notitiesoort.BESLUIT, Notitiesoort.STRIKT}
    assert {row["niveau_vanaf"] for row in buurt.of(Notitie)} == {5, 6, 7}
    assert {row["doel"] for row in buurt.of(Toestemming)} == {"ZORG_UITWISSELING", "PW_DERDEN"}


def test_there_are_six_organisations_two_areas_and_a_user_for_every_role(buurt: Gebouwd) -> None:
    assert len(buurt.of(Organisatie)) == 6
    assert len({row["gebied_id"] for row in buurt.of(Team)}) == 2
    assert {row["rol"] for row in buurt.of(Aanstelling)} - {"IMPORT"} == {rol.code for rol in ROLLEN if not rol.systeem and not rol.eigen}


def test_there_is_work_to_do_of_every_kind(buurt: Gebouwd) -> None:
    statussen = Counter(row["status"] for row in buurt.of(Aanmelding))
    assert set(statussen) == {Aanmeldstatus.NIEUW, Aanmeldstatus.VERVOLG, Aanmeldstatus.AFGEWEZEN}
    assert 6 <= statussen[Aanmeldstatus.NIEUW] < 30
    assert {row["voor_soort"] for row in buurt.of(Taak)} == {Partijsoort.GEBRUIKER, Partijsoort.TEAM}
    assert len(buurt.of(Taak)) == 30
    assert len(buurt.of(Afspraak)) == 12


def test_every_user_has_one_employment(buurt: Gebouwd) -> None:
    assert len({one.onderwerp for one in MEDEWERKERS}) == len(MEDEWERKERS) == len(buurt.of(Aanstelling))


@pytest.mark.parametrize(
    ("wat", "klopt"),
    [
        ("a secret one", lambda b: b.get("geheim") is True),
        ("one without voornamen", lambda b: b["voornamen"] is None),
        ("geslacht O", lambda b: b["geslacht"] is Geslacht.ONBEKEND),
        ("only a year", lambda b: b["geboortedatum"].jaar and not b["geboortedatum"].maand),
        ("year and month", lambda b: b["geboortedatum"].maand and not b["geboortedatum"].dag),
        ("an unknown birthday", lambda b: not b["geboortedatum"].jaar),
        ("no BSN", lambda b: b["bsn"] is None),
        ("no address", lambda b: b["straat"] is None),
        ("a voorvoegsel", lambda b: b["voorvoegsel"] == "van der"),
        ("an accent", lambda b: not b["geslachtsnaam"].isascii()),
        ("an unknown name", lambda b: b["geslachtsnaam"] == "."),
        ("a death", lambda b: "overlijdensdatum" in b),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_the_neighbourhood_has(wat: str, klopt: Callable[[dict[str, Any]], object]) -> None:
    assert any(klopt(bewoner.gegevens) for bewoner in bewoners())


def test_every_way_to_use_a_name_occurs() -> None:
    assert {bewoner.gegevens.get("aanduiding_naamgebruik") for bewoner in bewoners()} >= set(Naamgebruik)


def test_a_secret_resident_is_shielded(buurt: Gebouwd) -> None:
    geheim = [row["id"] for row in buurt.of(Persoon) if row["geheim"]]
    assert len(geheim) == 1
    assert [row["persoon_id"] for row in buurt.of(Afscherming) if row["soort"] is Afschermsoort.GEHEIM] == geheim


def test_a_resident_in_danger_is_shielded(buurt: Gebouwd) -> None:
    gevaar = [row["id"] for row in buurt.of(Persoon) if row["veiligheidsvlag"]]
    assert len(gevaar) == 1
    assert [row["persoon_id"] for row in buurt.of(Afscherming) if row["soort"] is Afschermsoort.VEILIGHEID] == gevaar


def test_the_areas_are_those_of_rotterdam_and_nothing_is_invented(buurt: Gebouwd) -> None:
    """domain.md 1.8, code by code."""
    codes = {row["id"]: row["code"] for row in buurt.of(Gebied)}
    boven = {row["code"]: codes.get(row["bovenliggend_id"]) for row in buurt.of(Gebied)}
    assert {code for code in boven if code[:2] != "BU"} == {"GM0599", "WK059904", "WK059908", "WK059912"}
    buurten = {wijk: sorted(int(code[6:]) for code, above in boven.items() if above == wijk) for wijk in boven if wijk[:2] == "WK"}
    assert buurten == {
        "WK059904": [451, 452, 454, 455, 456], "WK059908": [814, 836, 837, 841, 842, 843, 845, 847],
        "WK059912": [1283, 1284, 1289, 1290],
    }  # fmt: skip
    assert {row["naam"] for row in buurt.of(Gebied) if row["code"] in ("BU05990837", "BU05991284")} == {"Oud Crooswijk", "Lombardijen"}


def test_residents_live_in_a_buurt_of_the_wijk_of_their_team(buurt: Gebouwd) -> None:
    codes = {row["id"]: row["code"] for row in buurt.of(Gebied)}
    assert {codes[row["gebied_id"]] for row in buurt.of(Team)} == {"WK059904", "WK059912"}
    zonder = [row for row in buurt.of(Persoon) if row["gebied_id"] is None]
    assert [row["postcode"] for row in zonder] == [None]
    assert {codes[row["gebied_id"]][:8] for row in buurt.of(Persoon) if row["gebied_id"]} == {"BU059904", "BU059912"}


def test_there_are_families_and_who_decides_in_them(buurt: Gebouwd) -> None:
    kinderen = {row["persoon_id"] for row in buurt.of(Huishoudlid) if row["rol"] is Huishoudrol.KIND}
    assert {row["persoon_id"] for row in buurt.of(Gezag)} == kinderen
    assert {row["persoon_id"] for row in buurt.of(Relatie) if row["gezag"]} == kinderen
    assert len({row["soort"] for row in buurt.of(Gezag)}) == 2
    assert [row["hoedanigheid"] for row in buurt.of(Vertegenwoordiging)] == [Hoedanigheid.GEMACHTIGDE, Hoedanigheid.CURATOR]


def test_the_work_list_of_doubles_has_the_ones_that_were_meant_and_no_other(buurt: Gebouwd) -> None:
    assert len(buurt.of(Dubbelvermoeden)) == DUBBEL
    assert all(row["reden"] is Dubbelreden.NAAM_EN_GEBOORTEDATUM for row in buurt.of(Dubbelvermoeden))


def test_there_is_a_social_map_a_replacement_and_contact_that_is_not_safe(buurt: Gebouwd) -> None:
    assert {row["soort"] for row in buurt.of(Aanbod)} == set(Aanbodsoort)
    assert len(buurt.of(Waarneming)) == 1
    bereik = {(row["voorkeur"], row["veilig_te_gebruiken"]) for row in buurt.of(Contactgegeven)}
    assert bereik == {(True, True), (False, True), (False, False)}


@given(seed=st.integers(0, 2**32), aantal=st.integers(len(BIJZONDER), 40))
def test_every_bsn_is_made_up_valid_and_somebody_elses_nowhere(seed: int, aantal: int) -> None:
    nummers = [bewoner.gegevens["bsn"].waarde for bewoner in bewoners(aantal, seed) if bewoner.gegevens["bsn"]]
    assert len(set(nummers)) == len(nummers)
    for digits in nummers:
        assert EERSTE <= int(digits) <= LAATSTE
        assert digits.startswith("9999")
        assert digits not in TESTPERSONEN
        assert sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


@settings(deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_people_and_another_seed_others(seed: int) -> None:
    assert maak_huizen(12, seed) == maak_huizen(12, seed)
    assert maak_huizen(12, seed) != maak_huizen(12, seed + 1)


def test_building_twice_gives_the_same(tmp_path: Path) -> None:
    een, twee = gebouwd(tmp_path / "een", 9, 6), gebouwd(tmp_path / "twee", 9, 6)
    assert content(een) == content(twee)
    assert een.voortgang == twee.voortgang
    assert een.zichtbaar == twee.zichtbaar


def content(found: Gebouwd) -> dict[str, Counter[str]]:
    """All rows without what differs every time: ids, moments and what is encrypted or keyed."""
    return {
        table: Counter(repr([(name, value) for name, value in row.items() if not volatile(name, value)]) for row in rijen)
        for table, rijen in found.rijen.items()
    }


def volatile(name: str, value: object) -> bool:
    return name == "id" or name.endswith("_id") or isinstance(value, bytes) or hasattr(value, "tzinfo")


def test_everybody_sees_own_residents_only(buurt: Gebouwd) -> None:
    noord, zuid = buurt.zichtbaar["wijkteam"], buurt.zichtbaar["wijkteam-zuid"]
    assert noord + zuid == len(buurt.of(Persoon))
    assert min(noord, zuid) > 50
    assert {name: buurt.zichtbaar[name] for name in ("klantmanager", "crisisdienst")} == {"klantmanager": 0, "crisisdienst": 0}
    assert all(0 < buurt.zichtbaar[name] < 15 for name in ("zorg", "dock", "vrijwilligers", "mantelzorg", "groepshost", "peercoach"))


def test_the_log_of_the_building_is_whole(buurt: Gebouwd) -> None:
    assert buurt.rapport.bevindingen == []
    assert buurt.rapport.regels > 20


def test_where_a_municipality_is_already_nothing_is_built(tmp_path: Path) -> None:
    async def twice() -> tuple[dict[str, Any], dict[str, Any]]:
        async with Wijkwerk(Settings(map=tmp_path), []) as wijkwerk:
            await bouw(wijkwerk, huizen=9, dossiers=3)
            before = await rows(wijkwerk)
            with pytest.raises(OpstartFout, match="lege map"):
                await bouw(wijkwerk, huizen=9, dossiers=3)
            return before, await rows(wijkwerk)

    before, after = asyncio.run(twice())
    assert before == after


def test_a_plugin_adds_to_the_neighbourhood_through_its_hook(tmp_path: Path) -> None:
    """Mantelzorg: who cares lives with whom is cared for."""

    async def build() -> tuple[set[frozenset[UUID]], set[frozenset[UUID]]]:
        async with Wijkwerk(Settings(map=tmp_path), [wijkwerk_mantelzorg]) as wijkwerk:
            buurt = await bouw(wijkwerk, huizen=9, dossiers=6)
            async with wijkwerk.database.snapshot() as snapshot:
                found = await snapshot.run(lambda c: c.execute(sa.select(Mantelzorgrelatie.tabel())).mappings().all())
            samen = {frozenset((a.id, b.id)) for one in buurt.huishoudens for a, b in combinations(one.leden, 2)}
            return {frozenset((row["persoon_id"], row["zorgvrager_id"])) for row in found}, samen

    relaties, samen = asyncio.run(build())
    assert relaties
    assert relaties <= samen


def test_a_plugin_that_can_not_add_stops_the_build_and_is_named(tmp_path: Path) -> None:
    def kapot(buurt: Buurt) -> None:
        raise LookupError

    plugin = ModuleType("kapot")
    plugin.plugin_info = hookimpl(lambda: PluginInfo("kapot", "Een plugin die niets kan.", "1"))  # type: ignore[attr-defined]
    plugin.demo = hookimpl(kapot)  # type: ignore[attr-defined]

    async def build() -> None:
        async with Wijkwerk(Settings(map=tmp_path), [plugin]) as wijkwerk:
            await bouw(wijkwerk, huizen=9, dossiers=3)

    with pytest.raises(OpstartFout, match=r"kapot.*LookupError"):
        asyncio.run(build())
