"""Reading what an operator wrote: the policy and the register, as an editor or a spreadsheet saves them."""

from __future__ import annotations

from pathlib import Path

from wijkwerk.errors import OpstartFout


def lees_bestand(file: Path, welk: str) -> str:
    """The text of a file in UTF-8, without the mark that some programs put before it. `welk`: how the message calls it.

    Raises OpstartFout, which says what to do.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise OpstartFout(f"{welk} is geen tekst in UTF-8. Bewaar het bestand opnieuw, als UTF-8.") from error
    except OSError as error:
        raise OpstartFout(f"{welk} kan niet worden gelezen. Controleer de plaats en de rechten van het bestand.") from error
