"""Two municipalities in one database, of which rows have the same numbers: neither shows a row of the other, nor a row twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.notities.aantekenen import schrijf
from wijkwerk.notities.werkaantekening import Werkaantekening
from wijkwerk.organisaties import Organisatie, Team
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import Record
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
VELDEN = ("roepnaam", "geslachtsnaam")


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def kopieer(wijk: Wijk, record: type[Record], **anders: Any) -> None:
    """Every row of this record once more in the neighbour municipality, with the same number."""
    t = record.tabel()
    rows = await wijk.rows(select(t).where(t.c.gemeente_id == wijk.gemeente))
    leeg = {name: None for name, veld in record.velden.items() if veld.kind == "reference" and t.c[name].nullable}
    for row in rows:
        await wijk.change(insert(t).values({**row._mapping, "gemeente_id": wijk.buurgemeente, **leeg, **anders}))


async def test_rows_with_the_same_number_elsewhere_show_nothing_and_change_nothing(wijk: Wijk) -> None:
    persoon = await wijk.inwoner("Moulin", roepnaam="Suus", contact=["0612345678"])
    before = [
        await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, VELDEN, first=10)),
        await wijk.lees("WIJKTEAM", lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon])),
        await wijk.lees("WIJKTEAM", lambda r: r.page(Organisatie, ("naam",), order=("naam",), first=20)),
    ]
    await kopieer(wijk, Organisatie, naam="Elders")
    await kopieer(wijk, Gebruiker)
    await kopieer(wijk, Persoon, roepnaam="Elders")
    await kopieer(wijk, Contactgegeven, waarde="0687654321")
    await kopieer(wijk, Betrokkenheid, niveau_tot=7)
    after = [
        await wijk.lees("WIJKTEAM", lambda r: r.page(Persoon, VELDEN, first=10)),
        await wijk.lees("WIJKTEAM", lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon])),
        await wijk.lees("WIJKTEAM", lambda r: r.page(Organisatie, ("naam",), order=("naam",), first=20)),
    ]
    assert after == before
    assert await wijk.lees("WIJKTEAM", lambda r: [r.count(Persoon), r.count(Contactgegeven)]) == [1, 1]


async def test_a_draft_with_the_same_number_elsewhere_is_of_nobody_here(wijk: Wijk) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf("WIJKTEAM", lambda w: schrijf(w, dossier, persoon, tekst="Suus klonk moe"))
    for record in (Organisatie, Team, Gebruiker, Persoon, Dossier, Betrokkenheid):
        await kopieer(wijk, record)
    await kopieer(wijk, Werkaantekening, auteur_id=wijk.REGISSEUR)
    seen = [await wijk.lees(rol, lambda r: r.count(Werkaantekening)) for rol in ("WIJKTEAM", "REGISSEUR")]
    assert seen == [1, 0]
    await wijk.change(update(Werkaantekening.tabel()).where(Werkaantekening.tabel().c.gemeente_id == wijk.buurgemeente).values(versie=2))
    [rij] = (await wijk.lees("WIJKTEAM", lambda r: r.page(Werkaantekening, ("tekst", "versie"), first=9))).rows
    assert (rij.tekst, rij.versie) == ("Suus klonk moe", 1)
