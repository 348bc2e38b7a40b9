"""Check 6: doors that stand open on a consent that no longer holds or is missing, and consents that the ground does not know of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import and_, or_

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.purposes import Instemming
from wijkwerk.klok import dag
from wijkwerk.records.geldigheid import waar_nu
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemmingstatus
from wijkwerk.toezicht.controles.controle import Blik, Controle, Onderdeel, Treffer, alleen, met_pseudoniem, per_rij

VOORBIJ, ZONDER, VERKEERD = "TOESTEMMING_VOORBIJ", "ZONDER_TOESTEMMING", "GRONDSLAG_KENT_GEEN_TOESTEMMING"


def _voorbij(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Doors that are open, on a consent that is withdrawn, refused, over or not given yet."""
    tabel, t, moment = Betrokkenheid.tabel(), Toestemming.tabel(), min(blik.tot, blik.nu)
    b = tabel.c
    met = met_pseudoniem(tabel, b.partij_id, b.bron, b.doel, b.van, t.c.status, t.c.geldig_tot).join(
        t, and_(t.c.gemeente_id == b.gemeente_id, t.c.id == b.toestemming_id)
    )
    geldt = and_(t.c.status == Toestemmingstatus.GEGEVEN, t.c.geldig_tot >= dag(moment))

    def treffers(rij: Any) -> Iterator[Treffer]:
        yield _deur(rij, VOORBIJ, rij.doel, rij.status.value, f"geldig tot {rij.geldig_tot}")

    return per_rij(blik, tabel, met.where(b.gemeente_id == blik.gemeente, waar_nu(tabel, moment), ~geldt), na, treffers)


def _zonder(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Doors that are open without a consent, while the ground that they name, or the purpose for this category, asks for one."""
    tabel, moment, cat = Betrokkenheid.tabel(), min(blik.tot, blik.nu), blik.catalogue
    b = tabel.c
    vraagt = [each.kenmerk for each in cat.register.grondslagen if each.instemming is not Instemming.NIET_NODIG]
    met_instemming = [
        and_(b.doel == doel, b.categorie_code == categorie)
        for doel, soorten in cat.met_instemming.items() for categorie, soort in soorten.items() if soort is not Instemming.NIET_NODIG
    ]  # fmt: skip
    waar = (b.gemeente_id == blik.gemeente, b.toestemming_id.is_(None), or_(b.grondslag.in_(vraagt), *met_instemming))
    statement = met_pseudoniem(tabel, b.partij_id, b.bron, b.doel, b.categorie_code, b.grondslag, b.van).where(
        *waar, waar_nu(tabel, moment)
    )

    def treffers(rij: Any) -> Iterator[Treffer]:
        yield _deur(rij, ZONDER, rij.doel, rij.categorie_code, rij.grondslag)

    return per_rij(blik, tabel, statement, na, treffers)


def _verkeerd(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Consents of the period of a kind that their purpose asks for none of its categories (AP: misleading; domain.md 2.3)."""
    tabel = Toestemming.tabel()
    t = tabel.c
    in_periode = (t.gemeente_id == blik.gemeente, t.gegeven_op >= blik.van, t.gegeven_op < blik.tot)
    statement = met_pseudoniem(tabel, t.soort, t.doel, t.categorieen, t.gegeven_op, t.gevraagd_door_id).where(*in_periode)

    def treffers(rij: Any) -> Iterator[Treffer]:
        doel = blik.catalogue.doelen.get(rij.doel)
        if doel is None or any(blik.catalogue.instemming(doel, code) is not rij.soort for code in rij.categorieen):
            yield Treffer(
                onderdeel=VERKEERD, tijdstip=rij.gegeven_op, gebruiker=rij.gevraagd_door_id, pseudoniemen=alleen(rij.pseudoniem),
                soort="Toestemming", nummer=rij.id, kenmerken=(rij.doel, rij.soort.value),
            )  # fmt: skip

    return per_rij(blik, tabel, statement, na, treffers)


def _deur(rij: Any, onderdeel: str, *kenmerken: str) -> Treffer:
    return Treffer(
        onderdeel=onderdeel, tijdstip=rij.van, pseudoniemen=alleen(rij.pseudoniem), soort="Betrokkenheid", nummer=rij.id,
        kenmerken=(rij.bron.value, f"partij {rij.partij_id}", *kenmerken),
    )  # fmt: skip


CONTROLE: Final = Controle(
    nummer=6,
    code="TOESTEMMINGEN",
    vraag="Wordt er gedeeld op een toestemming die niet meer geldt of er niet is, en is toestemming gevraagd waar dat niet hoort?",
    uitleg="Kijkt naar wie nu toegang heeft, en naar toestemmingen die in de periode zijn gegeven. Het register van nu geldt.",
    onderdelen=(
        Onderdeel(VOORBIJ, "Er is nog toegang, maar de toestemming is voorbij, ingetrokken, geweigerd of nog niet gegeven"),
        Onderdeel(ZONDER, "Er is toegang zonder toestemming, terwijl die nodig is"),
        Onderdeel(VERKEERD, "Er is toestemming gegeven voor een doel dat deze soort toestemming niet vraagt"),
    ),
    bronnen=(_voorbij, _zonder, _verkeerd),
)
