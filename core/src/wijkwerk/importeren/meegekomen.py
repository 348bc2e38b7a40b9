"""What the residents of an import file bring along: how many contact details, and how many households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wijkwerk.importeren.schrijven import Gecontroleerd
from wijkwerk.importeren.verslag import Uitkomst


class Meegekomen:
    """Counted over the rows that were read in, this time or an earlier one. Of a household a hash of its key is remembered."""

    def __init__(self) -> None:
        self.contactgegevens = 0
        self._huizen: set[int] = set()

    @property
    def huishoudens(self) -> int:
        """How many different ones."""
        return len(self._huizen)

    def tel(self, regels: Sequence[Gecontroleerd], uitkomsten: Mapping[int, Uitkomst]) -> None:
        """Count these rows, which had these outcomes by their number."""
        for regel in regels:
            if regel.inschrijving is not None and uitkomsten.get(regel.nummer) is Uitkomst.INGELEZEN:
                self.contactgegevens += len(regel.inschrijving.contactgegevens)
                if regel.inschrijving.huis is not None:
                    self._huizen.add(hash(regel.inschrijving.huis.sleutel))
