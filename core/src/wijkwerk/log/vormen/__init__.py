"""In which forms entries of the log are given out, by the name that who asks types."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wijkwerk.log.vormen.jsonl import JSONL
from wijkwerk.log.vormen.records import LDV, NEN7513, OTLP, OTLP_AUDIT
from wijkwerk.log.vormen.tabel import CSV
from wijkwerk.log.vormen.vorm import Vorm

VORMEN: Final[Mapping[str, Vorm]] = MappingProxyType(
    {"csv": CSV, "jsonl": JSONL, "ldv": LDV, "nen7513": NEN7513, "otlp": OTLP, "otlp-audit": OTLP_AUDIT}
)
