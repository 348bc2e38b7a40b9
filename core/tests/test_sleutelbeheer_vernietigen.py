"""Destroying keys: what becomes unreadable for whom, what stays, what the receipt says, and who may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import or_, select

from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.keystore import gegevenssleutel, vernietigde_sleutel
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError
from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.notities.notitie import Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.opening import binding
from wijkwerk.records.session import Work
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.rights.samenvoegen import voeg_samen
from wijkwerk.sleutelbeheer.vernietigen import Vernietigd, vernietig
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.sleutelbeheer.voornemen import BijAnder, Voornemen, Waarvan, bekijk
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.samenvoegingen import samen
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
WIE = "PRIVACY_OFFICER"
RECORDS = [Vernietiging, Notitieversie]


@dataclass
class Huis:
    """Two residents with a case together and one of the first alone; a note about both, and one about each in the first case."""

    wijk: Wijk
    een: UUID
    ander: UUID
    samen: UUID
    alleen: UUID

    async def bekeken(self, persoon: UUID | None, dossier: UUID | None, rol: str = WIE) -> Voornemen:
        return await self.wijk.lees(rol, lambda reader: bekijk(reader, Waarvan(persoon, dossier)))

    async def vernietigd(self, persoon: UUID | None, dossier: UUID | None) -> Vernietigd:
        code = (await self.bekeken(persoon, dossier)).bevestiging
        return await self.wijk.schrijf(WIE, lambda work: vernietig(work, Waarvan(persoon, dossier), code))

    async def teksten(self) -> dict[tuple[str, str], set[str | None]]:
        """What the team reads of notes, by whose file and which case."""
        names = {self.een: "een", self.ander: "ander", self.samen: "samen", self.alleen: "alleen"}
        found: dict[tuple[str, str], set[str | None]] = {}
        rows: list[Any] = await self.wijk.lees(
            "WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst", "persoon_id", "dossier_id"), "persoon_id", [self.een, self.ander])
        )
        for row in rows:
            assert row.onleesbaar == (row.tekst is None)
            found.setdefault((names[row.persoon_id], names[row.dossier_id]), set()).add(row.tekst)
        return found

    async def sleutels(self) -> set[UUID]:
        def read(connection: Any) -> set[UUID]:
            with self.wijk.wijkwerk.database.keys(connection) as keys:
                return set(keys.execute(select(gegevenssleutel.c.id)).scalars())

        async with self.wijk.wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(read)


@pytest.fixture
async def huis(wijk_vlug: Wijk) -> Huis:
    wijk = wijk_vlug
    een, ander = await wijk.inwoner("Moulin", bsn=Bsn.lees("999993653")), await wijk.inwoner("Kok")
    samen, alleen = await wijk.dossier(een, ander, vraag="Hulp"), await wijk.dossier(een)
    made = Huis(wijk, een, ander, samen, alleen)

    def unit(work: Any) -> None:
        schrijf(work, samen, een, Notitiesoort.CONTACTVERSLAG, verteld("over een"))
        schrijf(work, samen, ander, Notitiesoort.CONTACTVERSLAG, verteld("over ander"))
        schrijf(work, samen, een, Notitiesoort.CONTACTVERSLAG, verteld("over beiden"), ook_over=[ander])
        schrijf(work, alleen, een, Notitiesoort.CONTACTVERSLAG, verteld("apart"))

    await wijk.schrijf("WIJKTEAM", unit)
    return made


VOOR = {
    ("een", "samen"): {"over een", "over beiden"}, ("ander", "samen"): {"over ander", "over beiden"}, ("een", "alleen"): {"apart"},
}  # fmt: skip


async def test_of_a_person_everything_sealed_goes_and_what_others_hold_is_listed_for_a_person_to_decide_on(huis: Huis) -> None:
    assert await huis.teksten() == VOOR
    gone = await huis.vernietigd(huis.een, None)
    assert await huis.teksten() == {
        ("een", "samen"): {None}, ("een", "alleen"): {None}, ("ander", "samen"): {"over ander", "over beiden"},
    }  # fmt: skip
    [both] = await huis.wijk.rows(
        select(Notitieversie.tabel().c.notitie_id)
        .where(Notitieversie.tabel().c.persoon_id == huis.ander)
        .order_by(Notitieversie.tabel().c.id.desc())
        .limit(1)
    )
    assert gone.bij_anderen == (BijAnder(both[0], huis.samen),)
    persoon: Any = await huis.wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn", "geslachtsnaam"), huis.een))
    assert (persoon.bsn, persoon.geslachtsnaam, persoon.onleesbaar) == (None, "Moulin", True)
    dossier: Any = await huis.wijk.lees("WIJKTEAM", lambda r: r.one(Dossier, ("vraag",), huis.samen))
    assert (dossier.vraag, dossier.onleesbaar) == (None, True)


@pytest.mark.parametrize("merged", [True, False], ids=["merged into another", "by itself"])
async def test_of_a_bsn_that_was_destroyed_no_index_is_left_to_try_all_bsns_against(huis: Huis, merged: bool) -> None:
    wijk, p = huis.wijk, Persoon.tabel().c
    if merged:
        await samen(wijk, huis.ander, huis.een)
    blijft = huis.ander if merged else huis.een
    anders = await wijk.inwoner("Visser", bsn=Bsn.lees("999990019"))
    met_index = select(p.id).where(or_(p.bsn_index.is_not(None), p.bsn_index_nieuw.is_not(None)))
    await huis.vernietigd(blijft, huis.samen)
    assert {row.id for row in await wijk.rows(met_index)} == {blijft, anders}
    await huis.vernietigd(blijft, None)
    assert [row.id for row in await wijk.rows(met_index)] == [anders]
    assert await wijk.inwoner("Moulin", bsn=Bsn.lees("999993653")) not in {huis.een, huis.ander}


@pytest.mark.parametrize("persoon", [True, False], ids=["of one in it", "of everybody in it"])
async def test_of_a_dossier_only_what_is_in_it_goes(huis: Huis, persoon: bool) -> None:
    gone = await huis.vernietigd(huis.een if persoon else None, huis.samen)
    after = VOOR | {("een", "samen"): {None}} | ({} if persoon else {("ander", "samen"): {None}})
    assert await huis.teksten() == after
    assert (gone.sleutels, len(gone.bewijzen), len(gone.bij_anderen)) == ((1, 1, 1) if persoon else (2, 2, 0))
    row: Any = await huis.wijk.lees("REGISSEUR", lambda r: r.one(Persoon, ("bsn",), huis.een))
    assert (str(row.bsn.waarde), row.onleesbaar) == ("999993653", False)


@pytest.mark.parametrize("wat", ["person", "dossier", "both"])
async def test_of_who_was_merged_all_goes_and_nothing_of_it_under_the_old_number_alone(huis: Huis, wat: str) -> None:
    """Values keep the key of whom they were written for (docs/decisions/0009)."""
    derde = await huis.wijk.inwoner("Moulin")
    zaak = await huis.wijk.dossier(derde)
    await huis.wijk.schrijf("WIJKTEAM", lambda work: schrijf(work, zaak, derde, Notitiesoort.CONTACTVERSLAG, verteld("van vroeger")))
    await huis.wijk.schrijf("WIJKTEAM", lambda work: voeg_samen(work, huis.een, derde, (1, 1), "Zelfde inwoner"))
    before = await huis.sleutels()
    alleen_oud = partial(_vernietig, derde, zaak if wat == "both" else None, "x")
    await refused(huis.wijk, WIE, NietGevonden, alleen_oud, records=RECORDS)
    assert await huis.sleutels() == before

    persoon, dossier = None if wat == "dossier" else huis.een, None if wat == "person" else zaak
    found = await huis.bekeken(persoon, dossier)
    gone = await huis.vernietigd(persoon, dossier)
    weg = before - await huis.sleutels()
    assert (found.personen, {key.id for key in found.sleutels}, gone.sleutels, len(gone.bewijzen)) == ((huis.een,), weg, len(weg), 1)
    read: list[Any] = await huis.wijk.lees("WIJKTEAM", lambda r: r.by_key(Notitieversie, ("tekst",), "persoon_id", [huis.een]))
    left = {row.tekst for row in read}
    assert left == ({None} if wat == "person" else {None, "over een", "over beiden", "apart"})


async def test_the_receipt_and_the_log_name_nobody_and_each_key_leaves_a_tombstone(huis: Huis) -> None:
    before = await huis.sleutels()
    gone = await huis.vernietigd(huis.een, None)
    assert gone.sleutels == len(before - await huis.sleutels()) >= 3
    [pseudoniem] = await huis.wijk.rows(select(log_pseudoniem.c.pseudoniem).where(log_pseudoniem.c.persoon_id == huis.een))
    velden = ("pseudoniem", "dossier_id", "sleutels", "bij_anderen", "reservekopie_tot", "vernietigd")
    for rol in ("FG", WIE, "ARCHIVARIS"):
        [row] = (await huis.wijk.lees(rol, lambda r: r.page(Vernietiging, velden, first=9))).rows
        assert (row.pseudoniem, row.dossier_id, row.sleutels, row.bij_anderen) == (pseudoniem[0], None, gone.sleutels, 1)
        assert row.reservekopie_tot == gone.reservekopie_tot == date(2027, 3, 1) + timedelta(days=30)
    [entry] = [one for one in await huis.wijk.log() if one["gebeurtenis"] == "VERNIETIGD"]
    assert [one["ref"] for one in entry["betrokkenen"]] == [pseudoniem[0].hex]
    assert huis.een.hex not in str(entry).replace("-", "")
    async with huis.wijk.wijkwerk.database.snapshot() as snapshot:

        def stones(connection: Any) -> set[UUID]:
            with huis.wijk.wijkwerk.database.keys(connection) as keys:
                return set(keys.execute(select(vernietigde_sleutel.c.id)).scalars())

        assert await snapshot.run(stones) == before - await huis.sleutels()


async def test_what_becomes_unreadable_is_counted_beforehand_and_looking_changes_nothing(huis: Huis) -> None:
    before = await huis.sleutels()
    found = await huis.bekeken(huis.een, None)
    counts = {each.soort: each.aantal for each in found.onderdelen}
    assert {name: counts[name] for name in ("Persoon", "Dossier", "Notitieversie")} == {"Persoon": 1, "Dossier": 1, "Notitieversie": 3}
    assert (len(found.sleutels), found.personen, len(found.bij_anderen)) == (found.sleutels_van(huis.een), (huis.een,), 1)
    within = await huis.bekeken(None, huis.samen)
    assert set(within.personen) == {huis.een, huis.ander}
    assert {each.soort: each.aantal for each in within.onderdelen}["Notitieversie"] == 4
    assert (await huis.sleutels(), await huis.teksten()) == (before, VOOR)


async def test_what_was_written_after_looking_has_to_be_looked_at_first(huis: Huis) -> None:
    code = (await huis.bekeken(huis.een, None)).bevestiging
    await huis.wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, huis.samen, huis.een, Notitiesoort.CONTACTVERSLAG, verteld("nieuw")))
    before = await huis.sleutels()
    for given in (code, "", "x" * 10_000):
        await refused(huis.wijk, WIE, VersieVerouderd, partial(_vernietig, huis.een, None, given), records=RECORDS)
    assert await huis.sleutels() == before


async def test_done_twice_the_second_receipt_says_that_nothing_was_left_and_what_is_written_after_it_can_be_read(huis: Huis) -> None:
    first, second = await huis.vernietigd(huis.een, huis.alleen), await huis.vernietigd(huis.een, huis.alleen)
    assert (first.sleutels, second.sleutels) == (1, 0)
    await huis.wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, huis.alleen, huis.een, Notitiesoort.CONTACTVERSLAG, verteld("later")))
    assert (await huis.teksten())["een", "alleen"] == {None, "later"}


def _vernietig(persoon: UUID | None, dossier: UUID | None, bevestiging: str, work: Work) -> Vernietigd:
    return vernietig(work, Waarvan(persoon, dossier), bevestiging)


REFUSED: dict[str, tuple[str, Any, type[WijkwerkError]]] = {
    "the FG": ("FG", lambda h: (h.een, None), GeenRecht),
    "the archivist": ("ARCHIVARIS", lambda h: (h.een, None), GeenRecht),
    "who has the case": ("REGISSEUR", lambda h: (h.een, h.samen), GeenRecht),
    "an administrator": ("BEHEER", lambda h: (h.een, None), GeenRecht),
    "the resident": ("INWONER", lambda h: (h.een, None), GeenRecht),
    "nobody named": (WIE, lambda h: (None, None), OngeldigeInvoer),
    "somebody who is not there": (WIE, lambda h: (uuid4(), None), NietGevonden),
    "a case that is not there": (WIE, lambda h: (None, uuid4()), NietGevonden),
    "somebody who was never in the case": (WIE, lambda h: (h.ander, h.alleen), NietGevonden),
}


async def test_it_is_refused_looking_as_well_and_every_key_is_still_there(huis: Huis) -> None:
    before = await huis.sleutels()
    for rol, make, error in REFUSED.values():
        persoon, dossier = make(huis)
        await refused(huis.wijk, rol, error, partial(_vernietig, persoon, dossier, "x"), records=RECORDS)
        with pytest.raises(error):
            await huis.bekeken(persoon, dossier, rol)
    assert await huis.sleutels() == before


async def test_a_receipt_is_not_read_by_who_looks_after_no_rules(huis: Huis) -> None:
    await huis.vernietigd(huis.een, None)
    for rol in ("WIJKTEAM", "REGISSEUR", "BEHEER", "ZORG"):
        with pytest.raises(GeenRecht):
            await huis.wijk.lees(rol, lambda r: r.page(Vernietiging, ("sleutels",), first=9))


async def test_another_process_forgets_within_its_time(huis: Huis) -> None:
    wijkwerk, now = huis.wijk.wijkwerk, [0.0]
    n = Notitieversie.tabel().c
    [row] = await huis.wijk.rows(select(n.tekst, n.id, n.versie).where(n.dossier_id == huis.alleen))
    other = Keyring(FileProvider(wijkwerk.settings.root_key_file), wijkwerk.database, wijkwerk.klok, clock=lambda: now[0])
    blobs = [(row.tekst, binding("notitieversie", huis.wijk.gemeente, row.id, "tekst", row.versie))]

    async def opened() -> list[bytes | None]:
        async with wijkwerk.database.snapshot() as snapshot:
            return await snapshot.run(lambda connection: other.open(connection, blobs))

    assert await opened() == [b"apart"]
    await huis.vernietigd(None, huis.alleen)
    now[0] = 60
    assert await opened() == [None]
