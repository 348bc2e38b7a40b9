"""The worker's part of requests to be let in: each in transactions of its own, so that one that fails stops no other."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Final
from uuid import UUID

from wijkwerk.app import Wijkwerk
from wijkwerk.errors import DatabaseNietBeschikbaar, LogNietBeschikbaar, WijkwerkError
from wijkwerk.partners.nakijken import kijk_na, sluit_af, wachtend, zet
from wijkwerk.partners.toegangsverzoek import Toegangsverzoek
from wijkwerk.post.namens import Namens
from wijkwerk.systeem import TOEGANG

LATER: Final = timedelta(minutes=10)
"""How long a request waits that could not be processed."""
_ONDERDEEL: Final = "toegangsverzoek:verwerken"

_LOGGER: Final = logging.getLogger(__name__)


async def verwerk(wijkwerk: Wijkwerk) -> int:
    """Process what waits, oldest first; how many were processed. One that fails waits for a while and stops no other.

    Two workers at the same request: one of them does it. Raises LogNietBeschikbaar and DatabaseNietBeschikbaar.
    """
    nu = wijkwerk.klok.nu()
    async with wijkwerk.database.snapshot() as snapshot:
        rijen = await snapshot.run(
            lambda connection: connection.execute(wachtend(Toegangsverzoek.tabel().c.volgende_poging_op <= nu)).all()
        )
    gedaan = 0
    for gemeente, groep in groupby(sorted(rijen, key=lambda rij: rij.gemeente_id), key=lambda rij: rij.gemeente_id):
        namens = await Namens.in_gemeente(wijkwerk, gemeente, TOEGANG)
        if namens is None:
            _LOGGER.error("een gemeente heeft geen eigen organisatie; verzoeken om toegang wachten")
            continue
        gedaan += sum([await _een(namens, rij.id) for rij in groep])
    return gedaan


async def _een(namens: Namens, id: UUID) -> bool:
    wijkwerk = namens.wijkwerk
    try:
        await wijkwerk.write(namens.actor(), partial(kijk_na, id=id), onderdeel=_ONDERDEEL)
        einde = partial(sluit_af, keyring=wijkwerk.keyring, gemeente=namens.gemeente, id=id, nu=wijkwerk.klok.nu())
        return await wijkwerk.database.transact(einde)
    except (LogNietBeschikbaar, DatabaseNietBeschikbaar):
        raise
    except Exception as error:
        code = error.code if isinstance(error, WijkwerkError) else WijkwerkError.code
        _LOGGER.error("een verzoek om toegang kon niet worden verwerkt: %s", code, exc_info=error)
    await wijkwerk.database.transact(partial(zet, gemeente=namens.gemeente, id=id, volgende_poging_op=wijkwerk.klok.nu() + LATER))
    return False
