"""Where rows live: SQLite (embedded) and PostgreSQL, one code path (docs/decisions/0001)."""
