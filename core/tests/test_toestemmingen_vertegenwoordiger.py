"""Who represents a resident withdraws what they may give that day, by the own view and with the same effects (domain.md 2.4, 2.7)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from wijkwerk.aanmeldingen.aanmelding import Aanmelding
from wijkwerk.access.betrokkenheid import Betrokkenheid
from wijkwerk.access.purposes import Instemming
from wijkwerk.dossiers.dossier import Statusreden
from wijkwerk.dossiers.openen import open_dossier
from wijkwerk.dossiers.status import sluit
from wijkwerk.errors import NietGevonden
from wijkwerk.gebruikers import Gebruiker
from wijkwerk.gezag import Gezag, Gezagsoort
from wijkwerk.gezag import leg_vast as leg_gezag_vast
from wijkwerk.inwoners.inwonertoegang import Vaststelling
from wijkwerk.inwoners.toelaten import beeindig, laat_toe
from wijkwerk.personen import Persoon
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.records.declare import Record
from wijkwerk.records.history import Wijziging
from wijkwerk.records.read import Reader
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.relaties import leg_vast as leg_relatie_vast
from wijkwerk.testing.dossiers import rij
from wijkwerk.testing.weigering import refused, rows_of
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.deuren import Ontvanger
from wijkwerk.toestemmingen.geven import leg_vast
from wijkwerk.toestemmingen.intrekken import trek_in, trek_zelf_in
from wijkwerk.toestemmingen.toestemming import Gever, Toestemming, Toestemmingstatus, Wijze
from wijkwerk.toestemmingen.wie import BETROKKENE, Gevende, GeverMagNiet
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Vertegenwoordiging, oordeel
from wijkwerk.vertegenwoordigingen import leg_vast as leg_vertegenwoordiging_vast

pytestmark = pytest.mark.anyio
VERT = "VERTEGENWOORDIGER"
VANAF = date(2020, 1, 1)
VOLWASSEN, VEERTIEN, ELF = Datum(1956, 11, 2), Datum(2012, 5, 6), Datum(2016, 7, 8)
VERANDERT: tuple[type[Record], ...] = (Toestemming, Betrokkenheid, Notificatie, Wijziging, Gebruiker)


async def let_in(wijk: Wijk, persoon: UUID, vertegenwoordiging: UUID) -> UUID:
    let = partial(
        laat_toe, persoon=persoon, gebruiker=wijk.VERTEGENWOORDIGER, vaststelling=Vaststelling.DIGID, vertegenwoordiging=vertegenwoordiging
    )
    return await wijk.schrijf("WIJKTEAM", let)


async def give(wijk: Wijk, dossier: UUID, persoon: UUID, *gevers: Gevende) -> UUID:
    """A consent for the care organisation."""
    unit = partial(
        leg_vast, dossier=dossier, persoon=persoon, ontvangers=[Ontvanger(wijk.zorg)], doel="ZORG_UITWISSELING", categorieen=["IDENTITEIT"],
        wijze=Wijze.SCHRIFTELIJK, tekst_versie="v1", gevers=gevers or (BETROKKENE,),
    )  # fmt: skip
    return await wijk.schrijf("WIJKTEAM", unit)


async def judge(wijk: Wijk, kind: UUID, handeling: Handeling, in_staat: bool) -> None:
    await wijk.schrijf("WIJKTEAM", partial(oordeel, persoon=kind, handeling=handeling, in_staat=in_staat, motivering="Gesproken"))


async def vertegenwoordigd(wijk: Wijk, geboren: Datum, hoedanigheid: Hoedanigheid) -> tuple[UUID, UUID, UUID, list[Gevende]]:
    """A case about somebody and who represents them, of a child both parents: case, resident, representation of the first, who give."""
    kind = hoedanigheid is Hoedanigheid.OUDER
    persoon, *wie = [await wijk.inwoner(f"Persoon{at}", geboortedatum=VOLWASSEN if at else geboren) for at in range(3 if kind else 2)]

    def unit(work: Any) -> UUID:
        if kind:
            leg_gezag_vast(work, persoon, soort=Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG, van=VANAF)
            for ouder in wie:
                leg_relatie_vast(work, persoon, ouder, Relatiesoort.OUDER, gezag=True)
        return leg_vertegenwoordiging_vast(work, persoon, hoedanigheid, "Beschikking 1", VANAF, vertegenwoordiger=wie[0])

    vert = await wijk.schrijf("WIJKTEAM", unit)
    gevers = [Gevende(Gever.WETTELIJK_VERTEGENWOORDIGER, each) for each in wie]
    a = Aanmelding.tabel()
    meldingen = [row.id for row in await wijk.rows(select(a.c.id).where(a.c.persoon_id.in_([persoon, *wie])))]
    case = partial(open_dossier, personen=[persoon, *wie], aanmeldingen=meldingen, regisseur=wijk.REGISSEUR)
    return await wijk.schrijf("WIJKTEAM", case), persoon, vert, gevers


async def tiener(wijk: Wijk) -> tuple[UUID, UUID, UUID, UUID]:
    """A child of fourteen who may look and gave a consent, and whose mother looks too: case, child, her access, the consent."""
    dossier, kind, vert, _ = await vertegenwoordigd(wijk, VEERTIEN, Hoedanigheid.OUDER)
    for handeling in (Handeling.INZAGE, Handeling.WMO_VERSTREKKING):
        await judge(wijk, kind, handeling, True)
    return dossier, kind, await let_in(wijk, kind, vert), await give(wijk, dossier, kind)


@pytest.mark.parametrize(("geboren", "als"), [(ELF, Hoedanigheid.OUDER), (VOLWASSEN, Hoedanigheid.MENTOR)], ids=["one parent", "mentor"])
async def test_a_representative_withdraws_with_the_effects_of_a_professional_and_no_other(
    wijk: Wijk, geboren: Datum, als: Hoedanigheid
) -> None:
    rest = [record for record in wijk.wijkwerk.catalogue.records if record not in VERANDERT]
    after = []
    for zelf in (False, True):
        dossier, persoon, vert, gevers = await vertegenwoordigd(wijk, geboren, als)
        ids = [await give(wijk, each, persoon, *gevers) for each in (dossier, await wijk.dossier(persoon))]
        if zelf:
            await let_in(wijk, persoon, vert)
        before, told = await rows_of(wijk, rest), len(await rows_of(wijk, [Notificatie]))
        for _ in range(2):
            unit = partial(trek_zelf_in, toestemming=ids[0]) if zelf else partial(trek_in, toestemming=ids[0], wijze=Wijze.DIGITAAL)
            assert await wijk.schrijf(VERT if zelf else "WIJKTEAM", unit) == ids[0]
        assert await rows_of(wijk, rest) == before
        rows = [await rij(wijk, Toestemming, id) for id in ids]
        assert {row.ingetrokken_door_id for row in rows} == {wijk.VERTEGENWOORDIGER if zelf else wijk.WIJKTEAM}
        seen = await wijk.lees("ZORG", partial(Reader.one, record=Persoon, velden=(), id=persoon))
        notices = [(n.partij_id, n.soort) for n in (await rows_of(wijk, [Notificatie]))[told:]]
        after.append(([(row.status, row.ingetrokken_wijze, row.versie) for row in rows], seen, notices))
    assert after[0] == after[1]
    assert after[0] == (
        [(Toestemmingstatus.INGETROKKEN, Wijze.DIGITAAL, 2)] * 2, None, [(wijk.ZORG, "TOESTEMMING_INGETROKKEN")] * 2,
    )  # fmt: skip
    logged = [each for each in await wijk.log() if each["gebruiker"] == wijk.VERTEGENWOORDIGER.hex]
    assert [(each["resultaat"], each["activiteit"], len(each["betrokkenen"])) for each in logged] == [
        ("GESLAAGD", "VERTEGENWOORDIGING", 1)
    ] * 2


async def test_what_the_child_gives_or_nobody_knows_who_gives_is_not_the_parents_to_withdraw(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    _, kind, _, id = await tiener(wijk)
    unit, g, r = partial(trek_zelf_in, toestemming=id), Gezag.tabel(), Relatie.tabel()
    told = {(await refused(wijk, VERT, GeverMagNiet, unit, records=VERANDERT)).melding}
    last = (await wijk.log())[-1]
    assert (last["gebruiker"], last["resultaat"], last["code"]) == (wijk.VERTEGENWOORDIGER.hex, "GEWEIGERD", "GEVER_MAG_NIET")
    await judge(wijk, kind, Handeling.WMO_VERSTREKKING, False)
    for was, anders in ((update(g).values(in_onderzoek=True), update(g).values(in_onderzoek=False)),
                        (update(r).values(gezag=False), update(r).values(gezag=True))):  # fmt: skip
        await wijk.change(was)
        told.add((await refused(wijk, VERT, GeverMagNiet, unit, records=VERANDERT)).melding)
        await wijk.change(anders)
    assert told == {"U kunt deze toestemming niet zelf intrekken. Vraag het aan het wijkteam."}
    assert await wijk.schrijf(VERT, unit) == id
    assert (await rij(wijk, Toestemming, id)).status is Toestemmingstatus.INGETROKKEN
    await judge(wijk, kind, Handeling.WMO_VERSTREKKING, True)
    await refused(wijk, VERT, GeverMagNiet, unit, records=VERANDERT)


async def test_who_represents_no_longer_withdraws_nothing_while_another_does_and_the_door_still_stands(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    dossier, persoon, vert, gevers = await vertegenwoordigd(wijk, VOLWASSEN, Hoedanigheid.MENTOR)
    id, v = await give(wijk, dossier, persoon, *gevers), Vertegenwoordiging.tabel()
    await let_in(wijk, persoon, vert)
    tweede = partial(leg_vertegenwoordiging_vast, persoon=persoon, hoedanigheid=Hoedanigheid.MENTOR, bewijs="Beschikking 2", van=VANAF)
    await wijk.schrijf("WIJKTEAM", partial(tweede, naam="M. Mentor"))
    await wijk.change(update(v).where(v.c.id == vert).values(tot=VANAF))
    await refused(wijk, VERT, GeverMagNiet, partial(trek_zelf_in, toestemming=id), records=VERANDERT)
    await wijk.change(update(v).where(v.c.id == vert).values(tot=None))
    assert await wijk.schrijf(VERT, partial(trek_zelf_in, toestemming=id)) == id


async def test_with_it_goes_only_what_the_representative_may_give_too(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    dossier, kind, _, van_kind = await tiener(wijk)
    van_ouders, t = await give(wijk, dossier, kind), Toestemming.tabel()
    await wijk.change(update(t).where(t.c.id == van_ouders).values(soort=Instemming.AVG_TOESTEMMING))
    await wijk.schrijf(VERT, partial(trek_zelf_in, toestemming=van_ouders))
    status = [(await rij(wijk, Toestemming, id)).status for id in (van_ouders, van_kind)]
    assert status == [Toestemmingstatus.INGETROKKEN, Toestemmingstatus.GEGEVEN]
    assert await wijk.lees("ZORG", lambda r: r.one(Persoon, (), kind)) is not None


async def test_out_of_the_own_view_there_is_nothing_to_withdraw_and_of_a_closed_case_it_is_not_known(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    dossier, persoon, vert, gevers = await vertegenwoordigd(wijk, VOLWASSEN, Hoedanigheid.MENTOR)
    id, vreemd = await give(wijk, dossier, persoon, *gevers), await wijk.inwoner("Jansen", geboortedatum=VOLWASSEN)
    ander = await give(wijk, await wijk.dossier(vreemd), vreemd)
    await refused(wijk, VERT, NietGevonden, partial(trek_zelf_in, toestemming=id), records=VERANDERT)
    toegang = await let_in(wijk, persoon, vert)
    await refused(wijk, VERT, NietGevonden, partial(trek_zelf_in, toestemming=ander), records=VERANDERT)
    als_inwoner = wijk.actor("INWONER", gebruiker=wijk.VERTEGENWOORDIGER)
    await refused(wijk, als_inwoner, NietGevonden, partial(trek_zelf_in, toestemming=id), records=VERANDERT)
    await wijk.schrijf("WIJKTEAM", lambda w: sluit(w, dossier, 1, Statusreden.AFGEROND))
    await refused(wijk, VERT, GeverMagNiet, partial(trek_zelf_in, toestemming=id), records=VERANDERT)
    await wijk.dossier(persoon, *(each.persoon for each in gevers if each.persoon is not None))
    await wijk.schrijf(VERT, partial(trek_zelf_in, toestemming=id))
    [row] = await wijk.rows(select(Toestemming.tabel()).where(Toestemming.tabel().c.id == id))
    assert row.status is Toestemmingstatus.INGETROKKEN
    await wijk.schrijf("WIJKTEAM", lambda w: beeindig(w, toegang, 1))
    await refused(wijk, VERT, NietGevonden, partial(trek_zelf_in, toestemming=id), records=VERANDERT)
