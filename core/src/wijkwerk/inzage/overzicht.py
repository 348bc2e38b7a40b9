"""Who looked at or changed a resident's data, as that resident may know it (domain.md 3.5; AVG art. 15; EU C-579/21).

Shown: when, which organisation, in which function, what was done and for what, which kinds of data, on what ground, and a break-glass.
Not shown: which employee (but for what a privacy officer decided), other residents in the same entry, systems, network addresses; what is
done under a confidential activity, confidential kinds of data, and what was done through a confidential break-glass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.inzage.lezen import Handeling, Toegang, deuren_van, handelingen, nood_in, noodtoegangen
from wijkwerk.inzage.namen import EigenVerzoek, Naambron, eigen_verzoeken, namen_bij
from wijkwerk.inzage.taal import ONBEKENDE_ORGANISATIE, Taal
from wijkwerk.kalender.termijnen import begin_van, einde_van
from wijkwerk.klok import dag
from wijkwerk.organisaties import Organisatie
from wijkwerk.rights.opgegaan import sporen
from wijkwerk.storage.columns import among


@dataclass(frozen=True, slots=True, order=True)
class Soort:
    """What makes actions of one day the same for who reads of them. `naam`: the employee, where that was decided."""

    organisatie: str
    functies: tuple[str, ...]
    wat: str
    waarvoor: str
    doelen: tuple[str, ...]
    nood: bool
    naam: str


@dataclass(slots=True)
class Inzageregel:
    """What was done on one day: once or more often, each time at one of `tijdstippen`."""

    dag: date
    soort: Soort
    tijdstippen: list[datetime] = field(default_factory=list)
    gegevens: set[str] = field(default_factory=set)
    gronden: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Organisatieregel:
    """What one organisation did in all."""

    organisatie: str
    functies: set[str]
    keren: int
    eerste: date
    laatste: date
    nood: bool


@dataclass(frozen=True, slots=True)
class Inzage:
    """All of a period: per organisation first, then day by day, newest first; and what the resident asked about names."""

    van: date
    tot: date
    organisaties: list[Organisatieregel]
    regels: list[Inzageregel]
    verzoeken: list[EigenVerzoek]


def inzage_van(connection: Connection, catalogue: Catalogue, gemeente: UUID, persoon: UUID, van: date, tot: date) -> Inzage:
    """What a resident may know of these days, both included. As many statements for one entry as for thousands.

    For core services: the rights are asked by who calls this. Raises OngeldigeInvoer for too much at once.
    """
    taal, eigen = Taal(catalogue), sporen(connection, gemeente, persoon)
    alles = handelingen(connection, gemeente, eigen, begin_van(van), einde_van(tot))
    deuren = deuren_van(connection, gemeente, alles)
    noden = noodtoegangen(connection, gemeente, alles, deuren)
    verzoeken = eigen_verzoeken(connection, gemeente, eigen)
    maker = _Maker(
        taal, deuren, noden, _organisaties(connection, gemeente, alles), namen_bij(connection, gemeente, verzoeken, alles)
    )  # fmt: skip
    for each in alles:
        maker.neem(each)
    regels = sorted(maker.regels.values(), key=lambda regel: (-regel.dag.toordinal(), regel.soort))
    return Inzage(van, tot, _per_organisatie(regels), regels, verzoeken)


@dataclass(slots=True)
class _Maker:
    taal: Taal
    deuren: dict[UUID, Toegang]
    noden: dict[UUID, str]
    organisaties: dict[str, str]
    namen: Naambron
    regels: dict[tuple[date, Soort], Inzageregel] = field(default_factory=dict)

    def neem(self, gedaan: Handeling) -> None:
        """Add an entry to the line of its day, unless the resident may not know of it."""
        inhoud, op = gedaan.inhoud, dag(gedaan.moment)
        nood = nood_in(gedaan)
        if self.taal.verbergt(inhoud.get("activiteit")) or (nood is not None and self._geheim(nood)):
            return
        delen = [(self.taal.toonbaar(categorieen), deuren) for categorieen, deuren in gedaan.getoond if not self._geheime_nood(deuren)]
        zichtbaar = [(categorieen, deuren) for categorieen, deuren in delen if categorieen]
        if not zichtbaar:
            return
        codes = {code for categorieen, _ in zichtbaar for code in categorieen}
        toegang = [
            self.deuren[deur] for _, deuren in zichtbaar for deur in deuren if deur in self.deuren and not self._geheime_nood([deur])
        ]
        in_nood = nood is not None or any(each.bron == Bron.NOODTOEGANG.value for each in toegang)
        soort = self._soort(gedaan, op, in_nood)
        regel = self.regels.setdefault((op, soort), Inzageregel(op, soort))
        regel.tijdstippen.append(gedaan.moment)
        regel.gegevens.update(self.taal.gegevens(codes))
        regel.gronden |= self.taal.gronden({each.grondslag for each in toegang}, inhoud.get("doelen", ()), op)

    def _soort(self, gedaan: Handeling, op: date, nood: bool) -> Soort:
        inhoud, taal = gedaan.inhoud, self.taal
        rollen = inhoud.get("rollen", ())
        eigen = taal.eigen(rollen)
        return Soort(
            organisatie=eigen or self.organisaties.get(inhoud.get("organisatie", ""), ONBEKENDE_ORGANISATIE),
            functies=() if eigen else taal.functies(rollen),
            wat=taal.wat(inhoud["gebeurtenis"], inhoud["actie"]),
            waarvoor=taal.waarvoor(inhoud.get("activiteit"), op),
            doelen=taal.doelen(inhoud.get("doelen", ()), op),
            nood=nood,
            naam="" if eigen else self.namen.naam(inhoud, op),
        )

    def _geheim(self, nood: UUID) -> bool:
        """Whether a break-glass may not be known of; one that is not there any more may have been such a one."""
        return not self.taal.toonbaar([self.noden.get(nood, "")])

    def _geheime_nood(self, deuren: Sequence[UUID]) -> bool:
        """Whether all that let somebody in was a break-glass that may not be known of."""
        known = [self.deuren[deur] for deur in deuren if deur in self.deuren]
        return bool(known) and all(each.bron == Bron.NOODTOEGANG.value and self._geheim(each.bron_id) for each in known)


def _organisaties(connection: Connection, gemeente: UUID, gedaan: Sequence[Handeling]) -> dict[str, str]:
    """Names, by the number in the log. One statement."""
    ids = {UUID(hex=hexa) for each in gedaan if (hexa := each.inhoud.get("organisatie")) is not None}
    o = Organisatie.tabel()
    asked = select(o.c.id, o.c.naam).where(o.c.gemeente_id == gemeente, among(o.c.id, "organisaties"))
    return {row.id.hex: row.naam for row in connection.execute(asked, {"organisaties": sorted(ids)})}


def _per_organisatie(regels: Sequence[Inzageregel]) -> list[Organisatieregel]:
    """Who did most comes first."""
    found: dict[str, Organisatieregel] = {}
    for regel in regels:
        naam = regel.soort.organisatie
        een = found.setdefault(naam, Organisatieregel(naam, set(), 0, regel.dag, regel.dag, False))
        een.functies.update(regel.soort.functies)
        een.keren += len(regel.tijdstippen)
        een.eerste, een.laatste = min(een.eerste, regel.dag), max(een.laatste, regel.dag)
        een.nood |= regel.soort.nood
    return sorted(found.values(), key=lambda each: (-each.keren, each.organisatie))
