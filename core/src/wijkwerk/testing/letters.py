"""For tests that make a PDF: left out where weasyprint can't be loaded, unless it must be (`WIJKWERK_REQUIRE_PDF=1`)."""

from __future__ import annotations

import os

import pytest

from ..brieven.fouten import BriefNietMogelijk
from ..brieven.pdf import keur_pdf


def _kan() -> bool:
    try:
        keur_pdf()
    except BriefNietMogelijk:
        return False
    return True


@pytest.fixture
def pdf_hier() -> None:
    """A machine that makes PDFs."""
    if not os.environ.get("WIJKWERK_REQUIRE_PDF") and not _kan():
        pytest.skip("no weasyprint here: install wijkwerk[brieven], and libpango (tools/pango.sh)")
