"""What partners were let in to ends by itself: with the case, with a resident who leaves it, with the consent that it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.betrokkenheden import sluit_bronnen
from wijkwerk.errors import GeenRecht
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.verwijzing import LOPEND, Eindreden, Verwijzing, Verwijzingstatus
from wijkwerk.post.notificeren import notificeer
from wijkwerk.post.soorten import VERWIJZING_GEEINDIGD
from wijkwerk.records.geldigheid import waar_open
from wijkwerk.records.many import change_many
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import among


def eindig_in_kader(work: Work, kader: UUID, personen: Collection[UUID] | None, reden: Eindreden) -> None:
    """End the couplings and referrals of a case that closes, or of residents who leave it (`personen`): the records and their doors.

    Opening the case again does not bring them back: a person decides that. Who may end the case ends what hangs on it. Raises GeenRecht.
    """
    _mag(work)
    k, v, bound = Koppeling.tabel(), Verwijzing.tabel(), {} if personen is None else {"personen": list(personen)}
    values = {"tot": work.actor.moment, "beeindigd_door_id": work.actor.gebruiker}
    binnen = [waar_open(k, work.actor.moment), *_van(k, kader, personen)]
    koppelingen = change_many(work, Koppeling, binnen, values, bound)
    verwijzingen = _beeindig(work, _van(v, kader, personen), reden, bound)
    sluit_bronnen(work, [row.id for row in (*koppelingen, *verwijzingen)])


def eindig_bij_toestemming(work: Work, toestemming: UUID) -> None:
    """End the referrals that rest on a consent that is withdrawn, and their doors. Raises GeenRecht."""
    _mag(work)
    rust_erop = Verwijzing.tabel().c.toestemming_id == toestemming
    sluit_bronnen(work, [row.id for row in _beeindig(work, [rust_erop], Eindreden.TOESTEMMING_INGETROKKEN, {})])


def vertel_partner(work: Work, verwijzingen: Iterable[Any]) -> None:
    """Tell who accepted each of these that it ends, and so that what has no other reason has to go (domain.md 2.4, rule 2)."""
    for each in verwijzingen:
        if each.status is Verwijzingstatus.AANGENOMEN and each.besloten_door_id is not None:
            notificeer(work, each.besloten_door_id, each.organisatie_id, VERWIJZING_GEEINDIGD.code, bron_id=each.id)


def _mag(work: Work) -> None:
    if not work.actor.may(Betrokkenheid.schrijven.naam):
        raise GeenRecht


def _van(t: Any, kader: UUID, personen: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    return [t.c.dossier_id == kader, *([] if personen is None else [among(t.c.persoon_id, "personen")])]


def _beeindig(work: Work, where: Sequence[ColumnElement[bool]], reden: Eindreden, bound: dict[str, Any]) -> Sequence[Any]:
    v = Verwijzing.tabel()
    values = {"status": Verwijzingstatus.BEEINDIGD, "beeindigd_op": work.actor.moment, "eindreden": reden}
    ook = ("status", "organisatie_id", "besloten_door_id")
    rows = change_many(work, Verwijzing, [v.c.status.in_(LOPEND), *where], values, bound, ook=ook)
    vertel_partner(work, rows)
    return rows
