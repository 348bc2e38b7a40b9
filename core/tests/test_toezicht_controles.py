"""Checks 1 and 2 on a made-up log: what is planted is found, what is as it should be is not, and looking further shows as many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from wijkwerk.access.betrokkenheid import Afscherming, Afschermsoort, Bron, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.betrokkenheden import Partij
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.log.entry import Actie, Gebeurtenis
from wijkwerk.partners.koppelen import koppel
from wijkwerk.personen import Persoon
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.controles import Toezicht, deur
from wijkwerk.testing.wijk import BEGIN, Wijk
from wijkwerk.toezicht.controles.lijst import PER_NUMMER, tel

pytestmark = pytest.mark.anyio
UUR, DAG = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def log(wijk_vlug: Wijk) -> Toezicht:
    return Toezicht(wijk_vlug)


async def test_a_look_without_a_case_a_team_or_break_glass_is_found_and_each_other_lawful_way_is_counted_apart(log: Toezicht) -> None:
    wijk = log.wijk
    een, twee = await wijk.inwoner(), await wijk.inwoner()
    dossier = await wijk.dossier(een)
    partij = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, een, partij, "WMO_ALG_VOORZIENING", ["IDENTITEIT"]))
    for rol in ("WIJKTEAM", "DOCK"):
        rows = await wijk.lees(rol, lambda r: r.by_key(Persoon, ("roepnaam", "geslachtsnaam"), "id", [een]))
        assert len(rows) == 1
    echt = await log.vind(1)
    assert [(each.onderdeel, each.gebruiker, len(each.pseudoniemen)) for each in echt] == [("KOPPELING", wijk.DOCK, 1)]
    begin = wijk.klok.moment + UUR
    weg = [deur(bron) for bron in (Bron.DOSSIER, Bron.AANMELDING, Bron.OVERDRACHT, Bron.NOODTOEGANG)]
    for nummer, door in enumerate([*([each] for each in weg), [deur(Bron.GROEP), weg[0]]]):
        await log.kijkt("WIJKTEAM", een, op=begin + nummer * UUR, deuren=door)
    assert await log.vind(1) == echt
    await log.kijkt("WIJKTEAM", een, twee, op=begin + 6 * UUR)
    await log.kijkt("WIJKTEAM", twee, op=begin + 7 * UUR, deuren=[nieuw_id()])
    await log.kijkt("WIJKTEAM", twee, op=begin + 8 * UUR, deuren=[deur(Bron.GROEP), deur(Bron.IMPORT)])
    await log.kijkt("WIJKTEAM", twee, op=begin + 9 * UUR, actie=Actie.UPDATE, gebeurtenis=Gebeurtenis.WIJZIGEN)
    found = {each.onderdeel: each for each in await log.vind(1)}
    assert set(found) == {"KOPPELING", "GEEN_DEUR", "DEUR_ONBEKEND", "GROEP", "IMPORT"}
    assert set(found["GEEN_DEUR"].pseudoniemen) == {log.namen[een], log.namen[twee]}
    assert (found["GEEN_DEUR"].plek or (None,))[0] == begin + 6 * UUR
    [telling] = await log.zie(lambda blik: tel(blik, [PER_NUMMER[1]]))
    assert telling.afwijkingen == 2
    assert await log.vind(1, tot=begin) == echt
    assert await log.vind(1, "GROEP", van=begin + 8 * UUR) == [found["GROEP"]]


async def test_who_stands_too_close_to_a_resident_is_found_and_nothing_about_names_or_addresses_is_said(log: Toezicht) -> None:
    wijk = log.wijk
    adres: dict[str, Any] = {"postcode": Postcode("3043TD"), "huisnummer": 5}
    collega = await wijk.inwoner("Pieters")
    buur = await wijk.inwoner("Bakker", **adres)
    zelf = await wijk.inwoner("Jansen", **adres)
    naamgenoot, ander = await wijk.inwoner("de Vries"), await wijk.inwoner("Kaya-Smit")
    geheim, onbekend = await wijk.inwoner("Moulin"), await wijk.inwoner(".")

    def vul(c: Any) -> None:
        for wie, persoon, namens in ((wijk.TEAMLEIDER, collega, None), (wijk.WIJKTEAM, zelf, None)):
            wijk.put(
                c, Inwonertoegang, persoon_id=persoon, gebruiker_id=wie, vaststelling=Vaststelling.DIGID, van=BEGIN, door_id=wijk.REGISSEUR,
                vertegenwoordiging_id=namens,
            )  # fmt: skip
        wijk.put(c, Afscherming, persoon_id=geheim, soort=Afschermsoort.GEHEIM, niveau_tot=4, verbergt=True, van=BEGIN + DAG)

    await wijk.wijkwerk.database.transact(vul)
    await wijk.change(update(Gebruiker.tabel()).where(Gebruiker.tabel().c.id == wijk.WIJKTEAM).values(naam="J. de Vries-Kaya"))
    wijk.klok.moment += 10 * DAG
    alles = (collega, buur, zelf, naamgenoot, ander, geheim, onbekend)
    await log.kijkt("WIJKTEAM", *alles, op=BEGIN + 2 * UUR)
    found = {each.onderdeel: set(each.pseudoniemen) for each in await log.vind(2)}
    naam = {log.namen[naamgenoot]}
    assert found == {"COLLEGA": {log.namen[collega]}, "EIGEN_DOSSIER": {log.namen[zelf]}, "BUUR": {log.namen[buur]}, "NAAMGENOOT": naam}
    later = BEGIN + DAG + UUR
    await log.kijkt("REGISSEUR", geheim, zelf, op=later)
    geen_adres, geheimhouding, van_collega = await log.vind(2, van=later)
    assert (geen_adres.onderdeel, geen_adres.gebruiker) == ("ADRES_VAN_MEDEWERKER_ONBEKEND", wijk.REGISSEUR)
    assert (geheimhouding.onderdeel, geheimhouding.pseudoniemen) == ("AFGESCHERMD", (log.namen[geheim],))
    assert (van_collega.onderdeel, van_collega.pseudoniemen) == ("COLLEGA", (log.namen[zelf],))
    assert "3043" not in repr(await log.vind(2)) + repr(found)
    await log.kijkt("INWONER", zelf, op=later + UUR, gebruiker=wijk.WIJKTEAM, deuren=[deur(Bron.EIGEN)])
    assert len(await log.vind(2, van=later)) == 3
