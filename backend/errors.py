"""Errors as problem documents (RFC 9457)."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from backend.chain.contract import Reverted
from backend.kit.json import dumps
from backend.kit.texts import Texts

log = logging.getLogger(__name__)


class FieldError(BaseModel):
    field: str = Field(examples=["at_block"])
    message: str = Field(examples=["Input should be greater than or equal to 0"])


class Reason(BaseModel):
    """Why a contract refused: its error, the error's values, and both in words."""

    name: str = Field(description="Empty where the contract gave none.", examples=["RewardMarket_SoldOut"])
    values: dict[str, Any] = Field(examples=[{"offerId": 7}])
    text: Texts


class ProblemDocument(BaseModel):
    """What every error answers, as `application/problem+json`."""

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["The request is not understood."])
    errors: list[FieldError] = Field(default=[], description="The fields at fault, for bad input.")
    reason: Reason | None = Field(default=None, description="Where a contract refuses.")


class Problem(Exception):
    """An error that the client is told.

    `status` is the HTTP status; `errors` names the fields at fault; `reason` says why a contract refuses.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
        reason: Reason | None = None,
    ):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.reason = reason

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    def document(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"field": field, "message": message} for field, message in self.errors]
        if self.reason:
            body["reason"] = self.reason.model_dump()
        return body

    def response(self) -> Response:
        return Response(
            dumps(self.document()), self.status, self.headers, media_type="application/problem+json"
        )


def bad_field(field: str, message: str) -> Problem:
    """422 for one field."""
    return Problem(422, "The request is not understood.", [(field, message)])


def not_found(what: str, field: str) -> Problem:
    """404 for something that the ledger does not have (at this block)."""
    return Problem(404, f"There is no such {what}.", [(field, f"names no {what} known at this block")])


def refused(error: Reverted) -> Problem:
    """409 for what a contract would refuse."""
    from backend import reasons  # it knows the domains, and they know this

    found = reasons.reason(error)
    return Problem(409, found.text.en, reason=found)


def _of_validation(error: RequestValidationError) -> Problem:
    fields = []
    for entry in error.errors():
        path = [str(part) for part in entry["loc"]]
        named = path[1:] if path and path[0] in ("path", "query", "body", "header") else path
        fields.append((".".join(named) or "body", entry["msg"].removeprefix("Value error, ")))
    return Problem(422, "The request is not understood.", fields)


def _of_http(error: HTTPException) -> Problem:
    details = {
        404: "There is nothing at this address.",
        405: "This address does not know this method.",
    }
    return Problem(
        error.status_code,
        details.get(error.status_code, str(error.detail)),
        headers=dict(error.headers or {}),
    )


def _of_missing_ledger(_: Exception) -> Problem:
    return Problem(503, "The ledger has not been indexed yet.", headers={"Retry-After": "5"})


def _of_busy(_: Exception) -> Problem:
    return Problem(503, "The database does not answer at the moment.", headers={"Retry-After": "5"})


def _of_statement(error: DBAPIError) -> Problem:
    """As the driver's own error is answered."""
    kinds = type(error.orig).__mro__
    return next((HANDLERS[kind] for kind in kinds if kind in HANDLERS), _of_anything)(error)


def _of_anything(error: Exception) -> Problem:
    log.error("unexpected error", exc_info=error)
    return Problem(500, "The backend failed to answer. The failure is logged.")


HANDLERS: dict[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    Reverted: refused,
    RequestValidationError: _of_validation,
    HTTPException: _of_http,
    psycopg.errors.UndefinedTable: _of_missing_ledger,
    psycopg.OperationalError: _of_busy,
    PoolTimeout: _of_busy,
    DBAPIError: _of_statement,
    Exception: _of_anything,
}


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem document.

    A router that serves pages may set `app.state.error_page`, an async function `(request, problem) ->
    Response | None`: what it answers is sent instead, so that people see a page. Under `/v1` nothing but
    problem documents is sent.
    """

    def handler(to_problem: Any) -> Any:
        async def handle(request: Request, error: Exception) -> Response:
            problem = to_problem(error)
            api = request.url.path.split("/")[1:2] == ["v1"]
            page = None if api else getattr(request.app.state, "error_page", None)
            shown = await page(request, problem) if page else None
            return shown or problem.response()

        return handle

    for kind, to_problem in HANDLERS.items():
        app.add_exception_handler(kind, handler(to_problem))
