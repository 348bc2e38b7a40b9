"""Files with notes over HTTP: the same identity, errors and log as /graphql; nothing is left of what is refused, slow or broken off."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import func, select, update

from wijkwerk.errors import LogNietBeschikbaar
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.notities.bijlage import Bijlage, bijlagedeel
from wijkwerk.notities.inhoud import Inhoud
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.storage.migrate import Migraties
from wijkwerk.testing.databases import SqliteTemplates
from wijkwerk.testing.wachten import tot
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.http.protocol import Protocol
from wijkwerk_graphql.testing import Dienst, draaiend

pytestmark = pytest.mark.anyio
MEESTE = 12 * 2**20
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1400
NAAM = "Indicatie Kanarië.pdf"
BIJLAGEN = "query ($id: ID!) { notitie(id: $id) { bijlagen { id naam bestandssoort omvang } } }"


class Bestanden:
    """A server with a made-up municipality in which a note is written, and what a client does with its files."""

    def __init__(self, dienst: Dienst, wijk: Wijk) -> None:
        self.dienst, self.wijk = dienst, wijk
        self.notitie = self.persoon = self.dossier = UUID(int=0)

    async def vul(self) -> None:
        await self.wijk.fill()
        await self.wijk.change(update(Gebruiker.tabel()).where(Gebruiker.tabel().c.issuer == "test").values(issuer=self.issuer))
        self.persoon = await self.wijk.inwoner()
        self.dossier = await self.wijk.dossier(self.persoon)
        self.notitie = await self.schrijf(Notitiesoort.CONTACTVERSLAG, "WIJKTEAM")

    @property
    def issuer(self) -> str:
        return self.dienst.wijkwerk.settings.identity.issuer

    async def schrijf(self, soort: Notitiesoort, rol: str) -> UUID:
        inhoud = Inhoud("Zie het bestand", Informatiebron.EIGEN_WAARNEMING)
        return await self.wijk.schrijf(rol, lambda w: schrijf(w, self.dossier, self.persoon, soort, inhoud))

    def headers(self, rol: str = "WIJKTEAM", naam: str = NAAM, **anders: str) -> dict[str, str]:
        """What a client sends; a header given as "" is left out."""
        activiteit = self.dienst.wijkwerk.catalogue.rollen[rol].activiteiten[0] if rol in self.wijk.ids else ""
        given = {
            "authorization": f"Bearer {self.dienst.token(rol)}",
            "verwerkingsactiviteit": activiteit,
            "content-disposition": f"attachment; filename*=UTF-8''{quote(naam, safe='')}",
            **{key.replace("_", "-"): value for key, value in anders.items()},
        }
        return {key: value for key, value in given.items() if value}

    async def stuur(self, inhoud: Any = PDF, notitie: Any = None, *, rol: str = "WIJKTEAM", **headers: str) -> httpx2.Response:
        pad = f"/bijlagen/{notitie or self.notitie}"
        return await self.dienst.client.post(pad, content=inhoud, headers=self.headers(rol, **headers))

    async def haal(self, bijlage: Any, rol: str = "WIJKTEAM") -> httpx2.Response:
        return await self.dienst.client.get(f"/bijlagen/{bijlage}", headers=self.headers(rol, content_disposition=""))

    async def aantal(self) -> list[int]:
        """How many rows of files there are, and how many parts."""
        return [(await self.wijk.rows(select(func.count()).select_from(tabel)))[0][0] for tabel in (Bijlage.tabel(), bijlagedeel)]


async def gevuld(dienst: Dienst) -> Bestanden:
    bestanden = Bestanden(dienst, Wijk(dienst.wijkwerk, dienst.klok))
    await bestanden.vul()
    return bestanden


@pytest.fixture(scope="module")
async def bestanden(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bestanden]:
    """One server on SQLite for what is refused."""
    folder = tmp_path_factory.mktemp("bijlagen")
    database = await sqlite_templates.copy(migraties, folder)
    async with draaiend(database, folder, bijlagen={"meeste_bytes": MEESTE}, body_seconds=2) as dienst:
        yield await gevuld(dienst)


def code(answer: httpx2.Response) -> tuple[int, str]:
    [error] = answer.json()["errors"]
    assert error["message"]
    assert "Kanari" not in answer.text
    return answer.status_code, error["extensions"]["code"]


async def test_a_file_goes_in_is_listed_and_comes_out_on_each_engine(dienst_elk: Dienst) -> None:
    bestanden = await gevuld(dienst_elk)
    answer = await bestanden.stuur()
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    bijlage = answer.json()["data"]["bijlage"]["id"]
    vraag = {"query": BIJLAGEN, "variables": {"id": str(bestanden.notitie)}}
    listed = await dienst_elk.client.post("/graphql", json=vraag, headers=bestanden.headers(content_disposition=""))
    assert listed.json()["data"]["notitie"]["bijlagen"] == [{"id": bijlage, "naam": NAAM, "bestandssoort": "PDF", "omvang": len(PDF)}]
    file = await bestanden.haal(bijlage, "REGISSEUR")
    assert (file.status_code, file.content) == (200, PDF)
    expected = {
        "content-type": "application/pdf", "content-length": str(len(PDF)), "cache-control": "no-store", "accept-ranges": "none",
        "content-disposition": "attachment; filename*=UTF-8''Indicatie%20Kanari%C3%AB.pdf", "x-content-type-options": "nosniff",
    }  # fmt: skip
    assert {name: file.headers[name] for name in expected} == expected
    trace = file.headers["traceparent"].split("-")[1]
    [regel] = await dienst_elk.regels(trace)
    assert (regel["gebeurtenis"], regel["onderdeel"], regel["gebruiker"]) == ("LEZEN", "bijlage-lezen", bestanden.wijk.REGISSEUR.hex)
    assert "Kanari" not in str(await dienst_elk.regels())


async def test_a_file_that_is_sent_again_under_its_number_is_there_once(bestanden: Bestanden) -> None:
    before, nummer = await bestanden.aantal(), str(uuid4())
    eerste, tweede = [await bestanden.stuur(inzending=nummer) for _ in range(2)]
    assert (eerste.status_code, tweede.status_code) == (201, 201)
    assert eerste.json() == tweede.json()
    delen = -(-len(PDF) // 65_536)
    assert await bestanden.aantal() == [before[0] + 1, before[1] + delen]
    for anders in ({"inhoud": PDF + b"x"}, {"naam": "ander.pdf"}):
        assert code(await bestanden.stuur(inzending=nummer, **anders)) == (409, "INZENDING_ANDERS")
    assert await bestanden.aantal() == [before[0] + 1, before[1] + delen]


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "no token": ({"authorization": ""}, 401, "NIET_AANGEMELD"),
    "forged token": ({"authorization": "Bearer x.y.z"}, 401, "NIET_AANGEMELD"),
    "unknown user": ({"rol": "niemand"}, 401, "NIET_AANGEMELD"),
    "another activity": ({"verwerkingsactiviteit": "BESTAAT_NIET"}, 403, "GEEN_RECHT"),
    "may not write": ({"rol": "CRISISDIENST"}, 403, "GEEN_RECHT"),
    "absent": ({"notitie": uuid4()}, 404, "NIET_GEVONDEN"),
    "no name": ({"content_disposition": ""}, 400, "ONGELDIG_VERZOEK"),
    "plain name": ({"content_disposition": 'attachment; filename="Kanarie.pdf"'}, 400, "ONGELDIG_VERZOEK"),
    "name not UTF-8": ({"content_disposition": "attachment; filename*=UTF-8''Kanarie%ff.pdf"}, 400, "ONGELDIG_VERZOEK"),
    "folder in the name": ({"naam": "../Kanarie.pdf"}, 400, "ONGELDIGE_INVOER"),
    "packed": ({"content_encoding": "gzip"}, 415, "MEDIATYPE_ONBEKEND"),
    "number that is none": ({"inzending": "1"}, 400, "ONGELDIG_VERZOEK"),
    "another kind": ({"inhoud": b"MZ" + bytes(3 * 2**20)}, 415, "BESTANDSSOORT_ONBEKEND"),
    "said to be a PDF": ({"inhoud": b"<html>", "content_type": "application/pdf"}, 415, "BESTANDSSOORT_ONBEKEND"),
    "kind that may not be": ({"naam": "Kanarie.exe"}, 415, "BESTANDSSOORT_ONBEKEND"),
    "empty": ({"inhoud": b""}, 400, "ONGELDIGE_INVOER"),
    "one byte too large": ({"inhoud": b"%PDF-" + bytes(MEESTE - 4)}, 413, "BESTAND_TE_GROOT"),
}


@pytest.mark.parametrize("geval", REFUSED)
async def test_what_is_refused_says_why_and_nothing_is_kept(bestanden: Bestanden, geval: str) -> None:
    given, status, why = REFUSED[geval]
    before = await bestanden.aantal()
    assert code(await bestanden.stuur(**given)) == (status, why)
    assert await bestanden.aantal() == before


async def test_who_does_not_see_a_note_gets_what_is_absent_gives(bestanden: Bestanden) -> None:
    strikt = await bestanden.schrijf(Notitiesoort.STRIKT, "REGISSEUR")
    bijlage = (await bestanden.stuur(notitie=strikt, rol="REGISSEUR")).json()["data"]["bijlage"]["id"]
    before = await bestanden.aantal()
    answers = [await bestanden.haal(nummer) for nummer in (bijlage, uuid4())]
    answers += [await bestanden.stuur(notitie=nummer) for nummer in (strikt, uuid4())]
    assert [code(answer) for answer in answers] == [(404, "NIET_GEVONDEN")] * 4
    assert len({answer.content for answer in answers}) == 1
    assert await bestanden.aantal() == before
    assert (await bestanden.haal(bijlage, "REGISSEUR")).content == PDF


@pytest.mark.parametrize(
    ("methode", "pad", "status", "why"),
    [
        ("GET", "/bijlagen/{}?naam=Kanarie", 400, "ONGELDIG_VERZOEK"), ("GET", "/bijlagen/Kanarie", 404, "PAD_ONBEKEND"),
        ("GET", "/bijlagen/", 404, "PAD_ONBEKEND"), ("DELETE", "/bijlagen/{}", 405, "METHODE_ONBEKEND"),
        ("PUT", "/bijlagen/{}", 405, "METHODE_ONBEKEND"),
    ],
    ids=["query", "no number", "nothing", "delete", "put"],
)  # fmt: skip
async def test_another_address_or_method_is_refused(bestanden: Bestanden, methode: str, pad: str, status: int, why: str) -> None:
    answer = await bestanden.dienst.client.request(methode, pad.format(uuid4()), headers=bestanden.headers())
    assert code(answer) == (status, why)


async def test_head_is_refused_and_shows_and_logs_nothing(bestanden: Bestanden) -> None:
    bijlage = (await bestanden.stuur()).json()["data"]["bijlage"]["id"]
    before = len(await bestanden.dienst.gelezen())
    answer = await bestanden.dienst.client.head(f"/bijlagen/{bijlage}", headers=bestanden.headers())
    assert (answer.status_code, len(await bestanden.dienst.gelezen())) == (405, before)


async def pieces(*parts: bytes, fault: bool = False) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if fault:
        raise ConnectionAbortedError


async def test_pieces_without_a_length_are_counted(bestanden: Bestanden) -> None:
    before = await bestanden.aantal()
    assert code(await bestanden.stuur(pieces(b"%PDF-", *[bytes(2**20)] * 12))) == (413, "BESTAND_TE_GROOT")
    assert await bestanden.aantal() == before
    assert (await bestanden.stuur(pieces(b"%PDF-", *[bytes(2**20)] * 11))).status_code == 201


async def raw(bestanden: Bestanden, *parts: bytes, wait: bool = True, **headers: str) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bestanden.dienst.port)
    lines = {"Host": "x", **bestanden.headers(), **{key.replace("_", "-"): value for key, value in headers.items()}}
    start = f"POST /bijlagen/{bestanden.notitie} HTTP/1.1\r\n"
    writer.write("".join([start, *(f"{key}: {value}\r\n" for key, value in lines.items()), "\r\n"]).encode())
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 15) if wait else b""
    finally:
        writer.close()


async def kalm(bestanden: Bestanden, expected: list[int]) -> None:
    """Until nothing more is kept than this: what was broken off is cleaned up when the server notices."""

    async def opgeruimd() -> bool:
        return await bestanden.aantal() == expected

    await tot(opgeruimd)


async def test_a_slow_body_ends_in_408_and_nothing_is_kept(bestanden: Bestanden) -> None:
    before = await bestanden.aantal()
    answer = await raw(bestanden, PDF, Content_Length=str(len(PDF) + 1))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"TE_TRAAG" in answer
    assert await bestanden.aantal() == before


async def test_who_leaves_half_way_leaves_nothing_behind(bestanden: Bestanden) -> None:
    before = await bestanden.aantal()
    for _ in range(3):
        await raw(bestanden, PDF, Content_Length=str(len(PDF) + 1), wait=False)
        with pytest.raises(ConnectionAbortedError):
            await bestanden.stuur(pieces(PDF, fault=True))
    await kalm(bestanden, before)
    assert (await bestanden.stuur()).status_code == 201


async def test_who_asks_first_is_refused_before_anything_is_sent(bestanden: Bestanden) -> None:
    """Expect: 100-continue (RFC 9110, 10.1.1): the answer comes without a body to wait for."""
    answer = await raw(bestanden, Expect="100-continue", Content_Length=str(MEESTE + 1))
    assert answer.startswith(b"HTTP/1.1 413 ")
    allowed = await raw(bestanden, PDF, Expect="100-continue", Content_Length=str(len(PDF)), Connection="close")
    assert allowed.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 201 " in allowed


async def test_without_a_log_not_one_byte_goes_out(bestanden: Bestanden, monkeypatch: pytest.MonkeyPatch) -> None:
    bijlage = (await bestanden.stuur()).json()["data"]["bijlage"]["id"]

    async def broken(*regels: Any) -> None:
        raise LogNietBeschikbaar

    monkeypatch.setattr(bestanden.dienst.wijkwerk.journal, "record", broken)
    answer = await bestanden.haal(bijlage)
    assert code(answer) == (503, "LOG_NIET_BESCHIKBAAR")
    assert b"%PDF" not in answer.content


async def test_a_file_of_a_destroyed_key_is_gone_and_one_that_was_changed_is_not_shown(bestanden: Bestanden) -> None:
    eerste, tweede = [(await bestanden.stuur()).json()["data"]["bijlage"]["id"] for _ in range(2)]
    wijk, b, d = bestanden.wijk, Bijlage.tabel(), bijlagedeel.c
    inhoud = (await wijk.rows(select(b.c.inhoud_id).where(b.c.id == UUID(eerste))))[0][0]
    await wijk.change(update(bijlagedeel).where(d.inhoud_id == inhoud, d.nummer == 0).values(gesloten=bytes(65_552)))
    assert code(await bestanden.haal(eerste)) == (500, "GEGEVENS_VERVALST")
    ander = await gesprek(bestanden)
    bijlage = (await bestanden.stuur(notitie=ander[1])).json()["data"]["bijlage"]["id"]
    await wijk.schrijf("WIJKTEAM", lambda w: w.keyring.destroy(w.core_connection, wijk.gemeente, ander[0]))
    assert code(await bestanden.haal(bijlage)) == (410, "SLEUTEL_ONTBREEKT")
    assert (await bestanden.haal(tweede)).content == PDF


async def gesprek(bestanden: Bestanden) -> tuple[UUID, UUID]:
    """Another resident, with a note."""
    wijk, inhoud = bestanden.wijk, Inhoud("Zie het bestand", Informatiebron.INWONER)
    persoon = await wijk.inwoner("Jansen")
    dossier = await wijk.dossier(persoon)
    return persoon, await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, Notitiesoort.CONTACTVERSLAG, inhoud))


async def test_a_part_that_was_changed_half_way_ends_the_answer_short(bestanden: Bestanden, caplog: pytest.LogCaptureFixture) -> None:
    bijlage = (await bestanden.stuur(b"%PDF-" + bytes(2**20))).json()["data"]["bijlage"]["id"]
    b, d = Bijlage.tabel(), bijlagedeel.c
    inhoud = (await bestanden.wijk.rows(select(b.c.inhoud_id).where(b.c.id == UUID(bijlage))))[0][0]
    await bestanden.wijk.change(update(bijlagedeel).where(d.inhoud_id == inhoud, d.nummer == 9).values(gesloten=bytes(65_552)))
    with pytest.raises(httpx2.RemoteProtocolError):
        await bestanden.haal(bijlage)
    assert [regel["code"] for regel in await bestanden.dienst.regels() if regel.get("code")][-1] == "GEGEVENS_VERVALST"
    assert (await bestanden.dienst.client.get("/healthz")).status_code == 200


async def test_a_client_that_stops_reading_is_cut_off(bestanden: Bestanden, monkeypatch: pytest.MonkeyPatch) -> None:
    bijlage = (await bestanden.stuur(b"%PDF-" + bytes(MEESTE - 5))).json()["data"]["bijlage"]["id"]
    gone, lost = asyncio.Event(), Protocol.connection_lost

    def noted(self: Protocol, exc: Exception | None) -> None:
        lost(self, exc)
        gone.set()

    monkeypatch.setattr(Protocol, "connection_lost", noted)
    monkeypatch.setattr(Protocol, "unread_seconds", 0.3)
    with socket.create_connection(("127.0.0.1", bestanden.dienst.port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lines = [f"{key}: {value}\r\n" for key, value in bestanden.headers(content_disposition="").items()]
        client.sendall(f"GET /bijlagen/{bijlage} HTTP/1.1\r\nHost: x\r\n{''.join(lines)}\r\n".encode())
        async with asyncio.timeout(15):
            await gone.wait()
    assert (await bestanden.haal(bijlage)).status_code == 200


async def test_many_at_once_each_get_their_own_file(bestanden: Bestanden) -> None:
    files = [b"%PDF-" + bytes([number]) * 300_000 for number in range(12)]
    made = await asyncio.gather(*(bestanden.stuur(file) for file in files))
    found = await asyncio.gather(*(bestanden.haal(answer.json()["data"]["bijlage"]["id"]) for answer in made))
    assert [answer.content for answer in found] == files


async def test_a_folder_holds_the_files_when_the_setting_says_so(
    migraties: list[Migraties], sqlite_templates: SqliteTemplates, tmp_path: Path
) -> None:
    folder = tmp_path / "bestanden"
    async with draaiend(await sqlite_templates.copy(migraties, tmp_path), tmp_path, bijlagen={"waar": "map", "map": folder}) as dienst:
        bestanden = await gevuld(dienst)
        bijlage = (await bestanden.stuur()).json()["data"]["bijlage"]["id"]
        assert await bestanden.aantal() == [1, 0]
        assert [path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()] == [0o600]
        assert (await bestanden.haal(bijlage)).content == PDF
