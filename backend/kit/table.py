"""CSV as people make it: with or without byte order mark, comma, semicolon or tab, any line ends."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

SEPARATORS = (",", ";", "\t")


class BadFile(ValueError):
    """A file cannot be read as a whole; the message says why, in one line."""


def read_text(path: Path) -> str:
    """The file's text, without a byte order mark. Raises `BadFile`."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BadFile(f"{path}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 (byte {error.start}); save it as CSV UTF-8") from None
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from None


def rows(
    text: str, path: Path, required: Sequence[str], allowed: Sequence[str] | None = None
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
                raise BadFile(f"{path}, line {line}: {len(values)} fields, the header has {len(header)}")
            found.append((line, dict(zip(header, values + [""] * len(header), strict=False))))
    except csv.Error as error:
        raise BadFile(f"{path}, line {reader.line_num}: {error}") from None
    if header is None:
        raise BadFile(f"{path}: the file is empty")
    return found


def _header(
    names: list[str], line: int, path: Path, required: Sequence[str], allowed: Sequence[str] | None
) -> list[str]:
    for name in required:
        if name not in names:
            raise BadFile(f"{path}, line {line}: there is no column `{name}`")
    for name in names:
        if names.count(name) > 1:
            raise BadFile(f"{path}, line {line}: two columns are named `{name}`")
        if allowed is not None and name not in (*required, *allowed):
            known = ", ".join((*required, *allowed))
            raise BadFile(f"{path}, line {line}: column `{name}` is none of {known}")
    return names
