"""A time stamp authority as a witness (RFC 3161): it does not know our log, but says that this checkpoint was there at that time."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any, Final

import httpx2
from cryptography import x509

from wijkwerk.errors import OpstartFout
from wijkwerk.log.getuigen.bron import Bevestiging, Bron, NietBezorgd, Onbereikbaar
from wijkwerk.log.note import Checkpoint
from wijkwerk.uitgaand import UitgaandMislukt, post

_VRAAG: Final = "application/timestamp-query"
_ANTWOORD: Final = "application/timestamp-reply"
_ZONDER_EXTRA: Final = "Een tijdstempel op het log vraagt een extra pakket. Installeer het met: pip install 'wijkwerk[tijdstempel]'"


class Tijdstempel:
    """Its name in the log is that of its host. `ca`: certificates of who is believed, in PEM; whoever signed itself is a root."""

    soort = "tijdstempel"

    def __init__(self, url: str, ca: Path, *, ca_file: Path | None = None, wachttijd: float = 20.0) -> None:
        """Raises OpstartFout without the extra package, or without a readable certificate."""
        _pakket()
        self.naam = f"tijdstempel:{httpx2.URL(url).host}"[:100]
        self._url, self._ca_file, self._wachttijd = url, ca_file, wachttijd
        try:
            certificaten = x509.load_pem_x509_certificates(ca.read_bytes())
        except (OSError, ValueError):
            raise OpstartFout("Het bestand log.tijdstempel_ca kan niet worden gelezen, of er staat geen certificaat in.") from None
        self._roots = [each for each in certificaten if each.issuer == each.subject]
        self._onderweg = [each for each in certificaten if each.issuer != each.subject]

    async def geef(self, bron: Bron, nieuw: Checkpoint, bevestigd: int) -> Bevestiging:
        """The stamp is over the bytes of the note with the log's signature. Raises NietBezorgd without a stamp that can be believed."""
        rfc3161, note = _pakket(), nieuw.note.encode()
        vraag = rfc3161.TimestampRequestBuilder().data(note).build()
        try:
            antwoord = await post(self._url, vraag.as_bytes(), media_type=_VRAAG, timeout=self._wachttijd, ca_file=self._ca_file)
        except UitgaandMislukt as error:
            raise Onbereikbaar(str(error)) from None
        if (antwoord.status, antwoord.media_type) != (200, _ANTWOORD):
            raise NietBezorgd(f"de tijdstempeldienst antwoordde met code {antwoord.status}, of niet met een tijdstempel")
        self._controleer(rfc3161, vraag, antwoord.body, note)
        return Bevestiging(nieuw.omvang, b64encode(antwoord.body).decode())

    def _controleer(self, rfc3161: Any, vraag: Any, body: bytes, note: bytes) -> None:
        try:
            stempel = rfc3161.decode_timestamp_response(body)
            keuring = rfc3161.VerifierBuilder(roots=self._roots, intermediates=self._onderweg, policy_id=vraag.policy, nonce=vraag.nonce)
            keuring.build().verify_message(stempel, note)
        except (rfc3161.VerificationError, ValueError):
            raise NietBezorgd("het tijdstempel klopt niet, of komt van een dienst die log.tijdstempel_ca niet kent") from None


def _pakket() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise OpstartFout(_ZONDER_EXTRA) from None
    return rfc3161_client
