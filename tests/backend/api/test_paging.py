"""Pages, put together, are the whole list: no row twice, none left out."""

import httpx
import pytest

from tests.backend.network import Played

LISTS = [
    "/v1/cities",
    "/v1/cities?order=merits",
    "/v1/cities?order=citizens",
    "/v1/cities?order=id",
    "/v1/offers",
    "/v1/offers?city=1",
    "/v1/citizens/{citizen}/history",
    "/v1/citizens/{citizen}/vouchers",
    "/v1/offers/{offer}/vouchers",
]


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("path", LISTS)
def test_pages_make_the_whole_list(client: httpx.Client, played: Played, path: str, limit: int) -> None:
    path = path.format(citizen=busiest(played), offer=played.play.vouchers[0] >> 24)
    whole = client.get(with_query(path, limit=500)).json()
    assert whole["next"] is None
    rows, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = client.get(with_query(path, limit=limit, **more)).json()
        assert len(answer["data"]) <= limit
        rows += answer["data"]
        cursor = answer["next"]
        if cursor is None:
            break
    assert rows == whole["data"]
    assert len(rows) >= 1


def test_a_cursor_of_another_list_is_refused(client: httpx.Client) -> None:
    cursor = client.get("/v1/cities", params={"limit": 1}).json()["next"]
    for path in ("/v1/offers", "/v1/cities?order=merits", "/v1/cities?q=a"):
        answer = client.get(with_query(path, cursor=cursor))
        assert answer.status_code == 422, path
        assert answer.json()["errors"][0]["field"] == "cursor"


def busiest(played: Played) -> str:
    """The citizen with the most vouchers."""
    citizens = [played.network.content(voucher)[1] for voucher in played.play.vouchers]
    return max(citizens, key=citizens.count)


def with_query(path: str, **query: object) -> httpx.URL:
    """The path with further parameters beside its own."""
    return httpx.URL(path).copy_merge_params(query)
