"""Keys and sealed values: key provider ─▶ key-encryption key per gemeente ─▶ data key per person ─▶ value (design.md 6)."""
