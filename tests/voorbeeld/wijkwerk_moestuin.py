"""A whole plugin: who has a plot in the neighbourhood's kitchen garden."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from wijkwerk.access.levels import N2
from wijkwerk.access.permissions import Permission
from wijkwerk.access.purposes import Categorie
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, subject
from wijkwerk.storage.revisions import Migraties
from wijkwerk_graphql import extend, related

MOESTUIN = Categorie("MOESTUIN", "Uw plek in de moestuin", doelen=("WMO_ONDERZOEK",))


class Plek(PersonRecord):
    """Een plek in de moestuin van de buurt."""

    categorie = MOESTUIN
    niveau = N2
    retention = Retention("eigen", "P1Y", "einde plek")
    lezen = Permission("moestuin:plek:lezen", "Zien wie een plek in de moestuin heeft.", ("WIJKTEAM",))
    schrijven = Permission("moestuin:plek:schrijven", "Een plek in de moestuin geven.", ("WIJKTEAM",))

    persoon_id: Mapped[UUID] = subject("Wie de plek heeft")
    nummer: Mapped[int] = field("Het nummer van de plek", level=N2)


@extend(Persoon)
class Persoonsvelden:
    """`Persoon.moestuinplekken`: scoped, levelled and logged like everything about a person."""

    moestuinplekken = related(Plek, by="persoon_id", uitleg="De plekken van deze inwoner in de moestuin")


@hookimpl
def plugin_info() -> PluginInfo:
    return PluginInfo("moestuin", "De moestuin van de buurt.", "1.0", {"core": ">=0.1"})


@hookimpl
def declaraties() -> Declaraties:
    return Declaraties(records=(Plek,), categorieen=(MOESTUIN,))


@hookimpl
def migraties() -> Migraties:
    return Migraties(owner="moestuin", map=Path(__file__).parent / "migrations", requires=("core",))


@hookimpl
def graphql_types() -> Sequence[type[Any]]:
    return (Persoonsvelden,)
