"""The end of the story: a whole log is found whole, and a changed entry is found where it is."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wijkwerk.app import Wijkwerk
from wijkwerk.demo.buurt import bouw
from wijkwerk.settings import Settings
from wijkwerk_graphql.demo.controle import controleer, exporteer, knoei

Export = tuple[bytes, Ed25519PublicKey]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    async def build() -> Export:
        async with Wijkwerk(Settings(map=tmp_path_factory.mktemp("log")), []) as wijkwerk:
            await bouw(wijkwerk, huizen=9, dossiers=5)
            return await exporteer(wijkwerk)

    return asyncio.run(build())


def test_the_log_as_it_is_verifies(export: Export) -> None:
    rapport = controleer(*export)
    assert rapport.bevindingen == []
    assert rapport.regels > 5
    assert rapport.checkpoints >= 1


def test_one_changed_entry_is_found_and_its_place_is_named(export: Export) -> None:
    geknoeid, plaats = knoei(export[0])
    assert len(geknoeid.splitlines()) == len(export[0].splitlines())
    assert sum(a != b for a, b in zip(geknoeid.splitlines(), export[0].splitlines(), strict=True)) == 1
    rapport = controleer(geknoeid, export[1])
    assert not rapport.goed
    assert rapport.bevindingen[0].plaats == plaats


def test_the_export_itself_is_in_the_log(export: Export) -> None:
    assert export[0].count(b'\\"gebeurtenis\\":\\"EXPORT\\"') == 1
