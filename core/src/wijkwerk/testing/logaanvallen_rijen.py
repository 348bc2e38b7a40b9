"""Attacks on what only a database has: columns to search by, the stored tree, values that a column can't hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from random import Random

Rows = sqlite3.Connection
RowAttack = Callable[[Rows, Random], str]
ROW_ATTACKS: dict[str, RowAttack] = {}

_SEARCHED = {
    "periode": "'2020-01'", "tijdstip": "'2020-01-01 00:00:00.000000'", "gemeente_id": "zeroblob(16)", "gebruiker": "zeroblob(16)",
    "organisatie": "zeroblob(16)", "activiteit": "'X'", "doelen": "' X '", "gebeurtenis": "'AANMAKEN'", "resultaat": "'FOUT'",
}  # fmt: skip
_BLOBS = {
    "log_regel": ["hash"], "log_stroom": ["sleutel", "certificaat"], "log_kop": ["hash", "handtekening"],
    "log_segment": ["vorige", "hash", "wortel"], "log_boom": ["hash"],
}  # fmt: skip


def attack(function: RowAttack) -> RowAttack:
    """One on rows; gives the place that must be named."""
    ROW_ATTACKS[function.__name__] = function
    return function


def some(raw: Rows, rnd: Random, table: str, where: str = "TRUE") -> int:
    """The row id of some row."""
    return int(rnd.choice(raw.execute(f"SELECT rowid FROM {table} WHERE {where}").fetchall())[0])  # noqa: S608 - names of our own


def entry(raw: Rows, row: int) -> str:
    """The place of an entry."""
    [(stroom, seq)] = raw.execute("SELECT lower(hex(stroom)), seq FROM log_regel WHERE rowid = ?", (row,))
    return f"stroom {stroom}, regel {seq}"


@attack
def change_a_column_to_search_by(raw: Rows, rnd: Random) -> str:
    row, (name, value) = some(raw, rnd, "log_regel"), rnd.choice(list(_SEARCHED.items()))
    raw.execute(f"UPDATE log_regel SET {name} = {value} WHERE rowid = ?", (row,))  # noqa: S608 - names of our own
    return entry(raw, row)


@attack
def swap_columns_to_search_by(raw: Rows, rnd: Random) -> str:
    """Between a read and an entry of another kind."""
    one, other = some(raw, rnd, "log_regel", "gebeurtenis = 'LEZEN'"), some(raw, rnd, "log_regel", "gebeurtenis <> 'LEZEN'")
    found = {row: raw.execute("SELECT gebeurtenis, gemeente_id FROM log_regel WHERE rowid = ?", (row,)).fetchone() for row in (one, other)}
    for row, source in ((one, other), (other, one)):
        raw.execute("UPDATE log_regel SET gebeurtenis = ?, gemeente_id = ? WHERE rowid = ?", (*found[source], row))
    return entry(raw, rnd.choice([one, other]))


@attack
def let_a_person_not_be_found(raw: Rows, rnd: Random) -> str:
    pseudoniem, stroom, seq = rnd.choice(raw.execute("SELECT pseudoniem, stroom, seq FROM log_betrokkene").fetchall())
    way = rnd.choice(["DELETE FROM log_betrokkene", "UPDATE log_betrokkene SET pseudoniem = zeroblob(16)"])
    raw.execute(f"{way} WHERE pseudoniem = ? AND stroom = ? AND seq = ?", (pseudoniem, stroom, seq))
    return f"stroom {stroom.hex()}, regel {seq}"


@attack
def let_a_person_be_found_in_an_entry_that_is_not_there(raw: Rows, rnd: Random) -> str:
    stroom = rnd.choice([rnd.randbytes(16), raw.execute("SELECT id FROM log_stroom").fetchone()[0]])
    seq = rnd.randrange(1000, 2**40)
    raw.execute(
        "INSERT INTO log_betrokkene (pseudoniem, tijdstip, stroom, seq) VALUES (zeroblob(16), '2027-01-01 00:00:00.000000', ?, ?)",
        (stroom, seq),
    )
    return f"stroom {stroom.hex()}, regel {seq}"


@attack
def change_the_stored_tree(raw: Rows, rnd: Random) -> str:
    niveau, nummer = rnd.choice(raw.execute("SELECT niveau, nummer FROM log_boom").fetchall())
    way = rnd.choice(["UPDATE log_boom SET hash = zeroblob(32)", "DELETE FROM log_boom"])
    raw.execute(f"{way} WHERE niveau = ? AND nummer = ?", (niveau, nummer))
    return f"boom, niveau {niveau}, nummer {nummer}" if way.startswith("UPDATE") or niveau == 0 else "boom, niveau"


@attack
def add_to_the_stored_tree(raw: Rows, rnd: Random) -> str:
    [(size,)], niveau = raw.execute("SELECT max(blad) + 1 FROM log_segment"), rnd.choice([0, 1, 3, 7, 40])
    nummer = size >> niveau
    raw.execute("INSERT INTO log_boom VALUES (?, ?, zeroblob(32))", (niveau, nummer))
    return f"boom, niveau {niveau}, nummer {nummer}"


@attack
def give_a_checkpoint_another_size(raw: Rows, rnd: Random) -> str:
    raw.execute("UPDATE log_checkpoint SET omvang = omvang + 500 WHERE rowid = ?", (some(raw, rnd, "log_checkpoint"),))
    return "checkpoint"


@attack
def remove_a_checkpoint_that_was_confirmed(raw: Rows, rnd: Random) -> str:
    raw.execute("DELETE FROM log_checkpoint WHERE omvang = (SELECT omvang FROM log_getuige ORDER BY omvang LIMIT 1)")
    return "checkpoint"


@attack
def put_in_what_a_column_cant_hold(raw: Rows, rnd: Random) -> str:
    """SQLite keeps it."""
    table = rnd.choice(list(_BLOBS))
    row, name = some(raw, rnd, table), rnd.choice(_BLOBS[table])
    raw.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (rnd.choice(["tekst", "", -5, 1.5, b"kort"]), row))  # noqa: S608 - names of our own
    return "boom" if table == "log_boom" else ""


@attack
def put_in_a_name_or_moment_that_is_none(raw: Rows, rnd: Random) -> str:
    table, name = rnd.choice(
        [("log_regel", "stroom"), ("log_regel", "tijdstip"), ("log_segment", "stroom"), ("log_kop", "stroom"), ("log_stroom", "id")]
    )
    raw.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (rnd.choice(["tekst", b"kort", 7]), some(raw, rnd, table)))  # noqa: S608 - names of our own
    return ""
