"""A receiver of OTLP for tests: it takes what OpenTelemetry's own definitions of the protocol can read, and nothing else."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from .luisteraar import Gezegd, luisteraar

_IDS = ("traceId", "spanId", "parentSpanId")
_JSON = "application/json"


@dataclass
class Verzamelaar:
    """What it took: spans and log records, at `url`/traces and `url`/logs. `antwoorden` are given first; a 200 among them takes too."""

    url: str = ""
    spans: list[Any] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)
    koppen: list[str] = field(default_factory=list)
    antwoorden: list[Gezegd] = field(default_factory=list)

    def antwoord(self, path: str, body: bytes) -> Gezegd:
        """Raises ParseError for what isn't OTLP: then there is no answer."""
        gezegd = self.antwoorden.pop(0) if self.antwoorden else Gezegd(200, b"{}", _JSON)
        if gezegd.status == 200:
            self._neem(path, _base64(json.loads(body)))
        return gezegd

    def _neem(self, path: str, body: Any) -> None:
        if path == "/v1/traces":
            traces = ParseDict(body, ExportTraceServiceRequest()).resource_spans
            self.spans += [span for each in traces for scope in each.scope_spans for span in scope.spans]
        elif path == "/v1/logs":
            found = ParseDict(body, ExportLogsServiceRequest()).resource_logs
            self.logs += [record for each in found for scope in each.scope_logs for record in scope.log_records]
        else:
            raise ValueError(path)


def _base64(value: Any) -> Any:
    """In OTLP's JSON ids are hex where protobuf's own JSON has base64; all else is the same."""
    if isinstance(value, dict):
        return {key: b64encode(bytes.fromhex(each)).decode() if key in _IDS else _base64(each) for key, each in value.items()}
    return [_base64(each) for each in value] if isinstance(value, list) else value


@asynccontextmanager
async def verzamelaar() -> AsyncIterator[Verzamelaar]:
    """One that listens on loopback, until the block ends."""
    found = Verzamelaar()
    async with luisteraar(found.antwoord, found.koppen) as url:
        found.url = f"{url}/v1"
        yield found
