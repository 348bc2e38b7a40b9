"""Check 9: quick signs that the log is not whole, of the whole installation; `wijkwerk log verify` is the full verification.

The newest entries, after the last checkpoint, are checked as the checkpointer does it: signed heads, hashes and numbers. Of older ones only
whether the last of each stream of the period is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import func, or_, select

from wijkwerk.log.controle import ONDERDEEL
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.log.journal import LEVENSDUUR
from wijkwerk.log.partities import maand_van
from wijkwerk.log.query import Cursor
from wijkwerk.log.segments import Beschadigd, cut, uncut
from wijkwerk.log.tables import log_checkpoint, log_getuige, log_kop, log_regel, log_segment, log_stroom, log_vervallen
from wijkwerk.toezicht.controles.controle import Blik, Controle, Onderdeel, Treffer, op_volgorde

BESCHADIGD, GAT, NIET_GESLOTEN, KLOK, CHECKPOINT, GETUIGE, GEEN_GETUIGE, GECONTROLEERD, NIET_GECONTROLEERD = (
    "BESCHADIGD", "EINDE_ONTBREEKT", "NIET_GESLOTEN", "KLOK_TERUG", "CHECKPOINT_OUD", "GETUIGE_ACHTER", "GEEN_GETUIGE", "GECONTROLEERD",
    "NIET_GECONTROLEERD",
)  # fmt: skip
HOOGSTENS: Final = 2_000
"""Entries of one stream whose hashes are worked out anew, and streams that are looked at."""
CHECKPOINT_NA, GETUIGE_NA, STROOM_LEEFT, CONTROLE_NA, KLOK_SPELING = (
    timedelta(minutes=5), timedelta(hours=1), LEVENSDUUR + timedelta(hours=1), timedelta(days=31), timedelta(minutes=5)
)  # fmt: skip


def _einden(blik: Blik) -> Iterator[Treffer]:
    """What was written since the last checkpoint, each stream by itself."""
    for kop in uncut(blik.connection)[:HOOGSTENS]:
        try:
            cut(blik.connection, blik.sleutel, kop, HOOGSTENS)
        except Beschadigd as fout:
            yield Treffer(onderdeel=BESCHADIGD, soort="Stroom", nummer=kop.id, kenmerken=(str(fout),))


def _stromen(blik: Blik) -> Iterator[Treffer]:
    """Streams that began in the period: whether their last entry is there, and whether who stopped writing said so."""
    s, k, r = log_stroom.c, log_kop.c, log_regel.c
    laatste = select(r.seq).where(r.stroom == s.id).order_by(r.seq.desc()).limit(1).scalar_subquery()
    statement = (
        select(s.id, s.soort, s.geopend, s.gesloten, k.seq, laatste.label("laatste"))
        .select_from(log_stroom.outerjoin(log_kop, k.stroom == s.id))
        .where(s.geopend >= blik.van, s.geopend < blik.tot)
    )
    vervallen = dict(blik.connection.execute(select(log_vervallen.c.soort, func.max(log_vervallen.c.tot_en_met)).group_by("soort")).all())
    for rij in blik.connection.execute(statement.order_by(s.geopend, s.id).limit(HOOGSTENS)):
        weg = rij.laatste is None and maand_van(rij.geopend) <= str(vervallen.get(rij.soort, ""))
        if rij.laatste != rij.seq and not weg:
            yield _stroom(GAT, rij, f"regel {rij.seq}")
        if not rij.gesloten and rij.geopend + STROOM_LEEFT < blik.nu:
            yield _stroom(NIET_GESLOTEN, rij)


def _stroom(onderdeel: str, rij: Any, *kenmerken: str) -> Treffer:
    return Treffer(onderdeel=onderdeel, tijdstip=rij.geopend, soort="Stroom", nummer=rij.id, kenmerken=(rij.soort, *kenmerken))


def _klok(blik: Blik) -> Iterator[Treffer]:
    """Checkpoints that are larger than one before, yet older; and entries of a time that is still to come."""
    c, r = log_checkpoint.c, log_regel.c
    vorige = func.lag(c.tijdstip, type_=c.tijdstip.type).over(order_by=c.omvang).label("vorige")
    in_periode = select(c.omvang, c.tijdstip, vorige).where(c.tijdstip >= blik.van, c.tijdstip < blik.tot).subquery()
    terug = select(in_periode).where(in_periode.c.tijdstip < in_periode.c.vorige).order_by(in_periode.c.omvang).limit(HOOGSTENS)
    for rij in blik.connection.execute(terug):
        yield Treffer(onderdeel=KLOK, tijdstip=rij.tijdstip, soort="Checkpoint", kenmerken=(f"omvang {rij.omvang}",))
    later = select(r.tijdstip, r.stroom, r.seq).where(r.gemeente_id == blik.gemeente, r.tijdstip > blik.nu + KLOK_SPELING)
    for rij in blik.connection.execute(later.order_by(r.tijdstip, r.stroom, r.seq).limit(HOOGSTENS)):
        yield Treffer(onderdeel=KLOK, tijdstip=rij.tijdstip, plek=Cursor(rij.tijdstip, rij.stroom, rij.seq), kenmerken=("toekomst",))


def _checkpoint(blik: Blik) -> Iterator[Treffer]:
    """The oldest stream with entries that no checkpoint covers, when the last checkpoint was longer ago than it may be."""
    r = log_regel.c
    nieuwste = _nieuwste(blik)
    for kop in uncut(blik.connection)[:HOOGSTENS]:
        eind = select(func.max(log_segment.c.laatste)).where(log_segment.c.stroom == kop.id).scalar_subquery()
        eerste = select(r.tijdstip).where(r.stroom == kop.id, r.seq > func.coalesce(eind, -1)).order_by(r.seq).limit(1)
        wacht: datetime | None = blik.connection.execute(eerste).scalar()
        if wacht is not None and wacht + CHECKPOINT_NA < blik.nu and (nieuwste is None or nieuwste.tijdstip + CHECKPOINT_NA < blik.nu):
            yield Treffer(onderdeel=CHECKPOINT, tijdstip=wacht, soort="Stroom", nummer=kop.id)
            return


def _nieuwste(blik: Blik) -> Any:
    c = log_checkpoint.c
    return blik.connection.execute(select(c.omvang, c.tijdstip).order_by(c.omvang.desc()).limit(1)).first()


def _getuigen(blik: Blik) -> Iterator[Treffer]:
    """Who keeps checkpoints, and misses one that was made some time ago."""
    g, c = log_getuige.c, log_checkpoint.c
    per = select(g.getuige, func.max(g.omvang).label("omvang")).group_by(g.getuige).order_by(g.getuige)
    if not (getuigen := blik.connection.execute(per).all()):
        yield Treffer(onderdeel=GEEN_GETUIGE)
    for rij in getuigen:
        gemist = select(c.omvang, c.tijdstip).where(c.omvang > rij.omvang).order_by(c.omvang).limit(1)
        eerste = blik.connection.execute(gemist).first()
        if eerste is not None and eerste.tijdstip + GETUIGE_NA < blik.nu:
            yield Treffer(onderdeel=GETUIGE, tijdstip=eerste.tijdstip, kenmerken=(rij.getuige, f"omvang {rij.omvang}"))


def _gecontroleerd(blik: Blik) -> Iterator[Treffer]:
    """When somebody last ran the full verification. What came of it is with who ran it: the log says that it was done, not how it ended."""
    r = log_regel.c
    statement = select(r.tijdstip, r.stroom, r.seq, r.body).where(
        or_(r.gemeente_id.is_(None), r.gemeente_id == blik.gemeente), r.gebeurtenis == Gebeurtenis.LOG_BEKEKEN.value,
        r.tijdstip >= blik.nu - CONTROLE_NA,
    )  # fmt: skip
    for rij in blik.connection.execute(statement.order_by(r.tijdstip.desc(), r.stroom.desc(), r.seq.desc()).limit(HOOGSTENS)):
        if orjson.loads(rij.body).get("onderdeel") == ONDERDEEL:
            yield Treffer(onderdeel=GECONTROLEERD, tijdstip=rij.tijdstip, plek=Cursor(rij.tijdstip, rij.stroom, rij.seq))
            return
    yield Treffer(onderdeel=NIET_GECONTROLEERD)


def _bron(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    stappen = (_einden, _stromen, _klok, _checkpoint, _getuigen, _gecontroleerd)
    return op_volgorde((treffer for stap in stappen for treffer in stap(blik)), na)


CONTROLE: Final = Controle(
    nummer=9,
    code="LOG_HEEL",
    vraag="Is het log heel, en houdt iemand anders dat bij?",
    uitleg="Een snelle controle van het hele systeem. De volledige controle is de opdracht `wijkwerk log verify`.",
    onderdelen=(
        Onderdeel(BESCHADIGD, "Het nieuwste deel van het log klopt niet: handtekening, nummers of hash"),
        Onderdeel(GAT, "Van een stroom ontbreken de laatste regels"),
        Onderdeel(NIET_GESLOTEN, "Een stroom is na een dag niet gesloten: een proces stopte onverwacht, of schreef niets meer"),
        Onderdeel(KLOK, "De klok liep terug, of een regel ligt in de toekomst"),
        Onderdeel(CHECKPOINT, "Er zijn regels, en al meer dan vijf minuten geen checkpoint"),
        Onderdeel(GETUIGE, "Een getuige mist een checkpoint van meer dan een uur oud"),
        Onderdeel(GEEN_GETUIGE, "Niemand anders bewaart checkpoints"),
        Onderdeel(GECONTROLEERD, "Wanneer de volledige controle voor het laatst is gedaan", afwijking=False),
        Onderdeel(NIET_GECONTROLEERD, "De volledige controle is al een maand niet gedaan"),
    ),
    bronnen=(_bron,),
)
