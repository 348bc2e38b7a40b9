"""Every error that reaches a user: a code, a Dutch sentence that says what to do next, never personal data.

WijkwerkError
├── OngeldigeInvoer        what was sent is wrong; names the field
│   └── BsnOngeldig, DatumOngeldig, PostcodeOngeldig
├── NietGevonden           absent, or not for you: the two look alike (design.md 5)
├── GeenRecht              the role may not do this kind of thing
├── NietAangemeld          no valid token
├── VersieVerouderd        somebody else changed it first
├── InzendingAnders        the client's number was used for something else
├── InzendingGedaan        it was done under the client's number, and what came of it can't be shown
├── LogNietBeschikbaar     no log, no answer (design.md 1, idea 3)
├── DatabaseNietBeschikbaar  no connection, or a commit that failed: nothing was stored
├── SleutelsNietBereikbaar  the root key is out of reach (a token, a file): nothing is opened or stored
└── OpstartFout            the system refuses to start: for the operator, not for a client

Errors of one room live there: `records/guard.py` (OmzeilingGeweigerd), `records/allowed.py` (GezondheidNietToegestaan),
`crypto/errors.py` (Vervalst, SleutelOntbreekt), `notities/` (TekstTeLang, NogNotities, BestandssoortOnbekend, BestandTeGroot,
OpslagNietBeschikbaar), `noodtoegang/crisisnotitie.py` (GeenDossier),
`toestemmingen/` (ToestemmingNietNodig, WieBeslistOnbekend, GeverMagNiet, ToestemmingAfgehandeld), `partners/`
(VerwijzingAfgehandeld, ToestemmingDektNiet), `rights/verplaatsen.py` (SamenvoegenKanNiet), `importeren/gebiedenbestand.py` (Regelfouten),
`meewerken.py` (DossierGesloten), `dossiers/status.py` (OvergangKanNiet, NogAfspraken, NogSignalen), `dossiers/overdragen.py`
(OverdrachtAfgehandeld), `jobs/beurt.py` (BeurtKwijt), `jobs/draaien.py` (StaatStil),
`sleutelbeheer/voortgang.py` (RotatieStaatStil), `post/sjablonen.py` (Sjabloonfout), `brieven/fouten.py` (BriefNietMogelijk, BriefTeLang),
`access/policybestand.py` (Beleidsfout), `reservekopie/map.py` (ReservekopieFout);
in wijkwerk_graphql `http/errors.py` (HttpFout: what is wrong with a request as HTTP),
`schema/problems.py` (DocumentOngeldig, DocumentTeZwaar, CursorOngeldig, SchemaFout) and `identity/bearer.py` (TokenGeweigerd).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class WijkwerkError(Exception):
    """Root of all errors of Wijkwerk. `code` is for machines, `melding` for people (Dutch, B1)."""

    code: ClassVar[str] = "INTERNE_FOUT"
    standaard: ClassVar[str] = "Er ging iets mis. Probeer het opnieuw of meld het bij functioneel beheer."

    def __init__(self, melding: str | None = None, *, veld: str | None = None) -> None:
        self.melding = melding or self.standaard
        self.veld = veld
        super().__init__(self.melding)


class OngeldigeInvoer(WijkwerkError):
    """What was sent can't be right. `veld` names the field; the message never repeats the value."""

    code = "ONGELDIGE_INVOER"
    standaard = "De invoer klopt niet. Controleer het veld en probeer het opnieuw."


@contextmanager
def bij_veld(naam: str) -> Iterator[None]:
    """An OngeldigeInvoer raised inside is about this column or argument, named as in Python: who has the value knows its name."""
    try:
        yield
    except OngeldigeInvoer as error:
        error.veld = naam
        raise


class BsnOngeldig(OngeldigeInvoer):
    """Not nine digits that pass the 11-proof (domain.md 1.5)."""

    code = "BSN_ONGELDIG"
    standaard = "Dit is geen geldig BSN. Een BSN heeft negen cijfers; controleer of er een cijfer verkeerd is."


class DatumOngeldig(OngeldigeInvoer):
    """Not a (possibly incomplete) date that can be (domain.md 1.4)."""

    code = "DATUM_ONGELDIG"
    standaard = "Dit is geen geldige datum. Schrijf jjjj-mm-dd, jjjjmmdd, jjjj-mm, jjjj of onbekend."


class PostcodeOngeldig(OngeldigeInvoer):
    """Not a Dutch postcode (domain.md 1.7)."""

    code = "POSTCODE_ONGELDIG"
    standaard = "Dit is geen geldige postcode. Schrijf vier cijfers en twee letters, zoals 3043TD."


class NietGevonden(WijkwerkError):
    """Absent, or not for this user: the two can't be told apart (design.md 5)."""

    code = "NIET_GEVONDEN"
    standaard = "Dit is niet gevonden. Controleer het nummer, of vraag uw regisseur om toegang."


class GeenRecht(WijkwerkError):
    """The role may not do this kind of thing, whoever it is about."""

    code = "GEEN_RECHT"
    standaard = "Uw rol mag dit niet. Neem contact op met functioneel beheer als dit niet klopt."


class NietAangemeld(WijkwerkError):
    """No token, or one that is not valid here and now."""

    code = "NIET_AANGEMELD"
    standaard = "U bent niet aangemeld. Meld u opnieuw aan."


class VersieVerouderd(WijkwerkError):
    """Somebody else changed the record first (optimistic locking)."""

    code = "VERSIE_VEROUDERD"
    standaard = "Iemand anders heeft dit intussen gewijzigd. Haal de gegevens opnieuw op en probeer het nog eens."


class InzendingAnders(WijkwerkError):
    """A number under which the client sent something was used before, for something else (inzendingen.py): nothing is done."""

    code = "INZENDING_ANDERS"
    standaard = "Dit nummer is al gebruikt voor een andere inzending. Geef elke inzending een eigen nummer en stuur haar dan opnieuw."


class InzendingGedaan(WijkwerkError):
    """It was done before under this number, and what came of it is gone (a draft became a note) or out of reach: which of the two is not
    told. Not NietGevonden, which a client must be able to take for "not done"."""

    code = "INZENDING_GEDAAN"
    standaard = "Dit is al gedaan. Wat ervan kwam, is er niet meer of u mag het niet meer zien. Stuur het niet opnieuw."


class LogNietBeschikbaar(WijkwerkError):
    """The access log can't be written, so nothing may be shown."""

    code = "LOG_NIET_BESCHIKBAAR"
    standaard = "Het inzagelog is niet beschikbaar. Daarom tonen we nu geen gegevens. Probeer het later opnieuw."


class DatabaseNietBeschikbaar(WijkwerkError):
    """The database can't be reached, or could not commit: nothing of the unit is durable."""

    code = "DATABASE_NIET_BESCHIKBAAR"
    standaard = "De database is nu niet beschikbaar. Er is niets opgeslagen. Probeer het zo opnieuw."


class SleutelsNietBereikbaar(WijkwerkError):
    """The root key can't be reached now: a token that was taken out, a key file that is gone. What was opened before is soon forgotten."""

    code = "SLEUTELS_NIET_BEREIKBAAR"
    standaard = "De sleutels zijn nu niet bereikbaar. Er is niets opgeslagen of getoond. Probeer het zo opnieuw, of meld het bij beheer."


class OpstartFout(WijkwerkError):
    """The system refuses to start; the message tells the operator (or plugin author) what to mend."""

    code = "OPSTART_FOUT"
