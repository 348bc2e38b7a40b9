"""A leak is planted in a made-up time of work; what the log says of it must be what the test itself saw happen."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.access.policy import default_lines, load
from wijkwerk.access.policybestand import Regel
from wijkwerk.betrokkenheden import Partij
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.log import lekonderzoek
from wijkwerk.log.lek_opdracht import KOLOMMEN, Gevraagd, csv_regels, jsonl, zoek
from wijkwerk.log.lekonderzoek import Deel, Lekregel, Vraag, onderzoek
from wijkwerk.log.opdracht import LogOmgeving
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.partners.koppelen import koppel
from wijkwerk.personen import Persoon
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toezicht.inzagelog import onbekend, van_bron, zoek_lek

pytestmark = pytest.mark.anyio
KIJKERS = ("WIJKTEAM", "REGISSEUR", "DOCK", "TEAMLEIDER")
SOORTEN = {Persoon: ("geslachtsnaam", "roepnaam", "postcode"), Contactgegeven: ("waarde", "voorkeur")}
Waarheid = dict[UUID, dict[UUID, tuple[datetime, datetime, int, set[str]]]]


@dataclass
class Kijk:
    """One look, as the test saw it: by whom, in which role and policy, when, and which fields of whom came back."""

    rol: str
    wie: UUID
    beleid: str
    op: datetime
    velden: dict[UUID, set[str]]


@dataclass
class Dag:
    """Residents, one of them coupled to a partner, and everything that was looked at."""

    wijk: Wijk
    personen: list[UUID] = field(default_factory=list)
    koppeling: UUID | None = None
    kijken: list[Kijk] = field(default_factory=list)
    namen: dict[UUID, UUID] = field(default_factory=dict)

    async def begin(self) -> None:
        wijk = self.wijk
        for nummer in range(5):
            contact = [f"061234567{nummer}"]
            self.personen.append(await wijk.inwoner(f"Jansen{nummer}", roepnaam="Jo", postcode=Postcode("3043TD"), contact=contact))
            await wijk.dossier(self.personen[-1])
        gekoppeld, partij = self.personen[0], Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
        dossier = await wijk.dossier(gekoppeld)
        self.koppeling = await wijk.schrijf(
            "REGISSEUR", lambda w: koppel(w, dossier, gekoppeld, partij, "WMO_ALG_VOORZIENING", ["IDENTITEIT", "CONTACT"])
        )
        async with wijk.wijkwerk.database.snapshot() as snapshot:
            self.namen = await snapshot.run(lambda c: pseudoniemen(c, wijk.gemeente, self.personen))
        self.kijken.clear()

    async def kijk(self, rng: random.Random) -> None:
        wijk, rol, record = self.wijk, rng.choice(KIJKERS), rng.choice(list(SOORTEN))
        wijk.klok.moment += timedelta(seconds=rng.randrange(1, 60))
        velden = tuple(rng.sample(SOORTEN[record], rng.randrange(1, 3)))
        wie, sleutel = rng.sample(self.personen, 3), "id" if record is Persoon else "persoon_id"
        actor = wijk.actor(rol)
        try:
            rows = await wijk.lees(
                actor, lambda r: r.by_key(record, (*velden, *(["persoon_id"] if record is Contactgegeven else [])), sleutel, wie)
            )
        except GeenRecht:
            rows = []
        gezien: dict[UUID, set[str]] = defaultdict(set)
        for row in rows:
            gezien[getattr(row, sleutel)] |= {f"{record.__name__}.{veld}" for veld in velden if getattr(row, veld) is not None}
        self.kijken.append(Kijk(rol, actor.gebruiker, actor.beleid, actor.moment, gezien))

    def waarheid(self, van: datetime, tot: datetime, veld: str, rollen: tuple[str, ...] = KIJKERS, beleid: str | None = None) -> Waarheid:
        """Who saw this field of whom, first and last when, and how often: from what came back, without the log."""
        found: Waarheid = defaultdict(dict)
        for kijk in self.kijken:
            for persoon, velden in kijk.velden.items() if van <= kijk.op < tot and kijk.rol in rollen else ():
                if veld in velden and beleid in (None, kijk.beleid):
                    eerste, _, keren, _ = found[self.namen[persoon]].get(kijk.wie, (kijk.op, kijk.op, 0, set()))
                    found[self.namen[persoon]][kijk.wie] = eerste, kijk.op, keren + 1, {veld}
        return dict(found)


def gevonden(delen: list[Deel]) -> Waarheid:
    return {
        geraakt.pseudoniem: {i.gebruiker: (i.eerste, i.laatste, i.keren, i.velden) for i in geraakt.inzagen if i.gebruiker}
        for deel in delen for geraakt in deel.geraakt
    }  # fmt: skip


async def gelekt(wijk: Wijk, van: datetime, tot: datetime, *, meeste: int = 100, rijen: int = 2000, **regel: Any) -> list[Deel]:
    """All parts, each on a snapshot of its own, going on where the one before stopped."""
    vraag = Vraag(gemeente=wijk.gemeente, van=van, tot=tot, regel=Lekregel(**regel))

    def deel(na: UUID | None, connection: Connection) -> Deel:
        return onderzoek(connection, vraag, van_bron(connection, vraag), na=na, meeste=meeste, rijen=rijen)

    delen: list[Deel] = []
    while not delen or delen[-1].verder is not None:
        async with wijk.wijkwerk.database.snapshot() as snapshot:
            delen.append(await snapshot.run(partial(deel, delen[-1].verder if delen else None)))
    return delen


@pytest.fixture
async def dag(wijk_vlug: Wijk) -> Dag:
    """A time of work in three parts: in the second a rule of the policy is wrong, and team leaders see telephone numbers."""
    dag, rng, core = Dag(wijk_vlug), random.Random(11), wijk_vlug.wijkwerk
    regels = default_lines(core.catalogue.permissions.values())
    contact = Contactgegeven.lezen.naam
    goed = load([regel for regel in regels if (regel.rol, regel.permissie) != ("TEAMLEIDER", contact)], core.catalogue)
    fout = load(list({*regels, Regel("TEAMLEIDER", contact)}), core.catalogue)
    await dag.begin()
    for beleid in (goed, fout, goed):
        core.toewijzer.policy = beleid
        for _ in range(15):
            await dag.kijk(rng)
    return dag


async def test_the_leak_that_was_planted_is_found_and_any_part_of_rule_and_period_narrows_it(dag: Dag) -> None:
    van, tot = dag.kijken[0].op, dag.kijken[-1].op + timedelta(seconds=1)
    fout = dag.kijken[len(dag.kijken) // 2].beleid
    assert fout != dag.kijken[0].beleid == dag.kijken[-1].beleid
    truth = dag.waarheid(van, tot, "Contactgegeven.waarde", ("TEAMLEIDER",), fout)
    assert len(truth) > 2
    assert gevonden(await gelekt(dag.wijk, van, tot, rol="TEAMLEIDER", veld="Contactgegeven.waarde")) == truth
    assert gevonden(await gelekt(dag.wijk, van, tot, rol="TEAMLEIDER", veld="Contactgegeven.waarde", beleid=fout)) == truth
    assert gevonden(await gelekt(dag.wijk, van, tot, rol="TEAMLEIDER", veld="Contactgegeven.waarde", beleid=dag.kijken[0].beleid)) == {}
    half = dag.kijken[len(dag.kijken) // 2].op
    for begin, einde in ((van, half), (half, tot)):
        for veld in ("Persoon.postcode", "Persoon.roepnaam", "Contactgegeven.voorkeur"):
            assert gevonden(await gelekt(dag.wijk, begin, einde, veld=veld)) == dag.waarheid(begin, einde, veld)
        een = gevonden(await gelekt(dag.wijk, begin, einde, veld="Persoon.roepnaam", gebruiker=dag.wijk.REGISSEUR))
        assert een == dag.waarheid(begin, einde, "Persoon.roepnaam", ("REGISSEUR",))
        doel = gevonden(
            await gelekt(dag.wijk, begin, einde, veld="Persoon.roepnaam", doel="WMO_ALG_VOORZIENING", activiteit="WELZIJNSWERK")
        )
        assert doel == dag.waarheid(begin, einde, "Persoon.roepnaam", ("DOCK",))


async def test_what_a_source_let_in_is_found_by_its_number_and_nothing_else(dag: Dag) -> None:
    van, tot = dag.kijken[0].op, dag.kijken[-1].op + timedelta(seconds=1)
    gekoppeld = dag.namen[dag.personen[0]]
    for veld in ("Persoon.roepnaam", "Contactgegeven.waarde"):
        truth = dag.waarheid(van, tot, veld, ("DOCK",))
        assert truth.keys() == {gekoppeld}
        assert gevonden(await gelekt(dag.wijk, van, tot, bron=dag.koppeling, veld=veld)) == truth
    [deel] = await gelekt(dag.wijk, van, tot, bron=dag.koppeling)
    assert {(i.gebruiker, i.organisatie) for geraakt in deel.geraakt for i in geraakt.inzagen} == {(dag.wijk.DOCK, dag.wijk.dock)}
    assert deel.geraakt[0].inzagen[0].categorieen == {"IDENTITEIT", "CONTACT"}
    assert [deel.geraakt for deel in await gelekt(dag.wijk, van, tot, bron=dag.wijk.gemeente)] == [[]]


async def test_parts_of_any_size_together_are_the_whole_in_a_bounded_number_of_statements(
    dag: Dag, monkeypatch: pytest.MonkeyPatch
) -> None:
    van, tot = dag.kijken[0].op, dag.kijken[-1].op + timedelta(seconds=1)
    [whole] = await gelekt(dag.wijk, van, tot, veld="Persoon")
    assert (whole.verder, whole.aandeel) == (None, 1.0)
    assert [g.pseudoniem for g in whole.geraakt] == sorted(dag.namen.values())
    for meeste, rijen, bladzij in ((1, 2000, 200), (100, 1, 200), (2, 2000, 3), (100, 7, 1)):
        monkeypatch.setattr(lekonderzoek, "RIJEN", bladzij)
        delen = await gelekt(dag.wijk, van, tot, veld="Persoon", meeste=meeste, rijen=rijen)
        assert [geraakt for deel in delen for geraakt in deel.geraakt] == whole.geraakt
        assert sum(deel.bekeken for deel in delen) == whole.bekeken
        assert sorted(deel.aandeel for deel in delen) == [deel.aandeel for deel in delen]
    monkeypatch.undo()
    with count_statements(dag.wijk.wijkwerk.database) as statements:
        await gelekt(dag.wijk, van, tot, veld="Persoon", bron=dag.koppeling)
    assert len([text for text in statements if text.startswith("SELECT")]) <= 1 + len(dag.personen) + whole.bekeken // 200


async def test_the_command_writes_a_line_for_each_resident_and_user_goes_on_where_it_stopped_and_is_itself_in_the_log(
    dag: Dag, capsys: pytest.CaptureFixture[str]
) -> None:
    wijk, core = dag.wijk, dag.wijk.wijkwerk
    sleutel = Ed25519PrivateKey.generate().public_key()
    app = LogOmgeving(core.database, core.journal, core.getuigen, core.levering, sleutel, core.catalogue)
    begin = dag.kijken[0].op
    truth = dag.waarheid(begin, wijk.klok.moment, "Persoon.roepnaam")
    gevraagd = Gevraagd(begin, begin + timedelta(days=9), Lekregel(veld="Persoon.roepnaam"), None, None)
    await zoek(app, replace(gevraagd, gemeente="gemeente"), jsonl)
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert {(UUID(line["pseudoniem"]), UUID(line["gebruiker"])) for line in lines} == {(wie, door) for wie in truth for door in truth[wie]}
    assert {line["keren"] for line in lines} == {keren for per in truth.values() for _, _, keren, _ in per.values()}
    assert f"Klaar: {len(truth)} inwoners gevonden." in said.err
    assert "Jansen" not in said.out + said.err
    laatste = max(truth)
    await zoek(app, replace(gevraagd, gemeente="gemeente", na=sorted(truth)[-2]), csv_regels())
    header, *rest = capsys.readouterr().out.splitlines()
    assert header == ",".join(KOLOMMEN)
    assert {line.split(",")[0] for line in rest} == {str(laatste)}
    bekeken = [(regel["onderdeel"], regel.get("gemeente")) for regel in await wijk.log() if regel["gebeurtenis"] == "LOG_BEKEKEN"]
    assert bekeken == [("wijkwerk log lek", wijk.gemeente.hex)] * 2  # so that the auditor of this municipality finds it


async def test_only_who_may_read_the_log_asks_and_a_rule_and_period_must_make_sense(dag: Dag) -> None:
    wijk, van = dag.wijk, dag.kijken[0].op
    later = wijk.klok.moment + timedelta(days=400)
    for rol in ("BEHEER", "WIJKTEAM", "PRIVACY_OFFICER", "DOCK"):
        with pytest.raises(GeenRecht):
            await wijk.lees(rol, lambda r: zoek_lek(r, van, later, Lekregel(rol="DOCK"), meeste=5))
    for begin, einde, regel in ((later, van, Lekregel(rol="DOCK")), (van, later, Lekregel()), (later, later, Lekregel(rol="X"))):
        with pytest.raises(OngeldigeInvoer):
            await wijk.lees("FG", partial(zoek_lek, van=begin, tot=einde, regel=regel, meeste=5))
    deel = await wijk.lees("FG", lambda r: zoek_lek(r, van, later, Lekregel(rol="DOCK"), meeste=5))
    assert len(deel.geraakt) == 1
    catalogue = wijk.wijkwerk.catalogue
    assert onbekend(catalogue, Lekregel(rol="DOCK", veld="Persoon.bsn", doel="WMO_ONDERZOEK", activiteit="WELZIJNSWERK")) == []
    assert onbekend(catalogue, Lekregel(rol="DOK", veld="Persoon.burgerservice", doel="X")) == ["DOK", "X", "Persoon.burgerservice"]
    assert onbekend(catalogue, Lekregel(veld="Mens")) == ["Mens"]
    vraag = Vraag(gemeente=wijk.buurgemeente, van=van, tot=wijk.klok.moment, regel=Lekregel(veld="Persoon"))
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        deel = await snapshot.run(lambda c: onderzoek(c, vraag, van_bron(c, vraag)))
    assert (deel.geraakt, deel.verder) == ([], None)
