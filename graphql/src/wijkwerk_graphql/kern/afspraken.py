"""Appointments with residents: the lists, making and changing one, what came of it, and how the resident can be told safely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from wijkwerk.afspraken.afloop import gehouden, niet_verschenen
from wijkwerk.afspraken.afspraak import Afspraak, Afzegger
from wijkwerk.afspraken.plannen import INVOER, VERPLICHT, Vastgelegd, maak, wijzig, zeg_af
from wijkwerk.contactgegevens import Contactgegeven
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.kalender.termijnen import tussen_dagen
from wijkwerk.personen import Persoon
from wijkwerk.post.keuring import WaaromNiet
from wijkwerk.records.conditions import Filter
from wijkwerk.records.session import Work
from wijkwerk_graphql.schema.connection import connection
from wijkwerk_graphql.schema.fields import Mutation, Query, batch, extend, field, mutation, related
from wijkwerk_graphql.schema.inputs import Invoer, Zoekveld, asked, filterinvoer, invoer
from wijkwerk_graphql.schema.lezing import Lezing, Row
from wijkwerk_graphql.schema.outcomes import gelezen, uitkomst

BERICHT = "Of de inwoner er een e-mail over krijgt. Daarin staan de dag, de tijd en hoe u elkaar spreekt, nooit waar of waarover"
KADER = "Het dossier of de aanmelding waar de afspraak bij hoort; zonder nummer waardoor u de inwoner ziet"
_ORDER = ("begin",)


@invoer(Afspraak, velden=INVOER, verplicht=VERPLICHT)
class AfspraakInvoer(Invoer):
    """Een nieuwe afspraak. Zonder medewerker is die met uzelf."""


@invoer(Afspraak, velden=INVOER)
class AfspraakWijziging(Invoer):
    """Wat er aan een afspraak verandert. Wat u weglaat, blijft zoals het is."""


@filterinvoer(Afspraak)
class AfsprakenFilter(Invoer):
    """Welke afspraken u wilt zien. Wat u invult, moet allemaal kloppen."""

    mijn = Zoekveld("met_id", soort=bool, uitleg="Ja: alleen afspraken met uzelf en met wie u vervangt")
    met = Zoekveld("met_id")
    persoon = Zoekveld("persoon_id", soort=UUID, uitleg="Van welke inwoner")
    kader = Zoekveld("kader_id")
    status = Zoekveld("status")
    van = Zoekveld("begin", soort=date, uitleg="Vanaf welke dag")
    tot = Zoekveld("begin", soort=date, uitleg="Tot en met welke dag")


def _zoek(lezer: Lezing, given: AfsprakenFilter) -> tuple[Mapping[Filter, Any], tuple[str, ...]]:
    gevraagd = asked(given)
    found = {Filter(kolom): gevraagd[name] for name, kolom in _GELIJK.items() if name in gevraagd}
    if gevraagd.get("mijn"):
        found[Filter("met_id", "een_van")] = (lezer.actor.gebruiker, *lezer.actor.vervangt)
    if "van" in gevraagd or "tot" in gevraagd:
        found[Filter("begin", "tussen")] = tussen_dagen(gevraagd.get("van"), gevraagd.get("tot"))
    return found, _ORDER


_GELIJK = {"met": "met_id", "persoon": "persoon_id", "kader": "kader_id", "status": "status"}


@extend(Query)
class Afspraakvragen:
    """Finding appointments."""

    afspraken = connection(
        Afspraak, uitleg="Afspraken met inwoners bij wie u betrokken bent, op begin", order=_ORDER, filters=AfsprakenFilter, zoek=_zoek
    )

    @field(Afspraak | None, requires=Afspraak.lezen, uitleg="Een afspraak met een inwoner bij wie u betrokken bent")
    @staticmethod
    def afspraak(lezer: Lezing, id: UUID) -> Row | None:
        """One appointment, or nothing."""
        return lezer.een(Afspraak, id)


@extend(Persoon)
class Persoonsafspraken:
    """Appointments with a resident, and how to tell one safely."""

    afspraken = related(Afspraak, by="persoon_id", uitleg="De afspraken met deze inwoner, nieuwste eerst", order=("-begin",))

    @batch(
        list[Contactgegeven],
        requires=Contactgegeven.lezen,
        uitleg="De telefoonnummers en e-mailadressen waar een bericht veilig is, liefst eerst. Lees ook de waarschuwing bij de inwoner",
    )
    @staticmethod
    def veilige_contactgegevens(personen: list[Row], lezer: Lezing) -> list[list[Row]]:
        """What is not known to be safe is not in it."""
        velden = tuple(dict.fromkeys((*lezer.velden(Contactgegeven), "veilig_te_gebruiken")))
        ids = [persoon.id for persoon in personen]
        per_persoon: dict[UUID, list[Row]] = defaultdict(list)
        for row in lezer.reader.by_key(Contactgegeven, velden, "persoon_id", ids, order=("-voorkeur", "soort")):
            if row.veilig_te_gebruiken is True:
                per_persoon[row.persoon_id].append(row)
        return [per_persoon[id] for id in ids]


@extend(Dossier)
class Dossierafspraken:
    """Appointments in a case."""

    afspraken = related(Afspraak, by="kader_id", uitleg="De afspraken bij dit dossier, nieuwste eerst", order=("-begin",))


@uitkomst(requires=Afspraak.schrijven)
class AfspraakVastgelegd:
    """Wat er van het plannen, wijzigen of afzeggen van een afspraak kwam."""

    afspraak: Annotated[Afspraak | None, "De afspraak"]
    overlapt: Annotated[list[Afspraak], "Andere geplande afspraken van dezelfde medewerker op die tijd, voor zover u die mag zien"]
    bericht_klaargezet: Annotated[bool, "Of er een e-mail naar de inwoner gaat"]
    waarom_geen_bericht: Annotated[
        WaaromNiet | None, "Waarom er geen e-mail gaat, als u daarom vroeg. Bel dan, schrijf, of vertel het de inwoner zelf"
    ]


def _uitkomst(gedaan: Vastgelegd) -> AfspraakVastgelegd:
    return AfspraakVastgelegd(
        afspraak=gelezen(gedaan.id), overlapt=gelezen(gedaan.overlapt), bericht_klaargezet=gedaan.bericht is not None,
        waarom_geen_bericht=gedaan.waarom_niet,
    )  # fmt: skip


@extend(Mutation)
class Afspraakwijzigingen:
    """Appointments."""

    @mutation(AfspraakVastgelegd, requires=Afspraak.schrijven, uitleg="Maak een afspraak met een inwoner bij wie u betrokken bent")
    @staticmethod
    def afspraak_maken(
        werk: Work,
        persoon: UUID,
        afspraak: AfspraakInvoer,
        kader: Annotated[UUID | None, KADER] = None,
        bericht: Annotated[bool, BERICHT] = False,
    ) -> AfspraakVastgelegd:
        """Another appointment at that time is told, not refused."""
        return _uitkomst(maak(werk, persoon, afspraak.gegevens(), kader=kader, bericht=bericht))

    @mutation(
        AfspraakVastgelegd,
        requires=Afspraak.schrijven,
        uitleg="Verzet of wijzig een afspraak die nog niet is begonnen. Stuur de versie mee die u las",
    )
    @staticmethod
    def afspraak_wijzigen(
        werk: Work, id: UUID, versie: int, afspraak: AfspraakWijziging, bericht: Annotated[bool, BERICHT] = False
    ) -> AfspraakVastgelegd:
        """A mail that still waits is not sent any more."""
        return _uitkomst(wijzig(werk, id, versie, afspraak.gegevens(), bericht=bericht))

    @mutation(
        AfspraakVastgelegd, requires=Afspraak.schrijven, uitleg="Zeg een afspraak af: door wie, en waarom. Stuur de versie mee die u las"
    )
    @staticmethod
    def afspraak_afzeggen(
        werk: Work, id: UUID, versie: int, door: Afzegger, reden: str, bericht: Annotated[bool, BERICHT] = False
    ) -> AfspraakVastgelegd:
        """A mail that still waits is not sent any more."""
        return _uitkomst(zeg_af(werk, id, versie, door, reden, bericht=bericht))

    @mutation(Afspraak, requires=Afspraak.schrijven, uitleg="Leg vast dat een afspraak is gehouden, en wat er is afgesproken")
    @staticmethod
    def afspraak_gehouden(werk: Work, id: UUID, versie: int, uitkomst: str | None = None) -> UUID:
        """After it began."""
        return gehouden(werk, id, versie, uitkomst)

    @mutation(
        Afspraak,
        requires=Afspraak.schrijven,
        uitleg="Leg vast dat de inwoner er niet was. Dat is een feit: niemand telt het, en er volgt niets uit",
    )
    @staticmethod
    def afspraak_niet_verschenen(werk: Work, id: UUID, versie: int, uitkomst: str | None = None) -> UUID:
        """After it began."""
        return niet_verschenen(werk, id, versie, uitkomst)


PARTS = (Afspraakvragen, Persoonsafspraken, Dossierafspraken, Afspraakwijzigingen)
