"""Random worlds for tests of who sees what: few residents, many betrokkenheden, and made-up kinds of records (`wereldrecords.py`).

To import it declares those records: for tests alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert

from ..access.actor import Actor
from ..access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from ..access.levels import Niveau
from ..access.register import ALLE_ORGANISATIES, IDENTITEIT
from ..dossiers.dossier import Dossier, Dossierstatus
from ..gebruikers import Aanstelling, Gebruiker
from ..notities.notitie import Notitie, Notitielezer, Notitiesoort
from ..organisaties import Organisatie, Organisatiesoort, Team, maak_gemeente
from ..personen import Persoon
from ..records.declare import PersonRecord, Record
from ..records.types.datum import Datum
from ..records.types.naam import Geslacht, Naamgebruik
from ..storage.columns import nieuw_id
from .lekken.rijen import Rij, Wereld
from .wereldrecords import (
    OVER_NIEMAND,
    OVER_PERSONEN,
    Band,
    Blad,
    Controle,
    Gesprek,
    Kladje,
    Krabbel,
    Opdracht,
    Orakelrecord,
    Prikbord,
    Verhaal,
)
from .wijk import BEGIN

__all__ = [
    "DOELEN", "FILTERS", "IDS", "OVER_NIEMAND", "TABELLEN", "VELDEN", "Band", "Opdracht", "make_actor", "make_world", "store",
]  # fmt: skip

TABELLEN = [record.tabel() for record in (*OVER_PERSONEN, *OVER_NIEMAND)]
VELDEN: Mapping[type[PersonRecord], Sequence[str]] = {
    Gesprek: ("onderwerp", "telefoon", "ernst", "klacht"),
    Blad: ("dossier_id", "inhoud", "woonplek"),
    Band: ("ander_id", "sterkte"),
    Opdracht: ("rol", "zwaarte"),
    Krabbel: ("gedachte", "kleur"),
    Verhaal: ("groep_id", "slot"),
    Persoon: ("roepnaam", "sorteernaam", "geboortedatum", "woonplaats", "straat"),
}
FILTERS: Mapping[type[PersonRecord], Sequence[str]] = {**VELDEN, Persoon: ("roepnaam", "woonplaats", "straat")}
POOL = random.Random(20270301)
AANTALLEN = (("personen", 10), ("partijen", 6), ("orgs", 3), ("kaders", 3), ("collega's", 4), ("verhalen", 36))
IDS = {name: [UUID(int=POOL.getrandbits(128)) for _ in range(n)] for name, n in AANTALLEN}
CODES = ["PLAN_EN_DOELEN", "CONTACTVERSLAGEN", "IDENTITEIT", "ADRES", "CONTACT", "GEZONDHEID", "VEILIGHEID"]
DOELEN = ["WMO_ONDERZOEK", "PW_UITVOERING", "ZORG_UITWISSELING"]
ROLLEN = ["PROEF", "ANDERS", "ELDERS"]
RECHTEN = frozenset({Persoon.lezen.naam, Orakelrecord.lezen.naam})
GEMEENTEN = count(1)


def moments(rng: random.Random) -> dict[str, Any]:
    """A period that mostly runs now, and now and then begins or ends at this very moment."""
    van = BEGIN + timedelta(seconds=rng.choice([-90, -90, -90, -90, 0, 1, 90]))
    return {"van": van, "tot": rng.choice([None, None, None, BEGIN + timedelta(seconds=1), BEGIN, BEGIN - timedelta(seconds=1)])}


def rows(rng: random.Random, number: int, **choices: Sequence[Any]) -> list[dict[str, Any]]:
    """So many rows, each with one of the choices for every column."""
    return [{"id": nieuw_id(), **{name: rng.choice(list(values)) for name, values in choices.items()}} for _ in range(number)]


def make_world(rng: random.Random) -> Wereld:
    """Few parties and persons, many betrokkenheden: about one door in three is open. Half of the residents have something held back,
    and they are the ones whom others have a band with."""
    persons, parties, small, letters = IDS["personen"], IDS["partijen"], [None, 1, 2], ["A", "B", "C"]
    who: dict[str, Sequence[Any]] = {"persoon_id": persons, "verantwoordelijke_id": IDS["orgs"][:2]}
    held = rows(
        rng, rng.choice([8, 30]), persoon_id=persons[5:], verantwoordelijke_id=IDS["orgs"][:2],
        partij_id=[None, None, *parties, *IDS["orgs"]], niveau_tot=[0, 0, 1, 3, 7, 7, 7, 7, 7], verbergt=[True, False],
    )  # fmt: skip
    personen: list[dict[str, Any]] = [
        {"id": id_, "verantwoordelijke_id": rng.choice(IDS["orgs"][:2]), "roepnaam": rng.choice([None, *letters]),
         "sorteernaam": rng.choice(letters), "geboortedatum": Datum.lees("1980-05"), "woonplaats": rng.choice([None, "1", "2"]),
         "straat": rng.choice([None, *letters])}
        for id_ in persons
    ]  # fmt: skip
    voor = [*parties, *IDS["orgs"], *IDS["collega's"], *IDS["collega's"]]
    eigen: dict[str, Sequence[Any]] = {
        "dossier_id": [None, *IDS["kaders"]], "van_id": [*parties, *parties[:1] * 3],
        "verloopt": [BEGIN, *[BEGIN + timedelta(seconds=n) for n in (-1, 1, 1, 1)]],
    }  # fmt: skip
    los: dict[str, Sequence[Any]] = {"verantwoordelijke_id": IDS["orgs"], "kleur": small, "inhoud": small}
    rijen: dict[type[Record], list[dict[str, Any]]] = {
        Persoon: personen,
        Gesprek: rows(rng, 25, **who, onderwerp=letters, telefoon=[None, *letters], ernst=small, klacht=small),
        Blad: rows(
            rng, 25, **who, dossier_id=[None, *IDS["kaders"]], categorie_code=CODES, niveau_vanaf=range(1, 8), inhoud=small, woonplek=small
        ),
        Band: rows(rng, 25, **who, ander_id=[None, *persons[4:]], sterkte=small),
        Opdracht: rows(rng, 60, **who, voor_id=voor, rol=[None, None, *ROLLEN], zwaarte=small),
        Krabbel: rows(rng, 60, **who, **eigen, gedachte=small, kleur=small),
        Verhaal: make_groups(rng, who),
        Notitielezer: [
            row | {"tot": rng.choice([None, None, BEGIN, BEGIN + timedelta(seconds=1)])}
            for row in rows(rng, 40, groep_id=IDS["verhalen"], gebruiker_id=[*parties[:1] * 4, *IDS["collega's"]])
        ],
        Kladje: rows(rng, 25, **los, partij_id=[*parties, *IDS["orgs"]]),
        Prikbord: rows(rng, 9, **los, openbaar=[True, False, False]),
        Controle: rows(rng, 3, kleur=small, inhoud=small),
    }
    werk = rows(rng, 6, gebruiker_id=IDS["collega's"], organisatie_id=IDS["orgs"])
    return Wereld({p["id"]: p for p in personen}, make_doors(rng), [h | moments(rng) for h in held], rijen, werk)


def make_groups(rng: random.Random, who: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows that tell the same about some residents, now and then twice about one, as after a merge."""
    ones = [
        row | {"groep_id": groep}
        for groep in IDS["verhalen"]
        for row in rows(
            rng, 1, **who, dossier_id=[None, *IDS["kaders"][:1]], categorie_code=[*CODES[:1] * 3, CODES[1]],
            niveau_vanaf=[1, 1, 2, 4, 5], slot=[None, 1, 2],
        )
    ]  # fmt: skip
    others = [one | {"id": nieuw_id(), "persoon_id": rng.choice([one["persoon_id"], *IDS["personen"][1:3]])} for one in ones]
    return [*ones, *rng.sample(others, 25)]


def make_doors(rng: random.Random) -> list[dict[str, Any]]:
    """Doors for any party and, now and then, for one role; and doors for looking alone, mostly of one user or of who is away.

    Of the first resident nobody has anything but who it is.
    """
    parties, kijken = IDS["partijen"], [Bron.EIGEN, Bron.VERTEGENWOORDIGING, Bron.NOODTOEGANG]
    common: dict[str, Sequence[Any]] = {
        "persoon_id": IDS["personen"], "verantwoordelijke_id": IDS["orgs"][:2], "doel": DOELEN, "categorie_code": CODES,
        "kader_id": [None, *IDS["kaders"]], "niveau_tot": [2, 4, 5, 7], "rol": [*[None] * 5, *ROLLEN],
    }  # fmt: skip
    doors = rows(rng, rng.choice([200, 900]), **common, partij_id=[*parties, *IDS["orgs"]], bron=[Bron.DOSSIER])
    doors += rows(rng, 250, **common, partij_id=[parties[0], parties[0], *parties[3:], IDS["orgs"][0]], bron=kijken)
    first = IDS["personen"][0]
    return [door | moments(rng) for door in doors if door["persoon_id"] != first or door["categorie_code"] == IDENTITEIT.code]


def store(connection: Connection, gemeente: UUID, wereld: Wereld) -> None:
    """Put a world in a municipality of its own; the ids are the same in every municipality."""

    def put(record: type[Record], rows: Sequence[Rij], **same: Any) -> None:
        connection.execute(insert(record.tabel()), [{"gemeente_id": gemeente, "versie": 1, **same, **row} for row in rows])

    maak_gemeente(connection, gemeente, "Proef", f"GM{next(GEMEENTEN):04d}")
    put(Organisatie, [{"id": i, "verantwoordelijke_id": i} for i in IDS["orgs"]], naam="O", soort=Organisatiesoort.OVERIG, openbaar=True)
    stad = IDS["orgs"][0]
    put(Team, [{"id": stad}], naam="T", organisatie_id=stad, verantwoordelijke_id=stad, openbaar=True)
    put(
        Gebruiker, [{"id": i, "onderwerp": str(i)} for i in (IDS["partijen"][0], *IDS["collega's"])], naam="G", issuer="proef",
        verantwoordelijke_id=stad, openbaar=False,
    )  # fmt: skip
    put(
        Aanstelling, wereld.aanstellingen, naam="G", rol="PROEF", van=BEGIN.date(), verantwoordelijke_id=stad, openbaar=False,
    )  # fmt: skip
    put(
        Persoon, wereld.rijen[Persoon], geslachtsnaam="X", aanduiding_naamgebruik=Naamgebruik.EIGEN, geslacht=Geslacht.ONBEKEND,
        geheim=False,
    )  # fmt: skip
    put(
        Dossier, [{"id": i} for i in IDS["kaders"]], persoon_id=IDS["personen"][0], team_id=stad, verantwoordelijke_id=stad,
        status=Dossierstatus.OPEN, geopend=BEGIN,
    )  # fmt: skip
    over = {
        "persoon_id": IDS["personen"][0], "dossier_id": IDS["kaders"][0], "verantwoordelijke_id": stad, "soort": Notitiesoort.STRIKT,
        "categorie_code": "VEILIGHEID", "niveau_vanaf": 7, "auteur_id": IDS["collega's"][0], "geschreven": BEGIN,
    }  # fmt: skip
    put(Notitie, [{"id": stad}], groep_id=stad, laatste=1, **over)
    put(Notitielezer, wereld.rijen[Notitielezer], notitie_id=stad, **over)
    put(Betrokkenheid, wereld.betrokkenheden, partijsoort=Partijsoort.TEAM, grondslag="x", bron_id=stad)
    put(Afscherming, wereld.afschermingen, soort=Afschermsoort.VEILIGHEID)
    for record in (*OVER_PERSONEN, *OVER_NIEMAND):
        put(record, wereld.rijen[record])


def make_actor(rng: random.Random, gemeente: UUID) -> Actor:
    """Somebody with a few of the parties, purposes and any ceiling, who now and then stands in for somebody else."""
    return Actor(
        gebruiker=IDS["partijen"][0], gemeente=gemeente, organisatie=rng.choice(IDS["orgs"]),
        teams=tuple(rng.sample(IDS["partijen"][1:4], rng.randrange(4))), rollen=tuple(rng.sample(ROLLEN[:2], rng.choice([1, 1, 2]))),
        activiteit="PROEF", doelen=tuple(rng.sample(DOELEN, rng.choice([0, 1, 1, 2, 2]))),
        rechten=RECHTEN | rng.choice([frozenset(), frozenset({ALLE_ORGANISATIES.naam})]),
        plafond=Niveau(rng.choice([0, 1, 3, 4, 5, 6, 7, 7, 7])), buiten_gemeente=rng.random() < 0.5, moment=BEGIN, beleid="proef",
        vervangt=tuple(rng.sample(IDS["partijen"][4:], rng.choice([0, 0, 1, 2]))),
    )  # fmt: skip
