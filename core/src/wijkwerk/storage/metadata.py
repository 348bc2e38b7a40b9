"""The one MetaData. Each table names its owner (`info={"owner": ...}`): whose migrations make it (libraries.md 1)."""

from __future__ import annotations

from sqlalchemy import MetaData

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

metadata = MetaData(naming_convention=NAMING)
