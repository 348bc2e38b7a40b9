"""OTLP over HTTP in JSON: LDV records as spans, the audit log as log records (OpenTelemetry protocol 1.x).

In OTLP's JSON a trace or span is hex, and a number of 64 bits is a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from wijkwerk.log.vormen.bron import Bron, Schakel, begin_en_einde, milliseconden, span_van, trace_van
from wijkwerk.log.vormen.ldv import ldv
from wijkwerk.log.vormen.nen7513 import nen7513

_STATUS: Final = {"Unset": 0, "Ok": 1, "Error": 2}
_SERVER, _INFO = 2, 9


def spans(schakels: Iterable[Schakel], bron: Bron) -> dict[str, Any] | None:
    """An ExportTraceServiceRequest with the LDV records of these entries; None when they have none."""
    found = [_span(record) for schakel in schakels for record in ldv(schakel.inhoud, bron)]
    return {"resourceSpans": [{"resource": _resource(bron), "scopeSpans": [{"scope": _scope(bron), "spans": found}]}]} if found else None


def logs(schakels: Iterable[Schakel], bron: Bron) -> dict[str, Any] | None:
    """An ExportLogsServiceRequest with these entries in the words of NEN 7513; None when there are none."""
    found = [_log(schakel, bron) for schakel in schakels]
    return {"resourceLogs": [{"resource": _resource(bron), "scopeLogs": [{"scope": _scope(bron), "logRecords": found}]}]} if found else None


def _span(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "traceId": record["trace_id"],
        "spanId": record["span_id"],
        "parentSpanId": record.get("parent_span_id", ""),
        "name": record["name"],
        "kind": _SERVER,
        "startTimeUnixNano": _nano(record["start_time"]),
        "endTimeUnixNano": _nano(record["end_time"]),
        "attributes": _attributes(record["attributes"]),
        "status": {"code": _STATUS[record["status"]]},
    }


def _log(schakel: Schakel, bron: Bron) -> dict[str, Any]:
    begin, einde = begin_en_einde(schakel.inhoud)
    return {
        "timeUnixNano": _nano(milliseconden(begin)),
        "observedTimeUnixNano": _nano(milliseconden(einde)),
        "severityNumber": _INFO,
        "severityText": "INFO",
        "eventName": "dpl.nen7513",
        "traceId": trace_van(schakel.inhoud),
        "spanId": span_van(schakel.inhoud),
        "body": _value(nen7513(schakel, bron)),
    }


def _resource(bron: Bron) -> dict[str, Any]:
    return {"attributes": _attributes({"service.name": bron.naam, "service.version": bron.versie})}


def _scope(bron: Bron) -> dict[str, str]:
    return {"name": "wijkwerk.log", "version": bron.versie}


def _nano(ms: int) -> str:
    return str(ms * 1_000_000)


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value is not None]


def _value(value: Any) -> dict[str, Any]:
    """An AnyValue."""
    if isinstance(value, Mapping):
        return {"kvlistValue": {"values": _attributes(value)}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(each) for each in value if each is not None]}}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}
