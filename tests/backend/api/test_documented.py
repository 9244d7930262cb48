"""What is not documented does not exist."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.app import create_app
from backend.chain.facts import HEADER
from backend.domains import actions, facts
from backend.relay.action import SentAction
from backend.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
API = (ROOT / "docs" / "api.md").read_text()


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_every_route_is_documented(described: dict[str, Any]) -> None:
    routes = {
        f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods
    }
    assert len(routes) >= 16
    assert [route for route in sorted(routes) if f"`{route}`" not in API] == []


def test_every_parameter_is_documented(described: dict[str, Any]) -> None:
    parameters = {
        parameter["name"]
        for methods in described["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    }
    assert [name for name in sorted(parameters) if f"?{name}=" not in API] == []


def test_every_fact_and_its_columns_are_documented() -> None:
    rows = {line.split("`")[1]: line for line in API.splitlines() if line.startswith("| `")}
    for table, fact in facts().items():
        columns = ", ".join(f"`{column.name}`" for column in fact.columns)
        assert rows[table] == f"| `{table}` | {columns} |"
    assert all(f"`{name}`" in API for name in HEADER)


def test_every_action_and_its_fields_are_documented() -> None:
    for action in actions().values():
        kind = "sent" if isinstance(action, SentAction) else "signed" if action.consent else "plain"
        fields = action.form.model_fields.items()
        listed = ", ".join(f"`{name}`" + ("" if field.is_required() else "?") for name, field in fields)
        assert f"\n| `{action.name}` | {kind} | {listed} |" in API


def test_every_setting_is_documented() -> None:
    names = [f"CITYNET_{name.upper()}" for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in API] == []


def test_every_answer_has_an_example_and_every_error_is_a_problem(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                for media, content in answer.get("content", {}).items():
                    assert content.get("example") not in (None, "", {}, []), (method, path, status)
                    assert (media == "application/problem+json") == (int(status) >= 400), (
                        method,
                        path,
                        status,
                    )


def test_the_description_is_served(client: httpx.Client, described: dict[str, Any]) -> None:
    assert client.get("/v1/openapi.json").json()["paths"].keys() == described["paths"].keys()
