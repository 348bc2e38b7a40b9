"""What an entry is as bytes, and what its columns are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.log.chain import certificate_message, entry_hash, head_message, start_hash
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Logsoort, Resultaat
from wijkwerk.log.index import kolommen
from wijkwerk.log.partities import maand_van

EPOCH = datetime.fromisoformat("1970-01-02")
Maak = Callable[..., Logregel]


def test_the_body_is_canonical_and_leaves_out_what_is_empty(regel: Maak) -> None:
    body = regel(1, betrokkenen=(), gemeente=None, gebruiker=None, trace="").body("abc", 4)
    assert body == (
        b'{"actie":"R","gebeurtenis":"LEZEN","resultaat":"GESLAAGD","seq":4,"stream":"abc",'
        b'"tijdstip":"2027-03-15T09:30:00.000000+00:00","v":2}'
    )


def test_the_moment_is_written_in_utc_and_decides_the_month(regel: Maak) -> None:
    late = datetime(2027, 4, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    inhoud = orjson.loads(regel(1, tijdstip=late).body("a", 0))
    assert inhoud["tijdstip"] == "2027-03-31T23:30:00.000000+00:00"
    assert kolommen(inhoud)["periode"] == "2027-03" == maand_van(late)


def test_a_moment_without_a_timezone_is_refused(regel: Maak) -> None:
    with pytest.raises(ValueError, match="timezone"):
        regel(1, tijdstip=EPOCH).body("a", 0)


@given(
    st.sampled_from(Gebeurtenis),
    st.sampled_from(Resultaat),
    st.none() | st.uuids(),
    st.none() | st.uuids(),
    st.none() | st.uuids(),
    st.sampled_from((None, "TOEZICHT")),
    st.datetimes(min_value=EPOCH, timezones=st.timezones(), allow_imaginary=False),
)
def test_the_columns_follow_from_the_body(
    gebeurtenis: Gebeurtenis,
    resultaat: Resultaat,
    gemeente: UUID | None,
    gebruiker: UUID | None,
    organisatie: UUID | None,
    activiteit: str | None,
    tijdstip: datetime,
) -> None:
    regel = Logregel(
        gebeurtenis=gebeurtenis, actie=Actie.READ, resultaat=resultaat, tijdstip=tijdstip, gemeente=gemeente, gebruiker=gebruiker,
        organisatie=organisatie, activiteit=activiteit, doelen=("A", "B") if activiteit else (),
    )  # fmt: skip
    assert kolommen(orjson.loads(regel.body("a", 0))) == {
        "periode": maand_van(tijdstip),
        "tijdstip": tijdstip.astimezone(UTC),  # in an hour that comes twice, no time is equal to one in another zone (PEP 495)
        "gemeente_id": gemeente,
        "gebruiker": gebruiker,
        "organisatie": organisatie,
        "activiteit": activiteit,
        "doelen": " A B " if activiteit else "",
        "gebeurtenis": gebeurtenis,
        "resultaat": resultaat,
    }


def test_the_chain_has_the_published_formulas() -> None:
    stroom, key = UUID(int=1), bytes(32)
    named = b"00000000000000000000000000000001\n" + key
    inzage, aanmelding = Logsoort.INZAGE, Logsoort.AANMELDING
    assert start_hash(inzage, stroom, key) == sha256(b"wijkwerk-log-stroom/1\n" + named).digest()
    assert start_hash(aanmelding, stroom, key) == sha256(b"wijkwerk-log-stroom-aanmelding/1\n" + named).digest()
    assert entry_hash(b"p" * 32, b"x") == sha256(b"\x00" + b"p" * 32 + b"x").digest()
    assert certificate_message(inzage, stroom, key) == b"wijkwerk-log-certificaat/1\n" + named
    assert certificate_message(aanmelding, stroom, key) == b"wijkwerk-log-certificaat-aanmelding/1\n" + named
    assert head_message(stroom, 2, key) == b"wijkwerk-log-kop/1\n00000000000000000000000000000001\n" + b"\0" * 7 + b"\x02" + key
