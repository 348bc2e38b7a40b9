"""The audit log with the names of NEN 7513, as the Logius concept extension groups them (domain.md 3.3).

Codes that the standard takes from elsewhere are those of RFC 3881 (5.3 to 5.5). Names of persons are nowhere: a user and a resident are
numbers, found back in this system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wijkwerk.log.entry import Actie, Gebeurtenis, Resultaat
from wijkwerk.log.vormen.bron import Bron, Schakel, begin_en_einde, span_van, trace_van

_IP_ADRES, _PERSOON, _CLIENT = 2, 1, 1
_LEVENSLOOP: Final[Mapping[str, int]] = {
    Actie.CREATE: 1, Actie.UPDATE: 3, Actie.READ: 6, Actie.DELETE: 14,
    Gebeurtenis.IMPORT: 2, Gebeurtenis.EXPORT: 10, Gebeurtenis.AFDRUKKEN: 9, Gebeurtenis.VERZENDEN: 11, Gebeurtenis.VERNIETIGD: 15,
}  # fmt: skip
"""RFC 3881, 5.5.3: what happened to the data, by event or else by action."""


def nen7513(schakel: Schakel, bron: Bron) -> dict[str, Any]:
    """The record of an entry."""
    inhoud = schakel.inhoud
    gevonden = inhoud["resultaat"] != Resultaat.GEEN_RESULTAAT
    return {
        "EventID": _activiteit(inhoud, bron),
        "EventActionCode": inhoud["actie"],
        "EventDateTime": inhoud["tijdstip"],
        "EventOutcomeIndicator": inhoud["resultaat"] if gevonden else Resultaat.GESLAAGD,
        "EventTypeCode": inhoud["gebeurtenis"],
        "users": list(_users(inhoud)),
        "participants": list(_participants(inhoud)),
        "AuditEnterpriseSiteID": inhoud.get("organisatie") or inhoud.get("gemeente"),
        "AuditSourceId": bron.naam,
        "AuditSourceTypeCode": f"wijkwerk/{bron.versie} {inhoud.get('onderdeel', '')}".rstrip(),
        "autorisatieProtocol": inhoud.get("beleid"),
        "behandelrelatieProtocol": [{"casusrelatie_id": id_, "bron": bron_, "bron_id": van} for id_, bron_, van, _, _ in _toegang(inhoud)],
        "toestemmingsProfiel": sorted({toestemming for *_, toestemming in _toegang(inhoud) if toestemming}),
        "controles": [code for code in (inhoud.get("code"), None if gevonden else Resultaat.GEEN_RESULTAAT.value) if code],
        "trace_id": trace_van(inhoud),
        "span_id": span_van(inhoud),
        "stroom": inhoud["stream"],
        "volgnummer": inhoud["seq"],
        "vorige_hash": _hex(schakel.vorige),
        "hash": _hex(schakel.hash),
    }


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _activiteit(inhoud: Mapping[str, Any], bron: Bron) -> str | None:
    code = inhoud.get("activiteit")
    return None if code is None else bron.register(code, begin_en_einde(inhoud)[0])


def _toegang(inhoud: Mapping[str, Any]) -> list[list[str | None]]:
    return list(inhoud.get("toegang", ()))


def _users(inhoud: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Who asked, and in whose place (NEN 7513: the responsible user on whose behalf)."""
    doel = {"doelen": inhoud.get("doelen", []), "grondslagen": sorted({deur[3] or "" for deur in _toegang(inhoud)})}
    adres = inhoud.get("netwerkadres")
    yield {
        "userID": inhoud.get("gebruiker"),
        "userIsRequestor": True,
        "roleIDCode": inhoud.get("rollen", []),
        "purposeOfUse": doel,
        "networkAccessPointTypeCode": _IP_ADRES if adres else None,
        "networkAccessPointID": adres,
    }
    for vervangen in inhoud.get("vervangt", ()):
        yield {"userID": vervangen, "userIsRequestor": False, "roleIDCode": inhoud.get("rollen", []), "purposeOfUse": doel}


def _participants(inhoud: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A resident and one kind of record: what was shown or changed of it, by the names of its fields."""
    levensloop = _LEVENSLOOP.get(inhoud["gebeurtenis"], _LEVENSLOOP.get(inhoud["actie"]))
    for betrokkene in inhoud.get("betrokkenen", ()):
        for soort, categorieen, velden, deuren in betrokkene["getoond"] or [[None, [], [], []]]:
            yield {
                "participantObjectTypeCode": _PERSOON,
                "participantObjectTypeCodeRole": _CLIENT,
                "participantObjectDataLifeCycle": levensloop,
                "participantObjectIDTypeCode": "pseudoniem",
                "participantObjectID": betrokkene["ref"],
                "participantObjectSensitivity": categorieen,
                "participantObjectDetail": {"objecttype": soort, "velden": velden, "casusrelatie_ids": deuren},
                "participantObjectPermissionPolicySet": inhoud.get("beleid"),
            }
