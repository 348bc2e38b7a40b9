"""The forms of other systems as lines of JSON: LDV, NEN 7513, and both in OTLP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from wijkwerk.log.query import LogRij
from wijkwerk.log.vormen.bron import Bron, Schakel
from wijkwerk.log.vormen.ldv import ldv
from wijkwerk.log.vormen.nen7513 import nen7513
from wijkwerk.log.vormen.otlp import logs, spans
from wijkwerk.log.vormen.vorm import Regels, Vorm

_Verzoek = Callable[[Iterable[Schakel], Bron], dict[str, Any] | None]


def _ldv(rijen: Iterable[LogRij], bron: Bron) -> Iterator[str]:
    return (_json(record) for rij in rijen for record in ldv(rij.inhoud, bron))


def _nen7513(rijen: Iterable[LogRij], bron: Bron) -> Iterator[str]:
    return (_json(nen7513(_schakel(rij), bron)) for rij in rijen)


def _otlp(verzoek: _Verzoek) -> Regels:
    """A line is a whole request, as the OTLP file format has it: one for each piece of the export."""

    def regels(rijen: Iterable[LogRij], bron: Bron) -> Iterator[str]:
        if (made := verzoek(map(_schakel, rijen), bron)) is not None:
            yield _json(made)

    return regels


def _schakel(rij: LogRij) -> Schakel:
    """Without the hash of the entry before it in its stream, which need not be among what was found."""
    return Schakel(rij.inhoud, rij.hash, None)


def _json(record: Mapping[str, Any]) -> str:
    return orjson.dumps(record).decode()


_JSONL: Final = "application/jsonl"
LDV: Final = Vorm(_JSONL, "jsonl", _ldv)
NEN7513: Final = Vorm(_JSONL, "jsonl", _nen7513)
OTLP: Final = Vorm(_JSONL, "jsonl", _otlp(spans))
OTLP_AUDIT: Final = Vorm(_JSONL, "jsonl", _otlp(logs))
