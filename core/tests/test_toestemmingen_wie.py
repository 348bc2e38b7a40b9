"""Who gives a consent: everybody who must, nobody else, and nothing while that is not sure (domain.md 2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Afschermsoort, Betrokkenheid
from wijkwerk.access.levels import N1
from wijkwerk.access.purposes import Instemming
from wijkwerk.betrokkenheden import scherm_af
from wijkwerk.errors import NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gezag import Gezagsoort
from wijkwerk.gezag import leg_vast as leg_gezag_vast
from wijkwerk.personen import Persoon
from wijkwerk.records.session import Work
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Relatiesoort
from wijkwerk.relaties import leg_vast as leg_relatie_vast
from wijkwerk.testing.dossiers import rij
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import ToestemmingAfgehandeld, geef, leg_vast, weiger
from wijkwerk.toestemmingen.intrekken import trek_in
from wijkwerk.toestemmingen.toestemming import Gever, Toestemming, Toestemminggever, Toestemmingsontvanger, Wijze
from wijkwerk.toestemmingen.wie import BETROKKENE, Gevende, GeverMagNiet, WieBeslistOnbekend, wie_geeft
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, oordeel
from wijkwerk.vertegenwoordigingen import leg_vast as leg_vertegenwoordiging_vast

pytestmark = pytest.mark.anyio
RECORDS = (Toestemming, Toestemmingsontvanger, Toestemminggever, Betrokkenheid)
VOLWASSEN, VEERTIEN, ELF = Datum(1956, 11, 2), Datum(2012, 5, 6), Datum(2016, 7, 8)
VANDAAG = date(2027, 3, 1)
SCHRIFTELIJK = Instemming.SCHRIFTELIJK_GEEN_BEZWAAR
WETTELIJK, GEMACHTIGDE = Gever.WETTELIJK_VERTEGENWOORDIGER, Gever.GEMACHTIGDE


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


def geven(wijk: Wijk, dossier: UUID, persoon: UUID, gevers: Sequence[Gevende], bewijs: str | None = None) -> partial[UUID]:
    """A consent to give the care organisation data, by these."""
    return partial(
        leg_vast, dossier=dossier, persoon=persoon, ontvangers=[Ontvanger(wijk.zorg)], doel="ZORG_UITWISSELING", categorieen=["IDENTITEIT"],
        wijze=Wijze.SCHRIFTELIJK, tekst_versie="v1", gevers=gevers, bewijs=bewijs,
    )  # fmt: skip


async def gezin(wijk: Wijk, geboren: Datum, soort: Gezagsoort = Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG, ouders: int = 2) -> list[UUID]:
    """A case about a child and these parents with gezag: case, child, parents."""
    kind, *rest = [await wijk.inwoner(f"Gezin{at}", geboortedatum=geboren if at == 0 else VOLWASSEN) for at in range(ouders + 1)]

    def unit(work: Work) -> None:
        leg_gezag_vast(work, kind, soort=soort, van=date(2020, 1, 1))
        for ouder in rest:
            leg_relatie_vast(work, kind, ouder, Relatiesoort.OUDER, gezag=True)

    await wijk.schrijf("WIJKTEAM", unit)
    return [await wijk.dossier(kind, *rest), kind, *rest]


async def status(wijk: Wijk, toestemming: UUID) -> str:
    return str((await rij(wijk, Toestemming, toestemming)).status)


async def ziet(wijk: Wijk, persoon: UUID) -> bool:
    return await wijk.lees("ZORG", lambda r: r.one(Persoon, (), persoon)) is not None


async def test_both_parents_with_gezag_must_and_until_then_nothing_opens(wijk: Wijk) -> None:
    dossier, kind, moeder, vader = await gezin(wijk, ELF)
    id = await wijk.schrijf("WIJKTEAM", geven(wijk, dossier, kind, [Gevende(WETTELIJK, moeder)]))
    assert (await status(wijk, id), await ziet(wijk, kind)) == ("CONCEPT", False)
    for gevers in ([BETROKKENE], [Gevende(WETTELIJK, kind)], [Gevende(GEMACHTIGDE, vader)], [Gevende(WETTELIJK, naam="Vader")]):
        await refused(wijk, "WIJKTEAM", GeverMagNiet, partial(geef, toestemming=id, versie=1, gevers=gevers), records=RECORDS)
    again = partial(geef, toestemming=id, versie=1, gevers=[Gevende(WETTELIJK, moeder)])
    assert await wijk.schrijf("WIJKTEAM", again) == id
    assert (await status(wijk, id), len(await wijk.rows(select(Toestemminggever.tabel())))) == ("CONCEPT", 1)
    await wijk.schrijf("REGISSEUR", lambda w: geef(w, id, 1, [Gevende(WETTELIJK, vader)]))
    assert (await status(wijk, id), await ziet(wijk, kind)) == ("GEGEVEN", True)
    assert {row.gever_id for row in await wijk.rows(select(Toestemminggever.tabel()))} == {moeder, vader}
    await refused(wijk, "WIJKTEAM", VersieVerouderd, lambda w: geef(w, id, 1), records=RECORDS)
    await refused(wijk, "WIJKTEAM", ToestemmingAfgehandeld, lambda w: geef(w, id, 2, [Gevende(WETTELIJK, vader)]), records=RECORDS)


async def test_one_parent_alone_with_gezag_is_enough_and_of_two_both_must_be_known(wijk: Wijk) -> None:
    dossier, kind, moeder = await gezin(wijk, ELF, Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG, 1)
    id = await wijk.schrijf("WIJKTEAM", geven(wijk, dossier, kind, [Gevende(WETTELIJK, moeder)]))
    assert (await status(wijk, id), await ziet(wijk, kind)) == ("GEGEVEN", True)
    dossier, kind, moeder = await gezin(wijk, ELF, ouders=1)
    error = await refused(wijk, "WIJKTEAM", WieBeslistOnbekend, geven(wijk, dossier, kind, [Gevende(WETTELIJK, moeder)]), records=RECORDS)
    assert "allebei vastgelegd" in error.melding


async def test_between_12_and_16_a_judgement_says_who_gives_it(wijk: Wijk) -> None:
    dossier, kind, moeder, vader = await gezin(wijk, VEERTIEN)
    for gevers in ([BETROKKENE], [Gevende(WETTELIJK, moeder), Gevende(WETTELIJK, vader)]):
        error = await refused(wijk, "WIJKTEAM", WieBeslistOnbekend, geven(wijk, dossier, kind, gevers), records=RECORDS)
        assert "leg uw oordeel vast" in error.melding
    await wijk.schrijf("WIJKTEAM", lambda w: oordeel(w, kind, Handeling.WMO_VERSTREKKING, True, "Begrijpt het goed"))
    id = await wijk.schrijf("WIJKTEAM", geven(wijk, dossier, kind, [BETROKKENE]))
    assert (await status(wijk, id), await ziet(wijk, kind)) == ("GEGEVEN", True)


async def test_for_the_participatiewet_no_age_is_known_so_it_is_asked(wijk: Wijk) -> None:
    volwassen, (_, kind, *_) = await wijk.inwoner(geboortedatum=VOLWASSEN), await gezin(wijk, VEERTIEN)
    for persoon, wie in ((volwassen, (BETROKKENE,)), (kind, ())):
        found: Any = await wijk.lees("WIJKTEAM", partial(wie_geeft, soort=SCHRIFTELIJK, persoon=persoon))
        assert (found.allen, "privacy officer" in found.uitleg) == (wie, not wie)


async def test_nothing_is_given_while_it_is_not_sure_or_not_shown_who_may(wijk: Wijk) -> None:
    onbekend, overleden = (
        await wijk.inwoner("Jansen"),
        await wijk.inwoner("Smit", geboortedatum=VOLWASSEN, overlijdensdatum=Datum(2025, 1, 2)),
    )
    for persoon in (onbekend, overleden):
        dossier = await wijk.dossier(persoon)
        await refused(wijk, "WIJKTEAM", WieBeslistOnbekend, geven(wijk, dossier, persoon, [BETROKKENE]), records=RECORDS)
    dossier, kind, moeder, vader = await gezin(wijk, ELF)
    ouders = [Gevende(WETTELIJK, moeder), Gevende(WETTELIJK, vader)]
    await wijk.schrijf(
        "REGISSEUR", lambda w: scherm_af(w, kind, Afschermsoort.BELANGENCONFLICT, niveau_tot=N1, partij=wijk.WIJKTEAM) and None
    )
    await refused(wijk, "WIJKTEAM", NietGevonden, geven(wijk, dossier, kind, ouders), records=RECORDS)
    assert await wijk.schrijf("REGISSEUR", geven(wijk, dossier, kind, ouders))


async def test_a_mandate_counts_only_as_recorded_and_after_it_was_read(wijk: Wijk) -> None:
    persoon, ander = await wijk.inwoner(geboortedatum=VOLWASSEN), await wijk.inwoner("Jansen", geboortedatum=VOLWASSEN)
    dossier, begin = await wijk.dossier(persoon, ander), VANDAAG - timedelta(days=30)
    gemachtigd = Gevende(GEMACHTIGDE, ander)
    await refused(wijk, "WIJKTEAM", GeverMagNiet, geven(wijk, dossier, persoon, [gemachtigd], "Gelezen"), records=RECORDS)
    await wijk.schrijf(
        "WIJKTEAM", lambda w: leg_vertegenwoordiging_vast(w, persoon, Hoedanigheid.GEMACHTIGDE, "Volmacht", begin, vertegenwoordiger=ander)
    )
    for gevers in ([gemachtigd], [BETROKKENE]):
        error = await refused(wijk, "WIJKTEAM", OngeldigeInvoer, geven(wijk, dossier, persoon, gevers), records=RECORDS)
        assert error.veld == "bewijs"
    id = await wijk.schrijf("WIJKTEAM", geven(wijk, dossier, persoon, [gemachtigd], "De volmacht gaat over hulp en gegevens"))
    [gever] = await wijk.rows(select(Toestemminggever.tabel()))
    assert (await status(wijk, id), gever.hoedanigheid, gever.gever_id) == ("GEGEVEN", GEMACHTIGDE, ander)


async def test_a_curator_gives_it_and_the_resident_does_not(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(geboortedatum=VOLWASSEN)
    dossier, begin = await wijk.dossier(persoon), VANDAAG - timedelta(days=30)
    await wijk.schrijf(
        "WIJKTEAM", lambda w: leg_vertegenwoordiging_vast(w, persoon, Hoedanigheid.CURATOR, "Uitspraak", begin, naam="de Boer")
    )
    await refused(wijk, "WIJKTEAM", GeverMagNiet, geven(wijk, dossier, persoon, [BETROKKENE]), records=RECORDS)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, geven(wijk, dossier, persoon, []), records=RECORDS)
    id = await wijk.schrijf("WIJKTEAM", geven(wijk, dossier, persoon, [Gevende(WETTELIJK, naam="de Boer")]))
    assert await status(wijk, id) == "GEGEVEN"


async def test_what_one_parent_gave_and_then_withdrew_the_other_can_not_complete(wijk: Wijk) -> None:
    dossier, kind, moeder, vader = await gezin(wijk, ELF)
    id = await wijk.schrijf("WIJKTEAM", geven(wijk, dossier, kind, [Gevende(WETTELIJK, moeder)]))
    await wijk.schrijf("WIJKTEAM", lambda w: trek_in(w, id))
    complete: list[Any] = [lambda w: geef(w, id, 2, [Gevende(WETTELIJK, vader)]), lambda w: weiger(w, id, 2)]
    for unit in complete:
        await refused(wijk, "WIJKTEAM", ToestemmingAfgehandeld, unit, records=RECORDS)
    assert (await status(wijk, id), await ziet(wijk, kind)) == ("INGETROKKEN", False)
