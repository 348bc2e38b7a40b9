"""The leak matrix: every field of the schema, by every path, asked as everybody, and compared with the oracle (design.md 11.1).

A plugin gets it in three lines: `class TestLekken(Lekmatrix): ...` with its own fixtures `plugins` and `migraties`.
"""

from __future__ import annotations

from wijkwerk_graphql.testing.lekken.matrix import Lekmatrix

__all__ = ["Lekmatrix"]
