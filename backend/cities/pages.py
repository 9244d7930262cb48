"""Pages of the domain: the start page with its map, the list of cities, a city."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.cities import desk, queries
from backend.errors import not_found
from backend.kit.answers import Paging, Reading
from backend.kit.types import CityId
from backend.kit.types import Text as Words
from backend.merits import course, rewards
from backend.merits import queries as merits
from backend.merits.schemas import Clearing
from backend.merits.tokens import tokens
from backend.projects import projects
from backend.projects.service import with_campaigns
from backend.web.cartography import dots
from backend.web.render import language_of, render

MOST_ON_MAP = 400
ORDER: queries.Order = "population"

router = APIRouter()
router.include_router(desk.router)


@router.get("/")
async def start(request: Request, view: Reading) -> Response:
    count, citizens = await queries.counts(view.conn, view.moment)
    issued = merits.issued(view.moment)
    listed = await queries.listed(view.conn, view.moment, issued, order="merits", limit=MOST_ON_MAP)
    cities = [city for _, city in listed]
    offers = await rewards.offers(view.conn, view.moment, open_only=True, limit=6)
    language = language_of(request)
    placed = [
        (city, getattr(city.name, language), city.latitude, city.longitude, city.issued or 0)
        for city in cities
        if city.name and city.latitude is not None and city.longitude is not None
    ]
    context = {
        "at": view.at_block,
        "cities": count,
        "citizens": citizens,
        "merits": await merits.network(view.conn, view.moment),
        "dots": dots(placed),
        "largest": cities[:8],
        "offers": offers,
        "names": await queries.names(view.conn, view.moment, [offer.city_id for offer in offers]),
    }
    return render(request, "cities/start.html", context)


@router.get("/cities")
async def cities(request: Request, view: Reading, paging: Paging, search: Words = "") -> Response:
    after = paging.after(ORDER, int, int)
    rows = await queries.listed(
        view.conn, view.moment, merits.issued(view.moment), search.strip(), ORDER, after, paging.limit + 1
    )
    shown, following = paging.next(ORDER, rows, lambda row: (row[0], row[1].city_id))
    count, _ = await queries.counts(view.conn, view.moment)
    context = {
        "at": view.at_block,
        "cities": [city for _, city in shown],
        "count": count,
        "search": search.strip(),
        "next": following,
    }
    return render(request, "cities/cities.html", context)


@router.get("/cities/{city_id}")
async def city(request: Request, view: Reading, city_id: CityId) -> Response:
    conn, moment = view.conn, view.moment
    found = await queries.city(conn, moment, merits.issued(moment), city_id)
    if found is None:
        raise not_found("city", "city_id")
    offers = await rewards.offers(conn, moment, city_id=city_id, open_only=True, limit=6)
    listed = await projects.listed(conn, moment, order="support", city=city_id, limit=3)
    shown = await with_campaigns(conn, moment, [project for _, project in listed])
    clearing = between(await merits.clearing(conn, moment, city_id), city_id)
    others = [row["city_id"] for row in clearing] + [offer.city_id for offer in offers]
    others += [project.city_id for project in shown]
    context = {
        "at": view.at_block,
        "city": found,
        "balance": await merits.figures_of(conn, moment, city_id),
        "period": await merits.period(conn, moment),
        "periods": await course.periods(conn, moment, city_id),
        "rules": await merits.rules(conn, moment, city_id),
        "kinds": await merits.kinds(conn, moment, city_id),
        "epochs": await merits.epochs(conn, moment, city_id, limit=8),
        "offers": offers,
        "projects": shown,
        "tokens": await tokens(request.app.state.chain, [c.token for p in shown for c in p.campaigns]),
        "clearing": clearing,
        "names": await queries.names(conn, moment, others),
        "recent": await course.latest(conn, moment, city_id),
    }
    return render(request, "cities/city.html", context)


def between(rows: list[Clearing], city_id: int) -> list[dict[str, int]]:
    """What a city and others honoured of each other's merits, most first; refunded merits do not count."""
    pairs: dict[int, dict[str, int]] = {}
    for row in rows:
        other, side = (row.city_id, "here") if row.home_id == city_id else (row.home_id, "there")
        pair = pairs.setdefault(other, {"city_id": other, "here": 0, "there": 0})
        pair[side] += row.opened - row.refunded
    return sorted(pairs.values(), key=lambda pair: (-pair["here"] - pair["there"], pair["city_id"]))
