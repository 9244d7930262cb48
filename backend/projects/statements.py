"""Statements: what a backer paid and received in a year, and what a city spent. Lines are facts, one each."""

import csv as table
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import AtBlock, Moment
from backend.kit.rows import rows
from backend.kit.types import Address, Amount, Hash
from backend.merits.tokens import Token
from backend.projects.money_derived import CAMPAIGN
from backend.projects.money_schemas import Form
from backend.projects.names import SOURCES
from backend.web.i18n import Format

Conn = AsyncConnection

Entry = Literal[
    "pledge", "withdrawal", "refund", "proceeds", "moved_in", "moved_out",
    "round_funded", "match_paid", "match_returned", "rest_reclaimed", "state_pledge",
    "state_withdrawal", "state_refund",
]  # fmt: skip


class Line(BaseModel):
    """An entry. `amount` left the account or the city where `sign` is -1, came to it where it is 1, and
    only tells where
    it is 0.
    """

    entry: Entry
    sign: int
    time: int
    project_id: int | None = None
    contract: Address | None = None
    form: Form | None = None
    round_id: int | None = None
    account: Address | None = None
    source: int | None = None
    token: Address
    amount: Amount
    tx_hash: Hash
    block_number: int
    log_index: int


class Sum(BaseModel):
    """Of the lines of one kind in one token."""

    entry: Entry
    sign: int
    token: Address
    amount: Amount
    count: int


@dataclass(frozen=True)
class Statement:
    """Lines of a year, oldest first. `begins`, `ends`: seconds since 1970."""

    year: int
    begins: int
    ends: int
    lines: list[Line]

    @property
    def tokens(self) -> list[str]:
        return list(dict.fromkeys(line.token for line in self.lines))

    @property
    def sums(self) -> list[Sum]:
        """By token, in the order in which kinds of entries came."""
        found: dict[tuple[str, str], Sum] = {}
        for line in self.lines:
            total = found.setdefault(
                (line.token, line.entry),
                Sum(entry=line.entry, sign=line.sign, token=line.token, amount=0, count=0),
            )
            total.amount += line.amount
            total.count += 1
        return sorted(found.values(), key=lambda total: self.tokens.index(total.token))

    def balance(self, token: str) -> int:
        """What came less what left, base units."""
        return sum(line.sign * line.amount for line in self.lines if line.token == token)


async def of_backer(conn: Conn, moment: Moment, wallet: bytes, year: int) -> Statement:
    """What a wallet paid into campaigns and received from them. What a recovery moved is told, not
    counted."""
    return await _statement(
        conn,
        year,
        f"""
        SELECT f.*, c.project_id, c.form, c.token, NULL::bigint AS round_id, NULL::bytea AS account FROM (
            SELECT 'pledge' AS entry, -1 AS sign, contract, amount, source, {_PLACE} FROM
                {moment.of("pledged")} f
            WHERE backer = %(wallet)s
            UNION ALL SELECT 'withdrawal', 1, contract, amount, NULL, {_PLACE}
            FROM {moment.of("pledge_withdrawn")} f WHERE backer = %(wallet)s
            UNION ALL SELECT 'refund', 1, contract, amount, NULL, {_PLACE}
            FROM {moment.of("pledge_refunded")} f WHERE backer = %(wallet)s
            UNION ALL SELECT 'proceeds', 1, contract, amount, NULL, {_PLACE}
            FROM {moment.of("proceeds_claimed")} f WHERE backer = %(wallet)s
            UNION ALL SELECT 'moved_in', 0, contract, amount, NULL, {_PLACE}
            FROM {moment.of("pledge_moved")} f WHERE new_wallet = %(wallet)s
            UNION ALL SELECT 'moved_out', 0, contract, amount, NULL, {_PLACE}
            FROM {moment.of("pledge_moved")} f WHERE old_wallet = %(wallet)s
        ) f JOIN {moment.of(CAMPAIGN)} c ON c.contract = f.contract
        """,
        {"wallet": wallet},
    )


async def of_city(conn: Conn, moment: Moment, city_id: int, year: int) -> Statement:
    """What a city put into its matching rounds and got back, the matches paid out of them, and the money of
    the state and
    of national programmes in campaigns of its projects. Matches were paid for when the round was: they are
    told, not
    counted.
    """
    mine = f"SELECT round_id FROM {moment.of('round_opened')} o WHERE city_id = %(city)s"
    return await _statement(
        conn,
        year,
        f"""
        SELECT f.entry, f.sign, f.contract, f.amount, NULL::integer AS source, f.time, f.tx_hash,
            f.block_number,
            f.log_index, c.project_id, c.form, o.token, f.round_id, f.account
        FROM (
            SELECT 'round_funded' AS entry, -1 AS sign, round_id, NULL::bytea AS contract, "from" AS
                account, amount,
                {_PLACE}
            FROM {moment.of("round_funded")} f
            UNION ALL SELECT 'match_paid', 0, round_id, campaign, NULL, amount, {_PLACE}
            FROM {moment.of("match_paid")} f
            UNION ALL SELECT 'match_returned', 0, round_id, campaign, NULL, amount, {_PLACE}
            FROM {moment.of("match_forfeited")} f
            UNION ALL SELECT 'rest_reclaimed', 1, round_id, NULL, "to", amount, {_PLACE}
            FROM {moment.of("rest_reclaimed")} f
        ) f JOIN {moment.of("round_opened")} o USING (round_id)
        LEFT JOIN {moment.of(CAMPAIGN)} c ON c.contract = f.contract
        WHERE f.round_id IN ({mine})
        UNION ALL
        SELECT f.entry, f.sign, f.contract, f.amount, f.source, f.time, f.tx_hash, f.block_number,
            f.log_index,
            c.project_id, c.form, c.token, NULL, f.backer
        FROM (
            SELECT 'state_pledge' AS entry, -1 AS sign, contract, backer, amount, source, {_PLACE}
            FROM {moment.of("pledged")} f WHERE source = ANY(%(state)s)
            UNION ALL SELECT 'state_withdrawal', 1, contract, backer, amount, NULL, {_PLACE}
            FROM {moment.of("pledge_withdrawn")} f WHERE {_OF_STATE % moment.of("pledged")}
            UNION ALL SELECT 'state_refund', 1, contract, backer, amount, NULL, {_PLACE}
            FROM {moment.of("pledge_refunded")} f WHERE {_OF_STATE % moment.of("pledged")}
        ) f JOIN {moment.of(CAMPAIGN)} c ON c.contract = f.contract AND c.city_id = %(city)s
        """,
        {"city": city_id, "state": [SOURCES.index("state"), SOURCES.index("national_programme")]},
    )


_PLACE = "f.block_time AS time, f.tx_hash, f.block_number, f.log_index"
_OF_STATE = (
    "EXISTS (SELECT FROM %s p WHERE p.contract = f.contract AND p.backer = f.backer"
    " AND p.source = ANY(%%(state)s)"
    " AND (p.block_number, p.log_index) < (f.block_number, f.log_index))"
)


async def _statement(conn: Conn, year: int, lines: str, parameters: dict[str, Any]) -> Statement:
    begins, ends = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, min(year + 1, 9999)))
    found = await rows(
        conn,
        Line,
        f"SELECT * FROM ({lines}) l WHERE time >= %(begins)s AND time < %(ends)s"
        " ORDER BY block_number, log_index, entry",
        parameters | {"begins": begins, "ends": ends},
    )
    return Statement(year, begins, ends, found)


COLUMNS = (
    "time", "entry", "effect", "project_id", "campaign", "form", "round_id", "account", "source",
    "amount_base_units", "amount", "symbol", "token", "block_number", "log_index", "tx_hash",
)  # fmt: skip


def csv(statement: Statement, known: Mapping[str, Token], name: str, at: AtBlock) -> Response:
    """The lines as a file. Whole amounts have a point and no grouping, whatever the reader's language."""
    written = io.StringIO()
    out = table.writer(written, lineterminator="\n")
    out.writerow(COLUMNS)
    for line in statement.lines:
        token = known.get(line.token)
        out.writerow(
            (
                _WRITE.iso(line.time), line.entry, ("told", "received", "paid")[line.sign], line.project_id,
                line.contract, line.form, line.round_id, line.account,
                SOURCES[line.source] if line.source is not None else None, line.amount,
                _whole(line.amount, token.decimals) if token else None, token.symbol if token else None,
                line.token, line.block_number, line.log_index, line.tx_hash,
            )
        )  # fmt: skip
    return Response(
        written.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "At-Block": f"{at.number}:{at.hash}",
        },
    )


_WRITE = Format("en")


def _whole(amount: int, decimals: int) -> str:
    whole, rest = divmod(amount, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
