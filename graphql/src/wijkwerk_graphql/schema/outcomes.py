"""Answers that are no record: a dataclass whose fields say in Dutch what they are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints
from uuid import UUID

from wijkwerk.access.permissions import Permission

C = TypeVar("C", bound=type[Any])
MARK = "__uitkomst__"


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """What the schema knows of an answer type: per field its type and description, and the permission of all of them."""

    naam: str
    uitleg: str
    requires: Permission
    velden: dict[str, tuple[Any, str | None]]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def uitkomst(*, requires: Permission) -> Callable[[C], C]:
    """Make a class an answer type. Fields are `naam: Annotated[str, "wat het is"]`; the docstring is the description, in Dutch."""

    def to(cls: C) -> C:
        dataclass(frozen=True, kw_only=True)(cls)
        velden = {name: described(hint) for name, hint in get_type_hints(cls, include_extras=True).items()}
        setattr(cls, MARK, Uitkomst(cls.__name__, inspect.cleandoc(cls.__doc__ or ""), requires, velden))
        return cls

    return to


def gelezen(ids: Any) -> Any:
    """In the answer of a mutation: the record with this id, or the records with these. It is read after the commit, as what was asked."""
    return ids if isinstance(ids, UUID) else tuple(ids)


def described(hint: Any) -> tuple[Any, str | None]:
    """The type and the description of `Annotated[type, "description"]`; no description for another hint."""
    if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], str):
        return get_args(hint)[0], get_args(hint)[1]
    return hint, None
