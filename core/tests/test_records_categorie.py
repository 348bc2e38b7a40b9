"""Special data are written only for a purpose whose ground allows them; a plugin can't forget it (domain.md 2.2, 9.6; Wmo 5.1.2 lid 2)."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import String
from sqlalchemy.orm import Mapped

from wijkwerk.access.betrokkenheid import Partijsoort
from wijkwerk.access.levels import N2, N4
from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import FINANCIEN, GEZONDHEID, PLANNING
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.partners.koppelen import koppel
from wijkwerk.records.allowed import GezondheidNietToegestaan
from wijkwerk.records.declare import PersonRecord, Retention
from wijkwerk.records.fields import field, machinery, sealed, subject
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import make_tables
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
IEDEREEN = ("DOCK", "WIJKTEAM", "KLANTMANAGER")


class Inlooprecord(PersonRecord):
    """Wat de inloop van de buurt bijhoudt."""

    __abstract__ = True
    owner = "inloop"
    categorie = PLANNING
    niveau = N2
    retention = Retention("eigen", "P1D", "einde proef")
    lezen = Permission("inloop:lezen", "Proef.", IEDEREEN)
    schrijven = Permission("inloop:schrijven", "Proef.", IEDEREEN)


class Bezoek(Inlooprecord):
    """Een bezoek aan de inloop, met wat er werd verteld."""

    owner = "inloop"
    persoon_id: Mapped[UUID] = subject("Wie")
    dagdeel: Mapped[int] = field("Welk dagdeel", level=N2)
    klacht: Mapped[str | None] = sealed("Welke klacht", level=N4, categorie=GEZONDHEID)
    schuld: Mapped[int | None] = field("Hoeveel schuld", level=N4, categorie=FINANCIEN)


class Klachtenboek(Inlooprecord):
    """Klachten, elk met een soort gegevens van zichzelf."""

    owner = "inloop"
    categorie_kolom = "soort"
    persoon_id: Mapped[UUID] = subject("Wie")
    soort: Mapped[str] = machinery(String(60))


RECORDS = (Bezoek, Klachtenboek)
INFO = PluginInfo("inloop", "Proef.", "1.0")
PLUGIN = SimpleNamespace(
    __name__="wijkwerk_inloop", plugin_info=hookimpl(lambda: INFO), declaraties=hookimpl(lambda: Declaraties(records=RECORDS))
)


@pytest.fixture
def plugins() -> list[Any]:
    return [PLUGIN]


@pytest.fixture
async def wijk(wijk_vlug: Wijk) -> Wijk:
    await make_tables(wijk_vlug.wijkwerk.database, [record.tabel() for record in RECORDS])
    return wijk_vlug


@pytest.fixture
async def bezoeker(wijk: Wijk) -> UUID:
    """A resident of a case to which the welfare partner is coupled."""
    persoon = await wijk.inwoner()
    dossier, dock = await wijk.dossier(persoon), Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    codes = ["IDENTITEIT", "CONTACT", "PLANNING"]
    await wijk.schrijf("REGISSEUR", lambda work: koppel(work, dossier, persoon, dock, "WMO_ALG_VOORZIENING", codes))
    return persoon


async def test_a_general_service_writes_no_health_data_and_nothing_is_stored_but_that_it_was_refused(wijk: Wijk, bezoeker: UUID) -> None:
    made = await wijk.schrijf("DOCK", lambda work: work.add(Bezoek(persoon_id=bezoeker, dagdeel=1, klacht=None)).id)

    def wijzig(work: Any) -> None:
        work.get(Bezoek, made, 1).klacht = "Hoest"

    for unit in (
        lambda work: work.add(Bezoek(persoon_id=bezoeker, dagdeel=2, klacht="Hoest")),
        lambda work: (work.add(Bezoek(persoon_id=bezoeker, dagdeel=3)), work.add(Klachtenboek(persoon_id=bezoeker, soort="GEZONDHEID"))),
        lambda work: work.add(Klachtenboek(persoon_id=bezoeker, soort="VEILIGHEID")),
        lambda work: work.add(Bezoek(persoon_id=nieuw_id(), dagdeel=2, klacht="Hoest")),  # who it is about makes no difference
        wijzig,
    ):
        error = await refused(wijk, "DOCK", GezondheidNietToegestaan, unit, records=RECORDS)
        assert "Er is niets opgeslagen. Verwijs de inwoner naar het wijkteam" in error.melding
        last = (await wijk.log())[-1]
        assert (last["resultaat"], last["code"]) == ("GEWEIGERD", "GEZONDHEID_NIET_TOEGESTAAN")
        assert "Hoest" not in str(last)


async def test_who_works_on_a_ground_that_allows_it_writes_health_data_and_others_who_may_write_the_record_do_not(
    wijk: Wijk, bezoeker: UUID
) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: work.add(Bezoek(persoon_id=bezoeker, dagdeel=1, klacht="Hoest", schuld=3)) and None)
    await refused(
        wijk, "KLANTMANAGER", GezondheidNietToegestaan,
        lambda work: work.add(Bezoek(persoon_id=bezoeker, dagdeel=1, klacht="Hoest")), records=RECORDS,
    )  # fmt: skip
    [gezien] = await wijk.lees("WIJKTEAM", lambda reader: reader.by_key(Bezoek, ("klacht", "schuld"), "persoon_id", [bezoeker]))
    assert (gezien.klacht, gezien.schuld) == ("Hoest", 3)


async def test_what_no_purpose_opens_is_not_written_either_and_an_unknown_category_is_out_of_reach(wijk: Wijk, bezoeker: UUID) -> None:
    await refused(
        wijk, "DOCK", GeenRecht, lambda work: work.add(Bezoek(persoon_id=bezoeker, dagdeel=1, schuld=100)), records=RECORDS
    )  # fmt: skip
    for soort in ("FINANCIEN", "BESTAAT_NIET"):
        boek = Klachtenboek(persoon_id=bezoeker, soort=soort)
        await refused(wijk, "DOCK", NietGevonden, partial(Work.add, record=boek), records=RECORDS)
    await refused(wijk, "ZORG", GeenRecht, lambda work: work.add(Bezoek(persoon_id=bezoeker, dagdeel=1, klacht="Hoest")), records=RECORDS)
