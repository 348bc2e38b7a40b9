"""Logboek Dataverwerkingen: a record per data subject per action, without who looked (domain.md 3.2; Logius, work version).

An entry is an action. About one resident it is one record; about several, a record for the action and one under it for each of them.
Who looked stands in the audit log (`nen7513.py`), under the same trace and span.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wijkwerk.log.entry import Resultaat
from wijkwerk.log.vormen.bron import Bron, begin_en_einde, milliseconden, onderspan, ouder_van, span_van, trace_van

_STATUS: Final[Mapping[str, str]] = {Resultaat.GESLAAGD: "Ok", Resultaat.FOUT: "Error"}
"""Others are Unset: refused, or nothing found, is handled as it should (LDV, Interface)."""

SOORT_KENMERK: Final = "pseudoniem"
"""`data_subject_id_type`: known to this log alone; who it is, is found by unmasking by two."""


def ldv(inhoud: Mapping[str, Any], bron: Bron) -> Iterator[dict[str, Any]]:
    """The records of an entry. None for what is no processing under an activity, such as a stream that is opened."""
    if "activiteit" not in inhoud:
        return
    refs = [betrokkene["ref"] for betrokkene in inhoud.get("betrokkenen", ())]
    span = span_van(inhoud)
    yield _record(inhoud, bron, span, ouder_van(inhoud), refs[0] if len(refs) == 1 else None)
    if len(refs) > 1:
        for ref in refs:
            yield _record(inhoud, bron, onderspan(inhoud, ref), span, ref)


def _record(inhoud: Mapping[str, Any], bron: Bron, span: str, ouder: str | None, ref: str | None) -> dict[str, Any]:
    begin, einde = begin_en_einde(inhoud)
    attributes = {"dpl.core.processing_activity_id": bron.register(inhoud["activiteit"], begin)}
    if ref is not None:
        attributes |= {"dpl.core.data_subject_id": ref, "dpl.core.data_subject_id_type": SOORT_KENMERK}
    record = {
        "trace_id": trace_van(inhoud),
        "span_id": span,
        "status": _STATUS.get(inhoud["resultaat"], "Unset"),
        "name": " ".join(part for part in (inhoud["gebeurtenis"], inhoud.get("onderdeel")) if part),
        "start_time": milliseconden(begin),
        "end_time": milliseconden(einde),
        "resource": {"attributes": {"service.name": bron.naam, "service.version": bron.versie}},
        "attributes": attributes,
    }
    return record | ({"parent_span_id": ouder} if ouder else {})
