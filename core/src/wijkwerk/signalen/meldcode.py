"""The meldcode huiselijk geweld en kindermishandeling as a checklist with dates (domain.md 9.5; Besluit verplichte meldcode).

It helps a professional to remember what was done and when; it decides nothing, warns of no order, and reports to nobody. There is no link
to a national register (Verwijsindex risicojongeren) or to Veilig Thuis, and none is to be built: whether to report there is a decision
of a professional (Wmo 2015 art. 5.2.6), who does it outside this system and writes down here that it was done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.kalender.dagen import keur_geweest
from wijkwerk.records.gegevens import tekst_of_niets
from wijkwerk.records.read import Reader
from wijkwerk.records.session import Work
from wijkwerk.signalen.signaal import Meldcodestap, Meldcodestapsoort, Signaal
from wijkwerk.storage.columns import nieuw_id


@dataclass(frozen=True, slots=True)
class Stapstand:
    """Where one step stands: the days on which it was done, the first one first. None: not done yet."""

    stap: Meldcodestapsoort
    gedaan_op: tuple[date, ...]


def doe_stap(
    work: Work,
    signaal: UUID,
    stap: Meldcodestapsoort,
    gedaan_op: date,
    *,
    toelichting: str | None = None,
    veilig_thuis_gemeld: bool | None = None,
    hulp_georganiseerd: bool | None = None,
) -> UUID:
    """Write down that a step was done about this signal, in whatever order and as often as it was; the id of the step.

    The last step, BESLISSEN, says of both decisions what they were; no other step does. Raises NietGevonden, GeenRecht, and
    OngeldigeInvoer for a day that is still to come and for a decision that is missing or does not belong there.
    """
    over = work.get(Signaal, signaal)
    keur_geweest(gedaan_op, work.actor.vandaag, "gedaan_op")
    _keur_besluit(stap, veilig_thuis_gemeld, hulp_georganiseerd)
    return work.add(
        Meldcodestap(
            id=nieuw_id(), persoon_id=over.persoon_id, kader_id=over.kader_id, signaal_id=signaal, stap=stap, gedaan_op=gedaan_op,
            toelichting=tekst_of_niets(toelichting, "toelichting"),
            veilig_thuis_gemeld=veilig_thuis_gemeld, hulp_georganiseerd=hulp_georganiseerd, door_id=work.actor.gebruiker,
        )
    ).id  # fmt: skip


def stand(reader: Reader, signalen: Collection[UUID]) -> dict[UUID, list[Stapstand]]:
    """For each of these signals all five steps, done or not. One statement. Raises GeenRecht."""
    gedaan: dict[tuple[UUID, Meldcodestapsoort], list[date]] = defaultdict(list)
    for row in reader.by_key(Meldcodestap, ("signaal_id", "stap", "gedaan_op"), "signaal_id", sorted(signalen), order=("gedaan_op",)):
        gedaan[row.signaal_id, row.stap].append(row.gedaan_op)
    return {signaal: [Stapstand(stap, tuple(gedaan[signaal, stap])) for stap in Meldcodestapsoort] for signaal in signalen}


def _keur_besluit(stap: Meldcodestapsoort, veilig_thuis_gemeld: bool | None, hulp_georganiseerd: bool | None) -> None:
    for veld, besluit in (("veilig_thuis_gemeld", veilig_thuis_gemeld), ("hulp_georganiseerd", hulp_georganiseerd)):
        if (stap is Meldcodestapsoort.BESLISSEN) != (besluit is not None):
            raise OngeldigeInvoer(
                "Vul alleen bij de stap BESLISSEN in of er bij Veilig Thuis is gemeld en of er hulp is georganiseerd, en dan allebei.",
                veld=veld,
            )
