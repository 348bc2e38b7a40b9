"""Who lets a resident, or who represents one, look at the own data: only on a ground that is known, and no longer than it lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import select, update

from wijkwerk.access.betrokkenheid import Betrokkenheid, Bron
from wijkwerk.access.policy import default_lines, load
from wijkwerk.access.policybestand import Weigering
from wijkwerk.bekenden import bekende
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer, VersieVerouderd
from wijkwerk.gebruikers import Aanstelling, Gebruiker
from wijkwerk.gezag import Gezagsoort
from wijkwerk.gezag import leg_vast as leg_gezag_vast
from wijkwerk.inwoners.einde import NAKIJKEN
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.inwoners.toelaten import NAAM, beeindig, gebruiker_voor, laat_toe
from wijkwerk.jobs.draaien import Afloop, Uitslag, draai
from wijkwerk.noodtoegang.openen import Geopend
from wijkwerk.personen import wijzig
from wijkwerk.records.types.datum import Datum
from wijkwerk.relaties import Relatiesoort
from wijkwerk.relaties import leg_vast as leg_relatie_vast
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.dossiers import collega, rij
from wijkwerk.testing.noodtoegang import elders, in_nood
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid, Vertegenwoordiging, blokkeer, leg_vast, oordeel
from wijkwerk.vertegenwoordigingen import beeindig as beeindig_vertegenwoordiging

pytestmark = pytest.mark.anyio
B = Betrokkenheid.tabel()
RECORDS = (Inwonertoegang, Betrokkenheid)
DIGID = Vaststelling.DIGID
VOLWASSEN, VEERTIEN, ELF = Datum(1970, 3, 4), Datum(2012, 5, 6), Datum(2015, 7, 8)


async def account(wijk: Wijk, onderwerp: str) -> UUID:
    """A user of whom nothing is known but a subject of the municipality's broker."""
    return await wijk.schrijf("WIJKTEAM", lambda work: gebruiker_voor(work, "test", onderwerp))


async def laat(wijk: Wijk, persoon: UUID, gebruiker: UUID, vert: UUID | None = None) -> UUID:
    return await wijk.schrijf("WIJKTEAM", lambda work: laat_toe(work, persoon, gebruiker, DIGID, vertegenwoordiging=vert))


async def gezin(wijk: Wijk, geboren: Datum) -> tuple[UUID, UUID, UUID, UUID, UUID]:
    """A child with two parents who hold gezag: the child, mother, father, and the representation of each."""
    kind, moeder, vader = [await wijk.inwoner(naam, geboortedatum=dag) for naam, dag in
                           (("Kind", geboren), ("Moeder", VOLWASSEN), ("Vader", VOLWASSEN))]  # fmt: skip

    def unit(work: Any) -> list[UUID]:
        leg_gezag_vast(work, kind, soort=Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG, van=date(2020, 1, 1))
        for ouder in (moeder, vader):
            leg_relatie_vast(work, kind, ouder, Relatiesoort.OUDER, gezag=True)
        return [
            leg_vast(work, kind, Hoedanigheid.OUDER, "Gezagsregister 12", date(2020, 1, 1), vertegenwoordiger=ouder)
            for ouder in (moeder, vader)
        ]

    van_moeder, van_vader = await wijk.schrijf("WIJKTEAM", unit)
    return kind, moeder, vader, van_moeder, van_vader


async def deuren(wijk: Wijk, bron: UUID) -> list[tuple[Any, ...]]:
    """What this row opens now."""
    rows = await wijk.rows(select(B).where(B.c.bron_id == bron))
    nu = wijk.klok.nu()
    return sorted(
        (row.categorie_code, row.niveau_tot, row.rol, row.partij_id, row.kader_id, row.verantwoordelijke_id, row.tot)
        for row in rows if row.van <= nu and (row.tot is None or row.tot > nu)
    )  # fmt: skip


async def functies(wijk: Wijk, onderwerp: str) -> list[str]:
    moment = wijk.klok.nu()
    async with wijk.wijkwerk.database.snapshot() as snapshot:
        found = await snapshot.run(lambda connection: bekende(connection, "test", onderwerp, moment))
    return [] if found is None else [functie.rol for functie in found.functies]


async def kind_mag(wijk: Wijk, kind: UUID, in_staat: bool = True) -> None:
    await wijk.schrijf("WIJKTEAM", lambda work: oordeel(work, kind, Handeling.INZAGE, in_staat, "Besproken"))


# the resident


async def test_a_resident_is_let_in_to_all_that_the_municipality_has_and_nothing_above_n4_but_the_bsn(wijk: Wijk) -> None:
    persoon = await wijk.inwoner(geboortedatum=VOLWASSEN)
    id = await laat(wijk, persoon, wijk.INWONER)
    assert await deuren(wijk, id) == sorted(
        (code, 7 if code == "BSN" else 4, "INWONER", wijk.INWONER, None, wijk.stad, None)
        for code in ("IDENTITEIT", "CONTACT", "ADRES", "BSN", "PLANNING", "PLAN_EN_DOELEN", "BETROKKENEN", "TOESTEMMINGEN")
    )
    row = await rij(wijk, Inwonertoegang, id)
    assert (row.door_id, row.vaststelling, row.vertegenwoordiging_id, row.tot) == (wijk.WIJKTEAM, DIGID, None, None)
    assert await functies(wijk, "INWONER") == ["INWONER"]


async def test_ending_it_refuses_the_next_request_and_twice_does_no_harm(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    id = await laat(wijk, await wijk.inwoner(geboortedatum=VOLWASSEN), wijk.INWONER)
    await refused(wijk, "WIJKTEAM", VersieVerouderd, lambda work: beeindig(work, id, 7), records=RECORDS)
    await wijk.schrijf("REGISSEUR", lambda work: beeindig(work, id, 1))
    assert (await deuren(wijk, id), await functies(wijk, "INWONER")) == ([], [])
    row = await rij(wijk, Inwonertoegang, id)
    assert (row.beeindigd_door_id, row.tot) == (wijk.REGISSEUR, wijk.klok.nu())
    await wijk.schrijf("WIJKTEAM", lambda work: beeindig(work, id, 2))
    assert (await rij(wijk, Inwonertoegang, id)).beeindigd_door_id == wijk.REGISSEUR


async def test_an_account_of_a_resident_has_no_name_and_is_made_once(wijk_vlug: Wijk) -> None:
    een, twee = await account(wijk_vlug, "sub-1"), await account(wijk_vlug, "sub-1")
    g = Gebruiker.tabel()
    [row] = await wijk_vlug.rows(select(g).where(g.c.onderwerp == "sub-1"))
    assert (een, row.naam, row.email, row.verantwoordelijke_id) == (twee, NAAM, None, wijk_vlug.stad)
    for onderwerp, issuer in (("", "test"), ("x" * 300, "test"), ("a\nb", "test"), ("jobs", "systeem")):
        await refused(
            wijk_vlug, "WIJKTEAM", OngeldigeInvoer, partial(gebruiker_voor, issuer=issuer, onderwerp=onderwerp), records=[Gebruiker]
        )
    await refused(wijk_vlug, "DOCK", GeenRecht, lambda work: gebruiker_voor(work, "test", "sub-2"), records=[Gebruiker])


ROLLEN_ZONDER = ("TEAMLEIDER", "CRISISDIENST", "KLANTMANAGER", "DOCK", "BEHEER", "FG", "INWONER", "VERTEGENWOORDIGER")


async def test_nobody_else_lets_in_and_nobody_oneself(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, vreemd = await wijk.inwoner(geboortedatum=VOLWASSEN), await collega(wijk, "WIJKTEAM", wijk.ander_team)
    for rol in ROLLEN_ZONDER:
        await refused(wijk, rol, GeenRecht, lambda work: laat_toe(work, persoon, wijk.INWONER, DIGID), records=RECORDS)
    ander = wijk.actor("WIJKTEAM", gebruiker=vreemd, team=wijk.ander_team)
    await refused(wijk, ander, NietGevonden, lambda work: laat_toe(work, persoon, wijk.INWONER, DIGID), records=RECORDS)
    await refused(wijk, "WIJKTEAM", NietGevonden, lambda work: laat_toe(work, persoon, wijk.dock, DIGID), records=RECORDS)
    for gebruiker in (wijk.WIJKTEAM, wijk.DOCK, wijk.BEHEER):
        error = await refused(
            wijk, "WIJKTEAM", OngeldigeInvoer, partial(laat_toe, persoon=persoon, gebruiker=gebruiker, vaststelling=DIGID), records=RECORDS
        )
        assert (error.veld, "account" in error.melding) == ("gebruiker", True)


async def test_one_account_is_of_one_resident_and_one_resident_has_one_account(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    een, twee = [await wijk.inwoner(naam, geboortedatum=VOLWASSEN) for naam in ("Een", "Twee")]
    await laat(wijk, een, wijk.INWONER)
    ander = await account(wijk, "ander")
    for persoon, gebruiker in ((twee, wijk.INWONER), (een, ander), (een, wijk.INWONER)):
        await refused(
            wijk, "WIJKTEAM", OngeldigeInvoer, partial(laat_toe, persoon=persoon, gebruiker=gebruiker, vaststelling=DIGID), records=RECORDS
        )


async def test_who_gets_a_job_looks_no_longer_with_that_account(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    await laat(wijk, await wijk.inwoner(geboortedatum=VOLWASSEN), wijk.INWONER)
    put = {"gebruiker_id": wijk.INWONER, "naam": "x", "organisatie_id": wijk.stad, "team_id": wijk.team, "van": date(2026, 1, 1)}
    await wijk.wijkwerk.database.transact(lambda c: wijk.put(c, Aanstelling, rol="WIJKTEAM", **put) and None)
    assert await functies(wijk, "INWONER") == ["WIJKTEAM"]


async def test_whose_token_it_is_costs_two_statements_however_many_are_represented(wijk_vlug: Wijk) -> None:
    wijk, gezien = wijk_vlug, []
    for at in range(3):
        if at:
            kind, *_, van_vader = await gezin(wijk, ELF)
            await laat(wijk, kind, wijk.VERTEGENWOORDIGER, van_vader)
        with count_statements(wijk.wijkwerk.database) as seen:
            rollen = await functies(wijk, "VERTEGENWOORDIGER")
        gezien.append((len(seen), rollen))
        if at:
            break
    assert gezien == [(2, []), (2, ["VERTEGENWOORDIGER"])]


# children and who represents them (domain.md 2.7; acceptance step 15)


async def test_a_child_under_twelve_does_not_look_and_the_parents_do_until_sixteen(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, _, _, van_moeder, van_vader = await gezin(wijk, ELF)
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: laat_toe(work, kind, wijk.INWONER, DIGID), records=RECORDS)
    id = await laat(wijk, kind, wijk.VERTEGENWOORDIGER, van_vader)
    zestien = datetime(2031, 7, 7, 22, tzinfo=UTC)
    assert {(deur[1], deur[2], deur[6]) for deur in await deuren(wijk, id)} == {(4, "VERTEGENWOORDIGER", zestien)}
    assert "BSN" not in {deur[0] for deur in await deuren(wijk, id)}
    await laat(wijk, kind, await account(wijk, "moeder"), van_moeder)
    wijk.klok.moment = zestien
    assert (await deuren(wijk, id), await functies(wijk, "VERTEGENWOORDIGER"), await functies(wijk, "moeder")) == ([], [], [])


async def test_a_child_of_fourteen_looks_after_a_judgement_and_the_father_beside_it(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, _, _, _, van_vader = await gezin(wijk, VEERTIEN)
    for gebruiker, vert in ((wijk.INWONER, None), (wijk.VERTEGENWOORDIGER, van_vader)):
        error = await refused(
            wijk, "WIJKTEAM", OngeldigeInvoer,
            partial(laat_toe, persoon=kind, gebruiker=gebruiker, vaststelling=DIGID, vertegenwoordiging=vert),
            records=RECORDS,
        )  # fmt: skip
        assert "leg uw oordeel vast" in error.melding
    await kind_mag(wijk, kind)
    await laat(wijk, kind, wijk.INWONER)
    id = await laat(wijk, kind, wijk.VERTEGENWOORDIGER, van_vader)
    assert (await rij(wijk, Inwonertoegang, id)).tot == datetime(2028, 5, 5, 22, tzinfo=UTC)
    await kind_mag(wijk, kind, in_staat=False)
    assert (await functies(wijk, "INWONER"), await functies(wijk, "VERTEGENWOORDIGER")) == ([], ["VERTEGENWOORDIGER"])


async def test_a_parent_who_is_blocked_is_never_let_in_and_looks_no_longer_at_once(wijk: Wijk) -> None:
    kind, moeder, vader, van_moeder, van_vader = await gezin(wijk, ELF)
    van_kind = await laat(wijk, kind, wijk.VERTEGENWOORDIGER, van_vader)
    await laat(wijk, kind, await account(wijk, "moeder"), van_moeder)
    await wijk.schrijf("WIJKTEAM", lambda work: blokkeer(work, kind, "Belang van het kind", date(2027, 3, 1), ouder=vader))
    assert (await deuren(wijk, van_kind), await functies(wijk, "VERTEGENWOORDIGER")) == ([], [])
    assert await functies(wijk, "moeder") == ["VERTEGENWOORDIGER"]
    await refused(
        wijk, "WIJKTEAM", OngeldigeInvoer,
        lambda work: laat_toe(work, kind, wijk.VERTEGENWOORDIGER, DIGID, vertegenwoordiging=van_vader), records=RECORDS,
    )  # fmt: skip
    assert moeder != vader


async def test_a_block_by_a_name_that_is_of_nobody_here_ends_what_every_parent_sees(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, _, _, van_moeder, van_vader = await gezin(wijk, ELF)
    await laat(wijk, kind, wijk.VERTEGENWOORDIGER, van_vader)
    await laat(wijk, kind, await account(wijk, "moeder"), van_moeder)
    morgen = date(2027, 3, 2)
    await wijk.schrijf("WIJKTEAM", lambda work: blokkeer(work, kind, "Belang", morgen, naam="J. Jansen"))
    assert [await functies(wijk, sub) for sub in ("VERTEGENWOORDIGER", "moeder")] == [["VERTEGENWOORDIGER"]] * 2
    wijk.klok.moment = datetime(2027, 3, 1, 23, tzinfo=UTC)
    assert [await functies(wijk, sub) for sub in ("VERTEGENWOORDIGER", "moeder")] == [[], []]


async def test_it_ends_with_the_representation(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, _, _, van_moeder, van_vader = await gezin(wijk, ELF)
    eerst = await laat(wijk, kind, wijk.VERTEGENWOORDIGER, van_vader)
    dan = await laat(wijk, kind, await account(wijk, "moeder"), van_moeder)
    await wijk.schrijf("WIJKTEAM", lambda work: beeindig_vertegenwoordiging(work, van_vader, 1, date(2027, 2, 28)))
    await wijk.schrijf("WIJKTEAM", lambda work: beeindig_vertegenwoordiging(work, van_moeder, 1, date(2027, 3, 31)))
    assert await deuren(wijk, eerst) == []
    assert {deur[6] for deur in await deuren(wijk, dan)} == {datetime(2027, 3, 31, 22, tzinfo=UTC)}


async def test_of_whom_nothing_sure_is_recorded_nobody_looks(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, *_, van_vader = await gezin(wijk, ELF)
    vreemd, oud = await wijk.inwoner("Ander", geboortedatum=ELF), await wijk.inwoner("Oud", geboortedatum=VOLWASSEN)
    jaar = await wijk.inwoner("Jaar", geboortedatum=Datum(2015))

    def vertegenwoordigt(persoon: UUID, als: Hoedanigheid) -> Callable[[Any], UUID]:
        return lambda work: leg_vast(work, persoon, als, "Bewijs", date(2020, 1, 1), naam="M. Mentor")

    zonder_gezag = await wijk.schrijf("WIJKTEAM", vertegenwoordigt(vreemd, Hoedanigheid.VOOGD))
    gemachtigd = await wijk.schrijf("WIJKTEAM", vertegenwoordigt(oud, Hoedanigheid.GEMACHTIGDE))
    tries = [(vreemd, van_vader, NietGevonden), (vreemd, zonder_gezag, OngeldigeInvoer), (oud, gemachtigd, OngeldigeInvoer),
             (jaar, None, OngeldigeInvoer), (kind, kind, NietGevonden)]  # fmt: skip
    for persoon, vert, error in tries:
        await refused(
            wijk, "WIJKTEAM", error,
            partial(laat_toe, persoon=persoon, gebruiker=wijk.VERTEGENWOORDIGER, vaststelling=DIGID, vertegenwoordiging=vert),
            records=RECORDS,
        )  # fmt: skip


async def test_an_account_of_a_resident_represents_others_only_as_that_resident(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, _, vader, van_moeder, van_vader = await gezin(wijk, ELF)
    await laat(wijk, vader, wijk.INWONER)
    await refused(
        wijk, "WIJKTEAM", OngeldigeInvoer,
        lambda work: laat_toe(work, kind, wijk.INWONER, DIGID, vertegenwoordiging=van_moeder), records=RECORDS,
    )  # fmt: skip
    await laat(wijk, kind, wijk.INWONER, van_vader)
    assert await functies(wijk, "INWONER") == ["INWONER", "VERTEGENWOORDIGER"]


async def test_the_mentor_of_an_adult_looks_and_the_adult_does_not(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    oud = await wijk.inwoner("Oud", geboortedatum=VOLWASSEN)
    mentor = await wijk.schrijf("WIJKTEAM", lambda w: leg_vast(w, oud, Hoedanigheid.MENTOR, "Beschikking", date(2020, 1, 1), naam="M."))
    id = await laat(wijk, oud, wijk.VERTEGENWOORDIGER, mentor)
    assert (await rij(wijk, Inwonertoegang, id)).tot is None
    await refused(wijk, "WIJKTEAM", OngeldigeInvoer, lambda work: laat_toe(work, oud, wijk.INWONER, DIGID), records=RECORDS)


async def test_every_day_it_is_looked_at_again_whether_there_is_still_a_ground(wijk: Wijk) -> None:
    kind, _, _, van_moeder, van_vader = await gezin(wijk, ELF)
    dood, levend = await wijk.inwoner("Dood", geboortedatum=VOLWASSEN), await wijk.inwoner("Levend", geboortedatum=VOLWASSEN)
    subs = ("moeder", "vader", "dood", "levend")
    for persoon, sub, vert in zip((kind, kind, dood, levend), subs, (van_moeder, van_vader, None, None), strict=True):
        await laat(wijk, persoon, await account(wijk, sub), vert)
    await wijk.schrijf("WIJKTEAM", lambda work: wijzig(work, dood, 1, {"overlijdensdatum": Datum(2027, 2, 27)}))
    v = Vertegenwoordiging.tabel()
    await wijk.change(update(v).where(v.c.id == van_vader).values(tot=date(2027, 2, 1)))
    assert [await functies(wijk, sub) for sub in subs] == [["VERTEGENWOORDIGER"]] * 2 + [["INWONER"]] * 2
    assert await draai(wijk.wijkwerk, NAKIJKEN, wijk.gemeente, "2027-03-01") == Uitslag(Afloop.KLAAR, 3)
    assert [await functies(wijk, sub) for sub in subs] == [["VERTEGENWOORDIGER"], [], [], ["INWONER"]]


async def test_who_judges_a_break_glass_is_not_asked_whether_the_resident_still_may_look(wijk: Wijk) -> None:
    """No team works with the resident any more; the one that judges sees the break-glass and nothing else."""
    persoon = await wijk.inwoner("Djibet", voornamen="Rachid", geboortedatum=Datum(1951, 4, 2))
    id = await laat(wijk, persoon, await account(wijk, "zelf"))
    await wijk.change(update(B).where(B.c.persoon_id == persoon, B.c.bron == Bron.AANMELDING).values(tot=wijk.klok.nu()))
    await collega(wijk, "TEAMLEIDER", wijk.ander_team)
    assert isinstance(await in_nood(wijk, elders(wijk)), Geopend)
    assert await draai(wijk.wijkwerk, NAKIJKEN, wijk.gemeente, "2027-03-01") == Uitslag(Afloop.KLAAR, 1)
    assert ((await rij(wijk, Inwonertoegang, id)).tot, await functies(wijk, "zelf")) == (None, ["INWONER"])


async def test_two_who_give_one_account_to_two_residents_at_the_same_time_give_it_to_one(wijk: Wijk) -> None:
    een, twee = [await wijk.inwoner(naam, geboortedatum=VOLWASSEN) for naam in ("Een", "Twee")]
    actors = [wijk.actor(rol) for rol in ("WIJKTEAM", "REGISSEUR")]
    gelukt: list[UUID] = []

    async def probeer(actor: Any, persoon: UUID) -> None:
        def unit(work: Any) -> UUID:
            return laat_toe(work, persoon, gebruiker_voor(work, "test", "samen"), DIGID)

        with suppress(OngeldigeInvoer):
            gelukt.append(await wijk.schrijf(actor, unit))

    async with anyio.create_task_group() as group:
        for actor, persoon in zip(actors, (een, twee), strict=True):
            group.start_soon(probeer, actor, persoon)
    rijen = await wijk.rows(select(Inwonertoegang.tabel().c.id))
    assert [row.id for row in rijen] == gelukt
    assert len(gelukt) == 1


async def test_a_policy_that_hides_which_parent_is_blocked_lets_nobody_in(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    kind, moeder, _, van_moeder, _ = await gezin(wijk, ELF)
    await wijk.schrijf("WIJKTEAM", lambda work: blokkeer(work, kind, "Onveilig", date(2027, 1, 1), ouder=moeder))
    core = wijk.wijkwerk
    core.toewijzer.policy = load(
        [*default_lines(core.catalogue.permissions.values()), Weigering("WIJKTEAM", "Ouderblokkade.ouder_id")], core.catalogue
    )
    await refused(
        wijk, "WIJKTEAM", OngeldigeInvoer,
        lambda work: laat_toe(work, kind, wijk.VERTEGENWOORDIGER, DIGID, vertegenwoordiging=van_moeder), records=RECORDS,
    )  # fmt: skip


async def test_who_is_let_in_while_the_ground_ends_is_not_let_in_for_longer(wijk: Wijk) -> None:
    for keer in range(3):
        kind, _, _, van_moeder, _ = await gezin(wijk, ELF)
        gebruiker = await account(wijk, f"ouder-{keer}")
        done = await asyncio.gather(
            laat(wijk, kind, gebruiker, van_moeder),
            wijk.schrijf("WIJKTEAM", partial(beeindig_vertegenwoordiging, id=van_moeder, versie=1, tot=date(2027, 2, 1))),
            return_exceptions=True,
        )
        assert not isinstance(done[1], BaseException)
        i = Inwonertoegang.tabel()
        for row in await wijk.rows(select(i).where(i.c.gebruiker_id == gebruiker)):
            assert row.tot is not None
            assert row.tot <= wijk.klok.nu()
            assert await deuren(wijk, row.id) == []
