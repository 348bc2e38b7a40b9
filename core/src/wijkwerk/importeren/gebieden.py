"""Areas and postcodes from a file into the register: all of the file or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.gebieden import Gebied, Gebiedsoort, gebied_postcode
from wijkwerk.gebiedsbeheer import INVOER, WIJZIGBAAR, Boom, Knoop, lees_boom, neem_beurt
from wijkwerk.importeren.gebiedenbestand import Gebiedsregel, Postcoderegel, Regelfouten
from wijkwerk.importeren.regel import RegelFout
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

_LAGEN = list(Gebiedsoort)


@dataclass(frozen=True, slots=True)
class Uitslag:
    """What a file did, or would do. `niet_genoemd`: what is in the register and not in the file, and was left alone."""

    nieuw: int
    gewijzigd: int
    gelijk: int
    niet_genoemd: tuple[str, ...]


def bekijk_gebieden(connection: Connection, gemeente: UUID, regels: Sequence[Gebiedsregel]) -> Uitslag:
    """What these rows would do. Raises `Regelfouten`."""
    return _Plan.maak(lees_boom(connection, gemeente), regels).uitslag()


def schrijf_gebieden(work: Work, regels: Sequence[Gebiedsregel]) -> Uitslag:
    """A unit: put these areas in the register. Raises GeenRecht and `Regelfouten`; then nothing was written."""
    plan = _Plan.maak(neem_beurt(work), regels)
    for knoop in plan.nieuw:
        work.add(Gebied(id=knoop.id, **{name: getattr(knoop, name) for name in INVOER}))
    work.flush()
    for knoop in plan.gewijzigd:
        gebied = work.get(Gebied, knoop.id, knoop.versie)
        for name in WIJZIGBAAR:
            setattr(gebied, name, getattr(knoop, name))
    return plan.uitslag()


@dataclass(slots=True)
class _Plan:
    """The tree as it will be, and what has to be written for it: what lies higher goes first."""

    nieuw: list[Knoop]
    gewijzigd: list[Knoop]
    gelijk: int
    niet_genoemd: tuple[str, ...]

    @classmethod
    def maak(cls, boom: Boom, regels: Sequence[Gebiedsregel]) -> _Plan:
        eerder, genoemd, fouten = dict(boom.knopen), dict[UUID, Gebiedsregel](), list[RegelFout]()
        for regel in sorted(regels, key=lambda one: _LAGEN.index(one.soort)):
            with _bij_regel(fouten, regel.nummer):
                knoop = _knoop(boom, regel)
                if knoop.id in genoemd:
                    raise OngeldigeInvoer(f"Dit gebied staat ook op regel {genoemd[knoop.id].nummer}. Laat er één over.", veld="code")
                genoemd[knoop.id] = regel
                boom.zet(knoop)
        for id, regel in genoemd.items():
            with _bij_regel(fouten, regel.nummer):
                boom.keur(boom.knopen[id])
        if fouten:
            raise Regelfouten(sorted(fouten, key=lambda fout: fout.regel))
        na = [boom.knopen[id] for id in genoemd]
        gewijzigd = [knoop for knoop in na if knoop.id in eerder and knoop != eerder[knoop.id]]
        nieuw = [knoop for knoop in na if knoop.id not in eerder]
        over = tuple(sorted(knoop.code for id, knoop in eerder.items() if id not in genoemd))
        return cls(nieuw, gewijzigd, len(na) - len(nieuw) - len(gewijzigd), over)

    def uitslag(self) -> Uitslag:
        return Uitslag(len(self.nieuw), len(self.gewijzigd), self.gelijk, self.niet_genoemd)


class _bij_regel:
    """Remembers what is wrong with a row, and goes on with the next."""

    def __init__(self, fouten: list[RegelFout], nummer: int) -> None:
        self._fouten, self._nummer = fouten, nummer

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, OngeldigeInvoer):
            veld = (error.veld or "regel").removesuffix("_id")
            self._fouten.append(RegelFout(self._nummer, veld, error.melding))
        return isinstance(error, OngeldigeInvoer)


def _knoop(boom: Boom, regel: Gebiedsregel) -> Knoop:
    """The area of a row: the one that began on the same day, or else the one with its code that holds at some time of its own."""
    boven = None
    if regel.bovenliggend is not None:
        groter = boom.op(regel.bovenliggend, regel.van) or (regel.tot and boom.op(regel.bovenliggend, regel.tot))
        if not groter:
            raise OngeldigeInvoer("Dit grotere gebied is er niet op de begindatum. Zet het ook in het bestand.", veld="bovenliggend")
        boven = groter.id
    made = Knoop(nieuw_id(), 0, regel.code, regel.naam, regel.soort, regel.herkomst, boven, regel.van, regel.tot)
    zelfde = list(boom.per_code.get(regel.code, {}).values())
    found = next((knoop for knoop in zelfde if knoop.van == regel.van), None) or next((k for k in zelfde if k.overlapt(made)), None)
    return made if found is None else replace(made, id=found.id, versie=found.versie)


def bekijk_postcodes(connection: Connection, gemeente: UUID, regels: Sequence[Postcoderegel]) -> Uitslag:
    """What these rows would do. Raises `Regelfouten`."""
    return _vergelijk(_postcodes(connection, gemeente), _buurten(lees_boom(connection, gemeente), regels))[0]


def schrijf_postcodes(work: Work, regels: Sequence[Postcoderegel]) -> Uitslag:
    """A unit: put the neighbourhoods of these postcodes in the register. Raises GeenRecht and `Regelfouten`; then nothing was written."""
    boom, gemeente = neem_beurt(work), work.actor.gemeente
    uitslag, nieuw, anders = _vergelijk(_postcodes(work.core_connection, gemeente), _buurten(boom, regels))
    if nieuw:
        rows = [{"gemeente_id": gemeente, "postcode": postcode, "gebied_id": id} for postcode, id in nieuw.items()]
        work.core_connection.execute(insert(gebied_postcode), rows)
    for postcode, id in anders.items():
        own = (gebied_postcode.c.gemeente_id == gemeente) & (gebied_postcode.c.postcode == postcode)
        work.core_connection.execute(update(gebied_postcode).where(own).values(gebied_id=id))
    return uitslag


def _postcodes(connection: Connection, gemeente: UUID) -> dict[str, UUID]:
    t = gebied_postcode.c
    rows = connection.execute(select(t.postcode, t.gebied_id).where(t.gemeente_id == gemeente)).all()
    return {row.postcode: row.gebied_id for row in rows}


def _buurten(boom: Boom, regels: Iterable[Postcoderegel]) -> dict[str, UUID]:
    """The neighbourhood of each postcode. Raises `Regelfouten`."""
    found: dict[str, UUID] = {}
    fouten: list[RegelFout] = []
    for regel in regels:
        with _bij_regel(fouten, regel.nummer):
            if regel.postcode.waarde in found:
                raise OngeldigeInvoer("Deze postcode staat er al. Laat er één over.", veld="postcode")
            found[regel.postcode.waarde] = _buurt(boom, regel.gebied).id
    if fouten:
        raise Regelfouten(fouten)
    return found


def _buurt(boom: Boom, code: str) -> Knoop:
    """The neighbourhood with this code, the newest when there were more."""
    found = max(boom.per_code.get(code, {}).values(), key=lambda knoop: knoop.van, default=None)
    if found is None:
        raise OngeldigeInvoer("Dit gebied is er niet. Lees eerst de gebieden in.", veld="gebied")
    if found.soort is not Gebiedsoort.BUURT:
        raise OngeldigeInvoer("Een postcode hoort bij een buurt, niet bij een wijk of gemeente.", veld="gebied")
    return found


def _vergelijk(eerder: dict[str, UUID], nu: dict[str, UUID]) -> tuple[Uitslag, dict[str, UUID], dict[str, UUID]]:
    nieuw = {postcode: id for postcode, id in nu.items() if postcode not in eerder}
    anders = {postcode: id for postcode, id in nu.items() if eerder.get(postcode, id) != id}
    over = tuple(sorted(postcode for postcode in eerder if postcode not in nu))
    return Uitslag(len(nieuw), len(anders), len(nu) - len(nieuw) - len(anders), over), nieuw, anders
