"""`Buurt`: made-up residents in real areas of Rotterdam, built through the same services, checks and log as real work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from wijkwerk.aanmeldingen.aanmelden import aanmelden
from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.app import Wijkwerk
from wijkwerk.betrokkenheden import Partij
from wijkwerk.demo.bewoners import ZUID, Bewoner, Huis, maak_huizen
from wijkwerk.demo.delen import KOPPELINGEN, TOESTEMMINGEN, laat_meekijken, stel_teksten_vast, stem_toe, verwijs_door
from wijkwerk.demo.dossierwerk import open_met_verslagen, plan_werk, strikt, wijs_meldingen_af
from wijkwerk.demo.gezinnen import DUBBEL, bescherm, meld_nog_eens, vertegenwoordig, woon_samen
from wijkwerk.demo.instellingen import BEHEERDER, CBS_CODE, GEMEENTENAAM, MEDEWERKERS, Instellingen, richt_in
from wijkwerk.errors import OpstartFout
from wijkwerk.organisaties import gemeenten, maak_gemeente
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

T = TypeVar("T")
Unit = Callable[[Work], object]
Voortgang = Callable[[str], None]

SEED = 20261121
HUIZEN, DOSSIERS = 92, 60
NIEUW = 3
"""So many households of each team were reported and nobody looked at it yet."""
IN_EEN_KEER = 10
"""Households, or cases, in one transaction."""


@dataclass(frozen=True, slots=True)
class Ingeschreven:
    """A resident who was registered."""

    id: UUID
    bewoner: Bewoner


@dataclass(frozen=True, slots=True)
class Huishouden:
    """A household that was registered, and its case if it has one."""

    huis: Huis
    leden: tuple[Ingeschreven, ...]
    dossier: UUID | None = None


@dataclass(slots=True)
class Buurt:
    """The neighbourhood while it is built, and what plugins add to it in the hook `demo`.

    A plugin calls `voeg_toe`; its unit runs when all plugins have spoken, in the order in which they were added.
    """

    wijkwerk: Wijkwerk
    gemeente: UUID
    instellingen: Instellingen
    huishoudens: list[Huishouden] = field(default_factory=list)
    _toegevoegd: list[tuple[str, Unit, str]] = field(default_factory=list)

    def actor(self, onderwerp: str) -> Actor:
        """One of `MEDEWERKERS`, now. Raises StopIteration for another, GeenRecht for a role that must name its activity."""
        medewerker = next(one for one in MEDEWERKERS if one.onderwerp == onderwerp)
        functies = [self.instellingen.functie(medewerker)]
        return self.wijkwerk.toewijzer.actor(
            self.instellingen.gebruikers[onderwerp], self.gemeente, functies, None, self.wijkwerk.klok.nu()
        )

    async def schrijf(self, onderwerp: str, unit: Callable[[Work], T], onderdeel: str) -> T:
        """Run a unit of work as this user, with its log entry."""
        return await self.wijkwerk.write(self.actor(onderwerp), unit, onderdeel=onderdeel)

    def voeg_toe(self, onderwerp: str, unit: Unit, onderdeel: str) -> None:
        """Ask for a unit of work as this user."""
        self._toegevoegd.append((onderwerp, unit, onderdeel))

    async def vul_aan(self) -> None:
        """Let every plugin add, then do what was asked. Raises OpstartFout naming a plugin that can't."""
        self.wijkwerk.plugins.answers("demo", type(None), buurt=self)
        for onderwerp, unit, onderdeel in self._toegevoegd:
            await self.schrijf(onderwerp, unit, onderdeel)
        self._toegevoegd.clear()

    def met_dossier(self) -> list[Huishouden]:
        """The households that have a case."""
        return [one for one in self.huishoudens if one.dossier]


async def bouw(
    wijkwerk: Wijkwerk, *, huizen: int = HUIZEN, dossiers: int = DOSSIERS, seed: int = SEED, meld: Voortgang = lambda _: None
) -> Buurt:
    """Build the neighbourhood in an empty installation that is open. `meld` hears, in Dutch, how far it is.

    Raises OpstartFout, and changes nothing, where a municipality is already.
    """
    buurt = await _richt_in(wijkwerk)
    meld(f"{len(MEDEWERKERS)} gebruikers en {len(buurt.instellingen.organisaties)} organisaties zijn er.")
    for groep in _per(IN_EEN_KEER, maak_huizen(huizen, seed)):
        for gebied in sorted({huis.gebied for huis in groep}):
            buurt.huishoudens += await _schrijf_in(buurt, gebied, [huis for huis in groep if huis.gebied == gebied])
        meld(f"{sum(len(one.leden) for one in buurt.huishoudens)} bewoners ingeschreven.")
    await _open_dossiers(buurt, dossiers)
    await _wijs_af(buurt)
    meld(f"{len(buurt.met_dossier())} dossiers geopend.")
    await _deel(buurt)
    await _maak_echt(buurt)
    await buurt.vul_aan()
    meld("Toestemmingen, koppelingen en gegevens van plugins zijn vastgelegd.")
    return buurt


async def _richt_in(wijkwerk: Wijkwerk) -> Buurt:
    """The municipality is put in by the installation itself; its administrator does the rest."""
    buurt = Buurt(wijkwerk, nieuw_id(), Instellingen.nieuw())

    def install(connection: Connection) -> None:
        if gemeenten(connection):
            raise OpstartFout("Hier zijn al gegevens. Kies een lege map voor de verzonnen buurt.")
        maak_gemeente(connection, buurt.gemeente, GEMEENTENAAM, CBS_CODE)
        wijkwerk.keyring.prepare(connection, buurt.gemeente)

    await wijkwerk.database.transact(install)
    issuer = wijkwerk.settings.identity.issuer
    await buurt.schrijf(BEHEERDER.onderwerp, lambda work: richt_in(work, buurt.instellingen, issuer), "demo:inrichten")
    return buurt


async def _schrijf_in(buurt: Buurt, gebied: str, huizen: Sequence[Huis]) -> list[Huishouden]:
    return await buurt.schrijf(_van("wijkteam", gebied), lambda work: [_meld_aan(work, huis) for huis in huizen], "demo:aanmelden")


def _meld_aan(work: Work, huis: Huis) -> Huishouden:
    leden = tuple(Ingeschreven(aanmelden(work, bewoner.gegevens, contactgegevens=bewoner.bereik), bewoner) for bewoner in huis.bewoners)
    work.flush()
    woon_samen(work, leden)
    return Huishouden(huis, leden)


async def _open_dossiers(buurt: Buurt, aantal: int) -> None:
    """The first so many households get a case, by their own team."""
    for gebied in ("noord", "zuid"):
        plaatsen = [at for at, one in enumerate(buurt.huishoudens[:aantal]) if one.huis.gebied == gebied]
        for groep in _per(IN_EEN_KEER, plaatsen):
            await _open_groep(buurt, gebied, groep)


async def _open_groep(buurt: Buurt, gebied: str, plaatsen: Sequence[int]) -> None:
    regisseur = buurt.instellingen.gebruikers[_van("regisseur", gebied)]

    def unit(work: Work) -> list[UUID]:
        return [open_met_verslagen(work, at, [lid.id for lid in buurt.huishoudens[at].leden], regisseur) for at in plaatsen]

    def werk(work: Work) -> None:
        for at in plaatsen:
            one = buurt.huishoudens[at]
            plan_werk(work, at, _dossier(one), one.leden[0].id, regisseur)

    for at, dossier in zip(plaatsen, await buurt.schrijf(_van("wijkteam", gebied), unit, "demo:dossierOpenen"), strict=True):
        oud = buurt.huishoudens[at]
        buurt.huishoudens[at] = Huishouden(oud.huis, oud.leden, dossier)
    await buurt.schrijf(_van("wijkteam", gebied), werk, "demo:werk")


async def _wijs_af(buurt: Buurt) -> None:
    """Of the households without a case the last few wait for somebody; the others needed none."""
    for gebied in ("noord", "zuid"):
        zonder = [one for one in buurt.huishoudens if one.huis.gebied == gebied and not one.dossier]
        personen = [lid.id for one in zonder[:-NIEUW] for lid in one.leden]
        await buurt.schrijf(_van("wijkteam", gebied), partial(wijs_meldingen_af, personen=personen), "demo:triage")


async def _deel(buurt: Buurt) -> None:
    """Consents and couplings, of the cases in the north; one strict note, one resident who looks, and one referral that waits."""
    noord = [one for one in buurt.met_dossier() if one.huis.gebied != ZUID]

    def toestemmingen(work: Work) -> None:
        for one, (organisatie, doel, categorieen) in zip(filter(_beslist_zelf, noord), TOESTEMMINGEN * 3, strict=False):
            stem_toe(work, _dossier(one), one.leden[0].id, buurt.instellingen.organisaties[organisatie], doel, categorieen)

    def koppelingen(work: Work) -> None:
        strikt(work, _dossier(noord[0]), noord[0].leden[0].id)
        for one, (organisatie, niveau, doel, categorieen) in zip(noord, KOPPELINGEN * 3, strict=False):
            partij = Partij(buurt.instellingen.organisaties[organisatie], Partijsoort.ORGANISATIE, niveau)
            koppel(work, _dossier(one), one.leden[0].id, partij, doel, categorieen)

    def meekijken(work: Work) -> None:
        kijkt_mee, verwezen = next(filter(_beslist_zelf, noord)), noord[len(noord) // 2]
        laat_meekijken(work, kijkt_mee.leden[0].id, buurt.wijkwerk.settings.identity.issuer)
        verwijs_door(work, _dossier(verwezen), verwezen.leden[0].id, buurt.instellingen.organisaties["welzijn"])

    await buurt.schrijf("privacy", stel_teksten_vast, "demo:teksten")
    await buurt.schrijf("wijkteam", toestemmingen, "demo:toestemming")
    await buurt.schrijf("regisseur", koppelingen, "demo:koppelen")
    await buurt.schrijf("regisseur", meekijken, "demo:meekijken")


async def _maak_echt(buurt: Buurt) -> None:
    """What real registers hold too: who speaks for whom in the north, somebody in danger in the south, and who is there twice."""
    noord, zuid = ([one for one in buurt.met_dossier() if (one.huis.gebied == ZUID) is where] for where in (False, True))
    gezinnen = [one.leden for one in noord]
    dubbel = [leden[0] for leden in reversed(gezinnen) if leden[0].bewoner.gegevens["voornamen"]][:DUBBEL]
    await buurt.schrijf("wijkteam", lambda work: vertegenwoordig(work, gezinnen), "demo:vertegenwoordigers")
    await buurt.schrijf("wijkteam", lambda work: meld_nog_eens(work, dubbel), "demo:dubbel")
    await buurt.schrijf("wijkteam-zuid", lambda work: bescherm(work, [one.leden[0].id for one in zuid[-1:]]), "demo:veiligheid")


def _beslist_zelf(huishouden: Huishouden) -> bool:
    """Whether the first of the household is known to be an adult who lives: only then it is sure who gives a consent (domain.md 2.7)."""
    gegevens = huishouden.leden[0].bewoner.gegevens
    return gegevens["geboortedatum"].jaar > 0 and gegevens.get("overlijdensdatum") is None


def _dossier(huishouden: Huishouden) -> UUID:
    assert huishouden.dossier is not None  # noqa: S101 - asked for only of households with a case; this tells the type checker
    return huishouden.dossier


def _van(rol: str, gebied: str) -> str:
    return f"{rol}-zuid" if gebied == ZUID else rol


def _per(aantal: int, dingen: Sequence[T]) -> Iterator[Sequence[T]]:
    return (dingen[at : at + aantal] for at in range(0, len(dingen), aantal))
