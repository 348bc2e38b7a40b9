"""The triggers that the first revision of the core made on the log. History: not to be changed."""

from __future__ import annotations

from alembic import op

_REFUSAL = "log_regel: regels kunnen alleen worden toegevoegd"
_EXPIRED = "SELECT 1 FROM log_vervallen WHERE OLD.periode <= tot_en_met"

_TRIGGERS = {
    "sqlite": (
        f"CREATE TRIGGER log_regel_vast BEFORE UPDATE ON log_regel BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "CREATE TRIGGER log_regel_blijft BEFORE DELETE ON log_regel "
        f"WHEN NOT EXISTS ({_EXPIRED}) BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION log_regel_weigert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF EXISTS ({_EXPIRED}) THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER log_regel_vast BEFORE UPDATE OR DELETE ON log_regel FOR EACH ROW EXECUTE FUNCTION log_regel_weigert()",
        "CREATE TRIGGER log_regel_blijft BEFORE TRUNCATE ON log_regel FOR EACH STATEMENT EXECUTE FUNCTION log_regel_weigert()",
    ),
}


def make() -> None:
    """Make `log_regel` append-only."""
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def drop() -> None:
    """Take that away, before the table is dropped or made anew. On PostgreSQL the triggers go with the function."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS log_regel_weigert() CASCADE")
    else:
        op.execute("DROP TRIGGER IF EXISTS log_regel_vast")
        op.execute("DROP TRIGGER IF EXISTS log_regel_blijft")
