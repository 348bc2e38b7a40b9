"""Check 8: rows past the day on which they may go, destruction that nobody approved from a list, and backups that were put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Date, or_, select

from wijkwerk.kalender.termijnen import begin_van, na_termijn
from wijkwerk.klok import dag
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.query import Cursor
from wijkwerk.log.tables import log_regel
from wijkwerk.records.declare import PersonRecord, Record, subject_of
from wijkwerk.sleutelbeheer.vernietiging import Vernietiging
from wijkwerk.storage.columns import Tijdstip
from wijkwerk.toezicht.controles.controle import (
    Blik,
    Controle,
    Onderdeel,
    Treffer,
    alleen,
    met_pseudoniem,
    na_elkaar,
    op_volgorde,
    per_rij,
)

OVER_DATUM, NIET_TE_BEPALEN, ZONDER_LIJST, TERUGGEZET = "OVER_DATUM", "DATUM_NIET_TE_BEPALEN", "ZONDER_LIJST", "TERUGGEZET"
_DAG: Final = timedelta(days=1)


def uiterste_begin(vandaag: date, termijn: str) -> date:
    """The last day on which a term can have begun that is over by now."""
    begin = vandaag
    while na_termijn(begin, termijn) > vandaag:
        begin -= max(_DAG, (na_termijn(begin, termijn) - vandaag) / 2)
    while na_termijn(begin + _DAG, termijn) <= vandaag:
        begin += _DAG
    return begin


def met_datum(record: type[Record]) -> bool:
    """Whether the start of its term is a moment or day in the row itself."""
    return record.retention.vanaf in record.tabel().c and isinstance(record.tabel().c[record.retention.vanaf].type, Date | Tijdstip)


def _over_datum(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Record by record, in the order of their tables."""
    records = sorted((each for each in blik.catalogue.records if met_datum(each)), key=lambda each: each.__tablename__)
    return na_elkaar([partial(_van, blik, each) for each in records], na)


def _van(blik: Blik, record: type[Record], na: str) -> Iterator[tuple[str, Treffer]]:
    tabel, begin = record.tabel(), uiterste_begin(dag(blik.nu), record.retention.termijn)
    kolom = tabel.c[record.retention.vanaf]
    grens: date | datetime = begin if isinstance(kolom.type, Date) else begin_van(begin + _DAG)
    voorbij = (tabel.c.gemeente_id == blik.gemeente, kolom <= grens if isinstance(kolom.type, Date) else kolom < grens)
    if issubclass(record, PersonRecord):
        statement = met_pseudoniem(tabel, kolom.label("begin"), persoon=subject_of(record))
    else:
        statement = select(tabel.c.id, kolom.label("begin"))
    return per_rij(blik, tabel, statement.where(*voorbij), na, partial(_treffers, record))


def _treffers(record: type[Record], rij: Any) -> Iterator[Treffer]:
    wie: UUID | None = getattr(rij, "pseudoniem", None)
    kenmerken = (f"begin {rij.begin:%Y-%m-%d}", record.retention.termijn, record.retention.selectielijst)
    yield Treffer(onderdeel=OVER_DATUM, pseudoniemen=alleen(wie), soort=record.__name__, nummer=rij.id, kenmerken=kenmerken)


def _niet_te_bepalen(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Kinds of rows whose term begins with something that does not stand in the row."""
    records = sorted((each for each in blik.catalogue.records if not met_datum(each)), key=lambda each: each.__name__)
    return op_volgorde(
        (
            Treffer(onderdeel=NIET_TE_BEPALEN, soort=each.__name__, kenmerken=(each.retention.termijn, each.retention.vanaf))
            for each in records
        ),
        na,
    )


def _vernietigd(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    tabel = Vernietiging.tabel()
    v = tabel.c
    in_periode = (v.gemeente_id == blik.gemeente, v.vernietigd >= blik.van, v.vernietigd < blik.tot)

    def treffers(rij: Any) -> Iterator[Treffer]:
        yield Treffer(
            onderdeel=ZONDER_LIJST, tijdstip=rij.vernietigd, gebruiker=rij.door_id, pseudoniemen=(rij.pseudoniem,), soort="Vernietiging",
            nummer=rij.id, kenmerken=(f"sleutels {rij.sleutels}",),
        )  # fmt: skip

    statement = select(v.id, v.vernietigd, v.door_id, v.pseudoniem, v.sleutels).where(*in_periode)
    return per_rij(blik, tabel, statement, na, treffers)


def _teruggezet(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Entries of the installation: a backup holds every municipality."""
    r = log_regel.c
    waar = (or_(r.gemeente_id.is_(None), r.gemeente_id == blik.gemeente), r.gebeurtenis == Gebeurtenis.TERUGGEZET.value)
    statement = select(r.tijdstip, r.stroom, r.seq, r.body).where(*waar, r.tijdstip >= blik.van, r.tijdstip < blik.tot)
    rijen = blik.connection.execute(statement.order_by(r.tijdstip, r.stroom, r.seq)).all()
    return op_volgorde(
        (
            Treffer(
                onderdeel=TERUGGEZET, tijdstip=rij.tijdstip, plek=Cursor(rij.tijdstip, rij.stroom, rij.seq),
                kenmerken=(orjson.loads(rij.body).get("onderdeel", ""),),
            )
            for rij in rijen
        ),
        na,
    )  # fmt: skip


CONTROLE: Final = Controle(
    nummer=8,
    code="BEWAREN_EN_VERNIETIGEN",
    vraag="Wat staat er nog terwijl het weg mag, wat is vernietigd zonder lijst, en is er een reservekopie teruggezet?",
    uitleg="Bewaartermijnen tellen vanaf de dag die in de rij staat. Een lijst die iemand vooraf goedkeurt, kent dit systeem nog niet.",
    onderdelen=(
        Onderdeel(OVER_DATUM, "De bewaartermijn is voorbij en de rij is er nog"),
        Onderdeel(NIET_TE_BEPALEN, "Een soort rijen waarvan het begin van de termijn niet in de rij staat", afwijking=False),
        Onderdeel(ZONDER_LIJST, "Sleutels vernietigd zonder vooraf goedgekeurde lijst"),
        Onderdeel(TERUGGEZET, "Een reservekopie is teruggezet: daarvoor kan een gat in het log zitten"),
    ),
    bronnen=(_over_datum, _niet_te_bepalen, _vernietigd, _teruggezet),
)
