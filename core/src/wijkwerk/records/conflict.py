"""What the database refuses, as an error of ours: without the value, the table or the constraint."""

from __future__ import annotations

from sqlalchemy.exc import DataError, IntegrityError, StatementError

from wijkwerk.errors import NietGevonden, OngeldigeInvoer, VersieVerouderd, WijkwerkError

_FOREIGN_KEY = ("23503", "FOREIGN KEY")
_UNIQUE = ("23505", "UNIQUE")
_BAD_VALUE = (LookupError, TypeError, ValueError, AttributeError)


def translated(error: StatementError) -> WijkwerkError | None:
    """NietGevonden for a reference to nothing (which looks like one out of reach), VersieVerouderd for a value that somebody else was
    first with, OngeldigeInvoer for one that can't be stored; None for what is not about the values.
    """
    said = str(error.orig)
    if isinstance(error, IntegrityError) and any(word in said for word in _FOREIGN_KEY):
        return NietGevonden()
    if isinstance(error, IntegrityError) and any(word in said for word in _UNIQUE):
        return VersieVerouderd()
    bad_value = isinstance(error, IntegrityError | DataError) or isinstance(error.orig, _BAD_VALUE)
    return OngeldigeInvoer() if bad_value else None
