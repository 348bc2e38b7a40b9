"""What the screen says when an import has ended: numbers and what to do next, never what is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wijkwerk.importeren.inlezen import Uitslag
from wijkwerk.importeren.verslag import Uitkomst

_ZONDER_BSN = "Deze inwoners herkennen we later niet: staan ze ook in een gewijzigd of ander bestand, dan komen ze er nog een keer in."
_VERWIJDER = "Verwijder dat bestand als u klaar bent: er staan persoonsgegevens in."


def samenvatting(uitslag: Uitslag, fouten: Path, seconden: float, *, proef: bool) -> Iterator[str]:
    """The lines. `fouten` is where the report of refused rows was asked for; `proef`: nothing was written, on purpose."""
    if uitslag.was_klaar:
        yield from _eerder(uitslag, fouten)
        return
    if proef:
        yield "Dit was een proef: er is niets in de database geschreven."
    gelezen = uitslag.telling.total()
    yield f"Gelezen:     {gelezen} regel{'' if gelezen == 1 else 's'}" + (
        f", waarvan {uitslag.eerder} in een eerdere keer" if uitslag.eerder else ""
    )
    yield f"Ingelezen:   {uitslag.telling[Uitkomst.INGELEZEN]}"
    yield f"Bestaat al:  {uitslag.telling[Uitkomst.BESTAAT_AL]}"
    yield f"Geweigerd:   {uitslag.geweigerd}"
    if uitslag.meegekomen.contactgegevens:
        yield f"Telefoonnummers en e-mailadressen van wie is ingelezen: {uitslag.meegekomen.contactgegevens}"
    if uitslag.meegekomen.huishoudens:
        yield f"Huishoudens van wie is ingelezen: {uitslag.meegekomen.huishoudens}"
    yield f"Seconden:    {seconden:.1f}"
    if uitslag.zonder_bsn:
        yield f"Zonder BSN:  {uitslag.zonder_bsn}. {_ZONDER_BSN}"
    if uitslag.fouten:
        yield f"De geweigerde regels staan in {uitslag.fouten}. {_VERWIJDER}"


def _eerder(uitslag: Uitslag, fouten: Path) -> Iterator[str]:
    yield "Dit bestand is al helemaal ingelezen. Er is nu niets gedaan."
    telling = uitslag.telling
    yield (
        f"Eerder ingelezen: {telling[Uitkomst.INGELEZEN]}, bestond al: {telling[Uitkomst.BESTAAT_AL]}, "
        f"eerder geweigerd: {uitslag.geweigerd}."
    )
    if uitslag.geweigerd and fouten.exists():
        yield f"De geweigerde regels staan in {fouten}. {_VERWIJDER}"
    elif uitslag.geweigerd:
        yield "De geweigerde regels ziet u met --dry-run opnieuw."
