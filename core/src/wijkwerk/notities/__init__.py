"""Case notes: encrypted, versioned, never edited (design.md 6; domain.md 9.4). Only here and in crypto/ is the plain text held."""
