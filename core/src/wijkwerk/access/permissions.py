"""Permissions are declared objects: a name, a sentence for people, and the roles that have it unless a policy says otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z_]+(:[a-z_]+)+")


@dataclass(frozen=True, slots=True)
class Permission:
    """The right to do one kind of thing, to nobody in particular: whose is decided by betrokkenheid.

    `naam` is `<concept>:<...>:<action>`, `uitleg` a Dutch sentence, `rollen` the default grants.
    Raises ValueError for a name of another shape.
    """

    naam: str
    uitleg: str
    rollen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.naam):
            raise ValueError(f"permission {self.naam!r}: write lower-case words with colons, such as 'dossier:lezen'")


PUBLIC = Permission("schema:publiek", "Voor iedereen die is aangemeld; hier staan geen persoonsgegevens in.")
