"""A letter as HTML: one page that reads well on a screen and on paper (WCAG 2.2 AA), and of which `pdf.py` makes a PDF/UA.

Templates are beside what they are about, in the folder `sjablonen` of a package, and extend `brief.html` of this one. There is nothing in
a letter that has to be fetched: no picture, font, script or stylesheet from elsewhere.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wijkwerk.brieven.fouten import BriefTeLang
from wijkwerk.kalender.woorden import dag_in_woorden, tijd_in_woorden
from wijkwerk.post.sjablonen import in_leesrichting

_EIGEN: Final = "wijkwerk.brieven"
MEESTE_TEKENS: Final = 400_000
"""Characters of a letter, the markup included: about 1,300 lines of a table, or ten seconds of making a PDF."""


def brief(pakket: str, sjabloon: str, *, titel: str, afzender: str, moment: datetime, waarden: Mapping[str, Any]) -> str:
    """The letter of a template in the package `pakket`, with a title, its sender (the municipality) and its day.

    Every value is escaped, and on one line in the direction it is read. Raises BriefTeLang, and jinja2's errors for what a template asks
    and is not given.
    """
    algemeen = {"titel": titel, "afzender": afzender, "dag": dag_in_woorden(moment)}
    html = _omgeving(pakket).get_template(sjabloon).render({**waarden, **algemeen})
    if len(html) > MEESTE_TEKENS:
        raise BriefTeLang
    return html


@lru_cache(maxsize=1)
def stijl() -> str:
    """The one stylesheet, for screen and paper."""
    return (files(_EIGEN) / "sjablonen" / "brief.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def stijl_hash() -> str:
    """The stylesheet as a Content-Security-Policy names it: a browser then applies this one and no other."""
    return f"'sha256-{b64encode(sha256(stijl().encode()).digest()).decode()}'"


@lru_cache(maxsize=64)
def _omgeving(pakket: str) -> Environment:
    loader = ChoiceLoader([PackageLoader(naam, "sjablonen") for naam in dict.fromkeys((pakket, _EIGEN))])
    made = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        finalize=_gelezen,
    )  # fmt: skip
    made.globals["stijl"] = Markup(stijl())  # noqa: S704 - our own file
    made.filters |= {"dag_in_woorden": dag_in_woorden, "tijd_in_woorden": tijd_in_woorden}
    return made


def _gelezen(value: Any) -> Any:
    """What comes from outside can't turn the text around; markup is ours and stays as it is."""
    return in_leesrichting(value) if isinstance(value, str) and not isinstance(value, Markup) else value
