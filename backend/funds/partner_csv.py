"""Partners' statements and notices as files. Whole amounts have a point and no grouping, whatever the
reader's language; headings are those of the template, in English.
"""

import csv as table
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi.responses import Response

from backend.funds.partner_schemas import Notices
from backend.funds.statements import Statement
from backend.kit.moment import AtBlock
from backend.merits.tokens import Token
from backend.web.i18n import Format

_WRITE = Format("en")
COLUMNS = ("quarter_to_date", "year_to_date", "since_inception")
STATEMENT = (
    "fund", "fund_name", "partner_of", "from", "until", "section", "heading", "total",
    *(f"{whose}_{column}_base_units" for whose in ("partner", "fund") for column in COLUMNS),
    *(f"{whose}_{column}" for whose in ("partner", "fund") for column in COLUMNS), "symbol", "token",
)  # fmt: skip
NOTICES = (
    "time", "notice", "fund", "fund_name", "number", "due", "amount_base_units", "amount", "symbol", "token",
    "commitment", "called", "unfunded", "units", "credited", "whole", "capital", "hurdle", "catch_up", "rest",
    "carry", "purpose", "block_number", "log_index", "tx_hash",
)  # fmt: skip


def of_statement(made: Statement, known: Mapping[str, Token], at: AtBlock) -> Response:
    """A statement: a line for each heading."""
    held, token = made.position, known.get(made.position.token)
    lines = []
    for section, those in made.sections.items():
        for line in those:
            sums = (*line.partner, *line.fund)
            whole = [_whole(value, token) for value in sums]
            lines.append(
                (
                    held.contract, held.name, held.symbol, _WRITE.iso(made.period.begins),
                    _WRITE.iso(made.ends), section, line.heading, "total" if line.total else "", *sums,
                    *whole, token.symbol if token else None, held.token,
                )
            )  # fmt: skip
    name = f"statement-{held.symbol}-{made.period.year}-Q{made.period.quarter}"
    return _file(STATEMENT, lines, "".join(c if c.isalnum() and c.isascii() else "-" for c in name), at)


def of_notices(found: Notices, known: Mapping[str, Token], at: AtBlock) -> Response:
    """Notices: a line each, newest first. Amounts beside the first are base units."""
    notices = sorted(
        (*found.calls, *found.credits), key=lambda one: (one.block_number, one.log_index), reverse=True
    )
    lines = []
    for notice in notices:
        said, token = notice.model_dump(), known.get(notice.token)
        due = said.get("due_at")
        said |= {
            "time": _WRITE.iso(notice.time),
            "fund": notice.contract,
            "fund_name": notice.name,
            "due": _WRITE.iso(due) if due else None,
            "amount_base_units": notice.amount,
            "amount": _whole(notice.amount, token),
            "symbol": token.symbol if token else None,
        }
        lines.append([said.get(column) for column in NOTICES])
    return _file(NOTICES, lines, "notices", at)


def _whole(amount: int, token: Token | None) -> str | None:
    if token is None:
        return None
    whole, rest = divmod(abs(amount), 10**token.decimals)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{token.decimals}d}" if token.decimals else f"{sign}{whole}"


def _file(header: Sequence[str], lines: Iterable[Sequence[Any]], name: str, at: AtBlock) -> Response:
    written = io.StringIO()
    out = table.writer(written, lineterminator="\n")
    out.writerow(header)
    out.writerows([_harmless(value) for value in line] for line in lines)
    return Response(
        written.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "At-Block": f"{at.number}:{at.hash}",
        },
    )


def _harmless(value: Any) -> Any:
    """A fund may call itself anything: what a table would take for a formula is told as text. Headings that
    begin with a sign are left as they are.
    """
    risky = isinstance(value, str) and value[:1] in ("=", "@", "\t", "\r")
    return f"'{value}" if risky else value
