"""PostgreSQL repeats values in its messages (`Key (bsn)=(...) already exists`); what we raise keeps only the kind, code and constraint."""

from __future__ import annotations

from sqlalchemy import ExceptionContext
from sqlalchemy.exc import DBAPIError


def hide_values(context: ExceptionContext) -> None:
    """Strip the driver's error, its wrapper and SQLAlchemy's of every value (listener for `handle_error`)."""
    if not isinstance(context.sqlalchemy_exception, DBAPIError):
        return
    wrapper = context.original_exception
    cause = wrapper.__cause__ or wrapper
    plain = " ".join(filter(None, [type(cause).__name__, getattr(cause, "sqlstate", None), getattr(cause, "constraint_name", None)]))
    for error in (wrapper, cause, context.sqlalchemy_exception):
        error.args = (plain,)
    for field in ("detail", "hint", "context", "message"):
        if getattr(cause, field, None) is not None:
            setattr(cause, field, None)
