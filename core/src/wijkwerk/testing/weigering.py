"""A refusal, tested together with "and nothing happened"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from wijkwerk.errors import WijkwerkError
from wijkwerk.records.declare import Record
from wijkwerk.records.session import Work
from wijkwerk.testing.wijk import Wijk


async def refused(
    wijk: Wijk, rol: Any, error: type[WijkwerkError], unit: Callable[[Work], Any], *, records: Sequence[type[Record]]
) -> WijkwerkError:
    """This unit of work is refused with this very error, and every row of these records is as it was; the error."""
    before = await rows_of(wijk, records)
    with pytest.raises(error) as found:
        await wijk.schrijf(rol, unit)
    assert type(found.value) is error
    assert await rows_of(wijk, records) == before
    return found.value


async def rows_of(wijk: Wijk, records: Sequence[type[Record]]) -> list[Any]:
    """Every row of these records, in any municipality and out of anybody's reach."""
    return [row for record in records for row in await wijk.rows(select(record.tabel()).order_by("id"))]
