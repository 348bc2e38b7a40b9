"""Unique strings put in as personal data are found nowhere they may not be (design.md 11, invariant 8)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, make_url, text
from tests.systeem import vragen
from tests.systeem.client import Antwoord, Client
from tests.systeem.dienst import Dienst, Plek

from wijkwerk.testing.postgres import PostgresServer

BSN = "999993653"
NAAM, STRAAT, TELEFOON, EMAIL = "Kanarievogelaar", "Kanariepietpad", "+31687654321", "kanarie.pietje@vogelkooi.example"
TEKST, BETER, VRAAG = "Kanarietekst over de kooi.", "Kanarieverbetering van de kooi.", "Kanarievraag om een kooi."
FEITEN, OORDEEL, BRON = "Kanariefeiten naast het oordeel.", "Kanarieoordeel over de tralies.", "Kanariebuurvrouw"
ERBIJ, CONCEPT, ZOEKWOORD = "Kanarieaanvulling later.", "Kanarieconcept van de auteur.", "Kanariezoekwoord"
BESTAND, BESTANDSNAAM = "Kanariebestand op stok. " * 4_000, "Kanarielijst.txt"
NOTITIES = (FEITEN, OORDEEL, BRON, ERBIJ, CONCEPT, ZOEKWOORD, BESTAND[:24], BESTANDSNAAM)
GEHEIM = (BSN, TEKST, BETER, VRAAG, *NOTITIES)
"""What is nowhere on the disk in the clear."""
ALLES = (*GEHEIM, NAAM, STRAAT, TELEFOON, TELEFOON[3:], EMAIL)
LEESBAAR = {
    "persoon": {NAAM, STRAAT}, "contactgegeven": {TELEFOON, TELEFOON[3:], EMAIL}, "zoekwoord": {NAAM}, "zoekterm": {NAAM},
}  # fmt: skip
"""What is in the clear in which table: to sort and to search by."""
PERSOON = {"geslachtsnaam": NAAM, "straat": STRAAT, "huisnummer": 7, "bsn": BSN}
BEREIK = [{"soort": "TELEFOON", "waarde": TELEFOON}, {"soort": "EMAIL", "waarde": EMAIL}]


@dataclass
class Getuige:
    """Asks, and keeps all headers, and the bodies of who may see nothing."""

    antwoorden: list[Antwoord] = field(default_factory=list)
    blind: list[Antwoord] = field(default_factory=list)

    def ziet(self, client: Client, query: str, **variables: Any) -> dict[str, Any]:
        """Ask as who may see it."""
        answer = client.vraag(query, **variables)
        assert (answer.status, answer.codes) == (200, [])
        self.antwoorden.append(answer)
        return answer.data

    def ziet_niets(self, answer: Antwoord) -> None:
        """An answer in which nothing may be."""
        self.antwoorden.append(answer)
        self.blind.append(answer)


def vormen(kanarie: str) -> list[bytes]:
    """The ways in which a text can stand somewhere."""
    plain = kanarie.encode()
    return [
        plain,
        kanarie.upper().encode(),
        kanarie.lower().encode(),
        quote(kanarie).encode(),
        plain.hex().encode(),
        kanarie.encode("utf-16-le"),
    ]


def gevonden(heap: bytes, kanaries: tuple[str, ...]) -> list[str]:
    return [kanarie for kanarie in kanaries if any(vorm in heap for vorm in vormen(kanarie))]


def goed(dienst: Dienst, getuige: Getuige) -> tuple[str, str, str]:
    """Everything that is allowed; the resident, the case and the note."""
    wijkteam, regisseur = dienst.als("wijkteam"), dienst.als("regisseur")
    persoon = getuige.ziet(wijkteam, vragen.AANMELDEN, persoon=PERSOON, contactgegevens=BEREIK)["aanmelden"]["id"]
    dossier = getuige.ziet(wijkteam, vragen.OPENEN, personen=[persoon], vraag=VRAAG)["dossierOpenen"]["id"]
    new = getuige.ziet(wijkteam, vragen.SCHRIJVEN, dossier=dossier, persoon=persoon, tekst=TEKST)["notitieSchrijven"]
    getuige.ziet(wijkteam, vragen.CORRIGEREN, notitie=new["id"], versie=new["versie"], tekst=BETER)
    row = getuige.ziet(wijkteam, vragen.PERSOON_RUIM, id=persoon)["persoon"]
    assert [versie["tekst"] for versie in row["notities"][0]["versies"]] == [BETER, TEKST]
    assert (row["geslachtsnaam"], row["dossiers"][0]["vraag"]) == (NAAM, VRAAG)
    assert {bereik["waarde"] for bereik in row["contactgegevens"]} == {TELEFOON, EMAIL}
    notities(dienst, getuige, persoon, dossier)
    getuige.ziet(regisseur, "query ($n: String!) { personen(filter: {naam: $n}) { totalCount } }", n=NAAM)
    getuige.ziet(regisseur, vragen.BSN_ZOEKEN, bsn=BSN)
    return persoon, dossier, new["id"]


def notities(dienst: Dienst, getuige: Getuige, persoon: str, dossier: str) -> None:
    """All that hangs on notes: opinion and source, an addition, a draft, a file, and searching, also for what is not there."""
    wijkteam = dienst.als("wijkteam")
    waar = {"dossier": dossier, "persoon": persoon}
    new = getuige.ziet(wijkteam, vragen.SCHRIJVEN_MET_OORDEEL, **waar, tekst=FEITEN, oordeel=OORDEEL, bronNaam=BRON)["notitieSchrijven"]
    getuige.ziet(wijkteam, vragen.AANVULLEN, notitie=new["id"], tekst=ERBIJ)
    draft = getuige.ziet(wijkteam, vragen.AANTEKENEN, **waar, tekst=CONCEPT)["werkaantekeningSchrijven"]
    assert draft["tekst"] == CONCEPT
    [found] = getuige.ziet(wijkteam, vragen.NOTITIES_ZOEKEN, tekst=f"{OORDEEL} later")["zoekInNotities"]["notities"]
    assert found == {"id": new["id"], "versies": [{"tekst": FEITEN, "oordeel": OORDEEL, "bronNaam": BRON}]}
    assert getuige.ziet(wijkteam, vragen.NOTITIES_ZOEKEN, tekst=ZOEKWOORD)["zoekInNotities"]["notities"] == []
    naam = {"Content_Disposition": f"attachment; filename*=UTF-8''{BESTANDSNAAM}"}
    placed = wijkteam.doe("POST", f"/bijlagen/{new['id']}", BESTAND.encode(), Content_Type="text/plain", **naam)
    assert placed.status == 201
    read = wijkteam.doe("GET", f"/bijlagen/{placed.data['bijlage']['id']}", Content_Type="")
    assert (read.status, read.body) == (200, BESTAND.encode())
    for subject in ("wijkteam-zuid", "zorg", "klantmanager"):
        client = dienst.als(subject)
        getuige.ziet_niets(client.vraag(vragen.NOTITIES_ZOEKEN, tekst=ZOEKWOORD))
        getuige.ziet_niets(client.vraag(vragen.SCHRIJVEN_MET_OORDEEL, **waar, tekst=FEITEN, oordeel=OORDEEL, bronNaam=BRON))
        getuige.ziet_niets(client.vraag(vragen.AANTEKENEN, **waar, tekst=CONCEPT))
        getuige.ziet_niets(client.doe("POST", f"/bijlagen/{new['id']}", BESTAND.encode(), Content_Type="text/plain", **naam))
    getuige.ziet_niets(wijkteam.vraag(vragen.NOTITIES_ZOEKEN, tekst=f"{ZOEKWOORD} " * 99))


def geweigerd(dienst: Dienst, getuige: Getuige, persoon: str, dossier: str, notitie: str) -> None:
    """Who may not see it, by id and by name."""
    named = "query ($n: String!) { personen(filter: {naam: $n}) { totalCount edges { node { geslachtsnaam } } } }"
    for onderwerp in ("wijkteam-zuid", "zorg", "vrijwilligers", "peercoach", "klantmanager", "fg", "beheer"):
        client = dienst.als(onderwerp)
        for query, variables in (
            (vragen.PERSOON_RUIM, {"id": persoon}),
            (vragen.PERSOON, {"id": persoon}),
            (vragen.DOSSIER, {"id": dossier}),
            (vragen.NOTITIE, {"id": notitie}),
            (vragen.BSN_ZOEKEN, {"bsn": BSN}),
            (named, {"n": NAAM}),
            (vragen.SCHRIJVEN, {"dossier": dossier, "persoon": persoon, "tekst": TEKST}),
            (vragen.CORRIGEREN, {"notitie": notitie, "versie": 2, "tekst": BETER}),
        ):
            getuige.ziet_niets(client.vraag(query, **variables))
    getuige.ziet_niets(Client(dienst.port, f"{NAAM}.{BSN}.x").vraag(named, n=NAAM))
    getuige.ziet_niets(dienst.als("wijkteam", NAAM).vraag(named, n=NAAM))


def krom(dienst: Dienst, getuige: Getuige, persoon: str, dossier: str) -> None:
    """What makes no sense, with canaries in every place."""
    client = dienst.als("wijkteam")
    for query in (
        f'{{ personen(filter: {{geslachtsnaam: "{NAAM}", straat: "{STRAAT}"}}) {{ totalCount }} }}',
        f'{{ persoon(id: "{NAAM}") {{ id {NAAM} }} }}',
        f'{{ persoon(id: "{NAAM}") {{ id }} }}',
        f'mutation {{ notitieSchrijven(dossier: "{dossier}", persoon: "{persoon}", soort: {NAAM}, tekst: "{TEKST}") {{ id }} }}',
        f'mutation {{ aanmelden(persoon: {{geslachtsnaam: "{NAAM}", bsn: "{BSN}", huisnummer: "{STRAAT}"}}) {{ id }} }}',
        f'{{ persoon(id: "{persoon}") {{ id ... {NAAM} }} }}',
        f'{{ persoon(id: "{persoon}") {{ "{TEKST}',
        f"query {NAAM}($x: {STRAAT}!) {{ ik {{ rollen }} }}",
    ):
        getuige.ziet_niets(client.vraag(query))
    for query, variables in (
        (vragen.AANMELDEN, {"persoon": {**PERSOON, "huisnummer": NAAM}}),
        (vragen.AANMELDEN, {"persoon": {**PERSOON, "bsn": BSN + "1", "straat": STRAAT * 9}}),
        (vragen.AANMELDEN, {"persoon": PERSOON, "contactgegevens": [BEREIK[1] | {"waarde": f"{NAAM}{EMAIL}@"}]}),
        (vragen.AANMELDEN, {"persoon": PERSOON, "contactgegevens": [BEREIK[0] | {"waarde": NAAM}]}),
        (vragen.AANMELDEN, {"persoon": {**PERSOON, NAAM: BSN}}),
        (vragen.SCHRIJVEN, {"dossier": dossier, "persoon": persoon, "tekst": TEKST * 10_000}),
        (vragen.SCHRIJVEN, {"dossier": dossier, "persoon": persoon, "tekst": [TEKST]}),
        (vragen.LIJST, {"first": NAAM}),
        (vragen.LIJST, {"first": 5, "after": NAAM}),
    ):
        getuige.ziet_niets(client.vraag(query, **variables))
    for body in (NAAM.encode(), f'{{"query": "{TEKST}'.encode(), json.dumps({"query": 1, NAAM: BSN}).encode(), f'["{BSN}"]'.encode()):
        getuige.ziet_niets(client.stuur(body))
    getuige.ziet_niets(client.stuur(b"{}", Content_Type=NAAM))
    getuige.ziet_niets(client.stuur(b"{}", Accept=NAAM, traceparent=f"00-{BSN}-x-01"))
    with suppress(OSError, HTTPException):
        client.breek_af(json.dumps({"query": vragen.IK, "variables": {"x": TEKST}}).encode(), 60)


@contextmanager
def stuk(plek: Plek) -> Iterator[None]:
    """A table is gone, so that an error comes from the deep."""
    plek.opslag.change(text("ALTER TABLE notitieversie RENAME TO notitieversie_weg"))
    yield
    plek.opslag.change(text("ALTER TABLE notitieversie_weg RENAME TO notitieversie"))


def kapot(dienst: Dienst, getuige: Getuige, persoon: str, dossier: str) -> None:
    """An error that nobody foresaw."""
    client = dienst.als("wijkteam")
    with stuk(dienst.plek):
        for query, variables in (
            (vragen.SCHRIJVEN, {"dossier": dossier, "persoon": persoon, "tekst": TEKST}),
            (vragen.PERSOON_RUIM, {"id": persoon}),
            (vragen.NOTITIES_ZOEKEN, {"tekst": ZOEKWOORD}),
        ):
            answer = client.vraag(query, **variables)
            assert "INTERNE_FOUT" in answer.codes
            getuige.antwoorden.append(answer)
            assert gevonden(json.dumps(answer.inhoud["errors"]).encode(), ALLES) == []


def alles(dienst: Dienst) -> Getuige:
    """Every kind of request."""
    getuige = Getuige()
    persoon, dossier, notitie = goed(dienst, getuige)
    geweigerd(dienst, getuige, persoon, dossier, notitie)
    krom(dienst, getuige, persoon, dossier)
    kapot(dienst, getuige, persoon, dossier)
    return getuige


def geen_kernbestand(dienst: Dienst) -> None:
    """The process leaves no core dump, and none of its memory is written by one (crypto/hardening.py)."""
    limits = Path(f"/proc/{dienst.process.pid}/limits")
    if limits.exists():
        [line] = [line for line in limits.read_text().splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"]


def test_no_canary_is_in_output_headers_errors_or_the_log(plek: Plek) -> None:
    with plek.dienst() as dienst:
        geen_kernbestand(dienst)
        getuige = alles(dienst)
    headers = json.dumps([answer.headers for answer in getuige.antwoorden]).encode()
    assert gevonden(headers, ALLES) == []
    assert [(answer.status, answer.codes) for answer in getuige.blind if gevonden(answer.body, ALLES)] == []
    assert b"INTERNE_FOUT" in b"".join(answer.body for answer in getuige.antwoorden)
    assert b"onverwachte fout" in plek.gezegd()
    assert gevonden(plek.gezegd(), ALLES) == []
    assert gevonden(plek.opslag.export(), ALLES) == []


def tijdelijk(dienst: Dienst) -> dict[str, bytes]:
    """Files that the server has open and nobody else can find: temporary ones are taken from their folder at once."""
    found = {}
    for link in Path(f"/proc/{dienst.process.pid}/fd").glob("*"):
        with suppress(OSError):
            if link.readlink().name.endswith("(deleted)") and link.stat().st_size:
                found[f"fd {link.name}"] = link.read_bytes()
    return found


def in_een_map(plek: Plek, *more: str) -> None:
    """Files that go with notes are kept in a folder of the installation."""
    (plek.folder / "wijkwerk.toml").write_text("\n".join([*more, "[bijlagen]", 'waar = "map"', f'map = "{plek.folder / "bestanden"}"', ""]))


def op_schijf(plek: Plek) -> dict[str, bytes]:
    """All files of an installation, after a backup was made of it: data in d, keys in k."""
    made = plek.opdracht("backup", "--data", "d", "--keys", "k")
    assert (made.returncode, made.stderr, gevonden(made.stdout, ALLES)) == (0, b"", [])
    files = {str(path.relative_to(plek.folder)): path.read_bytes() for path in plek.folder.rglob("*") if path.is_file()}
    assert {"bestanden", "d", "k"} <= {name.split("/")[0] for name, heap in files.items() if heap}
    assert sum(len(heap) for name, heap in files.items() if name.startswith("bestanden/")) >= len(BESTAND)
    return files


def test_no_secret_is_in_a_file_of_sqlite_and_a_name_only_in_the_rows(plek_sqlite: Plek) -> None:
    in_een_map(plek_sqlite)
    with plek_sqlite.dienst() as dienst:
        alles(dienst)
        files = op_schijf(plek_sqlite) | tijdelijk(dienst)
    files |= {f"{path.name} (dicht)": path.read_bytes() for path in plek_sqlite.folder.iterdir() if path.is_file()}
    rows = {name for name in files if name.startswith("wijkwerk.db") or (name.startswith("d/") and name.endswith("/database.db"))}
    assert len(rows) >= 3
    assert gevonden(b"".join(files[name] for name in rows), (NAAM,)) == [NAAM]
    assert {name: found for name, heap in files.items() if (found := gevonden(heap, GEHEIM))} == {}
    assert {name: found for name, heap in files.items() if name not in rows and (found := gevonden(heap, ALLES))} == {}


def _tables(connection: Connection) -> dict[str, bytes]:
    names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    return {name: "\n".join(connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars()).encode() for name in names}


def _uitgepakt(pg_server: PostgresServer, dump: Path) -> bytes:
    """What a backup holds: by itself it is compressed, and anything could be in it."""
    return subprocess.run([pg_server.bindir / "pg_restore", "-f", "-", dump], check=True, capture_output=True).stdout


def test_no_secret_is_in_a_table_or_file_of_postgresql(plek_postgresql: Plek, pg_server: PostgresServer) -> None:
    opslag, name = plek_postgresql.opslag, make_url(plek_postgresql.url).database
    in_een_map(plek_postgresql, f'pg_programmas = "{pg_server.bindir}"')
    with plek_postgresql.dienst() as dienst:
        alles(dienst)
        own = op_schijf(plek_postgresql) | tijdelijk(dienst)
    assert {file: found for file, heap in own.items() if (found := gevonden(heap, ALLES))} == {}
    [data], [keys] = (list(plek_postgresql.folder.glob(f"{half}/*/database.dump")) for half in "dk")
    assert gevonden(_uitgepakt(pg_server, data), (NAAM, *GEHEIM)) == [NAAM]
    assert gevonden(_uitgepakt(pg_server, keys), ALLES) == []
    tables = opslag.lees(_tables)
    assert {table: found for table, heap in tables.items() if (found := gevonden(heap, GEHEIM))} == {}
    leesbaar = {table: set(found) for table, heap in tables.items() if (found := gevonden(heap, ALLES))}
    assert leesbaar == LEESBAAR
    opslag.change(text("SELECT pg_switch_wal()"))
    [row] = opslag.rows(text(f"SELECT oid FROM pg_database WHERE datname = '{name}'"))
    folders = [pg_server.data / part for part in (f"base/{row['oid']}", "pg_wal")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if gevonden(path.read_bytes(), GEHEIM)] == []


@pytest.mark.parametrize("kanarie", ALLES)
def test_the_search_for_canaries_finds_them(kanarie: str) -> None:
    assert gevonden(b"zzz" + kanarie.upper().encode() + b"zzz", (kanarie,)) == [kanarie]
    assert gevonden(kanarie.encode().hex().encode(), ALLES) != []
