"""Progress of planned work on the screen."""

from __future__ import annotations

import pytest

from wijkwerk.jobs import verloop


def test_progress_is_one_changing_line_on_a_terminal_and_a_line_now_and_then_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verloop, "SECONDEN", 0)
    with verloop.Verloop("stad: tellen") as elders:
        elders(5, 10)
    assert capsys.readouterr().out == "stad: tellen: 5 van 10 gedaan.\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with verloop.Verloop("stad: tellen") as terminal:
        terminal(5, None)
        terminal(6, None)
    assert capsys.readouterr().out == "\rstad: tellen: 5 gedaan\rstad: tellen: 6 gedaan\n"
