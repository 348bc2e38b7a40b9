"""What the register and the policy said when: kept at a start when it differs, once, and nothing when it does not (AVG art. 30)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import GeenRecht, OpstartFout
from wijkwerk.inrichting import Beheerder, maak_nieuwe_gemeente
from wijkwerk.organisaties import gemeente
from wijkwerk.settings import Settings
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.verwerkingen import Beleidsversie, Registersoort, Registerversie, inhoud, leg_vast

pytestmark = pytest.mark.anyio
WAMS = """
[[grondslag]]
code = "WAMS"
uitleg = "Verzonnen wet."
artikel6 = "6(1)(e)"
bijzonder = false
instemming = "NIET_NODIG"
van = 2028-01-01
"""
GEWIJZIGD = ("REGISTER_GEWIJZIGD", "BELEID_GEWIJZIGD")


@asynccontextmanager
async def opnieuw(wijk: Wijk, register: str = "", beleid: str | None = None) -> AsyncIterator[Wijkwerk]:
    """The same database under another installation, a day later."""
    wijk.klok.moment += timedelta(days=1)
    folder = wijk.wijkwerk.settings.map
    (folder / "register.toml").write_text(register, encoding="utf-8")
    settings = Settings(map=folder, register_file=folder / "register.toml")
    if beleid is not None:
        (folder / "beleid.csv").write_text(beleid, encoding="utf-8")
        settings = settings.model_copy(update={"policy_file": folder / "beleid.csv"})
    ander = Wijkwerk(settings, [], klok=wijk.klok, database=wijk.wijkwerk.database)
    ander.keyring, ander.journal = wijk.wijkwerk.keyring, wijk.wijkwerk.journal
    await leg_vast(ander)
    yield ander


async def versies(wijk: Wijk, soort: Registersoort, code: str) -> Sequence[tuple[int, list[str]]]:
    r = Registerversie.tabel().c
    asked = select(r.nummer, r.inhoud).where(r.gemeente_id == wijk.gemeente, r.soort == soort, r.code == code).order_by(r.nummer)
    return [(row.nummer, row.inhoud) for row in await wijk.rows(asked)]


async def beleid(wijk: Wijk) -> Sequence[tuple[int, str, list[str]]]:
    b = Beleidsversie.tabel().c
    asked = select(b.nummer, b.kenmerk, b.regels).where(b.gemeente_id == wijk.gemeente).order_by(b.nummer)
    return [(row.nummer, row.kenmerk, row.regels) for row in await wijk.rows(asked)]


async def gelogd(wijk: Wijk) -> list[tuple[str, Any]]:
    log = [regel for regel in await wijk.log() if regel["gebeurtenis"] in GEWIJZIGD and regel["gemeente"] == wijk.gemeente.hex]
    return [(regel["gebeurtenis"], regel["details"]) for regel in log]


async def test_the_first_start_keeps_everything_and_the_next_one_nothing(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    async with opnieuw(wijk) as wijkwerk:
        policy = wijkwerk.toewijzer.policy
    aantal = len(inhoud(wijkwerk.catalogue))
    assert len(await wijk.rows(select(Registerversie.tabel()))) == 2 * aantal > 100  # two municipalities
    [(nummer, regels)] = await versies(wijk, Registersoort.DOEL, "BUURTGROEP")
    assert nummer == 1
    assert regels == [
        "versie 1, van altijd tot en met altijd", "uitleg: Meedoen aan een buurtgroep", "domein: BUURT", "grondslag: BUURTGROEP",
        "categorieen: IDENTITEIT", "koppelbaar: ja",
    ]  # fmt: skip
    [(_, regels)] = await versies(wijk, Registersoort.ACTIVITEIT, "BUURTWERK")
    assert regels[-3:] == ["doelen: BUURTGROEP", "vertrouwelijk: nee", "mag door: GROEPSHOST"]
    assert await beleid(wijk) == [(1, policy.versie, [regel.tekst for regel in policy.regels])]
    assert [gebeurtenis for gebeurtenis, _ in await gelogd(wijk)] == list(GEWIJZIGD)
    alles = await wijk.rows(select(Registerversie.tabel())), await wijk.log()
    async with opnieuw(wijk):
        assert (await wijk.rows(select(Registerversie.tabel())), await wijk.log()) == alles


async def test_what_changed_is_a_next_version_and_what_is_gone_says_so(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    for register in ("", WAMS, WAMS.replace("Verzonnen", "Andere"), "", WAMS):
        async with opnieuw(wijk, register):
            pass
    found = await versies(wijk, Registersoort.GRONDSLAG, "WAMS")
    assert [(nummer, regels[1:2]) for nummer, regels in found] == [
        (1, ["uitleg: Verzonnen wet."]), (2, ["uitleg: Andere wet."]), (3, []), (4, ["uitleg: Verzonnen wet."]),
    ]  # fmt: skip
    assert found[0][1][0] == "versie 1, van 2028-01-01 tot en met altijd"
    assert [details["versies"] for _, details in (await gelogd(wijk))[2:]] == [[f"GRONDSLAG WAMS {nummer}"] for nummer in range(1, 5)]
    assert len(await versies(wijk, Registersoort.DOEL, "BUURTGROEP")) == 1


async def test_a_policy_that_comes_back_is_a_version_again(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    for regels in ("p, FG, persoon:lezen\n", "p, FG, dossier:lezen\n", "p, FG, persoon:lezen # dezelfde\n"):
        async with opnieuw(wijk, beleid=regels):
            pass
    found = await beleid(wijk)
    assert [nummer for nummer, _, _ in found] == [1, 2, 3]
    assert found[0][1] == found[2][1] != found[1][1]
    assert found[2][2] == ["p, FG, persoon:lezen"]
    assert [details["kenmerk"] for gebeurtenis, details in await gelogd(wijk) if gebeurtenis == "BELEID_GEWIJZIGD"] == [
        k for _, k, _ in found
    ]


async def test_two_processes_that_start_at_once_keep_one_version(wijk: Wijk) -> None:
    folder = wijk.wijkwerk.settings.map
    (folder / "register.toml").write_text(WAMS, encoding="utf-8")
    settings = Settings(map=folder, register_file=folder / "register.toml")
    beide = [Wijkwerk(settings, [], klok=wijk.klok, database=wijk.wijkwerk.database) for _ in range(4)]
    for ander in beide:
        ander.keyring, ander.journal = wijk.wijkwerk.keyring, wijk.wijkwerk.journal
    await asyncio.gather(*map(leg_vast, beide))
    assert [nummer for nummer, _ in await versies(wijk, Registersoort.GRONDSLAG, "WAMS")] == [1]
    assert [nummer for nummer, _, _ in await beleid(wijk)] == [1]
    assert [gebeurtenis for gebeurtenis, _ in await gelogd(wijk)] == list(GEWIJZIGD)


async def test_a_start_and_a_new_municipality_keep_it_and_a_start_that_is_refused_does_not(tmp_path: Path) -> None:
    settings = Settings(map=tmp_path / "data")
    async with Wijkwerk(settings, []) as wijkwerk:
        nieuw = await maak_nieuwe_gemeente(wijkwerk, "Voorbeeld", "GM9999", Beheerder("Mo", "uitgever", "mo"))

        def kept(connection: Any) -> list[Any]:
            gemeenten = connection.execute(select(gemeente.c.id)).scalars().all()
            assert gemeenten == [nieuw]
            return [tuple(row) for record in (Registerversie, Beleidsversie) for row in connection.execute(select(record.tabel()))]

        async with wijkwerk.database.snapshot() as snapshot:
            eerst = await snapshot.run(kept)
    assert len(eerst) == len(inhoud(wijkwerk.catalogue)) + 1
    (tmp_path / "register.toml").write_text(WAMS + "tot = 2027-12-31\n", encoding="utf-8")
    with pytest.raises(OpstartFout, match="tot ligt voor van"):
        Wijkwerk(Settings(map=tmp_path / "data", register_file=tmp_path / "register.toml"), [])
    (tmp_path / "register.toml").write_text(WAMS, encoding="utf-8")
    async with (
        Wijkwerk(Settings(map=tmp_path / "data", register_file=tmp_path / "register.toml"), []) as later,
        later.database.snapshot() as snapshot,
    ):
        daarna = await snapshot.run(kept)
    assert len(daarna) == len(eerst) + 1


async def test_nobody_writes_a_version_and_only_oversight_reads_one(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    async with opnieuw(wijk):
        pass
    versie = partial(Registerversie, soort=Registersoort.DOEL, code="X", nummer=1, inhoud=[], sinds=wijk.klok.nu())
    for rol in ("BEHEER", "FG", "JOBS"):
        await refused(wijk, rol, GeenRecht, lambda work: work.grant(versie()), records=[Registerversie])
    for rol in wijk.wijkwerk.catalogue.rollen:
        mag = rol in ("FG", "PRIVACY_OFFICER", "ARCHIVARIS")
        assert (wijk.actor(rol).may(Registerversie.lezen.naam), wijk.actor(rol).may(Beleidsversie.lezen.naam)) == (mag, mag)
