"""Giving a consent: only where the ground asks for it, specific, bounded, free and proven, and what it then opens (domain.md 2.3)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag, Instemming
from wijkwerk.access.register import CONTACT, IDENTITEIT
from wijkwerk.betrokkenheden import herzie_deuren
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, WijkwerkError
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.notities.notitie import Notitiesoort, Notitieversie
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.personen import Persoon
from wijkwerk.records.types.datum import Datum
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger, deuren_van
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.nodig import ToestemmingNietNodig
from wijkwerk.toestemmingen.toestemming import Richting, Toestemming, Wijze

pytestmark = pytest.mark.anyio
ZORG: dict[str, Any] = {"doel": "ZORG_UITWISSELING", "categorieen": ["IDENTITEIT", "CONTACTVERSLAGEN"], "wijze": Wijze.SCHRIFTELIJK}
VANDAAG = date(2027, 3, 1)


TUIN = Doel(
    "TUINFEEST", "Foto's van het feest", Domein.BUURT,
    Grondslag("FOTO", "Uw foto komt alleen in de krant als u dat goed vindt.", "6(1)(a)", instemming=Instemming.AVG_TOESTEMMING),
    (IDENTITEIT, CONTACT),
)  # fmt: skip
MANTEL = Categorie(
    "VERKLARING", "Dat u voor iemand zorgt", domein=Domein.WMO, doelen=("WMO_ONDERZOEK",),
    met_instemming=(("PW_UITVOERING", Instemming.SCHRIFTELIJK_GEEN_BEZWAAR), ("TUINFEEST", Instemming.UITDRUKKELIJKE_TOESTEMMING)),
)  # fmt: skip
"""Gathered for the Wmo; for the Participatiewet only when the resident has no objection (domain.md 2.5)."""


@pytest.fixture
def plugins() -> list[Any]:
    """A purpose that rests on consent under the AVG, and something of one act that another may get with consent."""
    declared = Declaraties(doelen=(TUIN,), categorieen=(MANTEL,), activiteiten=(Activiteit("FEEST", "Feesten", (TUIN,), ("GROEPSHOST",)),))
    info = PluginInfo("feest", "Feesten.", "0.1.0")
    return [
        SimpleNamespace(__name__="wijkwerk_feest", plugin_info=hookimpl(lambda: info), declaraties=hookimpl(lambda: declared)),
    ]


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def case(wijk: Wijk, naam: str = "Moulin") -> tuple[UUID, UUID]:
    persoon = await wijk.inwoner(naam, roepnaam="Suus", geboortedatum=Datum(1956, 11, 2), contact=["0612345678"])
    return persoon, await wijk.dossier(persoon)


async def give(wijk: Wijk, persoon: UUID, dossier: UUID, *, rol: Any = "WIJKTEAM", **changes: Any) -> UUID:
    naar = Ontvanger(changes.pop("ontvanger", wijk.zorg), changes.pop("ontvangerrol", None))
    given = ZORG | {"ontvangers": [naar], "tekst_versie": "v1", "geldig_tot": date(2027, 12, 31)}
    given |= changes
    return await wijk.schrijf(rol, lambda w: leg_vast(w, dossier, persoon, **given))


async def reach(wijk: Wijk, rol: str, persoon: UUID) -> list[str]:
    return [row.waarde for row in await wijk.lees(rol, lambda r: r.by_key(Contactgegeven, ("waarde",), "persoon_id", [persoon]))]


async def opened(wijk: Wijk) -> int:
    b = Betrokkenheid.tabel()
    rows = await wijk.rows(select(b.c.id).where(b.c.bron == Bron.TOESTEMMING))
    return len(rows) + len(await wijk.rows(select(Toestemming.tabel().c.id)))


async def test_a_consent_opens_its_categories_of_its_case_to_its_recipient(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    elders = await wijk.dossier(persoon)
    for kader, tekst, deelbaar in ((dossier, "deelbaar", True), (dossier, "intern", False), (elders, "ander dossier", True)):
        await wijk.schrijf(
            "WIJKTEAM",
            partial(schrijf, dossier=kader, persoon=persoon, soort=Notitiesoort.CONTACTVERSLAG, inhoud=verteld(tekst), deelbaar=deelbaar),
        )
    assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), persoon)) is None
    await give(wijk, persoon, dossier)
    row: Any = await wijk.lees("ZORG", lambda r: r.one(Persoon, ("roepnaam", "straat"), persoon))
    assert (row.roepnaam, row.straat, row.beperkt, await reach(wijk, "ZORG", persoon)) == ("Suus", None, True, [])
    notes = await wijk.lees("ZORG", lambda r: r.page(Notitieversie, ("tekst",), first=10))
    assert [note.tekst for note in notes.rows] == ["deelbaar"]
    assert await wijk.lees("DOCK", lambda r: r.count(Persoon)) == 0


async def test_no_consent_is_asked_where_the_ground_needs_none(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    for doel in ("WMO_ONDERZOEK", "PW_UITVOERING", "WMO_ALG_VOORZIENING"):
        with pytest.raises(ToestemmingNietNodig) as refused:
            await give(wijk, persoon, dossier, doel=doel, categorieen=["IDENTITEIT"])
        assert refused.value.code == "TOESTEMMING_NIET_NODIG"
        assert wijk.wijkwerk.catalogue.doelen[doel].grondslag.uitleg in refused.value.melding
    assert await opened(wijk) == 0


ONBEGRENSD: list[dict[str, Any]] = [
    {"doel": "BESTAAT_NIET"}, {"categorieen": []}, {"categorieen": ["FINANCIEN"]}, {"categorieen": ["IDENTITEIT", "BSN"]},
    {"categorieen": ["alles"]}, {"geldig_tot": VANDAAG - timedelta(days=1)}, {"geldig_tot": date(2028, 3, 2)},
    {"doel": "PW_DERDEN", "categorieen": ["IDENTITEIT"], "wijze": Wijze.MONDELING}, {"tekst_versie": ""}, {"tekst_versie": "x" * 61},
]  # fmt: skip


async def test_a_consent_that_is_not_specific_bounded_or_proven_is_refused(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    for changes in ONBEGRENSD:
        with pytest.raises(OngeldigeInvoer):
            await give(wijk, persoon, dossier, **changes)
    assert await opened(wijk) == 0


@pytest.mark.parametrize(
    ("geldig_tot", "melding"), [(VANDAAG - timedelta(days=1), "Kies een datum vanaf vandaag"), (date(2028, 3, 2), "Kies een eerdere datum")]
)
async def test_the_refusal_says_which_date_can_be(wijk: Wijk, geldig_tot: date, melding: str) -> None:
    persoon, dossier = await case(wijk)
    with pytest.raises(OngeldigeInvoer, match=melding):
        await give(wijk, persoon, dossier, geldig_tot=geldig_tot)
    assert await opened(wijk) == 0


@pytest.mark.parametrize("geldig_tot", [VANDAAG, date(2028, 3, 1)], ids=["vandaag", "een jaar"])
async def test_a_consent_holds_from_today_and_for_a_year_at_most(wijk: Wijk, geldig_tot: date) -> None:
    persoon, dossier = await case(wijk)
    await give(wijk, persoon, dossier, geldig_tot=geldig_tot)
    assert await opened(wijk) == 3


@pytest.mark.parametrize("wijze", [Wijze.SCHRIFTELIJK, Wijze.DIGITAAL])
async def test_no_objection_in_writing_opens_to_a_peer_coach_up_to_n3(wijk: Wijk, wijze: Wijze) -> None:
    persoon, dossier = await case(wijk)
    await give(wijk, persoon, dossier, doel="PW_DERDEN", categorieen=["IDENTITEIT", "CONTACT"], wijze=wijze, ontvanger=wijk.bewoners)
    row: Any = await wijk.lees("PEERCOACH", lambda r: r.one(Persoon, ("roepnaam", "geboortedatum", "bsn"), persoon))
    assert (row.roepnaam, row.geboortedatum, row.bsn) == ("Suus", None, None)
    assert await reach(wijk, "PEERCOACH", persoon) == ["+31612345678"]


async def test_who_may_not_or_can_not_reach_records_no_consent(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    ander, _ = await case(wijk, "Jansen")
    tries: list[tuple[Any, UUID, UUID, UUID, type[WijkwerkError]]] = [
        ("TEAMLEIDER", persoon, dossier, wijk.zorg, GeenRecht), ("ZORG", persoon, dossier, wijk.zorg, GeenRecht),
        (wijk.actor("WIJKTEAM", team=wijk.ander_team), persoon, dossier, wijk.zorg, NietGevonden),
        ("WIJKTEAM", ander, dossier, wijk.zorg, NietGevonden), ("WIJKTEAM", persoon, nieuw_id(), wijk.zorg, NietGevonden),
        ("WIJKTEAM", persoon, dossier, nieuw_id(), NietGevonden),
    ]  # fmt: skip
    for rol, wie, kader, ontvanger, error in tries:
        with pytest.raises(error):
            await give(wijk, wie, kader, rol=rol, ontvanger=ontvanger)
    assert await opened(wijk) == 0


async def test_a_consent_ends_by_itself_at_midnight_in_amsterdam(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    await give(wijk, persoon, dossier, geldig_tot=VANDAAG)
    seen = []
    for hour, minute in ((22, 59), (23, 0)):
        wijk.klok.moment = wijk.klok.moment.replace(hour=hour, minute=minute, second=0, microsecond=0)
        seen.append(await wijk.lees("ZORG", lambda r: r.count(Persoon)))
    assert seen == [1, 0]


GENOEMD: list[tuple[dict[str, Any], str]] = [
    ({"wijze": Wijze.MONDELING}, "bewijs"), ({"wijze": Wijze.MONDELING, "bewijs": " "}, "bewijs"), ({"ontvangers": []}, "ontvangers"),
    ({"ontvanger": "stad"}, "ontvangers"), ({"ontvanger": "stad", "ontvangerrol": "ZORG"}, "ontvangers"),
    ({"ontvangerrol": "DOCK"}, "ontvangers"), ({"ontvangerrol": "TOEGANG"}, "ontvangers"), ({"ontvangerrol": "x"}, "ontvangers"),
    ({"taal": "ar"}, "tekst_versie"), ({"doel": "TUINFEEST", "categorieen": ["CONTACT"]}, "vrijwillig"),
    ({"doel": "TUINFEEST", "categorieen": ["CONTACT"], "vrijwillig": False, "vrijwillig_omdat": "Feest"}, "vrijwillig"),
    ({"doel": "TUINFEEST", "categorieen": ["CONTACT"], "vrijwillig": True}, "vrijwillig_omdat"),
    ({"doel": "TUINFEEST", "categorieen": ["CONTACT", "VERKLARING"], "vrijwillig": True, "vrijwillig_omdat": "x"}, "categorieen"),
    ({"doel": "PW_UITVOERING", "categorieen": ["IDENTITEIT", "VERKLARING"]}, "categorieen"),
    ({"doel": "PW_UITVOERING", "categorieen": ["VERKLARING"], "ontvanger": "stad"}, "ontvangers"),
    ({"doel": "PW_UITVOERING", "categorieen": ["VERKLARING"], "ontvanger": "stad", "ontvangerrol": "WIJKTEAM"}, "ontvangers"),
]  # fmt: skip


async def test_what_makes_a_consent_specific_free_and_proven_is_asked_by_name(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    for changes, veld in GENOEMD:
        given = changes | ({"ontvanger": wijk.ids[changes["ontvanger"]]} if "ontvanger" in changes else {})
        with pytest.raises(OngeldigeInvoer) as error:
            await give(wijk, persoon, dossier, **given)
        assert error.value.veld == veld, changes
    assert await opened(wijk) == 0


async def test_a_free_consent_a_spoken_one_and_data_that_only_come_in(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    vrij = {"doel": "TUINFEEST", "categorieen": ["CONTACT"], "ontvanger": wijk.bewoners, "ontvangerrol": "GROEPSHOST"}
    await give(wijk, persoon, dossier, vrijwillig=True, vrijwillig_omdat="Niemand hoeft op de foto", **vrij)
    await give(wijk, persoon, dossier, wijze=Wijze.MONDELING, bewijs="1 maart, thuis, met Jan", richting=Richting.ONTVANGEN)
    b = Betrokkenheid.tabel()
    [row] = await wijk.rows(select(b).where(b.c.bron == Bron.TOESTEMMING))
    assert (row.partij_id, row.rol, row.categorie_code, row.niveau_tot, row.tot.isoformat()) == (
        wijk.bewoners, "GROEPSHOST", "CONTACT", 5, "2027-12-31T23:00:00+00:00",
    )  # fmt: skip
    assert await wijk.lees("ZORG", lambda r: r.count(Persoon)) == 0
    found: Any = await wijk.lees("WIJKTEAM", lambda r: r.by_key(Toestemming, ("bewijs", "vrijwillig_omdat"), "persoon_id", [persoon]))
    assert {(row.bewijs, row.vrijwillig_omdat) for row in found} == {("1 maart, thuis, met Jan", None), (None, "Niemand hoeft op de foto")}


async def test_what_crosses_between_acts_is_for_one_role_within_the_municipality(wijk: Wijk) -> None:
    persoon, dossier = await case(wijk)
    kruist = {"doel": "PW_UITVOERING", "categorieen": ["VERKLARING"], "ontvanger": wijk.stad, "ontvangerrol": "KLANTMANAGER"}
    id = await give(wijk, persoon, dossier, **kruist)
    b = Betrokkenheid.tabel()
    [row] = await wijk.rows(select(b).where(b.c.bron_id == id))
    assert (row.partij_id, row.rol, row.categorie_code, row.toestemming_id) == (wijk.stad, "KLANTMANAGER", "VERKLARING", id)
    before = await wijk.rows(select(b).order_by(b.c.id))
    await wijk.schrijf("REGISSEUR", lambda w: herzie_deuren(w, Bron.TOESTEMMING, id, deuren_van(w, w.get(Toestemming, id))))
    assert await wijk.rows(select(b).order_by(b.c.id)) == before
