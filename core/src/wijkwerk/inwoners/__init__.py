"""Residents, and who represents them, who look at their own file (domain.md 2.7, 3.5, 9.6)."""
