"""Who the values of a change come from: one argument, the same for every mutation that has it (domain.md 1.11)."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from wijkwerk.records.history import Gegevensbron

VanWie: TypeAlias = Annotated[Gegevensbron | None, "Van wie de gegevens komen; als u niets geeft: van u als professional"]


def of_professional(bron: Gegevensbron | None) -> Gegevensbron:
    """What was given, else the professional who gives it."""
    return bron or Gegevensbron.PROFESSIONAL
