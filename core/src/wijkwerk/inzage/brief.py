"""The letter about who looked at somebody's data: for a resident with an account, and for one without, at a desk (domain.md 3.5).

A letter holds no name, address or BSN of the resident: one that is left on a desk tells little. It is told in the log before it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.access.actor import Actor
from wijkwerk.brieven.brief import brief
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.gebruikers import op_zijn_beurt, te_vaak
from wijkwerk.inzage.mijn import GETOOND, mijn_inzage
from wijkwerk.inzage.naamverzoek import INZAGE_BRIEF, Naamreden
from wijkwerk.inzage.namen import keur_dagen, vraag_voor
from wijkwerk.inzage.overzicht import Inzage, Inzageregel, inzage_van
from wijkwerk.inzage.taal import NOODPROCEDURE
from wijkwerk.kalender.woorden import tijd_in_woorden
from wijkwerk.klok import dag
from wijkwerk.log.entry import Actie, Gebeurtenis
from wijkwerk.log.tables import log_regel
from wijkwerk.organisaties import gemeente, gemeente_voluit
from wijkwerk.records.session import Work
from wijkwerk.records.shown import Shown
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.zoeken.kenmerken import Kenmerken, keur_velden, noteer_gevraagd, vind

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

TITEL: Final = "Wie uw gegevens bekeek"
MIJN_BRIEF, BRIEF = "brief-mijn-inzage", "brief-inzage"
TE_VAAK: Final = "U vroeg dit te vaak. Wacht een uur, of vraag de privacy officer om hulp."
TE_VAAK_CODE: Final = "TE_VAAK_GEVRAAGD"
_LOSSE_TIJDEN: Final = 3
"""So many times of a day are told one by one; of more the first and the last."""


class Identiteitsbewijs(StrEnum):
    """What was seen to establish who somebody is (Wet op de identificatieplicht art. 1)."""

    PASPOORT = "PASPOORT"
    ID_KAART = "ID_KAART"
    RIJBEWIJS = "RIJBEWIJS"
    VREEMDELINGENDOCUMENT = "VREEMDELINGENDOCUMENT"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Aanvraag:
    """What is asked at a desk for a resident who stands there: two identifiers, and what was seen. `namen`: the resident also asks who
    it was, for this reason."""

    bsn: Bsn
    geboortedatum: Datum
    gezien: Identiteitsbewijs
    van: date
    tot: date
    namen: Naamreden | None = None


@dataclass(frozen=True, slots=True)
class GeenBrief:
    """No letter: nobody fits, or it may not be known. `te_vaak`: nothing was looked up."""

    te_vaak: bool = False


async def mijn_brief(wijkwerk: Wijkwerk, actor: Actor, van: date, tot: date) -> str:
    """The letter of who is logged in, as HTML; in the log when this returns. Raises as `mijn_inzage`, and LogNietBeschikbaar."""
    shown = Shown()

    def lees(connection: Connection) -> str:
        reader = wijkwerk.reader(connection, actor, shown)
        return schrijf(connection, reader.actor.gemeente, actor.moment, mijn_inzage(reader, van, tot))

    return await wijkwerk.show(
        actor, shown, lambda snapshot: snapshot.run(lees), onderdeel=MIJN_BRIEF, gebeurtenis=Gebeurtenis.AFDRUKKEN,
        afloop=lambda regel, _: replace(regel, actie=Actie.EXECUTE),
    )  # fmt: skip


async def brief_aan_loket(wijkwerk: Wijkwerk, actor: Actor, aanvraag: Aanvraag) -> str | GeenBrief:
    """The letter for a resident at a desk, as HTML; in the log when this returns, as is an attempt that found nobody.

    Raises GeenRecht, OngeldigeInvoer and LogNietBeschikbaar.
    """
    return await wijkwerk.write(actor, lambda work: _aan_loket(work, aanvraag), onderdeel=BRIEF, gebeurtenis=Gebeurtenis.AFDRUKKEN)


def schrijf(connection: Connection, gemeente_id: UUID, moment: datetime, inzage: Inzage) -> str:
    """The letter of an insight."""
    afzender = gemeente_voluit(connection.execute(select(gemeente.c.naam).where(gemeente.c.id == gemeente_id)).scalar_one())
    return brief(__package__, "inzage.html", titel=TITEL, afzender=afzender, moment=moment, waarden=_waarden(inzage, moment))


def _aan_loket(work: Work, aanvraag: Aanvraag) -> str | GeenBrief:
    """Somebody held back from the actor in any way is nobody, and an attempt counts whatever comes of it."""
    if not work.actor.may(INZAGE_BRIEF.naam):
        raise GeenRecht
    keur_dagen(aanvraag.van, aanvraag.tot, work.actor.vandaag)
    if not aanvraag.geboortedatum.dag:
        raise OngeldigeInvoer("Geef de hele geboortedatum: jaar, maand en dag.", veld="geboortedatum")
    kenmerken = Kenmerken(bsn=aanvraag.bsn, geboortedatum=aanvraag.geboortedatum)
    keur_velden(work, kenmerken)
    work.bijzonderheden = {"gezien": aanvraag.gezien.value}
    te_vaak = _te_vaak(work)
    noteer_gevraagd(work, kenmerken)
    if te_vaak:
        work.geweigerd = TE_VAAK_CODE
        return GeenBrief(te_vaak=True)
    personen = vind(work, kenmerken)
    if len(personen) != 1:
        return GeenBrief()
    return _brief_van(work, personen[0], aanvraag)


def _brief_van(work: Work, persoon: UUID, aanvraag: Aanvraag) -> str:
    actor, connection = work.actor, work.core_connection
    if aanvraag.namen is not None:
        vraag_voor(work, persoon, aanvraag.namen, aanvraag.van, aanvraag.tot)
        work.flush()
    work.touched.add(persoon, *GETOOND, ())
    inzage = inzage_van(connection, work.catalogue, actor.gemeente, persoon, aanvraag.van, aanvraag.tot)
    return schrijf(connection, actor.gemeente, actor.moment, inzage)


def _te_vaak(work: Work) -> bool:
    """What this user asked before is in the log, each attempt once: that is counted, one user's after another."""
    r, grenzen = log_regel.c, work.grenzen
    op_zijn_beurt(work)
    eerder = (
        select(r.gemeente_id, r.gebruiker.label("gebruiker_id"), r.tijdstip)
        .where(r.gemeente_id == work.actor.gemeente, r.gebruiker == work.actor.gebruiker, r.gebeurtenis == Gebeurtenis.AFDRUKKEN)
        .subquery()
    )
    opnieuw = te_vaak(work, eerder, eerder.c.tijdstip, per_uur=grenzen.brief_per_uur, per_dag=grenzen.brief_per_dag, weigering_telt=True)
    return opnieuw is not None


def _waarden(inzage: Inzage, moment: datetime) -> dict[str, Any]:
    """What the template says: grounds get a number, so that each stands there once."""
    gronden = sorted({grond for regel in inzage.regels for grond in regel.gronden})
    nummer = {grond: n for n, grond in enumerate(gronden, 1)}
    return {
        "van": Datum.van(inzage.van).tekst(), "tot": Datum.van(min(inzage.tot, dag(moment))).tekst(),
        "organisaties": [_organisatie(each) for each in inzage.organisaties], "groepen": _groepen(inzage, nummer), "gronden": gronden,
        "nooddagen": [Datum.van(op).tekst() for op in sorted({regel.dag for regel in inzage.regels if regel.soort.nood})],
        "namen": any(regel.soort.naam for regel in inzage.regels),
    }  # fmt: skip


def _organisatie(each: Any) -> dict[str, Any]:
    return {
        "naam": each.organisatie, "keren": each.keren, "eerste": Datum.van(each.eerste).tekst(), "laatste": Datum.van(each.laatste).tekst(),
    }  # fmt: skip


def _groepen(inzage: Inzage, nummer: dict[str, int]) -> list[dict[str, Any]]:
    """What would be the same in each line stands above them: who did it, and for what. In the order of the summary."""
    plek = {each.organisatie: n for n, each in enumerate(inzage.organisaties)}
    groepen: dict[tuple[Any, ...], list[Inzageregel]] = {}
    for regel in inzage.regels:
        soort = regel.soort
        groepen.setdefault((plek[soort.organisatie], soort.functies, soort.waarvoor, soort.doelen), []).append(regel)
    return [
        {
            "naam": inzage.organisaties[waar].organisatie, "functies": functies, "waarvoor": waarvoor, "doelen": doelen,
            "regels": [_regel(regel, nummer) for regel in regels],
        }
        for (waar, functies, waarvoor, doelen), regels in sorted(groepen.items(), key=itemgetter(0))
    ]  # fmt: skip


def _regel(regel: Inzageregel, nummer: dict[str, int]) -> dict[str, Any]:
    soort = regel.soort
    return {
        "dag": Datum.van(regel.dag).tekst(), "tijd": tijden_in_woorden(regel.tijdstippen), "wat": soort.wat,
        "nood": soort.nood and NOODPROCEDURE not in soort.wat,
        "naam": soort.naam, "gegevens": sorted(regel.gegevens), "gronden": sorted(nummer[grond] for grond in regel.gronden),
    }  # fmt: skip


def tijden_in_woorden(tijdstippen: Sequence[datetime]) -> str:
    """At which times of a day: each, or of many how many, with the first and the last."""
    tijden = list(dict.fromkeys(tijd_in_woorden(each).removesuffix(" uur") for each in sorted(tijdstippen)))
    if len(tijdstippen) <= _LOSSE_TIJDEN or len(tijden) == 1:
        keren = f" ({len(tijdstippen)} keer)" if len(tijdstippen) > len(tijden) else ""
        return f"{', '.join(tijden)} uur{keren}"
    return f"{len(tijdstippen)} keer, van {tijden[0]} tot {tijden[-1]} uur"
