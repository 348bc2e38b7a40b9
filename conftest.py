"""Fixtures for every test in the repository: real databases, and a made-up municipality on them (core/src/wijkwerk/testing/)."""

from __future__ import annotations

pytest_plugins = ["wijkwerk.testing.fixtures", "wijkwerk.testing.wijk"]
