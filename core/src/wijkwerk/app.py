"""Composition root: settings and plugins become one `Wijkwerk`. No module globals; several live in one process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from wijkwerk import entries, verwerkingen
from wijkwerk.access.actor import Actor, Toewijzer
from wijkwerk.access.catalogue import Catalogue, catalogue
from wijkwerk.access.policy import Policy, default_lines, load
from wijkwerk.access.policybestand import lees_tekst, ontleed
from wijkwerk.crypto.hardening import harden_process
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.klok import Klok, SysteemKlok
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel
from wijkwerk.log.getuigen.bezorgen import Getuigen
from wijkwerk.log.getuigen.instellen import bewaarders
from wijkwerk.log.instelling import keur_naam
from wijkwerk.log.instelling import leg_vast as leg_instelling_vast
from wijkwerk.log.journal import Journal
from wijkwerk.log.levering import Levering
from wijkwerk.log.partities import zorg_vooruit
from wijkwerk.organisaties import gemeenten
from wijkwerk.plugins import Plugins
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.records.shown import Shown
from wijkwerk.records.woordgeheugen import Woordgeheugen
from wijkwerk.settings import Settings
from wijkwerk.sleutelbeheer.start import open_with_root_key
from wijkwerk.storage.base import Database, Snapshot
from wijkwerk.storage.engine import open_database
from wijkwerk.storage.migrate import migrate

T = TypeVar("T")


class Wijkwerk:
    """One installation. `async with` opens the database, the keys and the log, and closes them again."""

    def __init__(
        self, settings: Settings, plugins: Sequence[Any] | None = None, *, klok: Klok | None = None, database: Database | None = None
    ) -> None:
        self.settings = settings
        self.klok = klok or SysteemKlok()
        self.plugins = Plugins.installed() if plugins is None else Plugins(plugins)
        self.catalogue = self._catalogue()
        self.toewijzer = Toewijzer(self._policy(), self.catalogue)
        self.levering = Levering.van(settings.log, self.catalogue)
        self.database = database or open_database(settings.database_url)
        self.woorden = Woordgeheugen()
        self.keyring: Keyring
        self.journal: Journal
        self.getuigen: Getuigen

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Open everything in order: process, root key, database, tables, keys, log. Then keep what the register and the policy say."""
        harden_process()
        provider = await open_with_root_key(self.settings, self.database)
        hersteld = await migrate(self.database, self.plugins.migraties())
        await zorg_vooruit(self.database, self.klok)
        self.keyring = Keyring(provider or FileProvider(self.settings.root_key_file), self.database, self.klok)
        identity = await self.database.transact(self._prepare_keys)
        self.getuigen = Getuigen(self.database, self.klok, bewaarders(self.settings.log))
        await keur_naam(self.database, self.settings.log.origin)
        self.journal = Journal(self.database, identity, self.klok, origin=self.settings.log.origin, gezet=self.getuigen.wek)
        await self.journal.open()
        await leg_instelling_vast(self.database, self.journal, self.settings.log)
        if hersteld:
            await self.journal.record(entries.of_repair(self.klok.nu(), hersteld))
        await verwerkingen.leg_vast(self)
        self.getuigen.open()

    async def close(self) -> None:
        """Close the log and the database. Twice does no harm."""
        if hasattr(self, "journal"):
            await self.journal.close()
            await self.getuigen.close()
        await self.database.close()

    def _prepare_keys(self, connection: Connection) -> Any:
        with self.database.keys(connection):  # one transaction in the file of keys, not one per key
            for gemeente in gemeenten(connection):
                self.keyring.prepare(connection, gemeente)
            self.keyring.mac_key(connection, "cursor")
            return self.keyring.signing_key(connection, "log")

    def _catalogue(self) -> Catalogue:
        declared = self.plugins.declaraties()
        return catalogue(
            [c for d in declared for c in d.categorieen],
            [doel for d in declared for doel in d.doelen],
            [a for d in declared for a in d.activiteiten],
            [rol for d in declared for rol in d.rollen],
            self.plugins.permissions(),
            [record for d in declared for record in d.records],
            grondslagen=[grondslag for d in declared for grondslag in d.grondslagen],
            taaksoorten=[soort for d in declared for soort in d.taaksoorten],
            berichtsoorten=[soort for d in declared for soort in d.berichtsoorten],
            werkbronnen=[bron for d in declared for bron in d.werkbronnen],
            jobs=[job for d in declared for job in d.jobs],
            register_file=self.settings.register_file,
        )

    def _policy(self) -> Policy:
        if (file := self.settings.policy_file) is None:
            return load(default_lines(self.catalogue.permissions.values()), self.catalogue)
        lines, fouten = ontleed(lees_tekst(file))
        return load(lines, self.catalogue, fouten)

    def reader(self, connection: Connection, actor: Actor, shown: Shown) -> Reader:
        """What reads for an actor on a snapshot, knowing what this installation knows."""
        return Reader(
            connection, actor, self.keyring, shown, self.woorden, self.catalogue, grenzen=self.settings.grenzen, toewijzer=self.toewijzer
        )

    async def read(self, actor: Actor, work: Callable[[Reader], T], *, onderdeel: str, gebeurtenis: Gebeurtenis = Gebeurtenis.LEZEN) -> T:
        """Run a read under the actor's scope. What it showed is durable in the log before the result is returned.

        Raises LogNietBeschikbaar when it can't be; an error of `work` is logged before it leaves.
        """
        shown = Shown()

        async def run(snapshot: Snapshot) -> T:
            return await snapshot.run(lambda connection: work(self.reader(connection, actor, shown)))

        return await self.show(actor, shown, run, onderdeel=onderdeel, gebeurtenis=gebeurtenis)

    async def show(
        self,
        actor: Actor,
        shown: Shown,
        work: Callable[[Snapshot], Awaitable[T]],
        *,
        onderdeel: str,
        gebeurtenis: Gebeurtenis,
        afloop: Callable[[Logregel, T], Logregel] = lambda regel, _: regel,
    ) -> T:
        """Read on one snapshot; nothing leaves before what is in `shown` is durable in the log (design.md 1, idea 3).

        The snapshot is given back before waiting for the log. `afloop` gives the entry as it must be for this result.
        Raises LogNietBeschikbaar when there is no log; an error of `work` is logged before it leaves.
        """
        try:
            async with self.database.snapshot() as snapshot:
                result = await work(snapshot)
                regel = await snapshot.run(
                    lambda connection: entries.of_read(connection, self.keyring, actor, shown, gebeurtenis, onderdeel, self.klok.nu())
                )
        except Exception as error:
            await self.journal.record(self.failure(actor, error, gebeurtenis, Actie.READ, onderdeel))
            raise
        await self.journal.record(afloop(regel, result))
        return result

    async def write(self, actor: Actor, unit: Callable[[Work], T], *, onderdeel: str, gebeurtenis: Gebeurtenis | None = None) -> T:
        """Run a unit of work in one transaction, its log entry inside. A unit that fails is rolled back, then logged (as what
        a service called it, `Work.gebeurtenis`, or else as a change), then raised."""
        tried: list[Work] = []

        def run(connection: Connection) -> tuple[T, list[Logregel]]:
            work = Work(
                connection, actor, self.keyring, self.catalogue, woorden=self.woorden, grenzen=self.settings.grenzen,
                post=self.settings.post, sleutels=self.settings.sleutels, bijlagen=self.settings.bijlagen,
                log=self.settings.log, toewijzer=self.toewijzer,
            )  # fmt: skip
            tried.append(work)
            result = unit(work)
            work.flush()
            return result, entries.of_unit(work, gebeurtenis, onderdeel, self.klok.nu())

        try:
            return await self.journal.transact(run)
        except Exception as error:
            missed = {asked for work in tried for shown in (work.reader.shown, work.touched) for asked in shown.missed}
            named = [work.gebeurtenis for work in tried if work.gebeurtenis is not None]
            what = gebeurtenis or (named[-1] if named else Gebeurtenis.WIJZIGEN)
            gevraagd = await self._asked(actor, missed)
            await self.journal.record(self.failure(actor, error, what, entries.actie(what), onderdeel, gevraagd))
            raise

    async def _asked(self, actor: Actor, missed: set[bytes]) -> tuple[str, ...]:
        if not missed:
            return ()
        async with self.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: entries.asked(connection, self.keyring, actor, missed))

    def failure(
        self, actor: Actor | None, error: Exception, gebeurtenis: Gebeurtenis, actie: Actie, onderdeel: str, gevraagd: tuple[str, ...] = ()
    ) -> Logregel:
        """The log entry of something that was refused or failed, also before there is an actor."""
        return entries.of_failure(actor, self.klok.nu(), error, gebeurtenis, actie, onderdeel, gevraagd)
