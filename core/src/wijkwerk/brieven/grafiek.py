"""A chart of one series as SVG, and always the table that says the same: who can't see the one reads the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from markupsafe import Markup, escape

MEESTE_PUNTEN: Final = 60
_BREED, _HOOG, _LINKS, _BOVEN, _STRAAL = 640, 240, 12, 24, 4
_LIJN, _KLEUR, _TEKST = "#595959", "#1d4f91", "#1a1a1a"


class Grafieksoort(Enum):
    """Bars for kinds beside each other, a line for what changes over time."""

    STAVEN = "staven"
    LIJN = "lijn"


def grafiek(
    soort: Grafieksoort, titel: str, uitleg: str, koppen: tuple[str, str], punten: Sequence[tuple[str, float]], *, id: str = "grafiek"
) -> Markup:
    """A figure: the chart and its table. `uitleg` says in a sentence what is to be seen; `id` is another for each chart of a page.

    Raises ValueError for no points, too many, or one below nothing.
    """
    if not 0 < len(punten) <= MEESTE_PUNTEN or any(value < 0 for _, value in punten):
        raise ValueError(f"a chart has 1 to {MEESTE_PUNTEN} points, none below 0")
    getekend = Markup("\n").join(_staven(punten) if soort is Grafieksoort.STAVEN else _lijn(punten))
    return Markup(
        '<figure>\n<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{id}-titel {id}-uitleg" viewBox="0 0 {b} {h}" '
        'width="{b}" height="{h}" font-family="DejaVu Sans, sans-serif" font-size="13">\n'
        '<title id="{id}-titel">{titel}</title>\n<desc id="{id}-uitleg">{uitleg}</desc>\n{getekend}\n</svg>\n'
        "<figcaption>{uitleg}</figcaption>\n</figure>\n{tabel}"
    ).format(id=id, b=_BREED, h=_hoogte(soort, punten), titel=titel, uitleg=uitleg, getekend=getekend, tabel=_tabel(titel, koppen, punten))


def _hoogte(soort: Grafieksoort, punten: Sequence[tuple[str, float]]) -> int:
    return _BOVEN * 2 * len(punten) + _BOVEN if soort is Grafieksoort.STAVEN else _HOOG + 2 * _BOVEN


def _staven(punten: Sequence[tuple[str, float]]) -> Iterator[Markup]:
    """Lying bars, each below its name and with its number behind it: names of any length fit, and colour says nothing by itself."""
    top = max(value for _, value in punten) or 1
    for plek, (naam, value) in enumerate(punten):
        y, breed = _BOVEN * 2 * plek + _BOVEN, (_BREED - 100) * value / top
        yield Markup('<text x="{}" y="{}" fill="{}">{}</text>').format(_LINKS, y, _TEKST, naam)
        yield Markup('<rect x="{}" y="{}" width="{:.1f}" height="14" fill="{}"/>').format(_LINKS, y + 5, breed, _KLEUR)
        yield Markup('<text x="{:.1f}" y="{}" fill="{}">{}</text>').format(_LINKS + breed + 6, y + 17, _TEKST, getal(value))


def _lijn(punten: Sequence[tuple[str, float]]) -> Iterator[Markup]:
    """From left to right; the first and the last name below it, and the highest number beside it."""
    top = max(value for _, value in punten) or 1
    stap = (_BREED - 100) / max(len(punten) - 1, 1)
    plekken = [(_LINKS + 60 + stap * n, _BOVEN + _HOOG * (1 - value / top)) for n, (_, value) in enumerate(punten)]
    onder = _BOVEN + _HOOG
    yield Markup('<path d="M{0} {1}V{2}H{3}" fill="none" stroke="{4}"/>').format(_LINKS + 60, _BOVEN, onder, _BREED - 20, _LIJN)
    yield Markup('<text x="{}" y="{}" fill="{}">{}</text>').format(_LINKS, _BOVEN + 4, _TEKST, getal(top))
    yield Markup('<text x="{}" y="{}" fill="{}">0</text>').format(_LINKS, onder + 4, _TEKST)
    route = " ".join(f"{x:.1f},{y:.1f}" for x, y in plekken)
    yield Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2.5"/>').format(route, _KLEUR)
    for x, y in plekken:
        yield Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{}" fill="{}"/>').format(x, y, _STRAAL, _KLEUR)
    yield Markup('<text x="{}" y="{}" fill="{}">{}</text>').format(_LINKS + 60, onder + 20, _TEKST, punten[0][0])
    yield Markup('<text x="{}" y="{}" fill="{}" text-anchor="end">{}</text>').format(_BREED - 20, onder + 20, _TEKST, punten[-1][0])


def _tabel(titel: str, koppen: tuple[str, str], punten: Sequence[tuple[str, float]]) -> Markup:
    rijen = Markup("\n").join(
        Markup('<tr><th scope="row">{}</th><td class="getal">{}</td></tr>').format(naam, getal(value)) for naam, value in punten
    )
    kop = Markup('<thead><tr><th scope="col">{}</th><th scope="col" class="getal">{}</th></tr></thead>').format(*koppen)
    return Markup("<table>\n<caption>{}</caption>\n{}\n<tbody>\n{}\n</tbody>\n</table>").format(escape(titel), kop, rijen)


def getal(value: float) -> str:
    """A number as Dutch writes it: `1.234,5`."""
    written = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return written.translate(str.maketrans(",.", ".,"))
