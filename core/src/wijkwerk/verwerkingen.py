"""What the installation said when: versions of its grounds, purposes, categories and activities, and of its policy (AVG art. 30).

At each start what it says now is compared with what was kept last, per municipality; what differs is kept as a next version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from sqlalchemy import JSON, Connection, Integer, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.levels import N1
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Geldigheid
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.organisaties import gemeente, gemeenten
from wijkwerk.records.checks import code
from wijkwerk.records.declare import Retention, ToezichtRecord
from wijkwerk.records.fields import field, stored_enum
from wijkwerk.storage.columns import Tijdstip, nieuw_id

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

REGISTER_LEZEN = Permission(
    "register:lezen", "Zien wat het register van verwerkingen en het beleid eerder zeiden.", ("FG", "PRIVACY_OFFICER", "ARCHIVARIS")
)
REGISTER_SCHRIJVEN = Permission("register:schrijven", "Vastleggen wat het register en het beleid zeggen.", ("TOEGANG",))
"""No person has it: the system does it when it starts."""


class Registersoort(StrEnum):
    """What a version is of."""

    GRONDSLAG = "GRONDSLAG"
    DOEL = "DOEL"
    CATEGORIE = "CATEGORIE"
    ACTIVITEIT = "ACTIVITEIT"


class Versie(ToezichtRecord):
    """What was said until the next version: written by the system alone, read by oversight."""

    __abstract__ = True
    core_only = True
    lezen = REGISTER_LEZEN
    schrijven = REGISTER_SCHRIJVEN
    retention = Retention("eigen", "P20Y", "einde versie")

    sinds: Mapped[datetime] = field("Sinds wanneer dit systeem deze versie kent", level=N1, type_=Tijdstip, sort_order=1)


class Registerversie(Versie):
    """Een versie van een grondslag, doel, categorie of verwerkingsactiviteit, zoals die vanaf een moment gold."""

    soort: Mapped[Registersoort] = field("Waarvan dit een versie is", level=N1, type_=stored_enum(Registersoort))
    code: Mapped[str] = field("De code", level=N1, check=code, type_=String(60))
    nummer: Mapped[int] = field("De hoeveelste versie", level=N1, type_=Integer)
    inhoud: Mapped[list[str]] = field("Wat er toen in stond; leeg als het er niet meer is", level=N1, type_=JSON)
    __table_args__ = (UniqueConstraint("gemeente_id", "soort", "code", "nummer"),)


class Beleidsversie(Versie):
    """Een versie van het beleid: welke rol wat mag."""

    nummer: Mapped[int] = field("De hoeveelste versie", level=N1, type_=Integer)
    kenmerk: Mapped[str] = field("Het kenmerk van deze versie, zoals het in het inzagelog staat", level=N1, type_=String(64))
    regels: Mapped[list[str]] = field("De regels", level=N1, type_=JSON)
    __table_args__ = (UniqueConstraint("gemeente_id", "nummer"),)


Inhoud: TypeAlias = Mapping[tuple[Registersoort, str], list[str]]


def inhoud(catalogue: Catalogue) -> Inhoud:
    """What the catalogue says of each thing, in lines: all its versions, oldest first, also those that don't hold yet."""
    found: dict[tuple[Registersoort, str], list[str]] = {}
    register = catalogue.register
    soorten: Mapping[Registersoort, tuple[Any, ...]] = {
        Registersoort.GRONDSLAG: register.grondslagen,
        Registersoort.DOEL: register.doelen,
        Registersoort.CATEGORIE: register.categorieen,
        Registersoort.ACTIVITEIT: register.activiteiten,
    }
    for soort, items in soorten.items():
        for item in sorted(items, key=_versie):
            found.setdefault((soort, item.code), []).extend(_regels(item))
    for activiteit in catalogue.activiteiten:
        wie = sorted(rol.code for rol in catalogue.rollen.values() if activiteit in rol.activiteiten)
        found[Registersoort.ACTIVITEIT, activiteit].append(f"mag door: {', '.join(wie) or 'niemand'}")
    return found


async def leg_vast(wijkwerk: Wijkwerk) -> None:
    """Keep what changed since the last start, for every municipality. Where nothing did, nothing is written."""
    nu = inhoud(wijkwerk.catalogue)
    async with wijkwerk.database.snapshot() as snapshot:
        verouderd = await snapshot.run(
            lambda connection: [each for each in gemeenten(connection) if _anders(wijkwerk, connection, each, nu)]
        )
    for each in verouderd:
        await wijkwerk.journal.transact(partial(_eenheid, wijkwerk, each))


def _eenheid(wijkwerk: Wijkwerk, gemeente_id: UUID, connection: Connection) -> tuple[None, list[Logregel]]:
    return None, werk_bij(wijkwerk, connection, gemeente_id)


def werk_bij(wijkwerk: Wijkwerk, connection: Connection, gemeente_id: UUID) -> list[Logregel]:
    """Keep what changed for one municipality, in the unit of the caller; its log entries. One process at a time: another finds it done."""
    connection.execute(select(gemeente.c.id).where(gemeente.c.id == gemeente_id).with_for_update(key_share=True)).one()
    regels = []
    if nieuw := _nieuw(connection, gemeente_id, inhoud(wijkwerk.catalogue)):
        versies = [
            _rij(wijkwerk, gemeente_id, soort=soort, code=naam, nummer=nummer, inhoud=lines) for (soort, naam, nummer), lines in nieuw
        ]
        connection.execute(insert(Registerversie.tabel()), versies)
        wat = sorted(f"{soort.value} {naam} {nummer}" for (soort, naam, nummer), _ in nieuw)
        regels.append(_logregel(wijkwerk, gemeente_id, Gebeurtenis.REGISTER_GEWIJZIGD, {"versies": wat}))
    policy, (nummer, kenmerk) = wijkwerk.toewijzer.policy, _beleid(connection, gemeente_id)
    if kenmerk != policy.versie:
        rij = _rij(wijkwerk, gemeente_id, nummer=nummer + 1, kenmerk=policy.versie, regels=[regel.tekst for regel in policy.regels])
        connection.execute(insert(Beleidsversie.tabel()).values(rij))
        regels.append(_logregel(wijkwerk, gemeente_id, Gebeurtenis.BELEID_GEWIJZIGD, {"versie": nummer + 1, "kenmerk": policy.versie}))
    return regels


def _anders(wijkwerk: Wijkwerk, connection: Connection, gemeente_id: UUID, nu: Inhoud) -> bool:
    return bool(_nieuw(connection, gemeente_id, nu)) or _beleid(connection, gemeente_id)[1] != wijkwerk.toewijzer.policy.versie


def _nieuw(connection: Connection, gemeente_id: UUID, nu: Inhoud) -> list[tuple[tuple[Registersoort, str, int], list[str]]]:
    """What differs from the newest version that was kept, with its number."""
    r = Registerversie.tabel().c
    asked = select(r.soort, r.code, r.nummer, r.inhoud).where(r.gemeente_id == gemeente_id).order_by(r.nummer)
    bekend = {(row.soort, row.code): (row.nummer, row.inhoud) for row in connection.execute(asked)}
    alles = {**{sleutel: list[str]() for sleutel in bekend}, **nu}
    gezien = {sleutel: bekend.get(sleutel, (0, None)) for sleutel in alles}
    return [((*sleutel, gezien[sleutel][0] + 1), lines) for sleutel, lines in alles.items() if lines != gezien[sleutel][1]]


def _beleid(connection: Connection, gemeente_id: UUID) -> tuple[int, str]:
    """Number and kenmerk of the policy that was kept last."""
    b = Beleidsversie.tabel().c
    asked = select(b.nummer, b.kenmerk).where(b.gemeente_id == gemeente_id).order_by(b.nummer.desc()).limit(1)
    row = connection.execute(asked).first()
    return (0, "") if row is None else (row.nummer, row.kenmerk)


def _rij(wijkwerk: Wijkwerk, gemeente_id: UUID, **values: Any) -> dict[str, Any]:
    return {"id": nieuw_id(), "gemeente_id": gemeente_id, "versie": 1, "sinds": wijkwerk.klok.nu(), **values}


def _logregel(wijkwerk: Wijkwerk, gemeente_id: UUID, gebeurtenis: Gebeurtenis, details: dict[str, Any]) -> Logregel:
    return Logregel(
        gebeurtenis=gebeurtenis, actie=Actie.CREATE, resultaat=Resultaat.GESLAAGD, tijdstip=wijkwerk.klok.nu(), gemeente=gemeente_id,
        beleid=wijkwerk.toewijzer.policy.versie, onderdeel="register", details=details,
    )  # fmt: skip


def genoemd(inhoud: Iterable[str], veld: str) -> frozenset[str]:
    """The codes that the lines of a version name for a field that holds several, such as the purposes of an activity."""
    return frozenset(code for line in inhoud if line.startswith(f"{veld}: ") for code in line.removeprefix(f"{veld}: ").split(", "))


def _versie(item: Any) -> int:
    return getattr(item, "geldigheid", Geldigheid()).versie


def _regels(item: Any) -> Iterator[str]:
    """Each field that says something, in the order it is declared in; the validity first."""
    if hasattr(item, "geldigheid"):
        geldigheid: Geldigheid = item.geldigheid
        yield f"versie {geldigheid.versie}, van {geldigheid.van or 'altijd'} tot en met {geldigheid.tot or 'altijd'}"
    for veld in fields(item):
        value = getattr(item, veld.name)
        if veld.name not in ("code", "geldigheid") and value not in ("", (), None):
            yield f"{veld.name}: {_tekst(value)}"


def _tekst(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, tuple):
        return ", ".join(sorted(_samen(value)))
    return str(getattr(value, "code", value))


def _samen(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield " met ".join(map(str, value)) if isinstance(value, tuple) else _tekst(value)
