"""Fixtures for every test in the repository: real databases (core/src/wijkwerk/testing/fixtures.py)."""

from __future__ import annotations

pytest_plugins = ["wijkwerk.testing.fixtures"]
