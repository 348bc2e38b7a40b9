"""The report of refused rows, and the memory of BSNs: nothing is lost, nothing runs in a spreadsheet, nobody else reads it."""

from __future__ import annotations

import csv
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.importeren.dubbel import GezieneBsns
from wijkwerk.importeren.fouten import foutenverslag, veilig
from wijkwerk.importeren.regel import Regel, RegelFout
from wijkwerk.records.types.bsn import Bsn

KOP = ["BSN", "geslachtsnaam"]


def meld(pad: Path, *cellen: str) -> Path:
    with foutenverslag(pad, KOP) as verslag:
        verslag.meld(Regel(7, {}, cellen), [RegelFout(7, "bsn", "Reden een."), RegelFout(7, "naam", "Reden twee.")])
        verslag.bewaar()
    return verslag.pad


def test_a_row_has_its_line_fields_reasons_and_cells(tmp_path: Path) -> None:
    pad = meld(tmp_path / "f.csv", "1;2", 'de "Boer"\nJan')
    assert pad.read_bytes().startswith(b"\xef\xbb\xbf")
    with pad.open(encoding="utf-8-sig", newline="") as bestand:
        assert list(csv.reader(bestand, delimiter=";")) == [
            ["regel", "veld", "reden", *KOP],
            ["7", "bsn, naam", "bsn: Reden een. naam: Reden twee.", "1;2", 'de "Boer"\nJan'],
        ]


def test_the_reason_of_one_error_does_not_repeat_the_field(tmp_path: Path) -> None:
    with foutenverslag(tmp_path / "f.csv", KOP) as verslag:
        verslag.meld(Regel(7, {}, ("1", "2")), [RegelFout(7, "bsn", "Reden een.")])
    assert "7;bsn;Reden een.;1;2" in verslag.pad.read_text("utf-8-sig")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_cell_can_run_as_a_formula_and_none_is_lost(cel: str) -> None:
    geschreven = veilig(cel)
    assert not geschreven.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert geschreven in (cel, f"'{cel}")


def test_a_formula_in_a_refused_row_is_text_in_the_report(tmp_path: Path) -> None:
    tekst = meld(tmp_path / "f.csv", "=HYPERLINK(1)", "-2+3").read_text("utf-8-sig")
    assert "'=HYPERLINK(1);'-2+3" in tekst


def test_the_report_is_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    paden = [meld(tmp_path / "f.fouten.csv", "1", naam) for naam in ("Een", "Twee", "Drie")]
    assert [pad.name for pad in paden] == ["f.fouten.csv", "f.fouten-2.csv", "f.fouten-3.csv"]
    assert {stat.S_IMODE(pad.stat().st_mode) for pad in paden} == {0o600}
    assert "Een" in paden[0].read_text("utf-8-sig")


def test_a_link_at_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "f.csv").symlink_to(tmp_path / "elders.csv")
    assert meld(tmp_path / "f.csv", "1", "2").name == "f-2.csv"
    assert not (tmp_path / "elders.csv").exists()


def test_without_refused_rows_there_is_no_report(tmp_path: Path) -> None:
    with foutenverslag(tmp_path / "f.csv", KOP):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_stays_when_the_import_stops(tmp_path: Path) -> None:
    def import_that_stops() -> None:
        with foutenverslag(tmp_path / "f.csv", KOP) as verslag:
            verslag.meld(Regel(2, {}, ("a", "b")), [RegelFout(2, "bsn", "Reden.")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_that_stops()
    assert "Reden." in (tmp_path / "f.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("pad", ["geen/map/f.csv", "f" * 300])
def test_a_report_that_cannot_be_made_is_told_before_anything_is_done(tmp_path: Path, pad: str) -> None:
    with pytest.raises(OngeldigeInvoer, match="--fouten"), foutenverslag(tmp_path / pad, KOP):
        pytest.fail("the block must not run")


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As a full disk: writing more fails."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_a_full_disk_is_an_error_and_not_a_lost_row(tmp_path: Path) -> None:
    with no_file_larger_than(10), pytest.raises(OngeldigeInvoer, match="plaats") as fout:
        meld(tmp_path / "f.csv", "1", "Boer")
    assert "Boer" not in fout.value.melding


def test_a_bsn_is_seen_from_the_first_time_on_and_no_other_with_it() -> None:
    gezien = GezieneBsns()
    nummers = [Bsn.lees(nummer) for nummer in ("999990019", "999993653", "999994347", "999993264", "000000012")]
    assert [gezien.nog_eens(bsn) for bsn in nummers] == [False] * 5
    assert [gezien.nog_eens(bsn) for bsn in reversed(nummers)] == [True] * 5
