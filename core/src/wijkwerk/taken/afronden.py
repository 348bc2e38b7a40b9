"""What becomes of a task: done, not done with a reason, handed over, later; and what other services let lapse or hand over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, update

from wijkwerk.errors import GeenRecht, OngeldigeInvoer, VersieVerouderd
from wijkwerk.kalender.dagen import keur_komend
from wijkwerk.meewerken import keur_werkt_mee
from wijkwerk.records.gegevens import alleen, keur_tekst
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Change, Work
from wijkwerk.storage.columns import among
from wijkwerk.taken.maken import organisatie_van
from wijkwerk.taken.taak import AlgemeneTaak, Taak, Taakstatus
from wijkwerk.taken.voor import Voor, keur_zicht

T = TypeVar("T", Taak, AlgemeneTaak)
PLANNING = ("uiterlijk", "herinneren_op")


def gedaan(work: Work, record: type[T], id: UUID, versie: int) -> UUID:
    """The task is done. Who sees it may say so: who it is for, and who works in the same case.

    Raises NietGevonden, VersieVerouderd, GeenRecht, and OngeldigeInvoer for a task that is not open any more.
    """
    _rond_af(work, _open_taak(work, record, id, versie), Taakstatus.GEDAAN)
    return id


def niet_gedaan(work: Work, record: type[T], id: UUID, versie: int, reden: str) -> UUID:
    """The task will not be done, and why. Raises as `gedaan`, and OngeldigeInvoer without a reason."""
    taak = _open_taak(work, record, id, versie)
    taak.reden = keur_tekst(reden, "reden")
    _rond_af(work, taak, Taakstatus.NIET_GEDAAN)
    return id


def herplan(work: Work, record: type[T], id: UUID, versie: int, gegevens: Mapping[str, date | None]) -> UUID:
    """Another last day (`uiterlijk`) or day of a reminder (`herinneren_op`); None is none. It is reminded of anew. Raises as `gedaan`."""
    taak = _open_taak(work, record, id, versie)
    for veld, nieuw in alleen(gegevens, PLANNING).items():
        if nieuw != getattr(taak, veld):
            keur_komend(nieuw, work.actor.vandaag, veld)
            setattr(taak, veld, nieuw)
            taak.herinnerd_op = None
    return id


def geef_door(work: Work, id: UUID, versie: int, naar: Voor) -> UUID:
    """Somebody else does the task, who must see it as well. Raises as `gedaan` and `maken.maak_taak`."""
    taak = _open_taak(work, Taak, id, versie)
    taak.voor_id, taak.voor_soort, taak.voor_rol, taak.herinnerd_op = naar.id, naar.soort, naar.rol, None
    keur_zicht(work, naar, [id])
    return id


def geef_algemene_door(work: Work, id: UUID, versie: int, naar: Voor) -> UUID:
    """The same for a task about no resident. In one statement: who gives it away may not see it any more. Raises as `geef_door`."""
    _open_taak(work, AlgemeneTaak, id, versie)
    t = AlgemeneTaak.tabel()
    values = {"partij_id": naar.id, "verantwoordelijke_id": organisatie_van(work, naar), **_nieuw_voor(t, naar)}
    if not _wijzig(work, AlgemeneTaak, (t.c.id == id, t.c.versie == versie), values):
        raise VersieVerouderd
    return id


def laat_vervallen(work: Work, *, kader: UUID | None = None, bron_id: UUID | None = None, persoon: UUID | None = None) -> int:
    """For core services: the open tasks of a case, or that a source made, or about a resident, lapse; how many.

    What is given together must all hold. Raises GeenRecht, and ValueError when nothing is given.
    """
    given = {"kader_id": kader, "bron_id": bron_id, "persoon_id": persoon}
    asked = {name: value for name, value in given.items() if value is not None}
    if not asked:
        raise ValueError("say which tasks lapse")
    t = Taak.tabel()
    done: dict[str, Any] = {"status": Taakstatus.VERVALLEN, "afgerond_op": work.actor.moment, "afgerond_door_id": work.actor.gebruiker}
    count = _wijzig(work, Taak, [t.c[name] == value for name, value in asked.items()], done | {"versie": t.c.versie + 1})
    if list(asked) == ["bron_id"]:
        a = AlgemeneTaak.tabel()
        count += _wijzig(work, AlgemeneTaak, [a.c.bron_id == bron_id], done | {"versie": a.c.versie + 1})
    return count


def geef_over(work: Work, kader: UUID, van: Collection[UUID], naar: Voor) -> int:
    """For core services: the open tasks of a case that were for these parties are now for `naar`; how many.

    Whether `naar` sees each of them is up to the doors that the same service opens: who does not, has them not on the work list.
    Raises GeenRecht.
    """
    t = Taak.tabel()
    return _wijzig(work, Taak, [t.c.kader_id == kader, among(t.c.voor_id, "van")], {"voor_id": naar.id, **_nieuw_voor(t, naar)}, van=van)


def _open_taak(work: Work, record: type[T], id: UUID, versie: int) -> T:
    taak = work.get(record, id, versie)
    if taak.status is not Taakstatus.OPEN:
        raise OngeldigeInvoer("Deze taak is al afgerond. Maak een nieuwe taak als er nog iets moet gebeuren.", veld="taak")
    if isinstance(taak, Taak) and taak.voor_id not in work.actor.partijen:
        keur_werkt_mee(work, taak.persoon_id, taak.kader_id)
    return taak


def _rond_af(work: Work, taak: Taak | AlgemeneTaak, status: Taakstatus) -> None:
    taak.status, taak.afgerond_op, taak.afgerond_door_id = status, work.actor.moment, work.actor.gebruiker


def _nieuw_voor(t: Any, naar: Voor) -> dict[str, Any]:
    return {"voor_soort": naar.soort, "voor_rol": naar.rol, "herinnerd_op": None, "versie": t.c.versie + 1}


def _wijzig(
    work: Work, record: type[T], where: Collection[ColumnElement[bool]], values: dict[str, Any], **sleutels: Collection[UUID]
) -> int:
    """Change the open tasks that these conditions choose; the log entry says about whom. `values` raises `versie`."""
    work.flush()
    if not work.actor.may(record.schrijven.naam):
        raise GeenRecht
    t = record.tabel()
    chosen = (t.c.gemeente_id == work.actor.gemeente, t.c.status == Taakstatus.OPEN, *where)
    bound = {name: list(ids) for name, ids in sleutels.items()}
    if record is Taak:
        count = len(change_many(work, Taak, chosen, {name: value for name, value in values.items() if name != "versie"}, bound))
    else:
        count = work.core_connection.execute(update(t).where(*chosen).values(values), bound).rowcount
    if count:
        work.changes.add(Change.CHANGED)
    return count
