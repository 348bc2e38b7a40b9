"""What other systems are told of an entry: LDV per resident and without who looked, the audit log in the words of NEN 7513."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.klok import StaandeKlok
from wijkwerk.log.entry import Actie, Betrokkene, Deur, Gebeurtenis, Getoond, Logregel, Resultaat
from wijkwerk.log.vormen.bron import Bron, Schakel
from wijkwerk.log.vormen.ldv import ldv
from wijkwerk.log.vormen.nen7513 import nen7513

Maak = Callable[..., Logregel]
BRON = Bron("gemeente.example/log", "0.1.0", lambda code, moment: f"https://register.example/{code}/{moment.year}")
MILLENNIUM = datetime(2002, 1, 1)  # noqa: DTZ001 - a bound that hypothesis wants without a zone
GEBRUIKER, VERVANGT, ORGANISATIE = UUID(int=5), UUID(int=6), UUID(int=8)
DEUR, TOESTEMMING, DOSSIER = UUID(int=7), UUID(int=70), UUID(int=71)

LDV_VELDEN = {
    "trace_id": r"[0-9a-f]{32}", "span_id": r"[0-9a-f]{16}", "parent_span_id": r"[0-9a-f]{16}", "status": "Unset|Ok|Error", "name": ".+",
    "start_time": r"\d{13,}", "end_time": r"\d{13,}",
}  # fmt: skip
"""domain.md 3.2, with the form of each value."""

NEN_VELDEN = {
    "EventID", "EventActionCode", "EventDateTime", "EventOutcomeIndicator", "EventTypeCode", "users", "participants",
    "AuditEnterpriseSiteID", "AuditSourceId", "AuditSourceTypeCode", "autorisatieProtocol", "behandelrelatieProtocol",
    "toestemmingsProfiel", "controles", "trace_id", "span_id", "vorige_hash", "hash",
}  # fmt: skip
"""domain.md 3.3, column NEN field; the values may be empty where that says null is allowed."""


def inhoud(regel: Logregel, stroom: str = "ab" * 16, seq: int = 3) -> dict[str, Any]:
    return dict(json.loads(regel.body(stroom, seq)))


def volledig(regel: Maak, *nummers: int, **anders: Any) -> dict[str, Any]:
    """An entry with everything that one can hold."""
    getoond = Getoond("Persoon", ("ADRES",), ("straat",), (DEUR,))
    values = {
        "trace": "1" * 32, "span": "2" * 16, "ouder": "3" * 16, "netwerkadres": "192.0.2.7", "rollen": ("WIJKTEAM",),
        "organisatie": ORGANISATIE, "vervangt": (VERVANGT.hex,), "activiteit": "WMO_ONDERSTEUNING", "doelen": ("WMO_ONDERZOEK",),
        "beleid": "9f2c", "onderdeel": "persoon", "einde": datetime(2027, 3, 15, 9, 30, 0, 250_000, tzinfo=UTC),
        "betrokkenen": tuple(Betrokkene(UUID(int=nummer), (getoond,)) for nummer in nummers),
        "toegang": (Deur(DEUR, "DOSSIER", DOSSIER, "WMO_ONDERZOEK/1", TOESTEMMING),),
    }  # fmt: skip
    return inhoud(regel(**values | anders))


def geldig(record: dict[str, Any]) -> None:
    """Against the table of domain.md 3.2: nothing missing, nothing else."""
    assert record.keys() - {"resource", "attributes"} <= LDV_VELDEN.keys()
    assert LDV_VELDEN.keys() - {"parent_span_id"} <= record.keys()
    for name, form in LDV_VELDEN.items():
        assert name not in record or re.fullmatch(form, str(record[name])), name
    namen = {name.removeprefix("dpl.core.") for name in record["attributes"]}
    assert namen in ({"processing_activity_id"}, {"processing_activity_id", "data_subject_id", "data_subject_id_type"})
    assert re.fullmatch(r"https?://\S+", record["attributes"]["dpl.core.processing_activity_id"])


def test_an_action_about_one_resident_is_one_record(regel: Maak) -> None:
    (record,) = ldv(volledig(regel, 1), BRON)
    geldig(record)
    begin = int(datetime(2027, 3, 15, 9, 30, tzinfo=UTC).timestamp() * 1000)
    assert record == {
        "trace_id": "1" * 32, "span_id": "2" * 16, "parent_span_id": "3" * 16, "status": "Ok", "name": "LEZEN persoon",
        "start_time": begin, "end_time": begin + 250,
        "resource": {"attributes": {"service.name": "gemeente.example/log", "service.version": "0.1.0"}},
        "attributes": {
            "dpl.core.processing_activity_id": "https://register.example/WMO_ONDERSTEUNING/2027",
            "dpl.core.data_subject_id": UUID(int=1).hex, "dpl.core.data_subject_id_type": "pseudoniem",
        },
    }  # fmt: skip


def test_a_list_of_25_is_a_record_for_the_action_and_25_under_it_each_with_a_span_of_its_own_the_same_at_every_export(regel: Maak) -> None:
    een = volledig(regel, *range(1, 26))
    actie, *onder = ldv(een, BRON)
    for record in (actie, *onder):
        geldig(record)
    assert "dpl.core.data_subject_id" not in actie["attributes"]
    assert (actie["span_id"], actie["parent_span_id"]) == ("2" * 16, "3" * 16)
    assert [record["attributes"]["dpl.core.data_subject_id"] for record in onder] == [UUID(int=n).hex for n in range(1, 26)]
    assert {record["parent_span_id"] for record in onder} == {"2" * 16}
    assert len({record["span_id"] for record in (actie, *onder)}) == 26
    assert list(ldv(een, BRON)) == [actie, *onder]


def test_ldv_says_nothing_of_who_looked(regel: Maak) -> None:
    text = json.dumps(list(ldv(volledig(regel, 1, 2), BRON)))
    for secret in (GEBRUIKER.hex, VERVANGT.hex, ORGANISATIE.hex, "WIJKTEAM", "192.0.2.7", "straat", DEUR.hex):
        assert secret not in text


def test_what_is_no_processing_under_an_activity_is_no_record_and_what_the_system_does_has_marks_of_its_own(
    regel: Maak, klok: StaandeKlok
) -> None:
    stroom = Logregel(
        gebeurtenis=Gebeurtenis.STROOM_GEOPEND, actie=Actie.EXECUTE, resultaat=Resultaat.GESLAAGD, tijdstip=klok.nu(), onderdeel="log"
    )
    assert list(ldv(inhoud(stroom), BRON)) == []
    zelf = regel(activiteit="GEPLAND_WERK", trace="", onderdeel="")
    (first,), (second,) = ldv(inhoud(zelf, seq=1), BRON), ldv(inhoud(zelf, seq=2), BRON)
    geldig(first)
    assert first["trace_id"] != second["trace_id"]
    assert first["span_id"] != second["span_id"]
    assert first["end_time"] == first["start_time"]


@pytest.mark.parametrize(
    ("resultaat", "status"),
    [("GESLAAGD", "Ok"), ("GEWEIGERD", "Unset"), ("GEEN_RESULTAAT", "Unset"), ("FOUT", "Error")],
    ids=["done", "refused", "nothing", "broken"],
)
def test_only_a_fault_of_ours_is_an_error(regel: Maak, resultaat: str, status: str) -> None:
    (record,) = ldv(volledig(regel, resultaat=Resultaat(resultaat)), BRON)
    assert record["status"] == status


@given(st.data())
def test_whatever_an_entry_is_about_there_is_one_record_for_each_resident(data: st.DataObject) -> None:
    nummers = data.draw(st.sets(st.integers(1, 2**128 - 1), max_size=12))
    regel = Logregel(
        gebeurtenis=data.draw(st.sampled_from(Gebeurtenis)), actie=data.draw(st.sampled_from(Actie)),
        resultaat=data.draw(st.sampled_from(Resultaat)), tijdstip=data.draw(st.datetimes(MILLENNIUM, timezones=st.just(UTC))),
        activiteit="X", trace=data.draw(st.sampled_from(("", "a" * 32))), span=data.draw(st.sampled_from(("", "b" * 16))),
        betrokkenen=tuple(Betrokkene(UUID(int=nummer), ()) for nummer in nummers),
    )  # fmt: skip
    records = list(ldv(inhoud(regel), BRON))
    refs = [r["attributes"]["dpl.core.data_subject_id"] for r in records if "dpl.core.data_subject_id" in r["attributes"]]
    assert sorted(refs) == sorted(UUID(int=nummer).hex for nummer in nummers)
    assert len({record["span_id"] for record in records}) == len(records)
    for record in records:
        geldig(record)
    audit = nen7513(Schakel(inhoud(regel)), BRON)
    assert audit.keys() >= NEN_VELDEN
    assert sorted(p["participantObjectID"] for p in audit["participants"]) == sorted(refs)
    assert audit["EventActionCode"] in set("CRUDE")
    assert audit["EventOutcomeIndicator"] in {"GESLAAGD", "GEWEIGERD", "FOUT"}


def test_the_audit_log_has_every_field_of_nen_7513_that_we_know(regel: Maak) -> None:
    een = volledig(regel, 1, resultaat=Resultaat.GEEN_RESULTAAT, code=None)
    audit = nen7513(Schakel(een, b"\x02" * 32, b"\x01" * 32), BRON)
    doel = {"doelen": ["WMO_ONDERZOEK"], "grondslagen": ["WMO_ONDERZOEK/1"]}
    assert audit == {
        "EventID": "https://register.example/WMO_ONDERSTEUNING/2027", "EventActionCode": "R",
        "EventDateTime": "2027-03-15T09:30:00.000000+00:00", "EventOutcomeIndicator": "GESLAAGD", "EventTypeCode": "LEZEN",
        "users": [
            {"userID": GEBRUIKER.hex, "userIsRequestor": True, "roleIDCode": ["WIJKTEAM"], "purposeOfUse": doel,
             "networkAccessPointTypeCode": 2, "networkAccessPointID": "192.0.2.7"},
            {"userID": VERVANGT.hex, "userIsRequestor": False, "roleIDCode": ["WIJKTEAM"], "purposeOfUse": doel},
        ],
        "participants": [
            {"participantObjectTypeCode": 1, "participantObjectTypeCodeRole": 1, "participantObjectDataLifeCycle": 6,
             "participantObjectIDTypeCode": "pseudoniem", "participantObjectID": UUID(int=1).hex, "participantObjectSensitivity": ["ADRES"],
             "participantObjectDetail": {"objecttype": "Persoon", "velden": ["straat"], "casusrelatie_ids": [DEUR.hex]},
             "participantObjectPermissionPolicySet": "9f2c"},
        ],
        "AuditEnterpriseSiteID": ORGANISATIE.hex, "AuditSourceId": "gemeente.example/log",
        "AuditSourceTypeCode": "wijkwerk/0.1.0 persoon", "autorisatieProtocol": "9f2c",
        "behandelrelatieProtocol": [{"casusrelatie_id": DEUR.hex, "bron": "DOSSIER", "bron_id": DOSSIER.hex}],
        "toestemmingsProfiel": [TOESTEMMING.hex], "controles": ["GEEN_RESULTAAT"], "trace_id": "1" * 32, "span_id": "2" * 16,
        "stroom": "ab" * 16, "volgnummer": 3, "vorige_hash": "01" * 32, "hash": "02" * 32,
    }  # fmt: skip
