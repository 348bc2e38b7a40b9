"""The texts of mail: Jinja2 templates beside the declaration of each kind, looked through before the system starts.

What stands in a mail is what its kind declares (`velden`) and what every mail has (`ALGEMEEN`); a template that asks for anything else,
or leaves something out, stops the start. No error here repeats a value: it may be about a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, meta, select_autoescape

from wijkwerk.errors import OpstartFout, WijkwerkError
from wijkwerk.post.soorten import Berichtsoort, Ontvanger
from wijkwerk.settings import Postinstellingen

ALGEMEEN = frozenset({"onderwerp", "afzender", "antwoorden", "werkplek", "inwoner"})
"""What every template may use: the subject, who sends it, whether an answer is read, where users sign in, whether it is for a resident."""

LANGSTE = 200
"""Characters of one value: a day, a name of a team. Longer is a mistake of a program."""

_EIGEN = "wijkwerk.post"
_RICHTING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of text: with them a text can read otherwise than it is."""


class Sjabloonfout(WijkwerkError):
    """A mail can't be made of what was given; the message names the kind and the value's name, never the value."""

    code = "SJABLOON_FOUT"


@dataclass(frozen=True, slots=True)
class Tekst:
    """A mail, written out."""

    onderwerp: str
    plat: str
    html: str


def schrijf(soort: Berichtsoort, waarden: Mapping[str, str], post: Postinstellingen) -> Tekst:
    """The texts of a mail of this kind. Raises Sjabloonfout for a kind that is no mail, and values that are missing, extra or too long."""
    if soort.onderwerp is None or set(waarden) != set(soort.velden):
        raise Sjabloonfout(f"Een bericht {soort.code} heeft deze waarden nodig: {', '.join(soort.velden)}. Meld dit bij de maker.")
    gegeven = {naam: _schoon(soort, naam, waarde) for naam, waarde in waarden.items()} | _algemeen(soort, post)
    omgeving = _omgeving(soort.pakket)
    try:
        plat, html = (omgeving.get_template(naam).render(gegeven) for naam in _namen(soort))
    except Exception:  # whatever a template does with a value, the value is not told
        raise Sjabloonfout(f"Het sjabloon van {soort.code} kan deze waarden niet opschrijven. Meld dit bij de maker.") from None
    return Tekst(soort.onderwerp, plat, html)


@lru_cache(maxsize=1024)
def keur(plugin: str, soort: Berichtsoort) -> None:
    """Raises OpstartFout for a kind of mail whose templates are not there, are broken, or use other values than it declares."""
    if soort.onderwerp is None:
        return
    if dubbel := ALGEMEEN & set(soort.velden):
        raise OpstartFout(f"De plugin {plugin} geeft bericht {soort.code} een veld {min(dubbel)!r}, maar dat heeft elk bericht al.")
    for naam in _namen(soort):
        try:
            gebruikt = _gebruikt(soort.pakket, naam)
        except Exception as error:
            raise OpstartFout(
                f"De plugin {plugin} heeft voor bericht {soort.code} geen goed sjabloon {naam} in {soort.pakket}: {type(error).__name__}."
            ) from error
        if anders := gebruikt - ALGEMEEN ^ set(soort.velden):
            raise OpstartFout(
                f"De plugin {plugin}: sjabloon {naam} van bericht {soort.code} en zijn velden verschillen in {min(anders)!r}."
            )
    _proef(plugin, soort)


def _proef(plugin: str, soort: Berichtsoort) -> None:
    """Written out once: what a template extends, includes and filters with must be there too."""
    try:
        schrijf(soort, dict.fromkeys(soort.velden, "1"), Postinstellingen())
    except Sjabloonfout as error:
        raise OpstartFout(f"De plugin {plugin}: {error.melding}") from error


def _namen(soort: Berichtsoort) -> tuple[str, str]:
    return f"{soort.code.lower()}.txt", f"{soort.code.lower()}.html"


def _gebruikt(pakket: str, naam: str) -> set[str]:
    omgeving = _omgeving(pakket)
    bron, _, _ = _lader(pakket).get_source(omgeving, naam)
    return meta.find_undeclared_variables(omgeving.parse(bron))


def _algemeen(soort: Berichtsoort, post: Postinstellingen) -> dict[str, object]:
    return {
        "onderwerp": soort.onderwerp, "afzender": post.afzender_naam, "antwoorden": post.antwoord_aan is not None,
        "werkplek": post.werkplek, "inwoner": soort.voor is Ontvanger.INWONER,
    }  # fmt: skip


def _schoon(soort: Berichtsoort, naam: str, waarde: str) -> str:
    """A value on one line, and not longer than fits."""
    schoon = in_leesrichting(waarde)
    if len(schoon) > LANGSTE or any(unicodedata.category(teken) == "Cs" for teken in schoon):
        raise Sjabloonfout(f"De waarde {naam!r} van een bericht {soort.code} is te lang of geen tekst. Meld dit bij de maker.")
    return schoon


def in_leesrichting(waarde: str) -> str:
    """A value on one line, in the direction it is read."""
    op_een_regel = " ".join("".join(" " if unicodedata.category(teken) in ("Cc", "Zl", "Zp") else teken for teken in waarde).split())
    return "".join(teken for teken in op_een_regel if teken not in _RICHTING)


@lru_cache(maxsize=64)
def _omgeving(pakket: str) -> Environment:
    """How the templates of a package are read."""
    return Environment(
        loader=_lader(pakket), undefined=StrictUndefined, autoescape=select_autoescape(["html"], default=False), trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _lader(pakket: str) -> ChoiceLoader:
    """The templates of a package; what they extend is the core's."""
    return ChoiceLoader([PackageLoader(naam, "sjablonen") for naam in dict.fromkeys((pakket, _EIGEN))])
