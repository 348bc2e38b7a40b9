"""Many made-up residents as rows, for measuring and for looking at query plans: past every service, so never for testing rules.

Nobody has a BSN: where one would be found stand random bytes. One resident in twenty is known to a team, with all rows that a case makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table

from ..access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from ..access.levels import N6, N7, Niveau
from ..access.purposes import Domein
from ..access.register import WMO_ONDERZOEK
from ..app import Wijkwerk
from ..contactgegevens import Contactgegeven, Contactsoort
from ..dossiers.dossier import Dossier, Dossierlid, Dossierstatus
from ..huishoudens import Huishoudlid, Huishoudrol, Huishoudsoort
from ..log.tables import log_pseudoniem
from ..personen import Persoon
from ..records.types.naam import Geslacht, Naamgebruik
from ..records.types.sorteren import sorteernaam, vindwoorden
from ..storage.columns import nieuw_id
from ..zoeken.tabellen import zoekterm, zoekwoord
from .laden import laad
from .namenlijst import ACHTERNAMEN, VOORNAMEN, voorvoegsel
from .plaatsen import BEKEND, Plaats, Ploeg, Rijen, plaatsen

_LETTERS = "ABCDEGHJKL"
VANAF = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

_HOOFD, _PARTICULIER, _OPEN = Huishoudrol.HOOFD.value, Huishoudsoort.PARTICULIER.value, Dossierstatus.OPEN.value
_WMO = Domein.WMO.value
_EIGEN, _ONBEKEND, _GEHEIM, _EMAIL = Naamgebruik.EIGEN.value, Geslacht.ONBEKEND.value, Afschermsoort.GEHEIM.value, Contactsoort.EMAIL.value


def _deuren(soort: Partijsoort, niveau: Niveau) -> list[dict[str, Any]]:
    """What is the same in all rows that let a party in."""
    deur = {
        "versie": 1, "partijsoort": soort.value, "doel": WMO_ONDERZOEK.code, "niveau_tot": int(niveau),
        "grondslag": WMO_ONDERZOEK.grondslag.kenmerk, "bron": Bron.DOSSIER.value, "van": VANAF,
    }  # fmt: skip
    return [{**deur, "categorie_code": categorie.code} for categorie in WMO_ONDERZOEK.categorieen]


_DEUREN_TEAM, _DEUREN_REGISSEUR = _deuren(Partijsoort.TEAM, N6), _deuren(Partijsoort.GEBRUIKER, N7)


@dataclass(slots=True)
class Bewoning:
    """Makes the residents of one municipality, household by household."""

    plaats: Plaats
    random: Random
    woorden: set[str] = field(default_factory=set)
    _rijen: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def stukken(self, grootte: int) -> Iterator[Rijen]:
        """All rows, some `grootte` residents at a time; the words of names last."""
        yield self.plaats.inrichting()
        gemaakt = huis = 0
        while gemaakt < self.plaats.inwoners:
            leden = min(self.random.choice((1, 1, 2, 2, 3, 4)), self.plaats.inwoners - gemaakt)
            self._huishouden(huis, leden)
            gemaakt, huis = gemaakt + leden, huis + 1
            if len(self._rijen[Persoon.tabel()]) >= grootte:
                yield self._geef()
        for woord in sorted(self.woorden):
            self._voeg_toe(zoekwoord, woord=woord)
        yield self._geef()

    def _geef(self) -> Rijen:
        rijen, self._rijen = self._rijen, defaultdict(list)
        return rijen

    def _voeg_toe(self, tabel: Table, **waarden: Any) -> None:
        waarden["gemeente_id"] = self.plaats.gemeente
        self._rijen[tabel].append(waarden)

    def _record(self, record: type[Any], **waarden: Any) -> UUID:
        id = nieuw_id()
        waarden.update(id=id, gemeente_id=self.plaats.gemeente, versie=1, verantwoordelijke_id=self.plaats.organisatie)
        self._rijen[record.tabel()].append(waarden)
        return id

    def _huishouden(self, huis: int, aantal: int) -> None:
        achternaam = ACHTERNAMEN.trek(self.random)[0]
        leden = [self._persoon(achternaam, huis) for _ in range(aantal)]
        ploeg = self._ploeg()
        if ploeg is not None:
            self._dossier(leden, ploeg)

    def _ploeg(self) -> Ploeg | None:
        lot = self.random.random()
        if lot < self.plaats.deel_zwaar:
            return self.plaats.zwaar
        return self.random.choice(self.plaats.ploegen) if lot < self.plaats.deel_zwaar + BEKEND else None

    def _persoon(self, achternaam: str, huis: int) -> UUID:
        random = self.random
        voornamen = " ".join(VOORNAMEN.trek(random, random.choice((1, 1, 2))))
        partner = ACHTERNAMEN.trek(random)[0] if random.random() < 0.1 else None
        geheim = random.random() < 0.01
        id = self._record(
            Persoon, voornamen=voornamen, voorvoegsel=voorvoegsel(achternaam), geslachtsnaam=achternaam, sorteernaam=_gevouwen(achternaam),
            aanduiding_naamgebruik=_EIGEN, partner_geslachtsnaam=partner, geslacht=_ONBEKEND,
            geboortedatum=_geboren(random), straat="Lisdoddekade", huisnummer=1 + huis % 20, postcode=_postcode(huis // 20),
            woonplaats="Waterrijk", bsn_index=random.randbytes(16), geheim=geheim, veiligheidsvlag=False, gebied_gekozen=False,
        )  # fmt: skip
        self._voeg_toe(log_pseudoniem, persoon_id=id, pseudoniem=uuid4())
        self._vindbaar(id, (voornamen, achternaam, partner))
        if geheim:
            self._record(Afscherming, persoon_id=id, soort=_GEHEIM, niveau_tot=int(N7), verbergt=True, van=VANAF)
        if random.random() < 0.5:
            self._record(
                Contactgegeven, persoon_id=id, soort=_EMAIL, waarde=f"{random.getrandbits(64):x}@voorbeeld.example",
                voorkeur=True, veilig_te_gebruiken=True,
            )  # fmt: skip
        return id

    def _vindbaar(self, persoon: UUID, namen: Iterable[str | None]) -> None:
        woorden = {woord for naam in namen if naam for woord in _woorden(naam)}
        self.woorden |= woorden
        for woord in woorden:
            self._voeg_toe(zoekterm, term=woord, persoon_id=persoon)

    def _dossier(self, leden: Sequence[UUID], ploeg: Ploeg) -> None:
        huishouden = nieuw_id()
        dossier = self._record(
            Dossier, persoon_id=leden[0], team_id=ploeg.team, regisseur_id=ploeg.regisseur, domein=_WMO, status=_OPEN, geopend=VANAF,
        )  # fmt: skip
        for persoon in leden:
            self._record(Dossierlid, persoon_id=persoon, dossier_id=dossier, van=VANAF)
            self._record(
                Huishoudlid, persoon_id=persoon, huishouden_id=huishouden, rol=_HOOFD,
                soort=_PARTICULIER, van=VANAF.date(),
            )  # fmt: skip
            self._deuren(persoon, dossier, ploeg)

    def _deuren(self, persoon: UUID, dossier: UUID, ploeg: Ploeg) -> None:
        """What `open_dossier` makes: a row for each party and category."""
        samen = {
            "gemeente_id": self.plaats.gemeente, "verantwoordelijke_id": self.plaats.organisatie, "persoon_id": persoon,
            "kader_id": dossier, "bron_id": dossier,
        }  # fmt: skip
        self._rijen[Betrokkenheid.tabel()] += [
            {**deur, **samen, "id": nieuw_id(), "partij_id": partij}
            for partij, deuren in ((ploeg.team, _DEUREN_TEAM), (ploeg.regisseur, _DEUREN_REGISSEUR))
            for deur in deuren
        ]


async def bevolk(wijkwerk: Wijkwerk, aantal: int, *, seed: int = 20261122, meld: Callable[[int], None] = lambda _: None) -> Plaats:
    """Fill an empty installation that is open with so many residents; the large municipality. `meld` hears how many rows are in.

    What is broken off half-way leaves municipalities without residents: throw such a database away.
    """
    gemaakt = plaatsen(aantal)

    def richt_in(connection: Connection) -> None:
        for plaats in gemaakt:
            plaats.maak(connection)
            wijkwerk.keyring.prepare(connection, plaats.gemeente)

    await wijkwerk.database.transact(richt_in)
    await laad(wijkwerk.database, bevolking(gemaakt, seed), meld=meld)
    return gemaakt[0]


def bevolking(plaatsen: Iterable[Plaats], seed: int, *, grootte: int = 10_000) -> Iterator[Rijen]:
    """The rows of all residents, some `grootte` residents at a time."""
    random = Random(seed)
    for plaats in plaatsen:
        yield from Bewoning(plaats, random).stukken(grootte)


@lru_cache(maxsize=50_000)
def _gevouwen(naam: str) -> str:
    return sorteernaam(naam)


@lru_cache(maxsize=200_000)
def _woorden(namen: str) -> set[str]:
    return vindwoorden(namen)


def _geboren(random: Random) -> str:
    """Stored digits; one in a hundred knows the year only."""
    dag = date.fromordinal(random.randint(date(1930, 1, 1).toordinal(), date(2024, 12, 31).toordinal()))
    return f"{dag:%Y}0000" if random.random() < 0.01 else f"{dag:%Y%m%d}"


def _postcode(nummer: int) -> str:
    cijfers, letters = divmod(nummer, len(_LETTERS) ** 2)
    return f"{1000 + cijfers % 9000}{_LETTERS[letters // len(_LETTERS)]}{_LETTERS[letters % len(_LETTERS)]}"
