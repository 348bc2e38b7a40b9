"""What partners were let in to ends by itself: with the case, with a resident who leaves it, with the consent that it rests on."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wijkwerk.partners.verwijzing import Eindreden
from wijkwerk.records.session import Work


def eindig_in_kader(work: Work, kader: UUID, personen: Collection[UUID] | None, reden: Eindreden) -> None:
    """End the couplings and referrals of a case that closes, or of residents who leave it (`personen`): the records and their doors."""


def eindig_bij_toestemming(work: Work, toestemming: UUID) -> None:
    """End the referrals that rest on a consent that is withdrawn, and their doors."""
