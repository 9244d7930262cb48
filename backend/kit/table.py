"""CSV as people make it: with or without byte order mark, comma, semicolon or tab, any line ends."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.kit.texts import N_, Told

SEPARATORS = (",", ";", "\t")


class BadFile(ValueError):
    """A file cannot be read as a whole; the message says why, in one line.

    `reason` is the same without the file's name, `line` where it is (0: the file as a whole).
    """

    def __init__(self, path: Path | str, reason: str | Told, line: int = 0):
        place = f"{path}, line {line}" if line else path
        super().__init__(f"{place}: {reason}")
        self.reason = reason if isinstance(reason, Told) else Told(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a list cannot be taken: an English text, to be translated where it is shown, and its values.

    `column` is empty where it is about the whole line, `line` 0 where it is about the list as a whole.
    """

    line: int
    column: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return self.text % self.values if self.values else self.text


class BadList(Exception):
    """Rows that are not understood."""

    def __init__(self, faults: list[Fault]):
        super().__init__(f"{len(faults)} faults")
        self.faults = sorted(faults, key=lambda fault: fault.line)


def read_text(path: Path) -> str:
    """The file's text, without a byte order mark. Raises `BadFile`."""
    try:
        return decoded(path.read_bytes(), path)
    except FileNotFoundError:
        raise BadFile(path, "there is no such file") from None
    except OSError as error:
        raise BadFile(path, error.strerror or "cannot be read") from None


def decoded(body: bytes, path: Path | str) -> str:
    """The text of a file's bytes, without a byte order mark. Raises `BadFile`."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(
            path, Told(N_("not UTF-8 (byte %(byte)s); save it as CSV UTF-8"), byte=error.start)
        ) from None


def parsed(
    text: str,
    path: Path | str,
    parsers: Mapping[str, Callable[[str], Any]],
    required: Sequence[str],
) -> list[tuple[int, dict[str, Any]]]:
    """Rows as `rows` gives them, each field as its parser (of all columns there may be) makes it.

    A parser raises ValueError, or Told where the reason names values. Raises `BadFile`, or `BadList` with
    every field that is not understood.
    """
    found, faults = [], []
    for line, row in rows(text, path, required, tuple(parsers)):
        values: dict[str, Any] = {}
        for column, parse in parsers.items():
            try:
                values[column] = parse(row.get(column, ""))
            except ValueError as error:
                told = error if isinstance(error, Told) else Told(str(error))
                faults.append(Fault(line, column, told.text, told.values))
        found.append((line, values))
    if faults:
        raise BadList(faults)
    if not found:
        raise BadFile(path, N_("the list has no rows"))
    return found


def rows(
    text: str, path: Path | str, required: Sequence[str], allowed: Sequence[str] | None = None
) -> list[tuple[int, dict[str, str]]]:
    """Rows with the line that each begins at (1 is the header), fields stripped. Empty lines are passed over.

    `allowed`: names that the header may have besides; any, unless given. Raises `BadFile`.
    """
    separator = max(SEPARATORS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    found = []
    last = 0
    try:
        for fields in reader:
            line, last = last + 1, reader.line_num
            values = [field.strip() for field in fields]
            if not any(values):
                continue
            if header is None:
                header = _header(values, line, path, required, allowed)
                continue
            if len(values) > len(header):
                told = N_("%(count)s fields, the header has %(most)s")
                raise BadFile(path, Told(told, count=len(values), most=len(header)), line)
            found.append((line, dict(zip(header, values + [""] * len(header), strict=False))))
    except csv.Error as error:
        raise BadFile(path, str(error), reader.line_num) from None
    if header is None:
        raise BadFile(path, N_("the file is empty"))
    return found


def _header(
    names: list[str], line: int, path: Path | str, required: Sequence[str], allowed: Sequence[str] | None
) -> list[str]:
    for name in required:
        if name not in names:
            raise BadFile(path, Told(N_("there is no column `%(name)s`"), name=name), line)
    for name in names:
        if names.count(name) > 1:
            raise BadFile(path, Told(N_("two columns are named `%(name)s`"), name=name), line)
        if allowed is not None and name not in (*required, *allowed):
            known = ", ".join(dict.fromkeys((*required, *allowed)))
            raise BadFile(
                path, Told(N_("column `%(name)s` is none of %(known)s"), name=name, known=known), line
            )
    return names
