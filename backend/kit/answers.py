"""What every answer looks like, and what every endpoint that reads begins with."""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends
from pydantic import BaseModel, Field

from backend.errors import ProblemDocument
from backend.kit.moment import AtBlock, View, reading
from backend.kit.paging import Page, page

T = TypeVar("T")

# The transaction ends before the answer is sent: what an answer confirms is committed, and no slow client
# holds a connection.
Reading = Annotated[View, Depends(reading, scope="function")]
Paging = Annotated[Page, Depends(page)]


class Answer(BaseModel, Generic[T]):
    """Something and the block at which it is true."""

    at_block: AtBlock
    data: T


class Listing(BaseModel, Generic[T]):
    """A page of a list and the block at which it is true."""

    at_block: AtBlock
    data: list[T]
    next: str | None = Field(default=None, description="`cursor` of the next page; null on the last one.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that an endpoint names in its documentation."""
    return {status: {"model": ProblemDocument, "description": _SAID[status]} for status in statuses}


_SAID = {
    401: "Nobody is signed in.",
    403: "The session's token is missing, or the request comes from another site's page.",
    404: "There is no such thing at this block.",
    409: "Something there stands against it; where that is a contract, `reason` says why.",
    410: "Erased.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "A field is not understood; `errors` names it.",
    429: "Too often; `Retry-After` says when to try again.",
    503: "Not indexed yet, or busy: try again.",
}
