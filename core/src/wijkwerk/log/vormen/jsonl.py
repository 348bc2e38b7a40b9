"""JSON Lines: each entry as it was written, one on a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from wijkwerk.log.query import LogRij
from wijkwerk.log.vormen.bron import Bron
from wijkwerk.log.vormen.vorm import Vorm


def _regels(rijen: Iterable[LogRij], _bron: Bron) -> Iterator[str]:
    return (orjson.dumps(rij.inhoud, option=orjson.OPT_SORT_KEYS).decode() for rij in rijen)


JSONL: Final = Vorm("application/jsonl", "jsonl", _regels)
