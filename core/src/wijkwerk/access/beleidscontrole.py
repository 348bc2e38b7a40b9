"""What holds in a policy and is still strange: for who looks after it, before it is used (`wijkwerk policy check`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.permissions import PUBLIC
from wijkwerk.access.policy import Policy
from wijkwerk.access.policybestand import Regel
from wijkwerk.access.register import INTERN
from wijkwerk.access.roles import Rol

_Nooit = Callable[[Catalogue], frozenset[str]]


def _inhoud(catalogue: Catalogue) -> frozenset[str]:
    """Reading or writing anything about a resident."""
    found = [record for record in catalogue.records if record.kind == "PersonRecord"]
    extra = [veld.requires for record in found for veld in record.velden.values() if veld.requires is not None]
    namen = {p.naam for record in found for p in (record.lezen, record.schrijven)} | {p.naam for p in extra}
    return frozenset(namen - {INTERN.naam})  # which colleague did something is no content


def _schrijven(catalogue: Catalogue) -> frozenset[str]:
    """Writing anything but that one has read one's own notices."""
    return frozenset(record.schrijven.naam for record in catalogue.records if record.__name__ != "Notificatie")


def _schrijven_behalve_toezicht(catalogue: Catalogue) -> frozenset[str]:
    """The same, but for asking who stands behind a pseudonym: a step of the own review (domain.md 3.7, 9.6)."""
    return _schrijven(catalogue) - {record.schrijven.naam for record in catalogue.records if record.__name__ == "Ontmaskering"}


def _begint_met(*woorden: str) -> _Nooit:
    return lambda catalogue: frozenset(naam for naam in catalogue.permissions if naam.startswith(woorden))


def _mantelzorg(catalogue: Catalogue) -> frozenset[str]:
    """All of the mantelzorg, but reading the one thing that crosses to the other act when the resident does not object (domain.md 2.5)."""
    soorten = {record.lezen.naam: getattr(record, "categorie", None) for record in catalogue.records}
    steekt_over = {naam for naam, soort in soorten.items() if soort is not None and soort.met_instemming}
    return _begint_met("mantelzorg")(catalogue) - steekt_over


NOOIT: Final[tuple[tuple[tuple[str, ...], _Nooit, str], ...]] = (
    (("FG", "PRIVACY_OFFICER", "ARCHIVARIS", "GEBIED", "BEHEER", "PARTNER_BEHEER"), _inhoud, "deze rol ziet geen inwoners"),
    (("FG",), _schrijven_behalve_toezicht, "deze rol wijzigt niets buiten het eigen toezicht"),
    (("ARCHIVARIS", "GEBIED"), _schrijven, "deze rol wijzigt niets"),
    (("KLANTMANAGER",), _mantelzorg, "deze rol ziet niets van de mantelzorg"),
    (("PEERCOACH", "GROEPSHOST"), _begint_met("persoon:bsn:"), "deze rol krijgt geen BSN"),
)
"""What a role should never have (domain.md 9.6, column "never"), with why."""


def waarschuwingen(policy: Policy, catalogue: Catalogue) -> list[str]:
    """Everything that may be wrong though it loads, in Dutch sentences."""
    return [*_niemand(policy, catalogue), *_zonder_rechten(policy, catalogue), *_nooit(policy, catalogue), *_nutteloos(policy, catalogue)]


def ooit(policy: Policy, rol: str) -> frozenset[str]:
    """All that a role may in some request or other."""
    return policy.of([rol], [doel for code, doel in policy.bij_doel if code == rol])


def _niemand(policy: Policy, catalogue: Catalogue) -> Iterator[str]:
    given = frozenset().union(*(ooit(policy, rol) for rol in catalogue.rollen))
    for naam in sorted(catalogue.permissions.keys() - given):
        yield f"Niemand heeft het recht '{naam}' ({catalogue.permissions[naam].uitleg})"


def _zonder_rechten(policy: Policy, catalogue: Catalogue) -> Iterator[str]:
    for rol in catalogue.rollen:
        if ooit(policy, rol) == {PUBLIC.naam}:
            yield f"De rol {rol} heeft geen rechten."


def _nooit(policy: Policy, catalogue: Catalogue) -> Iterator[str]:
    for rollen, nooit, waarom in NOOIT:
        for rol in rollen:
            for naam in sorted(ooit(policy, rol) & nooit(catalogue)):
                yield f"De rol {rol} heeft het recht '{naam}', maar {waarom}."


def _nutteloos(policy: Policy, catalogue: Catalogue) -> Iterator[str]:
    for line in policy.regels:
        if isinstance(line, Regel) and line.doel:
            if line.permissie in policy.rechten[line.rol]:
                yield f"De regel '{line.tekst}' voegt niets toe: de rol heeft dit recht altijd."
            elif line.doel not in _doelen(catalogue, catalogue.rollen[line.rol]):
                yield f"De regel '{line.tekst}' werkt nooit: de rol {line.rol} werkt niet voor dit doel."


def _doelen(catalogue: Catalogue, rol: Rol) -> set[str]:
    known = [catalogue.activiteiten[code] for code in rol.activiteiten if code in catalogue.activiteiten]
    return {doel.code for activiteit in known for doel in activiteit.doelen}
