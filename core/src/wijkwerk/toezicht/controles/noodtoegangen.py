"""Check 4: how often a break-glass was opened, whether somebody else judged it in time, and what came of it (domain.md 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wijkwerk.klok import dag
from wijkwerk.noodtoegang.noodtoegang import Noodoordeel, Noodtoegang
from wijkwerk.toezicht.controles.controle import Blik, Controle, Onderdeel, Treffer, alleen, met_pseudoniem, per_rij

GEOPEND, WACHT, TE_LAAT, NIET, GEMELD = "GEOPEND", "WACHT_OP_OORDEEL", "TE_LAAT_BEOORDEELD", "NIET_BEOORDEELD", "GEMELD_AAN_FG"
_OORDEEL: Final = {
    Noodoordeel.TERECHT: "Iemand anders vond het terecht",
    Noodoordeel.ONTERECHT: "Iemand anders vond het onterecht: dit kan een datalek zijn",
    Noodoordeel.ONDUIDELIJK: "Iemand anders vond het niet duidelijk",
}


def _bron(blik: Blik, na: str, /) -> Iterator[tuple[str, Treffer]]:
    """Of each break-glass that was opened in the period: what is true of it. The day by which to judge stands in its row."""
    tabel, vandaag = Noodtoegang.tabel(), dag(blik.nu)
    n = tabel.c
    kolommen = (
        n.gebruiker_id, n.organisatie_id, n.van, n.rol, n.reden, n.beoordelen_voor, n.beoordeeld, n.beoordeeld_op, n.oordeel,
        n.gemeld_aan_fg_op,
    )  # fmt: skip
    in_periode = (n.gemeente_id == blik.gemeente, n.van >= blik.van, n.van < blik.tot)

    def treffers(rij: Any) -> Iterator[Treffer]:
        for onderdeel in _waar(rij, vandaag):
            yield Treffer(
                onderdeel=onderdeel, tijdstip=rij.van, gebruiker=rij.gebruiker_id, organisatie=rij.organisatie_id, soort="Noodtoegang",
                pseudoniemen=alleen(rij.pseudoniem), nummer=rij.id, kenmerken=(rij.rol, rij.reden.value),
            )  # fmt: skip

    return per_rij(blik, tabel, met_pseudoniem(tabel, *kolommen).where(*in_periode), na, treffers)


def _waar(rij: Any, vandaag: Any) -> Iterator[str]:
    yield GEOPEND
    if rij.beoordeeld and rij.beoordeeld_op is not None and dag(rij.beoordeeld_op) > rij.beoordelen_voor:
        yield TE_LAAT
    if not rij.beoordeeld:
        yield NIET if vandaag > rij.beoordelen_voor else WACHT
    if rij.oordeel is not None:
        yield rij.oordeel.value
    if rij.gemeld_aan_fg_op is not None:
        yield GEMELD


CONTROLE: Final = Controle(
    nummer=4,
    code="NOODTOEGANG",
    vraag="Hoe vaak is noodtoegang gebruikt, en keek iemand anders er op tijd naar?",
    uitleg="Noodtoegang die in de periode is geopend. Een ander beoordeelt die binnen twee werkdagen.",
    onderdelen=(
        Onderdeel(GEOPEND, "Zo vaak is noodtoegang geopend", afwijking=False),
        Onderdeel(WACHT, "Nog niet beoordeeld, en het is nog op tijd", afwijking=False),
        Onderdeel(TE_LAAT, "Te laat beoordeeld"),
        Onderdeel(NIET, "Niet beoordeeld, en de tijd is voorbij"),
        *(Onderdeel(each.value, uitleg, afwijking=each is not Noodoordeel.TERECHT) for each, uitleg in _OORDEEL.items()),
        Onderdeel(GEMELD, "De FG kreeg er bericht van, omdat niemand oordeelde", afwijking=False),
    ),
    bronnen=(_bron,),
)
