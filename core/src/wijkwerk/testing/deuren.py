"""Who is let in to whom, worked out a second time from the rows of what lets in: reports, cases, offers, couplings, referrals, consents,
the own view, groups, break-glass.

Knows nothing of `dossiers/deuren.py` and its like; a test compares the two. What was imported is in no row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, or_, select

from ..aanmeldingen.aanmelding import Aanmelding
from ..access.betrokkenheid import Betrokkenheid, Bron
from ..dossiers.dossier import Dossier, Dossierlid, Dossierstap
from ..dossiers.overdracht import Overdracht
from ..groepstoegang import Groepstoegang
from ..inwoners.inwonertoegang import Inwonertoegang
from ..klok import AMSTERDAM
from ..noodtoegang.noodtoegang import Noodtoegang
from ..partners.koppeling import Koppeling
from ..partners.verwijzing import Verwijzing
from ..personen import Persoon
from ..records.declare import Record
from ..toestemmingen.toestemming import Toestemming, Toestemmingsontvanger
from .wijk import Wijk

WMO = "WMO_ONDERZOEK"
GESLOTEN = ("IDENTITEIT", "PLAN_EN_DOELEN", "BETROKKENEN")
NOOIT_IN_NOOD = {"BSN", "VEILIGHEID", "WERKAANTEKENINGEN"}


class Deurrij(NamedTuple):
    """A door, as far as its source decides it."""

    bron: str
    bron_id: UUID
    persoon: UUID
    partij: UUID
    doel: str
    categorie: str
    kader: UUID | None
    niveau: int
    verantwoordelijke: UUID
    tot: datetime | None = None
    rol: str | None = None
    toestemming: UUID | None = None


class Deuren:
    """All rows of one moment. `matrix`: which categories a purpose opens; `instemming`: of which it needs a consent for each."""

    def __init__(self, connection: Connection, matrix: Mapping[str, frozenset[str]], instemming: frozenset[str], nu: datetime) -> None:
        self.matrix, self.alles, self.instemming, self.nu = matrix, matrix[WMO], instemming, nu
        self.rijen = {record: connection.execute(select(record.tabel())).all() for record in RECORDS}
        b = Betrokkenheid.tabel()
        lopend = select(b).where(b.c.van <= nu, or_(b.c.tot.is_(None), b.c.tot > nu), b.c.bron != Bron.IMPORT)
        self.deuren = connection.execute(lopend).all()

    def staand(self) -> list[Deurrij]:
        """As the table has them, but imports; twice what is in it twice."""
        return _op_volgorde(
            Deurrij(
                str(b.bron), b.bron_id, b.persoon_id, b.partij_id, b.doel, b.categorie_code, b.kader_id, b.niveau_tot,
                b.verantwoordelijke_id, b.tot, b.rol, b.toestemming_id,
            )
            for b in self.deuren
        )  # fmt: skip

    def herbouwd(self) -> list[Deurrij]:
        """As the sources say."""
        van_partners = [*self._koppelingen(), *self._verwijzingen(), *self._toestemmingen(), *self._groepen()]
        return _op_volgorde(
            [*self._meldingen(), *self._dossiers(), *self._aanbod(), *van_partners, *self._eigen(), *self._nood(), *self._oordelen()]
        )

    def _loopt(self, rij: Any) -> bool:
        return bool(rij.van <= self.nu and (rij.tot is None or rij.tot > self.nu))

    def _leden(self, dossier: UUID) -> set[UUID]:
        return {lid.persoon_id for lid in self.rijen[Dossierlid] if lid.dossier_id == dossier and lid.tot is None}

    def _meldingen(self) -> Iterator[Deurrij]:
        for m in self.rijen[Aanmelding]:
            if m.status in ("NIEUW", "IN_BEHANDELING"):
                for code in self.alles:
                    yield Deurrij("AANMELDING", m.id, m.persoon_id, m.team_id, WMO, code, m.id, 6, m.verantwoordelijke_id)

    def _dossiers(self) -> Iterator[Deurrij]:
        for d in self.rijen[Dossier]:
            dicht = d.status == "GESLOTEN"
            kaders = [d.id, *(m.id for m in self.rijen[Aanmelding] if m.dossier_id == d.id)]
            for persoon in self._leden(d.id):
                for kader in kaders:
                    for code in GESLOTEN if dicht else self.alles:
                        team = 4 if dicht else 6
                        yield Deurrij("DOSSIER", d.id, persoon, d.team_id, WMO, code, kader, team, d.verantwoordelijke_id)
                        if d.regisseur_id is not None and not dicht:
                            yield Deurrij("DOSSIER", d.id, persoon, d.regisseur_id, WMO, code, kader, 7, d.verantwoordelijke_id)

    def _aanbod(self) -> Iterator[Deurrij]:
        for o in self.rijen[Overdracht]:
            if o.status == "AANGEBODEN":
                for persoon in self._leden(o.dossier_id):
                    for code in o.categorieen:
                        yield Deurrij("OVERDRACHT", o.id, persoon, o.naar_team_id, WMO, code, o.dossier_id, 4, o.verantwoordelijke_id)

    def _koppelingen(self) -> Iterator[Deurrij]:
        for k in self.rijen[Koppeling]:
            if self._loopt(k):
                yield from self._gedeeld("KOPPELING", k, k.partij_id, k.categorieen, k.niveau_tot, k.tot, None)

    def _verwijzingen(self) -> Iterator[Deurrij]:
        for v in self.rijen[Verwijzing]:
            tot = _na(v.tot)
            if tot <= self.nu:
                continue
            if v.status == "AANGENOMEN":
                yield from self._gedeeld("VERWIJZING", v, v.organisatie_id, v.categorieen, v.niveau_tot, tot, v.toestemming_id)
            if v.status == "AANGEBODEN":
                eerst = self._gedeeld("VERWIJZING", v, v.organisatie_id, ["IDENTITEIT"], 1, tot, v.toestemming_id)
                yield from (deur for deur in eerst if deur.verantwoordelijke == v.verantwoordelijke_id)

    def _gedeeld(
        self, bron: str, rij: Any, partij: UUID, codes: list[str], niveau: int, tot: datetime | None, toestemming: UUID | None
    ) -> Iterator[Deurrij]:
        for code in codes:
            for van in (rij.verantwoordelijke_id, rij.organisatie_id):
                if van == rij.organisatie_id or code in self.alles:
                    yield Deurrij(
                        bron, rij.id, rij.persoon_id, partij, rij.doel, code, rij.dossier_id, niveau, van, tot, rij.rol,
                        toestemming if rij.doel in self.instemming else None,
                    )  # fmt: skip

    def _toestemmingen(self) -> Iterator[Deurrij]:
        for t in self.rijen[Toestemming]:
            tot = _na(t.geldig_tot)
            if t.status == "GEGEVEN" and t.richting != "ONTVANGEN" and tot > self.nu and not self._afgebroken(t):
                for o in (o for o in self.rijen[Toestemmingsontvanger] if o.toestemming_id == t.id):
                    for code in t.categorieen:
                        yield Deurrij(
                            "TOESTEMMING", t.id, t.persoon_id, o.organisatie_id, t.doel, code, t.dossier_id, 5, t.verantwoordelijke_id, tot,
                            o.rol, t.id,
                        )  # fmt: skip

    def _afgebroken(self, toestemming: Any) -> bool:
        """Whether the case was closed, or the resident left it, since the consent was given."""
        return any(
            stap.op >= toestemming.gegeven_op
            and (stap.soort == "GESLOTEN" or (stap.soort == "LID_VERTROKKEN" and stap.persoon_id == toestemming.persoon_id))
            for stap in self.rijen[Dossierstap] if stap.dossier_id == toestemming.dossier_id
        )  # fmt: skip

    def _eigen(self) -> Iterator[Deurrij]:
        for i in self.rijen[Inwonertoegang]:
            zelf = i.vertegenwoordiging_id is None
            bron, rol = ("EIGEN", "INWONER") if zelf else ("VERTEGENWOORDIGING", "VERTEGENWOORDIGER")
            for code in self.matrix["INZAGE"] if self._loopt(i) else ():
                if zelf or code != "BSN":
                    niveau = 7 if code == "BSN" else 4
                    wie = (i.persoon_id, i.gebruiker_id)
                    yield Deurrij(bron, i.id, *wie, "INZAGE", code, None, niveau, i.verantwoordelijke_id, i.tot, rol)

    def _nood(self) -> Iterator[Deurrij]:
        for n in self.rijen[Noodtoegang]:
            for code in self.alles - NOOIT_IN_NOOD if self._loopt(n) else ():
                yield Deurrij("NOODTOEGANG", n.id, n.persoon_id, n.gebruiker_id, WMO, code, None, 5, n.verantwoordelijke_id, n.tot)

    def _oordelen(self) -> Iterator[Deurrij]:
        """Who has to judge a break-glass sees that it was there, until the judgment."""
        for n in self.rijen[Noodtoegang]:
            if n.beoordeel_team_id is not None and not n.beoordeeld:
                wie = (n.persoon_id, n.beoordeel_team_id, WMO, n.categorie_code, None, 4)
                yield Deurrij("NOODTOEGANG", n.id, *wie, n.verantwoordelijke_id, rol="TEAMLEIDER")

    def _groepen(self) -> Iterator[Deurrij]:
        for g in self.rijen[Groepstoegang]:
            houders = {p.verantwoordelijke_id for p in self.rijen[Persoon] if p.id == g.persoon_id}
            for houder in houders | {g.verantwoordelijke_id} if self._loopt(g) else ():
                yield Deurrij("GROEP", g.id, g.persoon_id, g.partij_id, g.doel, "IDENTITEIT", g.groep_id, 1, houder, g.tot)


def _op_volgorde(deuren: Iterable[Deurrij]) -> list[Deurrij]:
    """Empty fields have no order of their own."""
    return sorted(deuren, key=repr)


def _na(dag: date) -> datetime:
    """The moment that a day is over."""
    return datetime.combine(dag + timedelta(days=1), time.min, AMSTERDAM).astimezone(UTC)


RECORDS: tuple[type[Record], ...] = (
    Aanmelding, Dossier, Dossierlid, Dossierstap, Overdracht, Koppeling, Verwijzing, Toestemming, Toestemmingsontvanger, Inwonertoegang,
    Noodtoegang, Groepstoegang, Persoon,
)  # fmt: skip


async def deuren(wijk: Wijk) -> Deuren:
    """All doors of a municipality now."""
    catalogue = wijk.wijkwerk.catalogue
    instemming = frozenset(code for code, doel in catalogue.doelen.items() if doel.grondslag.instemming != "NIET_NODIG")
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(lambda connection: Deuren(connection, catalogue.matrix, instemming, wijk.klok.nu()))
