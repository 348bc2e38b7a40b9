"""The SQLAlchemy session underneath a unit of work: it writes what was put in, and refuses to be asked for anything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState, Session

from wijkwerk.errors import WijkwerkError


class OmzeilingGeweigerd(WijkwerkError):
    """Code tried to go past the planner or the checks: raw SQL, a bulk statement, a direct load."""

    code = "OMZEILING_GEWEIGERD"
    standaard = "Deze bewerking gaat buiten de controles om en is geweigerd. Meld dit bij de maker van de plugin."


class GuardedSession(Session):
    """A session that only flushes: it refuses to be asked for rows, statements or its connection, but inside `loading`."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, autoflush=False, expire_on_commit=False, join_transaction_mode="rollback_only")
        self._is_loading = False
        event.listen(self, "do_orm_execute", self._guard_execute)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """While a record is loaded that was found to be in reach."""
        self._is_loading = True
        try:
            yield
        finally:
            self._is_loading = False

    def _guard_execute(self, state: ORMExecuteState) -> None:
        if not (self._is_loading and state.is_select):
            raise OmzeilingGeweigerd

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise OmzeilingGeweigerd

    connection = query = bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = merge = _refuse
