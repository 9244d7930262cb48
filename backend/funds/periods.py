"""The periods of a partner's statement, and the moments at which they begin and end."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.domains import facts
from backend.kit.moment import Moment
from backend.kit.rows import values

Conn = AsyncConnection
QUARTERS = (1, 2, 3, 4)
_NOWHERE = bytes(32)


@dataclass(frozen=True)
class Period:
    """A quarter of a calendar year, UTC."""

    year: int
    quarter: int

    @classmethod
    def of(cls, time: int) -> "Period":
        """The one that a second lies in."""
        day = datetime.fromtimestamp(time, UTC)
        return cls(day.year, (day.month + 2) // 3)

    @property
    def begins(self) -> int:
        """Its first second."""
        return _second(self.year, 3 * self.quarter - 2)

    @property
    def ends(self) -> int:
        """The first second after it."""
        return self.next.begins

    @property
    def year_begins(self) -> int:
        return _second(self.year, 1)

    @property
    def next(self) -> "Period":
        return Period(self.year + self.quarter // 4, self.quarter % 4 + 1)

    @property
    def last(self) -> "Period":
        return Period(self.year - (self.quarter == 1), (self.quarter + 2) % 4 + 1)


def _second(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp())


async def before(conn: Conn, moment: Moment, fund: bytes, time: int) -> Moment | None:
    """A fund as it was when a second began: after the last of its facts before it, and with what runs with
    time run until then. None where it was not there; `moment` itself where that is not later.
    """
    if time > moment.time:
        return moment
    each = " UNION ALL ".join(
        f"SELECT max(block_number) FROM {moment.of(fact.table)} f"
        " WHERE contract = %(fund)s AND block_time < %(time)s"
        for fact in facts().values()
        if fact.contract == "FundAvatar"
    )
    ((block,),) = await values(
        conn, f"SELECT max(block) FROM ({each}) e (block)", {"fund": fund, "time": time}
    )
    return None if block is None else Moment(block, _NOWHERE, time, past=True)
