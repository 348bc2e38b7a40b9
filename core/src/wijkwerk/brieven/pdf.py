"""A letter as PDF/UA-1 (ISO 14289): tagged, with a title and a language, fonts embedded; made by weasyprint (docs/decisions/0026)."""

from __future__ import annotations

from typing import Any, Final

from anyio import CapacityLimiter, to_thread

from wijkwerk.brieven.brief import MEESTE_TEKENS
from wijkwerk.brieven.fouten import BriefNietMogelijk, BriefTeLang

_VARIANT: Final = "pdf/ua-1"


async def pdf(html: str, limiter: CapacityLimiter | None = None) -> bytes:
    """The letter, made in a thread; `limiter` bounds how many are made at once. Raises as `maak_pdf`."""
    return await to_thread.run_sync(maak_pdf, html, limiter=limiter)


def maak_pdf(html: str) -> bytes:
    """A letter of `brief` as PDF/UA-1. Nothing is fetched: whatever a letter would refer to is left out.

    Raises BriefNietMogelijk where weasyprint or a library that it needs is not there, and BriefTeLang.
    """
    maker = _weasyprint()
    if len(html) > MEESTE_TEKENS:
        raise BriefTeLang
    made: bytes = maker.HTML(string=html, url_fetcher=_nergens(maker)).write_pdf(pdf_variant=_VARIANT)
    return made


def keur_pdf() -> None:
    """Raises BriefNietMogelijk where no PDF can be made: to be asked before anything is read for one."""
    _weasyprint()


def _weasyprint() -> Any:
    """Loaded by who needs it: it takes a while, and is an extra."""
    try:
        import weasyprint
    except (ImportError, OSError):  # an OSError for a library of the machine, such as libpango
        raise BriefNietMogelijk from None
    return weasyprint


def _nergens(maker: Any) -> Any:
    """What weasyprint fetches with: nothing, from nowhere."""

    class Nergens(maker.urls.URLFetcher):  # type: ignore[misc] # weasyprint ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise ValueError("a letter refers to nothing outside itself")

    return Nergens()
