"""Appointments with residents: planned, changed, called off, and what came of them. A no-show is a fact, not a sanction (domain.md 2.4)."""
