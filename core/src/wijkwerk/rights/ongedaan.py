"""Undoing a merge: two files again, each with what it had, also when both got new rows since (docs/decisions/0009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.exc import IntegrityError

from wijkwerk.bsnindex import LEEG, zet_bsn_index
from wijkwerk.crypto.service_keys import BSN_INDEX
from wijkwerk.dubbelen import heropen
from wijkwerk.geheimhouding import VLAGGEN
from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord, kader_of
from wijkwerk.records.history import Wijziging
from wijkwerk.records.session import Work
from wijkwerk.rights.afgeschermd import blijft_afgeschermd, houd_ander_afgeschermd
from wijkwerk.rights.persoonsgegevens import Stand, hersteld
from wijkwerk.rights.samenvoegen import met_index, vergrendel, zet
from wijkwerk.rights.samenvoeging import Samenvoeging, samenvoegstap
from wijkwerk.rights.toestand import Toestand, geopend, stand
from wijkwerk.rights.verplaatsen import Kolom, SamenvoegenKanNiet, Verplaatst, kolommen, noteer, personenrecords, zet_mee, zet_terug
from wijkwerk.rights.verzegeld import verzegel_opnieuw
from wijkwerk.storage.columns import among

Terug = dict[type[PersonRecord], set[UUID]]
"""Per kind of record the rows that are the other resident's again."""


def maak_ongedaan(work: Work, samenvoeging: UUID, versie: int) -> UUID:
    """Undo a merge of residents, the newest one of this resident first; the id of the merge.

    Every row that was moved goes back, in the state it has now. A field of the resident that the merge changed is restored, unless somebody
    changed it since. What was made since stays, but for what belongs to a case, group or agreement that goes back, or to a row that does.
    Secrecy that was set or lifted since holds for both.
    Raises NietGevonden, GeenRecht, VersieVerouderd, and SamenvoegenKanNiet with what to do first.
    """
    gedaan = work.get(Samenvoeging, samenvoeging, versie)
    blijft, ander = gedaan.persoon_id, gedaan.opgegaan_id
    vergrendel(work, (blijft, ander))
    _keur(work, gedaan)
    toestand = _toestand(work, gedaan)
    gedaan.ongedaan_op, gedaan.ongedaan_door_id = work.actor.moment, work.actor.gebruiker
    _herstel_persoon(work, gedaan, toestand)
    terug = _rijen_terug(work, gedaan, toestand)
    verzegel_opnieuw(work, terug, blijft, ander)
    houd_ander_afgeschermd(work, gedaan)
    heropen(work, toestand.vermoedens)
    _vergeet_toestand(work, gedaan)
    work.gebeurtenis = Gebeurtenis.SPLITSEN
    return gedaan.id


def _keur(work: Work, gedaan: Samenvoeging) -> None:
    if gedaan.ongedaan_op is not None:
        raise SamenvoegenKanNiet("Deze samenvoeging is al ongedaan gemaakt. Haal de inwoner opnieuw op.")
    s, g = Samenvoeging.tabel(), work.actor.gemeente
    running = select(s.c.id).where(s.c.gemeente_id == g, s.c.persoon_id == gedaan.persoon_id, s.c.ongedaan_op.is_(None))
    if work.core_connection.execute(running.order_by(s.c.op.desc(), s.c.id.desc()).limit(1)).scalar() != gedaan.id:
        raise SamenvoegenKanNiet("Deze inwoner is daarna nog eens samengevoegd. Maak eerst de nieuwste samenvoeging ongedaan.")
    known = {record.__tablename__ for record in personenrecords(work.catalogue.records)}
    t = samenvoegstap
    tables = select(t.c.tabel).where(t.c.gemeente_id == g, t.c.samenvoeging_id == gedaan.id).distinct()
    if set(work.core_connection.execute(tables).scalars()) - known:
        raise SamenvoegenKanNiet("Een onderdeel met gegevens van deze inwoner is nu niet geïnstalleerd. Vraag functioneel beheer om hulp.")


def _toestand(work: Work, gedaan: Samenvoeging) -> Toestand:
    plain = geopend(work, gedaan, "toestand")
    if plain is None:
        raise SamenvoegenKanNiet("Wat er voor het samenvoegen stond, is vernietigd. Dit kan niet meer ongedaan worden gemaakt.")
    return Toestand.lees(plain.decode())


def _herstel_persoon(work: Work, gedaan: Samenvoeging, toestand: Toestand) -> None:
    """While the actor still sees the survivor through what the merge brought; afterwards that may be the other's door alone."""
    persoon = work.get_whole(Persoon, gedaan.persoon_id)
    oud = hersteld(stand(work, persoon), toestand.blijft, toestand.gewijzigd)
    for vlag in [vlag for vlag in VLAGGEN if vlag in oud]:
        if blijft_afgeschermd(work, gedaan, VLAGGEN[vlag]):
            del oud[vlag]
    zet(persoon, met_index(work, oud))
    work.flush()
    _vergeet_vorige(work, persoon)
    try:
        zet_bsn_index(work, gedaan.opgegaan_id, _index(work, toestand.gaat_op))
    except IntegrityError:
        raise SamenvoegenKanNiet("Het BSN van de andere inwoner staat nu bij iemand anders. Verbeter dat eerst.") from None
    for id in (gedaan.persoon_id, gedaan.opgegaan_id):
        work.changed(id, Persoon.__name__, Persoon.categorie.code, tuple(sorted(oud)))


def _index(work: Work, gaat_op: Stand) -> Mapping[str, bytes | None]:
    """By what the other is found again. What stood for a BSN (docs/decisions/0018) is kept as long as its key is the first one."""
    if gaat_op["bsn"] is None and work.keyring.rotation.is_first(work.core_connection, work.actor.gemeente, BSN_INDEX):
        return {**LEEG, "bsn_index": gaat_op["bsn_index"]}
    return {name: value for name, value in met_index(work, {"bsn": gaat_op["bsn"]}).items() if name in LEEG}


def _rijen_terug(work: Work, gedaan: Samenvoeging, toestand: Toestand) -> Terug:
    """Move back in the opposite order; then what was made since and belongs to it."""
    van, naar = gedaan.persoon_id, gedaan.opgegaan_id
    terug: Terug = defaultdict(set, {Persoon: {naar}})
    plan = kolommen(work.catalogue.records)
    for kolom in reversed(plan):
        _verwerk(work, kolom, zet_terug(work, kolom, van, naar, gedaan.id), (van, naar), terug)
    own = [kolom for kolom in plan if kolom.van_onderwerp]
    for kolom in sorted(own, key=lambda kolom: kolom.record is Wijziging):  # the history last, when all that goes back is known
        which, values = _hoort_erbij(kolom.record, toestand.kaders, terug)
        _verwerk(work, kolom, zet_mee(work, kolom, van, naar, which, values), (van, naar), terug)
    return terug


def _verwerk(work: Work, kolom: Kolom, moved: list[Verplaatst], personen: tuple[UUID, UUID], terug: Terug) -> None:
    noteer(work, kolom, moved, personen)
    if kolom.van_onderwerp:
        terug[kolom.record].update(row.rij for row in moved)


def _hoort_erbij(record: type[PersonRecord], kaders: Iterable[UUID], terug: Terug) -> tuple[ColumnElement[bool], dict[str, Any]]:
    """What was made since in a kader that was the other's alone, and what is of a row that goes back: a version of a note, its history."""
    t, kader = record.tabel(), kader_of(record)
    ways: list[ColumnElement[bool]] = []
    values: dict[str, Any] = {}
    if kader is not None:
        ways.append(among(t.c[kader], "kaders"))
        values["kaders"] = list(kaders)
    back = {owner.__tablename__: ids for owner, ids in terug.items()}
    for name, veld in record.velden.items():
        if veld.kind == "reference" and back.get(veld.to or ""):
            ways.append(among(t.c[name], f"van_{name}"))
            values[f"van_{name}"] = list(back[str(veld.to)])
    if record is Wijziging:
        for tabel, ids in back.items():
            ways.append(and_(t.c.tabelnaam == tabel, among(t.c.rij_id, f"rijen_{tabel}")))
            values[f"rijen_{tabel}"] = list(ids)
    return or_(false(), *ways), values


def _vergeet_vorige(work: Work, persoon: Persoon) -> None:
    """What stood in the survivor's fields until now is the other's: it does not stay in the survivor's history, under the survivor's key.

    That those fields were changed, when and by whom does stay.
    """
    w = Wijziging.tabel()
    laatste = (w.c.tabelnaam == Persoon.__tablename__, w.c.rij_id == persoon.id, w.c.nummer == persoon.versie)
    work.core_connection.execute(update(w).where(w.c.gemeente_id == work.actor.gemeente, *laatste).values(oud=None))


def _vergeet_toestand(work: Work, gedaan: Samenvoeging) -> None:
    """Both files say themselves again what they are: no copy of the other's data stays with the survivor."""
    work.flush()
    s = Samenvoeging.tabel()
    work.core_connection.execute(update(s).where(s.c.gemeente_id == work.actor.gemeente, s.c.id == gedaan.id).values(toestand=None))
