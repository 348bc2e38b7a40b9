"""Backups on both engines: what is destroyed stays destroyed whatever is put back, and nothing is ever half there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import make_url

from wijkwerk.app import Wijkwerk
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.errors import WijkwerkError
from wijkwerk.notities.notitie import Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.records.session import Work
from wijkwerk.reservekopie import maken
from wijkwerk.reservekopie.maken import Gemaakt, maak
from wijkwerk.reservekopie.manifest import NAAM, Deel, keur, lees
from wijkwerk.reservekopie.map import ReservekopieFout, schijffouten
from wijkwerk.reservekopie.stenen import NAAM as STENEN
from wijkwerk.reservekopie.terugzetten import Opdracht, zet_terug
from wijkwerk.settings import Bijlageinstellingen, Settings
from wijkwerk.sleutelbeheer.vernietigen import vernietig
from wijkwerk.sleutelbeheer.voornemen import Waarvan, bekijk
from wijkwerk.storage.postgres import PostgresDatabase
from wijkwerk.testing.databases import PostgresTemplates
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.postgres import PostgresServer
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
KANARIE = "Suzanne is bang voor haar broer"


@dataclass
class Plek:
    """The made-up municipality with two notes, places for backups, and an empty place to put one back."""

    wijk: Wijk
    folder: Path
    leeg: Settings
    een: UUID
    ander: UUID
    gezegd: list[str] = field(default_factory=list)
    teruggezet: int = 0
    """How often the log of the place where a backup was put back says so."""

    @property
    def gegevens(self) -> Path:
        return self.folder / "gegevens"

    @property
    def sleutels(self) -> Path:
        return self.folder / "sleutels"

    async def kopie(self) -> Gemaakt:
        self.wijk.klok.moment += timedelta(minutes=1)
        return await maak(self.wijk.wijkwerk, self.gegevens, self.sleutels)

    async def vernietig(self) -> None:
        wie = Waarvan(self.een, None)
        code = (await self.wijk.lees("PRIVACY_OFFICER", lambda r: bekijk(r, wie))).bevestiging
        await self.wijk.schrijf("PRIVACY_OFFICER", lambda w: vernietig(w, wie, code))

    async def terug(self, gegevens: Path, sleutels: Path, **more: Any) -> str:
        return await zet_terug(self.leeg, Opdracht(gegevens, sleutels, **more), self.gezegd.append, self._wijkwerk)

    def _wijkwerk(self, settings: Settings) -> Wijkwerk:
        return Wijkwerk(settings, [], klok=self.wijk.klok)

    async def teksten(self) -> dict[UUID, str | None]:
        """What the team reads in the place where a backup was put back, by whose file."""
        async with self._wijkwerk(self.leeg) as terug:
            actor, velden = self.wijk.actor("WIJKTEAM"), ("tekst", "persoon_id")
            rows: list[Any] = await terug.read(
                actor, lambda r: r.by_key(Notitieversie, velden, "persoon_id", [self.een, self.ander]), onderdeel="test"
            )
            log = await Wijk(terug, self.wijk.klok).log()
            self.teruggezet = sum(regel["gebeurtenis"] == "TERUGGEZET" for regel in log)
            return {row.persoon_id: row.tekst for row in rows}

    async def is_leeg(self) -> bool:
        """Whether the place to put something back is as it was: the root key, and nothing else."""
        if self.leeg.database is None:
            return [path.name for path in self.leeg.map.iterdir()] == ["root.key"]
        database = PostgresDatabase(make_url(self.leeg.database_url), connections=1)
        await database.open()
        try:
            async with database.snapshot() as snapshot:
                asked = (
                    "SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') + count(*) FROM pg_proc "
                    "WHERE pronamespace = 'public'::regnamespace"
                )
                return bool(await snapshot.run(lambda connection: connection.exec_driver_sql(asked).scalar_one()) == 0)
        finally:
            await database.close()


def _schrijf(dossier: UUID, persoon: UUID, tekst: str, work: Work) -> UUID:
    return schrijf(work, dossier, persoon, Notitiesoort.CONTACTVERSLAG, verteld(tekst))


@pytest.fixture
async def plek(wijk: Wijk, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Plek]:
    een, ander = await wijk.inwoner("Moulin"), await wijk.inwoner("Kok")
    for persoon, tekst in ((een, KANARIE), (ander, "Gaat goed")):
        dossier = await wijk.dossier(persoon)
        await wijk.schrijf("WIJKTEAM", partial(_schrijf, dossier, persoon, tekst))
    made = tmp_path / "leeg"
    made.mkdir(mode=0o700)
    shutil.copy(wijk.wijkwerk.settings.root_key_file, made / "root.key")
    async with _adres(wijk, request) as (url, programmas):
        wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"pg_programmas": programmas})
        yield Plek(wijk, tmp_path, Settings(map=made, database=url, pg_programmas=programmas), een, ander)


@asynccontextmanager
async def _adres(wijk: Wijk, request: pytest.FixtureRequest) -> AsyncIterator[tuple[str | None, Path | None]]:
    """An empty database of its own on PostgreSQL."""
    if wijk.wijkwerk.database.dialect == "sqlite":
        yield None, None
        return
    templates: PostgresTemplates = request.getfixturevalue("pg_templates")
    server: PostgresServer = request.getfixturevalue("pg_server")
    async with templates.clone([]) as url:
        yield url.render_as_string(hide_password=False), server.bindir


async def test_what_was_destroyed_stays_destroyed_whichever_halves_are_put_back(plek: Plek, tmp_path: Path) -> None:
    voor = await plek.kopie()
    await plek.vernietig()
    na = await plek.kopie()
    await plek.terug(voor.gegevens, voor.sleutels, proef=True)  # replays the newer backup of keys in the same place
    assert await plek.is_leeg()
    assert "en nu weer: 1." in " ".join(plek.gezegd)
    assert "Let op" not in " ".join(plek.gezegd)
    await plek.terug(voor.gegevens, na.sleutels)
    assert await plek.teksten() == {plek.een: None, plek.ander: "Gaat goed"}
    with pytest.raises(ReservekopieFout, match="staat al iets"):
        await plek.terug(voor.gegevens, voor.sleutels)
    assert await plek.teksten() == {plek.een: None, plek.ander: "Gaat goed"}
    assert plek.teruggezet == 1


async def test_with_keys_from_before_the_file_of_what_was_destroyed_is_enough_and_without_it_the_notes_are_back(plek: Plek) -> None:
    voor = await plek.kopie()
    elders = plek.folder / "elders"
    shutil.copytree(voor.sleutels, elders / voor.sleutels.name)
    await plek.vernietig()
    na = await plek.kopie()
    await plek.terug(voor.gegevens, elders / voor.sleutels.name, vernietigd=na.sleutels / STENEN, proef=True)
    assert "en nu weer: 1." in " ".join(plek.gezegd)
    assert "Let op" not in " ".join(plek.gezegd)
    await plek.terug(voor.gegevens, elders / voor.sleutels.name)
    assert "Let op: er is geen nieuwere kopie van deze sleutels." in " ".join(plek.gezegd)
    assert await plek.teksten() == {plek.een: KANARIE, plek.ander: "Gaat goed"}


async def test_nothing_can_be_read_in_a_backup_and_the_root_key_and_the_keys_are_not_with_the_data(plek: Plek) -> None:
    made = await plek.kopie()
    for folder in (made.gegevens, made.sleutels):
        assert folder.stat().st_mode & 0o777 == 0o700
        for path in folder.rglob("*"):
            assert path.is_dir() or path.stat().st_mode & 0o777 == 0o600
            assert KANARIE.encode() not in path.read_bytes()
    assert not list(plek.folder.glob("*/*/root.key"))
    gegevens, sleutels = lees(made.gegevens, Deel.GEGEVENS), lees(made.sleutels, Deel.SLEUTELS)
    assert (gegevens.aantallen["notitieversie"], "gegevenssleutel" in gegevens.aantallen) == (2, False)
    assert sleutels.aantallen.keys() >= {"dienstsleutel", "gegevenssleutel", "vernietigde_sleutel"}
    assert "persoon" not in sleutels.aantallen
    assert gegevens.migraties.keys() == {"core"}
    assert sleutels.migraties.keys() == {"sleutels"}
    assert (gegevens.kopie, gegevens.gemaakt) == (sleutels.kopie, plek.wijk.klok.moment)


async def test_a_byte_that_changed_a_file_too_many_or_too_few_and_the_wrong_folder_are_refused_and_the_place_stays_empty(
    plek: Plek,
) -> None:
    made = await plek.kopie()
    halves = (made.gegevens, made.sleutels)
    for folder in halves:
        for path in sorted(folder.iterdir()):
            whole = path.read_bytes()
            for changed in (whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:], whole[:-1], whole + b"\n", b""):
                path.write_bytes(changed)
                if path.name != NAAM or changed.strip() != whole:  # white space after the manifest says nothing
                    with pytest.raises(ReservekopieFout, match=r"beschadigd|niet compleet"):
                        await plek.terug(*halves)
            path.write_bytes(whole)
            path.rename(path.with_name("weg"))
            with pytest.raises(ReservekopieFout):
                await plek.terug(*halves)
            path.with_name("weg").rename(path)
    for gegevens, sleutels in ((made.sleutels, made.gegevens), (made.gegevens, made.gegevens), (plek.folder / "niets", made.sleutels)):
        with pytest.raises(ReservekopieFout):
            await plek.terug(gegevens, sleutels)
    assert await plek.is_leeg()
    keur(made.gegevens, lees(made.gegevens, Deel.GEGEVENS))


async def test_keys_of_another_installation_or_no_root_key_are_refused_and_the_place_stays_empty(plek: Plek) -> None:
    made = await plek.kopie()
    root = plek.leeg.root_key_file
    kept = root.read_bytes()
    root.unlink()
    with pytest.raises(WijkwerkError):
        await plek.terug(made.gegevens, made.sleutels)
    assert not list(plek.leeg.map.glob("*.db"))
    FileProvider(root)
    with pytest.raises(WijkwerkError):
        await plek.terug(made.gegevens, made.sleutels)
    root.write_bytes(kept)
    assert await plek.is_leeg()
    await plek.terug(made.gegevens, made.sleutels)


async def test_a_log_that_is_shorter_than_a_checkpoint_that_was_kept_elsewhere_says_is_refused(plek: Plek) -> None:
    voor = await plek.kopie()
    await plek.wijk.inwoner("Later")
    checkpoint = await plek.wijk.wijkwerk.journal.checkpoint()
    with pytest.raises(ReservekopieFout, match="inzagelog"):
        await plek.terug(voor.gegevens, voor.sleutels, bewaard=[checkpoint])
    assert await plek.is_leeg()


async def test_one_place_for_both_halves_is_refused_before_anything_is_made(plek: Plek) -> None:
    map = plek.folder / "samen"
    (plek.folder / "link").symlink_to(map)
    for ander in (map, map / "sleutels", map.parent, plek.folder / "link"):
        with pytest.raises(ReservekopieFout, match="aparte mappen"):
            await maak(plek.wijk.wijkwerk, map, ander)
    assert not map.exists()


async def test_what_fails_half_way_leaves_no_backup_and_what_a_killed_one_left_is_cleared_away(
    plek: Plek, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = plek.gegevens / ".bezig-x"
    half.mkdir(parents=True)

    with monkeypatch.context() as patch:
        patch.setattr(maken, "leg_vast", lambda *_: _geen_ruimte())
        with pytest.raises(ReservekopieFout, match="vol"):
            await plek.kopie()
    assert [path.name for folder in (plek.gegevens, plek.sleutels) for path in folder.iterdir() if path.is_dir()] == []


def _geen_ruimte() -> None:
    with schijffouten():
        raise OSError(28, "No space left on device")


async def test_old_backups_of_keys_go_as_a_receipt_promises_and_those_of_data_stay(plek: Plek) -> None:
    oud = await plek.kopie()
    plek.wijk.klok.moment += timedelta(days=29)
    jong = await plek.kopie()
    plek.wijk.klok.moment += timedelta(days=2)
    last = await plek.kopie()
    assert (oud.verlopen, jong.verlopen, last.verlopen) == (0, 0, 1)
    assert [path.exists() for path in (oud.sleutels, jong.sleutels, last.sleutels, oud.gegevens)] == [False, True, True, True]


async def test_files_that_go_with_notes_are_in_it_and_are_put_back(plek: Plek) -> None:
    bron = plek.folder / "bestanden"
    inhoud = bron / plek.wijk.gemeente.hex / UUID(int=7).hex
    inhoud.parent.mkdir(parents=True)
    inhoud.write_bytes(b"verzegeld")
    inhoud.with_suffix(".nieuw").write_bytes(b"half")
    plek.wijk.wijkwerk.settings = plek.wijk.wijkwerk.settings.model_copy(update={"bijlagen": Bijlageinstellingen(waar="map", map=bron)})
    made = await plek.kopie()
    with pytest.raises(ReservekopieFout, match="BIJLAGEN"):
        await plek.terug(made.gegevens, made.sleutels)
    assert await plek.is_leeg()
    terug = plek.folder / "terug"
    plek.leeg = plek.leeg.model_copy(update={"bijlagen": Bijlageinstellingen(waar="map", map=terug)})
    await plek.terug(made.gegevens, made.sleutels)
    assert {path.relative_to(terug).as_posix(): path.read_bytes() for path in terug.rglob("*") if path.is_file()} == {
        inhoud.relative_to(bron).as_posix(): b"verzegeld"
    }
    assert {path.stat().st_mode & 0o777 for path in (terug, *terug.rglob("*")) if path.is_dir()} == {0o700}
