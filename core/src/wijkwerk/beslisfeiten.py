"""The facts of who may decide for a resident, read under the scope of who asks, in as many statements for everybody (domain.md 2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import not_, select

from wijkwerk.access import scope
from wijkwerk.access.register import FAMILIE
from wijkwerk.beslissen import Beslissing, Feiten, Gezagfeit, Wie, beslis
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gezag import Gezag
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord
from wijkwerk.records.geldigheid import geldig
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import LAATSTE_JAAR
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Ouderblokkade, Vertegenwoordiging, Wilsoordeel

_GEZAGDRAGERS = frozenset({Hoedanigheid.OUDER, Hoedanigheid.VOOGD})


def wie_mag_beslissen(reader: Reader, handeling: Handeling, persoon: UUID, datum: date | None = None) -> Beslissing | None:
    """Who may decide or ask this for a resident on a day (today unless given); None for a resident absent or out of reach.

    Raises GeenRecht, and OngeldigeInvoer for a day before birth.
    """
    found = feiten(reader, handeling, persoon, datum or reader.actor.vandaag)
    return None if found is None else beslis(found)


def feiten(reader: Reader, handeling: Handeling, persoon: UUID, datum: date) -> Feiten | None:
    """What the actor may know on which to decide; None for a resident absent or out of reach. Seven statements.

    What a resident's record says about death is sure only when nothing of it was held back.
    """
    rij = reader.one(Persoon, ("geboortedatum", "overlijdensdatum"), persoon)
    if rij is None:
        return None
    if datum.year > LAATSTE_JAAR or (rij.geboortedatum is not None and datum < rij.geboortedatum.eerste()):
        raise OngeldigeInvoer("Op deze dag leeft de inwoner niet. Controleer de dag.", veld="datum")
    gezag = _op(reader, Gezag, ("soort", "in_onderzoek"), persoon, datum)
    vertegenwoordigers = [_vertegenwoordiger(rij) for rij in _op(reader, Vertegenwoordiging, _VERT, persoon, datum)]
    ouders = [_gezagdrager(rij) for rij in _op(reader, Relatie, ("ander_id", "soort", "gezag"), persoon, datum) if rij.gezag]
    blokkades = _op(reader, Ouderblokkade, ("ouder_id", "naam"), persoon, datum)
    return Feiten(
        handeling=handeling,
        datum=datum,
        geboren=rij.geboortedatum,
        overleden=rij.overlijdensdatum,
        zichtbaar=not rij.beperkt and not _geweigerd(reader) and _ziet_familie(reader, persoon),
        gezag=tuple(Gezagfeit(rij.soort, rij.in_onderzoek) for rij in gezag),
        gezagdragers=_uniek([*ouders, *(wie for wie in vertegenwoordigers if wie.hoedanigheid in _GEZAGDRAGERS)]),
        anderen=_uniek([wie for wie in vertegenwoordigers if wie.hoedanigheid not in _GEZAGDRAGERS]),
        in_staat=_oordeel(reader, handeling, persoon, datum),
        geblokkeerd=frozenset(rij.ouder_id or rij.naam for rij in blokkades),
    )


_VERT = ("vertegenwoordiger_id", "naam", "hoedanigheid")


def _op(reader: Reader, record: type[PersonRecord], velden: Sequence[str], persoon: UUID, datum: date) -> list[Any]:
    return [rij for rij in reader.by_key(record, (*velden, "van", "tot"), "persoon_id", [persoon]) if geldig(rij, datum)]


def _vertegenwoordiger(rij: Any) -> Wie:
    return Wie(rij.hoedanigheid, rij.vertegenwoordiger_id, rij.naam)


def _gezagdrager(rij: Any) -> Wie:
    """Who holds gezag and is no parent is a guardian."""
    return Wie(Hoedanigheid.OUDER if rij.soort is Relatiesoort.OUDER else Hoedanigheid.VOOGD, rij.ander_id)


def _uniek(wie: Sequence[Wie]) -> tuple[Wie, ...]:
    """Everybody once, though recorded as relation and as representative; who is hidden can't be compared."""
    gezien = dict.fromkeys(each for each in wie if each.zichtbaar)
    return (*gezien, *(each for each in wie if not each.zichtbaar))


def _oordeel(reader: Reader, handeling: Handeling, persoon: UUID, datum: date) -> bool | None:
    """The newest judgement of this act up to the day."""
    rijen = reader.by_key(Wilsoordeel, ("handeling", "in_staat", "op"), "persoon_id", [persoon])
    geldend = [(rij.op, rij.id, rij.in_staat) for rij in rijen if rij.handeling == handeling and rij.op <= datum]
    return max(geldend)[2] if geldend else None


def _geweigerd(reader: Reader) -> bool:
    """Whether the policy hides anything of these facts from the actor: a block without its parent, or a last day that is not seen, would
    let in who may not.
    """
    soorten = {record.__name__ for record in (Gezag, Vertegenwoordiging, Relatie, Ouderblokkade, Wilsoordeel)}
    return any(veld.partition(".")[0] in soorten for veld in reader.actor.geweigerd)


def _ziet_familie(reader: Reader, persoon: UUID) -> bool:
    """Whether the actor's own door to this resident shows family and representatives: nothing found then means that nothing is there.

    It asks about the actor, not about rows: it can't tell that there is something hidden.
    """
    rij = Persoon.tabel().alias()
    deur = scope.open_door(Persoon, rij, FAMILIE.code)
    open_ = scope.reaches(Persoon, rij, deur, Gezag.niveau)
    statement = select(rij.c.id).select_from(rij).join(deur.winner, deur.join)
    statement = statement.where(scope.in_gemeente(rij), rij.c.id == persoon, open_, not_(scope.hidden(Persoon, rij)))
    return reader.connection.execute(statement, scope.parameters(reader.actor, schrijvend=False)).first() is not None
