"""For tests of the core and of plugins: ask something as who has a role (`Vrager`), a running server (`draaiend`).

The leak matrix is in `wijkwerk_graphql.testing.lekken`.
"""

from __future__ import annotations

from wijkwerk_graphql.testing.server import NU, Dienst, draaiend
from wijkwerk_graphql.testing.vrager import Vrager, codes

__all__ = ["NU", "Dienst", "Vrager", "codes", "draaiend"]
