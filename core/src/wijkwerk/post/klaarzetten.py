"""A mail is put in the outbox, in the transaction of what it is about: no mail about what did not happen, and none forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import insert

from wijkwerk.errors import GeenRecht, OngeldigeInvoer
from wijkwerk.post.bericht import Bericht
from wijkwerk.post.envelop import Envelop, verzegel
from wijkwerk.post.notificatie import Notificatie
from wijkwerk.post.sjablonen import schrijf
from wijkwerk.post.soorten import Berichtsoort, Ontvanger
from wijkwerk.post.verzending import Verzending, Verzendstatus
from wijkwerk.records.session import Work
from wijkwerk.storage.columns import nieuw_id

_ZEVEN_BITS = SMTP.clone(cte_type="7bit")
"""What every mail server takes: no bytes above 127, lines of at most 998 signs."""

RECHT = {Ontvanger.INWONER: Bericht.schrijven, Ontvanger.GEBRUIKER: Notificatie.schrijven}
"""Who may have mail of a kind sent: only the system itself writes in the outbox otherwise."""


def zet_klaar(work: Work, soort: Berichtsoort, *, aan: str, van_wie: UUID, waarden: Mapping[str, str]) -> UUID:
    """Put a mail of this kind in the outbox; the id of its Verzending. `van_wie`: the resident or user whose key seals it.

    Its Message-ID is fixed here: however often it is sent, it is the same message. Who asks this decided that `aan` may be written to
    (`sturen.py`, `notificeren.py`). Raises GeenRecht, Sjabloonfout for values that do not fit, and OngeldigeInvoer without a mail server or
    for an address that takes no mail.
    """
    if not work.actor.may(RECHT[soort.voor].naam):
        raise GeenRecht
    if not work.post.aan:
        raise OngeldigeInvoer("Er is geen mailserver. Vraag de beheerder om de instelling post.smtp.host.")
    adres = ascii_adres(aan)
    if adres is None:
        raise OngeldigeInvoer("Naar dit e-mailadres kan geen e-mail. Vraag om een ander adres.", veld="email")
    id, nu = nieuw_id(), work.actor.moment
    message_id = f"<{id}@{work.post.message_domein}>"
    envelop = Envelop(adres, _mime(work, soort, adres, message_id, waarden))
    inhoud = verzegel(work.keyring, work.core_connection, work.actor.gemeente, van_wie, id, envelop)
    work.core_connection.execute(
        insert(Verzending.tabel()).values(
            id=id, gemeente_id=work.actor.gemeente, versie=1, soort=soort.code, status=Verzendstatus.WACHT, pogingen=0, gemaakt_op=nu,
            verloopt_op=nu + soort.geldig, volgende_poging_op=nu, message_id=message_id, inhoud=inhoud,
        )
    )  # fmt: skip
    return id


def ascii_adres(adres: str) -> str | None:
    """The address as every mail server takes it; None for one that only a server with SMTPUTF8 (RFC 6531) could take."""
    try:
        return validate_email(adres, check_deliverability=False).ascii_email
    except EmailNotValidError:
        return None


def _mime(work: Work, soort: Berichtsoort, aan: str, message_id: str, waarden: Mapping[str, str]) -> str:
    """The message (RFC 5322). No name beside the address: a mailbox may be shared, and the name would tell whose mail it is."""
    tekst, post = schrijf(soort, waarden, work.post), work.post
    mail = EmailMessage(policy=_ZEVEN_BITS)
    mail["From"] = Address(post.afzender_naam, addr_spec=post.afzender_adres)
    mail["To"] = Address(addr_spec=aan)
    if post.antwoord_aan is not None:
        mail["Reply-To"] = Address(addr_spec=post.antwoord_aan)
    mail["Subject"], mail["Date"], mail["Message-ID"] = tekst.onderwerp, work.actor.moment, message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that nobody's absence message answers
    mail.set_content(tekst.plat, cte="quoted-printable")
    mail.add_alternative(tekst.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = "nl"  # after the content: setting that takes every Content- header away
    return mail.as_bytes().decode("ascii")
