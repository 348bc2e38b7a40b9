"""Fixtures for every test in the repository: real databases, and a made-up municipality on them (core/src/wijkwerk/testing/).

Around every test it is looked whether something that was sealed is readable anywhere (klaartekst.py).
"""

from __future__ import annotations

# the first watches, and is imported by the others
pytest_plugins = [
    "wijkwerk.testing.klaartekst",
    "wijkwerk.testing.fixtures",
    "wijkwerk.testing.wijk",
    "wijkwerk.testing.dekking",
    "wijkwerk.testing.letters",
]
