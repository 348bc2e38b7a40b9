"""A root key is made once. Without it, keys that it wrapped stop the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OpstartFout
from wijkwerk.settings import Settings
from wijkwerk.storage.base import Database

pytestmark = pytest.mark.anyio


async def test_the_first_start_makes_a_root_key_and_a_later_one_never_does(database: Database, tmp_path: Path) -> None:
    settings = Settings(map=tmp_path)
    async with Wijkwerk(settings, [], database=database):
        assert settings.root_key_file.exists()
    kept = settings.root_key_file.rename(tmp_path / "elders.key")
    await database.open()
    with pytest.raises(OpstartFout, match="rootsleutel"):
        await Wijkwerk(settings, [], database=database).open()
    assert not settings.root_key_file.exists()
    async with Wijkwerk(Settings(map=tmp_path, root_key=kept), [], database=database):
        pass
