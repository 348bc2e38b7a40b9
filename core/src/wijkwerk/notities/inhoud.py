"""What is said in a note: facts and opinion apart, and where it comes from (domain.md 9.4). Its text is never in a repr."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from wijkwerk.errors import OngeldigeInvoer, bij_veld
from wijkwerk.notities.notitie import Informatiebron, Notitiesoort
from wijkwerk.records.checks import short

MAX_TEKENS: Final = 200_000


class TekstTeLang(OngeldigeInvoer):
    """A note above the limit."""

    code = "TEKST_TE_LANG"
    standaard = f"De tekst is te lang. Gebruik hoogstens {MAX_TEKENS} tekens, of verdeel de tekst over meer notities."


@dataclass(frozen=True, slots=True)
class Inhoud:
    """What a version or an addition says. `tekst`: the facts; `oordeel`: what the writer makes of them; `bron_naam`: who told it."""

    tekst: str = field(repr=False)
    bron: Informatiebron
    oordeel: str | None = field(default=None, repr=False)
    bron_naam: str | None = field(default=None, repr=False)

    def gekeurd(self, soort: Notitiesoort | None = None) -> Inhoud:
        """As it is kept: of this kind of note, or as an addition to any. Raises TekstTeLang and OngeldigeInvoer, naming the field."""
        keur_notitietekst(self.tekst, "tekst")
        if self.oordeel is not None:
            keur_notitietekst(self.oordeel, "oordeel")
        if soort is Notitiesoort.EIGEN_VERKLARING:
            self._keur_verklaring()
        return replace(self, bron_naam=self._bron_naam())

    def _keur_verklaring(self) -> None:
        """The resident speaks (Jeugdwet art. 7.3.8 lid 2; domain.md 4.5): nobody's opinion is mixed in."""
        if self.bron is not Informatiebron.INWONER:
            raise OngeldigeInvoer("Een eigen verklaring komt van de inwoner. Kies INWONER, of schrijf een andere notitie.", veld="bron")
        if self.oordeel is not None:
            raise OngeldigeInvoer("Bij een verklaring van de inwoner hoort geen oordeel. Zet uw oordeel in een aanvulling.", veld="oordeel")

    def _bron_naam(self) -> str | None:
        if self.bron is Informatiebron.ONBEKEND:
            raise OngeldigeInvoer("Kies waar dit vandaan komt. ONBEKEND staat alleen bij notities van vroeger.", veld="bron")
        if self.bron is Informatiebron.ANDERS and self.bron_naam is None:
            raise OngeldigeInvoer("Schrijf bij een andere bron welke dat is.", veld="bron_naam")
        if self.bron_naam is None:
            return None
        with bij_veld("bron_naam"):
            return short(self.bron_naam)


def keur_notitietekst(tekst: str, veld: str) -> None:
    """Raises TekstTeLang and OngeldigeInvoer for a text that can't be kept as a note."""
    if len(tekst) > MAX_TEKENS:
        raise TekstTeLang(veld=veld)
    if not tekst.strip() or "\x00" in tekst:
        raise OngeldigeInvoer("Schrijf een tekst. Een lege notitie bewaren we niet.", veld=veld)
