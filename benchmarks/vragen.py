"""The questions of the search benchmark: taken from residents of real caseloads in the database, so that each finds somebody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from wijkwerk.access.actor import Functie
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.register import IDENTITEIT
from wijkwerk.app import Wijkwerk
from wijkwerk.bsnindex import OP_BSN
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.personen import Persoon
from wijkwerk.records.conditions import Indexwaarde
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import among
from wijkwerk.testing.namenlijst import ACHTERNAMEN
from wijkwerk.testing.plaatsen import Plaats, Ploeg, terug
from wijkwerk.zoeken.zoek import Zoekvraag, zoek

Zoeker: TypeAlias = Callable[[], Awaitable[int]]
Vragen: TypeAlias = Mapping[str, Sequence[Zoeker]]
Lezing: TypeAlias = Callable[[Reader], int]

VELDEN = ("voornamen", "voorvoegsel", "geslachtsnaam", "geslacht", "geboortedatum", "straat", "huisnummer", "postcode")
TEAMS, PER_TEAM, BLADZIJDE, GEVONDEN = 20, 5, 50, 20
"""From so many caseloads, so many residents each; rows on a page of a caseload, and on one of what was found."""
ONTHOUDEN = ("id", "voornamen", "geslachtsnaam", "geboortedatum", "postcode", "huisnummer", "bsn_index")
ZELDZAAMHEID = {naam: plek for plek, naam in enumerate(ACHTERNAMEN.keuzes)}
VLOER = "50 rows by primary key, no scope, no log (floor)"


class Vragensteller:
    """Makes questions for one database: of some ordinary caseloads, and of the heavy one."""

    def __init__(self, wijkwerk: Wijkwerk, plaats: Plaats, bekend: Mapping[Ploeg, Sequence[Any]]) -> None:
        self.wijkwerk, self.plaats, self.bekend = wijkwerk, plaats, bekend
        self.random = Random(7)

    def vragen(self) -> Vragen:
        """By name, the floor first."""
        assert self.plaats.zwaar is not None
        gewoon, zwaar = [ploeg for ploeg in self.bekend if ploeg != self.plaats.zwaar], [self.plaats.zwaar]
        return {
            VLOER: [self._vloer(ploeg) for ploeg in gewoon],
            **self._zoeken("300", gewoon),
            "300: page of 50, by name": [self._als(ploeg, _pagina) for ploeg in gewoon],
            **self._zoeken("2,000", zwaar),
            "2,000: page of 50, by name": [self._als(ploeg, _pagina) for ploeg in zwaar],
        }

    def _zoeken(self, wie: str, ploegen: Sequence[Ploeg]) -> dict[str, list[Zoeker]]:
        soorten: dict[str, Callable[[Any], Lezing]] = {
            "first letters of a name": lambda b: _zoek(naam=b.geslachtsnaam[:4]),
            "name with a typing error": lambda b: _zoek(naam=_tikfout(b.geslachtsnaam)),
            "two names": lambda b: _zoek(naam=f"{b.voornamen.split()[0]} {b.geslachtsnaam}"),
            "BSN, by blind index": lambda b: _op_index(b.bsn_index),
            "postcode and house number": lambda b: _zoek(postcode=b.postcode, huisnummer=b.huisnummer),
            "birth date": lambda b: _zoek(geboortedatum=b.geboortedatum),
        }
        per_naam = {ploeg: sorted(self.bekend[ploeg], key=lambda b: ZELDZAAMHEID[b.geslachtsnaam]) for ploeg in ploegen}
        return {
            f"{wie}: common name": [self._als(ploeg, _zoek(naam=b.geslachtsnaam)) for ploeg in ploegen for b in per_naam[ploeg][:PER_TEAM]],
            f"{wie}: rare name": [self._als(ploeg, _zoek(naam=b.geslachtsnaam)) for ploeg in ploegen for b in per_naam[ploeg][-PER_TEAM:]],
            **{f"{wie}: {naam}": self._per_bewoner(ploegen, maak) for naam, maak in soorten.items()},
        }

    def _per_bewoner(self, ploegen: Sequence[Ploeg], maak: Callable[[Any], Lezing]) -> list[Zoeker]:
        samen = [(ploeg, b) for ploeg in ploegen for b in self.random.sample(list(self.bekend[ploeg]), PER_TEAM * TEAMS // len(ploegen))]
        return [self._als(ploeg, maak(bewoner)) for ploeg, bewoner in self.random.sample(samen, len(samen))]

    def _als(self, ploeg: Ploeg, lezing: Lezing) -> Zoeker:
        functies = [Functie("REGISSEUR", self.plaats.organisatie, ploeg.team)]

        async def zoeker() -> int:
            wijkwerk = self.wijkwerk
            actor = wijkwerk.toewijzer.actor(ploeg.regisseur, self.plaats.gemeente, functies, None, wijkwerk.klok.nu())
            return await wijkwerk.read(actor, lezing, onderdeel="bench", gebeurtenis=Gebeurtenis.ZOEKEN)

        return zoeker

    def _vloer(self, ploeg: Ploeg) -> Zoeker:
        tabel = Persoon.tabel()
        rijen = select(*[tabel.c[naam] for naam in VELDEN]).where(tabel.c.gemeente_id == self.plaats.gemeente, among(tabel.c.id, "ids"))
        ids = [bewoner.id for bewoner in self.random.sample(list(self.bekend[ploeg]), BLADZIJDE)]

        async def zoeker() -> int:
            async with self.wijkwerk.database.snapshot() as snapshot:
                return await snapshot.run(lambda connection: len(connection.execute(rijen, {"ids": ids}).all()))

        return zoeker


async def maak_vragen(wijkwerk: Wijkwerk) -> Vragen:
    """The questions for a database that was filled with made-up residents."""
    async with wijkwerk.database.snapshot() as snapshot:
        plaats, bekend = await snapshot.run(_bekend)
    return Vragensteller(wijkwerk, plaats, bekend).vragen()


def _bekend(connection: Connection) -> tuple[Plaats, dict[Ploeg, Sequence[Any]]]:
    plaats = terug(connection)
    ploegen = [*plaats.ploegen[:TEAMS], *([plaats.zwaar] if plaats.zwaar else [])]
    return plaats, {ploeg: _caseload(connection, plaats, ploeg) for ploeg in ploegen}


def _caseload(connection: Connection, plaats: Plaats, ploeg: Ploeg) -> Sequence[Any]:
    p, b = Persoon.tabel(), Betrokkenheid.tabel()
    hier = (b.c.gemeente_id == plaats.gemeente) & (b.c.partij_id == ploeg.team) & (b.c.categorie_code == IDENTITEIT.code)
    samen = p.join(b, (p.c.gemeente_id == b.c.gemeente_id) & (p.c.id == b.c.persoon_id))
    return connection.execute(select(*[p.c[naam] for naam in ONTHOUDEN]).select_from(samen).where(hier).order_by(p.c.id)).all()


def _pagina(reader: Reader) -> int:
    return len(reader.page(Persoon, VELDEN, order=("sorteernaam",), first=BLADZIJDE).rows)


def _zoek(**vraag: Any) -> Lezing:
    return lambda reader: len(zoek(reader, Zoekvraag(**vraag), VELDEN, first=GEVONDEN).rows)


def _op_index(index: bytes) -> Lezing:
    """What `zoek` does with a BSN. Nobody here has one: the blind index of something else is worked out, and then theirs asked."""

    def lezing(reader: Reader) -> int:
        reader.keyring.blind_indexer(reader.connection, reader.actor.gemeente)("bench")
        return len(reader.page(Persoon, VELDEN, order=("sorteernaam",), filters={OP_BSN: Indexwaarde((index,), b"")}, first=GEVONDEN).rows)

    return lezing


def _tikfout(naam: str) -> str:
    """Without its third letter."""
    return naam[:2] + naam[3:]
