"""What the auditor's query searches on, derived from an entry's body: written with the entry, compared with it at every export."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID


def kolommen(inhoud: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `log_regel` that follow from a parsed body. `periode` is the month in UTC, as the body's moment is."""
    return {
        "periode": inhoud["tijdstip"][:7],
        "tijdstip": datetime.fromisoformat(inhoud["tijdstip"]),
        "gemeente_id": _uuid(inhoud.get("gemeente")),
        "gebruiker": _uuid(inhoud.get("gebruiker")),
        "organisatie": _uuid(inhoud.get("organisatie")),
        "activiteit": inhoud.get("activiteit"),
        "doelen": tussen_spaties(inhoud.get("doelen", ())),
        "gebeurtenis": inhoud["gebeurtenis"],
        "resultaat": inhoud["resultaat"],
    }


def pseudoniemen_in(inhoud: Mapping[str, Any]) -> set[UUID]:
    """The persons a parsed body is about."""
    return {UUID(hex=betrokkene["ref"]) for betrokkene in inhoud.get("betrokkenen", ())}


def betrokkenen(inhoud: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of `log_betrokkene` that follow from a parsed body."""
    place = {"tijdstip": datetime.fromisoformat(inhoud["tijdstip"]), "stroom": UUID(hex=inhoud["stream"]), "seq": inhoud["seq"]}
    return [{"pseudoniem": pseudoniem, **place} for pseudoniem in sorted(pseudoniemen_in(inhoud))]


def tussen_spaties(codes: Collection[str]) -> str:
    """How codes are kept in one column, so that one of them is found as `% CODE %`."""
    return f" {' '.join(codes)} " if codes else ""


def _uuid(value: str | None) -> UUID | None:
    return None if value is None else UUID(hex=value)
