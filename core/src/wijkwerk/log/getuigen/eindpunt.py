"""A witness at another organisation, asked as C2SP tlog-witness says (c2sp.org/tlog-witness, "add-checkpoint")."""

from __future__ import annotations

import logging
from base64 import b64encode
from pathlib import Path
from typing import Final

from wijkwerk.log.getuigen.bron import Bevestiging, Bron, NietBezorgd, Onbereikbaar, Tegenspraak
from wijkwerk.log.note import OMVANG, Checkpoint, Sleutel, lees_getal, lees_handtekeningen
from wijkwerk.uitgaand import Antwoord, UitgaandMislukt, post

WACHTTIJD: Final = 20.0
"""Seconds that one answer may take."""

_POGINGEN: Final = 3
_LOGGER: Final = logging.getLogger(__name__)
_GEWEIGERD: Final = {
    400: "de getuige begrijpt ons verzoek niet",
    403: "de getuige kent de sleutel van ons log niet; geef hem wat `wijkwerk log key --vkey` toont",
    404: "de getuige kent ons log niet; vraag zijn beheerder om het toe te voegen, met de origin en wat `wijkwerk log key --vkey` toont",
}


class Eindpunt:
    """`url` is the witness's submission prefix, `sleutel` whose cosignature is believed."""

    soort = "eindpunt"

    def __init__(self, naam: str, url: str, sleutel: Sleutel, *, ca_file: Path | None = None, wachttijd: float = WACHTTIJD) -> None:
        self.naam, self._sleutel = naam, sleutel
        self._url, self._ca_file, self._wachttijd = f"{url.rstrip('/')}/add-checkpoint", ca_file, wachttijd

    async def geef(self, bron: Bron, nieuw: Checkpoint, bevestigd: int) -> Bevestiging:
        """Raises Tegenspraak when the witness holds another or a longer tree, NietBezorgd when it does not confirm."""
        oud = bevestigd
        for _ in range(_POGINGEN):
            antwoord = await self._vraag(bron, oud, nieuw)
            if antwoord.status == 200:
                return Bevestiging(nieuw.omvang, self._cosignatuur(nieuw, antwoord.body))
            heeft = _heeft(antwoord, oud, nieuw)
            nieuw = (await bron.stand(self.naam)).nieuwste or nieuw  # another process may have given it a newer one meanwhile
            if heeft > nieuw.omvang:
                raise Tegenspraak(f"de getuige heeft omvang {heeft}, maar ons log heeft omvang {nieuw.omvang}")
            if heeft < bevestigd:
                _LOGGER.warning("getuige %s is kwijt wat hij bevestigde: hij heeft omvang %d", self.naam, heeft)
            oud = heeft
        raise NietBezorgd("de getuige noemt steeds een andere omvang")

    async def _vraag(self, bron: Bron, oud: int, nieuw: Checkpoint) -> Antwoord:
        bewijs = "".join(f"{b64encode(each).decode()}\n" for each in await bron.bewijs(oud, nieuw.omvang))
        body = f"old {oud}\n{bewijs}\n{nieuw.note}".encode()
        try:
            return await post(self._url, body, media_type="text/plain", timeout=self._wachttijd, ca_file=self._ca_file)
        except UitgaandMislukt as error:
            raise Onbereikbaar(str(error)) from None

    def _cosignatuur(self, checkpoint: Checkpoint, body: bytes) -> str:
        """The line of the key we know; those of others are left out ("The client MUST ignore any cosignatures from unknown keys")."""
        try:
            van = [each for each in lees_handtekeningen(body.decode()) if (each.naam, each.id) == (self._sleutel.naam, self._sleutel.id)]
        except ValueError:
            raise NietBezorgd("het antwoord van de getuige is onleesbaar") from None
        if not van or not all(self._sleutel.klopt(checkpoint.tekst, each.waarde) for each in van):
            raise NietBezorgd("de handtekening van de getuige klopt niet; controleer zijn sleutel in de instellingen")
        return van[0].regel()


def _heeft(antwoord: Antwoord, oud: int, nieuw: Checkpoint) -> int:
    """The size in a 409. Raises for every other answer, and when the witness holds another tree of the size that we came from."""
    if antwoord.status == 422:
        raise Tegenspraak(f"wat de getuige als eerste {oud} segmenten heeft, is niet van ons log")
    if antwoord.status != 409:
        raise NietBezorgd(_GEWEIGERD.get(antwoord.status, f"de getuige antwoordde met code {antwoord.status}"))
    try:
        heeft = lees_getal(antwoord.body.decode().removesuffix("\n")) if antwoord.media_type == OMVANG else None
    except ValueError:
        heeft = None
    if oud == nieuw.omvang and heeft in (None, oud):
        raise Tegenspraak(f"de getuige heeft een ander checkpoint met omvang {oud}")
    if heeft is None:
        raise NietBezorgd("het antwoord van de getuige is onleesbaar")
    return heeft
