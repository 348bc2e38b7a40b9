"""How to reach somebody: e-mail address and telephone number, in one written form each."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from wijkwerk.errors import OngeldigeInvoer


def lees_email(text: str) -> str:
    """An e-mail address in its normal form; whether it exists is not asked. Raises `OngeldigeInvoer`."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise OngeldigeInvoer("Dit is geen geldig e-mailadres. Schrijf het als naam@voorbeeld.nl.") from None


def lees_telefoonnummer(text: str) -> str:
    """A telephone number in E.164 (`+31612345678`), Dutch unless it says otherwise. Raises `OngeldigeInvoer`."""
    import phonenumbers  # 23 MB of tables: only for who needs it

    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise OngeldigeInvoer("Dit is geen geldig telefoonnummer. Schrijf het als 0612345678 of +31612345678.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
