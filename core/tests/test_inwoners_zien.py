"""What a resident sees of the own file, field by field, and what never: written out apart from the code (domain.md 2.7, 3.5, 9.6).

A field that anybody adds to one of these records fails here until it is decided whether the resident sees it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.access.actor import Functie
from wijkwerk.access.betrokkenheid import Betrokkenheid, Partijsoort
from wijkwerk.access.levels import N4
from wijkwerk.afspraken.afspraak import Afspraak, Afspraaksoort
from wijkwerk.app import Wijkwerk
from wijkwerk.betrokkenheden import Partij
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier, Dossierlid, Dossierstap
from wijkwerk.errors import GeenRecht, NietGevonden
from wijkwerk.geheimhouding import zet_geheimhouding
from wijkwerk.inwoners.inwonertoegang import Inwonertoegang, Vaststelling
from wijkwerk.inwoners.toelaten import laat_toe
from wijkwerk.inzage.naamverzoek import Naamverzoek
from wijkwerk.noodtoegang.noodtoegang import Noodreden, Noodtoegang
from wijkwerk.notities.notitie import Notitie
from wijkwerk.notities.verklaring import EigenVerklaring, verklaar_zelf
from wijkwerk.partners.koppelen import koppel
from wijkwerk.partners.koppeling import Koppeling
from wijkwerk.partners.verwijzing import Verwijzing, Verwijzingstatus
from wijkwerk.personen import Persoon, wijzig
from wijkwerk.records.declare import Record
from wijkwerk.records.read import Reader
from wijkwerk.records.types.bsn import Bsn
from wijkwerk.records.types.datum import Datum
from wijkwerk.records.types.postcode import Postcode
from wijkwerk.relaties import Relatie, Relatiesoort
from wijkwerk.relaties import leg_vast as leg_relatie_vast
from wijkwerk.settings import Settings
from wijkwerk.taken.taak import Taak
from wijkwerk.testing.weigering import refused
from wijkwerk.testing.wijk import Wijk
from wijkwerk.toestemmingen.toestemming import Toestemming, Toestemminggever, Toestemmingsontvanger
from wijkwerk.vertegenwoordigingen import Hoedanigheid, leg_vast

pytestmark = pytest.mark.anyio
ZIET: dict[type[Record], set[str]] = {
    Persoon: {
        "versie", "roepnaam", "voornamen", "voorvoegsel", "geslachtsnaam", "aanduiding_naamgebruik", "partner_voorvoegsel",
        "partner_geslachtsnaam", "adellijke_titel_predicaat", "geslacht", "geboortedatum", "overlijdensdatum", "aanspreekvoorkeur",
        "straat", "huisnummer", "huisletter", "huisnummertoevoeging", "aanduiding_bij_huisnummer", "functie_adres",
        "adresseerbaar_object_identificatie", "nummeraanduiding_identificatie", "postcode", "woonplaats", "gebied_id", "gebied_gekozen",
        "bsn", "geheim",
    },
    Contactgegeven: {"versie", "persoon_id", "soort", "waarde", "voorkeur", "veilig_te_gebruiken"},
    Dossier: {"versie", "persoon_id", "team_id", "domein", "status", "geopend", "gesloten"},
    Dossierlid: {"versie", "persoon_id", "dossier_id", "van", "tot"},
    Afspraak: {
        "versie", "persoon_id", "kader_id", "soort", "begin", "einde", "plaats", "status", "status_op", "afgezegd_door", "bericht_id",
    },
    Koppeling: {
        "versie", "persoon_id", "dossier_id", "organisatie_id", "partijsoort", "rol", "doel", "categorieen", "niveau_tot", "van", "tot",
    },
    Verwijzing: {
        "versie", "persoon_id", "dossier_id", "organisatie_id", "rol", "doel", "categorieen", "niveau_tot", "status", "tot",
        "aangeboden_op", "besloten_op", "beeindigd_op", "eindreden",
    },
    Toestemming: {
        "versie", "persoon_id", "dossier_id", "soort", "doel", "categorieen", "richting", "tekst_id", "wijze", "vrijwillig", "status",
        "gevraagd_op", "gegeven_op", "geldig_tot", "geweigerd_op", "ingetrokken_op", "ingetrokken_wijze", "intrekreden",
    },
    Toestemmingsontvanger: {"versie", "persoon_id", "dossier_id", "toestemming_id", "organisatie_id", "rol"},
    Toestemminggever: {"versie", "persoon_id", "dossier_id", "toestemming_id", "gever_id", "hoedanigheid", "op"},
    Noodtoegang: {
        "versie", "persoon_id", "organisatie_id", "rol", "reden", "dossier_id", "van", "tot", "beoordelen_voor", "beoordeeld", "oordeel",
        "beoordeeld_op", "gemeld_aan_fg_op",
    },
    Inwonertoegang: {"versie", "persoon_id", "vertegenwoordiging_id", "vaststelling", "van", "tot"},
    EigenVerklaring: {"versie", "persoon_id", "dossier_id", "tekst", "geschreven"},
}  # fmt: skip
"""What a resident sees, of each record that a resident sees at all. `gever_id` and the like only of residents in reach: nobody else."""

NIET_VOOR_VERTEGENWOORDIGER = {Noodtoegang, Verwijzing, Inwonertoegang, EigenVerklaring}
"""Why somebody looked in an emergency can be about who represents; referrals are told to the resident, and the own words are theirs."""


def zichtbaar(wijk: Wijk, record: type[Any], rol: str) -> set[str]:
    """The columns that this role sees of a row that its doors open, by what is declared: level of the category's door, and rights."""
    rechten = wijk.wijkwerk.toewijzer.policy.of([rol])
    deur = {code: 7 if code == "BSN" else 4 for code in wijk.wijkwerk.catalogue.matrix["INZAGE"]}
    return {
        name for name, veld in record.velden.items()
        if veld.level is not None and veld.shown and deur.get(veld.categorie.code if veld.categorie else "", 0) >= veld.level
        and (veld.requires is None or veld.requires.naam in rechten)
    }  # fmt: skip


def test_a_resident_reads_these_records_and_no_other(tmp_path: Path) -> None:
    wijkwerk = Wijkwerk(Settings(map=tmp_path), [])
    for rol, verwacht in (("INWONER", set(ZIET)), ("VERTEGENWOORDIGER", set(ZIET) - NIET_VOOR_VERTEGENWOORDIGER)):
        rechten = wijkwerk.toewijzer.policy.of([rol])
        leest = {r for r in wijkwerk.plugins.records() if r.kind in ("PersonRecord", "KaderRecord") and r.lezen.naam in rechten}
        assert leest == verwacht, rol
        schrijft = {r.schrijven.naam for r in wijkwerk.plugins.records()} & rechten
        assert schrijft == ({Naamverzoek.schrijven.naam} if rol == "INWONER" else set()), rol  # asking who looked, no row about anybody


async def vol_dossier(wijk: Wijk) -> tuple[UUID, UUID]:
    """A resident of whom everything is recorded, with a housemate in the same case: the resident and the case."""
    persoon = await wijk.inwoner(
        "Djibet", rol="REGISSEUR", roepnaam="Fatima", voornamen="Fatima", bsn=Bsn("999993264"), geboortedatum=Datum(1970, 3, 4), taal="ar",
        tolk_nodig=True, straat="Jonker Fransstraat", huisnummer=24, postcode=Postcode("3031AW"), woonplaats="Rotterdam",
        contact=["0612345678"],
    )  # fmt: skip
    ander = await wijk.inwoner("Djibet", roepnaam="Rachid")
    dossier = await wijk.dossier(persoon, ander, vraag="Overbelast thuis")
    await wijk.schrijf("WIJKTEAM", lambda work: leg_relatie_vast(work, persoon, ander, Relatiesoort.OUDER))
    dock = Partij(wijk.dock, Partijsoort.ORGANISATIE, N4)
    await wijk.schrijf("REGISSEUR", lambda w: koppel(w, dossier, persoon, dock, "WMO_ALG_VOORZIENING", ["IDENTITEIT"]))
    await wijk.wijkwerk.database.transact(lambda connection: _rijen(wijk, connection, persoon, dossier))
    return persoon, dossier


def _rijen(wijk: Wijk, connection: Any, persoon: UUID, dossier: UUID) -> None:
    """Rows of other services, past every check; what is sealed stays empty where it may."""
    nu = wijk.klok.nu()
    wie = {"persoon_id": persoon}
    wijk.put(
        connection, Afspraak, kader_id=dossier, met_id=wijk.WIJKTEAM, soort=Afspraaksoort.HUISBEZOEK, begin=nu, einde=nu,
        status="GEPLAND", **wie,
    )  # fmt: skip
    wijk.put(
        connection, Verwijzing, dossier_id=dossier, organisatie_id=wijk.dock, doel="WMO_ALG_VOORZIENING", categorieen=["IDENTITEIT"],
        niveau_tot=4, vraag=b"x", status=Verwijzingstatus.AANGEBODEN, tot=date(2027, 6, 1), aangeboden_op=nu,
        aangeboden_door_id=wijk.REGISSEUR, **wie,
    )  # fmt: skip
    wijk.put(
        connection, Noodtoegang, gebruiker_id=wijk.CRISISDIENST, organisatie_id=wijk.stad, reden=Noodreden.ACUUT_GEVAAR, toelichting=b"x",
        van=nu, tot=nu + timedelta(hours=1), beoordelen_voor=date(2027, 3, 3), categorie_code="BETROKKENEN", rol="CRISISDIENST",
        beoordeeld=False, **wie,
    )  # fmt: skip


def inwoner(wijk: Wijk, rol: str = "INWONER", gebruiker: UUID | None = None) -> Any:
    """The actor that such a token gives: of one role at a time."""
    wijk.klok.moment += timedelta(microseconds=1)
    activiteit = wijk.wijkwerk.catalogue.rollen[rol].activiteiten[0]
    functies = [Functie("INWONER", wijk.stad), Functie("VERTEGENWOORDIGER", wijk.stad)]
    return wijk.wijkwerk.toewijzer.actor(gebruiker or wijk.INWONER, wijk.gemeente, functies, activiteit, wijk.klok.nu())


async def laat(wijk: Wijk, persoon: UUID, vert: UUID | None = None) -> UUID:
    return await wijk.schrijf("WIJKTEAM", lambda work: laat_toe(work, persoon, wijk.INWONER, Vaststelling.DIGID, vertegenwoordiging=vert))


async def gezien(wijk: Wijk, record: type[Any], actor: Any) -> list[set[str]]:
    """Of each row in reach the columns that are shown, sealed ones unopened."""
    ids = [row.id for row in (await wijk.lees(actor, lambda r: r.page(record, (), first=50))).rows]
    found = await wijk.lees(actor, lambda r: r.visible(record, ids))
    return [{name for name in seen if (record.velden[name].shown and record.velden[name].level is not None) or name == "persoon_id"}
            for _, seen in found.values()]  # fmt: skip


async def test_a_resident_sees_exactly_this_of_the_own_file(wijk: Wijk) -> None:
    persoon, dossier = await vol_dossier(wijk)
    assert await wijk.lees(inwoner(wijk), lambda r: r.count(Persoon)) == 0
    await laat(wijk, persoon)
    await wijk.schrijf(inwoner(wijk), lambda work: verklaar_zelf(work, dossier, "Zo was het niet."))
    leeg = {Toestemming, Toestemmingsontvanger, Toestemminggever}
    for record, velden in ZIET.items():
        kader = {name for name, veld in record.velden.items() if veld.kind in ("kader", "subject")}
        assert zichtbaar(wijk, record, "INWONER") | kader == velden | kader, record.__name__
        if record not in leeg:
            [seen] = await gezien(wijk, record, inwoner(wijk))
            assert seen - kader == velden - kader, record.__name__
    row: Any = await wijk.lees(inwoner(wijk), lambda r: r.one(Persoon, ("bsn", "straat", "tolk_nodig", "veiligheidsvlag"), persoon))
    assert (str(row.bsn.waarde), row.straat, row.tolk_nodig, row.veiligheidsvlag) == ("999993264", "Jonker Fransstraat", None, None)
    zaak: Any = await wijk.lees(inwoner(wijk), lambda r: r.one(Dossier, ("vraag",), dossier))
    assert zaak.vraag is None


async def test_a_resident_never_reads_notes_tasks_doors_family_and_steps_of_a_case(wijk_vlug: Wijk) -> None:
    persoon, _ = await vol_dossier(wijk_vlug)
    await laat(wijk_vlug, persoon)
    for rol, record in product(("INWONER", "VERTEGENWOORDIGER"), (Notitie, Taak, Betrokkenheid, Relatie, Dossierstap)):
        with pytest.raises(GeenRecht):
            await wijk_vlug.lees(inwoner(wijk_vlug, rol), partial(Reader.count, record=record))


async def test_a_resident_sees_nobody_else_and_changes_nothing(wijk_vlug: Wijk) -> None:
    wijk = wijk_vlug
    persoon, _ = await vol_dossier(wijk)
    await laat(wijk, persoon)
    [row] = (await wijk.lees(inwoner(wijk), lambda r: r.page(Persoon, ("roepnaam",), first=50))).rows
    assert row.roepnaam == "Fatima"
    await refused(wijk, inwoner(wijk), NietGevonden, lambda work: wijzig(work, persoon, 1, {"roepnaam": "X"}), records=[Persoon])


async def ouder_en_kind(wijk: Wijk) -> tuple[UUID, UUID]:
    """A mentor who is a resident too, and an adult whom they represent, both with secrecy: each let in with one account."""
    adres: dict[str, Any] = {
        "straat": "Dorpsstraat",
        "huisnummer": 1,
        "postcode": Postcode("3043TD"),
        "woonplaats": "Rotterdam",
    }
    zelf = await wijk.inwoner("Zelf", geboortedatum=Datum(1960, 1, 1), contact=["0612345678"], bsn=Bsn("999993264"), **adres)
    ander = await wijk.inwoner("Ander", geboortedatum=Datum(1950, 1, 1), contact=["0612345679"], bsn=Bsn("999993653"), **adres)
    vert = await wijk.schrijf(
        "WIJKTEAM", lambda w: leg_vast(w, ander, Hoedanigheid.MENTOR, "Beschikking 1", date(2020, 1, 1), vertegenwoordiger=zelf)
    )
    await laat(wijk, zelf)
    await laat(wijk, ander, vert)
    for persoon in (zelf, ander):
        await wijk.schrijf("WIJKTEAM", partial(zet_geheimhouding, persoon=persoon, versie=1, aan=True))
    return zelf, ander


async def test_who_is_resident_and_represents_another_sees_each_in_its_own_role_with_its_own_secrecy(wijk: Wijk) -> None:
    zelf, ander = await ouder_en_kind(wijk)
    with pytest.raises(GeenRecht, match="EIGEN_INZAGE, VERTEGENWOORDIGING"):
        wijk.wijkwerk.toewijzer.actor(
            wijk.INWONER, wijk.gemeente, [Functie("INWONER", wijk.stad), Functie("VERTEGENWOORDIGER", wijk.stad)], None, wijk.klok.nu()
        )
    velden = ("geslachtsnaam", "straat", "bsn")
    eigen = (await wijk.lees(inwoner(wijk), lambda r: r.page(Persoon, velden, first=9))).rows
    assert [(row.id, row.straat, row.bsn is not None) for row in eigen] == [(zelf, "Dorpsstraat", True)]
    assert await wijk.lees(inwoner(wijk), lambda r: r.count(Contactgegeven)) == 1
    als = inwoner(wijk, "VERTEGENWOORDIGER")
    van_ander: Any = await wijk.lees(als, lambda r: r.one(Persoon, velden, ander))
    assert (van_ander.geslachtsnaam, van_ander.straat, van_ander.bsn) == ("Ander", None, None)
    assert await wijk.lees(als, lambda r: r.one(Persoon, velden, zelf)) is None
    assert await wijk.lees(als, lambda r: r.count(Contactgegeven)) == 0
