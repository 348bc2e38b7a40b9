"""What a policy file says, line by line: typed, and everything that is wrong with it at once (peers.md C.4: no line is skipped)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from wijkwerk.access.bestand import lees_bestand
from wijkwerk.errors import OpstartFout

_VORM: Final = "Schrijf 'p, ROL, permissie', 'p, ROL, permissie, DOEL' of 'weiger, ROL, Soort.veld'."


class Regel(NamedTuple):
    """A role may do something, where `doel` is not empty only in requests that have this purpose; `nummer` is the line of the file that
    says so, 0 when no file does."""

    rol: str
    permissie: str
    nummer: int = 0
    doel: str = ""

    @property
    def tekst(self) -> str:
        """The line as one writes it."""
        return ", ".join(("p", self.rol, self.permissie, *([self.doel] if self.doel else [])))


class Weigering(NamedTuple):
    """A role never sees a field (`Soort.veld`), and finds or sorts nothing by it, whatever else its holder is."""

    rol: str
    veld: str
    nummer: int = 0

    @property
    def tekst(self) -> str:
        """The line as one writes it."""
        return f"weiger, {self.rol}, {self.veld}"


Beleidsregel: TypeAlias = Regel | Weigering


@dataclass(frozen=True, slots=True, order=True)
class Fout:
    """What is wrong with a line."""

    nummer: int
    melding: str

    def __str__(self) -> str:
        return f"regel {self.nummer}: {self.melding}"


class Beleidsfout(OpstartFout):
    """A policy that does not hold: nothing of it is loaded. `fouten` are all that is wrong, in the order of the lines."""

    def __init__(self, fouten: Iterable[Fout]) -> None:
        self.fouten = tuple(sorted(fouten))
        super().__init__("\n".join(f"Beleid, {fout}" for fout in self.fouten))


def ontleed(text: str) -> tuple[list[Beleidsregel], list[Fout]]:
    """The lines of a policy, and what of it is no line of a policy; `#` starts a comment."""
    found: list[Beleidsregel] = []
    fouten: list[Fout] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = [word.strip() for word in line.split("#")[0].split(",")]
        if words == [""]:
            continue
        match words:
            case ["p", rol, permissie] if rol and permissie:
                found.append(Regel(rol, permissie, number))
            case ["p", rol, permissie, doel] if rol and permissie and doel:
                found.append(Regel(rol, permissie, number, doel))
            case ["weiger", rol, veld] if rol and veld:
                found.append(Weigering(rol, veld, number))
            case _:
                fouten.append(Fout(number, _VORM))
    return found, fouten


def lees_tekst(file: Path) -> str:
    """What stands in a policy file. Raises OpstartFout when it can't be read: without a policy nobody may do anything."""
    return lees_bestand(file, "Het beleidsbestand")


def dubbel(lines: Sequence[Beleidsregel]) -> list[Fout]:
    """Lines that say what another said before: one of the two will be forgotten when the policy changes."""
    first: dict[str, int] = {}
    return [
        Fout(line.nummer, f"dit staat ook al op regel {first[line.tekst]}. Laat er een weg.")
        for line in lines if first.setdefault(line.tekst, line.nummer) != line.nummer
    ]  # fmt: skip
