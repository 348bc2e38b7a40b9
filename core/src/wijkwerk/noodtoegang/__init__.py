"""Break-glass: one resident, a short time, for looking, told at once and judged by somebody else (domain.md 3.6; peers.md D 10)."""
