"""Worries about a resident, who reported them, and the steps of the meldcode (domain.md 9.4, 9.5)."""
