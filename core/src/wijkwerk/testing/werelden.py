"""Random worlds for tests of who sees what: few residents, many betrokkenheden, and three made-up kinds of records about them.

To import it declares those records: for tests alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, insert
from sqlalchemy.orm import Mapped

from ..access.actor import Actor
from ..access.betrokkenheid import Afscherming, Afschermsoort, Betrokkenheid, Bron, Partijsoort
from ..access.levels import N1, N2, N3, N4, N5, Niveau
from ..access.permissions import Permission
from ..access.register import ADRES, CONTACT, CONTACTVERSLAGEN, GEZONDHEID, IDENTITEIT, PLAN_EN_DOELEN, VEILIGHEID
from ..dossiers.dossier import Dossier, Dossierstatus
from ..organisaties import Organisatie, Organisatiesoort, Team, maak_gemeente
from ..personen import Persoon
from ..records.checks import code
from ..records.declare import PersonRecord, Record, Retention
from ..records.fields import field, kader, machinery, related_person, subject
from ..records.types.datum import Datum
from ..records.types.naam import Geslacht, Naamgebruik
from ..storage.columns import nieuw_id
from .lekken.rijen import Rij, Wereld
from .wijk import BEGIN


class Orakelrecord(PersonRecord):
    """What the records of this test have in common."""

    __abstract__ = True
    retention = Retention("eigen", "P1D", "einde proef")
    lezen = Permission("orakel:lezen", "Proef.")
    schrijven = Permission("orakel:schrijven", "Proef.")


class Gesprek(Orakelrecord):
    """Een gesprek, met velden in drie categorieën."""

    owner = "orakel"
    categorie = PLAN_EN_DOELEN
    niveau = N3
    persoon_id: Mapped[UUID] = subject("Wie")
    onderwerp: Mapped[str] = field("Waarover", level=N3, check=code, type_=String(9))
    telefoon: Mapped[str | None] = field("Bellen", level=N2, categorie=CONTACT, afschermbaar=True, check=code, type_=String(9))
    ernst: Mapped[int | None] = field("Hoe erg", level=N5)
    klacht: Mapped[int | None] = field("Welke klacht", level=N4, categorie=GEZONDHEID)


class Blad(Orakelrecord):
    """Een blad in een dossier, met een eigen categorie en niveau per rij."""

    owner = "orakel"
    categorie = CONTACTVERSLAGEN
    niveau = N5
    categorie_kolom = "categorie_code"
    niveau_kolom = "niveau_vanaf"
    persoon_id: Mapped[UUID] = subject("Wie")
    dossier_id: Mapped[UUID] = kader("dossier")
    categorie_code: Mapped[str] = machinery(String(60))
    niveau_vanaf: Mapped[int] = machinery()
    inhoud: Mapped[int | None] = field("Wat er staat", level=N4)
    woonplek: Mapped[int | None] = field("Waar", level=N2, categorie=IDENTITEIT, afschermbaar=True)


class Band(Orakelrecord):
    """Een band met iemand anders."""

    owner = "orakel"
    categorie = IDENTITEIT
    niveau = N1
    rij_afschermbaar = True
    persoon_id: Mapped[UUID] = subject("Wie")
    ander_id: Mapped[UUID | None] = related_person("Met wie", level=N2)
    sterkte: Mapped[int | None] = field("Hoe sterk", level=N3)


VELDEN: Mapping[type[PersonRecord], Sequence[str]] = {
    Gesprek: ("onderwerp", "telefoon", "ernst", "klacht"),
    Blad: ("dossier_id", "inhoud", "woonplek"),
    Band: ("ander_id", "sterkte"),
    Persoon: ("roepnaam", "sorteernaam", "geboortedatum", "woonplaats", "straat"),
}
FILTERS: Mapping[type[PersonRecord], Sequence[str]] = {
    Gesprek: VELDEN[Gesprek],
    Blad: VELDEN[Blad],
    Band: VELDEN[Band],
    Persoon: ("roepnaam", "woonplaats", "straat"),
}
POOL = random.Random(20270301)  # noqa: S311 - ids of a made-up world
IDS = {
    name: [UUID(int=POOL.getrandbits(128)) for _ in range(n)] for name, n in (("personen", 10), ("partijen", 6), ("orgs", 3), ("kaders", 3))
}
CODES = [k.code for k in (PLAN_EN_DOELEN, CONTACTVERSLAGEN, IDENTITEIT, ADRES, CONTACT, GEZONDHEID, VEILIGHEID)]
DOELEN = ["WMO_ONDERZOEK", "PW_UITVOERING", "ZORG_UITWISSELING"]
RECHTEN = frozenset({Persoon.lezen.naam, Orakelrecord.lezen.naam})
GEMEENTEN = count(1)


def moments(rng: random.Random) -> dict[str, Any]:
    """A period that mostly runs now, and now and then begins or ends at this very moment."""
    van = BEGIN + timedelta(seconds=rng.choice([-90, -90, -90, -90, 0, 1, 90]))
    return {"van": van, "tot": rng.choice([None, None, None, BEGIN + timedelta(seconds=1), BEGIN, BEGIN - timedelta(seconds=1)])}


def make_world(rng: random.Random) -> Wereld:
    """Few parties and persons, many betrokkenheden: about one door in three is open."""
    who = {"persoon_id": IDS["personen"], "verantwoordelijke_id": IDS["orgs"][:2]}

    def rows(number: int, **choices: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"id": nieuw_id(), **{name: rng.choice(list(values)) for name, values in choices.items()}} for _ in range(number)]

    doors = rows(
        rng.choice([200, 900]), **who, partij_id=IDS["partijen"] + IDS["orgs"], doel=DOELEN, categorie_code=CODES,
        kader_id=[None, *IDS["kaders"]], niveau_tot=[2, 4, 5, 7],
    )  # fmt: skip
    held = rows(
        rng.choice([8, 30]), **who, partij_id=[None, None, *IDS["partijen"]], niveau_tot=[0, 1, 3, 7, 7, 7, 7, 7], verbergt=[True, False]
    )
    small, letters = [None, 1, 2], ["A", "B", "C"]
    personen: list[dict[str, Any]] = [
        {"id": id_, "verantwoordelijke_id": rng.choice(IDS["orgs"][:2]), "roepnaam": rng.choice([None, *letters]),
         "sorteernaam": rng.choice(letters), "geboortedatum": Datum.lees("1980-05"), "woonplaats": rng.choice([None, "1", "2"]),
         "straat": rng.choice([None, *letters])}
        for id_ in IDS["personen"]
    ]  # fmt: skip
    rijen: dict[type[PersonRecord], list[dict[str, Any]]] = {
        Persoon: personen,
        Gesprek: rows(25, **who, onderwerp=letters, telefoon=[None, *letters], ernst=small, klacht=small),
        Blad: rows(25, **who, dossier_id=IDS["kaders"], categorie_code=CODES, niveau_vanaf=range(1, 8), inhoud=small, woonplek=small),
        Band: rows(25, **who, ander_id=[None, *IDS["personen"]], sterkte=small),
    }
    return Wereld({p["id"]: p for p in personen}, [d | moments(rng) for d in doors], [h | moments(rng) for h in held], rijen)


def store(connection: Connection, gemeente: UUID, wereld: Wereld) -> None:
    """Put a world in a municipality of its own; the ids are the same in every municipality."""

    def put(record: type[Record], rows: Sequence[Rij], **same: Any) -> None:
        connection.execute(insert(record.tabel()), [{"gemeente_id": gemeente, "versie": 1, **same, **row} for row in rows])

    maak_gemeente(connection, gemeente, "Proef", f"GM{next(GEMEENTEN):04d}")
    put(Organisatie, [{"id": i, "verantwoordelijke_id": i} for i in IDS["orgs"]], naam="O", soort=Organisatiesoort.OVERIG, openbaar=True)
    stad = IDS["orgs"][0]
    put(Team, [{"id": stad}], naam="T", organisatie_id=stad, verantwoordelijke_id=stad, openbaar=True)
    put(
        Persoon, wereld.rijen[Persoon], geslachtsnaam="X", aanduiding_naamgebruik=Naamgebruik.EIGEN, geslacht=Geslacht.ONBEKEND,
        geheim=False,
    )  # fmt: skip
    put(
        Dossier, [{"id": i} for i in IDS["kaders"]], persoon_id=IDS["personen"][0], team_id=stad, verantwoordelijke_id=stad,
        status=Dossierstatus.OPEN, geopend=BEGIN,
    )  # fmt: skip
    put(Betrokkenheid, wereld.betrokkenheden, partijsoort=Partijsoort.TEAM, grondslag="x", bron=Bron.DOSSIER, bron_id=stad)
    put(Afscherming, wereld.afschermingen, soort=Afschermsoort.VEILIGHEID)
    for record in (Gesprek, Blad, Band):
        put(record, wereld.rijen[record])


def make_actor(rng: random.Random, gemeente: UUID) -> Actor:
    """Somebody with a few of the parties, purposes and any ceiling."""
    return Actor(
        gebruiker=IDS["partijen"][0], gemeente=gemeente, organisatie=rng.choice(IDS["orgs"]),
        teams=tuple(rng.sample(IDS["partijen"][1:4], rng.randrange(4))), rollen=("PROEF",), activiteit="PROEF",
        doelen=tuple(rng.sample(DOELEN, rng.choice([0, 1, 1, 2, 2]))), rechten=RECHTEN,
        plafond=Niveau(rng.choice([0, 1, 3, 4, 5, 6, 7, 7, 7])), buiten_gemeente=rng.random() < 0.5, moment=BEGIN, beleid="proef",
    )  # fmt: skip
