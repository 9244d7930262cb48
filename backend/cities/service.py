"""Putting together what several domains know of a city."""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import queries
from backend.cities.schemas import CityOverview
from backend.kit.moment import Moment
from backend.merits import queries as merits
from backend.merits import rewards

SHOWN = 50
"""How many offers and epochs an overview names."""


async def overview(conn: AsyncConnection, moment: Moment, city_id: int) -> CityOverview | None:
    """All that a city's page shows, None where there is no city with this number."""
    city = await queries.city(conn, moment, merits.issued(moment), city_id)
    if city is None:
        return None
    return CityOverview(
        **dict(city),
        period=await merits.period(conn, moment),
        merits=await merits.figures_of(conn, moment, city_id),
        rules=await merits.rules(conn, moment, city_id),
        kinds=await merits.kinds(conn, moment, city_id),
        budgets=await merits.budgets(conn, moment, city_id),
        offers=await rewards.offers(conn, moment, city_id, limit=SHOWN),
        epochs=await merits.epochs(conn, moment, city_id, limit=SHOWN),
        clearing=await merits.clearing(conn, moment, city_id),
        roles=await queries.roles_in(conn, moment, city_id),
    )
