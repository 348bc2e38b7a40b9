"""Who leaves a case takes no note about who stays along, unless somebody says so (docs/decisions/0021)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.dossiers.leden import lid_vertrekt, voeg_lid_toe
from wijkwerk.notities.groep import NogNotities
from wijkwerk.notities.lezers import laat_lezen
from wijkwerk.notities.notitie import Notitie, Notitiesoort, Notitieversie
from wijkwerk.notities.redigeren import redigeer
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.dossiers import RECORDS, collega, doe
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.samenvoegingen import samen
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk

pytestmark = pytest.mark.anyio
NOTITIES = (Notitie, Notitieversie)
SOORT = Notitiesoort.CONTACTVERSLAG


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def teksten(wijk: Wijk, rol: str) -> list[tuple[UUID, str]]:
    """What somebody reads of notes: about whom, and the text."""
    found = (await wijk.lees(rol, lambda r: r.page(Notitieversie, ("persoon_id", "tekst"), first=50))).rows
    return sorted((row.persoon_id, row.tekst) for row in found)


async def over(wijk: Wijk, dossier: UUID, *wie: UUID, tekst: str = "Ruzie", soort: Notitiesoort = SOORT, rol: str = "WIJKTEAM") -> UUID:
    return await wijk.schrijf(rol, lambda w: schrijf(w, dossier, wie[0], soort, verteld(tekst), ook_over=wie[1:]))


async def rij_bij(wijk: Wijk, notitie: UUID, persoon: UUID) -> UUID:
    n = Notitie.tabel().c
    [[id]] = await wijk.rows(select(n.id).where(n.groep_id == notitie, n.persoon_id == persoon).order_by(n.id).limit(1))
    return UUID(str(id))


async def blijft(wijk: Wijk, dossier: UUID, wie: UUID, aantal: int, rol: Any = "WIJKTEAM") -> int:
    """Leaving is refused because of so many notes, and nothing happened; how many statements that took."""
    [[versie]] = await wijk.rows(select(Dossier.tabel().c.versie).where(Dossier.tabel().c.id == dossier))
    with count_statements(wijk.wijkwerk.database) as statements:
        error = await refused(wijk, rol, NogNotities, lambda w: lid_vertrekt(w, dossier, versie, wie), records=(*NOTITIES, *RECORDS))
    begin = "Er is 1 notitie over" if aantal == 1 else f"Er zijn {aantal} notities over"
    assert (error.code, error.veld, error.melding.startswith(begin)) == ("NOG_NOTITIES", "persoon", True)
    return len(statements)


async def test_nobody_leaves_a_case_while_a_note_about_who_stays_would_go_along(wijk: Wijk) -> None:
    een, ander, derde = [await wijk.inwoner(naam) for naam in ("Moulin", "Boer", "Visser")]
    dossier = await wijk.dossier(een, ander, derde)
    drie = await over(wijk, dossier, ander, een, derde, tekst="Ruzie van drie")
    eerst = await blijft(wijk, dossier, ander, 1)
    twee = await over(wijk, dossier, een, ander, tekst="Ruzie van twee")
    for anders in ((ander,), (een, derde), (derde,)):  # not about both who leaves and who stays
        await over(wijk, dossier, *anders, tekst="Iets anders")
    assert await blijft(wijk, dossier, ander, 2) <= eerst
    for notitie, wie, nog in ((drie, een, 2), (drie, derde, 1), (twee, ander, 1), (twee, een, 0)):
        rij = await rij_bij(wijk, notitie, wie)
        await wijk.schrijf("WIJKTEAM", partial(redigeer, notitie=rij, inhoud=verteld("Alleen dit")))
        if nog:
            await blijft(wijk, dossier, ander, nog)
    await doe(wijk, "WIJKTEAM", lid_vertrekt, dossier, ander)
    alleen = [(een, "Alleen dit")] * 2 + [(een, "Iets anders"), (derde, "Alleen dit")] + [(derde, "Iets anders")] * 2
    assert await teksten(wijk, "WIJKTEAM") == sorted(alleen)


async def test_who_says_that_they_may_go_lets_notes_out_of_sight_and_they_come_back_with_the_resident(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner("Moulin"), await wijk.inwoner("Boer")
    dossier = await wijk.dossier(een, ander)
    await over(wijk, dossier, een, ander)
    both = await teksten(wijk, "WIJKTEAM")
    await blijft(wijk, dossier, ander, 1)
    await doe(wijk, "WIJKTEAM", partial(lid_vertrekt, notities_uit_beeld=True), dossier, ander)
    assert await teksten(wijk, "WIJKTEAM") == []
    await doe(wijk, "WIJKTEAM", voeg_lid_toe, dossier, ander)
    assert await teksten(wijk, "WIJKTEAM") == both


async def test_a_strict_note_holds_back_who_may_read_it_and_tells_nobody_else_that_it_is_there(wijk: Wijk) -> None:
    een, ander = await wijk.inwoner("Moulin"), await wijk.inwoner("Boer")
    dossier, collega_ = await wijk.dossier(een, ander), await collega(wijk, "WIJKTEAM", wijk.team)
    strikt = await over(wijk, dossier, een, ander, soort=Notitiesoort.STRIKT, rol="REGISSEUR")
    await blijft(wijk, dossier, ander, 1, rol="REGISSEUR")
    await wijk.schrijf("REGISSEUR", lambda w: laat_lezen(w, strikt, collega_))
    await blijft(wijk, dossier, ander, 1, rol=wijk.actor("WIJKTEAM", gebruiker=collega_))
    gewoon = await over(wijk, dossier, een, ander)
    await blijft(wijk, dossier, ander, 2, rol="REGISSEUR")
    await blijft(wijk, dossier, ander, 1)
    rij = await rij_bij(wijk, gewoon, een)
    await wijk.schrijf("WIJKTEAM", lambda w: redigeer(w, rij, verteld("Alleen dit")))
    await blijft(wijk, dossier, ander, 1, rol="REGISSEUR")
    zonder = wijk.actor("WIJKTEAM")
    await doe(wijk, replace(zonder, rechten=zonder.rechten - {Notitie.lezen.naam}), lid_vertrekt, dossier, ander)
    assert await teksten(wijk, "REGISSEUR") == [(een, "Alleen dit")]


async def test_of_who_were_merged_one_version_alone_is_enough(wijk: Wijk) -> None:
    een, dubbel, ander = [await wijk.inwoner(naam) for naam in ("Moulin", "Moulin", "Boer")]
    dossier = await wijk.dossier(een, dubbel, ander)
    notitie = await over(wijk, dossier, een, dubbel, ander)
    await samen(wijk, een, dubbel)
    await blijft(wijk, dossier, ander, 1)
    rij = await rij_bij(wijk, notitie, een)
    await wijk.schrijf("WIJKTEAM", lambda w: redigeer(w, rij, verteld("Alleen dit")))
    await doe(wijk, "WIJKTEAM", lid_vertrekt, dossier, ander)
    assert await teksten(wijk, "WIJKTEAM") == [(een, "Alleen dit")]
