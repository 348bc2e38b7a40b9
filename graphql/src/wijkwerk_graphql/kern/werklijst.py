"""The work list of who asks: `mijnWerk`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.afspraken.afspraak import Afspraak
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.klok import dag
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.taken.taak import AlgemeneTaak, Taak
from wijkwerk.taken.werklijst import Regel, Vraag, aantal, werklijst
from wijkwerk_graphql.schema.connection import MAX_PAGE, Bladzijde, Verbinding
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.fields import STANDARD_PAGE, Query, extend, field, page_size
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, asked, filterinvoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import uitkomst


@uitkomst(requires=Taak.lezen)
class Werkregel:
    """Iets wat u te doen hebt: een taak, een aanmelding, een afspraak of iets van een plugin."""

    id: Annotated[UUID, "Het nummer van het gegeven zelf"]
    soort: Annotated[str, "Waar de regel vandaan komt, zoals TAAK of AFSPRAAK"]
    omschrijving: Annotated[str | None, "Wat er moet gebeuren"]
    wanneer: Annotated[date | None, "Op welke dag het klaar moet zijn, begint of binnenkwam"]
    moment: Annotated[datetime | None, "Hoe laat precies; leeg als het om een hele dag gaat"]
    te_laat: Annotated[bool, "Of het al klaar had moeten zijn"]
    persoon: Annotated[Persoon | None, "Over welke inwoner het gaat, als u die mag zien"]
    dossier: Annotated[Dossier | None, "In welk dossier, als u dat mag zien"]
    taak: Annotated[Taak | None, "De taak, als het er een is over een inwoner"]
    algemene_taak: Annotated[AlgemeneTaak | None, "De taak, als het er een is die niet over een inwoner gaat"]
    aanmelding: Annotated[Aanmelding | None, "De aanmelding, als het er een is"]
    afspraak: Annotated[Afspraak | None, "De afspraak, als het er een is"]


_ZELF: dict[str, type[Record]] = {"taak": Taak, "algemene_taak": AlgemeneTaak, "aanmelding": Aanmelding, "afspraak": Afspraak}
"""Fields that give the record of a line itself."""


@filterinvoer(Taak)
class WerkFilter(Invoer):
    """Welk werk u wilt zien."""

    bronnen = Zoekveld("soort", soort=list[str], uitleg="Alleen regels van deze soorten, zoals TAAK of AFSPRAAK")
    voor = Zoekveld("uiterlijk", uitleg="Alleen wat tot en met deze dag klaar moet zijn of begint")
    kader = Zoekveld("kader_id", uitleg="Alleen werk in dit dossier of bij deze aanmelding")


@extend(Query)
class Werkvragen:
    """What somebody starts the day with."""

    @field(
        Verbinding(Werkregel), requires=Taak.lezen, uitleg="Wat u te doen hebt, het dringendste eerst; wat geen dag heeft komt het laatst"
    )
    @staticmethod
    def mijn_werk(lezer: Lezing, first: int = STANDARD_PAGE, after: str | None = None, filter: WerkFilter | None = None) -> Bladzijde:
        """A page of the work list; residents and cases of the whole page in a statement each."""
        vraag, size = Vraag(**asked(filter)), page_size(first, MAX_PAGE)
        zegel = Zegel.of(lezer.reader, Werkregel.__name__, ())
        na: Any = None if after is None else tuple(zegel.open(after))
        found = werklijst(lezer.reader, size, na=na, vraag=vraag, velden=_gevraagd(lezer))
        return Bladzijde.van(
            lezer, zegel, _regels(lezer, found.regels), lambda: [regel.plaats for regel in found.regels], more=found.meer, after=after,
            total=lambda: aantal(lezer.reader, vraag),
        )  # fmt: skip


def _gevraagd(lezer: Lezing) -> frozenset[str]:
    """What the document asks of each line, as the work list names it."""
    below = {name.removeprefix("edges.node.") for name in lezer.gekozen.velden if name.startswith("edges.node.")}
    return frozenset("kader" if name == "dossier" else name for name in below)


def _regels(lezer: Lezing, regels: Sequence[Regel]) -> list[Werkregel]:
    """The lines with the records that the document asks for: of the whole page in one statement for each kind."""
    gevraagd = _gevraagd(lezer)
    wie = lezer.bij_id(Persoon, [regel.persoon for regel in regels]) if "persoon" in gevraagd else [None] * len(regels)
    waar = lezer.bij_id(Dossier, [regel.kader for regel in regels]) if "kader" in gevraagd else [None] * len(regels)
    zelf = [dict.fromkeys(_ZELF) for _ in regels]
    for naam, record in _ZELF.items():
        if naam in gevraagd:
            found = lezer.bij_id(record, [regel.id if regel.bron.record is record else None for regel in regels])
            for records, row in zip(zelf, found, strict=True):
                records[naam] = row
    return [_regel(*line) for line in zip(regels, wie, waar, zelf, strict=True)]


def _regel(regel: Regel, persoon: Row | None, dossier: Row | None, zelf: dict[str, Any]) -> Werkregel:
    moment = regel.wanneer if isinstance(regel.wanneer, datetime) else None
    return Werkregel(
        id=regel.id, soort=regel.bron.code, omschrijving=regel.omschrijving, wanneer=regel.wanneer if moment is None else dag(moment),
        moment=moment, te_laat=regel.te_laat, persoon=persoon, dossier=dossier, **zelf,
    )  # fmt: skip


PARTS = (Werkvragen,)
