"""What professionals do with cases, at random: each attempt with whether the model allows it, and what then is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from stdnum.nl import bsn as elfproef

from ..aanmeldingen.aanmelden import aanmelden
from ..aanmeldingen.aanmelding import Aanmelding
from ..dossiers import leden, overdragen, regisseur, status
from ..dossiers.dossier import Dossier, Statusreden
from ..dossiers.openen import open_dossier
from ..dossiers.overdracht import Overdracht
from ..notities.notitie import Notitiesoort
from ..notities.schrijven import schrijf
from ..records.session import Work
from ..records.types.bsn import Bsn
from ..records.types.datum import Datum
from .dossiermodel import Melding, Notitie, Wie, Zaak
from .dossierpartners import koppelen, ontkoppelen, toestemmen, toestemming_weg
from .dossierspel import Poging, Spel, nieuwste
from .dossierverwijzingen import VERWIJZINGEN
from .notities import verteld

PERSONEN, MELDINGEN, ZAKEN = 5, 8, 2
"""How many there are at most."""


BSNS = [Bsn.lees(nummer) for n in range(90_000, 90_200) if elfproef.is_valid(nummer := f"9999{n}")]


def melden(w: Spel) -> Poging | None:
    if len(w.model.meldingen) >= MELDINGEN:
        return None
    wie, nieuw = w.kies(w.team), len(w.model.personen) < PERSONEN
    nummer = len(w.model.personen) if nieuw else w.kans.randrange(PERSONEN)

    def werk(work: Work) -> tuple[UUID, UUID]:
        persoon = aanmelden(work, {"geslachtsnaam": "Moulin", "bsn": BSNS[nummer], "geboortedatum": Datum(1956, 11, 2)})
        work.flush()
        a = Aanmelding.tabel()
        newest = select(a.c.id).where(a.c.persoon_id == persoon).order_by(a.c.ontvangen.desc()).limit(1)
        return persoon, work.core_connection.execute(newest).scalar_one()

    def dan(gemaakt: tuple[UUID, UUID]) -> None:
        persoon, melding = gemaakt
        if nieuw:
            w.model.personen.append(persoon)
        assert wie.team is not None
        w.model.meldingen[melding] = Melding(persoon, wie.team)

    return Poging(wie, True, werk, dan)


def openen(w: Spel) -> Poging | None:
    if len(w.model.zaken) >= ZAKEN:
        return None
    wie, aantal = w.kies(w.team), w.kans.choice([1, 1, 2, 3])
    personen = list(dict.fromkeys(w.kies(w.model.personen) for _ in range(aantal)))
    melding = w.kies([None, *w.model.meldingen])
    regie = w.kies([None, *w.team])
    bereik = w.model.werkt_met(wie)
    mag = set(personen) <= bereik and (regie is None or _mag_regisseur(regie, wie, wie.team))
    if melding is not None:
        over = w.model.meldingen[melding]
        mag = mag and over.team == wie.team and over.dossier is None and over.persoon in personen

    def dan(id: UUID) -> None:
        assert wie.team is not None
        w.model.zaken[id] = Zaak(id, personen[0], wie.team, _id(regie), set(personen))
        if melding is not None:
            w.model.meldingen[melding].dossier = id

    return Poging(wie, mag, lambda work: open_dossier(work, personen, regisseur=_id(regie), aanmeldingen=[melding] if melding else ()), dan)


def _id(wie: Wie | None) -> UUID | None:
    return None if wie is None else wie.gebruiker


def _mag_regisseur(regie: Wie, door: Wie, team: UUID | None) -> bool:
    return regie.rol == "REGISSEUR" and regie.team == team and regie is not door


def _service(w: Spel, zaak: Zaak, mag: Callable[[Wie], bool], service: Any, *rest: Any, dan: Callable[[Any], Any]) -> Poging:
    wie = w.kies(w.team)
    heeft = zaak.heeft(wie) and zaak.ziet(wie)
    return Poging(wie, heeft and mag(wie), lambda work: service(work, zaak.id, nieuwste(work, Dossier, zaak.id), *rest), dan)


def lid_erbij(w: Spel) -> Poging:
    zaak, persoon = w.zaak(), w.kies(w.model.personen)

    def mag(wie: Wie) -> bool:
        return not zaak.dicht and persoon not in zaak.leden and persoon in w.model.werkt_met(wie)

    return _service(w, zaak, mag, leden.voeg_lid_toe, persoon, dan=lambda _: zaak.leden.add(persoon))


def lid_weg(w: Spel) -> Poging:
    zaak = w.zaak()
    gedeeld = sorted(
        {*(p for wier in zaak.partners.values() for p in wier), *(p for p, _ in zaak.toestemmingen.values())}, key=w.model.personen.index
    )
    persoon = w.kies(gedeeld) if gedeeld and w.kans.random() < 0.7 else w.lid(zaak)  # who was shown to a partner more often
    mag = not zaak.dicht and persoon in zaak.leden and persoon != zaak.begin
    return _service(w, zaak, lambda _: mag, leden.lid_vertrekt, persoon, dan=lambda _: w.model.vertrekt(zaak, persoon))


def aanhouden(w: Spel) -> Poging:
    zaak = w.zaak()
    mag = zaak.status in ("OPEN", "HEROPEND")
    return _service(w, zaak, lambda _: mag, status.houd_aan, Statusreden.WACHTLIJST, dan=lambda _: setattr(zaak, "status", "AANGEHOUDEN"))


def hervatten(w: Spel) -> Poging:
    zaak = w.zaak()
    mag, wordt = zaak.status == "AANGEHOUDEN", "HEROPEND" if zaak.eerder_dicht else "OPEN"
    return _service(w, zaak, lambda _: mag, status.hervat, dan=lambda _: setattr(zaak, "status", wordt))


def sluiten(w: Spel) -> Poging:
    zaak = w.zaak()
    mag = not zaak.dicht and zaak.aanbod is None
    return _service(w, zaak, lambda _: mag, status.sluit, Statusreden.AFGEROND, dan=lambda _: w.model.sluit(zaak))


def heropenen(w: Spel) -> Poging:
    zaak = w.zaak()

    def dan(_: Any) -> None:
        zaak.status, zaak.eerder_dicht = "HEROPEND", True

    mag = zaak.dicht
    return _service(w, zaak, lambda _: mag, status.heropen, Statusreden.NIEUWE_VRAAG, dan=dan)


def regisseur_aanwijzen(w: Spel) -> Poging:
    zaak, regie = w.zaak(), w.kies([None, *w.team])
    nieuw = _id(regie)

    def mag(wie: Wie) -> bool:
        return not zaak.dicht and (nieuw in (None, zaak.regisseur) or (regie is not None and _mag_regisseur(regie, wie, zaak.team)))

    return _service(w, zaak, mag, regisseur.wijs_regisseur_aan, nieuw, dan=lambda _: setattr(zaak, "regisseur", nieuw))


def aanbieden(w: Spel) -> Poging:
    zaak, naar = w.zaak(), w.kies([w.wijk.team, w.wijk.ander_team])
    mag = not zaak.dicht and zaak.aanbod is None and naar != zaak.team
    codes = w.kies([(), ("CONTACT",)])
    return _service(
        w, zaak, lambda _: mag, overdragen.bied_aan, naar, "Verhuisd", codes, dan=lambda id: setattr(zaak, "aanbod", (id, naar))
    )


def _aangeboden(w: Spel, mag: Callable[[Wie, Zaak], bool], service: Any, *rest: Any, dan: Callable[[Zaak], None]) -> Poging | None:
    zaken = [zaak for zaak in w.model.zaken.values() if zaak.aanbod is not None]
    if not zaken:
        return None
    wie, zaak = w.kies(w.team), w.kies(zaken)
    assert zaak.aanbod is not None
    id = zaak.aanbod[0]

    def daarna(_: Any) -> None:
        dan(zaak)
        zaak.aanbod = None

    return Poging(wie, mag(wie, zaak), lambda work: service(work, id, nieuwste(work, Overdracht, id), *rest), daarna)


def aannemen(w: Spel) -> Poging | None:
    regie = w.kies([None, *w.team])

    def dan(zaak: Zaak) -> None:
        assert zaak.aanbod is not None
        zaak.team, zaak.regisseur = zaak.aanbod[1], _id(regie)

    def mag(wie: Wie, zaak: Zaak) -> bool:
        return zaak.aanbod is not None and wie.team == zaak.aanbod[1] and (regie is None or _mag_regisseur(regie, wie, zaak.aanbod[1]))

    return _aangeboden(w, mag, overdragen.neem_aan, _id(regie), dan=dan)


def weigeren(w: Spel) -> Poging | None:
    return _aangeboden(
        w, lambda wie, zaak: zaak.aanbod is not None and wie.team == zaak.aanbod[1], overdragen.weiger, "Vol", dan=lambda _: None
    )


def intrekken(w: Spel) -> Poging | None:
    return _aangeboden(w, lambda wie, zaak: wie.team == zaak.team, overdragen.trek_in, dan=lambda _: None)


def noteren(w: Spel) -> Poging:
    wie, zaak = w.kies(w.team), w.zaak()
    persoon, niveau = w.lid(zaak), w.kies([5, 6, 7])
    soort = Notitiesoort.STRIKT if niveau == 7 else Notitiesoort.CONTACTVERSLAG
    mag = zaak.heeft(wie) and not zaak.dicht and persoon in zaak.leden and (niveau < 7 or wie.gebruiker == zaak.regisseur)
    werk = partial(schrijf, dossier=zaak.id, persoon=persoon, soort=soort, inhoud=verteld("Gesprek"), deelbaar=niveau == 5)
    return Poging(wie, mag, werk, lambda id: zaak.notities.append(Notitie(id, persoon, niveau)))


def tijd(w: Spel) -> Poging:
    later = timedelta(hours=w.kans.randrange(1, 80))
    return Poging(w.kies(w.team), True, lambda work: None, lambda _: setattr(w.wijk.klok, "moment", w.wijk.klok.moment + later))


GEBEURTENISSEN: dict[str, Callable[[Spel], Poging | None]] = {
    gebeurtenis.__name__: gebeurtenis
    for gebeurtenis in (
        melden, openen, lid_erbij, lid_weg, aanhouden, hervatten, sluiten, heropenen, regisseur_aanwijzen, aanbieden, aannemen, weigeren,
        intrekken, koppelen, ontkoppelen, toestemmen, toestemming_weg, noteren, tijd, *VERWIJZINGEN,
    )
}  # fmt: skip
