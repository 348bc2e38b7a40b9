"""Reading what an explanation of access rests on: as an asker sees it, or all of it for the operator (`access/uitleg.py` decides)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, select

from wijkwerk.access.actor import Actor, Functie, Toewijzer
from wijkwerk.access.betrokkenheid import Afscherming, Betrokkenheid
from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.permissions import Permission
from wijkwerk.access.uitleg import Vraag, verder
from wijkwerk.access.uitleg_rij import Feiten, Reden, Uitleg
from wijkwerk.errors import GeenRecht, NietGevonden, OngeldigeInvoer
from wijkwerk.gebruikers import Aanstelling, Gebruiker, telt
from wijkwerk.gemeentekeuze import kies_gemeente
from wijkwerk.klok import dag
from wijkwerk.log.entry import Actie, Betrokkene, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.subjects import pseudoniemen
from wijkwerk.notities.notitie import Notitielezer
from wijkwerk.personen import Persoon
from wijkwerk.records.declare import PersonRecord, Record, kader_of, subject_of
from wijkwerk.records.read import Reader
from wijkwerk.storage.columns import among
from wijkwerk.waarnemingen import afwezigen

if TYPE_CHECKING:
    from wijkwerk.app import Wijkwerk

TOEGANG_UITLEGGEN = Permission(
    "toegang:uitleggen", "Vragen waarom een collega een gegeven van een inwoner wel of niet mag zien.", ("REGISSEUR", "TEAMLEIDER")
)
"""Not for who sees no resident (PRIVACY_OFFICER, FG): an answer about a resident says who is involved with that resident."""

VOORBEHOUD = "Dit antwoord gaat uit van wat u zelf mag zien. Wat voor u is afgeschermd, telt hierin niet mee."
Lees: TypeAlias = Callable[[type[Record], Sequence[str], str, Collection[UUID]], Sequence[Any]]
"""Rows of a record of which a column is one of these ids, with these columns."""

_DEUR = (
    "persoon_id", "partij_id", "rol", "doel", "categorie_code", "kader_id", "niveau_tot", "bron", "van", "tot", "verantwoordelijke_id",
)  # fmt: skip
_AFSCHERMING = ("persoon_id", "partij_id", "niveau_tot", "verbergt", "van", "tot")


def waarom(lees: Lees, toewijzer: Toewijzer, actor: Actor, persoon: UUID, record: type[PersonRecord], veld: str) -> Uitleg:
    """Whether this actor sees this field of this resident, by the rows that `lees` gives. Raises OngeldigeInvoer for no such field."""
    if veld not in record.afgeleid and (veld not in record.velden or record.velden[veld].level is None):
        raise OngeldigeInvoer("Dit veld is er niet. Kies een veld van deze soort gegevens.", veld="veld")
    vraag = Vraag(actor, toewijzer.policy, toewijzer.catalogue.op(actor.vandaag), record, veld)
    return vraag.antwoord(feiten(lees, vraag, persoon))


def alles(connection: Connection, gemeente: UUID) -> Lees:
    """For the operator: every row there is."""

    def lees(record: type[Record], velden: Sequence[str], key: str, ids: Collection[UUID]) -> Sequence[Any]:
        table = record.tabel()
        found = select(*[table.c[name] for name in dict.fromkeys(("id", key, *velden))])
        return connection.execute(found.where(table.c.gemeente_id == gemeente, among(table.c[key], "ids")), {"ids": sorted(ids)}).all()

    return lees


def als_gezien(reader: Reader) -> Lees:
    """For who asks: the rows in reach, with what of them may be seen; a kind that the asker may not read has none."""

    def lees(record: type[Record], velden: Sequence[str], key: str, ids: Collection[UUID]) -> Sequence[Any]:
        return reader.by_key(record, velden, key, sorted(ids)) if reader.actor.may(record.lezen.naam) else []

    return lees


def feiten(lees: Lees, vraag: Vraag, persoon: UUID) -> Feiten:
    """What the answer rests on."""
    record, voor_kolom = vraag.record, vraag.record.voor_kolom
    related = [name for name in vraag.nodig if record.velden[name].kind == "related"]
    rijen = lees(record, (*_beslist(record), *related), subject_of(record), {persoon})
    samen = _samen(lees, record, rijen)
    anderen = {ander for rij in rijen for name in related if (ander := getattr(rij, name)) is not None}
    allen = {persoon, *anderen, *(getattr(rij, subject_of(record)) for rij in samen)}
    voor = {getattr(rij, voor_kolom) for rij in rijen} - {None} if voor_kolom else set()
    collegas = lees(Aanstelling, ("gebruiker_id", "organisatie_id"), "gebruiker_id", voor)
    return Feiten(
        [rij for rij in rijen if _heel(record, rij)],
        [deur for deur in lees(Betrokkenheid, _DEUR, "persoon_id", allen) if deur.partij_id is not None],
        [een for een in lees(Afscherming, _AFSCHERMING, "persoon_id", allen) if een.niveau_tot is not None],
        {ander.id: ander.verantwoordelijke_id for ander in lees(Persoon, ("verantwoordelijke_id",), "id", anderen)},
        frozenset(a.gebruiker_id for a in collegas if a.organisatie_id == vraag.actor.organisatie),
        [rij for rij in samen if _heel(record, rij)],
        _lezers(lees, record, samen),
    )


def _beslist(record: type[PersonRecord]) -> tuple[str, ...]:
    """The columns by which it is decided whether a row is there."""
    bepaalt = (
        subject_of(record), "verantwoordelijke_id", kader_of(record), record.categorie_kolom, record.niveau_kolom, record.voor_kolom,
        record.rol_kolom, record.eigen_kolom, record.verloopt_kolom, record.groep_kolom,
    )  # fmt: skip
    return tuple(name for name in bepaalt if name)


def _samen(lees: Lees, record: type[PersonRecord], rijen: Sequence[Any]) -> Sequence[Any]:
    """The rows of the same number as these, these too, with what decides whether they are there."""
    if record.groep_kolom is None:
        return []
    groepen = {getattr(rij, record.groep_kolom) for rij in rijen} - {None}
    return lees(record, _beslist(record), record.groep_kolom, groepen)


def _heel(record: type[PersonRecord], rij: Any) -> bool:
    """Whether what decides about a row is seen of it."""
    beslist = (record.categorie_kolom, record.niveau_kolom, record.eigen_kolom, record.verloopt_kolom)
    return all(getattr(rij, name) is not None for name in beslist if name)


def _lezers(lees: Lees, record: type[PersonRecord], samen: Sequence[Any]) -> Sequence[Any]:
    """Who is named as a reader of these rows."""
    if record.lezers_niveau is None:
        return []
    groepen = {getattr(rij, str(record.groep_kolom)) for rij in samen}
    return [lezer for lezer in lees(Notitielezer, ("gebruiker_id", "tot"), "groep_id", groepen) if lezer.gebruiker_id is not None]


def waarom_collega(reader: Reader, gebruiker: UUID, persoon: UUID, record: type[PersonRecord], veld: str) -> Uitleg:
    """For who may ask it: whether a colleague sees a field of a resident, as far as the asker may know.

    It is a function of what the asker sees and of nothing else, and always says so: nothing that is held back from the asker makes a
    difference. Raises GeenRecht, NietGevonden for a resident or a colleague out of reach, OngeldigeInvoer.
    """
    toewijzer = reader.toewijzer
    if toewijzer is None or not reader.actor.may(TOEGANG_UITLEGGEN.naam):
        raise GeenRecht
    if reader.one(Persoon, (), persoon) is None:
        raise NietGevonden
    zichtbaar = {rij.id for rij in als_gezien(reader)(Aanstelling, (), "gebruiker_id", {gebruiker})}
    if not zichtbaar:
        raise NietGevonden
    functies = functies_van(reader.connection, reader.actor.gemeente, gebruiker, reader.actor.vandaag, zichtbaar)
    kan_zijn = actoren(toewijzer, gebruiker, reader.actor.gemeente, functies, reader.actor.moment)
    gevonden = over_alles(als_gezien(reader), toewijzer, kan_zijn, persoon, record, veld)
    return replace(gevonden, zinnen=(*gevonden.zinnen, VOORBEHOUD), deur=None)


def functies_van(connection: Connection, gemeente: UUID, gebruiker: UUID, op: date, zichtbaar: Collection[UUID]) -> list[Functie]:
    """What a user is on this day, by these employments."""
    a = Aanstelling.tabel()
    found = select(a.c.rol, a.c.organisatie_id, a.c.team_id).where(
        a.c.gemeente_id == gemeente, a.c.gebruiker_id == gebruiker, telt(a, op), among(a.c.id, "ids")
    )
    return [Functie(row.rol, row.organisatie_id, row.team_id) for row in connection.execute(found, {"ids": sorted(zichtbaar)})]


def over_alles(lees: Lees, toewijzer: Toewijzer, actoren: Sequence[Actor], persoon: UUID, record: type[PersonRecord], veld: str) -> Uitleg:
    """The best answer over all that somebody can be today."""
    found = Uitleg(False, Reden.GEEN_ROL, ("Mag niet, want deze gebruiker heeft vandaag geen rol.",))
    for actor in actoren:
        uitleg = waarom(lees, toewijzer, actor, persoon, record, veld)
        als = f"Bij de activiteit {actor.activiteit}, in de rol {', '.join(actor.rollen)}."
        found = verder(found, replace(uitleg, zinnen=(*uitleg.zinnen, als)))
    return found


def actoren(
    toewijzer: Toewijzer, gebruiker: UUID, gemeente: UUID, functies: Sequence[Functie], moment: datetime, **rest: Any
) -> list[Actor]:
    """Every actor that a user with these employments can be at this moment: per activity and organisation; `rest` as `Toewijzer.actor`."""
    rollen = toewijzer.catalogue.op(dag(moment)).rollen
    keuzen = {(f.organisatie, code) for f in functies if f.rol in rollen for code in rollen[f.rol].activiteiten}
    found = []
    for organisatie, activiteit in sorted(keuzen):
        with suppress(GeenRecht):  # a role that does not count beside another, or an activity that does not hold today
            found.append(toewijzer.actor(gebruiker, gemeente, functies, activiteit, moment, organisatie=organisatie, **rest))
    return found


async def waarom_beheerder(wijkwerk: Wijkwerk, gebruiker: str, persoon: UUID, veld: str, gemeente: str | None) -> Uitleg:
    """For the operator, who has the database anyway: by everything there is. Logged as an event about this resident.

    `gebruiker` is an id, or what tokens call the user; `veld` is `Soort.veld`. Raises OngeldigeInvoer for what is not there.
    """

    def work(connection: Connection) -> tuple[Uitleg, Logregel]:
        gekozen, moment = kies_gemeente(connection, gemeente), wijkwerk.klok.nu()
        record, naam = _veld(wijkwerk.toewijzer.catalogue, veld)
        id, thuis, functies = _gebruiker(connection, gekozen, gebruiker, dag(moment))
        weg = afwezigen(connection, gekozen, id, dag(moment))
        kan_zijn = actoren(wijkwerk.toewijzer, id, gekozen, functies, moment, thuis=thuis, afwezigen=weg)
        found = over_alles(alles(connection, gekozen), wijkwerk.toewijzer, kan_zijn, persoon, record, naam)
        return found, _logregel(connection, gekozen, moment, id, persoon, veld, found)

    async with wijkwerk.database.snapshot() as snapshot:
        uitleg, regel = await snapshot.run(work)
    await wijkwerk.journal.record(regel)
    return uitleg


def _veld(catalogue: Catalogue, veld: str) -> tuple[type[PersonRecord], str]:
    soort, _, naam = veld.partition(".")
    return soort_van(catalogue, soort), naam


def soort_van(catalogue: Catalogue, soort: str) -> type[PersonRecord]:
    """The kind of record about a resident with this name. Raises OngeldigeInvoer."""
    for record in catalogue.records:
        if record.__name__ == soort and issubclass(record, PersonRecord):
            return record
    raise OngeldigeInvoer("Deze soort gegevens is er niet. Schrijf bijvoorbeeld Persoon, Dossier of Notitie.", veld="soort")


def _gebruiker(connection: Connection, gemeente: UUID, tekst: str, op: date) -> tuple[UUID, UUID, list[Functie]]:
    g, a = Gebruiker.tabel(), Aanstelling.tabel()
    found = select(g.c.id, g.c.onderwerp, g.c.verantwoordelijke_id).where(g.c.gemeente_id == gemeente)
    rows = [row for row in connection.execute(found) if tekst in (row.onderwerp, str(row.id), row.id.hex)]
    if len(rows) != 1:
        raise OngeldigeInvoer("Deze gebruiker is er niet, of er zijn er meer. Geef het nummer van de gebruiker.", veld="gebruiker")
    id = rows[0].id
    eigen = connection.execute(select(a.c.id).where(a.c.gemeente_id == gemeente, a.c.gebruiker_id == id)).scalars().all()
    return id, rows[0].verantwoordelijke_id, functies_van(connection, gemeente, id, op, eigen)


def _logregel(
    connection: Connection, gemeente: UUID, moment: datetime, gebruiker: UUID, persoon: UUID, veld: str, uitleg: Uitleg
) -> Logregel:
    """That it was asked, about whom and about which user. Raises OngeldigeInvoer for a resident who is not there."""
    p = Persoon.tabel()
    if connection.execute(select(p.c.id).where(p.c.gemeente_id == gemeente, p.c.id == persoon)).first() is None:
        raise OngeldigeInvoer("Deze inwoner is er niet. Geef het nummer van de inwoner.", veld="inwoner")
    [pseudoniem] = pseudoniemen(connection, gemeente, [persoon]).values()
    return Logregel(
        gebeurtenis=Gebeurtenis.UITLEG, actie=Actie.READ, resultaat=Resultaat.GESLAAGD, tijdstip=moment, gemeente=gemeente,
        onderdeel="policy:why", betrokkenen=(Betrokkene(pseudoniem, ()),),
        details={"gebruiker": gebruiker.hex, "veld": veld, "reden": uitleg.reden},
    )  # fmt: skip
