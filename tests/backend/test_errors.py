"""What the database says is answered alike, whether the driver says it or SQLAlchemy passes it on."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from backend.errors import HANDLERS


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (psycopg.errors.UndefinedTable("no ledger"), 503),
        (psycopg.errors.AdminShutdown("stopped"), 503),
        (psycopg.OperationalError("no connection"), 503),
        (psycopg.errors.UniqueViolation("a mistake of ours"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_an_error_of_a_core_statement_is_answered_as_the_drivers(said: psycopg.Error, status: int) -> None:
    passed_on = DBAPIError.instance("SELECT", {}, said, psycopg.Error)
    assert isinstance(passed_on, DBAPIError)
    assert HANDLERS[DBAPIError](passed_on).status == status
