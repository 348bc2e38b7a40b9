"""Check 2: somebody who looked at a colleague, a neighbour, a namesake, the own file, or a resident whose data are kept secret.

Users are no residents, and where they live is not kept. What can be known is worked out here and not shown: a hit says who looked at which
pseudonym, and never the name or address that made it one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, exists, select

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.personen import Persoon
from wijkwerk.records.types.sorteren import zoekwoorden
from wijkwerk.storage.columns import among
from wijkwerk.toezicht.controles.controle import Blik, Controle, Kijker, Onderdeel, Regel, Treffer
from wijkwerk.zoeken.zoek import VOORVOEGSELS

COLLEGA, ZELF, BUUR, NAAMGENOOT, GEHEIM, ONBEKEND = (
    "COLLEGA", "EIGEN_DOSSIER", "BUUR", "NAAMGENOOT", "AFGESCHERMD", "ADRES_VAN_MEDEWERKER_ONBEKEND"
)  # fmt: skip
_GEHEIM: Final = (Afschermsoort.GEHEIM, Afschermsoort.VEILIGHEID)
Adres = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Inwoner:
    """What of a resident is compared. `geheim`: from when until when; `zelf`: which users are this resident, `namens`: who act for them."""

    naam: frozenset[str]
    adres: Adres | None
    collega: bool
    zelf: frozenset[UUID]
    namens: frozenset[UUID]
    geheim: tuple[tuple[datetime, datetime | None], ...]


class _Kijker(Kijker):
    def __init__(self, blik: Blik, gebruiker: UUID) -> None:
        self._blik, self._gebruiker = blik, gebruiker
        self._woorden = _naamwoorden(blik, gebruiker)
        self._thuis = _eigen_adressen(blik, gebruiker)
        self._bekend: dict[UUID, _Inwoner] = {}
        self._gemeld = bool(self._thuis)

    def voor(self, regels: Sequence[Regel]) -> None:
        """What is known of the residents on this page; of who was erased since, nothing."""
        self._bekend = _lees(self._blik, sorted({wie for regel in regels if self._telt(regel) for wie in regel.pseudoniemen}))

    def regel(self, regel: Regel) -> Iterator[Treffer]:
        if not self._telt(regel):
            return
        if not self._gemeld:
            self._gemeld = True
            yield Treffer(onderdeel=ONBEKEND, gebruiker=self._gebruiker)
        per_onderdeel: dict[str, list[UUID]] = defaultdict(list)
        for wie in regel.pseudoniemen:
            for onderdeel in self._past(self._bekend[wie], regel.plek.tijdstip) if wie in self._bekend else ():
                per_onderdeel[onderdeel].append(wie)
        for onderdeel, wie_allen in sorted(per_onderdeel.items()):
            yield regel.treffer(onderdeel, wie_allen, *regel.inhoud.get("rollen", ()))

    def _telt(self, regel: Regel) -> bool:
        return regel.inzage and self._blik.aan_het_werk(regel)

    def _past(self, inwoner: _Inwoner, op: datetime) -> Iterator[str]:
        if self._gebruiker in inwoner.zelf | inwoner.namens:
            yield ZELF
        elif inwoner.adres in self._thuis:
            yield BUUR
        elif inwoner.collega:
            yield COLLEGA
        if self._gebruiker not in inwoner.zelf and inwoner.naam and inwoner.naam <= self._woorden:
            yield NAAMGENOOT
        if any(van <= op and (tot is None or op < tot) for van, tot in inwoner.geheim):
            yield GEHEIM


def _lees(blik: Blik, pseudoniemen: list[UUID]) -> dict[UUID, _Inwoner]:
    if not pseudoniemen:
        return {}
    n, p = log_pseudoniem.c, Persoon.tabel().c
    same = and_(p.gemeente_id == n.gemeente_id, p.id == n.persoon_id)
    statement = (
        select(n.pseudoniem, p.id, p.geslachtsnaam, p.postcode, p.huisnummer)
        .select_from(log_pseudoniem.join(Persoon.tabel(), same))
        .where(n.gemeente_id == blik.gemeente, among(n.pseudoniem, "wie"))
    )
    rijen = blik.connection.execute(statement, {"wie": pseudoniemen}).all()
    ids = [rij.id for rij in rijen]
    geheim, toegang = _geheim(blik, ids), _toegang(blik, ids)
    return {
        rij.pseudoniem: _Inwoner(
            naam=_achternaam(rij.geslachtsnaam), adres=_adres(rij), geheim=tuple(geheim[rij.id]),
            collega=any(each.werkt for each in toegang[rij.id] if each.vertegenwoordiging_id is None),
            zelf=frozenset(each.gebruiker_id for each in toegang[rij.id] if each.vertegenwoordiging_id is None),
            namens=frozenset(each.gebruiker_id for each in toegang[rij.id] if each.vertegenwoordiging_id is not None),
        )
        for rij in rijen
    }  # fmt: skip


def _geheim(blik: Blik, ids: list[UUID]) -> dict[UUID, list[tuple[datetime, datetime | None]]]:
    a = Afscherming.tabel().c
    statement = select(a.persoon_id, a.van, a.tot).where(
        a.gemeente_id == blik.gemeente, among(a.persoon_id, "wie"), a.soort.in_(_GEHEIM), a.partij_id.is_(None)
    )
    found: dict[UUID, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for rij in blik.connection.execute(statement, {"wie": ids}):
        found[rij.persoon_id].append((rij.van, rij.tot))
    return found


def _toegang(blik: Blik, ids: list[UUID]) -> dict[UUID, list[Any]]:
    """Which users are these residents or act for them, also when that has ended, and whether they have worked here."""
    i, a = Inwonertoegang.tabel().c, Aanstelling.tabel().c
    werkt = exists().where(a.gemeente_id == i.gemeente_id, a.gebruiker_id == i.gebruiker_id).label("werkt")
    statement = select(i.persoon_id, i.gebruiker_id, i.vertegenwoordiging_id, werkt).where(
        i.gemeente_id == blik.gemeente, among(i.persoon_id, "wie")
    )
    found: dict[UUID, list[Any]] = defaultdict(list)
    for rij in blik.connection.execute(statement, {"wie": ids}):
        found[rij.persoon_id].append(rij)
    return found


def _naamwoorden(blik: Blik, gebruiker: UUID) -> frozenset[str]:
    """The words of the names that a user goes by, here and at each employer."""
    g, a = Gebruiker.tabel().c, Aanstelling.tabel().c
    namen = select(g.naam).where(g.gemeente_id == blik.gemeente, g.id == gebruiker)
    bij = select(a.naam).where(a.gemeente_id == blik.gemeente, a.gebruiker_id == gebruiker)
    return frozenset(woord for naam in blik.connection.execute(namen.union(bij)).scalars() for woord in zoekwoorden(naam))


def _eigen_adressen(blik: Blik, gebruiker: UUID) -> frozenset[Adres]:
    """Where a user lives: known only of who is a resident here with an own view."""
    i, p = Inwonertoegang.tabel().c, Persoon.tabel().c
    same = and_(p.gemeente_id == i.gemeente_id, p.id == i.persoon_id)
    statement = (
        select(p.postcode, p.huisnummer)
        .select_from(Inwonertoegang.tabel().join(Persoon.tabel(), same))
        .where(i.gemeente_id == blik.gemeente, i.gebruiker_id == gebruiker, i.vertegenwoordiging_id.is_(None))
    )
    return frozenset(adres for rij in blik.connection.execute(statement) if (adres := _adres(rij)) is not None)


def _adres(rij: Any) -> Adres | None:
    return None if rij.postcode is None or rij.huisnummer is None else (str(rij.postcode), rij.huisnummer)


def _achternaam(naam: str) -> frozenset[str]:
    """The words of a surname; none of one that is not known."""
    return frozenset(zoekwoorden(naam)) - VOORVOEGSELS


def _kijker(blik: Blik) -> Callable[[UUID], _Kijker]:
    return lambda gebruiker: _Kijker(blik, gebruiker)


CONTROLE: Final = Controle(
    nummer=2,
    code="TE_DICHTBIJ",
    vraag="Wie keek bij een collega, een buur, een naamgenoot, zichzelf of een inwoner met geheimhouding?",
    uitleg="Een naam of adres kan toeval zijn. Van een medewerker die hier geen eigen inzage heeft, is het adres niet bekend.",
    onderdelen=(
        Onderdeel(COLLEGA, "De inwoner werkt of werkte hier zelf, volgens de eigen inzage"),
        Onderdeel(ZELF, "De medewerker keek tijdens het werk in het eigen dossier, of van wie die vertegenwoordigt"),
        Onderdeel(BUUR, "De inwoner woont op het adres van de medewerker"),
        Onderdeel(NAAMGENOOT, "De inwoner heeft dezelfde achternaam als de medewerker"),
        Onderdeel(GEHEIM, "De inwoner had toen geheimhouding of een veiligheidsvlag"),
        Onderdeel(ONBEKEND, "Van deze medewerker is geen adres bekend; buren en huisgenoten zijn niet te vinden", afwijking=False),
    ),
    kijker=_kijker,
)
