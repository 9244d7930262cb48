"""What importers have to say of a file's rows, shown and written."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from backend.cli.console import USAGE, Failure, err, say

if TYPE_CHECKING:
    from backend.cities.importer import Remark

SHOWN = 40
"""Remarks that are printed; all of them are in the report."""


def show(remarks: Sequence["Remark"], rows: int, found: str, what: str) -> None:
    """Prints the first of them. `found`: what the file holds, `what`: the thing that a row is about."""
    doubts = sum(not remark.taken for remark in remarks)
    say(f"{rows} rows read, {found}; {doubts} doubts, {len(remarks) - doubts} remarks")
    if not remarks:
        return
    table = Table("line", what, "field", "value", "what", "reason", box=None, pad_edge=False)
    for remark in sorted(remarks, key=lambda r: (r.taken, r.line))[:SHOWN]:
        read = "read so" if remark.taken else "left out"
        table.add_row(str(remark.line), remark.name, remark.field, remark.value, read, remark.reason)
    err.print(table)
    if len(remarks) > SHOWN:
        say(f"… and {len(remarks) - SHOWN} more: --report FILE writes them all")


def write(path: Path, remarks: Sequence["Remark"]) -> None:
    """Writes all of them as CSV. Raises `Failure`."""
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "id", "name", "field", "value", "taken", "reason"])
            for r in remarks:
                writer.writerow(
                    [r.line, r.id, r.name, r.field, r.value, "yes" if r.taken else "no", r.reason]
                )
    except OSError as error:
        raise Failure(f"--report {path}: {error.strerror}", USAGE) from None
