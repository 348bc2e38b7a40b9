"""Planned work: named, once per period, safe to start twice and on several machines at once (design.md 10)."""
