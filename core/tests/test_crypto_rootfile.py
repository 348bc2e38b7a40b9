"""The file with root keys, and the provider that wraps with them."""

from __future__ import annotations

import base64
import errno
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.crypto.rootfile import MAX_FILE_BYTES, RootKeys, fingerprint, left_behind, open_root_file, parse
from wijkwerk.errors import OpstartFout, SleutelsNietBereikbaar


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hoofdsleutel"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def refused(path: Path) -> str:
    """What the operator reads when the service does not start."""
    with pytest.raises(OpstartFout) as error:
        FileProvider(path)
    assert error.value.__cause__ is None
    return error.value.melding


def damaged(path: Path) -> str:
    return f"Het sleutelbestand {path} is leeg, beschadigd of niet compleet. Zet het terug vanuit uw reservekopie en start opnieuw."


def two_generations() -> RootKeys:
    old, new = b"o" * 32, b"n" * 32
    return RootKeys(fingerprint(new), {fingerprint(old): old, fingerprint(new): new})


def test_first_start_makes_a_file_only_this_user_can_read_and_nothing_else(path: Path) -> None:
    FileProvider(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == [path.name]


def test_a_second_start_reads_the_same_key_and_changes_nothing(path: Path) -> None:
    key_id, blob = FileProvider(path).wrap(b"geheim", b"context")
    before = path.read_bytes()
    again = FileProvider(path)
    assert again.unwrap(key_id, blob, b"context") == b"geheim"
    assert again.current_id() == key_id
    assert path.read_bytes() == before


def test_two_first_starts_in_threads_end_with_one_key(path: Path) -> None:
    start = Barrier(8)

    def first_start() -> str:
        start.wait()
        return FileProvider(path).current_id()

    with ThreadPoolExecutor(8) as pool:
        ids = {future.result() for future in [pool.submit(first_start) for _ in range(8)]}
    assert len(ids) == 1
    assert os.listdir(path.parent) == [path.name]


def test_two_first_starts_in_processes_end_with_one_key(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from wijkwerk.crypto.provider import FileProvider;"
        "print(FileProvider(Path(sys.argv[1])).current_id())"
    )
    started = [subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) for _ in range(2)]
    ids = {process.communicate()[0] for process in started}
    assert [process.returncode for process in started] == [0, 0]
    assert ids == {FileProvider(path).current_id().encode() + b"\n"}


def test_who_loses_the_race_reads_the_key_of_the_winner(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    winner = FileProvider(path).current_id()
    monkeypatch.setattr(os.path, "lexists", lambda _path: False)
    assert FileProvider(path).current_id() == winner
    assert os.listdir(path.parent) == [path.name]


def test_a_kill_before_the_file_is_visible_leaves_no_half_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def killed(*_arguments: object) -> None:
        seen.extend(os.listdir(path.parent))
        assert [one.name for one in left_behind(path)] == seen
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            FileProvider(path)
    assert [bool(re.fullmatch(r"\.hoofdsleutel\.[0-9a-f]{16}", name)) for name in seen] == [True]
    assert os.listdir(path.parent) == []
    FileProvider(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
def test_a_file_that_others_can_reach_is_refused_and_left_alone(path: Path, mode: int) -> None:
    FileProvider(path)
    before = path.read_bytes()
    path.chmod(mode)
    assert refused(path) == (
        f"Het sleutelbestand {path} is ook voor anderen te lezen of te wijzigen. Zet de rechten op 600 (chmod 600 {path}) en start opnieuw."
    )
    assert path.read_bytes() == before


def test_a_link_is_refused_also_to_a_good_file_and_to_nothing(path: Path, tmp_path: Path) -> None:
    FileProvider(path)
    link, dangling = tmp_path / "link", tmp_path / "los"
    link.symlink_to(path)
    dangling.symlink_to(tmp_path / "nergens")
    for one in (link, dangling):
        assert refused(one) == f"Het sleutelbestand {one} is een link. Zet het bestand zelf op deze plek en start opnieuw."
    assert not (tmp_path / "nergens").exists()


def test_a_file_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileProvider(path)
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert refused(path) == (
        f"Het sleutelbestand {path} is van een andere gebruiker. Geef het aan de gebruiker van deze dienst (chown) en start opnieuw."
    )


def test_a_folder_or_pipe_is_refused_without_waiting(path: Path, tmp_path: Path) -> None:
    os.mkfifo(path, 0o600)
    for one in (path, tmp_path):
        assert refused(one) == f"Het sleutelbestand {one} is geen gewoon bestand. Controleer het pad en start opnieuw."


def test_an_absent_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weg" / "sleutel"
    te_doen = "Controleer het pad, de map en de rechten, of zet het terug vanuit uw reservekopie."
    assert refused(path) == f"Het sleutelbestand {path} kan niet worden gelezen of gemaakt. {te_doen}"
    assert os.listdir(tmp_path) == []


def test_a_file_that_is_cut_off_anywhere_is_refused_and_left_alone(path: Path) -> None:
    whole = two_generations().text().encode()
    for length in range(len(whole)):
        with pytest.raises(OpstartFout):
            open_root_file(written(path, whole[:length]))
        assert path.read_bytes() == whole[:length]


def test_any_single_bit_that_flipped_is_refused(path: Path) -> None:
    whole = two_generations().text().encode()
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(OpstartFout):
            parse(bytes(flipped), path)


def test_a_key_that_is_listed_twice_or_a_current_that_is_not_listed_is_refused(path: Path) -> None:
    text = two_generations().text()
    line = text.splitlines(keepends=True)[2]
    for wrong in (text.replace(line, line + line), text.replace(f"huidig {two_generations().current}", "huidig 0123456789abcdef")):
        assert refused(written(path, wrong.encode())) == damaged(path)


def test_garbage_and_huge_files_are_refused_without_repeating_them(path: Path) -> None:
    for content in (b"", b"\x00\xff" * 10, b"wijkwerk-hoofdsleutel 2\n", b"x" * MAX_FILE_BYTES):
        assert refused(written(path, content)) == damaged(path)
    for content in (b"x" * (MAX_FILE_BYTES + 1), b"x" * 10_000_000):
        assert refused(written(path, content)) == f"Het sleutelbestand {path} is te groot. Controleer het pad en start opnieuw."


def test_another_context_changed_or_short_bytes_do_not_unwrap(path: Path) -> None:
    provider = FileProvider(path)
    key_id, blob = provider.wrap(b"geheim", b"context")
    for wrong, context in ((blob, b"anders"), (blob[:-1], b"context"), (b"", b"context"), (blob[::-1], b"context")):
        with pytest.raises(Vervalst):
            provider.unwrap(key_id, wrong, context)


def test_an_unknown_root_key_is_named_as_missing(path: Path, tmp_path: Path) -> None:
    key_id, blob = FileProvider(path).wrap(b"geheim", b"")
    with pytest.raises(SleutelOntbreekt) as error:
        FileProvider(tmp_path / "ander").unwrap(key_id, blob, b"")
    te_doen = "Zet het juiste sleutelbestand terug en start opnieuw."
    assert error.value.melding == f"De hoofdsleutel van deze gegevens ontbreekt. {te_doen}"


def test_a_file_that_is_gone_wraps_nothing_more_and_what_is_known_still_unwraps(path: Path) -> None:
    provider = FileProvider(path)
    key_id, blob = provider.wrap(b"geheim", b"")
    path.unlink()
    for attempt in (lambda: provider.wrap(b"x", b""), lambda: provider.unwrap("0" * 16, blob, b"")):
        with pytest.raises(SleutelsNietBereikbaar):
            attempt()
    assert provider.unwrap(key_id, blob, b"") == b"geheim"
    assert not path.exists()


def test_a_file_that_is_not_there_is_not_made_when_told_so(path: Path) -> None:
    with pytest.raises(OpstartFout, match=str(path)):
        FileProvider(path, make=False)
    assert not path.exists()
    assert FileProvider(path).plek == f"Het sleutelbestand {path}"


def test_keys_do_not_show_in_a_representation() -> None:
    keys = two_generations()
    assert base64.b64encode(b"n" * 32).decode() not in repr(keys)
    assert "nnnn" not in repr(keys)


def test_the_text_of_the_file_never_changes(path: Path) -> None:
    """Known answer: a file that was made once opens for ever."""
    text = (
        "wijkwerk-hoofdsleutel 1\nhuidig bbcc61984c8423e4\nsleutel bbcc61984c8423e4 bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=\neinde\n"
    )
    assert open_root_file(written(path, text.encode())) == RootKeys("bbcc61984c8423e4", {"bbcc61984c8423e4": b"n" * 32})


def test_a_file_that_can_not_be_opened_is_not_called_a_link(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileProvider(path)

    def forbidden(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "open", forbidden)
    assert "kan niet worden gelezen" in refused(path)
