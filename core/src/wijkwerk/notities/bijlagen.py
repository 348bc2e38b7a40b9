"""Files with notes: placed and read, in parts, never whole in memory (design.md 6).

The parts come first, where no row names them yet; then, in one transaction, a row for each whom the note is about, with the file's key
sealed for that one. What is refused or broken off half-way is removed; what a process that was killed left, is for `bijlagen_opruimen.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

import cbor2

from wijkwerk.access.actor import Actor
from wijkwerk.crypto.delen import Opener, Place, Sealer, new_key, parts_of
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.errors import DatabaseNietBeschikbaar, GeenRecht, LogNietBeschikbaar, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.inzendingen import eenmalig
from wijkwerk.log.entry import Actie, Gebeurtenis
from wijkwerk.notities.bestandskeuring import Keuring
from wijkwerk.notities.bijlage import Bestandssoort, Bijlage
from wijkwerk.notities.bijlageopslag import InDatabase, InMap, Opslag
from wijkwerk.notities.groep import hoort_bij, rijen_van
from wijkwerk.notities.notitie import Notitie
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

PLAATSEN, LEZEN = "bijlage-plaatsen", "bijlage-lezen"
DELEN_TEGELIJK: Final = 4
"""How many parts are held at once, for each file that comes in or goes out."""


class BestandTeGroot(OngeldigeInvoer):
    """More bytes than the setting `bijlagen.meeste_bytes`."""

    code = "BESTAND_TE_GROOT"
    standaard = "Dit bestand is te groot. Maak het kleiner, of verdeel het over meer bestanden."


@dataclass(frozen=True, slots=True, repr=False)
class Ontvangen:
    """A file of which all parts are there, and no row yet."""

    plek: Place
    sleutel: str
    naam: str
    soort: Bestandssoort
    omvang: int
    afdruk: bytes

    def gegeven(self, notitie: UUID) -> bytes:
        """All that was sent, in one form for one meaning."""
        return cbor2.dumps([notitie.bytes, self.naam, self.afdruk])


@dataclass(frozen=True, slots=True, repr=False)
class Bestand:
    """A file that is being read: `delen` gives its bytes, `omvang` in all. Raises Vervalst half-way for a part that was changed."""

    naam: str
    soort: Bestandssoort
    omvang: int
    delen: AsyncIterator[bytes]


class Bijlagen:
    """The files of one installation."""

    def __init__(self, wijkwerk: Wijkwerk) -> None:
        self._wijkwerk, instellingen = wijkwerk, wijkwerk.settings.bijlagen
        self._meeste = instellingen.meeste_bytes
        database = InDatabase(wijkwerk.database)
        folder = None if instellingen.map is None else InMap(instellingen.map)
        self._opslag: Opslag = folder if instellingen.waar == "map" and folder is not None else database
        anders = database if self._opslag is folder else folder
        self._overal = [self._opslag] if anders is None else [self._opslag, anders]

    def keur_omvang(self, omvang: int) -> None:
        """Raises BestandTeGroot."""
        if omvang > self._meeste:
            te_groot = f"Dit bestand is te groot. Het mag hoogstens {self._meeste} bytes zijn. Maak het kleiner, of verdeel het."
            raise BestandTeGroot(te_groot, veld="bestand")

    async def ontvang(
        self, wie: Callable[[], Awaitable[Actor]], notitie: UUID, naam: str, stroom: AsyncIterator[bytes], *, inzending: UUID | None = None
    ) -> UUID:
        """Take in a file and place it with a note, in the file of each whom it is about; the id of the row of the note that was named.

        `wie` is asked before the first byte and after the last: access that ended meanwhile has ended. `inzending`: a number that the
        client made; sent twice under it, the file is placed once (inzendingen.py). Raises GeenRecht, NietGevonden, OngeldigeInvoer for
        the name, BestandTeGroot, BestandssoortOnbekend, InzendingAnders, InzendingGedaan, DatabaseNietBeschikbaar, LogNietBeschikbaar,
        and what `wie` and `stroom` raise. Nothing is left then.
        """
        actor = await wie()
        await self._vraag_na(actor, notitie)
        plek = Place(actor.gemeente, nieuw_id())
        async with self._of_niets(plek):
            ontvangen = await self._neem_in(plek, Keuring(naam), stroom)
            actor = await wie()
        geplaatst: list[UUID] = []

        def eenmaal(work: Work) -> UUID:
            doe = partial(_geplaatst, work, notitie, ontvangen, geplaatst)
            return eenmalig(work, inzending, PLAATSEN, ontvangen.gegeven(notitie), doe, leest=Bijlage)

        async with self._of_niets(plek, zeker=False):
            gemaakt = await self._wijkwerk.write(actor, eenmaal, onderdeel=PLAATSEN)
        if not geplaatst:  # it was placed before, with parts of its own
            await self._opslag.gooi_weg(plek)
        return gemaakt

    async def lees(self, actor: Actor, bijlage: UUID) -> Bestand:
        """A file, to be read. That it was read is in the log when this returns, and its first parts are found to be whole.

        Raises NietGevonden, GeenRecht, SleutelOntbreekt when its key was destroyed, Vervalst, LogNietBeschikbaar,
        DatabaseNietBeschikbaar.
        """
        velden = ("naam", "bestandssoort", "omvang", "inhoud_id", "sleutel")
        row = await self._wijkwerk.read(actor, lambda reader: reader.one(Bijlage, velden, bijlage), onderdeel=LEZEN)
        if row is None:
            raise NietGevonden
        if row.onleesbaar:
            raise SleutelOntbreekt("Dit bestand is vernietigd. Niemand kan het nog lezen.")
        if row.beperkt:  # a policy that refuses a field of it refuses the file
            raise GeenRecht
        delen = self._delen(actor, Place(actor.gemeente, row.inhoud_id), row.sleutel, row.omvang)
        return Bestand(row.naam, row.bestandssoort, row.omvang, _voorop(await anext(delen), delen))

    async def _vraag_na(self, actor: Actor, notitie: UUID) -> None:
        """Who may not place it, need not send it."""
        if not await self._wijkwerk.read(actor, lambda reader: _mag_erbij(reader, notitie), onderdeel=PLAATSEN):
            raise NietGevonden

    async def _neem_in(self, plek: Place, keuring: Keuring, stroom: AsyncIterator[bytes]) -> Ontvangen:
        sleutel = new_key()
        sealer, nummer, omvang = Sealer(sleutel, plek), 0, 0
        klaar: list[bytes] = []
        afdruk = sha256()
        async for stuk in stroom:
            omvang += len(stuk)
            self.keur_omvang(omvang)
            keuring.kijk(stuk)
            afdruk.update(stuk)
            klaar += sealer.feed(stuk)
            if len(klaar) >= DELEN_TEGELIJK:
                await self._opslag.schrijf(plek, nummer, klaar, self._wijkwerk.klok.nu())
                klaar, nummer = [], nummer + len(klaar)
        soort = keuring.klaar()
        await self._opslag.schrijf(plek, nummer, [*klaar, sealer.finish()], self._wijkwerk.klok.nu())
        await self._opslag.rond_af(plek)
        return Ontvangen(plek, sleutel, keuring.naam, soort, omvang, afdruk.digest())

    @asynccontextmanager
    async def _of_niets(self, plek: Place, *, zeker: bool = True) -> AsyncIterator[None]:
        """Whatever goes wrong inside, nothing is left of this file; unless (`zeker` is not) a transaction may be durable all the same."""
        try:
            yield
        except BaseException as error:
            rolled_back = isinstance(error, Exception) and not isinstance(error, DatabaseNietBeschikbaar | LogNietBeschikbaar)
            if zeker or rolled_back:
                with suppress(DatabaseNietBeschikbaar):  # then it is for the job
                    await self._opslag.gooi_weg(plek)
            raise

    async def _delen(self, actor: Actor, plek: Place, sleutel: str, omvang: int) -> AsyncIterator[bytes]:
        """What is found to be forged or absent is in the log as well, also when part of the file was shown already."""
        try:
            opener, aantal = Opener(sleutel, plek, omvang), parts_of(omvang)
            for van in range(0, aantal, DELEN_TEGELIJK):
                gevonden = await self._zoek(plek, van, min(DELEN_TEGELIJK, aantal - van))
                for nummer, deel in enumerate(gevonden, van):
                    yield opener.open(nummer, deel)
        except WijkwerkError as error:
            await self._wijkwerk.journal.record(self._wijkwerk.failure(actor, error, Gebeurtenis.LEZEN, Actie.READ, LEZEN))
            raise

    async def _zoek(self, plek: Place, van: int, aantal: int) -> list[bytes]:
        """Where it is now, or where it was put before the setting changed."""
        for opslag in self._overal:
            if len(delen := await opslag.lees(plek, van, aantal)) == aantal:
                return delen
        raise Vervalst


def plaats(work: Work, notitie: UUID, ontvangen: Ontvangen) -> UUID:
    """Write down a file of which the parts are there, in the file of each whom the note is about. Raises NietGevonden, GeenRecht."""
    bijlagen = [
        work.add(
            Bijlage(
                naam=ontvangen.naam, bestandssoort=ontvangen.soort, omvang=ontvangen.omvang, inhoud_id=ontvangen.plek.file,
                sleutel=ontvangen.sleutel, auteur_id=work.actor.gebruiker, geschreven=work.actor.moment, **hoort_bij(rij),
            )
        )
        for rij in rijen_van(work, notitie)
    ]  # fmt: skip
    return bijlagen[0].id


def _geplaatst(work: Work, notitie: UUID, ontvangen: Ontvangen, geplaatst: list[UUID]) -> UUID:
    geplaatst.append(plaats(work, notitie, ontvangen))
    return geplaatst[0]


def _mag_erbij(reader: Reader, notitie: UUID) -> bool:
    if not reader.actor.may(Bijlage.schrijven.naam):
        raise GeenRecht
    return replace(reader, schrijvend=True).one(Notitie, (), notitie) is not None


async def _voorop(eerste: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield eerste
    async for deel in rest:
        yield deel
