"""To whom this installation passes its log on, by its settings, and as what it makes itself known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple, Self

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.crypto.secretfile import read_secret
from wijkwerk.errors import OpstartFout
from wijkwerk.klok import dag
from wijkwerk.log.doorgeven import Ontvanger
from wijkwerk.log.vormen.bron import Bron
from wijkwerk.log.vormen.otlp import logs, spans
from wijkwerk.settings import Loginstellingen
from wijkwerk.uitgaand import UitgaandMislukt, controleer

LOGBOEK, AUDITLOG = "ldv", "nen7513"
GROOTSTE_TOKEN: Final = 16_384
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""RFC 6750, 2.1."""


class Levering(NamedTuple):
    """What is passed on, and to whom."""

    bron: Bron
    ontvangers: tuple[Ontvanger, ...]

    @classmethod
    def van(cls, log: Loginstellingen, catalogue: Catalogue) -> Self:
        """Raises OpstartFout for an address or a file with a token that can't be used."""
        return cls(bron(log, catalogue), tuple(_ontvangers(log)))


def bron(log: Loginstellingen, catalogue: Catalogue) -> Bron:
    """This installation, as records for others name it. Each version of an activity has a URI of its own (LDV; domain.md 3.2)."""

    def register(code: str, moment: datetime) -> str:
        activiteit = catalogue.op(dag(moment)).activiteiten.get(code)
        return f"{log.register_uri}/{code}" + (f"/{activiteit.geldigheid.versie}" if activiteit else "")

    return Bron(log.origin, version("wijkwerk"), register)


def _ontvangers(log: Loginstellingen) -> Iterator[Ontvanger]:
    token = None if log.otlp_token_file is None else _token(log.otlp_token_file)
    for naam, url, omzetting in ((LOGBOEK, log.otlp_url, spans), (AUDITLOG, log.otlp_audit_url, logs)):
        if url is not None:
            try:
                controleer(url)
            except UitgaandMislukt as error:
                raise OpstartFout(f"Het adres waaraan het log wordt doorgegeven, kan niet worden gebruikt: {error}.") from None
            yield Ontvanger(naam=naam, url=url, omzetting=omzetting, token=token, ca_file=log.ca_file)


def _token(file: Path) -> str:
    try:
        token = read_secret(file, "Het bestand met het token voor het doorgeven van het log", GROOTSTE_TOKEN).decode("ascii").strip()
    except (OSError, ValueError):
        token = ""
    if not _TOKEN.fullmatch(token):
        raise OpstartFout("Het bestand met het token voor het doorgeven van het log is niet te gebruiken (log.otlp_token_file).")
    return token
