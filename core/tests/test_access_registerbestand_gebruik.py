"""A purpose that an installation added by its file, in use: from its day on, until it ends, on the version of the ground of that day."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.actor import Actor, Toewijzer
from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.app import Wijkwerk
from wijkwerk.betrokkenheden import Partij
from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.partners.koppelen import koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
REGISTER = """
[[grondslag]]
code = "WAMS"
uitleg = "Verzonnen wet."
artikel6 = "6(1)(e)"
bijzonder = false
instemming = "NIET_NODIG"

[[grondslag]]
code = "WAMS"
versie = 2
van = 2028-03-01
uitleg = "Verzonnen wet, met een ander woord."

[[doel]]
code = "WAMS_AANPAK"
uitleg = "Eén plan"
domein = "WMO"
grondslag = "WAMS"
categorieen = ["IDENTITEIT"]
koppelbaar = true
van = 2028-01-01
tot = 2028-12-31

[[activiteit]]
code = "WAMS_AANPAK"
uitleg = "Samen één plan maken"
doelen = ["WAMS_AANPAK"]
rollen = ["DOCK"]
"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    """The made-up municipality, in an installation with this file."""
    bestand = wijk_vlug.wijkwerk.settings.map / "register.toml"
    bestand.write_text(REGISTER, encoding="utf-8")
    settings = wijk_vlug.wijkwerk.settings.model_copy(update={"register_file": bestand})
    catalogue = Wijkwerk(settings, [], database=wijk_vlug.wijkwerk.database).catalogue
    wijk_vlug.wijkwerk.catalogue = catalogue
    wijk_vlug.wijkwerk.toewijzer = Toewijzer(wijk_vlug.wijkwerk.toewijzer.policy, catalogue)
    return wijk_vlug


def partner(wijk: Wijk) -> Actor:
    return wijk.actor("DOCK", activiteit="WAMS_AANPAK")


async def ziet(wijk: Wijk, persoon: UUID) -> bool:
    return bool(await wijk.lees(partner(wijk), lambda reader: reader.by_key(Persoon, (), "id", [persoon])))


async def test_a_purpose_is_used_from_its_day_until_it_ends_and_a_door_keeps_the_version_of_its_ground(wijk: Wijk) -> None:
    wijk.klok.moment = datetime(2027, 12, 31, 22, 0, tzinfo=UTC)  # the evening before, in Amsterdam
    eerste, tweede = await wijk.inwoner(), await wijk.inwoner("Jansen")
    dossier, dock = await wijk.dossier(eerste, tweede), Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    samen = partial(koppel, dossier=dossier, partij=dock, doel="WAMS_AANPAK", categorieen=["IDENTITEIT"])

    def laat_in(work: Work, persoon: UUID) -> UUID:
        return samen(work, persoon=persoon)

    error = await refused(wijk, "REGISSEUR", OngeldigeInvoer, lambda work: laat_in(work, eerste), records=[Koppeling, Betrokkenheid])
    assert (error.veld, error.melding[:27]) == ("doel", "Dit doel kennen we niet. Ki")
    assert partner(wijk).doelen == ()
    wijk.klok.moment = datetime(2027, 12, 31, 23, 0, tzinfo=UTC)
    await wijk.schrijf("REGISSEUR", lambda work: laat_in(work, eerste))
    assert (await ziet(wijk, eerste), await ziet(wijk, tweede)) == (True, False)
    wijk.klok.moment = datetime(2028, 3, 1, 9, 0, tzinfo=UTC)
    await wijk.schrijf("REGISSEUR", lambda work: laat_in(work, tweede))
    assert (await ziet(wijk, eerste), await ziet(wijk, tweede)) == (True, True)
    b = Betrokkenheid.tabel().c
    rows = await wijk.rows(select(b.persoon_id, b.grondslag).where(b.bron == Bron.KOPPELING).distinct())
    assert {(row.persoon_id, row.grondslag) for row in rows} == {(eerste, "WAMS/1"), (tweede, "WAMS/2")}
    wijk.klok.moment = datetime(2028, 12, 31, 22, 59, tzinfo=UTC)
    assert await ziet(wijk, eerste)
    wijk.klok.moment = datetime(2028, 12, 31, 23, 0, tzinfo=UTC)
    assert (await ziet(wijk, eerste), await ziet(wijk, tweede)) == (False, False)


async def test_an_activity_belongs_to_the_roles_that_the_file_names_alone(wijk: Wijk) -> None:
    wijk.klok.moment = datetime(2028, 6, 1, 9, 0, tzinfo=UTC)
    assert partner(wijk).doelen == ("WAMS_AANPAK",)
    for rol in set(wijk.wijkwerk.catalogue.rollen) - {"DOCK"}:
        with pytest.raises(GeenRecht):
            wijk.actor(rol, activiteit="WAMS_AANPAK")
