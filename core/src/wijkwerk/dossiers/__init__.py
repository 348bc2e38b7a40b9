"""The case: opened, held, put on hold, handed over, closed and opened again (domain.md 9.1)."""
