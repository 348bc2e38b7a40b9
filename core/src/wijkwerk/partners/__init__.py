"""Other organisations that are let in to residents: coupled, referred to, or asking to be let in (domain.md 9.6; peers.md D 13, 14)."""
