"""Where a case stands: put on hold, gone on with, closed and opened again (domain.md 4.3, 9.1). What may follow what is said once, here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from wijkwerk.afspraken.afspraak import Afspraak, Afspraakstatus
from wijkwerk.betrokkenheden import sluit_kader
from wijkwerk.dossiers.deuren import stel_bij
from wijkwerk.dossiers.dossier import Dossierstap, Dossierstapsoort, Dossierstatus, Statusreden, leg_stap_vast
from wijkwerk.dossiers.inhanden import InHanden, neem_in_handen
from wijkwerk.dossiers.overdracht import Overdracht, Overdrachtstatus
from wijkwerk.dossiers.regisseur import is_regisseur
from wijkwerk.errors import OngeldigeInvoer
from wijkwerk.partners.einde import eindig_in_kader
from wijkwerk.partners.verwijzing import Eindreden
from wijkwerk.records.gegevens import keur_toelichting
from wijkwerk.records.session import Work
from wijkwerk.signalen.signaal import wacht_nog
from wijkwerk.storage.columns import among
from wijkwerk.taken.afronden import laat_vervallen


class OvergangKanNiet(OngeldigeInvoer):
    """The case does not stand where this can follow; the message says what can."""

    code = "OVERGANG_KAN_NIET"


class NogAfspraken(OngeldigeInvoer):
    """An appointment is still to come: nobody would see it any more."""

    code = "NOG_AFSPRAKEN"
    standaard = "Er is nog een afspraak gepland. Zeg die eerst af of leg vast wat ervan kwam."


class NogSignalen(OngeldigeInvoer):
    """A worry is not finished: nobody would see it any more."""

    code = "NOG_SIGNALEN"
    standaard = "Er wacht nog een signaal. Handel dat eerst af."


@dataclass(frozen=True, slots=True)
class Overgang:
    """A step from one status to another: what it is called, from where, and for which reasons; without any it needs none."""

    woord: str
    van: frozenset[Dossierstatus]
    redenen: frozenset[Statusreden]


_S, _R = Dossierstatus, Statusreden
OVERGANGEN: Mapping[Dossierstapsoort, Overgang] = MappingProxyType(
    {
        Dossierstapsoort.AANGEHOUDEN: Overgang(
            "aanhouden", frozenset({_S.OPEN, _S.HEROPEND}),
            frozenset({_R.WACHT_OP_INWONER, _R.WACHT_OP_ANDERE_ORGANISATIE, _R.WACHTLIJST, _R.ANDERS}),
        ),
        Dossierstapsoort.HERVAT: Overgang("hervatten", frozenset({_S.AANGEHOUDEN}), frozenset()),
        Dossierstapsoort.GESLOTEN: Overgang(
            "sluiten", frozenset({_S.OPEN, _S.HEROPEND, _S.AANGEHOUDEN}),
            frozenset({_R.AFGEROND, _R.VERWEZEN, _R.INWONER_WIL_NIET, _R.GEEN_CONTACT, _R.VERHUISD, _R.OVERLEDEN, _R.ANDERS}),
        ),
        Dossierstapsoort.HEROPEND: Overgang(
            "heropenen", frozenset({_S.GESLOTEN}), frozenset({_R.NIEUWE_VRAAG, _R.TE_VROEG_GESLOTEN, _R.ANDERS})
        ),
    }
)  # fmt: skip


def mogelijk(status: Dossierstatus) -> list[Dossierstapsoort]:
    """What can follow this status."""
    return [soort for soort, overgang in OVERGANGEN.items() if status in overgang.van]


def houd_aan(work: Work, dossier: UUID, versie: int, reden: Statusreden, toelichting: str | None = None) -> UUID:
    """Put a case on hold; who is let in stays. Raises as `neem_in_handen`, OvergangKanNiet, OngeldigeInvoer for the reason."""
    vast, uitleg = _keur(work, dossier, versie, Dossierstapsoort.AANGEHOUDEN, reden, toelichting)
    _zet(work, vast, Dossierstapsoort.AANGEHOUDEN, Dossierstatus.AANGEHOUDEN, reden, uitleg)
    return dossier


def hervat(work: Work, dossier: UUID, versie: int, toelichting: str | None = None) -> UUID:
    """Go on with a case that was on hold, as OPEN, or HEROPEND when it was closed before. Raises as `houd_aan`."""
    vast, uitleg = _keur(work, dossier, versie, Dossierstapsoort.HERVAT, None, toelichting)
    stappen = work.reader.by_key(Dossierstap, ("soort",), "dossier_id", [dossier])
    eerder = any(stap.soort is Dossierstapsoort.HEROPEND for stap in stappen)
    _zet(work, vast, Dossierstapsoort.HERVAT, Dossierstatus.HEROPEND if eerder else Dossierstatus.OPEN, None, uitleg)
    return dossier


def sluit(work: Work, dossier: UUID, versie: int, reden: Statusreden, toelichting: str | None = None) -> UUID:
    """Close a case: its tasks lapse, its couplings and referrals end with all that others were let in to within it, and the retention clock
    starts.

    The team keeps `deuren.GESLOTEN`. A consent that was given in the case stays as the resident gave it, as proof (AVG art. 7(1)); only
    the resident withdraws it (domain.md 2.3, 2.4). What it opened ends with the case and does not come back when the case is opened again:
    then the partner is let in by a new consent. Raises as `houd_aan` and `keur_niets_wacht`, and OngeldigeInvoer while another team
    considers it.
    """
    vast, uitleg = _keur(work, dossier, versie, Dossierstapsoort.GESLOTEN, reden, toelichting)
    if work.find_any(Overdracht, dossier_id=dossier, status=Overdrachtstatus.AANGEBODEN):
        raise OngeldigeInvoer("Dit dossier is aan een ander team aangeboden. Trek dat aanbod eerst in.")
    keur_niets_wacht(work, vast, vast.leden)
    eindig_in_kader(work, dossier, None, Eindreden.DOSSIER_GESLOTEN)
    for kader in vast.kaders:
        laat_vervallen(work, kader=kader)
        sluit_kader(work, kader, behalve=dossier)
    vast.dossier.gesloten = work.actor.moment
    _zet(work, vast, Dossierstapsoort.GESLOTEN, Dossierstatus.GESLOTEN, reden, uitleg)
    return dossier


def heropen(work: Work, dossier: UUID, versie: int, reden: Statusreden, toelichting: str | None = None) -> UUID:
    """Open a closed case again: the retention clock stands still, team and casusregisseur are let in as before, partners are not.

    A casusregisseur who no longer is one in this team is not. Raises as `houd_aan`.
    """
    vast, uitleg = _keur(work, dossier, versie, Dossierstapsoort.HEROPEND, reden, toelichting)
    gevonden = vast.dossier
    if gevonden.regisseur_id is not None and not is_regisseur(work, gevonden.regisseur_id, gevonden.team_id):
        gevonden.regisseur_id = None
        leg_stap_vast(work, gevonden, Dossierstapsoort.ZONDER_REGISSEUR)
    gevonden.gesloten = None
    _zet(work, vast, Dossierstapsoort.HEROPEND, Dossierstatus.HEROPEND, reden, uitleg)
    return dossier


def keur_niets_wacht(work: Work, vast: InHanden, personen: Collection[UUID]) -> None:
    """Raises NogAfspraken when one of these residents has an appointment to come in this case, and NogSignalen when a worry about one of
    them is not finished there; whoever sees it.
    """
    a = Afspraak.tabel()
    straks = select(a.c.id).where(
        a.c.gemeente_id == work.actor.gemeente, among(a.c.kader_id, "kaders"), among(a.c.persoon_id, "personen"),
        a.c.status == Afspraakstatus.GEPLAND, a.c.einde > work.actor.moment,
    )  # fmt: skip
    if work.core_connection.execute(straks.limit(1), {"kaders": list(vast.kaders), "personen": list(personen)}).first():
        raise NogAfspraken
    if wacht_nog(work, vast.kaders, personen):
        raise NogSignalen


def _keur(
    work: Work, dossier: UUID, versie: int, soort: Dossierstapsoort, reden: Statusreden | None, toelichting: str | None
) -> tuple[InHanden, str | None]:
    """The case in hand, and the explanation, when this may follow for this reason."""
    vast, overgang = neem_in_handen(work, dossier, versie, lopend=False), OVERGANGEN[soort]
    if vast.dossier.status not in overgang.van:
        kan = " of ".join(OVERGANGEN[other].woord for other in mogelijk(vast.dossier.status))
        raise OvergangKanNiet(f"Dit kan nu niet met dit dossier. U kunt het wel {kan}.")
    if overgang.redenen and reden not in overgang.redenen:
        raise OngeldigeInvoer(f"Deze reden past hier niet. Kies uit: {', '.join(sorted(overgang.redenen))}.", veld="reden")
    return vast, keur_toelichting(reden, toelichting)


def _zet(
    work: Work, vast: InHanden, soort: Dossierstapsoort, status: Dossierstatus, reden: Statusreden | None, toelichting: str | None
) -> None:
    vast.dossier.status, vast.dossier.reden = status, reden
    leg_stap_vast(work, vast.dossier, soort, reden=reden, toelichting=toelichting)
    stel_bij(work, vast)
