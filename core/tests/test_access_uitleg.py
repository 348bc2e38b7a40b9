"""`waarom` against the real reader: on random worlds it says yes exactly when the reader shows the field, by the same door."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, String
from sqlalchemy.orm import Mapped

from wijkwerk.access.actor import Actor
from wijkwerk.access.betrokkenheid import Bron
from wijkwerk.access.catalogue import catalogue
from wijkwerk.access.levels import N3, N4, N5, N7, Niveau
from wijkwerk.access.permissions import Permission
from wijkwerk.access.policy import Policy, load
from wijkwerk.access.policybestand import ontleed
from wijkwerk.access.register import ACTIVITEITEN, CATEGORIEEN, DOELEN, PLAN_EN_DOELEN, ROLLEN
from wijkwerk.access.uitleg import Vraag
from wijkwerk.access.uitleg_rij import BRONNEN, Feiten, Reden
from wijkwerk.crypto.keyring import Keyring
from wijkwerk.crypto.provider import FileProvider
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.klok import SysteemKlok
from wijkwerk.personen import Persoon
from wijkwerk.records.checks import code
from wijkwerk.records.declare import PersonRecord, Retention, subject_of
from wijkwerk.records.fields import field, kader, machinery, related_person, subject
from wijkwerk.records.read import Reader
from wijkwerk.storage.base import Database
from wijkwerk.storage.columns import Uuid16, nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.werelden import IDS, TABELLEN, VELDEN, make_actor, make_world, store
from wijkwerk.testing.wereldrecords import Krabbel
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.uitleggen import alles, feiten, waarom_beheerder, waarom_collega

pytestmark = pytest.mark.anyio
LEEG = Policy("proef", (), {}, {}, {})

KERN = catalogue(CATEGORIEEN, DOELEN, ACTIVITEITEN, ROLLEN, [])
ZIEN: dict[type[PersonRecord], tuple[str, ...]] = {record: tuple(velden) for record, velden in VELDEN.items()}
ZIEN[Persoon] = ("roepnaam", "sorteernaam", "woonplaats", "voorletters", "bsn")


def some_actor(rng: random.Random, gemeente: Any) -> Actor:
    """Mostly with every right; now and then without one, or with a field refused."""
    actor = make_actor(rng, gemeente)
    if rng.random() < 0.2:
        actor = replace(actor, rechten=frozenset({Persoon.lezen.naam}))
    geweigerd = {f"{record.__name__}.{rng.choice(velden)}" for record, velden in VELDEN.items() if rng.random() < 0.2}
    return replace(actor, geweigerd=frozenset(geweigerd))


def shown(reader: Reader, record: type[PersonRecord], rows: list[Any]) -> dict[Any, frozenset[str]]:
    """Which columns the reader shows of each row; none of a record that the actor may not read."""
    return {id: seen for id, (_, seen) in reader.visible(record, rows).items()} if reader.actor.may(record.lezen.naam) else {}


def compare(connection: Connection, keyring: Keyring, actor: Actor, catalogue: Any, redenen: set[Reden]) -> None:
    """Each field of each record, of each resident."""
    lees = alles(connection, actor.gemeente)
    for record, velden in ZIEN.items():
        for persoon in IDS["personen"]:
            first = Vraag(actor, LEEG, catalogue, record, velden[0])
            rijen = [rij.id for rij in feiten(lees, first, persoon).rijen]
            seen = shown(Reader(connection, actor, keyring), record, rijen)
            for veld in velden:
                vraag = Vraag(actor, LEEG, catalogue, record, veld)
                found = vraag.antwoord(feiten(lees, vraag, persoon))
                expected = any(columns.issuperset(vraag.nodig) for columns in seen.values())
                assert found.mag == expected == (found.reden is Reden.MAG), (record, veld, found)
                assert found.zinnen[0].startswith("Mag wel, want " if found.mag else "Mag niet")
                redenen.add(found.reden)
                if found.mag:
                    _same_door(connection, keyring, actor, record, veld, persoon, found.deur)


def _same_door(
    connection: Connection, keyring: Keyring, actor: Actor, record: type[PersonRecord], veld: str, persoon: Any, deur: Any
) -> None:
    """The door that is told is one of those that the log names."""
    reader = Reader(connection, actor, keyring)
    reader.by_key(record, (veld,), subject_of(record), [persoon])
    assert deur in {id for ids in reader.shown.persons[persoon].values() for id in ids}


SEEN: set[Reden] = set()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
async def test_it_says_yes_exactly_when_the_reader_shows_it(database: Database, tmp_path: Path, seed: int) -> None:
    rng, gemeente = random.Random(seed), nieuw_id()
    await make_tables(database, TABELLEN)
    keyring = Keyring(FileProvider(tmp_path / "root.key"), database, SysteemKlok())
    wereld = make_world(rng)
    await database.transact(lambda connection: store(connection, gemeente, wereld))
    async with database.snapshot() as snapshot:
        for _ in range(4 if database.dialect == "sqlite" else 1):  # it is worked out in Python; reading the rows is what differs
            await snapshot.run(lambda connection: compare(connection, keyring, some_actor(rng, gemeente), KERN, SEEN))


NU = BEGIN
WIE, ANDER, PARTIJ, ORG, ELDERS, KADER = (UUID(int=n) for n in range(1, 7))


class Klus(PersonRecord):
    """Een klus voor een organisatie, en daar voor één rol."""

    owner = "uitleg"
    categorie, niveau, voor_kolom, rol_kolom = PLAN_EN_DOELEN, N3, "voor_id", "rol"
    retention = Retention("eigen", "P1D", "einde proef")
    lezen, schrijven = Permission("uitleg:lezen", "Klussen zien."), Permission("uitleg:schrijven", "Klussen maken.")
    persoon_id: Mapped[UUID] = subject("Wie")
    dossier_id: Mapped[UUID] = kader("dossier")
    voor_id: Mapped[UUID] = machinery(Uuid16)
    rol: Mapped[str | None] = field("Welke rol", level=N3, check=code, type_=String(9))
    ander_id: Mapped[UUID | None] = related_person("Met wie", level=N3)
    geheim: Mapped[int | None] = field("Wat", level=N5, afschermbaar=True)


def deur(**anders: Any) -> Any:
    vast = {
        "id": UUID(int=99), "persoon_id": WIE, "partij_id": PARTIJ, "rol": None, "doel": "WMO_ONDERZOEK",
        "categorie_code": "PLAN_EN_DOELEN",
        "kader_id": KADER, "niveau_tot": 6, "bron": Bron.DOSSIER, "van": NU, "tot": None, "verantwoordelijke_id": ORG,
    }  # fmt: skip
    return SimpleNamespace(**vast | anders)


def scherm(**anders: Any) -> Any:
    return SimpleNamespace(**{"persoon_id": WIE, "partij_id": PARTIJ, "niveau_tot": 7, "verbergt": True, "van": NU, "tot": None} | anders)


def vraag(veld: str = "geheim", *, lines: str = "p, REGISSEUR, uitleg:lezen", plafond: Niveau = N7, buiten: bool = False) -> Vraag:
    known = replace(KERN, permissions={Klus.lezen.naam: Klus.lezen}, records=(Klus,))
    policy = load(ontleed(lines)[0], known)
    has = policy.toegekend(["REGISSEUR"], ["WMO_ONDERZOEK"])
    actor = Actor(
        gebruiker=PARTIJ, gemeente=ORG, organisatie=ORG, rollen=("REGISSEUR",), activiteit="PROEF", doelen=("WMO_ONDERZOEK",),
        rechten=has.rechten, geweigerd=has.geweigerd, plafond=plafond, buiten_gemeente=buiten, moment=NU, beleid="proef",
    )  # fmt: skip
    return Vraag(actor, policy, known, Klus, veld)


def antwoord(vraagt: Vraag, *deuren: Any, afscherming: Any = None, hoort_bij: Any = None, collegas: Any = (), **rij: Any) -> Any:
    vast = {"id": ANDER, "persoon_id": WIE, "dossier_id": KADER, "voor_id": PARTIJ, "rol": None, "ander_id": None}
    held = [] if afscherming is None else [afscherming]
    rijen = [SimpleNamespace(verantwoordelijke_id=ORG, **vast | rij)]
    return vraagt.antwoord(Feiten(rijen, deuren, held, hoort_bij or {}, frozenset(collegas)))


def krabbel(van: UUID, verloopt: datetime = NU + timedelta(seconds=1)) -> Any:
    """Whether a row of one user alone is shown, that is gone from then."""
    gevraagd = vraag("gedachte")
    mag = replace(gevraagd.actor, rechten=gevraagd.actor.rechten | {Krabbel.lezen.naam})
    return antwoord(
        replace(gevraagd, actor=mag, record=Krabbel), deur(categorie_code=Krabbel.categorie.code), van_id=van, verloopt=verloopt
    )


MORGEN, GISTEREN = NU + timedelta(days=1), NU - timedelta(days=1)
BIJNA = {
    "another role": ({"rol": "FG"}, "die is alleen voor de rol FG"),
    "another purpose": ({"doel": "PW_UITVOERING"}, "die is voor een ander doel (PW_UITVOERING)"),
    "another category": ({"categorie_code": "ADRES"}, "die geeft andere gegevens (ADRES)"),
    "another controller": ({"verantwoordelijke_id": ELDERS}, "die geeft gegevens van een andere organisatie"),
    "another case": ({"kader_id": ELDERS}, "die hoort bij een ander dossier of een andere groep"),
    "not yet": ({"van": MORGEN}, "die begint pas op 2-3-2027"),
    "ended": ({"van": GISTEREN, "tot": NU}, "die is gestopt op 1-3-2027"),
}


@pytest.mark.parametrize(("anders", "zin"), BIJNA.values(), ids=BIJNA.keys())
def test_the_door_that_came_nearest_is_told_with_what_it_lacks(anders: dict[str, Any], zin: str) -> None:
    verder_weg = deur(doel="WEG", categorie_code="WEG", van=MORGEN)
    found = antwoord(vraag(), verder_weg, deur(**anders), deur(partij_id=ELDERS), deur(persoon_id=ANDER))
    assert (found.mag, found.reden) == (False, Reden.GEEN_BETROKKENHEID)
    assert found.zinnen == (f"Mag niet. Het dichtst in de buurt komt een betrokkenheid door een dossier, maar {zin}.",)


REDENEN: dict[str, tuple[Reden, Any]] = {
    "no door at all": (Reden.GEEN_BETROKKENHEID, lambda: antwoord(vraag(), deur(partij_id=ELDERS))),
    "no row": (Reden.GEEN_GEGEVEN, lambda: vraag().antwoord(Feiten([], [deur()], [], {}))),
    "no right": (Reden.GEEN_RECHT, lambda: antwoord(vraag(lines=""), deur())),
    "a right for another purpose": (
        Reden.GEEN_RECHT, lambda: antwoord(vraag(lines="p, REGISSEUR, uitleg:lezen, PW_UITVOERING"), deur()),
    ),
    "a refused field": (
        Reden.VELD_GEWEIGERD, lambda: antwoord(vraag(lines="p, REGISSEUR, uitleg:lezen\nweiger, REGISSEUR, Klus.geheim"), deur()),
    ),
    "too low a door for the field": (Reden.NIVEAU_TE_LAAG, lambda: antwoord(vraag(), deur(niveau_tot=4))),
    "too low a door for the row": (Reden.NIVEAU_TE_LAAG, lambda: antwoord(vraag(), deur(niveau_tot=2))),
    "too low a role": (Reden.ROL_TE_LAAG, lambda: antwoord(vraag(plafond=N4), deur())),
    "capped": (Reden.AFGESCHERMD, lambda: antwoord(vraag(), deur(), afscherming=scherm(niveau_tot=4, verbergt=False))),
    "of a colleague alone": (Reden.VOOR_EEN_ANDER, lambda: krabbel(ELDERS)),
    "of oneself alone": (Reden.MAG, lambda: krabbel(PARTIJ)),
    "of oneself, and over": (Reden.GEEN_GEGEVEN, lambda: krabbel(PARTIJ, NU)),
    "hidden": (Reden.AFGESCHERMD, lambda: antwoord(vraag(), deur(), afscherming=scherm())),
    "hidden from outside": (
        Reden.AFGESCHERMD, lambda: antwoord(vraag(buiten=True), deur(), afscherming=scherm(partij_id=None)),
    ),
    "for another organisation": (Reden.VOOR_EEN_ANDER, lambda: antwoord(vraag(buiten=True), deur(), voor_id=ELDERS)),
    "for another role": (Reden.VOOR_EEN_ANDER, lambda: antwoord(vraag(buiten=True), deur(), rol="FG")),
    "another resident out of reach": (
        Reden.ANDERE_INWONER, lambda: antwoord(vraag("ander_id"), deur(), ander_id=ANDER, hoort_bij={ANDER: ORG}),
    ),
    "another resident who is nowhere": (Reden.ANDERE_INWONER, lambda: antwoord(vraag("ander_id"), deur(), ander_id=ANDER)),
    "shown": (Reden.MAG, lambda: antwoord(vraag(), deur())),
    "for a colleague": (Reden.MAG, lambda: antwoord(vraag(buiten=True), deur(), voor_id=ELDERS, collegas=[ELDERS])),
    "for this role": (Reden.MAG, lambda: antwoord(vraag(buiten=True), deur(), rol="REGISSEUR")),
    "inside it is for everybody": (Reden.MAG, lambda: antwoord(vraag(), deur(), voor_id=ELDERS, rol="FG")),
    "hidden from somebody else": (Reden.MAG, lambda: antwoord(vraag(), deur(), afscherming=scherm(partij_id=ELDERS))),
    "hidden no longer": (Reden.MAG, lambda: antwoord(vraag(), deur(), afscherming=scherm(van=GISTEREN, tot=NU))),
    "hidden from outside only": (Reden.MAG, lambda: antwoord(vraag(), deur(), afscherming=scherm(partij_id=None))),
    "another resident in reach": (
        Reden.MAG,
        lambda: antwoord(
            vraag("ander_id"), deur(), deur(persoon_id=ANDER, categorie_code="IDENTITEIT"), ander_id=ANDER, hoort_bij={ANDER: ORG}
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reden", "make"), REDENEN.values(), ids=REDENEN.keys())
def test_each_reason_is_told(reden: Reden, make: Any) -> None:
    found = make()
    assert (found.reden, found.mag) == (reden, reden is Reden.MAG)
    assert found.zinnen[0].startswith("Mag wel, want " if found.mag else "Mag niet")


def test_a_yes_names_the_winning_door_and_the_line_of_the_policy() -> None:
    found = antwoord(vraag(), deur(id=UUID(int=98), niveau_tot=5, tot=MORGEN), deur(id=UUID(int=97), doel="WEG"), deur(tot=MORGEN))
    assert found.deur == UUID(int=99)
    assert found.zinnen == (
        "Mag wel, want er is een betrokkenheid door een dossier, vanaf 1-3-2027 tot 2-3-2027, voor 'Onderzoeken welke hulp u "
        "nodig hebt en die hulp regelen', tot niveau 6.",
        "Het recht staat in het beleid: 'p, REGISSEUR, uitleg:lezen'.",
    )
    elders = antwoord(vraag(lines="p, REGISSEUR, uitleg:lezen, PW_UITVOERING"), deur()).zinnen
    assert elders[1:] == ("Dat recht geldt alleen voor een verzoek met doel PW_UITVOERING.",)


def test_every_source_has_words() -> None:
    assert BRONNEN.keys() == set(Bron)


async def test_the_operator_is_told_by_everything_there_is_and_it_is_logged(wijk_vlug: Wijk) -> None:
    wijk, core = wijk_vlug, wijk_vlug.wijkwerk
    wie = await wijk.inwoner()
    await wijk.dossier(wie)
    ja = await waarom_beheerder(core, "REGISSEUR", wie, "Persoon.bsn", "gemeente")
    assert (ja.mag, ja.reden) == (True, Reden.MAG)
    nee = await waarom_beheerder(core, str(wijk.WIJKTEAM), wie, "Persoon.bsn", "gemeente")
    assert nee.reden is Reden.GEEN_RECHT
    assert (await waarom_beheerder(core, wijk.DOCK.hex, wie, "Persoon.roepnaam", "GM9999")).reden is Reden.GEEN_BETROKKENHEID
    assert (await waarom_beheerder(core, "INWONER", wie, "Persoon.roepnaam", "gemeente")).reden is Reden.GEEN_ROL
    regels = [regel for regel in await wijk.log() if regel["gebeurtenis"] == "UITLEG"]
    assert len(regels) == 4
    assert all(len(regel["betrokkenen"]) == 1 for regel in regels)
    assert regels[0]["details"] == {"gebruiker": wijk.REGISSEUR.hex, "veld": "Persoon.bsn", "reden": "MAG"}
    for fout in (
        ("NIEMAND", wie, "Persoon.bsn"),
        ("DOCK", wijk.DOCK, "Persoon.bsn"),
        ("DOCK", wie, "Persoon.id"),
        ("DOCK", wie, "Team.naam"),
    ):
        with pytest.raises(OngeldigeInvoer):
            await waarom_beheerder(core, *fout, "gemeente")
    assert len([regel for regel in await wijk.log() if regel["gebeurtenis"] == "UITLEG"]) == 4


async def test_a_reader_that_knows_no_policy_explains_nothing(wijk_vlug: Wijk) -> None:
    wie = await wijk_vlug.inwoner()
    for rol, weg in (("REGISSEUR", {"toewijzer": None}), ("WIJKTEAM", {})):
        with pytest.raises(GeenRecht):
            await wijk_vlug.lees(rol, partial(_vraag, wijk_vlug.REGISSEUR, wie, weg))


def _vraag(collega: UUID, wie: UUID, weg: dict[str, Any], reader: Reader) -> Any:
    return waarom_collega(replace(reader, **weg), collega, wie, Persoon, "roepnaam")
