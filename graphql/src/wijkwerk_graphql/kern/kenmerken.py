"""Who is asked about, as arguments: each of `Kenmerken` by itself, so that a client fills in what it knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any, TypeVar, get_type_hints

from wijkwerk.zoeken.kenmerken import Kenmerken

T = TypeVar("T")


def los_gevraagd(function: Callable[..., T]) -> Callable[..., T]:
    """A mutation whose argument `kenmerken` is asked in its parts, in the place where it stands."""
    parts, own = get_type_hints(Kenmerken), signature(function, eval_str=True)

    @wraps(function)
    def called(*engine: Any, **given: Any) -> T:
        return function(*engine, kenmerken=Kenmerken(**{name: given.pop(name, None) for name in parts}), **given)

    def asked(one: Parameter) -> list[Parameter]:
        whole = one.name != "kenmerken"
        return [one] if whole else [Parameter(name, one.kind, default=None, annotation=kind) for name, kind in parts.items()]

    parameters = [each for one in own.parameters.values() for each in asked(one)]
    vars(called)["__signature__"] = own.replace(parameters=parameters)
    return called
