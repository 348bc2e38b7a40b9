"""What a resident sees of who looked, against a model worked out apart: random entries, of which each says what is to be seen of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, insert, update

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.inzage import lezen
from wijkwerk.inzage.brief import schrijf
from wijkwerk.inzage.mijn import mijn_inzage
from wijkwerk.inzage.naamverzoek import Naamreden
from wijkwerk.inzage.namen import vraag_namen
from wijkwerk.inzage.overzicht import Inzage
from wijkwerk.log.entry import Actie, Betrokkene, Deur, Gebeurtenis, Getoond, Logregel, Resultaat
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.noodtoegang.noodtoegang import Noodreden, Noodtoegang
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.samenvoegingen import ongedaan, samen
from wijkwerk.testing.wijk import BEGIN, Wijk

pytestmark = pytest.mark.anyio
MAART = (date(2027, 3, 1), date(2027, 3, 31))
NEDERLAND = ZoneInfo("Europe/Amsterdam")
WIE = {
    "WIJKTEAM": ("stad", "wijkteammedewerker", "WMO_ONDERSTEUNING", "Ondersteuning door het wijkteam"),
    "TEAMLEIDER": ("stad", "teamleider", "WMO_ONDERSTEUNING", "Ondersteuning door het wijkteam"),
    "DOCK": ("dock", "medewerker welzijnspartner", "WELZIJNSWERK", "Algemene voorzieningen in de buurt"),
    "ZORG": ("zorg", "medewerker zorginstelling", "ZORGVERLENING", "Zorg door een zorginstelling"),
    "FG": ("stad", "functionaris gegevensbescherming", "TOEZICHT", "Toezicht op het gebruik van gegevens"),
}
WAT = {
    Gebeurtenis.LEZEN: "Gegevens bekeken", Gebeurtenis.WIJZIGEN: "Gegevens veranderd", Gebeurtenis.ZOEKEN: "Naar u gezocht",
    Gebeurtenis.AFDRUKKEN: "Gegevens afgedrukt", Gebeurtenis.VERZENDEN: "Gegevens verstuurd",
}  # fmt: skip
SOORTEN = {
    "ADRES": "Waar u woont", "BSN": "Uw burgerservicenummer", "GEZONDHEID": "Uw gezondheid", "FINANCIEN": "Uw geldzaken",
    "VEILIGHEID": None, "NERGENS_MEER": None,
}  # fmt: skip
"""None: not for the resident's eyes, or no longer declared."""
VAN_DE_WMO = "De gemeente moet volgens de Wmo onderzoeken welke hulp u nodig hebt. Daarvoor is geen toestemming nodig."
KANARIES = ("kanarie-naam", "203.0.113.77", "kanarie-systeem", "Uw uitkering", "Uw veiligheid")


@dataclass
class Wereld:
    """A resident who looks, another one, and the doors: an ordinary one, a break-glass, and one that may not be known of."""

    wijk: Wijk
    ik: UUID
    namen: dict[UUID, UUID]
    ander: UUID
    deuren: dict[str, Deur] = field(default_factory=dict)

    async def schrijf_op(self, *regels: Logregel) -> None:
        await self.wijk.wijkwerk.journal.record(*regels)

    async def kijk(self, van: date = MAART[0], tot: date = MAART[1]) -> Inzage:
        self.wijk.klok.moment = max(self.wijk.klok.moment, BEGIN + timedelta(days=40))
        return await self.wijk.lees("INWONER", lambda reader: mijn_inzage(reader, van, tot))


@pytest.fixture
async def wereld(wijk_vlug: Wijk) -> Wereld:
    wijk = wijk_vlug
    ik = await wijk.inwoner("Moulin", geboortedatum=Datum(1970, 3, 4))
    ander = await wijk.inwoner("Buurman")
    await wijk.schrijf("WIJKTEAM", lambda work: laat_toe(work, ik, wijk.INWONER, Vaststelling.DIGID))
    namen = await met(wijk, lambda connection: pseudoniemen(connection, wijk.gemeente, [ik, ander]))
    made = Wereld(wijk, ik, namen, ander)
    await wijk.change(update(Gebruiker.tabel()).values(naam="kanarie-naam"))
    for naam, bron, categorie in (("deur", "DOSSIER", ""), ("nood", "NOODTOEGANG", "BETROKKENEN"), ("geheim", "NOODTOEGANG", "VEILIGHEID")):
        made.deuren[naam] = Deur(nieuw_id(), bron, nieuw_id(), "WMO_ONDERZOEK/1")
        if categorie:
            await wijk.wijkwerk.database.transact(partial(zet_nood, wijk, ik, made.deuren[naam].bron_id, categorie))
    return made


def zet_nood(wijk: Wijk, persoon: UUID, id: UUID, categorie: str, connection: Connection) -> None:
    wijk.put(
        connection, Noodtoegang, id=id, persoon_id=persoon, categorie_code=categorie, gebruiker_id=wijk.WIJKTEAM, organisatie_id=wijk.stad,
        rol="WIJKTEAM", reden=Noodreden.ACUUT_GEVAAR, toelichting=b"x", van=BEGIN, tot=BEGIN, beoordelen_voor=MAART[1], beoordeeld=False,
    )  # fmt: skip


async def met(wijk: Wijk, work: Any) -> Any:
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        return await snapshot.run(work)


def regel(wereld: Wereld, moment: datetime, rol: str = "WIJKTEAM", *, delen: Any = ((("ADRES",), "deur"),), **anders: Any) -> Logregel:
    """An entry about the resident, and (with other data) about the other one. `delen`: categories, and through which door."""
    waar, _, activiteit, _ = WIE[rol]
    mijn = tuple(Getoond("Persoon", tuple(soorten), ("x",), (wereld.deuren[deur].betrokkenheid,)) for soorten, deur in delen)
    gegeven: dict[str, Any] = {
        "gebeurtenis": Gebeurtenis.LEZEN, "actie": Actie.READ, "resultaat": Resultaat.GESLAAGD, "tijdstip": moment,
        "gemeente": wereld.wijk.gemeente, "gebruiker": wereld.wijk.ids[rol], "organisatie": wereld.wijk.ids[waar], "rollen": (rol,),
        "activiteit": activiteit, "doelen": ("WMO_ONDERZOEK",), "onderdeel": "kanarie-systeem", "netwerkadres": "203.0.113.77",
        "betrokkenen": (
            Betrokkene(wereld.namen[wereld.ik], mijn),
            Betrokkene(wereld.namen[wereld.ander], (Getoond("Persoon", ("UITKERING",), ("x",)),)),
        ),
        "toegang": tuple({wereld.deuren[deur] for _, deur in delen}),
    }  # fmt: skip
    return Logregel(**gegeven | anders)


@dataclass
class Model:
    """What is to be seen, line by line: by day and by what makes actions the same."""

    regels: dict[tuple[Any, ...], tuple[list[datetime], set[str], set[str]]] = field(default_factory=dict)

    def neem(self, r: Logregel, rol: str, delen: Any) -> None:
        if r.resultaat is not Resultaat.GESLAAGD or r.activiteit in ("SIGNALEN_AANNEMEN", "ONBEKEND_NU"):
            return
        zichtbaar = [(soorten, deur) for soorten, deur in delen if deur != "geheim" and any(SOORTEN[soort] for soort in soorten)]
        if not zichtbaar:
            return
        organisatie, functie, _, waarvoor = WIE[rol]
        nood = any(deur == "nood" for _, deur in zichtbaar)
        sleutel = (r.tijdstip.astimezone(NEDERLAND).date(), organisatie, functie, WAT[r.gebeurtenis], waarvoor, nood)
        tijden, gegevens, gronden = self.regels.setdefault(sleutel, ([], set(), set()))
        tijden.append(r.tijdstip)
        gegevens.update(text for soorten, _ in zichtbaar for soort in soorten if (text := SOORTEN[soort]))
        gronden.add(VAN_DE_WMO)


def gezien(inzage: Inzage) -> dict[tuple[Any, ...], tuple[list[datetime], set[str], set[str]]]:
    return {
        (each.dag, each.soort.organisatie, *each.soort.functies, each.soort.wat, each.soort.waarvoor, each.soort.nood): (
            sorted(each.tijdstippen), each.gegevens, each.gronden,
        )
        for each in inzage.regels
    }  # fmt: skip


@pytest.mark.parametrize("zaad", range(4))
async def test_a_resident_sees_what_the_model_says_and_nothing_of_anybody_else(wereld: Wereld, zaad: int) -> None:
    kans, model, regels = Random(zaad), Model(), []
    for _ in range(150):
        moment = BEGIN + timedelta(minutes=kans.randrange(32 * 24 * 60), seconds=kans.random() * 60)
        rol = kans.choice(list(WIE))
        delen = [
            (kans.sample(list(SOORTEN), kans.randint(1, 3)), kans.choice(["deur", "deur", "nood", "geheim"]))
            for _ in range(kans.randint(1, 3))
        ]
        anders: dict[str, Any] = {"gebeurtenis": kans.choice(list(WAT))}
        if kans.random() < 0.2:
            anders["resultaat"] = kans.choice([Resultaat.GEWEIGERD, Resultaat.GEEN_RESULTAAT, Resultaat.FOUT])
        if kans.random() < 0.2:
            anders["activiteit"] = kans.choice(["SIGNALEN_AANNEMEN", "ONBEKEND_NU"])
        made = regel(wereld, moment, rol, delen=delen, **anders)
        regels.append(made)
        if date(2027, 3, 2) <= moment.astimezone(NEDERLAND).date() <= MAART[1]:
            model.neem(made, rol, delen)
    await wereld.schrijf_op(*regels)
    inzage = await wereld.kijk(date(2027, 3, 2))
    assert len(model.regels) > 30
    assert gezien(inzage) == {key: (sorted(tijden), gegevens, gronden) for key, (tijden, gegevens, gronden) in model.regels.items()}
    html = await met(wereld.wijk, lambda connection: schrijf(connection, wereld.wijk.gemeente, BEGIN, inzage))
    assert not [kanarie for kanarie in KANARIES if kanarie in html or kanarie in repr(inzage)]
    assert sum(each.keren for each in inzage.organisaties) == sum(len(each.tijdstippen) for each in inzage.regels)
    assert [each.dag for each in inzage.regels] == sorted((each.dag for each in inzage.regels), reverse=True)


async def test_statements_do_not_grow_with_what_happened(wereld: Wereld) -> None:
    await wereld.schrijf_op(regel(wereld, BEGIN + timedelta(days=1)))
    await wereld.kijk()
    with count_statements(wereld.wijk.wijkwerk.database) as een:
        await wereld.kijk()
    await wereld.schrijf_op(*(regel(wereld, BEGIN + timedelta(days=1, minutes=n), rol) for n in range(100) for rol in WIE))
    with count_statements(wereld.wijk.wijkwerk.database) as veel:
        inzage = await wereld.kijk()
    assert len(een) == len(veel) <= 20
    assert sum(each.keren for each in inzage.organisaties) > 500


async def test_an_entry_that_names_no_door_is_known_by_the_door_itself(wereld: Wereld) -> None:
    """As entries did before they told through which door; a door that is gone is an ordinary one."""
    wijk, deur = wereld.wijk, wereld.deuren["nood"]
    weg = replace(deur, betrokkenheid=nieuw_id())
    wereld.deuren["weg"] = weg
    b = Betrokkenheid.tabel()
    await wijk.change(
        insert(b).values(
            id=deur.betrokkenheid, gemeente_id=wijk.gemeente, versie=1, verantwoordelijke_id=wijk.stad, persoon_id=wereld.ik,
            partij_id=wijk.WIJKTEAM, partijsoort="GEBRUIKER", doel="WMO_ONDERZOEK", categorie_code="ADRES", niveau_tot=4,
            grondslag="MELDCODE/1", bron="NOODTOEGANG", bron_id=deur.bron_id, van=BEGIN,
        )
    )  # fmt: skip
    morgen = BEGIN + timedelta(days=1)
    await wereld.schrijf_op(
        regel(wereld, morgen, delen=((("ADRES",), "nood"),), toegang=()),
        regel(wereld, morgen, "TEAMLEIDER", delen=((("ADRES",), "weg"),), toegang=()),
    )
    een, ander = (each for each in (await wereld.kijk(morgen.date())).regels if each.dag == morgen.date())
    assert (ander.soort.nood, *ander.gronden) == (
        True,
        "Bij een vermoeden van huiselijk geweld of kindermishandeling mogen mensen dat ook zonder toestemming melden.",
    )
    assert (een.soort.nood, *een.gronden) == (False, VAN_DE_WMO)


async def test_a_confidential_break_glass_leaves_no_trace_and_another_is_told(wereld: Wereld) -> None:
    morgen = BEGIN + timedelta(days=1)
    for naam in ("nood", "geheim"):
        id = wereld.deuren[naam].bron_id
        for n, wat in enumerate((Gebeurtenis.NOODTOEGANG_GEOPEND, Gebeurtenis.AANMAKEN, Gebeurtenis.NOODTOEGANG_BEOORDEELD)):
            deze: dict[str, Any] = {"gebeurtenis": wat, "actie": Actie.CREATE, "details": {"noodtoegang": id.hex}, "toegang": ()}
            delen = ((("ADRES", "VEILIGHEID"), "deur"),)
            await wereld.schrijf_op(regel(wereld, morgen + timedelta(hours=n, minutes=len(naam)), delen=delen, **deze))
    regels = [each for each in (await wereld.kijk(morgen.date())).regels if each.dag == morgen.date()]
    assert [(each.soort.wat, each.soort.nood, len(each.tijdstippen)) for each in regels] == [
        ("Een noodprocedure gestart", True, 1), ("Gegevens opgeschreven", True, 1), ("Nagekeken of een noodprocedure goed was", True, 1),
    ]  # fmt: skip
    await wereld.wijk.change(delete(Noodtoegang.tabel()))
    assert not [each for each in (await wereld.kijk(morgen.date())).regels if each.dag == morgen.date()]


async def test_a_confidential_break_glass_beside_another_door_is_not_told(wereld: Wereld) -> None:
    """Who was let in already and opened a break-glass too, as who judges one is."""
    morgen = BEGIN + timedelta(days=1)
    wereld.deuren["geheim"] = geheim = replace(wereld.deuren["geheim"], grondslag="MELDCODE/1")
    beide = Getoond("Persoon", ("ADRES",), ("x",), (wereld.deuren["deur"].betrokkenheid, geheim.betrokkenheid))
    alleen = (Betrokkene(wereld.namen[wereld.ik], (beide,)),)
    await wereld.schrijf_op(regel(wereld, morgen, betrokkenen=alleen, toegang=(wereld.deuren["deur"], geheim)))
    [een] = [each for each in (await wereld.kijk(morgen.date())).regels if each.dag == morgen.date()]
    assert (een.soort.nood, een.gronden, een.gegevens) == (False, {VAN_DE_WMO}, {"Waar u woont"})


async def test_the_log_of_a_merged_file_is_shown_for_as_long_as_it_was_this_residents(wereld: Wereld) -> None:
    wijk = wereld.wijk
    await wijk.change(delete(Noodtoegang.tabel()))  # what is sealed in these is not
    wijk.klok.moment = BEGIN + timedelta(days=10)
    samenvoeging = await samen(wijk, wereld.ander, wereld.ik)
    wijk.klok.moment = BEGIN + timedelta(days=20)
    await ongedaan(wijk, samenvoeging)
    alleen = (Betrokkene(wereld.namen[wereld.ander], (Getoond("Persoon", ("GEZONDHEID",), ("x",)),)),)
    await wereld.schrijf_op(*(regel(wereld, BEGIN + timedelta(days=n), "ZORG", betrokkenen=alleen) for n in (5, 15, 25)))
    dagen = [each.dag for each in (await wereld.kijk()).regels if each.soort.organisatie == "zorg"]
    assert dagen == [date(2027, 3, 16)]
    await samen(wijk, wereld.ik, wereld.ander)
    dagen = [each.dag for each in (await wereld.kijk()).regels if each.soort.organisatie == "zorg"]
    assert dagen == [date(2027, 3, day) for day in (26, 16, 6)]


async def test_looking_is_shown_too_and_is_in_the_log_of_who_looked(wereld: Wereld) -> None:
    wereld.wijk.klok.moment = BEGIN + timedelta(days=3)
    await wereld.wijk.lees("INWONER", lambda reader: mijn_inzage(reader, *MAART))
    inzage = await wereld.kijk(date(2027, 3, 4))
    [zelf] = [each for each in inzage.regels if each.dag == date(2027, 3, 4)]
    assert (zelf.soort.organisatie, zelf.soort.functies, zelf.soort.naam) == ("Uzelf", (), "")
    assert zelf.gronden == {"U mag uw eigen gegevens zien."}
    laatste = (await wereld.wijk.log())[-1]
    assert [each["ref"] for each in laatste["betrokkenen"]] == [wereld.namen[wereld.ik].hex]
    assert "Moulin" not in repr(laatste)


async def test_others_and_days_that_can_not_be_are_refused(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    wijk = wereld.wijk
    for rol in wijk.wijkwerk.catalogue.rollen:
        if rol != "INWONER":
            with pytest.raises(GeenRecht):
                await wijk.lees(rol, lambda reader: mijn_inzage(reader, *MAART))
    verleid = wijk.actor("VERTEGENWOORDIGER")  # a policy that says otherwise changes nothing: it is a list in the code
    verleid = replace(verleid, rechten=verleid.rechten | {"inzage:eigen", "inzage:namen:schrijven"})
    with pytest.raises(GeenRecht):
        await wijk.lees(verleid, lambda reader: mijn_inzage(reader, *MAART))
    with pytest.raises(GeenRecht):
        await wijk.schrijf(verleid, lambda work: vraag_namen(work, Naamreden.ANDERE_REDEN, *MAART))
    for van, tot in ((MAART[1], MAART[0]), (date(2099, 1, 1), date(2099, 1, 2)), (date(1, 1, 1), MAART[1])):
        with pytest.raises(OngeldigeInvoer):
            await wereld.kijk(van, tot)
    monkeypatch.setattr(lezen, "MEESTE", 2)
    await wereld.schrijf_op(*(regel(wereld, BEGIN + timedelta(days=n)) for n in (1, 2, 3)))
    with pytest.raises(OngeldigeInvoer, match="kortere periode"):
        await wereld.kijk()
    await wijk.change(delete(Inwonertoegang.tabel()))
    with pytest.raises(NietGevonden):
        await wereld.kijk()
