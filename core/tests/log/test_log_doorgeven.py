"""The log passed on over OTLP: every entry, in order, once where it can be, from where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.catalogue import NIETS
from wijkwerk.errors import OpstartFout
from wijkwerk.klok import StaandeKlok
from wijkwerk.log.doorgeven import STUK, Doorgevenmislukt, Ontvanger, geef_stuk_door, te_gaan
from wijkwerk.log.entry import Betrokkene, Logregel
from wijkwerk.log.journal import Journal
from wijkwerk.log.levering import Levering
from wijkwerk.log.tables import log_regel
from wijkwerk.log.vormen.otlp import logs, spans
from wijkwerk.settings import Loginstellingen
from wijkwerk.storage.base import Database
from wijkwerk.testing.luisteraar import Gezegd
from wijkwerk.testing.otlp import Verzamelaar, verzamelaar
from wijkwerk.uitgaand import UitgaandMislukt

pytestmark = pytest.mark.anyio
Maak = Callable[..., Logregel]
BRON = Levering.van(Loginstellingen(), NIETS).bron


@pytest.fixture
async def logboek_elders() -> AsyncIterator[Verzamelaar]:
    async with verzamelaar() as found:
        yield found


def ontvanger(elders: Verzamelaar, wat: str = "logs", **anders: Any) -> Ontvanger:
    return Ontvanger(naam=wat, url=f"{elders.url}/{wat}", omzetting={"logs": logs, "traces": spans}[wat], **anders)


async def alles(database: Database, naar: Ontvanger, klok: StaandeKlok) -> int:
    """Until the receiver has it all: in how many pieces."""
    stukken = 0
    while await geef_stuk_door(database, naar, BRON, klok.nu()) is not None:
        stukken += 1
    return stukken


async def plaatsen(database: Database) -> list[tuple[str, int]]:
    async with database.snapshot() as snapshot:
        rows = await snapshot.run(lambda c: c.execute(select(log_regel.c.stroom, log_regel.c.seq)).all())
    return sorted((row.stroom.hex, row.seq) for row in rows)


def waarden(record: Any) -> dict[str, Any]:
    """The plain values of a log record."""
    return {each.key: each.value.int_value or each.value.string_value for each in record.body.kvlist_value.values}


def gekregen(elders: Verzamelaar) -> list[tuple[str, int]]:
    return sorted((waarden(record)["stroom"], waarden(record).get("volgnummer") or 0) for record in elders.logs)


async def test_every_entry_of_every_stream_arrives_once_and_later_only_what_is_new(
    logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak, logboek_elders: Verzamelaar
) -> None:
    naar = ontvanger(logboek_elders, token="geheim")
    await journal.record(*(regel(n) for n in range(STUK + 20)))
    await journal.transact(lambda _: (None, [regel(1)]))
    async with logboek.snapshot() as snapshot:
        assert await snapshot.run(lambda c: te_gaan(c, ontvanger=naar.naam)) == STUK + 23
    assert await alles(logboek, naar, klok) == 3
    assert gekregen(logboek_elders) == await plaatsen(logboek)
    assert all("authorization: bearer geheim\r\n" in kop.lower() for kop in logboek_elders.koppen)
    await journal.record(regel(5))
    assert await alles(logboek, naar, klok) == 1
    assert gekregen(logboek_elders) == await plaatsen(logboek)
    keten = {(w["stroom"], w.get("volgnummer") or 0): w for w in map(waarden, logboek_elders.logs)}
    for (stroom, seq), each in keten.items():
        assert each.get("vorige_hash", "") == (keten[stroom, seq - 1]["hash"] if seq else "")


async def test_each_resident_is_a_span_with_the_trace_of_the_request(
    logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak, logboek_elders: Verzamelaar
) -> None:
    drie = tuple(Betrokkene(UUID(int=n), ()) for n in (1, 2, 3))
    await journal.record(regel(activiteit="X", trace="a" * 32, span="b" * 16, ouder="c" * 16, betrokkenen=drie))
    assert await alles(logboek, ontvanger(logboek_elders, "traces"), klok) == 1
    actie, *onder = logboek_elders.spans
    assert (actie.trace_id.hex(), actie.span_id.hex(), actie.parent_span_id.hex()) == ("a" * 32, "b" * 16, "c" * 16)
    assert [span.parent_span_id.hex() for span in onder] == ["b" * 16] * 3
    refs = [{a.key: a.value.string_value for a in span.attributes}.get("dpl.core.data_subject_id") for span in onder]
    assert refs == [UUID(int=n).hex for n in (1, 2, 3)]


async def test_an_entry_with_marks_that_are_none_holds_up_nothing(
    logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak, logboek_elders: Verzamelaar
) -> None:
    await journal.record(regel(1, trace="geen spoor", activiteit="X"), regel(1, span="ZZ", ouder="\u0660" * 16, activiteit="X"))
    for wat in ("logs", "traces"):
        assert await alles(logboek, ontvanger(logboek_elders, wat), klok) == 1
    assert {len(span.trace_id) for span in logboek_elders.spans} == {16}
    assert {len(span.span_id) for span in logboek_elders.spans} == {8}


@pytest.mark.parametrize(
    "antwoord",
    [
        Gezegd(503), Gezegd(400), Gezegd(302), Gezegd(200, b'{"partialSuccess":{"rejectedLogRecords":"1"}}'), Gezegd(200, b"[]"),
        Gezegd(200, b"\xff"), Gezegd(200, b'{"partialSuccess":{"rejectedLogRecords":"veel"}}'),
    ],
    ids=["away", "bad", "redirect", "partly", "list", "bytes", "words"],
)  # fmt: skip
async def test_what_is_not_taken_is_offered_again_and_nothing_is_skipped(
    logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak, logboek_elders: Verzamelaar, antwoord: Gezegd
) -> None:
    await journal.record(regel(1))
    logboek_elders.antwoorden.append(antwoord)
    with pytest.raises(Doorgevenmislukt) as error:
        await alles(logboek, ontvanger(logboek_elders), klok)
    assert "spoor" not in str(error.value)
    logboek_elders.logs.clear()
    assert await alles(logboek, ontvanger(logboek_elders), klok) == 1
    assert gekregen(logboek_elders) == await plaatsen(logboek)


async def test_a_message_of_a_receiver_beside_its_success_is_no_refusal(
    logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak, logboek_elders: Verzamelaar
) -> None:
    await journal.record(regel(1))
    logboek_elders.antwoorden.append(Gezegd(200, b'{"partialSuccess":{"errorMessage":"let op"}}'))
    assert await alles(logboek, ontvanger(logboek_elders), klok) == 1


async def test_two_that_pass_on_at_once_skip_nothing_and_never_go_back(
    logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak, logboek_elders: Verzamelaar
) -> None:
    await journal.record(*(regel(n) for n in range(3 * STUK)))
    await asyncio.gather(*(alles(logboek, ontvanger(logboek_elders), klok) for _ in range(2)))
    assert sorted(set(gekregen(logboek_elders))) == await plaatsen(logboek)
    assert await geef_stuk_door(logboek, ontvanger(logboek_elders), BRON, klok.nu()) is None


async def test_nobody_there_is_no_success(logboek: Database, journal: Journal, klok: StaandeKlok, regel: Maak) -> None:
    await journal.record(regel(1))
    with pytest.raises(UitgaandMislukt):
        await geef_stuk_door(logboek, ontvanger(Verzamelaar("http://127.0.0.1:1")), BRON, klok.nu())


@pytest.mark.parametrize("url", ["http://logboek.example/v1", "https://"], ids=["plain", "none"])
def test_an_address_that_can_not_be_used_stops_the_start(url: str) -> None:
    with pytest.raises(OpstartFout, match="adres"):
        Levering.van(Loginstellingen.model_construct(otlp_audit_url=url, otlp_url=None), NIETS)


@pytest.mark.parametrize("inhoud", ["", "twee woorden", "één", "regel\nregel"], ids=["empty", "words", "letters", "lines"])
def test_a_token_that_is_none_stops_the_start_and_a_good_one_is_for_its_owner_alone(tmp_path: Path, inhoud: str) -> None:
    file = tmp_path / "token"
    file.write_text(inhoud)
    file.chmod(0o600)
    log = Loginstellingen(otlp_url="https://logboek.example/v1/traces", otlp_token_file=file)
    with pytest.raises(OpstartFout, match="otlp_token_file"):
        Levering.van(log, NIETS)
    file.write_text("abc.DEF-123==\n")
    (found,) = Levering.van(log, NIETS).ontvangers
    assert (found.naam, found.token) == ("ldv", "abc.DEF-123==")
    file.chmod(0o644)
    with pytest.raises(OpstartFout):
        Levering.van(log, NIETS)
    with pytest.raises(OpstartFout, match="otlp_token_file"):
        Levering.van(Loginstellingen(otlp_url="https://logboek.example/v1", otlp_token_file=tmp_path / "weg"), NIETS)
