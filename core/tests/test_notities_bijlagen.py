"""Files with notes: placed and read in parts, with the scope and the log of the note; what is refused or broken off leaves nothing."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update

from wijkwerk.access.actor import Actor
from wijkwerk.crypto.delen import PART_BYTES, SEALED_BYTES
from wijkwerk.crypto.errors import SleutelOntbreekt, Vervalst
from wijkwerk.errors import GeenRecht, LogNietBeschikbaar, NietGevonden, OngeldigeInvoer
from wijkwerk.jobs.draaien import Afloop, draai
from wijkwerk.notities.bestandskeuring import BestandssoortOnbekend
from wijkwerk.notities.bijlage import Bestandssoort, Bijlage, bijlagedeel
from wijkwerk.notities.bijlagen import Bestand, BestandTeGroot, Bijlagen
from wijkwerk.notities.bijlagen_opruimen import BIJLAGEN_OPRUIMEN, KOMT_BINNEN
from wijkwerk.notities.bijlageopslag import OpslagNietBeschikbaar
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.settings import Bijlageinstellingen, Settings
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1400  # five parts and a bit
WAAR = ("database", "map")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


@pytest.fixture
def opslag(wijk: Wijk, tmp_path: Path) -> Bijlagen:
    """Files in a folder on SQLite, and in the database on PostgreSQL; `bij` chooses itself."""
    waar = "map" if wijk.wijkwerk.database.dialect == "sqlite" else "database"
    return bij(wijk, waar=waar, map=tmp_path / "bestanden", meeste_bytes=500_000)


def bij(wijk: Wijk, **instellingen: Any) -> Bijlagen:
    chosen = Bijlageinstellingen(**instellingen)
    wijk.wijkwerk.settings = wijk.wijkwerk.settings.model_copy(update={"bijlagen": chosen})
    return Bijlagen(wijk.wijkwerk)


async def notitie(wijk: Wijk, soort: Notitiesoort = Notitiesoort.CONTACTVERSLAG, *namen: str, rol: str = "WIJKTEAM") -> tuple[UUID, ...]:
    """A note about a resident (and others): its number, the case, the residents."""
    personen = [await wijk.inwoner(naam) for naam in ("Moulin", *namen)]
    dossier = await wijk.dossier(*personen)
    eerste, *anderen = personen
    made = await wijk.schrijf(
        rol, lambda w: schrijf(w, dossier, eerste, soort, Inhoud("Zie het bestand", Informatiebron.EIGEN_WAARNEMING), ook_over=anderen)
    )
    return made, dossier, *personen


def wie(wijk: Wijk, rol: str | Actor) -> Callable[[], Any]:
    async def actor() -> Actor:
        return wijk.actor(rol) if isinstance(rol, str) else rol

    return actor


async def stukken(inhoud: bytes, stuk: int = 30_000, fout: BaseException | None = None) -> AsyncIterator[bytes]:
    for at in range(0, len(inhoud), stuk):
        yield inhoud[at : at + stuk]
    if fout:
        raise fout


async def plaats(
    wijk: Wijk, opslag: Bijlagen, note: UUID, inhoud: bytes = PDF, naam: str = "Verslag.pdf", *, rol: Any = "WIJKTEAM", fout: Any = None
) -> UUID:
    return await opslag.ontvang(wie(wijk, rol), note, naam, stukken(inhoud, fout=fout))


async def lees(wijk: Wijk, opslag: Bijlagen, bijlage: UUID, rol: Any = "WIJKTEAM") -> tuple[Bestand, bytes]:
    bestand = await opslag.lees(await wie(wijk, rol)(), bijlage)
    return bestand, b"".join([deel async for deel in bestand.delen])


def bestanden(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "bestanden").rglob("*") if path.is_file()]


async def niets(wijk: Wijk, tmp_path: Path) -> bool:
    """Whether there is no row, no part and no file."""
    rijen = [(await wijk.rows(select(func.count()).select_from(tabel)))[0][0] for tabel in (Bijlage.tabel(), bijlagedeel)]
    return rijen == [0, 0] and bestanden(tmp_path) == []


async def test_a_file_comes_back_as_it_was_and_its_reader_is_in_the_log(wijk: Wijk, opslag: Bijlagen) -> None:
    note, *_ = await notitie(wijk)
    bijlage = await plaats(wijk, opslag, note, naam=" Indicatie Moulin.PDF ")
    bestand, inhoud = await lees(wijk, opslag, bijlage, "REGISSEUR")
    assert (bestand.naam, bestand.soort, bestand.omvang) == ("Indicatie Moulin.PDF", Bestandssoort.PDF, len(PDF))
    assert inhoud == PDF
    gelezen = [regel for regel in await wijk.log() if regel["onderdeel"] == "bijlage-lezen"]
    assert [(regel["gebruiker"], regel["resultaat"], regel["betrokkenen"][0]["getoond"][0][0]) for regel in gelezen] == [
        (wijk.REGISSEUR.hex, "GESLAAGD", "Bijlage")
    ]
    assert [regel["gebeurtenis"] for regel in await wijk.log() if regel["onderdeel"] == "bijlage-plaatsen"] == ["LEZEN", "AANMAKEN"]
    assert "Moulin" not in str(await wijk.log())


async def test_only_sealed_bytes_are_kept_under_numbers_and_for_this_user_alone(wijk: Wijk, opslag: Bijlagen, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    await plaats(wijk, opslag, note)
    rij = (await wijk.rows(select(Bijlage.tabel())))[0]
    assert b"Verslag" not in rij.naam
    delen = [row.gesloten for row in await wijk.rows(select(bijlagedeel).order_by("nummer"))]
    for bestand in bestanden(tmp_path):
        assert (bestand.name, bestand.parent.name) == (rij.inhoud_id.hex, wijk.gemeente.hex)
        paden = (bestand, bestand.parent, tmp_path / "bestanden")
        assert [stat.S_IMODE(pad.stat().st_mode) for pad in paden] == [0o600, 0o700, 0o700]
        delen.append(bestand.read_bytes())
    kept = b"".join(delen)
    assert len(kept) == len(PDF) + 16 * -(-len(PDF) // PART_BYTES)
    assert bytes(range(64)) not in kept


async def test_a_file_of_a_note_about_two_is_in_the_file_of_each_and_gone_for_one_alone(wijk: Wijk, opslag: Bijlagen) -> None:
    note, dossier, moeder, kind = await notitie(wijk, Notitiesoort.CONTACTVERSLAG, "Jansen")
    await plaats(wijk, opslag, note)
    b = Bijlage.tabel()
    rijen = {row.persoon_id: row for row in await wijk.rows(select(b))}
    assert set(rijen) == {moeder, kind}
    assert rijen[moeder].inhoud_id == rijen[kind].inhoud_id
    assert rijen[moeder].sleutel != rijen[kind].sleutel
    await wijk.schrijf("WIJKTEAM", lambda w: w.keyring.destroy(w.core_connection, wijk.gemeente, moeder, dossier))
    assert (await lees(wijk, opslag, rijen[kind].id))[1] == PDF
    with pytest.raises(SleutelOntbreekt, match="vernietigd"):
        await lees(wijk, opslag, rijen[moeder].id)
    await wijk.schrijf("WIJKTEAM", lambda w: w.keyring.destroy(w.core_connection, wijk.gemeente, kind))
    for row in rijen.values():
        with pytest.raises(SleutelOntbreekt):
            await lees(wijk, opslag, row.id)


async def test_who_does_not_see_the_note_can_not_place_or_read_its_file(wijk: Wijk, opslag: Bijlagen, tmp_path: Path) -> None:
    strikt, *_ = await notitie(wijk, Notitiesoort.STRIKT, rol="REGISSEUR")
    elders = wijk.actor("WIJKTEAM", team=wijk.ander_team)
    for note, rol, fout in (
        (strikt, "WIJKTEAM", NietGevonden), (strikt, elders, NietGevonden), (nieuw_id(), "WIJKTEAM", NietGevonden),
        (strikt, "FG", GeenRecht), (strikt, "CRISISDIENST", GeenRecht),
    ):  # fmt: skip
        with pytest.raises(fout):
            await plaats(wijk, opslag, note, rol=rol)
        assert await niets(wijk, tmp_path)
    bijlage = await plaats(wijk, opslag, strikt, rol="REGISSEUR")
    for nummer, rol, fout in (
        (bijlage, "WIJKTEAM", NietGevonden), (bijlage, elders, NietGevonden), (nieuw_id(), "REGISSEUR", NietGevonden),
        (bijlage, "FG", GeenRecht),
    ):  # fmt: skip
        with pytest.raises(fout):
            await lees(wijk, opslag, nummer, rol)
    missers = [regel for regel in await wijk.log() if regel["onderdeel"] == "bijlage-lezen"]
    assert [(regel["resultaat"], len(regel.get("gevraagd", []))) for regel in missers] == [("GEEN_RESULTAAT", 1)] * 3 + [("GEWEIGERD", 0)]


async def test_access_that_ends_while_the_file_comes_in_has_ended(wijk: Wijk, opslag: Bijlagen, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    nu = iter([wijk.actor("WIJKTEAM"), wijk.actor("WIJKTEAM", team=wijk.ander_team)])

    async def actor() -> Actor:
        return next(nu)

    with pytest.raises(NietGevonden):
        await opslag.ontvang(actor, note, "a.pdf", stukken(PDF))
    assert await niets(wijk, tmp_path)


@pytest.mark.parametrize("fout", [ConnectionResetError(), KeyboardInterrupt()], ids=["client weg", "afgebroken"])
async def test_a_file_that_is_broken_off_half_way_leaves_nothing(wijk: Wijk, opslag: Bijlagen, tmp_path: Path, fout: BaseException) -> None:
    note, *_ = await notitie(wijk)
    with pytest.raises(type(fout)):
        await plaats(wijk, opslag, note, fout=fout)
    assert await niets(wijk, tmp_path)


async def test_a_file_of_which_the_rows_are_refused_leaves_nothing(
    wijk: Wijk, opslag: Bijlagen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, *_ = await notitie(wijk)
    b = Bijlage.tabel()
    heel = wijk.wijkwerk.write

    async def zonder_log(*args: Any, **kw: Any) -> Any:
        await heel(*args, **kw)
        raise LogNietBeschikbaar

    # the transaction may be there all the same: then its parts have to be there as well
    monkeypatch.setattr(wijk.wijkwerk, "write", zonder_log)
    with pytest.raises(LogNietBeschikbaar):
        await plaats(wijk, opslag, note)
    monkeypatch.undo()
    bijlage = (await wijk.rows(select(b.c.id)))[0][0]
    assert (await lees(wijk, opslag, bijlage))[1] == PDF


async def test_a_file_has_a_limit_to_the_byte(wijk: Wijk, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    with pytest.raises(BestandTeGroot):
        await plaats(wijk, bij(wijk, meeste_bytes=len(PDF) - 1), note)
    assert await niets(wijk, tmp_path)
    await plaats(wijk, bij(wijk, meeste_bytes=len(PDF)), note)


async def test_a_file_of_any_size_around_a_part_comes_back(wijk: Wijk) -> None:
    note, *_ = await notitie(wijk)
    opslag = bij(wijk)
    for grootte in (1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 4 * PART_BYTES, 5 * PART_BYTES):
        bijlage = await plaats(wijk, opslag, note, b"x" * grootte, "a.txt")
        assert (await lees(wijk, opslag, bijlage))[1] == b"x" * grootte


def verander(deel: bytes) -> bytes:
    return deel[:100] + bytes([deel[100] ^ 1]) + deel[101:]


async def test_parts_that_were_changed_swapped_or_taken_away_are_never_shown(wijk: Wijk, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    opslag = bij(wijk)
    bijlage = await plaats(wijk, opslag, note)
    delen = [row.gesloten for row in await wijk.rows(select(bijlagedeel).order_by("nummer"))]
    d = bijlagedeel.c
    for nummer, vals in ((0, verander(delen[0])), (0, delen[1]), (5, verander(delen[5]))):
        await wijk.change(update(bijlagedeel).where(d.nummer == nummer).values(gesloten=vals))
        with pytest.raises(Vervalst):
            await lees(wijk, opslag, bijlage)
        await wijk.change(update(bijlagedeel).where(d.nummer == nummer).values(gesloten=delen[nummer]))
    for omvang in (len(PDF) - 1, len(PDF) - PART_BYTES, len(PDF) + PART_BYTES):
        await wijk.change(update(Bijlage.tabel()).values(omvang=omvang))
        with pytest.raises(Vervalst):
            await lees(wijk, opslag, bijlage)
    await wijk.change(update(Bijlage.tabel()).values(omvang=len(PDF)))
    await wijk.change(delete(bijlagedeel).where(d.nummer == 2))
    with pytest.raises(Vervalst):
        await opslag.lees(wijk.actor("WIJKTEAM"), bijlage)
    fouten = [regel for regel in await wijk.log() if regel.get("code") == "GEGEVENS_VERVALST"]
    assert len(fouten) == 7


async def test_what_was_kept_elsewhere_before_the_setting_changed_is_still_found(wijk: Wijk, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    folder = tmp_path / "bestanden"
    eerst = {waar: await plaats(wijk, bij(wijk, waar=waar, map=folder), note) for waar in WAAR}
    for waar in WAAR:
        opslag = bij(wijk, waar=waar, map=folder)
        assert {(await lees(wijk, opslag, bijlage))[1] for bijlage in eerst.values()} == {PDF}


async def test_a_folder_that_can_not_be_written_says_so_and_nothing_is_kept(wijk: Wijk, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    (tmp_path / "bestanden").write_bytes(b"geen map")
    with pytest.raises(OpslagNietBeschikbaar):
        await plaats(wijk, bij(wijk, waar="map", map=tmp_path / "bestanden"), note)
    assert (await wijk.rows(select(func.count()).select_from(Bijlage.tabel())))[0][0] == 0


def test_who_chooses_a_folder_names_it() -> None:
    with pytest.raises(ValueError, match=r"bijlagen\.map"):
        Settings.model_validate({"bijlagen": {"waar": "map"}})


async def test_the_job_removes_old_parts_of_no_row_and_nothing_else(wijk: Wijk, opslag: Bijlagen, tmp_path: Path) -> None:
    note, *_ = await notitie(wijk)
    blijft = await plaats(wijk, opslag, note)
    weg = await plaats(wijk, opslag, note)
    await wijk.change(delete(Bijlage.tabel()).where(Bijlage.tabel().c.id == weg))
    assert await ruim_op(wijk, "2027-03-01") == 0  # it could be coming in
    wijk.klok.moment += KOMT_BINNEN + timedelta(seconds=1)
    onderweg = await plaats(wijk, opslag, note)
    await wijk.change(delete(Bijlage.tabel()).where(Bijlage.tabel().c.id == onderweg))
    (tmp_path / "bestanden" / wijk.gemeente.hex).mkdir(parents=True, exist_ok=True)
    vreemd = tmp_path / "bestanden" / wijk.gemeente.hex / "leesmij"
    vreemd.write_bytes(b"van iemand anders")
    assert await ruim_op(wijk, "2027-03-02") == 1
    over = {row[0] for row in await wijk.rows(select(bijlagedeel.c.inhoud_id).distinct())} | {p.name for p in bestanden(tmp_path)} - {
        vreemd.name
    }
    assert len(over) == 2
    assert vreemd.exists()
    assert (await lees(wijk, opslag, blijft))[1] == PDF
    with pytest.raises(GeenRecht):
        await wijk.schrijf("WIJKTEAM", lambda w: BIJLAGEN_OPRUIMEN.stap(w, "2027-03-01", None))


async def ruim_op(wijk: Wijk, dag: str) -> int:
    uitslag = await draai(wijk.wijkwerk, BIJLAGEN_OPRUIMEN, wijk.gemeente, dag)
    assert uitslag.afloop is Afloop.KLAAR
    return uitslag.gedaan


@pytest.mark.parametrize("geval", ["soort", "soort aan het eind", "leeg", "naam"])
async def test_another_kind_or_name_is_refused_and_nothing_is_kept(wijk: Wijk, opslag: Bijlagen, tmp_path: Path, geval: str) -> None:
    inhoud, naam, error = {
        "soort": (b"MZ" + PDF, "a.pdf", BestandssoortOnbekend),
        "soort aan het eind": (b"x" * len(PDF) + b"\x00", "a.txt", BestandssoortOnbekend),
        "leeg": (b"", "a.pdf", OngeldigeInvoer),
        "naam": (PDF, "../a.pdf", OngeldigeInvoer),
    }[geval]
    note, *_ = await notitie(wijk)
    with pytest.raises(error) as refused:
        await plaats(wijk, opslag, note, inhoud, naam)
    assert type(refused.value) is error
    assert await niets(wijk, tmp_path)


async def test_memory_stays_bounded_while_a_file_comes_in(wijk: Wijk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large: four parts at a time go to where they are kept, and four at a time come back."""
    note, *_ = await notitie(wijk)
    opslag = bij(wijk)
    tegelijk: list[int] = []
    schrijf_delen, lees_delen = opslag._opslag.schrijf, opslag._opslag.lees

    async def schrijvend(plek: Any, van: int, delen: Any, moment: Any) -> None:
        tegelijk.append(sum(map(len, delen)))
        await schrijf_delen(plek, van, delen, moment)

    async def lezend(plek: Any, van: int, aantal: int) -> list[bytes]:
        tegelijk.append(sum(map(len, delen := await lees_delen(plek, van, aantal))))
        return delen

    monkeypatch.setattr(opslag._opslag, "schrijf", schrijvend)
    monkeypatch.setattr(opslag._opslag, "lees", lezend)
    inhoud = b"%PDF-" + bytes(3 * 2**20)
    bijlage = await opslag.ontvang(wie(wijk, "WIJKTEAM"), note, "a.pdf", stukken(inhoud, 65_536))
    assert (await lees(wijk, opslag, bijlage))[1] == inhoud
    assert len(tegelijk) > 20
    assert max(tegelijk) <= 5 * SEALED_BYTES
