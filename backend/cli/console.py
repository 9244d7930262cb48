"""What commands print: results on standard output, progress and errors on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

EVERY = 5.0
"""Seconds between two plain lines of progress where nobody watches a terminal."""

DONE, REFUSED, USAGE, UNREACHABLE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 70, 130
"""Exit codes (docs/cli.md)."""

WIDE = 200
"""Columns of a table in a file or pipe, where no terminal says how wide it is."""

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True, width=None if sys.stderr.isatty() else WIDE)


class Failure(Exception):
    """A command ends with this line and exit code."""

    def __init__(self, message: str, code: int = REFUSED):
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """One plain line of what goes on, as it is (no markup)."""
    err.print(text, markup=False)


class Advance(Protocol):
    """Advances a step by so many; `total` where that has become known only now."""

    def __call__(self, count: int, total: int | None = None) -> None: ...


@contextmanager
def track(title: str, total: int) -> Iterator[Advance]:
    """Shows a long step: a bar on a terminal, else plain lines. Gives what advances it."""
    if err.is_terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=err) as progress:
            task = progress.add_task(title, total=total)

            def draw(count: int, total: int | None = None) -> None:
                progress.update(task, advance=count, total=total)

            yield draw
        return
    done, began, whole = 0, time.monotonic(), total
    said = began

    def tell(count: int, total: int | None = None) -> None:
        nonlocal done, said, whole
        done, whole = done + count, whole if total is None else total
        if time.monotonic() - said > EVERY:
            said = time.monotonic()
            say(f"{title}: {done} of {whole}")

    say(f"{title} …")
    yield tell
    say(f"{title}: {done} of {whole} in {time.monotonic() - began:.1f} s")
