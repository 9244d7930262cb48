"""The page on which one chooses whom to be in the demo."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from backend.demo import people
from backend.kit.answers import Reading
from backend.kit.types import CityId
from backend.web.render import render


async def only_demo(request: Request) -> None:
    """On any chain but the demo's there is no such page."""
    if not request.app.state.deployment.is_demo:
        raise HTTPException(404)


router = APIRouter(dependencies=[Depends(only_demo)])


@router.get("/demo")
async def demo(request: Request, view: Reading, city: Annotated[CityId | None, Query()] = None) -> Response:
    """`city`: whose people are shown, the first of the demo unless told."""
    await asyncio.to_thread(people.cast)
    found = await people.people(view.conn, view.moment)
    cities = {person.city_id: person.city for person in found}
    chosen = city if city in cities else next(iter(cities), None)
    shown = [person for person in found if person.city_id == chosen]
    return render(
        request,
        "demo/demo.html",
        {"at": view.at_block, "people": shown, "cities": cities, "chosen": chosen},
    )
