"""The one Alembic environment, for every owner of tables; `storage/revisions.py` says how it is configured."""

from __future__ import annotations

from alembic import context

context.configure(**context.config.attributes["options"])
with context.begin_transaction():
    context.run_migrations()
