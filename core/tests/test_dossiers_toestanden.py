"""Random professionals do random things with cases: after each step the doors are what their sources say, and all see what they hold.

Two judges that know nothing of `dossiers/deuren.py`: `testing/deuren.py` rebuilds the table from rows, `testing/dossiermodel.py` says who
sees which cases, residents and notes, and whether a step is allowed at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.dossiers import leden, overdragen, regisseur, status
from wijkwerk.dossiers.dossier import Dossier, Statusreden
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.overdracht import Overdracht
from wijkwerk.errors import WijkwerkError
from wijkwerk.klok import AMSTERDAM, dag
from wijkwerk.koppelingen import beeindig, koppel
from wijkwerk.notities import Notitie, Notitiesoort, schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.testing import dossiermodel
from wijkwerk.testing.deuren import deuren
from wijkwerk.testing.dossiermodel import Melding, Model, Wie, Zaak
from wijkwerk.testing.dossiers import collega
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen import Wijze, leg_vast, trek_in

pytestmark = pytest.mark.anyio
T = TypeVar("T")
STAPPEN, PERSONEN, MELDINGEN, ZAKEN = 60, 6, 12, 8


def elfproef(nummer: str) -> bool:
    return (sum(int(c) * w for c, w in zip(nummer, (9, 8, 7, 6, 5, 4, 3, 2), strict=False)) - int(nummer[8])) % 11 == 0


BSNS = [Bsn.lees(nummer) for n in range(90_000, 90_200) if elfproef(nummer := f"9999{n}")]


@dataclass
class Poging:
    """Something that somebody tries: whether the model allows it, the work, and what then is so."""

    wie: Wie
    mag: bool
    werk: Callable[[Work], Any]
    dan: Callable[[Any], Any]


class Wandeling:
    """One random walk."""

    def __init__(self, wijk: Wijk, zaad: int) -> None:
        self.wijk, self.kans, self.gelukt = wijk, Random(zaad), Counter[str]()
        self.model = Model(wijk.dock, wijk.zorg)
        self.partners = [Wie("dock", wijk.DOCK, "DOCK", None, wijk.dock), Wie("zorg", wijk.ZORG, "ZORG", None, wijk.zorg)]
        self.team: list[Wie] = []

    async def begin(self) -> None:
        for naam, team in (("een", self.wijk.team), ("twee", self.wijk.ander_team)):
            for rol in ("WIJKTEAM", "REGISSEUR", "REGISSEUR"):
                self.team.append(Wie(f"{naam} {rol}", await collega(self.wijk, rol, team), rol, team))

    def actor(self, wie: Wie) -> Actor:
        return self.wijk.actor(wie.rol, gebruiker=wie.gebruiker, team=wie.team)

    def kies(self, uit: Sequence[T]) -> T:
        return self.kans.choice(uit)

    def zaak(self) -> Zaak:
        return self.kies(list(self.model.zaken.values()))

    def lid(self, zaak: Zaak) -> UUID:
        return self.kies(sorted(zaak.leden, key=self.model.personen.index) if self.kans.random() < 0.9 else self.model.personen)

    def poging(self) -> tuple[str, Poging]:
        """Something new more often than what went well before; what is allowed more often than what is not."""
        for _ in range(8):
            kan = list(GEBEURTENISSEN) if self.model.zaken else ["melden", "openen"] if self.model.personen else ["melden"]
            naam = self.kans.choices(kan, [1 / (1 + self.gelukt[naam]) ** 2 for naam in kan])[0]
            pogingen = [GEBEURTENISSEN[naam](self) for _ in range(12)]
            goede = [poging for poging in pogingen if poging.mag]
            if self.kans.random() < 0.15:
                return naam, pogingen[0]
            if goede:
                return naam, goede[0]
        return "tijd", tijd(self)

    async def stap(self) -> str:
        naam, poging = self.poging()
        fout: WijkwerkError | None = None
        try:
            uitkomst = await self.wijk.schrijf(self.actor(poging.wie), poging.werk)
        except WijkwerkError as error:
            fout = error
        assert (fout is None) == poging.mag, f"{naam} by {poging.wie.naam}: {fout!r}"
        if fout is None:
            poging.dan(uitkomst)
            self.gelukt[naam] += 1
        return naam

    async def controleer(self, naam: str) -> None:
        nu = await deuren(self.wijk)
        assert nu.staand() == nu.herbouwd(), f"after {naam} the doors are not what their sources say"
        wie = (*self.team, *self.partners)
        actors = [self.actor(iemand) for iemand in wie]
        async with self.wijk.wijkwerk.database.snapshot() as snapshot:
            gezien = await snapshot.run(lambda connection: [self.ziet(connection, actor) for actor in actors])
        for iemand, actor, found in zip(wie, actors, gezien, strict=True):
            verwacht = {Persoon: self.model.personen_van(iemand, actor.moment), Dossier: self.model.dossiers_van(iemand),
                        Notitie: self.model.notities_van(iemand, actor.moment)}  # fmt: skip
            assert found == {record: verwacht[record] for record in found}, f"after {naam} {iemand.naam} sees something else"

    def ziet(self, connection: Connection, actor: Actor) -> dict[type[Record], set[UUID]]:
        """What somebody reads of each kind that they may read at all."""
        reader = Reader(connection, actor, self.wijk.wijkwerk.keyring)
        records = [record for record in (Persoon, Dossier, Notitie) if actor.may(record.lezen.naam)]
        return {record: {row.id for row in reader.page(record, (), first=200).rows} for record in records}


def nieuwste(work: Work, record: type[Record], id: UUID) -> int:
    t = record.tabel()
    return int(work.core_connection.execute(select(t.c.versie).where(t.c.id == id)).scalar_one())


def melden(w: Wandeling) -> Poging:
    wie, nieuw = w.kies(w.team), len(w.model.personen) < PERSONEN
    nummer = len(w.model.personen) if nieuw else w.kans.randrange(PERSONEN)

    def werk(work: Work) -> tuple[UUID, UUID]:
        persoon = aanmelden(work, {"geslachtsnaam": "Moulin", "bsn": BSNS[nummer]})
        work.flush()
        a = Aanmelding.tabel()
        newest = select(a.c.id).where(a.c.persoon_id == persoon).order_by(a.c.ontvangen.desc()).limit(1)
        return persoon, work.core_connection.execute(newest).scalar_one()

    def dan(gemaakt: tuple[UUID, UUID]) -> None:
        persoon, melding = gemaakt
        if nieuw:
            w.model.personen.append(persoon)
        assert wie.team is not None
        w.model.meldingen[melding] = Melding(persoon, wie.team)

    return Poging(wie, True, werk, dan) if len(w.model.meldingen) < MELDINGEN else tijd(w)


def openen(w: Wandeling) -> Poging:
    if len(w.model.zaken) >= ZAKEN:
        return tijd(w)
    wie, aantal = w.kies(w.team), w.kans.choice([1, 1, 2, 3])
    personen = list(dict.fromkeys(w.kies(w.model.personen) for _ in range(aantal)))
    melding = w.kies([None, *w.model.meldingen])
    regie = w.kies([None, *w.team])
    bereik = w.model.personen_van(wie, w.wijk.klok.nu())
    mag = set(personen) <= bereik and (regie is None or _mag_regisseur(regie, wie, wie.team))
    if melding is not None:
        over = w.model.meldingen[melding]
        mag = mag and over.team == wie.team and over.dossier is None and over.persoon in personen

    def dan(id: UUID) -> None:
        assert wie.team is not None
        w.model.zaken[id] = Zaak(id, personen[0], wie.team, regie and regie.gebruiker, set(personen))
        if melding is not None:
            w.model.meldingen[melding].dossier = id

    wens = {"regisseur": regie and regie.gebruiker, "aanmelding": melding}
    return Poging(wie, mag, lambda work: open_dossier(work, personen, **wens), dan)


def _mag_regisseur(regie: Wie, door: Wie, team: UUID | None) -> bool:
    return regie.rol == "REGISSEUR" and regie.team == team and regie is not door


def _service(w: Wandeling, zaak: Zaak, mag: Callable[[Wie], bool], service: Any, *rest: Any, dan: Callable[[Any], Any]) -> Poging:
    wie = w.kies(w.team)
    heeft = zaak.heeft(wie) and zaak.ziet(wie)
    return Poging(wie, heeft and mag(wie), lambda work: service(work, zaak.id, nieuwste(work, Dossier, zaak.id), *rest), dan)


def lid_erbij(w: Wandeling) -> Poging:
    zaak, persoon, nu = w.zaak(), w.kies(w.model.personen), w.wijk.klok.nu()

    def mag(wie: Wie) -> bool:
        return not zaak.dicht and persoon not in zaak.leden and persoon in w.model.personen_van(wie, nu)

    return _service(w, zaak, mag, leden.voeg_lid_toe, persoon, dan=lambda _: zaak.leden.add(persoon))


def lid_weg(w: Wandeling) -> Poging:
    zaak = w.zaak()
    persoon = w.lid(zaak)
    mag = not zaak.dicht and persoon in zaak.leden and persoon != zaak.begin
    return _service(w, zaak, lambda _: mag, leden.lid_vertrekt, persoon, dan=lambda _: w.model.vertrekt(zaak, persoon))


def aanhouden(w: Wandeling) -> Poging:
    zaak = w.zaak()
    mag = zaak.status in ("OPEN", "HEROPEND")
    dan: Callable[[Any], None] = lambda _: setattr(zaak, "status", "AANGEHOUDEN")  # noqa: E731
    return _service(w, zaak, lambda _: mag, status.houd_aan, Statusreden.WACHTLIJST, dan=dan)


def hervatten(w: Wandeling) -> Poging:
    zaak = w.zaak()
    dan: Callable[[Any], None] = lambda _: setattr(zaak, "status", "HEROPEND" if zaak.eerder_dicht else "OPEN")  # noqa: E731
    mag = zaak.status == "AANGEHOUDEN"
    return _service(w, zaak, lambda _: mag, status.hervat, dan=dan)


def sluiten(w: Wandeling) -> Poging:
    zaak = w.zaak()
    mag = not zaak.dicht and zaak.aanbod is None
    return _service(w, zaak, lambda _: mag, status.sluit, Statusreden.AFGEROND, dan=lambda _: w.model.sluit(zaak))


def heropenen(w: Wandeling) -> Poging:
    zaak = w.zaak()

    def dan(_: Any) -> None:
        zaak.status, zaak.eerder_dicht = "HEROPEND", True

    mag = zaak.dicht
    return _service(w, zaak, lambda _: mag, status.heropen, Statusreden.NIEUWE_VRAAG, dan=dan)


def regisseur_aanwijzen(w: Wandeling) -> Poging:
    zaak, regie = w.zaak(), w.kies([None, *w.team])
    nieuw = regie and regie.gebruiker

    def mag(wie: Wie) -> bool:
        return not zaak.dicht and (nieuw in (None, zaak.regisseur) or (regie is not None and _mag_regisseur(regie, wie, zaak.team)))

    return _service(w, zaak, mag, regisseur.wijs_regisseur_aan, nieuw, dan=lambda _: setattr(zaak, "regisseur", nieuw))


def aanbieden(w: Wandeling) -> Poging:
    zaak, naar = w.zaak(), w.kies([w.wijk.team, w.wijk.ander_team])
    mag = not zaak.dicht and zaak.aanbod is None and naar != zaak.team
    codes = w.kies([(), ("CONTACT",)])
    dan: Callable[[UUID], None] = lambda id: setattr(zaak, "aanbod", (id, naar))  # noqa: E731
    return _service(w, zaak, lambda _: mag, overdragen.bied_aan, naar, "Verhuisd", codes, dan=dan)


def _aangeboden(w: Wandeling, mag: Callable[[Wie, Zaak], bool], service: Any, *rest: Any, dan: Callable[[Zaak], None]) -> Poging:
    zaken = [zaak for zaak in w.model.zaken.values() if zaak.aanbod is not None]
    if not zaken:
        return tijd(w)
    wie, zaak = w.kies(w.team), w.kies(zaken)
    assert zaak.aanbod is not None
    id = zaak.aanbod[0]

    def daarna(_: Any) -> None:
        dan(zaak)
        zaak.aanbod = None

    return Poging(wie, mag(wie, zaak), lambda work: service(work, id, nieuwste(work, Overdracht, id), *rest), daarna)


def aannemen(w: Wandeling) -> Poging:
    regie = w.kies([None, *w.team])

    def dan(zaak: Zaak) -> None:
        assert zaak.aanbod is not None
        zaak.team, zaak.regisseur = zaak.aanbod[1], regie and regie.gebruiker

    def mag(wie: Wie, zaak: Zaak) -> bool:
        return zaak.aanbod is not None and wie.team == zaak.aanbod[1] and (regie is None or _mag_regisseur(regie, wie, zaak.aanbod[1]))

    return _aangeboden(w, mag, overdragen.neem_aan, regie and regie.gebruiker, dan=dan)


def weigeren(w: Wandeling) -> Poging:
    return _aangeboden(
        w, lambda wie, zaak: zaak.aanbod is not None and wie.team == zaak.aanbod[1], overdragen.weiger, "Vol", dan=lambda _: None
    )


def intrekken(w: Wandeling) -> Poging:
    return _aangeboden(w, lambda wie, zaak: wie.team == zaak.team, overdragen.trek_in, dan=lambda _: None)


def koppelen(w: Wandeling) -> Poging:
    wie, zaak = w.kies(w.team), w.zaak()
    wier = list(dict.fromkeys([w.lid(zaak), w.lid(zaak)]))
    mag = wie.rol == "REGISSEUR" and zaak.heeft(wie) and not zaak.dicht and set(wier) <= zaak.leden
    dock = Partij(w.wijk.dock, Partijsoort.ORGANISATIE, N4)
    werk: Callable[[Work], UUID] = lambda work: koppel(work, zaak.id, wier, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"])  # noqa: E731
    return Poging(wie, mag, werk, lambda id: zaak.partners.update({id: set(wier)}))


def ontkoppelen(w: Wandeling) -> Poging:
    wie, zaak = w.kies(w.team), w.zaak()
    levend = [id for id, wier in zaak.partners.items() if wier]
    if not levend:
        return tijd(w)
    koppeling = w.kies(levend)

    def werk(work: Work) -> UUID:
        b = Betrokkenheid.tabel()
        own = (b.c.bron_id == koppeling, b.c.verantwoordelijke_id == w.wijk.stad, b.c.tot.is_(None))
        return beeindig(work, work.core_connection.execute(select(b.c.id).where(*own).limit(1)).scalar_one())

    return Poging(wie, wie.rol == "REGISSEUR" and zaak.heeft(wie), werk, lambda _: zaak.partners.pop(koppeling))


def toestemmen(w: Wandeling) -> Poging:
    wie, zaak, nu = w.kies(w.team), w.zaak(), w.wijk.klok.nu()
    persoon, tot = w.lid(zaak), dag(nu) + timedelta(days=w.kans.randrange(20))
    einde = datetime.combine(tot + timedelta(days=1), time.min, AMSTERDAM)
    given = (w.wijk.zorg, "ZORG_UITWISSELING", ["IDENTITEIT", "CONTACTVERSLAGEN"], Wijze.SCHRIFTELIJK, "v1", tot)
    mag = zaak.heeft(wie) and not zaak.dicht and persoon in zaak.leden
    dan: Callable[[UUID], None] = lambda id: zaak.toestemmingen.update({id: (persoon, einde)})  # noqa: E731
    return Poging(wie, mag, lambda work: leg_vast(work, zaak.id, persoon, *given), dan)


def toestemming_weg(w: Wandeling) -> Poging:
    wie, zaak = w.kies(w.team), w.zaak()
    if not zaak.toestemmingen:
        return tijd(w)
    id = w.kies(list(zaak.toestemmingen))
    return Poging(wie, zaak.heeft(wie), lambda work: trek_in(work, id), lambda _: zaak.toestemmingen.pop(id))


def noteren(w: Wandeling) -> Poging:
    wie, zaak = w.kies(w.team), w.zaak()
    persoon, niveau = w.lid(zaak), w.kies([5, 6, 7])
    soort = Notitiesoort.STRIKT if niveau == 7 else Notitiesoort.CONTACTVERSLAG
    mag = zaak.heeft(wie) and not zaak.dicht and persoon in zaak.leden and (niveau < 7 or wie.gebruiker == zaak.regisseur)
    werk: Callable[[Work], UUID] = lambda work: schrijf(work, zaak.id, persoon, soort, "Gesprek", deelbaar=niveau == 5)  # noqa: E731
    return Poging(wie, mag, werk, lambda id: zaak.notities.append(dossiermodel.Notitie(id, persoon, niveau)))


def tijd(w: Wandeling) -> Poging:
    later = timedelta(hours=w.kans.randrange(1, 80))
    return Poging(w.kies(w.team), True, lambda work: None, lambda _: setattr(w.wijk.klok, "moment", w.wijk.klok.moment + later))


GEBEURTENISSEN: dict[str, Callable[[Wandeling], Poging]] = {
    gebeurtenis.__name__: gebeurtenis
    for gebeurtenis in (
        melden, openen, lid_erbij, lid_weg, aanhouden, hervatten, sluiten, heropenen, regisseur_aanwijzen, aanbieden, aannemen, weigeren,
        intrekken, koppelen, ontkoppelen, toestemmen, toestemming_weg, noteren, tijd,
    )
}  # fmt: skip


@pytest.mark.parametrize("zaad", [1, 2])
async def test_at_every_moment_doors_and_sight_are_what_cases_say(wijk_vlug: Wijk, zaad: int) -> None:
    wandeling = Wandeling(wijk_vlug, zaad)
    await wandeling.begin()
    for _ in range(STAPPEN):
        await wandeling.controleer(await wandeling.stap())
    assert sorted(set(GEBEURTENISSEN) - set(wandeling.gelukt)) == []  # everything was done at least once
