"""Backups: data and keys in two places, so that what was destroyed stays destroyed when data from before is put back (design.md 6)."""
