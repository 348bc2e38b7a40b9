"""The eleven checks of oversight, what is behind their counts, and reading counted against need (domain.md 3.7, peers.md D 23)."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Annotated
from uuid import UUID

from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.toezicht.controles.controle import Treffer
from wijkwerk.toezicht.controles.lijst import BEGIN, Plaats, Telling, blik, controle_met, onderdeel_van, tel, treffers
from wijkwerk.toezicht.inzagelog import LOG_LEZEN
from wijkwerk.toezicht.leesgedrag import Gezien, Leesgedrag, leesgedrag, onverklaarde
from wijkwerk_graphql.schema.connection import PAGE
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.fields import Query, extend, field, page_size
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

MEESTE = 100
"""Hits on a page: each may name everybody on a page of residents."""
Van = Annotated[datetime, "Vanaf welk moment"]
Tot = Annotated[datetime, "Tot welk moment, dat zelf niet meetelt"]


@uitkomst(requires=LOG_LEZEN)
class ControleOnderdeel:
    """Een deel van een controle, met hoe vaak het voorkomt."""

    code: Annotated[str, "De code van het onderdeel"]
    uitleg: Annotated[str, "Wat er is geteld"]
    afwijking: Annotated[bool, "Of dit iets is om uit te zoeken; anders zegt het alleen hoeveel er is"]
    aantal: Annotated[int, "Hoe vaak het voorkomt"]


@uitkomst(requires=LOG_LEZEN)
class Logcontrole:
    """Een van de elf controles op het gebruik van gegevens."""

    nummer: Annotated[int, "Het nummer, van 1 tot en met 11"]
    code: Annotated[str, "De code"]
    vraag: Annotated[str, "De vraag die de controle beantwoordt"]
    uitleg: Annotated[str, "Wat u moet weten om de aantallen te begrijpen"]
    afwijkingen: Annotated[int, "Hoeveel er in totaal is om uit te zoeken"]
    onderdelen: Annotated[list[ControleOnderdeel], "De aantallen"]


@uitkomst(requires=LOG_LEZEN)
class Logtreffer:
    """Wat er achter een aantal zit: een regel van het log, of een rij onder een nummer. Nooit de inhoud van een dossier."""

    onderdeel: Annotated[str, "Het onderdeel van de controle"]
    tijdstip: Annotated[datetime | None, "Wanneer het gebeurde, of begon"]
    gebruiker: Annotated[UUID | None, "Om welke medewerker het gaat"]
    organisatie: Annotated[UUID | None, "Voor welke organisatie"]
    pseudoniemen: Annotated[list[UUID], "Over welke inwoners het gaat"]
    stroom: Annotated[UUID | None, "In welke stroom van het log de regel staat"]
    regel: Annotated[int | None, "De hoeveelste regel van die stroom het is"]
    soort: Annotated[str, "Wat voor rij het is; leeg bij een regel van het log"]
    nummer: Annotated[UUID | None, "Het nummer van die rij"]
    kenmerken: Annotated[list[str], "Codes, aantallen en dagen die zeggen wat er is"]


@uitkomst(requires=LOG_LEZEN)
class Controlepagina:
    """Een pagina van wat een controle vond."""

    treffers: Annotated[list[Logtreffer], "Wat er is gevonden"]
    volgende: Annotated[str | None, "De cursor voor de volgende pagina; leeg als er niet meer is"]


@uitkomst(requires=LOG_LEZEN)
class Leescijfers:
    """Wat een medewerker in een periode opende, naast collega's met dezelfde rol. Een reden om te vragen, nooit een bewijs."""

    gebruiker: Annotated[UUID, "Welke medewerker"]
    rollen: Annotated[list[str], "In welke rollen"]
    geopend: Annotated[int, "Van hoeveel inwoners het dossier is geopend"]
    eigen: Annotated[int, "Daarvan via een dossier of melding van het team"]
    andere_deuren: Annotated[int, "Daarvan alleen via een andere weg"]
    noodtoegang: Annotated[int, "Daarvan alleen met noodtoegang"]
    los: Annotated[int, "Hoe vaak op één dag is gekeken, terwijl er niets mee is gedaan"]
    onverklaard: Annotated[int, "Bij hoeveel inwoners het log niet laat zien waarvoor het nodig was"]
    verwacht: Annotated[float, "Hoeveel dat er zouden zijn met het aandeel van collega's"]
    meer: Annotated[float, "Hoeveel meer het er zijn dan verwacht; wie bovenaan staat, heeft het meest"]
    collegas: Annotated[int, "Met hoeveel collega's is vergeleken; bij 0 is vergeleken met iedereen"]


@uitkomst(requires=LOG_LEZEN)
class OnverklaardeInzage:
    """Een inwoner van wie een medewerker het dossier opende, zonder dat het log laat zien waarvoor."""

    pseudoniem: Annotated[UUID, "Het pseudoniem van de inwoner"]
    dagen: Annotated[list[date], "Op welke dagen is gekeken"]
    keren: Annotated[int, "Hoe vaak"]
    deuren: Annotated[list[str], "Waardoor de medewerker erbij kon"]
    gevolg: Annotated[bool, "Of de medewerker in de periode iets in het dossier deed"]


@extend(Query)
class Controlevragen:
    """For the data protection officer."""

    @field(
        requires=LOG_LEZEN,
        gebeurtenis=Gebeurtenis.LOG_BEKEKEN,
        uitleg="De elf controles op het gebruik van gegevens, met aantallen. Ook dit kijken wordt vastgelegd",
    )
    @staticmethod
    def logcontroles(lezer: Lezing, van: Van, tot: Tot) -> list[Logcontrole]:
        """All checks at once: the log is walked once."""
        return [_controle(each) for each in tel(blik(lezer.reader, van, tot))]

    @field(
        requires=LOG_LEZEN,
        gebeurtenis=Gebeurtenis.LOG_BEKEKEN,
        uitleg="Wat er achter de aantallen van een controle zit, met pseudoniemen. Ook dit kijken wordt vastgelegd",
    )
    @staticmethod
    def logcontrole(
        lezer: Lezing,
        nummer: Annotated[int, "Het nummer van de controle, van 1 tot en met 11"],
        van: Van,
        tot: Tot,
        onderdeel: Annotated[str | None, "De code van een onderdeel; leeg is alles"] = None,
        first: int = PAGE,
        after: Annotated[str | None, "De waarde van `volgende` op de vorige pagina"] = None,
    ) -> Controlepagina:
        """A page of hits. One more than asked tells whether there is a next one."""
        controle, size = controle_met(nummer), page_size(first, MEESTE)
        zegel = Zegel.of(lezer.reader, Logcontrole.__name__, (str(nummer), van.isoformat(), tot.isoformat()))
        na = BEGIN if after is None else Plaats(*zegel.open(after))
        found = list(islice(treffers(blik(lezer.reader, van, tot), controle, onderdeel_van(controle, onderdeel), na), size + 1))
        volgende = zegel.seal(found[size - 1][0]) if len(found) > size else None
        return Controlepagina(treffers=[_treffer(each) for _, each in found[:size]], volgende=volgende)

    @field(
        requires=LOG_LEZEN,
        gebeurtenis=Gebeurtenis.LOG_BEKEKEN,
        uitleg="Welke medewerkers dossiers openden zonder dat het log laat zien waarvoor, naast collega's. Ook dit kijken wordt vastgelegd",
    )
    @staticmethod
    def leesgedrag(lezer: Lezing, van: Van, tot: Tot, first: int = PAGE) -> list[Leescijfers]:
        """Who stands out most comes first."""
        size = page_size(first, MEESTE)
        return [_cijfers(each) for each in leesgedrag(blik(lezer.reader, van, tot))[:size]]

    @field(
        requires=LOG_LEZEN,
        gebeurtenis=Gebeurtenis.LOG_BEKEKEN,
        uitleg="Bij welke inwoners het log niet laat zien waarvoor een medewerker keek. Ook dit kijken wordt vastgelegd",
    )
    @staticmethod
    def onverklaarde_inzagen(
        lezer: Lezing,
        gebruiker: Annotated[UUID, "Van welke medewerker"],
        van: Van,
        tot: Tot,
        first: int = PAGE,
        na: Annotated[UUID | None, "Het laatste pseudoniem van de vorige pagina"] = None,
    ) -> list[OnverklaardeInzage]:
        """In the order of pseudonyms; a page that is not full is the last."""
        found = onverklaarde(blik(lezer.reader, van, tot), gebruiker)
        return [_inzage(*each) for each in islice((each for each in found if na is None or each[0] > na), page_size(first, MEESTE))]


def _controle(telling: Telling) -> Logcontrole:
    controle = telling.controle
    onderdelen = [
        ControleOnderdeel(code=each.code, uitleg=each.uitleg, afwijking=each.afwijking, aantal=telling.aantallen[each.code])
        for each in controle.onderdelen
    ]
    return Logcontrole(
        nummer=controle.nummer, code=controle.code, vraag=controle.vraag, uitleg=controle.uitleg, afwijkingen=telling.afwijkingen,
        onderdelen=onderdelen,
    )  # fmt: skip


def _treffer(treffer: Treffer) -> Logtreffer:
    plek = treffer.plek
    return Logtreffer(
        onderdeel=treffer.onderdeel, tijdstip=treffer.tijdstip, gebruiker=treffer.gebruiker, organisatie=treffer.organisatie,
        pseudoniemen=list(treffer.pseudoniemen), stroom=plek and plek.stroom, regel=None if plek is None else plek.seq,
        soort=treffer.soort, nummer=treffer.nummer, kenmerken=list(treffer.kenmerken),
    )  # fmt: skip


def _cijfers(een: Leesgedrag) -> Leescijfers:
    return Leescijfers(
        gebruiker=een.gebruiker, rollen=list(een.rollen), geopend=een.geopend, eigen=een.eigen, andere_deuren=een.andere_deuren,
        noodtoegang=een.noodtoegang, los=een.los, onverklaard=een.onverklaard, verwacht=een.verwacht, meer=een.meer, collegas=een.collegas,
    )  # fmt: skip


def _inzage(pseudoniem: UUID, gezien: Gezien) -> OnverklaardeInzage:
    return OnverklaardeInzage(
        pseudoniem=pseudoniem, dagen=sorted(gezien.dagen), keren=gezien.keren, deuren=sorted(gezien.deuren), gevolg=gezien.gevolg
    )


PARTS = (Controlevragen,)
