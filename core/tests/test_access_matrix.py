"""Every role and every permission of the core, written out in full: a grant changes here too, or the test says which (design.md 5)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wijkwerk.access.levels import N0, N3, N7
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.app import Wijkwerk
from wijkwerk.settings import Settings

MATRIX = list(csv.DictReader((Path(__file__).parent / "policy_matrix.csv").read_text(encoding="utf-8").splitlines()))
CELLS = [(row["permissie"], rol, cell) for row in MATRIX for rol, cell in row.items() if rol != "permissie"]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Wijkwerk:
    return Wijkwerk(Settings(map=tmp_path_factory.mktemp("beleid")), [])


def test_the_policy_is_the_matrix_cell_by_cell(core: Wijkwerk) -> None:
    assert {cell for _, _, cell in CELLS} == {"ja", "nee"}
    wrong = [(naam, rol) for naam, rol, cell in CELLS if (naam in core.toewijzer.policy.of([rol])) != (cell == "ja")]
    assert wrong == []


def test_the_matrix_names_every_role_and_permission_once(core: Wijkwerk) -> None:
    assert sorted(row["permissie"] for row in MATRIX) == sorted(core.catalogue.permissions)
    assert sorted(rol for rol in MATRIX[0] if rol != "permissie") == sorted(core.catalogue.rollen)


@pytest.mark.parametrize("row", MATRIX, ids=[row["permissie"] for row in MATRIX])
def test_every_permission_but_the_public_one_is_allowed_to_some_and_denied_to_others(row: dict[str, str]) -> None:
    cells = {cell for rol, cell in row.items() if rol != "permissie"}
    assert cells == ({"ja"} if row["permissie"] == PUBLIC.naam else {"ja", "nee"})


@pytest.mark.parametrize("rol", ["FG", "BEHEER", "GEBIED", "PRIVACY_OFFICER", "ARCHIVARIS", "PARTNER_BEHEER"])
def test_roles_without_residents_read_no_resident_and_write_nothing_about_one(core: Wijkwerk, rol: str) -> None:
    """Separation of duties (domain.md 9.6)."""
    allowed = {r.lezen.naam for r in core.plugins.records() if r.kind == "PersonRecord"} | {
        r.schrijven.naam for r in core.plugins.records() if r.kind == "PersonRecord"
    }
    assert not core.toewijzer.policy.of([rol]) & allowed
    assert core.catalogue.rollen[rol].plafond == N0


def test_only_a_statutory_ground_shows_a_bsn(core: Wijkwerk) -> None:
    """Wmo 5.2.9, UAVG 46, domain.md 1.5: never a volunteer, peer coach or group host."""
    may = {rol for rol in core.catalogue.rollen if core.toewijzer.policy.of([rol]) & {"persoon:bsn:lezen", "persoon:bsn:zoeken"}}
    assert may == {"REGISSEUR", "KLANTMANAGER", "INWONER"}
    assert {rol for rol, known in core.catalogue.rollen.items() if known.plafond == N7} == may
    assert core.catalogue.rollen["PEERCOACH"].plafond == N3


def test_a_klantmanager_never_reads_what_the_wijkteam_gathered(core: Wijkwerk) -> None:
    rechten = core.toewijzer.policy.of(["KLANTMANAGER"])
    assert not rechten & {"notitie:lezen", "dossier:lezen", "toestemming:lezen", "betrokkenheid:lezen", "huishouden:lezen"}
    assert core.catalogue.rollen["KLANTMANAGER"].activiteiten == ("PARTICIPATIE",)
