"""The part of the fund page about what is beneath the funds that it holds units of."""

from typing import Any

from fastapi import Request

from backend.cities import queries as cities
from backend.funds import look_through
from backend.funds.schemas import Fund
from backend.kit.moment import View


async def beneath_of(request: Request, view: View, fund: Fund) -> dict[str, Any]:
    """The projects beneath, where a fund holds other funds; what it holds itself is its portfolio."""
    if not any(holding.is_fund for holding in fund.holdings):
        return {"beneath": []}
    found = await look_through.of_fund(view.conn, view.moment, bytes.fromhex(fund.contract[2:]))
    homes = sorted({part.city_id for part in found})
    return {"beneath": found, "homes": await cities.names(view.conn, view.moment, homes)}
