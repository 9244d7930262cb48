"""Derived tables: totals and states, folded from facts by set-based SQL.

The statements are written for psycopg's placeholders `%(lo)s` and `%(hi)s`, the first and last block of a
range; a percent sign is written `%%`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Execute = Callable[[str, Mapping[str, Any]], Any]
"""Runs a statement with its parameters: the `execute` of a cursor."""

LAST = 2**63 - 1
"""The last block that a column can hold."""


@dataclass(frozen=True)
class Total:
    """Sums per key. A window adds its delta, a reorganisation subtracts it; a row whose sums are all zero
    is deleted.

    Args:
        name: The table.
        key: Key columns and their types.
        sums: Summed columns and their types (`bigint`, or `numeric(78,0)` for token amounts).
        delta: SQL with the key and sum columns by name, ungrouped, for the facts of blocks `lo` to `hi`.
            It may join facts of any block up to `hi`.
    """

    name: str
    key: Mapping[str, str]
    sums: Mapping[str, str]
    delta: str

    @property
    def columns_sql(self) -> Mapping[str, str]:
        return {**self.key, **{name: f"{type_} NOT NULL" for name, type_ in self.sums.items()}}

    def apply(self, execute: Execute, lo: int, hi: int) -> None:
        """Add the facts of blocks `lo` to `hi`."""
        execute(self._merge("+"), {"lo": lo, "hi": hi})

    def unapply(self, execute: Execute, lo: int, hi: int) -> None:
        """Subtract the facts of blocks `lo` to `hi`, which are still there."""
        execute(self._merge("-"), {"lo": lo, "hi": hi})

    def at(self, moment: int) -> str:
        """Return a query of the table as it was after block `moment`: what came since is subtracted."""
        columns = ", ".join(map(_q, [*self.key, *self.sums]))
        since = ", ".join([*map(_q, self.key), *(f"-{_q(s)}" for s in self.sums)])
        later = _render(self.delta, moment + 1, LAST)
        both = f"SELECT {columns} FROM {_q(self.name)} UNION ALL SELECT {since} FROM ({later}) later"
        return f"SELECT {self._grouped} FROM ({both}) d {self._group}"

    @property
    def _grouped(self) -> str:
        return ", ".join(
            [*map(_q, self.key), *(f"sum({_q(s)})::{type_} AS {_q(s)}" for s, type_ in self.sums.items())]
        )

    @property
    def _group(self) -> str:
        nonzero = " OR ".join(f"sum({_q(s)}) <> 0" for s in self.sums)
        return f"GROUP BY {', '.join(map(_q, self.key))} HAVING {nonzero}"

    def _merge(self, sign: str) -> str:
        columns = [*self.key, *self.sums]
        new = [
            *(f"d.{_q(k)}" for k in self.key),
            *(f"{'-' if sign == '-' else ''}d.{_q(s)}" for s in self.sums),
        ]
        zero = " AND ".join(f"t.{_q(s)} {sign} d.{_q(s)} = 0" for s in self.sums)
        changed = ", ".join(f"{_q(s)} = t.{_q(s)} {sign} d.{_q(s)}" for s in self.sums)
        return f"""
            MERGE INTO {_q(self.name)} t
            USING (SELECT {self._grouped} FROM ({self.delta}) d {self._group}) d
            ON {_on(self.key, "t", "d")}
            WHEN MATCHED AND {zero} THEN DELETE
            WHEN MATCHED THEN UPDATE SET {changed}
            WHEN NOT MATCHED THEN INSERT ({", ".join(map(_q, columns))}) VALUES ({", ".join(new)})
        """


@dataclass(frozen=True)
class State:
    """The latest fact per key. After a window the touched keys' rows are computed again from the facts.

    Args:
        name: The table.
        key: Key columns and their types.
        columns: Further columns and their types; may be null.
        touched: SQL with the key columns of what facts of blocks `lo` to `hi` touch, repeats allowed.
        latest: SQL with key and other columns by name, at most one row per key, of facts up to block `hi`.
            It sees a relation `touched` of distinct keys and gives only rows of these.
    """

    name: str
    key: Mapping[str, str]
    columns: Mapping[str, str]
    touched: str
    latest: str

    @property
    def columns_sql(self) -> Mapping[str, str]:
        return {**self.key, **self.columns}

    def apply(self, execute: Execute, lo: int, hi: int) -> None:
        """Compute again what the facts of blocks `lo` to `hi` touched."""
        execute(f"WITH touched AS MATERIALIZED ({self._keys}) {self._merge}", {"lo": lo, "hi": hi})

    def mark(self, execute: Execute, lo: int, hi: int) -> None:
        """Remember what blocks `lo` to `hi` touched, before their facts go."""
        execute(
            f"CREATE TEMPORARY TABLE {_q(self._marked)} ON COMMIT DROP AS {self._keys}", {"lo": lo, "hi": hi}
        )

    def unapply(self, execute: Execute, hi: int) -> None:
        """Compute again what was marked, now that facts above block `hi` are gone."""
        touched = f"WITH touched AS (SELECT * FROM {_q(self._marked)})"
        execute(f"{touched} {self._merge}", {"hi": hi})
        execute(f"DROP TABLE {_q(self._marked)}", {})

    def at(self, moment: int) -> str:
        """Return a query of the table as it was after block `moment`: what was touched since is computed
        again.
        """
        touched, latest = _render(self._keys, moment + 1, LAST), _render(self.latest, 0, moment)
        return f"""
            WITH touched AS ({touched})
            SELECT {self._columns} FROM {_q(self.name)} s
            WHERE NOT EXISTS (SELECT FROM touched k WHERE {_on(self.key, "s", "k")})
            UNION ALL SELECT {self._columns} FROM ({latest}) l
        """

    @property
    def _marked(self) -> str:
        return f"touched_{self.name}"

    @property
    def _columns(self) -> str:
        return ", ".join(map(_q, self.columns_sql))

    @property
    def _keys(self) -> str:
        return f"SELECT DISTINCT {', '.join(map(_q, self.key))} FROM ({self.touched}) k"

    @property
    def _merge(self) -> str:
        columns = [*self.key, *self.columns]
        update = (
            ", ".join(f"{_q(c)} = d.{_q(c)}" for c in self.columns)
            or f"{_q(columns[0])} = d.{_q(columns[0])}"
        )
        return f"""
            MERGE INTO {_q(self.name)} s
            USING (
                SELECT {", ".join(f"k.{_q(c)}" for c in self.key)},
                    {"".join(f"l.{_q(c)}, " for c in self.columns)} l.here IS NOT NULL AS here
                FROM touched k LEFT JOIN (SELECT {self._columns}, true AS here FROM ({self.latest}) x) l
                ON {_on(self.key, "k", "l")}
            ) d
            ON {_on(self.key, "s", "d")}
            WHEN MATCHED AND NOT d.here THEN DELETE
            WHEN MATCHED THEN UPDATE SET {update}
            WHEN NOT MATCHED AND d.here THEN INSERT ({", ".join(map(_q, columns))})
                VALUES ({", ".join(f"d.{_q(c)}" for c in columns)})
        """


Derived = Total | State


def ddl(derived: Derived) -> str:
    """Return the statement that makes the table."""
    columns = ",\n  ".join(f"{_q(name)} {type_}" for name, type_ in derived.columns_sql.items())
    key = ", ".join(map(_q, derived.key))
    return f"CREATE TABLE {_q(derived.name)} (\n  {columns},\n  PRIMARY KEY ({key})\n)"


def source(relation: Derived | str, moment: int | None = None) -> str:
    """Return what to write after FROM: the table, or a subquery with the same columns as of an earlier block.

    Args:
        relation: A derived table, or the name of a fact table.
        moment: The block after which to look; None: now.

    The text has no placeholders: it can stand in a statement of psycopg or of SQLAlchemy.
    """
    if isinstance(relation, str):
        past = f"(SELECT * FROM {_q(relation)} WHERE block_number <= {moment or 0:d})"
        return _q(relation) if moment is None else past
    return _q(relation.name) if moment is None else f"({relation.at(moment)})"


def _render(statement: str, lo: int, hi: int) -> str:
    return statement % {"lo": int(lo), "hi": int(hi)}


def _on(key: Mapping[str, str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{_q(k)} = {right}.{_q(k)}" for k in key)


def _q(name: str) -> str:
    return f'"{name}"'
